//! Numbers of rules, and where each rule comes from.

use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

/// A rule of kyc.md by its number, such as `ACC-02`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct RuleNumber(String);

/// Where a rule comes from, and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RuleSource {
    /// Its number.
    pub number: &'static str,
    /// `H` stated outright, `M` by a secondary source, `L` inferred, `D` our decision, `?` open; several with `/`.
    pub confidence: Confidence,
    /// Where it stands: the keys are those of `docs/policy.md`.
    pub source: &'static str,
    /// What it says, in our own words, in English.
    pub english: &'static str,
    /// The same in Japanese.
    pub japanese: &'static str,
}

/// The marks of the catalogue's column "Conf.".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confidence(&'static str);

impl Confidence {
    /// The marks, strongest statement first: `H`, `M`, `L`, `D`, `?`, parted by `/`.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// Whether the rule rests on something that was stated outright.
    pub fn is_stated(self) -> bool {
        self.0.split('/').any(|mark| mark == "H")
    }
}

impl Serialize for Confidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

static SOURCES: LazyLock<BTreeMap<&'static str, RuleSource>> = LazyLock::new(|| {
    let lines = include_str!("data/rules.tsv").lines().filter(|line| !line.starts_with('#'));
    let rows = lines.filter_map(|line| {
        let mut cells = line.split('\t');
        let number = cells.next()?;
        let (confidence, source) = (Confidence(cells.next()?), cells.next()?);
        Some((number, RuleSource { number, confidence, source, english: cells.next()?, japanese: cells.next()? }))
    });
    rows.collect()
});

impl RuleNumber {
    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where the rule comes from; `None` for a number that is not in the catalogue.
    pub fn source(&self) -> Option<&'static RuleSource> {
        RuleSource::of(&self.0)
    }

    /// A rule that holds whatever the policy file says.
    pub(crate) fn engine(number: &'static str) -> Self {
        Self(number.to_owned())
    }

    /// A number of the catalogue.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        SOURCES.contains_key(text).then(|| Self(text.to_owned()))
    }
}

/// No rule of the catalogue has this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the number of a rule of the catalogue")]
pub struct NotARule;

impl FromStr for RuleNumber {
    type Err = NotARule;

    fn from_str(text: &str) -> Result<Self, NotARule> {
        Self::parse(text).ok_or(NotARule)
    }
}

impl RuleSource {
    /// The rule of this number.
    pub fn of(number: &str) -> Option<&'static Self> {
        SOURCES.get(number)
    }

    /// Every rule of the catalogue, by number.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        SOURCES.values()
    }
}

impl fmt::Display for RuleNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
