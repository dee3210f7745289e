//! Handshakes in memory, and the peers that the record layer is tried against.

use std::io::{Cursor, Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use aws_lc_rs::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey};
use rcgen::{generate_simple_self_signed, CertifiedKey};
use rustls::client::{ClientConnectionData, UnbufferedClientConnection};
use rustls::crypto::{aws_lc_rs as provider, CryptoProvider};
use rustls::kernel::KernelConnection;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::{ServerConnectionData, UnbufferedServerConnection};
use rustls::unbuffered::{ConnectionState, UnbufferedStatus};
use rustls::{
    ClientConfig, ClientConnection, Connection, ConnectionTrafficSecrets, Error, ExtractedSecrets,
    ProtocolVersion, RootCertStore, ServerConfig, ServerConnection, SupportedCipherSuite,
};

use rustls_jvm::engine::traffic::{
    Limits, Rekey, Side, Status, Step, Traffic, TrafficError, TrafficParts,
};

pub const CHANGE_CIPHER_SPEC: u8 = 20;
pub const ALERT: u8 = 21;
pub const HANDSHAKE: u8 = 22;
pub const DATA: u8 = 23;

pub const WARNING: u8 = 1;
pub const FATAL: u8 = 2;

pub const CLOSE_NOTIFY: u8 = 0;
pub const UNEXPECTED_MESSAGE: u8 = 10;
pub const BAD_RECORD_MAC: u8 = 20;
pub const RECORD_OVERFLOW: u8 = 22;
pub const ILLEGAL_PARAMETER: u8 = 47;
pub const DECODE_ERROR: u8 = 50;
pub const PROTOCOL_VERSION: u8 = 70;
pub const INTERNAL_ERROR: u8 = 80;
pub const USER_CANCELED: u8 = 90;
pub const NO_RENEGOTIATION: u8 = 100;

/// Enough for any step.
pub const ROOM: usize = 20_000;

pub const TLS13: [SupportedCipherSuite; 3] = [
    provider::cipher_suite::TLS13_AES_128_GCM_SHA256,
    provider::cipher_suite::TLS13_AES_256_GCM_SHA384,
    provider::cipher_suite::TLS13_CHACHA20_POLY1305_SHA256,
];

pub const TLS12: [SupportedCipherSuite; 3] = [
    provider::cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    provider::cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    provider::cipher_suite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
];

pub fn all_suites() -> impl Iterator<Item = SupportedCipherSuite> {
    TLS13.into_iter().chain(TLS12)
}

pub const BOTH_SIDES: [Side; 2] = [Side::Client, Side::Server];

fn other(side: Side) -> Side {
    match side {
        Side::Client => Side::Server,
        Side::Server => Side::Client,
    }
}

// --- Handshakes -----------------------------------------------------------------------------

fn identity() -> &'static (CertificateDer<'static>, Vec<u8>) {
    static IDENTITY: OnceLock<(CertificateDer<'static>, Vec<u8>)> = OnceLock::new();
    IDENTITY.get_or_init(|| {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(vec!["localhost".to_string()]).unwrap();
        (cert.der().clone(), signing_key.serialize_der())
    })
}

fn configs(suite: SupportedCipherSuite) -> (Arc<ClientConfig>, Arc<ServerConfig>) {
    let crypto = Arc::new(CryptoProvider {
        cipher_suites: vec![suite],
        ..provider::default_provider()
    });
    let (certificate, key) = identity();
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let mut client = ClientConfig::builder_with_provider(Arc::clone(&crypto))
        .with_protocol_versions(&[suite.version()])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    client.enable_secret_extraction = true;
    let mut server = ServerConfig::builder_with_provider(crypto)
        .with_protocol_versions(&[suite.version()])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.clone()],
            PrivateKeyDer::try_from(key.clone()).unwrap(),
        )
        .unwrap();
    server.enable_secret_extraction = true;
    (Arc::new(client), Arc::new(server))
}

fn localhost() -> ServerName<'static> {
    ServerName::try_from("localhost").unwrap()
}

/// One end of a handshake.
enum End {
    Client(Box<UnbufferedClientConnection>),
    Server(Box<UnbufferedServerConnection>),
    Rustls(Box<Connection>),
}

/// The records at the front of `bytes`.
pub fn first_record(bytes: &[u8]) -> Option<&[u8]> {
    let header = bytes.get(..5)?;
    bytes.get(..5 + usize::from(u16::from_be_bytes([header[3], header[4]])))
}

