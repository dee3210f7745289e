//! What connections ask for beyond their context, worked out once for all that ask for the same.
//!
//! An embedding program with equal settings for thousands of connections hands over names of
//! protocols, suites and groups once, and a number from then on.

use super::context::{Context, NothingUsable, Parameters};
use rustls::{ClientConfig, ServerConfig};
use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Kept per context; programs that vary their settings without end have them worked out anew.
const KEPT: usize = 64;

/// One such set, with the configurations made of it so far.
pub struct Terms {
    number: u64,
    /// `resumption` and `server_name_indication` in it are for servers: with clients they depend on
    /// the server's name, see [`Context::client_on`].
    parameters: Parameters,
    clients: [OnceLock<Arc<ClientConfig>>; 4],
    server: OnceLock<Arc<ServerConfig>>,
}

impl fmt::Debug for Terms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Terms({})", self.number)
    }
}

impl Terms {
    /// What [`Context::terms`] finds them by; never 0, and no other's in this process.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// What is asked for.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }
}

/// A context's terms, the oldest first.
#[derive(Default)]
pub(super) struct KnownTerms(Mutex<VecDeque<Arc<Terms>>>);

impl KnownTerms {
    fn find(&self, wanted: impl Fn(&Terms) -> bool) -> Option<Arc<Terms>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|terms| wanted(terms)).cloned()
    }

    fn keep(&self, parameters: Parameters) -> Arc<Terms> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(there) = known.iter().find(|terms| terms.parameters == parameters) {
            return Arc::clone(there);
        }
        if known.len() >= KEPT {
            known.pop_front();
        }
        let terms = Arc::new(Terms {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            parameters,
            clients: Default::default(),
            server: OnceLock::new(),
        });
        known.push_back(Arc::clone(&terms));
        terms
    }
}

impl Context {
    /// Keeps `parameters`, for connections to name them by a number.
    pub fn keep_terms(&self, parameters: Parameters) -> Arc<Terms> {
        self.known_terms().keep(parameters)
    }

    /// The terms of this number; `None` for those of another context, and for old ones that had to
    /// make room.
    pub fn terms(&self, number: u64) -> Option<Arc<Terms>> {
        self.known_terms().find(|terms| terms.number == number)
    }

    /// The configuration of a client on these terms.
    ///
    /// # Errors
    /// As [`Self::client`].
    pub fn client_on(
        &self,
        terms: &Terms,
        resumption: bool,
        server_name_indication: bool,
    ) -> Result<Arc<ClientConfig>, NothingUsable> {
        let [neither, named, resumed, both] = &terms.clients;
        let cell = match (resumption, server_name_indication) {
            (false, false) => neither,
            (false, true) => named,
            (true, false) => resumed,
            (true, true) => both,
        };
        made_once(cell, || {
            self.client(&Parameters {
                resumption,
                server_name_indication,
                ..terms.parameters.clone()
            })
        })
    }

    /// The configuration of a server on these terms.
    ///
    /// # Errors
    /// As [`Self::server`].
    pub fn server_on(&self, terms: &Terms) -> Result<Arc<ServerConfig>, NothingUsable> {
        made_once(&terms.server, || self.server(&terms.parameters))
    }
}

/// What `cell` holds, made by `make` unless it is there. Of two at once either may be kept.
fn made_once<C>(
    cell: &OnceLock<Arc<C>>,
    make: impl FnOnce() -> Result<Arc<C>, NothingUsable>,
) -> Result<Arc<C>, NothingUsable> {
    if let Some(made) = cell.get() {
        return Ok(Arc::clone(made));
    }
    let made = make()?;
    Ok(Arc::clone(cell.get_or_init(|| made)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::context::{ClientAuthentication, Trust};
    use crate::config::credential::Credential;
    use crate::config::policy::{self, Protocol};
    use crate::config::session::SessionLimits;
    use crate::trust::managers::Issuers;

    fn context() -> Context {
        let trust = Trust::Store {
            anchors: None,
            pins: None,
        };
        Context::new(Credential::None, trust, SessionLimits::from_options(-1, -1))
    }

    fn parameters(max_fragment_size: usize) -> Parameters {
        Parameters {
            protocols: vec![Protocol::Tls12],
            suites: vec![0xc02f],
            groups: policy::default_groups(),
            application_protocols: Vec::new(),
            client_authentication: ClientAuthentication::None,
            verify_hostname: false,
            server_order: false,
            signature_schemes: None,
            max_fragment_size: Some(max_fragment_size),
            issuers: Issuers::default(),
            resumption: true,
            server_name_indication: true,
        }
    }

    #[test]
    fn equal_parameters_are_the_same_terms() {
        let context = context();
        let first = context.keep_terms(parameters(512));
        let other = context.keep_terms(parameters(513));
        let again = context.keep_terms(parameters(512));
        assert!(Arc::ptr_eq(&first, &again));
        assert_ne!(first.number(), other.number());
        let found = context.terms(other.number()).unwrap();
        assert!(Arc::ptr_eq(&found, &other));
        assert_eq!(found.parameters(), &parameters(513));
    }

    #[test]
    fn another_context_does_not_know_them() {
        let number = context().keep_terms(parameters(512)).number();
        let other = context();
        other.keep_terms(parameters(512));
        assert!(other.terms(number).is_none());
        assert!(other.terms(0).is_none());
    }

    #[test]
    fn the_oldest_make_room() {
        let context = context();
        let first = context.keep_terms(parameters(512));
        let rest: Vec<_> = (0..KEPT)
            .map(|n| context.keep_terms(parameters(600 + n)))
            .collect();
        assert!(context.terms(first.number()).is_none());
        assert!(rest
            .iter()
            .all(|terms| context.terms(terms.number()).is_some()));
        assert_eq!(Arc::strong_count(&first), 1);
        let again = context.keep_terms(parameters(512));
        assert_ne!(again.number(), first.number());
        assert_eq!(again.parameters(), first.parameters());
    }

    #[test]
    fn configurations_are_made_once_and_as_the_name_allows() {
        let context = context();
        let terms = context.keep_terms(parameters(512));
        for (resumption, indication) in [(false, false), (false, true), (true, false), (true, true)]
        {
            let config = context.client_on(&terms, resumption, indication).unwrap();
            let again = context.client_on(&terms, resumption, indication).unwrap();
            assert!(Arc::ptr_eq(&config, &again));
            assert_eq!(config.enable_sni, indication);
            let asked = Parameters {
                resumption,
                server_name_indication: indication,
                ..parameters(512)
            };
            assert!(Arc::ptr_eq(&config, &context.client(&asked).unwrap()));
        }
        let server = context.server_on(&terms).unwrap();
        assert!(Arc::ptr_eq(&server, &context.server_on(&terms).unwrap()));
        assert!(Arc::ptr_eq(
            &server,
            &context.server(&parameters(512)).unwrap()
        ));
    }

    #[test]
    fn terms_without_anything_usable_are_refused_each_time() {
        let context = context();
        let terms = context.keep_terms(Parameters {
            suites: Vec::new(),
            ..parameters(512)
        });
        for _ in 0..2 {
            assert!(context.client_on(&terms, true, true).is_err());
            assert!(context.server_on(&terms).is_err());
        }
    }
}
