//! Object identifiers of any length, and the ones this room knows.

use super::octets::Octets;
use super::strict_der::{self, DerError};
use const_oid::ObjectIdentifier;
use std::fmt;
use std::str::FromStr;

/// An object identifier. Unlike `const_oid`'s it has no upper length: an unfamiliar extension must not make a certificate unreadable.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid(Octets);

impl Oid {
    /// From the content octets of a DER OBJECT IDENTIFIER.
    pub(crate) fn from_content(content: &[u8]) -> Result<Self, DerError> {
        strict_der::object_identifier(content).map(|content| Self(content.into()))
    }

    /// Content octets of the DER encoding, without tag and length.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Whether this is `known`.
    #[inline]
    pub fn is(&self, known: &ObjectIdentifier) -> bool {
        // The last octet first: it tells most identifiers apart, and a certificate asks this a hundred times.
        let (own, known) = (self.as_bytes(), known.as_bytes());
        own.last() == known.last() && own == known
    }

    /// The last arc, if this identifier is exactly one arc below `arc`.
    pub fn child_of(&self, arc: &ObjectIdentifier) -> Option<u32> {
        let rest = self.as_bytes().strip_prefix(arc.as_bytes())?;
        let one_arc = rest.len() <= 4 && rest.iter().filter(|byte| **byte & 0x80 == 0).count() == 1;
        one_arc.then(|| rest.iter().fold(0, |arc, byte| arc << 7 | u32::from(byte & 0x7F)))
    }
}

impl From<ObjectIdentifier> for Oid {
    fn from(oid: ObjectIdentifier) -> Self {
        Self(oid.as_bytes().into())
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut arc: u128 = 0;
        let mut first = true;
        for byte in self.as_bytes() {
            // Arcs beyond 128 bits do not occur; their text is cut, their bytes still compare.
            arc = arc.wrapping_shl(7) | u128::from(byte & 0x7F);
            if byte & 0x80 != 0 {
                continue;
            }
            if first {
                let root = (arc / 40).min(2);
                write!(f, "{root}.{}", arc - root * 40)?;
            } else {
                write!(f, ".{arc}")?;
            }
            (first, arc) = (false, 0);
        }
        Ok(())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

/// The text was not a dotted object identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an object identifier (expected a form like 1.2.392.200149)")]
pub struct NotAnObjectIdentifier;

impl FromStr for Oid {
    type Err = NotAnObjectIdentifier;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut arcs = text.split('.').map(|arc| {
            let canonical = arc == "0" || (!arc.starts_with('0') && arc.bytes().all(|byte| byte.is_ascii_digit()));
            arc.parse::<u64>().ok().filter(|_| canonical).ok_or(NotAnObjectIdentifier)
        });
        let mut next = || arcs.next().ok_or(NotAnObjectIdentifier)?;
        let (root, second) = (next()?, next()?);
        if root > 2 || (root < 2 && second > 39) {
            return Err(NotAnObjectIdentifier);
        }
        let mut bytes = Vec::new();
        push_arc(&mut bytes, second.checked_add(root * 40).ok_or(NotAnObjectIdentifier)?);
        for arc in arcs {
            push_arc(&mut bytes, arc?);
        }
        Ok(Self(bytes.as_slice().into()))
    }
}

fn push_arc(bytes: &mut Vec<u8>, arc: u64) {
    let groups = (64 - arc.leading_zeros()).div_ceil(7).max(1);
    for group in (0..groups).rev() {
        // Seven bits of `arc` and the mark that more follow: always fits a byte.
        #[allow(clippy::cast_possible_truncation, reason = "seven bits and a mark")]
        let bits = (arc >> (7 * group)) as u8 & 0x7F;
        bytes.push(if group > 0 { bits | 0x80 } else { bits });
    }
}

impl serde::Serialize for Oid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Identifiers by the names of RFC 5280, and of the JPKI arc (certificates.md §2).
pub(crate) mod known {
    use const_oid::ObjectIdentifier as Id;

