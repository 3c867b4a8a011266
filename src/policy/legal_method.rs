//! Legal methods of confirmation by stable id, and the kana letters the law has given them over time (LAW-01, LAW-02).
//!
//! No decision depends on a letter: letters were re-assigned twice, and one letter has meant three methods.

use super::PolicyError;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        /// A method of 犯収法施行規則 6条1項1号, by an id of ours that never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum LegalMethod {
            $($(#[$doc])* #[serde(rename = $word)] $name,)*
        }

        impl LegalMethod {
            /// Every method.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable id.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

methods! {
    /// Photo ID image and live face image.
    DocImageFace = "doc_image_face";
    /// Photo ID chip data and live face image.
    DocChipFace = "doc_chip_face";
    /// Single-copy ID and confirmation by a bank or card company.
    DocPlusBank = "doc_plus_bank";
    /// Document or chip, and mail that is not forwarded.
    DocPlusMail = "doc_plus_mail";
    /// Card-substitute electromagnetic record: the card in a phone (LAW-04).
    PhoneCard = "phone_card";
    /// Delivery limited to the named person.
    RestrictedMail = "restricted_mail";
    /// Certificate of an accredited business, and signed transaction data (LAW-05).
    AccreditedCaSignature = "accredited_ca_signature";
    /// JPKI signing certificate and signed transaction data; the operator is a signature verifier (LAW-06).
    JpkiSignature = "jpki_signature";
    /// Certificate of a business under JPKI Act 17(1)(v), and signed transaction data.
    SpecifiedCaSignature = "specified_ca_signature";
}

impl LegalMethod {
    /// The method with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|method| method.as_str() == id)
    }

    /// Whether the law knows the method at `at`, by the compiled-in table (LAW-03).
    pub fn is_in_force(self, at: UnixTime) -> bool {
        LetterTable::current().is_some_and(|table| table.is_in_force(self, at))
    }
}

impl fmt::Display for LegalMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the law calls a method in one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Letter {
    /// This kana.
    Kana(char),
    /// The method is not in the law yet.
    NotYet,
    /// The method is in the law no more (LAW-03).
    Abolished,
    /// In the law, under a letter that our sources do not tell.
    Unsettled,
}

impl fmt::Display for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kana(kana) => write!(f, "{kana}"),
            Self::NotYet => f.write_str("not_yet"),
            Self::Abolished => f.write_str("abolished"),
            Self::Unsettled => f.write_str("unsettled"),
        }
    }
}

/// How a method changes at the beginning of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MethodChange {
    /// The method.
    pub method: LegalMethod,
    /// First second of the new period.
    pub from: UnixTime,
    /// What it was called.
    pub before: Letter,
    /// What it is called then.
    pub after: Letter,
    /// Whether less is accepted under it then.
    pub narrowed: bool,
}

impl MethodChange {
    /// Whether the method ends.
    pub fn ends(&self) -> bool {
        self.after == Letter::Abolished
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    letters: Vec<Letter>,
    narrowed: Vec<bool>,
}

/// The letters by date. Data: the sources are secondary, so an operator's counsel may give another (LAW-02).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterTable {
    /// e-Gov's id of the ordinance, to look the text up again.
    pub law_id: String,
    /// First seconds of the second and later periods.
    boundaries: Vec<UnixTime>,
    rows: BTreeMap<LegalMethod, Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    law_id: String,
    boundaries: Vec<String>,
    methods: BTreeMap<LegalMethod, RowTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowTable {
    letters: Vec<String>,
    narrowed: Vec<bool>,
}

impl LetterTable {
    /// Reads a table: `docs/policy.md`, "Letters".
    ///
    /// # Errors
    /// [`PolicyError`] with the place.
    pub fn parse(toml: &str) -> Result<Self, PolicyError> {
        let file: File = toml::from_str(toml).map_err(|error| super::file::shape(toml, &error))?;
        if file.format != 1 {
            return Err(PolicyError::value("format", "1, the only format of this table"));
        }
        let boundaries = file.boundaries.iter().enumerate();
        let boundaries = boundaries
            .map(|(at, text)| super::file::instant(text, &format!("boundaries[{at}]")))
            .collect::<Result<Vec<_>, _>>()?;
        if !boundaries.is_sorted_by(|one, next| one < next) {
            return Err(PolicyError::value("boundaries", "instants in ascending order"));
        }
        let periods = boundaries.len().saturating_add(1);
        let mut rows = BTreeMap::new();
        for (method, table) in file.methods {
            rows.insert(method, row(method, &table, periods)?);
        }
        if let Some(missing) = LegalMethod::ALL.iter().find(|method| !rows.contains_key(method)) {
            return Err(PolicyError::value(format!("methods.{missing}"), "a row for every method"));
        }
        Ok(Self { law_id: file.law_id, boundaries, rows })
    }

