//! Protected records after the handshake, TLS 1.2 and 1.3.
//!
//! | file | what it does |
//! |---|---|
//! | `mod.rs` | [`Traffic`]: the two directions, each for one thread at a time, and their end |
//! | `direction.rs` | the exclusive use of one direction |
//! | `cipher.rs` | one direction's key: nonces, additional data, the AEAD |
//! | `record.rs` | record headers and sizes |
//! | `seal.rs` | writing: plaintext to records; alerts and KeyUpdates before it; limits of a key |
//! | `open.rs` | reading: records to plaintext; what control records ask for; floods |
//! | `post_handshake.rs` | KeyUpdate, NewSessionTicket, wishes to renegotiate: put together, judged |
//! | `alert.rs` | alerts, their names, the errors made of them |
//! | `record_key.rs` | single records of a handshake |
//! | `signals.rs` | the one word that the two directions share |
//!
//! One thread may write while another reads: they meet in an atomic word, and for the moment of a
//! KeyUpdate or ticket at what the handshake left behind ([`Rekey`]).

mod alert;
mod cipher;
mod direction;
mod open;
mod post_handshake;
mod record;
mod record_key;
mod seal;
mod signals;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};

use rustls::{
    AlertDescription, ConnectionTrafficSecrets, ExtractedSecrets, ProtocolVersion,
    SupportedCipherSuite,
};

pub use alert::{alert_name, TrafficError};
pub(in crate::engine) use record_key::RecordKey;

use alert::Fault;
use cipher::Cipher;
use direction::{Direction, EndOnPanic};
use open::Opener;
use seal::Sealer;
use signals::Signals;

/// The longest record that [`Traffic::write`] makes of application data, in bytes, with a
/// KeyUpdate before it: a `dst` of this size never overflows.
pub const MAX_WRITE: usize = record::MAX_PLAINTEXT + 256 + record::HEADER;

/// The most plaintext that a record holds, in bytes: a `dst` of this size never overflows in
/// [`Traffic::read`].
pub const MAX_READ: usize = record::MAX_PLAINTEXT;

/// Which end of the connection we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// We began the handshake.
    Client,
    /// We were called.
    Server,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// As asked.
    Ok,
    /// As asked, and what was written is the KeyUpdate of [`Traffic::renew_keys`].
    Rekeyed,
    /// `src` holds no whole record; nothing was done.
    Underflow,
    /// `dst` has no room; nothing was done.
    Overflow,
    /// This direction has ended.
    Closed,
}

/// What a call did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Bytes taken from the front of `src`.
    pub consumed: usize,
    /// Bytes put at the front of `dst`.
    pub produced: usize,
    /// How it ended.
    pub status: Status,
}

impl Step {
    fn idle(status: Status) -> Self {
        Self {
            consumed: 0,
            produced: 0,
            status,
        }
    }
}

/// What the handshake side keeps for later.
pub trait Rekey: Send {
    /// The sending direction's next secrets (TLS 1.3 KeyUpdate).
    fn next_tx(&mut self) -> Result<ConnectionTrafficSecrets, rustls::Error>;

    /// The receiving direction's next secrets (TLS 1.3 KeyUpdate).
    fn next_rx(&mut self) -> Result<ConnectionTrafficSecrets, rustls::Error>;

    /// Stores what a NewSessionTicket's body says (TLS 1.3 clients).
    fn take_ticket(&mut self, payload: &[u8]) -> Result<(), rustls::Error>;

    /// No more tickets are wanted, so that what they need can go; later ones count for nothing.
    fn forget_tickets(&mut self) {}
}

/// Bounds that the peer does not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many records one key may protect: then TLS 1.3 changes keys, and TLS 1.2 ends.
    pub records_per_key: u64,
    /// The most plaintext in a record that we send, in bytes (1 to 2^14).
    pub plaintext: usize,
}

impl Limits {
    /// TLS 1.3: the suite's confidentiality limit (RFC 8446 §5.5). TLS 1.2: none but the sequence
    /// number's own end (RFC 5246 §6.1), because it has no way to change keys: a limit there would
    /// cut a long transfer off, which no peer does. Records are as long as allowed.
    pub fn of(suite: SupportedCipherSuite) -> Self {
        Self {
            records_per_key: match suite {
                SupportedCipherSuite::Tls12(_) => u64::MAX,
                SupportedCipherSuite::Tls13(suite) => suite.common.confidentiality_limit,
            },
            plaintext: record::MAX_PLAINTEXT,
        }
    }
}

/// What a finished handshake hands over.
pub struct TrafficParts {
    /// Which end we are.
    pub side: Side,
    /// TLS 1.2 or 1.3.
    pub version: ProtocolVersion,
    /// Keys and sequence numbers of both directions.
    pub secrets: ExtractedSecrets,
    /// For KeyUpdates and tickets.
    pub kernel: Box<dyn Rekey>,
    /// Usually [`Limits::of`] the negotiated suite.
    pub limits: Limits,
}

