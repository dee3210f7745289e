//! Whom to be: the key and chain that a handshake shows.

use super::schemes;
use crate::error::{StoreError, StoreFault};
use crate::keystore::{KeyEntry, Store};
use crate::trust::managers::Step;
use crate::x509::Certificate;
use rustls::client::ResolvesClientCert;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{PrivateKeyDer, SubjectPublicKeyInfoDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::{Error, SignatureAlgorithm, SignatureScheme};
use std::sync::Arc;

/// Where the key comes from.
#[derive(Clone, Debug)]
pub enum Credential {
    /// There is none: a client shows no certificate, a server cannot serve.
    None,
    /// One key for every connection.
    Key(Arc<CertifiedKey>),
    /// Several, in the order in which they are tried.
    Several(Arc<[Arc<CertifiedKey>]>),
    /// The connection's own managers choose.
    Managers,
}

impl Credential {
    /// Takes a store's key entry.
    ///
    /// # Errors
    /// [`StoreFault::Unsupported`] for a key that aws-lc-rs does not have, [`StoreFault::Content`]
    /// for one that does not fit its certificate.
    pub fn from_entry(entry: &KeyEntry) -> Result<Self, StoreError> {
        certified_key(entry).map(|key| Self::Key(Arc::new(key)))
    }

    /// Takes all that a store has.
    ///
    /// # Errors
    /// As [`Self::from_entry`].
    pub fn from_store(store: &Store) -> Result<Self, StoreError> {
        let Some(first) = &store.key else {
            return Ok(Self::None);
        };
        if store.more_keys.is_empty() {
            return Self::from_entry(first);
        }
        let mut keys = vec![Arc::new(certified_key(first)?)];
        for entry in &store.more_keys {
            keys.push(Arc::new(certified_key(entry)?));
        }
        Ok(Self::Several(keys.into()))
    }
}

/// Parses a key entry once for all its connections.
///
/// # Errors
/// As [`Credential::from_entry`].
pub fn certified_key(entry: &KeyEntry) -> Result<CertifiedKey, StoreError> {
    let key = signing_key(&entry.key).map_err(|e| {
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

/// Parses a private key; nothing of `key` is left in memory that is not wiped.
///
/// # Errors
/// For a key of a kind that aws-lc-rs does not have.
pub fn signing_key(key: &PrivateKeyDer<'_>) -> Result<Arc<dyn SigningKey>, Error> {
    let key = aws_lc_rs::sign::any_supported_type(key)?;
    Ok(match key.algorithm() {
        SignatureAlgorithm::RSA => Arc::new(RsaKey(key)),
        _ => key,
    })
}

/// An RSA key that signs with SHA-256 where the peer takes it, as the JDK and OpenSSL do. rustls
/// takes the longest hash, which makes no RSA key stronger and which few processors have
/// instructions for.
#[derive(Debug)]
struct RsaKey(Arc<dyn SigningKey>);

impl SigningKey for RsaKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        const PREFERENCE: [SignatureScheme; 6] = [
            SignatureScheme::RSA_PSS_SHA256,
            SignatureScheme::RSA_PSS_SHA384,
            SignatureScheme::RSA_PSS_SHA512,
            SignatureScheme::RSA_PKCS1_SHA256,
            SignatureScheme::RSA_PKCS1_SHA384,
            SignatureScheme::RSA_PKCS1_SHA512,
        ];
        PREFERENCE
            .iter()
            .filter(|scheme| offered.contains(scheme))
            .find_map(|scheme| self.0.choose_scheme(std::slice::from_ref(scheme)))
    }

    fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'_>> {
        self.0.public_key()
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.0.algorithm()
    }
}

/// The JDK's choice: the peer's schemes in their order, and for each the first key that signs so
/// and that an issuer whom the peer trusts stands behind. Where none does, the issuers do not count:
/// the peer may trust a certificate itself.
fn choose(
    keys: &[Arc<CertifiedKey>],
    schemes: &[SignatureScheme],
    issuers: &[&[u8]],
) -> Option<Arc<CertifiedKey>> {
    let find = |among: &dyn Fn(&CertifiedKey) -> bool| {
        schemes.iter().find_map(|scheme| {
            keys.iter()
                .find(|key| key.key.choose_scheme(&[*scheme]).is_some() && among(key))
                .map(Arc::clone)
        })
    };
    find(&|key| issuers.is_empty() || is_issued_by(key, issuers)).or_else(|| find(&|_| true))
}

/// Whether one of the names is that of an issuer of the chain.
fn is_issued_by(key: &CertifiedKey, issuers: &[&[u8]]) -> bool {
    key.cert.iter().any(|der| {
        Certificate::parse(der).is_some_and(|certificate| issuers.contains(&certificate.issuer))
    })
}

/// Hands the credential to rustls and notes what was shown.
#[derive(Debug)]
pub(super) struct Resolver {
    pub(super) credential: Credential,
    /// The only signatures to make, in order of preference; `None` for what the key has.
    pub(super) schemes: Option<Arc<[SignatureScheme]>>,
}

impl Resolver {
    pub(super) fn choose(
        &self,
        schemes: &[SignatureScheme],
        issuers: &[&[u8]],
        server_name: Option<&str>,
    ) -> Option<Arc<CertifiedKey>> {
        let step = Step::current();
        if let Some(step) = &step {
            *step.peer_schemes.borrow_mut() = schemes.to_vec();
        }
        if let (Some(step), Some(name)) = (&step, server_name) {
            *step.server_name.borrow_mut() = Some(name.to_owned());
        }
        let foreseen = step.as_ref().and_then(|step| step.chosen.take());
        let chosen = foreseen.or_else(|| self.find(step.as_deref(), schemes, issuers, server_name));
        if let (Some(step), Some(key)) = (&step, &chosen) {
            *step.shown.borrow_mut() = Some(Arc::clone(key));
        }
        chosen
    }

    fn find(
        &self,
        step: Option<&Step>,
        offered: &[SignatureScheme],
        issuers: &[&[u8]],
        server_name: Option<&str>,
    ) -> Option<Arc<CertifiedKey>> {
        let usable: Vec<SignatureScheme>;
        let common = match &self.schemes {
            None => offered,
            Some(own) => {
                let may = |scheme: &&SignatureScheme| own.contains(scheme);
                usable = offered.iter().filter(may).copied().collect();
                &usable
            }
        };
        let found = match &self.credential {
            Credential::None => None,
            Credential::Key(key) => Some(Arc::clone(key)),
            Credential::Several(keys) => choose(keys, common, issuers),
            Credential::Managers => {
                let step = step?;
                let managers = step.managers.as_ref()?;
                managers.choose_credential(step, common, issuers, server_name)
            }
        };
        Some(match &self.schemes {
            None => found?,
            Some(own) => Arc::new(schemes::signing_by(found?.as_ref(), own)),
        })
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
        !matches!(self.credential, Credential::None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256};
    use rustls::pki_types::PrivatePkcs8KeyDer;

    fn key(algorithm: &'static rcgen::SignatureAlgorithm) -> Arc<dyn SigningKey> {
        let der = KeyPair::generate_for(algorithm).unwrap().serialize_der();
        let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(der));
        signing_key(&der).unwrap()
    }

    fn chosen(key: &Arc<dyn SigningKey>, offered: &[SignatureScheme]) -> Option<SignatureScheme> {
        key.choose_scheme(offered).map(|signer| signer.scheme())
    }

    #[test]
    fn rsa_keys_sign_with_pss_and_sha_256_where_the_peer_takes_it() {
        use SignatureScheme as S;
        let rsa = key(&PKCS_RSA_SHA256);
        assert_eq!(
            chosen(
                &rsa,
                &[S::RSA_PKCS1_SHA256, S::RSA_PSS_SHA512, S::RSA_PSS_SHA256]
            ),
            Some(S::RSA_PSS_SHA256)
        );
        assert_eq!(
            chosen(&rsa, &[S::RSA_PKCS1_SHA256, S::RSA_PSS_SHA384]),
            Some(S::RSA_PSS_SHA384)
        );
        assert_eq!(
            chosen(&rsa, &[S::RSA_PKCS1_SHA512]),
            Some(S::RSA_PKCS1_SHA512)
        );
        assert_eq!(chosen(&rsa, &[S::ED25519]), None);
        assert!(rsa.public_key().is_some());
    }

    #[test]
    fn other_keys_sign_as_they_can() {
        use SignatureScheme as S;
        let ec = key(&PKCS_ECDSA_P256_SHA256);
        assert_eq!(
            chosen(&ec, &[S::RSA_PSS_SHA256, S::ECDSA_NISTP256_SHA256]),
            Some(S::ECDSA_NISTP256_SHA256)
        );
        assert_eq!(chosen(&ec, &[S::RSA_PSS_SHA256]), None);
    }
}
