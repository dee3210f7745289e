//! Hellos in their parts, for whoever looks at them before rustls does.
//!
//! RFC 8446 §4.1.2, §4.1.3; RFC 5246 §7.4.1.

use crate::reader::Reader;

/// Bytes of a handshake message's header: type, length.
pub(crate) const MESSAGE_HEADER: usize = 4;

pub(crate) const CLIENT_HELLO: u8 = 1;
pub(crate) const SERVER_HELLO: u8 = 2;

/// A hello of either side.
pub(crate) struct Hello<'a> {
    /// [`CLIENT_HELLO`] or [`SERVER_HELLO`].
    pub(crate) kind: u8,
    pub(crate) version: u16,
    pub(crate) random: &'a [u8],
    pub(crate) session_id: &'a [u8],
    /// A client's list, a server's choice; two bytes each.
    pub(crate) suites: &'a [u8],
    /// Type and body, as they come.
    extensions: Vec<(u16, &'a [u8])>,
}

impl<'a> Hello<'a> {
    /// Reads a whole message; `None` when it is no hello or does not add up.
    pub(crate) fn parse(message: &'a [u8]) -> Option<Self> {
        let (&kind, rest) = message.split_first()?;
        let mut body = Reader(rest.get(MESSAGE_HEADER - 1..)?);
        let version = body.word()?;
        let random = body.take(32)?;
        let session_id = body.vector(1)?;
        if session_id.len() > 32 {
            return None;
        }
        let (suites, _compression) = match kind {
            CLIENT_HELLO => (body.vector(2)?, body.vector(1)?),
            SERVER_HELLO => (body.take(2)?, body.take(1)?),
            _ => return None,
        };
        let mut extensions = Vec::new();
        if !body.0.is_empty() {
            let mut block = Reader(body.vector(2)?);
            while !block.0.is_empty() {
                let kind = block.word()?;
                extensions.push((kind, block.vector(2)?));
            }
        }
        body.0.is_empty().then_some(Self {
            kind,
            version,
            random,
            session_id,
            suites,
            extensions,
        })
    }

    /// The body of the first extension of this type.
    pub(crate) fn extension(&self, kind: u16) -> Option<&'a [u8]> {
        let found = self.extensions.iter().find(|(k, _)| *k == kind);
        found.map(|(_, body)| *body)
    }

    /// Type and body, as they come.
    pub(crate) fn extensions(&self) -> &[(u16, &'a [u8])] {
        &self.extensions
    }

    pub(crate) fn extension_types(&self) -> impl Iterator<Item = u16> + '_ {
        self.extensions.iter().map(|(kind, _)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server_hello() -> Vec<u8> {
        let mut message = vec![SERVER_HELLO, 0, 0, 50, 3, 3];
        message.extend_from_slice(&[7; 32]);
        message.extend_from_slice(&[2, 9, 9, 0x13, 1, 0]);
        message.extend_from_slice(&[0, 8, 0, 43, 0, 2, 3, 4, 0x12, 0x34]);
        message.truncate(message.len() - 2);
        message.extend_from_slice(&[0, 5, 0, 0]);
        message[3] = (message.len() - MESSAGE_HEADER) as u8;
        let block = message.len() - 10;
        message[block - 2..block].copy_from_slice(&[0, 10]);
        message
    }

    #[test]
    fn rfc8446_4_1_3_a_hello_is_read_in_its_parts() {
        let message = server_hello();
        let hello = Hello::parse(&message).unwrap();
        assert_eq!(hello.kind, SERVER_HELLO);
        assert_eq!(hello.version, 0x0303);
        assert_eq!(hello.random, [7; 32]);
        assert_eq!(hello.session_id, [9, 9]);
        assert_eq!(hello.suites, [0x13, 1]);
        assert_eq!(hello.extension(43), Some(&[3, 4][..]));
        assert_eq!(hello.extension_types().collect::<Vec<_>>(), [43, 5]);
        assert_eq!(hello.extension(51), None);
    }

    #[test]
    fn what_does_not_add_up_is_no_hello() {
        let message = server_hello();
        // Behind the suite and the compression method there may be nothing at all.
        let bare = message.len() - 12;
        for cut in (0..message.len()).filter(|cut| *cut != bare) {
            assert!(Hello::parse(&message[..cut]).is_none(), "{cut} bytes");
        }
        assert!(Hello::parse(&message[..bare]).is_some());
        assert!(Hello::parse(&[&message[..], &[0]].concat()).is_none());
        let mut other = message;
        other[0] = 3;
        assert!(Hello::parse(&other).is_none());
    }
}
