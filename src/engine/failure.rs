//! How a connection fails, in the words and kinds of JSSE.

use super::traffic::{alert_name, TrafficError};
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

/// The alert that ended a connection, by who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastAlert {
    /// Ours.
    Sent(AlertDescription),
    /// The peer's.
    Received(AlertDescription),
}

impl LastAlert {
    /// For counters and events: `sent unknown_ca`, `received bad_certificate`.
    pub fn name(self) -> String {
        match self {
            Self::Sent(alert) => format!("sent {}", alert_name(alert)),
            Self::Received(alert) => format!("received {}", alert_name(alert)),
        }
    }
}

/// Why a connection is dead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Which exception it is.
    pub kind: FailureKind,
    /// What happened, with the alert's name where there is one.
    pub message: String,
    /// The alert that goes with it, where there is one and it is known.
    pub alert: Option<LastAlert>,
}

impl Failure {
    pub(super) fn handshake(message: impl Into<String>) -> Self {
        Self {
            kind: FailureKind::Handshake,
            message: message.into(),
            alert: None,
        }
    }

    /// Words for what rustls found during a handshake.
    ///
    /// `sent` is the alert that waits to be sent in the clear, where one does.
    pub(super) fn from_handshake(error: &Error, sent: Option<AlertDescription>) -> Self {
        let alert = match error {
            Error::AlertReceived(alert) => Some(LastAlert::Received(*alert)),
            _ => sent.or_else(|| encrypted_alert(error)).map(LastAlert::Sent),
        };
        Self {
            alert,
            ..Self::words(error)
        }
    }

    fn words(error: &Error) -> Self {
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
                alert: None,
            },
            other => Self::handshake(other.to_string()),
        }
    }
}

impl From<TrafficError> for Failure {
    fn from(error: TrafficError) -> Self {
        Self {
            kind: FailureKind::Ssl,
            alert: error
                .alert_sent
                .map(LastAlert::Sent)
                .or(error.alert_received.map(LastAlert::Received)),
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

/// What rustls sends for an error where the alert itself cannot be seen; `None` where that depends
/// on more than the error.
fn encrypted_alert(error: &Error) -> Option<AlertDescription> {
    match error {
        Error::InvalidCertificate(reason) => Some(reason.clone().into()),
        Error::InvalidMessage(reason) => Some((*reason).into()),
        Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. } => {
            Some(AlertDescription::UnexpectedMessage)
        }
        Error::NoCertificatesPresented => Some(AlertDescription::CertificateRequired),
        Error::DecryptError => Some(AlertDescription::BadRecordMac),
        Error::PeerSentOversizedRecord => Some(AlertDescription::RecordOverflow),
        _ => None,
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(error: Error, sent: Option<AlertDescription>) -> Option<String> {
        Failure::from_handshake(&error, sent)
            .alert
            .map(LastAlert::name)
    }

    #[test]
    fn the_alert_tells_who_has_sent_it() {
        let received = Error::AlertReceived(AlertDescription::UnknownCA);
        assert_eq!(alert(received, None).unwrap(), "received unknown_ca");
        let refused = Error::InvalidCertificate(CertificateError::Expired);
        assert_eq!(alert(refused, None).unwrap(), "sent certificate_expired");
    }

    #[test]
    fn an_alert_that_can_be_seen_goes_before_one_that_is_worked_out() {
        assert_eq!(
            alert(
                Error::NoCertificatesPresented,
                Some(AlertDescription::HandshakeFailure)
            )
            .unwrap(),
            "sent handshake_failure"
        );
        assert_eq!(
            alert(Error::NoCertificatesPresented, None).unwrap(),
            "sent certificate_required"
        );
    }

    #[test]
    fn no_alert_is_made_up() {
        assert_eq!(alert(Error::General("odd".into()), None), None);
    }
}
