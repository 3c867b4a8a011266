//! Distinguished names: compared as RFC 5280 §7.1 asks, shown so that they cannot deceive.

use super::name_preparation::prepared;
use super::object_identifier::Oid;
use super::octets::Part;
use super::strict_der::{self, DerError, Element, OBJECT_IDENTIFIER, Reader, SEQUENCE, SET};
use crate::crypto;
use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// A distinguished name: its bytes as they came, and the form in which it is compared.
///
/// Two names are equal when their attributes match after the preparation of RFC 5280 §7.1 (RFC 4518): character set, case,
/// Unicode form and insignificant space do not count. A value with a character that no comparison may rest on, one of
/// private use say, equals only the same bytes.
#[derive(Clone)]
pub struct Name {
    /// Empty for a name that never stood anywhere as bytes: then its attributes are there from the start.
    der: Part,
    /// Prepared when they are first asked for. Two names of the same bytes are equal without.
    rdns: OnceLock<Rdns>,
}

/// The attributes in the order in which they were written, one list for each RDN.
type Rdns = Vec<Vec<Attribute>>;

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Attribute {
    kind: Oid,
    value: Value,
    shown: String,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    /// A directory string, prepared.
    Text(String),
    /// Anything else, tag and content.
    Other(u8, Box<[u8]>),
}

/// Most attributes a name may have: comparing is quadratic within one RDN, and nobody writes more.
const MAXIMUM_ATTRIBUTES: usize = 64;

const TOO_MANY: DerError = DerError::Value("name of more than 64 attributes");

impl Name {
    /// Reads a DER `Name`.
    ///
    /// # Errors
    /// [`DerError`] when the bytes are not one.
    pub fn from_der(der: &[u8]) -> Result<Self, DerError> {
        let whole = der.into();
        Self::within(&whole, &whole)
    }

    /// The name that `der` is, a part of the document `whole`, which it shares.
    pub(super) fn within(whole: &Arc<[u8]>, der: &[u8]) -> Result<Self, DerError> {
        let mut reader = Reader::new(strict_der::only(der, SEQUENCE)?);
        let mut attributes = 0;
        while !reader.is_empty() {
            attributes += Self::check_relative(reader.expect(SET)?)?;
            if attributes > MAXIMUM_ATTRIBUTES {
                return Err(TOO_MANY);
            }
        }
        Ok(Self { der: Part::of(whole, der), rdns: OnceLock::new() })
    }

    fn rdns(&self) -> &Rdns {
        self.rdns.get_or_init(|| {
            let read = || -> Result<Rdns, DerError> {
                let mut reader = Reader::new(strict_der::only(self.der(), SEQUENCE)?);
                let mut rdns = Vec::new();
                while !reader.is_empty() {
                    rdns.push(relative(reader.expect(SET)?)?);
                }
                Ok(rdns)
            };
            // What was checked when the name was read cannot be wrong now.
            read().unwrap_or_default()
        })
    }

    /// The DER encoding as it came.
    pub fn der(&self) -> &[u8] {
        self.der.as_slice()
    }

    /// Whether there is no attribute at all.
    pub fn is_empty(&self) -> bool {
        self.rdns().is_empty()
    }

    /// Whether `self` lies in the subtree below `base`, itself included (RFC 5280 §4.2.1.10, directoryName).
    pub fn is_within(&self, base: &Self) -> bool {
        let (own, base) = (self.rdns(), base.rdns());
        own.len() >= base.len() && own.iter().zip(base).all(|(a, b)| same_rdn(a, b))
    }

    /// Checks that `content` is that of a RelativeDistinguishedName; how many attributes it has.
    pub(crate) fn check_relative(content: &[u8]) -> Result<usize, DerError> {
        let mut reader = Reader::new(content);
        let mut attributes = 0;
        while !reader.is_empty() {
            RawAttribute::read(&mut reader)?;
            attributes += 1;
            if attributes > MAXIMUM_ATTRIBUTES {
                return Err(TOO_MANY);
            }
        }
        if attributes == 0 { Err(DerError::Value("relative distinguished name")) } else { Ok(attributes) }
    }

    /// This name with one more RDN, given by the content of its SET (nameRelativeToCRLIssuer, RFC 5280 §4.2.1.13).
    pub(crate) fn with_relative(&self, content: &[u8]) -> Result<Self, DerError> {
        Self::check_relative(content)?;
        let mut rdns = self.rdns().clone();
        rdns.push(relative(content)?);
        Ok(Self { der: Part::of(&[].into(), &[]), rdns: rdns.into() })
    }

