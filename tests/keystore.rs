//! Stores as keytool and OpenSSL make them, and as operators break them.

// A test's helpers may panic where the test itself may.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod stores;

use rustls_jvm::error::{StoreError, StoreFault};
use rustls_jvm::keystore::{read_keystore, read_truststore, Store, StoreFormat};
use std::slice::from_ref;
use stores::{chain, keystore, keytools, passwords, trusted, truststore, Workshop};

const PASSWORD: &str = "internal_store_password";

#[track_caller]
fn assert_fault(result: Result<Store, StoreError>, fault: StoreFault, file: &str, words: &[&str]) {
    let error = result.unwrap_err();
    assert_eq!(error.fault, fault, "{error}");
    assert!(error.message.starts_with(file), "{error}");
    for word in words {
        assert!(error.message.contains(word), "no '{word}' in: {error}");
    }
    assert!(!error.message.contains(PASSWORD), "{error}");
}

/// The same file as key store and trust store, by the guides' command (RSA 4096).
#[test]
fn one_self_signed_pair_is_both_stores() {
    let workshop = Workshop::new();
    let file = workshop.name("internal.keystore");
    workshop.keytool(&format!(
        "-genkeypair -alias flink.internal -keystore internal.keystore -dname CN=flink.internal \
         -storepass {PASSWORD} -keyalg RSA -keysize 4096 -storetype PKCS12"
    ));
    let own = keystore(&file, PASSWORD).unwrap();
    assert_eq!(own.format, StoreFormat::Pkcs12);
    let certificate = workshop.keytool(&format!(
        "-exportcert -alias flink.internal -keystore internal.keystore -storepass {PASSWORD}"
    ));
    assert_eq!(chain(&own), from_ref(&certificate));
    let peers = truststore(&file, Some(PASSWORD)).unwrap();
    assert_eq!(trusted(&peers), [certificate]);
    assert!(peers.key.is_none());

    for read in [read_keystore, read_truststore] {
        assert_fault(
            read(&file, None, &passwords(Some("wrong"), Some("wrong"))),
            StoreFault::StorePassword,
            &file,
            &["password"],
        );
        assert_fault(
            read(&file, None, &passwords(None, None)),
            StoreFault::StorePassword,
            &file,
            &["no password is set"],
        );
    }
    assert_fault(
        read_keystore(&file, None, &passwords(Some(PASSWORD), Some("wrong"))),
        StoreFault::KeyPassword,
        &file,
        &["key's password"],
    );
    // Wrong types do not matter: the content tells.
    for configured in ["JKS", "PEM", "BCFKS"] {
        let read = read_keystore(
            &file,
            Some(configured),
            &passwords(Some(PASSWORD), Some(PASSWORD)),
        );
        assert_eq!(read.unwrap().format, StoreFormat::Pkcs12);
    }
}

/// A CA by keytool; its certificate and the signed one imported into the key store.
#[test]
fn a_trusted_entry_beside_the_key_entry() {
    for (index, keytool) in keytools().iter().enumerate() {
        let workshop = Workshop::new();
        let run = |words: &str| workshop.keytool_of(keytool, words);
        let kind = ["PKCS12", "JKS"][index % 2];
        run(&format!(
            "-genkeypair -alias ca -keystore ca.keystore -dname CN=Sample_CA -storepass {PASSWORD} \
             -keyalg EC -ext bc=ca:true"
        ));
        run(&format!(
            "-exportcert -keystore ca.keystore -alias ca -storepass {PASSWORD} -file ca.cer"
        ));
        run(&format!(
            "-importcert -keystore rest.truststore -alias ca -storepass {PASSWORD} -noprompt -file \
             ca.cer"
        ));
        run(&format!(
            "-genkeypair -alias flink.rest -keystore rest.signed.keystore -storetype {kind} \
             -dname CN=localhost -storepass {PASSWORD} -keypass {PASSWORD} -keyalg EC"
        ));
        run(&format!(
            "-certreq -alias flink.rest -keystore rest.signed.keystore -storepass {PASSWORD} -file \
             rest.csr"
        ));
        run(&format!(
            "-gencert -alias ca -keystore ca.keystore -storepass {PASSWORD} -ext \
             SAN=dns:localhost,ip:127.0.0.1 -infile rest.csr -outfile rest.cer"
        ));
        run(&format!(
            "-importcert -keystore rest.signed.keystore -storepass {PASSWORD} -file ca.cer -alias \
             ca -noprompt"
        ));
        run(&format!(
            "-importcert -keystore rest.signed.keystore -storepass {PASSWORD} -file rest.cer \
             -alias flink.rest -noprompt"
        ));
        let (ca, leaf) = (workshop.read("ca.cer"), workshop.read("rest.cer"));
        let file = workshop.name("rest.signed.keystore");

        let own = keystore(&file, PASSWORD).unwrap();
        assert_eq!(chain(&own), [leaf.clone(), ca.clone()], "{keytool}");
        let mut peers = trusted(&truststore(&file, Some(PASSWORD)).unwrap());
        peers.sort();
        let mut wanted = [leaf, ca.clone()];
        wanted.sort();
        assert_eq!(peers, wanted, "{keytool}");

        let file = workshop.name("rest.truststore");
        let peers = truststore(&file, Some(PASSWORD)).unwrap();
        assert_eq!(trusted(&peers), [ca]);
        assert_fault(
            keystore(&file, PASSWORD),
            StoreFault::Content,
            &file,
            &["no private key", "-genkeypair"],
        );
    }
}

