//! RFC 8446 §6 and RFC 5246 §7.2: alerts and closing.

use rustls_jvm::engine::traffic::{Limits, Side, Status, Step};

use crate::support::*;

fn both_versions() -> [rustls::SupportedCipherSuite; 2] {
    [TLS13[0], TLS12[0]]
}

/// The peer's fatal alert is the connection's end, named as the JDK's exceptions name it, and not
/// answered.
#[test]
fn rfc8446_6_2_rfc5246_7_2_2_a_fatal_alert_ends_both_directions_without_an_answer() {
    for suite in both_versions() {
        for (description, name) in [
            (10, "unexpected_message"),
            (20, "bad_record_mac"),
            (22, "record_overflow"),
            (40, "handshake_failure"),
            (42, "bad_certificate"),
            (44, "certificate_revoked"),
            (45, "certificate_expired"),
            (46, "certificate_unknown"),
            (48, "unknown_ca"),
            (49, "access_denied"),
            (51, "decrypt_error"),
            (70, "protocol_version"),
            (80, "internal_error"),
            (112, "unrecognized_name"),
            (116, "certificate_required"),
            (120, "no_application_protocol"),
            (200, "unknown alert (200)"),
        ] {
            let (ours, mut forger) = with_forger(Side::Client, suite);
            let record = forger.seal(ALERT, &[FATAL, description]);
            let mut room = vec![0xaa; 100];
            let error = ours.traffic.read(&record, &mut room).unwrap_err();
            assert_eq!(error.message, format!("Received fatal alert: {name}"));
            assert_eq!(error.alert_received.map(u8::from), Some(description));
            assert_eq!(error.alert_sent, None);
            assert!(room.iter().all(|&byte| byte == 0 || byte == 0xaa));
            forger.assert_dead(&ours, None);
        }
    }
}

/// RFC 8446 §6: the level says nothing; all but close_notify and user_canceled are fatal.
#[test]
fn rfc8446_6_error_alerts_are_fatal_whatever_their_level() {
    let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
    let record = forger.seal(ALERT, &[WARNING, 112]);
    let error = ours.read_one(&record).unwrap_err();
    assert_eq!(error.message, "Received fatal alert: unrecognized_name");
    forger.assert_dead(&ours, None);
}

/// RFC 5246 §7.2.2: warnings are for the receiver to judge. RFC 8446 §6.1: user_canceled is one.
#[test]
fn rfc8446_6_1_rfc5246_7_2_2_warnings_are_passed_over_but_not_without_end() {
    for (suite, description) in [(TLS13[0], USER_CANCELED), (TLS12[0], 112)] {
        let (ours, mut forger) = with_forger(Side::Server, suite);
        for _ in 0..3 {
            for _ in 0..4 {
                let record = forger.seal(ALERT, &[WARNING, description]);
                assert!(ours.read_one(&record).unwrap().is_empty());
            }
            // Data in between shows that the peer is in earnest.
            let record = forger.seal(DATA, b"x");
            assert_eq!(ours.read_one(&record).unwrap(), b"x");
        }
        for _ in 0..4 {
            let record = forger.seal(ALERT, &[WARNING, description]);
            ours.read_one(&record).unwrap();
        }
        let record = forger.seal(ALERT, &[WARNING, description]);
        forger.assert_refused(
            &ours,
            &record,
            UNEXPECTED_MESSAGE,
            "too many warning alerts",
        );
    }
}

/// RFC 8446 §5.1: "A record with an Alert type MUST contain exactly one message."
#[test]
fn rfc8446_5_1_cut_and_coalesced_alerts_are_decode_error() {
    for suite in both_versions() {
        for content in [vec![FATAL], vec![WARNING, 112, WARNING, 112], vec![1, 0, 0]] {
            let (ours, mut forger) = with_forger(Side::Client, suite);
            let record = forger.seal(ALERT, &content);
            forger.assert_refused(&ours, &record, DECODE_ERROR, "alert record");
        }
    }
}

#[test]
fn rfc8446_6_rfc5246_7_2_an_unknown_level_is_illegal_parameter() {
    for suite in both_versions() {
        for level in [0, 3, 255] {
            let (ours, mut forger) = with_forger(Side::Client, suite);
            let record = forger.seal(ALERT, &[level, 112]);
            forger.assert_refused(&ours, &record, ILLEGAL_PARAMETER, "unknown level");
        }
    }
}

