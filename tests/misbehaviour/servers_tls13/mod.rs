//! Servers of TLS 1.3 that misbehave; the engine is the client.

mod after;
mod flight;
mod hello;
mod records;

use crate::peer::Setup;
use crate::shared::hello;
use rustls_jvm::config::policy::Protocol;

fn setup() -> Setup {
    Setup::server(Protocol::Tls13)
}
