//! The record layer with keys that the fuzzer has, too.

use aws_lc_rs::aead::{Aad, LessSafeKey, Nonce, UnboundKey, AES_128_GCM};
use rustls::crypto::cipher::{AeadKey, Iv};
use rustls::{ConnectionTrafficSecrets, Error, ExtractedSecrets, ProtocolVersion};
use rustls_jvm::engine::traffic::{
    Limits, Rekey, Side, Status, Traffic, TrafficParts, MAX_READ, MAX_WRITE,
};

const KEY: [u8; 32] = [7; 32];
const IV: [u8; 12] = [9; 12];

fn secrets() -> ConnectionTrafficSecrets {
    ConnectionTrafficSecrets::Aes128Gcm {
        key: AeadKey::from(KEY),
        iv: Iv::from(IV),
    }
}

/// Later keys are the first ones, and every ticket is fine.
struct SameKeys;

impl Rekey for SameKeys {
    fn next_tx(&mut self) -> Result<ConnectionTrafficSecrets, Error> {
        Ok(secrets())
    }

    fn next_rx(&mut self) -> Result<ConnectionTrafficSecrets, Error> {
        Ok(secrets())
    }

    fn take_ticket(&mut self, payload: &[u8]) -> Result<(), Error> {
        match payload.first() {
            Some(0) => Err(Error::General("a ticket that is refused".into())),
            _ => Ok(()),
        }
    }
}

/// Whichever end and version one byte says.
pub fn traffic(choice: u8) -> (Traffic, bool) {
    let tls13 = choice & 1 == 0;
    let traffic = Traffic::new(TrafficParts {
        side: if choice & 2 == 0 {
            Side::Client
        } else {
            Side::Server
        },
        version: if tls13 {
            ProtocolVersion::TLSv1_3
        } else {
            ProtocolVersion::TLSv1_2
        },
        secrets: ExtractedSecrets {
            tx: (0, secrets()),
            rx: (0, secrets()),
        },
        kernel: Box::new(SameKeys),
        limits: Limits {
            records_per_key: if choice & 4 == 0 { u64::MAX } else { 5 },
            plaintext: 1 << 14,
        },
    });
    (traffic.expect("a record layer for AES-GCM"), tls13)
}

/// Seals anything.
pub struct Forger {
    key: LessSafeKey,
    tls13: bool,
    sequence: u64,
}

impl Forger {
    pub fn new(tls13: bool) -> Self {
        let key = UnboundKey::new(&AES_128_GCM, &KEY[..16]).expect("a key of 16 bytes");
        Self {
            key: LessSafeKey::new(key),
            tls13,
            sequence: 0,
        }
    }

    /// The peer has new keys, which begin at zero.
    pub fn start_anew(&mut self) {
        self.sequence = 0;
    }

    pub fn seal(&mut self, content_type: u8, content: &[u8], padding: usize) -> Vec<u8> {
        let mut body = content.to_vec();
        let mut nonce = IV;
        let mut record;
        if self.tls13 {
            body.push(content_type);
            body.resize(body.len() + padding, 0);
            for (byte, number) in nonce[4..].iter_mut().zip(self.sequence.to_be_bytes()) {
                *byte ^= number;
            }
            record = vec![23, 3, 3];
            record.extend(((body.len() + 16) as u16).to_be_bytes());
            let aad = Aad::from(record.clone());
            let nonce = Nonce::assume_unique_for_key(nonce);
            let _ = self.key.seal_in_place_append_tag(nonce, aad, &mut body);
        } else {
            nonce[4..].copy_from_slice(&self.sequence.to_be_bytes());
            record = vec![content_type, 3, 3];
            record.extend(((body.len() + 24) as u16).to_be_bytes());
            record.extend(&nonce[4..]);
            let mut aad = self.sequence.to_be_bytes().to_vec();
            aad.extend([content_type, 3, 3]);
            aad.extend((body.len() as u16).to_be_bytes());
            let nonce = Nonce::assume_unique_for_key(nonce);
            let _ = self
                .key
                .seal_in_place_append_tag(nonce, Aad::from(aad), &mut body);
        }
        self.sequence += 1;
        record.extend(body);
        record
    }
}

/// Reads, and holds the record layer to its contract; true while it goes on.
pub fn read(traffic: &Traffic, wire: &[u8], room: usize) -> Option<usize> {
    let mut dst = vec![0xaa; room];
    let Ok(step) = traffic.read(wire, &mut dst) else {
        assert!(
            dst.iter().all(|byte| *byte == 0 || *byte == 0xaa),
            "a forged record is seen"
        );
        assert!(traffic.is_inbound_done());
        flush(traffic);
        assert!(traffic.is_outbound_done());
        return None;
    };
    assert!(step.consumed <= wire.len() && step.produced <= dst.len());
    let behind = dst.iter().skip(step.produced);
    assert!(behind.copied().all(|byte| byte == 0 || byte == 0xaa));
    match step.status {
        Status::Ok => Some(step.consumed),
        Status::Overflow => {
            assert_eq!((step.consumed, step.produced), (0, 0));
            assert!(room < MAX_READ);
            read(traffic, wire, MAX_READ)
        }
        Status::Underflow => {
            assert_eq!((step.consumed, step.produced), (0, 0));
            None
        }
        Status::Closed => None,
        Status::Rekeyed => panic!("what only writing tells"),
    }
}

/// Lets out what waits.
pub fn flush(traffic: &Traffic) {
    let mut dst = vec![0; MAX_WRITE];
    for _ in 0..4 {
        if !traffic.needs_write() {
            break;
        }
        let step = traffic
            .write(&[], &mut dst)
            .expect("what waits can be written");
        assert_eq!(step.consumed, 0);
    }
    assert!(!traffic.needs_write(), "it never ends");
}
