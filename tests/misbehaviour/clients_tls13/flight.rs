//! From Certificate to Finished, and after it.

use super::setup;
use crate::case::*;
use crate::peer::codec::{self, message, rebuilt, v16, v24, v8, Hello};
use crate::peer::engine::World;
use crate::peer::identity::{identities, ECDSA, RSA_PKCS1_SHA1};
use crate::peer::keys::{ALERT, CHANGE_CIPHER_SPEC, DATA, HANDSHAKE};
use crate::peer::server::{certificate_tls13, extension_block, ticket_tls13};
use crate::peer::{At, Peer, Setup};
use crate::shared;

#[test]
fn finished() {
    use At::Finished as At;
    check(
        &setup(),
        &[
            case(
                "RFC 8446 4.4.2: Certificate that was not asked for",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(certificate_tls13(Some(&identities().client))),
            ),
            case(
                "RFC 8446 4.4.3: CertificateVerify that was not asked for",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| {
                    let signed = p.signed_tls13(&identities().client, ECDSA, "client");
                    p.send(signed)
                },
            ),
            case(
                "RFC 8446 4.5: EndOfEarlyData that was not asked for",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(5, &[])),
            ),
            case(
                "RFC 8446 4.6.3: KeyUpdate before Finished",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(codec::KEY_UPDATE, &[0])),
            ),
            case(
                "RFC 8446 5.1: a message behind it in its record",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| p.protected(HANDSHAKE, &[m, message(codec::KEY_UPDATE, &[0])].concat()),
            ),
        ],
    );
    check(&setup(), &shared::finished_tls13(At));
}

#[test]
fn client_certificate() {
    fn show(p: &mut Peer, identity: &'static crate::peer::identity::Identity) {
        p.setup.identity = Some(identity);
        p.send(certificate_tls13(Some(identity)));
    }
    use At::{Certificate, CertificateVerify};
    check(
        &setup().mutual(),
        &[
            case(
                "RFC 8446 4.4.2: no certificate",
                Certificate,
                CERTIFICATE_REQUIRED,
                |p, _| {
                    p.setup.identity = None;
                    p.send(certificate_tls13(None))
                },
            ),
            case(
                "RFC 8446 4.4.2: Finished in its place",
                Certificate,
                UNEXPECTED_MESSAGE,
                |p, _| {
                    p.setup.identity = None;
                },
            ),
            case(
                "RFC 8446 4.4.2: left out",
                Certificate,
                UNEXPECTED_MESSAGE,
                |_, _| {},
            ),
            case(
                "RFC 8446 4.4.2: twice",
                Certificate,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.send(m.clone());
                    p.send(m)
                },
            ),
            case(
                "RFC 8446 4.4.2: another context",
                Certificate,
                DECODE_ERROR,
                |p, m| {
                    p.send(rebuilt(&m, |body| {
                        body.splice(..1, [1, 7]);
                    }))
                },
            ),
            case(
                "RFC 8446 4.4.2: an extension that was not asked for",
                Certificate,
                UNSUPPORTED_EXTENSION,
                |p, _| {
                    let leaf = v24(&identities().client.certificate);
                    let entry = [leaf, extension_block(0x1234, &[])].concat();
                    p.send(message(
                        codec::CERTIFICATE,
                        &[v8(&[]), v24(&entry)].concat(),
                    ))
                },
            ),
            case(
                "RFC 8446 6.2: cut message",
                Certificate,
                DECODE_ERROR,
                |p, m| p.send(rebuilt(&m, |body| body.truncate(50))),
            ),
            case(
                "RFC 8446 6.2: unknown authority",
                Certificate,
                UNKNOWN_CA,
                |p, _| show(p, &identities().stranger),
            ),
            case(
                "RFC 8446 6.2: expired",
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
                "RFC 8446 6.2: bytes that are no certificate",
                Certificate,
                BAD_CERTIFICATE,
                |p, _| {
                    let entry = [v24(&[0x30, 3, 2, 1, 1]), v16(&[])].concat();
                    p.send(message(
                        codec::CERTIFICATE,
                        &[v8(&[]), v24(&entry)].concat(),
                    ))
                },
            ),
            case(
                "RFC 8446 4.4.3: left out",
                CertificateVerify,
                UNEXPECTED_MESSAGE,
                |_, _| {},
            ),
            case(
                "RFC 8446 4.4.3: twice",
                CertificateVerify,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.send(m.clone());
                    p.send(m)
                },
            ),
            case(
                "RFC 8446 4.4.3: wrong signature",
                CertificateVerify,
                DECRYPT_ERROR,
                |p, m| p.send(rebuilt(&m, |body| *body.last_mut().unwrap() ^= 1)),
            ),
            case(
                "RFC 8446 4.4.3: signature of another key",
                CertificateVerify,
                DECRYPT_ERROR,
                |p, _| {
                    let signed = p.signed_tls13(&identities().server, ECDSA, "client");
                    p.send(signed)
                },
            ),
            case(
                "RFC 8446 4.4.3: a server's signature",
                CertificateVerify,
                DECRYPT_ERROR,
                |p, _| {
                    let signed = p.signed_tls13(&identities().client, ECDSA, "server");
                    p.send(signed)
                },
            ),
            case(
                "RFC 8446 4.4.3: a scheme not asked for",
                CertificateVerify,
                ILLEGAL_PARAMETER,
                |p, _| {
                    let signed = p.signed_tls13(&identities().client, RSA_PKCS1_SHA1, "client");
                    p.send(signed)
                },
            ),
            case(
                "RFC 8446 4.4.3: data in its place",
                CertificateVerify,
                UNEXPECTED_MESSAGE,
                |p, _| p.seal(DATA, b"hello"),
            ),
        ],
    );
}

