//! The judges at work in whole handshakes, TLS 1.2 and 1.3, by error and by the alert that the
//! other side gets.

// A test's helpers may panic where the test itself may.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod stores;

use rcgen::{
    date_time_ymd, BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SanType,
};
use rustls::client::danger::ServerCertVerifier;
use rustls::client::ClientConfig;
use rustls::crypto::{aws_lc_rs, CryptoProvider};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::ServerConfig;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::version::{TLS12, TLS13};
use rustls::{
    AlertDescription, CertificateError, ClientConnection, Connection, Error, ServerConnection,
    SupportedProtocolVersion,
};
use rustls_jvm::keystore::KeyEntry;
use rustls_jvm::trust::{ClientJudge, Pins, ServerJudge, TrustAnchors};
use std::sync::Arc;
use stores::{keystore, truststore, Workshop};

const VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];

/// A key and chain to show.
#[derive(Clone)]
struct Identity(Arc<CertifiedKey>);

impl Identity {
    fn new(key: &KeyPair, chain: &[&CertificateDer<'static>]) -> Self {
        let der = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        Self::of(der, chain.iter().map(|der| (*der).clone()).collect())
    }

    fn of(key: PrivateKeyDer<'static>, chain: Vec<CertificateDer<'static>>) -> Self {
        let key = aws_lc_rs::sign::any_supported_type(&key).unwrap();
        Self(Arc::new(CertifiedKey::new(chain, key)))
    }

    fn of_entry(entry: &KeyEntry) -> Self {
        Self::of(entry.key.clone_key(), entry.chain.clone())
    }

    fn leaf(&self) -> CertificateDer<'static> {
        self.0.cert[0].clone()
    }
}