macro_rules! pump_unbuffered {
    ($connection:expr, $incoming:expr, $outgoing:expr) => {{
        // Record by record, so that what follows the handshake is left to the record layer.
        let mut record = Vec::new();
        loop {
            let UnbufferedStatus { discard, state } = $connection.process_tls_records(&mut record);
            match state.unwrap() {
                ConnectionState::EncodeTlsData(mut data) => {
                    let mut room = vec![0; ROOM];
                    let length = data.encode(&mut room).unwrap();
                    $outgoing.extend_from_slice(&room[..length]);
                }
                ConnectionState::TransmitTlsData(data) => data.done(),
                ConnectionState::WriteTraffic(_) => {
                    assert_eq!(discard, record.len());
                    break true;
                }
                ConnectionState::BlockedHandshake => {
                    record.drain(..discard);
                    let Some(next) = first_record($incoming).map(<[u8]>::to_vec) else {
                        break false;
                    };
                    $incoming.drain(..next.len());
                    record.extend_from_slice(&next);
                    continue;
                }
                state => panic!("{state:?}"),
            }
            record.drain(..discard);
        }
    }};
}

impl End {
    /// Goes as far as `incoming` leads; true when the handshake is done.
    fn pump(&mut self, incoming: &mut Vec<u8>, outgoing: &mut Vec<u8>) -> bool {
        match self {
            Self::Client(connection) => pump_unbuffered!(connection, incoming, outgoing),
            Self::Server(connection) => pump_unbuffered!(connection, incoming, outgoing),
            Self::Rustls(connection) => {
                let mut input = Cursor::new(std::mem::take(incoming));
                while connection.read_tls(&mut input).unwrap() > 0 {
                    connection.process_new_packets().unwrap();
                }
                while connection.wants_write() {
                    connection.write_tls(outgoing).unwrap();
                }
                !connection.is_handshaking()
            }
        }
    }

    fn extract(self, tickets: &Arc<AtomicUsize>) -> (ExtractedSecrets, Box<dyn Rekey>) {
        match self {
            Self::Client(connection) => {
                let (secrets, kernel) = connection.dangerous_into_kernel_connection().unwrap();
                (secrets, Box::new(ClientKernel(kernel, Arc::clone(tickets))))
            }
            Self::Server(connection) => {
                let (secrets, kernel) = connection.dangerous_into_kernel_connection().unwrap();
                (secrets, Box::new(ServerKernel(kernel)))
            }
            Self::Rustls(_) => panic!("rustls keeps its own"),
        }
    }
}

struct ClientKernel(KernelConnection<ClientConnectionData>, Arc<AtomicUsize>);

impl Rekey for ClientKernel {
    fn next_tx(&mut self) -> Result<ConnectionTrafficSecrets, Error> {
        self.0.update_tx_secret().map(|(_, secrets)| secrets)
    }

    fn next_rx(&mut self) -> Result<ConnectionTrafficSecrets, Error> {
        self.0.update_rx_secret().map(|(_, secrets)| secrets)
    }

