//! RFC 8446 §4.6 and RFC 5246 §7.4.1: messages after the handshake, and changes of keys.

use std::sync::mpsc;
use std::thread;

use rustls_jvm::engine::traffic::{Limits, Side, Status, MAX_WRITE};

use crate::support::*;

const NOT_REQUESTED: [u8; 5] = [24, 0, 0, 1, 0];
const REQUESTED: [u8; 5] = [24, 0, 0, 1, 1];

/// A NewSessionTicket that rustls takes, with a ticket of this length.
pub fn ticket(length: usize) -> Vec<u8> {
    let mut body = vec![0, 0, 0x0e, 0x10, 1, 2, 3, 4, 1, 0];
    body.extend_from_slice(&(length as u16).to_be_bytes());
    body.extend(pattern(length));
    body.extend_from_slice(&[0, 0]);
    let [_, a, b, c] = (body.len() as u32).to_be_bytes();
    let mut message = vec![4, a, b, c];
    message.extend(body);
    message
}

// --- KeyUpdate ------------------------------------------------------------------------------

/// RFC 8446 §4.6.3: the peer's next record is under its next key; nobody sees it.
#[test]
fn rfc8446_4_6_3_the_peers_key_update_is_taken() {
    for suite in TLS13 {
        let (ours, mut forger) = with_forger(Side::Client, suite);
        for round in 0..10u8 {
            let update = forger.key_update(0);
            assert!(ours.read_one(&update).unwrap().is_empty());
            let record = forger.seal(DATA, &[round]);
            assert_eq!(ours.read_one(&record).unwrap(), [round]);
        }
        assert!(!ours.traffic.needs_write());
        // Not asked for, so not answered.
        assert_eq!(
            forger.open_all(&ours.write_all(b"x")),
            [(DATA, b"x".to_vec())]
        );
    }
}

/// The old key is dead after a KeyUpdate.
#[test]
fn rfc8446_4_6_3_a_record_under_the_old_key_is_bad_record_mac() {
    let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
    let update = forger.seal(HANDSHAKE, &NOT_REQUESTED);
    ours.read_one(&update).unwrap();
    let record = forger.seal(DATA, b"old key");
    forger.assert_refused(&ours, &record, BAD_RECORD_MAC, "not authentic");
}

/// RFC 8446 §4.6.3: a request is answered "prior to sending its next Application Data record", in
/// the same write; several requests until then get one answer.
#[test]
fn rfc8446_4_6_3_requests_are_answered_once_before_the_next_data() {
    for suite in TLS13 {
        for requests in [1, 2, 20] {
            let (ours, mut forger) = with_forger(Side::Server, suite);
            for _ in 0..requests {
                let update = forger.key_update(1);
                ours.read_one(&update).unwrap();
            }
            // It is the application's business to write, not to answer.
            assert!(!ours.traffic.needs_write());
            assert!(ours.flush().is_empty());
            let mut room = vec![0; ROOM];
            let step = ours.traffic.write(b"data", &mut room).unwrap();
            assert_eq!((step.consumed, step.status), (4, Status::Ok));
            let said = forger.open_all(&room[..step.produced]);
            let wanted = [
                (HANDSHAKE, NOT_REQUESTED.to_vec()),
                (DATA, b"data".to_vec()),
            ];
            assert_eq!(said, wanted);
            assert_eq!(
                forger.open_all(&ours.write_all(b"x")),
                [(DATA, b"x".to_vec())]
            );
        }
    }
}

#[test]
fn rfc8446_4_6_3_our_own_request_asks_the_peer() {
    let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
    ours.traffic.request_key_update(true);
    ours.traffic.request_key_update(false);
    assert!(!ours.traffic.needs_write());
    let said = forger.open_all(&ours.write_all(b"x"));
    assert_eq!(
        said,
        [(HANDSHAKE, REQUESTED.to_vec()), (DATA, b"x".to_vec())]
    );
}

// --- New keys at the application's wish -------------------------------------------------------

