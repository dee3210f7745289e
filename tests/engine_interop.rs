//! The engine against tokio-rustls, as client and as server.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)] // a test may panic

#[path = "support/pki.rs"]
mod pki;
#[path = "support/wire.rs"]
mod wire;

use pki::Authority;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::ServerName;
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion};
use rustls_jvm::config::context::{ClientAuthentication, Context, Parameters, Trust};
use rustls_jvm::config::credential::Credential;
use rustls_jvm::config::policy::{self, Protocol};
use rustls_jvm::config::session::SessionLimits;
use rustls_jvm::engine::connection::{Connection, Role};
use rustls_jvm::engine::outcome::{HandshakeStatus, Status};
use rustls_jvm::keystore::KeyEntry;
use rustls_jvm::trust::TrustAnchors;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use wire::{Broken, Wire};

const TLS12: &[&SupportedProtocolVersion] = &[&rustls::version::TLS12];
const TLS13: &[&SupportedProtocolVersion] = &[&rustls::version::TLS13];

/// The most plaintext in a record.
const RECORD: usize = 1 << 14;

fn context(entry: Option<&KeyEntry>, authority: &Authority) -> Context {
    let credential = entry.map_or(Credential::None, |entry| {
        Credential::from_entry(entry).unwrap()
    });
    let anchors = TrustAnchors::new(std::slice::from_ref(&authority.certificate)).unwrap();
    let trust = Trust::Store {
        anchors: Some(Arc::new(anchors)),
        pins: None,
    };
    Context::new(credential, trust, SessionLimits::from_options(-1, -1))
}

fn parameters(protocols: &[Protocol], client_authentication: ClientAuthentication) -> Parameters {
    Parameters {
        protocols: protocols.to_vec(),
        suites: policy::all_suites()
            .iter()
            .map(|s| s.suite().into())
            .collect(),
        groups: policy::default_groups(),
        application_protocols: vec![b"h2".to_vec(), b"http/1.1".to_vec()],
        client_authentication,
        verify_hostname: true,
        server_order: true,
        signature_schemes: None,
        max_fragment_size: None,
        issuers: rustls_jvm::trust::managers::Issuers::default(),
        resumption: true,
        server_name_indication: true,
    }
}

fn client(context: &Context, parameters: &Parameters) -> Connection {
    let name = ServerName::try_from("server.test").unwrap();
    let config = context.client(parameters).unwrap();
    Connection::new(Role::Client(config, name), Some(context.visit(443)))
}

fn server(context: &Context, parameters: &Parameters) -> Connection {
    let config = context.server(parameters).unwrap();
    Connection::new(Role::Server(config), Some(context.visit(0)))
}

fn roots(authority: &Authority) -> Arc<RootCertStore> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate.clone()).unwrap();
    Arc::new(roots)
}

fn tokio_server(
    authority: &Authority,
    entry: &KeyEntry,
    versions: &[&'static SupportedProtocolVersion],
    mutual: bool,
) -> Arc<ServerConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .unwrap();
    let verifier = if mutual {
        WebPkiClientVerifier::builder_with_provider(roots(authority), provider)
            .build()
            .unwrap()
    } else {
        WebPkiClientVerifier::no_client_auth()
    };
    let mut config = builder
        .with_client_cert_verifier(verifier)
        .with_single_cert(entry.chain.clone(), entry.key.clone_key())
        .unwrap();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Arc::new(config)
}

fn tokio_client(
    authority: &Authority,
    entry: Option<&KeyEntry>,
    versions: &[&'static SupportedProtocolVersion],
) -> Arc<ClientConfig> {
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots(authority));
    let mut config = match entry {
        Some(entry) => builder
            .with_client_auth_cert(entry.chain.clone(), entry.key.clone_key())
            .unwrap(),
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Arc::new(config)
}

/// A tokio-rustls server that sends back what it gets, then closes.
fn echo_server(listener: TcpListener, config: Arc<ServerConfig>) -> thread::JoinHandle<usize> {
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async move {
            listener.set_nonblocking(true).unwrap();
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let acceptor = tokio_rustls::TlsAcceptor::from(config);
            let (socket, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(socket).await else {
                return 0;
            };
            let mut all = Vec::new();
            stream.read_to_end(&mut all).await.unwrap();
            stream.write_all(&all).await.unwrap();
            stream.shutdown().await.unwrap();
            all.len()
        })
    })
}

