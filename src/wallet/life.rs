//! Stop, resume, the operator's stop, and leaving (LIFE-01 to LIFE-15). Stopping an account and revoking its certificates are two
//! acts, and neither implies the other (LIFE-05, LIFE-14).

use super::bank;
use super::claim::{Claim, ClaimChange, ClaimKind};
use super::facts::Wallet;
use super::happened::Happened;
use super::notice::Template;
use super::personal::KeyedHash;
use super::step::{Refusal, Refusals, Step, all_met};
use super::{attribute, balance};
use crate::kyc::{Hold, Identity, Life};
use crate::policy::OperatorStopNumbers;
use crate::reason::Reason;
use crate::secret::Personal;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

/// Documents that wait for a person (TRI-05): `under_review(since, next_check)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// When they came.
    pub since: UnixTime,
    /// When to look again, and to ask again if there is no answer.
    pub next_check: UnixTime,
}

/// What is kept of the account's life beside [`crate::kyc::Life`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LifeFacts {
    /// Documents handed in to lift an operator's stop.
    pub review: Option<Review>,
    /// When the holder left.
    pub withdrawn_at: Option<UnixTime>,
    /// Until when the record is kept: the end of the relation and the years of the policy (LAW-25).
    pub retain_until: Option<UnixTime>,
}

/// What an identity document shows (LIFE-04). A support procedure: it verifies no identity in the sense of the AML rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its last day, if it has one.
    pub expires_at: Option<UnixTime>,
    /// When it was issued.
    pub issued_at: UnixTime,
    /// It shows a photo.
    pub shows_photo: bool,
    /// It shows name, address and birth date.
    pub shows_particulars: bool,
    /// It shows the individual number: must not be sent at all.
    pub shows_my_number: bool,
    /// The paper with the present address that goes with a document without photo, by its date of issue.
    pub supplement_issued_at: Option<UnixTime>,
}

/// Everything that is wrong with a document, in order (LIFE-04).
pub fn document_obstacles(document: &Document, numbers: &OperatorStopNumbers, at: UnixTime) -> Vec<Refusal> {
    let mut obstacles = Vec::new();
    let malformed = |word| Step::refusal(Reason::InputMalformed, "LIFE-04").because(word);
    let is_old = |issued: UnixTime| at > issued.plus_months_in_japan(u16::from(numbers.document_age_months));
    if document.shows_my_number {
        obstacles.push(Step::refusal(Reason::MyNumberPresent, "LIFE-04"));
    }
    match document.expires_at {
        Some(end) if at > end => obstacles.push(malformed("document_expired")),
        Some(_) => {}
        None if is_old(document.issued_at) => obstacles.push(malformed("document_too_old")),
        None => {}
    }
    if !document.shows_particulars {
        obstacles.push(malformed("particulars_missing"));
    }
    if !document.shows_photo {
        match document.supplement_issued_at {
            None => obstacles.push(malformed("supplement_missing")),
            Some(issued) if is_old(issued) => obstacles.push(malformed("supplement_too_old")),
            Some(_) => {}
        }
    }
    obstacles
}

/// What the operator asks for before lifting a stop (LIFE-03).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ReleaseConditions {
    /// A call.
    pub call: bool,
    /// A photo of the person together with an identity document, before the call.
    pub photo_with_document: bool,
}

/// With a bank account registered, a photo with a document as well as the call (LIFE-03).
pub fn release_conditions(wallet: &Wallet) -> ReleaseConditions {
    ReleaseConditions { call: true, photo_with_document: wallet.facts.banks.living().next().is_some() }
}

fn set(step: &mut Step<'_>, hold: Hold, template: Template) {
    if step.wallet.account.holds.insert(hold) {
        step.tell(Happened::HoldSet { hold });
        step.mail(template);
    }
}

fn lift(step: &mut Step<'_>, hold: Hold, template: Template, rule: &'static str) -> Refusals<()> {
    if !step.wallet.account.holds.remove(&hold) {
        return Err(Step::refusal(Reason::FlowOutOfOrder, rule).into());
    }
    step.tell(Happened::HoldLifted { hold });
    step.mail(template);
    Ok(())
}

/// The holder stops the account (LIFE-01). The certificates stay as they are (LIFE-05).
pub(super) fn stop(step: &mut Step<'_>) {
    set(step, Hold::StoppedByUser, Template::StoppedByUser);
    step.cite(&["LIFE-01"]);
}

/// The holder resumes it (LIFE-02). Lifts that hold and no other.
pub(super) fn resume(step: &mut Step<'_>) -> Refusals<()> {
    step.cite(&["LIFE-02"]);
    lift(step, Hold::StoppedByUser, Template::Resumed, "LIFE-02")
}

