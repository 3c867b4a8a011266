//! Charges, payments and self-transfers: begun, perhaps for long, then done or failed for ever; and what to tell when nobody
//! knows which (OUT-01 to OUT-04, BANK-09, GATE-08).

use super::balance::{self, PointLot};
use super::free_text;
use super::happened::{Bucket, Happened};
use super::notice::Template;
use super::personal::{self, KeyedHash};
use super::step::{Refusals, Step};
use crate::policy::PendingNumbers;
use crate::reason::Reason;
use crate::secret::Personal;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

/// Names one operation; the caller's idempotency key (OUT-02). 1 to 64 of `A-Z a-z 0-9 . _ -`, no My Number in it: it goes into
/// the audit log in the clear.
pub type OperationId = String;

/// What it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Money comes from a bank account.
    ChargeFromBank,
    /// Money comes by convenience store, net bank or ATM (GATE-06).
    ChargeWithCash,
    /// Money goes to a payee.
    Payment,
    /// Money goes to the holder's own bank account (BANK-09).
    SelfTransfer,
}

/// How it ended: 完了 or 失敗. Terminal (OUT-04).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// 完了
    Done,
    /// 失敗
    Failed,
}

/// The other side of an operation: compared with what a repeat names (OUT-02), and told to support (OUT-01).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counterpart {
    /// The bank account the money comes from or goes to.
    Bank(KeyedHash),
    /// Whom is paid; personal, because it tells where somebody pays.
    Payee(#[serde(with = "personal::text")] Personal<String>),
}

/// One entry of the history; without an ending it is 処理中 (BANK-09).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// Its name.
    pub id: OperationId,
    /// What it does.
    pub direction: Direction,
    /// How much.
    pub yen: u64,
    /// What it costs the holder beside that (BANK-09).
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub fee_yen: u64,
    /// What was taken from where at the beginning, to be given back when it fails.
    pub taken: Vec<(Bucket, u64)>,
    /// When it was begun.
    pub begun_at: UnixTime,
    /// How it ended.
    pub ending: Option<Ending>,
    /// Nobody was present: shown, so that an unexpected charge can be explained (GATE-08).
    pub unattended: bool,
    /// The other side; none for a charge with cash, and in entries written before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counterpart: Option<Counterpart>,
    /// Where a charge goes when it is done: settled by the kind of the account at its beginning (ACC-11). None for what is no
    /// charge, and in entries written before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lands_in: Option<Bucket>,
    /// The points among what was taken, with the expiry they keep when they come back (CH-07).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub points_taken: Vec<PointLot>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
const fn is_nothing(yen: &u64) -> bool {
    *yen == 0
}

/// What an operation is asked with.
pub(super) struct Asked {
    pub(super) id: OperationId,
    pub(super) direction: Direction,
    pub(super) yen: u64,
    pub(super) unattended: bool,
    /// The other side as the account has it now.
    pub(super) counterpart: Option<Counterpart>,
    /// Whether the request itself names the other side: an exact top-up and a self-transfer go by what is set at their
    /// beginning, and a repeat of theirs is one even when something else is set by now.
    pub(super) names_counterpart: bool,
}

impl Asked {
    /// Whether this can be begun and kept at all: some money, a name fit for the audit log, a payee without a My Number in it.
    pub(super) fn require_well_formed(&self) -> Refusals<()> {
        free_text::require_name(&self.id, "OUT-02")?;
        if let Some(Counterpart::Payee(payee)) = &self.counterpart {
            free_text::require_words(payee.reveal(), "OUT-01")?;
        }
        if self.yen == 0 { Err(Step::refusal(Reason::InputMalformed, "OUT-02").into()) } else { Ok(()) }
    }
}

/// The history of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct History(Vec<Operation>);

/// What to do about an operation or a bank registration whose outcome is not known, after reading the state again (OUT-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "advice", rename_all = "snake_case")]
pub enum Advice {
    /// 完了: wait for the balance.
    Done,
    /// 失敗: begin again from the beginning.
    BeginAgain,
    /// 処理中, and that is normal until then (OUT-03).
    Wait {
        /// Until when.
        normal_until: UnixTime,
    },
    /// 処理中 for too long, or not in the history at all: support, with id, time, payee and amount: those of
    /// [`History::find`], when it is there.
    ContactSupport,
}

impl History {
    /// The entry of this name.
    pub fn find(&self, id: &str) -> Option<&Operation> {
        self.0.iter().find(|operation| operation.id == id)
    }

    /// All entries, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Operation> {
        self.0.iter()
    }

    /// Whom was paid, forgotten: what is left names no place where somebody goes (LIFE-15).
    pub(super) fn forget_payees(&mut self) {
        for operation in &mut self.0 {
            operation.counterpart.take_if(|counterpart| matches!(counterpart, Counterpart::Payee(_)));
        }
    }

    /// Whether anything has no ending yet (LIFE-11).
    pub fn is_pending(&self) -> bool {
        self.0.iter().any(|operation| operation.ending.is_none())
    }

    /// Whether the history of self-transfers says 完了 (LIFE-12): the last one did not fail, and none is under way.
    pub fn self_transfers_are_done(&self) -> bool {
        let mut transfers = self.0.iter().filter(|operation| operation.direction == Direction::SelfTransfer);
        let none_open = transfers.clone().all(|transfer| transfer.ending.is_some());
        none_open && transfers.next_back().is_none_or(|last| last.ending == Some(Ending::Done))
    }

    /// What to tell somebody whose screen said "cannot reach the server" (OUT-01, OUT-03).
    pub fn advice(&self, id: &str, numbers: &PendingNumbers, at: UnixTime) -> Advice {
        let Some(operation) = self.find(id) else { return Advice::ContactSupport };
        match operation.ending {
            Some(Ending::Done) => Advice::Done,
            Some(Ending::Failed) => Advice::BeginAgain,
            None => {
                let normal_until = operation.begun_at.plus_seconds(match operation.direction {
                    Direction::ChargeFromBank | Direction::ChargeWithCash => numbers.charge_normal_seconds,
                    Direction::Payment => numbers.payment_normal_seconds,
                    Direction::SelfTransfer => numbers.self_transfer_normal_seconds,
                });
                if at <= normal_until { Advice::Wait { normal_until } } else { Advice::ContactSupport }
            }
        }
    }
}

