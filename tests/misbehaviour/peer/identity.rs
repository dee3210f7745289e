//! Certificates of the peers and of the engine, made once.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair, ECDSA_P256_SHA256_ASN1_SIGNING, RSA_PKCS1_SHA256,
    RSA_PSS_SHA256,
};
use rcgen::{
    date_time_ymd, BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, SignatureAlgorithm, PKCS_ECDSA_P256_SHA256, PKCS_ED25519, PKCS_RSA_SHA256,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls_jvm::keystore::KeyEntry;
use std::sync::OnceLock;

pub const RSA_PKCS1_SHA1: u16 = 0x0201;
pub const RSA_PKCS1: u16 = 0x0401;
pub const ECDSA: u16 = 0x0403;
pub const RSA_PSS: u16 = 0x0804;
pub const ED25519: u16 = 0x0807;

/// A certificate and its key.
pub struct Identity {
    pub certificate: Vec<u8>,
    pkcs8: Vec<u8>,
    /// The scheme that the key signs with in either version.
    pub scheme: u16,
}

impl Identity {
    /// Signs by any scheme that the key has at all, allowed or not.
    pub fn sign(&self, scheme: u16, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self.scheme {
            ECDSA => EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.pkcs8)
                .unwrap()
                .sign(&random, message)
                .unwrap()
                .as_ref()
                .to_vec(),
            ED25519 => Ed25519KeyPair::from_pkcs8(&self.pkcs8)
                .unwrap()
                .sign(message)
                .as_ref()
                .to_vec(),
            _ => {
                let key = RsaKeyPair::from_pkcs8(&self.pkcs8).unwrap();
                let mut signature = vec![0; key.public_modulus_len()];
                let padding: &'static dyn aws_lc_rs::signature::RsaEncoding = match scheme {
                    RSA_PKCS1 => &RSA_PKCS1_SHA256,
                    _ => &RSA_PSS_SHA256,
                };
                key.sign(padding, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }

    pub fn entry(&self) -> KeyEntry {
        KeyEntry {
            chain: vec![self.certificate.clone().into()],
            key: PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.pkcs8.clone())),
        }
    }
}

/// All that the tests need.
pub struct Identities {
    pub authority: CertificateDer<'static>,
    pub server: Identity,
    pub server_rsa: Identity,
    pub server_ed25519: Identity,
    /// The server of another name.
    pub elsewhere: Identity,
    pub expired: Identity,
    /// Of an authority that nobody knows.
    pub stranger: Identity,
    /// Good for servers alone.
    pub servers_only: Identity,
    pub client: Identity,
}

pub fn identities() -> &'static Identities {
    static MADE: OnceLock<Identities> = OnceLock::new();
    MADE.get_or_init(|| {
        let authority = issuer("CA");
        let foreign = issuer("Another CA");
        let plain = |_: &mut CertificateParams| {};
        let ec = &PKCS_ECDSA_P256_SHA256;
        Identities {
            server: leaf(&authority.1, "server.test", ec, ECDSA, plain),
            server_rsa: leaf(
                &authority.1,
                "server.test",
                &PKCS_RSA_SHA256,
                RSA_PSS,
                plain,
            ),
            server_ed25519: leaf(&authority.1, "server.test", &PKCS_ED25519, ED25519, plain),
            elsewhere: leaf(&authority.1, "elsewhere.test", ec, ECDSA, plain),
            expired: leaf(&authority.1, "server.test", ec, ECDSA, |params| {
                params.not_before = date_time_ymd(2001, 1, 1);
                params.not_after = date_time_ymd(2002, 1, 1);
            }),
            stranger: leaf(&foreign.1, "server.test", ec, ECDSA, plain),
            servers_only: leaf(&authority.1, "client.test", ec, ECDSA, |params| {
                params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
            }),
            client: leaf(&authority.1, "client.test", ec, ECDSA, plain),
            authority: authority.0,
        }
    })
}

fn issuer(name: &str) -> (CertificateDer<'static>, Issuer<'static, KeyPair>) {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap().der().clone();
    (certificate, Issuer::new(params, key))
}

fn leaf(
    issuer: &Issuer<'static, KeyPair>,
    name: &str,
    algorithm: &'static SignatureAlgorithm,
    scheme: u16,
    change: impl FnOnce(&mut CertificateParams),
) -> Identity {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.extended_key_usages = vec![
        ExtendedKeyUsagePurpose::ServerAuth,
        ExtendedKeyUsagePurpose::ClientAuth,
    ];
    change(&mut params);
    let key = KeyPair::generate_for(algorithm).unwrap();
    Identity {
        certificate: params.signed_by(&key, issuer).unwrap().der().to_vec(),
        pkcs8: key.serialize_der(),
        scheme,
    }
}
