//! Handshakes with certificates at both ends, in memory and on one thread: our engine, and rustls
//! as tokio-rustls uses it.
//!
//! By X25519, which all of Java's providers have; what our default is instead, X25519MLKEM768 with
//! TLS 1.3, is measured beside it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::hint::black_box;
use std::sync::Arc;

use criterion::measurement::WallTime;
use criterion::{criterion_group, criterion_main, BenchmarkGroup, Criterion, Throughput};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    SignatureAlgorithm, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256,
};
use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::server::WebPkiClientVerifier;
use rustls::{
    CipherSuite, ClientConfig, ClientConnection, HandshakeKind, RootCertStore, ServerConfig,
    ServerConnection, SupportedProtocolVersion,
};
use rustls_jvm::config::context::{ClientAuthentication, Context, Parameters, Trust};
use rustls_jvm::config::credential::Credential;
use rustls_jvm::config::policy::{self, Protocol};
use rustls_jvm::config::session::SessionLimits;
use rustls_jvm::engine::connection::{Connection, Role};
use rustls_jvm::engine::outcome::{HandshakeStatus, Status};
use rustls_jvm::keystore::KeyEntry;
use rustls_jvm::trust::TrustAnchors;

/// Those of the benchmark in Java.
const SUITES: [CipherSuite; 3] = [
    CipherSuite::TLS13_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
];
const HOST: &str = "localhost";
/// Room for everything that one end says before it waits.
const ROOM: usize = 32 * 1024;

/// A leaf, used by both ends, and the authority that signed it.
struct Pki {
    authority: CertificateDer<'static>,
    leaf: KeyEntry,
}

impl Pki {
    fn new(algorithm: &'static SignatureAlgorithm) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate_for(algorithm).unwrap();
        let authority = params.self_signed(&key).unwrap().der().clone();
        let issuer = Issuer::new(params, key);

        let params = CertificateParams::new(vec![HOST.to_owned()]).unwrap();
        let key = KeyPair::generate_for(algorithm).unwrap();
        let leaf = params.signed_by(&key, &issuer).unwrap().der().clone();
        Self {
            authority,
            leaf: KeyEntry {
                chain: vec![leaf],
                key: PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
            },
        }
    }
}

/// Our engine, at both ends.
struct Ours {
    client: Context,
    server: Context,
    parameters: Parameters,
    to_server: Vec<u8>,
    to_client: Vec<u8>,
}

impl Ours {
    fn new(pki: &Pki, protocol: Protocol, group: &str, resumption: bool) -> Self {
        let context = || {
            let anchors = TrustAnchors::new(std::slice::from_ref(&pki.authority)).unwrap();
            Context::new(
                Credential::from_entry(&pki.leaf).unwrap(),
                Trust::Store {
                    anchors: Some(Arc::new(anchors)),
                    pins: None,
                },
                SessionLimits::from_options(-1, -1),
            )
        };
        Self {
            client: context(),
            server: context(),
            parameters: Parameters {
                protocols: vec![protocol],
                suites: SUITES.map(u16::from).to_vec(),
                groups: policy::groups_by_name(&[group]),
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
            to_server: Vec::with_capacity(ROOM),
            to_client: Vec::with_capacity(ROOM),
        }
    }

    fn connect(&mut self) -> (Connection, Connection) {
        let name = ServerName::try_from(HOST).unwrap();
        let config = self.client.client(&self.parameters).unwrap();
        let client = Connection::new(Role::Client(config, name), Some(self.client.visit(443)));
        let config = self.server.server(&self.parameters).unwrap();
        let server = Connection::new(Role::Server(config), Some(self.server.visit(0)));
        self.to_server.clear();
        self.to_client.clear();
        client.begin();
        server.begin();
        let mut moved = true;
        while moved {
            moved = step(&client, &mut self.to_client, &mut self.to_server);
            moved |= step(&server, &mut self.to_server, &mut self.to_client);
        }
        assert!(client.is_established() && server.is_established());
        (client, server)
    }
}

/// Lets one end do all that it can; tells whether that was anything.
fn step(connection: &Connection, input: &mut Vec<u8>, output: &mut Vec<u8>) -> bool {
    let mut moved = false;
    let mut at = 0;
    loop {
        match connection.handshake_status() {
            HandshakeStatus::NeedTask => {
                connection.run_task(None);
            }
            HandshakeStatus::NeedWrap => {
                let end = output.len();
                output.resize(ROOM, 0);
                let outcome = connection.wrap(&[], &mut output[end..]);
                assert_eq!(
                    outcome.status,
                    Status::Ok,
                    "{:?}",
                    connection.take_failure()
                );
                output.truncate(end + outcome.produced);
            }
            _ => {
                let outcome = connection.unwrap(&input[at..], &mut []);
                if outcome.status != Status::Ok || outcome.consumed == 0 {
                    assert_ne!(outcome.status, Status::Failed);
                    input.drain(..at);
                    return moved;
                }
                at += outcome.consumed;
            }
        }
        moved = true;
    }
}

/// rustls with buffers of its own, at both ends.
struct Rustls {
    client: Arc<ClientConfig>,
    server: Arc<ServerConfig>,
    wire: Vec<u8>,
}

impl Rustls {
    fn new(
        pki: &Pki,
        version: &'static SupportedProtocolVersion,
        group: &str,
        resumption: bool,
    ) -> Self {
        let mut provider = aws_lc_rs::default_provider();
        provider
            .kx_groups
            .retain(|known| policy::jsse_group_name(known.name()) == group);
        provider
            .cipher_suites
            .retain(|suite| SUITES.contains(&suite.suite()));
        let provider = Arc::new(provider);
        let mut roots = RootCertStore::empty();
        roots.add(pki.authority.clone()).unwrap();
        let roots = Arc::new(roots);
        let mut client = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(Arc::clone(&roots))
            .with_client_auth_cert(pki.leaf.chain.clone(), pki.leaf.key.clone_key())
            .unwrap();
        if !resumption {
            client.resumption = Resumption::disabled();
        }
        let verifier = WebPkiClientVerifier::builder_with_provider(roots, Arc::clone(&provider))
            .build()
            .unwrap();
        let server = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_single_cert(pki.leaf.chain.clone(), pki.leaf.key.clone_key())
            .unwrap();
        Self {
            client: Arc::new(client),
            server: Arc::new(server),
            wire: Vec::with_capacity(ROOM),
        }
    }

