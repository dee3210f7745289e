//! The integrity of a PKCS#12 store under its password: RFC 7292 Appendix B, and PBMAC1 (RFC 9879).

use crate::error::{StoreError, StoreFault};
use crate::x509::{Reader, INTEGER, OCTET_STRING, OID, SEQUENCE};
use aws_lc_rs::digest::{self, Context};
use aws_lc_rs::{hmac, pbkdf2};
use std::num::NonZeroU32;
use zeroize::Zeroizing;

/// More would stop a start-up; tools make ten thousand to six hundred thousand.
pub(super) const MAX_ROUNDS: u32 = 1_000_000;

/// 1.2.840.113549.1.5.14
const PBMAC1: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0e];
/// 1.2.840.113549.1.5.12
const PBKDF2: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c];
/// 1.2.840.113549.2, before the number of an HMAC.
const HMAC_WITH: [u8; 7] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02];

/// Checks `contents` against MacData ::= SEQUENCE { DigestInfo, salt, iterations DEFAULT 1 }.
///
/// # Errors
/// [`StoreFault::StorePassword`] where it does not fit, [`StoreFault::Unsupported`] for an unknown
/// algorithm, [`StoreFault::Format`] for one that is malformed or takes too many rounds.
pub(super) fn check(mac_data: &[u8], contents: &[u8], password: &str) -> Result<(), StoreError> {
    let parts = Parts::parse(mac_data).ok_or_else(damaged)?;
    let (algorithm, key) = if parts.algorithm == PBMAC1 {
        by_pbkdf2(parts.parameters, password)?
    } else {
        by_appendix_b(&parts, password)?
    };
    hmac::verify(&hmac::Key::new(algorithm, &key), contents, parts.digest).map_err(|_| {
        StoreError::new(
            StoreFault::StorePassword,
            "the store's password does not open this PKCS12 store, or the file is damaged",
        )
    })
}

struct Parts<'a> {
    algorithm: &'a [u8],
    parameters: &'a [u8],
    digest: &'a [u8],
    salt: &'a [u8],
    rounds: u32,
}

impl<'a> Parts<'a> {
    fn parse(mac_data: &'a [u8]) -> Option<Self> {
        let mut fields = Reader::new(Reader::new(mac_data).expect(SEQUENCE)?.value);
        let mut info = Reader::new(fields.expect(SEQUENCE)?.value);
        let mut algorithm = Reader::new(info.expect(SEQUENCE)?.value);
        let id = algorithm.expect(OID)?.value;
        let parameters = algorithm.any().map_or(&[][..], |element| element.value);
        Some(Self {
            algorithm: id,
            parameters,
            digest: info.expect(OCTET_STRING)?.value,
            salt: fields.expect(OCTET_STRING)?.value,
            rounds: if fields.is_empty() {
                1
            } else {
                number(fields.expect(INTEGER)?.value)?
            },
        })
    }
}

/// A key of the digest's own length is one run of the derivation: A = H^r(D || I).
fn by_appendix_b(
    parts: &Parts<'_>,
    password: &str,
) -> Result<(hmac::Algorithm, Zeroizing<Vec<u8>>), StoreError> {
    const FOR_MACS: u8 = 3;
    let (hash, algorithm) = match parts.algorithm {
        [0x2b, 0x0e, 0x03, 0x02, 0x1a] => (
            &digest::SHA1_FOR_LEGACY_USE_ONLY,
            hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        ),
        // 2.16.840.1.101.3.4.2, hashAlgs
        [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, hash] => match hash {
            1 => (&digest::SHA256, hmac::HMAC_SHA256),
            2 => (&digest::SHA384, hmac::HMAC_SHA384),
            3 => (&digest::SHA512, hmac::HMAC_SHA512),
            4 => (&digest::SHA224, hmac::HMAC_SHA224),
            _ => return Err(unsupported()),
        },
        _ => return Err(unsupported()),
    };
    let rounds = bounded(parts.rounds)?;
    let block = hash.block_len();
    let mut text = Zeroizing::new(Vec::with_capacity(password.len() * 2 + 2));
    for unit in password.encode_utf16().chain([0]) {
        text.extend_from_slice(&unit.to_be_bytes());
    }
    let mut first = Context::new(hash);
    first.update(&vec![FOR_MACS; block]);
    first.update(&repeated(parts.salt, block));
    first.update(&repeated(&text, block));
    let mut link = Zeroizing::new(first.finish().as_ref().to_vec());
    for _ in 1..rounds {
        let next = digest::digest(hash, &link);
        link.copy_from_slice(next.as_ref());
    }
    Ok((algorithm, link))
}

/// As often as it takes to fill whole blocks.
fn repeated(octets: &[u8], block: usize) -> Zeroizing<Vec<u8>> {
    let length = octets.len().div_ceil(block) * block;
    let mut filled = Zeroizing::new(Vec::with_capacity(length));
    filled.extend(octets.iter().cycle().take(length));
    filled
}