    fn take_ticket(&mut self, payload: &[u8]) -> Result<(), Error> {
        self.0.handle_new_session_ticket(payload)?;
        self.1.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

struct ServerKernel(KernelConnection<ServerConnectionData>);

impl Rekey for ServerKernel {
    fn next_tx(&mut self) -> Result<ConnectionTrafficSecrets, Error> {
        self.0.update_tx_secret().map(|(_, secrets)| secrets)
    }

    fn next_rx(&mut self) -> Result<ConnectionTrafficSecrets, Error> {
        self.0.update_rx_secret().map(|(_, secrets)| secrets)
    }

    fn take_ticket(&mut self, _: &[u8]) -> Result<(), Error> {
        panic!("servers take no tickets")
    }
}

fn unbuffered(side: Side, suite: SupportedCipherSuite) -> End {
    let (client, server) = configs(suite);
    match side {
        Side::Client => End::Client(Box::new(
            UnbufferedClientConnection::new(client, localhost()).unwrap(),
        )),
        Side::Server => End::Server(Box::new(UnbufferedServerConnection::new(server).unwrap())),
    }
}

fn rustls_end(side: Side, suite: SupportedCipherSuite) -> End {
    let (client, server) = configs(suite);
    End::Rustls(Box::new(match side {
        Side::Client => ClientConnection::new(client, localhost()).unwrap().into(),
        Side::Server => ServerConnection::new(server).unwrap().into(),
    }))
}

/// Shakes hands; what each end has been sent beyond that is returned.
fn shake(ours: &mut End, theirs: &mut End) -> (Vec<u8>, Vec<u8>) {
    let (mut to_ours, mut to_theirs) = (Vec::new(), Vec::new());
    let mut done = (false, false);
    for _ in 0..10 {
        if !done.0 {
            done.0 = ours.pump(&mut to_ours, &mut to_theirs);
        }
        if !done.1 || matches!(theirs, End::Rustls(_)) {
            done.1 = theirs.pump(&mut to_theirs, &mut to_ours);
        }
        if done == (true, true) {
            return (to_ours, to_theirs);
        }
    }
    panic!("no end of the handshake: {done:?}")
}

fn parts(
    end: End,
    side: Side,
    suite: SupportedCipherSuite,
    tickets: &Arc<AtomicUsize>,
) -> TrafficParts {
    let (secrets, kernel) = end.extract(tickets);
    TrafficParts {
        side,
        version: suite.version().version,
        secrets,
        kernel,
        limits: Limits::of(suite),
    }
}

fn traffic(end: End, side: Side, suite: SupportedCipherSuite, limits: Limits) -> Ours {
    let tickets = Arc::new(AtomicUsize::new(0));
    let traffic = Traffic::new(TrafficParts {
        limits,
        ..parts(end, side, suite, &tickets)
    })
    .unwrap();
    Ours { traffic, tickets }
}

// --- Our end --------------------------------------------------------------------------------

/// The record layer under test.
pub struct Ours {
    pub traffic: Traffic,
    /// Tickets that the handshake side was given.
    pub tickets: Arc<AtomicUsize>,
}

impl Ours {
    /// All of `data`, as records.
    pub fn write_all(&self, mut data: &[u8]) -> Vec<u8> {
        let mut wire = Vec::new();
        let mut room = vec![0; ROOM];
        while !data.is_empty() {
            let step = self.traffic.write(data, &mut room).unwrap();
            assert_eq!(step.status, Status::Ok);
            assert!(step.consumed > 0);
            data = &data[step.consumed..];
            wire.extend_from_slice(&room[..step.produced]);
        }
        wire
    }

    /// What goes out without data.
    pub fn flush(&self) -> Vec<u8> {
        let mut room = vec![0; ROOM];
        let step = self.traffic.write(&[], &mut room).unwrap();
        assert_eq!(step.consumed, 0);
        room[..step.produced].to_vec()
    }

    /// The plaintext of whole records.
    pub fn read_all(&self, wire: &[u8]) -> Result<Vec<u8>, TrafficError> {
        let mut data = Vec::new();
        let mut rest = wire;
        let mut room = vec![0; ROOM];
        while !rest.is_empty() {
            let step = self.traffic.read(rest, &mut room)?;
            match step.status {
                Status::Ok => assert!(step.consumed > 0),
                Status::Closed => return Ok(data),
                status => panic!("{status:?}"),
            }
            rest = &rest[step.consumed..];
            data.extend_from_slice(&room[..step.produced]);
        }
        Ok(data)
    }

    /// One record with ample room; asserts that it was consumed whole.
    pub fn read_one(&self, record: &[u8]) -> Result<Vec<u8>, TrafficError> {
        let mut room = vec![0; ROOM];
        let step = self.traffic.read(record, &mut room)?;
        assert_eq!(
            step,
            Step {
                consumed: record.len(),
                ..step
            }
        );
        Ok(room[..step.produced].to_vec())
    }

    pub fn tickets(&self) -> usize {
        self.tickets.load(Ordering::SeqCst)
    }
}

// --- A peer that is rustls ------------------------------------------------------------------

/// rustls' own record layer on the other side.
pub struct Oracle {
    pub connection: Box<Connection>,
}

impl Oracle {
    pub fn send(&mut self, data: &[u8]) -> Vec<u8> {
        let mut wire = Vec::new();
        // In pieces: rustls bounds what it buffers.
        for piece in data.chunks(1 << 15) {
            self.connection.writer().write_all(piece).unwrap();
            self.flush_to(&mut wire);
        }
        self.flush_to(&mut wire);
        wire
    }

    pub fn flush_to(&mut self, wire: &mut Vec<u8>) {
        while self.connection.wants_write() {
            self.connection.write_tls(wire).unwrap();
        }
    }

    pub fn receive(&mut self, wire: &[u8]) -> Result<Vec<u8>, Error> {
        let mut data = Vec::new();
        let mut wire = Cursor::new(wire);
        while wire.position() < wire.get_ref().len() as u64 {
            if self.connection.read_tls(&mut wire).unwrap() == 0 {
                break;
            }
            let state = self.connection.process_new_packets()?;
            let mut piece = vec![0; state.plaintext_bytes_to_read()];
            self.connection.reader().read_exact(&mut piece).unwrap();
            data.extend_from_slice(&piece);
        }
        Ok(data)
    }

    pub fn change_key(&mut self) {
        match self.connection.as_mut() {
            Connection::Client(connection) => connection.refresh_traffic_keys().unwrap(),
            Connection::Server(connection) => connection.refresh_traffic_keys().unwrap(),
        }
    }

    pub fn close(&mut self) -> Vec<u8> {
        self.connection.send_close_notify();
        self.send(&[])
    }
}

/// Our end as `side`, rustls at the other; tickets already read.
pub fn with_oracle(side: Side, suite: SupportedCipherSuite) -> (Ours, Oracle) {
    with_oracle_limited(side, suite, Limits::of(suite))
}

pub fn with_oracle_limited(
    side: Side,
    suite: SupportedCipherSuite,
    limits: Limits,
) -> (Ours, Oracle) {
    let mut ours = unbuffered(side, suite);
    let mut theirs = rustls_end(other(side), suite);
    let (to_ours, to_theirs) = shake(&mut ours, &mut theirs);
    let ours = traffic(ours, side, suite, limits);
    let End::Rustls(connection) = theirs else {
        panic!("not rustls")
    };
    let mut oracle = Oracle { connection };
    oracle.receive(&to_theirs).unwrap();
    assert!(ours.read_all(&to_ours).unwrap().is_empty());
    (ours, oracle)
}

/// Both ends ours.
pub fn with_ourselves(suite: SupportedCipherSuite, limits: Limits) -> (Ours, Ours) {
    let mut client = unbuffered(Side::Client, suite);
    let mut server = unbuffered(Side::Server, suite);
    let (to_client, to_server) = shake(&mut client, &mut server);
    let client = traffic(client, Side::Client, suite, limits);
    let server = traffic(server, Side::Server, suite, limits);
    client.read_all(&to_client).unwrap();
    server.read_all(&to_server).unwrap();
    (client, server)
}

/// Both ends rustls: client and server.
#[allow(dead_code, reason = "the benchmarks' yardstick")]
pub fn rustls_pair(suite: SupportedCipherSuite) -> (Box<Connection>, Box<Connection>) {
    let mut client = rustls_end(Side::Client, suite);
    let mut server = rustls_end(Side::Server, suite);
    let (to_client, _) = shake(&mut client, &mut server);
    let (End::Rustls(mut client), End::Rustls(server)) = (client, server) else {
        panic!("not rustls")
    };
    let mut tickets = Cursor::new(to_client);
    while client.read_tls(&mut tickets).unwrap() > 0 {
        client.process_new_packets().unwrap();
    }
    (client, server)
}

// --- A peer that forges ---------------------------------------------------------------------

/// Holds the peer's keys and protects whatever it is told to, without sense or rule.
///
/// It protects records in its own way, by the RFCs' text, and shares no code with what it tries.
pub struct Forger {
    tx: (u64, ConnectionTrafficSecrets),
    rx: (u64, ConnectionTrafficSecrets),
    kernel: Box<dyn Rekey>,
    tls13: bool,
}

/// What a handshake as `side` hands over.
pub fn parts_for(side: Side, suite: SupportedCipherSuite) -> TrafficParts {
    let mut ours = unbuffered(side, suite);
    shake(&mut ours, &mut unbuffered(other(side), suite));
    parts(ours, side, suite, &Arc::new(AtomicUsize::new(0)))
}

/// Our end as `side`, the forger at the other.
pub fn with_forger(side: Side, suite: SupportedCipherSuite) -> (Ours, Forger) {
    with_forger_and(side, suite, |_| {})
}

/// The same, with parts that the test changes; the forger takes over our sequence numbers.
pub fn with_forger_and(
    side: Side,
    suite: SupportedCipherSuite,
    change: impl FnOnce(&mut TrafficParts),
) -> (Ours, Forger) {
    let mut ours = unbuffered(side, suite);
    let mut theirs = unbuffered(other(side), suite);
    shake(&mut ours, &mut theirs);
    let tickets = Arc::new(AtomicUsize::new(0));
    let mut parts = parts(ours, side, suite, &tickets);
    change(&mut parts);
    let (secrets, kernel) = theirs.extract(&Arc::new(AtomicUsize::new(0)));
    let forger = Forger {
        tx: (parts.secrets.rx.0, secrets.tx.1),
        rx: (parts.secrets.tx.0, secrets.rx.1),
        kernel,
        tls13: suite.version().version == ProtocolVersion::TLSv1_3,
    };
    let traffic = Traffic::new(parts).unwrap();
    (Ours { traffic, tickets }, forger)
}

fn key_of(secrets: &ConnectionTrafficSecrets) -> (LessSafeKey, [u8; 12], bool) {
    let (algorithm, key, iv) = match secrets {
        ConnectionTrafficSecrets::Aes128Gcm { key, iv } => (&aead::AES_128_GCM, key, iv),
        ConnectionTrafficSecrets::Aes256Gcm { key, iv } => (&aead::AES_256_GCM, key, iv),
        ConnectionTrafficSecrets::Chacha20Poly1305 { key, iv } => {
            (&aead::CHACHA20_POLY1305, key, iv)
        }
        _ => panic!("unknown cipher"),
    };
    (
        LessSafeKey::new(UnboundKey::new(algorithm, key.as_ref()).unwrap()),
        iv.as_ref().try_into().unwrap(),
        algorithm != &aead::CHACHA20_POLY1305,
    )
}

fn xored(mut iv: [u8; 12], sequence: u64) -> [u8; 12] {
    let sequence = u128::from(sequence).to_be_bytes();
    iv.iter_mut().zip(&sequence[4..]).for_each(|(a, b)| *a ^= b);
    iv
}

fn aad12(sequence: u64, content_type: u8, version: [u8; 2], length: usize) -> Vec<u8> {
    let mut aad = sequence.to_be_bytes().to_vec();
    aad.push(content_type);
    aad.extend_from_slice(&version);
    aad.extend_from_slice(&(length as u16).to_be_bytes());
    aad
}

impl Forger {
    /// A record of this type and content.
    pub fn seal(&mut self, content_type: u8, content: &[u8]) -> Vec<u8> {
        self.seal_versioned(content_type, content, [3, 3])
    }

    pub fn seal_versioned(
        &mut self,
        content_type: u8,
        content: &[u8],
        version: [u8; 2],
    ) -> Vec<u8> {
        if self.tls13 {
            let mut inner = content.to_vec();
            inner.push(content_type);
            self.seal_inner_versioned(&inner, version)
        } else {
            self.seal_tls12(content_type, content, version)
        }
    }

    /// TLS 1.3: content, type and padding as given.
    pub fn seal_inner(&mut self, inner: &[u8]) -> Vec<u8> {
        self.seal_inner_versioned(inner, [3, 3])
    }

    fn seal_inner_versioned(&mut self, inner: &[u8], version: [u8; 2]) -> Vec<u8> {
        assert!(self.tls13);
        let (key, iv, _) = key_of(&self.tx.1);
        let [high, low] = ((inner.len() + 16) as u16).to_be_bytes();
        let mut record = vec![DATA, version[0], version[1], high, low];
        let mut body = inner.to_vec();
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(xored(iv, self.tx.0)),
            Aad::from(record.clone()),
            &mut body,
        )
        .unwrap();
        self.tx.0 = self.tx.0.wrapping_add(1);
        record.extend_from_slice(&body);
        record
    }

    fn seal_tls12(&mut self, content_type: u8, content: &[u8], version: [u8; 2]) -> Vec<u8> {
        let (key, iv, explicit) = key_of(&self.tx.1);
        let mut nonce = xored(iv, self.tx.0);
        let mut fragment = Vec::new();
        if explicit {
            // Not rustls' way: a plain counter, as OpenSSL and the JDK have it.
            nonce[..4].copy_from_slice(&iv[..4]);
            nonce[4..].copy_from_slice(&self.tx.0.to_be_bytes());
            fragment.extend_from_slice(&nonce[4..]);
        }
        let mut body = content.to_vec();
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(aad12(self.tx.0, content_type, version, content.len())),
            &mut body,
        )
        .unwrap();
        fragment.extend_from_slice(&body);
        self.tx.0 = self.tx.0.wrapping_add(1);
        let [high, low] = (fragment.len() as u16).to_be_bytes();
        let mut record = vec![content_type, version[0], version[1], high, low];
        record.extend_from_slice(&fragment);
        record
    }

