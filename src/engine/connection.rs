//! One TLS connection from its first byte to its last: handshake, then traffic, then closed.
//!
//! One thread may call [`Connection::wrap`] while another calls [`Connection::unwrap`]. During the
//! handshake they share a lock, afterwards nothing. What costs (signatures, key exchange, the
//! verdict on the peer) is done by [`Connection::run_task`], never by the other two.

use super::failure::{Failure, LastAlert};
pub use super::handshake::Facts;
use super::handshake::{Handshake, Progress};
use super::inspection::End;
use super::outcome::{HandshakeStatus, Outcome, Status};
use super::pending::{Pending, HEADER_LENGTH};
use super::traffic::{self, Traffic, TrafficError};
use crate::config::policy;
use crate::config::reception::Reception;
use crate::config::session::Visit;
use crate::trust::managers::{Managers, Step};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::sign::CertifiedKey;
use rustls::{AlertDescription, ClientConfig, Error, ServerConfig};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// What the connection is to do, fixed when it is made.
pub enum Role {
    /// Speaks first, to the server of this name.
    Client(Arc<ClientConfig>, ServerName<'static>),
    /// Waits for a client.
    Server(Arc<ServerConfig>),
    /// Waits for a client whose first message decides on the configuration; this one is never used.
    Reception(Arc<ServerConfig>, Box<Reception>),
}

/// See the module.
pub struct Connection {
    client: bool,
    opening: Mutex<Opening>,
    task_running: AtomicBool,
    traffic: OnceLock<Traffic>,
    facts: Mutex<Option<Arc<Facts>>>,
    /// Set once nothing of the handshake is left to be sent or told.
    established: AtomicBool,
    abandoned: AtomicBool,
}

/// Everything before traffic.
struct Opening {
    state: State,
    /// What has failed, until somebody is told.
    failure: Option<Box<Failure>>,
    outbound_closed: bool,
    inbound_closed: bool,
}

/// Boxed, because for most of a connection's life it is [`State::Done`].
enum State {
    /// Nothing has happened yet.
    Idle(Option<Box<(Role, Option<Arc<Visit>>)>>),
    /// Under way; `task` when a record waits for [`Connection::run_task`].
    Handshaking {
        handshake: Box<Handshake>,
        task: bool,
    },
    /// Complete, but for these bytes and for telling so.
    Flushing(Box<Pending>),
    /// Nothing left to do here: traffic has begun.
    Done,
    /// Failed or closed; an alert may be left to send.
    Dead(Option<Box<Handshake>>),
}

impl Connection {
    /// Makes a connection; nothing is sent before [`Self::begin`]. Without `visit`, which is from the
    /// context of the role's configuration, no session is made or resumed.
    pub fn new(role: Role, visit: Option<Arc<Visit>>) -> Self {
        Self {
            client: matches!(role, Role::Client(..)),
            opening: Mutex::new(Opening {
                state: State::Idle(Some(Box::new((role, visit)))),
                failure: None,
                outbound_closed: false,
                inbound_closed: false,
            }),
            task_running: AtomicBool::new(false),
            traffic: OnceLock::new(),
            facts: Mutex::new(None),
            established: AtomicBool::new(false),
            abandoned: AtomicBool::new(false),
        }
    }

    fn opening(&self) -> MutexGuard<'_, Opening> {
        self.opening.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[inline]
    fn traffic(&self) -> Option<&Traffic> {
        if self.established.load(Ordering::Acquire) {
            self.traffic.get()
        } else {
            None
        }
    }

    /// Whether traffic has begun and nothing of the handshake is left to be sent or told.
    pub fn is_established(&self) -> bool {
        self.established.load(Ordering::Acquire)
    }

    /// Gives the connection up after a panic in one of its calls: nothing is sent or read any more.
    pub fn abandon(&self) {
        self.abandoned.store(true, Ordering::Release);
        self.established.store(false, Ordering::Release);
        let mut opening = self.opening();
        opening.state = State::Dead(None);
        opening.inbound_closed = true;
        opening.outbound_closed = true;
    }

    /// Starts the handshake; again, it does nothing. A client writes its ClientHello here: JSSE's
    /// callers expect `NEED_WRAP` from a client that has begun, not a task.
    pub fn begin(&self) -> Outcome {
        if self.traffic().is_some() {
            return self.told(Outcome::default());
        }
        let mut opening = self.opening();
        opening.begin(self.client);
        opening.told(Outcome::default())
    }

