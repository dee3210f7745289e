//! Any bytes to a server that waits for a ClientHello, or a client that waits for its answer.
#![no_main]

use fuzzing::bytes::Bytes;
use fuzzing::ends::{drive, end};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut bytes = Bytes(data);
    let choice = bytes.byte();
    let connection = end(choice & 128 == 0, choice);
    let mut output = Vec::new();
    drive(&connection, &mut Vec::new(), &mut output);
    let (first, rest) = bytes.0.split_at(bytes.0.len() / 2);
    let mut input = first.to_vec();
    if drive(&connection, &mut input, &mut output) {
        input.extend_from_slice(rest);
        drive(&connection, &mut input, &mut output);
    }
    assert!(!connection.is_established());
    connection.close_inbound();
    connection.close_outbound();
    drive(&connection, &mut input, &mut output);
});
