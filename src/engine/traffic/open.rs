//! Reading: from the peer's records to plaintext, and what they say beside it.

use rustls::AlertDescription;
use zeroize::Zeroizing;

use super::alert::{Alerts, Fault, Meaning};
use super::cipher::Cipher;
use super::post_handshake::{Message, Messages};
use super::record::{self, Header, HEADER, MAX_PLAINTEXT};
use super::signals::{self, Signals};
use super::{Credits, Kernel, Side, Status, Step};

/// Empty records of application data in a row that are put up with. RFC 8446 §5.1 allows them
/// (they hide when data is sent); an endless row is a way to keep us busy.
const MAX_EMPTY_RECORDS: u8 = 32;

/// KeyUpdates that are put up with without application data between them, beside one for each record
/// that we send: at the limit of what it is sent (RFC 8446 §5.5) a peer may ask for new keys with
/// each record until the first one under them arrives, and the JDK does.
const MAX_KEY_UPDATES: u64 = 32;

/// Wishes to renegotiate that are refused politely, in a connection's life.
const MAX_RENEGOTIATIONS: u8 = 4;

/// The receiving direction.
pub(super) struct Opener {
    cipher: Cipher,
    sequence: u64,
    /// The sequence number when it was last asked to rest.
    rested_at: u64,
    tls13: bool,
    messages: Messages,
    alerts: Alerts,
    /// Tickets have come, and no data after them.
    tickets_come: bool,
    empty_records: u8,
    key_updates_left: u64,
    /// Of the records that we have sent, those that have been taken into account there.
    accounted_for: u64,
    renegotiations: u8,
}

impl Opener {
    pub(super) fn new(cipher: Cipher, sequence: u64, side: Side, tls13: bool) -> Self {
        Self {
            cipher,
            sequence,
            // The first look may come at once, when the tickets are still under way.
            rested_at: u64::MAX,
            tls13,
            messages: Messages::new(side, tls13),
            alerts: Alerts::default(),
            tickets_come: false,
            empty_records: 0,
            key_updates_left: MAX_KEY_UPDATES,
            accounted_for: 0,
            renegotiations: 0,
        }
    }

    /// Lets go of what is needed only while records flow, if none has since the last call; tells
    /// whether that was so.
    pub(super) fn rest(&mut self) -> bool {
        let quiet = self.rested_at == self.sequence;
        if quiet {
            self.cipher.rest();
        }
        self.rested_at = self.sequence;
        quiet
    }

    /// Takes one record from the front of `src`.
    #[inline]
    pub(super) fn read(
        &mut self,
        signals: &Signals,
        credits: &Credits,
        kernel: &Kernel,
        src: &[u8],
        dst: &mut [u8],
    ) -> Result<Step, Fault> {
        let Some((head, rest)) = src.split_first_chunk::<HEADER>() else {
            return Ok(Step::idle(Status::Underflow));
        };
        let length = record::fragment_length(head, self.tls13)?;
        let inner = self.cipher.inner_length(length).ok_or_else(not_authentic)?;
        // RFC 8446 §5.4: a TLSInnerPlaintext has at most 2^14 + 1 bytes, padding and all; RFC 5246
        // §6.2.1: a TLSPlaintext at most 2^14. The AEADs add a fixed number, so the fragment's
        // length tells, and this is narrower than the 2^14 + 256 and 2^14 + 2048 that the RFCs
        // allow ciphertexts of any cipher (RFC 8446 §5.2, RFC 5246 §6.2.3).
        if inner > MAX_PLAINTEXT + usize::from(self.tls13) {
            return Err(record::overflow(length));
        }
        let Some(fragment) = rest.get(..length) else {
            return Ok(Step::idle(Status::Underflow));
        };
        // RFC 8446 §5.3, RFC 5246 §6.1: sequence numbers do not wrap.
        if self.sequence == u64::MAX {
            return Err(Fault::internal("sequence numbers are used up"));
        }
        let produced = match self.tls13 {
            true => self.open_tls13(signals, credits, kernel, (head, fragment), inner, dst)?,
            false => self.open_tls12(signals, credits, kernel, (head, fragment), inner, dst)?,
        };
        Ok(match produced {
            Some((produced, status)) => Step {
                consumed: HEADER + length,
                produced,
                status,
            },
            None => Step::idle(Status::Overflow),
        })
    }

