//! The few parts of an X.509 certificate (RFC 5280 §4.1) that webpki does not hand out, or refuses
//! to: versions 1 and 2, the public key as it stands, the validity of a certificate that is no
//! part of a path.

use std::time::Duration;

/// Reads DER (X.690 §10: definite lengths only) from the front of a slice, without copying.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

/// One tag, length and value.
#[derive(Clone, Copy)]
pub(crate) struct Element<'a> {
    /// The identifier octet; tags above 30 do not occur in what is read here.
    pub(crate) tag: u8,
    /// The contents.
    pub(crate) value: &'a [u8],
    /// Identifier, length and contents.
    pub(crate) whole: &'a [u8],
}

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
const BOOLEAN: u8 = 0x01;
/// A bit of keyUsage (RFC 5280 §4.2.1.3).
pub(crate) const DIGITAL_SIGNATURE: usize = 0;
/// A bit of keyUsage (RFC 5280 §4.2.1.3).
pub(crate) const KEY_CERT_SIGN: usize = 5;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const CONTEXT_0: u8 = 0xa0;
const CONTEXT_3: u8 = 0xa3;

impl<'a> Reader<'a> {
    pub(crate) fn new(der: &'a [u8]) -> Self {
        Self { rest: der }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The tag of the next element.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, whatever it is.
    pub(crate) fn any(&mut self) -> Option<Element<'a>> {
        let (&tag, after_tag) = self.rest.split_first()?;
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&first, after_first) = after_tag.split_first()?;
        let (length, body) = if first < 0x80 {
            (usize::from(first), after_first)
        } else {
            let count = usize::from(first & 0x7f);
            // None is the indefinite form; more than four would not fit a file of ours.
            if count == 0 || count > 4 {
                return None;
            }
            let (octets, body) = after_first.split_at_checked(count)?;
            let length = octets
                .iter()
                .fold(0usize, |sum, octet| (sum << 8) | usize::from(*octet));
            (length, body)
        };
        let (value, rest) = body.split_at_checked(length)?;
        let whole = self.rest.get(..self.rest.len() - rest.len())?;
        self.rest = rest;
        Some(Element { tag, value, whole })
    }

    /// The next element, which must have this tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Option<Element<'a>> {
        if self.peek()? != tag {
            return None;
        }
        self.any()
    }

    /// The next element if it has this tag.
    fn optional(&mut self, tag: u8) -> Option<Element<'a>> {
        if self.peek() == Some(tag) {
            self.any()
        } else {
            None
        }
    }
}

/// Encodes `value` under `tag`.
pub(crate) fn encode(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = value.len();
    let mut out = Vec::with_capacity(length + 6);
    out.push(tag);
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let octets = length.to_be_bytes();
            let skipped = octets.iter().take_while(|octet| **octet == 0).count();
            let count = octets.len() - skipped;
            out.push(0x80 | count as u8);
            out.extend(octets.iter().skip(skipped));
        }
    }
    out.extend_from_slice(value);
    out
}

/// A certificate's parts, borrowed from its encoding.
pub(crate) struct Certificate<'a> {
    /// 1, 2 or 3.
    pub(crate) version: u8,
    /// The issuer's name with its SEQUENCE.
    pub(crate) issuer: &'a [u8],
    /// The subject's name with its SEQUENCE.
    pub(crate) subject: &'a [u8],
    /// SubjectPublicKeyInfo with its SEQUENCE.
    pub(crate) spki: &'a [u8],
    /// What was signed, with its SEQUENCE.
    pub(crate) tbs: &'a [u8],
    /// The contents of the signature's AlgorithmIdentifier.
    pub(crate) signature_algorithm: &'a [u8],
    /// The signature without the octet that counts unused bits.
    pub(crate) signature: &'a [u8],
    validity: &'a [u8],
    /// The contents of the list; `None` where there is none.
    extensions: Option<&'a [u8]>,
}

impl<'a> Certificate<'a> {
    /// Takes a certificate apart; `None` if it is none.
    pub(crate) fn parse(der: &'a [u8]) -> Option<Self> {
        let mut outer = Reader::new(der);
        let mut certificate = Reader::new(outer.expect(SEQUENCE)?.value);
        if !outer.is_empty() {
            return None;
        }
        let tbs = certificate.expect(SEQUENCE)?;
        let signature_algorithm = certificate.expect(SEQUENCE)?.value;
        let (&0, signature) = certificate.expect(BIT_STRING)?.value.split_first()? else {
            return None;
        };
        if !certificate.is_empty() {
            return None;
        }

        let mut fields = Reader::new(tbs.value);
        let version = match fields.optional(CONTEXT_0) {
            None => 1,
            Some(explicit) => match Reader::new(explicit.value).expect(INTEGER)?.value {
                [number @ 0..=2] => number + 1,
                _ => return None,
            },
        };
        fields.expect(INTEGER)?;
        // What was signed names the algorithm too (RFC 5280 §4.1.1.2).
        if fields.expect(SEQUENCE)?.value != signature_algorithm {
            return None;
        }
        let issuer = fields.expect(SEQUENCE)?.whole;
        let validity = fields.expect(SEQUENCE)?.value;
        let subject = fields.expect(SEQUENCE)?.whole;
        let spki = fields.expect(SEQUENCE)?.whole;
        let mut extensions = None;
        while let Some(field) = fields.any() {
            if field.tag == CONTEXT_3 {
                extensions = Some(Reader::new(field.value).expect(SEQUENCE)?.value);
            }
        }
        Some(Self {
            version,
            issuer,
            subject,
            spki,
            tbs: tbs.whole,
            signature_algorithm,
            signature,
            validity,
            extensions,
        })
    }

