//! What two policies decide differently over a set of questions.

use super::question::NOT_OFFERED;
use super::{LetterTable, PolicyFile, Question, Ruling};
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// One way in which two policies differ, with the first question that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What is asked about.
    pub subject: String,
    /// The answer of the first policy.
    pub a: String,
    /// The answer of the second.
    pub b: String,
    /// Reasons only the first tells.
    pub only_a: BTreeSet<String>,
    /// Reasons only the second tells.
    pub only_b: BTreeSet<String>,
    /// How many questions show it.
    pub count: usize,
    /// The first of them.
    pub example: Question,
}

/// A value that two policies set differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettingDifference {
    /// The place in the file.
    pub place: String,
    /// The first policy's value as JSON; `None` where it has no such table.
    pub a: Option<String>,
    /// The second's.
    pub b: Option<String>,
}

/// What two policies set differently without looking at facts ([`PolicyFile::settings`]), by place.
pub fn compare_settings(a: &PolicyFile, b: &PolicyFile) -> Vec<SettingDifference> {
    let (a, b) = (a.settings(), b.settings());
    let places: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    let rows = places.into_iter().map(|place| SettingDifference {
        place: place.clone(),
        a: a.get(place).cloned(),
        b: b.get(place).cloned(),
    });
    rows.filter(|row| row.a != row.b).collect()
}

type Group = (String, String, String, BTreeSet<String>, BTreeSet<String>);

/// Asks both policies every question. Differences of one kind are one row, in a fixed order.
pub fn compare<'a>(
    a: &PolicyFile,
    b: &PolicyFile,
    letters: &LetterTable,
    questions: impl IntoIterator<Item = &'a Question>,
) -> Vec<Difference> {
    let mut groups: BTreeMap<Group, (usize, &'a Question)> = BTreeMap::new();
    for question in questions {
        let (ruling_a, ruling_b) = (question.ruling(a, letters), question.ruling(b, letters));
        if ruling_a == ruling_b {
            continue;
        }
        // Where one does not offer a feature at all, what the other misses for it is beside the point.
        let is_offered = ruling_a.answer != NOT_OFFERED && ruling_b.answer != NOT_OFFERED;
        let only = |one: &Ruling, other: &Ruling| {
            one.because.difference(&other.because).filter(|_| is_offered).cloned().collect()
        };
        let (only_a, only_b) = (only(&ruling_a, &ruling_b), only(&ruling_b, &ruling_a));
        let group = (question.subject(), ruling_a.answer, ruling_b.answer, only_a, only_b);
        groups.entry(group).or_insert((0, question)).0 += 1;
    }
    let rows = groups.into_iter().map(|((subject, a, b, only_a, only_b), (count, example))| Difference {
        subject,
        a,
        b,
        only_a,
        only_b,
        count,
        example: example.clone(),
    });
    rows.collect()
}