    /// Has both ends change their keys (RFC 8446 §4.6.3), once the handshake is done: a KeyUpdate is
    /// due in [`Self::wrap`], which says `Finished` when it hands it out. Nothing in TLS 1.2.
    pub fn renew_keys(&self) {
        if let Some(traffic) = self.traffic() {
            traffic.renew_keys();
        }
    }

    /// Takes what the next record needs, waiting for it where another thread has it. Whoever has a
    /// turn waits for nothing of Java's any more.
    #[inline]
    pub fn turn(&self) -> Turn<'_> {
        Turn {
            connection: self,
            stage: match self.traffic() {
                Some(traffic) => Stage::Traffic(traffic),
                None => self.stage_before_traffic(),
            },
        }
    }

    #[cold]
    fn stage_before_traffic(&self) -> Stage<'_> {
        if self.task_running.load(Ordering::Acquire) {
            return Stage::Task;
        }
        let opening = self.opening();
        if !matches!(opening.state, State::Done) {
            return Stage::Opening(opening);
        }
        drop(opening);
        match self.traffic() {
            Some(traffic) => Stage::Traffic(traffic),
            None => Stage::Gone,
        }
    }

    /// Seals at most one record of `source` into `destination`, or hands out handshake bytes.
    pub fn wrap(&self, source: &[u8], destination: &mut [u8]) -> Outcome {
        self.turn().wrap(source, destination)
    }

    /// Opens one record of `source` into `destination`, or takes it into the handshake.
    pub fn unwrap(&self, source: &[u8], destination: &mut [u8]) -> Outcome {
        self.turn().unwrap(source, destination)
    }

    /// Works on the record that waits, asking `managers` where the configuration says so.
    ///
    /// [`Status::Failed`] says that a failure is there to be taken; the next [`Self::wrap`] or
    /// [`Self::unwrap`] says it, too.
    pub fn run_task(&self, managers: Option<Rc<dyn Managers>>) -> Outcome {
        /// Clears the flag also when a manager's panic unwinds.
        struct Running<'a>(&'a AtomicBool);
        impl Drop for Running<'_> {
            fn drop(&mut self) {
                self.0.store(false, Ordering::Release);
            }
        }
        if self.traffic().is_some() {
            return self.told(Outcome::default());
        }
        self.task_running.store(true, Ordering::Release);
        let _running = Running(&self.task_running);
        let mut opening = self.opening();
        if let State::Handshaking { task, .. } = &mut opening.state {
            if std::mem::take(task) {
                let step = Rc::new(Step {
                    managers,
                    client: self.client,
                    ..Step::default()
                });
                opening.advance(self, &step);
            }
        }
        let outcome = opening.told(Outcome::default());
        match opening.failure {
            Some(_) => outcome.with_status(Status::Failed),
            None => outcome,
        }
    }

    /// JSSE's `getHandshakeStatus`.
    pub fn handshake_status(&self) -> HandshakeStatus {
        if self.traffic().is_some() {
            return self.told(Outcome::default()).handshake;
        }
        if self.task_running.load(Ordering::Acquire) {
            return HandshakeStatus::NeedTask;
        }
        let opening = self.opening();
        match opening.state {
            State::Done => {
                drop(opening);
                self.told(Outcome::default()).handshake
            }
            _ => opening.handshake_status(),
        }
    }

    /// Queues close_notify; before the handshake is complete nothing more can be said than that.
    pub fn close_outbound(&self) {
        if let Some(traffic) = self.traffic() {
            traffic.close_outbound();
            return;
        }
        let mut opening = self.opening();
        if matches!(opening.state, State::Done | State::Flushing(_)) {
            // The rest of the handshake goes first, then close_notify.
            if let Some(traffic) = self.traffic.get() {
                traffic.close_outbound();
            }
            return;
        }
        opening.close_outbound();
    }

    /// Ends reading; tells whether the peer's close_notify had been seen, or nothing was begun.
    pub fn close_inbound(&self) -> bool {
        if let Some(traffic) = self.traffic.get() {
            return traffic.close_inbound();
        }
        let mut opening = self.opening();
        let begun = !matches!(opening.state, State::Idle(_) | State::Dead(_));
        opening.inbound_closed = true;
        !begun
    }

    /// JSSE's `isOutboundDone`.
    pub fn is_outbound_done(&self) -> bool {
        if let Some(traffic) = self.traffic() {
            return traffic.is_outbound_done();
        }
        self.opening().is_outbound_done()
    }

    /// JSSE's `isInboundDone`.
    pub fn is_inbound_done(&self) -> bool {
        if let Some(traffic) = self.traffic.get() {
            return traffic.is_inbound_done();
        }
        let opening = self.opening();
        opening.inbound_closed || matches!(opening.state, State::Dead(_))
    }

    /// To be called now and then: lets go of what a connection needs only while records flow, if
    /// none has since the last call.
    pub fn rest(&self) {
        if let Some(traffic) = self.traffic() {
            traffic.rest();
        }
    }

    /// Lets go of what the handshake has settled, certificates above all: once the caller has asked
    /// for what he wants of it, the connection need not keep a copy.
    pub fn forget_facts(&self) {
        *self.locked_facts() = None;
    }

    /// What the handshake has settled; `None` before that, and once it is forgotten.
    pub fn facts(&self) -> Option<Arc<Facts>> {
        self.locked_facts().clone()
    }

    fn locked_facts(&self) -> MutexGuard<'_, Option<Arc<Facts>>> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What has failed, once.
    pub fn take_failure(&self) -> Option<Failure> {
        self.opening().failure.take().map(|failure| *failure)
    }

    /// Version and suite by their code points, 0 while unknown or forgotten.
    pub fn negotiated(&self) -> (u16, u16) {
        if let Some(facts) = self.facts() {
            return (facts.version.into(), facts.suite.suite().into());
        }
        match &self.opening().state {
            State::Handshaking { handshake, .. } => {
                let (version, suite, _) = handshake.negotiated();
                (version, suite)
            }
            _ => (0, 0),
        }
    }

    /// The ALPN name agreed on (RFC 7301 §3.2).
    pub fn application_protocol(&self) -> Option<Vec<u8>> {
        if let Some(facts) = self.facts() {
            return facts.application_protocol.clone();
        }
        match &self.opening().state {
            State::Handshaking { handshake, .. } => handshake.negotiated().2,
            _ => None,
        }
    }

    /// JSSE name of the key exchange group.
    pub fn named_group(&self) -> Option<String> {
        self.facts()?.group.map(policy::jsse_group_name)
    }

    /// Whether an earlier session was resumed.
    pub fn resumed(&self) -> bool {
        self.facts().is_some_and(|facts| facts.resumed)
    }

    /// A number for the session that was made or resumed, 0 for none that could be resumed:
    /// connections with the same one share the session.
    pub fn session(&self) -> u64 {
        self.facts().map_or(0, |facts| facts.session)
    }

    /// The name that the client asked for (RFC 6066 §3).
    pub fn server_name(&self) -> Option<String> {
        self.facts()?.server_name.clone()
    }

    /// The peer's chain, leaf first.
    pub fn peer_certificates(&self) -> Option<Arc<[CertificateDer<'static>]>> {
        self.facts()?.peer.clone()
    }

    /// Our own credential, where one was shown in this handshake.
    pub fn local_credential(&self) -> Option<Arc<CertifiedKey>> {
        self.facts()?.shown.clone()
    }

    fn establish(&self, opening: &Opening) {
        if matches!(opening.state, State::Done) && !self.abandoned.load(Ordering::Acquire) {
            self.established.store(true, Ordering::Release);
        }
    }

    #[inline]
    fn write(&self, traffic: &Traffic, source: &[u8], destination: &mut [u8]) -> Outcome {
        match traffic.write(source, destination) {
            Ok(step) if step.status == traffic::Status::Rekeyed => Outcome::from_step(&step),
            Ok(step) => {
                let outcome = self.told(Outcome::from_step(&step));
                // The record that ends the connection says so itself, as the JDK's does.
                if step.consumed == 0 && step.produced > 0 && traffic.is_outbound_done() {
                    outcome.with_status(Status::Closed)
                } else {
                    outcome
                }
            }
            Err(error) => self.traffic_failed(error),
        }
    }

    #[inline]
    fn read(&self, traffic: &Traffic, source: &[u8], destination: &mut [u8]) -> Outcome {
        match traffic.read(source, destination) {
            Ok(step) => self.told(Outcome::from_step(&step)),
            Err(error) => self.traffic_failed(error),
        }
    }

    #[cold]
    fn traffic_failed(&self, error: TrafficError) -> Outcome {
        self.opening().failure = Some(Box::new(Failure::from(error)));
        self.told(Outcome::default()).with_status(Status::Failed)
    }

    /// Adds to `outcome` what is to be done next, once traffic has begun.
    #[inline]
    fn told(&self, outcome: Outcome) -> Outcome {
        let waiting = self.traffic.get().is_some_and(Traffic::needs_write);
        outcome.with_handshake(if waiting {
            HandshakeStatus::NeedWrap
        } else {
            HandshakeStatus::NotHandshaking
        })
    }
}

