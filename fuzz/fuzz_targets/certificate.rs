//! Any certificates as a trust store and as what a peer shows.
#![no_main]

use fuzzing::bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::danger::ClientCertVerifier;
use rustls_jvm::trust::{ClientJudge, ServerJudge, TrustAnchors};
use std::sync::Arc;
use std::time::Duration;

fuzz_target!(|data: &[u8]| {
    let mut bytes = Bytes(data);
    let mut certificates = Vec::new();
    while !bytes.is_empty() && certificates.len() < 6 {
        let length = bytes.number();
        certificates.push(CertificateDer::from(bytes.take(length).to_vec()));
    }
    let Some((trusted, shown)) = certificates.split_first() else {
        return;
    };
    let Ok(anchors) = TrustAnchors::new(std::slice::from_ref(trusted)) else {
        return;
    };
    let anchors = Some(Arc::new(anchors));
    let provider = Arc::new(aws_lc_rs::default_provider());
    let (leaf, others) = shown.split_first().unwrap_or((trusted, &[]));
    let now = UnixTime::since_unix_epoch(Duration::from_secs(1_800_000_000));
    let host = ServerName::try_from("server.test").expect("a name");
    let server = ServerJudge::new(anchors.clone(), None, true, Arc::clone(&provider));
    let _ = server.verify_server_cert(leaf, others, &host, &[], now);
    let client = ClientJudge::new(anchors, None, true, provider);
    let _ = client.verify_client_cert(leaf, others, now);
});
