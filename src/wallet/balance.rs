//! Balances in two buckets, their expiry, and points, which are no balance (ACC-09 to ACC-11, CH-07).

use super::happened::{Bucket, Happened};
use super::step::{Refusals, Step};
use crate::kyc::Kind;
use crate::policy::{BalanceNumbers, ConvertOnUpgrade};
use crate::reason::Reason;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

/// An amount with the instant of its last change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// Yen.
    pub yen: u64,
    /// When it last grew or shrank (ACC-09).
    pub changed_at: UnixTime,
}

/// Points: an expiry of their own, used up first, gone on withdrawal (CH-07).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Points {
    /// How many.
    pub count: u64,
    /// First second at which they are gone.
    pub expires_at: Option<UnixTime>,
}

/// What an account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Balances {
    /// 前払式支払手段: expires, is never paid out (ACC-09, ACC-10).
    pub cash: Amount,
    /// Can be paid out; never expires (ACC-09, ACC-10).
    pub money: Amount,
    /// Points.
    pub points: Points,
}

impl Balances {
    /// Nothing, since `at`.
    pub fn empty(at: UnixTime) -> Self {
        let nothing = Amount { yen: 0, changed_at: at };
        Self { cash: nothing, money: nothing, points: Points::default() }
    }

    /// First second at which the cash balance is gone, if there is any.
    pub fn cash_expires_at(&self, numbers: &BalanceNumbers) -> Option<UnixTime> {
        (self.cash.yen > 0).then(|| self.cash.changed_at.plus_years_in_japan(numbers.cash_expiry_years))
    }

    /// The cash balance that is left at `at`.
    pub fn usable_cash(&self, numbers: &BalanceNumbers, at: UnixTime) -> u64 {
        if self.cash_expires_at(numbers).is_some_and(|end| at >= end) { 0 } else { self.cash.yen }
    }

    /// Points that are left at `at`.
    pub fn usable_points(&self, at: UnixTime) -> u64 {
        if self.points.expires_at.is_some_and(|end| at >= end) { 0 } else { self.points.count }
    }

    /// Both balances, expired cash left out; points are no balance (CH-07).
    pub fn total(&self, numbers: &BalanceNumbers, at: UnixTime) -> u64 {
        self.usable_cash(numbers, at).saturating_add(self.money.yen)
    }

    fn amount(&mut self, bucket: Bucket) -> Option<&mut Amount> {
        match bucket {
            Bucket::Cash => Some(&mut self.cash),
            Bucket::Money => Some(&mut self.money),
            Bucket::Points => None,
        }
    }
}

/// Which bucket a charge goes into.
pub(super) const fn bucket_of(kind: Kind) -> Bucket {
    match kind {
        Kind::Cash => Bucket::Cash,
        Kind::Money => Bucket::Money,
    }
}

/// Takes away what has expired; done before anything else, so that a late charge revives nothing.
pub(super) fn expire(step: &mut Step<'_>) {
    let (numbers, at) = (&step.policy.wallet.balance, step.at);
    let balances = &mut step.wallet.facts.balances;
    let mut gone = Vec::new();
    let left = balances.usable_cash(numbers, at);
    if left < balances.cash.yen {
        gone.push(Happened::BalanceExpired { bucket: Bucket::Cash, yen: balances.cash.yen });
        balances.cash = Amount { yen: 0, changed_at: at };
    }
    if balances.usable_points(at) < balances.points.count {
        gone.push(Happened::BalanceExpired { bucket: Bucket::Points, yen: balances.points.count });
        balances.points = Points::default();
    }
    if !gone.is_empty() {
        step.cite(&["ACC-09", "CH-07"]);
        step.happened.extend(gone);
    }
}

/// Adds to a bucket.
pub(super) fn credit(step: &mut Step<'_>, bucket: Bucket, yen: u64) -> Refusals<()> {
    let at = step.at;
    let Some(amount) = step.wallet.facts.balances.amount(bucket) else {
        let points = &mut step.wallet.facts.balances.points;
        points.count = points.count.checked_add(yen).ok_or_else(|| Step::refusal(Reason::InputMalformed, "ACC-17"))?;
        step.happened.push(Happened::Credited { bucket, yen });
        return Ok(());
    };
    let sum = amount.yen.checked_add(yen).ok_or_else(|| Step::refusal(Reason::InputMalformed, "ACC-17"))?;
    *amount = Amount { yen: sum, changed_at: at };
    step.happened.push(Happened::Credited { bucket, yen });
    Ok(())
}

/// Takes from points, then cash, then money, whichever is there (CH-07: points are used by themselves; cash goes before money
/// because it expires). Returns what was taken from where, so that a failed payment can be given back.
pub(super) fn spend(step: &mut Step<'_>, yen: u64) -> Refusals<Vec<(Bucket, u64)>> {
    let balances = step.wallet.facts.balances;
    let (points, cash) = (balances.points.count.min(yen), balances.cash.yen);
    let cash = cash.min(yen.saturating_sub(points));
    let money = yen.saturating_sub(points).saturating_sub(cash);
    if money > balances.money.yen {
        return Err(Step::refusal(Reason::BalanceInsufficient, "GATE-07").into());
    }
    let taken: Vec<_> = [(Bucket::Points, points), (Bucket::Cash, cash), (Bucket::Money, money)]
        .into_iter()
        .filter(|(_, yen)| *yen > 0)
        .collect();
    for (bucket, yen) in &taken {
        take(step, *bucket, *yen)?;
    }
    Ok(taken)
}

/// Takes from one bucket.
pub(super) fn take(step: &mut Step<'_>, bucket: Bucket, yen: u64) -> Refusals<()> {
    let at = step.at;
    let short = || Step::refusal(Reason::BalanceInsufficient, "GATE-07");
    let balances = &mut step.wallet.facts.balances;
    match balances.amount(bucket) {
        Some(amount) => {
            let rest = amount.yen.checked_sub(yen).ok_or_else(short)?;
            *amount = Amount { yen: rest, changed_at: at };
        }
        None => balances.points.count = balances.points.count.checked_sub(yen).ok_or_else(short)?,
    }
    step.happened.push(Happened::Debited { bucket, yen });
    Ok(())
}

/// What happens to a cash balance when the account becomes `money` (ACC-11).
pub(super) fn on_upgrade(step: &mut Step<'_>) -> Refusals<()> {
    let yen = step.wallet.facts.balances.cash.yen;
    if step.policy.account.value == ConvertOnUpgrade::KeepSeparate || yen == 0 {
        return Ok(());
    }
    take(step, Bucket::Cash, yen)?;
    credit(step, Bucket::Money, yen)
}

/// Where money under way at the upgrade comes to rest: where it would have been had it been there already (ACC-11).
pub(super) fn after_upgrade(step: &Step<'_>, bucket: Bucket) -> Bucket {
    let converts = step.policy.account.value == ConvertOnUpgrade::Convert;
    let is_money = step.wallet.account.kind() == Kind::Money;
    if bucket == Bucket::Cash && converts && is_money { Bucket::Money } else { bucket }
}

/// Everything is forfeited (LIFE-13, CH-07).
pub(super) fn forfeit(step: &mut Step<'_>) {
    let balances = step.wallet.facts.balances;
    for (bucket, yen) in [
        (Bucket::Cash, balances.cash.yen),
        (Bucket::Money, balances.money.yen),
        (Bucket::Points, balances.points.count),
    ] {
        if yen > 0 {
            step.happened.push(Happened::Forfeited { bucket, yen });
        }
    }
    step.wallet.facts.balances = Balances::empty(step.at);
}
