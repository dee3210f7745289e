//! The peer as a server: honest handshakes.

use super::codec::{self, extension, extensions, message, u16s, v16, v24, v8, Hello, Reader};
use super::identity::{Identity, ECDSA, ED25519, RSA_PKCS1, RSA_PSS};
use super::keys::{expand, finished, hmac256, Keys, Schedule, HANDSHAKE};
use super::{At, Peer, Session};

/// The random of a HelloRetryRequest, RFC 8446 §4.1.3.
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

impl Peer {
    fn server_hello(&self, hello: &Hello) -> Hello {
        Hello {
            kind: codec::SERVER_HELLO,
            version: 0x0303,
            random: self.randoms[1],
            session_id: hello.session_id.clone(),
            suites: vec![self.setup.suite],
            compressions: vec![0],
            extensions: Vec::new(),
        }
    }

    /// The messages as a server of TLS 1.3, RFC 8446 §2.
    pub(super) fn serve_tls13(&mut self) -> Option<()> {
        let mut hello = Hello::parse(&self.hear()?);
        let version = (codec::SUPPORTED_VERSIONS, vec![3, 4]);
        if self.setup.retry {
            self.setup.group = super::SECP256R1;
            let mut retry = self.server_hello(&hello);
            retry.random = RETRY;
            retry.extensions = vec![
                version.clone(),
                (codec::KEY_SHARE, u16s(&[self.setup.group])),
            ];
            self.condense_transcript();
            self.emit(At::HelloRetryRequest, retry.build());
            hello = Hello::parse(&self.hear()?);
        }
        let group = self.setup.group;
        let theirs = share_of(&hello, group)?;
        let mut answer = self.server_hello(&hello);
        let share = [u16s(&[group]), v16(&self.public_key(group))].concat();
        answer.extensions = vec![version, (codec::KEY_SHARE, share)];
        let resumed = self.setup.session.clone();
        if let Some(session) = &resumed {
            answer.extensions.push((codec::PRE_SHARED_KEY, vec![0, 0]));
            self.schedule = Schedule::new(&session.secret);
        }
        self.emit(At::ServerHello, answer.build());
        let secret = self.agree(group, &theirs)?;
        self.schedule.shared(&secret, &self.transcript);
        self.tx = Some(Keys::tls13(&self.schedule.server));
        self.rx = Some(Keys::tls13(&self.schedule.client));
        self.emit(At::ChangeCipherSpec, vec![1]);
        let none = message(codec::ENCRYPTED_EXTENSIONS, &v16(&[]));
        self.emit(At::EncryptedExtensions, none);
        if resumed.is_none() {
            if self.setup.ask {
                self.emit(At::CertificateRequest, certificate_request_tls13(&[]));
            }
            let identity = self.setup.identity.expect("servers have one");
            self.emit(At::Certificate, certificate_tls13(Some(identity)));
            let verify = self.certificate_verify_tls13("server");
            self.emit(At::CertificateVerify, verify);
        }
        let mac = finished(&self.schedule.server, &self.hash());
        self.emit(At::Finished, message(codec::FINISHED, &mac));
        self.schedule.finished(&self.transcript);
        self.tx = Some(Keys::tls13(&self.schedule.server_traffic));
        if self.setup.ask && resumed.is_none() {
            self.hear_certificate()?;
        }
        let expected = finished(&self.schedule.client, &self.hash());
        assert_eq!(self.hear()?, message(codec::FINISHED, &expected));
        self.rx = Some(Keys::tls13(&self.schedule.client_traffic));
        let ticket = ticket_tls13(3600, b"ticket");
        self.session = Session {
            id: b"ticket".to_vec(),
            secret: self.schedule.psk(&self.transcript, &[7]),
            age_add: 0,
        };
        self.emit(At::NewSessionTicket, ticket);
        self.emit(At::Data, b"hello".to_vec());
        Some(())
    }

    /// The client's Certificate and CertificateVerify.
    fn hear_certificate(&mut self) -> Option<()> {
        assert_eq!(self.hear()?[0], codec::CERTIFICATE);
        assert_eq!(self.hear()?[0], codec::CERTIFICATE_VERIFY);
        Some(())
    }

    /// The messages as a server of TLS 1.2, RFC 5246 §7.3.
    pub(super) fn serve_tls12(&mut self) -> Option<()> {
        let hello = Hello::parse(&self.hear()?);
        self.randoms[0] = hello.random;
        let resumed = self.setup.session.clone();
        let mut answer = self.server_hello(&hello);
        answer.session_id = match &resumed {
            Some(session) => session.id.clone(),
            None => vec![0x77; 32],
        };
        answer.extensions.push((codec::RENEGOTIATION_INFO, vec![0]));
        if self.setup.extended_master_secret {
            answer
                .extensions
                .push((codec::EXTENDED_MASTER_SECRET, Vec::new()));
        }
        if resumed.is_none() {
            answer.extensions.push((codec::EC_POINT_FORMATS, v8(&[0])));
        }
        self.session.id = answer.session_id.clone();
        self.emit(At::ServerHello, answer.build());
        match resumed {
            Some(session) => {
                self.master = session.secret;
                let (from_client, from_server) = self.tls12_keys();
                self.next_rx = Some(from_client);
                self.emit(At::ChangeCipherSpec, vec![1]);
                self.tx = Some(from_server);
                let finished = self.finished_tls12("server finished");
                self.emit(At::Finished, finished);
                let expected = self.finished_tls12("client finished");
                assert_eq!(self.hear()?, expected);
            }
            None => self.serve_full_tls12()?,
        }
        self.session.secret = self.master.clone();
        self.emit(At::Data, b"hello".to_vec());
        Some(())
    }

