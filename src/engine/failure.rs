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

    /// A rule of the protocol that the peer has broken.
    pub(super) fn protocol(alert: AlertDescription, what: &str) -> Self {
        Self {
            kind: FailureKind::Protocol,
            message: format!("({}) {what}", alert_name(alert)),
            alert: None,
        }
    }

    /// The peer's close_notify before the handshake's end.
    pub(super) fn closed() -> Self {
        Self::handshake(
            "Received close_notify during the handshake: the peer has closed the connection",
        )
    }

    /// Words for what rustls found during a handshake; `sent` is the alert that goes out for it.
    pub(super) fn from_handshake(error: &Error, sent: Option<AlertDescription>) -> Self {
        match (error, sent) {
            // rustls tells alike of alerts that end the connection and of those it cannot read.
            (Error::AlertReceived(_), Some(sent)) => Self {
                alert: Some(LastAlert::Sent(sent)),
                ..Self::protocol(sent, "alert of an unknown level")
            },
            (Error::AlertReceived(received), None) => Self {
                alert: Some(LastAlert::Received(*received)),
                ..Self::words(error)
            },
            (_, sent) => Self {
                alert: sent.map(LastAlert::Sent),
                ..Self::words(error)
            },
        }
    }

    fn words(error: &Error) -> Self {
        match error {
            Error::AlertReceived(alert) => {
                Self::handshake(format!("Received fatal alert: {}", alert_name(*alert)))
            }
            Error::InvalidCertificate(reason) => Self::handshake(certificate_words(reason)),
            Error::NoCertificatesPresented => {
                Self::handshake("the peer sent no certificate, but one is required")
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
        let received = || Error::AlertReceived(AlertDescription::UnknownCA);
        assert_eq!(alert(received(), None).unwrap(), "received unknown_ca");
        let refused = Error::InvalidCertificate(CertificateError::Expired);
        let sent = Some(AlertDescription::CertificateExpired);
        assert_eq!(alert(refused, sent).unwrap(), "sent certificate_expired");
    }

    #[test]
    fn an_alert_that_is_answered_is_not_the_last_word() {
        let unknown = Error::AlertReceived(AlertDescription::UnknownCA);
        let sent = Some(AlertDescription::IllegalParameter);
        let failure = Failure::from_handshake(&unknown, sent);
        assert_eq!(
            failure.alert.map(LastAlert::name).unwrap(),
            "sent illegal_parameter"
        );
        assert!(!failure.message.contains("unknown_ca"), "{failure}");
    }

    #[test]
    fn no_alert_is_made_up() {
        assert_eq!(alert(Error::General("odd".into()), None), None);
    }
}
