//! Reading numbers and vectors of TLS' presentation language, RFC 8446 §3.

/// Reads from the front of what is left.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// A number of so many bytes, up to 4.
    pub(crate) fn number(&mut self, width: usize) -> Option<usize> {
        let bytes = self.take(width)?;
        Some(
            bytes
                .iter()
                .fold(0, |number, byte| number << 8 | usize::from(*byte)),
        )
    }

    /// A number of two bytes: a code point, most often.
    pub(crate) fn word(&mut self) -> Option<u16> {
        let bytes = self.take(2)?;
        Some(u16::from_be_bytes(bytes.try_into().ok()?))
    }

    /// All that is left as numbers of two bytes; `None` when the last one is cut.
    pub(crate) fn words(mut self) -> Option<Vec<u16>> {
        let mut words = Vec::with_capacity(self.0.len() / 2);
        while !self.0.is_empty() {
            words.push(self.word()?);
        }
        Some(words)
    }

    /// A vector with its length before it, in so many bytes.
    pub(crate) fn vector(&mut self, width: usize) -> Option<&'a [u8]> {
        let length = self.number(width)?;
        self.take(length)
    }
}
