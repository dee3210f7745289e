//! A server's session as it is kept: what many sessions have in common is kept once.
//!
//! Most of a session's bytes are the client's certificates, and most of a server's clients show the
//! same ones again and again. rustls encodes the whole for itself; certificates are found in it as
//! TLS writes them (RFC 8446 §4.4.2, RFC 5246 §7.4.2). Whatever is found or not, the bytes that come
//! out are those that went in.

use std::collections::HashSet;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Below that it is not worth while to look for a certificate.
const SHORTEST: usize = 64;

/// Certificates that sessions share.
#[derive(Default)]
pub(super) struct Chains {
    known: HashSet<Arc<[u8]>>,
    /// How many were known when those in use were last counted.
    counted: usize,
}

impl Chains {
    /// The one copy of `chain`.
    fn share(&mut self, chain: &[u8]) -> Arc<[u8]> {
        if let Some(known) = self.known.get(chain) {
            return Arc::clone(known);
        }
        if self.known.len() > 2 * self.counted + 16 {
            // Those of sessions that are gone.
            self.known.retain(|chain| Arc::strong_count(chain) > 1);
            self.counted = self.known.len();
        }
        let shared: Arc<[u8]> = chain.into();
        self.known.insert(Arc::clone(&shared));
        shared
    }
}

/// One session.
pub(super) struct StoredSession {
    /// The session but for its certificates; its secret is in it.
    own: Zeroizing<Box<[u8]>>,
    /// Where in `own` they belong, and they themselves.
    chain: Option<(usize, Arc<[u8]>)>,
}

impl StoredSession {
    pub(super) fn new(session: &[u8], chains: &mut Chains) -> Self {
        match find_chain(session) {
            Some((before, chain, after)) => Self {
                own: Zeroizing::new([before, after].concat().into()),
                chain: Some((before.len(), chains.share(chain))),
            },
            None => Self {
                own: Zeroizing::new(session.into()),
                chain: None,
            },
        }
    }

    /// The session as it was given.
    pub(super) fn bytes(&self) -> Vec<u8> {
        match &self.chain {
            Some((at, chain)) => {
                let (before, after) = self.own.split_at_checked(*at).unwrap_or((&self.own, &[]));
                [before, &**chain, after].concat()
            }
            None => self.own.to_vec(),
        }
    }
}

/// The first certificate of `session` and what follows it without a gap: before, chain, after.
fn find_chain(session: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let last = session.len().checked_sub(SHORTEST)?;
    let start = (0..last).find(|at| certificate(session, *at).is_some())?;
    let mut end = start;
    while let Some(next) = certificate(session, end) {
        end = next;
    }
    let (before, rest) = session.split_at_checked(start)?;
    let (chain, after) = rest.split_at_checked(end - start)?;
    Some((before, chain, after))
}

/// Where the certificate at `at` ends, if one is there: a length of 24 bits, and in it an ASN.1
/// SEQUENCE with a length of 16 bits that fills it.
fn certificate(session: &[u8], at: usize) -> Option<usize> {
    const HEADER: usize = 4;
    let [a, b, c, 0x30, 0x82, high, low, ..] = session.get(at..)? else {
        return None;
    };
    let length = u32::from_be_bytes([0, *a, *b, *c]) as usize;
    let inner = usize::from(u16::from_be_bytes([*high, *low]));
    let end = at + 3 + length;
    (length == inner + HEADER && end <= session.len()).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(own: u8, certificates: &[(u8, usize)]) -> Vec<u8> {
        let mut bytes = vec![own; 60];
        for (fill, length) in certificates {
            let inner = u16::try_from(*length).unwrap().to_be_bytes();
            bytes.extend_from_slice(&u32::try_from(length + 4).unwrap().to_be_bytes()[1..]);
            bytes.extend_from_slice(&[0x30, 0x82]);
            bytes.extend_from_slice(&inner);
            bytes.extend(std::iter::repeat_n(*fill, *length));
        }
        bytes.extend_from_slice(&[own; 20]);
        bytes
    }

    #[test]
    fn what_went_in_comes_out() {
        let mut chains = Chains::default();
        let cut = session(4, &[(1, 700)]);
        for bytes in [
            session(1, &[]),
            session(2, &[(1, 700)]),
            session(3, &[(1, 700), (2, 300)]),
            cut[..400].to_vec(),
            Vec::new(),
        ] {
            assert_eq!(StoredSession::new(&bytes, &mut chains).bytes(), bytes);
        }
    }

    #[test]
    fn certificates_are_kept_once() {
        let mut chains = Chains::default();
        let stored: Vec<_> = (0..100)
            .map(|own| StoredSession::new(&session(own, &[(1, 700), (2, 300)]), &mut chains))
            .collect();
        assert_eq!(chains.known.len(), 1);
        assert!(stored.iter().all(|session| session.own.len() == 80));
    }

    #[test]
    fn certificates_of_forgotten_sessions_go() {
        let mut chains = Chains::default();
        for length in 300..800 {
            StoredSession::new(&session(0, &[(1, length)]), &mut chains);
        }
        assert!(chains.known.len() <= 18, "{} left", chains.known.len());
    }
}
