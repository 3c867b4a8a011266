//! The use case: an account is opened, a case asks for a proof, the proof arrives, and the account becomes what follows.
//!
//! The order matters more than the steps: the form of a submission is read, then its challenge is consumed, and only then is
//! the signature looked at (RSN-24, RSN-27). What follows from a decision is written in one transaction (kyc.md §19.1).

mod effects;
mod submission;

use super::{
    Account, AccountId, Case, CaseId, CaseState, Companion, Decision, Declaration, Effects, Event, EventKind, Identity,
    Store, StoreError, Version, Versioned,
};
use crate::evidence::TimeStampSource;
use crate::policy::Policy;
use crate::proof::{Challenge, ChallengeFields, ChallengeId, NONCE_BYTES, ProofError};
use crate::reason::Reason;
use crate::time::UnixTime;
use crate::vault::contains_my_number;
use effects::Facts;
pub use effects::closing;
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
    /// A part of the declaration is too long, empty, or not one line of text.
    #[error("{item}: one line of 1 to 200 bytes of text expected")]
    Declaration {
        /// Which part.
        item: &'static str,
    },
    /// A My Number stands in what was sent (LAW-41); nothing was kept of it.
    #[error("{item}: no My Number may be sent")]
    MyNumber {
        /// In which part.
        item: &'static str,
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
            Self::Declaration { .. } | Self::UnknownCase => Reason::InputMalformed,
            Self::AccountExists | Self::CaseExists => Reason::DuplicateAccount,
            Self::MyNumber { .. } => Reason::MyNumberPresent,
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
    time_stamps: Option<TimeStampSource<'a>>,
    companion: Option<&'a dyn Companion>,
}

impl<'a> Upgrade<'a> {
    /// The use case over this store, under this policy.
    pub fn new(store: &'a dyn Store, policy: &'a Policy) -> Self {
        Self { store, policy, time_stamps: None, companion: None }
    }

    /// The same with a time stamp over the signature of every proof that is approved (CAdES B-T), as the policy's `[time_stamp]`
    /// has it. While a token that can be taken is not to be had, nothing is approved: the proof is kept, and
    /// [`Upgrade::recheck`] asks again (RSN-20, RSN-23).
    #[must_use]
    pub fn with_time_stamps(self, source: TimeStampSource<'a>) -> Self {
        Self { time_stamps: Some(source), ..self }
    }

    /// The same with `companion`, who may object to an approval, and writes it together with what else follows.
    #[must_use]
    pub fn with_companion(self, companion: &'a dyn Companion) -> Self {
        Self { companion: Some(companion), ..self }
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
    /// [`UpgradeError::Declaration`]; [`UpgradeError::MyNumber`]; [`UpgradeError::UnknownAccount`]; [`UpgradeError::Obstacles`];
    /// [`UpgradeError::CaseExists`]; [`UpgradeError::Store`]
    pub fn open_case(
        &self,
        id: CaseId,
        account: &AccountId,
        declaration: Declaration,
        at: UnixTime,
    ) -> Result<Case, UpgradeError> {
        check_declaration(&declaration)?;
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
            if stored.facts.identity == Identity::None {
                stored.facts.identity = Identity::InProgress;
            }
            // Written even where nothing changes: whoever ends another case of this account just now reads again.
            effects.account = Some(stored);
            self.store.commit(&effects)?;
            Ok(case.clone())
        })
    }

    /// Takes what the customer declares; a part that is not given stays as it was (LAW-11).
    ///
    /// # Errors
    /// [`UpgradeError::Declaration`]; [`UpgradeError::MyNumber`]; [`UpgradeError::UnknownCase`]; [`UpgradeError::OutOfOrder`] once the case ended;
    /// [`UpgradeError::Store`]
    pub fn declare(&self, id: &CaseId, declaration: &Declaration, at: UnixTime) -> Result<Case, UpgradeError> {
        check_declaration(declaration)?;
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
    /// It runs out with the case at the latest. A case may ask for another; the one before is void then.
    ///
    /// # Errors
    /// [`UpgradeError::UnknownCase`]; [`UpgradeError::OutOfOrder`]; [`UpgradeError::MyNumber`]; [`UpgradeError::Challenge`] when the words cannot stand
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
        for (item, text) in [("purpose", &request.purpose), ("transaction", &request.transaction)] {
            if contains_my_number(text) {
                return Err(UpgradeError::MyNumber { item });
            }
        }
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

    /// The case, while it is open at `at`; one that is overdue ends here.
    fn open(&self, id: &CaseId, at: UnixTime) -> Result<Versioned<Case>, UpgradeError> {
        self.expire(id, at)?;
        let stored = self.store.load_case(id)?.ok_or(UpgradeError::UnknownCase)?;
        if stored.facts.state.is_terminal() {
            return Err(UpgradeError::OutOfOrder { state: stored.facts.state });
        }
        Ok(stored)
    }

    fn has_other_open_case(&self, case: &Case) -> Result<bool, UpgradeError> {
        Ok(self.store.open_cases(&case.account)?.iter().any(|id| *id != case.id))
    }

    /// Ends a case whose time is over, and says so; does nothing to any other.
    fn expire(&self, id: &CaseId, at: UnixTime) -> Result<(), UpgradeError> {
        retry(|| {
            let case = self.store.load_case(id)?.ok_or(UpgradeError::UnknownCase)?;
            if case.facts.is_overdue(at) {
                let account = self.store.load_account(&case.facts.account)?.ok_or(UpgradeError::UnknownAccount)?;
                let others_open = self.has_other_open_case(&case.facts)?;
                let facts = Facts { case: &case, account: &account, others_open };
                self.store.commit(&effects::expired(facts, at)?)?;
                return Err(UpgradeError::OutOfOrder { state: CaseState::Expired });
            }
            match case.facts.state {
                state @ CaseState::Expired => Err(UpgradeError::OutOfOrder { state }),
                _ => Ok(()),
            }
        })
    }
}

/// What is declared goes into a record that people read, and into no other place.
fn check_declaration(declaration: &Declaration) -> Result<(), UpgradeError> {
    for (item, text) in [("purpose", &declaration.purpose), ("occupation", &declaration.occupation)] {
        let Some(text) = text else { continue };
        if text.trim().is_empty() || text.len() > 200 || text.chars().any(char::is_control) {
            return Err(UpgradeError::Declaration { item });
        }
        if contains_my_number(text) {
            return Err(UpgradeError::MyNumber { item });
        }
    }
    Ok(())
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
