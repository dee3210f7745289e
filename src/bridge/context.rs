//! `ContextNatives`.

use super::convert::{self, ByteArrays, Strings};
use super::guard::{Throw, Thrown};
use super::{handle, store};
use crate::config::context::{ClientAuthentication, Context, Parameters, Trust};
use crate::config::credential::Credential;
use crate::config::policy::{self, Protocol};
use crate::config::session::SessionLimits;
use crate::engine::failure::{Failure, FailureKind};
use crate::trust::managers::Issuers;
use crate::trust::{anchors, Pins, TrustAnchors};
use jni::objects::{JClass, JIntArray, JString};
use jni::sys::{jboolean, jint, jlong};
use jni::EnvUnowned;
use std::sync::Arc;

/// What a context's address points at.
pub(super) type Native = Arc<Context>;

const KEY_FROM_JAVA: jint = 1;
const TRUST_FROM_JAVA: jint = 2;

const CLIENT_AUTH_WANT: jint = 1;
const CLIENT_AUTH_NEED: jint = 2;
const VERIFY_HOSTNAME: jint = 1;
const SERVER_ORDER: jint = 2;

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_ContextNatives_create<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    key_store: jlong,
    trust_store: jlong,
    fingerprints: JString<'local>,
    flags: jint,
) -> jlong {
    env.with_env(|env| -> Result<_, Thrown> {
        let credential = if flags & KEY_FROM_JAVA != 0 {
            Credential::Managers
        } else if key_store == 0 {
            Credential::None
        } else {
            // SAFETY: Java's handle keeps the store alive for this call.
            let store = unsafe { handle::borrow::<store::Native>(key_store) }?;
            Credential::from_store(store).map_err(|e| ssl(e.message))?
        };
        let trust = if flags & TRUST_FROM_JAVA != 0 {
            Trust::Managers
        } else {
            let anchors = if trust_store == 0 {
                None
            } else {
                // SAFETY: Java's handle keeps the store alive for this call.
                let store = unsafe { handle::borrow::<store::Native>(trust_store) }?;
                let anchors = TrustAnchors::new(&store.trusted).map_err(|e| ssl(e.message))?;
                Some(Arc::new(anchors))
            };
            let pins = match convert::string(env, &fingerprints)? {
                Some(list) => Some(Arc::new(Pins::parse(&list).map_err(ssl)?)),
                None => None,
            };
            Trust::Store { anchors, pins }
        };
        Ok(handle::give::<Native>(Arc::new(Context::new(
            credential,
            trust,
            SessionLimits::from_options(-1, -1),
        ))))
    })
    .resolve::<Throw>()
}

fn ssl(message: String) -> Failure {
    Failure {
        kind: FailureKind::Ssl,
        message,
        alert: None,
    }
}

