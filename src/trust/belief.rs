//! Whose certificate is believed, whichever end shows it.

use super::anchors::TrustAnchors;
use super::path::{self, Role};
use super::pins::Pins;
use super::verified::VerifiedPaths;
use rustls::crypto::CryptoProvider;
use rustls::{CertificateError, DistinguishedName, Error};
use rustls_pki_types::{CertificateDer, UnixTime};
use std::sync::Arc;

/// Where there are pins they alone decide whom to trust; otherwise a leaf that stands in the trust
/// store, or one whose path to an anchor is sound. Without anchors and pins nobody is trusted.
#[derive(Debug)]
pub(super) struct Belief {
    anchors: Option<Arc<TrustAnchors>>,
    pins: Option<Arc<Pins>>,
    verified: VerifiedPaths,
}

impl Belief {
    pub(super) fn new(anchors: Option<Arc<TrustAnchors>>, pins: Option<Arc<Pins>>) -> Self {
        Self {
            anchors,
            pins,
            verified: VerifiedPaths::default(),
        }
    }

    /// Whose certificates a peer may choose from; empty where they may be of any issuer.
    pub(super) fn subjects(&self) -> &[DistinguishedName] {
        match (&self.pins, &self.anchors) {
            (None, Some(anchors)) => anchors.subjects(),
            _ => &[],
        }
    }

    /// The verdict on a peer in this role.
    pub(super) fn check(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
        role: Role,
        provider: &CryptoProvider,
    ) -> Result<(), Error> {
        match (&self.pins, &self.anchors) {
            (Some(pins), _) => pins.check(end_entity),
            (None, Some(anchors)) if anchors.leaves().contains(end_entity) => Ok(()),
            (None, Some(anchors)) => self.verified.check(end_entity, intermediates, now, || {
                path::check(anchors, end_entity, intermediates, now, role, provider)
            }),
            (None, None) => Err(CertificateError::UnknownIssuer.into()),
        }
    }
}
