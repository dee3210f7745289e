//! Handshake records that wait to be sent.

use rustls::AlertDescription;

/// Bytes of a record's header, RFC 8446 §5.1.
pub(super) const HEADER_LENGTH: usize = 5;

/// Whole records in the order in which they go out.
#[derive(Default)]
pub(super) struct Pending {
    bytes: Vec<u8>,
    sent: usize,
}

impl Pending {
    /// Where the next record is to be appended.
    pub(super) fn bytes_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// What is to go out next, from the start of a record on.
    pub(super) fn next(&self) -> &[u8] {
        self.bytes.get(self.sent..).unwrap_or_default()
    }

    /// Copies the next record out and drops it. `None` when `destination` has no room for it;
    /// 0 when nothing waits.
    pub(super) fn hand_out(&mut self, destination: &mut [u8]) -> Option<usize> {
        let rest = self.next();
        let length = match rest {
            [_, _, _, high, low, ..] => {
                HEADER_LENGTH + usize::from(u16::from_be_bytes([*high, *low]))
            }
            _ => return Some(0),
        };
        let record = rest.get(..length).unwrap_or(rest);
        destination.get_mut(..record.len())?.copy_from_slice(record);
        let handed_out = record.len();
        self.sent += handed_out;
        if self.is_empty() {
            *self = Self::default();
        }
        Some(handed_out)
    }

    /// The fatal alert that waits last, where it is not encrypted.
    pub(super) fn last_alert(&self) -> Option<AlertDescription> {
        match self.bytes.get(self.sent..)? {
            [.., 21, 3, _, 0, 2, 2, description] => Some(AlertDescription::from(*description)),
            _ => None,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sent >= self.bytes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_go_out_whole_and_in_order() {
        let mut pending = Pending::default();
        pending
            .bytes_mut()
            .extend_from_slice(&[22, 3, 3, 0, 2, 7, 8, 21, 3, 3, 0, 1, 9]);
        let mut room = [0u8; 32];
        assert_eq!(pending.hand_out(&mut room[..6]), None);
        assert_eq!(pending.hand_out(&mut room), Some(7));
        assert_eq!(room[..7], [22, 3, 3, 0, 2, 7, 8]);
        assert!(!pending.is_empty());
        assert_eq!(pending.last_alert(), None, "a warning");
        assert_eq!(pending.hand_out(&mut room), Some(6));
        assert!(pending.is_empty());
        assert_eq!(pending.hand_out(&mut room), Some(0));
    }

    #[test]
    fn the_alert_that_waits_is_the_last_record() {
        let mut pending = Pending::default();
        pending
            .bytes_mut()
            .extend_from_slice(&[22, 3, 3, 0, 1, 7, 21, 3, 3, 0, 2, 2, 48]);
        assert_eq!(pending.last_alert(), Some(AlertDescription::UnknownCA));
        pending.bytes_mut().push(0);
        assert_eq!(pending.last_alert(), None);
    }
}