/// It goes out at once, alone, and the call that hands it out says so.
#[test]
fn rfc8446_4_6_3_new_keys_do_not_wait_for_data() {
    for suite in TLS13 {
        for side in BOTH_SIDES {
            for data in [&b""[..], b"data"] {
                let (ours, mut forger) = with_forger(side, suite);
                ours.traffic.renew_keys();
                assert!(ours.traffic.needs_write());
                let mut room = vec![0; ROOM];
                let step = ours.traffic.write(data, &mut room).unwrap();
                assert_eq!((step.consumed, step.status), (0, Status::Rekeyed));
                let said = forger.open_all(&room[..step.produced]);
                assert_eq!(said, [(HANDSHAKE, REQUESTED.to_vec())]);
                assert!(!ours.traffic.needs_write());
                assert_eq!(
                    forger.open_all(&ours.write_all(b"x")),
                    [(DATA, b"x".to_vec())]
                );
                let answer = forger.key_update(0);
                ours.read_one(&answer).unwrap();
                let record = forger.seal(DATA, b"back");
                assert_eq!(ours.read_one(&record).unwrap(), b"back");
                assert!(ours.flush().is_empty());
            }
        }
    }
}

/// Keys that nothing was sent under are new, while the peer has not even answered.
#[test]
fn rfc8446_4_6_3_wishes_for_new_keys_are_one_until_keys_are_used() {
    let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
    let update = [(HANDSHAKE, REQUESTED.to_vec())];
    ours.traffic.renew_keys();
    ours.traffic.renew_keys();
    assert_eq!(forger.open_all(&ours.flush()), update);
    assert!(ours.flush().is_empty());
    ours.traffic.renew_keys();
    assert!(!ours.traffic.needs_write());
    assert!(ours.flush().is_empty());
    // Once the key has been used,
    forger.open_all(&ours.write_all(b"x"));
    ours.traffic.renew_keys();
    assert_eq!(forger.open_all(&ours.flush()), update);
    // or the peer has changed its own, which one answer to both wishes does.
    let answer = forger.key_update(0);
    ours.read_one(&answer).unwrap();
    ours.traffic.renew_keys();
    assert_eq!(forger.open_all(&ours.flush()), update);
}

/// An answer that is due is given with it.
#[test]
fn rfc8446_4_6_3_new_keys_are_an_answer_too() {
    let (ours, mut forger) = with_forger(Side::Server, TLS13[0]);
    let request = forger.key_update(1);
    ours.read_one(&request).unwrap();
    ours.traffic.renew_keys();
    assert_eq!(
        forger.open_all(&ours.flush()),
        [(HANDSHAKE, REQUESTED.to_vec())]
    );
    assert_eq!(
        forger.open_all(&ours.write_all(b"x")),
        [(DATA, b"x".to_vec())]
    );
}

#[test]
fn new_keys_wait_for_room() {
    let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
    ours.traffic.renew_keys();
    let step = ours.traffic.write(b"", &mut [0; 26]).unwrap();
    assert_eq!((step.produced, step.status), (0, Status::Overflow));
    assert!(ours.traffic.needs_write());
    assert_eq!(
        forger.open_all(&ours.flush()),
        [(HANDSHAKE, REQUESTED.to_vec())]
    );
}

#[test]
fn a_direction_that_has_ended_gets_no_new_keys() {
    let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
    ours.traffic.close_outbound();
    ours.traffic.renew_keys();
    assert_eq!(
        forger.open_all(&ours.flush()),
        [(ALERT, vec![WARNING, CLOSE_NOTIFY])]
    );
    ours.traffic.renew_keys();
    assert!(!ours.traffic.needs_write());
    assert!(ours.flush().is_empty());
}

/// Connections that only wish for keys are not taken for a flood by ours, and rested ones get
/// theirs.
#[test]
fn rfc8446_4_6_3_idle_connections_may_wish_for_new_keys() {
    for suite in TLS13 {
        let (client, server) = with_ourselves(suite, Limits::of(suite));
        for round in 0..100u8 {
            for ours in [&client, &server] {
                ours.traffic.rest();
                ours.traffic.rest();
            }
            client.traffic.renew_keys();
            assert!(server.read_all(&client.flush()).unwrap().is_empty());
            if round % 50 == 49 {
                assert_eq!(
                    server.read_all(&client.write_all(b"ping")).unwrap(),
                    b"ping"
                );
                assert_eq!(
                    client.read_all(&server.write_all(b"pong")).unwrap(),
                    b"pong"
                );
            }
        }
    }
}

