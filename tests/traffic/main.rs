//! The record layer after the handshake, against rustls' own and against forged records.
//!
//! | file | what it proves |
//! |---|---|
//! | `support.rs` | handshakes in memory; a peer that is rustls; a peer that forges |
//! | `oracle.rs` | data, closing and key changes with rustls as the peer |
//! | `properties.rs` | however the stream is cut and whatever the buffers: the same plaintext |
//! | `records.rs` | RFC 8446 §5, RFC 5246 §6: records, sizes, protection |
//! | `alerts.rs` | RFC 8446 §6, RFC 5246 §7.2: alerts and closing |
//! | `post_handshake.rs` | RFC 8446 §4.6, RFC 5246 §7.4.1: messages after the handshake, key changes, threads |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod alerts;
mod oracle;
mod post_handshake;
mod properties;
mod records;
mod support;
