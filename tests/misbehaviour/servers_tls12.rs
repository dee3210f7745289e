//! Servers of TLS 1.2 that misbehave; the engine is the client.

use crate::case::*;
use crate::peer::codec::{self, message, rebuilt, u16s, v16, v24, v8};
use crate::peer::engine::World;
use crate::peer::identity::{identities, Identity, ECDSA, RSA_PKCS1, RSA_PKCS1_SHA1};
use crate::peer::keys::{ALERT, CHANGE_CIPHER_SPEC, DATA, HANDSHAKE};
use crate::peer::server::certificate_tls12;
use crate::peer::{At, Peer, Setup};
use crate::shared::{self, hello};
use rustls_jvm::config::policy::Protocol;

fn setup() -> Setup {
    Setup::server(Protocol::Tls12)
}

#[test]
fn server_hello() {
    use At::ServerHello as At;
    check(
        &setup(),
        &[
            case(
                "RFC 5246 7.4.1.3: suite not offered",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.suites = vec![0x003c]),
            ),
            case(
                "RFC 5246 7.4.1.3: suite of TLS 1.3",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.suites = vec![0x1301]),
            ),
            case(
                "RFC 5246 7.4.1.3: compression",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.compressions = vec![1]),
            ),
            case(
                "RFC 5246 7.4.1.4: extension not offered",
                At,
                UNSUPPORTED_EXTENSION,
                |p, m| hello(p, &m, |h| h.set(0x1234, vec![])),
            ),
            case(
                "RFC 5746 3.4: renegotiation_info that is not empty",
                At,
                HANDSHAKE_FAILURE,
                |p, m| hello(p, &m, |h| h.set(codec::RENEGOTIATION_INFO, v8(&[7; 12]))),
            ),
            case(
                "RFC 5246 7.4.1.3: session id of 33 bytes",
                At,
                DECODE_ERROR,
                |p, m| hello(p, &m, |h| h.session_id.push(1)),
            ),
            case(
                "RFC 5246 7.4: Certificate first",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(certificate_tls12(Some(&identities().server))),
            ),
            case(
                "RFC 5246 7.4: Finished first",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(p.wrong_mac(12)),
            ),
            case(
                "RFC 5246 6.2.1: record of 2^14 + 1 bytes",
                At,
                RECORD_OVERFLOW,
                |p, _| p.plain(HANDSHAKE, &[2; (1 << 14) + 1]),
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
                "RFC 5246 7.2: empty alert",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(ALERT, &[]),
            ),
            case("RFC 5246 7.2: cut alert", At, DECODE_ERROR, |p, _| {
                p.plain(ALERT, &[2])
            }),
            case(
                "RFC 5246 7.4.1.1: a flood of HelloRequest",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| {
                    for _ in 0..40 {
                        p.plain(HANDSHAKE, &message(0, &[]))
                    }
                },
            ),
        ],
    );
    check(&setup(), &shared::hello_tls12(At));
}

#[test]
fn certificate() {
    fn show(p: &mut Peer, identity: &'static Identity) {
        p.setup.identity = Some(identity);
        p.send(certificate_tls12(Some(identity)));
    }
    use At::Certificate as At;
    check(
        &setup(),
        &[
            case(
                "RFC 5246 7.4.2: left out",
                At,
                UNEXPECTED_MESSAGE,
                |_, _| {},
            ),
            case("RFC 5246 7.4.2: twice", At, UNEXPECTED_MESSAGE, |p, m| {
                p.send(m.clone());
                p.send(m)
            }),
            case(
                "RFC 5246 7.4.2: no certificate",
                At,
                DECODE_ERROR,
                |p, _| p.send(certificate_tls12(None)),
            ),
            case("RFC 5246 7.2.2: cut message", At, DECODE_ERROR, |p, m| {
                p.send(rebuilt(&m, |body| body.truncate(30)))
            }),
            case(
                "RFC 5246 7.2.2: bytes behind the message's end",
                At,
                DECODE_ERROR,
                |p, m| p.send(rebuilt(&m, |body| body.push(0))),
            ),
            case(
                "RFC 5246 7.4: a certificate longer than any may be",
                At,
                DECODE_ERROR,
                |p, _| p.plain(HANDSHAKE, &[codec::CERTIFICATE, 0xff, 0xff, 0xff]),
            ),
            case(
                "RFC 5246 7.4.1.3: a second ServerHello",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(codec::SERVER_HELLO, &[0; 40])),
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
                "RFC 5246 7.4: interleaved with an alert",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.plain(HANDSHAKE, &m[..40]);
                    p.plain(ALERT, &[1, 112])
                },
            ),
            case(
                "RFC 5246 7.4: interleaved with ChangeCipherSpec",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.plain(HANDSHAKE, &m[..40]);
                    p.plain(CHANGE_CIPHER_SPEC, &[1])
                },
            ),
            case(
                "RFC 5246 7.2.2: unknown authority",
                At,
                UNKNOWN_CA,
                |p, _| show(p, &identities().stranger),
            ),
            case(
                "RFC 5246 7.2.2: expired",
                At,
                CERTIFICATE_EXPIRED,
                |p, _| show(p, &identities().expired),
            ),
            case("RFC 9525 6: another name", At, BAD_CERTIFICATE, |p, _| {
                show(p, &identities().elsewhere)
            }),
        ],
    );
}

