//! Names as people write them into a configuration: `C=JP, O=JPKI, CN=…` (RFC 4514 §2, in the order of the certificate).

use super::name::{Name, type_of};
use super::strict_der::{DerError, OBJECT_IDENTIFIER, SEQUENCE, SET, UTF8_STRING};
use const_oid::ObjectIdentifier;

/// Longest text that is read as a name.
const MAXIMUM_LENGTH: usize = 4096;

impl Name {
    /// Reads a name the way it is shown: attributes in the order of the certificate, `, ` between RDNs, ` + ` within one, a
    /// backslash before a character that would end a value. Types are the usual labels or dotted object identifiers. All
    /// values become UTF8String, which compares equal to any other string type (RFC 5280 §7.1).
    ///
    /// # Errors
    /// [`DerError`] when the text is no such name.
    pub fn from_text(text: &str) -> Result<Self, DerError> {
        const NO_NAME: DerError = DerError::Value("name as text");
        if text.trim().is_empty() || text.len() > MAXIMUM_LENGTH {
            return Err(NO_NAME);
        }
        let mut name = Vec::new();
        for rdn in split(text, ',') {
            let mut set = Vec::new();
            for attribute in split(rdn, '+') {
                let (kind, value) = attribute.split_once('=').ok_or(NO_NAME)?;
                let kind = kind.trim();
                let kind = type_of(kind)
                    .map(<[u8]>::to_vec)
                    .or_else(|| ObjectIdentifier::new(kind).ok().map(|oid| oid.as_bytes().to_vec()))
                    .ok_or(NO_NAME)?;
                let value = unescaped(value.trim()).ok_or(NO_NAME)?;
                let pair = [element(OBJECT_IDENTIFIER, &kind), element(UTF8_STRING, value.as_bytes())].concat();
                set.extend(element(SEQUENCE, &pair));
            }
            name.extend(element(SET, &set));
        }
        Self::from_der(&element(SEQUENCE, &name))
    }
}

/// The parts between separators that no backslash stands before.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut escaped = false;
    text.split(move |c: char| {
        let here = c == separator && !escaped;
        escaped = c == '\\' && !escaped;
        here
    })
}

fn unescaped(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        plain.push(if c == '\\' { characters.next()? } else { c });
    }
    (!plain.is_empty()).then_some(plain)
}

/// One DER element of less than 64 KiB: the text is at most 4096 octets long.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let low = u8::try_from(length & 0xFF).unwrap_or_default();
    let high = u8::try_from(length >> 8 & 0xFF).unwrap_or_default();
    let header = match length {
        0..=0x7F => vec![tag, low],
        0x80..=0xFF => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    [header.as_slice(), content].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_can_be_read_back() {
        for text in [
            "C=JP, O=JPKI-TEST, OU=JPKI for digital signature, OU=CRL Distribution Points, OU=Tokyo-to, CN=Kiyose-shi CRLDP",
            "O=a\\, b \\+ c\\=d",
            "2.5.4.97=x",
            "C=JP, CN=a + OU=b",
        ] {
            let name = Name::from_text(text).unwrap();
            assert_eq!(Name::from_text(&name.to_string()).unwrap(), name, "{text}");
        }
        let long = format!("C=JP, O={}, CN={}", "長".repeat(300), "x".repeat(200));
        assert!(Name::from_text(&long).unwrap().der().len() > 1000);
        for wrong in ["", "  ", "JP", "C=", "XX=1", "C=JP,", "CN=a\\", &"C=JP,".repeat(70), &"x".repeat(5000)] {
            assert!(Name::from_text(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_key_tells_names_apart_as_comparison_does() {
        let key = |text: &str| Name::from_text(text).unwrap().comparison_key();
        assert_eq!(key("C=JP, CN=Kiyose-shi CRLDP"), key("C=jp,CN=KIYOSE-SHI  crldp"));
        assert_eq!(key("CN=a + OU=b"), key("OU=b + CN=a"));
        for (one, other) in [
            ("C=JP, CN=a", "CN=a, C=JP"),
            ("CN=a, CN=b", "CN=a + CN=b"),
            ("CN=ab", "CN=a, CN=b"),
            ("OU=a, CN=b", "CN=a, OU=b"),
        ] {
            assert_ne!(key(one), key(other), "{one}");
        }
    }
}
