//! rustls' own record layer as the other side.

use rustls_jvm::engine::traffic::{Limits, Side};

use crate::support::*;

#[test]
fn data_goes_both_ways_with_every_suite_version_and_side() {
    for suite in all_suites() {
        for side in BOTH_SIDES {
            let (ours, mut oracle) = with_oracle(side, suite);
            for length in [1, 2, 15, 16, 17, 255, 16_383, 16_384, 16_385, 100_000] {
                let data = pattern(length);
                assert_eq!(
                    oracle.receive(&ours.write_all(&data)).unwrap(),
                    data,
                    "{suite:?} {side:?} {length}"
                );
                assert_eq!(
                    ours.read_all(&oracle.send(&data)).unwrap(),
                    data,
                    "{suite:?} {side:?} {length}"
                );
            }
        }
    }
}

#[test]
fn tickets_reach_the_client_only() {
    for suite in TLS13 {
        // rustls' servers send two.
        assert_eq!(with_oracle(Side::Client, suite).0.tickets(), 2);
        assert_eq!(with_oracle(Side::Server, suite).0.tickets(), 0);
    }
}

#[test]
fn each_side_closes_first_and_the_other_goes_on_for_a_while() {
    for suite in all_suites() {
        for side in BOTH_SIDES {
            let (ours, mut oracle) = with_oracle(side, suite);
            ours.traffic.close_outbound();
            let last = ours.flush();
            assert!(oracle.receive(&last).unwrap().is_empty());
            assert!(ours.traffic.is_outbound_done() && !ours.traffic.is_inbound_done());
            assert_eq!(
                ours.read_all(&oracle.send(b"still here")).unwrap(),
                b"still here"
            );
            ours.read_all(&oracle.close()).unwrap();
            assert!(ours.traffic.close_inbound());

            let (ours, mut oracle) = with_oracle(side, suite);
            ours.read_all(&oracle.close()).unwrap();
            assert!(ours.traffic.is_inbound_done() && !ours.traffic.is_outbound_done());
            let wire = ours.write_all(b"still here");
            assert_eq!(oracle.receive(&wire).unwrap(), b"still here");
            ours.traffic.close_outbound();
            oracle.receive(&ours.flush()).unwrap();
            assert!(ours.traffic.is_outbound_done());
        }
    }
}

#[test]
fn keys_change_in_the_middle_of_a_bulk_stream_both_ways() {
    let data = pattern(40_000);
    for suite in TLS13 {
        for side in BOTH_SIDES {
            let (ours, mut oracle) = with_oracle(side, suite);
            for round in 0..40 {
                if round % 2 == 0 {
                    // rustls asks for an answer each time.
                    oracle.change_key();
                }
                if round % 3 == 0 {
                    ours.traffic.request_key_update(round % 2 == 0);
                }
                if round % 5 == 0 {
                    ours.traffic.renew_keys();
                    oracle.receive(&ours.flush()).unwrap();
                }
                let theirs = oracle.send(&data);
                let mine = ours.write_all(&data);
                assert_eq!(ours.read_all(&theirs).unwrap(), data);
                assert_eq!(oracle.receive(&mine).unwrap(), data);
            }
        }
    }
}

#[test]
fn our_own_key_changes_before_the_limit_are_taken_by_rustls() {
    let data = pattern(300_000);
    for suite in TLS13 {
        let limits = Limits {
            records_per_key: 3,
            ..Limits::of(suite)
        };
        let (ours, mut oracle) = with_oracle_limited(Side::Client, suite, limits);
        assert_eq!(oracle.receive(&ours.write_all(&data)).unwrap(), data);
    }
}

#[test]
fn rustls_alert_is_named_as_the_jdk_does() {
    for suite in [TLS13[0], TLS12[0]] {
        let (ours, mut oracle) = with_oracle(Side::Client, suite);
        let mut wire = ours.write_all(b"to be damaged");
        *wire.last_mut().unwrap() ^= 1;
        oracle.receive(&wire).unwrap_err();
        let mut alert = Vec::new();
        oracle.flush_to(&mut alert);
        let error = ours.read_all(&alert).unwrap_err();
        assert_eq!(error.message, "Received fatal alert: bad_record_mac");
        assert_eq!(error.alert_sent, None);
    }
}