    /// A digest that two names share exactly when they are equal: for tables of many names.
    pub fn comparison_key(&self) -> [u8; 32] {
        fn push(bytes: &mut Vec<u8>, part: &[u8]) {
            bytes.extend((part.len() as u64).to_be_bytes());
            bytes.extend(part);
        }
        let mut bytes = Vec::new();
        for rdn in self.rdns() {
            bytes.extend((rdn.len() as u64).to_be_bytes());
            for attribute in rdn {
                push(&mut bytes, attribute.kind.as_bytes());
                match &attribute.value {
                    Value::Text(text) => {
                        bytes.push(0);
                        push(&mut bytes, text.as_bytes());
                    }
                    Value::Other(tag, content) => {
                        bytes.extend([1, *tag]);
                        push(&mut bytes, content);
                    }
                }
            }
        }
        crypto::sha256(&bytes)
    }

    /// The values of an attribute type, as text made safe for showing.
    pub fn values<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a str> {
        let attributes = self.rdns().iter().flatten();
        attributes.filter(move |a| label(&a.kind) == Some(kind)).map(|a| a.shown.as_str())
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        let same_bytes = !self.der().is_empty() && self.der == other.der;
        same_bytes || (self.rdns().len() == other.rdns().len() && self.is_within(other))
    }
}

impl Eq for Name {}

fn same_rdn(a: &[Attribute], b: &[Attribute]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.kind == b.kind && a.value == b.value)
}

/// An attribute as it stands, checked.
struct RawAttribute<'a> {
    kind: &'a [u8],
    element: Element<'a>,
}

impl<'a> RawAttribute<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, DerError> {
        let mut pair = reader.nested(SEQUENCE)?;
        let kind = strict_der::object_identifier(pair.expect(OBJECT_IDENTIFIER)?)?;
        let element = pair.any()?;
        pair.finish()?;
        let (tag, content) = (element.tag, element.content);
        // X.680 §41: what is no text of its own type is nothing that could be compared.
        let plain = tag == 0x0C && content.is_ascii();
        if !plain && matches!(tag, 0x0C | 0x12 | 0x1C | 0x1E) && directory_string(tag, content).is_none() {
            return Err(DerError::Value("text in a name"));
        }
        Ok(Self { kind, element })
    }
}

/// The attributes of one RDN, sorted so that the order in which a SET was written does not count.
fn relative(content: &[u8]) -> Result<Vec<Attribute>, DerError> {
    let mut reader = Reader::new(content);
    let mut attributes = Vec::new();
    while !reader.is_empty() {
        let RawAttribute { kind, element } = RawAttribute::read(&mut reader)?;
        let text = directory_string(element.tag, element.content);
        attributes.push(Attribute {
            shown: text.as_deref().map_or_else(|| format!("#{}", hex::encode(element.whole)), safe),
            value: match text.as_deref().and_then(prepared) {
                Some(text) => Value::Text(text),
                None => Value::Other(element.tag, element.content.into()),
            },
            kind: Oid::from_content(kind)?,
        });
    }
    attributes.sort_unstable();
    Ok(attributes)
}

/// The text of a string type; `None` for other types and for bytes that are not such a string.
fn directory_string(tag: u8, content: &[u8]) -> Option<Cow<'_, str>> {
    let text = || std::str::from_utf8(content).ok().map(Cow::Borrowed);
    match tag {
        // UTF8String
        0x0C => text(),
        // NumericString
        0x12 if !content.iter().all(|byte| matches!(byte, b'0'..=b'9' | b' ')) => None,
        // NumericString, PrintableString, IA5String, VisibleString
        0x12 | 0x13 | 0x16 | 0x1A => content.is_ascii().then(text).flatten(),
        // TeletexString, which everybody writes as Latin-1
        0x14 => Some(content.iter().map(|byte| char::from(*byte)).collect()),
        // UniversalString
        0x1C => {
            let quads = content.chunks(4).map(|q| <[u8; 4]>::try_from(q).ok().map(u32::from_be_bytes));
            quads.map(|code| code.and_then(char::from_u32)).collect::<Option<String>>().map(Cow::Owned)
        }
        // BMPString
        0x1E => {
            let pairs = content.chunks(2).map(|pair| <[u8; 2]>::try_from(pair).ok().map(u16::from_be_bytes));
            String::from_utf16(&pairs.collect::<Option<Vec<_>>>()?).ok().map(Cow::Owned)
        }
        _ => None,
    }
}

/// Text that cannot move the cursor, turn around, or look like another attribute (RFC 4514 §2.4 and beyond).
fn safe(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=' => shown.extend(['\\', c]),
            // Controls, and the marks that change direction or show nothing.
            c if c.is_control()
                || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}') =>
            {
                shown.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
            }
            c => shown.push(c),
        }
    }
    shown
}

/// The short labels of attribute types (RFC 4514 §3 and the ones X.520 is usually shown with).
static LABELS: [(&str, &[u8]); 13] = [
    ("CN", &[0x55, 0x04, 3]),
    ("SN", &[0x55, 0x04, 4]),
    ("serialNumber", &[0x55, 0x04, 5]),
    ("C", &[0x55, 0x04, 6]),
    ("L", &[0x55, 0x04, 7]),
    ("ST", &[0x55, 0x04, 8]),
    ("STREET", &[0x55, 0x04, 9]),
    ("O", &[0x55, 0x04, 10]),
    ("OU", &[0x55, 0x04, 11]),
    ("title", &[0x55, 0x04, 12]),
    ("GN", &[0x55, 0x04, 42]),
    ("DC", &[0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x19]),
    ("emailAddress", &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x01]),
];