/// One record's turn at a connection; see [`Connection::turn`].
pub struct Turn<'a> {
    connection: &'a Connection,
    stage: Stage<'a>,
}

enum Stage<'a> {
    /// A task works on the handshake.
    Task,
    Opening(MutexGuard<'a, Opening>),
    Traffic(&'a Traffic),
    /// Given up.
    Gone,
}

impl<'a> Turn<'a> {
    /// A turn for one more record, where nothing has to be waited for: once traffic has begun.
    pub(super) fn again(&self) -> Option<Turn<'a>> {
        match self.stage {
            Stage::Traffic(traffic) => Some(Turn {
                connection: self.connection,
                stage: Stage::Traffic(traffic),
            }),
            _ => None,
        }
    }

    /// As [`Connection::wrap`].
    #[inline]
    pub fn wrap(self, source: &[u8], destination: &mut [u8]) -> Outcome {
        match self.stage {
            Stage::Traffic(traffic) => self.connection.write(traffic, source, destination),
            _ => self.wrap_before_traffic(destination),
        }
    }

    #[cold]
    fn wrap_before_traffic(self, destination: &mut [u8]) -> Outcome {
        match self.stage {
            Stage::Opening(mut opening) => {
                let outcome = opening.wrap(self.connection.client, destination);
                self.connection.establish(&opening);
                outcome
            }
            Stage::Task => Outcome::need_task(),
            Stage::Traffic(_) | Stage::Gone => Outcome::closed(),
        }
    }

    /// As [`Connection::unwrap`].
    #[inline]
    pub fn unwrap(self, source: &[u8], destination: &mut [u8]) -> Outcome {
        match self.stage {
            Stage::Traffic(traffic) => self.connection.read(traffic, source, destination),
            _ => self.unwrap_before_traffic(source),
        }
    }

    #[cold]
    fn unwrap_before_traffic(self, source: &[u8]) -> Outcome {
        match self.stage {
            Stage::Opening(mut opening) => {
                let outcome = opening.unwrap(self.connection, source);
                self.connection.establish(&opening);
                outcome
            }
            Stage::Task => Outcome::need_task(),
            Stage::Traffic(_) | Stage::Gone => Outcome::closed(),
        }
    }
}

