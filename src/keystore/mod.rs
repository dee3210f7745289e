//! Key stores and trust stores as files: PKCS#12, JKS and PEM.

use crate::error::StoreError;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use zeroize::Zeroizing;

/// The kind of file that a store was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreFormat {
    /// RFC 7292.
    Pkcs12,
    /// The JDK's own store.
    Jks,
    /// RFC 7468, one file or a folder as Kubernetes mounts it.
    Pem,
    /// Handed over by a Java program, not read from a file.
    Java,
}

/// A private key and its chain.
pub struct KeyEntry {
    /// Leaf first.
    pub chain: Vec<CertificateDer<'static>>,
    /// Wiped when dropped by the type that parses it; kept only until then.
    pub key: PrivateKeyDer<'static>,
}

/// What a store holds for one purpose.
pub struct Store {
    /// Where it came from.
    pub format: StoreFormat,
    /// The key entry, where the store was read as a key store.
    pub key: Option<KeyEntry>,
    /// Trusted certificates in the store's order (a key entry by its leaf).
    pub trusted: Vec<CertificateDer<'static>>,
}

/// Passwords for reading a store, UTF-8.
#[derive(Default)]
pub struct Passwords {
    /// Opens the store; `None` where the store has none.
    pub store: Option<Zeroizing<Vec<u8>>>,
    /// Opens the key; `None` means the store's.
    pub key: Option<Zeroizing<Vec<u8>>>,
}

/// Reads the private key and its chain. Placeholder signature, see the contract.
pub fn read_keystore(
    _file: &str,
    _configured_type: Option<&str>,
    _passwords: &Passwords,
) -> Result<Store, StoreError> {
    Err(StoreError::new(
        crate::error::StoreFault::Unsupported,
        "not there yet",
    ))
}

/// Reads the trusted certificates. Placeholder signature, see the contract.
pub fn read_truststore(
    _file: &str,
    _configured_type: Option<&str>,
    _passwords: &Passwords,
) -> Result<Store, StoreError> {
    Err(StoreError::new(
        crate::error::StoreFault::Unsupported,
        "not there yet",
    ))
}
