//! The record header and the sizes of records.
//!
//! RFC 8446 §5.1, §5.2, §5.4; RFC 5246 §6.2.

use rustls::{AlertDescription, ContentType};

use super::alert::Fault;

/// Bytes of a record's header: type, version, length.
pub(super) const HEADER: usize = 5;

/// The most plaintext that a record may carry, in bytes.
pub(super) const MAX_PLAINTEXT: usize = 1 << 14;

/// `legacy_record_version` in TLS 1.3, the version itself in TLS 1.2.
pub(super) const VERSION: [u8; 2] = [3, 3];

pub(super) const CHANGE_CIPHER_SPEC: u8 = 20;
pub(super) const ALERT: u8 = 21;
pub(super) const HANDSHAKE: u8 = 22;
pub(super) const APPLICATION_DATA: u8 = 23;

pub(super) type Header = [u8; HEADER];

/// The header of a record that we send.
pub(super) fn header(content_type: u8, fragment: usize) -> Option<Header> {
    let [high, low] = u16::try_from(fragment).ok()?.to_be_bytes();
    let [major, minor] = VERSION;
    Some([content_type, major, minor, high, low])
}

/// Checks the header of a protected record, and tells the length of its fragment.
pub(super) fn fragment_length(header: &Header, tls13: bool) -> Result<usize, Fault> {
    let &[content_type, major, minor, high, low] = header;
    if tls13 {
        // RFC 8446 §5: after the handshake all records are application_data on the outside.
        // A ChangeCipherSpec for compatibility's sake is over with the peer's Finished.
        if content_type != APPLICATION_DATA {
            return Err(Fault::unexpected(unprotected(content_type)));
        }
        // §5.1: legacy_record_version means nothing. A foreign major version is not TLS, though.
        if major != 3 {
            return Err(not_tls());
        }
    } else {
        // RFC 5246 §6: "If a TLS implementation receives an unexpected record type, it MUST send
        // an unexpected_message alert."
        if !matches!(
            content_type,
            CHANGE_CIPHER_SPEC | ALERT | HANDSHAKE | APPLICATION_DATA
        ) {
            return Err(Fault::unexpected(unknown(content_type)));
        }
        if [major, minor] != VERSION {
            return Err(not_tls());
        }
    }
    Ok(usize::from(u16::from_be_bytes([high, low])))
}

pub(super) fn overflow(length: usize) -> Fault {
    Fault::new(
        AlertDescription::RecordOverflow,
        format!("record of {length} bytes is longer than allowed"),
    )
}

/// What to say of a content type that has no place here.
pub(super) fn unknown(content_type: u8) -> String {
    match ContentType::from(content_type) {
        ContentType::Unknown(number) => format!("record of unknown type {number}"),
        known => format!("unexpected {known:?} record"),
    }
}

fn unprotected(content_type: u8) -> String {
    match ContentType::from(content_type) {
        ContentType::Unknown(number) => format!("record of unknown type {number}"),
        known => format!("unprotected {known:?} record after the handshake"),
    }
}

fn not_tls() -> Fault {
    Fault::new(
        AlertDescription::ProtocolVersion,
        "record of another protocol version",
    )
}
