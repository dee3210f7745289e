//! Clients of TLS 1.2 that misbehave; the engine is the server.

use crate::case::*;
use crate::peer::codec::{self, message, rebuilt, u16s, v16, v24, v8};
use crate::peer::engine::World;
use crate::peer::identity::{identities, Identity};
use crate::peer::keys::{ALERT, CHANGE_CIPHER_SPEC, DATA, HANDSHAKE};
use crate::peer::server::certificate_tls12;
use crate::peer::{At, Peer, Setup};
use crate::shared::{self, hello};
use rustls_jvm::config::policy::Protocol;

fn setup() -> Setup {
    Setup::client(Protocol::Tls12)
}

#[test]
fn client_hello() {
    use At::ClientHello as At;
    check(
        &setup(),
        &[
            case(
                "RFC 5246 7.4.1.3: no suite in common",
                At,
                HANDSHAKE_FAILURE,
                |p, m| hello(p, &m, |h| h.suites = vec![0x002f, 0x003c, 0x1301]),
            ),
            case(
                "RFC 5246 7.4.1.3: suites of another type of key",
                At,
                HANDSHAKE_FAILURE,
                |p, m| hello(p, &m, |h| h.suites = vec![0xc02f]),
            ),
            case("RFC 5246 7.4.1.2: no suites", At, DECODE_ERROR, |p, m| {
                hello(p, &m, |h| h.suites = vec![])
            }),
            case(
                "RFC 5246 7.4.1.2: compression without null",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.compressions = vec![1]),
            ),
            case(
                "RFC 5246 7.4.1.2: no compression methods",
                At,
                DECODE_ERROR,
                |p, m| hello(p, &m, |h| h.compressions = vec![]),
            ),
            case(
                "RFC 5246 7.4.1.2: session id of 33 bytes",
                At,
                DECODE_ERROR,
                |p, m| hello(p, &m, |h| h.session_id.push(1)),
            ),
            case(
                "RFC 8422 4: no group in common",
                At,
                HANDSHAKE_FAILURE,
                |p, m| hello(p, &m, |h| h.set(codec::SUPPORTED_GROUPS, v16(&u16s(&[24])))),
            ),
            case(
                "RFC 5246 7.4.1.4.1: no scheme in common",
                At,
                HANDSHAKE_FAILURE,
                |p, m| {
                    hello(p, &m, |h| {
                        h.set(codec::SIGNATURE_ALGORITHMS, v16(&u16s(&[0x0401])))
                    })
                },
            ),
            case(
                "RFC 5746 3.6: renegotiation_info that is not empty",
                At,
                HANDSHAKE_FAILURE,
                |p, m| hello(p, &m, |h| h.set(codec::RENEGOTIATION_INFO, v8(&[7; 12]))),
            ),
            case(
                "RFC 5246 7.4: ServerHello from a client",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(codec::SERVER_HELLO, &[0; 40])),
            ),
            case(
                "RFC 5246 7.4.1.1: HelloRequest from a client",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(0, &[])),
            ),
            case(
                "RFC 5246 7.4.7: ClientKeyExchange first",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(codec::CLIENT_KEY_EXCHANGE, &v8(&[9; 32]))),
            ),
            case("RFC 5246 E.2: SSL 2.0", At, UNEXPECTED_MESSAGE, |p, _| {
                p.raw(&[&[0x80, 0x2e, 1, 3, 3, 0, 21, 0, 0, 0, 16][..], &[7; 37]].concat())
            }),
            case(
                "RFC 5246 6.2.1: record of 2^14 + 1 bytes",
                At,
                RECORD_OVERFLOW,
                |p, _| p.plain(HANDSHAKE, &[1; (1 << 14) + 1]),
            ),
        ],
    );
    check(&setup(), &shared::hello_tls12(At));
}

