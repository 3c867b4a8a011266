//! What names a request, and what it asks.

use crate::crypto::sha256;
use crate::reason::Reason;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;

/// Longest key, in bytes.
const LONGEST_KEY: usize = 255;

/// The name a caller gave a request, as a digest: the text itself, which may hold anything, is not kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct IdempotencyKey([u8; 32]);

impl IdempotencyKey {
    /// Out of the value of an `Idempotency-Key` header: a string in double quotes, as the draft has it, or the bare text that
    /// many clients send; 1 to 255 visible ASCII characters.
    ///
    /// # Errors
    /// [`Reason::IdempotencyKeyMissing`] without one; [`Reason::InputMalformed`]
    pub fn of_header(value: Option<&str>) -> Result<Self, Reason> {
        let value = value.map(str::trim).filter(|value| !value.is_empty()).ok_or(Reason::IdempotencyKeyMissing)?;
        let quoted = value.strip_prefix('"').map(|rest| rest.strip_suffix('"').ok_or(Reason::InputMalformed));
        let key = quoted.transpose()?.unwrap_or(value);
        let is_visible = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\');
        if (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(is_visible) {
            Ok(Self(sha256(&[b"honnin idempotency key:", key.as_bytes()].concat())))
        } else {
            Err(Reason::InputMalformed)
        }
    }

    /// The digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key with this digest.
    pub const fn from_bytes(digest: [u8; 32]) -> Self {
        Self(digest)
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKey(redacted)")
    }
}

/// Tells two requests apart: SHA-256 over method, path, caller and body. Personal, because a short body can be guessed from it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprint(redacted)")
    }
}

/// A request with its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its key.
    pub key: IdempotencyKey,
    /// What it asks.
    pub fingerprint: Fingerprint,
}

impl Request {
    /// `header` is the value of its `Idempotency-Key`, `caller` names whoever was authenticated. A body that is JSON counts by what
    /// it says, whatever its spaces and the order of its members; any other by its bytes, as does JSON with a fraction, a number beyond
    /// 64 bits or a member that comes twice: what those say depends on the reader.
    ///
    /// # Errors
    /// As [`IdempotencyKey::of_header`].
    pub fn new(header: Option<&str>, method: &str, path: &str, caller: &str, body: &[u8]) -> Result<Self, Reason> {
        let key = IdempotencyKey::of_header(header)?;
        let mut asked = Vec::new();
        for part in [method, path, caller] {
            absorb_text(part, &mut asked);
        }
        match serde_json::from_slice::<Said>(body) {
            Ok(said) => said.absorb(&mut asked),
            Err(_) => {
                asked.push(b'b');
                asked.extend_from_slice(body);
            }
        }
        Ok(Self { key, fingerprint: Fingerprint(sha256(&asked)) })
    }
}

/// What a JSON body says, as far as that can be told without loss: text that is the same but for its spaces, its escapes and the
/// order of members reads as the same. A fraction, a number beyond 64 bits or a member that comes twice is none of it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Said {
    Nothing,
    Flag(bool),
    Natural(u64),
    Negative(i64),
    Text(String),
    List(Vec<Said>),
    Members(Members),
}

struct Members(BTreeMap<String, Said>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("members, each once")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = BTreeMap::new();
                while let Some((name, value)) = map.next_entry()? {
                    if members.insert(name, value).is_some() {
                        return Err(serde::de::Error::custom("a member that comes twice"));
                    }
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Reader)
    }
}

impl Said {
    /// In a form that nothing else has.
    fn absorb(&self, into: &mut Vec<u8>) {
        match self {
            Self::Nothing => into.push(b'0'),
            Self::Flag(flag) => into.push(if *flag { b't' } else { b'f' }),
            Self::Natural(number) => {
                into.push(b'n');
                into.extend_from_slice(&number.to_be_bytes());
            }
            Self::Negative(number) => {
                into.push(b'-');
                into.extend_from_slice(&number.to_be_bytes());
            }
            Self::Text(text) => absorb_text(text, into),
            Self::List(list) => {
                into.push(b'a');
                absorb_length(list.len(), into);
                list.iter().for_each(|one| one.absorb(into));
            }
            Self::Members(Members(members)) => {
                into.push(b'o');
                absorb_length(members.len(), into);
                for (name, member) in members {
                    absorb_text(name, into);
                    member.absorb(into);
                }
            }
        }
    }
}

