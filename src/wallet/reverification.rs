//! Periodic re-verification: due by the calendar, restricting when overdue, lifted the moment it is done (REV-01 to REV-07).

use super::happened::Happened;
use super::notice::Template;
use super::step::{Refusals, Step};
use crate::policy::ReverificationNumbers;
use crate::reason::Reason;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

const DAY: i64 = 86_400;

/// Class of risk (REV-06, LAW-12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// Low.
    Low,
    /// Ordinary.
    #[default]
    Standard,
    /// High.
    High,
}

/// What is kept about it; whether it is due follows from these and the instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reverification {
    /// When customer information was last confirmed, unchanged included (REV-02).
    pub confirmed_at: UnixTime,
    /// Class of risk.
    pub risk: Risk,
    /// When something made it due before its time (REV-06).
    pub due_early: Option<UnixTime>,
    /// For which due date the holder was told (REV-04).
    pub told_due: Option<UnixTime>,
    /// For which due date the holder was told that it is overdue.
    pub told_overdue: Option<UnixTime>,
    /// The last look at the stored certificate without the holder: replaces nothing (REV-07).
    pub noted: Option<Noted>,
}

/// What a look without the holder can say (REV-07).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Current {
    /// Unchanged so far.
    Unchanged,
    /// Changed.
    Changed,
    /// Could not be found out.
    Unknown,
}

/// A look without the holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noted {
    /// When.
    pub at: UnixTime,
    /// What.
    pub current: Current,
}

/// The axis `reverification` of kyc.md §1, derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ReverificationState {
    /// Not yet.
    NotDue,
    /// To be done.
    Due {
        /// Since when.
        since: UnixTime,
        /// First second at which it is overdue.
        deadline: UnixTime,
    },
    /// Not done in time (REV-03).
    Overdue {
        /// Since when.
        since: UnixTime,
    },
}

impl Reverification {
    /// Confirmed at `at`, at ordinary risk.
    pub const fn from(at: UnixTime) -> Self {
        let risk = Risk::Standard;
        Self { confirmed_at: at, risk, due_early: None, told_due: None, told_overdue: None, noted: None }
    }

    fn due_at(&self, numbers: &ReverificationNumbers) -> UnixTime {
        let interval = numbers.interval_days;
        let days = match self.risk {
            Risk::Low => interval.low,
            Risk::Standard => interval.standard,
            Risk::High => interval.high,
        };
        let regular = self.confirmed_at.plus_seconds(i64::from(days).saturating_mul(DAY));
        self.due_early.map_or(regular, |early| early.min(regular))
    }

    /// Where it stands. Due whether anything changed or not (REV-02).
    pub fn state(&self, numbers: &ReverificationNumbers, at: UnixTime) -> ReverificationState {
        let since = self.due_at(numbers);
        let deadline = since.plus_seconds(i64::from(numbers.grace_days).saturating_mul(DAY));
        if at < since {
            ReverificationState::NotDue
        } else if at < deadline {
            ReverificationState::Due { since, deadline }
        } else {
            ReverificationState::Overdue { since: deadline }
        }
    }

    /// Whether it is overdue.
    pub fn is_overdue(&self, numbers: &ReverificationNumbers, at: UnixTime) -> bool {
        matches!(self.state(numbers, at), ReverificationState::Overdue { .. })
    }
}

/// Done, with the certificate and the purpose of use (REV-01); "unchanged" is an outcome with a new date (REV-02). The
/// restriction is over at once (REV-05).
pub(super) fn complete(step: &mut Step<'_>, purpose_declared: bool, changed: bool) -> Refusals<()> {
    if !purpose_declared {
        return Err(Step::refusal(Reason::DeclarationMissing, "REV-01").into());
    }
    if let Some(obstacle) = step.wallet.facts.certificates.proofing_obstacle(step.at) {
        return Err(obstacle.into());
    }
    confirm(step);
    step.tell(Happened::ReverificationDone { changed });
    step.mail(Template::ReverificationDone);
    step.cite(&["REV-01", "REV-02", "REV-05"]);
    Ok(())
}

/// Customer information is confirmed as of now.
pub(super) fn confirm(step: &mut Step<'_>) {
    let state = &mut step.wallet.facts.reverification;
    *state = Reverification { risk: state.risk, noted: state.noted, ..Reverification::from(step.at) };
}

/// The card's signing certificate was revoked: the identity evidence is void, so it may be due early (REV-06, CERT-14).
pub(super) fn signing_certificate_revoked(step: &mut Step<'_>) {
    let state = &mut step.wallet.facts.reverification;
    if step.policy.wallet.reverification.revoked_certificate_makes_due && state.due_early.is_none() {
        state.due_early = Some(step.at);
        step.cite(&["REV-06"]);
    }
}

/// A look at the stored certificate without the holder: noted, and no more (REV-07).
pub(super) fn note(step: &mut Step<'_>, current: Current) {
    step.wallet.facts.reverification.noted = Some(Noted { at: step.at, current });
    step.tell(Happened::ValidityNoted);
    step.cite(&["REV-07"]);
}

/// Another class of risk.
pub(super) fn set_risk(step: &mut Step<'_>, risk: Risk) {
    step.wallet.facts.reverification.risk = risk;
    step.cite(&["REV-06"]);
}

/// Tells what has become due or overdue, once each (REV-04).
pub(super) fn sweep(step: &mut Step<'_>) {
    let numbers = &step.policy.wallet.reverification;
    let due_at = step.wallet.facts.reverification.due_at(numbers);
    let state = step.wallet.facts.reverification.state(numbers, step.at);
    let facts = &mut step.wallet.facts.reverification;
    match state {
        ReverificationState::Due { deadline, .. } if facts.told_due != Some(due_at) => {
            facts.told_due = Some(due_at);
            step.tell(Happened::ReverificationDue { deadline });
            step.mail(Template::ReverificationDue { deadline });
            step.cite(&["REV-04"]);
        }
        ReverificationState::Overdue { .. } if facts.told_overdue != Some(due_at) => {
            facts.told_due = Some(due_at);
            facts.told_overdue = Some(due_at);
            step.tell(Happened::ReverificationOverdue);
            step.mail(Template::ReverificationOverdue);
            step.cite(&["REV-03", "REV-04"]);
        }
        _ => {}
    }
}
