//! What an established connection holds while nothing happens: bounds on its allocations.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)] // a test may panic
#![allow(unsafe_code)] // a malloc that counts

#[path = "support/ends.rs"]
mod ends;
#[path = "support/heap.rs"]
mod heap;
#[path = "support/pki.rs"]
mod pki;

use ends::Ends;
use rustls_jvm::config::policy::Protocol;
use rustls_jvm::engine::connection::Connection;
use std::mem::size_of;

impl Ends {
    /// A pair that has shaken hands and moved `records` each way.
    fn pair(&self, records: usize) -> [Connection; 2] {
        let (client, server) = self.shake_hands(443, &self.parameters, &self.parameters);
        for _ in 0..records {
            transfer(&client, &server);
            transfer(&server, &client);
        }
        [client, server]
    }

    /// Bytes that each end of such a pair holds, over many pairs.
    fn each(&self, records: usize, idle: impl Fn(&Connection)) -> usize {
        const PAIRS: usize = 16;
        // Configurations and whatever else is made once.
        drop(self.pair(records));
        let mut pairs = Vec::with_capacity(PAIRS);
        let before = heap::held();
        for _ in 0..PAIRS {
            let pair = self.pair(records);
            for end in &pair {
                end.forget_facts();
                idle(end);
            }
            pairs.push(pair);
        }
        let held = usize::try_from(heap::held() - before).unwrap();
        for [client, server] in &pairs {
            transfer(client, server);
            transfer(server, client);
        }
        held / (2 * PAIRS) + size_of::<Connection>()
    }
}

fn transfer(from: &Connection, to: &Connection) {
    let mut wire = vec![0; 20 * 1024];
    let mut opened = vec![0; 20 * 1024];
    let sealed = from.wrap(&[7; 1000], &mut wire);
    assert_eq!(sealed.consumed, 1000);
    let outcome = to.unwrap(&wire[..sealed.produced], &mut opened);
    assert_eq!(opened[..outcome.produced], [7; 1000]);
}

#[test]
fn a_connection_of_tls12_keeps_its_keys_and_little_else() {
    let each = Ends::new(Protocol::Tls12, false).each(1, |_| {});
    assert!(each <= 448, "{each} bytes");
}

#[test]
fn a_connection_of_tls13_keeps_its_secrets_besides() {
    // Sessions are resumed: a ticket comes, and data behind it.
    let each = Ends::new(Protocol::Tls13, true).each(1, |_| {});
    assert!(each <= 640, "{each} bytes");
}

#[test]
fn a_client_that_idles_waits_for_no_ticket() {
    let each = Ends::new(Protocol::Tls13, false).each(1, |end| {
        // The first call finds that there were records, the second one that there were none.
        end.rest();
        end.rest();
    });
    assert!(each <= 640, "{each} bytes");
}

#[test]
fn nothing_is_kept_for_each_record() {
    for protocol in [Protocol::Tls12, Protocol::Tls13] {
        let ends = Ends::new(protocol, false);
        let rest = |end: &Connection| {
            end.rest();
            end.rest();
        };
        assert_eq!(ends.each(100, rest), ends.each(1, rest));
    }
}
