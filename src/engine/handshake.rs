//! The handshake, done by rustls' unbuffered connection; the one place that touches rustls'
//! unbuffered and kernel interfaces.

use super::failure::Failure;
use super::inspection::{Arrival, End, Inspection, Protection};
use super::key_schedule::{tls12_keys, TrafficSecret};
use super::last_word;
use super::pending::{first_record, Pending};
use super::traffic::{alert_name, Limits, RecordKey, Rekey, Side, Traffic, TrafficParts};
use crate::client_hello::ClientHello;
use crate::config::reception::Reception;
use crate::config::session::Visit;
use crate::hello::CLIENT_HELLO;
use crate::trust::managers::{Secrets, Step};
use rustls::client::{ClientConnectionData, UnbufferedClientConnection};
use rustls::kernel::KernelConnection;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::UnbufferedServerConnection;
use rustls::sign::CertifiedKey;
use rustls::unbuffered::{ConnectionState, EncodeError, InsufficientSizeError, UnbufferedStatus};
use rustls::{
    AlertDescription, ClientConfig, CommonState, ConnectionTrafficSecrets, HandshakeKind,
    NamedGroup, ProtocolVersion, ServerConfig, SignatureScheme, SupportedCipherSuite,
    Tls12CipherSuite,
};
use std::rc::Rc;
use std::sync::Arc;

/// Handshake bytes that a peer may send before it has proved anything; a chain of certificates
/// with RSA-8192 keys and a list of a thousand distinguished names stay far below it.
const INCOMING_LIMIT: usize = 256 * 1024;

/// How far a handshake has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// The peer has to speak next.
    Blocked,
    /// Both sides have finished.
    Complete,
}

/// What a handshake has settled.
pub struct Facts {
    /// The version agreed on.
    pub version: ProtocolVersion,
    /// The suite agreed on.
    pub suite: SupportedCipherSuite,
    /// Of the key exchange; `None` where there was none.
    pub group: Option<NamedGroup>,
    /// Whether an earlier session was resumed.
    pub resumed: bool,
    /// A number for the session that was made or resumed, 0 for none that could be resumed:
    /// connections with the same one share the session.
    pub session: u64,
    /// The session's id of TLS 1.2 (RFC 5246 §7.4.1.3); empty for none.
    pub session_id: Vec<u8>,
    /// The ALPN name agreed on (RFC 7301 §3.2).
    pub application_protocol: Option<Vec<u8>>,
    /// The signatures that the peer can verify, where it has said so.
    pub peer_schemes: Vec<SignatureScheme>,
    /// The name that the client asked for (RFC 6066 §3).
    pub server_name: Option<String>,
    /// The peer's chain, leaf first.
    pub peer: Option<Arc<[CertificateDer<'static>]>>,
    /// Our own credential, where one was shown.
    pub shown: Option<Arc<CertifiedKey>>,
}

enum Conn {
    Client(UnbufferedClientConnection),
    Server(UnbufferedServerConnection),
}

/// A handshake under way.
pub(super) struct Handshake {
    conn: Box<Conn>,
    incoming: Vec<u8>,
    outgoing: Pending,
    seen_change_cipher_spec: bool,
    peer_schemes: Vec<SignatureScheme>,
    server_name: Option<String>,
    shown: Option<Arc<CertifiedKey>>,
    visit: Option<Arc<Visit>>,
    /// Until the ClientHello is there, for a server whose configuration depends on it.
    reception: Option<Box<Reception>>,
    secrets: Secrets,
    inspection: Inspection,
    sent: Sent,
}

/// What has gone out, as far as later records depend on it.
#[derive(Default)]
struct Sent {
    /// TLS 1.2: our ChangeCipherSpec has.
    change_cipher_spec: bool,
    /// Protected records under the key of the handshake.
    sealed: u64,
    /// Alerts that rustls does not know of.
    own_words: u64,
}

/// The contents of warnings.
const CLOSE_NOTIFY: [u8; 2] = [1, 0];
const USER_CANCELED: [u8; 2] = [1, 90];

/// The content of a fatal alert.
fn fatal(description: AlertDescription) -> [u8; 2] {
    [2, description.into()]
}

impl Handshake {
    pub(super) fn client(
        config: Arc<ClientConfig>,
        name: ServerName<'static>,
        visit: Option<Arc<Visit>>,
    ) -> Result<Self, Failure> {
        // A session to resume is looked for here.
        Visit::enter(visit.as_ref(), || {
            UnbufferedClientConnection::new(config, name)
        })
        .map(|conn| Self::new(Conn::Client(conn), visit))
        .map_err(|e| Failure::handshake(e.to_string()))
    }

