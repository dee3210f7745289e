//! OpenSSL's `s_client` and `s_server`.

use crate::cells::{cells, payload, Cell, LARGE};
use crate::program::{folder, Program};
use crate::wire::Wire;
use rustls_jvm::config::policy::Protocol;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::Path;

const GROUPS: [&str; 3] = ["x25519", "secp256r1", "secp384r1"];

const PROTOCOLS: [Protocol; 2] = [Protocol::Tls12, Protocol::Tls13];

fn some_cell(protocol: Protocol) -> Cell {
    let found = cells(&GROUPS)
        .into_iter()
        .find(|cell| cell.protocol == protocol && cell.mutual);
    found.unwrap()
}

/// `s_client` to a port of ours.
fn client(folder: &Path, cell: &Cell, port: u16, more: &str) -> Program {
    let key = cell.key;
    let own = match cell.mutual {
        true => format!("-cert client{key}.crt -key client{key}.key"),
        false => String::new(),
    };
    Program::start(
        folder,
        &format!(
            "openssl s_client -connect 127.0.0.1:{port} -servername server.test -CAfile ca.crt \
             -verify_return_error -verify_hostname server.test {own} {more}"
        ),
    )
}

/// `s_server` on a port of its choice.
fn server(folder: &Path, key: usize, more: &str) -> (Program, u16) {
    let mut program = Program::start(
        folder,
        &format!(
            "openssl s_server -accept 127.0.0.1:0 -cert server{key}.crt -key server{key}.key \
             -CAfile ca.crt {more}"
        ),
    );
    let line = program.line_with("ACCEPT");
    let port = line.trim().rsplit(':').next().unwrap().parse().unwrap();
    (program, port)
}

fn connect(port: u16) -> TcpStream {
    TcpStream::connect(("127.0.0.1", port)).unwrap()
}

#[test]
fn s_client_sends_and_gets_back_a_lot() {
    let folder = folder();
    let data = payload(LARGE);
    for cell in cells(&GROUPS) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut program = client(folder.path(), &cell, port, "-quiet");
        let output = program.collect();
        let mut stdin = program.child.stdin.take().unwrap();
        let sent = data.clone();
        let writer = std::thread::spawn(move || stdin.write_all(&sent));
        let socket = program.accept(&listener);
        let context = cell.context(false);
        let mut wire = cell.shake(cell.server(&context), socket);
        assert_eq!(wire.read_exact(LARGE).unwrap(), data, "{cell:?}");
        wire.write_all(&data).unwrap();
        wire.close().unwrap();
        assert!(output.join().unwrap() == data, "{cell:?}");
        writer.join().unwrap().unwrap();
        assert_eq!(wire.connection.peer_certificates().is_some(), cell.mutual);
    }
}

#[test]
fn s_server_serves_a_large_file() {
    let folder = folder();
    let data = payload(LARGE);
    let all = cells(&GROUPS);
    for key in 0..4 {
        let asked = "-Verify 1 -verify_return_error";
        let (mut asking, asking_port) = server(folder.path(), key, &format!("-WWW {asked}"));
        let (mut plain, plain_port) = server(folder.path(), key, "-WWW");
        for cell in all.iter().filter(|cell| cell.key == key) {
            let port = match cell.mutual {
                true => asking_port,
                false => plain_port,
            };
            let context = cell.context(true);
            let mut wire = cell.shake(cell.client(&context), connect(port));
            wire.write_all(b"GET /large HTTP/1.0\r\n\r\n").unwrap();
            let answer = wire.read_to_end().unwrap();
            assert!(answer.ends_with(&data), "{cell:?}");
            assert_eq!(wire.connection.local_credential().is_some(), cell.mutual);
        }
        for program in [&mut asking, &mut plain] {
            assert!(program.child.try_wait().unwrap().is_none());
        }
    }
}

#[test]
fn s_client_resumes_its_session() {
    let folder = folder();
    for protocol in PROTOCOLS {
        let cell = some_cell(protocol);
        let context = cell.context(false);
        for (round, file) in ["-sess_out session", "-sess_in session"].iter().enumerate() {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let port = listener.local_addr().unwrap().port();
            let mut program = client(folder.path(), &cell, port, &format!("-quiet {file}"));
            let output = program.collect();
            let socket = program.accept(&listener);
            let mut wire = cell.shake(cell.server(&context), socket);
            wire.write_all(b"0123\n").unwrap();
            wire.close().unwrap();
            assert_eq!(output.join().unwrap(), b"0123\n");
            assert_eq!(wire.connection.resumed(), round == 1, "{cell:?}");
            assert!(wire.connection.peer_certificates().is_some());
        }
    }
}

#[test]
fn s_server_resumes_our_session() {
    let folder = folder();
    for protocol in PROTOCOLS {
        let cell = some_cell(protocol);
        let asked = "-WWW -Verify 1 -verify_return_error";
        let (_program, port) = server(folder.path(), cell.key, asked);
        let context = cell.context(true);
        for round in 0..3 {
            let mut wire = cell.shake(cell.client(&context), connect(port));
            wire.write_all(b"GET /large HTTP/1.0\r\n\r\n").unwrap();
            assert!(wire.read_to_end().unwrap().len() > LARGE);
            assert_eq!(wire.connection.resumed(), round > 0, "{cell:?}, {round}");
        }
    }
}

/// Sends the program's own command for a KeyUpdate that asks for ours, and data on either side of
/// it.
fn update_keys(program: &mut Program, wire: &mut Wire) {
    let mut stdin = program.child.stdin.take().unwrap();
    for round in 0..3 {
        let line = format!("{round}\n");
        stdin.write_all(line.as_bytes()).unwrap();
        assert_eq!(wire.read_exact(2).unwrap(), line.as_bytes());
        stdin.write_all(b"K\n").unwrap();
        // The KeyUpdate, which has no plaintext.
        let (_, plaintext) = wire.receive_record().unwrap();
        assert!(plaintext.is_empty());
        wire.write_all(format!("echo {round}\n").as_bytes())
            .unwrap();
        program.line_with(&format!("echo {round}"));
    }
}

#[test]
fn rfc8446_4_6_3_s_client_updates_keys() {
    let folder = folder();
    let cell = some_cell(Protocol::Tls13);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut program = client(folder.path(), &cell, port, "");
    let socket = program.accept(&listener);
    let context = cell.context(false);
    let mut wire = cell.shake(cell.server(&context), socket);
    update_keys(&mut program, &mut wire);
}

#[test]
fn rfc8446_4_6_3_s_server_updates_keys() {
    let folder = folder();
    let cell = some_cell(Protocol::Tls13);
    let asked = "-Verify 1 -verify_return_error";
    let (mut program, port) = server(folder.path(), cell.key, asked);
    let context = cell.context(true);
    let mut wire = cell.shake(cell.client(&context), connect(port));
    // Its two tickets come before its first data.
    for _ in 0..2 {
        assert!(wire.receive_record().unwrap().1.is_empty());
    }
    update_keys(&mut program, &mut wire);
}
