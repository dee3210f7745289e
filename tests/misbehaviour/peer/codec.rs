//! Handshake messages as bytes: how they are framed, and hellos in parts that can be changed.

pub const CLIENT_HELLO: u8 = 1;
pub const SERVER_HELLO: u8 = 2;
pub const NEW_SESSION_TICKET: u8 = 4;
pub const ENCRYPTED_EXTENSIONS: u8 = 8;
pub const CERTIFICATE: u8 = 11;
pub const SERVER_KEY_EXCHANGE: u8 = 12;
pub const CERTIFICATE_REQUEST: u8 = 13;
pub const SERVER_HELLO_DONE: u8 = 14;
pub const CERTIFICATE_VERIFY: u8 = 15;
pub const CLIENT_KEY_EXCHANGE: u8 = 16;
pub const FINISHED: u8 = 20;
pub const KEY_UPDATE: u8 = 24;

pub const SERVER_NAME: u16 = 0;
pub const SUPPORTED_GROUPS: u16 = 10;
pub const EC_POINT_FORMATS: u16 = 11;
pub const SIGNATURE_ALGORITHMS: u16 = 13;
pub const ALPN: u16 = 16;
pub const EXTENDED_MASTER_SECRET: u16 = 23;
pub const PRE_SHARED_KEY: u16 = 41;
pub const EARLY_DATA: u16 = 42;
pub const SUPPORTED_VERSIONS: u16 = 43;
pub const COOKIE: u16 = 44;
pub const PSK_KEY_EXCHANGE_MODES: u16 = 45;
pub const KEY_SHARE: u16 = 51;
pub const RENEGOTIATION_INFO: u16 = 0xff01;

/// A vector with its length in `N` bytes before it, RFC 8446 §3.4.
fn vector<const N: usize>(content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u64).to_be_bytes();
    [&length[8 - N..], content].concat()
}

pub fn v8(content: &[u8]) -> Vec<u8> {
    vector::<1>(content)
}

pub fn v16(content: &[u8]) -> Vec<u8> {
    vector::<2>(content)
}

pub fn v24(content: &[u8]) -> Vec<u8> {
    vector::<3>(content)
}

/// Numbers of two bytes, without a length before them.
pub fn u16s(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_be_bytes()).collect()
}

/// A handshake message with its header, RFC 8446 §4.
pub fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind], &v24(body)[..]].concat()
}

/// The message with another body.
pub fn rebuilt(message_: &[u8], change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut body = message_[4..].to_vec();
    change(&mut body);
    message(message_[0], &body)
}

pub fn extension(kind: u16, body: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes(), &v16(body)[..]].concat()
}

pub fn extensions(list: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let parts: Vec<u8> = list
        .iter()
        .flat_map(|(kind, body)| extension(*kind, body))
        .collect();
    v16(&parts)
}

/// Reads from the front of what is left.
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken
    }

    pub fn number(&mut self, width: usize) -> usize {
        self.take(width)
            .iter()
            .fold(0, |number, byte| number << 8 | usize::from(*byte))
    }

    pub fn vector(&mut self, width: usize) -> Reader<'a> {
        let length = self.number(width);
        Reader(self.take(length))
    }

    pub fn extensions(&mut self) -> Vec<(u16, Vec<u8>)> {
        let mut list = Vec::new();
        if self.0.is_empty() {
            return list;
        }
        let mut block = self.vector(2);
        while !block.0.is_empty() {
            let kind = block.number(2) as u16;
            list.push((kind, block.vector(2).0.to_vec()));
        }
        list
    }
}

/// A ClientHello or ServerHello (HelloRetryRequest, too) in its parts, RFC 8446 §4.1.2, §4.1.3.
#[derive(Clone, Debug)]
pub struct Hello {
    pub kind: u8,
    pub version: u16,
    pub random: [u8; 32],
    pub session_id: Vec<u8>,
    /// A server's has one.
    pub suites: Vec<u16>,
    /// A server's has one.
    pub compressions: Vec<u8>,
    pub extensions: Vec<(u16, Vec<u8>)>,
}

impl Hello {
    pub fn parse(message: &[u8]) -> Self {
        let kind = message[0];
        let mut body = Reader(&message[4..]);
        let version = body.number(2) as u16;
        let random = body.take(32).try_into().unwrap();
        let session_id = body.vector(1).0.to_vec();
        let (suites, compressions) = if kind == CLIENT_HELLO {
            let mut suites = body.vector(2);
            let mut list = Vec::new();
            while !suites.0.is_empty() {
                list.push(suites.number(2) as u16);
            }
            (list, body.vector(1).0.to_vec())
        } else {
            (vec![body.number(2) as u16], vec![body.number(1) as u8])
        };
        Self {
            kind,
            version,
            random,
            session_id,
            suites,
            compressions,
            extensions: body.extensions(),
        }
    }

    pub fn build(&self) -> Vec<u8> {
        let mut body = self.version.to_be_bytes().to_vec();
        body.extend_from_slice(&self.random);
        body.extend(v8(&self.session_id));
        if self.kind == CLIENT_HELLO {
            body.extend(v16(&u16s(&self.suites)));
            body.extend(v8(&self.compressions));
        } else {
            body.extend(u16s(&self.suites));
            body.extend_from_slice(&self.compressions);
        }
        if !self.extensions.is_empty() {
            body.extend(extensions(&self.extensions));
        }
        message(self.kind, &body)
    }

    pub fn get(&self, kind: u16) -> Option<&[u8]> {
        let found = self.extensions.iter().find(|(k, _)| *k == kind);
        found.map(|(_, body)| &body[..])
    }

    /// Puts the extension where it was, or at the end.
    pub fn set(&mut self, kind: u16, body: Vec<u8>) {
        match self.extensions.iter_mut().find(|(k, _)| *k == kind) {
            Some((_, old)) => *old = body,
            None => self.extensions.push((kind, body)),
        }
    }

    pub fn remove(&mut self, kind: u16) {
        self.extensions.retain(|(k, _)| *k != kind);
    }
}
