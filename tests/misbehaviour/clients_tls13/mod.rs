//! Clients of TLS 1.3 that misbehave; the engine is the server.

mod flight;
mod hello;
mod records;

use crate::peer::Setup;
use crate::shared::hello;
use rustls_jvm::config::policy::Protocol;

fn setup() -> Setup {
    Setup::client(Protocol::Tls13)
}
