//! GnuTLS' `gnutls-cli` and `gnutls-serv`.

use crate::cells::{cells, payload, Cell, LARGE};
use crate::program::{folder, Program};
use rustls_jvm::config::policy::Protocol;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

const GROUPS: [&str; 3] = ["x25519", "secp256r1", "secp384r1"];

/// `gnutls-cli` to a port of ours.
fn client(folder: &Path, cell: &Cell, port: u16) -> Program {
    let key = cell.key;
    let own = match cell.mutual {
        true => format!("--x509certfile=client{key}.crt --x509keyfile=client{key}.key"),
        false => String::new(),
    };
    Program::start(
        folder,
        &format!(
            "gnutls-cli --logfile=log --x509cafile=ca.crt --sni-hostname=server.test \
             --verify-hostname=server.test {own} --port={port} 127.0.0.1"
        ),
    )
}

/// `gnutls-serv` that serves the large file, on a port that was free a moment ago.
fn server(folder: &Path, key: usize, more: &str) -> (Program, u16) {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let mut program = Program::start_silently(
        folder,
        &format!(
            "gnutls-serv --quiet --http --httpdata=large --port={port} --x509certfile=server{key}.crt \
             --x509keyfile=server{key}.key --x509cafile=ca.crt {more}"
        ),
    );
    let until = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < until, "{}", program.errors());
        std::thread::sleep(Duration::from_millis(5));
    }
    (program, port)
}

#[test]
fn gnutls_cli_sends_and_gets_back_a_lot() {
    let folder = folder();
    for (number, cell) in cells(&GROUPS).into_iter().enumerate() {
        // It takes half a second for a lot.
        let data = payload(if number % 8 == 0 { LARGE } else { 20_000 });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut program = client(folder.path(), &cell, port);
        let output = program.collect();
        let mut stdin = program.child.stdin.take().unwrap();
        let sent = data.clone();
        // Its standard input stays open: at its end it would leave.
        let writer = std::thread::spawn(move || stdin.write_all(&sent).map(|()| stdin));
        let socket = program.accept(&listener);
        let context = cell.context(false);
        let mut wire = cell.shake(cell.server(&context), socket);
        assert_eq!(wire.read_exact(data.len()).unwrap(), data, "{cell:?}");
        wire.write_all(&data).unwrap();
        wire.close().unwrap();
        let _stdin = writer.join().unwrap().unwrap();
        let output = output.join().unwrap();
        let text = String::from_utf8_lossy(&output);
        assert!(
            text.contains(std::str::from_utf8(&data).unwrap()),
            "{cell:?}"
        );
        assert_eq!(wire.connection.peer_certificates().is_some(), cell.mutual);
    }
}

#[test]
fn gnutls_serv_sends_a_lot_and_resumes_our_sessions() {
    let folder = folder();
    let data = payload(LARGE);
    let all = cells(&GROUPS);
    for key in 0..4 {
        let (_asking, asking_port) = server(folder.path(), key, "--require-client-cert");
        let (_plain, plain_port) = server(folder.path(), key, "--disable-client-cert");
        for cell in all.iter().filter(|cell| cell.key == key) {
            let port = match cell.mutual {
                true => asking_port,
                false => plain_port,
            };
            let context = cell.context(true);
            for round in 0..2 {
                let socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
                let mut wire = cell.shake(cell.client(&context), socket);
                wire.write_all(b"GET / HTTP/1.0\r\n\r\n").unwrap();
                let answer = wire.read_to_end().unwrap();
                assert!(answer.ends_with(&data), "{cell:?}");
                assert_eq!(wire.connection.resumed(), round > 0, "{cell:?}");
                if round == 0 {
                    assert_eq!(wire.connection.local_credential().is_some(), cell.mutual);
                }
            }
        }
    }
    assert!(all.iter().any(|cell| cell.protocol == Protocol::Tls12));
}