    pub(super) fn server(
        config: Arc<ServerConfig>,
        reception: Option<Box<Reception>>,
        visit: Option<Arc<Visit>>,
    ) -> Result<Self, Failure> {
        UnbufferedServerConnection::new(config)
            .map(|conn| Self {
                reception,
                ..Self::new(Conn::Server(conn), visit)
            })
            .map_err(|e| Failure::handshake(e.to_string()))
    }

    fn new(conn: Conn, visit: Option<Arc<Visit>>) -> Self {
        Self {
            conn: Box::new(conn),
            incoming: Vec::new(),
            outgoing: Pending::default(),
            seen_change_cipher_spec: false,
            peer_schemes: Vec::new(),
            server_name: None,
            shown: None,
            visit,
            reception: None,
            secrets: Secrets::default(),
            inspection: Inspection::new(),
            sent: Sent::default(),
        }
    }

    /// The longest fragment that a record of the peer's may have now, in bytes: RFC 8446 §5.1, §5.2;
    /// RFC 5246 §6.2.1, §6.2.3.
    pub(super) fn longest_fragment(&self) -> usize {
        (1 << 14)
            + match self.protection() {
                Protection::None => 0,
                Protection::Tls12(_) => 2048,
                Protection::Tls13 => 256,
            }
    }

    /// Takes one record as it came; [`Self::advance`] makes something of it.
    pub(super) fn take_record(&mut self, record: &[u8]) -> Result<(), End> {
        if self.incoming.len() + record.len() > INCOMING_LIMIT {
            return Err(End::Broken {
                alert: AlertDescription::DecodeError,
                what: "the peer's handshake messages are larger than any that make sense",
            });
        }
        let protection = self.protection();
        let is_opened = match protection {
            Protection::None => false,
            Protection::Tls12(_) => record.first() == Some(&21),
            Protection::Tls13 => true,
        };
        if is_opened && !self.inspection.has_key() {
            if let Some(key) = self.reading() {
                self.inspection.set_key(key);
            }
        }
        self.inspection.look(record, &protection)?;
        if record.first() == Some(&20) {
            self.seen_change_cipher_spec = true;
        }
        self.incoming.extend_from_slice(record);
        Ok(())
    }

    /// Whether a record costs so little to work on that no task is worth it: alerts,
    /// ChangeCipherSpec, and TLS 1.2's Finished, the one message that comes encrypted there.
    pub(super) fn is_cheap(&self, content_type: u8) -> bool {
        match content_type {
            20 | 21 => true,
            22 => {
                self.seen_change_cipher_spec
                    && self.common().protocol_version() == Some(ProtocolVersion::TLSv1_2)
            }
            _ => false,
        }
    }

    /// Lets rustls work on what came in, as far as it goes.
    ///
    /// On failure the alert, if one is due, waits in [`Self::pending`].
    pub(super) fn advance(&mut self, step: &Rc<Step>) -> Result<Progress, rustls::Error> {
        let visit = self.visit.clone();
        let progress = Visit::enter(visit.as_ref(), || step.enter(|| self.run(step)));
        if let Some(name) = step.server_name.borrow_mut().take() {
            self.server_name = Some(name);
        }
        let peer_schemes = step.peer_schemes.take();
        if !peer_schemes.is_empty() {
            self.peer_schemes = peer_schemes;
        }
        if let Some(shown) = step.shown.borrow_mut().take() {
            self.shown = Some(shown);
        }
        progress
    }

