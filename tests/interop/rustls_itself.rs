//! rustls as it is, in memory: with all groups, those with ML-KEM too, and its own KeyUpdates.

use crate::cells::{cells, keys, payload, Cell, LARGE};
use rustls::crypto::{aws_lc_rs, CryptoProvider};
use rustls::pki_types::ServerName;
use rustls::server::WebPkiClientVerifier;
use rustls::{
    ClientConfig, ClientConnection, Connection as Rustls, RootCertStore, ServerConfig,
    ServerConnection,
};
use rustls_jvm::config::policy::Protocol;
use rustls_jvm::engine::connection::Connection;
use rustls_jvm::engine::outcome::{HandshakeStatus, Status};
use std::io::{Cursor, Read, Write};
use std::sync::Arc;

const GROUPS: [&str; 5] = [
    "x25519",
    "secp256r1",
    "secp384r1",
    "X25519MLKEM768",
    "SecP256r1MLKEM768",
];

/// Both ends and what is between them.
struct Pair {
    ours: Connection,
    theirs: Rustls,
    to_ours: Vec<u8>,
    received: Vec<u8>,
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(CryptoProvider {
        kx_groups: aws_lc_rs::ALL_KX_GROUPS.to_vec(),
        ..aws_lc_rs::default_provider()
    })
}

fn roots() -> Arc<RootCertStore> {
    let mut roots = RootCertStore::empty();
    roots.add(keys().authority.certificate.clone()).unwrap();
    Arc::new(roots)
}

fn their_client(cell: &Cell) -> Arc<ClientConfig> {
    let entry = &cell.key().client;
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots())
        .with_client_auth_cert(entry.chain.clone(), entry.key.clone_key());
    Arc::new(config.unwrap())
}

fn their_server(cell: &Cell) -> Arc<ServerConfig> {
    let entry = &cell.key().server;
    let verifier = match cell.mutual {
        true => WebPkiClientVerifier::builder_with_provider(roots(), provider())
            .build()
            .unwrap(),
        false => WebPkiClientVerifier::no_client_auth(),
    };
    let config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(entry.chain.clone(), entry.key.clone_key());
    Arc::new(config.unwrap())
}

impl Pair {
    fn new(ours: Connection, theirs: Rustls) -> Self {
        let mut pair = Self {
            ours,
            theirs,
            to_ours: Vec::new(),
            received: Vec::new(),
        };
        pair.ours.begin();
        pair.settle();
        assert!(pair.ours.is_established() && !pair.theirs.is_handshaking());
        pair
    }

    /// Lets both do all that they can.
    fn settle(&mut self) {
        let mut room = vec![0; 20_000];
        loop {
            while self.theirs.wants_write() {
                self.theirs.write_tls(&mut self.to_ours).unwrap();
            }
            let outcome = match self.ours.handshake_status() {
                HandshakeStatus::NeedTask => self.ours.run_task(None),
                HandshakeStatus::NeedWrap => {
                    let outcome = self.ours.wrap(&[], &mut room);
                    self.take(&room[..outcome.produced]);
                    outcome
                }
                _ if self.to_ours.is_empty() => return,
                _ => {
                    let outcome = self.ours.unwrap(&self.to_ours, &mut room);
                    self.to_ours.drain(..outcome.consumed);
                    self.received.extend_from_slice(&room[..outcome.produced]);
                    outcome
                }
            };
            let failure = self.ours.take_failure();
            assert_eq!(outcome.status, Status::Ok, "{failure:?}");
        }
    }

    /// Gives their side bytes of ours.
    fn take(&mut self, bytes: &[u8]) {
        let mut bytes = Cursor::new(bytes);
        while self.theirs.read_tls(&mut bytes).unwrap() > 0 {
            self.theirs.process_new_packets().unwrap();
        }
    }

    fn exchange(&mut self, data: &[u8]) {
        let mut room = vec![0; 20_000];
        let mut rest = data;
        let mut echo = vec![0; data.len()];
        let mut got = 0;
        while !rest.is_empty() {
            let outcome = self.ours.wrap(rest, &mut room);
            rest = &rest[outcome.consumed..];
            self.take(&room[..outcome.produced]);
            got += self.theirs.reader().read(&mut echo[got..]).unwrap();
        }
        assert_eq!(echo, data);
        self.received.clear();
        for part in data.chunks(1 << 14) {
            self.theirs.writer().write_all(part).unwrap();
            self.settle();
        }
        assert_eq!(self.received, data);
    }

    fn update_keys(&mut self) {
        match &mut self.theirs {
            Rustls::Client(connection) => connection.refresh_traffic_keys().unwrap(),
            Rustls::Server(connection) => connection.refresh_traffic_keys().unwrap(),
        }
        self.settle();
    }
}

fn groups_of(cell: &Cell) -> bool {
    cell.protocol == Protocol::Tls13 || !cell.group.contains("MLKEM")
}

#[test]
fn rustls_servers() {
    let data = payload(LARGE);
    for cell in cells(&GROUPS).iter().filter(|cell| groups_of(cell)) {
        let (context, config) = (cell.context(true), their_server(cell));
        for round in 0..2 {
            let theirs = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut pair = Pair::new(cell.client(&context), theirs.into());
            cell.assert_agreed(&pair.ours);
            assert_eq!(pair.ours.resumed(), round > 0, "{cell:?}");
            pair.exchange(&data);
            if cell.protocol == Protocol::Tls13 {
                pair.update_keys();
                pair.exchange(&data);
            }
            assert_eq!(pair.theirs.peer_certificates().is_some(), cell.mutual);
        }
    }
}

#[test]
fn rustls_clients() {
    let data = payload(LARGE);
    let name = ServerName::try_from("server.test").unwrap();
    for cell in cells(&GROUPS).iter().filter(|cell| groups_of(cell)) {
        let (context, config) = (cell.context(false), their_client(cell));
        for round in 0..2 {
            let theirs = ClientConnection::new(Arc::clone(&config), name.clone()).unwrap();
            let mut pair = Pair::new(cell.server(&context), theirs.into());
            cell.assert_agreed(&pair.ours);
            assert_eq!(pair.ours.resumed(), round > 0, "{cell:?}");
            pair.exchange(&data);
            if cell.protocol == Protocol::Tls13 {
                pair.update_keys();
                pair.exchange(&data);
            }
            assert_eq!(pair.ours.peer_certificates().is_some(), cell.mutual);
        }
    }
}
