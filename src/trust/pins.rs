//! Fingerprints of leaves, as `security.ssl.*.cert.fingerprint` lists them.

use aws_lc_rs::digest::{digest, Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA512};
use rustls::{CertificateError, Error, OtherError};
use rustls_pki_types::CertificateDer;
use std::fmt::{self, Write};
use std::sync::Arc;

/// A set of fingerprints, of which a peer's leaf must have one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pins {
    pins: Vec<Pin>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Pin {
    kind: Kind,
    digest: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Sha1,
    Sha256,
    Sha512,
}

impl Kind {
    fn of_length(octets: usize) -> Option<Self> {
        match octets {
            20 => Some(Self::Sha1),
            32 => Some(Self::Sha256),
            64 => Some(Self::Sha512),
            _ => None,
        }
    }

    fn algorithm(self) -> &'static Algorithm {
        match self {
            Self::Sha1 => &SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &SHA256,
            Self::Sha512 => &SHA512,
        }
    }
}

impl Pins {
    /// Reads a comma-separated list; each fingerprint is hexadecimal in any case, with or without
    /// colons, and its length tells its kind: SHA-1, SHA-256 or SHA-512.
    ///
    /// # Errors
    /// A message that quotes the fingerprint at fault.
    pub fn parse(list: &str) -> Result<Self, String> {
        let pins = list
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(parse_one)
            .collect::<Result<Vec<_>, _>>()?;
        if pins.is_empty() {
            return Err("the list of certificate fingerprints is empty".into());
        }
        Ok(Self { pins })
    }

    /// Whether the leaf has one of the fingerprints.
    pub fn matches(&self, leaf: &CertificateDer<'_>) -> bool {
        // Nothing here is secret: a fingerprint is of what the peer has just sent.
        self.pins
            .iter()
            .any(|pin| digest(pin.kind.algorithm(), leaf).as_ref() == pin.digest)
    }

    /// As [`Self::matches`], as a verdict.
    pub(super) fn check(&self, leaf: &CertificateDer<'_>) -> Result<(), Error> {
        if self.matches(leaf) {
            return Ok(());
        }
        // In the kind that the operator used, so that the two can be compared.
        let kind = self.pins.first().map_or(Kind::Sha1, |pin| pin.kind);
        Err(
            CertificateError::Other(OtherError(Arc::new(FingerprintMismatch {
                seen: written(digest(kind.algorithm(), leaf).as_ref()),
            })))
            .into(),
        )
    }
}

/// The peer's certificate is none of those whose fingerprints are configured.
#[derive(Clone, PartialEq, Eq)]
pub struct FingerprintMismatch {
    /// The peer's, as keytool writes it.
    seen: String,
}

impl fmt::Display for FingerprintMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the certificate's fingerprint {} is not one of those configured",
            self.seen
        )
    }
}

/// rustls writes the errors that it does not know by their `Debug`.
impl fmt::Debug for FingerprintMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for FingerprintMismatch {}

fn parse_one(text: &str) -> Result<Pin, String> {
    let wrong = |what: &str| {
        format!(
            "the certificate fingerprint '{text}' {what}; write it as 40 (SHA-1), 64 (SHA-256) or \
             128 (SHA-512) hexadecimal digits, with or without colons"
        )
    };
    let mut digest = Vec::new();
    let mut half = None;
    for character in text.chars().filter(|character| *character != ':') {
        let digit = character
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
            .ok_or_else(|| wrong("is not hexadecimal"))?;
        match half.take() {
            None => half = Some(digit),
            Some(high) => digest.push(high << 4 | digit),
        }
    }
    match (half, Kind::of_length(digest.len())) {
        (None, Some(kind)) => Ok(Pin { kind, digest }),
        _ => Err(wrong("has the wrong length")),
    }
}

fn written(digest: &[u8]) -> String {
    let mut text = String::with_capacity(digest.len() * 3);
    for octet in digest {
        if !text.is_empty() {
            text.push(':');
        }
        // Writing to a String cannot fail.
        let _ = write!(text, "{octet:02X}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAF: CertificateDer<'static> = CertificateDer::from_slice(b"abc");
    const SHA1: &str = "A9:99:3E:36:47:06:81:6A:BA:3E:25:71:78:50:C2:6C:9C:D0:D8:9D";
    const SHA256: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const SHA512: &str = "DDAF35A193617ABACC417349AE20413112E6FA4E89A97EA20A9EEEE64B55D39A\
                          2192992A274FC1A836BA3C23A3FEEBBD454D4423643CE80E2A9AC94FA54CA49F";

    #[test]
    fn each_kind_is_told_by_its_length_in_any_writing() {
        for list in [
            SHA1.to_owned(),
            SHA1.replace(':', ""),
            SHA1.to_lowercase(),
            SHA256.to_owned(),
            SHA512.to_owned(),
            format!(" {} , {SHA256},", "00".repeat(20)),
        ] {
            assert!(Pins::parse(&list).unwrap().matches(&LEAF), "{list}");
        }
        let other = Pins::parse(&"ab".repeat(32)).unwrap();
        assert!(!other.matches(&LEAF));
    }

    #[test]
    fn a_bad_fingerprint_is_named() {
        for bad in ["A9:99", "A9993E3647068", "zz", &SHA1.replace(':', ";"), "é"] {
            let message = Pins::parse(&format!("{SHA256},{bad}")).unwrap_err();
            assert!(message.contains(&format!("'{bad}'")), "{message}");
        }
        assert!(Pins::parse("").is_err());
        assert!(Pins::parse(" , ").is_err());
    }

    #[test]
    fn a_mismatch_tells_the_fingerprint_that_was_seen() {
        let error = Pins::parse(&"00".repeat(20)).unwrap().check(&LEAF);
        let message = format!("{}", error.unwrap_err());
        let wanted = format!("the certificate's fingerprint {SHA1} is not one of those configured");
        assert!(message.contains(&wanted), "{message}");
    }
}