    fn run(&mut self, step: &Step) -> Result<Progress, rustls::Error> {
        if let Some(reception) = self.reception.take() {
            if self.receive(reception, step)? == Progress::Blocked {
                return Ok(Progress::Blocked);
            }
        }
        loop {
            self.note_negotiated(step);
            let turn = self.turn();
            if !step.secrets.borrow().is_empty() {
                self.secrets.add(step.secrets.take());
            }
            match turn {
                Ok(Turn::Again) => {}
                Ok(Turn::Blocked) if self.common().is_handshaking() => {
                    return Ok(Progress::Blocked);
                }
                Ok(Turn::Blocked) => return Ok(Progress::Complete),
                Err(error) => {
                    self.collect_alert();
                    return Err(error);
                }
            }
        }
    }

    /// Looks at the client's first message, and takes the configuration that it leads to; blocked
    /// while the message is not whole. rustls has read nothing of it yet.
    fn receive(
        &mut self,
        reception: Box<Reception>,
        step: &Step,
    ) -> Result<Progress, rustls::Error> {
        let first = self.incoming.first().copied();
        let hello = match self.inspection.client_hello() {
            Arrival::Hello(message) => ClientHello::parse(message)?,
            Arrival::Part => {
                self.reception = Some(reception);
                return Ok(Progress::Blocked);
            }
            Arrival::Nothing if first == Some(21) => {
                // It is rustls' to read, and gone then.
                self.reception = Some(reception);
                return Ok(Progress::Complete);
            }
            Arrival::Other if matches!(self.incoming[..], [22, _, _, _, _, CLIENT_HELLO, ..]) => {
                return Err(rustls::InvalidMessage::MissingData("ClientHello").into());
            }
            Arrival::Nothing | Arrival::Other => {
                return Err(rustls::Error::InappropriateMessage {
                    expect_types: vec![rustls::ContentType::Handshake],
                    got_type: first.unwrap_or_default().into(),
                });
            }
        };
        *step.server_name.borrow_mut() = hello.server_name.map(str::to_owned);
        match reception.configure(step, &hello) {
            Ok(config) => {
                *self.conn = Conn::Server(UnbufferedServerConnection::new(config)?);
                Ok(Progress::Complete)
            }
            Err(alert) => {
                let alert = AlertDescription::from(alert);
                let error = match alert {
                    AlertDescription::NoApplicationProtocol => rustls::Error::NoApplicationProtocol,
                    other => rustls::Error::General(format!(
                        "the client's first message is refused ({})",
                        alert_name(other)
                    )),
                };
                Err(self.refuse_hello(alert, error))
            }
        }
    }

    /// Queues an alert before there are keys.
    fn refuse_hello(&mut self, alert: AlertDescription, error: rustls::Error) -> rustls::Error {
        self.say_in_the_clear(fatal(alert));
        error
    }

    /// Deals with the next state of rustls' connection, and drops what it has read.
    fn turn(&mut self) -> Result<Turn, rustls::Error> {
        let outgoing = self.outgoing.bytes_mut();
        let start = outgoing.len();
        let (discard, turn) = match &mut *self.conn {
            Conn::Client(conn) => turn(conn.process_tls_records(&mut self.incoming), outgoing),
            Conn::Server(conn) => turn(conn.process_tls_records(&mut self.incoming), outgoing),
        };
        self.incoming.drain(..discard.min(self.incoming.len()));
        self.note_sent(start);
        turn
    }

    /// Counts the records that wait from `start` on.
    fn note_sent(&mut self, start: usize) {
        let tls13 = self.common().protocol_version() == Some(ProtocolVersion::TLSv1_3);
        let mut rest = self.outgoing.bytes_from(start);
        while let Some((record, behind)) = first_record(rest) {
            rest = behind;
            if record.first() == Some(&22) {
                self.inspection.note_own(record);
            }
            match (tls13, record.first()) {
                (true, Some(23)) => self.sent.sealed += 1,
                (false, Some(20)) => self.sent.change_cipher_spec = true,
                (false, _) if self.sent.change_cipher_spec => self.sent.sealed += 1,
                _ => {}
            }
        }
    }

