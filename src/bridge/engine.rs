//! `EngineNatives`, but for the hot path.

use super::convert::{self, ByteArrays, Strings};
use super::guard::{self, Throw, Thrown};
use super::managers::JavaManagers;
use super::{context, facts, handle};
use crate::config::context::NothingUsable;
use crate::config::reception::Reception;
use crate::engine::connection::{Connection, Role};
use crate::engine::failure::{Failure, FailureKind, LastAlert};
use crate::trust::managers::Managers;
use jni::objects::{JByteArray, JClass, JObject, JString};
use jni::sys::{jboolean, jint, jlong};
use jni::{Env, EnvUnowned};
use rustls::pki_types::{IpAddr, ServerName};
use std::rc::Rc;
use std::sync::Arc;

/// What an engine's address points at.
pub(super) struct Native {
    pub(super) connection: Connection,
    uses_managers: bool,
}

const FLAG_WELCOME: jint = 1;
const FLAG_FORESEE_SUITE: jint = 2;

fn handshake_failure(message: impl Into<String>) -> Thrown {
    Thrown::Ssl(Failure {
        kind: FailureKind::Handshake,
        message: message.into(),
        alert: None,
    })
}

impl From<NothingUsable> for Thrown {
    fn from(reason: NothingUsable) -> Self {
        handshake_failure(format!(
            "No appropriate protocol or cipher suite: {}",
            reason.0
        ))
    }
}

/// Borrows an engine.
///
/// # Safety
/// As [`handle::borrow`].
pub(super) unsafe fn borrow<'a>(engine: jlong) -> Result<&'a Native, Thrown> {
    // SAFETY: passed on to the caller.
    unsafe { handle::borrow::<Native>(engine) }
}

#[no_mangle]
#[allow(clippy::too_many_arguments)] // the signature is Java's
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_create<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    context: jlong,
    terms: jlong,
    client: jboolean,
    peer_host: JString<'local>,
    peer_port: jint,
    server_name: JString<'local>,
    flags: jint,
) -> jlong {
    env.with_env(|env| -> Result<_, Thrown> {
        // SAFETY: Java's handle keeps the context alive for this call.
        let context = unsafe { handle::borrow::<context::Native>(context) }?;
        let Some(terms) = context.terms(u64::try_from(terms).unwrap_or_default()) else {
            return Ok(0);
        };
        let receives = !client && flags & FLAG_WELCOME != 0;
        let (role, resumption) = if client {
            let host = convert::string(env, &peer_host)?;
            let indicated = convert::string(env, &server_name)?;
            // Managers check names by themselves; with them, that names are to be checked only keeps
            // sessions apart that were made with and without that, so that none is resumed past it.
            let verify_here = terms.parameters().verify_hostname && !context.trusts_managers();
            let peer = Peer::new(host.as_deref(), indicated.as_deref(), verify_here)?;
            // Sessions are kept by the server's name: without one there is nothing to resume.
            let config = context.client_on(&terms, peer.known, peer.indicate)?;
            (Role::Client(config, peer.name), peer.known)
        } else if receives {
            let reception = Reception::new(
                Arc::clone(context),
                terms.parameters().clone(),
                flags & FLAG_FORESEE_SUITE != 0,
            );
            let config = context.server_on(&terms)?;
            (Role::Reception(config, Box::new(reception)), true)
        } else {
            (Role::Server(context.server_on(&terms)?), true)
        };
        // -1 stands for an unknown port.
        let port = u16::try_from(peer_port).unwrap_or_default();
        let visit = resumption.then(|| context.visit(port));
        Ok(handle::give(Native {
            connection: Connection::new(role, visit),
            uses_managers: receives || context.uses_managers(),
        }))
    })
    .resolve::<Throw>()
}

/// How a client names its server to rustls.
struct Peer {
    name: ServerName<'static>,
    known: bool,
    indicate: bool,
}

impl Peer {
    /// `host` is whom the client calls, `indicated` the SNI to send in its place (empty: none).
    fn new(
        host: Option<&str>,
        indicated: Option<&str>,
        verify_hostname: bool,
    ) -> Result<Self, Thrown> {
        let own = host
            .filter(|host| !host.is_empty())
            .map(|host| host.trim_matches(['[', ']']))
            .and_then(|host| ServerName::try_from(host.to_owned()).ok());
        if verify_hostname && !own.as_ref().is_some_and(can_be_verified) {
            return Err(handshake_failure(match host {
                Some(host) => format!("the host name {host:?} is none that can be verified"),
                None => "the peer's host name is to be verified, but it is not known".into(),
            }));
        }
        let named = match indicated {
            // The name that is verified wins over an indicated one that differs.
            Some(sni) if !sni.is_empty() && !verify_hostname => {
                ServerName::try_from(sni.to_owned()).ok().or(own)
            }
            _ => own,
        };
        let known = named.is_some();
        Ok(Self {
            indicate: indicated != Some("") && named.as_ref().is_some_and(can_be_indicated),
            name: named.unwrap_or_else(unknown),
            known,
        })
    }
}