#[test]
fn tls12_has_no_new_keys() {
    for suite in TLS12 {
        let (ours, mut forger) = with_forger(Side::Client, suite);
        ours.traffic.renew_keys();
        assert!(!ours.traffic.needs_write());
        assert_eq!(
            forger.open_all(&ours.write_all(b"x")),
            [(DATA, b"x".to_vec())]
        );
    }
}

// --- New keys at a key's end ------------------------------------------------------------------

/// RFC 8446 §5.5: our own KeyUpdate comes before the key's limit, and is its last record.
#[test]
fn rfc8446_5_5_keys_change_before_the_confidentiality_limit() {
    for suite in TLS13 {
        for limit in [2, 3, 10] {
            let limits = Limits {
                records_per_key: limit,
                ..Limits::of(suite)
            };
            let (ours, mut forger) = with_forger_and(Side::Client, suite, |parts| {
                parts.limits = limits;
                parts.secrets.tx.0 = 0;
            });
            let mut wire = Vec::new();
            for _ in 0..50 {
                wire.extend(ours.write_all(b"x"));
            }
            let mut under_key = 0;
            let mut data = 0;
            for (content_type, content) in forger.open_all(&wire) {
                under_key += 1;
                assert!(under_key <= limit);
                if content_type == HANDSHAKE {
                    assert_eq!(content, NOT_REQUESTED);
                    assert_eq!(under_key, limit);
                    under_key = 0;
                } else {
                    data += 1;
                }
            }
            assert_eq!(data, 50);
        }
    }
}

/// RFC 8446 §5.3: nor do sequence numbers wrap.
#[test]
fn rfc8446_5_3_keys_change_before_the_last_sequence_number() {
    let suite = TLS13[2];
    let limits = Limits::of(suite);
    assert_eq!(limits.records_per_key, u64::MAX);
    let (ours, mut forger) = with_forger_and(Side::Client, suite, |parts| {
        parts.secrets.tx.0 = u64::MAX - 2;
    });
    let said = forger.open_all(&ours.write_all(b"x"));
    assert_eq!(said, [(DATA, b"x".to_vec())]);
    let said = forger.open_all(&ours.write_all(b"y"));
    let wanted = [(HANDSHAKE, NOT_REQUESTED.to_vec()), (DATA, b"y".to_vec())];
    assert_eq!(said, wanted);
}

/// The suites' own limits are those of RFC 8446 §5.5.
#[test]
fn rfc8446_5_5_the_limits_are_the_suites() {
    assert_eq!(Limits::of(TLS13[0]).records_per_key, 1 << 24);
    assert_eq!(Limits::of(TLS13[1]).records_per_key, 1 << 24);
}

/// TLS 1.2 cannot change keys: what has no other end goes on to the last sequence number.
#[test]
fn rfc5246_6_1_a_key_lasts_as_long_as_its_sequence_numbers() {
    for suite in TLS12 {
        assert_eq!(Limits::of(suite).records_per_key, u64::MAX);
    }
}

/// With less room than KeyUpdate and data want, the data's record is shorter, or comes next.
#[test]
fn rfc8446_4_6_3_a_key_update_in_little_room() {
    let overhead = 22;
    let update = 27;
    let data = pattern(100);
    for (room, consumed) in [
        (100 + overhead + update, 100),
        (100 + overhead, 100 - update),
        (update + overhead + 1, 1),
        (update + overhead, 0),
        (update, 0),
    ] {
        let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
        ours.traffic.request_key_update(false);
        let mut room = vec![0; room];
        let step = ours.traffic.write(&data, &mut room).unwrap();
        assert_eq!((step.consumed, step.status), (consumed, Status::Ok));
        let mut said = forger.open_all(&room[..step.produced]);
        assert_eq!(said.remove(0), (HANDSHAKE, NOT_REQUESTED.to_vec()));
        if consumed > 0 {
            assert_eq!(said, [(DATA, data[..consumed].to_vec())]);
        }
        let rest = forger.open_all(&ours.write_all(&data[consumed..]));
        assert!(rest.iter().all(|(content_type, _)| *content_type == DATA));
    }
    let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
    ours.traffic.request_key_update(false);
    let step = ours.traffic.write(&data, &mut [0; 26]).unwrap();
    assert_eq!((step.produced, step.status), (0, Status::Overflow));
    assert_eq!(forger.open_all(&ours.write_all(&data)).len(), 2);
}

