//! What the JDK demands of a path, and webpki does not: nothing that the JDK refuses is to be
//! believed here.

use super::common_names;
use super::path::Role;
use super::refusal::Refusal;
use crate::x509::{
    extension_id, named_bit, Certificate, Extension, Reader, DIGITAL_SIGNATURE, KEY_CERT_SIGN,
    SEQUENCE,
};
use rustls_pki_types::CertificateDer;

/// Context tag 0, IMPLICIT INTEGER: requireExplicitPolicy (RFC 5280 §4.2.1.11).
const REQUIRE_EXPLICIT_POLICY: u8 = 0x80;

/// Checks a path that webpki has found sound.
pub(super) fn check(
    end_entity: &CertificateDer<'_>,
    path: &webpki::VerifiedPath<'_>,
    role: Role,
) -> Result<(), Refusal> {
    let issuers: Vec<CertificateDer<'_>> = path
        .intermediate_certificates()
        .map(|issuer| issuer.der())
        .collect();
    let mut certificates = vec![(Subject::parse(end_entity)?)];
    for issuer in &issuers {
        certificates.push(Subject::parse(issuer)?);
    }
    for (height, subject) in certificates.iter().enumerate() {
        check_any(subject)?;
        if height == 0 {
            check_leaf(subject, role)?;
        } else {
            check_issuer(subject)?;
        }
    }
    // Each constrains all that is below it, the anchor too.
    for (height, issuer) in certificates.iter().enumerate().skip(1) {
        if let Some(constraints) = issuer.value(&extension_id::NAME_CONSTRAINTS) {
            let contents = Reader::new(constraints)
                .expect(SEQUENCE)
                .map(|all| all.value);
            check_names(contents.unwrap_or_default(), certificates.get(..height))?;
        }
    }
    if let Some(constraints) = &path.anchor().name_constraints {
        check_names(constraints, Some(&certificates))?;
    }
    Ok(())
}

fn check_names(constraints: &[u8], below: Option<&[Subject<'_>]>) -> Result<(), Refusal> {
    for subject in below.unwrap_or_default() {
        common_names::check(
            subject.certificate.subject,
            subject.value(&extension_id::SUBJECT_ALT_NAME),
            constraints,
        )?;
    }
    Ok(())
}

/// A certificate and its extensions.
struct Subject<'a> {
    certificate: Certificate<'a>,
    extensions: Vec<Extension<'a>>,
}

impl<'a> Subject<'a> {
    fn parse(der: &'a CertificateDer<'_>) -> Result<Self, Refusal> {
        let parts = || {
            let certificate = Certificate::parse(der)?;
            let extensions = certificate.extensions()?;
            Some(Self {
                certificate,
                extensions,
            })
        };
        parts().ok_or(Refusal("it, or an issuer, cannot be read"))
    }

    fn find(&self, id: &[u8]) -> Option<&Extension<'a>> {
        self.extensions.iter().find(|extension| extension.id == id)
    }

    fn value(&self, id: &[u8]) -> Option<&'a [u8]> {
        self.find(id).map(|extension| extension.value)
    }
}

fn check_any(subject: &Subject<'_>) -> Result<(), Refusal> {
    for (index, extension) in subject.extensions.iter().enumerate() {
        let doubled = subject
            .extensions
            .iter()
            .skip(index + 1)
            .any(|other| other.id == extension.id);
        if doubled {
            return Err(Refusal("it, or an issuer, has an extension twice"));
        }
    }
    if subject
        .find(&extension_id::CRL_DISTRIBUTION_POINTS)
        .is_some_and(|points| points.critical)
    {
        return Err(Refusal(
            "it, or an issuer, has cRLDistributionPoints marked as critical",
        ));
    }
    // Policies are not followed here; what insists on one goes no further.
    let insists = subject
        .value(&extension_id::POLICY_CONSTRAINTS)
        .is_some_and(|constraints| {
            Reader::new(constraints)
                .expect(SEQUENCE)
                .is_none_or(|all| Reader::new(all.value).peek() == Some(REQUIRE_EXPLICIT_POLICY))
        });
    if insists {
        return Err(Refusal(
            "it, or an issuer, insists on certificate policies (policyConstraints \
             requireExplicitPolicy)",
        ));
    }
    Ok(())
}

/// Handshakes sign with the leaf's key, on both sides.
fn check_leaf(leaf: &Subject<'_>, role: Role) -> Result<(), Refusal> {
    if !allows(leaf, &extension_id::KEY_USAGE, DIGITAL_SIGNATURE) {
        return Err(Refusal(
            "its keyUsage lacks digitalSignature, by which handshakes are signed",
        ));
    }
    let (bit, words) = match role {
        Role::Client => (0, "its netscape-cert-type is not for TLS clients"),
        Role::Server => (1, "its netscape-cert-type is not for TLS servers"),
    };
    if !allows(leaf, &extension_id::NETSCAPE_CERT_TYPE, bit) {
        return Err(Refusal(words));
    }
    Ok(())
}

fn check_issuer(issuer: &Subject<'_>) -> Result<(), Refusal> {
    if !allows(issuer, &extension_id::KEY_USAGE, KEY_CERT_SIGN) {
        return Err(Refusal("the keyUsage of an issuer lacks keyCertSign"));
    }
    Ok(())
}

/// Whether the extension is missing, or has the bit; one that is no BIT STRING allows nothing.
fn allows(subject: &Subject<'_>, id: &[u8], bit: usize) -> bool {
    subject
        .value(id)
        .is_none_or(|bits| named_bit(bits, bit) == Some(true))
}
