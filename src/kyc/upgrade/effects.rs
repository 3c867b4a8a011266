//! What follows from a decision, as one set of effects. Pure.
//!
//! How the "Retry" column of kyc.md §15.3 is read, for a refusal after the challenge was consumed:
//! - `no`, `no (new case)`: nothing the holder does now can mend it, the case is rejected (`certificate_revoked`, …);
//! - `new challenge`, `restart` and the rest: the case stays open and may ask for another challenge (`signature_invalid`, …);
//! - `declaration_missing` alone: everything else is fine, so the proof is kept and the case waits for the declaration;
//! - an outage: nothing is counted, nothing is decided; with a verified signature the proof is kept (RSN-20, RSN-25).

use super::UpgradeError;
use crate::evidence::Evidence;
use crate::kyc::{
    Account, AccountFacts, Attachment, Case, CaseState, ConfirmationRecord, Decision, Declaration, Effects, Event,
    EventKind, FailureEffect, HeldProof, Identity, Kind, Outcome, Particulars, ProofEffect, Provenance, Versioned,
};
use crate::policy::{Policy, RuleNumber};
use crate::proof::Challenge;
use crate::reason::Reason;
use crate::secret::Personal;
use crate::time::UnixTime;
use crate::verdict::CheckId;

/// A decision with all it was made from.
pub(super) struct Submission<'a> {
    pub(super) decision: &'a Decision,
    pub(super) evidence: &'a Evidence,
    pub(super) held: &'a HeldProof,
    pub(super) challenge: &'a Challenge,
    pub(super) policy: &'a Policy,
    pub(super) time_stamps: &'a [Vec<u8>],
    pub(super) at: UnixTime,
}

pub(super) fn event(case: &Case, at: UnixTime, kind: EventKind) -> Event {
    Event { at, account: case.account.clone(), case: Some(case.id.clone()), kind }
}

/// Case and account as they were read, and whether other cases of the account are open.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    pub(super) case: &'a Versioned<Case>,
    pub(super) account: &'a Versioned<Account>,
    pub(super) others_open: bool,
}

/// The effects of a submission on case and account, as they were read.
///
/// # Errors
/// [`UpgradeError::RecordIncomplete`] when an approval could not be recorded, and so must not be;
/// [`UpgradeError::OutOfOrder`] when the machine of kyc.md §19.1 has no such step.
pub(super) fn of(submission: &Submission<'_>, facts: Facts<'_>) -> Result<Effects, UpgradeError> {
    let Submission { decision, evidence, held, at, .. } = submission;
    let mut step = Step::new(facts, *at);
    step.effects.signature = evidence.signature().filter(|_| !is_counted_before(decision));
    match &decision.outcome {
        Outcome::Upgrade { from, to, because } => {
            step.follow(evidence)?;
            step.become_state(CaseState::Approved)?;
            let record = record(submission, facts, because).ok_or(UpgradeError::RecordIncomplete)?;
            step.effects.record = Some(record);
            step.approve(submission, *from, *to, because);
        }
        Outcome::Review { .. } => {
            step.follow(evidence)?;
            step.become_state(CaseState::UnderReview)?;
            step.effects.proof = ProofEffect::Keep((*held).clone());
        }
        Outcome::Unavailable { dependency, retry_at, .. } => {
            if evidence.passed(CheckId::Signature) {
                step.follow(evidence)?;
                // A case that rests further on waits where it is: `unavailable` hangs on `signature_verified` alone.
                if step.case.facts.state == CaseState::SignatureVerified {
                    step.become_state(CaseState::Unavailable { dependency: *dependency, retry_at: *retry_at })?;
                }
                step.effects.proof = ProofEffect::Keep((*held).clone());
            }
        }
        Outcome::Refuse { reasons, .. } => step.refuse(reasons, evidence, held)?,
    }
    Ok(step.finish())
}

/// The effects of a case's time being over.
pub(super) fn expired(facts: Facts<'_>, at: UnixTime) -> Result<Effects, UpgradeError> {
    let mut step = Step::new(facts, at);
    step.become_state(CaseState::Expired)?;
    step.give_up();
    Ok(step.finish())
}

/// The effects of ending a case whose account is closed in the same transaction: its proof and its declaration go. The account
/// itself is left to whoever closes it. `None` for a case that has ended.
pub fn closing(case: &Versioned<Case>, reason: Reason, at: UnixTime) -> Option<Effects> {
    let from = case.facts.state;
    let mut case = case.clone();
    case.facts.advance(CaseState::Rejected { reason }).ok()?;
    case.facts.declaration = Declaration::default();
    let mut effects = Effects::none(case.facts.account.clone());
    effects.events = vec![event(&case.facts, at, EventKind::CaseTransitioned { from, to: case.facts.state })];
    effects.proof = ProofEffect::Drop;
    effects.case = Some(case);
    Some(effects)
}

fn is_counted_before(decision: &Decision) -> bool {
    matches!(&decision.outcome, Outcome::Refuse { reasons, .. } if reasons.contains(&Reason::EvidenceAlreadyUsed))
}

fn ends_the_case(reason: Reason) -> bool {
    reason.retry() == "no" || reason.retry().starts_with("no (")
}

struct Step {
    case: Versioned<Case>,
    account: Versioned<Account>,
    account_changed: bool,
    others_open: bool,
    at: UnixTime,
    effects: Effects,
}

