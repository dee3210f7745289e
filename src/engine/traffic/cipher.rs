//! One direction's key: nonces, additional data, and the AEAD itself.
//!
//! Each byte is touched once: sealed and opened straight from the source to the destination.
//!
//! The AEAD wants tables (round keys, powers of the hash key) of some twenty times the key's size,
//! which take a fraction of a microsecond to make. They are kept while records flow, and not for
//! connections that say a word now and then: [`Cipher::rest`].
//!
//! | | nonce | additional data | around the plaintext |
//! |---|---|---|---|
//! | TLS 1.3 (RFC 8446 §5.2, §5.3) | iv ⊕ sequence number | the record's header | inner type, tag |
//! | TLS 1.2 AES-GCM (RFC 5288 §3) | salt, then 8 bytes from the record | sequence number, type, version, length | those 8 bytes, tag |
//! | TLS 1.2 ChaCha20-Poly1305 (RFC 7905 §2) | iv ⊕ sequence number | as above | tag |

use aws_lc_rs::aead::{
    self, Aad, Algorithm, LessSafeKey, Nonce, UnboundKey, AES_128_GCM, AES_256_GCM,
    CHACHA20_POLY1305, NONCE_LEN,
};
use rustls::ConnectionTrafficSecrets;
use zeroize::Zeroizing;

use super::alert::Fault;
use super::record::{header, Header, APPLICATION_DATA, HEADER};

const TAG: usize = 16;
const EXPLICIT_NONCE: usize = 8;
const SALT: usize = NONCE_LEN - EXPLICIT_NONCE;

/// The longest key, in bytes.
const LONGEST_KEY: usize = 32;

/// Records that each make the AEAD's tables anew before they are taken to be worth keeping.
const RECORDS_BEFORE_TABLES: u8 = 4;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Tls13,
    Tls12ExplicitNonce,
    Tls12ImplicitNonce,
}

/// The key of one direction, until the next KeyUpdate.
pub(super) struct Cipher {
    /// The AEAD with its tables, while there are any.
    ready: Option<LessSafeKey>,
    algorithm: &'static Algorithm,
    key: Zeroizing<[u8; LONGEST_KEY]>,
    iv: Zeroizing<[u8; NONCE_LEN]>,
    form: Form,
    /// Records since there were tables.
    records: u8,
}

impl Cipher {
    pub(super) fn new(secrets: &ConnectionTrafficSecrets, tls13: bool) -> Result<Self, Fault> {
        let (algorithm, key, iv) = match secrets {
            ConnectionTrafficSecrets::Aes128Gcm { key, iv } => (&AES_128_GCM, key, iv),
            ConnectionTrafficSecrets::Aes256Gcm { key, iv } => (&AES_256_GCM, key, iv),
            ConnectionTrafficSecrets::Chacha20Poly1305 { key, iv } => (&CHACHA20_POLY1305, key, iv),
            _ => return Err(Fault::internal("cipher without a record layer")),
        };
        let unusable = || Fault::internal("traffic secret of a wrong length");
        let form = match (tls13, algorithm == &CHACHA20_POLY1305) {
            (true, _) => Form::Tls13,
            (false, false) => Form::Tls12ExplicitNonce,
            (false, true) => Form::Tls12ImplicitNonce,
        };
        // What is longer has zeros behind: rustls makes shorter keys only by itself.
        let key = key
            .as_ref()
            .get(..algorithm.key_len())
            .ok_or_else(unusable)?;
        let mut kept = Zeroizing::new([0; LONGEST_KEY]);
        kept.get_mut(..key.len())
            .ok_or_else(unusable)?
            .copy_from_slice(key);
        Ok(Self {
            ready: None,
            algorithm,
            key: kept,
            iv: Zeroizing::new(iv.as_ref().try_into().map_err(|_| unusable())?),
            form,
            records: 0,
        })
    }

    /// Lets go of the AEAD's tables; the next records make them again.
    pub(super) fn rest(&mut self) {
        self.ready = None;
        self.records = 0;
    }

