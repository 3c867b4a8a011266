//! One question to a policy, and its ruling: what two policies are compared by.

use super::{
    Allowance, Barrier, Direction, Fact, Factor, Feature, HeldEvidence, Holdings, LegalMethod, LetterTable, Movement,
    PolicyFile, ReverificationState, Risk, Standing,
};
use crate::reason::Reason;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A synthetic set of facts and what is asked about it; one line of a cases file (docs/policy.md, "Cases").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ask", deny_unknown_fields)]
#[non_exhaustive]
pub enum Question {
    /// Is the feature open?
    Feature {
        /// Which.
        feature: Feature,
        /// Tier of the account.
        tier: String,
        /// What keeps it from being used.
        barriers: BTreeSet<Barrier>,
        /// What is so.
        facts: BTreeSet<Fact>,
        /// Its balance, in the smallest unit.
        balance: u64,
    },
    /// Which tier has an account that holds this?
    Tier {
        /// What is so.
        facts: BTreeSet<Fact>,
        /// What was shown.
        evidence: Vec<HeldEvidence>,
        /// When.
        at: UnixTime,
    },
    /// Is the movement within the limits?
    Movement {
        /// Tier of the account.
        tier: String,
        /// Which way.
        direction: Direction,
        /// How much, in the smallest unit.
        amount: u64,
        /// Balance before it.
        balance: u64,
        /// Paid today before it.
        paid_today: u64,
        /// Paid this year before it.
        paid_this_year: u64,
        /// Paid since the account was opened.
        paid_in_life: u64,
        /// What it was confirmed with.
        factors: BTreeSet<Factor>,
        /// The day's amount that was agreed on.
        agreed_day: Option<u64>,
    },
    /// May an identity be confirmed by this method?
    Method {
        /// Which.
        method: LegalMethod,
        /// When.
        at: UnixTime,
    },
    /// Is this kind of card or evidence taken?
    Kind {
        /// Its name.
        name: String,
        /// When.
        at: UnixTime,
    },
    /// Is re-verification due?
    Reverification {
        /// Risk class.
        risk: Risk,
        /// When the identity was verified last.
        verified_at: UnixTime,
        /// Since when the signing certificate is revoked.
        revoked_at: Option<UnixTime>,
        /// When.
        at: UnixTime,
    },
}

/// What a policy rules: a word, and the reasons to tell. Which rules are cited is not part of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Ruling {
    /// `open`, `closed`, `not_offered`, `within`, `exceeded`, `accepted`, `refused`, a tier's name, or a state of re-verification.
    pub answer: String,
    /// What else belongs to it: reasons by code, limits by key, the tier that is offered.
    pub because: BTreeSet<String>,
}

/// The answer about a feature the policy does not list.
pub(super) const NOT_OFFERED: &str = "not_offered";

impl Question {
    /// What is asked about, without the facts: `feature pay`, `limits class_1`, …
    pub fn subject(&self) -> String {
        match self {
            Self::Feature { feature, .. } => format!("feature {feature}"),
            Self::Tier { .. } => "tier".to_owned(),
            Self::Movement { tier, .. } => format!("limits {tier}"),
            Self::Method { method, .. } => format!("method {method}"),
            Self::Kind { name, .. } => format!("kind {name}"),
            Self::Reverification { .. } => "reverification".to_owned(),
        }
    }

    /// How `policy` rules.
    pub fn ruling(&self, policy: &PolicyFile, letters: &LetterTable) -> Ruling {
        let book = policy.book();
        match self {
            Self::Feature { feature, tier, barriers, facts, balance } => {
                let standing = Standing {
                    tier: tier.clone(),
                    barriers: barriers.clone(),
                    facts: facts.clone(),
                    balance: *balance,
                };
                if !book.features.contains_key(feature) {
                    return Ruling::new(NOT_OFFERED, []);
                }
                let gate = book.gate(*feature, &standing);
                Ruling::new(if gate.is_open() { "open" } else { "closed" }, gate.reasons())
            }
            Self::Tier { facts, evidence, at } => {
                let holdings = Holdings { facts: facts.clone(), evidence: evidence.clone() };
                Ruling::new(book.tier(&holdings, *at).map_or("none", |tier| tier.name.as_str()), [])
            }
            Self::Movement {
                tier,
                direction,
                amount,
                balance,
                paid_today,
                paid_this_year,
                paid_in_life,
                factors,
                agreed_day,
            } => {
                let movement = Movement {
                    direction: *direction,
                    amount: *amount,
                    balance: *balance,
                    paid_today: *paid_today,
                    paid_this_year: *paid_this_year,
                    paid_in_life: *paid_in_life,
                    factors: factors.clone(),
                    agreed_day: *agreed_day,
                };
                match book.allowance(tier, &movement) {
                    Allowance::Within => Ruling::new("within", []),
                    Allowance::Exceeded { limits, offer } => {
                        let mut ruling = Ruling::new("exceeded", []);
                        ruling.because.extend(limits.iter().map(|limit| limit.limit.to_owned()));
                        ruling.because.extend(offer.map(|offer| format!("offer:{}", offer.tier)));
                        ruling
                    }
                }
            }
            Self::Method { method, at } => match policy.method_refusal(*method, letters, *at) {
                None => Ruling::new("accepted", []),
                Some(refusal) => Ruling::new("refused", [refusal.reason]),
            },
            Self::Kind { name, at } => match book.refusal(name, *at) {
                None => Ruling::new("accepted", []),
                Some(refusal) => Ruling::new("refused", [refusal.reason]),
            },
            Self::Reverification { risk, verified_at, revoked_at, at } => Ruling::new(
                match book.reverification.state(*risk, *verified_at, *revoked_at, *at) {
                    ReverificationState::NotDue => "not_due",
                    ReverificationState::Due { .. } => "due",
                    ReverificationState::Overdue { .. } => "overdue",
                },
                [],
            ),
        }
    }
}

impl Ruling {
    fn new(answer: &str, reasons: impl IntoIterator<Item = Reason>) -> Self {
        Self { answer: answer.to_owned(), because: reasons.into_iter().map(|it| it.code().to_owned()).collect() }
    }
}
