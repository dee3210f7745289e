//! Sessions kept for resumption, bounded in number and age (JSSE `SSLSessionContext`).
//!
//! | file | what it holds |
//! |---|---|
//! | `mark.rs` | what tells one session from another, and a connection's part in them |
//! | `client.rs` | what a client remembers of servers |
//! | `server.rs` | what a server remembers of clients |
//! | `stored.rs` | a server's session without what others have, too |
//!
//! All configurations of a context share its two stores, so that a limit is one for all of them;
//! but each finds only its own sessions there: one that was made without a client's certificate, or
//! without a check of the host name, must not be resumed where that is asked for.

mod client;
mod mark;
mod server;
mod stored;

pub use mark::Visit;

use client::{ClientSessions, ClientStore};
use mark::Marks;
use rustls::client::ClientSessionStore;
use rustls::server::StoresServerSessions;
use server::{ServerSessions, ServerStore};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

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

/// All sessions of a context, in both roles.
pub(super) struct Sessions {
    marks: Arc<Marks>,
    clients: Arc<ClientSessions>,
    servers: Arc<ServerSessions>,
    configurations: AtomicU32,
}

impl Sessions {
    pub(super) fn new(limits: SessionLimits) -> Self {
        Self {
            marks: Arc::default(),
            clients: Arc::new(ClientSessions::new(limits)),
            servers: Arc::new(ServerSessions::new(limits)),
            configurations: AtomicU32::new(0),
        }
    }

    /// A connection's part in them; `port` is the server's, 0 while unknown.
    pub(super) fn visit(&self, port: u16) -> Arc<Visit> {
        Arc::new(Visit::new(port, Arc::clone(&self.marks)))
    }

    /// Sets new limits for one role; what fits them stays.
    pub(super) fn limit(&self, client: bool, limits: SessionLimits) {
        if client {
            self.clients.limit(limits);
        } else {
            self.servers.limit(limits);
        }
    }

    /// Forgets a session by its [`Visit::session`]: it is neither offered nor resumed any more.
    pub(super) fn invalidate(&self, session: u64) {
        self.marks.invalidate(session);
    }

    /// The store of a new client configuration.
    pub(super) fn client_store(&self) -> Arc<dyn ClientSessionStore> {
        Arc::new(ClientStore::new(
            self.next_configuration(),
            Arc::clone(&self.clients),
        ))
    }

    /// The store of a new server configuration.
    pub(super) fn server_store(&self) -> Arc<dyn StoresServerSessions> {
        Arc::new(ServerStore::new(
            self.next_configuration(),
            Arc::clone(&self.servers),
        ))
    }

    fn next_configuration(&self) -> u32 {
        self.configurations.fetch_add(1, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
