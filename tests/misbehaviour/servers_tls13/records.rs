//! Records between ServerHello and Finished.

use super::setup;
use crate::case::*;
use crate::peer::codec::{self, message};
use crate::peer::keys::{ALERT, CHANGE_CIPHER_SPEC, DATA, HANDSHAKE};
use crate::peer::At;
use crate::shared;

/// What comes behind a good ServerHello in the clear.
#[test]
fn plaintext_after_encryption_has_begun() {
    use At::EncryptedExtensions as At;
    check(
        &setup(),
        &[
            case(
                "RFC 8446 5: EncryptedExtensions in the clear",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| p.plain(HANDSHAKE, &m),
            ),
            case(
                "RFC 8446 4.1.3: a second ServerHello",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| p.plain(HANDSHAKE, &[&[codec::SERVER_HELLO], &m[1..]].concat()),
            ),
            case(
                "RFC 8446 5.2: data in the clear",
                At,
                BAD_RECORD_MAC,
                |p, _| p.plain(DATA, b"a record that is as long as one with a tag"),
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
                |p, _| p.plain(99, b"what is this"),
            ),
            case(
                "RFC 8446 5: ChangeCipherSpec of another value",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(CHANGE_CIPHER_SPEC, &[2]),
            ),
            case(
                "RFC 8446 5: ChangeCipherSpec of two bytes",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(CHANGE_CIPHER_SPEC, &[1, 1]),
            ),
            case(
                "RFC 8446 5: empty ChangeCipherSpec",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(CHANGE_CIPHER_SPEC, &[]),
            ),
            case(
                "RFC 8446 5: encrypted ChangeCipherSpec",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.seal(CHANGE_CIPHER_SPEC, &[1]),
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
        ],
    );
}

/// Records under the handshake keys that are wrong in themselves.
#[test]
fn protected_records() {
    use At::EncryptedExtensions as At;
    check(
        &setup(),
        &[
            case(
                "RFC 8446 5.3: a wrong sequence number",
                At,
                BAD_RECORD_MAC,
                |p, m| {
                    p.tx.as_mut().unwrap().sequence = 1;
                    p.send(m)
                },
            ),
            case(
                "RFC 8446 5.4: empty inner plaintext",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.inner(&[]),
            ),
            case(
                "RFC 8446 5.4: empty handshake record with padding",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.inner(&[HANDSHAKE, 0, 0, 0, 0]);
                    p.send(m)
                },
            ),
            case("RFC 8446 5.1: cut alert", At, DECODE_ERROR, |p, _| {
                p.seal(ALERT, &[2])
            }),
            case(
                "RFC 8446 5.1: two alerts in a record",
                At,
                DECODE_ERROR,
                |p, _| p.seal(ALERT, &[2, 40, 2, 40]),
            ),
            case(
                "RFC 8446 6: alert of an unknown level",
                At,
                ILLEGAL_PARAMETER,
                |p, _| p.seal(ALERT, &[3, 40]),
            ),
            case(
                "RFC 8446 5.1: empty data before Finished",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.seal(DATA, &[]),
            ),
            case(
                "RFC 8446 5.2: ciphertext of 2^16 - 1 bytes",
                At,
                RECORD_OVERFLOW,
                |p, _| p.raw(&[&[DATA, 3, 3, 0xff, 0xff][..], &[0; 0xffff]].concat()),
            ),
            case(
                "RFC 8446 5.1: a message interleaved with an alert",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.seal(HANDSHAKE, &m[..3]);
                    p.seal(ALERT, &[1, 90])
                },
            ),
            case(
                "RFC 8446 5.1: a message interleaved with ChangeCipherSpec",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.seal(HANDSHAKE, &m[..3]);
                    p.plain(CHANGE_CIPHER_SPEC, &[1])
                },
            ),
            case(
                "RFC 8446 4: longer than any message may be",
                At,
                DECODE_ERROR,
                |p, _| {
                    p.seal(
                        HANDSHAKE,
                        &[codec::ENCRYPTED_EXTENSIONS, 0xff, 0xff, 0xff, 0],
                    )
                },
            ),
            case(
                "RFC 8446 6.2: more than a handshake may have",
                At,
                DECODE_ERROR,
                |p, _| {
                    p.protected(
                        HANDSHAKE,
                        &message(codec::ENCRYPTED_EXTENSIONS, &vec![0; 0xf_ffff]),
                    )
                },
            ),
        ],
    );
    check(&setup(), &shared::protected_records_tls13(At));
}
