//! Limits of amounts by tier, and of a day by the factors of a payment (ACC-17, CN-02 to CN-05).

use super::{RuleNumber, TierName};
use crate::reason::Reason;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A bound, in the smallest unit of the policy's money. There is no fourth form: what is missing is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Said to be unlimited.
    Unlimited,
    /// At most this much.
    AtMost(u64),
    /// What operator and holder agreed on; nothing where they did not (CN-05).
    ByAgreement,
}

/// `[limits.tiers.NAME]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierLimits {
    /// Rule numbers of kyc.md, as the file cites them.
    pub rules: Vec<RuleNumber>,
    /// Largest balance.
    pub balance: Bound,
    /// Largest single charge.
    pub single_charge: Bound,
    /// Largest single payment.
    pub single_payment: Bound,
    /// Paid in one day.
    pub day: Bound,
    /// Paid in one year.
    pub year: Bound,
    /// Paid over the life of the account.
    pub lifetime: Bound,
}

/// Something a payment was confirmed with (CN-05).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// Something known.
    Password,
    /// A code sent for this payment.
    OneTimePassword,
    /// A body's feature.
    Biometric,
    /// A device that was bound before.
    BoundDevice,
    /// A digital certificate.
    DigitalCertificate,
    /// An electronic signature.
    ElectronicSignature,
}

/// A row of `limits.day_by_factors`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayByFactors {
    /// Rule numbers of kyc.md, as the file cites them.
    pub rules: Vec<RuleNumber>,
    /// At least so many factors,
    pub at_least: u32,
    /// and one of these among them; empty asks for none.
    pub including_any: BTreeSet<Factor>,
    /// What may be paid in one day.
    pub day: Bound,
}

/// `[limits]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rule numbers of kyc.md, as the file cites them.
    pub rules: Vec<RuleNumber>,
    /// ISO 4217 code.
    pub currency: String,
    /// Digits of the smallest unit: 0 for yen, 2 for yuan.
    pub minor_digits: u8,
    /// The first row that fits bounds a day, besides the tier; empty is no such bound.
    pub day_by_factors: Vec<DayByFactors>,
    /// Bounds of every tier.
    pub tiers: BTreeMap<TierName, TierLimits>,
}

/// Which way money moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Into the account: balance and single charge are bounded.
    Charge,
    /// Out of it: single payment, day, year and lifetime are bounded.
    Payment,
}

/// One movement of money, and what was moved before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// Which way.
    pub direction: Direction,
    /// How much, in the smallest unit.
    pub amount: u64,
    /// Balance before it.
    pub balance: u64,
    /// Paid today before it, by the calendar of the operator.
    pub paid_today: u64,
    /// Paid this year before it.
    pub paid_this_year: u64,
    /// Paid since the account was opened.
    pub paid_in_life: u64,
    /// What the payment was confirmed with.
    pub factors: BTreeSet<Factor>,
    /// The day's amount that was agreed on, if any.
    pub agreed_day: Option<u64>,
}

impl Movement {
    /// A movement with nothing before it and no factors.
    pub fn new(direction: Direction, amount: u64) -> Self {
        let factors = BTreeSet::new();
        Self {
            direction,
            amount,
            balance: 0,
            paid_today: 0,
            paid_this_year: 0,
            paid_in_life: 0,
            factors,
            agreed_day: None,
        }
    }
}

/// A bound that a movement passes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exceeded {
    /// The key of the file: `balance`, `single_charge`, `single_payment`, `day`, `day_by_factors`, `year`, `lifetime`; or
    /// `tier` for an account whose tier the policy does not know.
    pub limit: &'static str,
    /// The bound, in the smallest unit.
    pub at_most: u64,
    /// The reason to tell.
    pub reason: Reason,
    /// Rule numbers that decided.
    pub rules: Vec<RuleNumber>,
}

impl Limits {
    /// Every bound that `movement` passes for an account of this tier, in the order of the file.
    pub fn exceeded(&self, tier: &str, movement: &Movement) -> Vec<Exceeded> {
        let Some((_, limits)) = self.tiers.iter().find(|(name, _)| name.as_str() == tier) else {
            return vec![self.passed("tier", 0, &self.rules)];
        };
        let mut exceeded = Vec::new();
        let mut hold = |limit, before: u64, bound, rules: &[RuleNumber]| {
            let most = match bound {
                Bound::Unlimited => return,
                Bound::AtMost(most) => most,
                Bound::ByAgreement => movement.agreed_day.unwrap_or(0),
            };
            if before.checked_add(movement.amount).is_none_or(|sum| sum > most) {
                exceeded.push(self.passed(limit, most, rules));
            }
        };
        match movement.direction {
            Direction::Charge => {
                hold("balance", movement.balance, limits.balance, &limits.rules);
                hold("single_charge", 0, limits.single_charge, &limits.rules);
            }
            Direction::Payment => {
                hold("single_payment", 0, limits.single_payment, &limits.rules);
                hold("day", movement.paid_today, limits.day, &limits.rules);
                if let Some(row) = self.day_by_factors.iter().find(|row| row.fits(&movement.factors)) {
                    hold("day_by_factors", movement.paid_today, row.day, &row.rules);
                }
                hold("year", movement.paid_this_year, limits.year, &limits.rules);
                hold("lifetime", movement.paid_in_life, limits.lifetime, &limits.rules);
            }
        }
        exceeded
    }

    fn passed(&self, limit: &'static str, at_most: u64, rules: &[RuleNumber]) -> Exceeded {
        let mut cited = rules.to_vec();
        cited.extend(self.rules.iter().filter(|rule| !rules.contains(rule)).cloned());
        Exceeded { limit, at_most, reason: Reason::LimitExceeded, rules: cited }
    }
}

impl DayByFactors {
    fn fits(&self, factors: &BTreeSet<Factor>) -> bool {
        u32::try_from(factors.len()).unwrap_or(u32::MAX) >= self.at_least
            && (self.including_any.is_empty() || !self.including_any.is_disjoint(factors))
    }
}
