//! A [`Connection`] on a TCP socket, driven as a JSSE caller drives an `SSLEngine`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)] // a test may panic

use rustls_jvm::engine::connection::Connection;
use rustls_jvm::engine::failure::Failure;
use rustls_jvm::engine::outcome::{HandshakeStatus, Outcome, Status};
use std::io::{self, Read, Write};
use std::net::TcpStream;

const ROOM: usize = 20 * 1024;

/// See the module.
pub struct Wire {
    /// The connection under test.
    pub connection: Connection,
    socket: TcpStream,
    incoming: Vec<u8>,
}

/// How a conversation broke off.
#[derive(Debug)]
pub enum Broken {
    /// The connection failed.
    #[allow(dead_code)]
    Tls(Failure),
    /// The socket did, or it ended early; its words show in a test's failure.
    #[allow(dead_code)]
    Socket(io::Error),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Socket(error)
    }
}

impl Wire {
    pub fn new(connection: Connection, socket: TcpStream) -> Self {
        socket
            .set_read_timeout(Some(std::time::Duration::from_secs(20)))
            .unwrap();
        Self {
            connection,
            socket,
            incoming: Vec::new(),
        }
    }

    /// Runs the handshake to its end.
    pub fn handshake(&mut self) -> Result<(), Broken> {
        let mut status = self.connection.begin().handshake;
        loop {
            status = match status {
                HandshakeStatus::Finished => return Ok(()),
                HandshakeStatus::NotHandshaking => panic!("neither finished nor failed"),
                HandshakeStatus::NeedTask => self.connection.run_task(None).handshake,
                HandshakeStatus::NeedWrap => self.send(&[])?.handshake,
                HandshakeStatus::NeedUnwrap => {
                    let (outcome, _) = self.receive_record()?;
                    outcome.handshake
                }
            };
        }
    }

    /// Seals and sends what `wrap` makes of `data`.
    fn send(&mut self, data: &[u8]) -> Result<Outcome, Broken> {
        let mut room = vec![0; ROOM];
        let outcome = self.connection.wrap(data, &mut room);
        self.checked(outcome)?;
        self.socket.write_all(&room[..outcome.produced])?;
        Ok(outcome)
    }

    /// Sends all of `data`.
    pub fn write_all(&mut self, mut data: &[u8]) -> Result<(), Broken> {
        while !data.is_empty() {
            let outcome = self.send(data)?;
            assert_ne!(outcome.status, Status::Closed);
            data = &data[outcome.consumed..];
        }
        Ok(())
    }

    /// Reads plaintext until the peer's close_notify.
    pub fn read_to_end(&mut self) -> Result<Vec<u8>, Broken> {
        let mut all = Vec::new();
        loop {
            let (outcome, plaintext) = self.receive_record()?;
            all.extend_from_slice(&plaintext);
            if outcome.status == Status::Closed {
                return Ok(all);
            }
        }
    }

    /// Reads exactly `length` bytes of plaintext.
    pub fn read_exact(&mut self, length: usize) -> Result<Vec<u8>, Broken> {
        let mut all = Vec::new();
        while all.len() < length {
            let (outcome, plaintext) = self.receive_record()?;
            assert_ne!(outcome.status, Status::Closed, "closed after {}", all.len());
            all.extend_from_slice(&plaintext);
        }
        Ok(all)
    }

    /// Says close_notify.
    pub fn close(&mut self) -> Result<(), Broken> {
        self.connection.close_outbound();
        while !self.connection.is_outbound_done() {
            self.send(&[])?;
        }
        self.socket.shutdown(std::net::Shutdown::Write)?;
        Ok(())
    }

    /// Takes one record: what came of it, and its plaintext.
    pub fn receive_record(&mut self) -> Result<(Outcome, Vec<u8>), Broken> {
        let mut room = vec![0; ROOM];
        loop {
            let outcome = self.connection.unwrap(&self.incoming, &mut room);
            self.checked(outcome)?;
            self.incoming.drain(..outcome.consumed);
            if outcome.status != Status::Underflow {
                room.truncate(outcome.produced);
                return Ok((outcome, room));
            }
            let mut chunk = [0; 16 * 1024];
            let got = self.socket.read(&mut chunk)?;
            if got == 0 {
                return Err(Broken::Socket(io::ErrorKind::UnexpectedEof.into()));
            }
            self.incoming.extend_from_slice(&chunk[..got]);
        }
    }

    /// On failure the alert goes out before the caller hears of it.
    fn checked(&mut self, outcome: Outcome) -> Result<(), Broken> {
        if outcome.status != Status::Failed {
            return Ok(());
        }
        let failure = self.connection.take_failure().expect("a failure to tell");
        loop {
            let mut room = vec![0; ROOM];
            let alert = self.connection.wrap(&[], &mut room);
            self.socket.write_all(&room[..alert.produced]).ok();
            if alert.produced == 0 {
                break;
            }
        }
        self.socket.shutdown(std::net::Shutdown::Write).ok();
        // Unread input would turn the close into a reset, which loses the alert.
        io::copy(&mut self.socket, &mut io::sink()).ok();
        Err(Broken::Tls(failure))
    }
}