    fn note_negotiated(&self, step: &Step) {
        let common = self.common();
        let announced = self.inspection.server().map(|server| server.suite);
        match (common.protocol_version(), announced) {
            (Some(version), _) => step.protocol.set(version.into()),
            // A certificate in one flight with its ServerHello is one of TLS 1.2; managers that
            // judge it want to know, and rustls tells only after the flight.
            (None, Some(suite)) => {
                step.protocol.set(ProtocolVersion::TLSv1_2.into());
                step.suite.set(suite);
            }
            (None, None) => {}
        }
        if let Some(visit) = &self.visit {
            if common.handshake_kind() == Some(HandshakeKind::Resumed) {
                visit.set_resumed();
            }
        }
        if let Some(suite) = common.negotiated_cipher_suite() {
            step.suite.set(suite.suite().into());
        }
    }

    /// After an error rustls still hands out what it had queued, its alert last.
    fn collect_alert(&mut self) {
        // No further than that: it would go on with what it has failed at.
        while self.common().wants_write() {
            if !matches!(self.turn(), Ok(Turn::Again)) {
                return;
            }
        }
    }

    /// Sees to it that the alert which `error` calls for is the last word, whatever rustls has
    /// said. Tells which one it is, if any.
    pub(super) fn end(&mut self, error: &rustls::Error) -> Option<AlertDescription> {
        let client = matches!(*self.conn, Conn::Client(_));
        let version = self.common().protocol_version();
        let lacking = self.inspection.hello_lacks_extensions();
        let due = |said| last_word::due(error, client, version, lacking, said);
        match self.take_back() {
            Said::Nothing => self.refuse(due(None)?),
            Said::Protected(said) => self.refuse(due(Some(said))?),
            Said::InTheClear(said) => {
                let alert = due(Some(said))?;
                self.say_in_the_clear(fatal(alert));
                Some(alert)
            }
            Said::Unknown => None,
        }
    }

    /// The same where the rule was not rustls' to enforce.
    pub(super) fn refuse(&mut self, alert: AlertDescription) -> Option<AlertDescription> {
        self.say(fatal(alert)).then_some(alert)
    }

    /// Answers the peer's close_notify; RFC 5246 §7.2.1, RFC 8446 §6.1.
    pub(super) fn answer_close(&mut self) {
        self.say(CLOSE_NOTIFY);
    }

    /// Tells the peer that we give up; RFC 8446 §6.1: user_canceled says why, close_notify follows.
    pub(super) fn cancel(&mut self) {
        self.say(USER_CANCELED);
        self.say(CLOSE_NOTIFY);
    }

    /// Takes back the alert that rustls has queued.
    fn take_back(&mut self) -> Said {
        let Some(record) = self.outgoing.last().map(<[u8]>::to_vec) else {
            return Said::Nothing;
        };
        if let [21, 3, _, 0, 2, 2, description] = record[..] {
            self.outgoing.drop_last();
            return Said::InTheClear(description.into());
        }
        let tls13 = self.common().protocol_version() == Some(ProtocolVersion::TLSv1_3);
        match (tls13, &record[..]) {
            // An alert, its inner type and a tag.
            (true, [23, _, _, 0, 19, ..]) => {}
            (false, [21, ..]) => {}
            _ => return Said::Nothing,
        }
        self.sent.sealed = self.sent.sealed.saturating_sub(1);
        let Some(opened) = self.writing().and_then(|mut key| key.open(&record)) else {
            return Said::Unknown;
        };
        match (opened.content_type, opened.content.as_slice()) {
            (Some(21), [2, description]) => {
                self.outgoing.drop_last();
                Said::Protected(AlertDescription::from(*description))
            }
            // A short end of a message that is cut over records.
            _ => {
                self.sent.sealed += 1;
                Said::Nothing
            }
        }
    }

