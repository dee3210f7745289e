//! `EngineNatives`, but for the hot path.

use super::convert::{self, ByteArrays, Strings};
use super::guard::{Throw, Thrown};
use super::managers::JavaManagers;
use super::{context, handle};
use crate::config::context::{ClientAuthentication, NothingUsable, Parameters};
use crate::config::policy::{self, Protocol};
use crate::config::reception::Reception;
use crate::engine::connection::{Connection, Role};
use crate::engine::failure::{Failure, FailureKind, LastAlert};
use crate::trust::managers::{Issuers, Managers};
use jni::objects::{JByteArray, JClass, JIntArray, JObject, JString};
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

const CLIENT_AUTH_WANT: jint = 1;
const CLIENT_AUTH_NEED: jint = 2;
const FLAG_VERIFY_HOSTNAME: jint = 1;
const FLAG_SERVER_ORDER: jint = 2;
const FLAG_WELCOME: jint = 4;
const FLAG_FORESEE_SUITE: jint = 8;

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
    client: jboolean,
    peer_host: JString<'local>,
    peer_port: jint,
    server_name: JString<'local>,
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
        let context = unsafe { handle::borrow::<context::Native>(context) }?;
        let host = convert::string(env, &peer_host)?;
        let indicated = convert::string(env, &server_name)?;
        let protocols: Vec<Protocol> = convert::strings(env, &protocols)?
            .iter()
            .filter_map(|name| Protocol::from_jsse_name(name))
            .collect();
        let suites = policy::suites_by_name(&convert::strings(env, &cipher_suites)?)
            .iter()
            .map(|suite| suite.suite().into())
            .collect();
        let groups = if named_groups.is_null() {
            policy::default_groups()
        } else {
            policy::groups_by_name(&convert::strings(env, &named_groups)?)
        };
        let signature_schemes = convert::codes(env, &signature_schemes)?;
        let application_protocols = convert::strings(env, &application_protocols)?
            .into_iter()
            .map(|name| convert::application_protocol_bytes(&name))
            .collect::<Result<_, _>>()?;
        let verify_hostname = flags & FLAG_VERIFY_HOSTNAME != 0;
        // Managers check names by themselves; the flag then only keeps sessions that were made
        // with and without that check apart, so that none is resumed past it.
        let verify_here = verify_hostname && !context.trusts_managers();
        let peer = Peer::new(host.as_deref(), indicated.as_deref(), verify_here)?;
        // Sessions are kept by the server's name: without one there is nothing to resume.
        let resumption = !client || peer.known;
        let parameters = Parameters {
            protocols,
            suites,
            groups,
            application_protocols,
            client_authentication: match client_auth {
                CLIENT_AUTH_NEED => ClientAuthentication::Need,
                CLIENT_AUTH_WANT => ClientAuthentication::Want,
                _ => ClientAuthentication::None,
            },
            verify_hostname,
            signature_schemes,
            // rustls takes 32 to 16384 + 5.
            max_fragment_size: usize::try_from(max_fragment_size)
                .ok()
                .filter(|size| *size > 0)
                .map(|size| size.clamp(32, 16_389)),
            issuers: Issuers::default(),
            server_order: flags & FLAG_SERVER_ORDER != 0,
            resumption,
            server_name_indication: peer.indicate,
        };
        let receives = !client && flags & FLAG_WELCOME != 0;
        let role = if client {
            Role::Client(context.client(&parameters)?, peer.name)
        } else if receives {
            let config = context.server(&parameters)?;
            let reception = Reception::new(
                Arc::clone(context),
                parameters,
                flags & FLAG_FORESEE_SUITE != 0,
            );
            Role::Reception(config, Box::new(reception))
        } else {
            Role::Server(context.server(&parameters)?)
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
    ask(env, engine, |_, native| {
        Ok(native.connection.begin().pack())
    })
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
    ask(env, engine, |env, native| {
        let managers = if native.uses_managers && !callbacks.is_null() {
            Some(Rc::new(JavaManagers::new(env, &callbacks)?) as Rc<dyn Managers>)
        } else {
            None
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
    ask(env, engine, |_, native| {
        Ok(native.connection.handshake_status().code().into())
    })
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_closeOutbound<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) {
    ask(env, engine, |_, native| {
        native.connection.close_outbound();
        Ok(())
    });
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_closeInbound<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> jboolean {
    ask(env, engine, |_, native| {
        Ok(native.connection.close_inbound())
    })
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_isOutboundDone<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> jboolean {
    ask(env, engine, |_, native| {
        Ok(native.connection.is_outbound_done())
    })
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_isInboundDone<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> jboolean {
    ask(env, engine, |_, native| {
        Ok(native.connection.is_inbound_done())
    })
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
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_protocol<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> jint {
    ask(env, engine, |_, native| {
        Ok(native.connection.negotiated().0.into())
    })
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_cipherSuite<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> jint {
    ask(env, engine, |_, native| {
        Ok(native.connection.negotiated().1.into())
    })
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_namedGroup<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> JString<'local> {
    ask(env, engine, |env, native| {
        optional_string(env, native.connection.named_group().as_deref())
    })
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_resumed<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> jboolean {
    ask(env, engine, |_, native| Ok(native.connection.resumed()))
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_session<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> jlong {
    ask(env, engine, |_, native| {
        Ok(i64::try_from(native.connection.session()).unwrap_or_default())
    })
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_peerSignatureSchemes<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> JIntArray<'local> {
    ask(env, engine, |env, native| {
        convert::to_codes(env, &native.connection.peer_signature_schemes())
    })
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_sessionId<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> JByteArray<'local> {
    ask(env, engine, |env, native| {
        Ok(env.byte_array_from_slice(&native.connection.session_id())?)
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
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_serverName<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) -> JString<'local> {
    ask(env, engine, |env, native| {
        optional_string(env, native.connection.server_name().as_deref())
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
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) {
    env.with_env(|_env| -> Result<_, Thrown> {
        // SAFETY: Java's handle keeps the engine alive for this call.
        unsafe { borrow(engine) }?.connection.forget_facts();
        Ok(())
    })
    .resolve::<Throw>();
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_rest<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) {
    env.with_env(|_env| -> Result<_, Thrown> {
        // SAFETY: Java's table of open connections keeps the engine alive for this call.
        unsafe { borrow(engine) }?.connection.rest();
        Ok(())
    })
    .resolve::<Throw>();
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_free<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    engine: jlong,
) {
    env.with_env(|_env| -> Result<_, Thrown> {
        // SAFETY: Java's owner releases exactly once, after all calls.
        unsafe { handle::free::<Native>(engine) };
        Ok(())
    })
    .resolve::<Throw>();
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