#[test]
fn certificate_of_a_wrong_type_of_key() {
    check(
        &Setup {
            suite: 0xc02f,
            ..setup()
        },
        &[case(
            "RFC 5246 7.4.2: EC in a suite of RSA",
            At::Certificate,
            ILLEGAL_PARAMETER,
            |p, m| p.send(m),
        )],
    );
    check(
        &Setup {
            identity: Some(&identities().server_rsa),
            ..setup()
        },
        &[case(
            "RFC 5246 7.4.2: RSA in a suite of EC",
            At::Certificate,
            ILLEGAL_PARAMETER,
            |p, m| p.send(m),
        )],
    );
}

#[test]
fn server_key_exchange() {
    use At::ServerKeyExchange as At;
    check(
        &setup(),
        &[
            case(
                "RFC 5246 7.4.3: left out",
                At,
                UNEXPECTED_MESSAGE,
                |_, _| {},
            ),
            case("RFC 5246 7.4.3: twice", At, UNEXPECTED_MESSAGE, |p, m| {
                p.send(m.clone());
                p.send(m)
            }),
            case(
                "RFC 8422 5.4: wrong signature",
                At,
                DECRYPT_ERROR,
                |p, m| p.send(rebuilt(&m, |body| *body.last_mut().unwrap() ^= 1)),
            ),
            case(
                "RFC 8422 5.4: signature of another key",
                At,
                DECRYPT_ERROR,
                |p, _| p.send(p.server_key_exchange(&identities().client, ECDSA)),
            ),
            case(
                "RFC 8422 5.4: signature over other randoms",
                At,
                DECRYPT_ERROR,
                |p, _| p.send(p.server_key_exchange_over(&identities().server, ECDSA, &[7; 64])),
            ),
            case(
                "RFC 5246 7.4.3: a scheme that was not offered",
                At,
                ILLEGAL_PARAMETER,
                |p, _| p.send(p.server_key_exchange(&identities().server, RSA_PKCS1_SHA1)),
            ),
            case(
                "RFC 5246 7.4.3: a scheme of another type of key",
                At,
                ILLEGAL_PARAMETER,
                |p, _| p.send(p.server_key_exchange(&identities().server_rsa, RSA_PKCS1)),
            ),
            case("RFC 8422 5.4: explicit curve", At, DECODE_ERROR, |p, m| {
                p.send(rebuilt(&m, |body| body[0] = 1))
            }),
            case("RFC 5246 7.2.2: cut message", At, DECODE_ERROR, |p, m| {
                p.send(rebuilt(&m, |body| body.truncate(20)))
            }),
            case(
                "RFC 5246 7.2.2: bytes behind the message's end",
                At,
                DECODE_ERROR,
                |p, m| p.send(rebuilt(&m, |body| body.push(0))),
            ),
            case("RFC 5246 7.2.2: empty message", At, DECODE_ERROR, |p, _| {
                p.send(message(codec::SERVER_KEY_EXCHANGE, &[]))
            }),
        ],
    );
}

/// A share that is no point of its group, or of a group that was not offered, rightly signed.
#[test]
fn bad_points() {
    for (group, point) in [
        (29, vec![9; 31]),
        (29, vec![0; 32]),
        (23, vec![4; 65]),
        (24, vec![4; 97]),
    ] {
        let world = World::new();
        let mut peer = Peer::new(&world, &setup());
        peer.forged_params = Some([vec![3], u16s(&[group]), v8(&point)].concat());
        peer.go();
        assert!(!peer.engine.finished);
        let alerts: Vec<u8> = peer.alerts.iter().map(|alert| alert.description).collect();
        assert_eq!(alerts, [ILLEGAL_PARAMETER], "RFC 8422 5.11: group {group}");
    }
}

