//! BER to DER (X.690 §8, §10): stores by NSS and Bouncy Castle are written as they are made, with
//! indefinite lengths and octet strings in pieces.

use crate::x509::{encode, INTEGER, OCTET_STRING, OID, SEQUENCE};

/// Deeper than any store, far from the end of a thread's stack.
const MAX_DEPTH: usize = 32;

const CONSTRUCTED: u8 = 0x20;
const INDEFINITE: u8 = 0x80;
const CONSTRUCTED_OCTETS: u8 = OCTET_STRING | CONSTRUCTED;
/// Context tag 0 of IMPLICIT OCTET STRING, in pieces and in one.
const PIECES_0: u8 = 0xa0;
const OCTETS_0: u8 = 0x80;

/// The first element in DER, whatever follows it; `None` where it is malformed, cut short or
/// nested too deep. What octet strings hold is left as it is.
pub(super) fn first_element(content: &[u8]) -> Option<Vec<u8>> {
    let mut rest = content;
    let mut out = Vec::with_capacity(content.len());
    rewrite(&mut rest, &mut out, MAX_DEPTH)?;
    Some(out)
}

/// Takes an element from the front of `rest` and appends it to `out`; gives its tag.
fn rewrite(rest: &mut &[u8], out: &mut Vec<u8>, depth: usize) -> Option<u8> {
    let depth = depth.checked_sub(1)?;
    let (tag, length) = header(rest)?;
    let mut contents = Vec::new();
    match length {
        Some(length) => {
            let (value, after) = rest.split_at_checked(length)?;
            *rest = after;
            if tag & CONSTRUCTED == 0 {
                contents.extend_from_slice(value);
            } else {
                let mut inner = value;
                let mut siblings = Siblings::default();
                while !inner.is_empty() {
                    siblings.take(&mut inner, &mut contents, depth)?;
                }
            }
        }
        None if tag & CONSTRUCTED != 0 => {
            let mut siblings = Siblings::default();
            loop {
                if let Some(after) = rest.strip_prefix(&[0, 0]) {
                    *rest = after;
                    break;
                }
                siblings.take(rest, &mut contents, depth)?;
            }
        }
        None => return None,
    }
    if tag == CONSTRUCTED_OCTETS {
        let joined = joined(&contents)?;
        out.extend(encode(OCTET_STRING, &joined));
        return Some(OCTET_STRING);
    }
    out.extend(encode(tag, &contents));
    Some(tag)
}

/// Where a sequence has got to; encrypted content can be told by its place alone.
#[derive(Default)]
struct Siblings {
    tags: Vec<u8>,
}

impl Siblings {
    fn take(&mut self, rest: &mut &[u8], out: &mut Vec<u8>, depth: usize) -> Option<()> {
        let start = out.len();
        let tag = rewrite(rest, out, depth)?;
        // EncryptedContentInfo ::= SEQUENCE { contentType, algorithm, [0] IMPLICIT OCTET STRING }
        if tag == PIECES_0 && self.tags == [OID, SEQUENCE] {
            let pieces = out.split_off(start);
            let contents = crate::x509::Reader::new(&pieces).any()?.value;
            out.extend(encode(OCTETS_0, &joined(contents)?));
        }
        if self.tags.len() < 3 {
            self.tags.push(tag);
        }
        Some(())
    }
}

/// The octet strings of some contents, one after the other.
fn joined(contents: &[u8]) -> Option<Vec<u8>> {
    let mut pieces = crate::x509::Reader::new(contents);
    let mut whole = Vec::with_capacity(contents.len());
    while !pieces.is_empty() {
        whole.extend_from_slice(pieces.expect(OCTET_STRING)?.value);
    }
    Some(whole)
}

/// A tag below 31 and its length, `None` for the indefinite one.
fn header(rest: &mut &[u8]) -> Option<(u8, Option<usize>)> {
    let (&tag, after) = rest.split_first()?;
    if tag & 0x1f == 0x1f || tag == 0 {
        return None;
    }
    let (&first, after) = after.split_first()?;
    if first == INDEFINITE {
        *rest = after;
        return Some((tag, None));
    }
    if first < 0x80 {
        *rest = after;
        return Some((tag, Some(usize::from(first))));
    }
    let (octets, after) = after.split_at_checked(usize::from(first & 0x7f))?;
    let mut length: usize = 0;
    for octet in octets {
        length = length.checked_mul(256)?.checked_add(usize::from(*octet))?;
    }
    *rest = after;
    Some((tag, Some(length)))
}

/// Whether some bytes begin as PFX ::= SEQUENCE { version INTEGER, ... } does (RFC 7292 §4). Only
/// the headers are looked at, so that a cut file is still told to be a PKCS12 one.
pub(super) fn starts_as_pfx(content: &[u8]) -> bool {
    let mut rest = content;
    header(&mut rest).is_some_and(|(tag, _)| tag == SEQUENCE) && rest.first() == Some(&INTEGER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_and_pieces_are_joined() {
        let ber = [
            0x30, 0x80, 0x02, 0x01, 0x03, 0x24, 0x80, 0x04, 0x01, 0xaa, 0x24, 0x03, 0x04, 0x01,
            0xbb, 0x00, 0x00, 0x00, 0x00,
        ];
        let der = [0x30, 0x07, 0x02, 0x01, 0x03, 0x04, 0x02, 0xaa, 0xbb];
        assert_eq!(first_element(&ber).unwrap(), der);
        assert_eq!(first_element(&der).unwrap(), der);
        let followed = [&der[..], &[1, 2, 3]].concat();
        assert_eq!(first_element(&followed).unwrap(), der);
        for end in 0..ber.len() {
            assert!(first_element(&ber[..end]).is_none(), "{end}");
        }
    }

    #[test]
    fn encrypted_content_in_pieces_is_told_from_an_explicit_tag() {
        let pieces = [0xa0, 0x80, 0x04, 0x01, 0xaa, 0x04, 0x01, 0xbb, 0x00, 0x00];
        let info = [&[0x06, 0x01, 0x2a, 0x30, 0x00], &pieces[..]].concat();
        assert_eq!(
            first_element(&encode(SEQUENCE, &info)).unwrap(),
            [0x30, 0x09, 0x06, 0x01, 0x2a, 0x30, 0x00, 0x80, 0x02, 0xaa, 0xbb]
        );
        let explicit = [&[0x06, 0x01, 0x2a, 0xa0, 0x80], &pieces[2..]].concat();
        assert_eq!(
            first_element(&encode(SEQUENCE, &explicit)).unwrap(),
            [0x30, 0x0b, 0x06, 0x01, 0x2a, 0xa0, 0x06, 0x04, 0x01, 0xaa, 0x04, 0x01, 0xbb]
        );
    }

    #[test]
    fn lengths_beyond_the_end_and_deep_nests_are_refused() {
        assert!(first_element(&[0x04, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1]).is_none());
        assert!(first_element(&[0x04, 0x84, 0xff, 0xff, 0xff, 0xff, 0]).is_none());
        assert!(first_element(&[0x04, 0x80, 0, 0]).is_none());
        assert!(first_element(&[0x1f, 0x81, 0x01, 0]).is_none());
        assert!(first_element(&[0x30, 0x80].repeat(1_000_000)).is_none());
        let nested = |levels: usize| {
            let mut der = Vec::new();
            for _ in 0..levels {
                der = encode(SEQUENCE, &der);
            }
            first_element(&der).is_some()
        };
        assert!(nested(MAX_DEPTH));
        assert!(!nested(MAX_DEPTH + 1));
    }
}
