//! Why a path is refused, in words.

use rustls::{CertificateError, Error, ExtendedKeyPurpose, OtherError};
use std::fmt;
use std::sync::Arc;

/// What is wrong with a certificate of the path; completes "the peer's certificate is refused: ".
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) &'static str);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the peer's certificate is refused: {}", self.0)
    }
}

/// rustls writes the errors that it does not know by their `Debug`.
impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        CertificateError::Other(OtherError(Arc::new(refusal))).into()
    }
}

/// What rustls would report for an error of webpki, with words for what it has none for.
pub(super) fn of_webpki(error: webpki::Error) -> Error {
    use webpki::Error as E;
    let words = match error {
        E::BadDer | E::BadDerTime | E::TrailingData(_) => {
            return CertificateError::BadEncoding.into()
        }
        E::CertNotValidYet { time, not_before } => {
            return CertificateError::NotValidYetContext { time, not_before }.into()
        }
        E::CertExpired { time, not_after } => {
            return CertificateError::ExpiredContext { time, not_after }.into()
        }
        E::InvalidCertValidity => return CertificateError::Expired.into(),
        E::UnknownIssuer => return CertificateError::UnknownIssuer.into(),
        E::InvalidSignatureForPublicKey => return CertificateError::BadSignature.into(),
        E::RequiredEkuNotFoundContext(context) => {
            return CertificateError::InvalidPurposeContext {
                required: purpose(context.required.oid_values().collect()),
                presented: context.present.into_iter().map(purpose).collect(),
            }
            .into()
        }
        E::CaUsedAsEndEntity => "it is a CA's (basicConstraints CA:TRUE)",
        E::EndEntityUsedAsCa => "one of its issuers is no CA (basicConstraints CA:TRUE is missing)",
        E::PathLenConstraintViolated => {
            "one of its issuers has a pathLen that allows no CA below it"
        }
        E::MaximumPathDepthExceeded => "there are more than six intermediates above it",
        E::NameConstraintViolation => {
            "its names, or an issuer's, are not among those that a CA above it may issue for \
             (nameConstraints)"
        }
        E::UnsupportedCertVersion => "one of its issuers is not of X.509 version 3",
        E::UnsupportedCriticalExtension => {
            "it, or an issuer, has a critical extension of an \
                                            unknown kind"
        }
        E::UnsupportedSignatureAlgorithmContext(_)
        | E::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            "it, or an issuer, is signed by an algorithm that is not accepted (SHA-1, or a kind of \
             key other than RSA, EC and Ed25519)"
        }
        other => return CertificateError::Other(OtherError(Arc::new(other))).into(),
    };
    Refusal(words).into()
}

fn purpose(arcs: Vec<usize>) -> ExtendedKeyPurpose {
    match arcs.as_slice() {
        webpki::KeyUsage::SERVER_AUTH_REPR => ExtendedKeyPurpose::ServerAuth,
        webpki::KeyUsage::CLIENT_AUTH_REPR => ExtendedKeyPurpose::ClientAuth,
        _ => ExtendedKeyPurpose::Other(arcs),
    }
}