/// A tokio-rustls client that sends `data` and reads until the end; its error if it failed.
fn tokio_talk(
    address: std::net::SocketAddr,
    config: Arc<ClientConfig>,
    data: Vec<u8>,
) -> thread::JoinHandle<Result<Vec<u8>, String>> {
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async move {
            let socket = tokio::net::TcpStream::connect(address).await.unwrap();
            let connector = tokio_rustls::TlsConnector::from(config);
            let name = ServerName::try_from("server.test").unwrap();
            let mut stream = connector
                .connect(name, socket)
                .await
                .map_err(|e| e.to_string())?;
            stream.write_all(&data).await.map_err(|e| e.to_string())?;
            stream.shutdown().await.map_err(|e| e.to_string())?;
            let mut all = Vec::new();
            stream
                .read_to_end(&mut all)
                .await
                .map_err(|e| e.to_string())?;
            Ok(all)
        })
    })
}

fn payload(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i * 31 % 251) as u8).collect()
}

#[test]
fn as_a_client_with_mutual_authentication() {
    let authority = Authority::new("CA");
    let (server_entry, client_entry) = (authority.sign("server.test"), authority.sign("client"));
    for (protocol, versions) in [(Protocol::Tls12, TLS12), (Protocol::Tls13, TLS13)] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let peer = echo_server(
            listener,
            tokio_server(&authority, &server_entry, versions, true),
        );
        let context = context(Some(&client_entry), &authority);
        let parameters = parameters(&[protocol], ClientAuthentication::None);
        let mut wire = Wire::new(
            client(&context, &parameters),
            TcpStream::connect(address).unwrap(),
        );
        wire.handshake().unwrap();
        let data = payload(300_000);
        wire.write_all(&data).unwrap();
        wire.close().unwrap();
        assert_eq!(wire.read_to_end().unwrap(), data);
        assert_eq!(peer.join().unwrap(), data.len());
        let connection = &wire.connection;
        assert_eq!(connection.application_protocol().unwrap(), b"http/1.1");
        assert_eq!(
            connection.peer_certificates().unwrap()[..],
            server_entry.chain[..]
        );
        assert_eq!(
            connection.local_credential().unwrap().cert,
            client_entry.chain
        );
    }
}

#[test]
fn as_a_server_with_mutual_authentication() {
    let authority = Authority::new("CA");
    let (server_entry, client_entry) = (authority.sign("server.test"), authority.sign("client"));
    for (protocol, versions) in [(Protocol::Tls12, TLS12), (Protocol::Tls13, TLS13)] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let data = payload(300_000);
        let peer = tokio_talk(
            listener.local_addr().unwrap(),
            tokio_client(&authority, Some(&client_entry), versions),
            data.clone(),
        );
        let context = context(Some(&server_entry), &authority);
        let parameters = parameters(&[protocol], ClientAuthentication::Need);
        let (socket, _) = listener.accept().unwrap();
        let mut wire = Wire::new(server(&context, &parameters), socket);
        wire.handshake().unwrap();
        assert_eq!(wire.read_to_end().unwrap(), data);
        wire.write_all(&data).unwrap();
        wire.close().unwrap();
        assert_eq!(peer.join().unwrap().unwrap(), data);
        let connection = &wire.connection;
        assert_eq!(connection.server_name().unwrap(), "server.test");
        assert_eq!(
            connection.peer_certificates().unwrap()[..],
            client_entry.chain[..]
        );
    }
}

