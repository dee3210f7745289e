//! PKCS#12 (RFC 7292), by p12-keystore.

use super::chain::{self, Others};
use super::mac::too_much_work;
use super::{ber, mac, order, work, KeyEntry, Passwords};
use crate::error::{StoreError, StoreFault};
use crate::x509::{encode, Reader, CONTEXT_0, INTEGER, OCTET_STRING, OID, SEQUENCE};
use p12_keystore::error::Error;
use p12_keystore::{Pkcs12Archive, PrivateKeyBag};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::panic;

/// The keys that can be used, the JDK's first; they have the store's password, as keytool makes
/// them.
pub(super) fn key_entries(
    content: &[u8],
    passwords: &Passwords,
) -> Result<Vec<KeyEntry>, StoreError> {
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
    let mut usable = Vec::new();
    let mut first_failure = None;
    let mut unnamed = 0;
    for bag in &archive.keys {
        let alias = match &bag.friendly_name {
            Some(name) => name.to_lowercase(),
            // The JDK counts those that have no name.
            None => {
                unnamed += 1;
                unnamed.to_string()
            }
        };
        match chain::entry(private(bag), candidates(&archive, bag), Others::Drop) {
            Ok(entry) => usable.push((alias, entry)),
            Err(error) => {
                first_failure.get_or_insert(error);
            }
        }
    }
    match (usable.is_empty(), first_failure) {
        (false, _) => Ok(order::as_the_jdk(usable)),
        (true, Some(failure)) => Err(failure),
        (true, None) => Err(StoreError::new(
            StoreFault::Content,
            "it holds no private key; name the store that was made with keytool -genkeypair or \
             openssl pkcs12 -export",
        )),
    }
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
    let pfx = ber::first_element(content).ok_or_else(|| {
        StoreError::new(
            StoreFault::Format,
            "it is a PKCS12 store, but damaged or cut short; copy it again",
        )
    })?;
    let pfx = Pfx::parse(&pfx)?;
    let mut sealed = false;
    if let (Some(password), Some(mac)) = (password, pfx.mac) {
        mac::check(mac, pfx.safes, password)?;
        sealed = true;
    }
    let safes = safes_in_der(pfx.safes).ok_or_else(|| told(&Error::InvalidData, sealed))?;
    work::check(&safes)?;
    decode(&archive_of(&safes), password.unwrap_or_default()).map_err(|error| {
        let fault = told(&error, sealed);
        if password.is_none() && fault.fault == StoreFault::StorePassword {
            return StoreError::new(
                StoreFault::StorePassword,
                "its content is encrypted and no password is set",
            );
        }
        fault
    })
}

/// PFX ::= SEQUENCE { version, authSafe, macData OPTIONAL } (RFC 7292 §4).
struct Pfx<'a> {
    /// The octets that the MAC covers; they hold AuthenticatedSafe.
    safes: &'a [u8],
    mac: Option<&'a [u8]>,
}

impl<'a> Pfx<'a> {
    fn parse(der: &'a [u8]) -> Result<Self, StoreError> {
        let parts = || {
            let mut fields = Reader::new(Reader::new(der).expect(SEQUENCE)?.value);
            let version = fields.expect(INTEGER)?.value;
            let mut info = Reader::new(fields.expect(SEQUENCE)?.value);
            let kind = info.expect(OID)?.value;
            let content = info.expect(CONTEXT_0)?.value;
            let mac = match fields.is_empty() {
                true => None,
                false => Some(fields.expect(SEQUENCE)?.whole),
            };
            Some((version, kind, content, mac))
        };
        let (version, kind, content, mac) =
            parts().ok_or_else(|| told(&Error::InvalidData, false))?;
        if version != [3] || kind != work::DATA {
            return Err(told(&Error::UnsupportedContentType, false));
        }
        let safes = Reader::new(content)
            .expect(OCTET_STRING)
            .ok_or_else(|| told(&Error::InvalidData, false))?
            .value;
        Ok(Self { safes, mac })
    }
}

/// AuthenticatedSafe in DER, down to what its octet strings hold in the clear.
fn safes_in_der(safes: &[u8]) -> Option<Vec<u8>> {
    let safes = ber::first_element(safes)?;
    let mut list = Reader::new(Reader::new(&safes).expect(SEQUENCE)?.value);
    let mut out = Vec::with_capacity(safes.len());
    while !list.is_empty() {
        let info = list.expect(SEQUENCE)?;
        let mut fields = Reader::new(info.value);
        let kind = fields.expect(OID)?;
        if kind.value == work::DATA {
            let content = fields.expect(CONTEXT_0)?.value;
            let bags = ber::first_element(Reader::new(content).expect(OCTET_STRING)?.value)?;
            out.extend(content_info(kind.whole, &bags));
        } else {
            out.extend_from_slice(info.whole);
        }
    }
    Some(encode(SEQUENCE, &out))
}

fn content_info(kind: &[u8], octets: &[u8]) -> Vec<u8> {
    let content = encode(CONTEXT_0, &encode(OCTET_STRING, octets));
    encode(SEQUENCE, &[kind, &content].concat())
}

/// A PFX without MAC around AuthenticatedSafe.
fn archive_of(safes: &[u8]) -> Vec<u8> {
    const VERSION_3: [u8; 3] = [INTEGER, 1, 3];
    let info = content_info(&encode(OID, &work::DATA), safes);
    encode(SEQUENCE, &[&VERSION_3[..], &info].concat())
}

/// Decodes one bare PKCS#8 EncryptedPrivateKeyInfo (RFC 5208 §6), by the ciphers and within the
/// limits that hold for archives: it is wrapped as an archive that holds nothing else.
pub(super) fn decrypt_key(
    encrypted: &[u8],
    password: &str,
) -> Result<PrivateKeyDer<'static>, StoreError> {
    /// 1.2.840.113549.1.12.10.1.2, with its tag and length.
    const SHROUDED_KEY_BAG: [u8; 13] = [
        0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x02,
    ];
    let bag = [&SHROUDED_KEY_BAG[..], &encode(CONTEXT_0, encrypted)].concat();
    let bags = encode(SEQUENCE, &encode(SEQUENCE, &bag));
    let safes = encode(SEQUENCE, &content_info(&encode(OID, &work::DATA), &bags));
    work::check(&safes)?;
    let pfx = archive_of(&safes);

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
        Error::InvalidParameters => return too_much_work(),
        Error::UnpadError | Error::Pkcs5Error(_) | Error::InvalidPrivateKey if sealed => (
            StoreFault::Unsupported,
            "the store's password opens this PKCS12 store but not its private key; give both the same password".into(),
        ),
        Error::UnpadError | Error::Pkcs5Error(_) | Error::InvalidPrivateKey => (
            StoreFault::StorePassword,
            "the store's password does not decrypt this PKCS12 store, or the file is damaged".into(),
        ),
        // The MAC says that it is as it was written.
        _ if sealed => (
            StoreFault::Unsupported,
            "it is a PKCS12 store, but holds something that is not read here; rewrite it with keytool -importkeystore -deststoretype PKCS12".into(),
        ),
        _ => (
            StoreFault::Format,
            "it is a PKCS12 store, but damaged; copy or create it again".into(),
        ),
    };
    StoreError::new(fault, message)
}
