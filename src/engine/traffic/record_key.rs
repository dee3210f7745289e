//! A key for single records outside of [`Traffic`](super::Traffic): those of a handshake.

use super::cipher::Cipher;
use super::open;
use super::record::{self, HEADER, MAX_PLAINTEXT};
use rustls::ConnectionTrafficSecrets;
use zeroize::Zeroizing;

/// One direction's key and the number of its next record.
pub(in crate::engine) struct RecordKey {
    cipher: Cipher,
    sequence: u64,
    tls13: bool,
}

/// What a record carries.
pub(in crate::engine) struct Opened {
    /// `None` where TLS 1.3's inner plaintext has none.
    pub content_type: Option<u8>,
    pub content: Zeroizing<Vec<u8>>,
}

impl RecordKey {
    /// `None` when the cipher is none that this record layer has.
    pub(in crate::engine) fn new(
        secrets: &ConnectionTrafficSecrets,
        sequence: u64,
        tls13: bool,
    ) -> Option<Self> {
        Some(Self {
            cipher: Cipher::new(secrets, tls13).ok()?,
            sequence,
            tls13,
        })
    }

    /// Opens a whole record; `None`, and the number stays, when it is not authentic.
    pub(in crate::engine) fn open(&mut self, record: &[u8]) -> Option<Opened> {
        let (head, fragment) = record.split_first_chunk::<HEADER>()?;
        let inner = self.cipher.inner_length(fragment.len())?;
        if inner > MAX_PLAINTEXT + 1 {
            return None;
        }
        let mut content = Zeroizing::new(vec![0; inner]);
        self.cipher
            .open(self.sequence, head, fragment, &mut content)?;
        self.sequence += 1;
        let content_type = match (self.tls13, head) {
            (false, [kind, ..]) => Some(*kind),
            (true, _) => {
                let (length, kind) = open::unpad(&content);
                content.truncate(length);
                kind
            }
        };
        Some(Opened {
            content_type,
            content,
        })
    }

    /// The record of an alert with this content.
    pub(in crate::engine) fn seal_alert(&mut self, content: [u8; 2]) -> Option<Vec<u8>> {
        let mut room = vec![0; HEADER + content.len() + self.cipher.overhead()];
        let length = self
            .cipher
            .seal(self.sequence, record::ALERT, &content, &mut room)?;
        self.sequence += 1;
        room.truncate(length);
        Some(room)
    }
}