/// Whether servers can be asked for it: a name of letters, digits and hyphens (RFC 6066 §3, RFC 5890
/// §2.3.1). The JDK's end a handshake that asks for another one.
fn can_be_indicated(name: &ServerName<'_>) -> bool {
    matches!(name, ServerName::DnsName(name) if !name.as_ref().contains('_'))
}

/// Whether a certificate can be for it (RFC 9525 §2): else nobody is believed, as by the JDK.
fn can_be_verified(name: &ServerName<'_>) -> bool {
    matches!(name, ServerName::IpAddress(_)) || can_be_indicated(name)
}

/// Stands for a server without a usable name: an address is never sent as SNI.
fn unknown() -> ServerName<'static> {
    ServerName::IpAddress(IpAddr::from(std::net::IpAddr::V4(
        std::net::Ipv4Addr::UNSPECIFIED,
    )))
}

/// Asks an engine for what Java needs no object for; whatever fails becomes an exception.
fn tell<R: Default>(env: EnvUnowned<'_>, engine: jlong, act: impl FnOnce(&Connection) -> R) -> R {
    guard::alone(env, || {
        // SAFETY: Java's handle keeps the engine alive for this call.
        Ok(act(&unsafe { borrow(engine) }?.connection))
    })
}

/// Asks an engine; whatever fails becomes an exception.
fn ask<'local, R: Default>(
    mut env: EnvUnowned<'local>,
    engine: jlong,
    act: impl FnOnce(&mut Env<'local>, &Native) -> Result<R, Thrown>,
) -> R {
    env.with_env(|env| -> Result<_, Thrown> {
        // SAFETY: Java's handle keeps the engine alive for this call.
        act(env, unsafe { borrow(engine) }?)
    })
    .resolve::<Throw>()
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_begin<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> jlong {
    tell(env, engine, |connection| connection.begin().pack())
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_renewKeys<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) {
    ask(env, engine, |_, native| {
        native.connection.renew_keys();
        Ok(())
    })
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_runTask<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
    callbacks: JObject<'local>,
) -> jlong {
    // SAFETY: Java's handle keeps the engine alive for this call.
    let asks = unsafe { borrow(engine) }.is_ok_and(|native| native.uses_managers);
    if !asks {
        return tell(env, engine, |connection| connection.run_task(None).pack());
    }
    ask(env, engine, |env, native| {
        let managers = if callbacks.is_null() {
            None
        } else {
            Some(Rc::new(JavaManagers::new(env, &callbacks)?) as Rc<dyn Managers>)
        };
        Ok(native.connection.run_task(managers).pack())
    })
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_handshakeStatus<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> jint {
    tell(env, engine, |connection| {
        connection.handshake_status().code().into()
    })
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_closeOutbound<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) {
    tell(env, engine, Connection::close_outbound);
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_closeInbound<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> jboolean {
    tell(env, engine, Connection::close_inbound)
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_isOutboundDone<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> jboolean {
    tell(env, engine, Connection::is_outbound_done)
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_isInboundDone<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> jboolean {
    tell(env, engine, Connection::is_inbound_done)
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_takeFailure<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> Strings<'local> {
    ask(env, engine, |env, native| {
        let Some(failure) = native.connection.take_failure() else {
            return Ok(Strings::default());
        };
        let kind = match failure.kind {
            FailureKind::Handshake => "handshake",
            FailureKind::Peer => "peer",
            FailureKind::Protocol => "protocol",
            FailureKind::Ssl => "ssl",
        };
        let alert = failure.alert.map(LastAlert::name).unwrap_or_default();
        convert::to_strings(env, &[kind, &failure.message, &alert])
    })
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_facts<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> JByteArray<'local> {
    ask(env, engine, |env, native| match native.connection.facts() {
        Some(facts) => Ok(env.byte_array_from_slice(&facts::encode(&facts))?),
        None => Ok(JByteArray::null()),
    })
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_applicationProtocol<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> JString<'local> {
    ask(env, engine, |env, native| {
        let name = native.connection.application_protocol();
        let name = name.map(|bytes| convert::application_protocol(&bytes));
        optional_string(env, name.as_deref())
    })
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_peerCertificates<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> ByteArrays<'local> {
    ask(env, engine, |env, native| {
        match native.connection.peer_certificates() {
            Some(chain) => convert::to_byte_arrays(env, &chain),
            None => Ok(ByteArrays::default()),
        }
    })
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_localCertificates<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> ByteArrays<'local> {
    ask(env, engine, |env, native| {
        match native.connection.local_credential() {
            Some(credential) => convert::to_byte_arrays(env, &credential.cert),
            None => Ok(ByteArrays::default()),
        }
    })
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_forgetHandshake<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) {
    tell(env, engine, Connection::forget_facts);
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_rest<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) {
    tell(env, engine, Connection::rest);
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_free<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) {
    guard::alone(env, || {
        // SAFETY: Java's owner releases exactly once, after all calls.
        unsafe { handle::free::<Native>(engine) };
        Ok(())
    });
}

fn optional_string<'local>(
    env: &mut Env<'local>,
    value: Option<&str>,
) -> Result<JString<'local>, Thrown> {
    match value {
        Some(value) => Ok(env.new_string(value)?),
        None => Ok(JString::null()),
    }
}