/// A connection's records after the handshake.
///
/// One after another as written, so that what one direction writes with every record (at the
/// front of its part) is a cache line off what the other one writes or reads. Alignment would do
/// the same and cost several times the room.
#[repr(C)]
pub struct Traffic {
    credits: Credits,
    sender: Direction<Sealer>,
    signals: Signals,
    tls13: bool,
    kernel: Kernel,
    _apart: [u64; 4],
    receiver: Direction<Opener>,
}

impl Traffic {
    /// Takes over from the handshake.
    ///
    /// # Errors
    /// When the version or cipher is none that this record layer has.
    pub fn new(parts: TrafficParts) -> Result<Self, TrafficError> {
        Self::build(parts).map_err(|fault| TrafficError {
            alert_sent: None,
            alert_received: None,
            message: fault.message(),
        })
    }

    fn build(parts: TrafficParts) -> Result<Self, Fault> {
        let tls13 = match parts.version {
            ProtocolVersion::TLSv1_3 => true,
            ProtocolVersion::TLSv1_2 => false,
            other => {
                return Err(Fault::new(
                    AlertDescription::ProtocolVersion,
                    format!("{other:?} has no record layer"),
                ))
            }
        };
        let (tx_sequence, tx) = parts.secrets.tx;
        let (rx_sequence, rx) = parts.secrets.rx;
        let sealer = Sealer::new(Cipher::new(&tx, tls13)?, tx_sequence, tls13, parts.limits);
        let opener = Opener::new(Cipher::new(&rx, tls13)?, rx_sequence, parts.side, tls13);
        Ok(Self {
            sender: Direction::new(sealer),
            signals: Signals::default(),
            tls13,
            kernel: Kernel(Mutex::new(parts.kernel)),
            credits: Credits::default(),
            _apart: [0; 4],
            receiver: Direction::new(opener),
        })
    }

    /// Writes what has to be said first (an alert, `close_notify`, a KeyUpdate), then at most one
    /// record of `src`.
    ///
    /// - `Overflow` when `dst` has no room for what waits, or for a record of
    ///   min(`src`, [`Limits::plaintext`]): nothing was done. [`MAX_WRITE`] is always enough.
    /// - An empty `src` makes no record; it lets out what waits. KeyUpdates wait for data, but for
    ///   that of [`renew_keys`](Self::renew_keys): the call that hands it out ends `Rekeyed` and
    ///   takes nothing from `src`.
    /// - The call that hands out a fatal alert or `close_notify` ends `Ok`, takes nothing from
    ///   `src`, and is the last one: then comes `Closed`.
    /// - When a KeyUpdate leaves less room than the data wants, the data's record is shorter.
    ///
    /// # Errors
    /// When the keys are used up (TLS 1.2) or cannot be changed. The alert waits for the next call.
    #[inline]
    pub fn write(&self, src: &[u8], dst: &mut [u8]) -> Result<Step, TrafficError> {
        let mut sender = self.sender.enter();
        let _end = EndOnPanic::sending(&self.signals);
        sender
            .write(&self.signals, &self.credits, &self.kernel, src, dst)
            .map_err(|fault| self.fail(fault))
    }

    /// Takes exactly one record from `src`. What it carries for the application goes to `dst`;
    /// whatever else it is leaves no trace there.
    ///
    /// - `Underflow` when `src` ends before the record does: nothing was done.
    /// - `Overflow` when `dst` cannot take the record's data: nothing was done. [`MAX_READ`] is
    ///   always enough. Bytes of `dst` behind what was produced may have been zeroed.
    /// - `Closed` for the peer's `close_notify` (consumed), and ever after.
    ///
    /// # Errors
    /// Once, when the peer sent a fatal alert or broke a rule. Then both directions have ended,
    /// but for the alert that [`write`](Self::write) may have to hand out.
    #[inline]
    pub fn read(&self, src: &[u8], dst: &mut [u8]) -> Result<Step, TrafficError> {
        let mut receiver = self.receiver.enter();
        if self.is_inbound_done() {
            return Ok(Step::idle(Status::Closed));
        }
        let _end = EndOnPanic::receiving(&self.signals);
        receiver
            .read(&self.signals, &self.credits, &self.kernel, src, dst)
            .map_err(|fault| self.fail(fault))
    }

    /// No more data will be written: lets `close_notify` out with the next
    /// [`write`](Self::write). Reading goes on.
    pub fn close_outbound(&self) {
        // An alert that waits, or that was our last word, goes before it.
        self.signals.set(signals::CLOSE);
    }

    /// No more will be read. True when the peer's `close_notify` had come, so that nothing can
    /// have been cut off.
    pub fn close_inbound(&self) -> bool {
        self.signals.set(signals::IN_DONE) & signals::PEER_CLOSED != 0
    }

    /// An alert or `close_notify` waits for [`write`](Self::write), or the KeyUpdate of
    /// [`renew_keys`](Self::renew_keys). Others do not count: they go before the next data.
    pub fn needs_write(&self) -> bool {
        let bits = self.signals.load();
        bits & signals::OUT_DONE == 0 && bits & signals::NEED_WRITE != 0
    }

