//! A look at each record of a handshake before rustls gets it, for the rules that rustls does not
//! enforce, or not with an alert.
//!
//! | rule | where |
//! |---|---|
//! | no empty handshake messages, alerts, ChangeCipherSpec | RFC 8446 §5.1, §5.4; RFC 5246 §6.2.1 |
//! | nothing between the parts of a message, or behind Finished in its record | RFC 8446 §5.1 |
//! | nothing but protected records once there are keys | RFC 8446 §5 |
//! | a server's answer is one to our hello | RFC 8446 §4.1.3, §4.2, §4.2.1 |
//! | no downgrade, to TLS 1.1 neither | RFC 8446 §4.1.3 |
//! | no renegotiation in disguise | RFC 5746 §3.4, §3.6 |
//! | close_notify ends the handshake | RFC 8446 §6.1; RFC 5246 §7.2.1 |
//!
//! What a record holds and whether it is authentic remains rustls' to say: what cannot be opened
//! here is handed on.

use super::first_message::FirstMessage;
use super::traffic::RecordKey;
use crate::hello::{Hello, CLIENT_HELLO, MESSAGE_HEADER};
use crate::reader::Reader;
use rustls::AlertDescription;

const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;

/// The message after which keys change.
const FINISHED: u8 = 20;

const TLS12: u16 = 0x0303;
const TLS13: u16 = 0x0304;

const SUPPORTED_GROUPS: u16 = 10;
const SIGNATURE_ALGORITHMS: u16 = 13;
const PRE_SHARED_KEY: u16 = 41;
const SUPPORTED_VERSIONS: u16 = 43;
const COOKIE: u16 = 44;
const KEY_SHARE: u16 = 51;
const RENEGOTIATION_INFO: u16 = 0xff01;

/// The random of a HelloRetryRequest, RFC 8446 §4.1.3.
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// The ends of a server's random that had TLS 1.3 or 1.2 and was made to speak less.
const DOWNGRADES: [&[u8]; 2] = [b"DOWNGRD\x00", b"DOWNGRD\x01"];

/// The content of an alert that closes the connection; RFC 8446 §6: its level can be ignored.
const CLOSES: [[u8; 2]; 2] = [[1, 0], [2, 0]];

/// Why a handshake ends here.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// A rule is broken.
    Broken {
        alert: AlertDescription,
        what: &'static str,
    },
    /// The peer has sent close_notify.
    Closed,
}

fn broken(alert: AlertDescription, what: &'static str) -> Result<(), End> {
    Err(End::Broken { alert, what })
}

fn unexpected(what: &'static str) -> Result<(), End> {
    broken(AlertDescription::UnexpectedMessage, what)
}

/// How the peer's records are protected by now.
pub(super) enum Protection {
    /// Not at all.
    None,
    /// TLS 1.2: by a cipher that adds so many bytes to each.
    Tls12(usize),
    /// TLS 1.3.
    Tls13,
}

/// What our own hello has said, where we are the client.
struct Offer {
    session_id: Vec<u8>,
    versions: Vec<u16>,
    extensions: Vec<u16>,
}

/// What the server's hello has said, whichever side we are.
pub(super) struct ServerSaid {
    pub(super) random: Vec<u8>,
    pub(super) session_id: Vec<u8>,
    pub(super) suite: u16,
}

impl ServerSaid {
    fn new(hello: &Hello<'_>) -> Self {
        Self {
            random: hello.random.to_vec(),
            session_id: hello.session_id.to_vec(),
            suite: Reader(hello.suites).word().unwrap_or_default(),
        }
    }
}

/// What has come of a client's first message.
pub(super) enum Arrival<'a> {
    /// Nothing.
    Nothing,
    /// More is to come.
    Part,
    /// All of it, with its header.
    Hello(&'a [u8]),
    /// Something came in its place, or it is malformed.
    Other,
}

