//! How a connection fails, in the words and kinds of JSSE.

use super::traffic::TrafficError;
use rustls::{AlertDescription, CertificateError, Error};
use std::fmt;

/// Which exception of `javax.net.ssl` a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// `SSLHandshakeException`.
    Handshake,
    /// `SSLPeerUnverifiedException`.
    Peer,
    /// `SSLProtocolException`.
    Protocol,
    /// `SSLException`.
    Ssl,
}

/// Why a connection is dead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Which exception it is.
    pub kind: FailureKind,
    /// What happened, with the alert's name where there is one.
    pub message: String,
}

impl Failure {
    pub(super) fn handshake(message: impl Into<String>) -> Self {
        Self {
            kind: FailureKind::Handshake,
            message: message.into(),
        }
    }

    /// Words for what rustls found during a handshake.
    pub(super) fn from_handshake(error: &Error) -> Self {
        match error {
            Error::AlertReceived(alert) => {
                Self::handshake(format!("Received fatal alert: {}", alert_name(*alert)))
            }
            Error::InvalidCertificate(reason) => Self::handshake(certificate_words(reason)),
            Error::NoCertificatesPresented => Self::handshake(
                "the client sent no certificate, but one is required (certificate_required)",
            ),
            Error::InvalidMessage(_) | Error::InappropriateMessage { .. } => Self {
                kind: FailureKind::Protocol,
                message: error.to_string(),
            },
            other => Self::handshake(other.to_string()),
        }
    }
}

impl From<TrafficError> for Failure {
    fn from(error: TrafficError) -> Self {
        Self {
            kind: FailureKind::Ssl,
            message: error.message,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

fn certificate_words(reason: &CertificateError) -> String {
    match reason {
        CertificateError::UnknownIssuer => {
            "the peer's certificate is not trusted: neither it nor its issuer is in the truststore \
             (unknown_ca)"
                .into()
        }
        CertificateError::Other(other) => other.to_string(),
        other => format!("the peer's certificate is refused: {other}"),
    }
}

/// An alert by its name in RFC 8446 §6 (`bad_record_mac`), as JSSE prints it.
pub fn alert_name(alert: AlertDescription) -> String {
    let name = match alert {
        AlertDescription::UnknownCA => return "unknown_ca".into(),
        AlertDescription::UnknownPSKIdentity => return "unknown_psk_identity".into(),
        AlertDescription::BadCertificateHashValue => return "bad_certificate_hash_value".into(),
        AlertDescription::Unknown(code) => return format!("alert {code}"),
        named => format!("{named:?}"),
    };
    let mut snake = String::with_capacity(name.len() + 4);
    for (i, c) in name.char_indices() {
        if c.is_ascii_uppercase() {
            if i > 0 {
                snake.push('_');
            }
            snake.push(c.to_ascii_lowercase());
        } else {
            snake.push(c);
        }
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_have_their_names_of_rfc_8446_section_6() {
        for (alert, name) in [
            (AlertDescription::CloseNotify, "close_notify"),
            (AlertDescription::BadRecordMac, "bad_record_mac"),
            (AlertDescription::UnknownCA, "unknown_ca"),
            (AlertDescription::CertificateRequired, "certificate_required"),
            (AlertDescription::ProtocolVersion, "protocol_version"),
            (AlertDescription::NoApplicationProtocol, "no_application_protocol"),
            (AlertDescription::Unknown(200), "alert 200"),
        ] {
            assert_eq!(alert_name(alert), name);
        }
    }
}
