//! A leaf that chains to an anchor.

use super::anchors::TrustAnchors;
use super::refusal::{self, Refusal};
use super::{demands, leaf};
use crate::x509::{encode, Certificate, SEQUENCE};
use rustls::crypto::CryptoProvider;
use rustls::{CertificateError, Error};
use rustls_pki_types::{CertificateDer, SubjectPublicKeyInfoDer, UnixTime};
use std::cell::Cell;
use webpki::{EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeId, KeyPurposeIdIter, KeyUsage};

/// What a certificate is shown as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Server,
    Client,
}

/// Checks a path: signatures, validity, CA:TRUE of the issuers, the lengths and names that they may
/// issue for, the purposes that an extendedKeyUsage allows, and what the JDK demands beside these.
pub(super) fn check(
    anchors: &TrustAnchors,
    end_entity: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
    now: UnixTime,
    role: Role,
    provider: &CryptoProvider,
) -> Result<(), Error> {
    if let Some(verdict) = check_outside_webpki(anchors, end_entity, now, provider) {
        return verdict;
    }
    let unmet: Cell<Option<Refusal>> = Cell::new(None);
    // Any error does, as long as it outranks that there is no other path.
    let demands = |path: &webpki::VerifiedPath<'_>| {
        demands::check(end_entity, path, role).map_err(|refusal| {
            unmet.set(Some(refusal));
            webpki::Error::EndEntityUsedAsCa
        })
    };
    EndEntityCert::try_from(end_entity)
        .map_err(refusal::of_webpki)?
        .verify_for_usage(
            provider.signature_verification_algorithms.all,
            &anchors.roots().roots,
            intermediates,
            now,
            Purpose(role),
            None,
            Some(&demands),
        )
        .map(|_| ())
        .map_err(|error| match (&error, unmet.take()) {
            (webpki::Error::EndEntityUsedAsCa, Some(refusal)) => refusal.into(),
            _ => refusal::of_webpki(error),
        })
}

/// The purpose that each certificate of a path must allow, if it has an extendedKeyUsage at all.
struct Purpose(Role);

impl ExtendedKeyUsageValidator for Purpose {
    fn validate(&self, purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        /// 2.5.29.37.0, which webpki does not let pass.
        const ANY: KeyPurposeId<'static> = KeyPurposeId::new(&[0x55, 0x1d, 0x25, 0x00]);
        let required = match self.0 {
            Role::Server => KeyUsage::server_auth(),
            Role::Client => KeyUsage::client_auth(),
        };
        let mut present = Vec::new();
        for purpose in purposes {
            let purpose = purpose?;
            let arcs = purpose.to_decoded_oid();
            if purpose == ANY || required.oid_values().eq(arcs.iter().copied()) {
                return Ok(());
            }
            present.push(arcs);
        }
        if present.is_empty() {
            return Ok(());
        }
        Err(webpki::Error::RequiredEkuNotFoundContext(
            webpki::RequiredEkuNotFoundContext { required, present },
        ))
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
        if certificate.has_extensions() {
            return Some(Err(CertificateError::BadEncoding.into()));
        }
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
