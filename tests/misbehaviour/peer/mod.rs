//! A scripted TLS peer: builds every handshake message itself, protects records with the real keys,
//! and does at one moment of the handshake what a test tells it to. TLS 1.2 and 1.3, both roles.
//!
//! | file | what it holds |
//! |---|---|
//! | `mod.rs` | [`Peer`]: what is sent and heard, and the moment to misbehave |
//! | `server.rs`, `client.rs` | the honest handshakes |
//! | `codec.rs` | messages as bytes, hellos in parts |
//! | `keys.rs` | key schedules, record protection |
//! | `identity.rs` | certificates and signatures |
//! | `engine.rs` | the engine on the other side |

mod client;
pub mod codec;
pub mod engine;
pub mod identity;
pub mod keys;
pub mod server;

use aws_lc_rs::agreement::{self, PrivateKey, UnparsedPublicKey};
use codec::message;
use engine::{Engine, EngineSetup, World};
use identity::{identities, Identity};
use keys::{prf, record, sha256, Keys, Schedule, ALERT, CHANGE_CIPHER_SPEC, DATA, HANDSHAKE};
use rustls_jvm::config::context::ClientAuthentication;
use rustls_jvm::config::policy::Protocol;

pub const X25519: u16 = 29;
pub const SECP256R1: u16 = 23;

/// What is about to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    ClientHello,
    HelloRetryRequest,
    /// The client's answer to it.
    SecondClientHello,
    ServerHello,
    EncryptedExtensions,
    CertificateRequest,
    Certificate,
    CertificateVerify,
    ServerKeyExchange,
    ServerHelloDone,
    ClientKeyExchange,
    ChangeCipherSpec,
    Finished,
    NewSessionTicket,
    Data,
}

/// Sends something in the place of the honest message that it is given.
pub type Twist = fn(&mut Peer, Vec<u8>);

/// How both sides talk.
#[derive(Clone)]
pub struct Setup {
    pub version: Protocol,
    pub engine: EngineSetup,
    /// The peer's own certificate; a client's with `None` is an empty list.
    pub identity: Option<&'static Identity>,
    /// A server asks for a certificate.
    pub ask: bool,
    /// A server first asks for another key share; a client first sends one that is not wanted.
    pub retry: bool,
    /// RFC 7627.
    pub extended_master_secret: bool,
    pub suite: u16,
    pub group: u16,
    /// Bytes of content in a record of the peer's; `None` for whole messages.
    pub fragment: Option<usize>,
    /// The peer's bytes arrive one by one.
    pub trickle: bool,
    /// What the peer would resume.
    pub session: Option<Session>,
}

/// A session that the peer remembers.
#[derive(Clone, Default)]
pub struct Session {
    /// TLS 1.2: the session id; TLS 1.3: the ticket.
    pub id: Vec<u8>,
    /// TLS 1.2: the master secret; TLS 1.3: the PSK.
    pub secret: Vec<u8>,
    /// TLS 1.3: milliseconds to add to a ticket's age.
    pub age_add: u32,
}

impl Setup {
    /// The peer is a server, the engine a client.
    pub fn server(version: Protocol) -> Self {
        Self {
            version,
            engine: EngineSetup {
                client: true,
                protocols: vec![version],
                client_authentication: ClientAuthentication::None,
                application_protocols: Vec::new(),
                resumption: true,
                max_fragment_size: None,
                reception: false,
            },
            identity: Some(&identities().server),
            ask: false,
            retry: false,
            extended_master_secret: true,
            suite: match version {
                Protocol::Tls12 => 0xc02b,
                Protocol::Tls13 => 0x1301,
            },
            group: X25519,
            fragment: None,
            trickle: false,
            session: None,
        }
    }

    /// The peer is a client, the engine a server.
    pub fn client(version: Protocol) -> Self {
        let mut setup = Self::server(version);
        setup.engine.client = false;
        setup.identity = None;
        setup
    }

    /// Both sides show certificates.
    pub fn mutual(mut self) -> Self {
        self.ask = true;
        self.engine.client_authentication = ClientAuthentication::Need;
        if !self.engine.client {
            self.identity = Some(&identities().client);
        }
        self
    }
}

/// An alert of the engine's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alert {
    pub level: u8,
    pub description: u8,
    /// It came encrypted.
    pub protected: bool,
}

/// See the module.
pub struct Peer {
    pub setup: Setup,
    pub engine: Engine,
    twist: Option<(At, Twist)>,
    /// TLS 1.2: what to sign in the place of the server's share.
    pub forged_params: Option<Vec<u8>>,
    /// Handshake bytes that have been heard and not been understood yet.
    heard: Vec<u8>,
    pub alerts: Vec<Alert>,
    pub data: Vec<u8>,
    /// What has been heard ended otherwise than in whole records that open.
    pub garbled: bool,
    pub tx: Option<Keys>,
    pub rx: Option<Keys>,
    next_rx: Option<Keys>,
    transcript: Vec<u8>,
    schedule: Schedule,
    master: Vec<u8>,
    randoms: [[u8; 32]; 2],
    keys: Vec<(u16, PrivateKey)>,
    pub session: Session,
    /// The handshake has come to its end as this side sees it.
    pub complete: bool,
}

