//! A whole handshake whose flights somebody changes on their way.
#![no_main]

use fuzzing::bytes::Bytes;
use fuzzing::ends::{drive, end};
use libfuzzer_sys::fuzz_target;

/// Changes what travels, as the input says: another byte, bytes more or less, a record twice or in
/// pieces.
fn change(bytes: &mut Bytes<'_>, flight: &mut Vec<u8>) {
    if flight.is_empty() {
        return;
    }
    for _ in 0..bytes.byte() & 3 {
        let how = bytes.byte();
        let at = bytes.number() % flight.len();
        match how & 7 {
            0 | 1 => flight[at] ^= bytes.byte().max(1),
            2 => flight.insert(at, bytes.byte()),
            3 => drop(flight.remove(at)),
            4 => flight.truncate(at + 1),
            5 => flight.extend_from_within(at..),
            6 => {
                let length = usize::from(bytes.byte());
                flight.splice(at..at, bytes.take(length).iter().copied());
            }
            // A record of one's own between theirs.
            _ => {
                let length = bytes.byte() & 63;
                let mut record = vec![20 + (how >> 3) % 5, 3, 3, 0, length];
                record.extend(bytes.take(length.into()));
                record.resize(5 + usize::from(length), 0);
                flight.splice(0..0, record);
            }
        }
        if flight.is_empty() {
            return;
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let mut bytes = Bytes(data);
    let choice = bytes.byte();
    let (client, server) = (end(true, choice), end(false, choice));
    let (mut to_client, mut to_server) = (Vec::new(), Vec::new());
    for _ in 0..6 {
        let mut sent = Vec::new();
        let goes_on = drive(&client, &mut to_client, &mut sent);
        change(&mut bytes, &mut sent);
        to_server.append(&mut sent);
        let answers = drive(&server, &mut to_server, &mut sent);
        change(&mut bytes, &mut sent);
        to_client.append(&mut sent);
        if !goes_on && !answers {
            break;
        }
    }
    if client.is_established() && server.is_established() {
        assert_eq!(client.negotiated(), server.negotiated());
    }
});