/// Whether this very operation was begun before (OUT-02): a repeat changes nothing, another operation under the same name is
/// refused. It is another when anything the request says is other: what, how much, from or to whom, with or without somebody
/// present. An entry from before the other side was kept is compared by the rest.
pub(super) fn is_repeat(step: &mut Step<'_>, asked: &Asked) -> Refusals<bool> {
    let Some(known) = step.wallet.facts.history.find(&asked.id) else { return Ok(false) };
    let is_same_side =
        !asked.names_counterpart || known.counterpart.is_none() || known.counterpart == asked.counterpart;
    let is_same_rest = (known.direction, known.yen, known.unattended) == (asked.direction, asked.yen, asked.unattended);
    if is_same_side && is_same_rest {
        step.cite(&["OUT-02"]);
        return Ok(true);
    }
    Err(Step::refusal(Reason::IdempotencyKeyReused, "OUT-02").into())
}

/// Begins an operation the gate has let through.
pub(super) fn begin(step: &mut Step<'_>, asked: Asked) -> Refusals<()> {
    let Asked { id, direction, yen, unattended, counterpart, .. } = asked;
    let fee_yen = match direction {
        Direction::SelfTransfer => step.policy.wallet.bank.self_transfer_fee_yen,
        Direction::ChargeFromBank | Direction::ChargeWithCash | Direction::Payment => 0,
    };
    let points_before = step.wallet.facts.balances.points.clone();
    let taken = match direction {
        Direction::ChargeFromBank | Direction::ChargeWithCash => Vec::new(),
        Direction::Payment => balance::spend(step, yen)?,
        Direction::SelfTransfer => {
            // Only money goes back (ACC-10, CH-08).
            let yen = yen.saturating_add(fee_yen);
            balance::take(step, Bucket::Money, yen)?;
            vec![(Bucket::Money, yen)]
        }
    };
    let is_charge = matches!(direction, Direction::ChargeFromBank | Direction::ChargeWithCash);
    let points = taken.iter().find(|(bucket, _)| *bucket == Bucket::Points).map_or(0, |(_, count)| *count);
    let points_taken = balance::next_points(&points_before, points);
    let lands_in = is_charge.then(|| balance::bucket_of(step.wallet.account.kind()));
    let operation = Operation {
        id: id.clone(),
        direction,
        yen,
        fee_yen,
        taken,
        begun_at: step.at,
        ending: None,
        unattended,
        counterpart,
        lands_in,
        points_taken,
    };
    step.wallet.facts.history.0.push(operation);
    step.tell(Happened::OperationBegun { id, direction, yen, unattended });
    if unattended {
        step.mail(Template::UnattendedOperation { yen });
        step.cite(&["GATE-08"]);
    }
    Ok(())
}

/// The operation ended. Told twice, nothing changes; told otherwise the second time, it is refused (OUT-04).
pub(super) fn end(step: &mut Step<'_>, id: &str, ending: Ending) -> Refusals<()> {
    let Some(operation) = step.wallet.facts.history.0.iter_mut().find(|operation| operation.id == id) else {
        return Err(Step::refusal(Reason::InputMalformed, "OUT-01").into());
    };
    match operation.ending {
        Some(known) if known == ending => {
            step.cite(&["OUT-02"]);
            return Ok(());
        }
        Some(_) => return Err(Step::refusal(Reason::FlowOutOfOrder, "OUT-04").into()),
        None => operation.ending = Some(ending),
    }
    let (direction, yen, taken) = (operation.direction, operation.yen, operation.taken.clone());
    let (lands_in, points_taken) = (operation.lands_in, operation.points_taken.clone());
    match (direction, ending) {
        (Direction::ChargeFromBank | Direction::ChargeWithCash, Ending::Done) => {
            let bucket = lands_in.unwrap_or(balance::bucket_of(step.wallet.account.kind()));
            balance::credit(step, balance::after_upgrade(step, bucket), yen)?;
            step.cite(&["ACC-11"]);
        }
        (Direction::Payment | Direction::SelfTransfer, Ending::Failed) => {
            let has_lots = !points_taken.is_empty();
            for lot in points_taken {
                balance::credit_points(step, lot)?;
            }
            for (bucket, yen) in taken {
                if bucket == Bucket::Points && has_lots {
                    continue;
                }
                balance::credit(step, balance::after_upgrade(step, bucket), yen)?;
            }
        }
        _ => {}
    }
    step.tell(Happened::OperationEnded { id: id.to_owned(), ending });
    step.cite(&["OUT-04"]);
    Ok(())
}