impl Opening {
    fn begin(&mut self, client: bool) {
        let State::Idle(role) = &mut self.state else {
            return;
        };
        let handshake = match role.take().map(|opening| *opening) {
            Some((Role::Client(config, name), visit)) => Handshake::client(config, name, visit),
            Some((Role::Server(config), visit)) => Handshake::server(config, None, visit),
            Some((Role::Reception(config, reception), visit)) => {
                Handshake::server(config, Some(reception), visit)
            }
            None => Err(Failure::handshake("the connection was begun twice")),
        };
        match handshake {
            Ok(mut handshake) => {
                let step = Rc::new(Step {
                    client,
                    ..Step::default()
                });
                let begun = if client {
                    handshake.advance(&step).map(|_| ())
                } else {
                    Ok(())
                };
                self.state = State::Handshaking {
                    handshake: Box::new(handshake),
                    task: false,
                };
                if let Err(error) = begun {
                    self.fail(&error);
                }
            }
            Err(failure) => {
                self.state = State::Dead(None);
                self.failure = Some(Box::new(failure));
            }
        }
    }

    fn wrap(&mut self, client: bool, destination: &mut [u8]) -> Outcome {
        if self.failure.is_some() {
            return Outcome::failed();
        }
        if self.outbound_closed && matches!(self.state, State::Idle(_)) {
            return Outcome::closed();
        }
        self.begin(client);
        if self.failure.is_some() {
            return Outcome::failed();
        }
        let outcome = match &mut self.state {
            State::Handshaking {
                handshake,
                task: false,
            }
            | State::Dead(Some(handshake)) => hand_out(handshake.pending_mut(), destination),
            State::Handshaking { task: true, .. } => return Outcome::need_task(),
            State::Flushing(unsent) => {
                let outcome = hand_out(unsent, destination);
                if outcome.status == Status::Ok && unsent.is_empty() {
                    self.state = State::Done;
                    return outcome.with_handshake(HandshakeStatus::Finished);
                }
                outcome
            }
            State::Idle(_) | State::Done | State::Dead(None) => return Outcome::closed(),
        };
        if outcome.status == Status::Ok && self.is_outbound_done() {
            return self.told(outcome.with_status(Status::Closed));
        }
        self.told(outcome)
    }

