//! Any bytes as records after the handshake.
#![no_main]

use fuzzing::bytes::Bytes;
use fuzzing::keyed::{read, traffic};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut bytes = Bytes(data);
    let (traffic, _) = traffic(bytes.byte());
    let room = bytes.number();
    let mut wire = bytes.0;
    while let Some(consumed) = read(&traffic, wire, room) {
        if consumed == 0 {
            break;
        }
        wire = &wire[consumed..];
    }
});