struct Ca {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn ca_params(name: &str) -> CertificateParams {
    let mut params = params(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

fn root(name: &str) -> Ca {
    let key = KeyPair::generate().unwrap();
    let params = ca_params(name);
    Ca {
        certificate: params.self_signed(&key).unwrap().der().clone(),
        issuer: Issuer::new(params, key),
    }
}

impl Ca {
    fn intermediate(&self, name: &str) -> Ca {
        let key = KeyPair::generate().unwrap();
        let params = ca_params(name);
        Ca {
            certificate: params.signed_by(&key, &self.issuer).unwrap().der().clone(),
            issuer: Issuer::new(params, key),
        }
    }

    fn sign(&self, params: &CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        let leaf = params.signed_by(&key, &self.issuer).unwrap();
        Identity::new(&key, &[leaf.der()])
    }

    fn leaf(&self, name: &str) -> Identity {
        self.sign(&params(name))
    }
}

fn self_signed(params: &CertificateParams) -> (Identity, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    (Identity::new(&key, &[certificate.der()]), key)
}

fn expired(mut params: CertificateParams) -> CertificateParams {
    params.not_before = date_time_ymd(2019, 1, 1);
    params.not_after = date_time_ymd(2020, 1, 1);
    params
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn anchors(certificates: &[&CertificateDer<'static>]) -> Option<Arc<TrustAnchors>> {
    let certificates: Vec<_> = certificates.iter().map(|der| (*der).clone()).collect();
    Some(Arc::new(TrustAnchors::new(&certificates).unwrap()))
}

fn pins(list: &str) -> Option<Arc<Pins>> {
    Some(Arc::new(Pins::parse(list).unwrap()))
}

fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    use aws_lc_rs_digest::{digest, SHA1_FOR_LEGACY_USE_ONLY};
    digest(&SHA1_FOR_LEGACY_USE_ONLY, certificate)
        .as_ref()
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect::<Vec<_>>()
        .join(":")
}

use ::aws_lc_rs::digest as aws_lc_rs_digest;

/// Both sides of a handshake to be tried.
struct Trial {
    server: Identity,
    client: Option<Identity>,
    server_judge: Arc<dyn ServerCertVerifier>,
    client_judge: Arc<dyn ClientCertVerifier>,
    host: &'static str,
}

/// How a side ended: the handshake done, or its error.
type Outcome = Result<(), Error>;

impl Trial {
    /// Both sides show the same certificate and trust the same anchors.
    fn mutual(identity: &Identity, anchors: Option<Arc<TrustAnchors>>) -> Self {
        Self::with_pins(identity, anchors, None)
    }

    fn with_pins(
        identity: &Identity,
        anchors: Option<Arc<TrustAnchors>>,
        pins: Option<Arc<Pins>>,
    ) -> Self {
        Self {
            server: identity.clone(),
            client: Some(identity.clone()),
            server_judge: Arc::new(ServerJudge::new(
                anchors.clone(),
                pins.clone(),
                false,
                provider(),
            )),
            client_judge: Arc::new(ClientJudge::new(anchors, pins, true, provider())),
            host: "node.example",
        }
    }

    fn outcomes(&self, version: &'static SupportedProtocolVersion) -> (Outcome, Outcome) {
        let builder = ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(&[version])
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&self.server_judge));
        let client = match &self.client {
            Some(identity) => builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(
                Arc::clone(&identity.0),
            ))),
            None => builder.with_no_client_auth(),
        };
        let server = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&[version])
            .unwrap()
            .with_client_cert_verifier(Arc::clone(&self.client_judge))
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(Arc::clone(&self.server.0))));
        let host = ServerName::try_from(self.host).unwrap();
        let mut client: Connection = ClientConnection::new(Arc::new(client), host)
            .unwrap()
            .into();
        let mut server: Connection = ServerConnection::new(Arc::new(server)).unwrap().into();
        let (mut client_end, mut server_end) = (Ok(()), Ok(()));
        while client.wants_write() || server.wants_write() {
            carry(&mut client, &mut server, &mut server_end);
            carry(&mut server, &mut client, &mut client_end);
        }
        assert!(client_end.is_err() || !client.is_handshaking());
        assert!(server_end.is_err() || !server.is_handshaking());
        (client_end, server_end)
    }

    #[track_caller]
    fn succeeds(&self) {
        for version in VERSIONS {
            assert_eq!(self.outcomes(version), (Ok(()), Ok(())), "{version:?}");
        }
    }

    /// The client refuses the server.
    #[track_caller]
    fn client_refuses(&self, error: fn(&Error) -> bool, alert: AlertDescription) {
        for version in VERSIONS {
            let (client, server) = self.outcomes(version);
            assert!(
                error(client.as_ref().unwrap_err()),
                "{version:?} {client:?}"
            );
            assert_eq!(server, Err(Error::AlertReceived(alert)), "{version:?}");
        }
    }

    /// The server refuses the client.
    #[track_caller]
    fn server_refuses(&self, error: fn(&Error) -> bool, alert: AlertDescription) {
        for version in VERSIONS {
            let (client, server) = self.outcomes(version);
            assert!(
                error(server.as_ref().unwrap_err()),
                "{version:?} {server:?}"
            );
            assert_eq!(client, Err(Error::AlertReceived(alert)), "{version:?}");
        }
    }
}

fn carry(from: &mut Connection, to: &mut Connection, end: &mut Outcome) {
    let mut wire = Vec::new();
    while from.wants_write() {
        from.write_tls(&mut wire).unwrap();
    }
    let mut rest = wire.as_slice();
    while !rest.is_empty() && end.is_ok() {
        to.read_tls(&mut rest).unwrap();
        if let Err(error) = to.process_new_packets() {
            *end = Err(error);
        }
    }
}

fn is_unknown_issuer(error: &Error) -> bool {
    *error == Error::InvalidCertificate(CertificateError::UnknownIssuer)
}

fn is_expired(error: &Error) -> bool {
    matches!(
        error,
        Error::InvalidCertificate(CertificateError::ExpiredContext { .. })
    )
}

fn is_bad_signature(error: &Error) -> bool {
    *error == Error::InvalidCertificate(CertificateError::BadSignature)
}

fn is_wrong_name(error: &Error) -> bool {
    matches!(
        error,
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }
        )
    )
}

