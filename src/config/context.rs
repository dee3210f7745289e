//! A context: one credential, one trust, one set of sessions, and the rustls configurations made
//! of them, each built once.

use super::credential::{Credential, Resolver};
use super::policy::{self, Protocol};
use super::secrets::SecretsOfStep;
use super::session::{SessionLimits, Sessions, Visit};
use super::terms::KnownTerms;
use crate::trust::embedder::{EmbedderClientJudge, EmbedderServerJudge};
use crate::trust::managers::Issuers;
use crate::trust::{ClientJudge, Pins, ServerJudge, TrustAnchors};
use rustls::client::Resumption;
use rustls::crypto::{aws_lc_rs, CryptoProvider};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, ServerConfig, SignatureScheme, SupportedCipherSuite};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Configurations kept per context; programs that vary ALPN or suites without end start over.
const CONFIGURATIONS: usize = 64;

/// Who is believed.
#[derive(Clone)]
pub enum Trust {
    /// A store's certificates, or pins, which alone decide where there are any.
    Store {
        /// Certificates to believe; `None` believes nobody.
        anchors: Option<Arc<TrustAnchors>>,
        /// Fingerprints of leaves.
        pins: Option<Arc<Pins>>,
    },
    /// The connection's own managers judge.
    Managers,
}

/// Whether a server asks its clients for a certificate (JSSE `wantClientAuth`, `needClientAuth`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClientAuthentication {
    /// None is asked for.
    None,
    /// Asked for; a client without one is let in.
    Want,
    /// A client without one is refused.
    Need,
}

/// What a connection asks for beyond its context; connections that ask for the same share a
/// configuration.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Parameters {
    /// Versions, not empty.
    pub protocols: Vec<Protocol>,
    /// Code points of suites in order of preference.
    pub suites: Vec<u16>,
    /// Code points of key exchange groups in order of preference.
    pub groups: Vec<u16>,
    /// ALPN names in order of preference.
    pub application_protocols: Vec<Vec<u8>>,
    /// Servers only.
    pub client_authentication: ClientAuthentication,
    /// Clients only; done here with a [`Trust::Store`], by the managers otherwise.
    pub verify_hostname: bool,
    /// Servers only.
    pub server_order: bool,
    /// Code points of the signature schemes to offer and to use, in order of preference; `None` for
    /// all that there are.
    pub signature_schemes: Option<Vec<u16>>,
    /// Bytes of a record of the handshake at most, header included, before it is encrypted; `None`
    /// for the protocol's limit.
    pub max_fragment_size: Option<usize>,
    /// Servers whose clients are judged by managers: whom these trust.
    pub issuers: Issuers,
    /// Whether sessions are kept and resumed.
    pub resumption: bool,
    /// Clients only: whether the server's name is sent (RFC 6066 §3).
    pub server_name_indication: bool,
}

/// Why no configuration could be made: nothing usable is left of protocols and suites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NothingUsable(pub String);

/// See the module.
pub struct Context {
    credential: Credential,
    trust: Trust,
    sessions: Sessions,
    provider: Arc<CryptoProvider>,
    clients: Mutex<HashMap<Parameters, Arc<ClientConfig>>>,
    servers: Mutex<HashMap<Parameters, Arc<ServerConfig>>>,
    terms: KnownTerms,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Context")
    }
}

impl Context {
    /// Puts a context together; `limits` are those of either role.
    pub fn new(credential: Credential, trust: Trust, limits: SessionLimits) -> Self {
        Self {
            credential,
            trust,
            sessions: Sessions::new(limits),
            provider: Arc::new(aws_lc_rs::default_provider()),
            clients: Mutex::default(),
            servers: Mutex::default(),
            terms: KnownTerms::default(),
        }
    }

    pub(super) fn known_terms(&self) -> &KnownTerms {
        &self.terms
    }

    /// What the operator should know of the trusted certificates.
    pub fn remarks(&self) -> &[String] {
        match &self.trust {
            Trust::Store {
                anchors: Some(anchors),
                ..
            } => anchors.remarks(),
            _ => &[],
        }
    }

