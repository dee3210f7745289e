//! One TLS connection, without any Java in it.
//!
//! | file | what it holds |
//! |---|---|
//! | `connection.rs` | a connection from its first byte to its last, as JSSE's `SSLEngine` sees it |
//! | `batch.rs` | several records in one step |
//! | `handshake.rs` | the handshake by rustls; the one place that touches its unbuffered and kernel interfaces |
//! | `inspection.rs` | what is looked at before rustls gets it |
//! | `first_message.rs` | the message that a side begins with, on its arrival |
//! | `last_word.rs` | which alert a failed handshake ends with |
//! | `key_schedule.rs` | keys that rustls does not hand out |
//! | `traffic/` | protected records after the handshake |
//! | `outcome.rs` | what a step tells its caller |
//! | `pending.rs` | handshake records that wait to be sent |
//! | `failure.rs` | how a connection fails |

mod batch;
pub mod connection;
pub mod failure;
mod first_message;
mod handshake;
mod inspection;
mod key_schedule;
mod last_word;
pub mod outcome;
mod pending;
pub mod traffic;
