//! A table of misbehaviours, and what is asserted of each.

use crate::peer::engine::World;
use crate::peer::{At, Peer, Setup, Twist};
use rustls::AlertDescription;
use rustls_jvm::config::policy::Protocol;
use rustls_jvm::engine::failure::LastAlert;
use rustls_jvm::engine::traffic::alert_name;

/// No complaint: who has closed is told the same.
pub const CLOSE_NOTIFY: u8 = 0;
pub const UNEXPECTED_MESSAGE: u8 = 10;
pub const BAD_RECORD_MAC: u8 = 20;
pub const RECORD_OVERFLOW: u8 = 22;
pub const HANDSHAKE_FAILURE: u8 = 40;
pub const BAD_CERTIFICATE: u8 = 42;
pub const UNSUPPORTED_CERTIFICATE: u8 = 43;
pub const CERTIFICATE_EXPIRED: u8 = 45;
pub const ILLEGAL_PARAMETER: u8 = 47;
pub const UNKNOWN_CA: u8 = 48;
pub const DECODE_ERROR: u8 = 50;
pub const DECRYPT_ERROR: u8 = 51;
pub const PROTOCOL_VERSION: u8 = 70;
pub const MISSING_EXTENSION: u8 = 109;
pub const UNSUPPORTED_EXTENSION: u8 = 110;
pub const CERTIFICATE_REQUIRED: u8 = 116;
pub const NO_APPLICATION_PROTOCOL: u8 = 120;

/// One misbehaviour.
pub struct Case {
    /// The rule and how it is broken.
    pub what: &'static str,
    pub at: At,
    /// The alert that has to come.
    pub alert: u8,
    pub twist: Twist,
    /// The alert comes encrypted where others of this moment do not.
    encrypted: bool,
}

impl Case {
    /// The engine has made its keys before it finds what is wrong.
    pub fn encrypted(self) -> Self {
        Self {
            encrypted: true,
            ..self
        }
    }
}

/// The rule that is broken, when, the alert, and how.
pub const fn case(what: &'static str, at: At, alert: u8, twist: Twist) -> Case {
    Case {
        what,
        at,
        alert,
        twist,
        encrypted: false,
    }
}

/// Whether what the engine says at this moment has to be encrypted.
fn is_protected(setup: &Setup, at: At) -> bool {
    match (setup.version, setup.engine.client) {
        (Protocol::Tls13, true) => !matches!(at, At::HelloRetryRequest | At::ServerHello),
        (Protocol::Tls13, false) => !matches!(at, At::ClientHello | At::SecondClientHello),
        // Who resumes a session speaks last as a client, and first as a server.
        (Protocol::Tls12, true) => {
            at == At::Data
                || setup.session.is_none() && matches!(at, At::ChangeCipherSpec | At::Finished)
        }
        (Protocol::Tls12, false) => {
            at == At::Data
                || setup.session.is_some() && matches!(at, At::ChangeCipherSpec | At::Finished)
        }
    }
}

const DOCUMENT: &str = include_str!("../../docs/tls-behaviour.md");

/// The case's line in the document.
fn line(case: &Case, setup: &Setup) -> String {
    let role = match setup.engine.client {
        true => "server",
        false => "client",
    };
    let version = match setup.version {
        Protocol::Tls12 => "1.2",
        Protocol::Tls13 => "1.3",
    };
    let alert = alert_name(AlertDescription::from(case.alert));
    let (at, what) = (case.at, case.what);
    format!("| {role}, {version} | {at:?} | {what} | {alert} |")
}

/// Runs all cases and tells all that went wrong.
pub fn check(setup: &Setup, cases: &[Case]) {
    check_in(World::new, setup, cases);
    // Where our own hello and the alert stand does not depend on how we cut our messages.
    let mut cutting = setup.clone();
    cutting.engine.max_fragment_size = Some(37);
    check_in(World::new, &cutting, cases);
    if !setup.engine.client {
        let mut receiving = setup.clone();
        receiving.engine.reception = true;
        check_in(World::new, &receiving, cases);
    }
}

/// The same with a world for each case.
pub fn check_in(world: impl Fn() -> World, setup: &Setup, cases: &[Case]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let peer = Peer::run(&world(), setup, Some((case.at, case.twist)));
            complaint(case, setup, &peer).map(|complaint| format!("{}: {complaint}", case.what))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

fn complaint(case: &Case, setup: &Setup, peer: &Peer) -> Option<String> {
    let Some(failure) = &peer.engine.failure else {
        return Some(format!(
            "the engine goes on, finished: {}",
            peer.engine.finished
        ));
    };
    // After Data the handshake is complete; so it may be at the client's last message.
    if peer.engine.finished && !matches!(case.at, At::Data | At::NewSessionTicket) {
        return Some(format!("the handshake was completed, then: {failure}"));
    }
    if !peer.engine.received.is_empty() {
        return Some("data got through".into());
    }
    let protected = case.encrypted || is_protected(setup, case.at);
    let alert = AlertDescription::from(case.alert);
    let (level, told) = match case.alert {
        CLOSE_NOTIFY => (1, LastAlert::Received(alert)),
        _ => (2, LastAlert::Sent(alert)),
    };
    match peer.alerts[..] {
        [alert] if alert.description == case.alert => {
            if (alert.level, alert.protected) != (level, protected) {
                return Some(format!("{alert:?}"));
            }
        }
        _ => return Some(format!("{failure}; alerts: {:?}", peer.alerts)),
    }
    if peer.garbled {
        return Some("records that do not open".into());
    }
    if failure.alert != Some(told) {
        return Some(format!("tells of {:?}: {failure}", failure.alert));
    }
    peer.engine.assert_dead();
    let line = line(case, setup);
    (!DOCUMENT.contains(&line)).then(|| format!("docs/tls-behaviour.md lacks {line}"))
}