    /// Runs `work` with the AEAD; `None` when it fails.
    #[inline]
    fn with_key<T>(&mut self, work: impl FnOnce(&Self, &LessSafeKey) -> Option<T>) -> Option<T> {
        match &self.ready {
            Some(key) => work(self, key),
            None => self.with_new_key(work),
        }
    }

    #[cold]
    fn with_new_key<T>(
        &mut self,
        work: impl FnOnce(&Self, &LessSafeKey) -> Option<T>,
    ) -> Option<T> {
        let key = self.key.get(..self.algorithm.key_len())?;
        let key = LessSafeKey::new(UnboundKey::new(self.algorithm, key).ok()?);
        let worked = work(self, &key);
        self.records += 1;
        if self.records > RECORDS_BEFORE_TABLES {
            self.ready = Some(key);
        }
        worked
    }

    /// What a record has beside its plaintext and header, in bytes.
    pub(super) fn overhead(&self) -> usize {
        match self.form {
            Form::Tls13 => 1 + TAG,
            Form::Tls12ExplicitNonce => EXPLICIT_NONCE + TAG,
            Form::Tls12ImplicitNonce => TAG,
        }
    }

    /// The bytes that come out of a fragment of `length` bytes (TLS 1.3: with inner type and
    /// padding); `None` when it is too short to be one.
    pub(super) fn inner_length(&self, length: usize) -> Option<usize> {
        length.checked_sub(match self.form {
            Form::Tls13 | Form::Tls12ImplicitNonce => TAG,
            Form::Tls12ExplicitNonce => EXPLICIT_NONCE + TAG,
        })
    }

    /// Writes the record that carries `plaintext` to the front of `dst` and tells its length;
    /// `None` when there is no room, or when the plaintext is longer than the AEAD takes.
    ///
    /// The caller sees to it that no sequence number comes twice.
    #[inline]
    pub(super) fn seal(
        &mut self,
        sequence: u64,
        content_type: u8,
        plaintext: &[u8],
        dst: &mut [u8],
    ) -> Option<usize> {
        self.with_key(|cipher, key| cipher.seal_with(key, sequence, content_type, plaintext, dst))
    }

    #[inline]
    fn seal_with(
        &self,
        key: &LessSafeKey,
        sequence: u64,
        content_type: u8,
        plaintext: &[u8],
        dst: &mut [u8],
    ) -> Option<usize> {
        let fragment = plaintext.len().checked_add(self.overhead())?;
        let length = fragment.checked_add(HEADER)?;
        let (head, body) = dst.get_mut(..length)?.split_first_chunk_mut::<HEADER>()?;
        let nonce = self.nonce(sequence);
        let sealed = match self.form {
            Form::Tls13 => {
                *head = header(APPLICATION_DATA, fragment)?;
                let (body, tail) = body.split_at_mut_checked(plaintext.len())?;
                key.seal_out_of_place_scatter(
                    Nonce::assume_unique_for_key(nonce),
                    Aad::from(*head),
                    plaintext,
                    body,
                    &[content_type],
                    tail,
                )
            }
            Form::Tls12ExplicitNonce | Form::Tls12ImplicitNonce => {
                *head = header(content_type, fragment)?;
                let body = if self.form == Form::Tls12ExplicitNonce {
                    // Any value that is unique under the key would do; the peer reads it here.
                    let (explicit, body) = body.split_first_chunk_mut::<EXPLICIT_NONCE>()?;
                    *explicit = *nonce.last_chunk()?;
                    body
                } else {
                    body
                };
                let (body, tag) = body.split_at_mut_checked(plaintext.len())?;
                key.seal_out_of_place_scatter(
                    Nonce::assume_unique_for_key(nonce),
                    tls12_aad(sequence, head, plaintext.len())?,
                    plaintext,
                    body,
                    &[],
                    tag,
                )
            }
        };
        sealed.ok().map(|()| length)
    }

    /// Opens `fragment` into `dst`, which has to be of [`inner_length`](Self::inner_length).
    /// When it is not authentic, `dst` is zeroed and the answer is `None`.
    #[inline]
    pub(super) fn open(
        &mut self,
        sequence: u64,
        head: &Header,
        fragment: &[u8],
        dst: &mut [u8],
    ) -> Option<()> {
        let opened =
            self.with_key(|cipher, key| cipher.open_unwiped(key, sequence, head, fragment, dst));
        if opened.is_none() {
            // AWS-LC does so itself, but promises nothing ("may have been overwritten").
            dst.fill(0);
        }
        opened
    }