/// The largest record with a KeyUpdate before it fits the room that callers are told of.
#[test]
fn the_longest_write_fits() {
    let (ours, _) = with_forger(Side::Client, TLS13[0]);
    ours.traffic.request_key_update(false);
    let mut room = vec![0; MAX_WRITE];
    let step = ours.traffic.write(&pattern(1 << 14), &mut room).unwrap();
    assert_eq!(step.consumed, 1 << 14);
}

#[test]
fn rfc8446_4_6_3_another_request_value_is_illegal_parameter() {
    for value in [2, 255] {
        let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
        let record = forger.seal(HANDSHAKE, &[24, 0, 0, 1, value]);
        forger.assert_refused(&ours, &record, ILLEGAL_PARAMETER, "KeyUpdate");
    }
}

#[test]
fn rfc8446_4_6_3_a_key_update_of_a_wrong_length_is_decode_error() {
    for content in [
        vec![24, 0, 0, 0],
        vec![24, 0, 0, 2, 0, 0],
        vec![24, 1, 0, 0],
    ] {
        let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
        let record = forger.seal(HANDSHAKE, &content);
        forger.assert_refused(&ours, &record, DECODE_ERROR, "KeyUpdate");
    }
}

/// RFC 8446 §5.1: "Handshake messages MUST NOT span key changes."
#[test]
fn rfc8446_5_1_a_key_update_that_does_not_end_its_record_is_unexpected_message() {
    for rest in [&NOT_REQUESTED[..], &[24], &ticket(10)] {
        let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
        let record = forger.seal(HANDSHAKE, &[&NOT_REQUESTED[..], rest].concat());
        // The alert still goes out under the key of before.
        forger.assert_refused(&ours, &record, UNEXPECTED_MESSAGE, "not the last");
    }
}

/// KeyUpdates cost us more than the peer: without data between them they are a flood.
#[test]
fn rfc8446_4_6_3_floods_of_key_updates_are_refused() {
    for suite in TLS13 {
        for request in [0, 1] {
            let (ours, mut forger) = with_forger(Side::Client, suite);
            for _ in 0..3 {
                for _ in 0..32 {
                    let update = forger.key_update(request);
                    ours.read_one(&update).unwrap();
                }
                // An empty record is no data.
                let record = forger.seal(DATA, b"x");
                ours.read_one(&record).unwrap();
            }
            for _ in 0..32 {
                let update = forger.key_update(request);
                ours.read_one(&update).unwrap();
            }
            let record = forger.seal(DATA, b"");
            ours.read_one(&record).unwrap();
            let update = forger.seal(HANDSHAKE, &[24, 0, 0, 1, request]);
            forger.assert_refused(&ours, &update, UNEXPECTED_MESSAGE, "too many KeyUpdate");
        }
    }
}

/// A peer that only reads asks for new keys at the limits of what it is sent; the JDK with each
/// record until they come, and what we have sent already is still under the old ones.
#[test]
fn rfc8446_5_5_a_peer_may_ask_for_new_keys_with_each_record_that_we_send() {
    for suite in TLS13 {
        let (ours, mut forger) = with_forger(Side::Server, suite);
        for _ in 0..200 {
            forger.open_all(&ours.write_all(b"x"));
        }
        for _ in 0..200 + 32 {
            let update = forger.key_update(1);
            ours.read_one(&update).unwrap();
        }
        let update = forger.seal(HANDSHAKE, &[24, 0, 0, 1, 1]);
        forger.assert_refused(&ours, &update, UNEXPECTED_MESSAGE, "too many KeyUpdate");
    }
}

