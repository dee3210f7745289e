//! What a step of a connection tells its caller, in the terms of JSSE's `SSLEngineResult`.

use super::traffic;

/// `SSLEngineResult.Status`, and failure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// Done.
    #[default]
    Ok,
    /// The source holds no whole record.
    Underflow,
    /// The destination has too little room.
    Overflow,
    /// This side is closed.
    Closed,
    /// The connection is dead; [`super::connection::Connection::take_failure`] tells why.
    Failed,
}

/// `SSLEngineResult.HandshakeStatus`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HandshakeStatus {
    /// Nothing to do.
    #[default]
    NotHandshaking,
    /// Told once for the handshake, and once for each KeyUpdate that the caller has asked for.
    Finished,
    /// `run_task` is due.
    NeedTask,
    /// `wrap` is due.
    NeedWrap,
    /// `unwrap` is due.
    NeedUnwrap,
}

/// The result of one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Bytes taken from the source.
    pub consumed: usize,
    /// Bytes written to the destination.
    pub produced: usize,
    /// How it went.
    pub status: Status,
    /// What is due next.
    pub handshake: HandshakeStatus,
}

impl Outcome {
    pub(super) fn from_step(step: &traffic::Step) -> Self {
        Self {
            consumed: step.consumed,
            produced: step.produced,
            status: match step.status {
                traffic::Status::Ok | traffic::Status::Rekeyed => Status::Ok,
                traffic::Status::Underflow => Status::Underflow,
                traffic::Status::Overflow => Status::Overflow,
                traffic::Status::Closed => Status::Closed,
            },
            handshake: match step.status {
                traffic::Status::Rekeyed => HandshakeStatus::Finished,
                _ => HandshakeStatus::NotHandshaking,
            },
        }
    }

    pub(super) fn need_task() -> Self {
        Self::default().with_handshake(HandshakeStatus::NeedTask)
    }

    pub(super) fn closed() -> Self {
        Self::default().with_status(Status::Closed)
    }

    pub(super) fn failed() -> Self {
        Self::default()
            .with_status(Status::Failed)
            .with_handshake(HandshakeStatus::NeedWrap)
    }

    pub(super) fn underflow() -> Self {
        Self::default().with_status(Status::Underflow)
    }

    pub(super) fn overflow() -> Self {
        Self::default().with_status(Status::Overflow)
    }

    pub(super) fn with_status(self, status: Status) -> Self {
        Self { status, ..self }
    }

    pub(super) fn with_handshake(self, handshake: HandshakeStatus) -> Self {
        Self { handshake, ..self }
    }

    /// Packs the outcome into one `long`: produced, consumed (28 bits each), then both states.
    ///
    /// A step handles at most a few records, so neither count comes near 2^28.
    pub fn pack(self) -> i64 {
        const MASK: u64 = (1 << 28) - 1;
        let status = match self.status {
            Status::Ok => 0u64,
            Status::Underflow => 1,
            Status::Overflow => 2,
            Status::Closed => 3,
            Status::Failed => 4,
        };
        let packed = (self.produced as u64 & MASK)
            | (self.consumed as u64 & MASK) << 28
            | (status | u64::from(self.handshake.code()) << 3) << 56;
        packed as i64
    }
}

impl HandshakeStatus {
    /// The constant's value in `EngineNatives`.
    pub fn code(self) -> u8 {
        match self {
            Self::NotHandshaking => 0,
            Self::Finished => 1,
            Self::NeedTask => 2,
            Self::NeedWrap => 3,
            Self::NeedUnwrap => 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_pack_as_the_java_side_reads_them() {
        let outcome = Outcome {
            consumed: 16_384,
            produced: 16_413,
            status: Status::Overflow,
            handshake: HandshakeStatus::NeedUnwrap,
        };
        let packed = outcome.pack();
        assert_eq!(packed & 0xfff_ffff, 16_413);
        assert_eq!(packed >> 28 & 0xfff_ffff, 16_384);
        assert_eq!(packed >> 56 & 7, 2);
        assert_eq!(packed >> 59 & 7, 4);
    }
}
