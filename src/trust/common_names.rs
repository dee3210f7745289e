//! Common names under CAs that may issue for some names alone (RFC 5280 §4.2.1.10).
//!
//! Constraints bind the alternative names, which webpki sees to. A certificate that has none of a
//! kind is bound by its common name in their place, as with the JDK, or it would slip through
//! wherever common names are taken for hosts.

use super::refusal::Refusal;
use crate::x509::{Reader, OID, SEQUENCE, SET};
use std::net::IpAddr;

/// Tags of GeneralName (RFC 5280 §4.2.1.6).
const RFC822_NAME: u8 = 0x81;
const DNS_NAME: u8 = 0x82;
const IP_ADDRESS: u8 = 0x87;

const PERMITTED: u8 = 0xa0;
const EXCLUDED: u8 = 0xa1;

const COMMON_NAME: [u8; 3] = [0x55, 0x04, 0x03];
/// 1.2.840.113549.1.9.1, emailAddress.
const EMAIL_ADDRESS: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01];

const OUTSIDE: Refusal = Refusal(
    "its common name, or an issuer's, is not among the names that a CA above it may issue for \
     (nameConstraints)",
);

/// Checks one certificate against the constraints of one CA above it.
///
/// `subject` is its name with the SEQUENCE, `alternatives` the value of its subjectAltName,
/// `constraints` the contents of the NameConstraints.
pub(super) fn check(
    subject: &[u8],
    alternatives: Option<&[u8]>,
    constraints: &[u8],
) -> Result<(), Refusal> {
    let bases = Bases::parse(constraints).ok_or(OUTSIDE)?;
    let kinds = kinds(alternatives).ok_or(OUTSIDE)?;
    let attributes = attributes(subject).ok_or(OUTSIDE)?;
    for (id, value) in attributes {
        if id == EMAIL_ADDRESS && alternatives.is_none() && bases.any(RFC822_NAME) {
            return Err(OUTSIDE);
        }
        if id != COMMON_NAME {
            continue;
        }
        let name = value.ok_or(OUTSIDE)?;
        if name.parse::<IpAddr>().is_ok() {
            if !kinds.contains(&IP_ADDRESS) && bases.any(IP_ADDRESS) {
                return Err(OUTSIDE);
            }
        } else if !kinds.contains(&DNS_NAME) && is_host_like(&name) && !bases.allow_host(&name) {
            return Err(OUTSIDE);
        }
    }
    Ok(())
}

/// What no host is called by is bound by no constraint on hosts.
fn is_host_like(name: &str) -> bool {
    !name.is_empty() && !name.contains(char::is_whitespace)
}

