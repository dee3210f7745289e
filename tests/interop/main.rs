//! The engine and other TLS implementations, in both roles: versions, suites, groups, types of
//! keys, client authentication, resumption, large transfers, KeyUpdate.
//!
//! OpenSSL and GnuTLS are the programs of the system, rustls is in this process. The JDK and
//! BoringSSL are tried from Java (`java/netty`, `OtherEnginesTest`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)] // a test may panic

mod cells;
mod gnutls;
mod openssl;
#[path = "../support/pki.rs"]
mod pki;
mod program;
mod rustls_itself;
#[path = "../support/wire.rs"]
mod wire;
