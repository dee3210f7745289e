//! RFC 8446 §5 and RFC 5246 §6: the record layer's own rules.

use std::panic::{catch_unwind, AssertUnwindSafe};

use rustls::{ConnectionTrafficSecrets, Error, ProtocolVersion};
use rustls_jvm::engine::traffic::{
    Limits, Rekey, Side, Status, Step, Traffic, TrafficParts, MAX_READ, MAX_WRITE,
};

use crate::post_handshake::ticket;
use crate::support::*;

const MAX_PLAINTEXT: usize = 1 << 14;

/// A record with this header and a fragment of rubbish.
fn rubbish(content_type: u8, version: [u8; 2], length: usize) -> Vec<u8> {
    let [high, low] = (length as u16).to_be_bytes();
    let mut record = vec![content_type, version[0], version[1], high, low];
    record.extend(pattern(length));
    record
}

fn idle(status: Status) -> Step {
    Step {
        consumed: 0,
        produced: 0,
        status,
    }
}

// --- Protection -----------------------------------------------------------------------------

/// RFC 8446 §5.2, §6.2 and RFC 5246 §6.2.3.3, §7.2.2: a record that fails to be authentic ends the
/// connection with bad_record_mac, wherever it was damaged, and its plaintext is never seen.
#[test]
fn rfc8446_5_2_rfc5246_6_2_3_3_a_damaged_record_is_bad_record_mac_and_leaves_nothing() {
    for suite in all_suites() {
        let length = with_forger(Side::Client, suite)
            .1
            .seal(DATA, &pattern(500))
            .len();
        for at in [5, 12, 13, 250, length - 17, length - 16, length - 1] {
            let (ours, mut forger) = with_forger(Side::Client, suite);
            let mut record = forger.seal(DATA, &pattern(500));
            record[at] ^= 0x40;
            forger.assert_refused(&ours, &record, BAD_RECORD_MAC, "(bad_record_mac) ");
        }
    }
}

/// The additional data binds the length, and in TLS 1.2 the type.
#[test]
fn rfc8446_5_2_rfc5246_6_2_3_3_the_header_is_authenticated() {
    for suite in all_suites() {
        let (ours, mut forger) = with_forger(Side::Server, suite);
        let mut record = forger.seal(DATA, &pattern(500));
        record.pop();
        let length = (record.len() - 5) as u16;
        record[3..5].copy_from_slice(&length.to_be_bytes());
        forger.assert_refused(&ours, &record, BAD_RECORD_MAC, "not authentic");
    }
    for suite in TLS12 {
        let (ours, mut forger) = with_forger(Side::Server, suite);
        let mut record = forger.seal(DATA, &[FATAL, INTERNAL_ERROR]);
        record[0] = ALERT;
        forger.assert_refused(&ours, &record, BAD_RECORD_MAC, "not authentic");
    }
}

/// RFC 8446 §5.3, RFC 5246 §6.1: each record has its own sequence number.
#[test]
fn rfc8446_5_3_rfc5246_6_1_replayed_dropped_and_reordered_records_are_bad_record_mac() {
    for suite in all_suites() {
        let (ours, mut forger) = with_forger(Side::Client, suite);
        let first = forger.seal(DATA, b"first");
        assert_eq!(ours.read_one(&first).unwrap(), b"first");
        forger.assert_refused(&ours, &first, BAD_RECORD_MAC, "not authentic");

        let (ours, mut forger) = with_forger(Side::Client, suite);
        let _dropped = forger.seal(DATA, b"first");
        let second = forger.seal(DATA, b"second");
        forger.assert_refused(&ours, &second, BAD_RECORD_MAC, "not authentic");
    }
}

