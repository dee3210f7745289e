//! The verdict on a server.

use super::anchors::TrustAnchors;
use super::belief::Belief;
use super::leaf::Signatures;
use super::path::Role;
use super::pins::Pins;
use super::{leaf, names};
use rustls::client::danger::{ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::{Error, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use std::sync::Arc;

/// A client's verifier.
///
/// Whoever is believed, and by whatever: the host is looked up among the certificate's names where
/// that is asked for.
#[derive(Debug)]
pub struct ServerJudge {
    belief: Belief,
    verify_hostname: bool,
    signatures: Signatures,
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
            belief: Belief::new(anchors, pins),
            verify_hostname,
            signatures: Signatures::of(provider),
        }
    }

    /// Takes handshake signatures by these schemes alone; `None` for all that the provider has.
    pub fn taking(mut self, schemes: Option<Arc<[SignatureScheme]>>) -> Self {
        self.signatures.limit(schemes);
        self
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
        self.belief.check(
            end_entity,
            intermediates,
            now,
            Role::Server,
            self.signatures.provider(),
        )?;
        if self.verify_hostname {
            names::check(end_entity, server_name)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    leaf::check_handshake_signatures!();
}
