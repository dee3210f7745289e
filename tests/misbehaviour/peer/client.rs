//! The peer as a client: honest handshakes.

use super::codec::{self, message, u16s, v16, v8, Hello, Reader};
use super::identity::{ECDSA, ED25519, RSA_PKCS1, RSA_PSS};
use super::keys::{finished, Keys, Schedule};
use super::server::{certificate_tls12, certificate_tls13};
use super::{At, Peer, Session, SECP256R1, X25519};

impl Peer {
    pub fn client_hello(&self) -> Hello {
        let name = [vec![0], v16(b"server.test")].concat();
        let mut list = vec![
            (codec::SERVER_NAME, v16(&name)),
            (codec::SUPPORTED_GROUPS, v16(&u16s(&[X25519, SECP256R1]))),
            (
                codec::SIGNATURE_ALGORITHMS,
                v16(&u16s(&[ECDSA, ED25519, RSA_PSS, RSA_PKCS1])),
            ),
        ];
        if self.is_tls13() {
            list.push((codec::SUPPORTED_VERSIONS, v8(&[3, 4])));
            list.push((codec::PSK_KEY_EXCHANGE_MODES, v8(&[1])));
            list.push((codec::KEY_SHARE, self.key_shares(&[self.setup.group])));
        } else {
            list.push((codec::EC_POINT_FORMATS, v8(&[0])));
            list.push((codec::RENEGOTIATION_INFO, vec![0]));
            if self.setup.extended_master_secret {
                list.push((codec::EXTENDED_MASTER_SECRET, Vec::new()));
            }
        }
        Hello {
            kind: codec::CLIENT_HELLO,
            version: 0x0303,
            random: self.randoms[0],
            session_id: vec![0x33; 32],
            suites: vec![self.setup.suite],
            compressions: vec![0],
            extensions: list,
        }
    }

    /// A list of key shares, RFC 8446 §4.2.8.
    pub fn key_shares(&self, groups: &[u16]) -> Vec<u8> {
        let shares: Vec<u8> = groups
            .iter()
            .flat_map(|group| [u16s(&[*group]), v16(&self.public_key(*group))].concat())
            .collect();
        v16(&shares)
    }

    /// The hello with the session's PSK offered and bound to it, RFC 8446 §4.2.11.
    pub fn with_psk(&self, hello: &Hello, session: &Session) -> Vec<u8> {
        let mut hello = hello.clone();
        let age = session.age_add.to_be_bytes();
        let identity = [v16(&session.id), age.to_vec()].concat();
        let binders = |binder: &[u8]| [v16(&identity), v16(&v8(binder))].concat();
        hello.set(codec::PRE_SHARED_KEY, binders(&[0; 32]));
        let built = hello.build();
        let truncated = &built[..built.len() - 35];
        let binder = Schedule::new(&session.secret).binder(truncated);
        hello.set(codec::PRE_SHARED_KEY, binders(&binder));
        hello.build()
    }

    /// The messages as a client of TLS 1.3, RFC 8446 §2.
    pub(super) fn call_tls13(&mut self) -> Option<()> {
        let mut hello = self.client_hello();
        if self.setup.retry {
            // A group that the engine does not know, and no share of one that it does.
            hello.set(codec::KEY_SHARE, v16(&[0x7f, 0x01, 0, 1, 9]));
            self.emit(At::ClientHello, hello.build());
            self.condense_transcript();
            let retry = Hello::parse(&self.hear()?);
            let group = Reader(retry.get(codec::KEY_SHARE)?).number(2) as u16;
            self.setup.group = group;
            hello.set(codec::KEY_SHARE, self.key_shares(&[group]));
            self.emit(At::SecondClientHello, hello.build());
        } else {
            let resumed = self.setup.session.clone();
            let built = match &resumed {
                Some(session) => {
                    self.schedule = Schedule::new(&session.secret);
                    self.with_psk(&hello, session)
                }
                None => hello.build(),
            };
            self.emit(At::ClientHello, built);
        }
        let answer = Hello::parse(&self.hear()?);
        let resumed = answer.get(codec::PRE_SHARED_KEY).is_some();
        if !resumed {
            self.schedule = Schedule::new(&[0; 32]);
        }
        let mut share = Reader(answer.get(codec::KEY_SHARE)?);
        let group = share.number(2) as u16;
        let secret = self.agree(group, share.vector(2).0)?;
        self.schedule.shared(&secret, &self.transcript);
        self.tx = Some(Keys::tls13(&self.schedule.client));
        self.rx = Some(Keys::tls13(&self.schedule.server));
        let asked = self.hear_server_flight_tls13()?;
        self.schedule.finished(&self.transcript);
        self.rx = Some(Keys::tls13(&self.schedule.server_traffic));
        self.emit(At::ChangeCipherSpec, vec![1]);
        if asked {
            let identity = self.setup.identity;
            self.emit(At::Certificate, certificate_tls13(identity));
            if self.setup.identity.is_some() {
                let verify = self.certificate_verify_tls13("client");
                self.emit(At::CertificateVerify, verify);
            }
        }
        let finished = self.finished_now();
        self.emit(At::Finished, finished);
        self.tx = Some(Keys::tls13(&self.schedule.client_traffic));
        if let Some(ticket) = self.overhear() {
            assert_eq!(ticket[0], codec::NEW_SESSION_TICKET);
            let mut body = Reader(&ticket[8..]);
            let age_add = body.number(4) as u32;
            let nonce = body.vector(1).0;
            self.session = Session {
                id: body.vector(2).0.to_vec(),
                secret: self.schedule.psk(&self.transcript, nonce),
                age_add,
            };
        }
        if !self.engine.finished {
            return None;
        }
        self.emit(At::Data, b"hello".to_vec());
        Some(())
    }

