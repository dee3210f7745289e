//! Authentic records of any type with any content: alerts, KeyUpdates, tickets, pieces of messages.
#![no_main]

use fuzzing::bytes::Bytes;
use fuzzing::keyed::{flush, read, traffic, Forger};
use libfuzzer_sys::fuzz_target;
use rustls_jvm::engine::traffic::MAX_WRITE;

fuzz_target!(|data: &[u8]| {
    let mut bytes = Bytes(data);
    let (traffic, tls13) = traffic(bytes.byte());
    let mut forger = Forger::new(tls13);
    let mut dst = vec![0; MAX_WRITE];
    while !bytes.is_empty() {
        let (content_type, choice) = (bytes.byte(), bytes.byte());
        let length = bytes.number() >> (choice & 15);
        let content = bytes.take(length).to_vec();
        let mut record = forger.seal(content_type, &content, usize::from(choice >> 6));
        if choice & 16 != 0 {
            // RFC 8446 §7.2: the one message that the sender goes on with other keys after.
            forger.start_anew();
        }
        if choice == 0xff {
            let middle = record.len() / 2;
            record[middle] ^= 1;
        }
        if read(&traffic, &record, usize::from(choice) * 64) != Some(record.len()) {
            flush(&traffic);
            break;
        }
        if choice & 32 != 0 {
            let step = traffic.write(&content, &mut dst);
            assert!(step.map_or(true, |step| step.consumed <= content.len()));
        }
    }
});
