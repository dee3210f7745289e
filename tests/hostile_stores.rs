//! Stores that were made to hurt: each ends in an error, or in what it held before, in bounded time
//! and memory, and never in a panic.

// A test's helpers may panic where the test itself may.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod stores;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use rustls_jvm::error::StoreFault;
use rustls_jvm::keystore::{read_keystore, read_truststore, Store};
use rustls_jvm::trust::TrustAnchors;
use stores::{chain, keystore, passwords, truststore, Workshop};

const PASSWORD: &str = "secret";

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OID: u8 = 0x06;
const OCTETS: u8 = 0x04;
const INTEGER: u8 = 0x02;
const EXPLICIT_0: u8 = 0xa0;

const DATA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const SHROUDED_KEY: [u8; 11] = [
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x02,
];
const TRIPLE_DES: [u8; 10] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x03];
const PBES2: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
const SCRYPT: [u8; 9] = [0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b];

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let contents = parts.concat();
    let length = contents.len();
    let mut out = vec![tag];
    if length < 0x80 {
        out.push(length as u8);
    } else {
        out.push(0x84);
        out.extend_from_slice(&(length as u32).to_be_bytes());
    }
    out.extend(contents);
    out
}

fn number(value: u32) -> Vec<u8> {
    der(INTEGER, &[&[0], &value.to_be_bytes()])
}

/// A PFX of these bags, without MAC.
fn pfx(bags: &[Vec<u8>]) -> Vec<u8> {
    let bags: Vec<&[u8]> = bags.iter().map(Vec::as_slice).collect();
    let info = |octets: &[u8]| {
        let content = der(EXPLICIT_0, &[&der(OCTETS, &[octets])]);
        der(SEQUENCE, &[&der(OID, &[&DATA]), &content])
    };
    let safes = der(SEQUENCE, &[&info(&der(SEQUENCE, &bags))]);
    der(SEQUENCE, &[&[INTEGER, 1, 3], &info(&safes)])
}

/// A key bag whose encryption takes so many rounds.
fn shrouded(algorithm: &[u8], attributes: &[u8]) -> Vec<u8> {
    let key = der(SEQUENCE, &[algorithm, &der(OCTETS, &[&[7; 16]])]);
    der(
        SEQUENCE,
        &[
            &der(OID, &[&SHROUDED_KEY]),
            &der(EXPLICIT_0, &[&key]),
            attributes,
        ],
    )
}

fn triple_des(rounds: u32) -> Vec<u8> {
    let parameters = der(SEQUENCE, &[&der(OCTETS, &[&[1; 8]]), &number(rounds)]);
    der(SEQUENCE, &[&der(OID, &[&TRIPLE_DES]), &parameters])
}

fn scrypt(cost: u32, block: u32, lanes: u32) -> Vec<u8> {
    let options = der(
        SEQUENCE,
        &[
            &der(OCTETS, &[&[1; 8]]),
            &number(cost),
            &number(block),
            &number(lanes),
        ],
    );
    let derivation = der(SEQUENCE, &[&der(OID, &[&SCRYPT]), &options]);
    let parameters = der(SEQUENCE, &[&derivation, &der(SEQUENCE, &[])]);
    der(SEQUENCE, &[&der(OID, &[&PBES2]), &parameters])
}

#[track_caller]
fn refused(workshop: &Workshop, content: &[u8], fault: StoreFault, words: &str) {
    let file = workshop.write("hostile", content);
    let wanted = passwords(Some(PASSWORD), Some(PASSWORD));
    for read in [read_keystore, read_truststore] {
        let error = read(&file, None, &wanted).unwrap_err();
        assert_eq!(error.fault, fault, "{error}");
        assert!(error.message.starts_with(&file), "{error}");
        assert!(error.message.contains(words), "{error}");
    }
}

#[test]
fn work_without_end_is_refused_before_it_is_begun() {
    let workshop = Workshop::new();
    let absurd = "absurd amount of work";
    let one = |algorithm: Vec<u8>| pfx(&[shrouded(&algorithm, &[])]);
    for content in [
        one(triple_des(1_000_001)),
        one(triple_des(u32::MAX)),
        // Each is allowed, all together are not.
        pfx(&vec![shrouded(&triple_des(999_999), &[]); 90]),
        one(scrypt(1 << 30, 8, 1)),
        one(scrypt(1 << 14, 8, 60_000)),
        one(scrypt(1 << 20, 4_000, 1)),
    ] {
        refused(&workshop, &content, StoreFault::Format, absurd);
    }
    // The same for a bare key in PEM.
    let key = der(
        SEQUENCE,
        &[&scrypt(1 << 30, 8, 1), &der(OCTETS, &[&[7; 16]])],
    );
    std::fs::write(workshop.path("key.der"), key).unwrap();
    workshop.openssl("base64 -in key.der -out key.b64");
    let body = String::from_utf8(workshop.read("key.b64")).unwrap();
    workshop.self_signed("node", "ec -pkeyopt ec_paramgen_curve:P-256");
    let text = format!(
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\n{body}-----END ENCRYPTED PRIVATE KEY-----\n{}",
        String::from_utf8(workshop.read("node.crt")).unwrap()
    );
    let file = workshop.write("node.pem", text);
    let error = keystore(&file, PASSWORD).unwrap_err();
    assert!(error.message.contains(absurd), "{error}");
}