    /// Opens our next record: its type and content.
    pub fn open(&mut self, record: &[u8]) -> (u8, Vec<u8>) {
        assert_eq!(first_record(record), Some(record));
        let (key, iv, explicit) = key_of(&self.rx.1);
        let (header, mut body) = (record[..5].to_vec(), record[5..].to_vec());
        assert_eq!(header[1..3], [3, 3]);
        let opened = if self.tls13 {
            assert_eq!(header[0], DATA);
            let inner = key
                .open_in_place(
                    Nonce::assume_unique_for_key(xored(iv, self.rx.0)),
                    Aad::from(header),
                    &mut body,
                )
                .unwrap();
            let end = inner.iter().rposition(|&byte| byte != 0).unwrap();
            (inner[end], inner[..end].to_vec())
        } else {
            let mut nonce = xored(iv, self.rx.0);
            if explicit {
                nonce[..4].copy_from_slice(&iv[..4]);
                nonce[4..].copy_from_slice(&body[..8]);
                body.drain(..8);
            }
            let aad = aad12(self.rx.0, header[0], [3, 3], body.len() - 16);
            let content = key
                .open_in_place(
                    Nonce::assume_unique_for_key(nonce),
                    Aad::from(aad),
                    &mut body,
                )
                .unwrap();
            (header[0], content.to_vec())
        };
        self.rx.0 = self.rx.0.wrapping_add(1);
        opened
    }

