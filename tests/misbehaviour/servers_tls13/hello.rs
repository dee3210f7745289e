//! ServerHello and HelloRetryRequest.

use super::{hello, setup};
use crate::case::*;
use crate::peer::codec::{self, message, rebuilt, u16s, v16};
use crate::peer::identity::identities;
use crate::peer::keys::{CHANGE_CIPHER_SPEC, DATA, HANDSHAKE};
use crate::peer::server::certificate_tls12;
use crate::peer::{At, Setup, SECP256R1};
use rustls_jvm::config::policy::Protocol;

#[test]
fn server_hello() {
    use At::ServerHello as At;
    check(
        &setup(),
        &[
            case(
                "RFC 8446 4.1.3: legacy_version must be 0x0303",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.version = 0x0304),
            ),
            case(
                "RFC 8446 4.2.1: selected version not offered",
                At,
                ILLEGAL_PARAMETER,
                |p, m| {
                    hello(p, &m, |h| {
                        h.set(codec::SUPPORTED_VERSIONS, vec![0x7f, 0x1c])
                    })
                },
            ),
            case(
                "RFC 8446 4.2.1: selected version before 1.3",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.set(codec::SUPPORTED_VERSIONS, vec![3, 3])),
            ),
            case(
                "RFC 8446 4.2.1: no version that was offered",
                At,
                PROTOCOL_VERSION,
                |p, m| hello(p, &m, |h| h.remove(codec::SUPPORTED_VERSIONS)),
            ),
            case("RFC 5246 E.1: SSL 3.0", At, PROTOCOL_VERSION, |p, m| {
                hello(p, &m, |h| {
                    h.version = 0x0300;
                    h.extensions.clear();
                })
            }),
            case(
                "RFC 8446 4.1.3: wrong echo of the session id",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.session_id[0] ^= 1),
            ),
            case(
                "RFC 8446 4.1.3: no echo of the session id",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.session_id.clear()),
            ),
            case(
                "RFC 8446 4.1.3: session id of 33 bytes",
                At,
                DECODE_ERROR,
                |p, m| hello(p, &m, |h| h.session_id.push(0x11)),
            ),
            case(
                "RFC 8446 4.1.3: suite not offered",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.suites = vec![0x1304]),
            ),
            case(
                "RFC 8446 4.1.3: suite of TLS 1.2",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.suites = vec![0xc02b]),
            ),
            case(
                "RFC 8446 4.1.3: compression",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.compressions = vec![1]),
            ),
            case(
                "RFC 8446 4.2: unoffered extension",
                At,
                UNSUPPORTED_EXTENSION,
                |p, m| hello(p, &m, |h| h.set(0x1234, vec![])),
            ),
            case(
                "RFC 8446 4.2: extension of another message",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.set(codec::SUPPORTED_GROUPS, v16(&[0, 29]))),
            ),
            case(
                "RFC 8446 4.2: the same extension twice",
                At,
                ILLEGAL_PARAMETER,
                |p, m| {
                    hello(p, &m, |h| {
                        h.extensions.push((codec::SUPPORTED_VERSIONS, vec![3, 4]))
                    })
                },
            ),
            case(
                "RFC 8446 9.2: no key share",
                At,
                MISSING_EXTENSION,
                |p, m| hello(p, &m, |h| h.remove(codec::KEY_SHARE)),
            ),
            case(
                "RFC 8446 4.2.8: group not offered",
                At,
                ILLEGAL_PARAMETER,
                |p, m| {
                    hello(p, &m, |h| {
                        h.set(codec::KEY_SHARE, [u16s(&[24]), v16(&[4; 97])].concat())
                    })
                },
            ),
            case(
                "RFC 8446 4.2.8: group without a share",
                At,
                ILLEGAL_PARAMETER,
                |p, m| {
                    hello(p, &m, |h| {
                        h.set(
                            codec::KEY_SHARE,
                            [u16s(&[SECP256R1]), v16(&[4; 65])].concat(),
                        )
                    })
                },
            ),
            case(
                "RFC 8446 4.2.8.2: share of a wrong length",
                At,
                ILLEGAL_PARAMETER,
                |p, m| {
                    hello(p, &m, |h| {
                        h.set(codec::KEY_SHARE, [u16s(&[29]), v16(&[9; 31])].concat())
                    })
                },
            ),
            case(
                "RFC 8446 7.4.2: a share that makes zeros",
                At,
                ILLEGAL_PARAMETER,
                |p, m| {
                    hello(p, &m, |h| {
                        h.set(codec::KEY_SHARE, [u16s(&[29]), v16(&[0; 32])].concat())
                    })
                },
            ),
            case("RFC 8446 4.2.8: empty share", At, DECODE_ERROR, |p, m| {
                hello(p, &m, |h| {
                    h.set(codec::KEY_SHARE, [u16s(&[29]), v16(&[])].concat())
                })
            }),
            case(
                "RFC 8446 4.2.8: bytes behind the share",
                At,
                DECODE_ERROR,
                |p, m| {
                    hello(p, &m, |h| {
                        let share = [h.get(codec::KEY_SHARE).unwrap(), &[0]].concat();
                        h.set(codec::KEY_SHARE, share);
                    })
                },
            ),
            case(
                "RFC 8446 4.2.11: PSK that was not offered",
                At,
                UNSUPPORTED_EXTENSION,
                |p, m| hello(p, &m, |h| h.set(codec::PRE_SHARED_KEY, vec![0, 0])),
            ),
            case("RFC 8446 6.2: cut message", At, DECODE_ERROR, |p, m| {
                p.send(rebuilt(&m, |body| body.truncate(20)))
            }),
            case("RFC 8446 6.2: empty message", At, DECODE_ERROR, |p, _| {
                p.send(message(codec::SERVER_HELLO, &[]))
            }),
            case(
                "RFC 8446 6.2: bytes behind the message's end",
                At,
                DECODE_ERROR,
                |p, m| p.send(rebuilt(&m, |body| body.push(0))),
            ),
            case(
                "RFC 8446 4: Certificate first",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(certificate_tls12(Some(&identities().server))),
            ),
            case(
                "RFC 8446 4: Finished first",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(p.wrong_mac(32)),
            ),
            case(
                "RFC 8446 4: EncryptedExtensions first",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(codec::ENCRYPTED_EXTENSIONS, &v16(&[]))),
            ),
            case(
                "RFC 8446 4: ClientHello from a server",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(p.client_hello().build()),
            ),
            case(
                "RFC 8446 4: message of an unknown type",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(99, &[])),
            ),
            case(
                "RFC 8446 4: KeyUpdate first",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(codec::KEY_UPDATE, &[0])),
            ),
            case(
                "RFC 8446 5.1: data in the clear",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(DATA, b"hello"),
            ),
            case(
                "RFC 8446 5.1: a message behind it in its record",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    let next = message(codec::ENCRYPTED_EXTENSIONS, &v16(&[]));
                    p.send([m, next].concat())
                },
            ),
            case(
                "RFC 8446 5.1: a message begun behind it in its record",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| p.send([&m[..], &[codec::ENCRYPTED_EXTENSIONS]].concat()),
            ),
            case(
                "RFC 8446 4: longer than any message may be",
                At,
                DECODE_ERROR,
                |p, _| p.plain(HANDSHAKE, &[codec::SERVER_HELLO, 0xff, 0xff, 0xff, 3, 3]),
            ),
        ],
    );
}

