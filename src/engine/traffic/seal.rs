//! Writing: from plaintext to our records, and what has to be said before it.

use rustls::AlertDescription;

use super::alert::{self, Fault};
use super::cipher::Cipher;
use super::post_handshake::{key_update, KEY_UPDATE_LENGTH};
use super::record::{self, HEADER};
use super::signals::{self, Signals};
use super::{Credits, Kernel, Limits, Status, Step};

/// Records kept back under a TLS 1.2 key for what is no data: a refusal to renegotiate for each
/// wish, and the last alert.
const RESERVED_TLS12: u64 = 8;

/// The sending direction.
pub(super) struct Sealer {
    cipher: Cipher,
    sequence: u64,
    /// The sequence number when it was last asked to rest.
    rested_at: u64,
    tls13: bool,
    /// The sequence number from which on this key seals no data.
    last: u64,
    max_plaintext: u16,
}

impl Sealer {
    pub(super) fn new(cipher: Cipher, sequence: u64, tls13: bool, limits: Limits) -> Self {
        let last = match tls13 {
            // The key's last record is the KeyUpdate that ends it.
            true => limits.records_per_key.max(2) - 1,
            false => limits.records_per_key.saturating_sub(RESERVED_TLS12),
        };
        Self {
            cipher,
            sequence,
            rested_at: sequence,
            tls13,
            last,
            max_plaintext: limits.plaintext.clamp(1, record::MAX_PLAINTEXT) as u16,
        }
    }

    /// Lets go of what is needed only while records flow, if none has since the last call.
    pub(super) fn rest(&mut self) {
        if self.rested_at == self.sequence {
            self.cipher.rest();
        }
        self.rested_at = self.sequence;
    }

    /// What waits to be said, then at most one record of `src`.
    #[inline]
    pub(super) fn write(
        &mut self,
        signals: &Signals,
        credits: &Credits,
        kernel: &Kernel,
        src: &[u8],
        dst: &mut [u8],
    ) -> Result<Step, Fault> {
        let mut said = 0;
        let bits = signals.load() & signals::FOR_SENDER;
        if bits != 0 || self.sequence >= self.last {
            match self.before_data(signals, credits, kernel, bits, !src.is_empty(), dst)? {
                Before::Go(length) => said = length,
                Before::Stop(step) => return Ok(step),
            }
        }
        if src.is_empty() {
            return Ok(Step {
                consumed: 0,
                produced: said,
                status: Status::Ok,
            });
        }
        let room = dst.get_mut(said..).unwrap_or_default();
        let wanted = src.len().min(self.max_plaintext.into());
        let fits = room.len().saturating_sub(HEADER + self.cipher.overhead());
        let length = match (fits >= wanted, said) {
            (true, _) => wanted,
            (false, 0) => return Ok(Step::idle(Status::Overflow)),
            // The caller made room for the data, and could not know of what came before it.
            (false, _) if fits > 0 => fits,
            (false, _) => {
                return Ok(Step {
                    consumed: 0,
                    produced: said,
                    status: Status::Ok,
                })
            }
        };
        let data = src.get(..length).unwrap_or_default();
        let sealed = self.seal(record::APPLICATION_DATA, data, room)?;
        credits.count_record();
        Ok(Step {
            consumed: length,
            produced: said + sealed,
            status: Status::Ok,
        })
    }

    /// The way aside from the hot one: something else has to be written, or nothing any more.
    #[cold]
    fn before_data(
        &mut self,
        signals: &Signals,
        credits: &Credits,
        kernel: &Kernel,
        bits: u32,
        has_data: bool,
        dst: &mut [u8],
    ) -> Result<Before, Fault> {
        if bits & signals::OUT_DONE != 0 {
            return Ok(Before::Stop(Step::idle(Status::Closed)));
        }
        let last_word = if bits & signals::ALERT != 0 {
            Some(alert::fatal(signals::alert_of(signals.load())))
        } else if bits & signals::CLOSE != 0 {
            Some(alert::warning(AlertDescription::CloseNotify))
        } else {
            None
        };
        if let Some(content) = last_word {
            if !self.has_room(content.len(), dst) {
                return Ok(Before::Stop(Step::idle(Status::Overflow)));
            }
            let sealed = self.seal(record::ALERT, &content, dst);
            signals.end_outbound();
            return Ok(Before::Stop(Step {
                consumed: 0,
                produced: sealed?,
                status: Status::Ok,
            }));
        }
        match self.tls13 {
            true if has_data || bits & signals::AT_ONCE != 0 => {
                self.change_key(signals, credits, kernel, dst)
            }
            true => Ok(Before::Go(0)),
            false => self.before_tls12_data(signals, bits, has_data, dst),
        }
    }

    /// RFC 8446 §4.6.3: a KeyUpdate is the last record under its key.
    fn change_key(
        &mut self,
        signals: &Signals,
        credits: &Credits,
        kernel: &Kernel,
        dst: &mut [u8],
    ) -> Result<Before, Fault> {
        if !self.has_room(KEY_UPDATE_LENGTH, dst) {
            return Ok(Before::Stop(Step::idle(Status::Overflow)));
        }
        // Cleared first: a request that comes from now on is answered by the next one.
        let bits = signals.clear(signals::KEY_UPDATE | signals::ASK_PEER | signals::AT_ONCE);
        let ask_peer = bits & signals::ASK_PEER != 0;
        let next = Cipher::new(&kernel.next_tx()?, self.tls13)?;
        if ask_peer {
            credits.await_answer();
        }
        let said = self.seal(record::HANDSHAKE, &key_update(ask_peer), dst)?;
        self.cipher = next;
        self.sequence = 0;
        Ok(match bits & signals::AT_ONCE {
            0 => Before::Go(said),
            _ => Before::Stop(Step {
                consumed: 0,
                produced: said,
                status: Status::Rekeyed,
            }),
        })
    }

    fn before_tls12_data(
        &mut self,
        signals: &Signals,
        bits: u32,
        has_data: bool,
        dst: &mut [u8],
    ) -> Result<Before, Fault> {
        if has_data && self.sequence >= self.last {
            // TLS 1.2 has no KeyUpdate. A close_notify would pass for the data's proper end.
            return Err(Fault::internal(
                "the cipher's limit of records under one key is reached, and TLS 1.2 cannot change keys",
            ));
        }
        if bits & signals::NO_RENEGOTIATION == 0 {
            return Ok(Before::Go(0));
        }
        let content = alert::warning(AlertDescription::NoRenegotiation);
        if !self.has_room(content.len(), dst) {
            return Ok(Before::Stop(Step::idle(Status::Overflow)));
        }
        signals.clear(signals::NO_RENEGOTIATION);
        self.seal(record::ALERT, &content, dst).map(Before::Go)
    }

    fn has_room(&self, content: usize, dst: &[u8]) -> bool {
        dst.len() >= HEADER + content + self.cipher.overhead()
    }

    #[inline]
    fn seal(&mut self, content_type: u8, content: &[u8], dst: &mut [u8]) -> Result<usize, Fault> {
        // RFC 8446 §5.3, RFC 5246 §6.1: sequence numbers do not wrap.
        if self.sequence == u64::MAX {
            return Err(Fault::internal("sequence numbers are used up"));
        }
        let length = self
            .cipher
            .seal(self.sequence, content_type, content, dst)
            .ok_or_else(|| Fault::internal("record cannot be sealed"))?;
        self.sequence += 1;
        Ok(length)
    }
}

enum Before {
    /// Application data may follow what was written, which has this many bytes.
    Go(usize),
    Stop(Step),
}
