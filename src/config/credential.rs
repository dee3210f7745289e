//! Whom to be: the key and chain that a handshake shows.

use crate::error::{StoreError, StoreFault};
use crate::keystore::KeyEntry;
use crate::trust::managers::Step;
use rustls::client::ResolvesClientCert;
use rustls::crypto::CryptoProvider;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::SignatureScheme;
use std::sync::Arc;

/// Where the key comes from.
#[derive(Clone, Debug)]
pub enum Credential {
    /// There is none: a client shows no certificate, a server cannot serve.
    None,
    /// One key for every connection.
    Key(Arc<CertifiedKey>),
    /// The connection's own managers choose.
    Managers,
}

impl Credential {
    /// Takes a store's key entry.
    ///
    /// # Errors
    /// [`StoreFault::Unsupported`] for a key that aws-lc-rs does not have, [`StoreFault::Content`]
    /// for one that does not fit its certificate.
    pub fn from_entry(entry: &KeyEntry, provider: &CryptoProvider) -> Result<Self, StoreError> {
        certified_key(entry, provider).map(|key| Self::Key(Arc::new(key)))
    }
}

/// Parses a key entry once for all its connections.
///
/// # Errors
/// As [`Credential::from_entry`].
pub fn certified_key(
    entry: &KeyEntry,
    provider: &CryptoProvider,
) -> Result<CertifiedKey, StoreError> {
    let key = provider
        .key_provider
        .load_private_key(entry.key.clone_key())
        .map_err(|e| {
            StoreError::new(
                StoreFault::Unsupported,
                format!("the private key cannot be used for TLS: {e}"),
            )
        })?;
    let certified = CertifiedKey::new(entry.chain.clone(), key);
    match certified.keys_match() {
        Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::KeyMismatch)) => {
            Err(StoreError::new(
                StoreFault::Content,
                "the private key does not belong to the certificate beside it",
            ))
        }
        // A certificate that webpki cannot read (X.509 v1) is compared by the store's reader.
        _ => Ok(certified),
    }
}

/// Hands the credential to rustls and notes what was shown.
#[derive(Debug)]
pub(crate) struct Resolver(pub(crate) Credential);

impl Resolver {
    fn choose(
        &self,
        schemes: &[SignatureScheme],
        issuers: &[&[u8]],
        server_name: Option<&str>,
    ) -> Option<Arc<CertifiedKey>> {
        let step = Step::current();
        if let (Some(step), Some(name)) = (&step, server_name) {
            *step.server_name.borrow_mut() = Some(name.to_owned());
        }
        let chosen = match &self.0 {
            Credential::None => None,
            Credential::Key(key) => Some(Arc::clone(key)),
            Credential::Managers => {
                let step = step.as_ref()?;
                let managers = step.managers.as_ref()?;
                managers.choose_credential(step, schemes, issuers, server_name)
            }
        };
        if let (Some(step), Some(key)) = (&step, &chosen) {
            *step.shown.borrow_mut() = Some(Arc::clone(key));
        }
        chosen
    }
}

impl ResolvesServerCert for Resolver {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let issuers: Vec<&[u8]> = hello
            .certificate_authorities()
            .unwrap_or_default()
            .iter()
            .map(|name| name.as_ref())
            .collect();
        self.choose(hello.signature_schemes(), &issuers, hello.server_name())
    }
}

impl ResolvesClientCert for Resolver {
    fn resolve(
        &self,
        root_hint_subjects: &[&[u8]],
        sigschemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        self.choose(sigschemes, root_hint_subjects, None)
    }

    fn has_certs(&self) -> bool {
        !matches!(self.0, Credential::None)
    }
}