    /// [`write`](Self::write) will say nothing but `Closed`.
    pub fn is_outbound_done(&self) -> bool {
        self.signals.load() & signals::OUT_DONE != 0
    }

    /// [`read`](Self::read) will say nothing but `Closed`.
    pub fn is_inbound_done(&self) -> bool {
        self.signals.load() & signals::IN_DONE != 0
    }

    /// Changes our sending key before the next data, and asks the peer to change its own if
    /// `ask_peer`. Does nothing in TLS 1.2.
    pub fn request_key_update(&self, ask_peer: bool) {
        if !self.tls13 {
            return;
        }
        self.signals.set(match ask_peer {
            true => signals::KEY_UPDATE | signals::ASK_PEER,
            false => signals::KEY_UPDATE,
        });
    }

    /// The same with the next [`write`](Self::write), whether it has data or not; asks the peer, too.
    /// Nothing to do where that has been done, the peer has not answered, and nothing was sent
    /// since: the keys are new, and a peer that is asked again and again may take it for a flood.
    pub fn renew_keys(&self) {
        if self.tls13 && !self.credits.has_just_asked() {
            self.signals
                .set(signals::KEY_UPDATE | signals::ASK_PEER | signals::AT_ONCE);
        }
    }

    /// To be called now and then: a direction that has had no record since the last call lets go of
    /// what it needs only while records flow. One that is in use meanwhile is let be.
    pub fn rest(&self) {
        if let Some(mut sender) = self.sender.try_enter() {
            sender.rest();
        }
        if let Some(mut receiver) = self.receiver.try_enter() {
            if receiver.rest() {
                self.kernel.forget_tickets();
            }
        }
    }

    #[cold]
    fn fail(&self, fault: Fault) -> TrafficError {
        let message = fault.message();
        match fault {
            Fault::Ours(alert, _) => TrafficError {
                alert_sent: self.signals.fail(alert).then_some(alert),
                alert_received: None,
                message,
            },
            Fault::Received(alert) => {
                self.signals.end();
                TrafficError {
                    alert_sent: None,
                    alert_received: Some(alert),
                    message,
                }
            }
        }
    }
}

impl fmt::Debug for Traffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No keys here.
        f.debug_struct("Traffic").finish_non_exhaustive()
    }
}

/// What the handshake left behind; the hot path never comes here.
struct Kernel(Mutex<Box<dyn Rekey>>);

impl Kernel {
    fn next_tx(&self) -> Result<ConnectionTrafficSecrets, Fault> {
        lock(&self.0)?.next_tx().map_err(no_secret)
    }

    fn next_rx(&self) -> Result<ConnectionTrafficSecrets, Fault> {
        lock(&self.0)?.next_rx().map_err(no_secret)
    }

    fn forget_tickets(&self) {
        if let Ok(mut kernel) = self.0.lock() {
            kernel.forget_tickets();
        }
    }

    fn take_ticket(&self, payload: &[u8]) -> Result<(), Fault> {
        lock(&self.0)?.take_ticket(payload).map_err(|error| {
            let alert = match error {
                rustls::Error::InvalidMessage(_) => AlertDescription::DecodeError,
                rustls::Error::PeerMisbehaved(_) => AlertDescription::IllegalParameter,
                _ => AlertDescription::InternalError,
            };
            Fault::new(alert, format!("NewSessionTicket: {error}"))
        })
    }
}

fn no_secret(error: rustls::Error) -> Fault {
    Fault::internal(format!("no new traffic secret: {error}"))
}

/// What a peer has reason to send KeyUpdates for.
struct Credits {
    /// Records of data that we have sent; written by the sending direction alone.
    sent: AtomicU64,
    /// How many that were when we last asked for a KeyUpdate; [`ANSWERED`] once it has come.
    asked_at: AtomicU64,
}

/// No number of records that a connection gets to.
const ANSWERED: u64 = u64::MAX;

impl Default for Credits {
    fn default() -> Self {
        Self {
            sent: AtomicU64::new(0),
            asked_at: AtomicU64::new(ANSWERED),
        }
    }
}

impl Credits {
    fn count_record(&self) {
        self.sent
            .store(self.records_sent().wrapping_add(1), Ordering::Relaxed);
    }

    fn records_sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    fn await_answer(&self) {
        self.asked_at.store(self.records_sent(), Ordering::Release);
    }

    /// One KeyUpdate may answer several of ours (RFC 8446 §4.6.3). Where each has an answer, there
    /// were records between them, which are a reason, too.
    fn is_awaited_answer(&self) -> bool {
        self.asked_at.swap(ANSWERED, Ordering::AcqRel) != ANSWERED
    }

    /// Whether a KeyUpdate that the peer has not answered was the last that we have sent.
    fn has_just_asked(&self) -> bool {
        self.asked_at.load(Ordering::Acquire) == self.records_sent()
    }
}

/// A thread that panicked while it held the lock may have left keys and numbers out of step.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> Result<MutexGuard<'_, T>, Fault> {
    mutex
        .lock()
        .map_err(|_| Fault::internal("an earlier failure left the connection unusable"))
}
