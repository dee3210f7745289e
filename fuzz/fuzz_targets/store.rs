//! Any file as a keystore and as a truststore: PKCS#12, JKS, PEM, or none of them.
#![no_main]

use aws_lc_rs::digest::{digest, SHA1_FOR_LEGACY_USE_ONLY};
use libfuzzer_sys::fuzz_target;
use rustls_jvm::config::credential::Credential;
use rustls_jvm::keystore::{read_keystore, read_truststore, Passwords};
use rustls_jvm::trust::TrustAnchors;
use std::cell::OnceCell;
use std::path::PathBuf;
use zeroize::Zeroizing;

const PASSWORD: &str = "password";

thread_local! {
    static FOLDER: OnceCell<tempfile::TempDir> = const { OnceCell::new() };
}

fn file() -> PathBuf {
    FOLDER.with(|folder| {
        let folder = folder.get_or_init(|| tempfile::tempdir().expect("a folder"));
        folder.path().join("store")
    })
}

/// What a JKS store must end with: nothing else of it would be read.
fn with_digest(content: &[u8]) -> Vec<u8> {
    let mut text: Vec<u8> = PASSWORD.encode_utf16().flat_map(u16::to_be_bytes).collect();
    text.extend(b"Mighty Aphrodite");
    text.extend(content);
    let sum = digest(&SHA1_FOR_LEGACY_USE_ONLY, &text);
    [content, sum.as_ref()].concat()
}

fuzz_target!(|data: &[u8]| {
    let path = file();
    let content = if data.starts_with(&[0xfe, 0xed, 0xfe, 0xed]) {
        with_digest(data)
    } else {
        data.to_vec()
    };
    std::fs::write(&path, content).expect("a file");
    let name = path.to_str().expect("a name");
    let with = |password: Option<&str>| Passwords {
        store: password.map(|password| Zeroizing::new(password.into())),
        key: None,
    };
    if let Ok(store) = read_keystore(name, None, &with(Some(PASSWORD))) {
        assert!(store.key.is_some(), "a keystore without a key");
        let _ = Credential::from_store(&store);
    }
    for password in [None, Some(PASSWORD)] {
        if let Ok(store) = read_truststore(name, None, &with(password)) {
            assert!(!store.trusted.is_empty(), "a truststore that trusts nobody");
            let _ = TrustAnchors::new(&store.trusted);
        }
    }
});
