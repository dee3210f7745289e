//! Which sessions are resumed, and by which group keys are exchanged, between two of our engines.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)] // a test may panic

#[path = "support/ends.rs"]
mod ends;
#[path = "support/pki.rs"]
mod pki;

use ends::{step, Ends};
use rustls::pki_types::ServerName;
use rustls_jvm::config::context::{ClientAuthentication, Parameters};
use rustls_jvm::config::policy::{self, Protocol};
use rustls_jvm::config::session::SessionLimits;
use rustls_jvm::engine::connection::{Connection, Role};
use std::time::Duration;

const PROTOCOLS: [Protocol; 2] = [Protocol::Tls12, Protocol::Tls13];
const PORT: u16 = 443;

impl Ends {
    fn connect(&self) -> (Connection, Connection) {
        self.connect_to(PORT)
    }

    fn connect_to(&self, port: u16) -> (Connection, Connection) {
        self.connect_with(port, &self.parameters, &self.parameters)
    }

    fn connect_with(
        &self,
        port: u16,
        as_client: &Parameters,
        as_server: &Parameters,
    ) -> (Connection, Connection) {
        let (client, server) = self.shake_hands(port, as_client, as_server);
        assert_eq!(client.resumed(), server.resumed());
        (client, server)
    }

    /// Whether the next connection resumes a session; it makes one that can be.
    fn resumes(&self) -> bool {
        self.connect().0.resumed()
    }
}

#[test]
fn all_that_resume_a_session_have_its_number() {
    for protocol in PROTOCOLS {
        let pair = Ends::new(protocol, true);
        let (client, server) = pair.connect();
        assert!(!client.resumed());
        for _ in 0..3 {
            let (again, at_server) = pair.connect();
            assert!(again.resumed(), "{protocol:?}");
            assert_eq!(again.session(), client.session());
            assert_eq!(at_server.session(), server.session());
        }
        let other = Ends::new(protocol, true).connect().0;
        assert_ne!(other.session(), client.session());
    }
}

#[test]
fn sessions_belong_to_host_and_port() {
    for protocol in PROTOCOLS {
        let pair = Ends::new(protocol, true);
        pair.connect_to(1);
        assert!(!pair.connect_to(2).0.resumed(), "{protocol:?}, port 2");
        assert!(pair.connect_to(1).0.resumed(), "{protocol:?}, port 1");
        assert!(pair.connect_to(2).0.resumed(), "{protocol:?}, port 2 again");
    }
}

#[test]
fn a_session_that_the_client_has_invalidated_is_not_offered() {
    for protocol in PROTOCOLS {
        let pair = Ends::new(protocol, true);
        let (client, _) = pair.connect();
        let (again, _) = pair.connect();
        assert!(again.resumed());
        pair.client.invalidate_session(client.session());
        assert!(!pair.resumes(), "{protocol:?}");
        assert!(pair.resumes(), "{protocol:?}, the new one");
    }
}

/// TLS 1.3's tickets come after the handshake, when the session may be invalid already.
#[test]
fn rfc8446_4_6_1_a_ticket_of_an_invalidated_session_is_not_used() {
    let pair = Ends::new(Protocol::Tls13, true);
    with_a_late_ticket(&pair, |client| {
        pair.client.invalidate_session(client.session());
    });
    assert!(!pair.resumes());
}

/// The first look for idle connections may come just when one has begun.
#[test]
fn rfc8446_4_6_1_a_ticket_behind_the_first_look_is_used() {
    let pair = Ends::new(Protocol::Tls13, true);
    with_a_late_ticket(&pair, Connection::rest);
    assert!(pair.resumes());
}

/// Shakes hands and does something before the client reads its ticket.
fn with_a_late_ticket(pair: &Ends, act: impl FnOnce(&Connection)) {
    let name = ServerName::try_from("server.test").unwrap();
    let role = Role::Client(pair.client.client(&pair.parameters).unwrap(), name);
    let client = Connection::new(role, Some(pair.client.visit(PORT)));
    let role = Role::Server(pair.server.server(&pair.parameters).unwrap());
    let server = Connection::new(role, Some(pair.server.visit(0)));
    let (mut to_server, mut to_client) = (Vec::new(), Vec::new());
    client.begin();
    server.begin();
    while !client.is_established() {
        step(&server, &mut to_server, &mut to_client);
        step(&client, &mut to_client, &mut to_server);
    }
    assert!(!server.is_established());
    act(&client);
    step(&server, &mut to_server, &mut to_client);
    assert!(!to_client.is_empty(), "a ticket");
    step(&client, &mut to_client, &mut to_server);
}