    /// The table that is compiled in.
    ///
    /// # Errors
    /// [`PolicyError`] when the compiled-in table is broken, which a test excludes.
    pub fn compiled_in() -> Result<Self, PolicyError> {
        Self::parse(include_str!("../../fixtures/policies/legal_methods.toml"))
    }

    /// The compiled-in table, read once; `None` when it is broken.
    fn current() -> Option<&'static Self> {
        static TABLE: LazyLock<Option<LetterTable>> = LazyLock::new(|| LetterTable::compiled_in().ok());
        TABLE.as_ref()
    }

    /// First seconds of the second and later periods, ascending.
    pub fn boundaries(&self) -> &[UnixTime] {
        &self.boundaries
    }

    /// What the law calls `method` at `at`.
    pub fn letter(&self, method: LegalMethod, at: UnixTime) -> Letter {
        let period = self.boundaries.iter().filter(|first| **first <= at).count();
        self.in_period(method, period)
    }

    /// Whether an identity may be confirmed by this method at `at` (LAW-03). What was finished before stays valid.
    pub fn is_in_force(&self, method: LegalMethod, at: UnixTime) -> bool {
        matches!(self.letter(method, at), Letter::Kana(_) | Letter::Unsettled)
    }

    /// What changes for these methods after `at`: letters, ends, and what is narrowed; oldest first.
    pub fn changes_after(&self, at: UnixTime, methods: &[LegalMethod]) -> Vec<MethodChange> {
        let later = self.boundaries.iter().enumerate().filter(|(_, first)| **first > at);
        let mut changes = Vec::new();
        for (period, first) in later {
            for method in methods {
                let (before, after) = (self.in_period(*method, period), self.in_period(*method, period + 1));
                let narrowed = self.rows.get(method).and_then(|row| row.narrowed.get(period + 1)).copied();
                let narrowed = narrowed.unwrap_or(false);
                if before != after || narrowed {
                    changes.push(MethodChange { method: *method, from: *first, before, after, narrowed });
                }
            }
        }
        changes
    }

    fn in_period(&self, method: LegalMethod, period: usize) -> Letter {
        // Every method has a letter for every period: `parse` sees to it.
        self.rows.get(&method).and_then(|row| row.letters.get(period)).cloned().unwrap_or(Letter::Unsettled)
    }
}

fn row(method: LegalMethod, table: &RowTable, periods: usize) -> Result<Row, PolicyError> {
    let place = format!("methods.{method}");
    if table.letters.len() != periods || table.narrowed.len() != periods {
        return Err(PolicyError::value(place, "one letter and one narrowed for every period"));
    }
    let letters = table.letters.iter().enumerate().map(|(at, text)| {
        let mut characters = text.chars();
        match (text.as_str(), characters.next(), characters.next()) {
            ("not_yet", ..) => Ok(Letter::NotYet),
            ("abolished", ..) => Ok(Letter::Abolished),
            ("unsettled", ..) => Ok(Letter::Unsettled),
            (_, Some(kana @ 'ア'..='ン'), None) => Ok(Letter::Kana(kana)),
            _ => Err(PolicyError::value(
                format!("{place}.letters[{at}]"),
                "one katakana, not_yet, abolished or unsettled",
            )),
        }
    });
    Ok(Row { letters: letters.collect::<Result<_, _>>()?, narrowed: table.narrowed.clone() })
}