#[test]
fn hello_retry_request() {
    use At::HelloRetryRequest as At;
    check(
        &Setup {
            retry: true,
            ..setup()
        },
        &[
            case(
                "RFC 8446 4.1.4: no change asked for",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.remove(codec::KEY_SHARE)),
            ),
            case(
                "RFC 8446 4.2.8: group not offered",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.set(codec::KEY_SHARE, u16s(&[24]))),
            ),
            case(
                "RFC 8446 4.2.8: group that had a share",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.set(codec::KEY_SHARE, u16s(&[29]))),
            ),
            case(
                "RFC 8446 4.1.4: suite not offered",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.suites = vec![0x1304]),
            ),
            case(
                "RFC 8446 4.1.4: extension not offered",
                At,
                UNSUPPORTED_EXTENSION,
                |p, m| hello(p, &m, |h| h.set(0x1234, vec![])),
            ),
            case("RFC 8446 4.2.2: empty cookie", At, DECODE_ERROR, |p, m| {
                hello(p, &m, |h| h.set(codec::COOKIE, v16(&[])))
            }),
            case(
                "RFC 8446 4.1.4: wrong echo of the session id",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.session_id[0] ^= 1),
            ),
            case(
                "RFC 8446 4.1.4: compression",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.compressions = vec![1]),
            ),
            case(
                "RFC 8446 4.2.1: version not offered",
                At,
                ILLEGAL_PARAMETER,
                |p, m| {
                    hello(p, &m, |h| {
                        h.set(codec::SUPPORTED_VERSIONS, vec![0x7f, 0x1c])
                    })
                },
            ),
            case(
                "RFC 8446 4.2: the same extension twice",
                At,
                ILLEGAL_PARAMETER,
                |p, m| {
                    hello(p, &m, |h| {
                        h.extensions.push((codec::SUPPORTED_VERSIONS, vec![3, 4]))
                    })
                },
            ),
            case(
                "RFC 8446 4.1.4: a second HelloRetryRequest",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.send(m.clone());
                    p.send(m)
                },
            ),
            case(
                "RFC 8446 5: a flood of ChangeCipherSpec",
                At,
                UNEXPECTED_MESSAGE,
                |p, m| {
                    p.send(m);
                    for _ in 0..40 {
                        p.plain(CHANGE_CIPHER_SPEC, &[1])
                    }
                },
            ),
        ],
    );
}

