//! Protocols and cipher suites: JSSE names, IANA code points and what rustls has of them.

use rustls::crypto::aws_lc_rs;
use rustls::{SupportedCipherSuite, SupportedProtocolVersion};

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

/// The JSSE name of a key exchange group (`x25519`, `secp256r1`, `X25519MLKEM768`, …).
pub fn jsse_group_name(group: rustls::NamedGroup) -> String {
    use rustls::NamedGroup;
    match group {
        NamedGroup::X25519 => "x25519".into(),
        NamedGroup::X448 => "x448".into(),
        other => format!("{other:?}"),
    }
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
        let names: Vec<String> = aws_lc_rs::default_provider()
            .kx_groups
            .iter()
            .map(|g| jsse_group_name(g.name()))
            .collect();
        assert_eq!(
            names,
            ["X25519MLKEM768", "x25519", "secp256r1", "secp384r1"]
        );
    }
}
