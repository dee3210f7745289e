//! What tells one session from another, and a connection's part in them.

use super::locked;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::{Duration, Instant};

/// One session: what a full handshake makes, and all connections that resume it have in common.
pub(super) struct Mark {
    id: u64,
    since: Instant,
    valid: AtomicBool,
    marks: Weak<Marks>,
}

impl Mark {
    /// Whether a connection may resume the session: resuming it does not make it younger (JSSE
    /// counts a session's life from its creation).
    pub(super) fn is_usable(&self, timeout: Duration, now: Instant) -> bool {
        self.valid.load(Ordering::Acquire) && now.duration_since(self.since) < timeout
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        if let Some(marks) = self.marks.upgrade() {
            locked(&marks.live).remove(&self.id);
        }
    }
}

/// The sessions that a store or a connection still holds.
#[derive(Default)]
pub(super) struct Marks {
    live: Mutex<HashMap<u64, Weak<Mark>>>,
}

impl Marks {
    pub(super) fn fresh(self: &Arc<Self>) -> Arc<Mark> {
        self.made_at(Instant::now())
    }

    pub(super) fn made_at(self: &Arc<Self>, since: Instant) -> Arc<Mark> {
        /// 0 stands for no session.
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let mark = Arc::new(Mark {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            since,
            valid: AtomicBool::new(true),
            marks: Arc::downgrade(self),
        });
        locked(&self.live).insert(mark.id, Arc::downgrade(&mark));
        mark
    }

    /// Whatever holds the session finds it invalid from now on.
    pub(super) fn invalidate(&self, session: u64) {
        // In a statement of its own: the mark must not be dropped under the lock.
        let mark = locked(&self.live).get(&session).and_then(Weak::upgrade);
        if let Some(mark) = mark {
            mark.valid.store(false, Ordering::Release);
        }
    }
}

/// One connection's part in sessions: the one that it makes, or the one that it resumes.
///
/// rustls' stores are shared by all connections of a configuration and are told the server's name
/// alone; what is in force on the thread ([`Visit::enter`]) is the connection that asks.
pub struct Visit {
    port: u16,
    marks: Arc<Marks>,
    /// Made when somebody asks for it: who resumes a session needs no own.
    own: OnceLock<Arc<Mark>>,
    found: Mutex<Option<Arc<Mark>>>,
    resumed: AtomicBool,
}

impl fmt::Debug for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Visit")
    }
}

thread_local! {
    static CURRENT: RefCell<Option<Arc<Visit>>> = const { RefCell::new(None) };
}

impl Visit {
    pub(super) fn new(port: u16, marks: Arc<Marks>) -> Self {
        Self {
            port,
            marks,
            own: OnceLock::new(),
            found: Mutex::default(),
            resumed: AtomicBool::new(false),
        }
    }

    /// Runs `act` with this connection in force on the current thread.
    pub(crate) fn enter<R>(visit: Option<&Arc<Self>>, act: impl FnOnce() -> R) -> R {
        /// Restores what was in force, also when `act` unwinds.
        struct Restore(Option<Arc<Visit>>);
        impl Drop for Restore {
            fn drop(&mut self) {
                CURRENT.with(|current| *current.borrow_mut() = self.0.take());
            }
        }
        let _restore = Restore(CURRENT.with(|current| current.replace(visit.cloned())));
        act()
    }

    /// The connection in force on this thread.
    pub(super) fn current() -> Option<Arc<Self>> {
        CURRENT.with(|current| current.borrow().clone())
    }

    /// The server's port.
    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// A store has handed this session out; whether it is resumed shows later.
    pub(super) fn found(&self, mark: &Arc<Mark>) {
        *locked(&self.found) = Some(Arc::clone(mark));
    }

    /// The peers have agreed to resume what was found.
    pub(crate) fn set_resumed(&self) {
        self.resumed.store(true, Ordering::Release);
    }

    /// The connection's session.
    pub(super) fn mark(&self) -> Arc<Mark> {
        if self.resumed.load(Ordering::Acquire) {
            if let Some(found) = &*locked(&self.found) {
                return Arc::clone(found);
            }
        }
        Arc::clone(self.own.get_or_init(|| self.marks.fresh()))
    }

    /// A number for the connection's session: connections with the same one share the session.
    pub(crate) fn session(&self) -> u64 {
        self.mark().id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_known_while_it_is_held() {
        let marks = Arc::new(Marks::default());
        let mark = marks.fresh();
        let now = Instant::now();
        assert!(mark.is_usable(Duration::from_secs(10), now));
        assert!(!mark.is_usable(Duration::from_secs(10), now + Duration::from_secs(10)));
        marks.invalidate(mark.id);
        assert!(!mark.is_usable(Duration::from_secs(10), now));
        drop(mark);
        assert!(locked(&marks.live).is_empty());
    }

    #[test]
    fn a_visit_has_its_own_session_until_another_is_resumed() {
        let marks = Arc::new(Marks::default());
        let visit = Arc::new(Visit::new(1, Arc::clone(&marks)));
        let own = visit.session();
        let other = marks.fresh();
        visit.found(&other);
        assert_eq!(visit.session(), own);
        visit.set_resumed();
        assert_eq!(visit.session(), other.id);
    }

    #[test]
    fn who_resumes_makes_no_session() {
        let marks = Arc::new(Marks::default());
        let other = marks.fresh();
        let visit = Visit::new(1, Arc::clone(&marks));
        visit.found(&other);
        visit.set_resumed();
        assert_eq!(visit.session(), other.id);
        assert_eq!(locked(&marks.live).len(), 1);
    }

    #[test]
    fn visits_nest_and_are_restored() {
        let marks = Arc::new(Marks::default());
        let visit = Arc::new(Visit::new(7, Arc::clone(&marks)));
        let port = || Visit::current().map(|visit| visit.port());
        Visit::enter(Some(&visit), || {
            assert_eq!(port(), Some(7));
            Visit::enter(None, || assert_eq!(port(), None));
            assert_eq!(port(), Some(7));
        });
        assert_eq!(port(), None);
    }
}