/// RFC 8446 §5.2: a fragment without room for a tag cannot be authentic.
#[test]
fn rfc8446_5_2_rfc5246_6_2_3_3_a_fragment_shorter_than_its_tag_is_bad_record_mac() {
    for suite in all_suites() {
        for length in [0, 1, 15] {
            let (ours, mut forger) = with_forger(Side::Client, suite);
            let record = rubbish(DATA, [3, 3], length);
            forger.assert_refused(&ours, &record, BAD_RECORD_MAC, "not authentic");
        }
    }
    // AES-GCM in TLS 1.2 has eight bytes of nonce besides.
    let (ours, mut forger) = with_forger(Side::Client, TLS12[0]);
    forger.assert_refused(
        &ours,
        &rubbish(DATA, [3, 3], 23),
        BAD_RECORD_MAC,
        "not authentic",
    );
}

/// RFC 8446 §5.5: one forgery ends the connection, so that no integrity limit is ever near.
#[test]
fn rfc8446_5_5_the_integrity_limit_is_one_forgery() {
    let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
    forger.assert_refused(&ours, &rubbish(DATA, [3, 3], 100), BAD_RECORD_MAC, "");
    for _ in 0..3 {
        let mut room = [0; 200];
        let step = ours.traffic.read(&rubbish(DATA, [3, 3], 100), &mut room);
        assert_eq!(step.unwrap(), idle(Status::Closed));
    }
}

/// RFC 5288 §3: the explicit nonce is the sender's choice, and unique.
#[test]
fn rfc5288_3_explicit_nonces_are_never_repeated() {
    for suite in &TLS12[..2] {
        let (ours, mut forger) = with_forger(Side::Client, *suite);
        let mut seen = std::collections::HashSet::new();
        for _ in 0..300 {
            let record = ours.write_all(b"x");
            assert!(seen.insert(record[5..13].to_vec()));
            assert_eq!(forger.open(&record), (DATA, b"x".to_vec()));
        }
    }
}

// --- Sizes ----------------------------------------------------------------------------------

#[test]
fn rfc8446_5_1_rfc5246_6_2_1_plaintexts_of_2_14_bytes_are_taken() {
    for suite in all_suites() {
        let (ours, mut forger) = with_forger(Side::Client, suite);
        let data = pattern(MAX_PLAINTEXT);
        let record = forger.seal(DATA, &data);
        assert_eq!(ours.read_one(&record).unwrap(), data);
    }
}

#[test]
fn rfc8446_5_1_rfc5246_6_2_1_plaintexts_of_2_14_plus_1_bytes_are_record_overflow() {
    for suite in all_suites() {
        let (ours, mut forger) = with_forger(Side::Client, suite);
        let record = forger.seal(DATA, &pattern(MAX_PLAINTEXT + 1));
        forger.assert_refused(&ours, &record, RECORD_OVERFLOW, "(record_overflow) ");
    }
}

/// RFC 8446 §5.4: "the full encoded TLSInnerPlaintext MUST NOT exceed 2^14 + 1 octets".
#[test]
fn rfc8446_5_4_padding_counts_towards_the_limit() {
    let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
    let mut inner = vec![b'x', DATA];
    inner.resize(MAX_PLAINTEXT + 1, 0);
    let record = forger.seal_inner(&inner);
    assert_eq!(ours.read_one(&record).unwrap(), b"x");
    inner.push(0);
    let record = forger.seal_inner(&inner);
    forger.assert_refused(&ours, &record, RECORD_OVERFLOW, "longer than allowed");
}

/// RFC 8446 §5.2: length "MUST NOT exceed 2^14 + 256 bytes"; RFC 5246 §6.2.3: 2^14 + 2048. It is
/// known from the header, and not waited for.
#[test]
fn rfc8446_5_2_rfc5246_6_2_3_long_ciphertexts_are_record_overflow() {
    for (suites, most) in [(TLS13, MAX_PLAINTEXT + 256), (TLS12, MAX_PLAINTEXT + 2048)] {
        for suite in suites {
            for length in [most + 1, most + 2000, 0xffff] {
                let (ours, mut forger) = with_forger(Side::Server, suite);
                let record = rubbish(DATA, [3, 3], length);
                forger.assert_refused(&ours, &record[..5], RECORD_OVERFLOW, "longer");
            }
        }
    }
}

