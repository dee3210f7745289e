//! Peers that close the connection, in each state, role and version.

use crate::case::{case, check, Case, CLOSE_NOTIFY};
use crate::peer::engine::World;
use crate::peer::keys::ALERT;
use crate::peer::{At, Peer, Setup, Twist};
use crate::received::moments;
use rustls_jvm::config::policy::Protocol;
use rustls_jvm::engine::failure::FailureKind;

const CLOSE: Twist = |peer, _| peer.seal(ALERT, &[1, 0]);

/// close_notify at either level (RFC 8446 §6: it can be ignored), and as a handshake is canceled.
const WAYS: [Twist; 3] = [
    CLOSE,
    |peer, _| peer.seal(ALERT, &[2, 0]),
    |peer, _| {
        peer.seal(ALERT, &[1, 90]);
        peer.seal(ALERT, &[1, 0])
    },
];

/// RFC 5246 §7.2.1, RFC 8446 §6.1: the peer sends no more, so that the handshake cannot end well.
#[test]
fn close_notify_ends_a_handshake() {
    for (setup, at) in moments() {
        let what = match setup.version {
            Protocol::Tls12 => "RFC 5246 7.2.1: close_notify",
            Protocol::Tls13 => "RFC 8446 6.1: close_notify",
        };
        if at != At::Data {
            let cases: Vec<Case> = WAYS
                .into_iter()
                .map(|way| case(what, at, CLOSE_NOTIFY, way))
                .collect();
            check(&setup, &cases);
        }
    }
}

#[test]
fn close_notify_in_the_handshake_is_told_as_a_failed_handshake() {
    for (setup, at) in moments() {
        if at != At::Data {
            let peer = Peer::run(&World::new(), &setup, Some((at, CLOSE)));
            let failure = peer.engine.failure.expect("a failure");
            assert_eq!(failure.kind, FailureKind::Handshake, "{at:?}");
            assert_eq!(
                failure.message,
                "Received close_notify during the handshake: the peer has closed the connection",
                "{at:?}"
            );
        }
    }
}

#[test]
fn close_notify_after_the_handshake_is_the_end_of_the_data() {
    for (setup, at) in moments() {
        if at == At::Data {
            for way in WAYS {
                let peer = Peer::run(&World::new(), &setup, Some((at, way)));
                let what = format!("{:?}: {:?}", setup.version, peer.engine.failure);
                assert!(peer.engine.failure.is_none(), "{what}");
                assert!(peer.engine.closed && peer.engine.finished, "{what}");
                assert!(peer.engine.received.is_empty(), "{what}");
            }
        }
    }
}

/// Neither end has a session of a handshake that was closed before its end.
#[test]
fn a_session_is_not_resumed_whose_handshake_was_closed() {
    for (setup, at) in moments() {
        if matches!(at, At::Finished | At::ChangeCipherSpec) {
            let world = World::new();
            let first = Peer::run(&world, &setup, Some((at, CLOSE)));
            assert!(first.engine.failure.is_some(), "{at:?}");
            let offered = (!first.session.id.is_empty()).then_some(first.session);
            let setup = Setup {
                session: offered,
                ..setup
            };
            let second = Peer::run(&world, &setup, None);
            if setup.engine.client && setup.session.is_some() {
                // The peer would resume; the engine has not asked for it.
                assert!(second.engine.failure.is_some(), "{at:?}");
            } else {
                let failure = &second.engine.failure;
                assert!(second.complete, "{at:?}: {failure:?}");
            }
            assert!(!second.engine.connection.resumed(), "{at:?}");
        }
    }
}
