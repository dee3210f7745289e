//! A client's first message, as far as a server's configuration depends on it (RFC 8446 §4.1.2).

use crate::hello::{Hello, CLIENT_HELLO};
use crate::reader::Reader;
use rustls::pki_types::DnsName;
use rustls::{Error, InvalidMessage, PeerMisbehaved, SignatureScheme};
use std::collections::HashSet;

/// Extensions by their numbers (RFC 6066 §3, RFC 8446 §4.2.3, RFC 7301 §3.1, RFC 8446 §4.2.1).
const SERVER_NAME: u16 = 0;
const SIGNATURE_ALGORITHMS: u16 = 13;
const APPLICATION_PROTOCOLS: u16 = 16;
const SUPPORTED_VERSIONS: u16 = 43;

const MALFORMED: Error = Error::InvalidMessage(InvalidMessage::MissingData("ClientHello"));

/// What a client says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ClientHello<'a> {
    /// The versions that it speaks; `None` for a client older than TLS 1.3, which names one.
    pub versions: Option<Vec<u16>>,
    /// Its cipher suites in order of preference.
    pub suites: Vec<u16>,
    /// Whom it calls, where that is a DNS name.
    pub server_name: Option<&'a str>,
    /// Its application protocols in order of preference; empty where it names none.
    pub application_protocols: Vec<&'a [u8]>,
    /// The signatures that it can verify.
    pub signature_schemes: Vec<SignatureScheme>,
}

impl<'a> ClientHello<'a> {
    /// Reads the whole message, with its header.
    ///
    /// # Errors
    /// What rustls would say: an extension comes twice, or the message is malformed.
    pub fn parse(message: &'a [u8]) -> Result<Self, Error> {
        let raw = Hello::parse(message).filter(|hello| hello.kind == CLIENT_HELLO);
        let raw = raw.ok_or(MALFORMED)?;
        let mut seen = HashSet::new();
        if !raw.extension_types().all(|kind| seen.insert(kind)) {
            return Err(PeerMisbehaved::DuplicateClientHelloExtensions.into());
        }
        Self::read(&raw).ok_or(MALFORMED)
    }

    fn read(raw: &Hello<'a>) -> Option<Self> {
        let mut hello = Self {
            suites: Reader(raw.suites).words()?,
            ..Self::default()
        };
        for (kind, body) in raw.extensions() {
            let mut value = Reader(body);
            match *kind {
                SERVER_NAME => hello.server_name = server_name(Reader(value.vector(2)?))?,
                SIGNATURE_ALGORITHMS => {
                    let codes = Reader(value.vector(2)?).words()?;
                    hello.signature_schemes =
                        codes.into_iter().map(SignatureScheme::from).collect();
                }
                APPLICATION_PROTOCOLS => {
                    let mut names = Reader(value.vector(2)?);
                    while !names.0.is_empty() {
                        hello
                            .application_protocols
                            .push(not_empty(names.vector(1)?)?);
                    }
                    if hello.application_protocols.is_empty() {
                        return None;
                    }
                }
                SUPPORTED_VERSIONS => hello.versions = Some(Reader(value.vector(1)?).words()?),
                _ => continue,
            }
            if !value.0.is_empty() {
                return None;
            }
        }
        Some(hello)
    }
}

/// The host name of the list (RFC 6066 §3): a name that is none, an address for one, counts as not
/// sent.
fn server_name(mut names: Reader<'_>) -> Option<Option<&str>> {
    const HOST_NAME: u8 = 0;
    let mut found = None;
    while !names.0.is_empty() {
        if names.take(1)? != [HOST_NAME] {
            // Of another type the length is not known, so nothing behind it can be read.
            break;
        }
        if found.replace(not_empty(names.vector(2)?)?).is_some() {
            return None;
        }
    }
    Some(
        found
            .and_then(|name| std::str::from_utf8(name).ok())
            .filter(|name| DnsName::try_from(*name).is_ok()),
    )
}

