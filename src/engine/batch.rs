//! Several records in one step, for callers that know of records: JSSE's own take one.

use super::connection::Turn;
use super::outcome::{HandshakeStatus, Outcome, Status};

impl Turn<'_> {
    /// Seals `source`, record after record, for as long as `destination` has room.
    ///
    /// The outcome sums the steps up; its status and handshake are the last step's, except that
    /// `Overflow` is told only when nothing was done. `Closed` and `Failed` may come with bytes
    /// that were produced before.
    pub fn wrap_batch(self, source: &[u8], destination: &mut [u8]) -> Outcome {
        let mut sum = Outcome::default();
        let mut turn = self;
        loop {
            let next = turn.again();
            let data = source.get(sum.consumed..).unwrap_or_default();
            let room = destination.get_mut(sum.produced..).unwrap_or_default();
            let step = turn.wrap(data, room);
            add(&mut sum, step);
            turn = match next {
                Some(next) if may_go_on(&step) && sum.consumed < source.len() => next,
                _ => return sum,
            };
        }
    }

    /// Opens the whole records at the front of `source`, for as long as `destination` has room.
    ///
    /// Of a record that ends the connection nothing counts: `Closed` and `Failed` come with what
    /// was opened before it, and the caller asks [`Turn::unwrap`] about it, which says
    /// `Closed`. (What failed is told once: by the outcome of this call.)
    pub fn unwrap_batch(self, source: &[u8], destination: &mut [u8]) -> Outcome {
        let mut sum = Outcome::default();
        let mut turn = self;
        loop {
            let next = turn.again();
            let record = source.get(sum.consumed..).unwrap_or_default();
            let room = destination.get_mut(sum.produced..).unwrap_or_default();
            let mut step = turn.unwrap(record, room);
            if step.status == Status::Closed {
                step.consumed = 0;
            }
            add(&mut sum, step);
            turn = match next {
                Some(next) if may_go_on(&step) && sum.consumed < source.len() => next,
                _ => return sum,
            };
        }
    }
}

fn add(sum: &mut Outcome, step: Outcome) {
    let done_before = sum.consumed > 0 || sum.produced > 0;
    sum.consumed += step.consumed;
    sum.produced += step.produced;
    sum.handshake = step.handshake;
    sum.status = match step.status {
        Status::Overflow | Status::Underflow if done_before => Status::Ok,
        status => status,
    };
}

fn may_go_on(step: &Outcome) -> bool {
    step.status == Status::Ok
        && step.handshake == HandshakeStatus::NotHandshaking
        && step.consumed > 0
}
