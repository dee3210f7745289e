//! Verifiers that leave the verdict to the embedding program's trust managers.
//!
//! No certificate judged there goes through webpki: managers may believe what webpki cannot read
//! (X.509 v1, unusual extensions). Only the handshake's signature is checked here, against the
//! leaf's public key as it stands.

use super::leaf::{self, Signatures};
use super::managers::{Issuers, Step};
use rustls::client::danger::{ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    AlertDescription, CertificateError, DistinguishedName, Error, OtherError, SignatureScheme,
};
use std::fmt;
use std::sync::Arc;

/// A manager's refusal, which carries its alert through rustls.
#[derive(Debug)]
pub struct Refused(
    /// Description of the alert to send (RFC 8446 §6.2).
    pub u8,
);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the trust manager refused the peer ({:?})",
            AlertDescription::from(self.0)
        )
    }
}

impl std::error::Error for Refused {}

/// rustls picks the alert by the error; the nearest of its own is taken for each description.
fn refusal(alert: u8) -> Error {
    Error::InvalidCertificate(match AlertDescription::from(alert) {
        AlertDescription::CertificateExpired => CertificateError::Expired,
        AlertDescription::CertificateRevoked => CertificateError::Revoked,
        AlertDescription::UnknownCA => CertificateError::UnknownIssuer,
        AlertDescription::BadCertificate => CertificateError::BadEncoding,
        _ => CertificateError::Other(OtherError(Arc::new(Refused(alert)))),
    })
}

fn judge(
    end_entity: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
    ocsp_response: &[u8],
) -> Result<(), Error> {
    let step = Step::current().ok_or_else(nobody_to_ask)?;
    let managers = step.managers.as_ref().ok_or_else(nobody_to_ask)?;
    let mut chain: Vec<&[u8]> = Vec::with_capacity(1 + intermediates.len());
    chain.push(end_entity.as_ref());
    chain.extend(intermediates.iter().map(|cert| cert.as_ref()));
    managers
        .check_peer(&step, &chain, ocsp_response)
        .map_err(refusal)
}

fn nobody_to_ask() -> Error {
    Error::General("no trust manager to ask in this handshake step".into())
}

/// Lets managers judge servers.
#[derive(Debug)]
pub struct EmbedderServerJudge {
    signatures: Signatures,
}

impl EmbedderServerJudge {
    /// Signatures are checked by `provider`'s algorithms.
    pub fn new(provider: Arc<CryptoProvider>) -> Self {
        Self {
            signatures: Signatures::of(provider),
        }
    }

    /// Takes handshake signatures by these schemes alone; `None` for all that the provider has.
    pub fn taking(mut self, schemes: Option<Arc<[SignatureScheme]>>) -> Self {
        self.signatures.limit(schemes);
        self
    }
}

impl ServerCertVerifier for EmbedderServerJudge {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        judge(end_entity, intermediates, ocsp_response).map(|()| ServerCertVerified::assertion())
    }

    leaf::check_handshake_signatures!();
}

/// Lets managers judge clients.
#[derive(Debug)]
pub struct EmbedderClientJudge {
    mandatory: bool,
    issuers: Issuers,
    signatures: Signatures,
}

impl EmbedderClientJudge {
    /// With `mandatory`, a client without a certificate is refused; `issuers` is what clients are
    /// told of whom the managers trust.
    pub fn new(mandatory: bool, issuers: Issuers, provider: Arc<CryptoProvider>) -> Self {
        Self {
            mandatory,
            issuers,
            signatures: Signatures::of(provider),
        }
    }

    /// Takes handshake signatures by these schemes alone; `None` for all that the provider has.
    pub fn taking(mut self, schemes: Option<Arc<[SignatureScheme]>>) -> Self {
        self.signatures.limit(schemes);
        self
    }
}

impl ClientCertVerifier for EmbedderClientJudge {
    fn client_auth_mandatory(&self) -> bool {
        self.mandatory
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.issuers.0.as_deref().unwrap_or_default()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        judge(end_entity, intermediates, &[]).map(|()| ClientCertVerified::assertion())
    }

    leaf::check_handshake_signatures!();
}
