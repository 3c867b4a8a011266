//! Bank accounts: registration at the bank's pace, one owner each, and the pay-out destination (BANK-01 to BANK-09, CH-09).

use super::claim::{Claim, ClaimChange, ClaimKind, Occupancy};
use super::happened::Happened;
use super::notice::Template;
use super::pending::Advice;
use super::personal::KeyedHash;
use super::step::{Refusals, Step};
use crate::policy::{BankNumbers, PendingNumbers};
use crate::reason::Reason;
use crate::secret::Personal;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

const DAY: i64 = 86_400;
const HOUR: u32 = 3600;

/// Which way the bank writes its accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BankStyle {
    /// Up to seven digits.
    Ordinary,
    /// ゆうちょ銀行: symbol and number, passed through as they are.
    JapanPost,
}

/// The account number as the bank gets it (BANK-02): ASCII digits, padded to seven; Japan Post's as it is.
///
/// ```
/// use honnin::wallet::{BankStyle, account_number};
/// assert_eq!(account_number("1234", BankStyle::Ordinary).as_deref(), Some("0001234"));
/// assert_eq!(account_number("123-456", BankStyle::Ordinary), None);
/// ```
pub fn account_number(typed: &str, style: BankStyle) -> Option<String> {
    let digits = !typed.is_empty() && typed.bytes().all(|byte| byte.is_ascii_digit());
    match style {
        BankStyle::Ordinary => (digits && typed.len() <= 7).then(|| format!("{typed:0>7}")),
        BankStyle::JapanPost => (digits && typed.len() <= 13).then(|| typed.to_owned()),
    }
}

/// How much an exact top-up charges: the shortage, or the bank's minimum where that is more (GATE-03).
pub const fn exact_top_up_yen(shortage: u64, bank_minimum: u64) -> u64 {
    if shortage == 0 {
        0
    } else if shortage < bank_minimum {
        bank_minimum
    } else {
        shortage
    }
}

/// Where a registration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum BankState {
    /// 仮登録
    Provisional,
    /// The holder is at the bank, or the bank has not answered yet (BANK-06).
    FinalInProgress {
        /// Since when.
        since: UnixTime,
        /// The bank's page was left without an end; free again from here on, by itself (BANK-05).
        stuck_until: Option<UnixTime>,
    },
    /// 本登録
    Final {
        /// Since when.
        since: UnixTime,
    },
    /// Deleted by the holder. Terminal: registering again is a new registration (BANK-04).
    Deleted {
        /// When.
        at: UnixTime,
    },
}

/// One registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankAccount {
    /// Keyed hash of bank, branch and number; the number itself is with the bank's interface, not here.
    pub id: KeyedHash,
    /// Where it stands.
    pub state: BankState,
    /// Whether it is the one for exact top-up; at most one is (GATE-03).
    pub is_exact_topup: bool,
}

impl BankAccount {
    /// Whether charges and pay-outs may use it (BANK-06).
    pub const fn is_final(&self) -> bool {
        matches!(self.state, BankState::Final { .. })
    }

    const fn is_deleted(&self) -> bool {
        matches!(self.state, BankState::Deleted { .. })
    }
}

/// What the bank's interface is given when the holder goes to the bank's page (BANK-01). Number and branch the edge has itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankRequest {
    /// Which bank account.
    pub bank: KeyedHash,
    /// The holder's name: the account's 氏名(カナ) in one form, whatever somebody may type (ATTR-04).
    pub holder_name: Personal<String>,
}

/// The pay-out destination (BANK-08).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payout {
    /// Which account; `None` once it was deleted: the lock stays (Q-10).
    pub bank: Option<KeyedHash>,
    /// Since when the lock runs.
    pub since: UnixTime,
}

/// The bank accounts of one wallet account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankAccounts {
    /// Registrations, deleted ones included, oldest first.
    pub accounts: Vec<BankAccount>,
    /// Where money is paid out to.
    pub payout: Option<Payout>,
    /// How many final registrations there ever were (BANK-04).
    pub final_registrations: u32,
}