    /// In TLS 1.3 the type is known only once the record is open. `None` when `dst` is too short.
    #[inline]
    fn open_tls13(
        &mut self,
        signals: &Signals,
        credits: &Credits,
        kernel: &Kernel,
        record: (&Header, &[u8]),
        inner: usize,
        dst: &mut [u8],
    ) -> Result<Option<(usize, Status)>, Fault> {
        if let Some(room) = dst.get_mut(..inner) {
            self.decrypt(record, room)?;
            let (content, content_type) = unpad(room);
            if content_type == Some(record::APPLICATION_DATA) {
                // The inner type and the padding are no plaintext.
                if let Some(rest) = room.get_mut(content..) {
                    rest.fill(0);
                }
                self.sequence += 1;
                return match self.application_data(kernel, content) {
                    Ok(()) => Ok(Some((content, Status::Ok))),
                    Err(fault) => {
                        room.fill(0);
                        Err(fault)
                    }
                };
            }
            self.sequence += 1;
            let content = room.get(..content).unwrap_or_default();
            let status = self.control(signals, credits, kernel, content_type, content);
            room.fill(0);
            return status.map(|status| Some((0, status)));
        }
        // The inner type, the padding or a whole control record may be what does not fit: a
        // caller with room for the data alone, or with none at all, still gets his due.
        let mut room = Zeroizing::new(vec![0; inner]);
        self.decrypt(record, &mut room)?;
        let (content, content_type) = unpad(&room);
        let content = room.get(..content).unwrap_or_default();
        if content_type == Some(record::APPLICATION_DATA) {
            let Some(target) = dst.get_mut(..content.len()) else {
                return Ok(None);
            };
            self.sequence += 1;
            self.application_data(kernel, content.len())?;
            target.copy_from_slice(content);
            return Ok(Some((content.len(), Status::Ok)));
        }
        self.sequence += 1;
        self.control(signals, credits, kernel, content_type, content)
            .map(|status| Some((0, status)))
    }

    /// In TLS 1.2 the type is on the outside. `None` when `dst` is too short.
    #[inline]
    fn open_tls12(
        &mut self,
        signals: &Signals,
        credits: &Credits,
        kernel: &Kernel,
        record: (&Header, &[u8]),
        inner: usize,
        dst: &mut [u8],
    ) -> Result<Option<(usize, Status)>, Fault> {
        let (&[content_type, ..], _) = record;
        if content_type == record::APPLICATION_DATA {
            let Some(room) = dst.get_mut(..inner) else {
                return Ok(None);
            };
            self.decrypt(record, room)?;
            self.sequence += 1;
            return match self.application_data(kernel, inner) {
                Ok(()) => Ok(Some((inner, Status::Ok))),
                Err(fault) => {
                    room.fill(0);
                    Err(fault)
                }
            };
        }
        let mut content = Zeroizing::new(vec![0; inner]);
        self.decrypt(record, &mut content)?;
        self.sequence += 1;
        self.control(signals, credits, kernel, Some(content_type), &content)
            .map(|status| Some((0, status)))
    }

    /// One forgery ends the connection, which is far below every AEAD's integrity limit
    /// (RFC 8446 §5.5).
    #[inline]
    fn decrypt(&mut self, (head, fragment): (&Header, &[u8]), dst: &mut [u8]) -> Result<(), Fault> {
        self.cipher
            .open(self.sequence, head, fragment, dst)
            .ok_or_else(not_authentic)
    }

    #[inline]
    fn application_data(&mut self, kernel: &Kernel, length: usize) -> Result<(), Fault> {
        self.whole_messages_only()?;
        if length > 0 {
            if self.tickets_come {
                // Servers send tickets right after the handshake, and data then.
                self.tickets_come = false;
                kernel.forget_tickets();
            }
            self.empty_records = 0;
            self.key_updates_left = self.key_updates_left.max(MAX_KEY_UPDATES);
            self.alerts.forget_warnings();
            return Ok(());
        }
        self.empty_records += 1;
        match self.empty_records > MAX_EMPTY_RECORDS {
            true => Err(Fault::unexpected("too many empty records")),
            false => Ok(()),
        }
    }

