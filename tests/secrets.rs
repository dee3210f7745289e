//! Where secrets must not be: in memory that has been given back, and in what `Debug` shows. Private
//! keys, passwords, and what protects connections.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)] // a test may panic
#![allow(unsafe_code)] // a malloc that looks

#[path = "support/ends.rs"]
mod ends;
#[path = "support/heap.rs"]
mod heap;
#[path = "support/pki.rs"]
mod pki;
mod stores;

use aws_lc_rs::hkdf::{KeyType, Prk, HKDF_SHA256, HKDF_SHA384};
use ends::Ends;
use rustls_jvm::config::credential::Credential;
use rustls_jvm::config::key_log;
use rustls_jvm::config::policy::Protocol;
use rustls_jvm::engine::connection::Connection;
use rustls_jvm::keystore::{read_keystore, read_truststore, Passwords};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use stores::Workshop;
use zeroize::Zeroizing;

/// Shorter than any secret, too long for chance.
const PIECE: usize = 12;

/// Something that must not be found.
struct Secret {
    name: String,
    pieces: Vec<Vec<u8>>,
}

impl Secret {
    /// Found by its beginning, middle or end; numbers may stand in memory either way round.
    fn new(name: impl Into<String>, content: &[u8]) -> Self {
        let mut pieces = Vec::new();
        for start in [0, (content.len() - PIECE) / 2, content.len() - PIECE] {
            let piece = content[start..start + PIECE].to_vec();
            pieces.push(piece.iter().rev().copied().collect());
            pieces.push(piece);
        }
        Self {
            name: name.into(),
            pieces,
        }
    }
}

/// The names of the secrets that are found in some memory.
fn found<'a>(secrets: &'a [Secret], memory: &[u8]) -> BTreeSet<&'a str> {
    let mut pieces = HashMap::new();
    let mut beginnings = vec![false; 1 << 16];
    for secret in secrets {
        for piece in &secret.pieces {
            pieces.insert(piece.as_slice(), secret.name.as_str());
            beginnings[usize::from(u16::from_be_bytes([piece[0], piece[1]]))] = true;
        }
    }
    memory
        .windows(PIECE)
        .filter(|window| beginnings[usize::from(u16::from_be_bytes([window[0], window[1]]))])
        .filter_map(|window| pieces.get(window).copied())
        .collect()
}

/// The private numbers of a key that OpenSSL prints.
fn numbers(workshop: &Workshop, file: &str) -> Vec<Secret> {
    let text =
        String::from_utf8(workshop.openssl(&format!("pkey -in {file} -text -noout"))).unwrap();
    let mut all: Vec<(String, Vec<u8>)> = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("    ") {
            Some(octets) => {
                let octets = octets.split(':').filter(|octet| !octet.is_empty());
                let octets = octets.map(|octet| u8::from_str_radix(octet, 16).unwrap());
                all.last_mut().unwrap().1.extend(octets);
            }
            None => all.push((line.to_owned(), Vec::new())),
        }
    }
    let private = ["priv", "prime", "exponent", "coefficient"];
    all.into_iter()
        .filter(|(name, number)| {
            number.len() > 2 * PIECE && private.iter().any(|word| name.starts_with(word))
        })
        .map(|(name, number)| {
            let zeros = number.iter().take_while(|octet| **octet == 0).count();
            Secret::new(format!("{file}: {name}"), &number[zeros..])
        })
        .collect()
}

const PASSWORD: &str = "opens-the-store-and-its-key";

/// Stores of every format, and everything in them that is secret.
fn make_stores(workshop: &Workshop) -> (Vec<String>, Vec<Secret>) {
    let mut files = Vec::new();
    let mut secrets = vec![
        Secret::new("password", PASSWORD.as_bytes()),
        Secret::new(
            "password in UTF-16",
            &PASSWORD
                .encode_utf16()
                .flat_map(u16::to_be_bytes)
                .collect::<Vec<_>>(),
        ),
    ];
    for (name, algorithm) in [
        ("rsa", "rsa:2048"),
        ("ec", "ec -pkeyopt ec_paramgen_curve:P-256"),
    ] {
        workshop.self_signed(name, algorithm);
        secrets.extend(numbers(workshop, &format!("{name}.key")));
        let export = "-passout pass:opens-the-store-and-its-key";
        for (kind, profile) in [("modern", ""), ("legacy", "-legacy")] {
            let file = format!("{name}-{kind}.p12");
            workshop.openssl(&format!(
                "pkcs12 -export {profile} -inkey {name}.key -in {name}.crt -out {file} {export}"
            ));
            files.push(workshop.name(&file));
        }
        let jks = format!("{name}.jks");
        workshop.keytool(&format!(
            "-importkeystore -srckeystore {name}-modern.p12 -srcstorepass {PASSWORD} \
             -destkeystore {jks} -deststoretype JKS -deststorepass {PASSWORD} -noprompt"
        ));
        files.push(workshop.name(&jks));
        for (kind, encrypted) in [("plain", ""), ("encrypted", "-v2 aes-256-cbc")] {
            let pem = format!("{name}-{kind}.pem");
            let how = match encrypted {
                "" => "-nocrypt".into(),
                cipher => format!("{cipher} {export}"),
            };
            workshop.openssl(&format!("pkcs8 -topk8 -in {name}.key -out {pem} {how}"));
            let both = [workshop.read(&pem), workshop.read(&format!("{name}.crt"))].concat();
            let text = String::from_utf8(workshop.read(&pem)).unwrap();
            if encrypted.is_empty() {
                let line = text.lines().nth(3).unwrap();
                secrets.push(Secret::new(format!("{pem}: its text"), line.as_bytes()));
            }
            files.push(workshop.write(&pem, both));
        }
    }
    (files, secrets)
}