/// Why the bank did not complete a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalByBank {
    /// The holder's name in kana differs from the bank's (BANK-01, ATTR-04): the bank's word, no failed verification.
    HolderName,
    /// The bank's own check by phone (BANK-07).
    PhoneCheck,
    /// Anything else the bank says.
    Other,
}

impl RefusalByBank {
    /// The reason to tell: `bank_holder_name_mismatch`, or none of ours (BANK-07).
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::HolderName => Some(Reason::BankHolderNameMismatch),
            Self::PhoneCheck | Self::Other => None,
        }
    }
}

impl BankAccounts {
    /// The registration that is not deleted.
    pub fn find(&self, id: KeyedHash) -> Option<&BankAccount> {
        self.accounts.iter().find(|account| account.id == id && !account.is_deleted())
    }

    fn find_mut(&mut self, id: KeyedHash) -> Option<&mut BankAccount> {
        self.accounts.iter_mut().find(|account| account.id == id && !account.is_deleted())
    }

    /// Registrations that are not deleted.
    pub fn living(&self) -> impl Iterator<Item = &BankAccount> {
        self.accounts.iter().filter(|account| !account.is_deleted())
    }

    /// Until when a registration of this account is stuck at the bank (BANK-05).
    pub fn stuck_until(&self, id: KeyedHash, at: UnixTime) -> Option<UnixTime> {
        match self.find(id)?.state {
            BankState::FinalInProgress { stuck_until, .. } => stuck_until.filter(|until| at < *until),
            _ => None,
        }
    }

    /// What to tell somebody who asks what became of a registration: the bank takes its time, and past the normal one it is a
    /// matter for support (OUT-03, BANK-06). One that is stuck frees itself (BANK-05).
    pub fn advice(&self, id: KeyedHash, numbers: &PendingNumbers, at: UnixTime) -> Advice {
        let normal_until = match self.find(id).map(|account| account.state) {
            None | Some(BankState::Deleted { .. }) => return Advice::ContactSupport,
            Some(BankState::Provisional) => return Advice::BeginAgain,
            Some(BankState::Final { .. }) => return Advice::Done,
            Some(BankState::FinalInProgress { stuck_until: Some(until), .. }) if at < until => until,
            Some(BankState::FinalInProgress { stuck_until: Some(_), .. }) => return Advice::BeginAgain,
            Some(BankState::FinalInProgress { since, stuck_until: None }) => {
                since.plus_seconds(numbers.bank_registration_normal_seconds)
            }
        };
        if at <= normal_until { Advice::Wait { normal_until } } else { Advice::ContactSupport }
    }

    /// Until when the pay-out destination cannot be changed to another (BANK-08).
    pub fn payout_locked_until(&self, numbers: &BankNumbers, at: UnixTime) -> Option<UnixTime> {
        let payout = self.payout?;
        if payout.bank.is_none() && numbers.deleting_ends_payout_lock {
            return None;
        }
        let until = payout.since.plus_seconds(i64::from(numbers.payout_lock_days).saturating_mul(DAY));
        (at < until).then_some(until)
    }

    /// Whether the next final registration of this account costs the fee (BANK-04).
    pub fn costs_a_fee(&self, id: KeyedHash, numbers: &BankNumbers) -> bool {
        let was_deleted = self.accounts.iter().any(|account| account.id == id && account.is_deleted());
        numbers.later_registrations_cost_a_fee
            && (self.final_registrations >= numbers.free_registrations || was_deleted)
    }
}

/// When a page that is closed at `at` is free again: the end of the window on the next day in Japan (BANK-05).
pub fn stuck_until(numbers: &BankNumbers, at: UnixTime) -> UnixTime {
    at.next_day_in_japan(u32::from(numbers.stuck_until_hour_latest).saturating_mul(HOUR))
}