#[test]
fn rfc8446_5_1_rfc5246_6_2_1_our_records_carry_at_most_2_14_bytes() {
    for suite in all_suites() {
        let (ours, mut forger) = with_forger(Side::Client, suite);
        let data = pattern(3 * MAX_PLAINTEXT + 5);
        let mut room = vec![0; 4 * ROOM];
        // One record for each write, however much room there is.
        let step = ours.traffic.write(&data, &mut room).unwrap();
        assert_eq!(step.consumed, MAX_PLAINTEXT);
        assert_eq!(first_record(&room).unwrap().len(), step.produced);
        let (_, content) = forger.open(&room[..step.produced]);
        assert_eq!(content, &data[..MAX_PLAINTEXT]);

        let limits = Limits {
            plaintext: 1000,
            ..Limits::of(suite)
        };
        let (ours, mut forger) =
            with_forger_and(Side::Client, suite, |parts| parts.limits = limits);
        let wire = ours.write_all(&data[..2500]);
        let sizes: Vec<_> = forger.open_all(&wire).iter().map(|r| r.1.len()).collect();
        assert_eq!(sizes, [1000, 1000, 500]);
    }
}

// --- Types and versions ---------------------------------------------------------------------

/// RFC 8446 §5: "after the handshake" all is application_data on the outside; a
/// change_cipher_spec "after the peer's Finished" is an unexpected record type.
#[test]
fn rfc8446_5_unprotected_records_are_unexpected_message() {
    for (content_type, body, text) in [
        (CHANGE_CIPHER_SPEC, vec![1], "ChangeCipherSpec"),
        (ALERT, vec![WARNING, CLOSE_NOTIFY], "Alert"),
        (HANDSHAKE, vec![24, 0, 0, 1, 0], "Handshake"),
        (0, vec![1], "unknown type 0"),
        (24, vec![1], "Heartbeat"),
        (99, vec![1], "unknown type 99"),
    ] {
        let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
        let mut record = vec![content_type, 3, 3, 0, body.len() as u8];
        record.extend(body);
        forger.assert_refused(&ours, &record, UNEXPECTED_MESSAGE, text);
    }
}

/// RFC 8446 §5.2, §5.4: inner types that are none, or have no place after the handshake.
#[test]
fn rfc8446_5_unknown_inner_types_are_unexpected_message() {
    for (content_type, text) in [
        (CHANGE_CIPHER_SPEC, "ChangeCipherSpec"),
        (24, "Heartbeat"),
        (25, "unknown type 25"),
        (255, "unknown type 255"),
    ] {
        for side in BOTH_SIDES {
            let (ours, mut forger) = with_forger(side, TLS13[1]);
            let record = forger.seal(content_type, &[1]);
            forger.assert_refused(&ours, &record, UNEXPECTED_MESSAGE, text);
        }
    }
}

/// RFC 8446 §5.4: no non-zero octet in the cleartext is unexpected_message.
#[test]
fn rfc8446_5_4_an_inner_plaintext_of_zeroes_is_unexpected_message() {
    for inner in [vec![], vec![0], vec![0; 1000], vec![0; MAX_PLAINTEXT + 1]] {
        let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
        let record = forger.seal_inner(&inner);
        forger.assert_refused(&ours, &record, UNEXPECTED_MESSAGE, "without an inner type");
    }
}

/// RFC 5246 §6: an unexpected record type is unexpected_message.
#[test]
fn rfc5246_6_unknown_types_are_unexpected_message() {
    for content_type in [0, 19, 24, 99, 255] {
        let (ours, mut forger) = with_forger(Side::Server, TLS12[0]);
        let record = forger.seal(content_type, b"x");
        forger.assert_refused(&ours, &record, UNEXPECTED_MESSAGE, "record");
    }
}

/// RFC 5246 §7.1: ChangeCipherSpec belongs to the handshake.
#[test]
fn rfc5246_7_1_a_change_cipher_spec_after_the_handshake_is_unexpected_message() {
    for suite in TLS12 {
        let (ours, mut forger) = with_forger(Side::Client, suite);
        let record = forger.seal(CHANGE_CIPHER_SPEC, &[1]);
        forger.assert_refused(&ours, &record, UNEXPECTED_MESSAGE, "ChangeCipherSpec");
    }
}

