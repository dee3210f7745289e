//! PKCS#12 (RFC 7292), by p12-keystore.

use super::chain::{self, Others};
use super::{KeyEntry, Passwords};
use crate::error::{StoreError, StoreFault};
use crate::x509::{encode, Reader, CONTEXT_0, INTEGER, OCTET_STRING, SEQUENCE};
use p12_keystore::error::Error;
use p12_keystore::{Pkcs12Archive, PrivateKeyBag};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::panic;

/// The first key that can be used; it has the store's password, as keytool makes it.
pub(super) fn key_entry(content: &[u8], passwords: &Passwords) -> Result<KeyEntry, StoreError> {
    let password = passwords.store_text()?;
    let archive = open(content, password)?;
    // The JDK would try the key's password on the key, and fail.
    if password.is_some() && passwords.key_text()? != password {
        return Err(StoreError::new(
            StoreFault::KeyPassword,
            "the key's password does not open the private key; in this PKCS12 store the key has \
             the store's password, so set both to the same",
        ));
    }
    let mut first_failure = None;
    for bag in &archive.keys {
        match chain::entry(private(bag), candidates(&archive, bag), Others::Drop) {
            Ok(entry) => return Ok(entry),
            Err(error) => {
                first_failure.get_or_insert(error);
            }
        }
    }
    Err(first_failure.unwrap_or_else(|| {
        StoreError::new(
            StoreFault::Content,
            "it holds no private key; name the store that was made with keytool -genkeypair or \
             openssl pkcs12 -export",
        )
    }))
}

/// The trusted certificates, and the leaf of each key. In a store without any key all certificates
/// count: OpenSSL does not mark them as trusted.
pub(super) fn trusted(
    content: &[u8],
    password: Option<&str>,
) -> Result<Vec<CertificateDer<'static>>, StoreError> {
    let archive = open(content, password)?;
    let all_count = archive.keys.is_empty();
    let mut found: Vec<CertificateDer<'static>> = archive
        .certs
        .iter()
        .filter(|bag| all_count || bag.trusted)
        .map(|bag| CertificateDer::from(bag.cert.as_der().to_vec()))
        .collect();
    for bag in &archive.keys {
        found.extend(leaf(&archive, bag));
    }
    Ok(found)
}

/// A key's certificate: the one with its local key ID, else the one with its public half.
fn leaf(archive: &Pkcs12Archive, key: &PrivateKeyBag) -> Option<CertificateDer<'static>> {
    let by_id = key.local_key_id.as_ref().and_then(|id| {
        archive
            .certs
            .iter()
            .find(|bag| bag.local_key_id.as_deref() == Some(id.as_ref()))
            .map(|bag| CertificateDer::from(bag.cert.as_der().to_vec()))
    });
    by_id.or_else(|| {
        chain::entry(private(key), candidates(archive, key), Others::Drop)
            .ok()
            .and_then(|entry| entry.chain.first().cloned())
    })
}

/// The archive's certificates, those with the key's local ID first.
fn candidates(archive: &Pkcs12Archive, key: &PrivateKeyBag) -> Vec<CertificateDer<'static>> {
    let own = key.local_key_id.as_ref().map(AsRef::as_ref);
    let (mut first, others): (Vec<_>, Vec<_>) = archive
        .certs
        .iter()
        .partition(|bag| own.is_some() && bag.local_key_id.as_deref() == own);
    first.extend(others);
    first
        .into_iter()
        .map(|bag| CertificateDer::from(bag.cert.as_der().to_vec()))
        .collect()
}

fn private(bag: &PrivateKeyBag) -> PrivateKeyDer<'static> {
    PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(bag.key.as_der().to_vec()))
}

/// Decodes the whole archive. Without a password the integrity is not checked, as with the JDK,
/// and whatever is encrypted cannot be read.
fn open(content: &[u8], password: Option<&str>) -> Result<Pkcs12Archive, StoreError> {
    let content = first_element(content).ok_or_else(|| {
        StoreError::new(
            StoreFault::Format,
            "it is a PKCS12 store, but cut short or not in DER; copy it again, or rewrite it with \
             keytool -importkeystore",
        )
    })?;
    let Some(password) = password else {
        let bare = without_mac(content).ok_or_else(|| told(&Error::InvalidData, false))?;
        return decode(&bare, "").map_err(|error| match told(&error, false) {
            StoreError {
                fault: StoreFault::StorePassword,
                ..
            } => StoreError::new(
                StoreFault::StorePassword,
                "its content is encrypted and no password is set",
            ),
            other => other,
        });
    };
    decode(content, password).map_err(|error| told(&error, has_mac(content)))
}

