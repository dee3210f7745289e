//! What is tried, and our side of it.

use crate::pki::Authority;
use crate::wire::Wire;
use rcgen::{PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519, PKCS_RSA_SHA256};
use rustls::pki_types::ServerName;
use rustls_jvm::config::context::{ClientAuthentication, Context, Parameters, Trust};
use rustls_jvm::config::credential::Credential;
use rustls_jvm::config::policy::{self, Protocol};
use rustls_jvm::config::session::SessionLimits;
use rustls_jvm::engine::connection::{Connection, Role};
use rustls_jvm::keystore::KeyEntry;
use rustls_jvm::trust::managers::Issuers;
use rustls_jvm::trust::TrustAnchors;
use std::net::TcpStream;
use std::sync::{Arc, OnceLock};

/// Long enough for many records.
pub const LARGE: usize = 300_000;

/// A key's type, as a server's certificate has it.
pub struct Key {
    /// Shown by whoever is the server.
    pub server: KeyEntry,
    /// Shown by whoever is the client.
    pub client: KeyEntry,
    pub rsa: bool,
}

/// One authority and a pair of certificates of each type.
pub struct Keys {
    pub authority: Authority,
    pub keys: Vec<Key>,
}

pub fn keys() -> &'static Keys {
    static MADE: OnceLock<Keys> = OnceLock::new();
    MADE.get_or_init(|| {
        let authority = Authority::new("CA");
        let key = |algorithm, rsa| Key {
            server: authority.sign_with("server.test", algorithm),
            client: authority.sign_with("client.test", algorithm),
            rsa,
        };
        let keys = vec![
            key(&PKCS_RSA_SHA256, true),
            key(&PKCS_ECDSA_P256_SHA256, false),
            key(&PKCS_ECDSA_P384_SHA384, false),
            key(&PKCS_ED25519, false),
        ];
        Keys { authority, keys }
    })
}

/// One combination; our side allows nothing else, so that it is what is agreed on.
#[derive(Clone, Debug)]
pub struct Cell {
    pub protocol: Protocol,
    pub suite: u16,
    pub group: &'static str,
    /// Which of [`Keys::keys`].
    pub key: usize,
    pub mutual: bool,
}

/// Every suite with every type of key that it goes with; groups and client authentication by turns.
pub fn cells(groups: &[&'static str]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for (key, kind) in keys().keys.iter().enumerate() {
        let tls12 = match kind.rsa {
            true => [0xc02f, 0xc030, 0xcca8],
            false => [0xc02b, 0xc02c, 0xcca9],
        };
        for (protocol, suites) in [
            (Protocol::Tls12, tls12),
            (Protocol::Tls13, [0x1301, 0x1302, 0x1303]),
        ] {
            for suite in suites {
                let turn = cells.len();
                cells.push(Cell {
                    protocol,
                    suite,
                    // Keys have six cells each: a step aside lets all meet all.
                    group: groups[(turn + turn / 6) % groups.len()],
                    key,
                    mutual: (turn / 3 + turn) % 2 == 0,
                });
            }
        }
    }
    cells
}

impl Cell {
    pub fn key(&self) -> &'static Key {
        &keys().keys[self.key]
    }

    fn parameters(&self) -> Parameters {
        let mut groups = policy::groups_by_name(&[self.group]);
        if self.protocol == Protocol::Tls12 {
            // A certificate's curve has to be among the groups, RFC 8422 §5.1.1.
            groups.extend(policy::groups_by_name(&["secp256r1", "secp384r1"]));
        }
        Parameters {
            protocols: vec![self.protocol],
            suites: vec![self.suite],
            groups,
            application_protocols: Vec::new(),
            client_authentication: match self.mutual {
                true => ClientAuthentication::Need,
                false => ClientAuthentication::None,
            },
            verify_hostname: true,
            server_order: true,
            resumption: true,
            server_name_indication: true,
            signature_schemes: None,
            max_fragment_size: None,
            issuers: Issuers::default(),
        }
    }

    /// A context of ours with the certificate for this role.
    pub fn context(&self, client: bool) -> Context {
        let entry = match client {
            true => &self.key().client,
            false => &self.key().server,
        };
        let authority = &keys().authority.certificate;
        let anchors = TrustAnchors::new(std::slice::from_ref(authority)).unwrap();
        let trust = Trust::Store {
            anchors: Some(Arc::new(anchors)),
            pins: None,
        };
        Context::new(
            Credential::from_entry(entry).unwrap(),
            trust,
            SessionLimits::from_options(-1, -1),
        )
    }

    /// A client of ours.
    pub fn client(&self, context: &Context) -> Connection {
        let name = ServerName::try_from("server.test").unwrap();
        let config = context.client(&self.parameters()).unwrap();
        Connection::new(Role::Client(config, name), Some(context.visit(443)))
    }

    /// A server of ours.
    pub fn server(&self, context: &Context) -> Connection {
        let config = context.server(&self.parameters()).unwrap();
        Connection::new(Role::Server(config), Some(context.visit(0)))
    }

    /// Our end on a socket, after its handshake.
    pub fn shake(&self, connection: Connection, socket: TcpStream) -> Wire {
        let mut wire = Wire::new(connection, socket);
        wire.handshake()
            .unwrap_or_else(|broken| panic!("{self:?}: {broken:?}"));
        self.assert_agreed(&wire.connection);
        wire
    }

    /// Asserts that what was agreed on is this cell.
    pub fn assert_agreed(&self, connection: &Connection) {
        let version = match self.protocol {
            Protocol::Tls12 => 0x0303,
            Protocol::Tls13 => 0x0304,
        };
        assert_eq!(connection.negotiated(), (version, self.suite), "{self:?}");
        if self.protocol == Protocol::Tls13 {
            let group = connection.named_group();
            assert_eq!(group.as_deref(), Some(self.group), "{self:?}");
        }
    }
}

pub fn payload(length: usize) -> Vec<u8> {
    // Programs take some letters at the start of a line for commands.
    (0..length).map(|i| b"0123456789\n"[i % 11]).collect()
}
