//! Whether two names are the same, and whether only their order differs (CN-16).

use crate::reason::Reason;
use serde::{Deserialize, Serialize};

/// `matching.names`. There is one way: what is not equal is refused, and nothing is corrected (ATTR-09).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameRule {
    /// The same words in the same order.
    Exact,
}

/// How two names compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameMatch {
    /// The same.
    Same,
    /// The same words in another order.
    OtherOrder,
    /// Different.
    Different,
}

impl NameMatch {
    /// The reason to tell; none when they are the same.
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::Same => None,
            Self::OtherOrder => Some(Reason::NameOrderMismatch),
            Self::Different => Some(Reason::AttributeMismatch),
        }
    }
}

impl NameRule {
    /// Compares two names word by word. Words are parted by white space, the ideographic space included; how many spaces
    /// stand between them says nothing. Two words are equal only byte for byte.
    pub fn compare(self, one: &str, other: &str) -> NameMatch {
        let Self::Exact = self;
        let (mut one, mut other): (Vec<_>, Vec<_>) =
            (one.split_whitespace().collect(), other.split_whitespace().collect());
        if one == other {
            return NameMatch::Same;
        }
        one.sort_unstable();
        other.sort_unstable();
        if one == other { NameMatch::OtherOrder } else { NameMatch::Different }
    }
}