fn absorb_text(text: &str, into: &mut Vec<u8>) {
    into.push(b's');
    absorb_length(text.len(), into);
    into.extend_from_slice(text.as_bytes());
}

fn absorb_length(length: usize, into: &mut Vec<u8>) {
    into.extend_from_slice(&u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(method: &str, path: &str, caller: &str, body: &str) -> Fingerprint {
        Request::new(Some("k"), method, path, caller, body.as_bytes()).unwrap().fingerprint
    }

    #[test]
    fn a_key_is_there_or_told_to_be_missing_api_31() {
        for header in [None, Some(""), Some("  ")] {
            assert_eq!(IdempotencyKey::of_header(header), Err(Reason::IdempotencyKeyMissing), "{header:?}");
        }
        let longest = "k".repeat(255);
        for header in ["8e03978e-40d5-43dd-bc93-6894a57f9324", "\"8e03978e\"", "a", &longest] {
            assert!(IdempotencyKey::of_header(Some(header)).is_ok(), "{header}");
        }
        let too_long = "k".repeat(256);
        for header in ["\"", "\"\"", "\"a", "a\"b", "a b", "a\\b", "鍵", "a\u{7f}", &too_long] {
            assert_eq!(IdempotencyKey::of_header(Some(header)), Err(Reason::InputMalformed), "{header}");
        }
        assert_eq!(IdempotencyKey::of_header(Some("\"a\"")), IdempotencyKey::of_header(Some(" a ")));
        assert_ne!(IdempotencyKey::of_header(Some("a")), IdempotencyKey::of_header(Some("A")));
    }

    #[test]
    fn requests_that_ask_the_same_have_one_fingerprint() {
        let one = fingerprint("POST", "/cases", "bank", r#"{"account":"a-1","list":[1,{"x":null,"y":true}]}"#);
        let same = "{ \"list\" : [ 1, {\"y\":true,\"x\":null} ],\n \"account\":\"\\u0061-1\" }";
        assert_eq!(fingerprint("POST", "/cases", "bank", same), one);
        let others = [
            ("PUT", "/cases", "bank", r#"{"account":"a-1","list":[1,{"x":null,"y":true}]}"#),
            ("POST", "/case", "bank", r#"{"account":"a-1","list":[1,{"x":null,"y":true}]}"#),
            ("POST", "/cases", "shop", r#"{"account":"a-1","list":[1,{"x":null,"y":true}]}"#),
            ("POST", "/cases", "bank", r#"{"account":"a-2","list":[1,{"x":null,"y":true}]}"#),
            ("POST", "/cases", "bank", r#"{"account":"a-1","list":[{"x":null,"y":true},1]}"#),
            ("POST", "/cases", "bank", r#"{"account":"a-1","list":["1",{"x":null,"y":true}]}"#),
            ("POST", "/cases", "bank", r#"{"account":"a-1","list":[1,{"x":false,"y":true}]}"#),
            ("POST", "/cases", "bank", r#"{"account":"a-1","list":[1],"x":null,"y":true}"#),
            ("POST", "/cases", "bank", ""),
            ("POST", "/cases", "bank", "\"\""),
            ("POST", "/casesb", "ank", ""),
        ];
        let mut seen = vec![one];
        for (method, path, caller, body) in others {
            let other = fingerprint(method, path, caller, body);
            assert!(!seen.contains(&other), "{method} {path} {caller} {body}");
            seen.push(other);
        }
        // What is not JSON counts by its bytes, and so does what readers of JSON take for the same although it is not.
        for (one, other) in [
            ("{", "{ "),
            ("0.1234567890123456789", "0.1234567890123456788"),
            ("123456789012345678901", "123456789012345678902"),
            ("1.0", "1.00"),
            ("1", "1.0"),
            ("-0", "0"),
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
            (r#"[{"a":1,"a":2}]"#, r#"[{"a":2,"a":2}]"#),
            ("[]", "{}"),
            ("18446744073709551615", "-1"),
        ] {
            assert_ne!(fingerprint("POST", "/", "c", one), fingerprint("POST", "/", "c", other), "{one} {other}");
        }
    }
}
