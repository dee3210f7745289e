//! TLS for the JVM, done by rustls.
//!
//! | module | what it holds |
//! |---|---|
//! | [`engine`] | one TLS connection: handshake, then traffic, then closed |
//! | [`config`] | what the operator asked for, as rustls configurations |
//! | [`keystore`] | PKCS#12, JKS and PEM files: a key and its chain, or trusted certificates |
//! | [`trust`] | who is believed |
//! | [`client_hello`] | what a client says first |
//! | [`error`] | what can go wrong outside a connection |
//!
//! Arrows go downwards only: the bridge to Java uses all of these, `engine` uses `config`,
//! `config` uses `trust` and `keystore`.

#[allow(unsafe_code)]
mod bridge;
pub mod client_hello;
pub mod config;
pub mod engine;
pub mod error;
mod hello;
pub mod keystore;
mod reader;
pub mod trust;
mod x509;