/// A peer that has nothing to say but what we ask for is no flood.
#[test]
fn rfc8446_4_6_3_answers_to_our_requests_are_no_flood() {
    let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
    for _ in 0..100 {
        ours.traffic.request_key_update(true);
        forger.open_all(&ours.write_all(b"x"));
        let answer = forger.key_update(0);
        ours.read_one(&answer).unwrap();
    }
}

/// A client and a server that ask each other at the same time settle down.
#[test]
fn rfc8446_4_6_3_crossing_requests_come_to_rest() {
    let (client, server) = with_ourselves(TLS13[0], Limits::of(TLS13[0]));
    client.traffic.request_key_update(true);
    server.traffic.request_key_update(true);
    let exchange = || {
        let there = client.write_all(b"ping");
        let back = server.write_all(b"pong");
        assert_eq!(server.read_all(&there).unwrap(), b"ping");
        assert_eq!(client.read_all(&back).unwrap(), b"pong");
        (there.len(), back.len())
    };
    let plain = 4 + 22;
    assert_eq!(exchange(), (plain + 27, plain + 27));
    assert_eq!(exchange(), (plain + 27, plain + 27));
    assert_eq!(exchange(), (plain, plain));
}

#[test]
fn tls12_has_no_key_update() {
    let (ours, mut forger) = with_forger(Side::Client, TLS12[0]);
    ours.traffic.request_key_update(true);
    assert_eq!(
        forger.open_all(&ours.write_all(b"x")),
        [(DATA, b"x".to_vec())]
    );
    let record = forger.seal(HANDSHAKE, &NOT_REQUESTED);
    forger.assert_refused(&ours, &record, UNEXPECTED_MESSAGE, "KeyUpdate");
}

// --- NewSessionTicket -----------------------------------------------------------------------

#[test]
fn rfc8446_4_6_1_tickets_are_handed_on_however_they_are_cut() {
    let many = [ticket(10), ticket(300), ticket(1)].concat();
    for size in [1, 2, 3, 4, 5, 7, 100, many.len()] {
        let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
        let before = ours.tickets();
        for piece in many.chunks(size) {
            let record = forger.seal(HANDSHAKE, piece);
            assert!(ours.read_one(&record).unwrap().is_empty());
        }
        assert_eq!(ours.tickets() - before, 3, "in pieces of {size}");
        let record = forger.seal(DATA, b"x");
        assert_eq!(ours.read_one(&record).unwrap(), b"x");
    }
}

#[test]
fn rfc8446_4_6_1_a_ticket_and_a_key_update_may_share_a_record() {
    let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
    let before = ours.tickets();
    let record = forger.seal(HANDSHAKE, &[&ticket(100)[..], &NOT_REQUESTED].concat());
    forger.next_key();
    ours.read_one(&record).unwrap();
    assert_eq!(ours.tickets() - before, 1);
    let record = forger.seal(DATA, b"x");
    assert_eq!(ours.read_one(&record).unwrap(), b"x");
}

#[test]
fn rfc8446_4_6_1_long_tickets_are_put_together_and_longer_ones_refused() {
    let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
    let before = ours.tickets();
    for piece in ticket(60_000).chunks(1 << 14) {
        let record = forger.seal(HANDSHAKE, piece);
        ours.read_one(&record).unwrap();
    }
    assert_eq!(ours.tickets() - before, 1);
    // Known from the message's header, and not collected first.
    let record = forger.seal(HANDSHAKE, &[4, 1, 0, 0]);
    forger.assert_refused(&ours, &record, DECODE_ERROR, "longer than allowed");
}

#[test]
fn rfc8446_4_6_1_a_malformed_ticket_is_decode_error() {
    for message in [vec![4, 0, 0, 0], vec![4, 0, 0, 3, 1, 2, 3]] {
        let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
        let record = forger.seal(HANDSHAKE, &message);
        forger.assert_refused(&ours, &record, DECODE_ERROR, "NewSessionTicket");
    }
}