    /// Queues an alert that rustls does not know of, protected where it has to be. False when it
    /// cannot be.
    fn say(&mut self, alert: [u8; 2]) -> bool {
        if !self.is_sealing() {
            self.say_in_the_clear(alert);
            return true;
        }
        let Some(record) = self.writing().and_then(|mut key| key.seal_alert(alert)) else {
            return false;
        };
        self.outgoing.bytes_mut().extend_from_slice(&record);
        self.sent.own_words += 1;
        true
    }

    fn say_in_the_clear(&mut self, [level, description]: [u8; 2]) {
        self.outgoing
            .bytes_mut()
            .extend_from_slice(&[21, 3, 3, 0, 2, level, description]);
    }

    /// Whether what we send now is protected: from the server's answer on (TLS 1.3), or from our
    /// ChangeCipherSpec on (TLS 1.2).
    fn is_sealing(&self) -> bool {
        match self.common().protocol_version() {
            Some(ProtocolVersion::TLSv1_3) => !self.secrets.client_handshake.is_empty(),
            _ => self.sent.change_cipher_spec,
        }
    }

    /// How the peer's records are protected.
    fn protection(&self) -> Protection {
        let common = self.common();
        match common.negotiated_cipher_suite() {
            Some(SupportedCipherSuite::Tls13(_)) if !self.secrets.client_handshake.is_empty() => {
                Protection::Tls13
            }
            Some(SupportedCipherSuite::Tls12(suite)) if self.seen_change_cipher_spec => {
                const TAG: usize = 16;
                Protection::Tls12(suite.aead_alg.key_block_shape().explicit_nonce_len + TAG)
            }
            _ => Protection::None,
        }
    }

    /// The key of the peer's first protected record.
    fn reading(&self) -> Option<RecordKey> {
        match self.common().negotiated_cipher_suite()? {
            SupportedCipherSuite::Tls13(_) => self.tls13_key(
                match &*self.conn {
                    Conn::Client(_) => &self.secrets.server_handshake,
                    Conn::Server(_) => &self.secrets.client_handshake,
                },
                0,
            ),
            SupportedCipherSuite::Tls12(suite) => {
                let (client, server) = self.tls12_keys(suite)?;
                let keys = match &*self.conn {
                    Conn::Client(_) => server,
                    Conn::Server(_) => client,
                };
                RecordKey::new(&keys, 0, false)
            }
        }
    }

    /// The key of our next record.
    fn writing(&self) -> Option<RecordKey> {
        let Sent {
            sealed, own_words, ..
        } = self.sent;
        match (self.common().negotiated_cipher_suite()?, &*self.conn) {
            (SupportedCipherSuite::Tls13(_), Conn::Client(_)) => {
                self.tls13_key(&self.secrets.client_handshake, sealed + own_words)
            }
            // Its Finished ends a server's use of the handshake's key.
            (SupportedCipherSuite::Tls13(_), Conn::Server(_)) => match &self.secrets.server {
                unknown if unknown.is_empty() => {
                    self.tls13_key(&self.secrets.server_handshake, sealed + own_words)
                }
                secret => self.tls13_key(secret, own_words),
            },
            (SupportedCipherSuite::Tls12(suite), conn) => {
                let (client, server) = self.tls12_keys(suite)?;
                let keys = match conn {
                    Conn::Client(_) => client,
                    Conn::Server(_) => server,
                };
                RecordKey::new(&keys, sealed + own_words, false)
            }
        }
    }

    /// What the client writes with, and what the server does.
    fn tls12_keys(
        &self,
        suite: &'static Tls12CipherSuite,
    ) -> Option<(ConnectionTrafficSecrets, ConnectionTrafficSecrets)> {
        tls12_keys(
            suite,
            &self.secrets.master,
            &self.secrets.client_random,
            &self.inspection.server()?.random,
        )
    }

