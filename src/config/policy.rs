//! Protocols, cipher suites and key exchange groups: JSSE names, IANA code points and what rustls
//! has of them.

use rustls::crypto::{aws_lc_rs, SupportedKxGroup};
use rustls::{
    NamedGroup, SignatureAlgorithm, SignatureScheme, SupportedCipherSuite, SupportedProtocolVersion,
};

/// A protocol version that can be negotiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// RFC 5246.
    Tls12,
    /// RFC 8446.
    Tls13,
}

impl Protocol {
    /// Reads a JSSE name (`TLSv1.2`, `TLSv1.3`); `None` for versions that are not to be had.
    pub fn from_jsse_name(name: &str) -> Option<Self> {
        match name {
            "TLSv1.2" => Some(Self::Tls12),
            "TLSv1.3" => Some(Self::Tls13),
            _ => None,
        }
    }

    pub(crate) fn rustls(self) -> &'static SupportedProtocolVersion {
        match self {
            Self::Tls12 => &rustls::version::TLS12,
            Self::Tls13 => &rustls::version::TLS13,
        }
    }
}

/// The JSSE name of a suite, which is the IANA name; `None` for what JSSE has no name for.
///
/// rustls' own names differ for TLS 1.3 (`TLS13_…`), where JSSE and RFC 8446 §B.4 say `TLS_…`.
pub fn jsse_suite_name(suite: SupportedCipherSuite) -> String {
    let name = format!("{:?}", suite.suite());
    match name.strip_prefix("TLS13_") {
        Some(rest) => format!("TLS_{rest}"),
        None => name,
    }
}

/// All suites that there are, in order of preference.
pub fn all_suites() -> &'static [SupportedCipherSuite] {
    aws_lc_rs::ALL_CIPHER_SUITES
}

/// Keeps of the JSSE `names` those that rustls has, in the order of `names`.
pub fn suites_by_name<S: AsRef<str>>(names: &[S]) -> Vec<SupportedCipherSuite> {
    let mut found: Vec<SupportedCipherSuite> = Vec::new();
    for name in names {
        let known = all_suites()
            .iter()
            .find(|suite| jsse_suite_name(**suite) == name.as_ref());
        if let Some(suite) = known {
            if !found.iter().any(|f| f.suite() == suite.suite()) {
                found.push(*suite);
            }
        }
    }
    found
}

/// The suite of this code point.
pub(super) fn suite_by_code(code: u16) -> Option<SupportedCipherSuite> {
    all_suites()
        .iter()
        .find(|suite| u16::from(suite.suite()) == code)
        .copied()
}

/// What kind of key makes such signatures in TLS 1.2.
pub(super) fn signature_algorithm(scheme: SignatureScheme) -> Option<SignatureAlgorithm> {
    match scheme {
        SignatureScheme::RSA_PKCS1_SHA256
        | SignatureScheme::RSA_PKCS1_SHA384
        | SignatureScheme::RSA_PKCS1_SHA512
        | SignatureScheme::RSA_PSS_SHA256
        | SignatureScheme::RSA_PSS_SHA384
        | SignatureScheme::RSA_PSS_SHA512 => Some(SignatureAlgorithm::RSA),
        SignatureScheme::ECDSA_NISTP256_SHA256
        | SignatureScheme::ECDSA_NISTP384_SHA384
        | SignatureScheme::ECDSA_NISTP521_SHA512 => Some(SignatureAlgorithm::ECDSA),
        SignatureScheme::ED25519 => Some(SignatureAlgorithm::ED25519),
        _ => None,
    }
}

/// The JSSE name of a key exchange group (`x25519`, `secp256r1`, `X25519MLKEM768`, …).
pub fn jsse_group_name(group: NamedGroup) -> String {
    match group {
        NamedGroup::X25519 => "x25519".into(),
        NamedGroup::X448 => "x448".into(),
        // As the IANA's registry writes them, and the JDK.
        NamedGroup::secp256r1MLKEM768 => "SecP256r1MLKEM768".into(),
        other => format!("{other:?}"),
    }
}

/// All groups that there are, in order of preference. Those of ML-KEM alone are not among them:
/// JSSE has no name for them.
pub fn all_groups() -> impl Iterator<Item = &'static dyn SupportedKxGroup> {
    aws_lc_rs::ALL_KX_GROUPS
        .iter()
        .copied()
        .filter(|group| !matches!(group.name(), NamedGroup::MLKEM768 | NamedGroup::MLKEM1024))
}

/// Code points of the groups that are offered unless others are asked for.
pub fn default_groups() -> Vec<u16> {
    aws_lc_rs::DEFAULT_KX_GROUPS
        .iter()
        .map(|group| group.name().into())
        .collect()
}

/// Code points of the groups of these JSSE names, in their order; those that rustls lacks are left
/// out.
pub fn groups_by_name<S: AsRef<str>>(names: &[S]) -> Vec<u16> {
    let mut found = Vec::new();
    for name in names {
        let known = all_groups().find(|group| jsse_group_name(group.name()) == name.as_ref());
        if let Some(code) = known.map(|group| u16::from(group.name())) {
            if !found.contains(&code) {
                found.push(code);
            }
        }
    }
    found
}

/// The groups of these code points, in their order.
pub(super) fn groups_by_code(codes: &[u16]) -> Vec<&'static dyn SupportedKxGroup> {
    codes
        .iter()
        .filter_map(|code| all_groups().find(|group| u16::from(group.name()) == *code))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_jsse() {
        let names: Vec<String> = all_suites().iter().map(|s| jsse_suite_name(*s)).collect();
        assert_eq!(
            names,
            [
                "TLS_AES_256_GCM_SHA384",
                "TLS_AES_128_GCM_SHA256",
                "TLS_CHACHA20_POLY1305_SHA256",
                "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            ]
        );
    }

    #[test]
    fn what_rustls_lacks_is_left_out_and_the_order_is_kept() {
        let suites = suites_by_name(&[
            "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        ]);
        let names: Vec<String> = suites.iter().map(|s| jsse_suite_name(*s)).collect();
        assert_eq!(
            names,
            [
                "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
            ]
        );
    }

    #[test]
    fn groups_have_jsse_names() {
        let names: Vec<String> = all_groups().map(|g| jsse_group_name(g.name())).collect();
        assert_eq!(
            names,
            [
                "X25519MLKEM768",
                "SecP256r1MLKEM768",
                "x25519",
                "secp256r1",
                "secp384r1"
            ]
        );
        let codes: Vec<u16> = all_groups().map(|g| g.name().into()).collect();
        assert_eq!(groups_by_name(&names), codes);
        assert_eq!(groups_by_code(&codes).len(), codes.len());
    }

    #[test]
    fn post_quantum_comes_first_by_default() {
        // X25519MLKEM768, x25519, secp256r1, secp384r1.
        assert_eq!(default_groups(), [0x11ec, 0x001d, 0x0017, 0x0018]);
    }

    #[test]
    fn groups_that_rustls_lacks_are_left_out() {
        assert_eq!(
            groups_by_name(&["ffdhe2048", "x25519", "secp521r1", "secp256r1", "x25519"]),
            [0x001d, 0x0017]
        );
    }
}
