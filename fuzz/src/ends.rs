//! A client and a server that believe each other.

use rcgen::{generate_simple_self_signed, CertifiedKey};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls_jvm::config::context::{ClientAuthentication, Context, Parameters, Trust};
use rustls_jvm::config::credential::Credential;
use rustls_jvm::config::policy::{self, Protocol};
use rustls_jvm::config::session::SessionLimits;
use rustls_jvm::engine::connection::{Connection, Role};
use rustls_jvm::engine::outcome::{HandshakeStatus, Status};
use rustls_jvm::keystore::KeyEntry;
use rustls_jvm::trust::managers::Issuers;
use rustls_jvm::trust::TrustAnchors;
use std::sync::{Arc, OnceLock};

const ROOM: usize = 20_000;

fn context() -> &'static Context {
    static CONTEXT: OnceLock<Context> = OnceLock::new();
    CONTEXT.get_or_init(|| {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(vec!["server.test".into()]).expect("a certificate");
        let der = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
        let entry = KeyEntry {
            chain: vec![cert.der().clone()],
            key: PrivateKeyDer::Pkcs8(der),
        };
        let anchors = TrustAnchors::new(&entry.chain).expect("an anchor");
        Context::new(
            Credential::from_entry(&entry).expect("a key that fits"),
            Trust::Store {
                anchors: Some(Arc::new(anchors)),
                pins: None,
            },
            SessionLimits::from_options(-1, -1),
        )
    })
}

fn parameters(choice: u8) -> Parameters {
    Parameters {
        protocols: match choice & 3 {
            0 => vec![Protocol::Tls13],
            1 => vec![Protocol::Tls12],
            _ => vec![Protocol::Tls12, Protocol::Tls13],
        },
        suites: policy::all_suites()
            .iter()
            .map(|suite| suite.suite().into())
            .collect(),
        // Without the large ones of ML-KEM, handshakes are several times as many.
        groups: policy::groups_by_name(&["x25519", "secp256r1"]),
        application_protocols: vec![b"h2".to_vec()],
        client_authentication: match choice & 4 {
            0 => ClientAuthentication::None,
            _ => ClientAuthentication::Need,
        },
        verify_hostname: true,
        server_order: choice & 8 == 0,
        signature_schemes: None,
        max_fragment_size: None,
        issuers: Issuers(None),
        resumption: choice & 16 != 0,
        server_name_indication: true,
    }
}

/// One end of a handshake.
pub fn end(client: bool, choice: u8) -> Connection {
    let parameters = parameters(choice);
    let role = if client {
        let name = ServerName::try_from("server.test").expect("a name");
        Role::Client(context().client(&parameters).expect("usable"), name)
    } else {
        Role::Server(context().server(&parameters).expect("usable"))
    };
    let visit = parameters
        .resumption
        .then(|| context().visit(if client { 443 } else { 0 }));
    let connection = Connection::new(role, visit);
    connection.begin();
    connection
}

/// Lets one end do all that it can with `input`, of which it takes what it uses; what it writes is
/// added to `output`. False when it has failed or ended.
pub fn drive(connection: &Connection, input: &mut Vec<u8>, output: &mut Vec<u8>) -> bool {
    let mut room = vec![0; ROOM];
    for _ in 0..1000 {
        match connection.handshake_status() {
            HandshakeStatus::NeedTask => {
                connection.run_task(None);
            }
            HandshakeStatus::NeedWrap => {
                let outcome = connection.wrap(&[], &mut room);
                output.extend_from_slice(&room[..outcome.produced]);
                match outcome.status {
                    Status::Ok => {}
                    Status::Failed => drop(connection.take_failure()),
                    _ => return false,
                }
            }
            _ => {
                let outcome = connection.unwrap(input, &mut room);
                assert!(outcome.consumed <= input.len() && outcome.produced <= room.len());
                input.drain(..outcome.consumed);
                match outcome.status {
                    Status::Ok if outcome.consumed > 0 => {}
                    Status::Ok | Status::Underflow => return true,
                    Status::Failed => {
                        drop(connection.take_failure());
                        assert!(!connection.is_established() || connection.is_inbound_done());
                    }
                    _ => return false,
                }
            }
        }
    }
    panic!("an end that never waits");
}
