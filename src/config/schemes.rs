//! Keys that sign by some schemes only, because the connection is to use no others.

use rustls::pki_types::SubjectPublicKeyInfoDer;
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::{SignatureAlgorithm, SignatureScheme};
use std::sync::Arc;

/// A key that signs by these schemes, the first that the peer takes, too.
#[derive(Debug)]
struct ChosenSchemes {
    key: Arc<dyn SigningKey>,
    schemes: Arc<[SignatureScheme]>,
}

impl SigningKey for ChosenSchemes {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        self.schemes
            .iter()
            .filter(|scheme| offered.contains(scheme))
            .find_map(|scheme| self.key.choose_scheme(std::slice::from_ref(scheme)))
    }

    fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'_>> {
        self.key.public_key()
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.key.algorithm()
    }
}

/// The same key and chain, for signatures by `schemes` alone, in order of preference.
pub(super) fn signing_by(key: &CertifiedKey, schemes: &Arc<[SignatureScheme]>) -> CertifiedKey {
    let mut limited = key.clone();
    limited.key = Arc::new(ChosenSchemes {
        key: Arc::clone(&key.key),
        schemes: Arc::clone(schemes),
    });
    limited
}
