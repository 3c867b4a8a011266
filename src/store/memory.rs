//! A store that forgets everything when it is dropped: for tests, examples, and as the plainest reading of the port.

use crate::evidence::SignatureDigest;
use crate::kyc::{
    Account, AccountId, Case, CaseId, ConfirmationRecord, Consumption, Effects, Event, FailureEffect, HeldProof,
    ProofEffect, Store, StoreError, Version, Versioned,
};
use crate::proof::{Challenge, ChallengeId};
use crate::time::UnixTime;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A store in memory.
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

#[derive(Clone, Default)]
struct State {
    accounts: HashMap<AccountId, (Versioned<Account>, u64)>,
    cases: HashMap<CaseId, Versioned<Case>>,
    challenges: HashMap<ChallengeId, (Challenge, bool)>,
    proofs: HashMap<CaseId, HeldProof>,
    signatures: HashMap<SignatureDigest, CaseId>,
    records: HashMap<CaseId, ConfirmationRecord>,
    events: Vec<Event>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Changes are checked before the first is made, so a thread that panicked left nothing half done.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn load_account(&self, id: &AccountId) -> Result<Option<Versioned<Account>>, StoreError> {
        Ok(self.state().accounts.get(id).map(|(account, _)| account.clone()))
    }

    fn failures(&self, id: &AccountId) -> Result<u64, StoreError> {
        let found = self.state().accounts.get(id).map(|(_, failures)| *failures);
        found.ok_or(StoreError::Dangling { what: "account" })
    }

    fn load_case(&self, id: &CaseId) -> Result<Option<Versioned<Case>>, StoreError> {
        Ok(self.state().cases.get(id).cloned())
    }

    fn load_challenge(&self, id: ChallengeId) -> Result<Option<Challenge>, StoreError> {
        Ok(self.state().challenges.get(&id).map(|(challenge, _)| challenge.clone()))
    }

    fn held_proof(&self, case: &CaseId) -> Result<Option<HeldProof>, StoreError> {
        Ok(self.state().proofs.get(case).cloned())
    }

    fn confirmation_record(&self, case: &CaseId) -> Result<Option<ConfirmationRecord>, StoreError> {
        Ok(self.state().records.get(case).cloned())
    }

    fn events(&self, account: &AccountId) -> Result<Vec<Event>, StoreError> {
        Ok(self.state().events.iter().filter(|event| event.account == *account).cloned().collect())
    }

    fn consume_challenge(&self, id: ChallengeId, case: &CaseId, at: UnixTime) -> Result<Consumption, StoreError> {
        let mut state = self.state();
        Ok(match state.challenges.get_mut(&id) {
            Some((challenge, _)) if challenge.case() != case.as_str() => Consumption::Unknown,
            Some((_, true)) => Consumption::AlreadyUsed,
            Some((challenge, _)) if challenge.is_expired(at) => Consumption::Expired,
            Some((challenge, used)) => {
                *used = true;
                Consumption::Consumed(challenge.clone())
            }
            None => Consumption::Unknown,
        })
    }

    fn commit(&self, effects: &Effects) -> Result<(), StoreError> {
        let mut state = self.state();
        state.check(effects)?;
        state.apply(effects);
        Ok(())
    }
}

impl State {
    /// Everything that can refuse the effects, before anything is changed.
    fn check(&self, effects: &Effects) -> Result<(), StoreError> {
        if let Some(write) = &effects.account {
            let stored = self.accounts.get(&write.facts.id).map_or(Version::NEW, |(row, _)| row.version);
            unchanged(write, stored)?;
        }
        let creates_account = effects.account.as_ref().is_some_and(|write| write.facts.id == effects.account_id);
        if !creates_account && !self.accounts.contains_key(&effects.account_id) {
            return Err(StoreError::Dangling { what: "account" });
        }
        let case = effects.case.as_ref().map(|write| &write.facts.id);
        if let Some(write) = &effects.case {
            unchanged(write, self.cases.get(&write.facts.id).map_or(Version::NEW, |row| row.version))?;
        }
        if let Some(challenge) = &effects.challenge {
            let named = |id: &CaseId| id.as_str() == challenge.case();
            if !case.is_some_and(named) && !self.cases.keys().any(named) {
                return Err(StoreError::Dangling { what: "case" });
            }
            if self.challenges.contains_key(&challenge.id()) {
                return Err(StoreError::Conflict);
            }
        }
        if case.is_none() && (effects.proof != ProofEffect::Unchanged || effects.signature.is_some()) {
            return Err(StoreError::Dangling { what: "case" });
        }
        let owner = effects.signature.and_then(|digest| self.signatures.get(&digest));
        if owner.is_some() && owner != case {
            return Err(StoreError::SignatureUsed);
        }
        match &effects.record {
            Some(record) if self.records.contains_key(&record.case) => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }

    fn apply(&mut self, effects: &Effects) {
        if let Some(write) = &effects.account {
            let failures = self.accounts.get(&write.facts.id).map_or(0, |(_, failures)| *failures);
            self.accounts.insert(write.facts.id.clone(), (written(write), failures));
        }
        if let Some((_, failures)) = self.accounts.get_mut(&effects.account_id) {
            match effects.failures {
                FailureEffect::Unchanged => {}
                FailureEffect::CountOne => *failures = failures.saturating_add(1),
                FailureEffect::Reset => *failures = 0,
            }
        }
        if let Some(challenge) = &effects.challenge {
            self.challenges.insert(challenge.id(), (challenge.clone(), false));
        }
        if let Some(write) = &effects.case {
            let id = &write.facts.id;
            self.cases.insert(id.clone(), written(write));
            match &effects.proof {
                ProofEffect::Unchanged => {}
                ProofEffect::Keep(proof) => drop(self.proofs.insert(id.clone(), proof.clone())),
                ProofEffect::Drop => drop(self.proofs.remove(id)),
            }
            if let Some(digest) = effects.signature {
                self.signatures.insert(digest, id.clone());
            }
        }
        if let Some(record) = &effects.record {
            self.records.insert(record.case.clone(), record.clone());
        }
        self.events.extend(effects.events.iter().cloned());
    }
}

fn unchanged<T>(write: &Versioned<T>, stored: Version) -> Result<(), StoreError> {
    if write.version == stored { Ok(()) } else { Err(StoreError::Conflict) }
}

fn written<T: Clone>(write: &Versioned<T>) -> Versioned<T> {
    Versioned { facts: write.facts.clone(), version: write.version.next() }
}