    fn unwrap(&mut self, connection: &Connection, source: &[u8]) -> Outcome {
        if self.failure.is_some() {
            return Outcome::failed();
        }
        if self.inbound_closed || matches!(self.state, State::Dead(_)) {
            return self.told(Outcome::closed());
        }
        self.begin(connection.client);
        if self.failure.is_some() {
            return Outcome::failed();
        }
        // What is to be sent, or worked on, comes first: the peer cannot go on without it.
        if matches!(
            self.handshake_status(),
            HandshakeStatus::NeedTask | HandshakeStatus::NeedWrap
        ) {
            return self.told(Outcome::default());
        }
        let (content_type, length) = match source {
            [content_type, major, _, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                if !(20..=23).contains(content_type) || *major != 3 {
                    self.refuse_garbage();
                    return Outcome::failed();
                }
                if self.is_too_long(length) {
                    self.refuse_oversized();
                    return Outcome::failed();
                }
                (*content_type, HEADER_LENGTH + length)
            }
            _ => return self.told(Outcome::underflow()),
        };
        let Some(record) = source.get(..length) else {
            return self.told(Outcome::underflow());
        };
        let State::Handshaking { handshake, task } = &mut self.state else {
            return self.told(Outcome::closed());
        };
        match handshake.take_record(record) {
            Ok(()) => {}
            Err(End::Broken { alert, what }) => {
                self.die(Failure::protocol(alert, what), alert);
                return Outcome::failed();
            }
            Err(End::Closed) => {
                self.die_of_close();
                return Outcome::failed();
            }
        }
        if handshake.is_cheap(content_type) {
            self.advance(connection, &Rc::new(Step::default()));
            if self.failure.is_some() {
                return Outcome::failed();
            }
        } else {
            *task = true;
        }
        let mut outcome = Outcome {
            consumed: length,
            ..Outcome::default()
        };
        if matches!(&self.state, State::Flushing(unsent) if unsent.is_empty()) {
            self.state = State::Done;
            return outcome.with_handshake(HandshakeStatus::Finished);
        }
        if matches!(self.state, State::Dead(_)) {
            outcome.status = Status::Closed;
        }
        self.told(outcome)
    }

    /// Lets the handshake work on what came; on completion traffic begins.
    fn advance(&mut self, connection: &Connection, step: &Rc<Step>) {
        let State::Handshaking { handshake, .. } = &mut self.state else {
            return;
        };
        match handshake.advance(step) {
            Ok(Progress::Blocked) => {}
            Ok(Progress::Complete) => {
                let State::Handshaking { handshake, .. } =
                    std::mem::replace(&mut self.state, State::Dead(None))
                else {
                    return;
                };
                match handshake.into_traffic() {
                    Ok((traffic, facts, unsent)) => {
                        if connection.traffic.set(traffic).is_ok() {
                            *connection.locked_facts() = Some(Arc::new(facts));
                            self.state = State::Flushing(Box::new(unsent));
                        }
                    }
                    Err(failure) => self.failure = Some(Box::new(failure)),
                }
            }
            Err(error) => self.fail(&error),
        }
    }

