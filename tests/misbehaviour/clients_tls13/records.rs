//! Records between ClientHello and Finished.

use super::setup;
use crate::case::*;
use crate::peer::codec::{self, message};
use crate::peer::keys::{ALERT, CHANGE_CIPHER_SPEC, DATA, HANDSHAKE};
use crate::peer::At;

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
                "RFC 8446 5.2: a record that is not authentic",
                At,
                BAD_RECORD_MAC,
                |p, m| {
                    let mut record = p.tx.as_mut().unwrap().seal(HANDSHAKE, &m);
                    *record.last_mut().unwrap() ^= 1;
                    p.raw(&record)
                },
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
                "RFC 8446 5.4: no inner type",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.inner(&[0; 20]),
            ),
            case(
                "RFC 8446 5: unknown inner type",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.seal(99, b"what"),
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
                "RFC 8446 5.4: empty handshake record",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.seal(HANDSHAKE, &[]);
                    p.send(m)
                },
            ),
            case(
                "RFC 8446 5.4: empty alert",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.seal(ALERT, &[]),
            ),
            case(
                "RFC 8446 5.1: two alerts in a record",
                At,
                DECODE_ERROR,
                |p, _| p.seal(ALERT, &[1, 90, 1, 90]),
            ),
            case(
                "RFC 8446 6.1: a flood of warnings",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| {
                    for _ in 0..6 {
                        p.seal(ALERT, &[1, 90])
                    }
                },
            ),
            case(
                "RFC 8446 5.1: data before Finished",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.seal(DATA, b"hello"),
            ),
            case(
                "RFC 8446 5.2: ciphertext of 2^14 + 257 bytes",
                At,
                RECORD_OVERFLOW,
                |p, _| p.raw(&[&[DATA, 3, 3, 0x41, 0x01][..], &[0; 0x4101]].concat()),
            ),
            case(
                "RFC 8446 5.4: inner plaintext of 2^14 + 2 bytes",
                At,
                RECORD_OVERFLOW,
                |p, _| {
                    let mut inner = vec![0; (1 << 14) + 2];
                    inner[0] = HANDSHAKE;
                    p.inner(&inner)
                },
            ),
            case(
                "RFC 8446 5.1: a message interleaved with data",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.seal(HANDSHAKE, &m[..3]);
                    p.seal(DATA, b"hello")
                },
            ),
        ],
    );
}
