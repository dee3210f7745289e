//! `KeyNatives`: keys of Java key managers, parsed once for all their handshakes.

use super::convert::{self, ByteArrays};
use super::guard::{Throw, Thrown};
use super::handle;
use crate::config::credential;
use crate::engine::failure::{Failure, FailureKind};
use crate::keystore;
use jni::objects::{JByteArray, JClass};
use jni::sys::jlong;
use jni::{Env, EnvUnowned};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use std::sync::Arc;

/// What a key's address points at.
type Native = Arc<CertifiedKey>;

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_KeyNatives_parse<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    java_chain: ByteArrays<'local>,
    pkcs8: JByteArray<'local>,
) -> jlong {
    env.with_env(|env| -> Result<_, Thrown> {
        let chain = chain(env, &java_chain)?;
        let pkcs8 = convert::secret(env, &pkcs8)?
            .ok_or_else(|| Thrown::Argument("pkcs8 is null".into()))?;
        let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(pkcs8.as_slice()));
        let key = credential::signing_key(&der).map_err(|_| Failure {
            kind: FailureKind::Ssl,
            message: format!(
                "the key manager's private key cannot be used: {}",
                keystore::unusable(&der)
            ),
            alert: None,
        })?;
        Ok(handle::give::<Native>(Arc::new(CertifiedKey::new(
            chain, key,
        ))))
    })
    .resolve::<Throw>()
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_KeyNatives_free<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    key: jlong,
) {
    env.with_env(|_env| -> Result<_, Thrown> {
        // SAFETY: Java's owner releases exactly once, after all calls.
        unsafe { handle::free::<Native>(key) };
        Ok(())
    })
    .resolve::<Throw>();
}

/// Borrows a key.
///
/// # Safety
/// As [`handle::borrow`].
pub(super) unsafe fn borrow<'a>(key: jlong) -> Result<&'a Arc<CertifiedKey>, Thrown> {
    // SAFETY: passed on to the caller.
    unsafe { handle::borrow::<Native>(key) }
}

/// A chain in DER, leaf first.
pub(super) fn chain(
    env: &mut Env<'_>,
    chain: &ByteArrays<'_>,
) -> Result<Vec<CertificateDer<'static>>, Thrown> {
    Ok(convert::byte_arrays(env, chain)?
        .into_iter()
        .map(CertificateDer::from)
        .collect())
}
