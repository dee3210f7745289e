//! Key stores and trust stores as files: PKCS#12, JKS and PEM.
//!
//! | file | what it does |
//! |---|---|
//! | `source.rs` | gets the bytes, or finds that the path is a folder |
//! | `format.rs` | tells from the bytes what kind of store they are |
//! | `pkcs12.rs`, `jks.rs`, `pem.rs` | one reader for each kind |
//! | `ber.rs`, `mac.rs`, `work.rs` | a PKCS#12 store's encoding, integrity, and what it would cost to open |
//! | `order.rs` | which of several keys comes first |
//! | `key.rs` | loads a private key as the handshake will, and names those that cannot be |
//! | `chain.rs` | finds the key's certificate and orders the others behind it |
//!
//! Nothing here panics on any file. Passwords and decrypted keys are wiped where they are ours; the
//! PKCS#12 crate's own buffers by the allocator, which wipes all that is freed.

mod ber;
mod chain;
mod format;
mod jks;
mod key;
mod mac;
mod order;
mod pem;
mod pkcs12;
mod source;
mod work;

use crate::error::{StoreError, StoreFault};
use format::Kind;
pub use key::unusable;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use source::Source;
use std::collections::HashSet;
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

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
    /// Leaf first; the leaf's public key is the private key's.
    pub chain: Vec<CertificateDer<'static>>,
    /// Wiped when the entry is dropped.
    pub key: PrivateKeyDer<'static>,
}

impl Drop for KeyEntry {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl fmt::Debug for KeyEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyEntry")
            .field("certificates", &self.chain.len())
            .finish_non_exhaustive()
    }
}

/// What a store holds for one purpose.
#[derive(Debug)]
pub struct Store {
    /// Where it came from.
    pub format: StoreFormat,
    /// The key entry, where the store was read as a key store: of several, the JDK's choice.
    pub key: Option<KeyEntry>,
    /// The other keys that can be used, for peers and suites that the first does not serve.
    pub more_keys: Vec<KeyEntry>,
    /// Trusted certificates in the store's order (a key entry by its leaf), where the store was
    /// read as a trust store; none of them twice.
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

impl Passwords {
    /// The store's password as text.
    fn store_text(&self) -> Result<Option<&str>, StoreError> {
        text(self.store.as_ref(), StoreFault::StorePassword)
    }

    /// The key's own password, or the store's where it has none.
    fn key_text(&self) -> Result<Option<&str>, StoreError> {
        match text(self.key.as_ref(), StoreFault::KeyPassword)? {
            None => self.store_text(),
            own => Ok(own),
        }
    }
}

fn text(
    password: Option<&Zeroizing<Vec<u8>>>,
    fault: StoreFault,
) -> Result<Option<&str>, StoreError> {
    password
        .map(|octets| std::str::from_utf8(octets))
        .transpose()
        .map_err(|_| StoreError::new(fault, "the password is not valid UTF-8"))
}

/// Reads the private key and its chain from a PKCS12, JKS or PEM file, or from a folder with
/// `tls.key` and `tls.crt`.
///
/// The content tells what the file is; `configured_type` only serves the message where the content
/// is none of these. Of several usable keys the first is the one that the JDK's key manager would
/// take by its alias; in a PEM file, the first of the file. A file above 16 MiB, more than a hundred
/// keys, and key derivations of more than a million rounds are refused.
///
/// # Errors
/// Any [`StoreFault`]; the message begins with the file.
pub fn read_keystore(
    file: &str,
    configured_type: Option<&str>,
    passwords: &Passwords,
) -> Result<Store, StoreError> {
    let read = || {
        let (format, keys) = match source::open(file)? {
            Source::Folder(folder) => (
                StoreFormat::Pem,
                pem::key_entries_of_folder(&folder, passwords)?,
            ),
            Source::File(content) => match format::detect(&content, configured_type)? {
                Kind::Pkcs12 => (
                    StoreFormat::Pkcs12,
                    pkcs12::key_entries(&content, passwords)?,
                ),
                Kind::Jks => (StoreFormat::Jks, jks::key_entries(&content, passwords)?),
                Kind::Pem => (StoreFormat::Pem, pem::key_entries(&content, passwords)?),
            },
        };
        let mut keys = keys.into_iter();
        Ok(Store {
            format,
            key: keys.next(),
            more_keys: keys.collect(),
            trusted: Vec::new(),
        })
    };
    read().map_err(|error| named(file, error))
}

/// Reads the trusted certificates from a PKCS12, JKS or PEM file, or from a folder with `ca.crt`.
///
/// A key entry counts by its leaf, as with the JDK; of a PEM file, which cannot tell entries
/// apart, every certificate counts. Without a password the integrity of a JKS or PKCS12 file is
/// not checked, as with the JDK.
///
/// # Errors
/// Any [`StoreFault`] but [`StoreFault::KeyPassword`]; the message begins with the file.
pub fn read_truststore(
    file: &str,
    configured_type: Option<&str>,
    passwords: &Passwords,
) -> Result<Store, StoreError> {
    let read = || {
        let password = passwords.store_text()?;
        let (format, found) = match source::open(file)? {
            Source::Folder(folder) => (StoreFormat::Pem, pem::trusted_of_folder(&folder)?),
            Source::File(content) => match format::detect(&content, configured_type)? {
                Kind::Pkcs12 => (StoreFormat::Pkcs12, pkcs12::trusted(&content, password)?),
                Kind::Jks => (StoreFormat::Jks, jks::trusted(&content, password)?),
                Kind::Pem => (StoreFormat::Pem, pem::trusted(&content)?),
            },
        };
        let mut known = HashSet::new();
        let trusted: Vec<CertificateDer<'static>> = found
            .into_iter()
            .filter(|certificate| known.insert(certificate.to_vec()))
            .collect();
        if trusted.is_empty() {
            return Err(StoreError::new(
                StoreFault::Content,
                "it holds no trusted certificate; import the peers' certificates or their CA's \
                 (keytool -importcert)",
            ));
        }
        Ok(Store {
            format,
            key: None,
            more_keys: Vec::new(),
            trusted,
        })
    };
    read().map_err(|error| named(file, error))
}

/// A store of a key that a Java program hands over, and its certificates in any order.
///
/// # Errors
/// [`StoreFault::Unsupported`] for a key that cannot be used, [`StoreFault::Content`] where no
/// certificate is the key's.
pub fn of_key(
    certificates: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Store, StoreError> {
    Ok(Store {
        format: StoreFormat::Java,
        key: Some(chain::entry(key, certificates, chain::Others::Keep)?),
        more_keys: Vec::new(),
        trusted: Vec::new(),
    })
}

fn named(file: &str, error: StoreError) -> StoreError {
    StoreError::new(error.fault, format!("{file}: {}", error.message))
}