    /// A record that is no application data.
    #[cold]
    fn control(
        &mut self,
        signals: &Signals,
        credits: &Credits,
        kernel: &Kernel,
        content_type: Option<u8>,
        content: &[u8],
    ) -> Result<Status, Fault> {
        match content_type {
            Some(record::ALERT) => {
                let meaning = self.alerts.receive(content, self.tls13)?;
                self.whole_messages_only()?;
                Ok(match meaning {
                    Meaning::Ignored => Status::Ok,
                    Meaning::Closed => {
                        signals.set(signals::PEER_CLOSED | signals::IN_DONE);
                        Status::Closed
                    }
                })
            }
            Some(record::HANDSHAKE) => {
                self.handshake(signals, credits, kernel, content)?;
                Ok(Status::Ok)
            }
            Some(other) => Err(Fault::unexpected(record::unknown(other))),
            // RFC 8446 §5.4: "If a receiving implementation does not find a non-zero octet in the
            // cleartext, it MUST terminate the connection with an unexpected_message alert."
            None => Err(Fault::unexpected("record without an inner type")),
        }
    }

    fn handshake(
        &mut self,
        signals: &Signals,
        credits: &Credits,
        kernel: &Kernel,
        mut content: &[u8],
    ) -> Result<(), Fault> {
        if content.is_empty() {
            return Err(Fault::unexpected("empty handshake record"));
        }
        while let Some(message) = self.messages.next(&mut content)? {
            match message {
                Message::KeyUpdate { requested } => {
                    // RFC 8446 §5.1: what precedes a change of keys ends with its record.
                    if !content.is_empty() {
                        return Err(Fault::unexpected("KeyUpdate is not the last in its record"));
                    }
                    self.key_update(signals, credits, kernel, requested)?;
                }
                Message::Ticket(body) => {
                    kernel.take_ticket(&body)?;
                    self.tickets_come = true;
                }
                Message::Renegotiation => {
                    self.renegotiations += 1;
                    if self.renegotiations > MAX_RENEGOTIATIONS {
                        return Err(Fault::unexpected("too many wishes to renegotiate"));
                    }
                    signals.set(signals::NO_RENEGOTIATION);
                }
            }
        }
        Ok(())
    }

    fn key_update(
        &mut self,
        signals: &Signals,
        credits: &Credits,
        kernel: &Kernel,
        requested: bool,
    ) -> Result<(), Fault> {
        // An answer to our own request is no flood.
        if requested || !credits.is_awaited_answer() {
            let sent = credits.records_sent();
            let provoked = sent.wrapping_sub(self.accounted_for);
            self.accounted_for = sent;
            self.key_updates_left = self
                .key_updates_left
                .saturating_add(provoked)
                .checked_sub(1)
                .ok_or_else(|| Fault::unexpected("too many KeyUpdate messages"))?;
        }
        self.cipher = Cipher::new(&kernel.next_rx()?, self.tls13)?;
        self.sequence = 0;
        if requested {
            // However many ask before our next write, it makes one answer.
            signals.set(signals::KEY_UPDATE);
        }
        Ok(())
    }

    /// RFC 8446 §5.1: between the parts of a handshake message there are no other records.
    fn whole_messages_only(&self) -> Result<(), Fault> {
        match self.messages.is_partial() {
            true => Err(Fault::unexpected(
                "handshake message interleaved with another record",
            )),
            false => Ok(()),
        }
    }
}

fn not_authentic() -> Fault {
    Fault::new(AlertDescription::BadRecordMac, "record is not authentic")
}

/// The length of a TLSInnerPlaintext's content, and the type behind it; RFC 8446 §5.4.
pub(super) fn unpad(inner: &[u8]) -> (usize, Option<u8>) {
    match inner.split_last() {
        Some((&content_type, content)) if content_type != 0 => (content.len(), Some(content_type)),
        _ => match inner.iter().rposition(|&byte| byte != 0) {
            Some(at) => (at, inner.get(at).copied()),
            None => (0, None),
        },
    }
}