    /// Whether subject and issuer are the same name.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    /// First and last moment of the validity, as time since 1970; moments before count as 1970.
    pub(crate) fn validity(&self) -> Option<(Duration, Duration)> {
        let mut times = Reader::new(self.validity);
        Some((moment(times.any()?)?, moment(times.any()?)?))
    }

    /// Whether it may sign other certificates by the JDK's rule for trust anchors: versions 1 and
    /// 2 may, as they have no way to say; version 3 must say so in basicConstraints and must not
    /// deny it in keyUsage.
    pub(crate) fn may_issue(&self) -> bool {
        if self.version < 3 {
            return true;
        }
        let is_ca = self
            .extension(&extension_id::BASIC_CONSTRAINTS)
            .and_then(|value| Reader::new(value).expect(SEQUENCE))
            .and_then(|constraints| Reader::new(constraints.value).expect(BOOLEAN))
            .is_some_and(|ca| ca.value.iter().any(|octet| *octet != 0));
        let signs_certificates = match self.extension(&extension_id::KEY_USAGE) {
            None => true,
            Some(value) => named_bit(value, KEY_CERT_SIGN) == Some(true),
        };
        is_ca && signs_certificates
    }

    /// Whether it has extensions, which version 3 alone may have.
    pub(crate) fn has_extensions(&self) -> bool {
        self.extensions.is_some()
    }

    /// Whether it restricts the names of what is issued under it.
    pub(crate) fn constrains_names(&self) -> bool {
        self.extension(&extension_id::NAME_CONSTRAINTS).is_some()
    }

    /// All extensions in their order; `None` where the list is malformed.
    pub(crate) fn extensions(&self) -> Option<Vec<Extension<'a>>> {
        let mut list = Reader::new(self.extensions.unwrap_or_default());
        let mut found = Vec::new();
        while !list.is_empty() {
            let mut fields = Reader::new(list.expect(SEQUENCE)?.value);
            let id = fields.expect(OID)?.value;
            let critical = fields
                .optional(BOOLEAN)
                .is_some_and(|flag| flag.value.iter().any(|octet| *octet != 0));
            let value = fields.expect(OCTET_STRING)?.value;
            found.push(Extension {
                id,
                critical,
                value,
            });
        }
        Some(found)
    }

    /// The contents of an extension's OCTET STRING, by the contents of its OID.
    fn extension(&self, id: &[u8]) -> Option<&'a [u8]> {
        self.extensions()?
            .into_iter()
            .find(|extension| extension.id == id)
            .map(|extension| extension.value)
    }
}

/// An extension (RFC 5280 §4.1.2.9).
#[derive(Clone, Copy)]
pub(crate) struct Extension<'a> {
    /// The contents of its OID, one of [`extension_id`] or another.
    pub(crate) id: &'a [u8],
    pub(crate) critical: bool,
    /// The contents of its OCTET STRING.
    pub(crate) value: &'a [u8],
}

/// Contents of the OIDs of extensions (RFC 5280 §4.2.1).
pub(crate) mod extension_id {
    pub(crate) const KEY_USAGE: [u8; 3] = [0x55, 0x1d, 15];
    pub(crate) const SUBJECT_ALT_NAME: [u8; 3] = [0x55, 0x1d, 17];
    pub(crate) const BASIC_CONSTRAINTS: [u8; 3] = [0x55, 0x1d, 19];
    pub(crate) const NAME_CONSTRAINTS: [u8; 3] = [0x55, 0x1d, 30];
    pub(crate) const CRL_DISTRIBUTION_POINTS: [u8; 3] = [0x55, 0x1d, 31];
    pub(crate) const POLICY_CONSTRAINTS: [u8; 3] = [0x55, 0x1d, 36];
    /// 2.16.840.1.113730.1.1, netscape-cert-type.
    pub(crate) const NETSCAPE_CERT_TYPE: [u8; 9] =
        [0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x42, 0x01, 0x01];
}

/// Whether a BIT STRING's named bit is set; bit 0 is the first octet's highest (X.690 §8.6).
/// `None` where it is no BIT STRING.
pub(crate) fn named_bit(bit_string: &[u8], bit: usize) -> Option<bool> {
    let (_unused, octets) = Reader::new(bit_string)
        .expect(BIT_STRING)?
        .value
        .split_first()?;
    Some(
        octets
            .get(bit / 8)
            .is_some_and(|octet| octet & (0x80 >> (bit % 8)) != 0),
    )
}

