//! The public key out of a certificate (RFC 5280, section 4.1), for signatures that come with one.
//!
//! The certificate itself is believed nothing: any key may sign, as in Distribution. So no more of it is read than the
//! way to the key.

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
/// `[0] EXPLICIT Version`, which a certificate of the first version does not have.
const VERSION: u8 = 0xa0;

/// The `SubjectPublicKeyInfo` of a certificate in DER, with its own tag and length; `None` if it is not one.
pub fn subject_public_key(certificate: &[u8]) -> Option<&[u8]> {
    let (certificate, _) = element(certificate, SEQUENCE)?;
    let (mut tbs, _) = element(certificate.content, SEQUENCE)?;
    let mut at = tbs.content;
    if at.first() == Some(&VERSION) {
        at = element(at, VERSION)?.1;
    }
    // Serial number; then signature algorithm, issuer, validity and subject.
    at = element(at, INTEGER)?.1;
    for _ in 0..4 {
        at = element(at, SEQUENCE)?.1;
    }
    tbs = element(at, SEQUENCE)?.0;
    Some(tbs.whole)
}

/// A value with and without its tag and length.
struct Element<'a> {
    whole: &'a [u8],
    content: &'a [u8],
}

/// The element with this tag at the beginning, and what follows it (X.690, section 8.1).
fn element(der: &[u8], tag: u8) -> Option<(Element<'_>, &[u8])> {
    let (&found, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    if found != tag {
        return None;
    }
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        // Up to four bytes of length: more than any certificate that fits into a manifest.
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (bytes.iter().fold(0_usize, |length, &byte| (length << 8) | usize::from(byte)), rest)
        }
        _ => return None,
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((Element { whole: der.get(..der.len() - after.len())?, content }, after))
}
