//! However the stream is cut and whatever the buffers: the same plaintext.

use proptest::collection::vec;
use proptest::prelude::*;
use rustls_jvm::engine::traffic::{Limits, Side, Status};

use crate::support::*;

/// Writes `data` with buffers of the given sizes, in turn; grows one that overflows.
fn write_with(ours: &Ours, data: &[u8], sizes: &[(usize, usize)]) -> Vec<u8> {
    let mut wire = Vec::new();
    let mut rest = data;
    let mut sizes = sizes.iter().cycle();
    while !rest.is_empty() {
        let &(src, mut dst) = sizes.next().unwrap();
        let src = &rest[..src.clamp(1, rest.len())];
        loop {
            let mut room = vec![0; dst];
            let step = ours.traffic.write(src, &mut room).unwrap();
            if step.status == Status::Overflow {
                assert_eq!((step.consumed, step.produced), (0, 0));
                dst = dst * 2 + 10;
                continue;
            }
            assert_eq!(step.status, Status::Ok);
            rest = &rest[step.consumed..];
            wire.extend_from_slice(&room[..step.produced]);
            break;
        }
    }
    wire
}

/// Reads `wire` as it arrives in pieces of the given sizes, into buffers of the given sizes.
fn read_with(ours: &Ours, wire: &[u8], sizes: &[(usize, usize)]) -> Vec<u8> {
    let mut data = Vec::new();
    let (mut start, mut end) = (0, 0);
    let mut sizes = sizes.iter().cycle();
    while start < wire.len() {
        let &(src, mut dst) = sizes.next().unwrap();
        end = (end + src.max(1)).min(wire.len());
        loop {
            let mut room = vec![0xaa; dst];
            let step = ours.traffic.read(&wire[start..end], &mut room).unwrap();
            assert!(room[step.produced..].iter().all(|&b| b == 0 || b == 0xaa));
            match step.status {
                Status::Ok => {
                    start += step.consumed;
                    data.extend_from_slice(&room[..step.produced]);
                    if start == end {
                        break;
                    }
                }
                Status::Underflow => {
                    assert_eq!((step.consumed, step.produced), (0, 0));
                    break;
                }
                Status::Overflow => {
                    assert_eq!((step.consumed, step.produced), (0, 0));
                    dst = dst * 2 + 1;
                }
                status => panic!("{status:?}"),
            }
        }
    }
    data
}

fn sizes(most: usize) -> impl Strategy<Value = Vec<(usize, usize)>> {
    vec((0..most, 0..most), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_we_write_rustls_reads(
        suite in 0..6usize,
        length in 0..60_000usize,
        sizes in sizes(20_000),
        records_per_key in 20..40u64,
        plaintext in 1000..20_000usize,
    ) {
        let suite = all_suites().nth(suite).unwrap();
        let mut limits = Limits { plaintext, ..Limits::of(suite) };
        if TLS13.contains(&suite) {
            limits.records_per_key = records_per_key / 10;
        }
        let (ours, mut oracle) = with_oracle_limited(Side::Client, suite, limits);
        let data = pattern(length);
        // Small sources make many records: bound them.
        let sizes: Vec<_> = sizes.into_iter().map(|(src, dst)| (src + 200, dst)).collect();
        let wire = write_with(&ours, &data, &sizes);
        prop_assert!(oracle.receive(&wire).unwrap() == data);
    }

    #[test]
    fn what_rustls_writes_we_read_however_it_arrives(
        suite in 0..6usize,
        pieces in vec(0..30_000usize, 1..5),
        sizes in sizes(20_000),
    ) {
        let suite = all_suites().nth(suite).unwrap();
        let (ours, mut oracle) = with_oracle(Side::Server, suite);
        let mut wire = Vec::new();
        let mut data = Vec::new();
        for length in pieces {
            if TLS13.contains(&suite) {
                oracle.change_key();
            }
            let piece = pattern(length);
            wire.extend(oracle.send(&piece));
            data.extend(piece);
        }
        prop_assert!(read_with(&ours, &wire, &sizes) == data);
    }

    #[test]
    fn tiny_pieces_and_buffers_give_the_same(
        suite in 0..6usize,
        length in 1..400usize,
        sizes in sizes(40),
    ) {
        let suite = all_suites().nth(suite).unwrap();
        let (client, server) = with_ourselves(suite, Limits::of(suite));
        let data = pattern(length);
        let wire = write_with(&client, &data, &sizes);
        prop_assert!(read_with(&server, &wire, &sizes) == data);
    }

    /// Whatever bytes come: no panic, no plaintext, and an end.
    #[test]
    fn rubbish_never_yields_plaintext(
        suite in 0..6usize,
        mut rubbish in vec(any::<u8>(), 5..300),
        looks_right in any::<bool>(),
    ) {
        let suite = all_suites().nth(suite).unwrap();
        let (ours, _) = with_forger(Side::Client, suite);
        if looks_right {
            let length = (rubbish.len() - 5) as u16;
            rubbish[..3].copy_from_slice(&[DATA, 3, 3]);
            rubbish[3..5].copy_from_slice(&length.to_be_bytes());
        }
        let mut room = vec![0; ROOM];
        match ours.traffic.read(&rubbish, &mut room) {
            Ok(step) => prop_assert_eq!(step.status, Status::Underflow),
            Err(error) => prop_assert!(error.alert_sent.is_some()),
        }
        prop_assert!(room.iter().all(|&byte| byte == 0));
    }
}
