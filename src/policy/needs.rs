//! What a tier needs: a tree of alternatives over facts and evidence that counts.

use super::{Fact, HeldEvidence};
use serde::Serialize;
use std::collections::BTreeSet;

/// A need, as `docs/policy.md` writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Needs {
    /// Every branch; the empty list is always met.
    All(Vec<Self>),
    /// A branch.
    Any(Vec<Self>),
    /// A fact.
    Fact(Fact),
    /// One piece of this kind.
    Evidence(String),
    /// Pieces of these kinds from so many different organisations.
    #[serde(untagged)]
    CountDistinct {
        /// How many organisations.
        count_distinct: u32,
        /// Kinds that are counted.
        of: Vec<String>,
    },
}

impl Needs {
    /// Whether these facts and pieces, all of which count, meet the need.
    pub(super) fn are_met(&self, facts: &BTreeSet<Fact>, evidence: &[&HeldEvidence]) -> bool {
        match self {
            Self::All(branches) => branches.iter().all(|branch| branch.are_met(facts, evidence)),
            Self::Any(branches) => branches.iter().any(|branch| branch.are_met(facts, evidence)),
            Self::Fact(fact) => facts.contains(fact),
            Self::Evidence(kind) => evidence.iter().any(|held| held.kind == *kind),
            Self::CountDistinct { count_distinct, of } => {
                let of_kinds = evidence.iter().filter(|held| of.contains(&held.kind));
                let sources: BTreeSet<&str> = of_kinds.map(|held| held.source.as_str()).collect();
                u32::try_from(sources.len()).unwrap_or(u32::MAX) >= *count_distinct
            }
        }
    }
}