#[test]
fn certificate_request_and_server_hello_done() {
    use At::{CertificateRequest, ServerHelloDone};
    check(
        &setup().mutual(),
        &[
            case(
                "RFC 5246 7.4.4: twice",
                CertificateRequest,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.send(m.clone());
                    p.send(m)
                },
            ),
            case(
                "RFC 5246 7.4.4: no schemes",
                CertificateRequest,
                DECODE_ERROR,
                |p, _| {
                    p.send(message(
                        codec::CERTIFICATE_REQUEST,
                        &[v8(&[64]), v16(&[]), v16(&[])].concat(),
                    ))
                },
            ),
            case(
                "RFC 5246 7.2.2: bytes behind the message's end",
                CertificateRequest,
                DECODE_ERROR,
                |p, m| p.send(rebuilt(&m, |body| body.push(0))),
            ),
            case(
                "RFC 5246 7.4.5: with a body",
                ServerHelloDone,
                DECODE_ERROR,
                |p, _| p.send(message(codec::SERVER_HELLO_DONE, &[0])),
            ),
            case(
                "RFC 5246 7.4.5: ChangeCipherSpec in its place",
                ServerHelloDone,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(CHANGE_CIPHER_SPEC, &[1]),
            ),
            case(
                "RFC 5246 7.4.9: Finished in its place",
                ServerHelloDone,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(p.wrong_mac(12)),
            ),
            case(
                "RFC 5246 7.4.5: a Certificate in its place",
                ServerHelloDone,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(codec::CERTIFICATE, &v24(&[]))),
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
                "RFC 5246 7.1: empty",
                ChangeCipherSpec,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(CHANGE_CIPHER_SPEC, &[]),
            ),
            case(
                "RFC 5246 6.2.1: data in its place",
                ChangeCipherSpec,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(DATA, b"hello"),
            ),
            case(
                "RFC 5246 6: unknown record type",
                ChangeCipherSpec,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(99, b"what"),
            ),
            case(
                "RFC 5246 7.4.5: a second ServerHelloDone",
                ChangeCipherSpec,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(HANDSHAKE, &message(codec::SERVER_HELLO_DONE, &[])),
            ),
            case(
                "RFC 5077 3.3: a ticket that was not announced",
                ChangeCipherSpec,
                UNEXPECTED_MESSAGE,
                |p, _| {
                    p.plain(
                        HANDSHAKE,
                        &message(codec::NEW_SESSION_TICKET, &[0, 0, 0, 9, 0, 1, 7]),
                    )
                },
            ),
            case(
                "RFC 5246 7.4.9: HelloRequest in its place",
                Finished,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(codec::SERVER_HELLO_DONE, &[])),
            ),
            case(
                "RFC 5246 6.2.3: ciphertext of 2^14 + 2049 bytes",
                Finished,
                RECORD_OVERFLOW,
                |p, _| p.raw(&[&[HANDSHAKE, 3, 3, 0x48, 0x01][..], &[0; 0x4801]].concat()),
            ),
            case(
                "RFC 5246 7.4: a message behind it in its record",
                Finished,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.seal(
                        HANDSHAKE,
                        &[m, message(codec::SERVER_HELLO_DONE, &[])].concat(),
                    )
                },
            ),
        ],
    );
    check(&setup(), &shared::finish_tls12());
}

/// RFC 7627: whether the secret is bound to the handshake may not change.
#[test]
fn resumption() {
    for one in [
        case(
            "RFC 7627 5.3: no extended master secret any more",
            At::ServerHello,
            HANDSHAKE_FAILURE,
            |p, m| hello(p, &m, |h| h.remove(codec::EXTENDED_MASTER_SECRET)),
        ),
        case(
            "RFC 5246 7.4.1.3: another suite",
            At::ServerHello,
            ILLEGAL_PARAMETER,
            |p, m| hello(p, &m, |h| h.suites = vec![0xc02c]),
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

#[test]
fn after_the_handshake() {
    use At::Data as At;
    check(
        &setup(),
        &[
            case(
                "RFC 5246 7.4: ServerHello",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(codec::SERVER_HELLO, &[0; 40])),
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
                "RFC 5246 7.4.1.1: a flood of HelloRequest",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| {
                    for _ in 0..40 {
                        if p.engine.failure.is_none() {
                            p.send(message(0, &[]));
                            p.drop_warnings();
                        }
                    }
                },
            ),
        ],
    );
}