fn passwords() -> Passwords {
    Passwords {
        store: Some(Zeroizing::new(PASSWORD.into())),
        key: None,
    }
}

/// What a store's reader gives back, when it succeeds and when the password is wrong.
fn use_store(file: &str) {
    let store = read_keystore(file, None, &passwords()).unwrap();
    drop(Credential::from_store(&store).unwrap());
    drop(store);
    drop(read_truststore(file, None, &passwords()));
    let wrong = Passwords {
        store: Some(Zeroizing::new(format!("{PASSWORD} not").into())),
        key: None,
    };
    drop(read_keystore(file, None, &wrong));
}

/// Handshakes, full and resumed, data, and new keys.
fn use_connections(protocol: Protocol, resumption: bool) {
    let ends = Ends::new(protocol, resumption);
    for _ in 0..2 {
        let (client, server) = ends.shake_hands(443, &ends.parameters, &ends.parameters);
        for _ in 0..8 {
            transfer(&client, &server);
            transfer(&server, &client);
        }
        client.rest();
        client.rest();
    }
}

fn transfer(from: &Connection, to: &Connection) {
    let (mut wire, mut opened) = (vec![0; 20_000], vec![0; 20_000]);
    let sealed = from.wrap(&[7; 1000], &mut wire);
    assert_eq!(sealed.consumed, 1000);
    assert_eq!(
        to.unwrap(&wire[..sealed.produced], &mut opened).produced,
        1000
    );
}

/// The secrets of all connections, as the key log has them, and the keys of TLS 1.3.
fn logged(file: &Path) -> Vec<Secret> {
    let text = std::fs::read_to_string(file).unwrap();
    let mut secrets = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let secret: Vec<u8> = (0..words[2].len() / 2)
            .map(|at| u8::from_str_radix(&words[2][2 * at..2 * at + 2], 16).unwrap())
            .collect();
        if words[0].contains("TRAFFIC_SECRET_0") {
            secrets.push(Secret::new(
                format!("key of {}", words[0]),
                &traffic_key(&secret),
            ));
        }
        secrets.push(Secret::new(words[0], &secret));
    }
    secrets
}

/// RFC 8446 §7.3: the first 16 bytes of a direction's key.
fn traffic_key(secret: &[u8]) -> [u8; 16] {
    struct Length(usize);
    impl KeyType for Length {
        fn len(&self) -> usize {
            self.0
        }
    }
    let (hash, length) = match secret.len() {
        48 => (HKDF_SHA384, 32_u8),
        _ => (HKDF_SHA256, 16),
    };
    let info = [&[0, length, 9][..], b"tls13 key", &[0]];
    let mut key = [0; 32];
    Prk::new_less_safe(hash, secret)
        .expand(&info, Length(length.into()))
        .unwrap()
        .fill(&mut key[..length.into()])
        .unwrap();
    *key.first_chunk().unwrap()
}

#[test]
fn freed_memory_holds_no_secrets() {
    let workshop = Workshop::new();
    let (files, mut secrets) = make_stores(&workshop);
    let log = workshop.path("keys");
    key_log::start(&log).unwrap();

    let freed = heap::freed_during(|| {
        for file in &files {
            use_store(file);
        }
        for protocol in [Protocol::Tls12, Protocol::Tls13] {
            for resumption in [false, true] {
                use_connections(protocol, resumption);
            }
        }
    });
    secrets.extend(logged(&log));
    assert!(secrets.len() > 60, "{} secrets", secrets.len());
    assert!(freed.len() > 100_000, "{} bytes", freed.len());
    let found_there = found(&secrets, freed);
    assert!(found_there.is_empty(), "in freed memory: {found_there:#?}");

    // The search does find what is there.
    let forgotten = heap::freed_during(|| heap::free_unwiped(PASSWORD.as_bytes()));
    assert!(found(&secrets, forgotten).contains("password"));
}

/// As `Debug` writes bytes: in decimal, or in hexadecimal.
fn is_shown(secret: &Secret, text: &str) -> bool {
    secret.pieces.iter().any(|piece| {
        let hexadecimal: String = piece.iter().map(|byte| format!("{byte:02x}")).collect();
        let decimal = format!("{piece:?}");
        text.contains(decimal.trim_matches(['[', ']']))
            || text.to_lowercase().contains(&hexadecimal)
            || text.contains(String::from_utf8_lossy(piece).as_ref())
    })
}

#[test]
fn debug_shows_no_secrets() {
    let workshop = Workshop::new();
    let (files, secrets) = make_stores(&workshop);
    let mut shown = String::new();
    for file in &files {
        let store = read_keystore(file, None, &passwords()).unwrap();
        let credential = Credential::from_store(&store).unwrap();
        shown += &format!("{store:?} {:?} {credential:?}", store.key);
    }
    let ends = Ends::new(Protocol::Tls13, true);
    let config = ends.client.client(&ends.parameters).unwrap();
    shown += &format!("{:?} {config:?}", ends.client);
    for secret in &secrets {
        assert!(!is_shown(secret, &shown), "{} in {shown}", secret.name);
    }
    // The search does find what is there.
    assert!(is_shown(&secrets[0], &format!("{:?}", PASSWORD.as_bytes())));
}
