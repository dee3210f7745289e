//! Puts a key's chain in order: its own certificate first, then each one's issuer.

use super::{key, KeyEntry};
use crate::error::{StoreError, StoreFault};
use crate::x509::Certificate;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

/// Peers follow fewer than ten; a file with more holds them for other reasons.
const MAX_CHAIN: usize = 100;

/// What happens to certificates that are not on the way from the leaf upwards.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    /// They are sent after the others: the store says that they belong to the key.
    Keep,
    /// They are left out: the store holds them for other reasons.
    Drop,
}

/// Joins a key with its certificates, which may come in any order.
///
/// # Errors
/// [`StoreFault::Unsupported`] for a key that cannot be used, [`StoreFault::Content`] where no
/// certificate is the key's.
pub(super) fn entry(
    key: PrivateKeyDer<'static>,
    certificates: Vec<CertificateDer<'static>>,
    others: Others,
) -> Result<KeyEntry, StoreError> {
    // The entry wipes the key, whatever happens below.
    let mut entry = KeyEntry {
        chain: Vec::new(),
        key,
    };
    let public = key::public_half(&entry.key)?;
    if certificates.is_empty() {
        return Err(StoreError::new(
            StoreFault::Content,
            "it holds a private key but no certificate for it",
        ));
    }
    entry.chain = order(&public, certificates, others).ok_or_else(|| {
        StoreError::new(
            StoreFault::Content,
            "it holds a private key that does not match any of its certificates; the key and the \
             certificate come from different pairs",
        )
    })?;
    Ok(entry)
}

fn order(
    public: &[u8],
    mut certificates: Vec<CertificateDer<'static>>,
    others: Others,
) -> Option<Vec<CertificateDer<'static>>> {
    let leaf = certificates.iter().position(|certificate| {
        Certificate::parse(certificate).is_some_and(|parsed| parsed.spki == public)
    })?;
    let mut chain = vec![certificates.remove(leaf)];
    while let Some(next) = chain.last().and_then(|last| issuer_of(last, &certificates)) {
        chain.push(certificates.remove(next));
        if chain.len() >= MAX_CHAIN {
            return Some(chain);
        }
    }
    if others == Others::Keep {
        for certificate in certificates {
            if chain.len() < MAX_CHAIN && !chain.contains(&certificate) {
                chain.push(certificate);
            }
        }
    }
    Some(chain)
}

fn issuer_of(of: &CertificateDer<'_>, among: &[CertificateDer<'_>]) -> Option<usize> {
    let of = Certificate::parse(of)?;
    if of.is_self_issued() {
        return None;
    }
    among.iter().position(|candidate| {
        Certificate::parse(candidate).is_some_and(|parsed| parsed.subject == of.issuer)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

    struct Pki {
        key: KeyPair,
        leaf: CertificateDer<'static>,
        middle: CertificateDer<'static>,
        root: CertificateDer<'static>,
    }

    fn params(name: &str, ca: bool) -> CertificateParams {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        if ca {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        params
    }

    fn pki() -> Pki {
        let root_key = KeyPair::generate().unwrap();
        let root_params = params("root", true);
        let root = root_params.self_signed(&root_key).unwrap();
        let root_issuer = Issuer::new(root_params, root_key);
        let middle_key = KeyPair::generate().unwrap();
        let middle_params = params("middle", true);
        let middle = middle_params.signed_by(&middle_key, &root_issuer).unwrap();
        let middle_issuer = Issuer::new(middle_params, middle_key);
        let key = KeyPair::generate().unwrap();
        let leaf = params("leaf", false)
            .signed_by(&key, &middle_issuer)
            .unwrap();
        Pki {
            key,
            leaf: leaf.der().clone(),
            middle: middle.der().clone(),
            root: root.der().clone(),
        }
    }

    fn private(key: &KeyPair) -> PrivateKeyDer<'static> {
        PrivateKeyDer::Pkcs8(key.serialize_der().into())
    }

    #[test]
    fn a_chain_in_any_order_is_put_leaf_first() {
        let pki = pki();
        let wanted = [pki.leaf.clone(), pki.middle.clone(), pki.root.clone()];
        for order in [
            [0, 1, 2],
            [0, 2, 1],
            [1, 0, 2],
            [1, 2, 0],
            [2, 0, 1],
            [2, 1, 0],
        ] {
            let mixed = order.iter().map(|index| wanted[*index].clone()).collect();
            let entry = entry(private(&pki.key), mixed, Others::Drop).unwrap();
            assert_eq!(entry.chain, wanted);
        }
    }

    #[test]
    fn unrelated_certificates_are_kept_or_dropped_but_never_doubled() {
        let pki = pki();
        let stranger = params("stranger", false)
            .self_signed(&KeyPair::generate().unwrap())
            .unwrap()
            .der()
            .clone();
        let given = vec![
            stranger.clone(),
            pki.leaf.clone(),
            pki.leaf.clone(),
            pki.middle.clone(),
        ];
        let kept = entry(private(&pki.key), given.clone(), Others::Keep).unwrap();
        assert_eq!(kept.chain, [pki.leaf.clone(), pki.middle.clone(), stranger]);
        let dropped = entry(private(&pki.key), given, Others::Drop).unwrap();
        assert_eq!(dropped.chain, [pki.leaf.clone(), pki.middle.clone()]);
    }

    #[test]
    fn a_key_without_its_certificate_is_told_so() {
        let pki = pki();
        let other = KeyPair::generate().unwrap();
        let fault = entry(private(&other), vec![pki.leaf], Others::Keep).unwrap_err();
        assert_eq!(fault.fault, StoreFault::Content);
        assert!(fault.message.contains("does not match"), "{fault}");
        let none = entry(private(&other), Vec::new(), Others::Keep).unwrap_err();
        assert_eq!(none.fault, StoreFault::Content);
        assert!(none.message.contains("no certificate"), "{none}");
    }
}
