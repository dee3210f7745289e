//! `HandshakeCallbacks`: Java's key and trust managers, asked on the thread that runs the task.

use super::guard::Thrown;
use super::{context, convert, key};
use crate::client_hello::ClientHello;
use crate::trust::managers::{Foreseen, Issuers, Managers, Step, Welcome};
use crate::x509::Certificate;
use jni::objects::{JByteArray, JIntArray, JObject, JString, JValue};
use jni::refs::Global;
use jni::{jni_sig, jni_str, Env, JavaVM};
use rustls::pki_types::CertificateDer;
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::{Error, SignatureAlgorithm, SignatureScheme};
use std::fmt;
use std::sync::Arc;

/// Alert internal_error, RFC 8446 §6.2.
const INTERNAL_ERROR: u8 = 80;

/// Local references that one callback may need at once, beside its chain's.
const FRAME: usize = 32;

type Callbacks = Arc<Global<JObject<'static>>>;

/// One connection's callbacks, for the length of a task.
pub(super) struct JavaManagers {
    callbacks: Callbacks,
}

impl JavaManagers {
    pub(super) fn new(env: &Env<'_>, callbacks: &JObject<'_>) -> Result<Self, Thrown> {
        Ok(Self {
            callbacks: Arc::new(env.new_global_ref(callbacks)?),
        })
    }

    fn ask_credential(
        &self,
        env: &mut Env<'_>,
        step: &Step,
        schemes: &[SignatureScheme],
        issuers: &[&[u8]],
        server_name: Option<&str>,
    ) -> Result<Option<Arc<CertifiedKey>>, Thrown> {
        let java_schemes = convert::to_codes(env, schemes)?;
        let java_issuers = convert::to_byte_arrays(env, issuers)?;
        let java_name = match server_name {
            Some(name) => env.new_string(name)?,
            None => JString::null(),
        };
        let credential = env
            .call_method(
                self.callbacks.as_obj(),
                jni_str!("chooseCredential"),
                jni_sig!(
                    "(I[I[[BLjava/lang/String;)Lio/rustlsjvm/jsse/HandshakeCallbacks$Credential;"
                ),
                &[
                    JValue::Int(step.protocol.get().into()),
                    JValue::Object(&java_schemes),
                    JValue::Object(&java_issuers),
                    JValue::Object(&java_name),
                ],
            )?
            .l()?;
        if credential.is_null() {
            return Ok(None);
        }
        let parsed = env
            .get_field(&credential, jni_str!("parsedKey"), jni_sig!("J"))?
            .j()?;
        if parsed != 0 {
            // SAFETY: the credential, which is reachable for this call, keeps the key alive.
            return Ok(Some(Arc::clone(unsafe { key::borrow(parsed) }?)));
        }
        let chain = env
            .get_field(&credential, jni_str!("chain"), jni_sig!("[[B"))?
            .l()?;
        let chain = env.cast_local::<convert::ByteArrays<'_>>(chain)?;
        let chain = key::chain(env, &chain)?;
        let key = env
            .get_field(&credential, jni_str!("key"), jni_sig!("Ljava/lang/Object;"))?
            .l()?;
        let schemes = env
            .get_field(&credential, jni_str!("schemes"), jni_sig!("[I"))?
            .l()?;
        let schemes = env.cast_local::<JIntArray<'_>>(schemes)?;
        let schemes: Vec<SignatureScheme> = convert::codes(env, &schemes)?
            .unwrap_or_default()
            .into_iter()
            .map(SignatureScheme::from)
            .collect();
        let leaf = chain
            .first()
            .ok_or_else(|| Thrown::Argument("the chain is empty".into()))?;
        let key = JavaKey::new(
            Arc::clone(&self.callbacks),
            env.new_global_ref(&key)?,
            leaf,
            &schemes,
        )?;
        Ok(Some(Arc::new(CertifiedKey::new(chain, Arc::new(key)))))
    }

