//! Programs that run beside a test, and the files that they read.

use crate::cells::{keys, payload, LARGE};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;
use tempfile::TempDir;

/// A program under way; it ends with the test at the latest.
pub struct Program {
    pub child: Child,
    /// `None` where nobody reads it.
    output: Option<BufReader<ChildStdout>>,
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Program {
    /// Starts it in `folder`; words are split at blanks.
    pub fn start(folder: &Path, words: &str) -> Self {
        Self::start_with(folder, words, Stdio::piped())
    }

    /// The same with what it says thrown away: a full pipe would hold it up.
    pub fn start_silently(folder: &Path, words: &str) -> Self {
        Self::start_with(folder, words, Stdio::null())
    }

    fn start_with(folder: &Path, words: &str, output: Stdio) -> Self {
        let mut words = words.split_whitespace();
        let mut child = Command::new(words.next().unwrap())
            .args(words)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(output)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let output = child.stdout.take().map(BufReader::new);
        Self { child, output }
    }

    /// Reads lines until one has `mark`, which it tells.
    pub fn line_with(&mut self, mark: &str) -> String {
        loop {
            let mut line = String::new();
            let output = self.output.as_mut().unwrap();
            let got = output.read_line(&mut line).unwrap();
            if line.contains(mark) {
                return line;
            }
            assert!(got > 0, "no {mark}: {}", self.errors());
        }
    }

    /// Its connection to us.
    pub fn accept(&mut self, listener: &TcpListener) -> TcpStream {
        listener.set_nonblocking(true).unwrap();
        loop {
            match listener.accept() {
                Ok((socket, _)) => {
                    socket.set_nonblocking(false).unwrap();
                    return socket;
                }
                Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
            }
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "{}", self.errors());
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// All that it has still to say, read while it says it: it would wait otherwise.
    pub fn collect(&mut self) -> JoinHandle<Vec<u8>> {
        let mut output = self.output.take().unwrap();
        std::thread::spawn(move || {
            let mut all = Vec::new();
            output.read_to_end(&mut all).unwrap();
            all
        })
    }

    /// What it complains of, once it has ended.
    pub fn errors(&mut self) -> String {
        self.child.kill().ok();
        let mut all = String::new();
        if let Some(errors) = &mut self.child.stderr {
            errors.read_to_string(&mut all).ok();
        }
        all
    }
}

/// A folder with the authority, the keys by their numbers (`server0.crt`, `client0.key`, …), and a
/// `large` file.
pub fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: String, label: &str, der: &[u8]| {
        std::fs::write(folder.path().join(name), pem(label, der)).unwrap();
    };
    let known = keys();
    write("ca.crt".into(), "CERTIFICATE", &known.authority.certificate);
    for (number, key) in known.keys.iter().enumerate() {
        for (role, entry) in [("server", &key.server), ("client", &key.client)] {
            write(
                format!("{role}{number}.crt"),
                "CERTIFICATE",
                &entry.chain[0],
            );
            let der = without_public_key(entry.key.secret_der());
            write(format!("{role}{number}.key"), "PRIVATE KEY", &der);
        }
    }
    std::fs::write(folder.path().join("large"), payload(LARGE)).unwrap();
    folder
}

/// Version 1 of PKCS #8 in the place of version 2 (RFC 5958), which OpenSSL 3.0 does not read: an
/// Ed25519 key without its public half, RFC 8410 §7.
fn without_public_key(der: &[u8]) -> Vec<u8> {
    match der {
        [0x30, 0x51, 2, 1, 1, key @ ..] => [&[0x30, 0x2e, 2, 1, 0], &key[..43]].concat(),
        _ => der.to_vec(),
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in der.chunks(48) {
        for group in line.chunks(3) {
            let bits = group.iter().enumerate().fold(0, |bits, (at, byte)| {
                bits | u32::from(*byte) << (16 - 8 * at)
            });
            for at in 0..4 {
                text.push(match at <= group.len() {
                    true => DIGITS[(bits >> (18 - 6 * at)) as usize & 63].into(),
                    false => '=',
                });
            }
        }
        text.push('\n');
    }
    writeln!(text, "-----END {label}-----").unwrap();
    text
}
