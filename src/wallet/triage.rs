//! "This account cannot be used": a decision tree as data, cheap questions first (TRI-01 to TRI-08, CH-03).
//!
//! The tree knows no account and looks nothing up; whoever asks the questions answers them.

use super::reverification::Risk;
use crate::policy::RuleNumber;
use crate::reason::Reason;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Who acts next (TRI-08).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The holder.
    User,
    /// The municipality.
    Municipality,
    /// Whoever issued a certificate.
    Issuer,
    /// The wallet's operator.
    Operator,
}

/// How far along the order of recovery (TRI-03). A new account is no step of it: one person, one account (ACC-12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recovery {
    /// In the app, by the holder.
    SelfDiagnosis,
    /// By SMS or another automated way.
    Automated,
    /// By support.
    Support,
    /// By somebody who can decide.
    Escalation,
}

/// The end of a way through the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Leaf {
    /// Its name.
    pub name: String,
    /// What it is.
    pub reason: Reason,
    /// What to do.
    pub action: String,
    /// Who does it.
    pub who: Who,
    /// Where in the order of recovery.
    pub recovery: Recovery,
    /// Rules it comes from.
    pub rules: Vec<String>,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// A question nobody has answered yet.
    Ask(String),
    /// The end.
    Leaf(Leaf),
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Node {
    question: String,
    rules: Vec<String>,
    yes: String,
    no: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct LeafTable {
    reason: Reason,
    action: String,
    who: Who,
    recovery: Recovery,
    rules: Vec<String>,
}

/// A tree, checked: every way ends in a leaf.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Triage {
    format: u32,
    first: String,
    steps: BTreeMap<String, Node>,
    leaves: BTreeMap<String, LeafTable>,
}

/// A tree cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TriageError {
    /// Not TOML, or a key is missing, unknown or of the wrong type.
    #[error("line {line}: {problem}")]
    Shape {
        /// Where.
        line: usize,
        /// What.
        problem: String,
    },
    /// A name leads nowhere, a way leads back, or a step is never reached.
    #[error("{place}: {problem}")]
    Broken {
        /// The step or leaf.
        place: String,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl Triage {
    /// Reads a tree.
    ///
    /// # Errors
    /// [`TriageError`] with the place.
    pub fn parse(toml: &str) -> Result<Self, TriageError> {
        let tree: Self = toml::from_str(toml).map_err(|error| {
            let before = error.span().and_then(|span| toml.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count().saturating_add(1);
            TriageError::Shape { line, problem: error.message().to_owned() }
        })?;
        tree.check()?;
        Ok(tree)
    }

    /// The tree that is compiled in.
    ///
    /// # Errors
    /// [`TriageError`] when the compiled-in file is broken, which a test excludes.
    pub fn restricted_account() -> Result<Self, TriageError> {
        Self::parse(include_str!("../../fixtures/triage/restricted_account.toml"))
    }

    /// Follows the answers from the first question on, to the next question or the end.
    pub fn next(&self, answers: &BTreeMap<String, bool>) -> Next {
        let mut place = &self.first;
        loop {
            if let Some(leaf) = self.leaf(place) {
                return Next::Leaf(leaf);
            }
            let Some(node) = self.steps.get(place) else { return Next::Ask(place.clone()) };
            place = match answers.get(&node.question) {
                None => return Next::Ask(node.question.clone()),
                Some(true) => &node.yes,
                Some(false) => &node.no,
            };
        }
    }

    /// Every leaf.
    pub fn leaves(&self) -> impl Iterator<Item = Leaf> {
        self.leaves.keys().filter_map(|name| self.leaf(name))
    }

    fn leaf(&self, name: &str) -> Option<Leaf> {
        let table = self.leaves.get(name)?.clone();
        let LeafTable { reason, action, who, recovery, rules } = table;
        Some(Leaf { name: name.to_owned(), reason, action, who, recovery, rules })
    }

    fn check(&self) -> Result<(), TriageError> {
        let broken = |place: &str, problem| Err(TriageError::Broken { place: place.to_owned(), problem });
        if self.format != 1 {
            return broken("format", "1 is the only format this program knows");
        }
        let cited = self
            .steps
            .iter()
            .map(|(name, node)| (name, &node.rules))
            .chain(self.leaves.iter().map(|(name, leaf)| (name, &leaf.rules)));
        for (name, rules) in cited {
            if rules.is_empty() || !rules.iter().all(|rule| RuleNumber::parse(rule).is_some()) {
                return broken(name, "at least one rule number of kyc.md expected");
            }
        }
        for (name, leaf) in &self.leaves {
            if self.steps.contains_key(name) {
                return broken(name, "a step and a leaf have one name");
            }
            if leaf.action == "new_account" {
                // TRI-03: forbidden by ACC-12.
                return broken(name, "a new account is no way out: one person, one account");
            }
        }
        let mut reached = BTreeSet::new();
        self.descend(&self.first, &mut Vec::new(), &mut reached)?;
        let all = self.steps.keys().chain(self.leaves.keys());
        match all.into_iter().find(|name| !reached.contains(name.as_str())) {
            Some(name) => broken(name, "never reached"),
            None => Ok(()),
        }
    }

    /// Walks every way; as deep as there are steps, because a way may not come back to where it was.
    fn descend<'a>(
        &'a self,
        place: &'a str,
        way: &mut Vec<&'a str>,
        reached: &mut BTreeSet<&'a str>,
    ) -> Result<(), TriageError> {
        let broken = |problem| Err(TriageError::Broken { place: place.to_owned(), problem });
        if way.contains(&place) {
            return broken("a way leads back here");
        }
        let Some(node) = self.steps.get(place) else {
            if !self.leaves.contains_key(place) {
                return broken("neither a step nor a leaf");
            }
            reached.insert(place);
            return Ok(());
        };
        if !reached.insert(place) {
            // Another way came here before; what lies below was walked then, and a circle would pass through `way`.
            return Ok(());
        }
        way.push(place);
        self.descend(&node.yes, way, reached)?;
        self.descend(&node.no, way, reached)?;
        way.pop();
        Ok(())
    }
}

/// Network signals raise the class of risk, and never more than that: an identity proven by a certificate stays proven (TRI-07).
pub const fn risk_after_network_signal(risk: Risk) -> Risk {
    match risk {
        Risk::Low => Risk::Standard,
        Risk::Standard | Risk::High => Risk::High,
    }
}
