//! What a handshake has settled, in one array: a crossing for each of these facts, and an object for
//! each in Java, would take longer than a resumed handshake's key derivation.

use crate::config::policy;
use crate::engine::connection::Facts;

/// What `HandshakeFacts` reads, but for certificates. Numbers are big-endian; a vector's length
/// stands before it in two bytes.
pub(super) fn encode(facts: &Facts) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(192);
    bytes.extend_from_slice(&u16::from(facts.version).to_be_bytes());
    bytes.extend_from_slice(&u16::from(facts.suite.suite()).to_be_bytes());
    bytes.push(facts.resumed.into());
    bytes.extend_from_slice(&facts.session.to_be_bytes());
    vector(
        &mut bytes,
        facts.group.map(policy::jsse_group_name).as_deref(),
    );
    vector(&mut bytes, Some(&facts.session_id));
    vector(&mut bytes, facts.application_protocol.as_deref());
    vector(&mut bytes, facts.server_name.as_deref());
    for scheme in &facts.peer_schemes {
        bytes.extend_from_slice(&u16::from(*scheme).to_be_bytes());
    }
    bytes
}

/// Empty where there is nothing: none of them is ever empty but for that.
fn vector<B: AsRef<[u8]> + ?Sized>(bytes: &mut Vec<u8>, value: Option<&B>) {
    let value = value.map_or(&[][..], B::as_ref);
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend(value.iter().take(length.into()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::{NamedGroup, ProtocolVersion, SignatureScheme};

    fn facts() -> Facts {
        Facts {
            version: ProtocolVersion::TLSv1_2,
            suite: rustls::crypto::aws_lc_rs::cipher_suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            group: None,
            resumed: false,
            session: 0,
            session_id: Vec::new(),
            application_protocol: None,
            peer_schemes: Vec::new(),
            server_name: None,
            peer: None,
            shown: None,
        }
    }

    #[test]
    fn everything_has_its_place() {
        let bytes = encode(&Facts {
            group: Some(NamedGroup::X25519),
            resumed: true,
            session: 0x0102_0304_0506_0708,
            session_id: vec![9; 2],
            application_protocol: Some(b"h2".to_vec()),
            peer_schemes: vec![
                SignatureScheme::ECDSA_NISTP256_SHA256,
                SignatureScheme::RSA_PSS_SHA256,
            ],
            server_name: Some("host".into()),
            ..facts()
        });
        let expected: &[&[u8]] = &[
            &[3, 3, 0xc0, 0x2f, 1],
            &[1, 2, 3, 4, 5, 6, 7, 8],
            b"\0\x06x25519",
            &[0, 2, 9, 9],
            b"\0\x02h2",
            b"\0\x04host",
            &[4, 3, 8, 4],
        ];
        assert_eq!(bytes, expected.concat());
    }

    #[test]
    fn what_is_missing_is_empty() {
        let mut expected = vec![3, 3, 0xc0, 0x2f];
        expected.resize(4 + 1 + 8 + 4 * 2, 0);
        assert_eq!(encode(&facts()), expected);
    }
}