fn is_wrong_purpose(error: &Error) -> bool {
    matches!(
        error,
        Error::InvalidCertificate(CertificateError::InvalidPurposeContext { .. })
    )
}

fn is_without_digital_signature(error: &Error) -> bool {
    format!("{error}").contains("keyUsage lacks digitalSignature")
}

fn is_wrong_fingerprint(error: &Error) -> bool {
    format!("{error}").contains("fingerprint")
}

#[test]
fn a_chain_to_a_root_or_an_intermediate_is_believed() {
    let root = root("root");
    let middle = root.intermediate("middle");
    let key = KeyPair::generate().unwrap();
    let leaf = params("node").signed_by(&key, &middle.issuer).unwrap();
    let with_middle = Identity::new(&key, &[leaf.der(), &middle.certificate]);
    let alone = Identity::new(&key, &[leaf.der()]);
    Trial::mutual(&with_middle, anchors(&[&root.certificate])).succeeds();
    Trial::mutual(&alone, anchors(&[&middle.certificate])).succeeds();
    Trial::mutual(&with_middle, anchors(&[&middle.certificate])).succeeds();
    Trial::mutual(&alone, anchors(&[&root.certificate]))
        .client_refuses(is_unknown_issuer, AlertDescription::UnknownCA);
}

#[test]
fn a_strangers_certificate_is_refused_with_unknown_ca() {
    let ours = root("ours");
    // Of the same name: only the signature tells.
    for name in ["theirs", "ours"] {
        let theirs = root(name).leaf("node");
        let mut trial = Trial::mutual(&theirs, anchors(&[&ours.certificate]));
        trial.client_refuses(
            |error| is_unknown_issuer(error) || is_bad_signature(error),
            if name == "ours" {
                AlertDescription::DecryptError
            } else {
                AlertDescription::UnknownCA
            },
        );
        trial.server = ours.leaf("server");
        trial.server_refuses(
            |error| is_unknown_issuer(error) || is_bad_signature(error),
            if name == "ours" {
                AlertDescription::DecryptError
            } else {
                AlertDescription::UnknownCA
            },
        );
    }
    // Self-signed ones, a CA by their own word or not.
    for params in [params("node"), ca_params("node")] {
        let (stranger, _) = self_signed(&params);
        Trial::mutual(&stranger, anchors(&[&ours.certificate]))
            .client_refuses(is_unknown_issuer, AlertDescription::UnknownCA);
    }
    // Nothing to go by.
    Trial::mutual(&ours.leaf("node"), None)
        .client_refuses(is_unknown_issuer, AlertDescription::UnknownCA);
}

#[test]
fn an_expired_leaf_is_refused_in_a_chain_and_taken_from_the_store() {
    let ca = root("ca");
    let leaf = ca.sign(&expired(params("node")));
    let mut trial = Trial::mutual(&leaf, anchors(&[&ca.certificate]));
    trial.client_refuses(is_expired, AlertDescription::CertificateExpired);
    trial.server = ca.leaf("server");
    trial.server_refuses(is_expired, AlertDescription::CertificateExpired);
    // The leaf itself in the store, its CA unknown.
    Trial::mutual(&leaf, anchors(&[&leaf.leaf()])).succeeds();
    let (own, _) = self_signed(&expired(params("node")));
    Trial::mutual(&own, anchors(&[&own.leaf()])).succeeds();
    let mut future = params("node");
    future.not_before = date_time_ymd(2150, 1, 1);
    future.not_after = date_time_ymd(2151, 1, 1);
    Trial::mutual(&ca.sign(&future), anchors(&[&ca.certificate])).client_refuses(
        |error| format!("{error}").contains("not valid yet"),
        AlertDescription::CertificateExpired,
    );
}

