//! The parts of the key schedules that rustls does not hand out, and where they are needed: TLS 1.3's
//! next keys after the handshake (RFC 8446 §7.2, §7.3), and either version's keys within it, for
//! alerts (RFC 5246 §6.3).
//!
//! rustls' own kernel connection could make new keys, too, but keeps some kilobytes for it: the
//! peer's certificates, the transcript, the configuration. Two secrets are enough.

use rustls::crypto::cipher::{AeadKey, Iv, NONCE_LEN};
use rustls::crypto::tls13::OkmBlock;
use rustls::{ConnectionTrafficSecrets, Error, Tls12CipherSuite, Tls13CipherSuite};
use zeroize::Zeroizing;

/// The longest key that any AEAD of TLS 1.3 takes, in bytes.
const LONGEST_KEY: usize = 32;

/// One direction's `application_traffic_secret_N`.
pub(super) struct TrafficSecret {
    secret: Zeroizing<Box<[u8]>>,
    suite: &'static Tls13CipherSuite,
}

impl TrafficSecret {
    pub(super) fn new(suite: &'static Tls13CipherSuite, secret: &[u8]) -> Self {
        Self {
            secret: Zeroizing::new(secret.into()),
            suite,
        }
    }

    /// Goes on to the next secret, and makes the keys of it.
    pub(super) fn update(&mut self) -> Result<ConnectionTrafficSecrets, Error> {
        let mut next = Zeroizing::new(vec![0; self.secret.len()].into_boxed_slice());
        self.expand(b"traffic upd", &mut next)?;
        self.secret = next;
        self.keys()
    }

    /// The keys of the current secret.
    pub(super) fn keys(&self) -> Result<ConnectionTrafficSecrets, Error> {
        let mut key = Zeroizing::new([0; LONGEST_KEY]);
        let length = self.suite.aead_alg.key_len();
        self.expand(b"key", key.get_mut(..length).unwrap_or_default())?;
        let mut iv = [0; NONCE_LEN];
        self.expand(b"iv", &mut iv)?;
        self.suite
            .aead_alg
            .extract_keys(AeadKey::from(*key), Iv::from(iv))
            .map_err(|_| Error::General("the suite does not tell its keys".into()))
    }

    /// HKDF-Expand-Label without a context, RFC 8446 §7.1.
    fn expand(&self, label: &[u8], output: &mut [u8]) -> Result<(), Error> {
        const PREFIX: &[u8] = b"tls13 ";
        let too_long = || Error::General("an HKDF label is too long".into());
        let length = u16::try_from(output.len()).map_err(|_| too_long())?;
        let label_length = u8::try_from(PREFIX.len() + label.len()).map_err(|_| too_long())?;
        self.suite
            .hkdf_provider
            .expander_for_okm(&OkmBlock::new(&self.secret))
            .expand_slice(
                &[&length.to_be_bytes(), &[label_length], PREFIX, label, &[0]],
                output,
            )
            .map_err(|_| too_long())
    }
}

/// The keys of a TLS 1.2 connection: what the client writes with, and what the server does.
pub(super) fn tls12_keys(
    suite: &'static Tls12CipherSuite,
    master_secret: &[u8],
    client_random: &[u8],
    server_random: &[u8],
) -> Option<(ConnectionTrafficSecrets, ConnectionTrafficSecrets)> {
    let shape = suite.aead_alg.key_block_shape();
    let length = 2 * (shape.enc_key_len + shape.fixed_iv_len) + shape.explicit_nonce_len;
    let mut block = Zeroizing::new(vec![0; length]);
    let seed = [server_random, client_random].concat();
    suite
        .prf_provider
        .for_secret(&mut block, master_secret, b"key expansion", &seed);
    let (client_key, rest) = block.split_at_checked(shape.enc_key_len)?;
    let (server_key, rest) = rest.split_at_checked(shape.enc_key_len)?;
    let (client_iv, rest) = rest.split_at_checked(shape.fixed_iv_len)?;
    let (server_iv, explicit) = rest.split_at_checked(shape.fixed_iv_len)?;
    let keys = |key: &[u8], iv: &[u8]| {
        let mut whole = Zeroizing::new([0; LONGEST_KEY]);
        whole.get_mut(..key.len())?.copy_from_slice(key);
        suite
            .aead_alg
            .extract_keys(AeadKey::from(*whole), iv, explicit)
            .ok()
    };
    Some((keys(client_key, client_iv)?, keys(server_key, server_iv)?))
}

#[cfg(test)]
mod tests {
    use super::TrafficSecret;
    use rustls::crypto::aws_lc_rs::cipher_suite::TLS13_AES_128_GCM_SHA256;
    use rustls::{ConnectionTrafficSecrets, SupportedCipherSuite};

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len() / 2)
            .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
            .collect()
    }

    /// RFC 8448 §3: the server's application traffic secret, and the key and iv made of it.
    #[test]
    fn rfc8448_3_keys_are_those_of_the_trace() {
        let SupportedCipherSuite::Tls13(suite) = TLS13_AES_128_GCM_SHA256 else {
            panic!("not of TLS 1.3");
        };
        let secret = TrafficSecret::new(
            suite,
            &bytes("a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643"),
        );
        let (mut key, mut iv) = ([0; 16], [0; 12]);
        secret.expand(b"key", &mut key).unwrap();
        secret.expand(b"iv", &mut iv).unwrap();
        assert_eq!(key[..], bytes("9f02283b6c9c07efc26bb9f2ac92e356"));
        assert_eq!(iv[..], bytes("cf782b88dd83549aadf1e984"));
    }

    #[test]
    fn each_update_gives_other_keys() {
        let SupportedCipherSuite::Tls13(suite) = TLS13_AES_128_GCM_SHA256 else {
            panic!("not of TLS 1.3");
        };
        let mut secret = TrafficSecret::new(suite, &[7; 32]);
        let mut keys = Vec::new();
        for _ in 0..3 {
            let ConnectionTrafficSecrets::Aes128Gcm { key, .. } = secret.update().unwrap() else {
                panic!("keys of another suite");
            };
            assert!(!keys.contains(&key.as_ref().to_vec()));
            keys.push(key.as_ref().to_vec());
        }
    }
}