/// RFC 5246 §6.2.1: the version is the negotiated one.
#[test]
fn rfc5246_6_2_1_another_version_is_protocol_version() {
    for version in [[3, 1], [3, 4], [2, 0], [0x54, 0x54]] {
        let (ours, mut forger) = with_forger(Side::Client, TLS12[0]);
        let record = forger.seal_versioned(DATA, b"x", version);
        forger.assert_refused(&ours, &record, PROTOCOL_VERSION, "version");
    }
}

/// RFC 8446 §5.1: legacy_record_version "MUST be ignored for all purposes".
#[test]
fn rfc8446_5_1_the_legacy_version_means_nothing_but_that_it_is_tls() {
    let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
    for version in [[3, 3], [3, 1], [3, 4]] {
        let record = forger.seal_versioned(DATA, b"x", version);
        assert_eq!(ours.read_one(&record).unwrap(), b"x");
    }
    let record = forger.seal_versioned(DATA, b"x", [2, 0]);
    forger.assert_refused(&ours, &record, PROTOCOL_VERSION, "version");
}

#[test]
fn plain_http_is_refused_from_its_first_five_bytes() {
    for suite in [TLS13[0], TLS12[0]] {
        let (ours, mut forger) = with_forger(Side::Server, suite);
        forger.assert_refused(&ours, b"GET / HTTP/1.1\r\n", UNEXPECTED_MESSAGE, "type 71");
    }
}

// --- Padding and empty records --------------------------------------------------------------

/// RFC 8446 §5.4: padding of any length is removed, and leaves no trace.
#[test]
fn rfc8446_5_4_padding_is_removed() {
    for padding in [0, 1, 15, 16, 255, 4000] {
        for content in [0, 1, 100, 5000] {
            let (ours, mut forger) = with_forger(Side::Client, TLS13[2]);
            let data = pattern(content);
            let mut inner = data.clone();
            inner.push(DATA);
            inner.resize(inner.len() + padding, 0);
            let record = forger.seal_inner(&inner);
            let mut room = vec![0xaa; ROOM];
            let step = ours.traffic.read(&record, &mut room).unwrap();
            assert_eq!(step.produced, content);
            assert_eq!(room[..content], data);
            assert!(room[content..inner.len()].iter().all(|&byte| byte == 0));
            assert!(room[inner.len()..].iter().all(|&byte| byte == 0xaa));
        }
    }
}

/// RFC 8446 §5.1, RFC 5246 §6.2.1: "Zero-length fragments of Application Data MAY be sent".
#[test]
fn rfc8446_5_1_rfc5246_6_2_1_empty_records_are_taken_but_not_without_end() {
    for suite in all_suites() {
        let (ours, mut forger) = with_forger(Side::Client, suite);
        for _ in 0..3 {
            for _ in 0..32 {
                let record = forger.seal(DATA, b"");
                assert!(ours.read_one(&record).unwrap().is_empty());
            }
            let record = forger.seal(DATA, b"x");
            assert_eq!(ours.read_one(&record).unwrap(), b"x");
        }
        for _ in 0..32 {
            let record = forger.seal(DATA, b"");
            ours.read_one(&record).unwrap();
        }
        let record = forger.seal(DATA, b"");
        forger.assert_refused(&ours, &record, UNEXPECTED_MESSAGE, "too many empty records");
    }
}

/// RFC 8446 §5.4, RFC 5246 §6.2.1: no empty fragments of other types.
#[test]
fn rfc8446_5_4_rfc5246_6_2_1_empty_handshake_and_alert_records_are_unexpected_message() {
    for suite in [TLS13[0], TLS12[0]] {
        for side in BOTH_SIDES {
            for (content_type, text) in [(HANDSHAKE, "empty handshake"), (ALERT, "empty alert")] {
                let (ours, mut forger) = with_forger(side, suite);
                let record = forger.seal(content_type, b"");
                forger.assert_refused(&ours, &record, UNEXPECTED_MESSAGE, text);
            }
        }
    }
}