/// As `keytool -genkeypair -ext bc=ca:true` makes it: one file as both stores of both sides.
#[test]
fn a_self_signed_leaf_with_ca_true_in_the_store_is_believed() {
    let workshop = Workshop::new();
    workshop.keytool(
        "-genkeypair -alias flink.internal -keystore internal.p12 -dname CN=flink.internal \
         -storepass secret -keyalg RSA -keysize 2048 -ext bc=ca:true",
    );
    let file = workshop.name("internal.p12");
    let own = keystore(&file, "secret").unwrap();
    let peers = truststore(&file, Some("secret")).unwrap();
    let identity = Identity::of_entry(own.key.as_ref().unwrap());
    let trusted = Some(Arc::new(TrustAnchors::new(&peers.trusted).unwrap()));
    Trial::mutual(&identity, trusted).succeeds();
}

#[test]
fn version_1_certificates_are_believed_as_leaf_and_as_ca() {
    let workshop = Workshop::new();
    workshop.openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.csr -subj \
         /CN=ca",
    );
    workshop.openssl("x509 -req -in ca.csr -signkey ca.key -out ca.crt -days 9");
    for (name, algorithm) in [
        ("node", "ec -pkeyopt ec_paramgen_curve:P-384"),
        ("rsa", "rsa:2048"),
    ] {
        workshop.openssl(&format!(
            "req -newkey {algorithm} -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}"
        ));
        workshop.openssl(&format!(
            "x509 -req -in {name}.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out {name}.crt \
             -days 9"
        ));
    }
    let certificate = |name: &str| CertificateDer::from(workshop.der(&format!("{name}.crt")));
    let identity = |name: &str| {
        let text = [
            workshop.read(&format!("{name}.key")),
            workshop.read(&format!("{name}.crt")),
        ];
        let file = workshop.write(&format!("{name}.pem"), text.concat());
        let store = keystore(&file, "").unwrap();
        Identity::of_entry(store.key.as_ref().unwrap())
    };
    let text = workshop.openssl("x509 -in node.crt -noout -text");
    assert!(String::from_utf8_lossy(&text).contains("Version: 1"));

    // The CA of version 1 as an anchor; the CA itself as a leaf; leaves in the store themselves.
    for name in ["node", "rsa", "ca"] {
        Trial::mutual(&identity(name), anchors(&[&certificate("ca")])).succeeds();
        Trial::mutual(&identity(name), anchors(&[&certificate(name)])).succeeds();
    }
    // Another CA of the same name did not sign it.
    Trial::mutual(&identity("node"), anchors(&[&root("ca").certificate]))
        .client_refuses(is_unknown_issuer, AlertDescription::UnknownCA);
    // It has no names, so it is for no host.
    let mut trial = Trial::mutual(&identity("node"), anchors(&[&certificate("ca")]));
    trial.server_judge = Arc::new(ServerJudge::new(
        anchors(&[&certificate("ca")]),
        None,
        true,
        provider(),
    ));
    trial.client_refuses(is_wrong_name, AlertDescription::BadCertificate);
}

#[test]
fn a_trusted_or_pinned_certificate_without_its_key_is_of_no_use() {
    let (owner, _) = self_signed(&params("node"));
    let impostor = Identity::new(&KeyPair::generate().unwrap(), &[&owner.leaf()]);
    let trusted = anchors(&[&owner.leaf()]);
    let pinned = pins(&fingerprint(&owner.leaf()));
    for (trusted, pinned) in [(trusted, None), (None, pinned)] {
        let mut trial = Trial::with_pins(&impostor, trusted, pinned);
        trial.client_refuses(is_bad_signature, AlertDescription::DecryptError);
        trial.server = owner.clone();
        trial.server_refuses(is_bad_signature, AlertDescription::DecryptError);
    }
}

#[test]
fn a_renewed_certificate_of_a_trusted_leaf_is_a_strangers() {
    let (old, key) = self_signed(&params("node"));
    let renewed = params("node").self_signed(&key).unwrap();
    let renewed = Identity::new(&key, &[renewed.der()]);
    Trial::mutual(&renewed, anchors(&[&old.leaf()]))
        .client_refuses(is_unknown_issuer, AlertDescription::UnknownCA);
}

