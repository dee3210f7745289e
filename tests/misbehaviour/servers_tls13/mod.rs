//! Servers of TLS 1.3 that misbehave; the engine is the client.

mod after;
mod flight;
mod hello;
mod records;

use crate::peer::codec::Hello;
use crate::peer::{Peer, Setup};
use rustls_jvm::config::policy::Protocol;

fn setup() -> Setup {
    Setup::server(Protocol::Tls13)
}

/// Sends the hello, changed.
fn hello(peer: &mut Peer, honest: &[u8], change: impl FnOnce(&mut Hello)) {
    let mut hello = Hello::parse(honest);
    change(&mut hello);
    peer.send(hello.build());
}
