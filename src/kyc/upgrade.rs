//! The use case: an account is opened, a case asks for a proof, the proof arrives, and the account becomes what follows.
//!
//! The order matters more than the steps: the form of a submission is read, then its challenge is consumed, and only then is
//! the signature looked at (RSN-24, RSN-27). What follows from a decision is written in one transaction (kyc.md §19.1).

mod effects;

use super::{
    Account, AccountId, Case, CaseId, CaseState, Consumption, Decision, Declaration, Effects, Event, EventKind,
    FailureEffect, HeldProof, Identity, Outcome, Policy, RuleNumber, Store, StoreError, Version, Versioned, decide,
};
use crate::evidence::{self, Evidence, Grounds};
use crate::proof::{Challenge, ChallengeFields, ChallengeId, NONCE_BYTES, ProofError, SignedStatement, Statement};
use crate::reason::Reason;
use crate::secret::Personal;
use crate::time::UnixTime;
use crate::verdict::{Check, CheckId, Verdict};
use rand_core::CryptoRngCore;

/// How often a decision is made again because the facts changed under it, before the conflict is given up to the caller.
const ATTEMPTS: usize = 16;

/// Why a step could not be made at all. A proof that was looked at and refused is an [`Answer`], not an error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UpgradeError {
    /// There is no such account.
    #[error("there is no such account")]
    UnknownAccount,
    /// There is no such case.
    #[error("there is no such case")]
    UnknownCase,
    /// There is an account of this name already.
    #[error("there is an account of this name already")]
    AccountExists,
    /// There is a case of this name already.
    #[error("there is a case of this name already")]
    CaseExists,
    /// The account cannot be upgraded as it stands; every cause is named.
    #[error("the account cannot be upgraded as it stands")]
    Obstacles(Vec<Reason>),
    /// The case is not at a point where this step makes sense.
    #[error("the case is {}, where this step makes no sense", state.as_str())]
    OutOfOrder {
        /// Where it stands.
        state: CaseState,
    },
    /// The request cannot be put into words the holder signs.
    #[error(transparent)]
    Challenge(#[from] ProofError),
    /// The decision was to approve, yet a part of the confirmation record is missing; nothing was written.
    #[error("a part of the confirmation record is missing")]
    RecordIncomplete,
    /// The random source failed.
    #[error("the random source failed")]
    Randomness,
    /// The store did not do what it was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl UpgradeError {
    /// The reason in the catalogue.
    pub fn reason(&self) -> Reason {
        match self {
            Self::UnknownAccount => Reason::RegistrationRequired,
            Self::UnknownCase => Reason::InputMalformed,
            Self::AccountExists | Self::CaseExists => Reason::DuplicateAccount,
            Self::Obstacles(reasons) => reasons.first().copied().unwrap_or(Reason::Internal),
            Self::OutOfOrder { .. } => Reason::FlowOutOfOrder,
            Self::Challenge(error) => error.reason(),
            Self::RecordIncomplete | Self::Randomness => Reason::Internal,
            Self::Store(error) => error.reason(),
        }
    }
}

/// What a submission or a recheck came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A decision was made and what follows from it is written.
    Decided(Decision),
    /// The case was approved before; nothing was changed, nothing was written (ACC-15).
    AlreadyApproved,
}

/// What the holder is asked, in words that go into the document he signs (LAW-07).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What the signature is for, one line.
    pub purpose: String,
    /// The transaction, in lines.
    pub transaction: String,
}

/// The steps of an upgrade over a store, under a policy.
pub struct Upgrade<'a> {
    store: &'a dyn Store,
    policy: &'a Policy,
}

impl<'a> Upgrade<'a> {
    /// The use case over this store, under this policy.
    pub fn new(store: &'a dyn Store, policy: &'a Policy) -> Self {
        Self { store, policy }
    }

