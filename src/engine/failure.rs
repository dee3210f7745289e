//! How a connection fails, in the words and kinds of JSSE.

use super::traffic::{alert_name, TrafficError};
use rustls::{CertificateError, Error};
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
            Error::NoCertificatesPresented => {
                Self::handshake("the client sent no certificate, but one is required")
            }
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
