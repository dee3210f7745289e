//! All that the two directions tell each other: one atomic word.
//!
//! The hot path of either direction is one load of it.

use std::sync::atomic::{AtomicU32, Ordering};

use rustls::AlertDescription;

/// A fatal alert waits to be sent; its description is in the top byte.
pub(super) const ALERT: u32 = 1;
/// `close_notify` waits to be sent.
pub(super) const CLOSE: u32 = 1 << 1;
/// A refusal of renegotiation waits to be sent.
pub(super) const NO_RENEGOTIATION: u32 = 1 << 2;
/// A KeyUpdate has to go out before the next application data.
pub(super) const KEY_UPDATE: u32 = 1 << 3;
/// ... and it asks the peer for one of its own.
pub(super) const ASK_PEER: u32 = 1 << 4;
/// Nothing more is sent.
pub(super) const OUT_DONE: u32 = 1 << 5;
/// The peer's `close_notify` has come.
pub(super) const PEER_CLOSED: u32 = 1 << 6;
/// Nothing more is read.
pub(super) const IN_DONE: u32 = 1 << 7;

/// ... and it does not wait for application data.
pub(super) const AT_ONCE: u32 = 1 << 8;

/// The bits that the sending direction must look at before application data.
pub(super) const FOR_SENDER: u32 =
    ALERT | CLOSE | NO_RENEGOTIATION | KEY_UPDATE | ASK_PEER | AT_ONCE | OUT_DONE;

/// The bits that are a reason to call the sending direction without data.
pub(super) const NEED_WRITE: u32 = ALERT | CLOSE | NO_RENEGOTIATION | AT_ONCE;

const DESCRIPTION_SHIFT: u32 = 24;

#[derive(Default)]
pub(super) struct Signals(AtomicU32);

impl Signals {
    pub(super) fn load(&self) -> u32 {
        self.0.load(Ordering::Acquire)
    }

    /// Tells what was there before.
    pub(super) fn set(&self, bits: u32) -> u32 {
        self.0.fetch_or(bits, Ordering::AcqRel)
    }

    /// Tells what was there before.
    pub(super) fn clear(&self, bits: u32) -> u32 {
        self.0.fetch_and(!bits, Ordering::AcqRel)
    }

    /// Ends both directions with an alert of ours. False when an earlier alert or close_notify
    /// was our last word, so that this one cannot be sent.
    pub(super) fn fail(&self, alert: AlertDescription) -> bool {
        let description = u32::from(u8::from(alert)) << DESCRIPTION_SHIFT;
        let before = self.update(|bits| {
            if bits & (OUT_DONE | ALERT) != 0 {
                bits | IN_DONE
            } else {
                bits | ALERT | IN_DONE | description
            }
        });
        before & (OUT_DONE | ALERT) == 0
    }

    /// Ends both directions without another word.
    pub(super) fn end(&self) {
        self.update(|bits| (bits & PEER_CLOSED) | OUT_DONE | IN_DONE);
    }

    /// Our last record has been written.
    pub(super) fn end_outbound(&self) {
        self.update(|bits| (bits & (PEER_CLOSED | IN_DONE)) | OUT_DONE);
    }

    fn update(&self, change: impl Fn(u32) -> u32) -> u32 {
        let mut bits = self.load();
        loop {
            match self.0.compare_exchange_weak(
                bits,
                change(bits),
                Ordering::AcqRel,
                Ordering::Acquire,
            ) {
                Ok(before) => return before,
                Err(now) => bits = now,
            }
        }
    }
}

/// The description of the alert that waits.
pub(super) fn alert_of(bits: u32) -> AlertDescription {
    let [description, ..] = bits.to_be_bytes();
    AlertDescription::from(description)
}
