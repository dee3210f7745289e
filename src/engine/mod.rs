//! One TLS connection, without any Java in it.
//!
//! | file | what it holds |
//! |---|---|
//! | `connection.rs` | a connection from its first byte to its last, as JSSE's `SSLEngine` sees it |
//! | `batch.rs` | several records in one step |
//! | `handshake.rs` | the handshake by rustls; the one place that touches its unbuffered and kernel interfaces |
//! | `key_schedule.rs` | the secrets that TLS 1.3 makes later keys of |
//! | `traffic/` | protected records after the handshake |
//! | `outcome.rs` | what a step tells its caller |
//! | `pending.rs` | handshake records that wait to be sent |
//! | `failure.rs` | how a connection fails |

mod batch;
pub mod connection;
pub mod failure;
mod handshake;
mod key_schedule;
pub mod outcome;
mod pending;
pub mod traffic;
