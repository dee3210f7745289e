//! Errors and panics become Java exceptions, in one place.

use crate::engine::failure::{Failure, FailureKind};
use crate::error::StoreError;
use jni::errors::{Error, ErrorPolicy};
use jni::objects::{JThrowable, JValue};
use jni::strings::JNIString;
use jni::{jni_sig, jni_str, Env, EnvUnowned};
use std::any::Any;
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};

/// What a native method throws.
#[derive(Debug)]
pub(super) enum Thrown {
    /// `StoreException`.
    Store(StoreError),
    /// One of `javax.net.ssl`'s.
    Ssl(Failure),
    /// `IllegalStateException`.
    State(&'static str),
    /// `IllegalArgumentException`.
    Argument(String),
    /// A Java exception that is pending already, or a failure of JNI itself.
    Jni(Error),
}

impl From<Error> for Thrown {
    fn from(error: Error) -> Self {
        Self::Jni(error)
    }
}

impl From<StoreError> for Thrown {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failure> for Thrown {
    fn from(failure: Failure) -> Self {
        Self::Ssl(failure)
    }
}

/// Throws a [`Thrown`], or an `InternalError` for a panic, and returns the default value.
pub(super) struct Throw;

impl<T: Default> ErrorPolicy<T, Thrown> for Throw {
    type Captures<'local: 'method, 'method> = ();

    fn on_error<'local: 'method, 'method>(
        env: &mut Env<'local>,
        _captures: &mut Self::Captures<'local, 'method>,
        error: Thrown,
    ) -> jni::errors::Result<T> {
        if env.exception_check() {
            return Ok(T::default());
        }
        let raised = match error {
            Thrown::Store(error) => raise_store(env, &error),
            Thrown::Ssl(failure) => {
                let class = env.find_class(match failure.kind {
                    FailureKind::Handshake => jni_str!("javax/net/ssl/SSLHandshakeException"),
                    FailureKind::Peer => jni_str!("javax/net/ssl/SSLPeerUnverifiedException"),
                    FailureKind::Protocol => jni_str!("javax/net/ssl/SSLProtocolException"),
                    FailureKind::Ssl => jni_str!("javax/net/ssl/SSLException"),
                })?;
                env.throw_new(class, JNIString::new(&failure.message))
            }
            Thrown::State(message) => {
                let class = env.find_class(jni_str!("java/lang/IllegalStateException"))?;
                env.throw_new(class, JNIString::new(message))
            }
            Thrown::Argument(message) => {
                let class = env.find_class(jni_str!("java/lang/IllegalArgumentException"))?;
                env.throw_new(class, JNIString::new(&message))
            }
            Thrown::Jni(error) => raise_internal(env, &format!("native call failed: {error}")),
        };
        thrown(raised)
    }

    fn on_panic<'local: 'method, 'method>(
        env: &mut Env<'local>,
        _captures: &mut Self::Captures<'local, 'method>,
        payload: Box<dyn Any + Send + 'static>,
    ) -> jni::errors::Result<T> {
        let raised = raise_internal(env, &panic_message(payload.as_ref()));
        thrown(raised)
    }
}

/// Runs a native that needs nothing of Java's. The crate's environment, which is for those that do,
/// costs a tenth of a microsecond each time, and a handshake has dozens of calls.
pub(super) fn alone<R: Default>(env: EnvUnowned<'_>, act: impl FnOnce() -> Result<R, Thrown>) -> R {
    match catch_unwind(AssertUnwindSafe(act)) {
        Ok(Ok(value)) => value,
        Ok(Err(thrown)) => throw(env, || Err(thrown)),
        Err(payload) => throw(env, || resume_unwind(payload)),
    }
}

#[cold]
fn throw<R: Default>(mut env: EnvUnowned<'_>, fail: impl FnOnce() -> Result<R, Thrown>) -> R {
    env.with_env(|_| fail()).resolve::<Throw>()
}

/// `Env::throw` answers with an error when it has thrown as asked.
fn thrown<T: Default>(raised: jni::errors::Result<()>) -> jni::errors::Result<T> {
    match raised {
        Ok(()) | Err(Error::JavaException) => Ok(T::default()),
        Err(error) => Err(error),
    }
}

/// Words for a panic's payload.
pub(super) fn panic_message(payload: &(dyn Any + Send)) -> String {
    let words = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    format!("the native TLS library panicked: {words}")
}

/// Throws an `InternalError`.
pub(super) fn raise_internal(env: &mut Env<'_>, message: &str) -> jni::errors::Result<()> {
    let class = env.find_class(jni_str!("java/lang/InternalError"))?;
    env.throw_new(class, JNIString::new(message))
}

fn raise_store(env: &mut Env<'_>, error: &StoreError) -> jni::errors::Result<()> {
    let class = env.find_class(jni_str!("io/rustlsjvm/jsse/StoreException"))?;
    let kind = env.new_string(error.fault.java_name())?;
    let message = env.new_string(&error.message)?;
    let exception = env.new_object(
        class,
        jni_sig!((java.lang.String, java.lang.String)),
        &[JValue::Object(&kind), JValue::Object(&message)],
    )?;
    let exception = env.cast_local::<JThrowable>(exception)?;
    env.throw(exception)
}