#[test]
fn client_key_exchange() {
    use At::ClientKeyExchange as At;
    check(
        &setup(),
        &[
            case(
                "RFC 5246 7.4.7: left out",
                At,
                UNEXPECTED_MESSAGE,
                |_, _| {},
            ),
            case("RFC 5246 7.4.7: twice", At, UNEXPECTED_MESSAGE, |p, m| {
                p.send(m.clone());
                p.send(m)
            }),
            case(
                "RFC 5246 7.4.1.2: a second ClientHello",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(p.client_hello().build()),
            ),
            case(
                "RFC 5246 7.4.6: Certificate that was not asked for",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(certificate_tls12(Some(&identities().client))),
            ),
            case(
                "RFC 5246 7.1: early ChangeCipherSpec",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(CHANGE_CIPHER_SPEC, &[1]),
            ),
            case(
                "RFC 5246 6.2.1: data before Finished",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(DATA, b"hello"),
            ),
            case(
                "RFC 8422 5.11: share of a wrong length",
                At,
                ILLEGAL_PARAMETER,
                |p, _| p.send(message(codec::CLIENT_KEY_EXCHANGE, &v8(&[9; 31]))),
            ),
            case(
                "RFC 8422 5.11: a share that makes zeros",
                At,
                ILLEGAL_PARAMETER,
                |p, _| p.send(message(codec::CLIENT_KEY_EXCHANGE, &v8(&[0; 32]))),
            ),
            case("RFC 5246 7.2.2: empty message", At, DECODE_ERROR, |p, _| {
                p.send(message(codec::CLIENT_KEY_EXCHANGE, &[]))
            }),
            case("RFC 5246 7.2.2: cut message", At, DECODE_ERROR, |p, m| {
                p.send(rebuilt(&m, |body| body.truncate(10)))
            }),
            case(
                "RFC 5246 7.2.2: bytes behind the message's end",
                At,
                DECODE_ERROR,
                |p, m| p.send(rebuilt(&m, |body| body.push(0))),
            ),
            case(
                "RFC 5246 6.2.1: empty handshake record",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.plain(HANDSHAKE, &[]);
                    p.send(m)
                },
            ),
            case(
                "RFC 5246 7.4: interleaved with an alert",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.plain(HANDSHAKE, &m[..5]);
                    p.plain(ALERT, &[1, 112])
                },
            ),
            case(
                "RFC 5246 7.4: interleaved with ChangeCipherSpec",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.plain(HANDSHAKE, &m[..5]);
                    p.plain(CHANGE_CIPHER_SPEC, &[1])
                },
            ),
            case(
                "RFC 5246 7.4: longer than any message may be",
                At,
                DECODE_ERROR,
                |p, _| p.plain(HANDSHAKE, &[codec::CLIENT_KEY_EXCHANGE, 0xff, 0xff, 0xff]),
            ),
        ],
    );
}

#[test]
fn change_cipher_spec_and_finished() {
    use At::{ChangeCipherSpec, Finished};
    check(
        &setup(),
        &[
            case(
                "RFC 5246 7.4.8: CertificateVerify of no certificate",
                ChangeCipherSpec,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(codec::CERTIFICATE_VERIFY, &[4, 3, 0, 1, 7])),
            ),
            case(
                "RFC 5246 7.4.1.2: renegotiation before Finished",
                Finished,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(p.client_hello().build()),
            ),
        ],
    );
    check(&setup(), &shared::finish_tls12());
}

#[test]
fn client_certificate() {
    fn show(p: &mut Peer, identity: &'static Identity) {
        p.setup.identity = Some(identity);
        p.send(certificate_tls12(Some(identity)));
    }
    use At::{Certificate, CertificateVerify};
    check(
        &setup().mutual(),
        &[
            case(
                "RFC 5246 7.4.6: no certificate",
                Certificate,
                HANDSHAKE_FAILURE,
                |p, _| {
                    p.setup.identity = None;
                    p.send(certificate_tls12(None))
                },
            ),
            case(
                "RFC 5246 7.4.6: left out",
                Certificate,
                UNEXPECTED_MESSAGE,
                |p, _| {
                    p.setup.identity = None;
                },
            ),
            case(
                "RFC 5246 7.4.6: twice",
                Certificate,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.send(m.clone());
                    p.send(m)
                },
            ),
            case(
                "RFC 5246 7.2.2: unknown authority",
                Certificate,
                UNKNOWN_CA,
                |p, _| show(p, &identities().stranger),
            ),
            case(
                "RFC 5246 7.2.2: expired",
                Certificate,
                CERTIFICATE_EXPIRED,
                |p, _| show(p, &identities().expired),
            ),
            case(
                "RFC 5280 4.2.1.12: good for servers alone",
                Certificate,
                UNSUPPORTED_CERTIFICATE,
                |p, _| show(p, &identities().servers_only),
            ),
            case(
                "RFC 5246 7.2.2: bytes that are no certificate",
                Certificate,
                BAD_CERTIFICATE,
                |p, _| p.send(message(codec::CERTIFICATE, &v24(&v24(&[0x30, 3, 2, 1, 1])))),
            ),
            case(
                "RFC 5246 7.4.8: left out",
                CertificateVerify,
                UNEXPECTED_MESSAGE,
                |_, _| {},
            ),
            case(
                "RFC 5246 7.4.8: twice",
                CertificateVerify,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.send(m.clone());
                    p.send(m)
                },
            ),
            case(
                "RFC 5246 7.4.8: wrong signature",
                CertificateVerify,
                DECRYPT_ERROR,
                |p, m| p.send(rebuilt(&m, |body| *body.last_mut().unwrap() ^= 1)),
            ),
            case(
                "RFC 5246 7.4.8: a scheme not asked for",
                CertificateVerify,
                ILLEGAL_PARAMETER,
                |p, m| p.send(rebuilt(&m, |body| body[..2].copy_from_slice(&[2, 3]))),
            ),
            case(
                "RFC 5246 7.2.2: bytes behind the message's end",
                CertificateVerify,
                DECODE_ERROR,
                |p, m| p.send(rebuilt(&m, |body| body.push(0))),
            ),
        ],
    );
}