/// Earliest moment at which it may have recovered, which the holder is told as "from about" (BANK-05).
pub fn may_recover_from(numbers: &BankNumbers, at: UnixTime) -> UnixTime {
    at.next_day_in_japan(u32::from(numbers.stuck_until_hour_earliest).saturating_mul(HOUR))
}

const fn claim(id: KeyedHash) -> Claim {
    Claim { kind: ClaimKind::BankAccount, hash: id }
}

fn in_progress<'a>(step: &'a mut Step<'_>, id: KeyedHash) -> Refusals<&'a mut BankAccount> {
    match step.wallet.facts.banks.find_mut(id) {
        Some(account) if matches!(account.state, BankState::FinalInProgress { .. }) => Ok(account),
        _ => Err(Step::refusal(Reason::FlowOutOfOrder, "BANK-06").into()),
    }
}

/// 仮登録: one bank account belongs to one wallet account (BANK-03).
pub(super) fn register(step: &mut Step<'_>, id: KeyedHash, occupancy: &Occupancy) -> Refusals<()> {
    if occupancy.is_held_by_another(&step.wallet.account.id) || *occupancy == Occupancy::Burnt {
        return Err(Step::refusal(Reason::BankAccountInUse, "BANK-03").into());
    }
    if step.wallet.facts.banks.find(id).is_some() {
        return Err(Step::refusal(Reason::BankAccountInUse, "BANK-03").because("already_registered").into());
    }
    let state = BankState::Provisional;
    step.wallet.facts.banks.accounts.push(BankAccount { id, state, is_exact_topup: false });
    step.claims.push(ClaimChange::Take(claim(id)));
    step.tell(Happened::BankRegistered);
    step.cite(&["BANK-03"]);
    Ok(())
}

/// The holder goes to the bank's page.
pub(super) fn begin(step: &mut Step<'_>, id: KeyedHash) -> Refusals<()> {
    let at = step.at;
    if step.wallet.facts.attributes.kana.value.reveal().trim().is_empty() {
        // An account that was never registered has no name to be sent.
        return Err(Step::refusal(Reason::RegistrationRequired, "BANK-01").into());
    }
    let Some(account) = step.wallet.facts.banks.find_mut(id) else {
        return Err(Step::refusal(Reason::FlowOutOfOrder, "BANK-06").into());
    };
    match account.state {
        BankState::Provisional => {}
        // Stuck, and the time is over: it recovered by itself (BANK-05).
        BankState::FinalInProgress { stuck_until: Some(until), .. } if at >= until => {}
        BankState::FinalInProgress { stuck_until: Some(until), .. } => {
            return Err(Step::refusal(Reason::BankRegistrationStuck, "BANK-05").until(until).into());
        }
        _ => return Err(Step::refusal(Reason::FlowOutOfOrder, "BANK-06").into()),
    }
    account.state = BankState::FinalInProgress { since: at, stuck_until: None };
    step.tell(Happened::BankRegistrationBegun);
    step.cite(&["BANK-01"]);
    Ok(())
}

/// The bank's page was closed without the bank's own way out (BANK-05).
pub(super) fn page_closed(step: &mut Step<'_>, id: KeyedHash) -> Refusals<()> {
    let until = stuck_until(&step.policy.wallet.bank, step.at);
    let account = in_progress(step, id)?;
    match account.state {
        BankState::FinalInProgress { since, stuck_until: None } => {
            account.state = BankState::FinalInProgress { since, stuck_until: Some(until) };
        }
        // Closed once is closed.
        _ => return Ok(()),
    }
    step.tell(Happened::BankRegistrationStuck { until });
    step.cite(&["BANK-05"]);
    Ok(())
}

/// The holder used the bank's own way out: nothing is stuck.
pub(super) fn cancelled(step: &mut Step<'_>, id: KeyedHash) -> Refusals<()> {
    in_progress(step, id)?.state = BankState::Provisional;
    step.tell(Happened::BankRegistrationCancelled);
    Ok(())
}