#[test]
fn a_jks_store_with_a_key_password_of_its_own() {
    let workshop = Workshop::new();
    let file = workshop.name("node1.keystore");
    workshop.keytool(&format!(
        "-genkeypair -alias node1 -keystore node1.keystore -storetype JKS -dname CN=node1 \
         -storepass {PASSWORD} -keypass key_password -keyalg RSA -keysize 2048"
    ));
    let certificate = workshop.keytool(&format!(
        "-exportcert -alias node1 -keystore node1.keystore -storepass {PASSWORD}"
    ));
    let own = read_keystore(
        &file,
        Some("PKCS12"),
        &passwords(Some(PASSWORD), Some("key_password")),
    )
    .unwrap();
    assert_eq!(own.format, StoreFormat::Jks);
    assert_eq!(chain(&own), from_ref(&certificate));
    assert_fault(
        read_keystore(&file, None, &passwords(Some("wrong"), Some("key_password"))),
        StoreFault::StorePassword,
        &file,
        &["store's password"],
    );
    for key_password in [Some("wrong"), None] {
        assert_fault(
            read_keystore(&file, None, &passwords(Some(PASSWORD), key_password)),
            StoreFault::KeyPassword,
            &file,
            &["key's password"],
        );
    }
    assert_fault(
        read_keystore(&file, None, &passwords(None, None)),
        StoreFault::KeyPassword,
        &file,
        &["neither"],
    );
    // As a trust store it needs no key password, and by the JDK's rule no password at all.
    for password in [Some(PASSWORD), None] {
        let peers = truststore(&file, password).unwrap();
        assert_eq!(trusted(&peers), from_ref(&certificate));
    }
    assert_fault(
        truststore(&file, Some("wrong")),
        StoreFault::StorePassword,
        &file,
        &["damaged"],
    );

    // Not one bit of it can change unnoticed, and no cut goes through.
    let sound = workshop.read("node1.keystore");
    for at in 0..sound.len() {
        let mut bent = sound.clone();
        bent[at] ^= 1 << (at % 8);
        let bent = workshop.write("bent", bent);
        let read = read_keystore(
            &bent,
            None,
            &passwords(Some(PASSWORD), Some("key_password")),
        );
        assert!(read.is_err(), "bit of octet {at}");
        let _ = truststore(&bent, None);
        let cut = workshop.write("cut", &sound[..at]);
        assert!(keystore(&cut, PASSWORD).is_err(), "cut at {at}");
        assert!(truststore(&cut, None).is_err(), "cut at {at}");
    }
    assert_fault(
        keystore(&workshop.write("cut", &sound[..700]), PASSWORD),
        StoreFault::Format,
        &workshop.name("cut"),
        &["cut short"],
    );
}