    fn ask_welcome(
        &self,
        env: &mut Env<'_>,
        hello: &ClientHello<'_>,
        foreseen: Foreseen,
    ) -> Result<Result<Welcome, u8>, Thrown> {
        let java_name = match hello.server_name {
            Some(name) => env.new_string(name)?,
            None => JString::null(),
        };
        let offered: Vec<String> = hello
            .application_protocols
            .iter()
            .map(|name| convert::application_protocol(name))
            .collect();
        let java_offered = convert::to_strings(env, &offered)?;
        let java_schemes = convert::to_codes(env, &hello.signature_schemes)?;
        let welcome = env
            .call_method(
                self.callbacks.as_obj(),
                jni_str!("welcome"),
                jni_sig!(
                    "(Ljava/lang/String;[Ljava/lang/String;[III)\
                     Lio/rustlsjvm/jsse/HandshakeCallbacks$Welcome;"
                ),
                &[
                    JValue::Object(&java_name),
                    JValue::Object(&java_offered),
                    JValue::Object(&java_schemes),
                    JValue::Int(foreseen.protocol.into()),
                    JValue::Int(foreseen.suite.into()),
                ],
            )?
            .l()?;
        let alert = env
            .get_field(&welcome, jni_str!("alert"), jni_sig!("I"))?
            .i()?;
        if alert != 0 {
            return Ok(Err(u8::try_from(alert).unwrap_or(INTERNAL_ERROR)));
        }
        let chosen = env
            .get_field(
                &welcome,
                jni_str!("applicationProtocol"),
                jni_sig!("Ljava/lang/String;"),
            )?
            .l()?;
        let chosen = env.cast_local::<JString<'_>>(chosen)?;
        let application_protocol = match convert::string(env, &chosen)? {
            None => None,
            Some(name) if name.is_empty() => Some(None),
            Some(name) => Some(Some(convert::application_protocol_bytes(&name)?)),
        };
        let issuers = env
            .get_field(&welcome, jni_str!("issuers"), jni_sig!("J"))?
            .j()?;
        let issuers = if issuers == 0 {
            Issuers::default()
        } else {
            // SAFETY: the welcome, which is reachable for this call, keeps the list alive.
            unsafe { context::borrow_issuers(issuers) }?.clone()
        };
        Ok(Ok(Welcome {
            application_protocol,
            issuers,
        }))
    }

    fn ask_verdict(
        &self,
        env: &mut Env<'_>,
        step: &Step,
        chain: &[&[u8]],
        ocsp_response: &[u8],
    ) -> Result<u8, Thrown> {
        let java_chain = convert::to_byte_arrays(env, chain)?;
        let auth_type = env.new_string(auth_type(step, chain))?;
        let ocsp = if ocsp_response.is_empty() {
            JByteArray::null()
        } else {
            env.byte_array_from_slice(ocsp_response)?
        };
        let alert = env
            .call_method(
                self.callbacks.as_obj(),
                jni_str!("checkPeer"),
                jni_sig!("([[BLjava/lang/String;II[B)I"),
                &[
                    JValue::Object(&java_chain),
                    JValue::Object(&auth_type),
                    JValue::Int(step.protocol.get().into()),
                    JValue::Int(step.suite.get().into()),
                    JValue::Object(&ocsp),
                ],
            )?
            .i()?;
        Ok(u8::try_from(alert).unwrap_or(INTERNAL_ERROR))
    }
}

impl Managers for JavaManagers {
    fn welcome(&self, hello: &ClientHello<'_>, foreseen: Foreseen) -> Result<Welcome, u8> {
        in_frame(|env| self.ask_welcome(env, hello, foreseen)).unwrap_or(Err(INTERNAL_ERROR))
    }

    fn choose_credential(
        &self,
        step: &Step,
        schemes: &[SignatureScheme],
        issuers: &[&[u8]],
        server_name: Option<&str>,
    ) -> Option<Arc<CertifiedKey>> {
        in_frame(|env| self.ask_credential(env, step, schemes, issuers, server_name))
            .ok()
            .flatten()
    }

    fn check_peer(&self, step: &Step, chain: &[&[u8]], ocsp_response: &[u8]) -> Result<(), u8> {
        match in_frame(|env| self.ask_verdict(env, step, chain, ocsp_response)) {
            Ok(0) => Ok(()),
            Ok(alert) => Err(alert),
            Err(_) => Err(INTERNAL_ERROR),
        }
    }
}

/// Runs a callback in a frame of its own, so that a long handshake piles up no references.
fn in_frame<R>(act: impl FnOnce(&mut Env<'_>) -> Result<R, Thrown>) -> Result<R, Thrown> {
    JavaVM::singleton()?.attach_current_thread(|env| env.with_local_frame(FRAME, act))
}

/// The `authType` of `X509TrustManager`: for servers the key exchange and the key's algorithm
/// (`UNKNOWN` in TLS 1.3, which leaves both to other messages), for clients the key's algorithm.
fn auth_type(step: &Step, chain: &[&[u8]]) -> &'static str {
    let kind = chain
        .first()
        .and_then(|leaf| KeyKind::of(&CertificateDer::from(*leaf)));
    match (step.client, kind) {
        (true, _) if step.protocol.get() == 0x0304 => "UNKNOWN",
        (true, Some(KeyKind::Rsa | KeyKind::RsaPss)) => "ECDHE_RSA",
        (true, Some(_)) => "ECDHE_ECDSA",
        (false, Some(KeyKind::Rsa)) => "RSA",
        (false, Some(KeyKind::RsaPss)) => "RSASSA-PSS",
        (false, Some(KeyKind::Ec(_))) => "EC",
        (false, Some(KeyKind::Ed25519)) => "EdDSA",
        (_, None) => "UNKNOWN",
    }
}

/// What kind of key a certificate holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KeyKind {
    Rsa,
    RsaPss,
    Ec(SignatureScheme),
    Ed25519,
}