    /// Opens an account that was created with an electronic certificate: `cash` until its identity is verified (ACC-02).
    ///
    /// # Errors
    /// [`UpgradeError::AccountExists`]; [`UpgradeError::Store`]
    pub fn create_account(&self, id: AccountId, at: UnixTime) -> Result<Account, UpgradeError> {
        let account = Account::created_with_certificate(id.clone(), at);
        let mut effects = Effects::none(id.clone());
        effects.account = Some(Versioned { facts: account.clone(), version: Version::NEW });
        effects.events = vec![Event { at, account: id, case: None, kind: EventKind::AccountCreated }];
        match self.store.commit(&effects) {
            Ok(()) => Ok(account),
            Err(StoreError::Conflict) => Err(UpgradeError::AccountExists),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a case for an account. What the customer declares may also come later (LAW-11, [`Upgrade::declare`]).
    ///
    /// # Errors
    /// [`UpgradeError::UnknownAccount`]; [`UpgradeError::Obstacles`]; [`UpgradeError::CaseExists`];
    /// [`UpgradeError::Store`]
    pub fn open_case(
        &self,
        id: CaseId,
        account: &AccountId,
        declaration: Declaration,
        at: UnixTime,
    ) -> Result<Case, UpgradeError> {
        let case = Case {
            id: id.clone(),
            account: account.clone(),
            policy: self.policy.reference.clone(),
            state: CaseState::Created,
            challenge: None,
            declaration,
            opened_at: at,
            expires_at: at.plus_seconds(self.policy.case_lifetime_seconds.value),
        };
        let mut effects = Effects::none(account.clone());
        effects.case = Some(Versioned { facts: case.clone(), version: Version::NEW });
        effects.events = vec![Event { at, account: account.clone(), case: Some(id), kind: EventKind::CaseOpened }];
        retry(|| {
            if self.store.load_case(&case.id)?.is_some() {
                return Err(UpgradeError::CaseExists);
            }
            let mut stored = self.store.load_account(account)?.ok_or(UpgradeError::UnknownAccount)?;
            let obstacles = stored.facts.obstacles();
            if !obstacles.is_empty() {
                return Err(UpgradeError::Obstacles(obstacles));
            }
            effects.account = (stored.facts.identity == Identity::None).then(|| {
                stored.facts.identity = Identity::InProgress;
                stored
            });
            self.store.commit(&effects)?;
            Ok(case.clone())
        })
    }

    /// Takes what the customer declares; a part that is not given stays as it was (LAW-11).
    ///
    /// # Errors
    /// [`UpgradeError::UnknownCase`]; [`UpgradeError::OutOfOrder`] once the case ended; [`UpgradeError::Store`]
    pub fn declare(&self, id: &CaseId, declaration: &Declaration, at: UnixTime) -> Result<Case, UpgradeError> {
        retry(|| {
            let mut stored = self.open(id, at)?;
            let declared = &mut stored.facts.declaration;
            declared.purpose = declaration.purpose.clone().or(declared.purpose.take());
            declared.occupation = declaration.occupation.clone().or(declared.occupation.take());
            let case = stored.facts.clone();
            let mut effects = Effects::none(case.account.clone());
            effects.events = vec![effects::event(&case, at, EventKind::CaseDeclared)];
            effects.case = Some(stored);
            self.store.commit(&effects)?;
            Ok(case)
        })
    }

    /// Hands out a challenge: single use, bound to case, account, audience and the words of the request (LAW-07, RSN-24).
    /// It runs out with the case at the latest. A case whose last challenge was spent in vain may ask for another.
    ///
    /// # Errors
    /// [`UpgradeError::UnknownCase`]; [`UpgradeError::OutOfOrder`]; [`UpgradeError::Challenge`] when the words cannot stand
    /// in a statement; [`UpgradeError::Randomness`]; [`UpgradeError::Store`]
    pub fn issue_challenge(
        &self,
        id: &CaseId,
        request: &Request,
        randomness: &mut impl CryptoRngCore,
        at: UnixTime,
    ) -> Result<Challenge, UpgradeError> {
        let (mut name, mut nonce) = ([0; 16], [0; NONCE_BYTES]);
        randomness.try_fill_bytes(&mut name).map_err(|_| UpgradeError::Randomness)?;
        randomness.try_fill_bytes(&mut nonce).map_err(|_| UpgradeError::Randomness)?;
        let rules = &self.policy.challenge.value;
        retry(|| {
            let mut stored = self.open(id, at)?;
            let from = stored.facts.state;
            let out_of_order = |_| UpgradeError::OutOfOrder { state: from };
            stored.facts.advance(CaseState::ChallengeIssued).map_err(out_of_order)?;
            let last_second = stored.facts.expires_at.plus_seconds(-1);
            let challenge = Challenge::new(ChallengeFields {
                id: ChallengeId::from_random(name),
                case: stored.facts.id.to_string(),
                account: stored.facts.account.to_string(),
                audience: rules.audience.clone(),
                purpose: request.purpose.clone(),
                transaction: request.transaction.clone(),
                issued_at: at,
                expires_at: at.plus_seconds(rules.lifetime_seconds).min(last_second),
                nonce,
            })?;
            stored.facts.challenge = Some(challenge.id());
            let mut effects = Effects::none(stored.facts.account.clone());
            let kind = EventKind::CaseTransitioned { from, to: CaseState::ChallengeIssued };
            effects.events = vec![effects::event(&stored.facts, at, kind)];
            effects.challenge = Some(challenge.clone());
            effects.case = Some(stored);
            self.store.commit(&effects)?;
            Ok(challenge)
        })
    }

    /// Takes the holder's proof, a CMS SignedData over the challenge's statement, and decides.
    ///
    /// A proof that is not even one costs nothing. Otherwise the challenge is consumed before the signature is looked at and
    /// stays consumed whatever is found (RSN-24). `received_at` is the server's clock, `grounds` says what to judge by.
    ///
    /// # Errors
    /// [`UpgradeError::UnknownCase`]; [`UpgradeError::OutOfOrder`] when the case ended otherwise or a person decides;
    /// [`UpgradeError::Store`]. Everything else is an answer.
    pub fn submit(
        &self,
        id: &CaseId,
        proof: &[u8],
        grounds: &Grounds<'_>,
        received_at: UnixTime,
    ) -> Result<Answer, UpgradeError> {
        let case = self.store.load_case(id)?.ok_or(UpgradeError::UnknownCase)?.facts;
        let Some(signed) = evidence::read(proof) else {
            return self.turn_away(&case, CheckId::Format, Reason::InputMalformed, received_at);
        };
        // Once overdue, a case has no challenge left that could be answered.
        if let Err(UpgradeError::OutOfOrder { state: CaseState::Expired }) = self.expire(id, received_at) {
            return self.turn_away(&case, CheckId::Challenge, Reason::ChallengeExpired, received_at);
        }
        // Content that is none of our statements is still an answer to what the case asked last: T-24.
        let named = signed.content().and_then(|content| Statement::parse(content).ok());
        let Some(challenge) = named.map(|statement| statement.challenge().id()).or(case.challenge) else {
            return self.turn_away(&case, CheckId::Challenge, Reason::ChallengeUnknown, received_at);
        };
        let challenge = match self.store.consume_challenge(challenge, id, received_at)? {
            Consumption::Consumed(challenge) => challenge,
            Consumption::AlreadyUsed => {
                return self.turn_away(&case, CheckId::Challenge, Reason::ChallengeAlreadyUsed, received_at);
            }
            Consumption::Expired => {
                return self.turn_away(&case, CheckId::Challenge, Reason::ChallengeExpired, received_at);
            }
            Consumption::Unknown => {
                return self.turn_away(&case, CheckId::Challenge, Reason::ChallengeUnknown, received_at);
            }
        };
        let held = HeldProof { challenge: challenge.id(), received_at, proof: Personal::new(proof.to_vec()) };
        self.judge(id, &signed, &challenge, &held, grounds, received_at)
    }

    /// Checks the proof a case holds again, with new revocation material, a declaration made since, or both: no new
    /// challenge and no new signature are needed while the case is open (RSN-25, T-20).
    ///
    /// # Errors
    /// [`UpgradeError::UnknownCase`]; [`UpgradeError::OutOfOrder`] when the case holds no proof; [`UpgradeError::Store`]
    pub fn recheck(&self, id: &CaseId, grounds: &Grounds<'_>, at: UnixTime) -> Result<Answer, UpgradeError> {
        let case = match self.open(id, at) {
            Ok(stored) => stored.facts,
            Err(UpgradeError::OutOfOrder { state: CaseState::Approved }) => return Ok(Answer::AlreadyApproved),
            Err(error) => return Err(error),
        };
        if !matches!(case.state, CaseState::Unavailable { .. } | CaseState::AttributesMatched) {
            return Err(UpgradeError::OutOfOrder { state: case.state });
        }
        let Some(held) = self.store.held_proof(id)? else {
            return Err(UpgradeError::OutOfOrder { state: case.state });
        };
        let corrupt = |what| UpgradeError::Store(StoreError::Corrupt { what });
        let challenge = self.store.load_challenge(held.challenge)?.ok_or_else(|| corrupt("held_proof.challenge_id"))?;
        let signed = evidence::read(held.proof.reveal()).ok_or_else(|| corrupt("held_proof.proof"))?;
        self.judge(id, &signed, &challenge, &held, grounds, at)
    }

    fn judge(
        &self,
        id: &CaseId,
        signed: &SignedStatement,
        challenge: &Challenge,
        held: &HeldProof,
        grounds: &Grounds<'_>,
        at: UnixTime,
    ) -> Result<Answer, UpgradeError> {
        let audience = &self.policy.challenge.value.audience;
        let evidence = evidence::examine(signed, challenge, audience, grounds, at);
        // Evidence does not change; facts may, and then the decision is made again.
        retry(|| {
            let case = self.store.load_case(id)?.ok_or(UpgradeError::UnknownCase)?;
            let account = self.store.load_account(&case.facts.account)?.ok_or(UpgradeError::UnknownAccount)?;
            match case.facts.state {
                CaseState::Approved => return Ok(Answer::AlreadyApproved),
                // Where a person decides, the engine does not any more.
                state if state.is_terminal() || state == CaseState::UnderReview => {
                    return Err(UpgradeError::OutOfOrder { state });
                }
                _ => {}
            }
            let write = |decision: Decision| {
                let (evidence, policy) = (&evidence, self.policy);
                let submission = effects::Submission { decision: &decision, evidence, held, challenge, policy, at };
                let effects = effects::of(&submission, &case, &account).ok_or(UpgradeError::RecordIncomplete)?;
                self.store.commit(&effects)?;
                Ok(Answer::Decided(decision))
            };
            match write(decide(&account.facts, &case.facts, &evidence, self.policy, at)) {
                Err(UpgradeError::Store(StoreError::SignatureUsed)) => write(self.counted_before(&evidence)),
                answer => answer,
            }
        })
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

    /// The case, while it is open at `at`; one that is overdue ends here.
    fn open(&self, id: &CaseId, at: UnixTime) -> Result<Versioned<Case>, UpgradeError> {
        self.expire(id, at)?;
        let stored = self.store.load_case(id)?.ok_or(UpgradeError::UnknownCase)?;
        if stored.facts.state.is_terminal() {
            return Err(UpgradeError::OutOfOrder { state: stored.facts.state });
        }
        Ok(stored)
    }

    /// Ends a case whose time is over, and says so; does nothing to any other.
    fn expire(&self, id: &CaseId, at: UnixTime) -> Result<(), UpgradeError> {
        retry(|| {
            let case = self.store.load_case(id)?.ok_or(UpgradeError::UnknownCase)?;
            if case.facts.is_overdue(at) {
                let account = self.store.load_account(&case.facts.account)?.ok_or(UpgradeError::UnknownAccount)?;
                self.store.commit(&effects::expired(&case, &account, at))?;
                return Err(UpgradeError::OutOfOrder { state: CaseState::Expired });
            }
            match case.facts.state {
                state @ CaseState::Expired => Err(UpgradeError::OutOfOrder { state }),
                _ => Ok(()),
            }
        })
    }
}

/// Does it again while the facts change between reading and writing.
fn retry<T>(mut step: impl FnMut() -> Result<T, UpgradeError>) -> Result<T, UpgradeError> {
    for _ in 1..ATTEMPTS {
        match step() {
            Err(UpgradeError::Store(StoreError::Conflict)) => {}
            answer => return answer,
        }
    }
    step()
}