    fn serve_full_tls12(&mut self) -> Option<()> {
        let identity = self.setup.identity.expect("servers have one");
        self.emit(At::Certificate, certificate_tls12(Some(identity)));
        let exchange = self.server_key_exchange(identity, identity.scheme);
        self.emit(At::ServerKeyExchange, exchange);
        if self.setup.ask {
            self.emit(At::CertificateRequest, certificate_request_tls12());
        }
        self.emit(At::ServerHelloDone, message(codec::SERVER_HELLO_DONE, &[]));
        if self.setup.ask {
            assert_eq!(self.hear()?[0], codec::CERTIFICATE);
        }
        let exchange = self.hear()?;
        assert_eq!(exchange[0], codec::CLIENT_KEY_EXCHANGE);
        let theirs = Reader(&exchange[4..]).vector(1).0.to_vec();
        let premaster = self.agree(self.setup.group, &theirs)?;
        self.make_master(&premaster);
        let (from_client, from_server) = self.tls12_keys();
        self.next_rx = Some(from_client);
        if self.setup.ask {
            assert_eq!(self.hear()?[0], codec::CERTIFICATE_VERIFY);
        }
        let expected = self.finished_tls12("client finished");
        assert_eq!(self.hear()?, expected);
        self.emit(At::ChangeCipherSpec, vec![1]);
        self.tx = Some(from_server);
        let finished = self.finished_tls12("server finished");
        self.emit(At::Finished, finished);
        Some(())
    }

    /// RFC 8422 §5.4; signed over other randoms by a test that says so.
    pub fn server_key_exchange(&self, identity: &Identity, scheme: u16) -> Vec<u8> {
        self.server_key_exchange_over(identity, scheme, &self.randoms.concat())
    }

    pub fn server_key_exchange_over(
        &self,
        identity: &Identity,
        scheme: u16,
        randoms: &[u8],
    ) -> Vec<u8> {
        let group = self.setup.group;
        let honest = || [vec![3], u16s(&[group]), v8(&self.public_key(group))].concat();
        let params = self.forged_params.clone().unwrap_or_else(honest);
        let signature = identity.sign(scheme, &[randoms, &params].concat());
        let body = [params, u16s(&[scheme]), v16(&signature)].concat();
        message(codec::SERVER_KEY_EXCHANGE, &body)
    }

    /// TLS 1.3: the Finished that belongs here.
    pub fn finished_now(&self) -> Vec<u8> {
        let base = match self.setup.engine.client {
            true => &self.schedule.server,
            false => &self.schedule.client,
        };
        message(codec::FINISHED, &finished(base, &self.hash()))
    }

    /// TLS 1.3, after the handshake: a KeyUpdate, and the next key behind it, RFC 8446 §7.2.
    pub fn key_update(&mut self, request: u8) {
        self.protected(HANDSHAKE, &message(codec::KEY_UPDATE, &[request]));
        let secret = match self.setup.engine.client {
            true => &mut self.schedule.server_traffic,
            false => &mut self.schedule.client_traffic,
        };
        *secret = expand(secret, "traffic upd", &[], 32);
        self.tx = Some(Keys::tls13(secret));
    }

    /// A MAC of the right length and the wrong value.
    pub fn wrong_mac(&self, length: usize) -> Vec<u8> {
        message(codec::FINISHED, &hmac256(b"wrong", &[])[..length])
    }
}

/// The public key of a ClientHello for `group`, RFC 8446 §4.2.8.
fn share_of(hello: &Hello, group: u16) -> Option<Vec<u8>> {
    let mut shares = Reader(hello.get(codec::KEY_SHARE)?).vector(2);
    while !shares.0.is_empty() {
        let found = shares.number(2) as u16;
        let key = shares.vector(2).0.to_vec();
        if found == group {
            return Some(key);
        }
    }
    None
}

/// RFC 8446 §4.4.2.
pub fn certificate_tls13(identity: Option<&Identity>) -> Vec<u8> {
    let entry = identity.map(|identity| [v24(&identity.certificate), v16(&[])].concat());
    let body = [v8(&[]), v24(&entry.unwrap_or_default())].concat();
    message(codec::CERTIFICATE, &body)
}

/// RFC 5246 §7.4.2.
pub fn certificate_tls12(identity: Option<&Identity>) -> Vec<u8> {
    let entry = identity.map(|identity| v24(&identity.certificate));
    message(codec::CERTIFICATE, &v24(&entry.unwrap_or_default()))
}

fn schemes() -> Vec<u8> {
    v16(&u16s(&[ECDSA, ED25519, RSA_PSS, RSA_PKCS1]))
}

/// RFC 8446 §4.3.2, of this context.
pub fn certificate_request_tls13(context: &[u8]) -> Vec<u8> {
    let list = extensions(&[(codec::SIGNATURE_ALGORITHMS, schemes())]);
    message(codec::CERTIFICATE_REQUEST, &[v8(context), list].concat())
}

/// RFC 5246 §7.4.4.
pub fn certificate_request_tls12() -> Vec<u8> {
    message(
        codec::CERTIFICATE_REQUEST,
        &[v8(&[64, 1]), schemes(), v16(&[])].concat(),
    )
}

/// RFC 8446 §4.6.1; the lifetime in seconds.
pub fn ticket_tls13(lifetime: u32, ticket: &[u8]) -> Vec<u8> {
    let body = [
        lifetime.to_be_bytes().to_vec(),
        vec![0; 4],
        v8(&[7]),
        v16(ticket),
        v16(&[]),
    ]
    .concat();
    message(codec::NEW_SESSION_TICKET, &body)
}

/// One extension with the block around it.
pub fn extension_block(kind: u16, body: &[u8]) -> Vec<u8> {
    v16(&extension(kind, body))
}
