//! Key and trust managers of the embedding program, asked during a handshake step.
//!
//! rustls' verifiers and resolvers are shared by all connections of a configuration, while a
//! manager wants to know which connection it is asked about. A handshake step therefore runs
//! [`Step::enter`]: what is in force on this thread is the connection's own.

use crate::client_hello::ClientHello;
use rustls::sign::CertifiedKey;
use rustls::{DistinguishedName, SignatureScheme};
use std::cell::{Cell, RefCell};
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Answers for one connection; implemented by the bridge over Java's managers.
pub trait Managers {
    /// Looks at a client's first message, before anything of it is answered.
    ///
    /// # Errors
    /// The description of the alert to send (RFC 8446 §6.2).
    fn welcome(&self, hello: &ClientHello<'_>, foreseen: Foreseen) -> Result<Welcome, u8>;

    /// Chooses whom to be; `None` for no certificate. `issuers` are DER names, empty for any.
    fn choose_credential(
        &self,
        step: &Step,
        schemes: &[SignatureScheme],
        issuers: &[&[u8]],
        server_name: Option<&str>,
    ) -> Option<Arc<CertifiedKey>>;

    /// Judges the peer's chain, leaf first.
    ///
    /// # Errors
    /// The description of the alert to send (RFC 8446 §6.2).
    fn check_peer(&self, step: &Step, chain: &[&[u8]], ocsp_response: &[u8]) -> Result<(), u8>;
}

/// What the embedding program makes of a client's first message.
#[derive(Debug, Default)]
pub struct Welcome {
    /// The application protocol, where the program chooses it: `Some(None)` for none at all.
    /// Without, the configured list decides.
    pub application_protocol: Option<Option<Vec<u8>>>,
    /// Whose certificates the client may choose from, where the program names them.
    pub issuers: Issuers,
}

/// Distinguished names for a CertificateRequest; two are equal when they are the same list.
#[derive(Clone, Debug, Default)]
pub struct Issuers(pub Option<Arc<[DistinguishedName]>>);

impl Issuers {
    fn address(&self) -> usize {
        self.0
            .as_ref()
            .map_or(0, |names| Arc::as_ptr(names).cast::<()>() as usize)
    }
}

impl PartialEq for Issuers {
    fn eq(&self, other: &Self) -> bool {
        self.address() == other.address()
    }
}

impl Eq for Issuers {}

impl Hash for Issuers {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.address().hash(state);
    }
}

/// Version and suite that will be agreed on, by their code points; 0 where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Foreseen {
    /// The version.
    pub protocol: u16,
    /// The suite.
    pub suite: u16,
}

/// One step of one connection's handshake: what is known so far, and what is learned on the way.
#[derive(Default)]
pub struct Step {
    /// Who answers for Java managers; `None` where the configuration needs none.
    pub managers: Option<Rc<dyn Managers>>,
    /// Whether this side is the client.
    pub client: bool,
    /// Negotiated version's code point, 0 while unknown.
    pub protocol: Cell<u16>,
    /// Negotiated suite's code point, 0 while unknown.
    pub suite: Cell<u16>,
    /// The signatures that the peer can verify.
    pub peer_schemes: RefCell<Vec<SignatureScheme>>,
    /// The name that the client asked for.
    pub server_name: RefCell<Option<String>>,
    /// The credential that was chosen before rustls has asked for it.
    pub chosen: RefCell<Option<Arc<CertifiedKey>>>,
    /// The credential that was shown.
    pub shown: RefCell<Option<Arc<CertifiedKey>>>,
    /// Secrets that this step has made.
    pub secrets: RefCell<Secrets>,
}

/// A handshake's secrets (RFC 8446 §7.1, RFC 5246 §8.1); each is empty while unknown.
#[derive(Default)]
pub struct Secrets {
    /// TLS 1.3: client_handshake_traffic_secret.
    pub client_handshake: Zeroizing<Vec<u8>>,
    /// TLS 1.3: server_handshake_traffic_secret.
    pub server_handshake: Zeroizing<Vec<u8>>,
    /// TLS 1.3: client_application_traffic_secret_0.
    pub client: Zeroizing<Vec<u8>>,
    /// TLS 1.3: server_application_traffic_secret_0.
    pub server: Zeroizing<Vec<u8>>,
    /// TLS 1.2: master_secret.
    pub master: Zeroizing<Vec<u8>>,
    /// TLS 1.2: the client's random.
    pub client_random: Vec<u8>,
}

impl Secrets {
    /// Whether nothing is known; a master secret comes with its random.
    pub fn is_empty(&self) -> bool {
        let Self {
            client_handshake,
            server_handshake,
            client,
            server,
            master,
            ..
        } = self;
        [client_handshake, server_handshake, client, server, master]
            .iter()
            .all(|secret| secret.is_empty())
    }

    /// Adds what `later` knows.
    pub fn add(&mut self, later: Self) {
        for (kept, found) in [
            (&mut self.client_handshake, later.client_handshake),
            (&mut self.server_handshake, later.server_handshake),
            (&mut self.client, later.client),
            (&mut self.server, later.server),
            (&mut self.master, later.master),
        ] {
            if !found.is_empty() {
                *kept = found;
            }
        }
        if !later.client_random.is_empty() {
            self.client_random = later.client_random;
        }
    }
}

thread_local! {
    static CURRENT: RefCell<Option<Rc<Step>>> = const { RefCell::new(None) };
}

impl Step {
    /// Runs `act` with this step in force on the current thread.
    pub fn enter<R>(self: &Rc<Self>, act: impl FnOnce() -> R) -> R {
        /// Restores what was in force, also when `act` unwinds.
        struct Restore(Option<Rc<Step>>);
        impl Drop for Restore {
            fn drop(&mut self) {
                CURRENT.with(|current| *current.borrow_mut() = self.0.take());
            }
        }
        let before = CURRENT.with(|current| current.borrow_mut().replace(Rc::clone(self)));
        let _restore = Restore(before);
        act()
    }

    /// The step in force on this thread.
    pub fn current() -> Option<Rc<Self>> {
        CURRENT.with(|current| current.borrow().clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_nest_and_are_restored() {
        let outer = Rc::new(Step::default());
        outer.suite.set(1);
        let inner = Rc::new(Step::default());
        inner.suite.set(2);
        let seen = |expected: u16| {
            assert_eq!(Step::current().map(|s| s.suite.get()), Some(expected));
        };
        outer.enter(|| {
            seen(1);
            inner.enter(|| seen(2));
            seen(1);
        });
        assert!(Step::current().is_none());
    }
}
