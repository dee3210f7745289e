//! The JDK's own store, versions 1 and 2.
//!
//! Layout, big endian: magic, version, number of entries; each entry a tag (1 key, 2 trusted
//! certificate), an alias, a time, and what it holds; at the end a SHA-1 over the password as
//! UTF-16, the words "Mighty Aphrodite" and all of the above. A key is an RFC 5208
//! EncryptedPrivateKeyInfo under an algorithm of the JDK's own: a key stream of chained SHA-1.

use super::chain::{self, Others};
use super::work::{too_many_keys, MAX_KEYS};
use super::{order, KeyEntry, Passwords};
use crate::error::{StoreError, StoreFault};
use crate::x509::{self, OCTET_STRING, OID, SEQUENCE};
use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, SHA1_OUTPUT_LEN};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use zeroize::Zeroizing;

/// 1.3.6.1.4.1.42.2.17.1.1, the JDK's key protector.
const KEY_PROTECTOR: [u8; 10] = [0x2b, 0x06, 0x01, 0x04, 0x01, 0x2a, 0x02, 0x11, 0x01, 0x01];

const TAG_KEY: u32 = 1;
const TAG_CERTIFICATE: u32 = 2;

/// One entry, in the order of the file.
enum Entry<'a> {
    Key {
        alias: String,
        protected: &'a [u8],
        chain: Vec<CertificateDer<'static>>,
    },
    Trusted(CertificateDer<'static>),
}

/// The keys that can be used, the JDK's first.
pub(super) fn key_entries(
    content: &[u8],
    passwords: &Passwords,
) -> Result<Vec<KeyEntry>, StoreError> {
    let entries = open(content, passwords.store_text()?)?;
    let Some(password) = passwords.key_text()? else {
        return Err(StoreError::new(
            StoreFault::KeyPassword,
            "its private key is protected, and neither a key password nor a store password is set",
        ));
    };
    let password = utf16(password);
    let mut usable = Vec::new();
    let mut first_failure = None;
    let mut keys = 0;
    for entry in entries {
        if let Entry::Key {
            alias,
            protected,
            chain,
        } = entry
        {
            keys += 1;
            if keys > MAX_KEYS {
                return Err(too_many_keys());
            }
            match unprotect(protected, &password)
                .and_then(|key| chain::entry(key, chain, Others::Keep))
            {
                Ok(entry) => usable.push((alias, entry)),
                Err(error) => {
                    first_failure.get_or_insert(error);
                }
            }
        }
    }
    match (usable.is_empty(), first_failure) {
        (false, _) => Ok(order::as_the_jdk(usable)),
        (true, Some(failure)) => Err(failure),
        (true, None) => Err(StoreError::new(
            StoreFault::Content,
            "it holds no private key; name the store that was made with keytool -genkeypair",
        )),
    }
}

/// The trusted certificates, and the leaf of each key.
pub(super) fn trusted(
    content: &[u8],
    password: Option<&str>,
) -> Result<Vec<CertificateDer<'static>>, StoreError> {
    Ok(open(content, password)?
        .into_iter()
        .filter_map(|entry| match entry {
            Entry::Trusted(certificate) => Some(certificate),
            Entry::Key { chain, .. } => chain.into_iter().next(),
        })
        .collect())
}

/// Reads the entries; with a password, after its digest has been found right.
fn open<'a>(content: &'a [u8], password: Option<&str>) -> Result<Vec<Entry<'a>>, StoreError> {
    let (body, digest) = content
        .len()
        .checked_sub(SHA1_OUTPUT_LEN)
        .and_then(|at| content.split_at_checked(at))
        .ok_or_else(damaged)?;
    // The structure first: a cut file is told apart from a wrong password.
    let entries = parse(body).ok_or_else(damaged)?;
    if let Some(password) = password {
        let mut context = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
        context.update(&utf16(password));
        context.update(b"Mighty Aphrodite");
        context.update(body);
        if context.finish().as_ref() != digest {
            return Err(StoreError::new(
                StoreFault::StorePassword,
                "the store's password does not open this JKS store, or the file is damaged",
            ));
        }
    }
    Ok(entries)
}

fn damaged() -> StoreError {
    StoreError::new(
        StoreFault::Format,
        "it is a JKS store, but damaged or cut short; copy or create it again",
    )
}

fn parse(body: &[u8]) -> Option<Vec<Entry<'_>>> {
    let mut fields = Fields { rest: body };
    fields.number()?;
    let version = fields.number()?;
    if !(1..=2).contains(&version) {
        return None;
    }
    // Not reserved ahead: the count is the file's word only.
    let count = fields.number()?;
    let mut entries = Vec::new();
    for _ in 0..count {
        let tag = fields.number()?;
        let alias = String::from_utf8_lossy(fields.text()?).into_owned();
        fields.take(8)?;
        entries.push(match tag {
            TAG_KEY => {
                let protected = fields.block()?;
                let length = fields.number()?;
                let mut chain = Vec::new();
                for _ in 0..length {
                    chain.push(fields.certificate(version)?);
                }
                Entry::Key {
                    alias,
                    protected,
                    chain,
                }
            }
            TAG_CERTIFICATE => Entry::Trusted(fields.certificate(version)?),
            _ => return None,
        });
    }
    fields.rest.is_empty().then_some(entries)
}