/// PBMAC1-params ::= SEQUENCE { keyDerivationFunc, messageAuthScheme } (RFC 8018 §A.5).
fn by_pbkdf2(
    parameters: &[u8],
    password: &str,
) -> Result<(hmac::Algorithm, Zeroizing<Vec<u8>>), StoreError> {
    let parts = || {
        let mut fields = Reader::new(parameters);
        let mut derivation = Reader::new(fields.expect(SEQUENCE)?.value);
        let function = derivation.expect(OID)?.value;
        let mut options = Reader::new(derivation.expect(SEQUENCE)?.value);
        let salt = options.expect(OCTET_STRING)?.value;
        let rounds = number(options.expect(INTEGER)?.value)?;
        let length = match options.peek() {
            Some(INTEGER) => Some(number(options.expect(INTEGER)?.value)?),
            _ => None,
        };
        let by = match options.expect(SEQUENCE) {
            Some(prf) => Reader::new(prf.value).expect(OID)?.value,
            None => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 7],
        };
        let scheme = Reader::new(fields.expect(SEQUENCE)?.value)
            .expect(OID)?
            .value;
        Some((function, salt, rounds, length, by, scheme))
    };
    let (function, salt, rounds, length, by, scheme) = parts().ok_or_else(damaged)?;
    let scheme = hmac_of(scheme).ok_or_else(unsupported)?;
    let by = hmac_of(by).and_then(pbkdf2_of).ok_or_else(unsupported)?;
    if function != PBKDF2 {
        return Err(unsupported());
    }
    let own_length = scheme.digest_algorithm().output_len();
    let length = match length {
        None => own_length,
        Some(length @ 1..=512) => length as usize,
        Some(_) => return Err(damaged()),
    };
    let rounds = NonZeroU32::new(bounded(rounds)?).ok_or_else(damaged)?;
    let mut key = Zeroizing::new(vec![0; length]);
    pbkdf2::derive(by, rounds, salt, password.as_bytes(), &mut key);
    Ok((scheme, key))
}

fn hmac_of(id: &[u8]) -> Option<hmac::Algorithm> {
    match id.strip_prefix(&HMAC_WITH)? {
        [7] => Some(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY),
        [8] => Some(hmac::HMAC_SHA224),
        [9] => Some(hmac::HMAC_SHA256),
        [10] => Some(hmac::HMAC_SHA384),
        [11] => Some(hmac::HMAC_SHA512),
        _ => None,
    }
}

fn pbkdf2_of(function: hmac::Algorithm) -> Option<pbkdf2::Algorithm> {
    [
        (
            hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            pbkdf2::PBKDF2_HMAC_SHA1,
        ),
        (hmac::HMAC_SHA256, pbkdf2::PBKDF2_HMAC_SHA256),
        (hmac::HMAC_SHA384, pbkdf2::PBKDF2_HMAC_SHA384),
        (hmac::HMAC_SHA512, pbkdf2::PBKDF2_HMAC_SHA512),
    ]
    .into_iter()
    .find(|(known, _)| *known == function)
    .map(|(_, algorithm)| algorithm)
}

fn bounded(rounds: u32) -> Result<u32, StoreError> {
    if rounds > MAX_ROUNDS {
        return Err(too_much_work());
    }
    Ok(rounds)
}

pub(super) fn too_much_work() -> StoreError {
    StoreError::new(
        StoreFault::Format,
        "its protection takes an absurd amount of work (more than a million rounds); create it \
         again",
    )
}

/// A non-negative INTEGER's contents; what does not fit is as good as the largest.
pub(super) fn number(contents: &[u8]) -> Option<u32> {
    let (first, _) = contents.split_first()?;
    if *first >= 0x80 {
        return None;
    }
    Some(contents.iter().fold(0u32, |sum, octet| {
        sum.checked_mul(256)
            .and_then(|sum| sum.checked_add(u32::from(*octet)))
            .unwrap_or(u32::MAX)
    }))
}

fn damaged() -> StoreError {
    StoreError::new(
        StoreFault::Format,
        "it is a PKCS12 store whose integrity data (MacData) is damaged; copy or create it again",
    )
}

fn unsupported() -> StoreError {
    StoreError::new(
        StoreFault::Unsupported,
        "it is a PKCS12 store whose integrity is protected by an algorithm that is not read here; \
         rewrite it with keytool -importkeystore -deststoretype PKCS12",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_do_not_fit_are_the_largest() {
        assert_eq!(number(&[0]), Some(0));
        assert_eq!(number(&[0x09, 0x27, 0xc0]), Some(600_000));
        assert_eq!(number(&[0x00, 0xff, 0xff, 0xff, 0xff]), Some(u32::MAX));
        assert_eq!(number(&[1, 0, 0, 0, 0, 7]), Some(u32::MAX));
        assert_eq!(number(&[0x80]), None);
        assert_eq!(number(&[]), None);
    }

    #[test]
    fn blocks_are_filled_by_repetition() {
        assert_eq!(repeated(b"abc", 4).as_slice(), b"abca");
        assert_eq!(repeated(b"abcde", 4).as_slice(), b"abcdeabc");
        assert!(repeated(b"", 4).is_empty());
    }
}
