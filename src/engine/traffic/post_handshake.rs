//! Handshake messages that come after the handshake.
//!
//! TLS 1.3 has KeyUpdate and, for clients, NewSessionTicket (RFC 8446 §4.6); in TLS 1.2 all that
//! can come is a wish to renegotiate, which is refused (RFC 5246 §7.2.2). They may be cut over
//! records and several may share one (RFC 8446 §5.1).

use std::collections::HashSet;

use rustls::{AlertDescription, HandshakeType};
use zeroize::Zeroizing;

use super::alert::Fault;
use super::Side;
use crate::reader::Reader;

/// The longest message that is put together, in bytes. Tickets with a chain of client
/// certificates inside have been seen with more than 16 KiB.
const MAX_MESSAGE: usize = (1 << 16) - 1;

const MESSAGE_HEADER: usize = 4;

/// A KeyUpdate with its header, in bytes.
pub(super) const KEY_UPDATE_LENGTH: usize = MESSAGE_HEADER + 1;

const UPDATE_NOT_REQUESTED: u8 = 0;
const UPDATE_REQUESTED: u8 = 1;

/// The longest life of a ticket, in seconds; RFC 8446 §4.6.1.
const MAX_LIFETIME: usize = 604_800;

/// A whole message.
pub(super) enum Message {
    /// The peer's next record is under its next key.
    KeyUpdate {
        /// It wants the same from us.
        requested: bool,
    },
    /// The body of a NewSessionTicket.
    Ticket(Zeroizing<Vec<u8>>),
    /// The peer would like to renegotiate.
    Renegotiation,
}

/// Puts messages together from the records that carry them.
pub(super) struct Messages {
    side: Side,
    tls13: bool,
    header: [u8; MESSAGE_HEADER],
    /// How much of `header` is there; 0 between messages.
    header_filled: usize,
    /// What the message still lacks, once its header is whole.
    missing: usize,
    body: Zeroizing<Vec<u8>>,
}

impl Messages {
    pub(super) fn new(side: Side, tls13: bool) -> Self {
        Self {
            side,
            tls13,
            header: [0; MESSAGE_HEADER],
            header_filled: 0,
            missing: 0,
            body: Zeroizing::default(),
        }
    }

    /// A message has begun and not ended.
    pub(super) fn is_partial(&self) -> bool {
        self.header_filled != 0
    }

    /// The next whole message of the records so far; takes what it used off `content`.
    pub(super) fn next(&mut self, content: &mut &[u8]) -> Result<Option<Message>, Fault> {
        while self.header_filled < MESSAGE_HEADER {
            let Some((&byte, rest)) = content.split_first() else {
                return Ok(None);
            };
            *content = rest;
            if let Some(slot) = self.header.get_mut(self.header_filled) {
                *slot = byte;
            }
            self.header_filled += 1;
            if self.header_filled == MESSAGE_HEADER {
                self.missing = self.admit()?;
            }
        }
        let (part, rest) = content
            .split_at_checked(self.missing)
            .unwrap_or((content, &[]));
        *content = rest;
        self.missing -= part.len();
        if self.keeps_body() {
            self.body.extend_from_slice(part);
        }
        if self.missing > 0 {
            return Ok(None);
        }
        self.header_filled = 0;
        let body = std::mem::take(&mut self.body);
        self.finish(body).map(Some)
    }

    fn kind(&self) -> HandshakeType {
        let [kind, ..] = self.header;
        HandshakeType::from(kind)
    }

    /// A ClientHello that will be refused need not be remembered.
    fn keeps_body(&self) -> bool {
        self.tls13
    }

    /// Judges a message by its header alone; its length, if it may come.
    fn admit(&self) -> Result<usize, Fault> {
        let [_, a, b, c] = self.header;
        let length = u32::from_be_bytes([0, a, b, c]) as usize;
        let kind = self.kind();
        let exactly = |wanted: usize| match length == wanted {
            true => Ok(length),
            false => Err(Fault::new(
                AlertDescription::DecodeError,
                format!("{kind:?} message of {length} bytes"),
            )),
        };
        let bounded = match length <= MAX_MESSAGE {
            true => Ok(length),
            false => Err(Fault::new(
                AlertDescription::DecodeError,
                format!("{kind:?} message of {length} bytes is longer than allowed"),
            )),
        };
        match (self.tls13, self.side, kind) {
            (true, _, HandshakeType::KeyUpdate) => exactly(1),
            (true, Side::Client, HandshakeType::NewSessionTicket) => bounded,
            (false, Side::Client, HandshakeType::HelloRequest) => exactly(0),
            (false, Side::Server, HandshakeType::ClientHello) => bounded,
            _ => Err(Fault::unexpected(match kind {
                HandshakeType::Unknown(number) => {
                    format!("handshake message of unknown type {number}")
                }
                kind => format!("{kind:?} message after the handshake"),
            })),
        }
    }

    fn finish(&self, body: Zeroizing<Vec<u8>>) -> Result<Message, Fault> {
        match self.kind() {
            HandshakeType::KeyUpdate => match body.as_slice() {
                [UPDATE_NOT_REQUESTED] => Ok(Message::KeyUpdate { requested: false }),
                [UPDATE_REQUESTED] => Ok(Message::KeyUpdate { requested: true }),
                _ => Err(Fault::new(
                    AlertDescription::IllegalParameter,
                    "KeyUpdate with an unknown request",
                )),
            },
            HandshakeType::NewSessionTicket => {
                judge_ticket(&body)?;
                Ok(Message::Ticket(body))
            }
            _ => Ok(Message::Renegotiation),
        }
    }
}

/// Whether a NewSessionTicket is one, RFC 8446 §4.6.1: rustls sees those alone that become
/// sessions.
fn judge_ticket(body: &[u8]) -> Result<(), Fault> {
    let cut = || {
        Fault::new(
            AlertDescription::DecodeError,
            "malformed NewSessionTicket message",
        )
    };
    let illegal = |what| Fault::new(AlertDescription::IllegalParameter, what);
    let mut body = Reader(body);
    let lifetime = body.number(4).ok_or_else(cut)?;
    // ticket_age_add, ticket_nonce.
    body.take(4).ok_or_else(cut)?;
    body.vector(1).ok_or_else(cut)?;
    let ticket = body.vector(2).ok_or_else(cut)?;
    let mut extensions = Reader(body.vector(2).ok_or_else(cut)?);
    if ticket.is_empty() || !body.0.is_empty() {
        return Err(cut());
    }
    let mut seen = HashSet::new();
    while !extensions.0.is_empty() {
        let kind = extensions.number(2).ok_or_else(cut)?;
        extensions.vector(2).ok_or_else(cut)?;
        // §4.2: not two of one type.
        if !seen.insert(kind) {
            return Err(illegal("NewSessionTicket with the same extension twice"));
        }
    }
    match lifetime > MAX_LIFETIME {
        true => Err(illegal("ticket that lives for more than seven days")),
        false => Ok(()),
    }
}

/// A whole KeyUpdate message.
pub(super) fn key_update(ask_peer: bool) -> [u8; KEY_UPDATE_LENGTH] {
    let request = match ask_peer {
        true => UPDATE_REQUESTED,
        false => UPDATE_NOT_REQUESTED,
    };
    [u8::from(HandshakeType::KeyUpdate), 0, 0, 1, request]
}
