//! Periodic re-verification: due by the calendar, restricting when overdue, lifted the moment it is done (REV-01 to REV-07).

use super::certificates::CertificateState;
use super::happened::Happened;
use super::notice::Template;
use super::step::Step;
use crate::kyc::CaseId;
use crate::policy::{Reverification as ReverificationNumbers, ReverificationState, Risk};
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

/// What is kept about it; whether it is due follows from these and the instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reverification {
    /// When customer information was last confirmed, unchanged included (REV-02).
    pub confirmed_at: UnixTime,
    /// The case that confirmed it last; the same one a second time changes nothing (ACC-15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// Class of risk.
    pub risk: Risk,
    /// Since when the card's signing certificate is known to be revoked: it may be due early (REV-06, CERT-14).
    pub revoked_at: Option<UnixTime>,
    /// The due date the holder was told of (REV-04).
    pub told_due: Option<UnixTime>,
    /// The deadline whose passing the holder was told of.
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

impl Reverification {
    /// Confirmed at `at`, at ordinary risk.
    pub const fn from(at: UnixTime) -> Self {
        let risk = Risk::Normal;
        Self { confirmed_at: at, case: None, risk, revoked_at: None, told_due: None, told_overdue: None, noted: None }
    }

    /// Where it stands (the axis `reverification` of kyc.md §1). Due whether anything changed or not (REV-02).
    pub fn state(&self, numbers: &ReverificationNumbers, at: UnixTime) -> ReverificationState {
        numbers.state(self.risk, self.confirmed_at, self.revoked_at, at)
    }

    /// When the next one is due, by class of risk (REV-06); `None` is never.
    pub fn due_at(&self, numbers: &ReverificationNumbers) -> Option<UnixTime> {
        numbers.due_at(self.risk, self.confirmed_at, self.revoked_at)
    }

    /// Whether it is overdue.
    pub fn is_overdue(&self, numbers: &ReverificationNumbers, at: UnixTime) -> bool {
        matches!(self.state(numbers, at), ReverificationState::Overdue { .. })
    }
}

/// Done, with the certificate and the purpose of use (REV-01); "unchanged" is an outcome with a new date (REV-02). The
/// restriction is over at once (REV-05).
pub(super) fn complete(step: &mut Step<'_>, case: CaseId, changed: bool) {
    confirm(step, case);
    step.tell(Happened::ReverificationDone { changed });
    step.mail(Template::ReverificationDone);
    step.cite(&["REV-01", "REV-02", "REV-05"]);
}

/// Customer information is confirmed as of now, by this case.
pub(super) fn confirm(step: &mut Step<'_>, case: CaseId) {
    let state = &mut step.wallet.facts.reverification;
    let (risk, noted) = (state.risk, state.noted);
    *state = Reverification { risk, noted, case: Some(case), ..Reverification::from(step.at) };
}

/// The card's signing certificate was revoked: the identity evidence is void, so it may be due early (REV-06, CERT-14).
pub(super) fn signing_certificate_revoked(step: &mut Step<'_>) {
    let state = &mut step.wallet.facts.reverification;
    if state.revoked_at.is_none() {
        state.revoked_at = Some(step.at);
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
    let state = step.wallet.facts.reverification.state(&step.policy.book.reverification, step.at);
    let cause = match step.wallet.facts.certificates.jpki_signing {
        CertificateState::Revoked { cause } => Some(cause),
        _ => None,
    };
    let facts = &mut step.wallet.facts.reverification;
    match state {
        ReverificationState::Due { since, deadline } if facts.told_due != Some(since) => {
            facts.told_due = Some(since);
            let revoked = cause.filter(|_| facts.revoked_at == Some(since));
            step.tell(Happened::ReverificationDue { deadline, revoked });
            step.mail(Template::ReverificationDue { deadline });
            step.cite(&["REV-04"]);
        }
        ReverificationState::Overdue { since } if facts.told_overdue != Some(since) => {
            facts.told_overdue = Some(since);
            step.tell(Happened::ReverificationOverdue);
            step.mail(Template::ReverificationOverdue);
            step.cite(&["REV-03", "REV-04"]);
        }
        _ => {}
    }
}
