//! Key schedules and record protection by the RFCs' text; shares no code with what is tried.

use aws_lc_rs::aead::{Aad, LessSafeKey, Nonce, UnboundKey, AES_128_GCM};
use aws_lc_rs::digest::{digest, SHA256};
use aws_lc_rs::hmac;

pub const CHANGE_CIPHER_SPEC: u8 = 20;
pub const ALERT: u8 = 21;
pub const HANDSHAKE: u8 = 22;
pub const DATA: u8 = 23;

pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}

pub fn hmac256(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    parts.iter().for_each(|part| context.update(part));
    context.sign().as_ref().to_vec()
}

/// HKDF-Expand-Label for up to 32 bytes, RFC 8446 §7.1.
pub fn expand(secret: &[u8], label: &str, context: &[u8], length: usize) -> Vec<u8> {
    let label = format!("tls13 {label}");
    let info = [
        &(length as u16).to_be_bytes()[..],
        &[label.len() as u8],
        label.as_bytes(),
        &[context.len() as u8],
        context,
        &[1],
    ]
    .concat();
    hmac256(secret, &[&info])[..length].to_vec()
}

/// TLS 1.2's PRF, RFC 5246 §5.
pub fn prf(secret: &[u8], label: &str, seed: &[u8], length: usize) -> Vec<u8> {
    let seed = [label.as_bytes(), seed].concat();
    let mut output = Vec::new();
    let mut a = hmac256(secret, &[&seed]);
    while output.len() < length {
        output.extend(hmac256(secret, &[&a, &seed]));
        a = hmac256(secret, &[&a]);
    }
    output.truncate(length);
    output
}

/// The secrets of TLS 1.3, RFC 8446 §7.1.
#[derive(Clone, Default)]
pub struct Schedule {
    early: Vec<u8>,
    handshake: Vec<u8>,
    master: Vec<u8>,
    pub client: Vec<u8>,
    pub server: Vec<u8>,
    pub client_traffic: Vec<u8>,
    pub server_traffic: Vec<u8>,
}

impl Schedule {
    pub fn new(psk: &[u8]) -> Self {
        Self {
            early: hmac256(&[0; 32], &[psk]),
            ..Self::default()
        }
    }

    /// The binder over a ClientHello that ends before the binders, RFC 8446 §4.2.11.2.
    pub fn binder(&self, truncated: &[u8]) -> Vec<u8> {
        let key = expand(&self.early, "res binder", &sha256(&[]), 32);
        finished(&key, &sha256(truncated))
    }

    pub fn shared(&mut self, secret: &[u8], transcript: &[u8]) {
        let salt = expand(&self.early, "derived", &sha256(&[]), 32);
        self.handshake = hmac256(&salt, &[secret]);
        let hash = sha256(transcript);
        self.client = expand(&self.handshake, "c hs traffic", &hash, 32);
        self.server = expand(&self.handshake, "s hs traffic", &hash, 32);
    }

    /// `transcript` up to the server's Finished.
    pub fn finished(&mut self, transcript: &[u8]) {
        let salt = expand(&self.handshake, "derived", &sha256(&[]), 32);
        self.master = hmac256(&salt, &[&[0; 32]]);
        let hash = sha256(transcript);
        self.client_traffic = expand(&self.master, "c ap traffic", &hash, 32);
        self.server_traffic = expand(&self.master, "s ap traffic", &hash, 32);
    }

    /// The PSK of a ticket; `transcript` up to the client's Finished.
    pub fn psk(&self, transcript: &[u8], nonce: &[u8]) -> Vec<u8> {
        let secret = expand(&self.master, "res master", &sha256(transcript), 32);
        expand(&secret, "resumption", nonce, 32)
    }
}

/// verify_data of TLS 1.3, RFC 8446 §4.4.4.
pub fn finished(base: &[u8], transcript_hash: &[u8]) -> Vec<u8> {
    hmac256(&expand(base, "finished", &[], 32), &[transcript_hash])
}

