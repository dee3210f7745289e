//! Paths that were found sound before.
//!
//! The peers of a cluster show the same few certificates with every connection. Nothing that a
//! path's verdict depends on changes between two of them but the time: anchors belong to the judge
//! that keeps this, and there are no revocation lists.

use crate::x509::Certificate;
use aws_lc_rs::digest::{Context, SHA256};
use rustls::Error;
use rustls_pki_types::{CertificateDer, UnixTime};
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Chains kept; where there are more peers than that, it starts over.
const CHAINS: usize = 1024;

type Fingerprint = [u8; 32];

/// See the module.
#[derive(Debug, Default)]
pub(super) struct VerifiedPaths(Mutex<HashMap<Fingerprint, RangeInclusive<u64>>>);

impl VerifiedPaths {
    /// Asks `verify` about a chain, unless it has said yes before and every certificate of the chain
    /// is still valid.
    pub(super) fn check(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
        verify: impl FnOnce() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let chain = || std::iter::once(end_entity).chain(intermediates);
        let Some(fingerprint) = fingerprint(chain()) else {
            return verify();
        };
        let known = self.locked().get(&fingerprint).cloned();
        if known.is_some_and(|times| times.contains(&now.as_secs())) {
            return Ok(());
        }
        verify()?;
        if let Some(end) = chain().map(last_second).min().flatten() {
            let mut known = self.locked();
            if known.len() >= CHAINS {
                known.clear();
            }
            // Not before now: a clock that is set back has everything looked at again.
            known.insert(fingerprint, now.as_secs()..=end);
        }
        Ok(())
    }

    /// Nothing that holds the lock can be left half-done by a panic.
    fn locked(&self) -> MutexGuard<'_, HashMap<Fingerprint, RangeInclusive<u64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Of the certificates and of where each ends.
fn fingerprint<'a>(chain: impl Iterator<Item = &'a CertificateDer<'a>>) -> Option<Fingerprint> {
    let mut digest = Context::new(&SHA256);
    for certificate in chain {
        digest.update(&certificate.len().to_be_bytes());
        digest.update(certificate);
    }
    digest.finish().as_ref().try_into().ok()
}

/// `None` for a certificate that does not tell, which sorts first.
fn last_second(certificate: &CertificateDer<'_>) -> Option<u64> {
    let (_, not_after) = Certificate::parse(certificate)?.validity()?;
    Some(not_after.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{date_time_ymd, CertificateParams, KeyPair};
    use rustls::CertificateError;
    use std::cell::Cell;
    use std::time::Duration;

    /// 2033-05-18T00:00:00Z.
    const END: u64 = 1_999_987_200;

    fn certificate() -> CertificateDer<'static> {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.not_after = date_time_ymd(2033, 5, 18);
        let key = KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().der().clone()
    }

    fn at(second: u64) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(second))
    }

    /// How often the path itself is looked at.
    struct Asked {
        paths: VerifiedPaths,
        times: Cell<u32>,
    }

    impl Asked {
        fn new() -> Self {
            Self {
                paths: VerifiedPaths::default(),
                times: Cell::new(0),
            }
        }

        fn check(&self, chain: &[CertificateDer<'static>], second: u64, sound: bool) -> bool {
            let verdict = self.paths.check(&chain[0], &chain[1..], at(second), || {
                self.times.set(self.times.get() + 1);
                sound
                    .then_some(())
                    .ok_or(CertificateError::UnknownIssuer.into())
            });
            verdict.is_ok()
        }
    }

    #[test]
    fn a_sound_path_is_looked_at_once() {
        let asked = Asked::new();
        let chain = [certificate(), certificate()];
        for second in [1000, 1000, 1001, END] {
            assert!(asked.check(&chain, second, true));
        }
        assert_eq!(asked.times.get(), 1);
    }

    #[test]
    fn other_times_and_other_certificates_are_looked_at() {
        let asked = Asked::new();
        let chain = [certificate(), certificate()];
        assert!(asked.check(&chain, 1000, true));
        assert!(!asked.check(&chain, END + 1, false), "after its end");
        assert!(!asked.check(&chain, 999, false), "before it was looked at");
        assert!(!asked.check(&chain[..1], 1000, false), "without its issuer");
        assert!(!asked.check(&[certificate()], 1000, false), "a stranger");
        assert_eq!(asked.times.get(), 5);
    }

    #[test]
    fn what_is_not_sound_is_looked_at_each_time() {
        let asked = Asked::new();
        let chain = [certificate()];
        for _ in 0..3 {
            assert!(!asked.check(&chain, 1000, false));
        }
        assert_eq!(asked.times.get(), 3);
    }

    #[test]
    fn a_chain_that_does_not_tell_its_end_is_not_kept() {
        let asked = Asked::new();
        let chain = [certificate(), CertificateDer::from(vec![1, 2, 3])];
        assert!(asked.check(&chain, 1000, true));
        assert!(asked.check(&chain, 1000, true));
        assert_eq!(asked.times.get(), 2);
    }
}