    /// Whether managers of the embedding program take part in handshakes.
    pub fn uses_managers(&self) -> bool {
        matches!(self.credential, Credential::Managers) || matches!(self.trust, Trust::Managers)
    }

    /// Whether managers of the embedding program judge the peer.
    pub fn trusts_managers(&self) -> bool {
        matches!(self.trust, Trust::Managers)
    }

    /// A connection's part in the context's sessions; `port` is the server's, 0 while unknown.
    pub fn visit(&self, port: u16) -> Arc<Visit> {
        self.sessions.visit(port)
    }

    /// Sets how many sessions are kept in one role, and for how long; those that fit stay.
    pub fn limit_sessions(&self, client: bool, limits: SessionLimits) {
        self.sessions.limit(client, limits);
    }

    /// Forgets a session, as [`Connection::session`] has it: no connection resumes it any more.
    ///
    /// [`Connection::session`]: crate::engine::connection::Connection::session
    pub fn invalidate_session(&self, session: u64) {
        self.sessions.invalidate(session);
    }

    /// The configuration of a client that asks for `parameters`.
    ///
    /// # Errors
    /// When protocols and suites have nothing in common.
    pub fn client(&self, parameters: &Parameters) -> Result<Arc<ClientConfig>, NothingUsable> {
        cached(&self.clients, parameters, || self.build_client(parameters))
    }

    /// The configuration of a server that asks for `parameters`.
    ///
    /// # Errors
    /// When protocols and suites have nothing in common.
    pub fn server(&self, parameters: &Parameters) -> Result<Arc<ServerConfig>, NothingUsable> {
        cached(&self.servers, parameters, || self.build_server(parameters))
    }

