//! Leaves that stand in the trust store themselves, and the handshake's signature by any leaf.
//!
//! webpki has no notion of trusting a leaf: it refuses one that is self-signed with CA:TRUE, of
//! version 1, or expired. The JDK takes it as it stands, and running clusters rely on that.

use crate::x509::Certificate;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{verify_tls13_signature_with_raw_key, CryptoProvider};
use rustls::{CertificateError, DigitallySignedStruct, Error, PeerMisbehaved, SignatureScheme};
use rustls_pki_types::{CertificateDer, SubjectPublicKeyInfoDer, UnixTime};
use std::collections::HashSet;
use std::sync::Arc;

/// The trust store's certificates, to be met again as leaves.
#[derive(Debug, Default)]
pub(super) struct TrustedLeaves {
    certificates: HashSet<Vec<u8>>,
}

impl TrustedLeaves {
    pub(super) fn add(&mut self, der: &CertificateDer<'_>) {
        self.certificates.insert(der.as_ref().to_vec());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    /// Whether the leaf is in the store itself: then it is trusted, whatever it says.
    pub(super) fn contains(&self, leaf: &CertificateDer<'_>) -> bool {
        self.certificates.contains(leaf.as_ref())
    }
}

/// Whether `now` is within the certificate's validity.
pub(super) fn check_validity(certificate: &Certificate<'_>, now: UnixTime) -> Result<(), Error> {
    let Some((not_before, not_after)) = certificate.validity() else {
        return Err(CertificateError::BadEncoding.into());
    };
    let not_before = UnixTime::since_unix_epoch(not_before);
    let not_after = UnixTime::since_unix_epoch(not_after);
    if now.as_secs() < not_before.as_secs() {
        return Err(CertificateError::NotValidYetContext {
            time: now,
            not_before,
        }
        .into());
    }
    if now.as_secs() > not_after.as_secs() {
        return Err(CertificateError::ExpiredContext {
            time: now,
            not_after,
        }
        .into());
    }
    Ok(())
}

/// Checks a TLS 1.2 handshake signature (RFC 5246 §4.7) against the certificate's public key as it
/// stands; the certificate need not be one that webpki can read.
///
/// # Errors
/// What rustls itself reports for such a signature.
pub fn verify_tls12_signature(
    message: &[u8],
    cert: &CertificateDer<'_>,
    dss: &DigitallySignedStruct,
    provider: &CryptoProvider,
) -> Result<HandshakeSignatureValid, Error> {
    let algorithms = provider
        .signature_verification_algorithms
        .mapping
        .iter()
        .find(|(scheme, _)| *scheme == dss.scheme && exists_in_tls12(*scheme))
        .map(|(_, algorithms)| *algorithms)
        .ok_or(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme)?;
    let spki = public_key(cert)?;
    let key =
        webpki::RawPublicKeyEntity::try_from(&spki).map_err(|_| CertificateError::BadEncoding)?;
    // In TLS 1.2 a scheme names no curve: each that it may mean is tried until the key is of one.
    for algorithm in algorithms {
        match key.verify_signature(*algorithm, message, dss.signature()) {
            Ok(()) => return Ok(HandshakeSignatureValid::assertion()),
            Err(webpki::Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_)) => {}
            Err(_) => return Err(CertificateError::BadSignature.into()),
        }
    }
    Err(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into())
}

/// Checks a TLS 1.3 handshake signature (RFC 8446 §4.4.3) as [`verify_tls12_signature`] does.
///
/// # Errors
/// What rustls itself reports for such a signature.
pub fn verify_tls13_signature(
    message: &[u8],
    cert: &CertificateDer<'_>,
    dss: &DigitallySignedStruct,
    provider: &CryptoProvider,
) -> Result<HandshakeSignatureValid, Error> {
    verify_tls13_signature_with_raw_key(
        message,
        &public_key(cert)?,
        dss,
        &provider.signature_verification_algorithms,
    )
}

/// The handshake's signatures: which may be made, and whether they are right.
#[derive(Debug)]
pub(super) struct Signatures {
    provider: Arc<CryptoProvider>,
    /// The only ones to take, in order of preference; `None` for all that the provider has.
    schemes: Option<Arc<[SignatureScheme]>>,
}

impl Signatures {
    pub(super) fn of(provider: Arc<CryptoProvider>) -> Self {
        Self {
            provider,
            schemes: None,
        }
    }

    pub(super) fn limit(&mut self, schemes: Option<Arc<[SignatureScheme]>>) {
        self.schemes = schemes;
    }

    pub(super) fn provider(&self) -> &CryptoProvider {
        &self.provider
    }

    pub(super) fn supported(&self) -> Vec<SignatureScheme> {
        match &self.schemes {
            Some(schemes) => schemes.to_vec(),
            None => self
                .provider
                .signature_verification_algorithms
                .supported_schemes(),
        }
    }

    /// The provider to check such a signature with.
    pub(super) fn provider_for(&self, scheme: SignatureScheme) -> Result<&CryptoProvider, Error> {
        match &self.schemes {
            Some(schemes) if !schemes.contains(&scheme) => {
                Err(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into())
            }
            _ => Ok(&self.provider),
        }
    }
}

/// The part of a rustls verifier that is the same whoever is judged, for types with `signatures`:
/// the handshake's signature is checked against the leaf's public key as it stands.
macro_rules! check_handshake_signatures {
    () => {
        fn verify_tls12_signature(
            &self,
            message: &[u8],
            cert: &rustls_pki_types::CertificateDer<'_>,
            dss: &rustls::DigitallySignedStruct,
        ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
            let provider = self.signatures.provider_for(dss.scheme)?;
            $crate::trust::leaf::verify_tls12_signature(message, cert, dss, provider)
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            cert: &rustls_pki_types::CertificateDer<'_>,
            dss: &rustls::DigitallySignedStruct,
        ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
            let provider = self.signatures.provider_for(dss.scheme)?;
            $crate::trust::leaf::verify_tls13_signature(message, cert, dss, provider)
        }

        fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
            self.signatures.supported()
        }
    };
}
pub(super) use check_handshake_signatures;

fn public_key<'a>(cert: &'a CertificateDer<'_>) -> Result<SubjectPublicKeyInfoDer<'a>, Error> {
    Certificate::parse(cert)
        .map(|certificate| SubjectPublicKeyInfoDer::from(certificate.spki))
        .ok_or_else(|| CertificateError::BadEncoding.into())
}

/// Those that are pairs of a hash and one of RFC 5246's or RFC 8422's algorithms; the post-quantum
/// ones are of TLS 1.3 alone.
fn exists_in_tls12(scheme: SignatureScheme) -> bool {
    matches!(
        scheme,
        SignatureScheme::RSA_PKCS1_SHA256
            | SignatureScheme::RSA_PKCS1_SHA384
            | SignatureScheme::RSA_PKCS1_SHA512
            | SignatureScheme::RSA_PSS_SHA256
            | SignatureScheme::RSA_PSS_SHA384
            | SignatureScheme::RSA_PSS_SHA512
            | SignatureScheme::ECDSA_NISTP256_SHA256
            | SignatureScheme::ECDSA_NISTP384_SHA384
            | SignatureScheme::ECDSA_NISTP521_SHA512
            | SignatureScheme::ED25519
    )
}
