//! Serial numbers (発行の番号): they name a person's certificate, so they are redacted.

use super::octets::Octets;
use super::strict_der::{self, DerError};
use std::fmt;

/// The serial number of a certificate, as the content octets of its DER INTEGER.
///
/// `Debug` shows nothing of it and there is no `Display`; [`SerialNumber::expose_hex`] is the one way to its text.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SerialNumber(Octets);

/// Longest serial number of a conforming certificate, in octets (RFC 5280 §4.1.2.2).
const MAXIMUM_OCTETS: usize = 20;

/// The text was not a serial number in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a serial number (expected hexadecimal digits)")]
pub struct NotASerialNumber;

impl SerialNumber {
    pub(crate) fn from_content(content: &[u8]) -> Result<Self, DerError> {
        strict_der::integer(content).map(|content| Self(content.into()))
    }

    /// Reads a positive number from hexadecimal, upper or lower case, with or without `0x`, colons and leading zeros.
    ///
    /// # Errors
    /// [`NotASerialNumber`] when the text is something else, or longer than any serial number.
    pub fn from_hex(text: &str) -> Result<Self, NotASerialNumber> {
        let digits: String = text.trim().trim_start_matches("0x").chars().filter(|c| *c != ':').collect();
        if digits.is_empty() || digits.len() > 2 * MAXIMUM_OCTETS + 2 {
            return Err(NotASerialNumber);
        }
        let even = if digits.len() % 2 == 1 { format!("0{digits}") } else { digits };
        let bytes = hex::decode(even).map_err(|_| NotASerialNumber)?;
        let significant: Vec<u8> = bytes.into_iter().skip_while(|byte| *byte == 0).collect();
        let zero = significant.first().is_none_or(|first| first & 0x80 != 0);
        let content = if zero { [vec![0], significant].concat() } else { significant };
        Ok(Self(content.as_slice().into()))
    }

    /// Content octets of the DER INTEGER: big-endian, two's complement.
    pub fn expose_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Lower-case hexadecimal of the number, without the octet that only keeps it positive; with `-` where it is negative
    /// (then the octets as they stand).
    pub fn expose_hex(&self) -> String {
        match self.expose_bytes() {
            [0, rest @ ..] if !rest.is_empty() => hex::encode(rest),
            negative if self.is_negative() => format!("-{}", hex::encode(negative)),
            other => hex::encode(other),
        }
    }

    /// Whether the number is below zero: seen in old test suites, never in a JPKI certificate.
    pub fn is_negative(&self) -> bool {
        self.expose_bytes().first().is_some_and(|first| first & 0x80 != 0)
    }

    /// Whether the number is positive and at most 20 octets long (RFC 5280 §4.1.2.2; certificates.md §4.1 point 1).
    pub fn is_conforming(&self) -> bool {
        !self.is_negative() && *self.expose_bytes() != [0] && self.expose_bytes().len() <= MAXIMUM_OCTETS
    }
}

impl fmt::Debug for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SerialNumber(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_is_read_as_people_write_it() {
        let serial = SerialNumber::from_hex("227B13").unwrap();
        for same in ["227b13", "0x227B13", "22:7B:13", "00227b13"] {
            assert_eq!(SerialNumber::from_hex(same).unwrap(), serial, "{same}");
        }
        assert_eq!(serial.expose_hex(), "227b13");
        let high = SerialNumber::from_hex("ff00").unwrap();
        assert_eq!((high.expose_bytes(), high.expose_hex().as_str()), (&[0, 0xFF, 0][..], "ff00"));
        assert!(high.is_conforming());
        assert!(!SerialNumber::from_hex("0").unwrap().is_conforming());
        for bad in ["", "xyz", "12 34", "0x"] {
            assert_eq!(SerialNumber::from_hex(bad), Err(NotASerialNumber), "{bad}");
        }
    }

    #[test]
    fn what_does_not_conform_is_told() {
        let of = |content: &[u8]| SerialNumber::from_content(content).unwrap();
        assert!(of(&[0xFF]).is_negative() && !of(&[0xFF]).is_conforming());
        assert!(of(&[0x7F; 20]).is_conforming());
        assert!(!of(&[0x7F; 21]).is_conforming());
        assert!(SerialNumber::from_content(&[]).is_err());
    }

    #[test]
    fn debug_tells_nothing() {
        assert_eq!(format!("{:?}", SerialNumber::from_hex("227b13").unwrap()), "SerialNumber(redacted)");
    }
}