    /// Opens all records of `wire`.
    pub fn open_all(&mut self, mut wire: &[u8]) -> Vec<(u8, Vec<u8>)> {
        let mut opened = Vec::new();
        while !wire.is_empty() {
            let record = first_record(wire).unwrap();
            let (content_type, content) = self.open(record);
            if self.tls13 && content_type == HANDSHAKE {
                assert_eq!(content[0], 24, "only KeyUpdate is expected");
                self.rx = (0, self.kernel.next_rx().unwrap());
            }
            opened.push((content_type, content));
            wire = &wire[record.len()..];
        }
        opened
    }

    /// A KeyUpdate, after which this end's key is the next one.
    pub fn key_update(&mut self, request: u8) -> Vec<u8> {
        let record = self.seal(HANDSHAKE, &[24, 0, 0, 1, request]);
        self.next_key();
        record
    }

    pub fn next_key(&mut self) {
        self.tx = (0, self.kernel.next_tx().unwrap());
    }

    /// Asserts that `record` ends the connection as the RFCs ask: an error, once; nothing left in
    /// the destination; the alert that goes out; and then no more either way.
    pub fn assert_refused(&mut self, ours: &Ours, record: &[u8], alert: u8, text: &str) {
        let mut room = vec![0xaa; ROOM];
        let error = ours.traffic.read(record, &mut room).unwrap_err();
        assert!(
            room.iter().all(|&byte| byte == 0 || byte == 0xaa),
            "plaintext left behind"
        );
        assert_eq!(error.alert_sent.map(u8::from), Some(alert), "{error}");
        assert_eq!(error.alert_received, None);
        assert!(error.message.contains(text), "{error}");
        self.assert_dead(ours, Some(alert));
    }