/// Unlocked by a new password (SEC-05). Lifts that hold and no other.
pub(super) fn unlock(step: &mut Step<'_>) -> Refusals<()> {
    lift(step, Hold::LockedByFailures, Template::AccountUnlocked, "SEC-05")?;
    step.wallet.facts.failures = super::failures::Failures::default();
    step.wallet.facts.password_registered = true;
    step.tell(Happened::PasswordSet);
    step.cite(&["SEC-05"]);
    Ok(())
}

/// The operator stops the account; told by mail (LIFE-03).
pub(super) fn stop_by_operator(step: &mut Step<'_>) {
    set(step, Hold::StoppedByOperator, Template::StoppedByOperator);
    step.cite(&["LIFE-03"]);
}

/// Documents came in; somebody looks, and looks again (LIFE-04, TRI-05).
pub(super) fn documents(step: &mut Step<'_>, document: &Document) -> Refusals<()> {
    let numbers = &step.policy.wallet.operator_stop;
    if !step.wallet.account.holds.contains(&Hold::StoppedByOperator) {
        return Err(Step::refusal(Reason::FlowOutOfOrder, "LIFE-03").into());
    }
    all_met(document_obstacles(document, numbers, step.at))?;
    let next_check = step.at.plus_seconds(i64::from(numbers.look_again_hours).saturating_mul(3600));
    step.wallet.facts.life.review = Some(Review { since: step.at, next_check });
    step.tell(Happened::DocumentsReceived { next_check });
    step.cite(&["LIFE-04", "TRI-05"]);
    Ok(())
}

/// The operator lifts the stop, once everything that is asked for was done (LIFE-03).
pub(super) fn release(step: &mut Step<'_>, call_made: bool, photo_matched: bool) -> Refusals<()> {
    let conditions = release_conditions(&step.wallet);
    if !step.wallet.account.holds.contains(&Hold::StoppedByOperator) {
        // Theirs to lift, by resuming (LIFE-02) or by a new password (SEC-05).
        let others = step.wallet.account.holds.iter().map(|hold| Step::refusal(hold.reason(), "LIFE-03"));
        all_met(others.collect())?;
    } else {
        let review = |word| Step::refusal(Reason::UnderReview, "LIFE-03").because(word);
        let mut unmet = Vec::new();
        if conditions.photo_with_document && (!photo_matched || step.wallet.facts.life.review.is_none()) {
            unmet.push(review("photo_with_document"));
        }
        if conditions.call && !call_made {
            unmet.push(review("call"));
        }
        all_met(unmet)?;
    }
    lift(step, Hold::StoppedByOperator, Template::ReleasedByOperator, "LIFE-03")?;
    step.wallet.facts.life.review = None;
    step.cite(&["LIFE-03"]);
    Ok(())
}

/// The holder leaves; the gate has looked at balance and pending things (LIFE-10 to LIFE-12). Balance and points are forfeited
/// and the mail address is burnt (LIFE-13, UNIQ-03); the certificates are not touched (LIFE-14); what is personal leaves the
/// live account, while the record stays under its own key for its years (LIFE-15, LAW-25).
pub(super) fn withdraw(step: &mut Step<'_>) {
    let retain_until = step.at.plus_full_years_in_japan(step.policy.wallet.retention.record_years);
    step.mail(Template::Withdrawn);
    balance::forfeit(step);
    bank::close(step);
    let facts = &mut step.wallet.facts;
    facts.life = LifeFacts { review: None, withdrawn_at: Some(step.at), retain_until: Some(retain_until) };
    let claim = |kind, hash: KeyedHash| Claim { kind, hash };
    if let Some(contact) = facts.contact.take() {
        step.claims.push(ClaimChange::Burn(claim(ClaimKind::Email, contact.email.hash)));
        step.claims.push(ClaimChange::Release(claim(ClaimKind::Phone, contact.phone.hash)));
    }
    let link = std::mem::take(&mut facts.link);
    step.claims.extend(link.person.map(|hash| ClaimChange::Release(claim(ClaimKind::Person, hash))));
    let name = link.name_and_birthdate;
    step.claims.extend(name.map(|hash| ClaimChange::Release(claim(ClaimKind::NameAndBirthdate, hash))));
    facts.attributes = attribute::Attributes::typed(Personal::new(String::new()), step.at);
    facts.one_time_passwords = super::one_time_password::OneTimePasswords::default();
    facts.password_registered = false;
    facts.history.forget_payees();
    facts.further_evidence.clear();
    // The particulars are in the record alone from now on; that they were verified once stays with the kind (ACC-16).
    step.wallet.account.particulars = None;
    if step.wallet.account.identity == Identity::InProgress {
        step.wallet.account.identity = Identity::None;
    }
    step.wallet.account.life = Life::Withdrawn;
    step.tell(Happened::Withdrawn { retain_until });
    step.cite(&["LIFE-13", "LIFE-14", "LIFE-15", "LAW-25", "UNIQ-03"]);
}
