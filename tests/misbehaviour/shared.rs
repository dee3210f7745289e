//! Misbehaviours that a client and a server are capable of alike.

use crate::case::*;
use crate::peer::codec::{self, message, rebuilt, v8, Hello};
use crate::peer::keys::{ALERT, CHANGE_CIPHER_SPEC, DATA, HANDSHAKE};
use crate::peer::{At, Peer};

/// Sends the hello, changed.
pub fn hello(peer: &mut Peer, honest: &[u8], change: impl FnOnce(&mut Hello)) {
    let mut hello = Hello::parse(honest);
    change(&mut hello);
    peer.send(hello.build());
}

/// In the place of a hello, in the clear.
pub fn hello_tls12(at: At) -> Vec<Case> {
    vec![
        case("RFC 5246 E.1: TLS 1.1", at, PROTOCOL_VERSION, |p, m| {
            hello(p, &m, |h| h.version = 0x0302)
        }),
        case("RFC 5246 E.1: SSL 3.0", at, PROTOCOL_VERSION, |p, m| {
            hello(p, &m, |h| h.version = 0x0300)
        }),
        case(
            "RFC 5246 7.4.1.4: the same extension twice",
            at,
            ILLEGAL_PARAMETER,
            |p, m| {
                hello(p, &m, |h| {
                    h.extensions.push((codec::RENEGOTIATION_INFO, vec![0]))
                })
            },
        ),
        case(
            "RFC 8422 5.1.2: no uncompressed points",
            at,
            ILLEGAL_PARAMETER,
            |p, m| hello(p, &m, |h| h.set(codec::EC_POINT_FORMATS, v8(&[1]))),
        ),
        case("RFC 5246 7.2.2: cut message", at, DECODE_ERROR, |p, m| {
            p.send(rebuilt(&m, |body| body.truncate(30)))
        }),
        case(
            "RFC 5246 7.2.2: bytes behind the message's end",
            at,
            DECODE_ERROR,
            |p, m| p.send(rebuilt(&m, |body| body.push(0))),
        ),
        case(
            "RFC 5246 7.1: ChangeCipherSpec first",
            at,
            UNEXPECTED_MESSAGE,
            |p, _| p.plain(CHANGE_CIPHER_SPEC, &[1]),
        ),
        case(
            "RFC 5246 6.2.1: data first",
            at,
            UNEXPECTED_MESSAGE,
            |p, _| p.plain(DATA, b"hello"),
        ),
        case(
            "RFC 5246 6: unknown record type",
            at,
            UNEXPECTED_MESSAGE,
            |p, _| p.plain(99, b"what"),
        ),
        case(
            "RFC 5246 7.2: alert of an unknown level",
            at,
            ILLEGAL_PARAMETER,
            |p, _| p.plain(ALERT, &[3, 40]),
        ),
        case(
            "RFC 5246 7.2.2: a flood of warnings",
            at,
            UNEXPECTED_MESSAGE,
            |p, _| {
                for _ in 0..6 {
                    p.plain(ALERT, &[1, 112])
                }
            },
        ),
    ]
}

/// ChangeCipherSpec and Finished.
pub fn finish_tls12() -> Vec<Case> {
    use At::{ChangeCipherSpec, Finished};
    vec![
        case(
            "RFC 5246 7.1: another value",
            ChangeCipherSpec,
            DECODE_ERROR,
            |p, _| p.plain(CHANGE_CIPHER_SPEC, &[2]),
        ),
        case(
            "RFC 5246 7.1: two bytes",
            ChangeCipherSpec,
            DECODE_ERROR,
            |p, _| p.plain(CHANGE_CIPHER_SPEC, &[1, 1]),
        ),
        case(
            "RFC 5246 7.4.9: Finished without it",
            ChangeCipherSpec,
            UNEXPECTED_MESSAGE,
            |p, _| p.plain(HANDSHAKE, &p.wrong_mac(12)),
        ),
        case("RFC 5246 7.4.9: wrong", Finished, DECRYPT_ERROR, |p, _| {
            p.send(p.wrong_mac(12))
        }),
        case(
            "RFC 5246 7.4.9: too short",
            Finished,
            DECRYPT_ERROR,
            |p, _| p.send(p.wrong_mac(11)),
        ),
        case(
            "RFC 5246 7.4.9: too long",
            Finished,
            DECRYPT_ERROR,
            |p, _| p.send(p.wrong_mac(13)),
        ),
        case(
            "RFC 5246 7.4.9: in the clear",
            Finished,
            BAD_RECORD_MAC,
            |p, m| p.plain(HANDSHAKE, &m),
        ),
        case(
            "RFC 5246 7.4.9: data in its place",
            Finished,
            UNEXPECTED_MESSAGE,
            |p, _| p.seal(DATA, b"hello"),
        ),
        case(
            "RFC 5246 7.1: a second ChangeCipherSpec",
            Finished,
            UNEXPECTED_MESSAGE,
            |p, _| p.plain(CHANGE_CIPHER_SPEC, &[1]),
        ),
        case(
            "RFC 5246 6.2.3: a record that is not authentic",
            Finished,
            BAD_RECORD_MAC,
            |p, m| {
                let mut record = p.tx.as_mut().unwrap().seal(HANDSHAKE, &m);
                *record.last_mut().unwrap() ^= 1;
                p.raw(&record)
            },
        ),
        case(
            "RFC 5246 6.2.1: empty handshake record",
            Finished,
            UNEXPECTED_MESSAGE,
            |p, m| {
                p.seal(HANDSHAKE, &[]);
                p.send(m)
            },
        ),
    ]
}

