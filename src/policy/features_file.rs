//! `[features]`, and the step from it to [`FeatureRule`]s.

use super::file::rules;
use super::{Barrier, Condition, Fact, Feature, FeatureRule, PolicyError, Requirement, Tier, TierName};
use crate::reason::{Class, Reason};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

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

pub(super) fn feature_rules(
    tables: BTreeMap<Feature, FeatureTable>,
    tiers: &[Tier],
) -> Result<BTreeMap<Feature, FeatureRule>, PolicyError> {
    let features = tables.into_iter().map(|(feature, table)| Ok((feature, feature_rule(feature, table, tiers)?)));
    let features = features.collect::<Result<BTreeMap<_, _>, PolicyError>>()?;
    if features.is_empty() { Err(PolicyError::value("features", "at least one")) } else { Ok(features) }
}

fn feature_rule(feature: Feature, table: FeatureTable, tiers: &[Tier]) -> Result<FeatureRule, PolicyError> {
    let place = format!("features.{feature}");
    let code = Condition::Fact(Fact::OneTimePasswordGiven).to_string();
    let asking = table.requires.iter().position(|requirement| requirement.any.contains(&code));
    if let Some(at) = asking.filter(|_| !feature.can_ask_for_one_time_password()) {
        // It would be closed for ever.
        return Err(PolicyError::value(format!("{place}.requires[{at}].any"), "nothing that nobody can type here"));
    }
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
    let wrong = |at| {
        PolicyError::value(format!("{place}.any[{at}]"), "a condition of docs/policy.md; tiers have to be of this file")
    };
    if !may_close_a_feature(table.reason) {
        return Err(PolicyError::value(
            format!("{place}.reason"),
            "a reason of the class gate, bank, life or outage that the service can answer",
        ));
    }
    let any = table.any.iter().enumerate();
    Ok(Requirement {
        any: any.map(|(at, text)| condition(text, tiers).ok_or_else(|| wrong(at))).collect::<Result<_, _>>()?,
        reason: table.reason,
        rules: rules(&table.rules, &format!("{place}.rules"))?,
    })
}

/// A missing reader is no reason to refuse a withdrawal with, and a feature that is listed is offered.
fn may_close_a_feature(reason: Reason) -> bool {
    matches!(reason.class(), Class::Gate | Class::Bank | Class::Life | Class::Outage)
        && reason.http_status().is_some()
        && reason != Reason::FeatureNotOffered
}

/// A condition of the vocabulary that speaks of no tier but the file's own.
fn condition(text: &str, tiers: &[Tier]) -> Option<Condition> {
    let condition = Condition::parse(text)?;
    let is_known = |name: &TierName| tiers.iter().any(|tier| tier.name == *name);
    condition.tier().is_none_or(is_known).then_some(condition)
}
