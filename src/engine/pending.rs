//! Handshake records that wait to be sent.

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
    fn next(&self) -> &[u8] {
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

    /// The last record that waits, where the bytes that wait are whole records.
    pub(super) fn last(&self) -> Option<&[u8]> {
        let mut rest = self.bytes.get(self.sent..)?;
        let mut last = None;
        while let Some((record, behind)) = first_record(rest) {
            last = Some(record);
            rest = behind;
        }
        last
    }

    /// Takes back the last record that waits.
    pub(super) fn drop_last(&mut self) {
        if let Some(length) = self.last().map(<[u8]>::len) {
            self.bytes.truncate(self.bytes.len() - length);
        }
    }

    /// The bytes from `start` on, of those that have ever been appended since nothing waited.
    pub(super) fn bytes_from(&self, start: usize) -> &[u8] {
        self.bytes.get(start..).unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sent >= self.bytes.len()
    }
}

/// The first record of `bytes`, and what is behind it; `None` where there is no whole one.
pub(super) fn first_record(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let [_, _, _, high, low, ..] = bytes else {
        return None;
    };
    bytes.split_at_checked(HEADER_LENGTH + usize::from(u16::from_be_bytes([*high, *low])))
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
        assert_eq!(pending.hand_out(&mut room), Some(6));
        assert!(pending.is_empty());
        assert_eq!(pending.hand_out(&mut room), Some(0));
    }

    #[test]
    fn the_last_record_can_be_taken_back() {
        let mut pending = Pending::default();
        pending
            .bytes_mut()
            .extend_from_slice(&[22, 3, 3, 0, 1, 7, 21, 3, 3, 0, 2, 2, 48]);
        assert_eq!(pending.last(), Some(&[21, 3, 3, 0, 2, 2, 48][..]));
        pending.drop_last();
        assert_eq!(pending.last(), Some(&[22, 3, 3, 0, 1, 7][..]));
        pending.drop_last();
        assert_eq!(pending.last(), None);
        pending.drop_last();
        assert!(pending.is_empty());
    }
}