#[test]
fn an_empty_source_makes_no_record() {
    for suite in all_suites() {
        let (ours, mut forger) = with_forger(Side::Client, suite);
        assert_eq!(ours.traffic.write(&[], &mut []).unwrap(), idle(Status::Ok));
        assert!(!ours.traffic.needs_write());
        let wire = ours.write_all(b"x");
        assert_eq!(forger.open(&wire), (DATA, b"x".to_vec()));
    }
}

// --- Buffers --------------------------------------------------------------------------------

#[test]
fn a_cut_record_is_underflow_and_does_nothing() {
    for suite in all_suites() {
        let (ours, mut forger) = with_forger(Side::Client, suite);
        let record = forger.seal(DATA, &pattern(100));
        let mut room = vec![0xaa; 200];
        for length in 0..record.len() {
            let step = ours.traffic.read(&record[..length], &mut room).unwrap();
            assert_eq!(step, idle(Status::Underflow));
        }
        assert!(room.iter().all(|&byte| byte == 0xaa));
        assert_eq!(ours.read_one(&record).unwrap(), pattern(100));
    }
}

#[test]
fn one_record_for_each_read() {
    for suite in all_suites() {
        let (ours, mut forger) = with_forger(Side::Client, suite);
        let mut wire = forger.seal(DATA, b"one");
        let first = wire.len();
        wire.extend(forger.seal(DATA, b"two"));
        let mut room = vec![0; ROOM];
        let step = ours.traffic.read(&wire, &mut room).unwrap();
        assert_eq!((step.consumed, step.produced), (first, 3));
        assert_eq!(ours.read_one(&wire[first..]).unwrap(), b"two");
    }
}

#[test]
fn room_for_the_data_alone_is_enough_to_read_and_less_is_overflow() {
    for suite in all_suites() {
        for length in [0, 1, 100, MAX_PLAINTEXT] {
            let (ours, mut forger) = with_forger(Side::Client, suite);
            let data = pattern(length);
            let record = forger.seal(DATA, &data);
            if length > 0 {
                let mut short = vec![0xaa; length - 1];
                let step = ours.traffic.read(&record, &mut short).unwrap();
                assert_eq!(step, idle(Status::Overflow));
                assert!(short.iter().all(|&byte| byte == 0xaa));
            }
            let mut room = vec![0; length];
            let step = ours.traffic.read(&record, &mut room).unwrap();
            assert_eq!((step.consumed, step.produced), (record.len(), length));
            assert_eq!(room, data);
        }
    }
    assert_eq!(MAX_READ, MAX_PLAINTEXT);
}

/// A forged record is found out in too small a buffer, too, and leaves nothing there.
#[test]
fn a_forgery_is_found_with_room_for_the_data_alone() {
    for suite in TLS13 {
        let (ours, mut forger) = with_forger(Side::Client, suite);
        let mut record = forger.seal(DATA, &pattern(100));
        record[20] ^= 1;
        let mut room = vec![0xaa; 100];
        ours.traffic.read(&record, &mut room).unwrap_err();
        assert!(room.iter().all(|&byte| byte == 0xaa));
        forger.assert_dead(&ours, Some(BAD_RECORD_MAC));
    }
}

#[test]
fn control_records_need_no_room() {
    for suite in all_suites() {
        let (ours, mut forger) = with_forger(Side::Client, suite);
        let record = forger.seal(ALERT, &[WARNING, CLOSE_NOTIFY]);
        let step = ours.traffic.read(&record, &mut []).unwrap();
        assert_eq!(
            step,
            Step {
                consumed: record.len(),
                produced: 0,
                status: Status::Closed
            }
        );
    }
}

