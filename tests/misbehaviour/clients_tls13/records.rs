//! Records between ClientHello and Finished.

use super::setup;
use crate::case::*;
use crate::peer::codec::{self, message};
use crate::peer::keys::{ALERT, CHANGE_CIPHER_SPEC, DATA, HANDSHAKE};
use crate::peer::At;
use crate::shared;

/// The server has sent its Finished; what comes in the clear now is no TLS.
#[test]
fn records_before_finished() {
    use At::Finished as At;
    check(
        &setup(),
        &[
            case(
                "RFC 8446 4.1.2: a second ClientHello",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(HANDSHAKE, &message(codec::CLIENT_HELLO, &[0; 40])),
            ),
            case(
                "RFC 8446 5: Finished in the clear",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| p.plain(HANDSHAKE, &m),
            ),
            case(
                "RFC 8446 5.2: a record too short for a tag",
                At,
                BAD_RECORD_MAC,
                |p, _| p.plain(DATA, b"short"),
            ),
            case(
                "RFC 8446 5: unknown record type",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(99, b"what"),
            ),
            case(
                "RFC 8446 5: encrypted ChangeCipherSpec",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.seal(CHANGE_CIPHER_SPEC, &[1]),
            ),
            case(
                "RFC 8446 5: ChangeCipherSpec of another value",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(CHANGE_CIPHER_SPEC, &[2]),
            ),
            case(
                "RFC 8446 5: a flood of ChangeCipherSpec",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| {
                    for _ in 0..40 {
                        p.plain(CHANGE_CIPHER_SPEC, &[1])
                    }
                },
            ),
            case(
                "RFC 8446 5.1: two alerts in a record",
                At,
                DECODE_ERROR,
                |p, _| p.seal(ALERT, &[1, 90, 1, 90]),
            ),
        ],
    );
    check(&setup(), &shared::protected_records_tls13(At));
}