#[test]
fn rfc8446_4_6_1_a_ticket_for_a_server_is_unexpected_message() {
    let (ours, mut forger) = with_forger(Side::Server, TLS13[0]);
    let record = forger.seal(HANDSHAKE, &ticket(10));
    forger.assert_refused(&ours, &record, UNEXPECTED_MESSAGE, "NewSessionTicket");
}

// --- Other messages -------------------------------------------------------------------------

/// RFC 8446 §4.6.2: a CertificateRequest to a client that did not offer post_handshake_auth; §4:
/// and whatever else has no place after the handshake. Known from the first four bytes.
#[test]
fn rfc8446_4_6_2_other_handshake_messages_are_unexpected_message() {
    for (kind, text) in [
        (0, "HelloRequest"),
        (1, "ClientHello"),
        (2, "ServerHello"),
        (5, "EndOfEarlyData"),
        (8, "EncryptedExtensions"),
        (11, "Certificate"),
        (13, "CertificateRequest"),
        (15, "CertificateVerify"),
        (20, "Finished"),
        (99, "unknown type 99"),
        (254, "MessageHash"),
    ] {
        for side in BOTH_SIDES {
            let (ours, mut forger) = with_forger(side, TLS13[0]);
            let record = forger.seal(HANDSHAKE, &[kind, 0, 1, 0]);
            forger.assert_refused(&ours, &record, UNEXPECTED_MESSAGE, text);
        }
    }
}

#[test]
fn rfc5246_7_4_other_handshake_messages_are_unexpected_message() {
    for (side, kinds) in [
        (Side::Client, [1, 2, 4, 11, 16, 20, 22, 99]),
        (Side::Server, [0, 2, 4, 11, 16, 20, 22, 99]),
    ] {
        for kind in kinds {
            let (ours, mut forger) = with_forger(side, TLS12[0]);
            let record = forger.seal(HANDSHAKE, &[kind, 0, 0, 10]);
            forger.assert_refused(&ours, &record, UNEXPECTED_MESSAGE, "handshake");
        }
    }
}

/// RFC 8446 §5.1: "there MUST NOT be any other records between them".
#[test]
fn rfc8446_5_1_interleaved_handshake_data_is_unexpected_message() {
    for cut in [1, 3, 4, 20] {
        for (content_type, content) in [
            (DATA, &b"data"[..]),
            (DATA, b""),
            (ALERT, &[WARNING, USER_CANCELED]),
            (ALERT, &[WARNING, CLOSE_NOTIFY]),
        ] {
            let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
            let part = forger.seal(HANDSHAKE, &ticket(100)[..cut]);
            ours.read_one(&part).unwrap();
            let record = forger.seal(content_type, content);
            forger.assert_refused(&ours, &record, UNEXPECTED_MESSAGE, "interleaved");
        }
    }
    // A peer that gives up in the middle is heard.
    let (ours, mut forger) = with_forger(Side::Client, TLS13[0]);
    let part = forger.seal(HANDSHAKE, &ticket(100)[..30]);
    ours.read_one(&part).unwrap();
    let record = forger.seal(ALERT, &[FATAL, INTERNAL_ERROR]);
    let error = ours.read_one(&record).unwrap_err();
    assert_eq!(error.message, "Received fatal alert: internal_error");
}

// --- Renegotiation --------------------------------------------------------------------------

