//! Tells what kind of store some bytes are.

use super::ber;
use crate::error::{StoreError, StoreFault};
use crate::x509::{Reader, SEQUENCE};

/// The kinds of file that there is a reader for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Pkcs12,
    Jks,
    Pem,
}

const JKS_MAGIC: [u8; 4] = [0xfe, 0xed, 0xfe, 0xed];
const JCEKS_MAGIC: [u8; 4] = [0xce, 0xce, 0xce, 0xce];
const PEM_BEGIN: &[u8] = b"-----BEGIN ";

/// Goes by the content alone, as the JDK's own stores do for JKS and PKCS12.
pub(super) fn detect(content: &[u8], configured: Option<&str>) -> Result<Kind, StoreError> {
    if content.starts_with(&JKS_MAGIC) {
        return Ok(Kind::Jks);
    }
    if content.starts_with(&JCEKS_MAGIC) {
        return Err(StoreError::new(
            StoreFault::Unsupported,
            "it is a JCEKS store, which is not read; convert it with keytool -importkeystore \
             -srcstoretype JCEKS -deststoretype PKCS12",
        ));
    }
    // A certificate and a BCFKS store are SEQUENCEs too, but each begins with another one.
    if ber::starts_as_pfx(content) {
        return Ok(Kind::Pkcs12);
    }
    if content
        .windows(PEM_BEGIN.len())
        .any(|window| window == PEM_BEGIN)
    {
        return Ok(Kind::Pem);
    }
    Err(unrecognised(content, configured))
}

fn unrecognised(content: &[u8], configured: Option<&str>) -> StoreError {
    let known = ["JKS", "PKCS12", "P12", "PFX", "PEM"];
    match configured.map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) if !known.iter().any(|known| known.eq_ignore_ascii_case(name)) => {
            StoreError::new(
                StoreFault::Unsupported,
                format!(
                    "stores of type {name} are not read here, and the content is no PKCS12, JKS \
                     or PEM; convert it with keytool -importkeystore -deststoretype PKCS12"
                ),
            )
        }
        _ if crate::x509::Certificate::parse(content).is_some() => StoreError::new(
            StoreFault::Format,
            "it is a single certificate, not a store; import it into one with keytool \
             -importcert, or write it as PEM with openssl x509",
        ),
        _ if Reader::new(content).peek() == Some(SEQUENCE) => StoreError::new(
            StoreFault::Format,
            "it is DER but no PKCS12 store, or is damaged; PKCS12, JKS and PEM are read",
        ),
        _ => StoreError::new(
            StoreFault::Format,
            "it is no PKCS12, JKS or PEM store, or is damaged",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_beats_the_configured_type() {
        let jks = [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2];
        let pfx = [0x30, 0x82, 0x09, 0x10, 0x02, 0x01, 0x03];
        let indefinite = [0x30, 0x80, 0x02, 0x01, 0x03];
        let pem = b"Bag Attributes\n-----BEGIN CERTIFICATE-----\n";
        for configured in [
            None,
            Some("JKS"),
            Some("pkcs12"),
            Some("PEM"),
            Some("BCFKS"),
        ] {
            assert_eq!(detect(&jks, configured), Ok(Kind::Jks));
            assert_eq!(detect(&pfx, configured), Ok(Kind::Pkcs12));
            assert_eq!(detect(&indefinite, configured), Ok(Kind::Pkcs12));
            assert_eq!(detect(pem, configured), Ok(Kind::Pem));
        }
    }

    #[test]
    fn an_unknown_type_is_unsupported_and_unknown_content_is_a_format_fault() {
        let bcfks = [0x30, 0x82, 0x01, 0x00, 0x30, 0x82, 0x00, 0x90];
        let fault = |content: &[u8], configured| detect(content, configured).unwrap_err().fault;
        assert_eq!(fault(&bcfks, Some("BCFKS")), StoreFault::Unsupported);
        assert_eq!(fault(&bcfks, Some("PKCS12")), StoreFault::Format);
        assert_eq!(fault(&bcfks, None), StoreFault::Format);
        assert_eq!(fault(b"hello", Some(" ")), StoreFault::Format);
        assert_eq!(fault(&[0x30], None), StoreFault::Format);
        assert_eq!(fault(&[0x30, 0x84, 0], None), StoreFault::Format);
        assert_eq!(fault(&[0xce; 12], Some("JKS")), StoreFault::Unsupported);
    }
}
