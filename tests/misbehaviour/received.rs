//! Alerts that the engine receives, in each state, role and version.

use crate::peer::engine::World;
use crate::peer::keys::ALERT;
use crate::peer::{At, Peer, Setup, Twist};
use rustls::AlertDescription;
use rustls_jvm::config::policy::Protocol;
use rustls_jvm::engine::failure::LastAlert;
use rustls_jvm::engine::traffic::alert_name;

/// Every description that has a name in RFC 8446 §6, RFC 5246 §7.2 and the registry, with it.
const NAMES: [(u8, &str); 34] = [
    (10, "unexpected_message"),
    (20, "bad_record_mac"),
    (21, "decryption_failed"),
    (22, "record_overflow"),
    (30, "decompression_failure"),
    (40, "handshake_failure"),
    (41, "no_certificate"),
    (42, "bad_certificate"),
    (43, "unsupported_certificate"),
    (44, "certificate_revoked"),
    (45, "certificate_expired"),
    (46, "certificate_unknown"),
    (47, "illegal_parameter"),
    (48, "unknown_ca"),
    (49, "access_denied"),
    (50, "decode_error"),
    (51, "decrypt_error"),
    (60, "export_restriction"),
    (70, "protocol_version"),
    (71, "insufficient_security"),
    (80, "internal_error"),
    (86, "inappropriate_fallback"),
    (90, "user_canceled"),
    (100, "no_renegotiation"),
    (109, "missing_extension"),
    (110, "unsupported_extension"),
    (111, "certificate_unobtainable"),
    (112, "unrecognized_name"),
    (113, "bad_certificate_status_response"),
    (114, "bad_certificate_hash_value"),
    (115, "unknown_psk_identity"),
    (116, "certificate_required"),
    (120, "no_application_protocol"),
    (121, "ech_required"),
];

thread_local! {
    /// What the twist is to send.
    static SENT: std::cell::Cell<[u8; 2]> = const { std::cell::Cell::new([2, 0]) };
}

const SEND: Twist = |peer, _| {
    let alert = SENT.get();
    peer.seal(ALERT, &alert);
};

fn peer_sends(setup: &Setup, at: At, alert: [u8; 2]) -> Peer {
    SENT.set(alert);
    Peer::run(&World::new(), setup, Some((at, SEND)))
}

/// Role and version, with a moment in each state of the handshake and after it.
pub fn moments() -> Vec<(Setup, At)> {
    let states: [(Setup, &[At]); 4] = [
        (
            Setup::server(Protocol::Tls13),
            &[
                At::ServerHello,
                At::EncryptedExtensions,
                At::Certificate,
                At::CertificateVerify,
                At::Finished,
                At::Data,
            ],
        ),
        (
            Setup::client(Protocol::Tls13).mutual(),
            &[
                At::ClientHello,
                At::Certificate,
                At::CertificateVerify,
                At::Finished,
                At::Data,
            ],
        ),
        (
            Setup::server(Protocol::Tls12),
            &[
                At::ServerHello,
                At::Certificate,
                At::ServerKeyExchange,
                At::ServerHelloDone,
                At::ChangeCipherSpec,
                At::Finished,
                At::Data,
            ],
        ),
        (
            Setup::client(Protocol::Tls12).mutual(),
            &[
                At::ClientHello,
                At::Certificate,
                At::ClientKeyExchange,
                At::CertificateVerify,
                At::ChangeCipherSpec,
                At::Finished,
                At::Data,
            ],
        ),
    ];
    states
        .into_iter()
        .flat_map(|(setup, moments)| moments.iter().map(move |at| (setup.clone(), *at)))
        .collect()
}

/// RFC 8446 §6.2, RFC 5246 §7.2.2: the connection is dead, without an answer.
fn assert_ended_by(peer: &Peer, description: u8, what: &str) {
    let name = alert_name(AlertDescription::from(description));
    let failure = peer.engine.failure.as_ref().expect(what);
    assert_eq!(
        failure.message,
        format!("Received fatal alert: {name}"),
        "{what}"
    );
    let told = Some(LastAlert::Received(AlertDescription::from(description)));
    assert_eq!(failure.alert, told, "{what}");
    assert!(peer.alerts.is_empty() && !peer.garbled, "{what}");
    peer.engine.assert_dead();
}

#[test]
fn every_fatal_alert_is_named_by_the_failure_in_every_state() {
    for (number, name) in NAMES {
        assert_eq!(alert_name(AlertDescription::from(number)), name);
    }
    for (setup, at) in moments() {
        let after = at == At::Data;
        let all = match at {
            // Each of them in each role and version, in the clear and encrypted. (0 is close_notify.)
            At::ServerHello | At::ClientHello | At::Data => (1..=255).collect(),
            _ => vec![40, 80, 222],
        };
        for description in all {
            // TLS 1.3 takes user_canceled for what it is, whatever its level.
            if description == 90 && setup.version == Protocol::Tls13 && after {
                continue;
            }
            let what = format!("{:?} {at:?} {description}", setup.version);
            let peer = peer_sends(&setup, at, [2, description]);
            assert_ended_by(&peer, description, &what);
            assert_eq!(peer.engine.finished, after, "{what}");
        }
    }
}

/// RFC 8446 §6: "All the alerts listed in Section 6.2 MUST be sent with AlertLevel=fatal and when
/// received MUST be treated as error alerts when received regardless of the AlertLevel".
#[test]
fn rfc8446_6_2_error_alerts_end_tls13_whatever_their_level() {
    for (setup, at) in moments() {
        if setup.version == Protocol::Tls13 && !matches!(at, At::ServerHello | At::ClientHello) {
            let peer = peer_sends(&setup, at, [1, 40]);
            assert_ended_by(&peer, 40, &format!("{at:?}"));
        }
    }
}

/// RFC 5246 §7.2.2: a warning does not end the handshake.
#[test]
fn rfc5246_7_2_2_warnings_do_not_end_a_handshake() {
    const WARN: Twist = |peer, honest| {
        peer.seal(ALERT, &[1, 112]);
        peer.send(honest);
    };
    for (setup, at) in moments() {
        if setup.version == Protocol::Tls12 && !matches!(at, At::ChangeCipherSpec | At::Data) {
            let peer = Peer::run(&World::new(), &setup, Some((at, WARN)));
            assert!(peer.complete, "{at:?}: {:?}", peer.engine.failure);
            assert_eq!(peer.engine.received, b"hello", "{at:?}");
        }
    }
}
