//! The common tables of the file, and the step from them to a [`RuleBook`].

use super::file::rules;
use super::{Barrier, Condition, Feature, FeatureRule, PolicyError, Requirement, RuleBook, Tier, TierName};
use crate::reason::Reason;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TierTable {
    name: String,
    rules: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FeatureTable {
    rules: Vec<String>,
    survives: BTreeSet<Barrier>,
    requires: Vec<RequirementTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequirementTable {
    any: Vec<String>,
    reason: Reason,
    rules: Vec<String>,
}

pub(super) fn rule_book(
    tiers: Vec<TierTable>,
    features: BTreeMap<Feature, FeatureTable>,
) -> Result<RuleBook, PolicyError> {
    let tiers = tiers.into_iter().enumerate().map(|(at, table)| tier(table, at)).collect::<Result<Vec<_>, _>>()?;
    if tiers.is_empty() {
        return Err(PolicyError::value("tiers", "at least one"));
    }
    for (at, tier) in tiers.iter().enumerate() {
        if tiers.iter().take(at).any(|earlier| earlier.name == tier.name) {
            return Err(PolicyError::value(format!("tiers[{at}].name"), "a name no other tier has"));
        }
    }
    let features = features
        .into_iter()
        .map(|(feature, table)| Ok((feature, feature_rule(feature, table, &tiers)?)))
        .collect::<Result<BTreeMap<_, _>, PolicyError>>()?;
    if features.is_empty() {
        return Err(PolicyError::value("features", "at least one"));
    }
    Ok(RuleBook { tiers, features })
}

fn tier(table: TierTable, at: usize) -> Result<Tier, PolicyError> {
    let place = format!("tiers[{at}]");
    let name = TierName::parse(&table.name).ok_or_else(|| {
        PolicyError::value(format!("{place}.name"), "1 to 40 lower-case letters, digits and underscores")
    })?;
    Ok(Tier { name, rules: rules(&table.rules, &format!("{place}.rules"))? })
}

fn feature_rule(feature: Feature, table: FeatureTable, tiers: &[Tier]) -> Result<FeatureRule, PolicyError> {
    let place = format!("features.{feature}");
    let requires = table.requires.into_iter().enumerate();
    Ok(FeatureRule {
        rules: rules(&table.rules, &format!("{place}.rules"))?,
        survives: table.survives,
        requires: requires
            .map(|(at, table)| requirement(table, &format!("{place}.requires[{at}]"), tiers))
            .collect::<Result<_, _>>()?,
    })
}

fn requirement(table: RequirementTable, place: &str, tiers: &[Tier]) -> Result<Requirement, PolicyError> {
    if table.any.is_empty() {
        return Err(PolicyError::value(format!("{place}.any"), "at least one condition"));
    }
    let any = table.any.iter().enumerate();
    Ok(Requirement {
        any: any
            .map(|(at, text)| condition(text, tiers).ok_or_else(|| wrong_condition(format!("{place}.any[{at}]"))))
            .collect::<Result<_, _>>()?,
        reason: table.reason,
        rules: rules(&table.rules, &format!("{place}.rules"))?,
    })
}

/// A condition of the vocabulary that speaks of no tier but the file's own.
pub(super) fn condition(text: &str, tiers: &[Tier]) -> Option<Condition> {
    let condition = Condition::parse(text)?;
    let is_known = |name: &TierName| tiers.iter().any(|tier| tier.name == *name);
    condition.tier().is_none_or(is_known).then_some(condition)
}

fn wrong_condition(place: String) -> PolicyError {
    PolicyError::value(place, "a condition of docs/policy.md; tiers have to be of this file")
}
