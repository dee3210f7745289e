//! Which alert a failed handshake ends with.
//!
//! rustls sends one for most failures, and in some cases another one than the RFCs ask for, or
//! none.

use rustls::{AlertDescription, Error, InvalidMessage, PeerMisbehaved, ProtocolVersion};

/// The alert for `error`; `said` is what rustls has sent for it, and `hello_lacks_extensions` whether
/// the client's hello has less than TLS 1.3 asks for. `None` when nothing is to be said,
/// as to a peer that has ended the connection itself.
pub(super) fn due(
    error: &Error,
    client: bool,
    version: Option<ProtocolVersion>,
    hello_lacks_extensions: bool,
    said: Option<AlertDescription>,
) -> Option<AlertDescription> {
    use AlertDescription as Alert;
    let tls12 = version == Some(ProtocolVersion::TLSv1_2);
    Some(match error {
        // RFC 8446 §6.2: what ends the connection is not answered. An alert of a level that nobody
        // knows (§6) does not end it by itself; rustls tells of both alike.
        Error::AlertReceived(_) => return said.filter(|alert| *alert == Alert::IllegalParameter),
        // RFC 8446 §5, §5.4; RFC 5246 §6.
        Error::InvalidMessage(
            InvalidMessage::InvalidContentType | InvalidMessage::InvalidEmptyPayload,
        ) => Alert::UnexpectedMessage,
        Error::InvalidMessage(InvalidMessage::MessageTooLarge) => Alert::RecordOverflow,
        // RFC 8446 §4.1.3.
        Error::InvalidMessage(InvalidMessage::UnsupportedCompression) => Alert::IllegalParameter,
        // RFC 8446 §4.2.
        Error::InvalidMessage(InvalidMessage::UnknownCertificateExtension) => {
            Alert::UnsupportedExtension
        }
        Error::InvalidMessage(_) => said.unwrap_or(Alert::DecodeError),
        Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. } => {
            Alert::UnexpectedMessage
        }
        // RFC 8446 §4.4.2.4; RFC 5246 §7.4.2, §7.4.6: certificate_required is TLS 1.3's.
        Error::NoCertificatesPresented => match (client, tls12) {
            (true, _) => Alert::DecodeError,
            (false, true) => Alert::HandshakeFailure,
            (false, false) => Alert::CertificateRequired,
        },
        Error::InvalidCertificate(reason) => said.unwrap_or_else(|| reason.clone().into()),
        Error::PeerMisbehaved(how) => misbehaviour(how, said),
        // RFC 8446 §9.2.
        Error::PeerIncompatible(_) if hello_lacks_extensions && !tls12 => Alert::MissingExtension,
        Error::PeerIncompatible(_) => said.unwrap_or(Alert::HandshakeFailure),
        Error::PeerSentOversizedRecord => Alert::RecordOverflow,
        _ => return said,
    })
}

fn misbehaviour(how: &PeerMisbehaved, said: Option<AlertDescription>) -> AlertDescription {
    use AlertDescription as Alert;
    use PeerMisbehaved as How;
    match how {
        // RFC 8446 §5, §5.1, §5.4, and what comes too often.
        How::IllegalMiddleboxChangeCipherSpec
        | How::IllegalTlsInnerPlaintext
        | How::KeyEpochWithPendingFragment
        | How::MessageInterleavedWithHandshakeMessage
        | How::RejectedEarlyDataInterleavedWithHandshakeMessage
        | How::TooManyEmptyFragments
        | How::TooManyKeyUpdateRequests
        | How::TooManyRenegotiationRequests
        | How::TooManyWarningAlertsReceived => Alert::UnexpectedMessage,
        // RFC 8446 §4.2; RFC 5246 §7.4.1.4.
        How::UnsolicitedEncryptedExtension
        | How::UnsolicitedServerHelloExtension
        | How::UnsolicitedCertExtension => Alert::UnsupportedExtension,
        // RFC 8446 §4.1.3, §4.2; RFC 5246 §7.4.1.3.
        How::SelectedUnofferedCipherSuite | How::DisallowedEncryptedExtension => {
            Alert::IllegalParameter
        }
        // RFC 8422 §5.1.2.
        How::ServerHelloMustOfferUncompressedEcPoints => Alert::IllegalParameter,
        // RFC 7627 §5.3.
        How::ResumptionOfferedWithVariedEms | How::ResumptionAttemptedWithVariedEms => {
            Alert::HandshakeFailure
        }
        _ => said.unwrap_or(Alert::IllegalParameter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(error: Error, client: bool, said: Option<AlertDescription>) -> Option<u8> {
        due(&error, client, Some(ProtocolVersion::TLSv1_3), false, said).map(u8::from)
    }

    #[test]
    fn rfc8446_6_2_a_peers_last_word_is_not_answered() {
        let received = || Error::AlertReceived(AlertDescription::UnknownCA);
        assert_eq!(alert(received(), true, None), None);
        let answered = Some(AlertDescription::DecodeError);
        assert_eq!(alert(received(), true, answered), None);
        let level = Some(AlertDescription::IllegalParameter);
        assert_eq!(alert(received(), true, level), Some(47));
    }

    #[test]
    fn a_missing_certificate_has_an_alert_for_each_role_and_version() {
        let none = || Error::NoCertificatesPresented;
        assert_eq!(alert(none(), true, None), Some(50));
        assert_eq!(alert(none(), false, None), Some(116));
        let tls12 = Some(ProtocolVersion::TLSv1_2);
        assert_eq!(
            due(&none(), false, tls12, false, None).map(u8::from),
            Some(40)
        );
    }

    #[test]
    fn what_rustls_is_silent_about_has_an_alert_and_the_rest_keeps_its_own() {
        let interleaved = PeerMisbehaved::MessageInterleavedWithHandshakeMessage;
        assert_eq!(alert(interleaved.into(), true, None), Some(10));
        assert_eq!(
            alert(PeerMisbehaved::MissingKeyShare.into(), true, None),
            Some(47)
        );
        let said = Some(AlertDescription::MissingExtension);
        assert_eq!(
            alert(PeerMisbehaved::MissingKeyShare.into(), true, said),
            Some(109)
        );
        assert_eq!(alert(Error::General("odd".into()), true, None), None);
    }
}
