//! A leaf that chains to an anchor.

use super::anchors::TrustAnchors;
use super::leaf;
use crate::x509::{encode, Certificate, SEQUENCE};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::CryptoProvider;
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{ParsedCertificate, WebPkiClientVerifier};
use rustls::{CertificateError, Error};
use rustls_pki_types::{CertificateDer, SubjectPublicKeyInfoDer, UnixTime};
use std::sync::Arc;

/// Checks the path of a server's certificate: signatures, validity, CA:TRUE of the issuers, name
/// constraints, and serverAuth where there is an extendedKeyUsage.
pub(super) fn check_server(
    anchors: &TrustAnchors,
    end_entity: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
    now: UnixTime,
    provider: &CryptoProvider,
) -> Result<(), Error> {
    check_outside_webpki(anchors, end_entity, now, provider).unwrap_or_else(|| {
        verify_server_cert_signed_by_trust_anchor(
            &ParsedCertificate::try_from(end_entity)?,
            anchors.roots(),
            intermediates,
            now,
            provider.signature_verification_algorithms.all,
        )
    })
}

/// Paths of clients' certificates, as [`check_server`] but for clientAuth.
#[derive(Debug)]
pub(super) struct ClientPaths {
    /// None where no trusted certificate may issue others.
    webpki: Option<Arc<dyn ClientCertVerifier>>,
}

impl ClientPaths {
    pub(super) fn new(anchors: &TrustAnchors, provider: &Arc<CryptoProvider>) -> Self {
        // The builder fails without anchors, and for revocation lists, of which there are none.
        let webpki = WebPkiClientVerifier::builder_with_provider(
            Arc::clone(anchors.roots()),
            Arc::clone(provider),
        )
        .build()
        .ok();
        Self { webpki }
    }

    pub(super) fn check(
        &self,
        anchors: &TrustAnchors,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
        provider: &CryptoProvider,
    ) -> Result<(), Error> {
        check_outside_webpki(anchors, end_entity, now, provider).unwrap_or_else(|| {
            match &self.webpki {
                Some(webpki) => webpki
                    .verify_client_cert(end_entity, intermediates, now)
                    .map(|_| ()),
                None => Err(CertificateError::UnknownIssuer.into()),
            }
        })
    }
}

/// The verdicts that webpki cannot give, or gives under a misleading name; `None` leaves it to
/// webpki.
fn check_outside_webpki(
    anchors: &TrustAnchors,
    end_entity: &CertificateDer<'_>,
    now: UnixTime,
    provider: &CryptoProvider,
) -> Option<Result<(), Error>> {
    let Some(certificate) = Certificate::parse(end_entity) else {
        return Some(Err(CertificateError::BadEncoding.into()));
    };
    if certificate.version < 3 {
        return Some(check_without_extensions(
            anchors,
            &certificate,
            now,
            provider,
        ));
    }
    // webpki would complain of CA:TRUE in a leaf, or of a leaf above another one, when the thing to
    // say is that it is a stranger's.
    let known = anchors
        .roots()
        .roots
        .iter()
        .any(|anchor| encode(SEQUENCE, &anchor.subject) == certificate.issuer);
    if (certificate.is_self_issued() && !known) || anchors.roots().is_empty() {
        return Some(Err(CertificateError::UnknownIssuer.into()));
    }
    None
}

/// A leaf of X.509 version 1 (what `openssl x509 -req` makes when it is given no extensions),
/// directly under an anchor. There is nothing in it but names, validity and key, so nothing else
/// to check.
fn check_without_extensions(
    anchors: &TrustAnchors,
    certificate: &Certificate<'_>,
    now: UnixTime,
    provider: &CryptoProvider,
) -> Result<(), Error> {
    let signed_by = |spki: &SubjectPublicKeyInfoDer<'_>| {
        let Ok(key) = webpki::RawPublicKeyEntity::try_from(spki) else {
            return false;
        };
        provider
            .signature_verification_algorithms
            .all
            .iter()
            .filter(|algorithm| {
                algorithm.signature_alg_id().as_ref() == certificate.signature_algorithm
            })
            .any(|algorithm| {
                key.verify_signature(*algorithm, certificate.tbs, certificate.signature)
                    .is_ok()
            })
    };
    let issued = anchors
        .roots()
        .roots
        .iter()
        // What constrains names would have to be checked against them.
        .filter(|anchor| anchor.name_constraints.is_none())
        .filter(|anchor| encode(SEQUENCE, &anchor.subject) == certificate.issuer)
        .any(|anchor| {
            let spki = encode(SEQUENCE, &anchor.subject_public_key_info);
            signed_by(&SubjectPublicKeyInfoDer::from(spki))
        });
    if !issued {
        return Err(CertificateError::UnknownIssuer.into());
    }
    leaf::check_validity(certificate, now)
}