    fn tls13_key(&self, secret: &[u8], sequence: u64) -> Option<RecordKey> {
        match self.common().negotiated_cipher_suite()? {
            SupportedCipherSuite::Tls13(suite) if !secret.is_empty() => {
                let keys = TrafficSecret::new(suite, secret).keys().ok()?;
                RecordKey::new(&keys, sequence, true)
            }
            _ => None,
        }
    }

    /// What waits to be sent.
    pub(super) fn pending(&self) -> &Pending {
        &self.outgoing
    }

    pub(super) fn pending_mut(&mut self) -> &mut Pending {
        &mut self.outgoing
    }

    fn common(&self) -> &CommonState {
        match &*self.conn {
            Conn::Client(conn) => conn,
            Conn::Server(conn) => conn,
        }
    }

    /// What is known so far: version, suite, ALPN (for `getHandshakeSession`).
    pub(super) fn negotiated(&self) -> (u16, u16, Option<Vec<u8>>) {
        let common = self.common();
        (
            common.protocol_version().map_or(0, u16::from),
            common
                .negotiated_cipher_suite()
                .map_or(0, |suite| suite.suite().into()),
            common.alpn_protocol().map(<[u8]>::to_vec),
        )
    }

    /// Ends the handshake: from here on the record layer is ours. Returns what is still to be
    /// sent of the handshake, too.
    pub(super) fn into_traffic(self) -> Result<(Traffic, Facts, Pending), Failure> {
        let common = self.common();
        let (Some(version), Some(suite)) =
            (common.protocol_version(), common.negotiated_cipher_suite())
        else {
            return Err(Failure::handshake("the handshake ended without a result"));
        };
        let facts = Facts {
            version,
            suite,
            group: common.negotiated_key_exchange_group().map(|g| g.name()),
            resumed: common.handshake_kind() == Some(HandshakeKind::Resumed),
            session: self.visit.as_ref().map_or(0, |visit| visit.session()),
            application_protocol: common.alpn_protocol().map(<[u8]>::to_vec),
            session_id: match version {
                ProtocolVersion::TLSv1_2 => {
                    let server = self.inspection.server();
                    server.map(|server| server.session_id.clone())
                }
                // RFC 8446 §4.1.3: what the client has sent, and no session's.
                _ => None,
            }
            .unwrap_or_default(),
            peer_schemes: self.peer_schemes.clone(),
            server_name: self.server_name.clone(),
            peer: common.peer_certificates().map(Arc::from),
            shown: self.shown.clone(),
        };
        let unsent = self.outgoing;
        let handed_over = |e: rustls::Error| Failure::handshake(e.to_string());
        let (side, secrets, tickets) = match *self.conn {
            Conn::Client(conn) => {
                let (secrets, kernel) = conn
                    .dangerous_into_kernel_connection()
                    .map_err(handed_over)?;
                let tickets = self.visit.map(|visit| Box::new(Tickets { kernel, visit }));
                (Side::Client, secrets, tickets)
            }
            Conn::Server(conn) => {
                let (secrets, _) = conn
                    .dangerous_into_kernel_connection()
                    .map_err(handed_over)?;
                (Side::Server, secrets, None)
            }
        };
        let kernel: Box<dyn Rekey> = match suite {
            SupportedCipherSuite::Tls12(_) => Box::new(NoKernel),
            SupportedCipherSuite::Tls13(suite) => {
                if self.secrets.client.is_empty() || self.secrets.server.is_empty() {
                    return Err(Failure::handshake(
                        "the configuration keeps the traffic secrets to itself",
                    ));
                }
                let client = TrafficSecret::new(suite, &self.secrets.client);
                let server = TrafficSecret::new(suite, &self.secrets.server);
                let (tx, rx) = match side {
                    Side::Client => (client, server),
                    Side::Server => (server, client),
                };
                Box::new(Tls13Kernel { tx, rx, tickets })
            }
        };
        let traffic = Traffic::new(TrafficParts {
            side,
            version,
            secrets,
            kernel,
            limits: Limits::of(suite),
        })
        .map_err(Failure::from)?;
        Ok((traffic, facts, unsent))
    }
}

/// The alert that rustls had queued last.
enum Said {
    Nothing,
    InTheClear(AlertDescription),
    Protected(AlertDescription),
    /// One that cannot be read, and stays.
    Unknown,
}

enum Turn {
    Again,
    Blocked,
}

/// Deals with one state of rustls' unbuffered connection.
fn turn<Data>(
    status: UnbufferedStatus<'_, '_, Data>,
    outgoing: &mut Vec<u8>,
) -> (usize, Result<Turn, rustls::Error>) {
    let UnbufferedStatus { discard, state } = status;
    let turn = match state {
        Err(error) => Err(error),
        Ok(ConnectionState::EncodeTlsData(mut data)) => {
            let start = outgoing.len();
            match data.encode(&mut []) {
                Err(EncodeError::InsufficientSize(InsufficientSizeError { required_size })) => {
                    outgoing.resize(start + required_size, 0);
                    match outgoing.get_mut(start..).map(|room| data.encode(room)) {
                        Some(Ok(_)) => Ok(Turn::Again),
                        _ => Err(rustls::Error::General("a record was not encoded".into())),
                    }
                }
                _ => Ok(Turn::Again),
            }
        }
        Ok(ConnectionState::TransmitTlsData(data)) => {
            data.done();
            Ok(Turn::Again)
        }
        Ok(ConnectionState::BlockedHandshake | ConnectionState::WriteTraffic(_)) => {
            Ok(Turn::Blocked)
        }
        Ok(ConnectionState::PeerClosed | ConnectionState::Closed) => Err(rustls::Error::General(
            "the peer closed the connection during the handshake".into(),
        )),
        Ok(_) => Err(rustls::Error::InappropriateMessage {
            expect_types: vec![rustls::ContentType::Handshake],
            got_type: rustls::ContentType::ApplicationData,
        }),
    };
    (discard, turn)
}

/// TLS 1.2 has neither KeyUpdates nor tickets after the handshake.
struct NoKernel;

impl NoKernel {
    fn refuse<T>() -> Result<T, rustls::Error> {
        Err(rustls::Error::General(
            "TLS 1.2 has no new keys or tickets after its handshake".into(),
        ))
    }
}

impl Rekey for NoKernel {
    fn next_tx(&mut self) -> Result<ConnectionTrafficSecrets, rustls::Error> {
        Self::refuse()
    }

