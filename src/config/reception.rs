//! How a server receives a client when its configuration depends on what the client says first.

use super::context::{Context, NothingUsable, Parameters};
use super::policy::{self, Protocol};
use crate::client_hello::ClientHello;
use crate::trust::managers::{Foreseen, Step};
use rustls::{ServerConfig, SignatureAlgorithm, SignatureScheme};
use std::sync::Arc;

/// Alert internal_error, RFC 8446 §6.2.
const INTERNAL_ERROR: u8 = 80;

/// See the module.
#[derive(Debug)]
pub struct Reception {
    context: Arc<Context>,
    parameters: Parameters,
    foresees_suite: bool,
}

impl Reception {
    /// For a server of this context that asks for `parameters`. With `foresees_suite` the managers
    /// are told of the suite in TLS 1.2, too, where it depends on the key: that is chosen first then.
    pub fn new(context: Arc<Context>, parameters: Parameters, foresees_suite: bool) -> Self {
        Self {
            context,
            parameters,
            foresees_suite,
        }
    }

    /// The configuration for a client that says this; the step's managers are asked.
    ///
    /// # Errors
    /// The description of the alert to send (RFC 8446 §6.2).
    pub fn configure(&self, step: &Step, hello: &ClientHello<'_>) -> Result<Arc<ServerConfig>, u8> {
        let managers = step.managers.as_ref().ok_or(INTERNAL_ERROR)?;
        let foreseen = self.foresee(step, hello);
        let welcome = managers.welcome(hello, foreseen)?;
        let parameters = Parameters {
            issuers: welcome.issuers,
            ..self.parameters.clone()
        };
        let config = self
            .context
            .server(&parameters)
            .map_err(|NothingUsable(_)| INTERNAL_ERROR)?;
        Ok(match welcome.application_protocol {
            None => config,
            Some(chosen) => {
                let mut own = (*config).clone();
                own.alpn_protocols = chosen.into_iter().collect();
                Arc::new(own)
            }
        })
    }

    /// What rustls will choose. Where that depends on the server's key, the key is chosen now, and
    /// rustls is given the same.
    fn foresee(&self, step: &Step, hello: &ClientHello<'_>) -> Foreseen {
        let own = &self.parameters;
        let serves = |protocol: Protocol, suite: u16| {
            policy::suite_by_code(suite)
                .is_some_and(|suite| suite.version().version == protocol.rustls().version)
        };
        let speaks = |protocol: Protocol| {
            own.protocols.contains(&protocol)
                && own.suites.iter().any(|suite| serves(protocol, *suite))
        };
        let protocol = match &hello.versions {
            Some(versions) if versions.contains(&0x0304) && speaks(Protocol::Tls13) => {
                Protocol::Tls13
            }
            Some(versions) if !versions.contains(&0x0303) => return Foreseen::default(),
            _ if speaks(Protocol::Tls12) => Protocol::Tls12,
            _ => return Foreseen::default(),
        };
        step.protocol.set(protocol.rustls().version.into());
        let mut common: Vec<u16> = if own.server_order {
            both(&own.suites, &hello.suites)
        } else {
            both(&hello.suites, &own.suites)
        };
        common.retain(|suite| serves(protocol, *suite));
        if protocol == Protocol::Tls12 {
            if !self.foresees_suite || hello.application_protocols.is_empty() {
                return Foreseen {
                    protocol: protocol.rustls().version.into(),
                    suite: 0,
                };
            }
            let algorithm = self.choose_key(step, hello, &common);
            common.retain(|suite| {
                algorithm.is_some_and(|algorithm| {
                    policy::suite_by_code(*suite)
                        .is_some_and(|suite| suite.usable_for_signature_algorithm(algorithm))
                })
            });
        }
        Foreseen {
            protocol: protocol.rustls().version.into(),
            suite: common.first().copied().unwrap_or_default(),
        }
    }

    fn choose_key(
        &self,
        step: &Step,
        hello: &ClientHello<'_>,
        suites: &[u16],
    ) -> Option<SignatureAlgorithm> {
        // As rustls does: schemes that none of the suites is for do not count.
        let schemes: Vec<SignatureScheme> = hello
            .signature_schemes
            .iter()
            .copied()
            .filter(|scheme| {
                policy::signature_algorithm(*scheme).is_some_and(|algorithm| {
                    suites
                        .iter()
                        .filter_map(|suite| policy::suite_by_code(*suite))
                        .any(|suite| suite.usable_for_signature_algorithm(algorithm))
                })
            })
            .collect();
        let key = self
            .context
            .choose_key(&self.parameters, &schemes, hello.server_name)?;
        let algorithm = key.key.algorithm();
        *step.chosen.borrow_mut() = Some(key);
        Some(algorithm)
    }
}

/// Those of `first` that are in `second`, too.
fn both(first: &[u16], second: &[u16]) -> Vec<u16> {
    first
        .iter()
        .copied()
        .filter(|suite| second.contains(suite))
        .collect()
}
