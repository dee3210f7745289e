//! From EncryptedExtensions to Finished.

use super::{hello, setup};
use crate::case::*;
use crate::peer::codec::{self, message, rebuilt, u16s, v16, v24, v8};
use crate::peer::engine::World;
use crate::peer::identity::{identities, ECDSA, RSA_PKCS1, RSA_PKCS1_SHA1};
use crate::peer::keys::{DATA, HANDSHAKE};
use crate::peer::server::{
    certificate_request_tls13, certificate_tls13, extension_block, ticket_tls13,
};
use crate::peer::{At, Peer, Setup};
use crate::shared;

#[test]
fn encrypted_extensions() {
    use At::EncryptedExtensions as At;
    let mut setup = setup();
    setup.engine.application_protocols = vec![b"h2".to_vec()];
    check(
        &setup,
        &[
            case(
                "RFC 8446 4.3.1: left out",
                At,
                UNEXPECTED_MESSAGE,
                |_, _| {},
            ),
            case("RFC 8446 4.3.1: twice", At, UNEXPECTED_MESSAGE, |p, m| {
                p.send(m.clone());
                p.send(m)
            }),
            case(
                "RFC 8446 4.2: extension not offered",
                At,
                UNSUPPORTED_EXTENSION,
                |p, _| {
                    p.send(message(
                        codec::ENCRYPTED_EXTENSIONS,
                        &extension_block(0x1234, &[]),
                    ))
                },
            ),
            case(
                "RFC 8446 4.3.1: extension of another message",
                At,
                ILLEGAL_PARAMETER,
                |p, _| {
                    let share = [u16s(&[29]), v16(&[9; 32])].concat();
                    let share = extension_block(codec::KEY_SHARE, &share);
                    p.send(message(codec::ENCRYPTED_EXTENSIONS, &share))
                },
            ),
            case(
                "RFC 8446 4.2.10: early data that was not offered",
                At,
                UNSUPPORTED_EXTENSION,
                |p, _| {
                    let early = extension_block(codec::EARLY_DATA, &[]);
                    p.send(message(codec::ENCRYPTED_EXTENSIONS, &early))
                },
            ),
            case(
                "RFC 7301 3.2: a protocol that was not offered",
                At,
                ILLEGAL_PARAMETER,
                |p, _| {
                    let alpn = extension_block(codec::ALPN, &v16(&v8(b"spdy")));
                    p.send(message(codec::ENCRYPTED_EXTENSIONS, &alpn))
                },
            ),
            case("RFC 7301 3.1: two protocols", At, DECODE_ERROR, |p, _| {
                let names = [v8(b"h2"), v8(b"h2")].concat();
                let alpn = extension_block(codec::ALPN, &v16(&names));
                p.send(message(codec::ENCRYPTED_EXTENSIONS, &alpn))
            }),
            case("RFC 7301 3.1: no protocol", At, DECODE_ERROR, |p, _| {
                let alpn = extension_block(codec::ALPN, &v16(&[]));
                p.send(message(codec::ENCRYPTED_EXTENSIONS, &alpn))
            }),
            case("RFC 8446 6.2: empty message", At, DECODE_ERROR, |p, _| {
                p.send(message(codec::ENCRYPTED_EXTENSIONS, &[]))
            }),
            case(
                "RFC 8446 6.2: bytes behind the message's end",
                At,
                DECODE_ERROR,
                |p, m| p.send(rebuilt(&m, |body| body.push(0))),
            ),
            case("RFC 8446 6.2: cut message", At, DECODE_ERROR, |p, _| {
                p.send(message(codec::ENCRYPTED_EXTENSIONS, &[0, 4, 0]))
            }),
            case(
                "RFC 8446 4.6.1: a ticket in the handshake",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(ticket_tls13(3600, b"ticket")),
            ),
            case(
                "RFC 8446 4.6.3: a KeyUpdate in the handshake",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(codec::KEY_UPDATE, &[0])),
            ),
            case(
                "RFC 8446 4: HelloRequest",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(0, &[])),
            ),
        ],
    );
}

