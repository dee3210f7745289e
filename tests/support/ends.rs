//! Two ends of connections that believe each other.

use super::pki::Authority;
use rustls::pki_types::ServerName;
use rustls_jvm::config::context::{ClientAuthentication, Context, Parameters, Trust};
use rustls_jvm::config::credential::Credential;
use rustls_jvm::config::policy::{self, Protocol};
use rustls_jvm::config::session::SessionLimits;
use rustls_jvm::engine::connection::{Connection, Role};
use rustls_jvm::engine::outcome::{HandshakeStatus, Status};
use rustls_jvm::trust::TrustAnchors;
use std::sync::Arc;

/// A client and a server with certificates of one authority, and how they are to talk.
pub struct Ends {
    pub client: Context,
    pub server: Context,
    pub parameters: Parameters,
}

impl Ends {
    /// With mutual authentication and the host's name checked.
    pub fn new(protocol: Protocol, resumption: bool) -> Self {
        let authority = Authority::new("CA");
        let context = |name: &str| {
            let entry = authority.sign(name);
            let anchors = TrustAnchors::new(std::slice::from_ref(&authority.certificate)).unwrap();
            Context::new(
                Credential::from_entry(&entry).unwrap(),
                Trust::Store {
                    anchors: Some(Arc::new(anchors)),
                    pins: None,
                },
                SessionLimits::from_options(-1, -1),
            )
        };
        Self {
            client: context("client.test"),
            server: context("server.test"),
            parameters: Parameters {
                protocols: vec![protocol],
                suites: policy::all_suites()
                    .iter()
                    .map(|suite| suite.suite().into())
                    .collect(),
                groups: policy::default_groups(),
                application_protocols: Vec::new(),
                client_authentication: ClientAuthentication::Need,
                verify_hostname: true,
                server_order: true,
                signature_schemes: None,
                max_fragment_size: None,
                issuers: rustls_jvm::trust::managers::Issuers::default(),
                resumption,
                server_name_indication: true,
            },
        }
    }

    /// Connections that have shaken hands, tickets included.
    pub fn shake_hands(
        &self,
        port: u16,
        as_client: &Parameters,
        as_server: &Parameters,
    ) -> (Connection, Connection) {
        let name = ServerName::try_from("server.test").unwrap();
        let visit = |context: &Context, parameters: &Parameters, port| {
            parameters.resumption.then(|| context.visit(port))
        };
        let role = Role::Client(self.client.client(as_client).unwrap(), name);
        let client = Connection::new(role, visit(&self.client, as_client, port));
        let role = Role::Server(self.server.server(as_server).unwrap());
        let server = Connection::new(role, visit(&self.server, as_server, 0));
        let (mut to_server, mut to_client) = (Vec::new(), Vec::new());
        client.begin();
        server.begin();
        while step(&client, &mut to_client, &mut to_server)
            | step(&server, &mut to_server, &mut to_client)
        {}
        assert!(client.is_established() && server.is_established());
        (client, server)
    }
}

/// Lets one end do all that it can; tells whether that was anything.
pub fn step(connection: &Connection, input: &mut Vec<u8>, output: &mut Vec<u8>) -> bool {
    let mut room = vec![0; 20_000];
    let mut moved = false;
    loop {
        match connection.handshake_status() {
            HandshakeStatus::NeedTask => {
                connection.run_task(None);
            }
            HandshakeStatus::NeedWrap => {
                let outcome = connection.wrap(&[], &mut room);
                assert_eq!(
                    outcome.status,
                    Status::Ok,
                    "{:?}",
                    connection.take_failure()
                );
                output.extend_from_slice(&room[..outcome.produced]);
            }
            _ => {
                let outcome = connection.unwrap(input, &mut room);
                assert_ne!(
                    outcome.status,
                    Status::Failed,
                    "{:?}",
                    connection.take_failure()
                );
                if outcome.consumed == 0 {
                    return moved;
                }
                input.drain(..outcome.consumed);
            }
        }
        moved = true;
    }
}
