//! The verdict on a client.

use super::anchors::TrustAnchors;
use super::belief::Belief;
use super::leaf;
use super::leaf::Signatures;
use super::path::Role;
use super::pins::Pins;
use rustls::crypto::CryptoProvider;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DistinguishedName, Error, SignatureScheme};
use rustls_pki_types::{CertificateDer, UnixTime};
use std::sync::Arc;

/// A server's verifier, for the authentication modes need and want.
///
/// A certificate that is shown must be a trusted one in either mode.
#[derive(Debug)]
pub struct ClientJudge {
    belief: Belief,
    mandatory: bool,
    signatures: Signatures,
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
            belief: Belief::new(anchors, pins),
            mandatory,
            signatures: Signatures::of(provider),
        }
    }

    /// Takes handshake signatures by these schemes alone; `None` for all that the provider has.
    pub fn taking(mut self, schemes: Option<Arc<[SignatureScheme]>>) -> Self {
        self.signatures.limit(schemes);
        self
    }
}

impl ClientCertVerifier for ClientJudge {
    fn client_auth_mandatory(&self) -> bool {
        self.mandatory
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.belief.subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.belief.check(
            end_entity,
            intermediates,
            now,
            Role::Client,
            self.signatures.provider(),
        )?;
        Ok(ClientCertVerified::assertion())
    }

    leaf::check_handshake_signatures!();
}
