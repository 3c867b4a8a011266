//! The common tables of the file, and the step from them to a [`RuleBook`].

use super::features_file::{FeatureTable, feature_rules};
use super::file::{instant, rules};
use super::limits_file::{LimitsTable, limits};
use super::safeguards;
use super::tier::is_name;
use super::{
    EvidenceKind, Fact, Feature, FeatureRule, Intervals, NameRule, Needs, PolicyError, Refusal, Reverification,
    RuleBook, Ruled, StepUp, StepUpOnUse, Tier, TierName,
};
use crate::reason::Reason;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The tables of the common shape.
pub(super) struct CommonTables {
    /// Whether identities are proved by certificate: then the wallet's code stands on what the file says.
    pub(super) by_certificate: bool,
    pub(super) evidence_kinds: BTreeMap<String, EvidenceKindTable>,
    pub(super) refusals: BTreeMap<String, RefusalTable>,
    pub(super) tiers: Vec<TierTable>,
    pub(super) features: BTreeMap<Feature, FeatureTable>,
    pub(super) limits: LimitsTable,
    pub(super) step_up: StepUpTable,
    pub(super) reverification: ReverificationTable,
    pub(super) matching: MatchingTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EvidenceKindTable {
    rules: Vec<String>,
    lifetime_days: DaysOr,
    when_revoked: WhenRevoked,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum WhenRevoked {
    Lapses,
    Stays,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a number of days, or the word that may stand in its place")]
enum DaysOr {
    Days(u32),
    Word(String),
}

impl DaysOr {
    /// Days, or `None` for the one word that may stand in their place.
    fn read(self, word: &str, place: &str, expected: &'static str) -> Result<Option<u32>, PolicyError> {
        match self {
            Self::Days(days) if (1..=36_500).contains(&days) => Ok(Some(days)),
            Self::Word(text) if text == word => Ok(None),
            Self::Days(_) | Self::Word(_) => Err(PolicyError::value(place, expected)),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefusalTable {
    rules: Vec<String>,
    from: String,
    reason: Reason,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TierTable {
    name: String,
    rules: Vec<String>,
    needs: NeedsTable,
}

/// Exactly one of the five forms; which one is asked when it is read, so that an error has its place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NeedsTable {
    all: Option<Vec<NeedsTable>>,
    any: Option<Vec<NeedsTable>>,
    fact: Option<Fact>,
    evidence: Option<String>,
    count_distinct: Option<u32>,
    of: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepUpTable {
    rules: Vec<String>,
    offer_on_limit: bool,
    on_use: Vec<OnUseTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OnUseTable {
    features: BTreeSet<Feature>,
    segments: BTreeSet<String>,
    needs: NeedsTable,
    rules: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReverificationTable {
    rules: Vec<String>,
    interval_days: IntervalsTable,
    grace_days: u32,
    due_when_revoked: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IntervalsTable {
    low: DaysOr,
    normal: DaysOr,
    high: DaysOr,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MatchingTable {
    rules: Vec<String>,
    names: NameRule,
}

/// Deepest tree of needs.
const DEEPEST: usize = 8;

pub(super) fn rule_book(tables: CommonTables) -> Result<RuleBook, PolicyError> {
    let evidence_kinds = tables
        .evidence_kinds
        .into_iter()
        .map(|(name, table)| evidence_kind(name, table))
        .collect::<Result<BTreeMap<_, _>, _>>()?;
    if tables.by_certificate {
        safeguards::check_refusals(&tables.refusals, &evidence_kinds)?;
    }
    let refusals =
        tables.refusals.into_iter().map(|(name, table)| Ok(refusal(&name, table)?.map(|refusal| (name, refusal))));
    let refusals = refusals.filter_map(Result::transpose).collect::<Result<BTreeMap<_, _>, PolicyError>>()?;
    let tiers = tables.tiers.into_iter().enumerate().map(|(at, table)| tier(table, at, &evidence_kinds));
    let tiers = tiers.collect::<Result<Vec<_>, _>>()?;
    if tiers.first().is_none_or(|lowest| lowest.needs != Needs::All(Vec::new())) {
        return Err(PolicyError::value("tiers[0].needs", "{ all = [] }: everybody has the lowest tier"));
    }
    for (at, tier) in tiers.iter().enumerate() {
        if tiers.iter().take(at).any(|earlier| earlier.name == tier.name) {
            return Err(PolicyError::value(format!("tiers[{at}].name"), "a name no other tier has"));
        }
    }
    let features = feature_rules(tables.features, &tiers)?;
    Ok(RuleBook {
        limits: limits(tables.limits, &tiers)?,
        step_up: step_up(tables.step_up, &evidence_kinds, &features)?,
        features,
        reverification: reverification(tables.reverification)?,
        names: Ruled { rules: rules(&tables.matching.rules, "matching.rules")?, value: tables.matching.names },
        evidence_kinds,
        refusals,
        tiers,
    })
}

fn evidence_kind(name: String, table: EvidenceKindTable) -> Result<(String, EvidenceKind), PolicyError> {
    let place = format!("evidence_kinds.{name}");
    if !is_name(&name) {
        return Err(PolicyError::value(place, "a name of 1 to 40 lower-case letters, digits and underscores"));
    }
    let lifetime = format!("{place}.lifetime_days");
    let kind = EvidenceKind {
        rules: rules(&table.rules, &format!("{place}.rules"))?,
        lifetime_days: table.lifetime_days.read("unlimited", &lifetime, "1 to 36500 days, or unlimited")?,
        stays_when_revoked: matches!(table.when_revoked, WhenRevoked::Stays),
    };
    Ok((name, kind))
}

/// `None` where the file says that it is never refused.
fn refusal(name: &str, table: RefusalTable) -> Result<Option<Refusal>, PolicyError> {
    let place = format!("refusals.{name}");
    if !is_name(name) {
        return Err(PolicyError::value(place, "a name of 1 to 40 lower-case letters, digits and underscores"));
    }
    let rules = rules(&table.rules, &format!("{place}.rules"))?;
    if table.reason != safeguards::refused_with(name) {
        return Err(PolicyError::value(
            format!("{place}.reason"),
            "card_type_not_accepted for a form of a card, else method_not_accepted",
        ));
    }
    let from = match table.from.as_str() {
        "never" => return Ok(None),
        "always" => None,
        text => Some(instant(text, &format!("{place}.from"))?),
    };
    Ok(Some(Refusal { rules, from, reason: table.reason }))
}

fn tier(table: TierTable, at: usize, kinds: &BTreeMap<String, EvidenceKind>) -> Result<Tier, PolicyError> {
    let place = format!("tiers[{at}]");
    let name = TierName::parse(&table.name).ok_or_else(|| {
        PolicyError::value(format!("{place}.name"), "1 to 40 lower-case letters, digits and underscores")
    })?;
    let needs = needs(table.needs, &format!("{place}.needs"), kinds, DEEPEST)?;
    Ok(Tier { name, rules: rules(&table.rules, &format!("{place}.rules"))?, needs })
}

fn needs(
    table: NeedsTable,
    place: &str,
    kinds: &BTreeMap<String, EvidenceKind>,
    deeper: usize,
) -> Result<Needs, PolicyError> {
    let Some(deeper) = deeper.checked_sub(1) else {
        return Err(PolicyError::value(place, "a tree of at most eight levels"));
    };
    let branches = |tables: Vec<NeedsTable>, word: &str| -> Result<Vec<Needs>, PolicyError> {
        let branches = tables.into_iter().enumerate();
        branches.map(|(at, table)| needs(table, &format!("{place}.{word}[{at}]"), kinds, deeper)).collect()
    };
    let known = |kind: &String, place: String| {
        if kinds.contains_key(kind) { Ok(()) } else { Err(PolicyError::value(place, "an evidence kind of this file")) }
    };
    match table {
        NeedsTable { all: Some(all), any: None, fact: None, evidence: None, count_distinct: None, of: None } => {
            Ok(Needs::All(branches(all, "all")?))
        }
        NeedsTable { all: None, any: Some(any), fact: None, evidence: None, count_distinct: None, of: None }
            if !any.is_empty() =>
        {
            Ok(Needs::Any(branches(any, "any")?))
        }
        NeedsTable { all: None, any: None, fact: Some(fact), evidence: None, count_distinct: None, of: None } => {
            Ok(Needs::Fact(fact))
        }
        NeedsTable { all: None, any: None, fact: None, evidence: Some(kind), count_distinct: None, of: None } => {
            known(&kind, format!("{place}.evidence"))?;
            Ok(Needs::Evidence(kind))
        }
        NeedsTable { all: None, any: None, fact: None, evidence: None, count_distinct: Some(count), of: Some(of) }
            if count > 0 && !of.is_empty() =>
        {
            for (at, kind) in of.iter().enumerate() {
                known(kind, format!("{place}.of[{at}]"))?;
            }
            Ok(Needs::CountDistinct { count_distinct: count, of })
        }
        _ => Err(PolicyError::value(
            place,
            "one of all, any, fact, evidence, or count_distinct with of; no count of 0, no empty any or of",
        )),
    }
}

fn step_up(
    table: StepUpTable,
    kinds: &BTreeMap<String, EvidenceKind>,
    features: &BTreeMap<Feature, FeatureRule>,
) -> Result<StepUp, PolicyError> {
    let on_use = table.on_use.into_iter().enumerate().map(|(at, row)| {
        let place = format!("step_up.on_use[{at}]");
        if row.features.is_empty() || row.segments.is_empty() {
            return Err(PolicyError::value(place, "at least one feature and one segment"));
        }
        if !row.features.iter().all(|feature| features.contains_key(feature)) {
            return Err(PolicyError::value(format!("{place}.features"), "features that this file offers"));
        }
        Ok(StepUpOnUse {
            features: row.features,
            segments: row.segments,
            needs: needs(row.needs, &format!("{place}.needs"), kinds, DEEPEST)?,
            rules: rules(&row.rules, &format!("{place}.rules"))?,
        })
    });
    let on_use = on_use.collect::<Result<_, _>>()?;
    Ok(StepUp { rules: rules(&table.rules, "step_up.rules")?, offer_on_limit: table.offer_on_limit, on_use })
}

fn reverification(table: ReverificationTable) -> Result<Reverification, PolicyError> {
    let days = |value: DaysOr, place| value.read("never", place, "1 to 36500 days, or never");
    if table.grace_days > 36_500 {
        return Err(PolicyError::value("reverification.grace_days", "at most 36500 days"));
    }
    Ok(Reverification {
        rules: rules(&table.rules, "reverification.rules")?,
        interval_days: Intervals {
            low: days(table.interval_days.low, "reverification.interval_days.low")?,
            normal: days(table.interval_days.normal, "reverification.interval_days.normal")?,
            high: days(table.interval_days.high, "reverification.interval_days.high")?,
        },
        grace_days: table.grace_days,
        due_when_revoked: table.due_when_revoked,
    })
}