/// RFC 5246 §7.4.1.1, §7.2.2: a HelloRequest or ClientHello is refused by a warning, and the
/// connection goes on.
#[test]
fn rfc5246_7_2_2_renegotiation_is_refused_and_the_connection_goes_on() {
    for suite in TLS12 {
        let mut hello = vec![1, 0, 0x50, 0];
        hello.extend(pattern(0x5000));
        for (side, message) in [(Side::Client, vec![0, 0, 0, 0]), (Side::Server, hello)] {
            let (ours, mut forger) = with_forger(side, suite);
            for piece in message.chunks(1 << 14) {
                assert!(!ours.traffic.needs_write());
                let record = forger.seal(HANDSHAKE, piece);
                assert!(ours.read_one(&record).unwrap().is_empty());
            }
            assert!(ours.traffic.needs_write());
            let said = forger.open(&ours.flush());
            assert_eq!(said, (ALERT, vec![WARNING, NO_RENEGOTIATION]));
            assert!(!ours.traffic.needs_write());
            let record = forger.seal(DATA, b"goes on");
            assert_eq!(ours.read_one(&record).unwrap(), b"goes on");

            // The next refusal rides before data.
            for piece in message.chunks(1 << 14) {
                let record = forger.seal(HANDSHAKE, piece);
                ours.read_one(&record).unwrap();
            }
            let said = forger.open_all(&ours.write_all(b"data"));
            let refusal = (ALERT, vec![WARNING, NO_RENEGOTIATION]);
            assert_eq!(said, [refusal, (DATA, b"data".to_vec())]);
        }
    }
}

#[test]
fn rfc5246_7_2_2_renegotiation_is_not_refused_for_ever() {
    let (ours, mut forger) = with_forger(Side::Client, TLS12[0]);
    for _ in 0..4 {
        let record = forger.seal(HANDSHAKE, &[0, 0, 0, 0]);
        ours.read_one(&record).unwrap();
        let refusal = ours.flush();
        forger.open(&refusal);
        let record = forger.seal(DATA, b"x");
        ours.read_one(&record).unwrap();
    }
    let record = forger.seal(HANDSHAKE, &[0, 0, 0, 0]);
    forger.assert_refused(&ours, &record, UNEXPECTED_MESSAGE, "renegotiate");
}

#[test]
fn rfc5246_7_4_1_1_a_hello_request_with_a_body_is_decode_error() {
    let (ours, mut forger) = with_forger(Side::Client, TLS12[0]);
    let record = forger.seal(HANDSHAKE, &[0, 0, 0, 1, 0]);
    forger.assert_refused(&ours, &record, DECODE_ERROR, "HelloRequest");
}

// --- Two threads for each end ---------------------------------------------------------------

/// Each end has a writing and a reading thread, and both change keys all the time.
#[test]
fn rfc8446_4_6_3_a_storm_of_key_updates_both_ways_is_invisible_to_bulk_data() {
    const TOTAL: usize = 2 << 20;
    fn write(ours: &Ours, wire: &mpsc::Sender<Vec<u8>>) {
        let data = pattern(TOTAL);
        let mut rest = data.as_slice();
        let mut room = vec![0; MAX_WRITE];
        let mut records = 0;
        while !rest.is_empty() {
            if records % 3 == 0 {
                ours.traffic.request_key_update(true);
            }
            records += 1;
            let step = ours.traffic.write(rest, &mut room).unwrap();
            assert_eq!(step.status, Status::Ok);
            assert_eq!(step.consumed, rest.len().min(1 << 14));
            rest = &rest[step.consumed..];
            wire.send(room[..step.produced].to_vec()).unwrap();
        }
        ours.traffic.close_outbound();
        wire.send(ours.flush()).unwrap();
    }
    fn read(ours: &Ours, wire: mpsc::Receiver<Vec<u8>>) {
        let mut data = Vec::new();
        for piece in wire {
            data.extend_from_slice(&ours.read_all(&piece).unwrap());
        }
        assert!(ours.traffic.is_inbound_done());
        assert!(data == pattern(TOTAL));
    }
    for suite in [TLS13[0], TLS13[1], TLS13[2], TLS12[0]] {
        let limits = match TLS12.contains(&suite) {
            true => Limits::of(suite),
            false => Limits {
                records_per_key: 5,
                ..Limits::of(suite)
            },
        };
        let (client, server) = with_ourselves(suite, limits);
        let (to_server, from_client) = mpsc::channel();
        let (to_client, from_server) = mpsc::channel();
        let (client, server) = (&client, &server);
        thread::scope(|scope| {
            scope.spawn(move || write(client, &to_server));
            scope.spawn(move || write(server, &to_client));
            scope.spawn(move || read(client, from_server));
            scope.spawn(move || read(server, from_client));
        });
    }
}