    fn next_rx(&mut self) -> Result<ConnectionTrafficSecrets, rustls::Error> {
        Self::refuse()
    }

    fn take_ticket(&mut self, _payload: &[u8]) -> Result<(), rustls::Error> {
        Self::refuse()
    }
}

/// The secrets of TLS 1.3 after the handshake, and what a client makes sessions of tickets with.
struct Tls13Kernel {
    tx: TrafficSecret,
    rx: TrafficSecret,
    /// Holds the peer's certificates and more: no longer than tickets are to be expected.
    tickets: Option<Box<Tickets>>,
}

/// What a client makes sessions of tickets with.
struct Tickets {
    kernel: KernelConnection<ClientConnectionData>,
    visit: Arc<Visit>,
}

impl Rekey for Tls13Kernel {
    fn next_tx(&mut self) -> Result<ConnectionTrafficSecrets, rustls::Error> {
        self.tx.update()
    }

    fn next_rx(&mut self) -> Result<ConnectionTrafficSecrets, rustls::Error> {
        self.rx.update()
    }

    fn take_ticket(&mut self, payload: &[u8]) -> Result<(), rustls::Error> {
        match self.tickets.as_deref_mut() {
            Some(Tickets { kernel, visit }) => {
                Visit::enter(Some(visit), || kernel.handle_new_session_ticket(payload))
            }
            // RFC 8446 §4.6.1: a client may do with tickets what it likes.
            None => Ok(()),
        }
    }

    fn forget_tickets(&mut self) {
        self.tickets = None;
    }
}