impl Step {
    fn new(facts: Facts<'_>, at: UnixTime) -> Self {
        let Facts { case, account, others_open } = facts;
        let effects = Effects::none(account.facts.id.clone());
        Self { case: case.clone(), account: account.clone(), account_changed: false, others_open, at, effects }
    }

    fn tell(&mut self, kind: EventKind) {
        let event = event(&self.case.facts, self.at, kind);
        self.effects.events.push(event);
    }

    /// One step of the machine, and its event.
    fn become_state(&mut self, to: CaseState) -> Result<(), UpgradeError> {
        let from = self.case.facts.state;
        self.case.facts.advance(to).map_err(|_| UpgradeError::OutOfOrder { state: from })?;
        self.tell(EventKind::CaseTransitioned { from, to });
        Ok(())
    }

    /// As far along the line as the evidence reaches, from where the case rests; never back.
    fn follow(&mut self, evidence: &Evidence) -> Result<(), UpgradeError> {
        for (check, state) in [
            (None, CaseState::EvidenceReceived),
            (Some(CheckId::Signature), CaseState::SignatureVerified),
            (Some(CheckId::Revocation), CaseState::ValidityChecked),
            (Some(CheckId::Attributes), CaseState::AttributesMatched),
        ] {
            if check.is_some_and(|check| !evidence.passed(check)) {
                return Ok(());
            }
            if state.place() > self.case.facts.state.place() {
                self.become_state(state)?;
            }
        }
        Ok(())
    }

    fn refuse(&mut self, reasons: &[Reason], evidence: &Evidence, held: &HeldProof) -> Result<(), UpgradeError> {
        self.tell(EventKind::SubmissionRefused { reasons: reasons.to_vec() });
        if reasons.iter().any(|reason| reason.counts_as_failure()) {
            self.effects.failures = FailureEffect::CountOne;
        }
        if let Some(reason) = reasons.iter().copied().find(|reason| ends_the_case(*reason)) {
            self.follow(evidence)?;
            self.become_state(CaseState::Rejected { reason })?;
            self.give_up();
            // Written even where nothing changes: this is for good, and must not rest on facts that changed since they were read.
            self.account_changed = true;
        } else if *reasons == [Reason::DeclarationMissing] {
            self.follow(evidence)?;
            self.effects.proof = ProofEffect::Keep(held.clone());
        }
        Ok(())
    }

    /// The case ended without approval: proof and declaration go, and the account is no longer being verified, unless another of its
    /// cases still does.
    fn give_up(&mut self) {
        self.effects.proof = ProofEffect::Drop;
        self.case.facts.declaration = Declaration::default();
        if self.account.facts.identity == Identity::InProgress && !self.others_open {
            self.account.facts.identity = Identity::None;
            self.account_changed = true;
        }
    }

    /// `approved` ⇒ record written, facts updated, kind recomputed, event emitted, all at once (kyc.md §19.1, ACC-05).
    fn approve(&mut self, submission: &Submission<'_>, from: Kind, to: Kind, because: &[RuleNumber]) {
        let account = &mut self.account.facts;
        account.identity = Identity::VerifiedCertificate;
        account.verified_at = Some(self.at);
        let issued_at = submission.evidence.certificate().map(|certificate| certificate.validity.not_before);
        account.particulars = issued_at.map(|issued_at| Provenance::Certificate { issued_at });
        self.account_changed = true;
        self.effects.proof = ProofEffect::Drop;
        // It stands in the record now (LAW-44).
        self.case.facts.declaration = Declaration::default();
        self.effects.failures = FailureEffect::Reset;
        if from != to {
            let because = because.iter().map(ToString::to_string).collect();
            self.tell(EventKind::AccountKindChanged { from, to, because });
        }
    }

    fn finish(mut self) -> Effects {
        // The case is always written: its version is what makes two decisions about it exclude each other.
        self.effects.case = Some(self.case);
        self.effects.account = self.account_changed.then_some(self.account);
        self.effects
    }
}

/// The record of an approval, if all its parts are there (LAW-22, LAW-23).
fn record(submission: &Submission<'_>, facts: Facts<'_>, because: &[RuleNumber]) -> Option<ConfirmationRecord> {
    let Submission { decision, evidence, held, challenge, policy, time_stamps, at } = submission;
    let (case, account) = (&facts.case.facts, &facts.account.facts);
    let attributes = evidence.attributes()?;
    Some(ConfirmationRecord {
        case: case.id.clone(),
        account: case.account.clone(),
        policy: decision.policy.clone(),
        because: because.iter().map(ToString::to_string).collect(),
        method: policy.evidence.value.method.as_str().to_owned(),
        verifier: policy.verifier.value.name.clone(),
        received_at: held.received_at,
        confirmed_at: *at,
        particulars: Particulars {
            name: attributes.name.clone()?,
            birthdate: attributes.birthdate.clone()?,
            address: attributes.address.clone()?,
        },
        certificate: evidence.certificate()?.clone(),
        revocation: evidence.revocation()?.clone(),
        purpose: case.declaration.purpose.clone().map(Personal::new),
        occupation: case.declaration.occupation.clone().map(Personal::new),
        checks: serde_json::to_string(decision.verdict.checks()).ok()?,
        attachment: Attachment {
            policy: policy.text.clone(),
            statement: Personal::new(challenge.statement().as_bytes().to_vec()),
            proof: held.proof.clone(),
            documents: evidence.documents()?.clone(),
            time_stamps: time_stamps.to_vec(),
            account: AccountFacts { login: account.login, identity: account.identity, created_at: account.created_at },
            taints: decision.verdict.taints.clone(),
        },
    })
}