    #[inline]
    fn open_unwiped(
        &self,
        key: &LessSafeKey,
        sequence: u64,
        head: &Header,
        fragment: &[u8],
        dst: &mut [u8],
    ) -> Option<()> {
        let (nonce, fragment) = match self.form {
            Form::Tls13 | Form::Tls12ImplicitNonce => (self.nonce(sequence), fragment),
            Form::Tls12ExplicitNonce => {
                let (explicit, fragment) = fragment.split_first_chunk::<EXPLICIT_NONCE>()?;
                let mut nonce = *self.iv;
                *nonce.last_chunk_mut()? = *explicit;
                (nonce, fragment)
            }
        };
        let (ciphertext, tag) = fragment.split_last_chunk::<TAG>()?;
        let nonce = Nonce::assume_unique_for_key(nonce);
        match self.form {
            Form::Tls13 => key.open_separate_gather(nonce, Aad::from(*head), ciphertext, tag, dst),
            Form::Tls12ExplicitNonce | Form::Tls12ImplicitNonce => key.open_separate_gather(
                nonce,
                tls12_aad(sequence, head, ciphertext.len())?,
                ciphertext,
                tag,
                dst,
            ),
        }
        .ok()
    }

    /// The iv, its last 64 bits xored with the sequence number.
    fn nonce(&self, sequence: u64) -> [u8; NONCE_LEN] {
        let mut nonce = *self.iv;
        for (byte, number) in nonce.iter_mut().skip(SALT).zip(sequence.to_be_bytes()) {
            *byte ^= number;
        }
        nonce
    }
}

/// RFC 5246 §6.2.3.3: seq_num + type + version + length of the plaintext.
fn tls12_aad(sequence: u64, head: &Header, plaintext: usize) -> Option<aead::Aad<[u8; 13]>> {
    let mut aad = [0; 13];
    let (number, rest) = aad.split_first_chunk_mut::<8>()?;
    *number = sequence.to_be_bytes();
    let (type_and_version, length) = rest.split_first_chunk_mut::<3>()?;
    *type_and_version = *head.first_chunk()?;
    length.copy_from_slice(&u16::try_from(plaintext).ok()?.to_be_bytes());
    Some(Aad::from(aad))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::crypto::cipher::{AeadKey, Iv};

    fn cipher() -> Cipher {
        let secrets = ConnectionTrafficSecrets::Aes256Gcm {
            key: AeadKey::from([7; LONGEST_KEY]),
            iv: Iv::from([9; NONCE_LEN]),
        };
        Cipher::new(&secrets, true).unwrap()
    }

    #[test]
    fn tables_are_kept_while_records_flow_and_not_before_or_after() {
        let mut cipher = cipher();
        let mut record = [0; 64];
        for sequence in 0..u64::from(RECORDS_BEFORE_TABLES) {
            cipher.seal(sequence, APPLICATION_DATA, b"now and then", &mut record);
            assert!(cipher.ready.is_none(), "after {sequence} records");
        }
        cipher.seal(100, APPLICATION_DATA, b"once more", &mut record);
        assert!(cipher.ready.is_some());
        cipher.rest();
        assert!(cipher.ready.is_none());
    }

    #[test]
    fn records_are_the_same_with_tables_and_without() {
        let (mut one, mut other) = (cipher(), cipher());
        let mut records = [[0; 64]; 2];
        for sequence in 0..20 {
            other.rest();
            let [first, second] = &mut records;
            let length = one
                .seal(sequence, APPLICATION_DATA, b"data", first)
                .unwrap();
            other.seal(sequence, APPLICATION_DATA, b"data", second);
            assert_eq!(first, second);
            let (head, body) = first.split_first_chunk::<HEADER>().unwrap();
            let mut opened = [0; 5];
            one.open(sequence, head, &body[..length - HEADER], &mut opened)
                .unwrap();
            assert_eq!(opened, *b"data\x17");
        }
    }
}