impl Peer {
    /// Shakes hands, misbehaving as told.
    pub fn run(world: &World, setup: &Setup, twist: Option<(At, Twist)>) -> Self {
        let mut peer = Self::new(world, setup);
        peer.twist = twist;
        peer.go();
        peer
    }

    /// A peer that has said nothing yet.
    pub fn new(world: &World, setup: &Setup) -> Self {
        Self {
            engine: Engine::new(world, &setup.engine),
            setup: setup.clone(),
            twist: None,
            forged_params: None,
            heard: Vec::new(),
            alerts: Vec::new(),
            data: Vec::new(),
            garbled: false,
            tx: None,
            rx: None,
            next_rx: None,
            transcript: Vec::new(),
            schedule: Schedule::new(&[0; 32]),
            master: Vec::new(),
            randoms: [[0x5a; 32], [0xa5; 32]],
            keys: [X25519, SECP256R1]
                .map(|group| (group, PrivateKey::generate(algorithm(group)).unwrap()))
                .into(),
            session: Session::default(),
            complete: false,
        }
    }

    /// Shakes hands.
    pub fn go(&mut self) {
        let done = match (self.setup.engine.client, self.setup.version) {
            (true, Protocol::Tls13) => self.serve_tls13(),
            (true, Protocol::Tls12) => self.serve_tls12(),
            (false, Protocol::Tls13) => self.call_tls13(),
            (false, Protocol::Tls12) => self.call_tls12(),
        };
        self.complete = done.is_some();
        self.listen();
    }

    fn is_tls13(&self) -> bool {
        self.setup.version == Protocol::Tls13
    }

    // --- Sending ----------------------------------------------------------------------------

    /// Sends `honest`, or what the test makes of it.
    fn emit(&mut self, at: At, honest: Vec<u8>) {
        match self.twist {
            Some((moment, twist)) if moment == at => twist(self, honest),
            _ => self.send_at(at, honest),
        }
    }

    fn send_at(&mut self, at: At, honest: Vec<u8>) {
        match at {
            At::ChangeCipherSpec => self.plain(CHANGE_CIPHER_SPEC, &honest),
            At::Data => self.protected(DATA, &honest),
            _ => self.send(honest),
        }
    }

    /// A handshake message, as the transcript and the engine shall see it.
    pub fn send(&mut self, message: Vec<u8>) {
        self.transcript.extend_from_slice(&message);
        self.protected(HANDSHAKE, &message);
    }

    /// Content under the current keys, if there are any, in as many records as the setup says.
    pub fn protected(&mut self, kind: u8, content: &[u8]) {
        let most = self.setup.fragment.unwrap_or(1 << 14);
        if content.is_empty() {
            return self.seal(kind, content);
        }
        for part in content.chunks(most) {
            self.seal(kind, part);
        }
    }

    /// One record under the current keys, if there are any.
    pub fn seal(&mut self, kind: u8, content: &[u8]) {
        let record = match &mut self.tx {
            Some(keys) => keys.seal(kind, content),
            None => record(kind, content),
        };
        self.raw(&record);
    }

    /// One record in the clear.
    pub fn plain(&mut self, kind: u8, content: &[u8]) {
        self.raw(&record(kind, content));
    }

    /// TLS 1.3: one record of this inner plaintext, type and padding included.
    pub fn inner(&mut self, inner: &[u8]) {
        let record = self.tx.as_mut().expect("keys").seal_inner(inner);
        self.raw(&record);
    }

