//! A trust store's certificates, prepared once for all connections of a context.

use super::leaf::TrustedLeaves;
use crate::error::{StoreError, StoreFault};
use crate::x509::{Certificate, Reader, SEQUENCE};
use rustls::{DistinguishedName, RootCertStore};
use rustls_pki_types::{CertificateDer, Der, TrustAnchor};
use std::collections::HashSet;
use std::sync::Arc;

/// What a peer's certificate may be, or chain to.
#[derive(Debug)]
pub struct TrustAnchors {
    roots: Arc<RootCertStore>,
    leaves: TrustedLeaves,
    subjects: Vec<DistinguishedName>,
    remarks: Vec<String>,
}

impl TrustAnchors {
    /// Takes a trust store's certificates.
    ///
    /// Each is trusted as it stands when a peer shows it. Those that may issue certificates, by the
    /// JDK's rule (versions 1 and 2; version 3 with CA:TRUE and, where there is a keyUsage,
    /// keyCertSign), are anchors of paths too, intermediates as well as roots. One that cannot be
    /// read is left out, which [`Self::remarks`] tells.
    ///
    /// # Errors
    /// [`StoreFault::Content`] where no certificate is left.
    pub fn new(certs: &[CertificateDer<'static>]) -> Result<Self, StoreError> {
        let mut roots = RootCertStore::empty();
        let mut leaves = TrustedLeaves::default();
        let mut subjects = Subjects::default();
        let mut remarks = Vec::new();
        for (index, der) in certs.iter().enumerate() {
            let Some(certificate) = Certificate::parse(der) else {
                remarks.push(format!(
                    "trusted certificate {} cannot be read and is left out",
                    index + 1
                ));
                continue;
            };
            leaves.add(der);
            subjects.remember(certificate.subject);
            if certificate.may_issue() {
                match anchor(der, &certificate) {
                    Some(anchor) => roots.roots.push(anchor),
                    None => remarks.push(format!(
                        "trusted certificate {} has name constraints that cannot be read; it is no \
                         anchor for others",
                        index + 1
                    )),
                }
            } else {
                // A client that goes by the names may have this very certificate; it looks for its
                // issuer among them.
                subjects.remember(certificate.issuer);
            }
        }
        if leaves.is_empty() {
            return Err(StoreError::new(
                StoreFault::Content,
                "there is no trusted certificate that can be read; import the peers' certificates \
                 or their CA's",
            ));
        }
        Ok(Self {
            roots: Arc::new(roots),
            leaves,
            subjects: sendable(subjects.names),
            remarks,
        })
    }

    /// What the operator should know of certificates that do not count in full.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// The names to ask clients for certificates of: for CertificateRequest.
    pub fn subjects(&self) -> &[DistinguishedName] {
        &self.subjects
    }

    pub(super) fn roots(&self) -> &Arc<RootCertStore> {
        &self.roots
    }

    pub(super) fn leaves(&self) -> &TrustedLeaves {
        &self.leaves
    }
}

/// Names, each once.
#[derive(Default)]
struct Subjects {
    names: Vec<DistinguishedName>,
    known: HashSet<Vec<u8>>,
}

impl Subjects {
    fn remember(&mut self, name: &[u8]) {
        let Some(element) = Reader::new(name).expect(SEQUENCE) else {
            return;
        };
        if !element.value.is_empty() && self.known.insert(name.to_vec()) {
            self.names
                .push(DistinguishedName::in_sequence(element.value));
        }
    }
}

/// Names to tell clients of, from their DER; those that are none are left out.
pub fn sendable_names<'a>(names: impl IntoIterator<Item = &'a [u8]>) -> Vec<DistinguishedName> {
    let mut subjects = Subjects::default();
    for name in names {
        subjects.remember(name);
    }
    sendable(subjects.names)
}

/// The list has a two-octet length (RFC 8446 §4.2.4); one that does not fit is left out, which
/// means that any will do. The JDK's default CAs stay far below.
fn sendable(subjects: Vec<DistinguishedName>) -> Vec<DistinguishedName> {
    const ROOM: usize = 60_000;
    let length: usize = subjects.iter().map(|name| name.as_ref().len() + 2).sum();
    if length > ROOM {
        Vec::new()
    } else {
        subjects
    }
}

/// webpki reads versions 1 and 3 alone, and not all of them; an anchor is its name, key and name
/// constraints, so one without the last can be taken from any certificate.
fn anchor(
    der: &CertificateDer<'static>,
    certificate: &Certificate<'_>,
) -> Option<TrustAnchor<'static>> {
    if let Ok(anchor) = webpki::anchor_from_trusted_cert(der) {
        return Some(anchor.to_owned());
    }
    if certificate.constrains_names() {
        return None;
    }
    Some(TrustAnchor {
        subject: Der::from(contents(certificate.subject)?.to_vec()),
        subject_public_key_info: Der::from(contents(certificate.spki)?.to_vec()),
        name_constraints: None,
    })
}

fn contents(sequence: &[u8]) -> Option<&[u8]> {
    Some(Reader::new(sequence).expect(SEQUENCE)?.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, DnType, KeyPair};

    fn certificate(name: &str, ca: bool) -> CertificateDer<'static> {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        if ca {
            params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        }
        params
            .self_signed(&KeyPair::generate().unwrap())
            .unwrap()
            .der()
            .clone()
    }

    #[test]
    fn one_unreadable_certificate_does_not_spoil_the_others() {
        let anchors = TrustAnchors::new(&[
            CertificateDer::from(vec![0x30, 0x03, 1, 1, 1]),
            certificate("ca", true),
        ])
        .unwrap();
        assert_eq!(anchors.roots().len(), 1);
        assert_eq!(anchors.subjects().len(), 1);
        assert_eq!(
            anchors.remarks(),
            ["trusted certificate 1 cannot be read and is left out"]
        );
    }

    #[test]
    fn nothing_readable_is_an_error() {
        for certs in [Vec::new(), vec![CertificateDer::from(vec![1, 2, 3])]] {
            let error = TrustAnchors::new(&certs).unwrap_err();
            assert_eq!(error.fault, StoreFault::Content);
        }
    }

    #[test]
    fn a_leaf_is_no_anchor_but_is_asked_for() {
        let anchors = TrustAnchors::new(&[certificate("leaf", false)]).unwrap();
        assert!(anchors.roots().is_empty());
        assert_eq!(anchors.subjects().len(), 1);
    }

    #[test]
    fn a_list_of_names_too_long_to_send_is_left_out() {
        let name = |length: usize| DistinguishedName::in_sequence(&vec![0; length]);
        assert_eq!(sendable(vec![name(100)]).len(), 1);
        assert!(sendable(vec![name(30_000), name(30_000)]).is_empty());
    }
}