/// The names, by kind, that a CA may or may not issue for.
struct Bases<'a> {
    permitted: Vec<(u8, &'a [u8])>,
    excluded: Vec<(u8, &'a [u8])>,
}

impl<'a> Bases<'a> {
    fn parse(constraints: &'a [u8]) -> Option<Self> {
        let mut bases = Self {
            permitted: Vec::new(),
            excluded: Vec::new(),
        };
        let mut fields = Reader::new(constraints);
        while !fields.is_empty() {
            let field = fields.any()?;
            let list = match field.tag {
                PERMITTED => &mut bases.permitted,
                EXCLUDED => &mut bases.excluded,
                _ => return None,
            };
            let mut subtrees = Reader::new(field.value);
            while !subtrees.is_empty() {
                let base = Reader::new(subtrees.expect(SEQUENCE)?.value).any()?;
                list.push((base.tag, base.value));
            }
        }
        Some(bases)
    }

    fn any(&self, kind: u8) -> bool {
        self.permitted
            .iter()
            .chain(&self.excluded)
            .any(|(tag, _)| *tag == kind)
    }

    fn allow_host(&self, host: &str) -> bool {
        let of_hosts = |list: &[(u8, &'a [u8])]| -> Vec<&'a [u8]> {
            list.iter()
                .filter(|(tag, _)| *tag == DNS_NAME)
                .map(|(_, base)| *base)
                .collect()
        };
        let permitted = of_hosts(&self.permitted);
        let is_within = |base: &&[u8]| is_within(host.as_bytes(), base);
        (permitted.is_empty() || permitted.iter().any(is_within))
            && !of_hosts(&self.excluded).iter().any(is_within)
    }
}

/// Whether a host is the base itself or below it; all are below the empty one.
fn is_within(host: &[u8], base: &[u8]) -> bool {
    let bare = base.strip_prefix(b".").unwrap_or(base);
    if bare.is_empty() {
        return true;
    }
    let Some((above, tail)) = host
        .len()
        .checked_sub(bare.len())
        .and_then(|at| host.split_at_checked(at))
    else {
        return false;
    };
    tail.eq_ignore_ascii_case(bare) && (above.is_empty() || above.ends_with(b"."))
}

/// The kinds of alternative names that there are.
fn kinds(alternatives: Option<&[u8]>) -> Option<Vec<u8>> {
    let mut kinds = Vec::new();
    if let Some(value) = alternatives {
        let mut names = Reader::new(Reader::new(value).expect(SEQUENCE)?.value);
        while !names.is_empty() {
            kinds.push(names.any()?.tag);
        }
    }
    Some(kinds)
}

/// A name's attributes: type and text, the latter `None` where it is in no known encoding.
fn attributes(subject: &[u8]) -> Option<Vec<(&[u8], Option<String>)>> {
    let mut found = Vec::new();
    let mut sets = Reader::new(Reader::new(subject).expect(SEQUENCE)?.value);
    while !sets.is_empty() {
        let mut set = Reader::new(sets.expect(SET)?.value);
        while !set.is_empty() {
            let mut attribute = Reader::new(set.expect(SEQUENCE)?.value);
            let id = attribute.expect(OID)?.value;
            let value = attribute.any()?;
            found.push((id, text(value.tag, value.value)));
        }
    }
    Some(found)
}

/// DirectoryString (RFC 5280 §4.1.2.4) and IA5String.
fn text(tag: u8, value: &[u8]) -> Option<String> {
    const UTF8: u8 = 0x0c;
    const PRINTABLE: u8 = 0x13;
    const TELETEX: u8 = 0x14;
    const IA5: u8 = 0x16;
    const BMP: u8 = 0x1e;
    match tag {
        UTF8 | PRINTABLE | IA5 => String::from_utf8(value.to_vec()).ok(),
        TELETEX => Some(value.iter().map(|octet| char::from(*octet)).collect()),
        BMP => {
            let units: Vec<u16> = value
                .chunks(2)
                .map(|pair| {
                    pair.iter()
                        .fold(0, |unit, octet| (unit << 8) | u16::from(*octet))
                })
                .collect();
            String::from_utf16(&units).ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x509::encode;

    fn name(tag: u8, text: &[u8]) -> Vec<u8> {
        let attribute = [encode(OID, &COMMON_NAME), encode(tag, text)].concat();
        encode(SEQUENCE, &encode(SET, &encode(SEQUENCE, &attribute)))
    }

    fn subtrees(list: u8, kind: u8, base: &[u8]) -> Vec<u8> {
        encode(list, &encode(SEQUENCE, &encode(kind, base)))
    }

    fn passes(subject: &[u8], constraints: &[u8]) -> bool {
        check(subject, None, constraints).is_ok()
    }

    #[test]
    fn a_common_name_is_bound_in_every_encoding() {
        let constraints = subtrees(PERMITTED, DNS_NAME, b"example.org");
        assert!(passes(&name(0x0c, b"node.Example.org"), &constraints));
        assert!(passes(&name(0x13, b"example.org"), &constraints));
        assert!(!passes(&name(0x13, b"badexample.org"), &constraints));
        assert!(!passes(&name(0x14, b"example.com"), &constraints));
        assert!(!passes(&name(0x1e, b"\0a\0.\0b"), &constraints));
        assert!(!passes(&name(0x1c, b"\0\0\0a"), &constraints));
        // No host is called so.
        assert!(passes(&name(0x0c, b"Flink Sub CA"), &constraints));
        let excluded = subtrees(EXCLUDED, DNS_NAME, b".example.org");
        assert!(!passes(&name(0x0c, b"node.example.org"), &excluded));
        assert!(passes(&name(0x0c, b"node.example.com"), &excluded));
    }

    #[test]
    fn addresses_and_mail_go_by_their_own_constraints() {
        let dns = subtrees(PERMITTED, DNS_NAME, b"example.org");
        let ip = subtrees(PERMITTED, IP_ADDRESS, &[10, 0, 0, 0, 255, 0, 0, 0]);
        assert!(passes(&name(0x0c, b"10.0.0.7"), &dns));
        assert!(!passes(&name(0x0c, b"10.0.0.7"), &ip));
        assert!(passes(&name(0x0c, b"node"), &ip));
        let attribute = [encode(OID, &EMAIL_ADDRESS), encode(0x16, b"a@b")].concat();
        let mail = encode(SEQUENCE, &encode(SET, &encode(SEQUENCE, &attribute)));
        assert!(!passes(&mail, &subtrees(PERMITTED, RFC822_NAME, b"b")));
        assert!(passes(&mail, &dns));
    }

    #[test]
    fn alternative_names_of_the_kind_stand_for_the_common_name() {
        let constraints = subtrees(PERMITTED, DNS_NAME, b"example.org");
        let names = encode(SEQUENCE, &encode(DNS_NAME, b"node.example.org"));
        let subject = name(0x0c, b"other");
        assert!(check(&subject, Some(&names), &constraints).is_ok());
        assert!(check(&subject, Some(&[0x30]), &constraints).is_err());
        assert!(check(&subject, Some(&names), &[0x30, 0x05]).is_err());
    }
}
