//! The verdict on a client.

use super::anchors::TrustAnchors;
use super::leaf;
use super::path::{self, Role};
use super::pins::Pins;
use super::verified::VerifiedPaths;
use rustls::crypto::CryptoProvider;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DistinguishedName, Error};
use rustls_pki_types::{CertificateDer, UnixTime};
use std::sync::Arc;

/// A server's verifier, for the authentication modes need and want.
///
/// Where there are pins they alone decide whom to trust; otherwise a leaf that stands in the trust
/// store, or one whose path to an anchor is sound. A certificate that is shown must be a trusted
/// one in either mode.
#[derive(Debug)]
pub struct ClientJudge {
    anchors: Option<Arc<TrustAnchors>>,
    pins: Option<Arc<Pins>>,
    mandatory: bool,
    provider: Arc<CryptoProvider>,
    verified: VerifiedPaths,
}

impl ClientJudge {
    /// A judge by these; without anchors and pins it trusts nobody. With `mandatory` a client
    /// without certificate is refused.
    pub fn new(
        anchors: Option<Arc<TrustAnchors>>,
        pins: Option<Arc<Pins>>,
        mandatory: bool,
        provider: Arc<CryptoProvider>,
    ) -> Self {
        Self {
            anchors,
            pins,
            mandatory,
            provider,
            verified: VerifiedPaths::default(),
        }
    }
}

impl ClientCertVerifier for ClientJudge {
    fn client_auth_mandatory(&self) -> bool {
        self.mandatory
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        match (&self.pins, &self.anchors) {
            // A pinned certificate may be of any issuer.
            (None, Some(anchors)) => anchors.subjects(),
            _ => &[],
        }
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        match (&self.pins, &self.anchors) {
            (Some(pins), _) => pins.check(end_entity)?,
            (None, Some(anchors)) if anchors.leaves().contains(end_entity) => {}
            (None, Some(anchors)) => {
                self.verified.check(end_entity, intermediates, now, || {
                    path::check(
                        anchors,
                        end_entity,
                        intermediates,
                        now,
                        Role::Client,
                        &self.provider,
                    )
                })?;
            }
            (None, None) => return Err(CertificateError::UnknownIssuer.into()),
        }
        Ok(ClientCertVerified::assertion())
    }

    leaf::check_handshake_signatures!();
}