/// Records under the keys of the handshake.
pub fn protected_records_tls13(at: At) -> Vec<Case> {
    vec![
        case(
            "RFC 8446 5.2: a record that is not authentic",
            at,
            BAD_RECORD_MAC,
            |p, m| {
                let mut record = p.tx.as_mut().unwrap().seal(HANDSHAKE, &m);
                *record.last_mut().unwrap() ^= 1;
                p.raw(&record)
            },
        ),
        case(
            "RFC 8446 5.4: no inner type",
            at,
            UNEXPECTED_MESSAGE,
            |p, _| p.inner(&[0; 20]),
        ),
        case(
            "RFC 8446 5: unknown inner type",
            at,
            UNEXPECTED_MESSAGE,
            |p, _| p.seal(99, b"what"),
        ),
        case(
            "RFC 8446 5.4: empty handshake record",
            at,
            UNEXPECTED_MESSAGE,
            |p, m| {
                p.seal(HANDSHAKE, &[]);
                p.send(m)
            },
        ),
        case(
            "RFC 8446 5.4: empty alert",
            at,
            UNEXPECTED_MESSAGE,
            |p, _| p.seal(ALERT, &[]),
        ),
        case(
            "RFC 8446 6.1: a flood of warnings",
            at,
            UNEXPECTED_MESSAGE,
            |p, _| {
                for _ in 0..6 {
                    p.seal(ALERT, &[1, 90])
                }
            },
        ),
        case(
            "RFC 8446 5.1: data before Finished",
            at,
            UNEXPECTED_MESSAGE,
            |p, _| p.seal(DATA, b"hello"),
        ),
        case(
            "RFC 8446 5.2: ciphertext of 2^14 + 257 bytes",
            at,
            RECORD_OVERFLOW,
            |p, _| p.raw(&[&[DATA, 3, 3, 0x41, 0x01][..], &[0; 0x4101]].concat()),
        ),
        case(
            "RFC 8446 5.4: inner plaintext of 2^14 + 2 bytes",
            at,
            RECORD_OVERFLOW,
            |p, _| {
                let mut inner = vec![0; (1 << 14) + 2];
                inner[0] = HANDSHAKE;
                p.inner(&inner)
            },
        ),
        case(
            "RFC 8446 5.1: a message interleaved with data",
            at,
            UNEXPECTED_MESSAGE,
            |p, m| {
                p.seal(HANDSHAKE, &m[..3]);
                p.seal(DATA, b"hello")
            },
        ),
    ]
}

/// Finished.
pub fn finished_tls13(at: At) -> Vec<Case> {
    vec![
        case("RFC 8446 4.4.4: wrong", at, DECRYPT_ERROR, |p, _| {
            p.send(p.wrong_mac(32))
        }),
        case("RFC 8446 4.4.4: too short", at, DECRYPT_ERROR, |p, _| {
            p.send(p.wrong_mac(31))
        }),
        case("RFC 8446 4.4.4: too long", at, DECRYPT_ERROR, |p, m| {
            p.send(rebuilt(&m, |body| body.push(0)))
        }),
        case("RFC 8446 4.4.4: empty", at, DECRYPT_ERROR, |p, _| {
            p.send(message(codec::FINISHED, &[]))
        }),
    ]
}
