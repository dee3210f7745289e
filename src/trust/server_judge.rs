//! The verdict on a server.

use super::anchors::TrustAnchors;
use super::path::{self, Role};
use super::pins::Pins;
use super::verified::VerifiedPaths;
use super::{leaf, names};
use rustls::client::danger::{ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::{CertificateError, Error};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use std::sync::Arc;

/// A client's verifier.
///
/// Where there are pins they alone decide whom to trust; otherwise a leaf that stands in the trust
/// store, or one whose path to an anchor is sound. The host is looked up among the certificate's
/// names in either case, where that is asked for.
#[derive(Debug)]
pub struct ServerJudge {
    anchors: Option<Arc<TrustAnchors>>,
    pins: Option<Arc<Pins>>,
    verify_hostname: bool,
    provider: Arc<CryptoProvider>,
    verified: VerifiedPaths,
}

impl ServerJudge {
    /// A judge by these; without anchors and pins it trusts nobody.
    pub fn new(
        anchors: Option<Arc<TrustAnchors>>,
        pins: Option<Arc<Pins>>,
        verify_hostname: bool,
        provider: Arc<CryptoProvider>,
    ) -> Self {
        Self {
            anchors,
            pins,
            verify_hostname,
            provider,
            verified: VerifiedPaths::default(),
        }
    }
}

impl ServerCertVerifier for ServerJudge {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
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
                        Role::Server,
                        &self.provider,
                    )
                })?;
            }
            (None, None) => return Err(CertificateError::UnknownIssuer.into()),
        }
        if self.verify_hostname {
            names::check(end_entity, server_name)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    leaf::check_handshake_signatures!();
}
