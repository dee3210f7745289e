//! PEM (RFC 7468): one file, or a folder as Kubernetes mounts a Secret of type kubernetes.io/tls.

use super::chain::{self, Others};
use super::work::{too_many_keys, MAX_KEYS};
use super::{key, pkcs12, source, KeyEntry, Passwords};
use crate::error::{StoreError, StoreFault};
use rustls_pki_types::pem::{PemObject, SectionKind};
use rustls_pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer,
};
use std::path::Path;
use zeroize::Zeroizing;

const KEY_FILE: &str = "tls.key";
const CHAIN_FILE: &str = "tls.crt";
const CA_FILE: &str = "ca.crt";

/// What the sections of a file hold, in their order.
#[derive(Default)]
struct Sections {
    certificates: Vec<CertificateDer<'static>>,
    keys: Vec<(SectionKind, Zeroizing<Vec<u8>>)>,
}

/// The keys that can be used in their order, each with the certificates of the same file.
pub(super) fn key_entries(
    content: &[u8],
    passwords: &Passwords,
) -> Result<Vec<KeyEntry>, StoreError> {
    join(sections(content)?, passwords)
}

/// The key of `tls.key` with the certificates of `tls.crt`.
pub(super) fn key_entries_of_folder(
    folder: &Path,
    passwords: &Passwords,
) -> Result<Vec<KeyEntry>, StoreError> {
    for name in [KEY_FILE, CHAIN_FILE] {
        if !source::has(folder, name) {
            return Err(StoreError::new(
                StoreFault::File,
                format!("it is a folder without {name}; a PEM folder holds tls.key and tls.crt"),
            ));
        }
    }
    let keys = file_of(folder, KEY_FILE)?.keys;
    let certificates = file_of(folder, CHAIN_FILE)?.certificates;
    join(Sections { certificates, keys }, passwords)
}

/// Every certificate of the file.
pub(super) fn trusted(content: &[u8]) -> Result<Vec<CertificateDer<'static>>, StoreError> {
    Ok(sections(content)?.certificates)
}

/// The certificates of `ca.crt`; without one, the leaf of `tls.crt`, as of any key entry.
pub(super) fn trusted_of_folder(folder: &Path) -> Result<Vec<CertificateDer<'static>>, StoreError> {
    if source::has(folder, CA_FILE) {
        return Ok(file_of(folder, CA_FILE)?.certificates);
    }
    if source::has(folder, CHAIN_FILE) {
        let chain = file_of(folder, CHAIN_FILE)?.certificates;
        return Ok(chain.into_iter().take(1).collect());
    }
    Err(StoreError::new(
        StoreFault::File,
        "it is a folder without ca.crt and tls.crt; a PEM folder holds the trusted certificates in \
         ca.crt",
    ))
}

fn file_of(folder: &Path, name: &str) -> Result<Sections, StoreError> {
    source::read(&folder.join(name))
        .and_then(|content| sections(&content))
        .map_err(|error| StoreError::new(error.fault, format!("{name}: {}", error.message)))
}

fn join(sections: Sections, passwords: &Passwords) -> Result<Vec<KeyEntry>, StoreError> {
    if sections.keys.len() > MAX_KEYS {
        return Err(too_many_keys());
    }
    let mut usable = Vec::new();
    let mut first_failure = None;
    for (kind, der) in &sections.keys {
        match private(*kind, der, passwords)
            .and_then(|key| chain::entry(key, sections.certificates.clone(), Others::Keep))
        {
            Ok(entry) => usable.push(entry),
            Err(error) => {
                first_failure.get_or_insert(error);
            }
        }
    }
    match (usable.is_empty(), first_failure) {
        (false, _) => Ok(usable),
        (true, Some(failure)) => Err(failure),
        (true, None) => Err(StoreError::new(
            StoreFault::Content,
            "it holds no private key; a PEM key store holds a PRIVATE KEY beside its certificates",
        )),
    }
}

fn private(
    kind: SectionKind,
    der: &Zeroizing<Vec<u8>>,
    passwords: &Passwords,
) -> Result<PrivateKeyDer<'static>, StoreError> {
    match kind {
        SectionKind::RsaPrivateKey => Ok(PrivatePkcs1KeyDer::from(der.to_vec()).into()),
        SectionKind::EcPrivateKey => Ok(PrivateSec1KeyDer::from(der.to_vec()).into()),
        _ if key::is_encrypted(der) => match passwords.key_text()? {
            Some(password) => pkcs12::decrypt_key(der, password),
            None => Err(StoreError::new(
                StoreFault::KeyPassword,
                "its private key is encrypted and no key password is set",
            )),
        },
        _ => Ok(PrivatePkcs8KeyDer::from(der.to_vec()).into()),
    }
}

/// Splits a file into its sections.
fn sections(content: &[u8]) -> Result<Sections, StoreError> {
    if contains(content, b"Proc-Type: 4,ENCRYPTED") {
        return Err(StoreError::new(
            StoreFault::Unsupported,
            "its private key is encrypted in OpenSSL's old way; convert it with openssl pkcs8 \
             -topk8",
        ));
    }
    // The parser knows no encrypted keys. Under the plain label it hands them over, and their first
    // element tells the two apart.
    let content = plain_labels(content);
    let mut sections = Sections::default();
    for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(&content) {
        let (kind, der) = section.map_err(|error| {
            StoreError::new(
                StoreFault::Format,
                format!("it is PEM, but damaged: {}", without_content(&error)),
            )
        })?;
        let der = Zeroizing::new(der);
        match kind {
            SectionKind::Certificate => {
                sections
                    .certificates
                    .push(CertificateDer::from(der.to_vec()));
            }
            SectionKind::PrivateKey | SectionKind::RsaPrivateKey | SectionKind::EcPrivateKey => {
                sections.keys.push((kind, der));
            }
            _ => {}
        }
    }
    Ok(sections)
}

/// Errors of the parser may quote what they stumbled over, which may be a key.
fn without_content(error: &rustls_pki_types::pem::Error) -> &'static str {
    use rustls_pki_types::pem::Error;
    match error {
        Error::MissingSectionEnd { .. } => "a section has no END line",
        Error::IllegalSectionStart { .. } => "a BEGIN line is malformed",
        Error::Base64Decode(_) => "a section is not valid base64",
        _ => "a section cannot be read",
    }
}

fn contains(content: &[u8], text: &[u8]) -> bool {
    content.windows(text.len()).any(|window| window == text)
}

/// The text with `ENCRYPTED PRIVATE KEY` made `PRIVATE KEY` in BEGIN and END lines.
fn plain_labels(content: &[u8]) -> Zeroizing<Vec<u8>> {
    const LABEL: &[u8] = b"ENCRYPTED PRIVATE KEY-----";
    const KEPT: usize = b"ENCRYPTED ".len();
    let mut plain = Zeroizing::new(Vec::with_capacity(content.len()));
    let mut rest = content;
    while let Some((first, after)) = rest.split_first() {
        if rest.starts_with(LABEL) {
            rest = rest.get(KEPT..).unwrap_or_default();
        } else {
            plain.push(*first);
            rest = after;
        }
    }
    plain
}