impl KeyKind {
    /// Looks for the algorithm's object identifier where SubjectPublicKeyInfo starts (RFC 5280
    /// §4.1).
    fn of(certificate: &CertificateDer<'_>) -> Option<Self> {
        const RSA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
        const RSA_PSS: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";
        const EC: &[u8] = b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01";
        const P256: &[u8] = b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
        const P384: &[u8] = b"\x06\x05\x2b\x81\x04\x00\x22";
        const P521: &[u8] = b"\x06\x05\x2b\x81\x04\x00\x23";
        const ED25519: &[u8] = b"\x06\x03\x2b\x65\x70";
        let spki = Certificate::parse(certificate)?.spki;
        let start = spki.get(..spki.len().min(40))?;
        let holds = |oid: &[u8]| start.windows(oid.len()).any(|window| window == oid);
        if holds(RSA) {
            Some(Self::Rsa)
        } else if holds(RSA_PSS) {
            Some(Self::RsaPss)
        } else if holds(EC) {
            [
                (P256, SignatureScheme::ECDSA_NISTP256_SHA256),
                (P384, SignatureScheme::ECDSA_NISTP384_SHA384),
                (P521, SignatureScheme::ECDSA_NISTP521_SHA512),
            ]
            .into_iter()
            .find(|(curve, _)| holds(curve))
            .map(|(_, scheme)| Self::Ec(scheme))
        } else if holds(ED25519) {
            Some(Self::Ed25519)
        } else {
            None
        }
    }

    /// Whether such a key makes such signatures.
    fn has(self, scheme: SignatureScheme) -> bool {
        match self {
            Self::Rsa => matches!(
                scheme,
                SignatureScheme::RSA_PSS_SHA256
                    | SignatureScheme::RSA_PSS_SHA384
                    | SignatureScheme::RSA_PSS_SHA512
                    | SignatureScheme::RSA_PKCS1_SHA256
                    | SignatureScheme::RSA_PKCS1_SHA384
                    | SignatureScheme::RSA_PKCS1_SHA512
            ),
            Self::RsaPss => false,
            Self::Ec(own) => scheme == own,
            Self::Ed25519 => scheme == SignatureScheme::ED25519,
        }
    }
}

/// A key that stays in Java.
struct JavaKey {
    callbacks: Callbacks,
    key: Arc<Global<JObject<'static>>>,
    kind: KeyKind,
    /// Best first.
    schemes: Vec<SignatureScheme>,
}

impl JavaKey {
    fn new(
        callbacks: Callbacks,
        key: Global<JObject<'static>>,
        leaf: &CertificateDer<'_>,
        schemes: &[SignatureScheme],
    ) -> Result<Self, Thrown> {
        let kind = KeyKind::of(leaf)
            .ok_or_else(|| Thrown::Argument("the certificate's key is of no known kind".into()))?;
        Ok(Self {
            callbacks,
            key: Arc::new(key),
            kind,
            schemes: schemes
                .iter()
                .copied()
                .filter(|scheme| kind.has(*scheme))
                .collect(),
        })
    }
}

impl fmt::Debug for JavaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JavaKey({:?})", self.kind)
    }
}

impl SigningKey for JavaKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let scheme = *self
            .schemes
            .iter()
            .find(|scheme| offered.contains(scheme))?;
        Some(Box::new(JavaSigner {
            callbacks: Arc::clone(&self.callbacks),
            key: Arc::clone(&self.key),
            scheme,
        }))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        match self.kind {
            KeyKind::Rsa | KeyKind::RsaPss => SignatureAlgorithm::RSA,
            KeyKind::Ec(_) => SignatureAlgorithm::ECDSA,
            KeyKind::Ed25519 => SignatureAlgorithm::ED25519,
        }
    }
}

/// One signature by such a key.
struct JavaSigner {
    callbacks: Callbacks,
    key: Arc<Global<JObject<'static>>>,
    scheme: SignatureScheme,
}

impl fmt::Debug for JavaSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JavaSigner({:?})", self.scheme)
    }
}

impl Signer for JavaSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let signature = in_frame(|env| {
            let java_message = env.byte_array_from_slice(message)?;
            let signature = env
                .call_method(
                    self.callbacks.as_obj(),
                    jni_str!("sign"),
                    jni_sig!("(Ljava/lang/Object;I[B)[B"),
                    &[
                        JValue::Object(self.key.as_obj()),
                        JValue::Int(u16::from(self.scheme).into()),
                        JValue::Object(&java_message),
                    ],
                )?
                .l()?;
            let signature = env.cast_local::<JByteArray<'_>>(signature)?;
            if signature.is_null() {
                return Ok(None);
            }
            Ok(Some(env.convert_byte_array(&signature)?))
        });
        match signature {
            Ok(Some(signature)) => Ok(signature),
            _ => Err(Error::General("the private key could not sign".into())),
        }
    }

    fn scheme(&self) -> SignatureScheme {
        self.scheme
    }
}
