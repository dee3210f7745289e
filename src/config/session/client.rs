//! What a client remembers of servers.

use super::mark::{Mark, Visit};
use super::{locked, SessionLimits};
use rustls::client::{ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue};
use rustls::pki_types::ServerName;
use rustls::NamedGroup;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// TLS 1.3 tickets kept for one server: each resumes once, and connections come in bursts.
const TICKETS_PER_SERVER: usize = 8;

/// A server as one configuration sees it. Several may run on one host, each with sessions of its
/// own: that is what the port is for.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Server {
    configuration: u32,
    port: u16,
    name: ServerName<'static>,
}

/// What a client remembers of one server.
#[derive(Default)]
struct Remembered {
    group: Option<NamedGroup>,
    tls12: Option<(Arc<Mark>, Tls12ClientSessionValue)>,
    tls13: VecDeque<(Arc<Mark>, Tls13ClientSessionValue)>,
}

struct Servers {
    limits: SessionLimits,
    known: HashMap<Server, Remembered>,
    /// As they were first met.
    order: VecDeque<Server>,
}

impl Servers {
    fn remembered(&mut self, server: Server) -> &mut Remembered {
        if !self.known.contains_key(&server) {
            self.order.push_back(server.clone());
            self.known.insert(server.clone(), Remembered::default());
            self.trim();
        }
        self.known.entry(server).or_default()
    }

    fn trim(&mut self) {
        while self.order.len() > self.limits.size {
            if let Some(oldest) = self.order.pop_front() {
                self.known.remove(&oldest);
            }
        }
    }
}

/// A context's sessions as a client.
pub(super) struct ClientSessions(Mutex<Servers>);

impl ClientSessions {
    pub(super) fn new(limits: SessionLimits) -> Self {
        Self(Mutex::new(Servers {
            limits,
            known: HashMap::new(),
            order: VecDeque::new(),
        }))
    }

    pub(super) fn limit(&self, limits: SessionLimits) {
        let mut servers = locked(&self.0);
        servers.limits = limits;
        servers.trim();
    }
}

/// One configuration's part of [`ClientSessions`].
pub(super) struct ClientStore {
    configuration: u32,
    sessions: Arc<ClientSessions>,
}

impl ClientStore {
    pub(super) fn new(configuration: u32, sessions: Arc<ClientSessions>) -> Self {
        Self {
            configuration,
            sessions,
        }
    }

    fn server(&self, visit: &Visit, name: ServerName<'static>) -> Server {
        Server {
            configuration: self.configuration,
            port: visit.port(),
            name,
        }
    }

    fn remember(&self, name: ServerName<'static>, act: impl FnOnce(&Visit, &mut Remembered)) {
        if let Some(visit) = Visit::current() {
            let server = self.server(&visit, name);
            act(&visit, locked(&self.sessions.0).remembered(server));
        }
    }

    fn recall<R>(
        &self,
        name: &ServerName<'_>,
        act: impl FnOnce(&Visit, &SessionLimits, &mut Remembered) -> Option<R>,
    ) -> Option<R> {
        let visit = Visit::current()?;
        let server = self.server(&visit, name.to_owned());
        let servers = &mut *locked(&self.sessions.0);
        act(&visit, &servers.limits, servers.known.get_mut(&server)?)
    }
}

impl fmt::Debug for ClientStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientStore")
    }
}

impl ClientSessionStore for ClientStore {
    fn set_kx_hint(&self, server_name: ServerName<'static>, group: NamedGroup) {
        self.remember(server_name, |_, server| server.group = Some(group));
    }

    fn kx_hint(&self, server_name: &ServerName<'_>) -> Option<NamedGroup> {
        self.recall(server_name, |_, _, server| server.group)
    }

    fn set_tls12_session(&self, server_name: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.remember(server_name, |visit, server| {
            server.tls12 = Some((visit.mark(), value));
        });
    }

    fn tls12_session(&self, server_name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.recall(server_name, |visit, limits, server| {
            let (mark, value) = server.tls12.as_ref()?;
            if !mark.is_usable(limits.timeout, Instant::now()) {
                server.tls12 = None;
                return None;
            }
            visit.found(mark);
            Some(value.clone())
        })
    }

    fn remove_tls12_session(&self, server_name: &ServerName<'static>) {
        self.recall(server_name, |_, _, server| server.tls12.take());
    }

    fn insert_tls13_ticket(
        &self,
        server_name: ServerName<'static>,
        value: Tls13ClientSessionValue,
    ) {
        self.remember(server_name, |visit, server| {
            if server.tls13.len() == TICKETS_PER_SERVER {
                server.tls13.pop_front();
            }
            server.tls13.push_back((visit.mark(), value));
        });
    }

    fn take_tls13_ticket(
        &self,
        server_name: &ServerName<'static>,
    ) -> Option<Tls13ClientSessionValue> {
        self.recall(server_name, |visit, limits, server| {
            let now = Instant::now();
            while let Some((mark, value)) = server.tls13.pop_back() {
                if mark.is_usable(limits.timeout, now) {
                    visit.found(&mark);
                    return Some(value);
                }
            }
            None
        })
    }
}