#[test]
fn server_hello_after_hello_retry_request() {
    use At::ServerHello as At;
    check(
        &Setup {
            retry: true,
            ..setup()
        },
        &[
            case(
                "RFC 8446 4.1.4: another suite than announced",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.suites = vec![0x1302]),
            ),
            case(
                "RFC 8446 4.2.8: another group than announced",
                At,
                ILLEGAL_PARAMETER,
                |p, m| {
                    let share = p.key_shares(&[29])[2..].to_vec();
                    hello(p, &m, |h| h.set(codec::KEY_SHARE, share))
                },
            ),
            case(
                "RFC 8446 4.1.4: another version than announced",
                At,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.set(codec::SUPPORTED_VERSIONS, vec![3, 3])),
            ),
        ],
    );
}

/// Both versions are wanted: a server that has TLS 1.3 cannot be made to speak TLS 1.2.
#[test]
fn downgrades() {
    let mut setup = Setup::server(Protocol::Tls12);
    setup.engine.protocols = vec![Protocol::Tls13, Protocol::Tls12];
    check(
        &setup,
        &[
            case(
                "RFC 8446 4.1.3: the sentinel of TLS 1.2",
                At::ServerHello,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.random[24..].copy_from_slice(b"DOWNGRD\x01")),
            ),
            case(
                "RFC 8446 4.1.3: the sentinel of TLS 1.1",
                At::ServerHello,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.random[24..].copy_from_slice(b"DOWNGRD\x00")),
            ),
            case(
                "RFC 8446 4.1.3: TLS 1.3's suite in TLS 1.2",
                At::ServerHello,
                ILLEGAL_PARAMETER,
                |p, m| hello(p, &m, |h| h.suites = vec![0x1301]),
            ),
            case(
                "RFC 8446 D.1: TLS 1.1",
                At::ServerHello,
                PROTOCOL_VERSION,
                |p, m| hello(p, &m, |h| h.version = 0x0302),
            ),
        ],
    );
}