#[test]
fn a_session_that_the_server_has_invalidated_is_not_resumed() {
    for protocol in PROTOCOLS {
        let pair = Ends::new(protocol, true);
        let (_, server) = pair.connect();
        pair.server.invalidate_session(server.session());
        assert!(!pair.resumes(), "{protocol:?}");
        assert!(pair.resumes(), "{protocol:?}, the new one");
    }
}

#[test]
fn new_limits_keep_the_sessions_that_fit() {
    for protocol in PROTOCOLS {
        let pair = Ends::new(protocol, true);
        for port in 1..=3 {
            pair.connect_to(port);
        }
        pair.client
            .limit_sessions(true, SessionLimits::from_options(2, 100));
        pair.server
            .limit_sessions(false, SessionLimits::from_options(100, 100));
        let resumed: Vec<bool> = [3, 2, 1]
            .map(|port| pair.connect_to(port).0.resumed())
            .to_vec();
        assert_eq!(resumed, [true, true, false], "{protocol:?}");
        pair.server
            .limit_sessions(false, SessionLimits::from_options(1, 100));
        pair.connect_to(1);
        assert!(
            !pair.connect_to(3).0.resumed(),
            "{protocol:?}, in the server"
        );
    }
}

#[test]
fn a_session_that_has_grown_too_old_is_not_resumed_in_either_role() {
    let instant = SessionLimits {
        timeout: Duration::ZERO,
        ..SessionLimits::from_options(-1, -1)
    };
    for protocol in PROTOCOLS {
        for client in [true, false] {
            let pair = Ends::new(protocol, true);
            pair.connect();
            let context = if client { &pair.client } else { &pair.server };
            context.limit_sessions(client, instant);
            assert!(!pair.resumes(), "{protocol:?}, client: {client}");
        }
    }
}

/// What was made where nobody asked for a certificate must not pass where one is asked for.
#[test]
fn configurations_share_limits_but_no_sessions() {
    for protocol in PROTOCOLS {
        let pair = Ends::new(protocol, true);
        let unasked = Parameters {
            client_authentication: ClientAuthentication::None,
            ..pair.parameters.clone()
        };
        pair.connect_with(PORT, &pair.parameters, &unasked);
        let (client, server) = pair.connect();
        assert!(!client.resumed(), "{protocol:?}");
        assert!(server.peer_certificates().is_some());
    }
}

#[test]
fn keys_are_exchanged_by_the_first_group_in_common() {
    let with = |names: &[&str], parameters: &Parameters| Parameters {
        groups: policy::groups_by_name(names),
        ..parameters.clone()
    };
    for (protocol, client, server, agreed) in [
        (Protocol::Tls13, &["x25519"][..], &["x25519"][..], "x25519"),
        (
            Protocol::Tls13,
            &["secp384r1", "x25519"],
            &["secp384r1"],
            "secp384r1",
        ),
        (
            Protocol::Tls13,
            &["SecP256r1MLKEM768"],
            &["x25519", "SecP256r1MLKEM768"],
            "SecP256r1MLKEM768",
        ),
        (
            Protocol::Tls12,
            &["X25519MLKEM768", "secp256r1"],
            &["secp256r1"],
            "secp256r1",
        ),
    ] {
        let pair = Ends::new(protocol, true);
        let as_client = with(client, &pair.parameters);
        let as_server = with(server, &pair.parameters);
        let (client, server) = pair.connect_with(PORT, &as_client, &as_server);
        assert_eq!(client.named_group().as_deref(), Some(agreed));
        assert_eq!(server.named_group().as_deref(), Some(agreed));
    }
    let pair = Ends::new(Protocol::Tls13, true);
    assert_eq!(
        pair.connect().0.named_group().as_deref(),
        Some("X25519MLKEM768")
    );
}

#[test]
fn no_group_at_all_is_an_error_that_says_so() {
    let pair = Ends::new(Protocol::Tls13, true);
    let parameters = Parameters {
        groups: policy::groups_by_name(&["ffdhe2048"]),
        ..pair.parameters.clone()
    };
    let reason = pair.client.client(&parameters).unwrap_err().0;
    assert!(reason.contains("key exchange group"), "{reason}");
}
