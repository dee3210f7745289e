//! Seal and open of one record on one thread: the bare AEAD as the ceiling, our record layer, and
//! rustls' buffered one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::hint::black_box;
use std::io::{Cursor, Read, Write};

use aws_lc_rs::aead::{
    Aad, Algorithm, LessSafeKey, Nonce, UnboundKey, AES_128_GCM, AES_256_GCM, CHACHA20_POLY1305,
};
use criterion::measurement::WallTime;
use criterion::{criterion_group, criterion_main, BenchmarkGroup, Criterion, Throughput};
use rustls::SupportedCipherSuite;
use rustls_jvm::engine::traffic::{Limits, MAX_READ, MAX_WRITE};

/// The tests' handshakes in memory.
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../tests/traffic/support.rs"]
mod support;

use support::{pattern, rustls_pair, with_ourselves, TLS12, TLS13};

const SIZES: [usize; 2] = [16_384, 256];

fn bare(group: &mut BenchmarkGroup<'_, WallTime>, algorithm: &'static Algorithm, size: usize) {
    let key = vec![7; algorithm.key_len()];
    let key = LessSafeKey::new(UnboundKey::new(algorithm, &key).unwrap());
    let data = pattern(size);
    let mut sealed = vec![0; size];
    let mut tail = [0; 17];
    let mut opened = vec![0; size];
    let mut number = 0u64;
    group.bench_function("bare AEAD", |bencher| {
        bencher.iter(|| {
            number += 1;
            let mut nonce = [0; 12];
            nonce[4..].copy_from_slice(&number.to_be_bytes());
            key.seal_out_of_place_scatter(
                Nonce::assume_unique_for_key(nonce),
                Aad::from([23, 3, 3, 0, 0]),
                black_box(&data),
                &mut sealed,
                &[],
                &mut tail[..16],
            )
            .unwrap();
            key.open_separate_gather(
                Nonce::assume_unique_for_key(nonce),
                Aad::from([23, 3, 3, 0, 0]),
                &sealed,
                &tail[..16],
                &mut opened,
            )
            .unwrap();
            black_box(&opened);
        });
    });
}

fn ours(group: &mut BenchmarkGroup<'_, WallTime>, suite: SupportedCipherSuite, size: usize) {
    // A benchmark outlives TLS 1.2's keys.
    let limits = Limits {
        records_per_key: u64::MAX,
        ..Limits::of(suite)
    };
    let (client, server) = with_ourselves(suite, limits);
    let data = pattern(size);
    let mut wire = vec![0; MAX_WRITE];
    let mut opened = vec![0; MAX_READ + 1];
    group.bench_function("record layer", |bencher| {
        bencher.iter(|| {
            let written = client.traffic.write(black_box(&data), &mut wire).unwrap();
            let read = server
                .traffic
                .read(&wire[..written.produced], &mut opened)
                .unwrap();
            assert_eq!(read.produced, size);
            black_box(&opened);
        });
    });
}

fn rustls_buffered(
    group: &mut BenchmarkGroup<'_, WallTime>,
    suite: SupportedCipherSuite,
    size: usize,
) {
    let (mut client, mut server) = rustls_pair(suite);
    let data = pattern(size);
    let mut wire = Vec::with_capacity(MAX_WRITE);
    let mut opened = vec![0; size];
    group.bench_function("rustls", |bencher| {
        bencher.iter(|| {
            wire.clear();
            client.writer().write_all(black_box(&data)).unwrap();
            while client.wants_write() {
                client.write_tls(&mut wire).unwrap();
            }
            let mut incoming = Cursor::new(&wire);
            while incoming.position() < wire.len() as u64 {
                server.read_tls(&mut incoming).unwrap();
                server.process_new_packets().unwrap();
            }
            server.reader().read_exact(&mut opened).unwrap();
            black_box(&opened);
        });
    });
}

fn records(criterion: &mut Criterion) {
    let algorithms = [&AES_128_GCM, &AES_256_GCM, &CHACHA20_POLY1305];
    for (version, suites) in [("TLS 1.3", TLS13), ("TLS 1.2", TLS12)] {
        for (suite, algorithm) in suites.into_iter().zip(algorithms) {
            for size in SIZES {
                let name = format!("{version} {algorithm:?} {size} B");
                let mut group = criterion.benchmark_group(name);
                group.throughput(Throughput::Bytes(size as u64));
                bare(&mut group, algorithm, size);
                ours(&mut group, suite, size);
                rustls_buffered(&mut group, suite, size);
                group.finish();
            }
        }
    }
}

criterion_group!(benches, records);
criterion_main!(benches);