#[test]
fn certificate_request() {
    use At::CertificateRequest as At;
    check(
        &setup().mutual(),
        &[
            case("RFC 8446 4.3.2: twice", At, UNEXPECTED_MESSAGE, |p, m| {
                p.send(m.clone());
                p.send(m)
            }),
            case(
                "RFC 8446 4.3.2: a context in the handshake",
                At,
                DECODE_ERROR,
                |p, _| p.send(certificate_request_tls13(b"context")),
            ),
            case(
                "RFC 8446 4.3.2: no signature_algorithms",
                At,
                HANDSHAKE_FAILURE,
                |p, _| p.send(message(codec::CERTIFICATE_REQUEST, &[0, 0, 0])),
            ),
            case(
                "RFC 8446 4.2.3: no schemes in signature_algorithms",
                At,
                DECODE_ERROR,
                |p, _| {
                    let none = extension_block(codec::SIGNATURE_ALGORITHMS, &v16(&[]));
                    p.send(message(
                        codec::CERTIFICATE_REQUEST,
                        &[v8(&[]), none].concat(),
                    ))
                },
            ),
            case(
                "RFC 8446 6.2: bytes behind the message's end",
                At,
                DECODE_ERROR,
                |p, m| p.send(rebuilt(&m, |body| body.push(0))),
            ),
            case("RFC 8446 6.2: cut message", At, DECODE_ERROR, |p, m| {
                p.send(rebuilt(&m, |body| body.truncate(5)))
            }),
        ],
    );
}

#[test]
fn certificate() {
    use At::Certificate as At;
    check(
        &setup(),
        &[
            case(
                "RFC 8446 4.4.2: left out",
                At,
                UNEXPECTED_MESSAGE,
                |_, _| {},
            ),
            case("RFC 8446 4.4.2: twice", At, UNEXPECTED_MESSAGE, |p, m| {
                p.send(m.clone());
                p.send(m)
            }),
            case(
                "RFC 8446 4.4.2.4: no certificate",
                At,
                DECODE_ERROR,
                |p, _| p.send(certificate_tls13(None)),
            ),
            case(
                "RFC 8446 4.4.2: a context in the handshake",
                At,
                DECODE_ERROR,
                |p, m| {
                    p.send(rebuilt(&m, |body| {
                        body.splice(..1, [1, 7]);
                    }))
                },
            ),
            case(
                "RFC 8446 4.4.2: an extension that was not offered",
                At,
                UNSUPPORTED_EXTENSION,
                |p, _| {
                    let leaf = v24(&identities().server.certificate);
                    let entry = [leaf, extension_block(0x1234, &[])].concat();
                    p.send(message(
                        codec::CERTIFICATE,
                        &[v8(&[]), v24(&entry)].concat(),
                    ))
                },
            ),
            case("RFC 8446 6.2: cut message", At, DECODE_ERROR, |p, m| {
                p.send(rebuilt(&m, |body| body.truncate(50)))
            }),
            case(
                "RFC 8446 6.2: bytes behind the message's end",
                At,
                DECODE_ERROR,
                |p, m| p.send(rebuilt(&m, |body| body.push(0))),
            ),
            case(
                "RFC 8446 4.4.2: an empty certificate",
                At,
                BAD_CERTIFICATE,
                |p, _| {
                    let entry = [v24(&[]), v16(&[])].concat();
                    p.send(message(
                        codec::CERTIFICATE,
                        &[v8(&[]), v24(&entry)].concat(),
                    ))
                },
            ),
            case(
                "RFC 8446 4: a certificate longer than any may be",
                At,
                DECODE_ERROR,
                |p, _| p.seal(HANDSHAKE, &[codec::CERTIFICATE, 0xff, 0xff, 0xff]),
            ),
        ],
    );
}

/// What the certificate says comes to light when its signature does.
#[test]
fn certificates_that_are_not_believed() {
    fn show(p: &mut Peer, identity: &'static crate::peer::identity::Identity) {
        p.setup.identity = Some(identity);
        p.send(certificate_tls13(Some(identity)));
    }
    use At::Certificate as At;
    check(
        &setup(),
        &[
            case("RFC 8446 6.2: unknown authority", At, UNKNOWN_CA, |p, _| {
                show(p, &identities().stranger)
            }),
            case("RFC 8446 6.2: expired", At, CERTIFICATE_EXPIRED, |p, _| {
                show(p, &identities().expired)
            }),
            case("RFC 9525 6: another name", At, BAD_CERTIFICATE, |p, _| {
                show(p, &identities().elsewhere)
            }),
            case(
                "RFC 8446 6.2: bytes that are no certificate",
                At,
                BAD_CERTIFICATE,
                |p, _| {
                    let entry = [v24(&[0x30, 3, 2, 1, 1]), v16(&[])].concat();
                    p.send(message(
                        codec::CERTIFICATE,
                        &[v8(&[]), v24(&entry)].concat(),
                    ))
                },
            ),
        ],
    );
}

