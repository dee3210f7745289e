//! ClientHello, the first and the second.

use super::{hello, setup};
use crate::case::*;
use crate::peer::codec::{self, message, rebuilt, u16s, v16, v8, Hello};
use crate::peer::identity::identities;
use crate::peer::keys::{ALERT, CHANGE_CIPHER_SPEC, DATA, HANDSHAKE};
use crate::peer::server::certificate_tls12;
use crate::peer::{At, Setup, SECP256R1, X25519};

#[test]
fn client_hello() {
    use At::ClientHello as At;
    check(
        &setup(),
        &[
            case(
                "RFC 8446 4.2.1: no version in common",
                At,
                PROTOCOL_VERSION,
                |p, m| {
                    hello(p, &m, |h| {
                        h.set(codec::SUPPORTED_VERSIONS, v8(&[0x7f, 0x1c]))
                    })
                },
            ),
            case("RFC 8446 D.2: TLS 1.1", At, PROTOCOL_VERSION, |p, m| {
                hello(p, &m, |h| {
                    h.version = 0x0302;
                    h.remove(codec::SUPPORTED_VERSIONS);
                })
            }),
            case(
                "RFC 8446 D.2: TLS 1.2 where there is only 1.3",
                At,
                PROTOCOL_VERSION,
                |p, m| hello(p, &m, |h| h.remove(codec::SUPPORTED_VERSIONS)),
            ),
            case(
                "RFC 8446 4.2.1: empty list of versions",
                At,
                DECODE_ERROR,
                |p, m| hello(p, &m, |h| h.set(codec::SUPPORTED_VERSIONS, v8(&[]))),
            ),
            case(
                "RFC 8446 4.1.2: no suite in common",
                At,
                HANDSHAKE_FAILURE,
                |p, m| hello(p, &m, |h| h.suites = vec![0x1304, 0xc02b]),
            ),
            case("RFC 8446 4.1.2: no suites", At, DECODE_ERROR, |p, m| {
                hello(p, &m, |h| h.suites = vec![])
            }),
            case(
                "RFC 8446 4.1.2: compression",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.compressions = vec![1, 0]),
            ),
            case(
                "RFC 8446 4.1.2: compression without null",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.compressions = vec![1]),
            ),
            case(
                "RFC 8446 4.1.2: no compression methods",
                At,
                DECODE_ERROR,
                |p, m| hello(p, &m, |h| h.compressions = vec![]),
            ),
            case(
                "RFC 8446 4.1.2: session id of 33 bytes",
                At,
                DECODE_ERROR,
                |p, m| hello(p, &m, |h| h.session_id.push(0x33)),
            ),
            case(
                "RFC 8446 9.2: no supported_groups",
                At,
                MISSING_EXTENSION,
                |p, m| hello(p, &m, |h| h.remove(codec::SUPPORTED_GROUPS)),
            ),
            case(
                "RFC 8446 9.2: no key_share",
                At,
                MISSING_EXTENSION,
                |p, m| hello(p, &m, |h| h.remove(codec::KEY_SHARE)),
            ),
            case(
                "RFC 8446 9.2: no signature_algorithms",
                At,
                MISSING_EXTENSION,
                |p, m| hello(p, &m, |h| h.remove(codec::SIGNATURE_ALGORITHMS)),
            ),
            case(
                "RFC 8446 4.2.7: no group in common",
                At,
                HANDSHAKE_FAILURE,
                |p, m| {
                    hello(p, &m, |h| {
                        h.set(codec::SUPPORTED_GROUPS, v16(&u16s(&[24])));
                        h.set(codec::KEY_SHARE, v16(&[]));
                    })
                },
            ),
            case(
                "RFC 8446 4.2.3: no scheme in common",
                At,
                HANDSHAKE_FAILURE,
                |p, m| {
                    hello(p, &m, |h| {
                        h.set(codec::SIGNATURE_ALGORITHMS, v16(&u16s(&[0x0804])))
                    })
                },
            )
            .encrypted(),
            case(
                "RFC 8446 4.2.8: two shares of one group",
                At,
                ILLEGAL_PARAMETER,
                |p, m| {
                    let shares = p.key_shares(&[X25519, X25519]);
                    hello(p, &m, |h| h.set(codec::KEY_SHARE, shares))
                },
            ),
            case(
                "RFC 8446 4.2.8.2: share of a wrong length",
                At,
                ILLEGAL_PARAMETER,
                |p, m| {
                    hello(p, &m, |h| {
                        h.set(
                            codec::KEY_SHARE,
                            v16(&[u16s(&[X25519]), v16(&[9; 31])].concat()),
                        )
                    })
                },
            ),
            case(
                "RFC 8446 4.2.8.2: a point that is not on the curve",
                At,
                ILLEGAL_PARAMETER,
                |p, m| {
                    hello(p, &m, |h| {
                        h.set(codec::SUPPORTED_GROUPS, v16(&u16s(&[SECP256R1])));
                        h.set(
                            codec::KEY_SHARE,
                            v16(&[u16s(&[SECP256R1]), v16(&[4; 65])].concat()),
                        );
                    })
                },
            ),
            case(
                "RFC 8446 7.4.2: a share that makes zeros",
                At,
                ILLEGAL_PARAMETER,
                |p, m| {
                    hello(p, &m, |h| {
                        h.set(
                            codec::KEY_SHARE,
                            v16(&[u16s(&[X25519]), v16(&[0; 32])].concat()),
                        )
                    })
                },
            ),
            case("RFC 8446 4.2.8: empty share", At, DECODE_ERROR, |p, m| {
                hello(p, &m, |h| {
                    h.set(codec::KEY_SHARE, v16(&[u16s(&[X25519]), v16(&[])].concat()))
                })
            }),
            case(
                "RFC 8446 4.2: the same extension twice",
                At,
                ILLEGAL_PARAMETER,
                |p, m| {
                    hello(p, &m, |h| {
                        h.extensions
                            .insert(0, (codec::SUPPORTED_VERSIONS, v8(&[3, 4])))
                    })
                },
            ),
            case(
                "RFC 8446 4.2: an unknown extension twice",
                At,
                ILLEGAL_PARAMETER,
                |p, m| {
                    hello(p, &m, |h| {
                        h.extensions.insert(0, (0x1234, vec![]));
                        h.extensions.insert(0, (0x1234, vec![]));
                    })
                },
            ),
            case(
                "RFC 8446 4.2.9: a PSK without its modes",
                At,
                MISSING_EXTENSION,
                |p, m| {
                    let mut hello = Hello::parse(&m);
                    hello.remove(codec::PSK_KEY_EXCHANGE_MODES);
                    let session = crate::peer::Session {
                        id: b"ticket".to_vec(),
                        secret: vec![7; 32],
                        age_add: 0,
                    };
                    p.send(p.with_psk(&hello, &session))
                },
            ),
            case(
                "RFC 8446 4.2.11: a PSK that is not last",
                At,
                ILLEGAL_PARAMETER,
                |p, m| {
                    hello(p, &m, |h| {
                        let psk = [
                            v16(&[v16(b"ticket"), vec![0; 4]].concat()),
                            v16(&v8(&[7; 32])),
                        ]
                        .concat();
                        h.extensions.insert(0, (codec::PRE_SHARED_KEY, psk))
                    })
                },
            ),
            case(
                "RFC 8446 4.2.11: fewer binders than identities",
                At,
                ILLEGAL_PARAMETER,
                |p, m| {
                    hello(p, &m, |h| {
                        let identity = [v16(b"ticket"), vec![0; 4]].concat();
                        let psk = [
                            v16(&[identity.clone(), identity].concat()),
                            v16(&v8(&[7; 32])),
                        ]
                        .concat();
                        h.set(codec::PRE_SHARED_KEY, psk)
                    })
                },
            ),
            case(
                "RFC 8446 4.2.11: no identities",
                At,
                DECODE_ERROR,
                |p, m| {
                    hello(p, &m, |h| {
                        h.set(
                            codec::PRE_SHARED_KEY,
                            [v16(&[]), v16(&v8(&[7; 32]))].concat(),
                        )
                    })
                },
            ),
            case(
                "RFC 6066 3: no name in server_name",
                At,
                DECODE_ERROR,
                |p, m| hello(p, &m, |h| h.set(codec::SERVER_NAME, v16(&[]))),
            ),
            case(
                "RFC 6066 3: two names of one type",
                At,
                DECODE_ERROR,
                |p, m| {
                    let name = [vec![0], v16(b"server.test")].concat();
                    hello(p, &m, |h| {
                        h.set(codec::SERVER_NAME, v16(&[name.clone(), name].concat()))
                    })
                },
            ),
            case("RFC 8446 6.2: cut message", At, DECODE_ERROR, |p, m| {
                p.send(rebuilt(&m, |body| body.truncate(60)))
            }),
            case("RFC 8446 6.2: empty message", At, DECODE_ERROR, |p, _| {
                p.send(message(codec::CLIENT_HELLO, &[]))
            }),
            case(
                "RFC 8446 6.2: bytes behind the message's end",
                At,
                DECODE_ERROR,
                |p, m| p.send(rebuilt(&m, |body| body.push(0))),
            ),
            case(
                "RFC 8446 5.1: a message behind it in its record",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| p.send([m.clone(), m].concat()),
            ),
            case(
                "RFC 8446 4: ServerHello from a client",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(codec::SERVER_HELLO, &[0; 40])),
            ),
            case(
                "RFC 8446 4: Certificate first",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(certificate_tls12(Some(&identities().client))),
            ),
            case(
                "RFC 8446 4: Finished first",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(p.wrong_mac(32)),
            ),
            case(
                "RFC 8446 4: message of an unknown type",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(99, &[])),
            ),
            case(
                "RFC 8446 5.1: data first",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(DATA, b"hello"),
            ),
            case(
                "RFC 8446 D.4: ChangeCipherSpec before ClientHello",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(CHANGE_CIPHER_SPEC, &[1]),
            ),
            case(
                "RFC 8446 5: unknown record type",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(99, b"what"),
            ),
            case("RFC 5246 E.2: SSL 2.0", At, UNEXPECTED_MESSAGE, |p, _| {
                p.raw(&[&[0x80, 0x2e, 1, 3, 3, 0, 21, 0, 0, 0, 16][..], &[7; 37]].concat())
            }),
            case("RFC 8446 5: plain HTTP", At, UNEXPECTED_MESSAGE, |p, _| {
                p.raw(b"GET / HTTP/1.1\r\n\r\n")
            }),
            case(
                "RFC 8446 5.1: empty handshake record",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.plain(HANDSHAKE, &[]);
                    p.send(m)
                },
            ),
            case(
                "RFC 8446 5.1: plaintext of 2^14 + 1 bytes",
                At,
                RECORD_OVERFLOW,
                |p, _| p.plain(HANDSHAKE, &[1; (1 << 14) + 1]),
            ),
            case(
                "RFC 8446 5.1: plaintext of 2^16 - 1 bytes",
                At,
                RECORD_OVERFLOW,
                |p, _| p.plain(HANDSHAKE, &[1; (1 << 16) - 1]),
            ),
            case(
                "RFC 8446 5.4: empty alert",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(ALERT, &[]),
            ),
            case("RFC 8446 5.1: cut alert", At, DECODE_ERROR, |p, _| {
                p.plain(ALERT, &[2])
            }),
            case(
                "RFC 8446 5.1: two alerts in a record",
                At,
                DECODE_ERROR,
                |p, _| p.plain(ALERT, &[1, 90, 1, 90]),
            ),
            case(
                "RFC 8446 6: alert of an unknown level",
                At,
                ILLEGAL_PARAMETER,
                |p, _| p.plain(ALERT, &[3, 40]),
            ),
            case(
                "RFC 8446 6.1: a flood of warnings",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| {
                    for _ in 0..6 {
                        p.plain(ALERT, &[1, 90])
                    }
                },
            ),
            case(
                "RFC 8446 5.1: a message interleaved with an alert",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.plain(HANDSHAKE, &m[..40]);
                    p.plain(ALERT, &[1, 90])
                },
            ),
            case(
                "RFC 8446 5.1: a message interleaved with data",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.plain(HANDSHAKE, &m[..40]);
                    p.plain(DATA, b"hello")
                },
            ),
            case(
                "RFC 8446 4: longer than any message may be",
                At,
                DECODE_ERROR,
                |p, _| p.plain(HANDSHAKE, &[codec::CLIENT_HELLO, 0xff, 0xff, 0xff, 3, 3]),
            ),
        ],
    );
}

