//! After the handshake.

use super::setup;
use crate::case::*;
use crate::peer::codec::{self, message, rebuilt, v16};
use crate::peer::engine::World;
use crate::peer::keys::{ALERT, CHANGE_CIPHER_SPEC, DATA};
use crate::peer::server::{certificate_request_tls13, ticket_tls13};
use crate::peer::{At, Peer};

#[test]
fn after_the_handshake() {
    use At::Data as At;
    check(
        &setup(),
        &[
            case(
                "RFC 8446 4.6.2: CertificateRequest",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(certificate_request_tls13(b"later")),
            ),
            case("RFC 8446 4: ServerHello", At, UNEXPECTED_MESSAGE, |p, _| {
                p.send(message(codec::SERVER_HELLO, &[0; 40]))
            }),
            case(
                "RFC 8446 4: HelloRequest",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.send(message(0, &[])),
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
                "RFC 8446 5: data in the clear",
                At,
                BAD_RECORD_MAC,
                |p, _| p.plain(DATA, b"a record that is as long as one with a tag"),
            ),
            case(
                "RFC 8446 5: an alert in the clear",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| p.plain(ALERT, &[2, 40]),
            ),
            case(
                "RFC 8446 4.6.3: a flood of KeyUpdate",
                At,
                UNEXPECTED_MESSAGE,
                |p, _| {
                    for _ in 0..40 {
                        if p.engine.failure.is_none() {
                            p.key_update(0);
                        }
                    }
                },
            ),
        ],
    );
}

fn bad_tickets(at: At) -> Vec<Case> {
    vec![
        case("RFC 8446 4.6.1: empty", at, DECODE_ERROR, |p, _| {
            p.send(message(codec::NEW_SESSION_TICKET, &[]))
        }),
        case("RFC 8446 4.6.1: cut", at, DECODE_ERROR, |p, _| {
            p.send(rebuilt(&ticket_tls13(3600, b"ticket"), |body| {
                body.truncate(12)
            }))
        }),
        case(
            "RFC 8446 4.6.1: bytes behind its end",
            at,
            DECODE_ERROR,
            |p, _| p.send(rebuilt(&ticket_tls13(3600, b"ticket"), |body| body.push(0))),
        ),
        case(
            "RFC 8446 4.6.1: an empty ticket",
            at,
            DECODE_ERROR,
            |p, _| p.send(ticket_tls13(3600, b"")),
        ),
        case(
            "RFC 8446 4.6.1: longer than seven days",
            at,
            ILLEGAL_PARAMETER,
            |p, _| p.send(ticket_tls13(604_801, b"ticket")),
        ),
        case(
            "RFC 8446 4.2: the same extension twice",
            at,
            ILLEGAL_PARAMETER,
            |p, _| {
                let early = [0, 42, 0, 4, 0, 0, 0, 0];
                p.send(rebuilt(&ticket_tls13(3600, b"ticket"), |body| {
                    body.truncate(body.len() - 2);
                    body.extend(v16(&[early, early].concat()));
                }))
            },
        ),
    ]
}

#[test]
fn tickets() {
    check(&setup(), &bad_tickets(At::NewSessionTicket));
}

/// A client that keeps no sessions, and one that has let go of what makes sessions of tickets,
/// judge tickets all the same.
#[test]
fn tickets_that_nobody_keeps() {
    let mut setup = setup();
    setup.engine.resumption = false;
    check(&setup, &bad_tickets(At::NewSessionTicket));
}

#[test]
fn tickets_that_come_late() {
    let world = World::new();
    for case in bad_tickets(At::Data) {
        let twist = case.twist;
        let mut peer = Peer::run(&world, &setup(), None);
        // Data behind a ticket, and a rest, let go of rustls' connection.
        peer.engine.connection.rest();
        peer.engine.connection.rest();
        twist(&mut peer, Vec::new());
        peer.listen();
        let alerts: Vec<u8> = peer.alerts.iter().map(|alert| alert.description).collect();
        assert_eq!(alerts, [case.alert], "{}", case.what);
    }
}