#[test]
fn a_key_that_may_not_sign_handshakes_is_refused() {
    let ca = root("ca");
    let mut params = params("node");
    params.key_usages = vec![KeyUsagePurpose::KeyEncipherment];
    let mut trial = Trial::mutual(&ca.sign(&params), anchors(&[&ca.certificate]));
    trial.client_refuses(
        is_without_digital_signature,
        AlertDescription::CertificateUnknown,
    );
    trial.server = ca.leaf("node");
    trial.server_refuses(
        is_without_digital_signature,
        AlertDescription::CertificateUnknown,
    );
}

#[test]
fn a_trusted_leaf_cannot_vouch_for_others() {
    let (leaf, key) = self_signed(&params("node"));
    let issuer = Issuer::new(params("node"), key);
    let other_key = KeyPair::generate().unwrap();
    let other = params("other").signed_by(&other_key, &issuer).unwrap();
    let alone = Identity::new(&other_key, &[other.der()]);
    let with_issuer = Identity::new(&other_key, &[other.der(), &leaf.leaf()]);
    for other in [alone, with_issuer] {
        let mut trial = Trial::mutual(&other, anchors(&[&leaf.leaf()]));
        trial.client_refuses(is_unknown_issuer, AlertDescription::UnknownCA);
        trial.server = leaf.clone();
        trial.server_refuses(is_unknown_issuer, AlertDescription::UnknownCA);
        // Nor where there is a CA in the store too.
        let ca = root("ca");
        let mut trial = Trial::mutual(&other, anchors(&[&leaf.leaf(), &ca.certificate]));
        assert!(trial.outcomes(&TLS13).0.is_err());
        trial.server = leaf.clone();
        assert!(trial.outcomes(&TLS13).1.is_err());
    }
}

#[test]
fn pins_alone_decide() {
    let ca = root("ca");
    let pinned = ca.sign(&expired(params("node")));
    let other = ca.leaf("other");
    let list = format!(
        "{},{}",
        "00:".repeat(19) + "00",
        fingerprint(&pinned.leaf())
    );
    // Neither the expiry nor an unknown CA counts.
    Trial::with_pins(&pinned, None, pins(&list)).succeeds();
    Trial::with_pins(&pinned, anchors(&[&root("x").certificate]), pins(&list)).succeeds();
    // Nor does a path that is sound.
    let mut trial = Trial::with_pins(&other, anchors(&[&ca.certificate]), pins(&list));
    trial.client_refuses(is_wrong_fingerprint, AlertDescription::CertificateUnknown);
    trial.server = pinned;
    trial.server_refuses(is_wrong_fingerprint, AlertDescription::CertificateUnknown);
}

#[test]
fn hosts_are_checked_where_that_is_asked_for() {
    let ca = root("ca");
    let mut named = params("common.example");
    named.subject_alt_names = vec![
        SanType::DnsName("node.example".try_into().unwrap()),
        SanType::DnsName("*.apps.example".try_into().unwrap()),
        SanType::IpAddress("10.0.0.7".parse().unwrap()),
    ];
    let chained = ca.sign(&named);
    let (own, _) = self_signed(&named);
    let pinned = pins(&fingerprint(&chained.leaf()));
    for (identity, trusted, pinned) in [
        (&chained, anchors(&[&ca.certificate]), None),
        (&own, anchors(&[&own.leaf()]), None),
        (&chained, None, pinned),
    ] {
        let trial = |host, verify| {
            let mut trial = Trial::with_pins(identity, trusted.clone(), pinned.clone());
            trial.host = host;
            trial.server_judge = Arc::new(ServerJudge::new(
                trusted.clone(),
                pinned.clone(),
                verify,
                provider(),
            ));
            trial
        };
        for host in ["node.example", "a.apps.example", "10.0.0.7"] {
            trial(host, true).succeeds();
        }
        for host in [
            "other.example",
            "a.b.apps.example",
            "10.0.0.8",
            "common.example",
        ] {
            trial(host, true).client_refuses(is_wrong_name, AlertDescription::BadCertificate);
            trial(host, false).succeeds();
        }
    }
}