#[test]
fn application_protocols() {
    let mut setup = setup();
    setup.engine.application_protocols = vec![b"h2".to_vec()];
    check(
        &setup,
        &[
            case(
                "RFC 7301 3.2: none in common",
                At::ClientHello,
                NO_APPLICATION_PROTOCOL,
                |p, m| hello(p, &m, |h| h.set(codec::ALPN, v16(&v8(b"spdy")))),
            )
            .encrypted(),
            case(
                "RFC 7301 3.1: an empty list",
                At::ClientHello,
                DECODE_ERROR,
                |p, m| hello(p, &m, |h| h.set(codec::ALPN, v16(&[]))),
            ),
            case(
                "RFC 7301 3.1: an empty name",
                At::ClientHello,
                DECODE_ERROR,
                |p, m| hello(p, &m, |h| h.set(codec::ALPN, v16(&v8(b"")))),
            ),
        ],
    );
}

#[test]
fn second_client_hello() {
    use At::SecondClientHello as At;
    check(
        &Setup {
            retry: true,
            ..setup()
        },
        &[
            case(
                "RFC 8446 4.1.2: no share again",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.set(codec::KEY_SHARE, v16(&[0x7f, 1, 0, 1, 9]))),
            ),
            case(
                "RFC 8446 4.1.2: a share of another group",
                At,
                ILLEGAL_PARAMETER,
                |p, m| {
                    let shares = p.key_shares(&[SECP256R1]);
                    hello(p, &m, |h| h.set(codec::KEY_SHARE, shares))
                },
            ),
            case(
                "RFC 8446 9.2: no key_share",
                At,
                MISSING_EXTENSION,
                |p, m| hello(p, &m, |h| h.remove(codec::KEY_SHARE)),
            ),
            case(
                "RFC 8446 4.1.2: other suites",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.suites = vec![0x1303]),
            ),
            case(
                "RFC 8446 4.1.2: Finished in its place",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(p.wrong_mac(32)),
            ),
            case(
                "RFC 8446 5.1: data in its place",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(DATA, b"hello"),
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
        ],
    );
}