#[no_mangle]
#[allow(clippy::too_many_arguments)] // the signature is Java's
extern "system" fn Java_io_rustlsjvm_jsse_ContextNatives_terms<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    context: jlong,
    protocols: Strings<'local>,
    cipher_suites: Strings<'local>,
    named_groups: Strings<'local>,
    signature_schemes: JIntArray<'local>,
    application_protocols: Strings<'local>,
    client_auth: jint,
    max_fragment_size: jint,
    flags: jint,
) -> jlong {
    env.with_env(|env| -> Result<_, Thrown> {
        // SAFETY: Java's handle keeps the context alive for this call.
        let context = unsafe { handle::borrow::<Native>(context) }?;
        let terms = context.keep_terms(Parameters {
            protocols: convert::strings(env, &protocols)?
                .iter()
                .filter_map(|name| Protocol::from_jsse_name(name))
                .collect(),
            suites: policy::suites_by_name(&convert::strings(env, &cipher_suites)?)
                .iter()
                .map(|suite| suite.suite().into())
                .collect(),
            groups: if named_groups.is_null() {
                policy::default_groups()
            } else {
                policy::groups_by_name(&convert::strings(env, &named_groups)?)
            },
            application_protocols: convert::strings(env, &application_protocols)?
                .into_iter()
                .map(|name| convert::application_protocol_bytes(&name))
                .collect::<Result<_, _>>()?,
            client_authentication: match client_auth {
                CLIENT_AUTH_NEED => ClientAuthentication::Need,
                CLIENT_AUTH_WANT => ClientAuthentication::Want,
                _ => ClientAuthentication::None,
            },
            verify_hostname: flags & VERIFY_HOSTNAME != 0,
            server_order: flags & SERVER_ORDER != 0,
            signature_schemes: convert::codes(env, &signature_schemes)?,
            // rustls takes 32 to 16384 + 5.
            max_fragment_size: usize::try_from(max_fragment_size)
                .ok()
                .filter(|size| *size > 0)
                .map(|size| size.clamp(32, 16_389)),
            issuers: Issuers::default(),
            resumption: true,
            server_name_indication: false,
        });
        Ok(i64::try_from(terms.number()).unwrap_or_default())
    })
    .resolve::<Throw>()
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_ContextNatives_remarks<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    context: jlong,
) -> Strings<'local> {
    env.with_env(|env| -> Result<_, Thrown> {
        // SAFETY: Java's handle keeps the context alive for this call.
        let context = unsafe { handle::borrow::<Native>(context) }?;
        convert::to_strings(env, context.remarks())
    })
    .resolve::<Throw>()
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_ContextNatives_cipherSuites<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
) -> Strings<'local> {
    env.with_env(|env| -> Result<_, Thrown> {
        let names: Vec<String> = policy::all_suites()
            .iter()
            .map(|suite| policy::jsse_suite_name(*suite))
            .collect();
        convert::to_strings(env, &names)
    })
    .resolve::<Throw>()
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_ContextNatives_namedGroups<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
) -> Strings<'local> {
    env.with_env(|env| -> Result<_, Thrown> {
        let names: Vec<String> = policy::all_groups()
            .map(|group| policy::jsse_group_name(group.name()))
            .collect();
        convert::to_strings(env, &names)
    })
    .resolve::<Throw>()
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_ContextNatives_defaultNamedGroups<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
) -> Strings<'local> {
    env.with_env(|env| -> Result<_, Thrown> {
        let defaults = policy::default_groups();
        let names: Vec<String> = policy::all_groups()
            .map(|group| group.name())
            .filter(|name| defaults.contains(&u16::from(*name)))
            .map(policy::jsse_group_name)
            .collect();
        convert::to_strings(env, &names)
    })
    .resolve::<Throw>()
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_ContextNatives_issuers<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    names: ByteArrays<'local>,
) -> jlong {
    env.with_env(|env| -> Result<_, Thrown> {
        let names = convert::byte_arrays(env, &names)?;
        let names = anchors::sendable_names(names.iter().map(Vec::as_slice));
        Ok(handle::give::<Issuers>(Issuers(Some(names.into()))))
    })
    .resolve::<Throw>()
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_ContextNatives_freeIssuers<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    issuers: jlong,
) {
    env.with_env(|_env| -> Result<_, Thrown> {
        // SAFETY: Java's owner releases exactly once, after all calls.
        unsafe { handle::free::<Issuers>(issuers) };
        Ok(())
    })
    .resolve::<Throw>();
}

/// Borrows what `issuers` has made.
///
/// # Safety
/// As [`handle::borrow`].
pub(super) unsafe fn borrow_issuers<'a>(issuers: jlong) -> Result<&'a Issuers, Thrown> {
    // SAFETY: passed on to the caller.
    unsafe { handle::borrow::<Issuers>(issuers) }
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_ContextNatives_limitSessions<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    context: jlong,
    client: jboolean,
    size: jint,
    timeout_seconds: jint,
) {
    env.with_env(|_env| -> Result<_, Thrown> {
        // SAFETY: Java's handle keeps the context alive for this call.
        let context = unsafe { handle::borrow::<Native>(context) }?;
        context.limit_sessions(client, SessionLimits::from_options(size, timeout_seconds));
        Ok(())
    })
    .resolve::<Throw>();
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_ContextNatives_invalidateSession<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    context: jlong,
    session: jlong,
) {
    env.with_env(|_env| -> Result<_, Thrown> {
        // SAFETY: Java's handle keeps the context alive for this call.
        let context = unsafe { handle::borrow::<Native>(context) }?;
        context.invalidate_session(u64::try_from(session).unwrap_or_default());
        Ok(())
    })
    .resolve::<Throw>();
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_ContextNatives_free<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    context: jlong,
) {
    env.with_env(|_env| -> Result<_, Thrown> {
        // SAFETY: Java's owner releases exactly once, after all calls.
        unsafe { handle::free::<Native>(context) };
        Ok(())
    })
    .resolve::<Throw>();
}
