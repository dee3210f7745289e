//! What a server remembers of clients: stateful tickets (RFC 8446 §4.6.1) and session ids (RFC 5246
//! §7.4.1.2).

use super::mark::{Mark, Visit};
use super::stored::{Chains, StoredSession};
use super::{locked, SessionLimits};
use rustls::server::StoresServerSessions;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Instant;
use zeroize::Zeroizing;

struct Entry<V> {
    /// When it was put, by count.
    turn: u64,
    mark: Arc<Mark>,
    value: V,
}

/// Shared, because most of what a server holds for a client that is long gone is this and the
/// session itself.
type Key = Arc<[u8]>;

/// A map that forgets the oldest entry beyond `limits.size` and any beyond `limits.timeout`.
struct Aging<V> {
    limits: SessionLimits,
    entries: HashMap<Key, Entry<V>>,
    order: VecDeque<(u64, Key)>,
    turns: u64,
}

impl<V> Aging<V> {
    fn new(limits: SessionLimits) -> Self {
        Self {
            limits,
            entries: HashMap::new(),
            order: VecDeque::new(),
            turns: 0,
        }
    }

    fn limit(&mut self, limits: SessionLimits, now: Instant) {
        self.limits = limits;
        self.trim(now);
    }

    fn put(&mut self, key: Key, mark: Arc<Mark>, value: V, now: Instant) {
        let turn = self.turns;
        self.turns += 1;
        self.order.push_back((turn, Arc::clone(&key)));
        self.entries.insert(key, Entry { turn, mark, value });
        self.trim(now);
    }

    fn trim(&mut self, now: Instant) {
        while let Some((turn, key)) = self.order.front() {
            // An order entry is stale when its key was taken or put again since.
            let current = self.entries.get(key).filter(|entry| entry.turn == *turn);
            let usable =
                current.is_some_and(|entry| entry.mark.is_usable(self.limits.timeout, now));
            if usable && self.entries.len() <= self.limits.size {
                break;
            }
            if current.is_some() {
                self.entries.remove(key);
            }
            self.order.pop_front();
        }
        // Keys taken out of the middle would otherwise stay in the order for the whole timeout.
        if self.order.len() > 2 * self.entries.len() + 64 {
            let entries = &self.entries;
            self.order
                .retain(|(turn, key)| entries.get(key).is_some_and(|entry| entry.turn == *turn));
        }
    }

    fn get(&self, key: &[u8], now: Instant) -> Option<&Entry<V>> {
        self.entries
            .get(key)
            .filter(|entry| entry.mark.is_usable(self.limits.timeout, now))
    }

    fn take(&mut self, key: &[u8], now: Instant) -> Option<Entry<V>> {
        self.entries
            .remove(key)
            .filter(|entry| entry.mark.is_usable(self.limits.timeout, now))
    }
}

struct Kept {
    sessions: Aging<StoredSession>,
    chains: Chains,
}

/// A context's sessions as a server.
pub(super) struct ServerSessions(Mutex<Kept>);

impl ServerSessions {
    pub(super) fn new(limits: SessionLimits) -> Self {
        Self(Mutex::new(Kept {
            sessions: Aging::new(limits),
            chains: Chains::default(),
        }))
    }

    pub(super) fn limit(&self, limits: SessionLimits) {
        locked(&self.0).sessions.limit(limits, Instant::now());
    }
}

/// One configuration's part of [`ServerSessions`].
pub(super) struct ServerStore {
    configuration: u32,
    sessions: Arc<ServerSessions>,
}

impl ServerStore {
    pub(super) fn new(configuration: u32, sessions: Arc<ServerSessions>) -> Self {
        Self {
            configuration,
            sessions,
        }
    }

    fn key(&self, key: &[u8]) -> Key {
        [&self.configuration.to_be_bytes(), key].concat().into()
    }
}

impl fmt::Debug for ServerStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerStore")
    }
}

impl StoresServerSessions for ServerStore {
    fn put(&self, key: Vec<u8>, value: Vec<u8>) -> bool {
        let Some(visit) = Visit::current() else {
            return false;
        };
        let value = Zeroizing::new(value);
        let key = self.key(&key);
        let Kept { sessions, chains } = &mut *locked(&self.sessions.0);
        let session = StoredSession::new(&value, chains);
        sessions.put(key, visit.mark(), session, Instant::now());
        true
    }

    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let visit = Visit::current()?;
        let kept = locked(&self.sessions.0);
        let entry = kept.sessions.get(&self.key(key), Instant::now())?;
        visit.found(&entry.mark);
        Some(entry.value.bytes())
    }

    fn take(&self, key: &[u8]) -> Option<Vec<u8>> {
        let visit = Visit::current()?;
        let entry = locked(&self.sessions.0)
            .sessions
            .take(&self.key(key), Instant::now())?;
        visit.found(&entry.mark);
        Some(entry.value.bytes())
    }

    fn can_cache(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::mark::Marks;
    use super::*;
    use std::time::Duration;

    struct Fixture {
        marks: Arc<Marks>,
        now: Instant,
        aging: Aging<u32>,
    }

    const TIMEOUT: Duration = Duration::from_secs(10);

    impl Fixture {
        fn new(size: usize) -> Self {
            let timeout = TIMEOUT;
            Self {
                marks: Arc::default(),
                now: Instant::now(),
                aging: Aging::new(SessionLimits { size, timeout }),
            }
        }

        fn put(&mut self, key: u8, value: u32) {
            let mark = self.marks.made_at(self.now);
            self.aging.put([key].into(), mark, value, self.now);
        }

        fn get(&self, key: u8) -> Option<u32> {
            self.aging.get(&[key], self.now).map(|entry| entry.value)
        }
    }

    #[test]
    fn the_oldest_goes_first() {
        let mut fixture = Fixture::new(2);
        for n in 0..3u8 {
            fixture.put(n, n.into());
        }
        assert_eq!(fixture.get(0), None);
        assert_eq!(fixture.get(1), Some(1));
        assert_eq!(fixture.get(2), Some(2));
    }

    #[test]
    fn what_is_put_again_counts_as_young() {
        let mut fixture = Fixture::new(2);
        for (key, value) in [(0, 0), (1, 1), (0, 9), (2, 2)] {
            fixture.put(key, value);
        }
        assert_eq!(fixture.get(0), Some(9));
        assert_eq!(fixture.get(1), None);
    }

    #[test]
    fn an_old_session_is_not_resumed() {
        let mut fixture = Fixture::new(2);
        fixture.put(0, 0);
        fixture.now += TIMEOUT;
        assert_eq!(fixture.get(0), None);
        assert!(fixture.aging.take(&[0], fixture.now).is_none());
    }

    #[test]
    fn new_limits_keep_what_fits_them() {
        let mut fixture = Fixture::new(8);
        for n in 0..4u8 {
            fixture.put(n, n.into());
        }
        let timeout = 2 * TIMEOUT;
        fixture
            .aging
            .limit(SessionLimits { size: 2, timeout }, fixture.now);
        fixture.now += TIMEOUT;
        let left: Vec<Option<u32>> = (0..4).map(|n| fixture.get(n)).collect();
        assert_eq!(left, [None, None, Some(2), Some(3)]);
    }

    #[test]
    fn the_order_does_not_outgrow_the_entries() {
        let mut fixture = Fixture::new(1_000_000);
        for _ in 0..10_000 {
            fixture.put(0, 7);
            let entry = fixture.aging.take(&[0], fixture.now).unwrap();
            assert_eq!(entry.value, 7);
        }
        let order = fixture.aging.order.len();
        assert!(order <= 66, "{order} left");
    }
}