/// The profiles in which cert-manager and OpenSSL write PKCS#12.
#[test]
fn pkcs12_in_every_profile() {
    let workshop = Workshop::new();
    workshop.self_signed("node", "ec -pkeyopt ec_paramgen_curve:P-256");
    let certificate = workshop.der("node.crt");
    for (name, options) in [
        ("modern", ""),
        ("legacy", "-legacy"),
        (
            "triple-des",
            "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
        ),
        ("sha512", "-macalg sha512"),
        ("aes128", "-keypbe AES-128-CBC -certpbe AES-128-CBC"),
        ("clear certificate", "-certpbe NONE"),
        ("all clear", "-keypbe NONE -certpbe NONE"),
        ("no integrity", "-nomac"),
    ] {
        workshop.openssl(&format!(
            "pkcs12 -export -inkey node.key -in node.crt -out node.p12 -passout pass:{PASSWORD} \
             {options}"
        ));
        let file = workshop.name("node.p12");
        let own = keystore(&file, PASSWORD).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(chain(&own), from_ref(&certificate), "{name}");
        let peers = truststore(&file, Some(PASSWORD)).unwrap();
        assert_eq!(trusted(&peers), from_ref(&certificate), "{name}");
        if name != "all clear" {
            assert_fault(
                keystore(&file, "wrong"),
                StoreFault::StorePassword,
                &file,
                &["password"],
            );
        }
    }
    // Without a key OpenSSL's certificates count, though it does not mark them as trusted; one that
    // is not encrypted is read without a password.
    for (options, password) in [
        ("", Some(PASSWORD)),
        ("-legacy", Some(PASSWORD)),
        ("-certpbe NONE", None),
        ("-certpbe NONE -nomac", None),
        ("-certpbe NONE -nomac", Some("any")),
    ] {
        workshop.openssl(&format!(
            "pkcs12 -export -nokeys -in node.crt -out trust.p12 -passout pass:{PASSWORD} {options}"
        ));
        let peers = truststore(&workshop.name("trust.p12"), password);
        assert_eq!(
            trusted(&peers.unwrap()),
            from_ref(&certificate),
            "{options}"
        );
    }
    // As the JDK's own cacerts have been since 18.
    workshop.keytool(
        "-J-Dkeystore.pkcs12.macAlgorithm=NONE -J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE \
         -importcert -noprompt -keystore bare.p12 -storepass unused -file node.crt -alias ca",
    );
    for password in [None, Some("unused")] {
        let peers = truststore(&workshop.name("bare.p12"), password).unwrap();
        assert_eq!(trusted(&peers), from_ref(&certificate));
    }
    // A password outside ASCII.
    workshop.openssl(
        "pkcs12 -export -inkey node.key -in node.crt -out node.p12 -passout pass:pässwört€",
    );
    keystore(&workshop.name("node.p12"), "pässwört€").unwrap();
    // Rounds that would stop a start-up are refused before they are made.
    workshop.openssl(&format!(
        "pkcs12 -export -nokeys -in node.crt -out slow.p12 -passout pass:{PASSWORD} -certpbe NONE \
         -macalg sha1 -iter 1100000"
    ));
    let file = workshop.name("slow.p12");
    assert_fault(
        truststore(&file, Some(PASSWORD)),
        StoreFault::Format,
        &file,
        &["rounds"],
    );
}

/// `pk12util -o nss.p12 -n node -d sql:. -w pw` of NSS 3.87: BER, with octet strings in pieces, and
/// six hundred thousand rounds for each of three derivations.
#[test]
fn a_pkcs12_store_as_nss_writes_it() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stores/nss.p12");
    let own = keystore(file, "pw").unwrap();
    assert_eq!(own.format, StoreFormat::Pkcs12);
    assert_eq!(chain(&own).len(), 1);
    let peers = truststore(file, Some("pw")).unwrap();
    assert_eq!(trusted(&peers), chain(&own));
    assert_fault(
        keystore(file, "wrong"),
        StoreFault::StorePassword,
        file,
        &["password"],
    );
}

#[test]
fn a_pkcs12_store_cut_or_bent_anywhere_never_yields_another_content() {
    let workshop = Workshop::new();
    workshop.self_signed("node", "ec -pkeyopt ec_paramgen_curve:P-256");
    workshop.openssl(
        "pkcs12 -export -inkey node.key -in node.crt -out node.p12 -passout pass:secret -iter 1",
    );
    let sound = workshop.read("node.p12");
    let wanted = keystore(&workshop.name("node.p12"), "secret").unwrap();
    let wanted_key = wanted.key.as_ref().unwrap().key.secret_der().to_vec();
    for at in 0..sound.len() {
        let cut = workshop.write("cut", &sound[..at]);
        assert!(keystore(&cut, "secret").is_err(), "cut at {at}");
        assert!(truststore(&cut, Some("secret")).is_err(), "cut at {at}");
        for bit in [at % 8, (at + 4) % 8] {
            let mut bent = sound.clone();
            bent[at] ^= 1 << bit;
            let bent = workshop.write("bent", bent);
            if let Ok(read) = keystore(&bent, "secret") {
                assert_eq!(chain(&read), chain(&wanted), "octet {at}");
                assert_eq!(read.key.as_ref().unwrap().key.secret_der(), wanted_key);
            }
            let _ = truststore(&bent, None);
        }
    }
}

