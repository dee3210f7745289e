//! The engine under test, driven as a JSSE caller drives an `SSLEngine`, without sockets.

use super::identity::identities;
use rustls::pki_types::ServerName;
use rustls::sign::CertifiedKey;
use rustls::SignatureScheme;
use rustls_jvm::client_hello::ClientHello;
use rustls_jvm::config::context::{ClientAuthentication, Context, Parameters, Trust};
use rustls_jvm::config::credential::Credential;
use rustls_jvm::config::policy::{self, Protocol};
use rustls_jvm::config::reception::Reception;
use rustls_jvm::config::session::SessionLimits;
use rustls_jvm::engine::connection::{Connection, Role};
use rustls_jvm::engine::failure::Failure;
use rustls_jvm::engine::outcome::{HandshakeStatus, Status};
use rustls_jvm::trust::managers::{Foreseen, Issuers, Managers, Step, Welcome};
use rustls_jvm::trust::TrustAnchors;
use std::rc::Rc;
use std::sync::Arc;

/// The contexts that engines are made of; connections of the same world resume each other's
/// sessions.
pub struct World {
    client: Arc<Context>,
    server: Arc<Context>,
}

impl World {
    pub fn new() -> Self {
        let known = identities();
        Self {
            client: context(&known.client),
            server: context(&known.server),
        }
    }
}

fn context(identity: &super::identity::Identity) -> Arc<Context> {
    let anchors = TrustAnchors::new(std::slice::from_ref(&identities().authority)).unwrap();
    Arc::new(Context::new(
        Credential::from_entry(&identity.entry()).unwrap(),
        Trust::Store {
            anchors: Some(Arc::new(anchors)),
            pins: None,
        },
        SessionLimits::from_options(-1, -1),
    ))
}

/// How an engine is made.
#[derive(Clone)]
pub struct EngineSetup {
    pub client: bool,
    pub protocols: Vec<Protocol>,
    pub client_authentication: ClientAuthentication,
    pub application_protocols: Vec<Vec<u8>>,
    pub resumption: bool,
    /// Bytes of its records at most.
    pub max_fragment_size: Option<usize>,
    /// A server's configuration depends on what its client says first.
    pub reception: bool,
}

/// Managers that make nothing of a client's first message.
struct Welcoming;

impl Managers for Welcoming {
    fn welcome(&self, _hello: &ClientHello<'_>, _foreseen: Foreseen) -> Result<Welcome, u8> {
        Ok(Welcome::default())
    }

    fn choose_credential(
        &self,
        _step: &Step,
        _schemes: &[SignatureScheme],
        _issuers: &[&[u8]],
        _server_name: Option<&str>,
    ) -> Option<Arc<CertifiedKey>> {
        unreachable!("the context has a key")
    }

    fn check_peer(&self, _: &Step, _chain: &[&[u8]], _ocsp_response: &[u8]) -> Result<(), u8> {
        unreachable!("the context has a truststore")
    }
}

/// One engine, what it was sent and has not read, and what it has said.
pub struct Engine {
    pub connection: Connection,
    input: Vec<u8>,
    /// Records that it has written.
    pub output: Vec<u8>,
    /// Application data that it has read.
    pub received: Vec<u8>,
    /// How it failed.
    pub failure: Option<Failure>,
    /// It has told that its handshake is complete.
    pub finished: bool,
    /// It has been told that the peer sends no more.
    pub closed: bool,
}

impl Engine {
    pub fn new(world: &World, setup: &EngineSetup) -> Self {
        let parameters = Parameters {
            protocols: setup.protocols.clone(),
            suites: policy::all_suites()
                .iter()
                .map(|suite| suite.suite().into())
                .collect(),
            groups: policy::groups_by_name(&["x25519", "secp256r1"]),
            application_protocols: setup.application_protocols.clone(),
            client_authentication: setup.client_authentication,
            verify_hostname: true,
            server_order: true,
            resumption: setup.resumption,
            server_name_indication: true,
            signature_schemes: None,
            max_fragment_size: setup.max_fragment_size,
            issuers: Issuers::default(),
        };
        let (context, role) = if setup.client {
            let name = ServerName::try_from("server.test").unwrap();
            let config = world.client.client(&parameters).unwrap();
            (&world.client, Role::Client(config, name))
        } else {
            let config = world.server.server(&parameters).unwrap();
            let role = match setup.reception {
                true => {
                    let reception = Reception::new(world.server.clone(), parameters, true);
                    Role::Reception(config, Box::new(reception))
                }
                false => Role::Server(config),
            };
            (&world.server, role)
        };
        let visit = setup.resumption.then(|| context.visit(443));
        let mut engine = Self {
            connection: Connection::new(role, visit),
            input: Vec::new(),
            output: Vec::new(),
            received: Vec::new(),
            failure: None,
            finished: false,
            closed: false,
        };
        let status = engine.connection.begin().handshake;
        assert_ne!(status, HandshakeStatus::Finished);
        engine.run();
        engine
    }

    /// Takes what the peer has sent, and does all that can be done.
    pub fn deliver(&mut self, bytes: &[u8]) {
        if self.failure.is_none() && !self.closed {
            self.input.extend_from_slice(bytes);
        }
        self.run();
    }

    pub fn write(&mut self, data: &[u8]) {
        let mut room = vec![0; 20_000];
        let outcome = self.connection.wrap(data, &mut room);
        self.output.extend_from_slice(&room[..outcome.produced]);
        assert_eq!(outcome.consumed, data.len());
    }

    fn run(&mut self) {
        let mut room = vec![0; 20_000];
        loop {
            let outcome = match self.connection.handshake_status() {
                HandshakeStatus::NeedTask => self.connection.run_task(Some(Rc::new(Welcoming))),
                HandshakeStatus::NeedWrap => {
                    let outcome = self.connection.wrap(&[], &mut room);
                    self.output.extend_from_slice(&room[..outcome.produced]);
                    assert_eq!(outcome.consumed, 0);
                    outcome
                }
                _ => {
                    if self.failure.is_some() || self.input.is_empty() {
                        return;
                    }
                    let outcome = self.connection.unwrap(&self.input, &mut room);
                    self.received.extend_from_slice(&room[..outcome.produced]);
                    self.input.drain(..outcome.consumed);
                    match outcome.status {
                        Status::Underflow => return,
                        Status::Closed => {
                            self.closed = true;
                            self.input.clear();
                        }
                        _ => {}
                    }
                    outcome
                }
            };
            self.finished |= outcome.handshake == HandshakeStatus::Finished;
            if outcome.status == Status::Failed {
                assert!(self.failure.is_none(), "a failure is told once");
                self.failure = Some(self.connection.take_failure().expect("a failure to tell"));
                self.input.clear();
            }
        }
    }

    /// Asserts that a connection that has failed does nothing more, whatever it is asked.
    pub fn assert_dead(&self) {
        let mut room = [0; 1000];
        for bytes in [&b"\x17\x03\x03\x00\x01a"[..], b"\x16\x03\x01\x00\x01\x01"] {
            let read = self.connection.unwrap(bytes, &mut room);
            assert_eq!(
                (read.status, read.consumed, read.produced),
                (Status::Closed, 0, 0)
            );
            let written = self.connection.wrap(bytes, &mut room);
            assert_eq!(
                (written.status, written.consumed, written.produced),
                (Status::Closed, 0, 0)
            );
        }
        assert!(self.connection.is_inbound_done() && self.connection.is_outbound_done());
        assert!(self.connection.take_failure().is_none());
    }
}