/// Where a certificate is wanted and not needed a client may have none, but not half of one.
#[test]
fn wanted_certificates() {
    let mut setup = setup().mutual();
    setup.engine.client_authentication = rustls_jvm::config::context::ClientAuthentication::Want;
    let without = Setup {
        identity: None,
        ..setup.clone()
    };
    let peer = Peer::run(&World::new(), &without, None);
    assert!(peer.complete && peer.engine.connection.peer_certificates().is_none());
    check(
        &setup,
        &[
            case(
                "RFC 8446 4.4.3: left out",
                At::CertificateVerify,
                UNEXPECTED_MESSAGE,
                |_, _| {},
            ),
            case(
                "RFC 8446 4.4.2: CertificateVerify of no certificate",
                At::Certificate,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(certificate_tls13(None)),
            ),
            case(
                "RFC 8446 6.2: unknown authority",
                At::Certificate,
                UNKNOWN_CA,
                |p, _| {
                    p.setup.identity = Some(&identities().stranger);
                    p.send(certificate_tls13(Some(&identities().stranger)))
                },
            ),
        ],
    );
}

#[test]
fn resumption() {
    for one in [
        case(
            "RFC 8446 4.2.11.2: wrong binder",
            At::ClientHello,
            DECRYPT_ERROR,
            |p, m| {
                let mut wrong = m;
                *wrong.last_mut().unwrap() ^= 1;
                p.send(wrong)
            },
        ),
        case(
            "RFC 8446 4.2.11.2: binder of another PSK",
            At::ClientHello,
            DECRYPT_ERROR,
            |p, m| {
                let mut session = p.setup.session.clone().unwrap();
                session.secret[0] ^= 1;
                let mut hello = Hello::parse(&m);
                hello.remove(codec::PRE_SHARED_KEY);
                p.send(p.with_psk(&hello, &session))
            },
        ),
        case(
            "RFC 8446 4.4.2: Certificate",
            At::Finished,
            UNEXPECTED_MESSAGE,
            |p, _| p.send(certificate_tls13(Some(&identities().client))),
        ),
        case(
            "RFC 8446 4.4.4: wrong Finished",
            At::Finished,
            DECRYPT_ERROR,
            |p, _| p.send(p.wrong_mac(32)),
        ),
    ] {
        let world = World::new();
        let first = Peer::run(&world, &setup(), None);
        assert!(first.complete && !first.session.id.is_empty());
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
                "RFC 8446 4.1.2: renegotiation",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(codec::CLIENT_HELLO, &[0; 40])),
            ),
            case(
                "RFC 8446 4.6.1: a ticket",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(ticket_tls13(3600, b"ticket")),
            ),
            case(
                "RFC 8446 4.6.2: Certificate that was not asked for",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(certificate_tls13(Some(&identities().client))),
            ),
            case(
                "RFC 8446 4.4.4: a second Finished",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(p.wrong_mac(32)),
            ),
            case(
                "RFC 8446 5: ChangeCipherSpec",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(CHANGE_CIPHER_SPEC, &[1]),
            ),
            case(
                "RFC 8446 5: an alert in the clear",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(ALERT, &[2, 40]),
            ),
        ],
    );
}