#[test]
fn every_key_algorithm_that_tls_can_use() {
    let workshop = Workshop::new();
    for (name, algorithm) in [
        ("p256", "-keyalg EC -groupname secp256r1"),
        ("p384", "-keyalg EC -groupname secp384r1"),
        ("p521", "-keyalg EC -groupname secp521r1"),
        ("ed25519", "-keyalg Ed25519"),
    ] {
        workshop.keytool(&format!(
            "-genkeypair -alias {name} -keystore {name}.p12 -dname CN={name} -storepass {PASSWORD} \
             {algorithm}"
        ));
        let own = keystore(&workshop.name(&format!("{name}.p12")), PASSWORD);
        assert_eq!(chain(&own.unwrap()).len(), 1, "{name}");
    }
    for (algorithm, words) in [
        ("DSA -keysize 2048", ["DSA key", "RSA from 2048"]),
        ("RSA -keysize 1024", ["RSA key of 1024 bits", "Ed25519"]),
        ("Ed448", ["Ed448 key", "Ed25519"]),
    ] {
        let _ = std::fs::remove_file(workshop.path("other.p12"));
        workshop.keytool(&format!(
            "-genkeypair -alias other -keystore other.p12 -dname CN=other -storepass {PASSWORD} \
             -keyalg {algorithm}"
        ));
        let file = workshop.name("other.p12");
        assert_fault(
            keystore(&file, PASSWORD),
            StoreFault::Unsupported,
            &file,
            &words,
        );
        // It can still be trusted: that is for the handshake to find out.
        truststore(&file, Some(PASSWORD)).unwrap();
    }
    // Of several keys the first usable one.
    workshop.keytool(&format!(
        "-genkeypair -alias zz -keystore other.p12 -dname CN=usable -storepass {PASSWORD} -keyalg EC"
    ));
    let own = keystore(&workshop.name("other.p12"), PASSWORD).unwrap();
    assert_eq!(chain(&own).len(), 1);
    assert_eq!(
        trusted(&truststore(&workshop.name("other.p12"), Some(PASSWORD)).unwrap()).len(),
        2
    );
}

#[test]
fn jceks_and_other_types_are_refused_with_advice() {
    let workshop = Workshop::new();
    workshop.keytool(&format!(
        "-genkeypair -alias a -keystore a.jceks -storetype JCEKS -dname CN=a -storepass {PASSWORD} \
         -keyalg EC"
    ));
    let file = workshop.name("a.jceks");
    for configured in [None, Some("JCEKS"), Some("JKS")] {
        assert_fault(
            read_keystore(&file, configured, &passwords(Some(PASSWORD), None)),
            StoreFault::Unsupported,
            &file,
            &["JCEKS", "-importkeystore"],
        );
    }
    let file = workshop.write("a.bcfks", [0x30, 0x82, 0x01, 0x00, 0x30, 0x82, 0x00, 0x90]);
    assert_fault(
        read_keystore(&file, Some("BCFKS"), &passwords(Some(PASSWORD), None)),
        StoreFault::Unsupported,
        &file,
        &["BCFKS", "PKCS12"],
    );
    workshop.self_signed("node", "ec -pkeyopt ec_paramgen_curve:P-256");
    let file = workshop.write("node.cer", workshop.der("node.crt"));
    assert_fault(
        truststore(&file, None),
        StoreFault::Format,
        &file,
        &["single certificate", "-importcert"],
    );
}

