//! Any text as fingerprints, protocols, suites and groups.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rustls_jvm::config::policy::{
    all_suites, groups_by_name, jsse_suite_name, suites_by_name, Protocol,
};
use rustls_jvm::trust::Pins;
use rustls_pki_types::CertificateDer;

fuzz_target!(|text: &str| {
    if let Ok(pins) = Pins::parse(text) {
        assert!(!pins.matches(&CertificateDer::from(vec![1, 2, 3])));
        assert_eq!(Pins::parse(&text.to_lowercase()), Ok(pins));
    }
    let names: Vec<&str> = text.split(',').collect();
    let suites = suites_by_name(&names);
    assert!(suites.len() <= all_suites().len());
    for suite in suites {
        assert!(names.contains(&jsse_suite_name(suite).as_str()));
    }
    assert!(groups_by_name(&names).len() <= names.len());
    for name in names {
        let _ = Protocol::from_jsse_name(name);
    }
});
