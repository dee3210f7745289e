//! Makes stores with the tools that operators use.

// Each test program uses a part of it.
#![allow(dead_code)]

use rustls_jvm::error::StoreError;
use rustls_jvm::keystore::{read_keystore, read_truststore, Passwords, Store};
use std::path::{Path, PathBuf};
use std::process::Command;
use zeroize::Zeroizing;

/// A folder of its own for one test.
pub struct Workshop {
    folder: tempfile::TempDir,
}

impl Workshop {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn name(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), content).unwrap();
        self.name(name)
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// Runs a tool in the folder; words are split at blanks.
    pub fn run(&self, tool: &str, words: &str) -> Vec<u8> {
        let output = Command::new(tool)
            .args(words.split_whitespace())
            .current_dir(self.folder.path())
            .output()
            .unwrap_or_else(|error| panic!("{tool}: {error}"));
        assert!(
            output.status.success(),
            "{tool} {words}\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }

    pub fn keytool(&self, words: &str) -> Vec<u8> {
        self.keytool_of("keytool", words)
    }

    pub fn keytool_of(&self, tool: &str, words: &str) -> Vec<u8> {
        self.run(
            tool,
            &format!("-J-XX:TieredStopAtLevel=1 -J-Xshare:auto {words}"),
        )
    }

    pub fn openssl(&self, words: &str) -> Vec<u8> {
        self.run("openssl", words)
    }

    /// A self-signed pair by OpenSSL: NAME.key (PKCS#8) and NAME.crt.
    pub fn self_signed(&self, name: &str, algorithm: &str) {
        self.openssl(&format!(
            "req -x509 -newkey {algorithm} -nodes -keyout {name}.key -out {name}.crt -days 30 \
             -subj /CN={name}"
        ));
    }

    /// A PEM certificate as DER, by OpenSSL.
    pub fn der(&self, certificate: &str) -> Vec<u8> {
        self.openssl(&format!("x509 -in {certificate} -outform DER"))
    }
}

/// The keytools of the JDKs that are there: the one on the path, and newer ones.
pub fn keytools() -> Vec<String> {
    let mut tools = vec!["keytool".to_owned()];
    if let Ok(jdks) = std::fs::read_dir("/usr/lib/jvm") {
        for jdk in jdks.flatten() {
            let tool = jdk.path().join("bin/keytool");
            let is_newer = jdk.file_name().to_string_lossy().contains("25");
            if is_newer && Path::exists(&tool) {
                tools.push(tool.to_string_lossy().into_owned());
            }
        }
    }
    tools
}

pub fn passwords(store: Option<&str>, key: Option<&str>) -> Passwords {
    let octets = |text: &str| Zeroizing::new(text.as_bytes().to_vec());
    Passwords {
        store: store.map(octets),
        key: key.map(octets),
    }
}

/// Reads a key store with one password for both.
pub fn keystore(file: &str, password: &str) -> Result<Store, StoreError> {
    read_keystore(file, None, &passwords(Some(password), Some(password)))
}

pub fn truststore(file: &str, password: Option<&str>) -> Result<Store, StoreError> {
    read_truststore(file, None, &passwords(password, None))
}

/// The chain's certificates as octets.
pub fn chain(store: &Store) -> Vec<Vec<u8>> {
    let key = store.key.as_ref().unwrap();
    key.chain
        .iter()
        .map(|certificate| certificate.to_vec())
        .collect()
}

pub fn trusted(store: &Store) -> Vec<Vec<u8>> {
    store
        .trusted
        .iter()
        .map(|certificate| certificate.to_vec())
        .collect()
}