#[test]
fn entries_without_number_are_refused() {
    let workshop = Workshop::new();
    let many_keys = pfx(&vec![shrouded(&triple_des(1), &[]); 101]);
    refused(
        &workshop,
        &many_keys,
        StoreFault::Format,
        "more than a hundred private keys",
    );
    let values: Vec<u8> = (0..100_000u32).rev().flat_map(number).collect();
    let attribute = der(SEQUENCE, &[&der(OID, &[&DATA]), &der(SET, &[&values])]);
    let attributes = der(SET, &[&attribute]);
    let laden = pfx(&[shrouded(&triple_des(1), &attributes)]);
    refused(
        &workshop,
        &laden,
        StoreFault::Format,
        "more than a hundred attributes",
    );
}

#[test]
fn nests_and_lengths_beyond_all_bounds_are_refused() {
    let workshop = Workshop::new();
    let mut nested = vec![0x05, 0x00];
    for _ in 0..5_000 {
        nested = der(SEQUENCE, &[&nested]);
    }
    let begins = [SEQUENCE, 0x80, INTEGER, 1, 3];
    for tail in [
        [0x30, 0x80].repeat(4_000_000),
        [0xa0, 0x80, 0x24, 0x80].repeat(2_000_000),
        nested,
        vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
        vec![0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        vec![0x30, 0xff],
        [0x04, 0x00].repeat(4_000_000),
    ] {
        let content = [&begins[..], &tail].concat();
        refused(&workshop, &content, StoreFault::Format, "damaged");
    }
}

#[test]
fn many_small_entries_are_read_in_a_moment() {
    let workshop = Workshop::new();
    let count: u32 = 400_000;
    let mut jks = [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 1].to_vec();
    jks.extend_from_slice(&count.to_be_bytes());
    for index in 0..count {
        jks.extend_from_slice(&[0, 0, 0, 2, 0, 0]);
        jks.extend_from_slice(&[0; 8]);
        jks.extend_from_slice(&[0, 0, 0, 4]);
        jks.extend_from_slice(&index.to_be_bytes());
    }
    jks.extend_from_slice(&[0; 20]);
    let read = truststore(&workshop.write("many.jks", jks), None).unwrap();
    assert_eq!(read.trusted.len(), count as usize);
    assert_eq!(
        TrustAnchors::new(&read.trusted).unwrap_err().fault,
        StoreFault::Content
    );

    workshop.self_signed("node", "ec -pkeyopt ec_paramgen_curve:P-256");
    let certificate = workshop.read("node.crt");
    let key = workshop.read("node.key");
    let long = [key.clone(), certificate.repeat(20_000)].concat();
    let read = keystore(&workshop.write("long.pem", long), PASSWORD).unwrap();
    assert_eq!(chain(&read).len(), 1);
    let keys = [key.repeat(101), certificate].concat();
    let error = keystore(&workshop.write("keys.pem", keys), PASSWORD).unwrap_err();
    assert!(error.message.contains("more than a hundred"), "{error}");
    let begins = b"-----BEGIN CERTIFICATE-----\n".repeat(500_000);
    assert!(truststore(&workshop.write("begins.pem", begins), None).is_err());
}

#[test]
fn paths_that_lead_nowhere_are_told() {
    let workshop = Workshop::new();
    std::os::unix::fs::symlink("loop", workshop.path("loop")).unwrap();
    std::os::unix::fs::symlink("..data/store", workshop.path("dangling")).unwrap();
    workshop.write("file", "text");
    for (name, words) in [
        ("loop", "cannot be read"),
        ("file/below", "cannot be read"),
        ("missing", "no such file"),
        (
            "dangling",
            "link to ..data/store, and there is no such file",
        ),
    ] {
        let file = workshop.name(name);
        for read in [read_keystore, read_truststore] {
            let error = read(&file, None, &passwords(None, None)).unwrap_err();
            assert_eq!(error.fault, StoreFault::File, "{error}");
            assert!(error.message.contains(words), "{error}");
        }
    }
    let folder = workshop.name("");
    let error = truststore(&folder, None).unwrap_err();
    assert!(error.message.contains("folder without ca.crt"), "{error}");
}

/// Not to be taken for one that is not there: the leaf of `tls.crt` would be trusted instead.
#[test]
fn a_folder_whose_links_lead_nowhere_is_told() {
    let workshop = Workshop::new();
    workshop.self_signed("tls", "ec -pkeyopt ec_paramgen_curve:P-256");
    assert_eq!(
        truststore(&workshop.name(""), None).unwrap().trusted.len(),
        1
    );
    std::os::unix::fs::symlink("..data/ca.crt", workshop.path("ca.crt")).unwrap();
    let error = truststore(&workshop.name(""), None).unwrap_err();
    assert_eq!(error.fault, StoreFault::File);
    assert!(
        error
            .message
            .contains("ca.crt: it is a link to ..data/ca.crt"),
        "{error}"
    );
}

/// One change of some octets.
#[derive(Clone, Debug)]
enum Change {
    Flip(usize, u8),
    Put(usize, u8),
    Insert(usize, Vec<u8>),
    Remove(usize, usize),
    Double(usize, usize),
    Cut(usize),
}

impl Change {
    fn apply(&self, octets: &mut Vec<u8>) {
        let length = octets.len().max(1);
        let range = |at: usize, count: usize, octets: &Vec<u8>| {
            let start = (at % length).min(octets.len());
            start..(start + count).min(octets.len())
        };
        match self {
            Self::Flip(at, mask) => {
                if let Some(octet) = octets.get_mut(at % length) {
                    *octet ^= mask;
                }
            }
            Self::Put(at, value) => {
                if let Some(octet) = octets.get_mut(at % length) {
                    *octet = *value;
                }
            }
            Self::Insert(at, more) => {
                let at = (at % length).min(octets.len());
                octets.splice(at..at, more.iter().copied());
            }
            Self::Remove(at, count) => {
                let range = range(*at, *count, octets);
                octets.drain(range);
            }
            Self::Double(at, count) => {
                let range = range(*at, *count, octets);
                let copy = octets[range.clone()].to_vec();
                octets.splice(range.end..range.end, copy);
            }
            Self::Cut(at) => octets.truncate(at % length),
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<u16>().prop_map(usize::from);
    prop_oneof![
        4 => (at.clone(), 1u8..=255).prop_map(|(at, mask)| Change::Flip(at, mask)),
        // What lengths and tags are made of.
        4 => (at.clone(), prop::sample::select(vec![0, 0x24, 0x30, 0x7f, 0x80, 0x84, 0xa0, 0xff]))
            .prop_map(|(at, value)| Change::Put(at, value)),
        1 => (at.clone(), prop::collection::vec(any::<u8>(), 1..20))
            .prop_map(|(at, more)| Change::Insert(at, more)),
        1 => (at.clone(), 1usize..40).prop_map(|(at, count)| Change::Remove(at, count)),
        1 => (at.clone(), 1usize..200).prop_map(|(at, count)| Change::Double(at, count)),
        1 => at.prop_map(Change::Cut),
    ]
}

fn secret(store: &Store) -> &[u8] {
    store.key.as_ref().unwrap().key.secret_der()
}

/// Whatever is changed in a store: an error, or a key that fits its certificate.
#[test]
fn changed_stores_yield_an_error_or_what_they_held() {
    let workshop = Workshop::new();
    workshop.self_signed("node", "ec -pkeyopt ec_paramgen_curve:P-256");
    let export = "pkcs12 -export -inkey node.key -in node.crt -passout pass:secret -iter 1";
    workshop.openssl(&format!("{export} -out sealed.p12"));
    workshop.openssl(&format!(
        "{export} -out open.p12 -nomac -certpbe NONE -keypbe NONE"
    ));
    workshop.openssl(&format!("{export} -out old.p12 -legacy"));
    let pem = [workshop.read("node.key"), workshop.read("node.crt")].concat();
    workshop.write("node.pem", pem);
    workshop.keytool(
        "-importkeystore -srckeystore sealed.p12 -srcstorepass secret -destkeystore node.jks \
         -deststoretype JKS -deststorepass secret -destkeypass secret",
    );
    for name in ["sealed.p12", "open.p12", "old.p12", "node.pem", "node.jks"] {
        let sound = workshop.read(name);
        let held = keystore(&workshop.name(name), PASSWORD).unwrap();
        let changes = prop::collection::vec(change(), 1..4);
        TestRunner::new(ProptestConfig {
            cases: 400,
            failure_persistence: None,
            ..ProptestConfig::default()
        })
        .run(&changes, |changes| {
            let mut octets = sound.clone();
            for change in &changes {
                change.apply(&mut octets);
            }
            let file = workshop.write("changed", &octets);
            if let Ok(read) = keystore(&file, PASSWORD) {
                // A MAC covers all that counts; without one, the key is still its certificate's.
                if name == "sealed.p12" || name == "node.jks" {
                    prop_assert_eq!(chain(&read), chain(&held));
                    prop_assert_eq!(secret(&read), secret(&held));
                } else {
                    prop_assert!(!chain(&read).is_empty());
                }
            }
            let _ = truststore(&file, Some(PASSWORD));
            let _ = truststore(&file, None);
            Ok(())
        })
        .unwrap();
    }
}