#[test]
fn an_extended_key_usage_must_fit_the_role() {
    let ca = root("ca");
    let with = |usages: &[ExtendedKeyUsagePurpose]| {
        let mut params = params("node");
        params.extended_key_usages = usages.to_vec();
        ca.sign(&params)
    };
    let server_only = with(&[ExtendedKeyUsagePurpose::ServerAuth]);
    let client_only = with(&[ExtendedKeyUsagePurpose::ClientAuth]);
    let both = with(&[
        ExtendedKeyUsagePurpose::ServerAuth,
        ExtendedKeyUsagePurpose::ClientAuth,
    ]);
    let trial = |server: &Identity, client: &Identity| {
        let mut trial = Trial::mutual(server, anchors(&[&ca.certificate]));
        trial.client = Some(client.clone());
        trial
    };
    trial(&both, &both).succeeds();
    trial(&server_only, &client_only).succeeds();
    trial(&client_only, &both)
        .client_refuses(is_wrong_purpose, AlertDescription::UnsupportedCertificate);
    trial(&both, &server_only)
        .server_refuses(is_wrong_purpose, AlertDescription::UnsupportedCertificate);
}

#[test]
fn a_client_without_certificate_is_let_in_only_where_it_is_not_needed() {
    let ca = root("ca");
    let identity = ca.leaf("node");
    let trusted = anchors(&[&ca.certificate]);
    let mut trial = Trial::mutual(&identity, trusted.clone());
    trial.client = None;
    for version in VERSIONS {
        let (_, server) = trial.outcomes(version);
        assert_eq!(server, Err(Error::NoCertificatesPresented));
    }
    trial.client_judge = Arc::new(ClientJudge::new(trusted, None, false, provider()));
    trial.succeeds();
    // One that is shown is judged all the same.
    trial.client = Some(root("theirs").leaf("node"));
    trial.server_refuses(is_unknown_issuer, AlertDescription::UnknownCA);
}

#[test]
fn clients_are_told_whose_certificates_are_believed() {
    let ca = root("ca");
    let leaf = root("elsewhere").leaf("node");
    let judge = |pins| {
        let anchors = anchors(&[&ca.certificate, &ca.certificate, &leaf.leaf()]);
        ClientJudge::new(anchors, pins, true, provider())
    };
    let named = |name: &str, judge: &ClientJudge| {
        judge
            .root_hint_subjects()
            .iter()
            .any(|subject| subject.as_ref().ends_with(name.as_bytes()))
    };
    let by_store = judge(None);
    assert_eq!(by_store.root_hint_subjects().len(), 3);
    for name in ["ca", "node", "elsewhere"] {
        assert!(named(name, &by_store), "{name}");
    }
    assert!(judge(pins(&"0".repeat(40))).root_hint_subjects().is_empty());
}

#[test]
fn certificates_that_are_none_are_refused_without_a_panic() {
    let ca = root("ca");
    let sound = ca.leaf("node");
    let judge = ServerJudge::new(anchors(&[&ca.certificate]), None, false, provider());
    let client_judge = ClientJudge::new(anchors(&[&ca.certificate]), None, true, provider());
    let host = ServerName::try_from("node.example").unwrap();
    let now = rustls::pki_types::UnixTime::now();
    judge
        .verify_server_cert(&sound.leaf(), &[], &host, &[], now)
        .unwrap();
    let octets = sound.leaf().to_vec();
    for at in 0..octets.len() {
        let mut bent = octets.clone();
        bent[at] ^= 1 << (at % 8);
        for bad in [bent, octets[..at].to_vec()] {
            let bad = CertificateDer::from(bad);
            let chain = [bad.clone(), ca.certificate.clone()];
            assert!(judge
                .verify_server_cert(&bad, &chain, &host, &[], now)
                .is_err());
            assert!(client_judge.verify_client_cert(&bad, &chain, now).is_err());
        }
    }
}
