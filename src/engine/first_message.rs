//! A client's first message on its arrival, for servers whose configuration depends on it.

use super::hello::CLIENT_HELLO;
use super::pending::HEADER_LENGTH;

/// A client's first message on its arrival, which may be in several records (RFC 8446 §5.1).
#[derive(Default)]
pub(super) struct FirstMessage {
    /// With its header.
    bytes: Vec<u8>,
    /// How much has been read of what came.
    read: usize,
}

/// How far a [`FirstMessage`] is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// It is there, but for what does not belong to it.
    Whole,
    /// More is to come.
    Incomplete,
    /// An alert came in its place.
    Alert,
    /// Something came in its place.
    Other,
}

impl FirstMessage {
    /// Reads what has come since the last time.
    pub(super) fn read(&mut self, incoming: &[u8]) -> Arrival {
        while let Some([content_type, _, _, high, low, rest @ ..]) = incoming.get(self.read..) {
            match content_type {
                22 => {}
                21 if self.bytes.is_empty() => return Arrival::Alert,
                _ => return Arrival::Other,
            }
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            let Some(fragment) = rest.get(..length) else {
                return Arrival::Incomplete;
            };
            self.bytes.extend_from_slice(fragment);
            self.read += HEADER_LENGTH + length;
            match self.bytes.as_slice() {
                // rustls takes no message of more than 65535 bytes either.
                [CLIENT_HELLO, 0, high, low, body @ ..] => {
                    let length = usize::from(u16::from_be_bytes([*high, *low]));
                    if body.len() >= length {
                        return Arrival::Whole;
                    }
                }
                [] | [CLIENT_HELLO] | [CLIENT_HELLO, 0] | [CLIENT_HELLO, 0, _] => {}
                _ => return Arrival::Other,
            }
        }
        Arrival::Incomplete
    }

    /// The message without its header.
    pub(super) fn body(&self) -> &[u8] {
        match self.bytes.as_slice() {
            [_, _, high, low, body @ ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                body.get(..length).unwrap_or_default()
            }
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(content_type: u8, fragment: &[u8]) -> Vec<u8> {
        let length = u16::try_from(fragment.len()).unwrap();
        [
            &[content_type, 3, 1],
            length.to_be_bytes().as_slice(),
            fragment,
        ]
        .concat()
    }

    fn arrival(records: &[u8]) -> Arrival {
        FirstMessage::default().read(records)
    }

    #[test]
    fn rfc8446_5_1_the_first_message_may_come_in_pieces() {
        let message = [1, 0, 0, 3, 7, 8, 9];
        let mut first = FirstMessage::default();
        let mut records = Vec::new();
        for byte in message {
            assert_eq!(first.read(&records), Arrival::Incomplete);
            records.extend_from_slice(&record(22, &[byte]));
            let cut = &records[..records.len() - 1];
            assert_eq!(first.read(cut), Arrival::Incomplete);
        }
        assert_eq!(first.read(&records), Arrival::Whole);
        assert_eq!(first.body(), [7, 8, 9]);
        assert_eq!(arrival(&records), Arrival::Whole);
    }

    #[test]
    fn rfc8446_4_nothing_else_comes_first() {
        let pieces = |other: &[u8]| [record(22, &[1, 0]), other.to_vec()].concat();
        for other in [
            record(20, &[1]),
            record(23, &[0]),
            record(22, &[2, 0, 0, 0]),
            record(22, &[1, 1, 0, 0]),
            pieces(&record(21, &[1, 0])),
            pieces(&record(23, &[0])),
        ] {
            assert_eq!(arrival(&other), Arrival::Other, "{other:?}");
        }
        assert_eq!(arrival(&record(21, &[2, 40])), Arrival::Alert);
    }
}