    pub(crate) const SUBJECT_KEY_IDENTIFIER: Id = Id::new_unwrap("2.5.29.14");
    pub(crate) const KEY_USAGE: Id = Id::new_unwrap("2.5.29.15");
    pub(crate) const SUBJECT_ALTERNATIVE_NAME: Id = Id::new_unwrap("2.5.29.17");
    pub(crate) const ISSUER_ALTERNATIVE_NAME: Id = Id::new_unwrap("2.5.29.18");
    pub(crate) const BASIC_CONSTRAINTS: Id = Id::new_unwrap("2.5.29.19");
    pub(crate) const NAME_CONSTRAINTS: Id = Id::new_unwrap("2.5.29.30");
    pub(crate) const CRL_DISTRIBUTION_POINTS: Id = Id::new_unwrap("2.5.29.31");
    pub(crate) const CERTIFICATE_POLICIES: Id = Id::new_unwrap("2.5.29.32");
    pub(crate) const ANY_POLICY: Id = Id::new_unwrap("2.5.29.32.0");
    pub(crate) const POLICY_MAPPINGS: Id = Id::new_unwrap("2.5.29.33");
    pub(crate) const AUTHORITY_KEY_IDENTIFIER: Id = Id::new_unwrap("2.5.29.35");
    pub(crate) const POLICY_CONSTRAINTS: Id = Id::new_unwrap("2.5.29.36");
    pub(crate) const EXTENDED_KEY_USAGE: Id = Id::new_unwrap("2.5.29.37");
    pub(crate) const ANY_EXTENDED_KEY_USAGE: Id = Id::new_unwrap("2.5.29.37.0");
    pub(crate) const INHIBIT_ANY_POLICY: Id = Id::new_unwrap("2.5.29.54");
    pub(crate) const AUTHORITY_INFORMATION_ACCESS: Id = Id::new_unwrap("1.3.6.1.5.5.7.1.1");
    pub(crate) const CPS_QUALIFIER: Id = Id::new_unwrap("1.3.6.1.5.5.7.2.1");
    pub(crate) const USER_NOTICE_QUALIFIER: Id = Id::new_unwrap("1.3.6.1.5.5.7.2.2");
    pub(crate) const CLIENT_AUTHENTICATION: Id = Id::new_unwrap("1.3.6.1.5.5.7.3.2");
    pub(crate) const OCSP_SIGNING: Id = Id::new_unwrap("1.3.6.1.5.5.7.3.9");
    pub(crate) const OCSP_NONCE: Id = Id::new_unwrap("1.3.6.1.5.5.7.48.1.2");
    pub(crate) const OCSP_NO_CHECK: Id = Id::new_unwrap("1.3.6.1.5.5.7.48.1.5");
    pub(crate) const SHA1: Id = Id::new_unwrap("1.3.14.3.2.26");
    pub(crate) const SHA256: Id = Id::new_unwrap("2.16.840.1.101.3.4.2.1");
    pub(crate) const OCSP_ACCESS: Id = Id::new_unwrap("1.3.6.1.5.5.7.48.1");
    pub(crate) const CA_ISSUERS_ACCESS: Id = Id::new_unwrap("1.3.6.1.5.5.7.48.2");

    /// 署名用, card.
    pub(crate) const JPKI_DIGITAL_SIGNATURE: Id = Id::new_unwrap("1.2.392.200149.8.5.1.1.20");
    /// 利用者証明用, card.
    pub(crate) const JPKI_USER_AUTHENTICATION: Id = Id::new_unwrap("1.2.392.200149.8.5.1.3.30");
    /// 署名用, card of the test hierarchy.
    pub(crate) const JPKI_TEST_DIGITAL_SIGNATURE: Id = Id::new_unwrap("1.2.392.200149.8.5.1.0.20");
    /// 利用者証明用, card of the test hierarchy.
    pub(crate) const JPKI_TEST_USER_AUTHENTICATION: Id = Id::new_unwrap("1.2.392.200149.8.5.1.0.30");
    /// The arc of the basic four attributes.
    pub(crate) const JPKI_ATTRIBUTES: Id = Id::new_unwrap("1.2.392.200149.8.5.5");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_bytes_agree() {
        for text in
            ["1.2.392.200149.8.5.1.1.20", "2.5.29.15", "0.0", "2.999.1", "1.3.6.1.4.1.32473.18446744073709551615"]
        {
            let oid: Oid = text.parse().unwrap();
            assert_eq!(oid.to_string(), text);
            assert_eq!(Oid::from_content(oid.as_bytes()).unwrap(), oid);
        }
        assert!("2.5.29.15".parse::<Oid>().unwrap().is(&known::KEY_USAGE));
        for bad in ["", "1", "3.1", "1.40", "1.2.", "1.02", "1.2.x", "-1.2"] {
            assert!(bad.parse::<Oid>().is_err(), "{bad}");
        }
    }

    #[test]
    fn children_of_the_attribute_arc() {
        assert_eq!("1.2.392.200149.8.5.5.4".parse::<Oid>().unwrap().child_of(&known::JPKI_ATTRIBUTES), Some(4));
        assert_eq!("1.2.392.200149.8.5.5.4.1".parse::<Oid>().unwrap().child_of(&known::JPKI_ATTRIBUTES), None);
        assert_eq!("1.2.392.200149.8.5.5".parse::<Oid>().unwrap().child_of(&known::JPKI_ATTRIBUTES), None);
    }
}