    fn build_client(&self, parameters: &Parameters) -> Result<ClientConfig, NothingUsable> {
        let provider = self.provider_with(parameters)?;
        let schemes = schemes(parameters);
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&usable_versions(parameters, &provider.cipher_suites)?)
            .map_err(nothing_usable)?
            .dangerous();
        let builder = match &self.trust {
            Trust::Store { anchors, pins } => {
                let judge = ServerJudge::new(
                    anchors.clone(),
                    pins.clone(),
                    parameters.verify_hostname,
                    provider,
                );
                builder.with_custom_certificate_verifier(Arc::new(judge.taking(schemes)))
            }
            Trust::Managers => {
                let judge = EmbedderServerJudge::new(provider);
                builder.with_custom_certificate_verifier(Arc::new(judge.taking(schemes)))
            }
        };
        let mut config = builder.with_client_cert_resolver(Arc::new(self.resolver(parameters)));
        config.key_log = Arc::new(SecretsOfStep);
        config.alpn_protocols = parameters.application_protocols.clone();
        config.enable_sni = parameters.server_name_indication;
        config.max_fragment_size = parameters.max_fragment_size;
        config.enable_secret_extraction = true;
        config.resumption = if parameters.resumption {
            Resumption::store(self.sessions.client_store())
        } else {
            Resumption::disabled()
        };
        Ok(config)
    }

    fn build_server(&self, parameters: &Parameters) -> Result<ServerConfig, NothingUsable> {
        let provider = self.provider_with(parameters)?;
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&usable_versions(parameters, &provider.cipher_suites)?)
            .map_err(nothing_usable)?;
        let mandatory = parameters.client_authentication == ClientAuthentication::Need;
        let verifier: Arc<dyn ClientCertVerifier> =
            match (parameters.client_authentication, &self.trust) {
                (ClientAuthentication::None, _) => WebPkiClientVerifier::no_client_auth(),
                (_, Trust::Store { anchors, pins }) => Arc::new(
                    ClientJudge::new(anchors.clone(), pins.clone(), mandatory, provider)
                        .taking(schemes(parameters)),
                ),
                (_, Trust::Managers) => Arc::new(
                    EmbedderClientJudge::new(mandatory, parameters.issuers.clone(), provider)
                        .taking(schemes(parameters)),
                ),
            };
        let mut config = builder
            .with_client_cert_verifier(verifier)
            .with_cert_resolver(Arc::new(self.resolver(parameters)));
        config.key_log = Arc::new(SecretsOfStep);
        config.alpn_protocols = parameters.application_protocols.clone();
        config.ignore_client_order = parameters.server_order;
        config.max_fragment_size = parameters.max_fragment_size;
        config.enable_secret_extraction = true;
        // A ticket is as good as the state behind it, and each connection takes one and gets one.
        config.send_tls13_tickets = usize::from(parameters.resumption);
        config.session_storage = if parameters.resumption {
            self.sessions.server_store()
        } else {
            Arc::new(NoServerSessionStorage {})
        };
        Ok(config)
    }

    fn resolver(&self, parameters: &Parameters) -> Resolver {
        Resolver {
            credential: self.credential.clone(),
            schemes: schemes(parameters),
        }
    }

    /// Whom a server with `parameters` will be to a client that can verify such signatures; within a
    /// step.
    pub(super) fn choose_key(
        &self,
        parameters: &Parameters,
        schemes: &[SignatureScheme],
        server_name: Option<&str>,
    ) -> Option<Arc<CertifiedKey>> {
        self.resolver(parameters).choose(schemes, &[], server_name)
    }

    fn provider_with(&self, parameters: &Parameters) -> Result<Arc<CryptoProvider>, NothingUsable> {
        let cipher_suites: Vec<SupportedCipherSuite> = parameters
            .suites
            .iter()
            .filter_map(|code| {
                self.provider
                    .cipher_suites
                    .iter()
                    .find(|suite| u16::from(suite.suite()) == *code)
                    .copied()
            })
            .collect();
        if cipher_suites.is_empty() {
            return Err(NothingUsable(
                "no cipher suite is enabled that can be used".into(),
            ));
        }
        let kx_groups = policy::groups_by_code(&parameters.groups);
        if kx_groups.is_empty() {
            return Err(NothingUsable(
                "no key exchange group is enabled that can be used".into(),
            ));
        }
        Ok(Arc::new(CryptoProvider {
            cipher_suites,
            kx_groups,
            ..(*self.provider).clone()
        }))
    }
}

fn schemes(parameters: &Parameters) -> Option<Arc<[SignatureScheme]>> {
    parameters
        .signature_schemes
        .as_ref()
        .map(|codes| codes.iter().copied().map(SignatureScheme::from).collect())
}

/// Leaves out versions that none of the suites serves, as JSSE does; rustls would refuse them all.
fn usable_versions(
    parameters: &Parameters,
    suites: &[SupportedCipherSuite],
) -> Result<Vec<&'static rustls::SupportedProtocolVersion>, NothingUsable> {
    let versions: Vec<_> = parameters
        .protocols
        .iter()
        .map(|protocol| protocol.rustls())
        .filter(|version| {
            suites
                .iter()
                .any(|suite| suite.version().version == version.version)
        })
        .collect();
    if versions.is_empty() {
        return Err(NothingUsable(
            "the enabled cipher suites serve none of the enabled protocols".into(),
        ));
    }
    Ok(versions)
}

fn nothing_usable(error: rustls::Error) -> NothingUsable {
    NothingUsable(error.to_string())
}

fn cached<C>(
    cache: &Mutex<HashMap<Parameters, Arc<C>>>,
    parameters: &Parameters,
    build: impl FnOnce() -> Result<C, NothingUsable>,
) -> Result<Arc<C>, NothingUsable> {
    let mut cache = cache.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(config) = cache.get(parameters) {
        return Ok(Arc::clone(config));
    }
    let config = Arc::new(build()?);
    if cache.len() >= CONFIGURATIONS {
        cache.clear();
    }
    cache.insert(parameters.clone(), Arc::clone(&config));
    Ok(config)
}