/// See the module.
pub(super) struct Inspection {
    /// Our own hello as far as it has gone out; `None` once it has been read.
    own: Option<FirstMessage>,
    offer: Option<Offer>,
    /// The hello of the peer's that comes in the clear; `None` when none is to come.
    hello: Option<FirstMessage>,
    /// The client's, once it is whole, where we are the server.
    client_hello: Option<Vec<u8>>,
    server: Option<ServerSaid>,
    messages: Messages,
    /// What the peer's records are opened with: those of TLS 1.3, and the alerts of TLS 1.2.
    key: Option<RecordKey>,
    /// TLS 1.3: a record of the peer's has been opened.
    opened: bool,
    hello_lacks_extensions: bool,
}

impl Inspection {
    pub(super) fn new() -> Self {
        Self {
            own: Some(FirstMessage::default()),
            offer: None,
            hello: Some(FirstMessage::default()),
            client_hello: None,
            server: None,
            messages: Messages::default(),
            key: None,
            opened: false,
            hello_lacks_extensions: false,
        }
    }

    /// Remembers our own hello, which the first records that we send carry.
    pub(super) fn note_own(&mut self, record: &[u8]) {
        let Some(mut first) = self.own.take() else {
            return;
        };
        first.add(record.get(5..).unwrap_or_default());
        let Some((message, _)) = first.whole() else {
            self.own = Some(first);
            return;
        };
        let Some(hello) = Hello::parse(message) else {
            return;
        };
        if hello.kind != CLIENT_HELLO {
            self.server = Some(ServerSaid::new(&hello));
            return;
        }
        self.offer = Some(Offer {
            session_id: hello.session_id.to_vec(),
            versions: offered_versions(&hello).collect(),
            extensions: hello.extension_types().collect(),
        });
    }

    /// What the server's hello says, once it is there.
    pub(super) fn server(&self) -> Option<&ServerSaid> {
        self.server.as_ref()
    }

