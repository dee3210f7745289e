//! What a PKCS#12 store would cost to open, looked up before it is opened.

use super::mac::{number, too_much_work, MAX_ROUNDS};
use crate::error::{StoreError, StoreFault};
use crate::x509::{Reader, CONTEXT_0, INTEGER, OCTET_STRING, OID, SEQUENCE, SET};

/// For all entries of a store together; a key that a tool has made takes ten thousand or two
/// hundred thousand.
const MAX_ROUNDS_IN_ALL: u64 = 10_000_000;
/// OpenSSL's default takes 16 MiB.
const MAX_SCRYPT_MEMORY: u64 = 128 * 1024 * 1024;
/// Keys, of which one is used.
pub(super) const MAX_KEYS: usize = 100;
/// Longer salts the decoder has no room for.
const MAX_SALT: usize = 32;
/// Attributes of an entry; tools write two or three.
const MAX_ATTRIBUTES: usize = 100;

/// 1.2.840.113549.1.7.1 and 1.2.840.113549.1.7.6
pub(super) const DATA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const ENCRYPTED_DATA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06];
/// 1.2.840.113549.1.12.10.1, before the number of a kind of bag.
const BAG: [u8; 10] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01];
/// 1.2.840.113549.1.5.13, .12, and 1.3.6.1.4.1.11591.4.11
const PBES2: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
const PBKDF2: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c];
const SCRYPT: [u8; 9] = [0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b];