#[test]
fn certificate_verify() {
    use At::CertificateVerify as At;
    check(
        &setup(),
        &[
            case(
                "RFC 8446 4.4.3: left out",
                At,
                UNEXPECTED_MESSAGE,
                |_, _| {},
            ),
            case("RFC 8446 4.4.3: twice", At, UNEXPECTED_MESSAGE, |p, m| {
                p.send(m.clone());
                p.send(m)
            }),
            case(
                "RFC 8446 4.4.3: wrong signature",
                At,
                DECRYPT_ERROR,
                |p, m| p.send(rebuilt(&m, |body| *body.last_mut().unwrap() ^= 1)),
            ),
            case(
                "RFC 8446 4.4.3: signature of another key",
                At,
                DECRYPT_ERROR,
                |p, _| {
                    let signed = p.signed_tls13(&identities().client, ECDSA, "server");
                    p.send(signed)
                },
            ),
            case(
                "RFC 8446 4.4.3: a client's signature",
                At,
                DECRYPT_ERROR,
                |p, _| {
                    let signed = p.signed_tls13(&identities().server, ECDSA, "client");
                    p.send(signed)
                },
            ),
            case(
                "RFC 8446 4.4.3: a scheme that was not offered",
                At,
                ILLEGAL_PARAMETER,
                |p, _| {
                    let signed = p.signed_tls13(&identities().server, RSA_PKCS1_SHA1, "server");
                    p.send(signed)
                },
            ),
            case("RFC 8446 4.2.3: PKCS #1", At, ILLEGAL_PARAMETER, |p, _| {
                let signed = p.signed_tls13(&identities().server_rsa, RSA_PKCS1, "server");
                p.send(signed)
            }),
            case(
                "RFC 8446 4.4.3: a scheme of another type of key",
                At,
                DECRYPT_ERROR,
                |p, m| p.send(rebuilt(&m, |body| body[..2].copy_from_slice(&[8, 4]))),
            ),
            case("RFC 8446 4.4.3: no signature", At, DECRYPT_ERROR, |p, _| {
                p.send(message(codec::CERTIFICATE_VERIFY, &[4, 3, 0, 0]))
            }),
            case(
                "RFC 8446 6.2: bytes behind the message's end",
                At,
                DECODE_ERROR,
                |p, m| p.send(rebuilt(&m, |body| body.push(0))),
            ),
            case("RFC 8446 6.2: empty message", At, DECODE_ERROR, |p, _| {
                p.send(message(codec::CERTIFICATE_VERIFY, &[]))
            }),
        ],
    );
}

#[test]
fn finished() {
    use At::Finished as At;
    check(
        &setup(),
        &[
            case(
                "RFC 8446 4.4.4: data in its place",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.seal(DATA, b"hello"),
            ),
            case(
                "RFC 8446 4.4.4: a ticket in its place",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(ticket_tls13(3600, b"ticket")),
            ),
            case(
                "RFC 8446 5.1: a message behind it in its record",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| p.protected(HANDSHAKE, &[m, ticket_tls13(3600, b"ticket")].concat()),
            ),
        ],
    );
    check(&setup(), &shared::finished_tls13(At));
}

/// A resumed handshake has no certificates, but it has a Finished.
#[test]
fn resumption() {
    let resuming = || {
        let world = World::new();
        let first = Peer::run(&world, &setup(), None);
        assert!(first.complete && !first.session.id.is_empty());
        (world, first.session)
    };
    let (world, session) = resuming();
    let peer = Peer::run(
        &world,
        &Setup {
            session: Some(session.clone()),
            ..setup()
        },
        None,
    );
    assert!(peer.engine.connection.resumed());
    for one in [
        case(
            "RFC 8446 4.2.11: an identity that was not offered",
            At::ServerHello,
            ILLEGAL_PARAMETER,
            |p, m| hello(p, &m, |h| h.set(codec::PRE_SHARED_KEY, vec![0, 1])),
        ),
        case(
            "RFC 8446 4.2.11: a suite of another hash",
            At::ServerHello,
            ILLEGAL_PARAMETER,
            |p, m| hello(p, &m, |h| h.suites = vec![0x1302]),
        ),
        case(
            "RFC 8446 4.2.9: PSK alone, which was not offered",
            At::ServerHello,
            MISSING_EXTENSION,
            |p, m| hello(p, &m, |h| h.remove(codec::KEY_SHARE)),
        ),
        case(
            "RFC 8446 4.4.2: Certificate",
            At::Finished,
            UNEXPECTED_MESSAGE,
            |p, _| p.send(certificate_tls13(Some(&identities().server))),
        ),
        case(
            "RFC 8446 4.3.2: CertificateRequest",
            At::Finished,
            UNEXPECTED_MESSAGE,
            |p, _| p.send(certificate_request_tls13(&[])),
        ),
        case(
            "RFC 8446 4.4.4: wrong Finished",
            At::Finished,
            DECRYPT_ERROR,
            |p, _| p.send(p.wrong_mac(32)),
        ),
    ] {
        let (world, session) = resuming();
        let world = std::cell::Cell::new(Some(world));
        check_in(
            || world.take().unwrap(),
            &Setup {
                session: Some(session),
                ..setup()
            },
            &[one],
        );
    }
}