/// Decodes one bare PKCS#8 EncryptedPrivateKeyInfo (RFC 5208 §6), by the ciphers and within the
/// limits that hold for archives: it is wrapped as an archive that holds nothing else.
pub(super) fn decrypt_key(
    encrypted: &[u8],
    password: &str,
) -> Result<PrivateKeyDer<'static>, StoreError> {
    /// 1.2.840.113549.1.7.1, with its tag and length.
    const DATA: [u8; 11] = [
        0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01,
    ];
    /// 1.2.840.113549.1.12.10.1.2, with its tag and length.
    const SHROUDED_KEY_BAG: [u8; 13] = [
        0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x02,
    ];
    const VERSION_3: [u8; 3] = [INTEGER, 1, 3];
    let content_info = |octets: &[u8]| {
        let content = encode(CONTEXT_0, &encode(OCTET_STRING, octets));
        encode(SEQUENCE, &[&DATA[..], &content].concat())
    };
    let bag = [&SHROUDED_KEY_BAG[..], &encode(CONTEXT_0, encrypted)].concat();
    let bags = encode(SEQUENCE, &encode(SEQUENCE, &bag));
    let safe = content_info(&encode(SEQUENCE, &content_info(&bags)));
    let pfx = encode(SEQUENCE, &[&VERSION_3[..], &safe].concat());

    let wrong = || {
        StoreError::new(
            StoreFault::KeyPassword,
            "the key's password does not open the private key, or the key is damaged",
        )
    };
    match decode(&pfx, password) {
        Ok(archive) => archive.keys.first().map(private).ok_or_else(wrong),
        Err(error) => match told(&error, false) {
            unsupported if unsupported.fault == StoreFault::Unsupported => Err(unsupported),
            _ => Err(wrong()),
        },
    }
}

fn decode(content: &[u8], password: &str) -> Result<Pkcs12Archive, Error> {
    // Belt and braces: the crates below are of version 0, and a store must never end the process.
    panic::catch_unwind(|| Pkcs12Archive::from_pkcs12(content, password))
        .unwrap_or(Err(Error::InvalidData))
}

/// Says what an error of the decoder means; `sealed` if a MAC stands between it and a wrong
/// password or damage.
fn told(error: &Error, sealed: bool) -> StoreError {
    let (fault, message) = match error {
        Error::MacError(_) => (
            StoreFault::StorePassword,
            "the store's password does not open this PKCS12 store, or the file is damaged".into(),
        ),
        Error::Pkcs5Error(text) if text.contains("unsupported") => (
            StoreFault::Unsupported,
            format!("it is encrypted in a way that is not read here ({text}); rewrite it with keytool -importkeystore -deststoretype PKCS12"),
        ),
        Error::UnsupportedEncryptionScheme
        | Error::UnsupportedMacAlgorithm
        | Error::UnsupportedCertificateType
        | Error::UnsupportedContentType => (
            StoreFault::Unsupported,
            format!("it is a PKCS12 store of a kind that is not read here ({error}); rewrite it with keytool -importkeystore -deststoretype PKCS12"),
        ),
        Error::InvalidParameters => (
            StoreFault::Format,
            "its encryption has parameters that are invalid or absurd (more than a million rounds); create it again".into(),
        ),
        Error::UnpadError | Error::Pkcs5Error(_) | Error::InvalidPrivateKey if sealed => (
            StoreFault::Unsupported,
            "the store's password opens this PKCS12 store but not its private key; give both the same password".into(),
        ),
        Error::UnpadError | Error::Pkcs5Error(_) | Error::InvalidPrivateKey => (
            StoreFault::StorePassword,
            "the store's password does not decrypt this PKCS12 store, or the file is damaged".into(),
        ),
        _ => (
            StoreFault::Format,
            "it is a PKCS12 store, but damaged; copy or create it again".into(),
        ),
    };
    StoreError::new(fault, message)
}

/// The PFX itself, without what a writer may have left behind it.
fn first_element(content: &[u8]) -> Option<&[u8]> {
    Some(Reader::new(content).expect(SEQUENCE)?.whole)
}

/// PFX ::= SEQUENCE { version, authSafe, macData OPTIONAL } (RFC 7292 §4).
fn has_mac(content: &[u8]) -> bool {
    let third = || {
        let mut pfx = Reader::new(Reader::new(content).expect(SEQUENCE)?.value);
        pfx.expect(INTEGER)?;
        pfx.expect(SEQUENCE)?;
        pfx.peek()
    };
    third().is_some()
}

fn without_mac(content: &[u8]) -> Option<Vec<u8>> {
    let mut pfx = Reader::new(Reader::new(content).expect(SEQUENCE)?.value);
    let version = pfx.expect(INTEGER)?.whole;
    let safe = pfx.expect(SEQUENCE)?.whole;
    Some(encode(SEQUENCE, &[version, safe].concat()))
}