/// RFC 8446 §5.2: what turns out to be no application data leaves no trace.
#[test]
fn rfc8446_5_2_inner_control_content_is_wiped() {
    for suite in TLS13 {
        let (ours, mut forger) = with_forger(Side::Client, suite);
        for record in [
            forger.seal(ALERT, &[WARNING, USER_CANCELED]),
            forger.key_update(1),
        ] {
            let mut room = vec![0xaa; 300];
            let step = ours.traffic.read(&record, &mut room).unwrap();
            assert_eq!((step.produced, step.status), (0, Status::Ok));
            assert!(room.iter().all(|&byte| byte == 0 || byte == 0xaa));
        }
    }
}

#[test]
fn writing_needs_room_for_the_whole_record() {
    for suite in all_suites() {
        for length in [1, 100, MAX_PLAINTEXT, MAX_PLAINTEXT + 1] {
            let (ours, mut forger) = with_forger(Side::Client, suite);
            let data = pattern(length);
            let whole = with_forger(Side::Client, suite)
                .0
                .write_all(&data[..length.min(MAX_PLAINTEXT)]);
            let mut room = vec![0xaa; whole.len() - 1];
            let step = ours.traffic.write(&data, &mut room).unwrap();
            assert_eq!(step, idle(Status::Overflow));
            assert!(room.iter().all(|&byte| byte == 0xaa));
            room.push(0);
            let step = ours.traffic.write(&data, &mut room).unwrap();
            assert_eq!(step.produced, room.len());
            assert!(step.produced <= MAX_WRITE);
            assert_eq!(forger.open(&room).1, data[..step.consumed]);
        }
    }
}

// --- Limits of a key ------------------------------------------------------------------------

/// RFC 5246 §6.1: "Sequence numbers do not wrap." RFC 8446 §5.5: nor may a key protect more
/// records than its AEAD bears. TLS 1.2 has no new key, so the connection ends, and not with a
/// close_notify that would pass for the end of the data.
#[test]
fn rfc5246_6_1_tls12_ends_at_the_limit_of_its_key() {
    for suite in TLS12 {
        let limits = Limits {
            records_per_key: 100,
            ..Limits::of(suite)
        };
        let (ours, mut forger) =
            with_forger_and(Side::Client, suite, |parts| parts.limits = limits);
        let mut room = vec![0; ROOM];
        let mut written = 0;
        let error = loop {
            match ours.traffic.write(b"x", &mut room) {
                Ok(step) => {
                    assert_eq!(forger.open(&room[..step.produced]).1, b"x");
                    written += 1;
                }
                Err(error) => break error,
            }
        };
        assert!((80..100).contains(&written), "{written}");
        assert_eq!(error.alert_sent.map(u8::from), Some(INTERNAL_ERROR));
        assert!(error.message.contains("limit of records under one key"));
        forger.assert_dead(&ours, Some(INTERNAL_ERROR));
    }
}

#[test]
fn rfc5246_6_1_rfc8446_5_3_sequence_numbers_do_not_wrap_when_reading() {
    for suite in all_suites() {
        let at = u64::MAX - 1;
        let (ours, mut forger) =
            with_forger_and(Side::Client, suite, |parts| parts.secrets.rx.0 = at);
        let last = forger.seal(DATA, b"last");
        assert_eq!(ours.read_one(&last).unwrap(), b"last");
        let beyond = forger.seal(DATA, b"beyond");
        forger.assert_refused(&ours, &beyond, INTERNAL_ERROR, "used up");
    }
}

#[test]
fn rfc5246_6_1_sequence_numbers_do_not_wrap_when_writing_tls12() {
    let suite = TLS12[2];
    let limits = Limits {
        records_per_key: u64::MAX,
        ..Limits::of(suite)
    };
    let at = u64::MAX - 9;
    let (ours, mut forger) = with_forger_and(Side::Client, suite, |parts| {
        parts.limits = limits;
        parts.secrets.tx.0 = at;
    });
    let wire = ours.write_all(b"x");
    assert_eq!(forger.open(&wire).1, b"x");
    let mut room = vec![0; ROOM];
    ours.traffic.write(b"x", &mut room).unwrap_err();
    forger.assert_dead(&ours, Some(INTERNAL_ERROR));
}

