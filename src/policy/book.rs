//! The rule book: what every policy has, whatever its identities are proved with (kyc.md §13, common shape).

use super::gate::judge;
use super::{
    EvidenceKind, Exceeded, Feature, FeatureRule, Gate, HeldEvidence, Holdings, Limits, Movement, NameRule,
    Reverification, RuleNumber, Ruled, Standing, StepUp, StepUpOffer, StepUpOnUse, Tier,
};
use crate::reason::Reason;
use crate::time::UnixTime;
use serde::Serialize;
use std::collections::BTreeMap;

/// `[refusals.NAME]`: an evidence kind or a kind of card that is not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Rule numbers of kyc.md, as the file cites them.
    pub rules: Vec<RuleNumber>,
    /// First second of it; `None` is always.
    pub from: Option<UnixTime>,
    /// The reason to tell.
    pub reason: Reason,
}

/// Tiers, what they need and what they open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleBook {
    /// Kinds of evidence by name.
    pub evidence_kinds: BTreeMap<String, EvidenceKind>,
    /// What is not taken, by name.
    pub refusals: BTreeMap<String, Refusal>,
    /// The tiers, lowest first.
    pub tiers: Vec<Tier>,
    /// What each feature asks for; what is not listed is not offered.
    pub features: BTreeMap<Feature, FeatureRule>,
    /// Limits of amounts.
    pub limits: Limits,
    /// More proof, demanded or offered.
    pub step_up: StepUp,
    /// When an identity is verified again.
    pub reverification: Reverification,
    /// How names are compared.
    pub names: Ruled<NameRule>,
}

/// Whether a movement of money is within the limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// Yes.
    Within,
    /// No.
    Exceeded {
        /// Every bound it passes, in the order of the file.
        limits: Vec<Exceeded>,
        /// The lowest tier above that would allow it, where the policy offers one (CN-06).
        offer: Option<StepUpOffer>,
    },
}

impl RuleBook {
    /// Whether `feature` is open to an account that stands so; every unmet condition is named, in order (GATE-13).
    pub fn gate(&self, feature: Feature, standing: &Standing) -> Gate {
        judge(self.features.get(&feature), standing, |tier| self.rank(tier))
    }

    /// A tier's place from the bottom.
    pub fn rank(&self, tier: &str) -> Option<usize> {
        self.tiers.iter().position(|known| known.name.as_str() == tier)
    }

    /// The tier of an account that holds this at `at`: the highest whose needs are met. `None` only for a book without
    /// tiers, which no file gives.
    pub fn tier(&self, holdings: &Holdings, at: UnixTime) -> Option<&Tier> {
        let counting = self.counting(holdings, at);
        self.tiers.iter().rev().find(|tier| tier.needs.are_met(&holdings.facts, &counting))
    }

    /// Which refusal stands against an evidence kind or a kind of card at `at`.
    pub fn refusal(&self, name: &str, at: UnixTime) -> Option<&Refusal> {
        self.refusals.get(name).filter(|refusal| refusal.from.is_none_or(|from| from <= at))
    }

    /// Whether a movement of money is within the limits of an account of this tier.
    pub fn allowance(&self, tier: &str, movement: &Movement) -> Allowance {
        let limits = self.limits.exceeded(tier, movement);
        if limits.is_empty() {
            return Allowance::Within;
        }
        let above = self.tiers.iter().skip(self.rank(tier).map_or(0, |rank| rank + 1));
        let allows = |tier: &&Tier| self.limits.exceeded(tier.name.as_str(), movement).is_empty();
        let offer = above.filter(|_| self.step_up.offer_on_limit).find(allows).map(|tier| self.offer(tier));
        Allowance::Exceeded { limits, offer }
    }

    /// The lowest tier above that opens `feature` to an account that stands so, where the policy offers one and nothing but
    /// the tier is missing (CN-06).
    pub fn offer_for(&self, feature: Feature, standing: &Standing) -> Option<StepUpOffer> {
        if !self.step_up.offer_on_limit || self.gate(feature, standing).is_open() {
            return None;
        }
        let above = self.tiers.iter().skip(self.rank(&standing.tier).map_or(0, |rank| rank + 1));
        let opens = |tier: &&Tier| {
            let tier = tier.name.as_str().to_owned();
            self.gate(feature, &Standing { tier, ..standing.clone() }).is_open()
        };
        above.into_iter().find(opens).map(|tier| self.offer(tier))
    }

    /// What is demanded of a holder of this segment at the use of a feature, and not there yet (CN-13), in the file's order.
    pub fn demands(&self, feature: Feature, segment: &str, holdings: &Holdings, at: UnixTime) -> Vec<&StepUpOnUse> {
        let counting = self.counting(holdings, at);
        let concerns = |row: &&StepUpOnUse| row.features.contains(&feature) && row.segments.contains(segment);
        let rows = self.step_up.on_use.iter().filter(concerns);
        rows.filter(|row| !row.needs.are_met(&holdings.facts, &counting)).collect()
    }

    fn offer(&self, tier: &Tier) -> StepUpOffer {
        StepUpOffer { tier: tier.name.clone(), needs: tier.needs.clone(), rules: self.step_up.rules.clone() }
    }

    fn counting<'a>(&self, holdings: &'a Holdings, at: UnixTime) -> Vec<&'a HeldEvidence> {
        let counts =
            |held: &&HeldEvidence| held.counts(&self.evidence_kinds, at) && self.refusal(&held.kind, at).is_none();
        holdings.evidence.iter().filter(counts).collect()
    }
}