/// One direction's key; AES-128-GCM in either version.
pub struct Keys {
    key: LessSafeKey,
    iv: Vec<u8>,
    pub sequence: u64,
    tls13: bool,
}

impl Keys {
    pub fn tls13(secret: &[u8]) -> Self {
        Self::new(
            &expand(secret, "key", &[], 16),
            expand(secret, "iv", &[], 12),
            true,
        )
    }

    pub fn tls12(key: &[u8], salt: &[u8]) -> Self {
        Self::new(key, salt.to_vec(), false)
    }

    fn new(key: &[u8], iv: Vec<u8>, tls13: bool) -> Self {
        Self {
            key: LessSafeKey::new(UnboundKey::new(&AES_128_GCM, key).unwrap()),
            iv,
            sequence: 0,
            tls13,
        }
    }

    fn nonce(&self, explicit: &[u8]) -> Nonce {
        let mut nonce = [0; 12];
        if self.tls13 {
            nonce.copy_from_slice(&self.iv);
            for (byte, number) in nonce[4..].iter_mut().zip(self.sequence.to_be_bytes()) {
                *byte ^= number;
            }
        } else {
            nonce[..4].copy_from_slice(&self.iv);
            nonce[4..].copy_from_slice(explicit);
        }
        Nonce::assume_unique_for_key(nonce)
    }

    /// RFC 5246 §6.2.3.3.
    fn aad12(&self, kind: u8, length: usize) -> Vec<u8> {
        let mut aad = self.sequence.to_be_bytes().to_vec();
        aad.extend([kind, 3, 3]);
        aad.extend((length as u16).to_be_bytes());
        aad
    }

    /// A record of this type and content.
    pub fn seal(&mut self, kind: u8, content: &[u8]) -> Vec<u8> {
        if self.tls13 {
            return self.seal_inner(&[content, &[kind]].concat());
        }
        let explicit = self.sequence.to_be_bytes();
        let mut body = content.to_vec();
        let aad = Aad::from(self.aad12(kind, body.len()));
        self.key
            .seal_in_place_append_tag(self.nonce(&explicit), aad, &mut body)
            .unwrap();
        self.sequence += 1;
        record(kind, &[&explicit[..], &body].concat())
    }

    /// TLS 1.3: content, type and padding as given.
    pub fn seal_inner(&mut self, inner: &[u8]) -> Vec<u8> {
        assert!(self.tls13);
        let mut body = inner.to_vec();
        let header = record_header(DATA, inner.len() + 16);
        self.key
            .seal_in_place_append_tag(self.nonce(&[]), Aad::from(header), &mut body)
            .unwrap();
        self.sequence += 1;
        record(DATA, &body)
    }

    /// Opens a record: its type and content; `None` where it is not authentic.
    pub fn open(&mut self, record: &[u8]) -> Option<(u8, Vec<u8>)> {
        let (header, fragment) = record.split_first_chunk::<5>()?;
        let (explicit, body) = match self.tls13 {
            true => (&[][..], fragment),
            false => fragment.split_at_checked(8)?,
        };
        let aad = match self.tls13 {
            true => header.to_vec(),
            false => self.aad12(header[0], body.len().checked_sub(16)?),
        };
        let mut body = body.to_vec();
        let plain = self
            .key
            .open_in_place(self.nonce(explicit), Aad::from(aad), &mut body)
            .ok()?;
        self.sequence += 1;
        if !self.tls13 {
            return Some((header[0], plain.to_vec()));
        }
        let end = plain.iter().rposition(|byte| *byte != 0)?;
        Some((plain[end], plain[..end].to_vec()))
    }
}

fn record_header(kind: u8, length: usize) -> [u8; 5] {
    let [high, low] = (length as u16).to_be_bytes();
    [kind, 3, 3, high, low]
}

/// An unprotected record.
pub fn record(kind: u8, fragment: &[u8]) -> Vec<u8> {
    [&record_header(kind, fragment.len()), fragment].concat()
}
