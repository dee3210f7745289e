//! Sessions kept for resumption, bounded in number and age (JSSE `SSLSessionContext`).

use super::stored_session::{Chains, StoredSession};
use rustls::client::{ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue};
use rustls::pki_types::ServerName;
use rustls::server::StoresServerSessions;
use rustls::NamedGroup;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// TLS 1.3 tickets kept for one server: each resumes once, and connections come in bursts.
const TICKETS_PER_SERVER: usize = 8;

/// How many sessions are kept, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// Sessions kept at most, over all peers.
    pub size: usize,
    /// Age after which a session is not resumed any more.
    pub timeout: Duration,
}

impl SessionLimits {
    /// The JDK's default (`javax.net.ssl.sessionCacheSize`).
    pub const DEFAULT_SIZE: usize = 20_480;
    /// The JDK's default, a day.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(86_400);
    /// RFC 8446 §4.6.1: a ticket lives seven days at most.
    pub const LONGEST: Duration = Duration::from_secs(604_800);

    /// Reads JSSE's and Flink's numbers: -1 is the default, 0 no limit of its own.
    pub fn from_options(size: i32, timeout_seconds: i32) -> Self {
        Self {
            size: match size {
                0 => usize::MAX,
                n => usize::try_from(n).unwrap_or(Self::DEFAULT_SIZE),
            },
            timeout: match timeout_seconds {
                0 => Self::LONGEST,
                n => u64::try_from(n).map_or(Self::DEFAULT_TIMEOUT, |s| {
                    Duration::from_secs(s).min(Self::LONGEST)
                }),
            },
        }
    }
}

/// Nothing that holds these locks can be left half-done by a panic, so a poisoned one is usable.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A map that forgets the oldest entry beyond `limits.size` and any beyond `limits.timeout`.
struct Aging<V> {
    limits: SessionLimits,
    entries: HashMap<Vec<u8>, (Instant, V)>,
    order: VecDeque<(Instant, Vec<u8>)>,
}

impl<V> Aging<V> {
    fn new(limits: SessionLimits) -> Self {
        Self {
            limits,
            entries: HashMap::new(),
            order: VecDeque::new(),
        }
    }

    fn put(&mut self, key: Vec<u8>, value: V, now: Instant) {
        self.order.push_back((now, key.clone()));
        self.entries.insert(key, (now, value));
        while let Some((since, key)) = self.order.front() {
            // An order entry is stale when its key was taken or put again since.
            let stale = self
                .entries
                .get(key)
                .is_none_or(|(current, _)| current != since);
            let expired = now.duration_since(*since) >= self.limits.timeout;
            if !stale && !expired && self.entries.len() <= self.limits.size {
                break;
            }
            if !stale {
                self.entries.remove(key);
            }
            self.order.pop_front();
        }
        // Keys taken out of the middle would otherwise stay in the order for the whole timeout.
        if self.order.len() > 2 * self.entries.len() + 64 {
            let entries = &self.entries;
            self.order.retain(|(since, key)| {
                entries
                    .get(key)
                    .is_some_and(|(current, _)| current == since)
            });
        }
    }

    fn get(&self, key: &[u8], now: Instant) -> Option<&V> {
        self.entries
            .get(key)
            .filter(|(since, _)| now.duration_since(*since) < self.limits.timeout)
            .map(|(_, value)| value)
    }

    fn take(&mut self, key: &[u8], now: Instant) -> Option<V> {
        self.entries
            .remove(key)
            .filter(|(since, _)| now.duration_since(*since) < self.limits.timeout)
            .map(|(_, value)| value)
    }
}

/// A server's sessions, kept in memory (stateful tickets, RFC 8446 §4.6.1; session ids, RFC 5246
/// §7.4.1.2).
pub(crate) struct ServerSessions(Mutex<(Aging<StoredSession>, Chains)>);

impl ServerSessions {
    pub(crate) fn new(limits: SessionLimits) -> Self {
        Self(Mutex::new((Aging::new(limits), Chains::default())))
    }
}

impl fmt::Debug for ServerSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerSessions")
    }
}

impl StoresServerSessions for ServerSessions {
    fn put(&self, key: Vec<u8>, value: Vec<u8>) -> bool {
        let mut kept = locked(&self.0);
        let (sessions, chains) = &mut *kept;
        let session = StoredSession::new(&value, chains);
        sessions.put(key, session, Instant::now());
        true
    }

    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let kept = locked(&self.0);
        kept.0.get(key, Instant::now()).map(StoredSession::bytes)
    }

    fn take(&self, key: &[u8]) -> Option<Vec<u8>> {
        let session = locked(&self.0).0.take(key, Instant::now())?;
        Some(session.bytes())
    }

    fn can_cache(&self) -> bool {
        true
    }
}

/// What a client remembers of one server.
#[derive(Default)]
struct Remembered {
    group: Option<NamedGroup>,
    tls12: Option<(Instant, Tls12ClientSessionValue)>,
    tls13: VecDeque<(Instant, Tls13ClientSessionValue)>,
}

/// A client's sessions by server name.
pub(crate) struct ClientSessions {
    limits: SessionLimits,
    servers: Mutex<Servers>,
}

