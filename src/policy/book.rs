//! The rule book: what every policy has, whatever its identities are proved with (kyc.md §13, common shape).

use super::gate::judge;
use super::{Feature, FeatureRule, Gate, Standing, Tier};
use std::collections::BTreeMap;

/// Tiers and what they open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleBook {
    /// The tiers, lowest first.
    pub tiers: Vec<Tier>,
    /// What each feature asks for; what is not listed is not offered.
    pub features: BTreeMap<Feature, FeatureRule>,
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
}
