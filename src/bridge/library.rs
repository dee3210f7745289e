//! `LibraryNatives`.

use super::guard::{Throw, Thrown};
use jni::objects::{JClass, JString};
use jni::EnvUnowned;

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