// --- What the handshake side owes -----------------------------------------------------------

struct Broken;

impl Rekey for Broken {
    fn next_tx(&mut self) -> Result<ConnectionTrafficSecrets, Error> {
        Err(Error::General("no secret".into()))
    }

    fn next_rx(&mut self) -> Result<ConnectionTrafficSecrets, Error> {
        Err(Error::General("no secret".into()))
    }

    fn take_ticket(&mut self, _: &[u8]) -> Result<(), Error> {
        Err(Error::General("no store".into()))
    }
}

/// RFC 8446 §6.2: internal_error, under the key of before.
#[test]
fn rfc8446_6_2_a_key_that_cannot_be_changed_is_internal_error() {
    let broken = |parts: &mut TrafficParts| parts.kernel = Box::new(Broken);
    let (ours, mut forger) = with_forger_and(Side::Client, TLS13[0], broken);
    let update = forger.seal(HANDSHAKE, &[24, 0, 0, 1, 0]);
    forger.assert_refused(&ours, &update, INTERNAL_ERROR, "no new traffic secret");

    let (ours, mut forger) = with_forger_and(Side::Client, TLS13[0], broken);
    let ticket = forger.seal(HANDSHAKE, &ticket(10));
    forger.assert_refused(&ours, &ticket, INTERNAL_ERROR, "NewSessionTicket: ");

    let (ours, mut forger) = with_forger_and(Side::Client, TLS13[0], broken);
    ours.traffic.request_key_update(false);
    let mut room = vec![0; ROOM];
    let error = ours.traffic.write(b"x", &mut room).unwrap_err();
    assert_eq!(error.alert_sent.map(u8::from), Some(INTERNAL_ERROR));
    forger.assert_dead(&ours, Some(INTERNAL_ERROR));
}

struct Panicking;

impl Rekey for Panicking {
    fn next_tx(&mut self) -> Result<ConnectionTrafficSecrets, Error> {
        panic!("a bug")
    }

    fn next_rx(&mut self) -> Result<ConnectionTrafficSecrets, Error> {
        panic!("a bug")
    }

    fn take_ticket(&mut self, _: &[u8]) -> Result<(), Error> {
        panic!("a bug")
    }
}

/// A panic inside one direction does not become plaintext, nor another panic, later.
#[test]
fn a_panic_while_reading_leaves_the_connection_dead_and_an_alert_to_say_so() {
    let panicking = |parts: &mut TrafficParts| parts.kernel = Box::new(Panicking);
    let (ours, mut forger) = with_forger_and(Side::Client, TLS13[0], panicking);
    let ticket = forger.seal(HANDSHAKE, &ticket(10));
    let read = AssertUnwindSafe(|| ours.read_one(&ticket));
    assert!(catch_unwind(read).is_err());
    forger.assert_dead(&ours, Some(INTERNAL_ERROR));
}

#[test]
fn a_panic_while_writing_leaves_the_connection_dead() {
    let panicking = |parts: &mut TrafficParts| parts.kernel = Box::new(Panicking);
    let (ours, mut forger) = with_forger_and(Side::Client, TLS13[0], panicking);
    ours.traffic.request_key_update(false);
    let write = AssertUnwindSafe(|| ours.write_all(b"x"));
    assert!(catch_unwind(write).is_err());
    forger.assert_dead(&ours, None);
}

#[test]
fn other_versions_have_no_record_layer() {
    let error = Traffic::new(TrafficParts {
        version: ProtocolVersion::TLSv1_1,
        ..parts_for(Side::Client, TLS13[0])
    })
    .unwrap_err();
    assert_eq!(
        error.message,
        "(protocol_version) TLSv1_1 has no record layer"
    );
}

#[test]
fn nothing_secret_is_printed() {
    let (ours, _) = with_forger(Side::Client, TLS13[0]);
    assert_eq!(format!("{:?}", ours.traffic), "Traffic { .. }");
}