    /// Dies of what rustls found; its alert is left to send.
    fn fail(&mut self, error: &Error) {
        let mut sent = None;
        if let State::Handshaking { mut handshake, .. } =
            std::mem::replace(&mut self.state, State::Dead(None))
        {
            sent = handshake.end(error);
            self.state = State::Dead(Some(handshake));
        }
        self.inbound_closed = true;
        self.outbound_closed = true;
        self.failure = Some(Box::new(Failure::from_handshake(error, sent)));
    }

    /// Dies of what was found here, with a fatal alert.
    fn die(&mut self, failure: Failure, alert: AlertDescription) {
        self.die_saying(failure, |handshake| {
            handshake.refuse(alert).map(LastAlert::Sent)
        });
    }

    /// Dies of the peer's close_notify, which is answered by ours.
    fn die_of_close(&mut self) {
        self.die_saying(Failure::closed(), |handshake| {
            handshake.answer_close();
            Some(LastAlert::Received(AlertDescription::CloseNotify))
        });
    }

    /// Dies after a last word; `say` tells which alert counts.
    fn die_saying(
        &mut self,
        mut failure: Failure,
        say: impl FnOnce(&mut Handshake) -> Option<LastAlert>,
    ) {
        if let State::Handshaking { mut handshake, .. } =
            std::mem::replace(&mut self.state, State::Dead(None))
        {
            failure.alert = say(&mut handshake);
            self.state = State::Dead(Some(handshake));
        }
        self.inbound_closed = true;
        self.outbound_closed = true;
        self.failure = Some(Box::new(failure));
    }

    fn refuse_garbage(&mut self) {
        self.die(
            Failure {
                kind: super::failure::FailureKind::Ssl,
                message: "Unrecognized SSL message, plaintext connection? (unexpected_message)"
                    .into(),
                alert: None,
            },
            AlertDescription::UnexpectedMessage,
        );
    }

    fn is_too_long(&self, fragment: usize) -> bool {
        match &self.state {
            State::Handshaking { handshake, .. } => fragment > handshake.longest_fragment(),
            _ => false,
        }
    }

    fn refuse_oversized(&mut self) {
        let alert = AlertDescription::RecordOverflow;
        self.die(
            Failure::protocol(alert, "a record is longer than any may be"),
            alert,
        );
    }

    fn close_outbound(&mut self) {
        if self.outbound_closed {
            return;
        }
        self.outbound_closed = true;
        if let State::Handshaking { mut handshake, .. } =
            std::mem::replace(&mut self.state, State::Dead(None))
        {
            handshake.cancel();
            self.state = State::Dead(Some(handshake));
        }
    }

    fn is_outbound_done(&self) -> bool {
        match &self.state {
            State::Dead(handshake) => handshake
                .as_ref()
                .is_none_or(|handshake| handshake.pending().is_empty()),
            _ => self.outbound_closed && matches!(self.state, State::Idle(_)),
        }
    }

    fn handshake_status(&self) -> HandshakeStatus {
        match &self.state {
            State::Idle(_) | State::Done => HandshakeStatus::NotHandshaking,
            State::Handshaking { task: true, .. } => HandshakeStatus::NeedTask,
            State::Handshaking { handshake, .. } if !handshake.pending().is_empty() => {
                HandshakeStatus::NeedWrap
            }
            State::Handshaking { .. } => HandshakeStatus::NeedUnwrap,
            State::Flushing(_) => HandshakeStatus::NeedWrap,
            // A failure is told before its alert goes out; either takes a wrap.
            State::Dead(_) if self.failure.is_some() => HandshakeStatus::NeedWrap,
            State::Dead(Some(handshake)) if !handshake.pending().is_empty() => {
                HandshakeStatus::NeedWrap
            }
            State::Dead(_) => HandshakeStatus::NotHandshaking,
        }
    }

    fn told(&self, outcome: Outcome) -> Outcome {
        outcome.with_handshake(self.handshake_status())
    }
}

/// Copies the next record out, or says that there is no room for it.
fn hand_out(pending: &mut Pending, destination: &mut [u8]) -> Outcome {
    match pending.hand_out(destination) {
        Some(produced) => Outcome {
            produced,
            ..Outcome::default()
        },
        None => Outcome::overflow(),
    }
}