fn not_empty(value: &[u8]) -> Option<&[u8]> {
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long(value: &[u8]) -> Vec<u8> {
        let length = u16::try_from(value.len()).unwrap();
        [&length.to_be_bytes(), value].concat()
    }

    fn extension(kind: u16, value: &[u8]) -> Vec<u8> {
        [kind.to_be_bytes().to_vec(), long(value)].concat()
    }

    /// A message of this length, whatever its header says.
    fn hello(extensions: &[Vec<u8>]) -> Vec<u8> {
        let mut message = vec![CLIENT_HELLO, 0, 0, 0, 3, 3];
        message.extend_from_slice(&[7; 32]);
        message.extend_from_slice(&[1, 9]);
        message.extend_from_slice(&long(&[0x13, 0x01, 0xc0, 0x2f]));
        message.extend_from_slice(&[1, 0]);
        if !extensions.is_empty() {
            message.extend_from_slice(&long(&extensions.concat()));
        }
        message
    }

    fn name(kind: u8, name: &[u8]) -> Vec<u8> {
        long(&[&[kind], long(name).as_slice()].concat())
    }

    #[test]
    fn everything_that_matters_is_read() {
        let message = hello(&[
            extension(0xff01, &[0]),
            extension(SERVER_NAME, &name(0, b"host.example")),
            extension(SIGNATURE_ALGORITHMS, &long(&[4, 3, 8, 4])),
            extension(APPLICATION_PROTOCOLS, &long(b"\x02h2\x08http/1.1")),
            extension(SUPPORTED_VERSIONS, &[4, 3, 4, 3, 3]),
        ]);
        let read = ClientHello::parse(&message).unwrap();
        assert_eq!(
            read,
            ClientHello {
                versions: Some(vec![0x0304, 0x0303]),
                suites: vec![0x1301, 0xc02f],
                server_name: Some("host.example"),
                application_protocols: vec![b"h2", b"http/1.1"],
                signature_schemes: vec![
                    SignatureScheme::ECDSA_NISTP256_SHA256,
                    SignatureScheme::RSA_PSS_SHA256
                ],
            }
        );
    }

    #[test]
    fn rfc5246_7_4_1_2_extensions_may_be_missing() {
        let message = hello(&[]);
        let read = ClientHello::parse(&message).unwrap();
        assert_eq!(read.versions, None);
        assert!(read.application_protocols.is_empty());
    }

    #[test]
    fn rfc6066_3_a_name_that_is_none_counts_as_not_sent() {
        for (kind, sent) in [(0, b"192.0.2.1".as_slice()), (0, b"a b"), (9, b"host")] {
            let message = hello(&[extension(SERVER_NAME, &name(kind, sent))]);
            let read = ClientHello::parse(&message).unwrap();
            assert_eq!(read.server_name, None);
        }
    }

    #[test]
    fn rfc6066_3_there_is_one_name_of_a_type() {
        let one = [&[0], long(b"host").as_slice()].concat();
        let two = long(&[one.as_slice(), &one].concat());
        let message = hello(&[extension(SERVER_NAME, &two)]);
        assert_eq!(ClientHello::parse(&message), Err(MALFORMED));
    }

    #[test]
    fn a_message_that_is_cut_or_too_long_is_malformed() {
        let message = hello(&[extension(APPLICATION_PROTOCOLS, &long(b"\x02h2"))]);
        for cut in 0..message.len() {
            // Up to the extensions, which may be missing, nothing may be.
            let whole = cut == 48;
            let read = ClientHello::parse(&message[..cut]);
            assert_eq!(read.is_ok(), whole, "{cut} bytes");
        }
        let longer = [message.as_slice(), &[0]].concat();
        assert_eq!(ClientHello::parse(&longer), Err(MALFORMED));
    }

    #[test]
    fn rfc7301_3_1_names_are_not_empty() {
        for names in [b"".as_slice(), b"\x00", b"\x02h2\x00", b"\x03h2"] {
            let message = hello(&[extension(APPLICATION_PROTOCOLS, &long(names))]);
            assert_eq!(ClientHello::parse(&message), Err(MALFORMED), "{names:?}");
        }
    }

    #[test]
    fn rfc8446_4_2_no_extension_comes_twice() {
        let once = extension(0xff01, &[0]);
        assert_eq!(
            ClientHello::parse(&hello(&[once.clone(), once])),
            Err(PeerMisbehaved::DuplicateClientHelloExtensions.into())
        );
    }
}
