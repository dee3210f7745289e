//! One TLS connection.
pub mod traffic;
