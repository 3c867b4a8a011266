//! One condition as the file writes it, `word` or `word:parameter`, and whether a standing meets it.

use super::{Fact, Standing, TierName};
use serde::{Serialize, Serializer};
use std::fmt;

/// A condition of a feature or a tier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Condition {
    /// A fact holds.
    Fact(Fact),
    /// `tier_at_least:NAME`
    TierAtLeast(TierName),
    /// `tier_below:NAME`
    TierBelow(TierName),
    /// `balance_at_most:AMOUNT`, in the policy's smallest unit of money.
    BalanceAtMost(u64),
}

impl Condition {
    /// Reads the file's word; whether a tier exists is asked later.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text.split_once(':') {
            None => Fact::from_word(text).map(Self::Fact),
            Some(("tier_at_least", name)) => TierName::parse(name).map(Self::TierAtLeast),
            Some(("tier_below", name)) => TierName::parse(name).map(Self::TierBelow),
            // One way to write a number: `007` and `+7` are no amounts.
            Some(("balance_at_most", amount)) => {
                amount.parse::<u64>().ok().filter(|number| number.to_string() == amount).map(Self::BalanceAtMost)
            }
            Some(_) => None,
        }
    }

    /// The tier it speaks of.
    pub(super) const fn tier(&self) -> Option<&TierName> {
        match self {
            Self::TierAtLeast(tier) | Self::TierBelow(tier) => Some(tier),
            Self::Fact(_) | Self::BalanceAtMost(_) => None,
        }
    }

    /// Whether it is met; `rank` tells a tier's place from the bottom, `None` for a tier the policy does not know.
    pub(super) fn is_met(&self, standing: &Standing, rank: impl Fn(&str) -> Option<usize>) -> bool {
        match self {
            Self::Fact(fact) => standing.facts.contains(fact),
            // An unknown tier is below all others, so it never reaches one; `None < Some(_)`.
            Self::TierAtLeast(tier) => {
                rank(tier.as_str()).is_some_and(|needed| rank(&standing.tier).is_some_and(|has| has >= needed))
            }
            Self::TierBelow(tier) => {
                rank(tier.as_str()).is_some_and(|bound| rank(&standing.tier).is_some_and(|has| has < bound))
            }
            Self::BalanceAtMost(most) => standing.balance <= *most,
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fact(fact) => f.write_str(fact.as_str()),
            Self::TierAtLeast(tier) => write!(f, "tier_at_least:{tier}"),
            Self::TierBelow(tier) => write!(f, "tier_below:{tier}"),
            Self::BalanceAtMost(most) => write!(f, "balance_at_most:{most}"),
        }
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_and_written_alike() {
        let parametrised = ["tier_at_least:money", "tier_below:class_2", "balance_at_most:500", "balance_at_most:0"];
        for word in Fact::ALL.iter().map(|fact| fact.as_str()).chain(parametrised) {
            assert_eq!(Condition::parse(word).unwrap().to_string(), word);
        }
        for bad in [
            "",
            "no_such_fact",
            "certificate_login:yes",
            "tier_at_least",
            "tier_at_least:",
            "tier_at_least:Money",
            "balance_at_most:",
            "balance_at_most:-1",
            "balance_at_most:+1",
            "balance_at_most:007",
            "balance_at_most:18446744073709551616",
        ] {
            assert_eq!(Condition::parse(bad), None, "{bad}");
        }
    }
}
