//! Alerts: their names, what a received one means, and the failures that send one.
//!
//! RFC 8446 §6 (TLS 1.3), RFC 5246 §7.2 (TLS 1.2).

use std::borrow::Cow;
use std::fmt;

use rustls::AlertDescription;

const WARNING: u8 = 1;
const FATAL: u8 = 2;

/// Warnings in a row that are put up with: more are a way to keep us busy.
const MAX_WARNINGS: u8 = 4;

/// Why a connection cannot go on.
///
/// The text is what a JSSE user gets to see in an `SSLException`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrafficError {
    /// The alert that [`Traffic::write`](super::Traffic::write) will hand out for this failure;
    /// `None` when the peer ended the connection, or when an earlier alert or `close_notify` was
    /// our last word.
    pub alert_sent: Option<AlertDescription>,
    /// The peer's fatal alert, if that is what ended the connection.
    pub alert_received: Option<AlertDescription>,
    /// What went wrong, with the alert's name; never key material or application data.
    pub message: String,
}

impl fmt::Display for TrafficError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TrafficError {}

/// A failure inside the record layer, before it is known whether its alert can still be sent.
#[derive(Debug)]
pub(super) enum Fault {
    /// Ours to report to the peer.
    Ours(AlertDescription, Cow<'static, str>),
    /// The peer's last word.
    Received(AlertDescription),
}

impl Fault {
    pub(super) fn new(alert: AlertDescription, what: impl Into<Cow<'static, str>>) -> Self {
        Self::Ours(alert, what.into())
    }

    pub(super) fn unexpected(what: impl Into<Cow<'static, str>>) -> Self {
        Self::new(AlertDescription::UnexpectedMessage, what)
    }

    pub(super) fn internal(what: impl Into<Cow<'static, str>>) -> Self {
        Self::new(AlertDescription::InternalError, what)
    }

    pub(super) fn message(&self) -> String {
        match self {
            Self::Ours(alert, what) => format!("({}) {what}", alert_name(*alert)),
            Self::Received(alert) => format!("Received fatal alert: {}", alert_name(*alert)),
        }
    }
}

/// What a well-formed alert asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The peer will send no more.
    Closed,
    /// Nothing to do.
    Ignored,
}

/// The peer's alerts, counted.
#[derive(Default)]
pub(super) struct Alerts {
    warnings: u8,
}

impl Alerts {
    /// Application data came: the warnings before it are forgiven.
    pub(super) fn forget_warnings(&mut self) {
        self.warnings = 0;
    }

    /// Judges the content of an alert record.
    pub(super) fn receive(&mut self, content: &[u8], tls13: bool) -> Result<Meaning, Fault> {
        let &[level, description] = content else {
            // RFC 8446 §5.4 and §5.1: neither empty, nor cut, nor several in one record.
            return Err(if content.is_empty() {
                Fault::unexpected("empty alert record")
            } else {
                Fault::new(
                    AlertDescription::DecodeError,
                    "alert record of a wrong length",
                )
            });
        };
        let description = AlertDescription::from(description);
        if description == AlertDescription::CloseNotify {
            return Ok(Meaning::Closed);
        }
        if level != WARNING && level != FATAL {
            return Err(Fault::new(
                AlertDescription::IllegalParameter,
                "alert of an unknown level",
            ));
        }
        // RFC 8446 §6: in TLS 1.3 every other alert is fatal, whatever its level says.
        let is_warning = match tls13 {
            true => description == AlertDescription::UserCanceled,
            false => level == WARNING,
        };
        if !is_warning {
            return Err(Fault::Received(description));
        }
        self.warnings = self.warnings.saturating_add(1);
        if self.warnings > MAX_WARNINGS {
            return Err(Fault::unexpected("too many warning alerts"));
        }
        Ok(Meaning::Ignored)
    }
}

/// A fatal alert's content.
pub(super) fn fatal(description: AlertDescription) -> [u8; 2] {
    [FATAL, u8::from(description)]
}

/// A warning alert's content; `close_notify` is one of these.
pub(super) fn warning(description: AlertDescription) -> [u8; 2] {
    [WARNING, u8::from(description)]
}

/// The alert's name as the RFCs and the JDK's exceptions write it.
pub fn alert_name(alert: AlertDescription) -> Cow<'static, str> {
    use AlertDescription::*;
    Cow::Borrowed(match alert {
        CloseNotify => "close_notify",
        UnexpectedMessage => "unexpected_message",
        BadRecordMac => "bad_record_mac",
        DecryptionFailed => "decryption_failed",
        RecordOverflow => "record_overflow",
        DecompressionFailure => "decompression_failure",
        HandshakeFailure => "handshake_failure",
        NoCertificate => "no_certificate",
        BadCertificate => "bad_certificate",
        UnsupportedCertificate => "unsupported_certificate",
        CertificateRevoked => "certificate_revoked",
        CertificateExpired => "certificate_expired",
        CertificateUnknown => "certificate_unknown",
        IllegalParameter => "illegal_parameter",
        UnknownCA => "unknown_ca",
        AccessDenied => "access_denied",
        DecodeError => "decode_error",
        DecryptError => "decrypt_error",
        ExportRestriction => "export_restriction",
        ProtocolVersion => "protocol_version",
        InsufficientSecurity => "insufficient_security",
        InternalError => "internal_error",
        InappropriateFallback => "inappropriate_fallback",
        UserCanceled => "user_canceled",
        NoRenegotiation => "no_renegotiation",
        MissingExtension => "missing_extension",
        UnsupportedExtension => "unsupported_extension",
        CertificateUnobtainable => "certificate_unobtainable",
        UnrecognisedName => "unrecognized_name",
        BadCertificateStatusResponse => "bad_certificate_status_response",
        BadCertificateHashValue => "bad_certificate_hash_value",
        UnknownPSKIdentity => "unknown_psk_identity",
        CertificateRequired => "certificate_required",
        NoApplicationProtocol => "no_application_protocol",
        EncryptedClientHelloRequired => "ech_required",
        other => return Cow::Owned(format!("unknown alert ({})", u8::from(other))),
    })
}
