//! What follows from a decision, as one set of effects. Pure.
//!
//! How the "Retry" column of kyc.md §15.3 is read, for a refusal after the challenge was consumed:
//! - `no`, `no (new case)`: nothing the holder does now can mend it, the case is rejected (`certificate_revoked`, …);
//! - `new challenge`, `restart` and the rest: the case stays open and may ask for another challenge (`signature_invalid`, …);
//! - `declaration_missing` alone: everything else is fine, so the proof is kept and the case waits for the declaration;
//! - an outage: nothing is counted, nothing is decided; with a verified signature the proof is kept (RSN-20, RSN-25).

use crate::evidence::Evidence;
use crate::kyc::{
    Account, Case, CaseState, ConfirmationRecord, Decision, Effects, Event, EventKind, FailureEffect, HeldProof,
    Identity, Kind, Outcome, Particulars, ProofEffect, Provenance, Versioned,
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
    pub(super) at: UnixTime,
}

pub(super) fn event(case: &Case, at: UnixTime, kind: EventKind) -> Event {
    Event { at, account: case.account.clone(), case: Some(case.id.clone()), kind }
}

/// The effects of a submission on case and account, as they were read; `None` when an approval could not be recorded, and so
/// must not be.
pub(super) fn of(submission: &Submission<'_>, case: &Versioned<Case>, account: &Versioned<Account>) -> Option<Effects> {
    let Submission { decision, evidence, held, at, .. } = submission;
    let mut step = Step::new(case, account, *at);
    step.effects.signature = evidence.signature().filter(|_| !is_counted_before(decision));
    match &decision.outcome {
        Outcome::Upgrade { from, to, because } => {
            step.follow(evidence);
            step.become_state(CaseState::Approved);
            step.effects.record = Some(record(submission, &step.case.facts, because)?);
            step.approve(submission, *from, *to, because);
        }
        Outcome::Review { .. } => {
            step.follow(evidence);
            step.become_state(CaseState::UnderReview);
            step.effects.proof = ProofEffect::Keep((*held).clone());
        }
        Outcome::Unavailable { dependency, retry_at, .. } => {
            if evidence.passed(CheckId::Signature) {
                step.follow(evidence);
                step.become_state(CaseState::Unavailable { dependency: *dependency, retry_at: *retry_at });
                step.effects.proof = ProofEffect::Keep((*held).clone());
            }
        }
        Outcome::Refuse { reasons, .. } => step.refuse(reasons, evidence, held),
    }
    Some(step.finish())
}

/// The effects of a case's time being over.
pub(super) fn expired(case: &Versioned<Case>, account: &Versioned<Account>, at: UnixTime) -> Effects {
    let mut step = Step::new(case, account, at);
    step.become_state(CaseState::Expired);
    step.give_up();
    step.finish()
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
    at: UnixTime,
    effects: Effects,
}

impl Step {
    fn new(case: &Versioned<Case>, account: &Versioned<Account>, at: UnixTime) -> Self {
        let effects = Effects::none(account.facts.id.clone());
        Self { case: case.clone(), account: account.clone(), account_changed: false, at, effects }
    }

    fn tell(&mut self, kind: EventKind) {
        let event = event(&self.case.facts, self.at, kind);
        self.effects.events.push(event);
    }

    /// One step of the machine, and its event; a step that the machine does not have is left out, so that a case that rests
    /// further on does not go back.
    fn become_state(&mut self, to: CaseState) {
        let from = self.case.facts.state;
        if self.case.facts.advance(to).is_ok() {
            self.tell(EventKind::CaseTransitioned { from, to });
        }
    }

    /// As far along the line as the evidence reaches.
    fn follow(&mut self, evidence: &Evidence) {
        self.become_state(CaseState::EvidenceReceived);
        for (check, state) in [
            (CheckId::Signature, CaseState::SignatureVerified),
            (CheckId::Revocation, CaseState::ValidityChecked),
            (CheckId::Attributes, CaseState::AttributesMatched),
        ] {
            if !evidence.passed(check) {
                return;
            }
            self.become_state(state);
        }
    }

    fn refuse(&mut self, reasons: &[Reason], evidence: &Evidence, held: &HeldProof) {
        self.tell(EventKind::SubmissionRefused { reasons: reasons.to_vec() });
        if reasons.iter().any(|reason| reason.counts_as_failure()) {
            self.effects.failures = FailureEffect::CountOne;
        }
        if let Some(reason) = reasons.iter().copied().find(|reason| ends_the_case(*reason)) {
            self.follow(evidence);
            self.become_state(CaseState::Rejected { reason });
            self.give_up();
        } else if *reasons == [Reason::DeclarationMissing] {
            self.follow(evidence);
            self.effects.proof = ProofEffect::Keep(held.clone());
        }
    }

    /// The case ended without approval: the proof goes, and the account is no longer being verified.
    fn give_up(&mut self) {
        self.effects.proof = ProofEffect::Drop;
        if self.account.facts.identity == Identity::InProgress {
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

/// The record of an approval, if all its parts are there.
fn record(submission: &Submission<'_>, case: &Case, because: &[RuleNumber]) -> Option<ConfirmationRecord> {
    let Submission { decision, evidence, held, challenge, policy, at } = submission;
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
        statement: Personal::new(challenge.statement().as_bytes().to_vec()),
        proof: held.proof.clone(),
    })
}