/// UTCTime or GeneralizedTime in the form that RFC 5280 §4.1.2.5 allows.
fn moment(time: Element<'_>) -> Option<Duration> {
    let text = std::str::from_utf8(time.value).ok()?.strip_suffix('Z')?;
    if !text.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = match (time.tag, text.len()) {
        (UTC_TIME, 12) => {
            let (year, rest) = text.split_at_checked(2)?;
            let year: i64 = year.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        (GENERALIZED_TIME, 14) => {
            let (year, rest) = text.split_at_checked(4)?;
            (year.parse().ok()?, rest)
        }
        _ => return None,
    };
    let two = |from: usize| rest.get(from..from + 2)?.parse::<i64>().ok();
    let (month, day) = (two(0)?, two(2)?);
    let (hour, minute, second) = (two(4)?, two(6)?, two(8)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 {
        return None;
    }
    let seconds = days_since_1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// Days of the proleptic Gregorian calendar; the year is counted from March, so that the leap day
/// comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let days_before_month = (month * 153 + 2) / 5;
    let days_before_year =
        year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 719,468 days lie between 1 March of the year 0 and 1 January 1970.
    days_before_year + days_before_month + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(tag: u8, text: &str) -> Option<u64> {
        let der = encode(tag, text.as_bytes());
        moment(Reader::new(&der).any()?).map(|moment| moment.as_secs())
    }

    #[test]
    fn times_of_both_kinds_are_seconds_since_1970() {
        assert_eq!(time(UTC_TIME, "700101000000Z"), Some(0));
        assert_eq!(time(UTC_TIME, "240229123456Z"), Some(1_709_210_096));
        assert_eq!(time(UTC_TIME, "491231235959Z"), Some(2_524_607_999));
        assert_eq!(time(UTC_TIME, "500101000000Z"), Some(0));
        assert_eq!(
            time(GENERALIZED_TIME, "20500101000000Z"),
            Some(2_524_608_000)
        );
        assert_eq!(
            time(GENERALIZED_TIME, "99991231235959Z"),
            Some(253_402_300_799)
        );
        assert_eq!(time(UTC_TIME, "241301000000Z"), None);
        assert_eq!(time(UTC_TIME, "2401010000Z"), None);
        assert_eq!(time(GENERALIZED_TIME, "20240101000000+0100"), None);
    }

    #[test]
    fn lengths_of_every_form_are_encoded_and_read() {
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let der = encode(OCTET_STRING, &vec![7; length]);
            let element = Reader::new(&der).any().unwrap();
            assert_eq!(element.value.len(), length);
            assert_eq!(element.whole, der);
            if length > 0 {
                assert!(Reader::new(&der[..der.len() - 1]).any().is_none());
            }
        }
        assert!(Reader::new(&[0x30, 0x80, 0, 0]).any().is_none());
        assert!(Reader::new(&[0x30, 0x85, 0, 0, 0, 0, 0]).any().is_none());
        assert!(Reader::new(&[0x1f, 0x01, 0]).any().is_none());
    }

    fn of_rcgen(ca: rcgen::IsCa) -> Vec<u8> {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(vec!["a.example".into()]).unwrap();
        params.is_ca = ca;
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn a_certificate_is_taken_apart_as_webpki_does() {
        let der = of_rcgen(rcgen::IsCa::NoCa);
        let certificate = Certificate::parse(&der).unwrap();
        let reference_der = rustls_pki_types::CertificateDer::from(der.as_slice());
        let reference = webpki::EndEntityCert::try_from(&reference_der).unwrap();
        assert_eq!(certificate.version, 3);
        assert_eq!(
            certificate.spki,
            reference.subject_public_key_info().as_ref()
        );
        assert_eq!(certificate.subject, encode(SEQUENCE, reference.subject()));
        assert_eq!(certificate.issuer, encode(SEQUENCE, reference.issuer()));
        assert!(certificate.is_self_issued());
        assert!(!certificate.may_issue());
        assert!(!certificate.constrains_names());
        let (from, until) = certificate.validity().unwrap();
        assert!(from < until);
    }

    #[test]
    fn only_what_says_that_it_is_a_ca_may_issue() {
        let ca = of_rcgen(rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained));
        assert!(Certificate::parse(&ca).unwrap().may_issue());
        let no_ca = of_rcgen(rcgen::IsCa::ExplicitNoCa);
        assert!(!Certificate::parse(&no_ca).unwrap().may_issue());
    }

    #[test]
    fn every_cut_of_a_certificate_is_refused() {
        let der = of_rcgen(rcgen::IsCa::NoCa);
        for end in 0..der.len() {
            assert!(Certificate::parse(&der[..end]).is_none());
        }
        let mut longer = der.clone();
        longer.push(0);
        assert!(Certificate::parse(&longer).is_none());
    }
}