/// rustls asks for our keys when it changes its own, so both directions get new ones each time.
#[test]
fn rfc8446_7_2_keys_are_updated_as_rustls_does() {
    let authority = Authority::new("CA");
    let (server_entry, client_entry) = (authority.sign("server.test"), authority.sign("client"));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let config = tokio_client(&authority, Some(&client_entry), TLS13);
    let peer = thread::spawn(move || {
        let name = ServerName::try_from("server.test").unwrap();
        let connection = rustls::ClientConnection::new(config, name).unwrap();
        let mut stream = rustls::StreamOwned::new(connection, TcpStream::connect(address).unwrap());
        for round in 0..5 {
            stream.write_all(&[round; 100]).unwrap();
            let mut echo = [0; 100];
            stream.read_exact(&mut echo).unwrap();
            assert_eq!(echo, [round; 100]);
            stream.conn.refresh_traffic_keys().unwrap();
        }
    });
    let context = context(Some(&server_entry), &authority);
    let parameters = parameters(&[Protocol::Tls13], ClientAuthentication::Need);
    let (socket, _) = listener.accept().unwrap();
    let mut wire = Wire::new(server(&context, &parameters), socket);
    wire.handshake().unwrap();
    for round in 0..5 {
        assert_eq!(wire.read_exact(100).unwrap(), [round; 100]);
        wire.write_all(&[round; 100]).unwrap();
    }
    peer.join().unwrap();
}