    /// EncryptedExtensions to Finished; tells whether a certificate was asked for.
    fn hear_server_flight_tls13(&mut self) -> Option<bool> {
        let mut asked = false;
        loop {
            let expected = finished(&self.schedule.server, &self.hash());
            let heard = self.hear()?;
            match heard[0] {
                codec::CERTIFICATE_REQUEST => asked = true,
                codec::FINISHED => {
                    assert_eq!(heard, message(codec::FINISHED, &expected));
                    return Some(asked);
                }
                _ => {}
            }
        }
    }

    /// The messages as a client of TLS 1.2, RFC 5246 §7.3.
    pub(super) fn call_tls12(&mut self) -> Option<()> {
        let mut hello = self.client_hello();
        let resumed = self.setup.session.clone();
        if let Some(session) = &resumed {
            hello.session_id = session.id.clone();
        }
        self.emit(At::ClientHello, hello.build());
        let answer = Hello::parse(&self.hear()?);
        self.randoms[1] = answer.random;
        self.session.id = answer.session_id.clone();
        match resumed {
            Some(session) if session.id == answer.session_id => {
                self.master = session.secret;
                let (from_client, from_server) = self.tls12_keys();
                self.next_rx = Some(from_server);
                let expected = self.finished_tls12("server finished");
                assert_eq!(self.hear()?, expected);
                self.emit(At::ChangeCipherSpec, vec![1]);
                self.tx = Some(from_client);
                let finished = self.finished_tls12("client finished");
                self.emit(At::Finished, finished);
            }
            _ => self.call_full_tls12()?,
        }
        self.session.secret = self.master.clone();
        if !self.engine.finished {
            return None;
        }
        self.emit(At::Data, b"hello".to_vec());
        Some(())
    }

    fn call_full_tls12(&mut self) -> Option<()> {
        let (mut asked, mut exchange) = (false, Vec::new());
        loop {
            let heard = self.hear()?;
            match heard[0] {
                codec::SERVER_KEY_EXCHANGE => exchange = heard,
                codec::CERTIFICATE_REQUEST => asked = true,
                codec::SERVER_HELLO_DONE => break,
                _ => {}
            }
        }
        let mut params = Reader(&exchange[5..]);
        let group = params.number(2) as u16;
        let premaster = self.agree(group, params.vector(1).0)?;
        if asked {
            let identity = self.setup.identity;
            self.emit(At::Certificate, certificate_tls12(identity));
        }
        let public = v8(&self.public_key(group));
        self.emit(
            At::ClientKeyExchange,
            message(codec::CLIENT_KEY_EXCHANGE, &public),
        );
        self.make_master(&premaster);
        let (from_client, from_server) = self.tls12_keys();
        self.next_rx = Some(from_server);
        if let Some(identity) = self.setup.identity.filter(|_| asked) {
            let signature = identity.sign(identity.scheme, &self.transcript);
            let body = [u16s(&[identity.scheme]), v16(&signature)].concat();
            self.emit(
                At::CertificateVerify,
                message(codec::CERTIFICATE_VERIFY, &body),
            );
        }
        self.emit(At::ChangeCipherSpec, vec![1]);
        self.tx = Some(from_client);
        let finished = self.finished_tls12("client finished");
        self.emit(At::Finished, finished);
        let expected = self.finished_tls12("server finished");
        let mut heard = self.overhear()?;
        if heard[0] == codec::NEW_SESSION_TICKET {
            self.transcript.extend_from_slice(&heard);
            heard = self.overhear()?;
        } else {
            assert_eq!(heard, expected);
        }
        self.transcript.extend_from_slice(&heard);
        Some(())
    }
}
