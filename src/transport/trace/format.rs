//! The lines of a recording and the patterns in them.

use serde::{Deserialize, Serialize};

/// What stands for bytes that were blanked: any number of any bytes.
pub(super) const BLANK: &str = "********";

/// Why a recording cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TraceError {
    /// A line is not of the format.
    #[error("line {line} is not a line of a recording: {what}")]
    Malformed {
        /// Line, from 1.
        line: usize,
        /// What is wrong with it; never its content.
        what: &'static str,
    },
    /// The file could not be read or written.
    #[error("the recording could not be read or written")]
    Io(#[from] std::io::Error),
}

/// Whether the holder of the recorded card is a real person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Persona {
    /// Nobody knows: treated as a real person.
    #[default]
    Unknown,
    /// A made-up person.
    Synthetic,
}

/// First line of a recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the format; 1.
    pub version: u32,
    /// Whether the reader is known to carry extended APDUs.
    pub supports_extended_length: bool,
    /// ATR, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub atr: Option<String>,
    /// What wrote the recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// Whether the holder is made up.
    #[serde(default)]
    pub persona: Persona,
}

impl Header {
    /// A header of this program.
    pub fn new(atr: Option<&[u8]>, persona: Persona) -> Self {
        Self {
            version: 1,
            supports_extended_length: false,
            atr: atr.map(hex::encode_upper),
            tool: Some(format!("honnin {}", env!("CARGO_PKG_VERSION"))),
            persona,
        }
    }
}

/// A line. Unknown fields are ignored, unknown types rejected, as in the published format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Line {
    Header(Header),
    Exchange {
        tx: String,
        rx: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        t_us: Option<u64>,
    },
    Error {
        tx: String,
        error: String,
    },
    Event {
        event: String,
    },
}

/// Recorded bytes, of which one run may be blanked.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    before: Vec<u8>,
    /// What follows the blank; `None` where nothing is blanked.
    after: Option<Vec<u8>>,
}

impl Pattern {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        match compact.find('*') {
            None => Some(Self { before: hex::decode(compact).ok()?, after: None }),
            Some(start) => {
                let end = compact.rfind('*')? + 1;
                if compact.get(start..end)?.bytes().any(|byte| byte != b'*') {
                    return None;
                }
                Some(Self {
                    before: hex::decode(compact.get(..start)?).ok()?,
                    after: Some(hex::decode(compact.get(end..)?).ok()?),
                })
            }
        }
    }

    /// Whether these bytes could be the recorded ones.
    pub(super) fn matches(&self, bytes: &[u8]) -> bool {
        match &self.after {
            None => bytes == self.before,
            Some(after) => {
                bytes.len() >= self.before.len() + after.len()
                    && bytes.starts_with(&self.before)
                    && bytes.ends_with(after)
            }
        }
    }

    /// The bytes, where nothing is blanked.
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        self.after.is_none().then_some(&self.before)
    }

    /// The first four bytes: what may be shown of a command.
    pub(super) fn header(&self) -> String {
        hex::encode_upper(self.before.get(..4).unwrap_or(&self.before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_matches_any_bytes_of_any_length() {
        let pattern = Pattern::parse("0020009B ********").unwrap();
        assert!(pattern.matches(b"\x00\x20\x00\x9B\x06ABC123"));
        assert!(pattern.matches(b"\x00\x20\x00\x9B"));
        assert!(!pattern.matches(b"\x00\x20\x00\x98\x041234"));
        assert_eq!(pattern.bytes(), None);
        let answer = Pattern::parse("********9000").unwrap();
        assert!(answer.matches(&[1, 2, 3, 0x90, 0x00]) && !answer.matches(&[0x69, 0x82]));
        assert!(
            Pattern::parse("00**11**22").is_none() && Pattern::parse("0G").is_none() && Pattern::parse("123").is_none()
        );
    }
}
