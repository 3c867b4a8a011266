//! Consent to latest user information (最新の利用者情報): optional, item by item, ten years, and without effect on anything that
//! does not need it (CONS-01 to CONS-08). Kept in a document of its own (CONS-07).

use super::free_text;
use super::happened::Happened;
use super::notice::Template;
use super::step::{Refusals, Step};
use crate::policy::ConsentNumbers;
use crate::reason::Reason;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const DAY: i64 = 86_400;

/// What may be provided (CONS-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentItem {
    /// 氏名
    Name,
    /// 住所
    Address,
    /// 性別
    Gender,
    /// 生年月日
    Birthdate,
    /// 発行の番号; never passed on (LAW-35).
    IssuanceNumber,
}

impl ConsentItem {
    /// What the holder is asked about at the beginning of issuing (CONS-01).
    pub const ALL: [Self; 5] = [Self::Name, Self::Address, Self::Gender, Self::Birthdate, Self::IssuanceNumber];
}

/// Why "registration of consent failed": exactly these two (CONS-03).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationFailure {
    /// The holder had not consented: nothing is to be done.
    NotConsented,
    /// The holder had, and transport failed: only another issuing tries again.
    Transport,
}

/// What the holder answered at the beginning of issuing (CONS-01, CONS-02).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsentAnswer {
    /// No; nothing else changes.
    Refused,
    /// Yes.
    Granted {
        /// Name of the consent, for the store.
        id: String,
        /// To what.
        items: BTreeSet<ConsentItem>,
        /// Whether the registration reached the issuer.
        registered: bool,
    },
}

/// Where a consent stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ConsentState {
    /// Never asked.
    #[default]
    NotAsked,
    /// Given and registered.
    Granted {
        /// Name of the consent.
        id: String,
        /// When.
        at: UnixTime,
        /// First second without it (CONS-06).
        expires_at: UnixTime,
        /// To what.
        items: BTreeSet<ConsentItem>,
        /// Reminders sent so far.
        reminders: u16,
        /// Whether renewal was asked for.
        asked_renewal: bool,
    },
    /// Not given.
    Refused {
        /// When.
        at: UnixTime,
    },
    /// "Registration of consent failed" (CONS-03).
    RegistrationFailed {
        /// When.
        at: UnixTime,
        /// Why.
        cause: RegistrationFailure,
    },
    /// Withdrawn by the holder.
    Withdrawn {
        /// When.
        at: UnixTime,
    },
    /// Ran out.
    Expired {
        /// When.
        at: UnixTime,
    },
}

/// The consent of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Where it stands.
    pub state: ConsentState,
    /// What may be passed on to which linked service: each its own consent (CONS-08).
    pub passed_on: BTreeMap<String, BTreeSet<ConsentItem>>,
}

impl Consent {
    /// Whether it is given and in force.
    pub fn is_in_force(&self, at: UnixTime) -> bool {
        matches!(&self.state, ConsentState::Granted { expires_at, .. } if at < *expires_at)
    }

    /// Whether an item may be provided: consented, and while a certificate lives (CONS-06, CONS-08).
    pub fn may_provide(&self, item: ConsentItem, a_certificate_lives: bool, at: UnixTime) -> bool {
        let is_granted = matches!(&self.state, ConsentState::Granted { items, .. } if items.contains(&item));
        is_granted && a_certificate_lives && self.is_in_force(at)
    }

    /// Whether an item may be passed on to a linked service, which needs its own consent (CONS-08) and, as providing does, a
    /// living certificate (CONS-06). The issuance number never is (LAW-35).
    pub fn may_pass_on(&self, item: ConsentItem, service: &str, a_certificate_lives: bool, at: UnixTime) -> bool {
        item != ConsentItem::IssuanceNumber
            && self.may_provide(item, a_certificate_lives, at)
            && self.passed_on.get(service).is_some_and(|items| items.contains(&item))
    }
}

/// When a consent given at `at` ends: counted from the following day (CONS-06).
fn expires_at(numbers: &ConsentNumbers, at: UnixTime) -> UnixTime {
    at.next_day_in_japan(0).plus_years_in_japan(numbers.valid_years)
}