fn label(kind: &Oid) -> Option<&'static str> {
    LABELS.iter().find(|(_, oid)| *oid == kind.as_bytes()).map(|(label, _)| *label)
}

/// The content octets of the type with this label, in any case.
pub(super) fn type_of(label: &str) -> Option<&'static [u8]> {
    LABELS.iter().find(|(known, _)| known.eq_ignore_ascii_case(label)).map(|(_, oid)| *oid)
}

/// The whole name in the order it was written, `C=JP, O=JPKI, …`. May name a person: for showing, not for logs.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, rdn) in self.rdns().iter().enumerate() {
            f.write_str(if index > 0 { ", " } else { "" })?;
            for (index, attribute) in rdn.iter().enumerate() {
                f.write_str(if index > 0 { " + " } else { "" })?;
                match label(&attribute.kind) {
                    Some(label) => write!(f, "{label}={}", attribute.shown)?,
                    None => write!(f, "{}={}", attribute.kind, attribute.shown)?,
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({} attributes, redacted)", self.rdns().iter().map(Vec::len).sum::<usize>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(content.len()).unwrap()], content].concat()
    }

    /// One RDN per entry: last arc of the X.520 type, string tag, content.
    fn name(entries: &[(u8, u8, &[u8])]) -> Name {
        let rdns: Vec<u8> = entries
            .iter()
            .flat_map(|(arc, tag, value)| {
                let pair = [tlv(6, &[0x55, 4, *arc]), tlv(*tag, value)].concat();
                tlv(0x31, &tlv(0x30, &pair))
            })
            .collect();
        Name::from_der(&tlv(0x30, &rdns)).unwrap()
    }

    #[test]
    fn string_type_case_and_space_do_not_count() {
        // RFC 5280 §7.1
        let a = name(&[(6, 0x13, b"JP"), (11, 0x0C, b"Tokyo-to"), (3, 0x0C, b"Kiyose-shi CRLDP")]);
        let b = name(&[
            (6, 0x0C, b"jp"),
            (11, 0x13, b"TOKYO-TO"),
            (3, 0x1E, b"\0 \0K\0i\0y\0o\0s\0e\0-\0s\0h\0i\0 \0 \0C\0R\0L\0D\0P\0 "),
        ]);
        assert!(a == b);
        assert!(
            a != name(&[(6, 0x13, b"JP"), (3, 0x0C, b"Kiyose-shi CRLDP"), (11, 0x0C, b"Tokyo-to")]),
            "order counts"
        );
        assert!(
            a != name(&[(6, 0x13, b"JP"), (11, 0x0C, b"Tokyo-to"), (3, 0x0C, b"KiyoseshiCRLDP")]),
            "space inside counts"
        );
        assert!(a != name(&[(6, 0x13, b"JP"), (11, 0x0C, b"Tokyo-to")]));
        assert!(a.is_within(&name(&[(6, 0x13, b"JP")])));
        assert!(!name(&[(6, 0x13, b"JP")]).is_within(&a));
    }

    #[test]
    fn what_is_shown_cannot_deceive() {
        let shown = name(&[(10, 0x0C, "a, O=b\u{202E}c\nd".as_bytes())]).to_string();
        assert_eq!(shown, "O=a\\, O\\=b\\u{202e}c\\u{a}d");
        assert_eq!(name(&[(10, 0x04, &[0xFF, 0xFE])]).to_string(), "O=#0402fffe", "not text");
        assert!(!format!("{:?}", name(&[(3, 0x0C, "見本 太郎".as_bytes())])).contains("見本"));
    }

    #[test]
    fn text_that_is_not_of_its_type_is_no_name() {
        let one = |tag, value: &[u8]| {
            let pair = [tlv(6, &[0x55, 4, 10]), tlv(tag, value)].concat();
            Name::from_der(&tlv(0x30, &tlv(0x31, &tlv(0x30, &pair))))
        };
        assert!(one(0x0C, "見本".as_bytes()).is_ok());
        assert!(one(0x0C, &[0xFF, 0xFE]).is_err(), "not UTF-8");
        assert!(one(0x1E, b"odd").is_err(), "BMPString of an odd length");
    }

    #[test]
    fn size_is_bounded() {
        let rdn = tlv(0x31, &tlv(0x30, &[tlv(6, &[0x55, 4, 3]), tlv(0x13, b"x")].concat()));
        let content = rdn.repeat(65);
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        let der = [&[0x30, 0x82, length[0], length[1]], content.as_slice()].concat();
        assert!(Name::from_der(&der).is_err());
        assert!(Name::from_der(&[0x30, 0x02, 0x31, 0x00]).is_err(), "an empty RDN");
        assert!(Name::from_der(&[0x30, 0x00]).unwrap().is_empty());
    }
}