#[test]
fn a_client_without_a_certificate_is_refused_and_told_so() {
    let authority = Authority::new("CA");
    let server_entry = authority.sign("server.test");
    for (protocol, versions, alert) in [
        (Protocol::Tls12, TLS12, "HandshakeFailure"),
        (Protocol::Tls13, TLS13, "CertificateRequired"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let peer = tokio_talk(
            listener.local_addr().unwrap(),
            tokio_client(&authority, None, versions),
            payload(10),
        );
        let context = context(Some(&server_entry), &authority);
        let parameters = parameters(&[protocol], ClientAuthentication::Need);
        let (socket, _) = listener.accept().unwrap();
        let mut wire = Wire::new(server(&context, &parameters), socket);
        match wire.handshake() {
            Err(Broken::Tls(failure)) => {
                assert!(failure.message.contains("no certificate"), "{failure}");
            }
            other => panic!("{other:?}"),
        }
        let told = peer.join().unwrap().unwrap_err();
        assert!(told.contains(alert), "{told}");
    }
}

#[test]
fn a_server_of_another_authority_is_refused_and_told_so() {
    let (authority, other) = (Authority::new("CA"), Authority::new("Other CA"));
    let foreign = other.sign("server.test");
    for (protocol, versions) in [(Protocol::Tls12, TLS12), (Protocol::Tls13, TLS13)] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let peer = echo_server(listener, tokio_server(&other, &foreign, versions, false));
        let context = context(None, &authority);
        let parameters = parameters(&[protocol], ClientAuthentication::None);
        let mut wire = Wire::new(
            client(&context, &parameters),
            TcpStream::connect(address).unwrap(),
        );
        match wire.handshake() {
            Err(Broken::Tls(failure)) => {
                assert!(failure.message.contains("unknown_ca"), "{failure}");
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(peer.join().unwrap(), 0);
    }
}

#[test]
fn a_server_of_another_name_is_refused() {
    let authority = Authority::new("CA");
    let entry = authority.sign("another.test");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let peer = echo_server(listener, tokio_server(&authority, &entry, TLS13, false));
    let context = context(None, &authority);
    let parameters = parameters(&[Protocol::Tls13], ClientAuthentication::None);
    let mut wire = Wire::new(
        client(&context, &parameters),
        TcpStream::connect(address).unwrap(),
    );
    assert!(matches!(wire.handshake(), Err(Broken::Tls(_))));
    assert_eq!(peer.join().unwrap(), 0);
}

#[test]
fn no_common_version_ends_in_protocol_version() {
    let authority = Authority::new("CA");
    let server_entry = authority.sign("server.test");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let peer = tokio_talk(
        listener.local_addr().unwrap(),
        tokio_client(&authority, None, TLS12),
        payload(10),
    );
    let context = context(Some(&server_entry), &authority);
    let parameters = parameters(&[Protocol::Tls13], ClientAuthentication::None);
    let (socket, _) = listener.accept().unwrap();
    let mut wire = Wire::new(server(&context, &parameters), socket);
    assert!(matches!(wire.handshake(), Err(Broken::Tls(_))));
    let told = peer.join().unwrap().unwrap_err();
    assert!(told.contains("ProtocolVersion"), "{told}");
}

#[test]
fn sessions_are_resumed_in_both_roles() {
    let authority = Authority::new("CA");
    let (server_entry, client_entry) = (authority.sign("server.test"), authority.sign("client"));
    for protocol in [Protocol::Tls12, Protocol::Tls13] {
        let client_context = context(Some(&client_entry), &authority);
        let server_context = context(Some(&server_entry), &authority);
        let client_parameters = parameters(&[protocol], ClientAuthentication::None);
        let server_parameters = parameters(&[protocol], ClientAuthentication::Need);
        for round in 0..3 {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            let engine = server(&server_context, &server_parameters);
            let peer = thread::spawn(move || {
                let (socket, _) = listener.accept().unwrap();
                let mut wire = Wire::new(engine, socket);
                wire.handshake().unwrap();
                let asked = wire.read_exact(4).unwrap();
                wire.write_all(&asked).unwrap();
                wire.close().unwrap();
                (
                    wire.connection.resumed(),
                    wire.connection
                        .peer_certificates()
                        .map(|chain| chain.to_vec()),
                )
            });
            let mut wire = Wire::new(
                client(&client_context, &client_parameters),
                TcpStream::connect(address).unwrap(),
            );
            wire.handshake().unwrap();
            wire.write_all(b"ping").unwrap();
            assert_eq!(wire.read_to_end().unwrap(), b"ping");
            let (resumed, seen) = peer.join().unwrap();
            assert_eq!(resumed, round > 0, "{protocol:?}, round {round}");
            assert_eq!(wire.connection.resumed(), round > 0);
            assert_eq!(seen.unwrap(), client_entry.chain);
        }
    }
}

#[test]
fn a_plaintext_peer_gets_an_alert_and_a_clear_word() {
    use std::io::{Read, Write};
    let authority = Authority::new("CA");
    let server_entry = authority.sign("server.test");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let peer = thread::spawn(move || {
        let mut socket = TcpStream::connect(address).unwrap();
        socket.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).unwrap();
        answer
    });
    let context = context(Some(&server_entry), &authority);
    let parameters = parameters(&[Protocol::Tls13], ClientAuthentication::None);
    let (socket, _) = listener.accept().unwrap();
    let mut wire = Wire::new(server(&context, &parameters), socket);
    match wire.handshake() {
        Err(Broken::Tls(failure)) => {
            assert!(
                failure.message.contains("plaintext connection?"),
                "{failure}"
            );
        }
        other => panic!("{other:?}"),
    }
    // RFC 8446 §6.2: unexpected_message, fatal.
    assert_eq!(peer.join().unwrap(), [21, 3, 3, 0, 2, 2, 10]);
}

/// Two connections of ours after the handshake, for whatever needs no socket.
fn established(protocol: Protocol) -> (Connection, Connection) {
    let authority = Authority::new("CA");
    let entry = authority.sign("server.test");
    let context = context(Some(&entry), &authority);
    let parameters = parameters(&[protocol], ClientAuthentication::None);
    let ends = (client(&context, &parameters), server(&context, &parameters));
    let mut wires = (Vec::new(), Vec::new());
    ends.0.begin();
    ends.1.begin();
    for _ in 0..100 {
        step(&ends.0, &mut wires.1, &mut wires.0);
        step(&ends.1, &mut wires.0, &mut wires.1);
    }
    assert!(ends.0.is_established() && ends.1.is_established());
    ends
}

fn step(end: &Connection, incoming: &mut Vec<u8>, outgoing: &mut Vec<u8>) {
    let mut room = vec![0; 20_000];
    match end.handshake_status() {
        HandshakeStatus::NeedTask => {
            end.run_task(None);
        }
        HandshakeStatus::NeedWrap => {
            let outcome = end.wrap(&[], &mut room);
            outgoing.extend_from_slice(&room[..outcome.produced]);
        }
        _ => {
            let outcome = end.unwrap(incoming, &mut room);
            incoming.drain(..outcome.consumed);
        }
    }
}

#[test]
fn batches_carry_what_single_steps_would() {
    for protocol in [Protocol::Tls12, Protocol::Tls13] {
        let (client, server) = established(protocol);
        let data = payload(3 * RECORD + 100);
        let mut wire = vec![0; 4 * (RECORD + 32)];
        let sealed = client.turn().wrap_batch(&data, &mut wire);
        assert_eq!((sealed.status, sealed.consumed), (Status::Ok, data.len()));
        // The last record is cut: what is whole is opened, the rest waits.
        let mut plain = vec![0; 4 * (RECORD + 32)];
        let opened = server
            .turn()
            .unwrap_batch(&wire[..sealed.produced - 1], &mut plain);
        assert_eq!((opened.status, opened.produced), (Status::Ok, 3 * RECORD));
        let rest = server.turn().unwrap_batch(
            &wire[opened.consumed..sealed.produced],
            &mut plain[opened.produced..],
        );
        assert_eq!((rest.status, rest.produced), (Status::Ok, 100));
        assert_eq!(&plain[..data.len()], &data[..]);
    }
}

#[test]
fn a_batch_fills_the_room_there_is() {
    for protocol in [Protocol::Tls12, Protocol::Tls13] {
        let (client, server) = established(protocol);
        let data = payload(3 * RECORD);
        let mut wire = vec![0; 2 * (RECORD + 32) + 1000];
        let sealed = client.turn().wrap_batch(&data, &mut wire);
        assert_eq!((sealed.status, sealed.consumed), (Status::Ok, 2 * RECORD));
        let none = client
            .turn()
            .wrap_batch(&data, &mut wire[sealed.produced..]);
        assert_eq!((none.status, none.consumed), (Status::Overflow, 0));
        let mut plain = vec![0; RECORD + 100];
        let opened = server
            .turn()
            .unwrap_batch(&wire[..sealed.produced], &mut plain);
        assert_eq!((opened.status, opened.produced), (Status::Ok, RECORD));
        let nothing = server.turn().unwrap_batch(&wire[..4], &mut plain);
        assert_eq!((nothing.status, nothing.consumed), (Status::Underflow, 0));
    }
}

#[test]
fn a_batch_gives_what_came_before_its_end() {
    for protocol in [Protocol::Tls12, Protocol::Tls13] {
        for forged in [false, true] {
            let (client, server) = established(protocol);
            let data = payload(2 * RECORD);
            let mut wire = vec![0; 3 * (RECORD + 32)];
            let sealed = client.turn().wrap_batch(&data, &mut wire).produced;
            client.close_outbound();
            let end = client.turn().wrap_batch(&data, &mut wire[sealed..]);
            assert_eq!((end.status, end.consumed), (Status::Closed, 0));
            wire.truncate(sealed + end.produced);
            if forged {
                *wire.last_mut().unwrap() ^= 1;
            }
            let mut plain = vec![1; 3 * (RECORD + 32)];
            let opened = server.turn().unwrap_batch(&wire, &mut plain);
            assert_eq!((opened.consumed, opened.produced), (sealed, data.len()));
            assert_eq!(&plain[..data.len()], &data[..]);
            if forged {
                assert_eq!(opened.status, Status::Failed);
                assert!(server.take_failure().is_some());
            } else {
                assert_eq!(opened.status, Status::Closed);
            }
            let again = server.unwrap(&wire[sealed..], &mut plain);
            assert_eq!((again.status, again.consumed), (Status::Closed, 0));
        }
    }
}