/// Goes through AuthenticatedSafe ::= SEQUENCE OF ContentInfo, in DER throughout. What it cannot
/// follow it leaves to the decoder to refuse.
///
/// # Errors
/// [`StoreFault::Format`] for too much work, [`StoreFault::Unsupported`] for what the decoder has
/// no room for.
pub(super) fn check(safes: &[u8]) -> Result<(), StoreError> {
    let mut sum = Sum::default();
    let _ = sum.safes(safes);
    match sum.verdict {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

#[derive(Default)]
struct Sum {
    rounds: u64,
    keys: usize,
    verdict: Option<StoreError>,
}

impl Sum {
    fn fail(&mut self, error: StoreError) -> Option<()> {
        self.verdict = Some(error);
        None
    }

    fn safes(&mut self, safes: &[u8]) -> Option<()> {
        let mut list = Reader::new(Reader::new(safes).expect(SEQUENCE)?.value);
        while !list.is_empty() {
            let mut info = Reader::new(list.expect(SEQUENCE)?.value);
            let kind = info.expect(OID)?.value;
            let content = info.expect(CONTEXT_0)?.value;
            if kind == DATA {
                self.bags(Reader::new(content).expect(OCTET_STRING)?.value)?;
            } else if kind == ENCRYPTED_DATA {
                let mut data = Reader::new(Reader::new(content).expect(SEQUENCE)?.value);
                data.expect(INTEGER)?;
                let mut encrypted = Reader::new(data.expect(SEQUENCE)?.value);
                encrypted.expect(OID)?;
                self.algorithm(encrypted.expect(SEQUENCE)?.value)?;
            }
        }
        Some(())
    }

    fn bags(&mut self, bags: &[u8]) -> Option<()> {
        let mut list = Reader::new(Reader::new(bags).expect(SEQUENCE)?.value);
        while !list.is_empty() {
            let mut bag = Reader::new(list.expect(SEQUENCE)?.value);
            let kind = bag
                .expect(OID)?
                .value
                .strip_prefix(&BAG)
                .map(<[u8]>::to_vec);
            let value = bag.expect(CONTEXT_0)?.value;
            match kind.as_deref() {
                Some([1]) => self.key()?,
                Some([2]) => {
                    self.key()?;
                    self.encrypted_key(value)?;
                }
                Some([5]) => {
                    let mut secret = Reader::new(Reader::new(value).expect(SEQUENCE)?.value);
                    secret.expect(OID)?;
                    let octets = Reader::new(secret.expect(CONTEXT_0)?.value)
                        .expect(OCTET_STRING)?
                        .value;
                    self.encrypted_key(octets)?;
                }
                _ => {}
            }
            if let Some(attributes) = bag.expect(SET) {
                self.attributes(attributes.value)?;
            }
        }
        Some(())
    }

    fn attributes(&mut self, set: &[u8]) -> Option<()> {
        let mut count = 0;
        let mut attributes = Reader::new(set);
        while !attributes.is_empty() {
            let mut attribute = Reader::new(attributes.expect(SEQUENCE)?.value);
            attribute.expect(OID)?;
            let mut values = Reader::new(attribute.expect(SET)?.value);
            while !values.is_empty() {
                values.any()?;
                count += 1;
                if count > MAX_ATTRIBUTES {
                    return self.fail(StoreError::new(
                        StoreFault::Format,
                        "one of its entries has more than a hundred attributes, which no tool \
                         writes; create it again",
                    ));
                }
            }
        }
        Some(())
    }

    fn key(&mut self) -> Option<()> {
        self.keys += 1;
        if self.keys > MAX_KEYS {
            return self.fail(too_many_keys());
        }
        Some(())
    }

    /// EncryptedPrivateKeyInfo ::= SEQUENCE { AlgorithmIdentifier, OCTET STRING } (RFC 5208 §6).
    fn encrypted_key(&mut self, info: &[u8]) -> Option<()> {
        let mut fields = Reader::new(Reader::new(info).expect(SEQUENCE)?.value);
        self.algorithm(fields.expect(SEQUENCE)?.value)
    }

    /// The contents of an AlgorithmIdentifier for encryption under a password.
    fn algorithm(&mut self, algorithm: &[u8]) -> Option<()> {
        let mut fields = Reader::new(algorithm);
        let id = fields.expect(OID)?.value;
        let mut parameters = Reader::new(fields.expect(SEQUENCE)?.value);
        if id != PBES2 {
            // pkcs-12PbeParams ::= SEQUENCE { salt, iterations } (RFC 7292 Appendix C)
            parameters.expect(OCTET_STRING)?;
            return self.rounds(number(parameters.expect(INTEGER)?.value));
        }
        let mut derivation = Reader::new(parameters.expect(SEQUENCE)?.value);
        let function = derivation.expect(OID)?.value;
        let mut options = Reader::new(derivation.expect(SEQUENCE)?.value);
        if options.expect(OCTET_STRING)?.value.len() > MAX_SALT {
            return self.fail(StoreError::new(
                StoreFault::Unsupported,
                "it is encrypted with a salt of more than 32 octets, which is not read here; \
                 rewrite it with keytool -importkeystore -deststoretype PKCS12",
            ));
        }
        let first = number(options.expect(INTEGER)?.value);
        if function == PBKDF2 {
            return self.rounds(first);
        }
        if function == SCRYPT {
            let block = number(options.expect(INTEGER)?.value)?;
            let lanes = number(options.expect(INTEGER)?.value)?;
            let size = u64::from(first?).saturating_mul(u64::from(block));
            if size.saturating_mul(128) > MAX_SCRYPT_MEMORY {
                return self.fail(too_much_work());
            }
            let work = size.saturating_mul(u64::from(lanes));
            return self.rounds(Some(u32::try_from(work).unwrap_or(u32::MAX)));
        }
        Some(())
    }

    fn rounds(&mut self, rounds: Option<u32>) -> Option<()> {
        let rounds = rounds.unwrap_or(u32::MAX);
        self.rounds = self.rounds.saturating_add(u64::from(rounds));
        if rounds > MAX_ROUNDS || self.rounds > MAX_ROUNDS_IN_ALL {
            return self.fail(too_much_work());
        }
        Some(())
    }
}

pub(super) fn too_many_keys() -> StoreError {
    StoreError::new(
        StoreFault::Format,
        "it holds more than a hundred private keys, and one is used; leave that one in it",
    )
}
