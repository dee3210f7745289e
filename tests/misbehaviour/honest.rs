//! The scripted peer when it behaves: what it says and reads is TLS, or nothing else here counts.

use crate::peer::engine::World;
use crate::peer::identity::identities;
use crate::peer::{Peer, Setup};
use rustls_jvm::config::policy::Protocol;

const VERSIONS: [Protocol; 2] = [Protocol::Tls12, Protocol::Tls13];

fn assert_honest(world: &World, setup: &Setup, what: &str) -> Peer {
    let mut peer = Peer::run(world, setup, None);
    assert!(
        peer.engine.failure.is_none(),
        "{what}: {:?}",
        peer.engine.failure
    );
    assert!(peer.complete && peer.engine.finished, "{what}");
    assert_eq!(peer.engine.received, b"hello", "{what}");
    if setup.version == Protocol::Tls12 {
        let id = peer
            .engine
            .connection
            .facts()
            .map_or_else(Vec::new, |facts| facts.session_id.clone());
        assert_eq!(id, peer.session.id, "{what}");
    }
    peer.engine.write(b"hello yourself");
    peer.listen();
    assert_eq!(peer.data, b"hello yourself", "{what}");
    assert!(!peer.garbled && peer.alerts.is_empty(), "{what}");
    peer
}

/// Both roles, with and without client authentication, and a server that looks at its client first.
fn roles(version: Protocol) -> [Setup; 5] {
    let mut receiving = Setup::client(version);
    receiving.engine.reception = true;
    [
        receiving,
        Setup::server(version),
        Setup::client(version),
        Setup::server(version).mutual(),
        Setup::client(version).mutual(),
    ]
}

#[test]
fn honest_handshakes_complete_in_both_roles_and_versions() {
    for version in VERSIONS {
        for setup in roles(version) {
            let what = format!("{version:?}, client: {}", setup.engine.client);
            let peer = assert_honest(&World::new(), &setup, &what);
            assert_eq!(
                peer.engine.connection.peer_certificates().is_some(),
                setup.engine.client || setup.ask,
                "{what}"
            );
        }
    }
}

#[test]
fn rfc8446_5_1_rfc5246_6_2_1_messages_may_be_cut_anywhere() {
    for version in VERSIONS {
        for setup in roles(version) {
            for fragment in [1, 2, 3, 4, 5, 100] {
                let setup = Setup {
                    fragment: Some(fragment),
                    ..setup.clone()
                };
                let what = format!("{version:?}, records of {fragment}");
                assert_honest(&World::new(), &setup, &what);
            }
        }
    }
}

#[test]
fn records_may_arrive_byte_by_byte() {
    for version in VERSIONS {
        for setup in roles(version) {
            let setup = Setup {
                trickle: true,
                ..setup
            };
            assert_honest(&World::new(), &setup, &format!("{version:?}"));
        }
    }
}

#[test]
fn rfc8446_4_1_4_one_hello_retry_request_is_honoured() {
    for setup in [
        Setup::server(Protocol::Tls13),
        Setup::client(Protocol::Tls13),
    ] {
        let setup = Setup {
            retry: true,
            ..setup
        };
        assert_honest(&World::new(), &setup, "retry");
    }
}

#[test]
fn every_type_of_key_proves_a_server() {
    let known = identities();
    for (version, identity, suite) in [
        (Protocol::Tls13, &known.server_ed25519, 0x1301),
        (Protocol::Tls13, &known.server_rsa, 0x1301),
        (Protocol::Tls12, &known.server_ed25519, 0xc02b),
        (Protocol::Tls12, &known.server_rsa, 0xc02f),
    ] {
        let setup = Setup {
            identity: Some(identity),
            suite,
            ..Setup::server(version)
        };
        assert_honest(&World::new(), &setup, &format!("{version:?} {suite:x}"));
    }
}

#[test]
fn sessions_are_resumed_in_both_roles_and_versions() {
    for version in VERSIONS {
        for setup in [Setup::server(version), Setup::client(version)] {
            let world = World::new();
            let what = format!("{version:?}, client: {}", setup.engine.client);
            let first = assert_honest(&world, &setup, &what);
            assert!(!first.engine.connection.resumed(), "{what}");
            let setup = Setup {
                session: Some(first.session),
                ..setup
            };
            let second = assert_honest(&world, &setup, &what);
            assert!(second.engine.connection.resumed(), "{what}");
        }
    }
}

/// The peer of old that knows no RFC 7627.
#[test]
fn rfc7627_5_2_a_full_handshake_without_extended_master_secret() {
    for setup in [
        Setup::server(Protocol::Tls12),
        Setup::client(Protocol::Tls12),
    ] {
        let setup = Setup {
            extended_master_secret: false,
            ..setup
        };
        assert_honest(&World::new(), &setup, "no extended master secret");
    }
}

#[test]
fn the_engine_may_cut_its_messages_too() {
    for version in VERSIONS {
        for mut setup in roles(version) {
            setup.engine.max_fragment_size = Some(37);
            assert_honest(&World::new(), &setup, &format!("{version:?}"));
        }
    }
}