    /// Bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        if self.setup.trickle {
            bytes.chunks(1).for_each(|byte| self.engine.deliver(byte));
        } else {
            self.engine.deliver(bytes);
        }
    }

    // --- Hearing ----------------------------------------------------------------------------

    /// The engine's next handshake message, which joins the transcript.
    fn hear(&mut self) -> Option<Vec<u8>> {
        let message = self.overhear()?;
        self.transcript.extend_from_slice(&message);
        Some(message)
    }

    /// The engine's next handshake message, the transcript left as it is.
    fn overhear(&mut self) -> Option<Vec<u8>> {
        loop {
            if let [_, a, b, c, ..] = self.heard[..] {
                let length = 4 + u32::from_be_bytes([0, a, b, c]) as usize;
                if self.heard.len() >= length {
                    return Some(self.heard.drain(..length).collect());
                }
            }
            self.hear_record()?;
        }
    }

    /// Takes the engine's next record.
    fn hear_record(&mut self) -> Option<()> {
        let output = &mut self.engine.output;
        let length = match output[..] {
            [_, _, _, high, low, ..] => 5 + usize::from(u16::from_be_bytes([high, low])),
            _ => return None,
        };
        let record: Vec<u8> = output.drain(..length.min(output.len())).collect();
        let kind = record[0];
        if kind == CHANGE_CIPHER_SPEC {
            if !self.is_tls13() {
                self.rx = self.next_rx.take();
            }
            return Some(());
        }
        // The engine may fail before it has keys that this side has already.
        let clear = kind == ALERT && length == 5 + 2;
        let opened = match &mut self.rx {
            Some(keys) if !clear => keys.open(&record).map(|(kind, body)| (kind, body, true)),
            _ => Some((kind, record[5..].to_vec(), false)),
        };
        match opened {
            Some((HANDSHAKE, content, _)) => self.heard.extend(content),
            Some((DATA, content, _)) => self.data.extend(content),
            Some((ALERT, content, protected)) => match content[..] {
                [level, description] => self.alerts.push(Alert {
                    level,
                    description,
                    protected,
                }),
                _ => self.garbled = true,
            },
            _ => self.garbled = true,
        }
        Some(())
    }

    /// Hears all that the engine has said.
    pub fn listen(&mut self) {
        while self.hear_record().is_some() {}
    }

    /// Forgets the warnings that the engine has sent, but no alert that ends the connection.
    pub fn drop_warnings(&mut self) {
        self.listen();
        self.alerts.retain(|alert| alert.level != 1);
    }

    // --- Secrets ----------------------------------------------------------------------------

    fn hash(&self) -> Vec<u8> {
        sha256(&self.transcript)
    }

    fn public_key(&self, group: u16) -> Vec<u8> {
        let (_, key) = self.keys.iter().find(|(g, _)| *g == group).unwrap();
        key.compute_public_key().unwrap().as_ref().to_vec()
    }

    fn agree(&self, group: u16, public: &[u8]) -> Option<Vec<u8>> {
        let (_, key) = self.keys.iter().find(|(g, _)| *g == group)?;
        let public = UnparsedPublicKey::new(algorithm(group), public);
        agreement::agree(key, public, (), |secret| Ok(secret.to_vec())).ok()
    }

    /// TLS 1.2: the keys for what the client sends, and for what the server does.
    fn tls12_keys(&self) -> (Keys, Keys) {
        let [client, server] = &self.randoms;
        let block = prf(
            &self.master,
            "key expansion",
            &[&server[..], client].concat(),
            40,
        );
        (
            Keys::tls12(&block[..16], &block[32..36]),
            Keys::tls12(&block[16..32], &block[36..]),
        )
    }

    /// TLS 1.2: the master secret, once ClientKeyExchange is in the transcript.
    fn make_master(&mut self, premaster: &[u8]) {
        let [client, server] = &self.randoms;
        self.master = if self.setup.extended_master_secret {
            prf(premaster, "extended master secret", &self.hash(), 48)
        } else {
            prf(
                premaster,
                "master secret",
                &[&client[..], server].concat(),
                48,
            )
        };
        self.session.secret = self.master.clone();
    }

    /// TLS 1.2: a Finished of this side, RFC 5246 §7.4.9.
    fn finished_tls12(&self, label: &str) -> Vec<u8> {
        message(codec::FINISHED, &prf(&self.master, label, &self.hash(), 12))
    }

    /// After HelloRetryRequest the first ClientHello counts by its hash, RFC 8446 §4.4.1.
    fn condense_transcript(&mut self) {
        self.transcript = message(254, &self.hash());
    }

    /// TLS 1.3: a CertificateVerify, RFC 8446 §4.4.3.
    fn certificate_verify_tls13(&self, by: &str) -> Vec<u8> {
        let identity = self.setup.identity.expect("an identity");
        let scheme = identity.scheme;
        self.signed_tls13(identity, scheme, by)
    }

    /// The same of another key, scheme or context.
    pub fn signed_tls13(&self, identity: &Identity, scheme: u16, by: &str) -> Vec<u8> {
        let content = [
            &[b' '; 64],
            format!("TLS 1.3, {by} CertificateVerify\0").as_bytes(),
            &self.hash(),
        ]
        .concat();
        let signature = identity.sign(scheme, &content);
        let body = [&scheme.to_be_bytes()[..], &codec::v16(&signature)].concat();
        message(codec::CERTIFICATE_VERIFY, &body)
    }
}

fn algorithm(group: u16) -> &'static agreement::Algorithm {
    match group {
        SECP256R1 => &agreement::ECDH_P256,
        _ => &agreement::X25519,
    }
}
