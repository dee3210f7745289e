//! The message that a side begins with, on its arrival.

use crate::hello::{CLIENT_HELLO, MESSAGE_HEADER, SERVER_HELLO};
use crate::reader::Reader;

/// A side's first message, which may be in several records (RFC 8446 §5.1).
#[derive(Default)]
pub(super) struct FirstMessage(Vec<u8>);

impl FirstMessage {
    /// Takes what one more record holds.
    pub(super) fn add(&mut self, content: &[u8]) {
        self.0.extend_from_slice(content);
    }

    /// Whether nothing has come.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it can be a hello. rustls takes no message of more than 65535 bytes.
    pub(super) fn may_be_hello(&self) -> bool {
        matches!(
            self.0.as_slice(),
            [] | [CLIENT_HELLO | SERVER_HELLO] | [CLIENT_HELLO | SERVER_HELLO, 0, ..]
        )
    }

    /// The message with its header, and what is behind it; `None` while it is not whole.
    pub(super) fn whole(&self) -> Option<(&[u8], &[u8])> {
        let length = Reader(self.0.get(1..)?).number(MESSAGE_HEADER - 1)?;
        self.0.split_at_checked(MESSAGE_HEADER + length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc8446_5_1_the_first_message_may_come_in_pieces() {
        let message = [CLIENT_HELLO, 0, 0, 3, 7, 8, 9];
        for size in 1..message.len() {
            let mut first = FirstMessage::default();
            assert!(first.is_empty());
            for piece in message.chunks(size) {
                assert_eq!(first.whole(), None);
                first.add(piece);
                assert!(!first.is_empty() && first.may_be_hello());
            }
            assert_eq!(first.whole(), Some((&message[..], &[][..])));
            first.add(&[4]);
            assert_eq!(first.whole(), Some((&message[..], &[4][..])));
        }
    }

    #[test]
    fn rfc8446_4_nothing_else_comes_first() {
        for (message, may_be) in [
            (&[][..], true),
            (&[CLIENT_HELLO], true),
            (&[SERVER_HELLO, 0], true),
            (&[CLIENT_HELLO, 0, 255, 255], true),
            (&[CLIENT_HELLO, 1], false),
            (&[CLIENT_HELLO, 1, 0, 0], false),
            (&[20], false),
            (&[0, 0, 0, 0], false),
        ] {
            let mut first = FirstMessage::default();
            first.add(message);
            assert_eq!(first.may_be_hello(), may_be, "{message:?}");
        }
    }
}