#[test]
fn a_pem_key_in_every_encoding() {
    let workshop = Workshop::new();
    workshop.self_signed("ec", "ec -pkeyopt ec_paramgen_curve:P-256");
    workshop.self_signed("rsa", "rsa:2048");
    workshop.self_signed("ed", "ed25519");
    workshop.openssl("ec -in ec.key -out ec.sec1.key");
    workshop.openssl("rsa -in rsa.key -traditional -out rsa.pkcs1.key");
    for (name, options) in [
        ("ec.sha256.key", "-v2 aes-256-cbc"),
        ("ec.sha1.key", "-v2 aes-128-cbc -v2prf hmacWithSHA1"),
        ("ec.3des.key", "-v2 des3"),
        ("ec.v1.key", "-v1 PBE-SHA1-3DES"),
        ("ec.scrypt.key", "-scrypt"),
    ] {
        workshop.openssl(&format!(
            "pkcs8 -topk8 -in ec.key -out {name} -passout pass:{PASSWORD} {options}"
        ));
    }
    for (key, certificate) in [
        ("ec.key", "ec.crt"),
        ("rsa.key", "rsa.crt"),
        ("ed.key", "ed.crt"),
        ("ec.sec1.key", "ec.crt"),
        ("rsa.pkcs1.key", "rsa.crt"),
        ("ec.sha256.key", "ec.crt"),
        ("ec.sha1.key", "ec.crt"),
        ("ec.3des.key", "ec.crt"),
        ("ec.v1.key", "ec.crt"),
        ("ec.scrypt.key", "ec.crt"),
    ] {
        let text = [
            b"Bag Attributes\r\n    friendlyName: node\r\n".to_vec(),
            workshop.read(key),
            workshop.read(certificate),
        ];
        let file = workshop.write("node.pem", text.concat());
        let own = keystore(&file, PASSWORD).unwrap_or_else(|error| panic!("{key}: {error}"));
        assert_eq!(own.format, StoreFormat::Pem);
        assert_eq!(chain(&own), [workshop.der(certificate)], "{key}");
        let peers = truststore(&file, None).unwrap();
        assert_eq!(trusted(&peers), [workshop.der(certificate)], "{key}");
        let encrypted =
            key.matches('.').count() == 2 && !key.contains("sec1") && !key.contains("pkcs1");
        if encrypted {
            assert_fault(
                keystore(&file, "wrong"),
                StoreFault::KeyPassword,
                &file,
                &["key's password"],
            );
            assert_fault(
                read_keystore(&file, None, &passwords(None, None)),
                StoreFault::KeyPassword,
                &file,
                &["no key password is set"],
            );
        } else {
            read_keystore(&file, None, &passwords(None, None)).unwrap();
        }
    }
}

#[test]
fn a_pem_file_that_does_not_fit_is_told_why() {
    let workshop = Workshop::new();
    workshop.self_signed("a", "ec -pkeyopt ec_paramgen_curve:P-256");
    workshop.self_signed("b", "ec -pkeyopt ec_paramgen_curve:P-256");
    workshop.self_signed("k", "ec -pkeyopt ec_paramgen_curve:secp256k1");
    let pem = |parts: &[&str]| {
        let text: Vec<u8> = parts.iter().flat_map(|part| workshop.read(part)).collect();
        workshop.write("node.pem", text)
    };
    let file = workshop.name("node.pem");
    let unread =
        |fault, words: &[&str]| assert_fault(keystore(&file, PASSWORD), fault, &file, words);

    pem(&["a.key", "b.crt"]);
    unread(StoreFault::Content, &["does not match"]);
    pem(&["a.key"]);
    unread(StoreFault::Content, &["no certificate"]);
    assert_fault(
        truststore(&file, None),
        StoreFault::Content,
        &file,
        &["no trusted certificate", "-importcert"],
    );
    pem(&["a.crt"]);
    unread(StoreFault::Content, &["no private key"]);
    pem(&["k.key", "k.crt"]);
    unread(StoreFault::Unsupported, &["EC key on secp256k1"]);
    workshop.openssl(&format!(
        "ec -in a.key -aes128 -out a.old.key -passout pass:{PASSWORD}"
    ));
    pem(&["a.old.key", "a.crt"]);
    unread(StoreFault::Unsupported, &["pkcs8 -topk8"]);
    // The first key that fits a certificate is taken.
    pem(&["k.key", "b.key", "a.crt", "b.crt"]);
    let own = keystore(&file, PASSWORD).unwrap();
    assert_eq!(chain(&own), [workshop.der("b.crt"), workshop.der("a.crt")]);

    let sound = [workshop.read("a.key"), workshop.read("a.crt")].concat();
    let wanted = workshop.der("a.crt");
    for at in 0..sound.len() {
        let mut bent = sound.clone();
        bent[at] ^= 1 << (at % 7);
        if let Ok(read) = keystore(&workshop.write("bent", bent), PASSWORD) {
            // PEM has no integrity of its own; but the key must be the certificate's.
            assert_eq!(chain(&read)[0].len(), wanted.len());
        }
        if let Ok(read) = keystore(&workshop.write("cut", &sound[..at]), PASSWORD) {
            assert_eq!(chain(&read), from_ref(&wanted), "cut at {at}");
        }
    }
}

