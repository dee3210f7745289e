//! Loads a private key as the handshake will.

use crate::error::{StoreError, StoreFault};
use crate::x509::{Reader, INTEGER, OCTET_STRING, OID, SEQUENCE};
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls_pki_types::PrivateKeyDer;

/// The SubjectPublicKeyInfo of the key's public half.
///
/// # Errors
/// [`StoreFault::Unsupported`], naming the algorithm, for a key that aws-lc-rs cannot sign with.
pub(super) fn public_half(key: &PrivateKeyDer<'_>) -> Result<Vec<u8>, StoreError> {
    any_supported_type(key)
        .ok()
        .and_then(|loaded| loaded.public_key().map(|spki| spki.as_ref().to_vec()))
        .ok_or_else(|| {
            StoreError::new(
                StoreFault::Unsupported,
                format!("its private key cannot be used: {}", unusable(key)),
            )
        })
}

/// Why a key cannot be used that aws-lc-rs does not take, and which can.
pub fn unusable(key: &PrivateKeyDer<'_>) -> String {
    format!(
        "{}; RSA from 2048 to 8192 bits, EC on P-256, P-384 or P-521, and Ed25519 can",
        describe(key)
    )
}

/// The algorithm in words, for a message.
fn describe(key: &PrivateKeyDer<'_>) -> String {
    match key {
        PrivateKeyDer::Pkcs1(pkcs1) => rsa(pkcs1.secret_pkcs1_der()),
        PrivateKeyDer::Sec1(_) => "it is an EC key on another curve, or damaged".into(),
        PrivateKeyDer::Pkcs8(pkcs8) => pkcs8_algorithm(pkcs8.secret_pkcs8_der())
            .unwrap_or_else(|| "it is no PKCS#8 key, or damaged".into()),
        _ => "it is of an unknown kind".into(),
    }
}

/// PrivateKeyInfo ::= SEQUENCE { version, AlgorithmIdentifier, OCTET STRING, ... } (RFC 5208 §5).
fn pkcs8_algorithm(der: &[u8]) -> Option<String> {
    let mut info = Reader::new(Reader::new(der).expect(SEQUENCE)?.value);
    info.expect(INTEGER)?;
    let mut algorithm = Reader::new(info.expect(SEQUENCE)?.value);
    let id = algorithm.expect(OID)?.value;
    Some(match dotted(id).as_str() {
        "1.2.840.113549.1.1.1" => rsa(info.expect(OCTET_STRING)?.value),
        "1.2.840.113549.1.1.10" => "it is an RSASSA-PSS key".into(),
        "1.2.840.10040.4.1" => "it is a DSA key".into(),
        "1.2.840.113549.1.3.1" | "1.2.840.10046.2.1" => "it is a Diffie-Hellman key".into(),
        "1.2.840.10045.2.1" => match algorithm.expect(OID) {
            Some(curve) => format!("it is an EC key on {}", curve_name(&dotted(curve.value))),
            None => "it is an EC key whose curve has no name".into(),
        },
        "1.3.101.110" => "it is an X25519 key".into(),
        "1.3.101.111" => "it is an X448 key".into(),
        "1.3.101.112" => "it is an Ed25519 key, but damaged".into(),
        "1.3.101.113" => "it is an Ed448 key".into(),
        other => format!("it is a key of algorithm {other}"),
    })
}

/// The size of an RSA key, from RSAPrivateKey ::= SEQUENCE { version, modulus, ... } (RFC 8017
/// §A.1.2).
fn rsa(pkcs1: &[u8]) -> String {
    let bits = || {
        let mut fields = Reader::new(Reader::new(pkcs1).expect(SEQUENCE)?.value);
        fields.expect(INTEGER)?;
        let modulus = fields.expect(INTEGER)?.value;
        let zeros = modulus.iter().take_while(|octet| **octet == 0).count();
        let first = modulus.get(zeros)?;
        Some((modulus.len() - zeros) * 8 - first.leading_zeros() as usize)
    };
    match bits() {
        Some(bits @ 2048..=8192) => format!("it is an RSA key of {bits} bits, but damaged"),
        Some(bits) => format!("it is an RSA key of {bits} bits"),
        None => "it is an RSA key, but damaged".into(),
    }
}

fn curve_name(id: &str) -> String {
    match id {
        "1.2.840.10045.3.1.7" => "P-256, but damaged".into(),
        "1.3.132.0.34" => "P-384, but damaged".into(),
        "1.3.132.0.35" => "P-521, but damaged".into(),
        "1.3.132.0.10" => "secp256k1".into(),
        other => format!("curve {other}"),
    }
}

/// An OID's contents as digits and dots (X.690 §8.19).
fn dotted(id: &[u8]) -> String {
    let mut arcs: Vec<u128> = Vec::new();
    let mut arc: u128 = 0;
    for octet in id {
        arc = arc.wrapping_shl(7) | u128::from(octet & 0x7f);
        if octet & 0x80 == 0 {
            if arcs.is_empty() {
                let top = (arc / 40).min(2);
                arcs.push(top);
                arcs.push(arc - top * 40);
            } else {
                arcs.push(arc);
            }
            arc = 0;
        }
    }
    arcs.iter()
        .map(u128::to_string)
        .collect::<Vec<_>>()
        .join(".")
}

/// Whether a DER SEQUENCE is an EncryptedPrivateKeyInfo rather than a PrivateKeyInfo: it begins
/// with its algorithm, not with a version (RFC 5208 §5 and §6).
pub(super) fn is_encrypted(pkcs8: &[u8]) -> bool {
    Reader::new(pkcs8)
        .expect(SEQUENCE)
        .is_some_and(|info| Reader::new(info.value).peek() == Some(SEQUENCE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_identifiers_are_written_with_dots() {
        assert_eq!(
            dotted(&[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01]),
            "1.2.840.10040.4.1"
        );
        assert_eq!(dotted(&[0x55, 0x1d, 0x25]), "2.5.29.37");
        assert_eq!(dotted(&[0x2b, 0x65, 0x71]), "1.3.101.113");
        assert_eq!(dotted(&[]), "");
        dotted(&[0xff; 64]);
    }
}
