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

/// Points of one expiry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointLot {
    /// How many.
    pub count: u64,
    /// First second at which they are gone.
    pub expires_at: Option<UnixTime>,
}

/// Points: an expiry of their own, used up first, gone on withdrawal (CH-07). Every grant keeps its own expiry; those that
/// expire first are used first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Points {
    /// How many expire first.
    pub count: u64,
    /// First second at which those are gone.
    pub expires_at: Option<UnixTime>,
    /// The others, in the order of their expiry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub later: Vec<PointLot>,
}

impl Points {
    /// All of them, those that expire first in front.
    pub fn lots(&self) -> impl Iterator<Item = PointLot> {
        let first = PointLot { count: self.count, expires_at: self.expires_at };
        std::iter::once(first).chain(self.later.iter().copied()).filter(|lot| lot.count > 0)
    }

    /// How many there are, expired or not.
    pub fn total(&self) -> u64 {
        self.lots().fold(0, |sum, lot| sum.saturating_add(lot.count))
    }

    fn of(lots: impl IntoIterator<Item = PointLot>) -> Self {
        // Those without an end come last.
        let mut by_expiry = std::collections::BTreeMap::<_, u64>::new();
        for lot in lots {
            let count = by_expiry.entry((lot.expires_at.is_none(), lot.expires_at)).or_default();
            *count = count.saturating_add(lot.count);
        }
        let mut lots = by_expiry.into_iter().map(|((_, expires_at), count)| PointLot { count, expires_at });
        let first = lots.next().unwrap_or_default();
        Self { count: first.count, expires_at: first.expires_at, later: lots.collect() }
    }
}

/// What an account holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
        let usable = self.points.lots().filter(|lot| lot.expires_at.is_none_or(|end| at < end));
        usable.fold(0, |sum, lot| sum.saturating_add(lot.count))
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
    let (held, left) = (balances.points.total(), balances.usable_points(at));
    if left < held {
        gone.push(Happened::BalanceExpired { bucket: Bucket::Points, yen: held.saturating_sub(left) });
        balances.points = Points::of(balances.points.lots().filter(|lot| lot.expires_at.is_none_or(|end| at < end)));
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
        // Points of an entry from before their expiry was kept: the one that is nearest, rather than none.
        let expires_at = step.wallet.facts.balances.points.expires_at;
        return credit_points(step, PointLot { count: yen, expires_at });
    };
    let sum = amount.yen.checked_add(yen).ok_or_else(|| Step::refusal(Reason::InputMalformed, "ACC-17"))?;
    *amount = Amount { yen: sum, changed_at: at };
    step.happened.push(Happened::Credited { bucket, yen });
    Ok(())
}

/// Adds points with an expiry of their own; others keep theirs. Points that come back after their time are gone (CH-07).
pub(super) fn credit_points(step: &mut Step<'_>, lot: PointLot) -> Refusals<()> {
    let at = step.at;
    let points = &mut step.wallet.facts.balances.points;
    if points.total().checked_add(lot.count).is_none() {
        return Err(Step::refusal(Reason::InputMalformed, "ACC-17").into());
    }
    let (bucket, yen) = (Bucket::Points, lot.count);
    step.happened.push(Happened::Credited { bucket, yen });
    if lot.expires_at.is_some_and(|end| at >= end) {
        step.happened.push(Happened::BalanceExpired { bucket, yen });
    } else if lot.count > 0 {
        *points = Points::of(points.lots().chain([lot]).collect::<Vec<_>>());
    }
    step.cite(&["CH-07"]);
    Ok(())
}

/// The points that are used next.
pub(super) fn next_points(points: &Points, count: u64) -> Vec<PointLot> {
    let mut open = count;
    let mut next = Vec::new();
    for lot in points.lots() {
        let count = lot.count.min(open);
        open = open.saturating_sub(count);
        if count > 0 {
            next.push(PointLot { count, ..lot });
        }
    }
    next
}

/// Takes from points, then cash, then money, whichever is there (CH-07: points are used by themselves; cash goes before money
/// because it expires). Returns what was taken from where, so that a failed payment can be given back.
pub(super) fn spend(step: &mut Step<'_>, yen: u64) -> Refusals<Vec<(Bucket, u64)>> {
    let balances = &step.wallet.facts.balances;
    let (points, cash) = (balances.points.total().min(yen), balances.cash.yen);
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
        None => {
            let points = &mut balances.points;
            points.total().checked_sub(yen).ok_or_else(short)?;
            let mut open = yen;
            let rest = points.lots().map(|lot| {
                let taken = lot.count.min(open);
                open = open.saturating_sub(taken);
                PointLot { count: lot.count.saturating_sub(taken), ..lot }
            });
            let rest: Vec<_> = rest.filter(|lot| lot.count > 0).collect();
            *points = Points::of(rest);
        }
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
    let balances = &step.wallet.facts.balances;
    for (bucket, yen) in [
        (Bucket::Cash, balances.cash.yen),
        (Bucket::Money, balances.money.yen),
        (Bucket::Points, balances.points.total()),
    ] {
        if yen > 0 {
            step.happened.push(Happened::Forfeited { bucket, yen });
        }
    }
    step.wallet.facts.balances = Balances::empty(step.at);
}