/// The bank completed the registration, perhaps days later (BANK-06).
pub(super) fn completed(step: &mut Step<'_>, id: KeyedHash) -> Refusals<()> {
    let at = step.at;
    let fee = step.wallet.facts.banks.costs_a_fee(id, &step.policy.wallet.bank);
    in_progress(step, id)?.state = BankState::Final { since: at };
    let banks = &mut step.wallet.facts.banks;
    banks.final_registrations = banks.final_registrations.saturating_add(1);
    step.tell(Happened::BankRegistrationCompleted { fee });
    step.mail(Template::BankRegistrationCompleted);
    step.cite(&["BANK-04", "BANK-06"]);
    Ok(())
}

/// The bank refused. Nothing of the identity changes and no failure is counted (BANK-07, ATTR-04).
pub(super) fn refused(step: &mut Step<'_>, id: KeyedHash, cause: RefusalByBank) -> Refusals<()> {
    in_progress(step, id)?.state = BankState::Provisional;
    step.tell(Happened::BankRegistrationRefused { cause });
    step.mail(Template::BankRegistrationRefused);
    step.cite(&["BANK-07"]);
    Ok(())
}

/// Deleting is self-service (CH-09); a lock of the pay-out destination outlives it (BANK-08).
pub(super) fn delete(step: &mut Step<'_>, id: KeyedHash) -> Refusals<()> {
    let at = step.at;
    let banks = &mut step.wallet.facts.banks;
    let Some(account) = banks.find_mut(id) else {
        return Err(Step::refusal(Reason::FeatureRequiresBankAccount, "CH-09").into());
    };
    account.state = BankState::Deleted { at };
    account.is_exact_topup = false;
    if let Some(payout) = banks.payout.as_mut().filter(|payout| payout.bank == Some(id)) {
        payout.bank = None;
    }
    step.claims.push(ClaimChange::Release(claim(id)));
    step.tell(Happened::BankDeleted);
    step.cite(&["CH-09"]);
    Ok(())
}

/// Chooses the one account for exact top-up, or none (GATE-03).
pub(super) fn select_exact_top_up(step: &mut Step<'_>, id: Option<KeyedHash>) -> Refusals<()> {
    let banks = &mut step.wallet.facts.banks;
    if id.is_some_and(|id| !banks.find(id).is_some_and(BankAccount::is_final)) {
        return Err(Step::refusal(Reason::FeatureRequiresBankAccount, "GATE-03").into());
    }
    for account in &mut banks.accounts {
        account.is_exact_topup = Some(account.id) == id && account.is_final();
    }
    step.tell(Happened::ExactTopUpSelected);
    step.cite(&["GATE-03"]);
    Ok(())
}

/// Sets the pay-out destination; the gate has looked at the lock. Setting the same one again changes nothing, and does not
/// start the lock anew.
pub(super) fn set_payout(step: &mut Step<'_>, id: KeyedHash) {
    let banks = &mut step.wallet.facts.banks;
    if banks.payout.is_some_and(|payout| payout.bank == Some(id)) {
        return;
    }
    banks.payout = Some(Payout { bank: Some(id), since: step.at });
    step.tell(Happened::PayoutDestinationSet);
    step.cite(&["BANK-08"]);
}

/// Everything goes with the holder, and the accounts are free for another wallet account (LIFE-13, BANK-03).
pub(super) fn close(step: &mut Step<'_>) {
    let at = step.at;
    for account in &mut step.wallet.facts.banks.accounts {
        if !account.is_deleted() {
            account.state = BankState::Deleted { at };
            account.is_exact_topup = false;
            step.claims.push(ClaimChange::Release(claim(account.id)));
        }
    }
    if let Some(payout) = &mut step.wallet.facts.banks.payout {
        payout.bank = None;
    }
}
