//! One line of the log, and the head of the chain.

use crate::crypto::sha256;
use crate::kyc::Event;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;
use std::str::FromStr;

/// Longest line, its end not counted.
pub const MAXIMUM_LINE_BYTES: usize = 64 * 1024;

pub(super) const SOURCE: &str = "urn:honnin:audit:";
pub(super) const SCHEMA: &str = "urn:honnin:audit-data:1";
pub(super) const TYPE: &str = "honnin.";
pub(super) const CLOSED: &str = "honnin.audit.closed";

/// 128 random bits that name one log, so that lines of two logs cannot be mixed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditLogId(pub [u8; 16]);

/// Where a chain stands: number and digest of its last entry. Written `N:DIGEST`.
///
/// ```
/// use honnin::record::AuditHead;
/// let head: AuditHead = format!("7:{}", "ab".repeat(32)).parse().unwrap();
/// assert_eq!(head.entries, 7);
/// assert!("7:AB".parse::<AuditHead>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditHead {
    /// How many entries there are.
    pub entries: u64,
    /// The digest of the last one; zero before the first.
    pub digest: [u8; 32],
}

/// The text was not `N:DIGEST`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the head of an audit log (expected N:DIGEST, the digest in 64 lower-case hexadecimal digits)")]
pub struct NotAHead;

impl FromStr for AuditHead {
    type Err = NotAHead;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (entries, digest) = text.split_once(':').ok_or(NotAHead)?;
        let head = Self { entries: entries.parse().map_err(|_| NotAHead)?, digest: digest_of(digest).ok_or(NotAHead)? };
        if head.to_string() == text { Ok(head) } else { Err(NotAHead) }
    }
}

impl fmt::Display for AuditHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.entries, hex::encode(self.digest))
    }
}

pub(super) fn digest_of(text: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    hex::decode_to_slice(text, &mut digest).ok()?;
    (hex::encode(digest) == text).then_some(digest)
}

/// A line without its digest.
#[derive(Serialize)]
struct Unsealed<'a> {
    specversion: &'a str,
    id: &'a str,
    source: &'a str,
    r#type: &'a str,
    subject: &'a str,
    time: UnixTime,
    datacontenttype: &'a str,
    dataschema: &'a str,
    data: &'a Map<String, Value>,
    previous: &'a str,
}

/// A line as it is read.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    pub(super) specversion: String,
    pub(super) id: String,
    pub(super) source: String,
    pub(super) r#type: String,
    subject: String,
    time: UnixTime,
    datacontenttype: String,
    pub(super) dataschema: String,
    pub(super) data: Map<String, Value>,
    pub(super) previous: String,
    pub(super) digest: String,
}

/// Writes the lines of one log.
#[derive(Clone, Copy, Debug)]
pub struct AuditLog {
    id: AuditLogId,
    head: AuditHead,
}

impl AuditLog {
    /// The log of this name, as far as `head`.
    pub const fn new(id: AuditLogId, head: AuditHead) -> Self {
        Self { id, head }
    }

    /// Where the chain stands.
    pub const fn head(&self) -> AuditHead {
        self.head
    }

    /// The line for `event`, without a line end; the chain has grown by it. `None`, and no growth, for
    /// an event that JSON cannot hold or whose line is longer than [`MAXIMUM_LINE_BYTES`]: nobody could read it again.
    pub fn append(&mut self, event: &Event) -> Option<String> {
        let Value::Object(mut data) = serde_json::to_value(&event.kind).ok()? else { return None };
        let kind = match data.remove("type")? {
            Value::String(kind) => format!("{TYPE}{kind}"),
            _ => return None,
        };
        data.insert("account".to_owned(), event.account.as_str().into());
        if let Some(case) = &event.case {
            data.insert("case".to_owned(), case.as_str().into());
        }
        let subject = event.case.as_ref().map_or(event.account.as_str(), |case| case.as_str());
        let (line, head) = self.line(&kind, subject, event.at, data)?;
        self.head = head;
        Some(line)
    }

    /// The closing entry of an export, without a line end. The chain itself does not grow by it.
    pub fn closing(&self, at: UnixTime) -> Option<String> {
        let data = Map::from_iter([("entries".to_owned(), self.head.entries.into())]);
        self.line(CLOSED, "audit", at, data).map(|(line, _)| line)
    }

    fn line(&self, kind: &str, subject: &str, at: UnixTime, data: Map<String, Value>) -> Option<(String, AuditHead)> {
        let entries = self.head.entries.checked_add(1)?;
        let Value::Object(data) = sorted(Value::Object(data)) else { return None };
        let unsealed = Unsealed {
            specversion: "1.0",
            id: &entries.to_string(),
            source: &format!("{SOURCE}{}", hex::encode(self.id.0)),
            r#type: kind,
            subject,
            time: at,
            datacontenttype: "application/json",
            dataschema: SCHEMA,
            data: &data,
            previous: &hex::encode(self.head.digest),
        };
        let mut line = serde_json::to_string(&unsealed).ok()?;
        line.pop();
        let digest = sha256(line.as_bytes());
        line.push_str(&format!("{MARK}{}\"}}", hex::encode(digest)));
        if line.len() > MAXIMUM_LINE_BYTES {
            return None;
        }
        Some((line, AuditHead { entries, digest }))
    }
}

/// What stands between what is hashed and its digest.
pub(super) const MARK: &str = ",\"digest\":\"";

/// Members by name, whichever map serde_json was built with.
pub(super) fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            members.sort_by(|(a, _), (b, _)| a.cmp(b));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(elements) => Value::Array(elements.into_iter().map(sorted).collect()),
        other => other,
    }
}