/// Reads as `java.io.DataInputStream` does.
struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn text(&mut self) -> Option<&'a [u8]> {
        let length = u16::from_be_bytes(self.take(2)?.try_into().ok()?);
        self.take(usize::from(length))
    }

    fn block(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        self.take(length)
    }

    fn certificate(&mut self, version: u32) -> Option<CertificateDer<'static>> {
        if version == 2 && !matches!(self.text()?, b"X.509" | b"X509") {
            return None;
        }
        Some(CertificateDer::from(self.block()?.to_vec()))
    }
}

/// Takes the JDK's protection off a key: 20 octets of salt, the masked key, and a SHA-1 over
/// password and key.
fn unprotect(protected: &[u8], password: &[u8]) -> Result<PrivateKeyDer<'static>, StoreError> {
    let sealed = sealed_octets(protected)?;
    let parts = sealed
        .split_at_checked(SHA1_OUTPUT_LEN)
        .and_then(|(salt, rest)| {
            let (masked, check) =
                rest.split_at_checked(rest.len().checked_sub(SHA1_OUTPUT_LEN)?)?;
            Some((salt, masked, check))
        });
    let Some((salt, masked, check)) = parts else {
        return Err(damaged());
    };

    let mut key = Zeroizing::new(Vec::with_capacity(masked.len()));
    let mut link = Zeroizing::new(salt.to_vec());
    for block in masked.chunks(SHA1_OUTPUT_LEN) {
        link = sha1(password, &link);
        key.extend(
            block
                .iter()
                .zip(link.iter())
                .map(|(octet, mask)| octet ^ mask),
        );
    }
    if sha1(password, &key).as_slice() != check {
        return Err(StoreError::new(
            StoreFault::KeyPassword,
            "the key's password does not open the private key; a JKS key may have another password \
             than its store",
        ));
    }
    Ok(PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.to_vec())))
}

/// EncryptedPrivateKeyInfo ::= SEQUENCE { AlgorithmIdentifier, OCTET STRING } (RFC 5208 §6).
fn sealed_octets(protected: &[u8]) -> Result<&[u8], StoreError> {
    let parts = || {
        let mut info = x509::Reader::new(x509::Reader::new(protected).expect(SEQUENCE)?.value);
        let algorithm = x509::Reader::new(info.expect(SEQUENCE)?.value)
            .expect(OID)?
            .value;
        Some((algorithm, info.expect(OCTET_STRING)?.value))
    };
    match parts() {
        Some((algorithm, sealed)) if algorithm == KEY_PROTECTOR => Ok(sealed),
        Some(_) => Err(StoreError::new(
            StoreFault::Unsupported,
            "its private key is protected by an algorithm other than the JDK's; convert the store \
             with keytool -importkeystore -deststoretype PKCS12",
        )),
        None => Err(damaged()),
    }
}

fn sha1(first: &[u8], second: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut context = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    context.update(first);
    context.update(second);
    Zeroizing::new(context.finish().as_ref().to_vec())
}

/// The password as the JDK hashes it: each UTF-16 unit, high octet first.
fn utf16(password: &str) -> Zeroizing<Vec<u8>> {
    // As long as it can get from the start: growing would leave unwiped copies.
    let mut octets = Zeroizing::new(Vec::with_capacity(password.len() * 2));
    for unit in password.encode_utf16() {
        octets.extend_from_slice(&unit.to_be_bytes());
    }
    octets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_hashed_as_utf_16() {
        assert_eq!(utf16("aß€").as_slice(), [0, 0x61, 0, 0xdf, 0x20, 0xac]);
        assert_eq!(utf16("\u{1f511}").as_slice(), [0xd8, 0x3d, 0xdd, 0x11]);
    }

    #[test]
    fn counts_and_lengths_beyond_the_file_are_refused() {
        let mut store = vec![0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2];
        store.extend_from_slice(&u32::MAX.to_be_bytes());
        store.extend_from_slice(&[0; 20]);
        assert_eq!(trusted(&store, None).unwrap_err().fault, StoreFault::Format);

        let mut entry = vec![0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1];
        entry.extend_from_slice(&[0, 0, 0, 1, 0, 1, b'a']);
        entry.extend_from_slice(&[0; 8]);
        entry.extend_from_slice(&u32::MAX.to_be_bytes());
        entry.extend_from_slice(&[0; 20]);
        assert_eq!(trusted(&entry, None).unwrap_err().fault, StoreFault::Format);
    }

    #[test]
    fn an_unknown_version_is_refused() {
        let mut store = vec![0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 3, 0, 0, 0, 0];
        store.extend_from_slice(&[0; 20]);
        assert_eq!(trusted(&store, None).unwrap_err().fault, StoreFault::Format);
    }
}