    /// Asserts that both directions have ended, after a last alert.
    pub fn assert_dead(&mut self, ours: &Ours, alert: Option<u8>) {
        let closed = Step {
            consumed: 0,
            produced: 0,
            status: Status::Closed,
        };
        let mut room = vec![0; ROOM];
        let more = self.seal(DATA, b"more");
        assert_eq!(ours.traffic.read(&more, &mut room).unwrap(), closed);
        assert!(ours.traffic.is_inbound_done());
        assert_eq!(ours.traffic.needs_write(), alert.is_some());
        if let Some(alert) = alert {
            let step = ours.traffic.write(b"data", &mut room).unwrap();
            assert_eq!((step.consumed, step.status), (0, Status::Ok));
            let said = self.open(&room[..step.produced]);
            assert_eq!(said, (ALERT, vec![FATAL, alert]));
        }
        assert!(ours.traffic.is_outbound_done());
        assert!(!ours.traffic.needs_write());
        assert_eq!(ours.traffic.write(b"data", &mut room).unwrap(), closed);
    }
}

/// Bytes that are easy to tell apart.
pub fn pattern(length: usize) -> Vec<u8> {
    (0..length)
        .map(|i| (i as u32).wrapping_mul(2_654_435_761).to_be_bytes()[0])
        .collect()
}
