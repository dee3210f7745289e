//! `LibraryNatives`.

use super::convert;
use super::guard::{Throw, Thrown};
use crate::config::key_log;
use jni::objects::{JClass, JString};
use jni::EnvUnowned;
use std::path::Path;

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_LibraryNatives_version<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
) -> JString<'local> {
    env.with_env(|env| -> Result<_, Thrown> { Ok(env.new_string(env!("CARGO_PKG_VERSION"))?) })
        .resolve::<Throw>()
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_LibraryNatives_description<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
) -> JString<'local> {
    env.with_env(|env| -> Result<_, Thrown> {
        Ok(env.new_string(concat!(
            "rustls-jvm ",
            env!("CARGO_PKG_VERSION"),
            " (rustls ",
            env!("RUSTLS_VERSION"),
            ", aws-lc-rs ",
            env!("AWS_LC_RS_VERSION"),
            ", ",
            env!("RUSTLS_JVM_TARGET"),
            ")"
        ))?)
    })
    .resolve::<Throw>()
}

#[no_mangle]
extern "system" fn Java_io_rustlsjvm_jsse_LibraryNatives_logKeys<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    file: JString<'local>,
) -> JString<'local> {
    env.with_env(|env| -> Result<_, Thrown> {
        let file = convert::required(env, &file, "file")?;
        match key_log::start(Path::new(&file)) {
            Ok(()) => Ok(JString::null()),
            Err(error) => Ok(env.new_string(error.to_string())?),
        }
    })
    .resolve::<Throw>()
}
