//! Whether a certificate is for the host that was asked for (RFC 6125, RFC 9525).

use crate::x509::Certificate;
use rustls::client::verify_server_name;
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, Error};
use rustls_pki_types::{CertificateDer, ServerName};

/// Looks for the host among the subject alternative names: DNS names with wildcards, or IP
/// addresses. A certificate's common name does not count.
///
/// # Errors
/// [`CertificateError::NotValidForName`], or the like with the names that it is for.
pub fn check(certificate: &CertificateDer<'_>, host: &ServerName<'_>) -> Result<(), Error> {
    match ParsedCertificate::try_from(certificate) {
        Ok(parsed) => verify_server_name(&parsed, host),
        // A certificate before version 3 has no place for alternative names.
        Err(_) if Certificate::parse(certificate).is_some_and(|parsed| parsed.version < 3) => {
            Err(CertificateError::NotValidForName.into())
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, DnType, KeyPair};

    fn certificate(names: &[&str]) -> CertificateDer<'static> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params
            .distinguished_name
            .push(DnType::CommonName, "common.example");
        params
            .self_signed(&KeyPair::generate().unwrap())
            .unwrap()
            .der()
            .clone()
    }

    fn fits(certificate: &CertificateDer<'_>, host: &str) -> bool {
        check(certificate, &ServerName::try_from(host).unwrap()).is_ok()
    }

    #[test]
    fn hosts_are_looked_up_among_the_alternative_names() {
        let certificate = certificate(&["node1.example", "*.apps.example", "10.0.0.7", "fe80::7"]);
        for host in [
            "node1.example",
            "NODE1.example",
            "a.apps.example",
            "10.0.0.7",
            "fe80::7",
        ] {
            assert!(fits(&certificate, host), "{host}");
        }
        for host in [
            "node2.example",
            "example",
            "apps.example",
            "a.b.apps.example",
            "10.0.0.8",
            "fe80::8",
            "common.example",
        ] {
            assert!(!fits(&certificate, host), "{host}");
        }
    }

    #[test]
    fn a_certificate_without_alternative_names_is_for_no_host() {
        let certificate = certificate(&[]);
        let host = ServerName::try_from("common.example").unwrap();
        assert!(matches!(
            check(&certificate, &host),
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForNameContext { .. }
            ))
        ));
    }
}