#[derive(Default)]
struct Servers {
    by_name: HashMap<ServerName<'static>, Remembered>,
    order: VecDeque<ServerName<'static>>,
}

impl ClientSessions {
    pub(crate) fn new(limits: SessionLimits) -> Self {
        Self {
            limits,
            servers: Mutex::new(Servers::default()),
        }
    }

    fn with<R>(&self, name: ServerName<'static>, act: impl FnOnce(&mut Remembered) -> R) -> R {
        let mut servers = locked(&self.servers);
        let Servers { by_name, order } = &mut *servers;
        if !by_name.contains_key(&name) {
            order.push_back(name.clone());
            if order.len() > self.limits.size {
                if let Some(oldest) = order.pop_front() {
                    by_name.remove(&oldest);
                }
            }
        }
        act(by_name.entry(name).or_default())
    }

    fn fresh(&self, since: Instant) -> bool {
        since.elapsed() < self.limits.timeout
    }
}

impl fmt::Debug for ClientSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSessions")
    }
}

impl ClientSessionStore for ClientSessions {
    fn set_kx_hint(&self, server_name: ServerName<'static>, group: NamedGroup) {
        self.with(server_name, |r| r.group = Some(group));
    }

    fn kx_hint(&self, server_name: &ServerName<'_>) -> Option<NamedGroup> {
        let servers = locked(&self.servers);
        servers.by_name.get(&server_name.to_owned())?.group
    }

    fn set_tls12_session(&self, server_name: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.with(server_name, |r| r.tls12 = Some((Instant::now(), value)));
    }

    fn tls12_session(&self, server_name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        let servers = locked(&self.servers);
        let remembered = servers.by_name.get(&server_name.to_owned())?;
        let (since, value) = remembered.tls12.as_ref()?;
        self.fresh(*since).then(|| value.clone())
    }

    fn remove_tls12_session(&self, server_name: &ServerName<'static>) {
        if let Some(remembered) = locked(&self.servers).by_name.get_mut(server_name) {
            remembered.tls12 = None;
        }
    }

    fn insert_tls13_ticket(
        &self,
        server_name: ServerName<'static>,
        value: Tls13ClientSessionValue,
    ) {
        self.with(server_name, |r| {
            if r.tls13.len() == TICKETS_PER_SERVER {
                r.tls13.pop_front();
            }
            r.tls13.push_back((Instant::now(), value));
        });
    }

    fn take_tls13_ticket(
        &self,
        server_name: &ServerName<'static>,
    ) -> Option<Tls13ClientSessionValue> {
        let mut servers = locked(&self.servers);
        let remembered = servers.by_name.get_mut(server_name)?;
        let (since, value) = remembered.tls13.pop_back()?;
        self.fresh(since).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aging(size: usize) -> Aging<u32> {
        Aging::new(SessionLimits {
            size,
            timeout: Duration::from_secs(10),
        })
    }

    #[test]
    fn options_mean_what_jsse_says() {
        let default = SessionLimits::from_options(-1, -1);
        assert_eq!(default.size, SessionLimits::DEFAULT_SIZE);
        assert_eq!(default.timeout, SessionLimits::DEFAULT_TIMEOUT);
        let unlimited = SessionLimits::from_options(0, 0);
        assert_eq!(unlimited.size, usize::MAX);
        assert_eq!(unlimited.timeout, SessionLimits::LONGEST);
        let own = SessionLimits::from_options(7, 30);
        assert_eq!((own.size, own.timeout), (7, Duration::from_secs(30)));
    }

    #[test]
    fn the_oldest_goes_first() {
        let now = Instant::now();
        let mut aging = aging(2);
        for n in 0..3u8 {
            aging.put(vec![n], u32::from(n), now);
        }
        assert_eq!(aging.get(&[0], now), None);
        assert_eq!(aging.get(&[1], now), Some(&1));
        assert_eq!(aging.get(&[2], now), Some(&2));
    }

    #[test]
    fn what_is_put_again_counts_as_young() {
        let now = Instant::now();
        let later = now + Duration::from_millis(1);
        let mut aging = aging(2);
        aging.put(vec![0], 0, now);
        aging.put(vec![1], 1, now);
        aging.put(vec![0], 9, later);
        aging.put(vec![2], 2, later);
        assert_eq!(aging.get(&[0], later), Some(&9));
        assert_eq!(aging.get(&[1], later), None);
    }

    #[test]
    fn an_old_session_is_not_resumed() {
        let now = Instant::now();
        let mut aging = aging(2);
        aging.put(vec![0], 0, now);
        let later = now + Duration::from_secs(10);
        assert_eq!(aging.get(&[0], later), None);
        assert_eq!(aging.take(&[0], later), None);
    }

    #[test]
    fn the_order_does_not_outgrow_the_entries() {
        let now = Instant::now();
        let mut aging = aging(1_000_000);
        for n in 0..10_000u32 {
            aging.put(n.to_be_bytes().to_vec(), n, now);
            assert_eq!(aging.take(&n.to_be_bytes(), now), Some(n));
        }
        assert!(aging.order.len() <= 66, "{} left", aging.order.len());
    }
}
