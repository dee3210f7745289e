//! `StoreNatives`.

use super::convert::{self, ByteArrays};
use super::guard::{Throw, Thrown};
use super::handle;
use crate::error::{StoreError, StoreFault};
use crate::keystore::{self, Passwords, Store, StoreFormat};
use jni::objects::{JByteArray, JClass, JString};
use jni::sys::jlong;
use jni::EnvUnowned;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

/// What a store's address points at.
pub(super) type Native = Store;

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_StoreNatives_readKeystore<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    file: JString<'local>,
    configured_type: JString<'local>,
    store_password: JByteArray<'local>,
    key_password: JByteArray<'local>,
) -> jlong {
    env.with_env(|env| -> Result<_, Thrown> {
        let file = convert::required(env, &file, "file")?;
        let configured_type = convert::string(env, &configured_type)?;
        let passwords = Passwords {
            store: convert::secret(env, &store_password)?,
            key: convert::secret(env, &key_password)?,
        };
        let store = keystore::read_keystore(&file, configured_type.as_deref(), &passwords)?;
        Ok(handle::give::<Native>(store))
    })
    .resolve::<Throw>()
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_StoreNatives_readTruststore<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    file: JString<'local>,
    configured_type: JString<'local>,
    password: JByteArray<'local>,
) -> jlong {
    env.with_env(|env| -> Result<_, Thrown> {
        let file = convert::required(env, &file, "file")?;
        let configured_type = convert::string(env, &configured_type)?;
        let passwords = Passwords {
            store: convert::secret(env, &password)?,
            key: None,
        };
        let store = keystore::read_truststore(&file, configured_type.as_deref(), &passwords)?;
        Ok(handle::give::<Native>(store))
    })
    .resolve::<Throw>()
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_StoreNatives_ofCertificates<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    certificates: ByteArrays<'local>,
) -> jlong {
    env.with_env(|env| -> Result<_, Thrown> {
        let trusted = convert::byte_arrays(env, &certificates)?
            .into_iter()
            .map(CertificateDer::from)
            .collect();
        Ok(handle::give::<Native>(Store {
            format: StoreFormat::Java,
            key: None,
            more_keys: Vec::new(),
            trusted,
        }))
    })
    .resolve::<Throw>()
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_StoreNatives_ofKey<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    chain: ByteArrays<'local>,
    pkcs8: JByteArray<'local>,
) -> jlong {
    env.with_env(|env| -> Result<_, Thrown> {
        let chain = convert::byte_arrays(env, &chain)?
            .into_iter()
            .map(CertificateDer::from)
            .collect();
        let pkcs8 = convert::secret(env, &pkcs8)?
            .ok_or_else(|| Thrown::Argument("pkcs8 is null".into()))?;
        let key = PrivateKeyDer::try_from(pkcs8.as_slice())
            .map_err(|e| StoreError::new(StoreFault::Unsupported, e))?
            .clone_key();
        Ok(handle::give::<Native>(keystore::of_key(chain, key)?))
    })
    .resolve::<Throw>()
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_StoreNatives_keyChain<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    store: jlong,
) -> ByteArrays<'local> {
    env.with_env(|env| -> Result<_, Thrown> {
        // SAFETY: Java's handle keeps the store alive for this call.
        let store = unsafe { handle::borrow::<Native>(store) }?;
        let chain = store.key.as_ref().map_or(&[][..], |entry| &entry.chain);
        convert::to_byte_arrays(env, chain)
    })
    .resolve::<Throw>()
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_StoreNatives_trusted<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    store: jlong,
) -> ByteArrays<'local> {
    env.with_env(|env| -> Result<_, Thrown> {
        // SAFETY: Java's handle keeps the store alive for this call.
        let store = unsafe { handle::borrow::<Native>(store) }?;
        convert::to_byte_arrays(env, &store.trusted)
    })
    .resolve::<Throw>()
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_StoreNatives_format<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    store: jlong,
) -> JString<'local> {
    env.with_env(|env| -> Result<_, Thrown> {
        // SAFETY: Java's handle keeps the store alive for this call.
        let store = unsafe { handle::borrow::<Native>(store) }?;
        Ok(env.new_string(match store.format {
            StoreFormat::Pkcs12 => "PKCS12",
            StoreFormat::Jks => "JKS",
            StoreFormat::Pem => "PEM",
            StoreFormat::Java => "JAVA",
        })?)
    })
    .resolve::<Throw>()
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_StoreNatives_free<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    store: jlong,
) {
    env.with_env(|_env| -> Result<_, Thrown> {
        // SAFETY: Java's owner releases exactly once, after all calls.
        unsafe { handle::free::<Native>(store) };
        Ok(())
    })
    .resolve::<Throw>();
}