/// What the answer at issuing becomes. None of the answers keeps anything else from going on (CONS-02, CONS-03). A consent
/// that is in force survives a re-issue at which it was not given again (CONS-06).
pub(super) fn answer(step: &mut Step<'_>, answer: ConsentAnswer) {
    let at = step.at;
    let is_in_force = step.wallet.consent.is_in_force(at);
    let (state, happened) = match answer {
        ConsentAnswer::Granted { id, items, registered: true } => {
            let expires_at = expires_at(&step.policy.wallet.consent, at);
            let state = ConsentState::Granted { id, at, expires_at, items, reminders: 0, asked_renewal: false };
            (state, Happened::ConsentGranted)
        }
        ConsentAnswer::Granted { registered: false, .. } => {
            let cause = RegistrationFailure::Transport;
            (ConsentState::RegistrationFailed { at, cause }, Happened::ConsentRegistrationFailed { cause })
        }
        ConsentAnswer::Refused => (ConsentState::Refused { at }, Happened::ConsentRefused),
    };
    if !is_in_force || matches!(state, ConsentState::Granted { .. }) {
        step.wallet.consent.state = state;
    }
    step.tell(happened);
    step.cite(&["CONS-02", "CONS-03"]);
}

/// The issuer's screen said that registering failed although nothing was consented to (CONS-03 a).
pub(super) fn not_consented(step: &mut Step<'_>) {
    let (at, cause) = (step.at, RegistrationFailure::NotConsented);
    if !step.wallet.consent.is_in_force(at) {
        step.wallet.consent.state = ConsentState::RegistrationFailed { at, cause };
    }
    step.tell(Happened::ConsentRegistrationFailed { cause });
    step.cite(&["CONS-03"]);
}

/// Withdrawn, at any time (CONS-06). What was provided to others stops too.
pub(super) fn withdraw(step: &mut Step<'_>) -> Refusals<()> {
    if !matches!(step.wallet.consent.state, ConsentState::Granted { .. }) {
        return Err(Step::refusal(Reason::FlowOutOfOrder, "CONS-06").into());
    }
    step.wallet.consent.state = ConsentState::Withdrawn { at: step.at };
    step.wallet.consent.passed_on.clear();
    step.tell(Happened::ConsentWithdrawn);
    step.cite(&["CONS-06"]);
    Ok(())
}

/// Its own consent for one linked service (CONS-08); no more than what was consented to in the first place.
pub(super) fn pass_on(step: &mut Step<'_>, service: String, wanted: BTreeSet<ConsentItem>) -> Refusals<()> {
    let at = step.at;
    let allowed = match &step.wallet.consent.state {
        ConsentState::Granted { items, expires_at, .. } if at < *expires_at => wanted.is_subset(items),
        _ => false,
    };
    if !allowed || wanted.contains(&ConsentItem::IssuanceNumber) {
        return Err(Step::refusal(Reason::FlowOutOfOrder, "CONS-08").into());
    }
    free_text::require_words(&service, "CONS-08")?;
    step.wallet.consent.passed_on.insert(service, wanted);
    step.cite(&["CONS-08"]);
    Ok(())
}

/// The yearly reminder, the question for renewal, and the end (CONS-06).
pub(super) fn sweep(step: &mut Step<'_>) {
    let (at, numbers) = (step.at, step.policy.wallet.consent.clone());
    let ConsentState::Granted { at: since, expires_at, reminders, asked_renewal, .. } = &mut step.wallet.consent.state
    else {
        return;
    };
    if at >= *expires_at {
        step.wallet.consent.state = ConsentState::Expired { at };
        step.wallet.consent.passed_on.clear();
        step.tell(Happened::ConsentExpired);
        step.cite(&["CONS-06"]);
        return;
    }
    let ends = *expires_at;
    let renewal = at >= ends.plus_seconds(-i64::from(numbers.ask_renewal_days).saturating_mul(DAY)) && !*asked_renewal;
    *asked_renewal |= renewal;
    let years = |count: u16| numbers.remind_every_years.saturating_mul(count.saturating_add(1));
    let mut due = false;
    // However late the sweep comes, one reminder is enough.
    while *reminders < u16::MAX && at >= since.plus_years_in_japan(years(*reminders)) {
        *reminders = reminders.saturating_add(1);
        due = true;
    }
    if renewal {
        step.mail(Template::ConsentRenewal { expires_at: ends });
    } else if due {
        step.mail(Template::ConsentReminder);
    }
    if renewal || due {
        step.cite(&["CONS-06"]);
    }
}
