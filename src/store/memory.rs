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
        let new_account = effects.account.as_ref().map(|write| &write.facts.id);
        let has_account = |id: &AccountId| new_account == Some(id) || self.accounts.contains_key(id);
        let case = effects.case.as_ref().map(|write| &write.facts.id);
        let has_case = |id: &CaseId| case == Some(id) || self.cases.contains_key(id);
        let there = |is: bool, what| if is { Ok(()) } else { Err(StoreError::Dangling { what }) };
        there(has_account(&effects.account_id), "account")?;
        if let Some(write) = &effects.case {
            unchanged(write, self.cases.get(&write.facts.id).map_or(Version::NEW, |row| row.version))?;
            there(has_account(&write.facts.account), "account")?;
        }
        if let Some(challenge) = &effects.challenge {
            there(challenge.case().parse().is_ok_and(|id| has_case(&id)), "case")?;
            if self.challenges.contains_key(&challenge.id()) {
                return Err(StoreError::Conflict);
            }
        }
        let needs_case = effects.proof != ProofEffect::Unchanged || effects.signature.is_some();
        there(case.is_some() || !needs_case, "case")?;
        if let ProofEffect::Keep(held) = &effects.proof {
            there(self.challenges.contains_key(&held.challenge), "challenge")?;
        }
        let owner = effects.signature.and_then(|digest| self.signatures.get(&digest));
        if owner.is_some() && owner != case {
            return Err(StoreError::SignatureUsed);
        }
        for event in &effects.events {
            there(has_account(&event.account), "account")?;
            there(event.case.as_ref().is_none_or(has_case), "case")?;
        }
        if let Some(record) = &effects.record {
            there(has_case(&record.case) && has_account(&record.account), "case")?;
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