    /// What has come of the client's first message, in records that have been looked at.
    pub(super) fn client_hello(&self) -> Arrival<'_> {
        match (&self.client_hello, &self.hello) {
            (Some(message), _) => Arrival::Hello(message),
            (None, Some(first)) if first.is_empty() => Arrival::Nothing,
            (None, Some(_)) => Arrival::Part,
            (None, None) => Arrival::Other,
        }
    }

    /// Whether the client's hello is one of TLS 1.3 without what that asks for, RFC 8446 §9.2.
    pub(super) fn hello_lacks_extensions(&self) -> bool {
        self.hello_lacks_extensions
    }

    /// Whether there is a key for the peer's records.
    pub(super) fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// From now on the peer's records are under this key. In TLS 1.2 it may be set later, for the
    /// first protected alert.
    pub(super) fn set_key(&mut self, key: RecordKey) {
        self.key = Some(key);
    }

    /// Looks at a whole record.
    pub(super) fn look(&mut self, record: &[u8], protection: &Protection) -> Result<(), End> {
        let Some((&[kind, _, _, _, _], fragment)) = record.split_first_chunk::<5>() else {
            return Ok(());
        };
        match protection {
            Protection::None => self.content(kind, fragment),
            Protection::Tls12(_) if kind == CHANGE_CIPHER_SPEC => {
                unexpected("ChangeCipherSpec where Finished is due")
            }
            Protection::Tls12(overhead)
                if kind != APPLICATION_DATA && fragment.len() == *overhead =>
            {
                unexpected("empty record")
            }
            // No record but alerts comes before Finished, so that the key's numbers fit.
            Protection::Tls12(_) if kind == ALERT => {
                let opened = self.key.as_mut().and_then(|key| key.open(record));
                opened.map_or(Ok(()), |opened| alert(&opened.content))
            }
            Protection::Tls12(_) => Ok(()),
            Protection::Tls13 => self.protected(kind, record),
        }
    }

    /// TLS 1.3, once there are keys.
    fn protected(&mut self, kind: u8, record: &[u8]) -> Result<(), End> {
        match kind {
            HANDSHAKE => unexpected("unprotected handshake message"),
            // One that was sent before its sender had keys is still taken.
            ALERT if self.opened => unexpected("unprotected alert"),
            APPLICATION_DATA => {
                let Some(opened) = self.key.as_mut().and_then(|key| key.open(record)) else {
                    return Ok(());
                };
                self.opened = true;
                match opened.content_type {
                    Some(inner) => self.content(inner, &opened.content),
                    None => unexpected("record without an inner type"),
                }
            }
            _ => self.content(kind, record.get(5..).unwrap_or_default()),
        }
    }

    /// What a record carries, once it is not or no longer protected.
    fn content(&mut self, kind: u8, content: &[u8]) -> Result<(), End> {
        if content.is_empty() && matches!(kind, CHANGE_CIPHER_SPEC | ALERT | HANDSHAKE) {
            return unexpected("empty record");
        }
        if kind != HANDSHAKE {
            return match (self.messages.is_partial(), kind) {
                (true, _) => unexpected("handshake message interleaved with another record"),
                (false, ALERT) => alert(content),
                (false, _) => Ok(()),
            };
        }
        let finished_ends_record = self.messages.feed(content);
        if self.key.is_none() {
            return self.collect_hello(content);
        }
        self.hello = None;
        // RFC 8446 §5.1: what precedes a change of keys ends with its record.
        match finished_ends_record {
            true => Ok(()),
            false => unexpected("Finished is not the last in its record"),
        }
    }

    /// Puts the peer's hello together, and judges it once it is whole.
    fn collect_hello(&mut self, content: &[u8]) -> Result<(), End> {
        let Some(mut first) = self.hello.take() else {
            return Ok(());
        };
        first.add(content);
        if !first.may_be_hello() {
            return Ok(());
        }
        let Some((message, behind)) = first.whole() else {
            self.hello = Some(first);
            return Ok(());
        };
        let Some(hello) = Hello::parse(message) else {
            return Ok(());
        };
        // What follows may be a hello after a HelloRetryRequest, which ends its record.
        if behind.is_empty() && (hello.kind == CLIENT_HELLO || hello.random == RETRY) {
            self.hello = Some(FirstMessage::default());
        }
        if hello.kind == CLIENT_HELLO {
            self.client_hello = Some(message.to_vec());
            return self.judge_client(&hello);
        }
        self.server = Some(ServerSaid::new(&hello));
        self.judge_server(&hello)
    }

    fn judge_client(&mut self, hello: &Hello<'_>) -> Result<(), End> {
        renegotiation_info(hello)?;
        if !offered_versions(hello).any(|version| version == TLS13) {
            return Ok(());
        }
        let has = |kind| hello.extension(kind).is_some();
        let negotiable = has(PRE_SHARED_KEY) || has(SIGNATURE_ALGORITHMS) && has(SUPPORTED_GROUPS);
        self.hello_lacks_extensions = !negotiable || has(SUPPORTED_GROUPS) != has(KEY_SHARE);
        Ok(())
    }

    fn judge_server(&self, hello: &Hello<'_>) -> Result<(), End> {
        let Some(offer) = &self.offer else {
            return Ok(());
        };
        let illegal = |what| broken(AlertDescription::IllegalParameter, what);
        let Some(selected) = hello.extension(SUPPORTED_VERSIONS) else {
            if offer.versions.contains(&TLS13)
                && DOWNGRADES.iter().any(|end| hello.random.ends_with(end))
            {
                return illegal("the server was made to speak an older version than it has");
            }
            return renegotiation_info(hello);
        };
        if Reader(selected).word() != Some(TLS13) || !offer.versions.contains(&TLS13) {
            return illegal("the server has selected a version that was not offered");
        }
        if hello.version != TLS12 {
            return illegal("legacy_version of a TLS 1.3 hello is not that of TLS 1.2");
        }
        if hello.session_id != offer.session_id {
            return illegal("the server does not repeat the session id");
        }
        let retry = hello.random == RETRY;
        for kind in hello.extension_types() {
            let belongs = match kind {
                SUPPORTED_VERSIONS | KEY_SHARE => true,
                PRE_SHARED_KEY => !retry,
                COOKIE => retry,
                _ => false,
            };
            if !belongs && offer.extensions.contains(&kind) {
                return illegal("an extension that has no place in a ServerHello");
            }
        }
        Ok(())
    }
}