    fn connect(&mut self) -> (ClientConnection, ServerConnection) {
        let name = ServerName::try_from(HOST).unwrap();
        let mut client = ClientConnection::new(Arc::clone(&self.client), name).unwrap();
        let mut server = ServerConnection::new(Arc::clone(&self.server)).unwrap();
        while client.wants_write() || server.wants_write() {
            self.wire.clear();
            while client.wants_write() {
                client.write_tls(&mut self.wire).unwrap();
            }
            let mut sent = self.wire.as_slice();
            while !sent.is_empty() {
                server.read_tls(&mut sent).unwrap();
                server.process_new_packets().unwrap();
            }
            self.wire.clear();
            while server.wants_write() {
                server.write_tls(&mut self.wire).unwrap();
            }
            let mut sent = self.wire.as_slice();
            while !sent.is_empty() {
                client.read_tls(&mut sent).unwrap();
                client.process_new_packets().unwrap();
            }
        }
        assert!(!client.is_handshaking() && !server.is_handshaking());
        (client, server)
    }
}

fn compare(
    group: &mut BenchmarkGroup<'_, WallTime>,
    pki: &Pki,
    (protocol, version): (Protocol, &'static SupportedProtocolVersion),
    group_name: &str,
    resumption: bool,
) {
    let mut ours = Ours::new(pki, protocol, group_name, resumption);
    ours.connect();
    let (client, _) = ours.connect();
    assert_eq!(client.resumed(), resumption);
    if !resumption || protocol == Protocol::Tls13 {
        assert_eq!(client.named_group().as_deref(), Some(group_name));
    }
    group.bench_function("ours", |bencher| bencher.iter(|| black_box(ours.connect())));

    let mut rustls = Rustls::new(pki, version, group_name, resumption);
    rustls.connect();
    let (client, _) = rustls.connect();
    let resumed = client.handshake_kind() == Some(HandshakeKind::Resumed);
    assert_eq!(resumed, resumption);
    group.bench_function("rustls", |bencher| {
        bencher.iter(|| black_box(rustls.connect()));
    });
}

fn handshakes(criterion: &mut Criterion) {
    let keys = [
        ("RSA-2048", Pki::new(&PKCS_RSA_SHA256)),
        ("P-256", Pki::new(&PKCS_ECDSA_P256_SHA256)),
    ];
    let tls12 = (Protocol::Tls12, &rustls::version::TLS12);
    let tls13 = (Protocol::Tls13, &rustls::version::TLS13);
    for (label, version, group_name) in [
        ("TLS 1.2", tls12, "x25519"),
        ("TLS 1.3", tls13, "x25519"),
        ("TLS 1.3 X25519MLKEM768", tls13, "X25519MLKEM768"),
    ] {
        for (key, pki) in &keys {
            for (kind, resumption) in [("full", false), ("resumed", true)] {
                let mut group = criterion.benchmark_group(format!("{label} {key} {kind}"));
                group.throughput(Throughput::Elements(1));
                compare(&mut group, pki, version, group_name, resumption);
                group.finish();
            }
        }
    }
}

criterion_group!(benches, handshakes);
criterion_main!(benches);