/// RFC 8446 §6.1: the peer's close_notify ends its direction only; what comes after is ignored.
#[test]
fn rfc8446_6_1_rfc5246_7_2_1_close_notify_ends_reading_and_leaves_writing_open() {
    for suite in all_suites() {
        for level in [WARNING, FATAL] {
            let (ours, mut forger) = with_forger(Side::Client, suite);
            assert!(!ours.traffic.is_inbound_done());
            let record = forger.seal(ALERT, &[level, CLOSE_NOTIFY]);
            let mut room = vec![0xaa; 100];
            let step = ours.traffic.read(&record, &mut room).unwrap();
            let wanted = Step {
                consumed: record.len(),
                produced: 0,
                status: Status::Closed,
            };
            assert_eq!(step, wanted);
            assert!(room.iter().all(|&byte| byte == 0 || byte == 0xaa));
            assert!(ours.traffic.is_inbound_done());
            assert!(!ours.traffic.is_outbound_done());
            assert!(!ours.traffic.needs_write());
            assert!(ours.traffic.close_inbound());

            let after = forger.seal(DATA, b"after the end");
            let step = ours.traffic.read(&after, &mut room).unwrap();
            assert_eq!((step.consumed, step.status), (0, Status::Closed));

            let wire = ours.write_all(b"half-open");
            assert_eq!(forger.open(&wire), (DATA, b"half-open".to_vec()));
            ours.traffic.close_outbound();
            assert!(ours.traffic.needs_write());
            let wire = ours.flush();
            assert_eq!(forger.open(&wire), (ALERT, vec![WARNING, CLOSE_NOTIFY]));
        }
    }
}

/// RFC 8446 §6.1: "MUST send a close_notify"; after it nothing else.
#[test]
fn rfc8446_6_1_rfc5246_7_2_1_our_close_notify_is_our_last_record() {
    for suite in all_suites() {
        let (ours, mut forger) = with_forger(Side::Server, suite);
        ours.traffic.close_outbound();
        ours.traffic.close_outbound();
        assert!(ours.traffic.needs_write() && !ours.traffic.is_outbound_done());
        let mut room = vec![0; ROOM];
        let step = ours.traffic.write(b"", &mut room[..20]).unwrap();
        assert_eq!((step.produced, step.status), (0, Status::Overflow));
        // Data that came too late is not taken.
        let step = ours.traffic.write(b"too late", &mut room).unwrap();
        assert_eq!((step.consumed, step.status), (0, Status::Ok));
        let said = forger.open(&room[..step.produced]);
        assert_eq!(said, (ALERT, vec![WARNING, CLOSE_NOTIFY]));
        assert!(ours.traffic.is_outbound_done() && !ours.traffic.needs_write());
        ours.traffic.close_outbound();
        assert!(!ours.traffic.needs_write());
        let step = ours.traffic.write(b"x", &mut room).unwrap();
        assert_eq!((step.produced, step.status), (0, Status::Closed));

        // Reading goes on, and a failure there has no alert left to send.
        let record = forger.seal(DATA, b"still read");
        assert_eq!(ours.read_one(&record).unwrap(), b"still read");
        let mut record = forger.seal(DATA, b"damaged");
        *record.last_mut().unwrap() ^= 1;
        let error = ours.read_one(&record).unwrap_err();
        assert_eq!(error.alert_sent, None);
        assert!(error.message.starts_with("(bad_record_mac) "));
        forger.assert_dead(&ours, None);
    }
}

#[test]
fn closing_inbound_tells_whether_the_stream_may_have_been_cut() {
    for suite in both_versions() {
        let (ours, mut forger) = with_forger(Side::Client, suite);
        assert!(!ours.traffic.close_inbound());
        let record = forger.seal(DATA, b"unread");
        let step = ours.traffic.read(&record, &mut [0; 100]).unwrap();
        assert_eq!((step.consumed, step.status), (0, Status::Closed));
        assert!(!ours.traffic.close_inbound());
        let wire = ours.write_all(b"still written");
        assert_eq!(forger.open(&wire).1, b"still written");
    }
}

/// A fatal alert takes the place of a close_notify that was not yet out.
#[test]
fn rfc8446_6_2_a_fatal_alert_goes_before_a_waiting_close_notify() {
    for suite in both_versions() {
        let (ours, mut forger) = with_forger(Side::Client, suite);
        ours.traffic.close_outbound();
        let mut record = forger.seal(DATA, b"damaged");
        record[9] ^= 1;
        forger.assert_refused(&ours, &record, BAD_RECORD_MAC, "bad_record_mac");
        ours.traffic.close_outbound();
        assert!(!ours.traffic.needs_write());
    }
}

#[test]
fn an_alert_waits_for_room() {
    for suite in both_versions() {
        let (ours, mut forger) = with_forger(Side::Client, suite);
        let mut record = forger.seal(DATA, b"damaged");
        record[9] ^= 1;
        ours.read_one(&record).unwrap_err();
        let mut room = [0; 20];
        let step = ours.traffic.write(b"data", &mut room).unwrap();
        assert_eq!((step.produced, step.status), (0, Status::Overflow));
        forger.assert_dead(&ours, Some(BAD_RECORD_MAC));
    }
}

/// Alerts go out under a TLS 1.2 key that takes no more data.
#[test]
fn rfc5246_7_2_1_close_notify_has_its_record_kept_back() {
    let limits = Limits {
        records_per_key: 8,
        ..Limits::of(TLS12[0])
    };
    let (ours, mut forger) = with_forger_and(Side::Client, TLS12[0], |parts| parts.limits = limits);
    ours.traffic.close_outbound();
    let wire = ours.flush();
    assert_eq!(forger.open(&wire), (ALERT, vec![WARNING, CLOSE_NOTIFY]));
}
