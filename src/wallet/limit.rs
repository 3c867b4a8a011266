//! An amount against the limits of the account's tier (ACC-17): the policy's bounds, this account's past, and the tier that would
//! allow it (CN-06).

use super::facts::Wallet;
use super::pending::{Direction, Ending};
use super::standing;
use super::step::{Refusal, Step};
use crate::policy::{Allowance, Direction as Way, Movement, Policy, RuleNumber};
use crate::time::UnixTime;

/// Every bound that the amount passes; money on its way in counts as balance, a failed payment counts for nothing. What goes to
/// the holder's own bank account is no payment.
pub(super) fn exceeded(wallet: &Wallet, direction: Direction, yen: u64, policy: &Policy, at: UnixTime) -> Vec<Refusal> {
    let way = match direction {
        Direction::ChargeFromBank | Direction::ChargeWithCash => Way::Charge,
        Direction::Payment => Way::Payment,
        Direction::SelfTransfer => return Vec::new(),
    };
    let (today, history) = (at.in_japan(), &wallet.facts.history);
    let sum = |counts: &dyn Fn(&super::pending::Operation) -> bool| {
        let yen = history.iter().filter(|operation| counts(operation)).map(|operation| operation.yen);
        yen.fold(0, u64::saturating_add)
    };
    let coming =
        sum(&|it| it.ending.is_none() && matches!(it.direction, Direction::ChargeFromBank | Direction::ChargeWithCash));
    // The first characters of an instant are its year, and its day, on the calendar of Japan.
    let paid = |same: usize| {
        sum(&|it| {
            it.direction == Direction::Payment
                && it.ending != Some(Ending::Failed)
                && it.begun_at.in_japan().get(..same) == today.get(..same)
        })
    };
    let movement = Movement {
        balance: wallet.facts.balances.total(&policy.wallet.balance, at).saturating_add(coming),
        paid_today: paid(10),
        paid_this_year: paid(4),
        paid_in_life: paid(0),
        ..Movement::new(way, yen)
    };
    let Allowance::Exceeded { limits, offer } = policy.book.allowance(&standing::tier(wallet, policy, at), &movement)
    else {
        return Vec::new();
    };
    let offer = offer.map(Box::new);
    limits
        .into_iter()
        .map(|bound| {
            let rule = bound.rules.into_iter().next().unwrap_or_else(|| RuleNumber::engine("ACC-17"));
            Refusal { rule, offer: offer.clone(), ..Step::refusal(bound.reason, "ACC-17").because(bound.limit) }
        })
        .collect()
}
