//! `[limits]`, and the step from it to [`Limits`].

use super::file::rules;
use super::{Bound, DayByFactors, Factor, Limits, PolicyError, Tier, TierLimits};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsTable {
    rules: Vec<String>,
    currency: String,
    minor_digits: u8,
    day_by_factors: Vec<DayByFactorsTable>,
    tiers: BTreeMap<String, TierLimitsTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DayByFactorsTable {
    at_least: u32,
    including_any: BTreeSet<Factor>,
    day: Amount,
    rules: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TierLimitsTable {
    rules: Vec<String>,
    balance: Amount,
    single_charge: Amount,
    single_payment: Amount,
    day: Amount,
    year: Amount,
    lifetime: Amount,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "an amount of 0 or more, or the word that may stand in its place")]
enum Amount {
    Number(u64),
    Word(String),
}

impl Amount {
    /// `is_day`: only a day's amount may be left to an agreement.
    fn read(self, place: &str, is_day: bool) -> Result<Bound, PolicyError> {
        match self {
            Self::Number(most) => Ok(Bound::AtMost(most)),
            Self::Word(word) if word == "unlimited" => Ok(Bound::Unlimited),
            Self::Word(word) if word == "by_agreement" && is_day => Ok(Bound::ByAgreement),
            Self::Word(_) => Err(PolicyError::value(place, "an amount, unlimited, or for a day by_agreement")),
        }
    }
}

pub(super) fn limits(table: LimitsTable, tiers: &[Tier]) -> Result<Limits, PolicyError> {
    if table.currency.len() != 3 || !table.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(PolicyError::value("limits.currency", "three capital letters of ISO 4217"));
    }
    if table.minor_digits > 4 {
        return Err(PolicyError::value("limits.minor_digits", "0 to 4"));
    }
    let rows = table.day_by_factors.into_iter().enumerate().map(|(at, row)| {
        let place = format!("limits.day_by_factors[{at}]");
        Ok(DayByFactors {
            rules: rules(&row.rules, &format!("{place}.rules"))?,
            at_least: row.at_least,
            including_any: row.including_any,
            day: row.day.read(&format!("{place}.day"), true)?,
        })
    });
    let day_by_factors = rows.collect::<Result<Vec<_>, PolicyError>>()?;
    if day_by_factors.last().is_some_and(|last| last.at_least != 0 || !last.including_any.is_empty()) {
        // Otherwise a payment that fits no row would have no bound, and nobody would have said so.
        return Err(PolicyError::value("limits.day_by_factors", "a last row with at_least = 0 and including_any = []"));
    }
    let mut by_tier = table.tiers;
    let tiers = tiers.iter().map(|tier| {
        let place = format!("limits.tiers.{}", tier.name);
        let table = by_tier
            .remove(tier.name.as_str())
            .ok_or_else(|| PolicyError::value(place.clone(), "a table of limits for every tier (ACC-17)"))?;
        Ok((tier.name.clone(), tier_limits(table, &place)?))
    });
    let tiers = tiers.collect::<Result<_, PolicyError>>()?;
    if let Some(name) = by_tier.into_keys().next() {
        return Err(PolicyError::value(format!("limits.tiers.{name}"), "a tier of this file"));
    }
    Ok(Limits {
        rules: rules(&table.rules, "limits.rules")?,
        currency: table.currency,
        minor_digits: table.minor_digits,
        day_by_factors,
        tiers,
    })
}

fn tier_limits(table: TierLimitsTable, place: &str) -> Result<TierLimits, PolicyError> {
    let read = |amount: Amount, key: &str| amount.read(&format!("{place}.{key}"), key == "day");
    let limits = TierLimits {
        rules: rules(&table.rules, &format!("{place}.rules"))?,
        balance: read(table.balance, "balance")?,
        single_charge: read(table.single_charge, "single_charge")?,
        single_payment: read(table.single_payment, "single_payment")?,
        day: read(table.day, "day")?,
        year: read(table.year, "year")?,
        lifetime: read(table.lifetime, "lifetime")?,
    };
    match (limits.single_charge, limits.balance) {
        (Bound::AtMost(charge), Bound::AtMost(balance)) if charge > balance => Err(PolicyError::value(
            format!("{place}.single_charge"),
            "no more than balance: a charge above it never passes",
        )),
        _ => Ok(limits),
    }
}