/// An alert's content: only close_notify is judged here.
fn alert(content: &[u8]) -> Result<(), End> {
    match CLOSES.iter().any(|closes| closes == content) {
        true => Err(End::Closed),
        false => Ok(()),
    }
}

/// What a client's supported_versions lists, RFC 8446 §4.2.1; nothing without the extension.
fn offered_versions<'a>(hello: &Hello<'a>) -> impl Iterator<Item = u16> + 'a {
    let list = hello.extension(SUPPORTED_VERSIONS).unwrap_or_default();
    let mut versions = Reader(list.get(1..).unwrap_or_default());
    std::iter::from_fn(move || versions.word())
}

/// RFC 5746 §3.4, §3.6: in a connection's first handshake the extension is empty.
fn renegotiation_info(hello: &Hello<'_>) -> Result<(), End> {
    match hello.extension(RENEGOTIATION_INFO) {
        None | Some([0]) => Ok(()),
        Some(_) => broken(
            AlertDescription::HandshakeFailure,
            "the hello is one of a renegotiation",
        ),
    }
}

/// Follows where handshake messages begin and end.
#[derive(Default)]
struct Messages {
    header: Vec<u8>,
    missing: usize,
}

impl Messages {
    /// False when there was something behind a Finished.
    fn feed(&mut self, mut content: &[u8]) -> bool {
        let mut aligned = true;
        while !content.is_empty() {
            if self.missing == 0 {
                let lacking = MESSAGE_HEADER - self.header.len();
                let (head, rest) = content.split_at_checked(lacking).unwrap_or((content, &[]));
                self.header.extend_from_slice(head);
                content = rest;
                if self.header.len() < MESSAGE_HEADER {
                    return aligned;
                }
                let mut length = Reader(self.header.get(1..).unwrap_or_default());
                self.missing = length.number(3).unwrap_or_default();
            }
            let part = self.missing.min(content.len());
            content = content.get(part..).unwrap_or_default();
            self.missing -= part;
            if self.missing == 0 {
                aligned &= self.header.first() != Some(&FINISHED) || content.is_empty();
                self.header.clear();
            }
        }
        aligned
    }

    /// A message has begun and not ended.
    fn is_partial(&self) -> bool {
        !self.header.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Messages;

    #[test]
    fn messages_are_followed_however_they_are_cut() {
        let flight = [1, 0, 0, 2, 7, 7, 14, 0, 0, 0, 2, 0, 0, 1, 9];
        let ends = [0, 6, 10, 15];
        for size in 1..=flight.len() {
            let mut messages = Messages::default();
            let mut fed = 0;
            for part in flight.chunks(size) {
                assert_eq!(
                    messages.is_partial(),
                    !ends.contains(&fed),
                    "{fed} of {size}"
                );
                messages.feed(part);
                fed += part.len();
            }
            assert!(!messages.is_partial());
        }
    }

    #[test]
    fn rfc8446_5_1_what_is_behind_finished_is_noticed() {
        let finished = [20, 0, 0, 1, 9];
        assert!(Messages::default().feed(&finished));
        assert!(!Messages::default().feed(&[&finished[..], &[4]].concat()));
        let mut messages = Messages::default();
        assert!(messages.feed(&finished[..3]));
        assert!(!messages.feed(&[1, 9, 4]));
    }
}