/// RFC 7627: whether the secret is bound to the handshake may not change.
#[test]
fn resumption() {
    for one in [
        case(
            "RFC 7627 5.3: no extended master secret any more",
            At::ClientHello,
            HANDSHAKE_FAILURE,
            |p, m| hello(p, &m, |h| h.remove(codec::EXTENDED_MASTER_SECRET)),
        ),
        case(
            "RFC 5246 7.4.9: wrong Finished",
            At::Finished,
            DECRYPT_ERROR,
            |p, _| p.send(p.wrong_mac(12)),
        ),
        case(
            "RFC 5246 7.4.9: Finished without ChangeCipherSpec",
            At::ChangeCipherSpec,
            UNEXPECTED_MESSAGE,
            |p, _| p.plain(HANDSHAKE, &p.wrong_mac(12)),
        ),
        case(
            "RFC 5246 7.4.7: ClientKeyExchange",
            At::ChangeCipherSpec,
            UNEXPECTED_MESSAGE,
            |p, _| {
                p.plain(
                    HANDSHAKE,
                    &message(codec::CLIENT_KEY_EXCHANGE, &v8(&[9; 32])),
                )
            },
        ),
        case(
            "RFC 5246 6: unknown record type",
            At::ChangeCipherSpec,
            UNEXPECTED_MESSAGE,
            |p, _| p.plain(99, b"what"),
        ),
    ] {
        let world = World::new();
        let first = Peer::run(&world, &setup(), None);
        assert!(first.complete);
        let world = std::cell::Cell::new(Some(world));
        check_in(
            || world.take().unwrap(),
            &Setup {
                session: Some(first.session.clone()),
                ..setup()
            },
            &[one],
        );
    }
}

/// RFC 7627 §5.3: a session without the extension is not resumed with it, and makes a new one.
#[test]
fn a_session_without_extended_master_secret_is_not_resumed_with_it() {
    let world = World::new();
    let old = Setup {
        extended_master_secret: false,
        ..setup()
    };
    let first = Peer::run(&world, &old, None);
    assert!(first.complete);
    let again = Setup {
        session: Some(first.session),
        ..setup()
    };
    let second = Peer::run(&world, &again, None);
    assert!(second.complete && !second.engine.connection.resumed());
}

#[test]
fn after_the_handshake() {
    use At::Data as At;
    check(
        &setup(),
        &[
            case(
                "RFC 5246 7.4: Certificate",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(certificate_tls12(Some(&identities().client))),
            ),
            case(
                "RFC 5246 7.1: ChangeCipherSpec",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.seal(CHANGE_CIPHER_SPEC, &[1]),
            ),
            case(
                "RFC 5246 6.2.3: data in the clear",
                At,
                BAD_RECORD_MAC,
                |p, _| {
                    p.plain(
                        DATA,
                        b"a record that is long enough to have a nonce and a tag",
                    )
                },
            ),
            case(
                "RFC 5246 7.2.2: a flood of renegotiations",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| {
                    for _ in 0..40 {
                        if p.engine.failure.is_none() {
                            p.send(message(codec::CLIENT_HELLO, &[0; 40]));
                            p.drop_warnings();
                        }
                    }
                },
            ),
        ],
    );
}
