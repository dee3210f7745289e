//! Peers that misbehave in every state of the handshake and after it, in both roles and versions:
//! which alert they get, that it reaches the wire, and that nothing completes that should not.
//!
//! Each case names the rule that it breaks. docs/tls-behaviour.md has the list.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)] // a test may panic

mod case;
mod clients_tls12;
mod clients_tls13;
mod closes;
mod honest;
mod peer;
mod received;
mod servers_tls12;
mod servers_tls13;
mod shared;
