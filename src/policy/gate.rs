//! Gates: whether a feature is open to an account, and if not, everything that is missing (GATE-11, GATE-12, GATE-13).

use super::{Barrier, Condition, RuleNumber, Standing};
use crate::reason::Reason;
use serde::Serialize;
use std::collections::BTreeSet;

/// What one feature asks for: a row of `[features]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeatureRule {
    /// Rule numbers of kyc.md, as the file cites them.
    pub rules: Vec<RuleNumber>,
    /// Barriers that do not close it: recovery features have some (GATE-12).
    pub survives: BTreeSet<Barrier>,
    /// All of these, in the order they are told.
    pub requires: Vec<Requirement>,
}

/// One requirement: any of its conditions meets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Alternatives, at least one.
    pub any: Vec<Condition>,
    /// The reason an account is told that meets none of them (GATE-11).
    pub reason: Reason,
    /// Rule numbers of kyc.md it comes from.
    pub rules: Vec<RuleNumber>,
}

/// What is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unmet {
    /// The reason to tell.
    pub reason: Reason,
    /// Conditions of which any would do; empty for a barrier and for a feature that is not offered.
    pub any: Vec<Condition>,
    /// Rule numbers that decided.
    pub rules: Vec<RuleNumber>,
}

/// Whether a feature is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Yes.
    Allow,
    /// No: everything that is missing, in order; never empty.
    Deny(Vec<Unmet>),
}

impl Gate {
    /// Whether the feature is open.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Allow)
    }

    /// What is missing, in order; nothing when it is open.
    pub fn unmet(&self) -> &[Unmet] {
        match self {
            Self::Allow => &[],
            Self::Deny(unmet) => unmet,
        }
    }

    /// The reasons of what is missing, in order.
    pub fn reasons(&self) -> Vec<Reason> {
        self.unmet().iter().map(|unmet| unmet.reason).collect()
    }

    pub(super) fn from_unmet(unmet: Vec<Unmet>) -> Self {
        if unmet.is_empty() { Self::Allow } else { Self::Deny(unmet) }
    }
}

/// Judges one feature; `rank` as in [`Condition::is_met`]. Without a rule the feature is not offered.
pub(super) fn judge(rule: Option<&FeatureRule>, standing: &Standing, rank: impl Fn(&str) -> Option<usize>) -> Gate {
    let Some(rule) = rule else {
        let rules = vec![RuleNumber::engine("GATE-11")];
        return Gate::Deny(vec![Unmet { reason: Reason::FeatureNotOffered, any: Vec::new(), rules }]);
    };
    let barriers = standing.barriers.difference(&rule.survives).map(|barrier| Unmet {
        reason: barrier.reason(),
        any: Vec::new(),
        rules: vec![RuleNumber::engine("GATE-12")],
    });
    let missing = rule.requires.iter().filter(|needed| !needed.any.iter().any(|one| one.is_met(standing, &rank)));
    let missing =
        missing.map(|needed| Unmet { reason: needed.reason, any: needed.any.clone(), rules: needed.rules.clone() });
    Gate::from_unmet(barriers.chain(missing).collect())
}
