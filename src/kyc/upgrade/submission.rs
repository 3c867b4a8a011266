//! A proof arrives, or is looked at again.

use super::effects::{self, Facts, Submission};
use super::{Answer, Upgrade, UpgradeError, retry};
use crate::crypto::sha256;
use crate::evidence::{self, Evidence, Grounds, TimeStampFault, TimeStampTerms};
use crate::kyc::{
    Account, Case, CaseId, CaseState, Consumption, Decision, Dependency, Effects, EventKind, FailureEffect, Followed,
    HeldProof, Outcome, StoreError, Versioned, decide,
};
use crate::policy::{RuleNumber, TimeStampNeed, TimeStampRules};
use crate::proof::{Challenge, SignedStatement, Signer, Statement};
use crate::reason::Reason;
use crate::secret::Personal;
use crate::time::UnixTime;
use crate::vault::contains_my_number_in;
use crate::verdict::{Check, CheckId, Verdict};

/// Case and account as they were read, the account after the case.
struct Found {
    case: Versioned<Case>,
    account: Versioned<Account>,
}

impl Upgrade<'_> {
    /// Takes the holder's proof, a CMS SignedData over the challenge's statement, and decides.
    ///
    /// A proof that is not even one costs nothing. Otherwise the challenge is consumed before the signature is looked at and
    /// stays consumed whatever is found (RSN-24). `received_at` is the server's clock, `grounds` says what to judge by.
    ///
    /// # Errors
    /// [`UpgradeError::UnknownCase`], [`UpgradeError::UnknownAccount`]; [`UpgradeError::OutOfOrder`] when the case ended otherwise or a
    /// person decides; [`UpgradeError::Store`]. Everything else is an answer.
    pub fn submit(
        &self,
        id: &CaseId,
        proof: &[u8],
        grounds: &Grounds<'_>,
        received_at: UnixTime,
    ) -> Result<Answer, UpgradeError> {
        let found = self.load(id)?;
        let case = &found.case.facts;
        let Some(signed) = evidence::read(proof) else {
            return self.turn_away(case, CheckId::Format, Reason::InputMalformed, received_at);
        };
        // T-29: what is no statement of ours may hold anything at all. Nothing of it is kept.
        let statement = signed.content().and_then(|content| Statement::parse(content).ok());
        if statement.is_none() && signed.content().is_some_and(contains_my_number_in) {
            return self.turn_away(case, CheckId::Format, Reason::MyNumberPresent, received_at);
        }
        // Once overdue, a case has no challenge left that could be answered.
        if case.is_overdue(received_at) || case.state == CaseState::Expired {
            match self.expire(id, received_at) {
                Ok(()) => {}
                Err(UpgradeError::OutOfOrder { state: CaseState::Expired }) => {
                    return self.turn_away(case, CheckId::Challenge, Reason::ChallengeExpired, received_at);
                }
                Err(error) => return Err(error),
            }
        }
        // Content that is none of our statements is still an answer to what the case asked last: T-24.
        let named = statement.map(|statement| statement.challenge().id());
        let Some(challenge) = named.or(case.challenge) else {
            return self.turn_away(case, CheckId::Challenge, Reason::ChallengeUnknown, received_at);
        };
        let challenge = match self.store.consume_challenge(challenge, id, received_at)? {
            Consumption::Consumed(challenge) => challenge,
            Consumption::AlreadyUsed => {
                return self.turn_away(case, CheckId::Challenge, Reason::ChallengeAlreadyUsed, received_at);
            }
            Consumption::Expired => {
                return self.turn_away(case, CheckId::Challenge, Reason::ChallengeExpired, received_at);
            }
            Consumption::Unknown => {
                return self.turn_away(case, CheckId::Challenge, Reason::ChallengeUnknown, received_at);
            }
        };
        let held = HeldProof { challenge: challenge.id(), received_at, proof: Personal::new(proof.to_vec()) };
        self.judge(found, &signed, &challenge, &held, grounds, received_at)
    }

    /// Checks the proof a case holds again, with new revocation material, a declaration made since, or both: no new
    /// challenge and no new signature are needed while the case is open (RSN-25, T-20).
    ///
    /// # Errors
    /// [`UpgradeError::UnknownCase`], [`UpgradeError::UnknownAccount`]; [`UpgradeError::OutOfOrder`] when the case holds no proof;
    /// [`UpgradeError::Store`]
    pub fn recheck(&self, id: &CaseId, grounds: &Grounds<'_>, at: UnixTime) -> Result<Answer, UpgradeError> {
        let case = match self.open(id, at) {
            Ok(case) => case,
            Err(UpgradeError::OutOfOrder { state: CaseState::Approved }) => return Ok(Answer::AlreadyApproved),
            Err(error) => return Err(error),
        };
        let found = self.with_account(case)?;
        let state = found.case.facts.state;
        if !matches!(state, CaseState::Unavailable { .. } | CaseState::AttributesMatched) {
            return Err(UpgradeError::OutOfOrder { state });
        }
        let Some(held) = self.store.held_proof(id)? else {
            return Err(UpgradeError::OutOfOrder { state });
        };
        let corrupt = |what| UpgradeError::Store(StoreError::Corrupt { what });
        let challenge = self.store.load_challenge(held.challenge)?.ok_or_else(|| corrupt("held_proof.challenge_id"))?;
        let signed = evidence::read(held.proof.reveal()).ok_or_else(|| corrupt("held_proof.proof"))?;
        self.judge(found, &signed, &challenge, &held, grounds, at)
    }

    fn load(&self, id: &CaseId) -> Result<Found, UpgradeError> {
        self.with_account(self.store.load_case(id)?.ok_or(UpgradeError::UnknownCase)?)
    }

    fn with_account(&self, case: Versioned<Case>) -> Result<Found, UpgradeError> {
        let account = self.store.load_account(&case.facts.account)?.ok_or(UpgradeError::UnknownAccount)?;
        Ok(Found { case, account })
    }

    fn judge(
        &self,
        found: Found,
        signed: &SignedStatement,
        challenge: &Challenge,
        held: &HeldProof,
        grounds: &Grounds<'_>,
        at: UnixTime,
    ) -> Result<Answer, UpgradeError> {
        let audience = &self.policy.challenge.value.audience;
        let evidence = evidence::examine(signed, challenge, audience, grounds, at);
        let mut time_stamps = None;
        let id = found.case.facts.id.clone();
        let mut found = Some(found);
        // Evidence does not change; facts may, and then they are read and the decision is made again. What was read before the
        // evidence was looked at will do first: it is written against its versions.
        retry(|| {
            let Found { case, account } = found.take().map_or_else(|| self.load(&id), Ok)?;
            match case.facts.state {
                CaseState::Approved => return Ok(Answer::AlreadyApproved),
                // Where a person decides, the engine does not any more.
                state if state.is_terminal() || state == CaseState::UnderReview => {
                    return Err(UpgradeError::OutOfOrder { state });
                }
                _ => {}
            }
            let effects_of = |decision: &Decision, time_stamps: &[Vec<u8>]| {
                let (evidence, policy) = (&evidence, self.policy);
                let submission = Submission { decision, evidence, held, challenge, policy, time_stamps, at };
                // Only a refusal may have to know, and reads it after the account: a case opened since then changed the account,
                // and this is decided again.
                let is_refusal = matches!(decision.outcome, Outcome::Refuse { .. });
                let others_open = is_refusal && self.has_other_open_case(&case.facts)?;
                effects::of(&submission, Facts { case: &case, account: &account, others_open })
            };
            let write = |decision: Decision, time_stamps: &[Vec<u8>]| {
                let effects = effects_of(&decision, time_stamps)?;
                let Followed::Objected { reasons, because } = self.write(&effects)? else {
                    return Ok(Answer::Decided(decision));
                };
                let decision = objected_to(decision, reasons, because);
                self.store.commit(&effects_of(&decision, &[])?)?;
                Ok(Answer::Decided(decision))
            };
            let mut decision = decide(&account.facts, &case.facts, &evidence, self.policy, at);
            if matches!(decision.outcome, Outcome::Upgrade { .. }) && time_stamps.is_none() {
                // Asked once, whatever becomes of the facts.
                time_stamps = Some(self.stamp(signed, at));
            }
            if let (Outcome::Upgrade { .. }, Some(Err(fault))) = (&decision.outcome, &time_stamps) {
                decision = self.without_time_stamp(decision, *fault, at);
            }
            let stamps: Vec<Vec<u8>> = time_stamps.iter().flatten().flatten().cloned().collect();
            match write(decision, &stamps) {
                Err(UpgradeError::Store(StoreError::SignatureUsed)) => write(self.counted_before(&evidence), &[]),
                answer => answer,
            }
        })
    }

    /// Writes effects; those of an approval together with all that follows from it.
    fn write(&self, effects: &Effects) -> Result<Followed, StoreError> {
        match self.companion.filter(|_| effects.record.is_some()) {
            Some(companion) => companion.approve(effects),
            None => self.store.commit(effects).map(|()| Followed::Written),
        }
    }

    /// The token over the signature value, if there is one, as far as the policy needs it.
    fn stamp(&self, signed: &SignedStatement, at: UnixTime) -> Result<Option<Vec<u8>>, TimeStampFault> {
        let TimeStampRules { need, skew_seconds, accepted_policies } = &self.policy.time_stamp.value;
        let Some(source) = self.time_stamps else {
            return if *need == TimeStampNeed::Always { Err(TimeStampFault::NotConfigured) } else { Ok(None) };
        };
        let signature = signed.signers().first().map_or(&[][..], Signer::signature);
        // Every signature value is asked about once in a second at most, so this is one nonce for each request.
        let seed = sha256(&[b"honnin time stamp", signature, &at.seconds().to_be_bytes()].concat());
        let nonce = seed.first_chunk().copied().unwrap_or_default();
        let terms = TimeStampTerms { policies: accepted_policies, skew_seconds: *skew_seconds };
        match source.obtain(signed, nonce, terms, at) {
            Ok(token) => Ok(Some(token)),
            Err(_) if *need == TimeStampNeed::Optional => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// RSN-20, RSN-23: an authority that cannot be reached, or whose answer cannot be taken, is an outage of its own.
    fn without_time_stamp(&self, decision: Decision, fault: TimeStampFault, at: UnixTime) -> Decision {
        let mut verdict = decision.verdict;
        let unavailable = Check::undetermined(CheckId::Policy, Reason::DependencyUnavailable);
        verdict.record(unavailable.with("why", fault.as_str()));
        let outcome = Outcome::Unavailable {
            dependency: Dependency::TimeStampAuthority,
            reason: Reason::DependencyUnavailable,
            retry_at: at.plus_seconds(self.policy.revocation.value.retry_after_seconds),
            because: vec![RuleNumber::engine("RSN-20"), RuleNumber::engine("RSN-23")],
        };
        Decision { outcome, verdict, ..decision }
    }

    /// RSN-24: the same signature value never counts for two cases.
    fn counted_before(&self, evidence: &Evidence) -> Decision {
        let mut verdict = evidence.verdict().clone();
        verdict.record(Check::failed(CheckId::Signature, Reason::EvidenceAlreadyUsed));
        let because = vec![RuleNumber::engine("RSN-24")];
        let outcome = Outcome::Refuse { reasons: vec![Reason::EvidenceAlreadyUsed], because };
        Decision { policy: self.policy.reference.clone(), outcome, verdict }
    }

    /// Refuses a submission before its evidence is examined. The case is not changed: whoever sends rubbish in its name must
    /// not be able to end it.
    fn turn_away(&self, case: &Case, check: CheckId, reason: Reason, at: UnixTime) -> Result<Answer, UpgradeError> {
        let mut verdict = Verdict::new();
        for id in evidence::ORDER {
            verdict.record(Check::not_run(id));
        }
        if check == CheckId::Challenge {
            verdict.record(Check::passed(CheckId::Format));
        }
        verdict.record(Check::failed(check, reason));
        let mut effects = Effects::none(case.account.clone());
        effects.events = vec![effects::event(case, at, EventKind::SubmissionRefused { reasons: vec![reason] })];
        if reason.counts_as_failure() {
            effects.failures = FailureEffect::CountOne;
        }
        self.store.commit(&effects)?;
        let because = vec![RuleNumber::engine("RSN-27")];
        let outcome = Outcome::Refuse { reasons: vec![reason], because };
        Ok(Answer::Decided(Decision { policy: self.policy.reference.clone(), outcome, verdict }))
    }
}

/// An approval that the companion objected to is a refusal of the policy (GATE-13).
fn objected_to(decision: Decision, reasons: Vec<Reason>, because: Vec<RuleNumber>) -> Decision {
    let mut verdict = decision.verdict;
    verdict.record(Check::failed(CheckId::Policy, reasons.first().copied().unwrap_or(Reason::Internal)));
    Decision { outcome: Outcome::Refuse { reasons, because }, verdict, ..decision }
}