#[test]
fn a_folder_as_kubernetes_mounts_it() {
    let workshop = Workshop::new();
    workshop.self_signed("ca", "ec -pkeyopt ec_paramgen_curve:P-256");
    workshop.openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout node.key -out node.csr \
         -subj /CN=node",
    );
    workshop.openssl(
        "x509 -req -in node.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out node.crt -days 9",
    );
    let folder = workshop.name("secret");
    let data = "secret/..2026_10_01";
    std::fs::create_dir_all(workshop.path(data)).unwrap();
    for (name, content) in [
        ("tls.key", workshop.read("node.key")),
        (
            "tls.crt",
            [workshop.read("ca.crt"), workshop.read("node.crt")].concat(),
        ),
        ("ca.crt", workshop.read("ca.crt")),
    ] {
        workshop.write(&format!("{data}/{name}"), content);
        std::os::unix::fs::symlink(
            format!("..2026_10_01/{name}"),
            workshop.path(&format!("secret/{name}")),
        )
        .unwrap();
    }
    let (leaf, ca) = (workshop.der("node.crt"), workshop.der("ca.crt"));
    let own = read_keystore(&folder, Some("PEM"), &passwords(None, None)).unwrap();
    assert_eq!(own.format, StoreFormat::Pem);
    assert_eq!(chain(&own), [leaf, ca.clone()]);
    assert_eq!(trusted(&truststore(&folder, None).unwrap()), from_ref(&ca));

    std::fs::remove_file(workshop.path("secret/ca.crt")).unwrap();
    assert_eq!(trusted(&truststore(&folder, None).unwrap()), [ca]);
    std::fs::remove_file(workshop.path("secret/tls.key")).unwrap();
    assert_fault(
        keystore(&folder, PASSWORD),
        StoreFault::File,
        &folder,
        &["without tls.key"],
    );
    std::fs::remove_file(workshop.path("secret/tls.crt")).unwrap();
    assert_fault(
        truststore(&folder, None),
        StoreFault::File,
        &folder,
        &["without ca.crt"],
    );
}

#[test]
fn a_path_that_leads_to_no_store() {
    let workshop = Workshop::new();
    let missing = workshop.name("missing.p12");
    for read in [read_keystore, read_truststore] {
        let read = |file: &str| read(file, Some("PKCS12"), &passwords(Some(PASSWORD), None));
        assert_fault(
            read(&missing),
            StoreFault::File,
            &missing,
            &["no such file"],
        );
        assert_fault(
            read("deploy-keys/missing.keystore"),
            StoreFault::File,
            "deploy-keys/missing.keystore",
            &["no such file", "looked up from /"],
        );
        let empty = workshop.write("empty", "");
        assert_fault(read(&empty), StoreFault::Format, &empty, &["empty"]);
        let text = workshop.write("text", "hello");
        assert_fault(read(&text), StoreFault::Format, &text, &["no PKCS12"]);
        let device = "/dev/zero";
        assert_fault(read(device), StoreFault::File, device, &["neither"]);
        assert_fault(read(""), StoreFault::File, "", &["no file"]);
        let huge = workshop.name("huge");
        let file = std::fs::File::create(&huge).unwrap();
        file.set_len(16 * 1024 * 1024 + 1).unwrap();
        assert_fault(read(&huge), StoreFault::Format, &huge, &["16 MiB"]);
    }
    // A pipe without a writer would be waited for.
    let pipe = workshop.name("pipe");
    workshop.run("mkfifo", "pipe");
    assert_fault(
        truststore(&pipe, None),
        StoreFault::File,
        &pipe,
        &["neither"],
    );
}

#[test]
fn no_secret_is_shown_by_debug() {
    let workshop = Workshop::new();
    workshop.self_signed("a", "ec -pkeyopt ec_paramgen_curve:P-256");
    let text = [workshop.read("a.key"), workshop.read("a.crt")].concat();
    let own = keystore(&workshop.write("a.pem", text), PASSWORD).unwrap();
    let key = own.key.as_ref().unwrap();
    assert_eq!(format!("{key:?}"), "KeyEntry { certificates: 1, .. }");
}
