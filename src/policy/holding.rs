//! What an account holds as evidence, and which of it counts at an instant (CN-14, CN-17).

use super::{Fact, RuleNumber};
use crate::time::UnixTime;
use std::collections::{BTreeMap, BTreeSet};

/// A kind of evidence, declared by the file: a row of `[evidence_kinds]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceKind {
    /// Rule numbers of kyc.md, as the file cites them.
    pub rules: Vec<RuleNumber>,
    /// How long a check counts, in days; `None` is unlimited.
    pub lifetime_days: Option<u32>,
    /// Whether a revoked piece still counts, as a fact of the past (ACC-16), or lapses (CN-17).
    pub stays_when_revoked: bool,
}

/// One piece of evidence that an account holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldEvidence {
    /// Its kind, as the policy names it.
    pub kind: String,
    /// The organisation it comes from: two pieces of one organisation are one channel (CN-14, CN-17).
    pub source: String,
    /// When it was checked.
    pub checked_at: UnixTime,
    /// First second at which it has run out by itself.
    pub expires_at: Option<UnixTime>,
    /// Since when it is revoked.
    pub revoked_at: Option<UnixTime>,
}

/// What a tier is worked out from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// What is so.
    pub facts: BTreeSet<Fact>,
    /// What was shown.
    pub evidence: Vec<HeldEvidence>,
}

impl HeldEvidence {
    /// Whether this piece counts at `at` under the kinds of a file.
    pub(super) fn counts(&self, kinds: &BTreeMap<String, EvidenceKind>, at: UnixTime) -> bool {
        let Some(kind) = kinds.get(&self.kind) else { return false };
        let runs_out = kind.lifetime_days.map(|days| self.checked_at.plus_seconds(i64::from(days) * 86_400));
        self.checked_at <= at
            && self.expires_at.is_none_or(|end| at < end)
            && runs_out.is_none_or(|end| at < end)
            && (kind.stays_when_revoked || self.revoked_at.is_none_or(|since| at < since))
    }
}
