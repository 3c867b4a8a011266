//! A store that forgets everything when it is dropped: for tests, examples, and as the plainest reading of the port.

mod customer;
mod idempotency;
mod recheck;
mod wallet;

use crate::evidence::SignatureDigest;
use crate::idempotency::{IdempotencyKey, KeptRequest};
use crate::kyc::{
    Account, AccountId, Case, CaseId, ConfirmationRecord, Consumption, Declaration, Effects, Event, FailureEffect,
    HeldProof, ProofEffect, Store, StoreError, Version, Versioned,
};
use crate::proof::{Challenge, ChallengeId};
use crate::recheck::{Sweep, ValidityNote};
use crate::record::{Archive, ArchiveChange, AuditHead, AuditLog, AuditLogId, Filing, KeptRecord, KeptSigner};
use crate::secret::Personal;
use crate::time::UnixTime;
use crate::vault::KeyRing;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use wallet::Wallets;

/// A store in memory.
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

/// What became of a challenge.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Unused,
    Used,
    Void,
}

/// A record as it was put away.
#[derive(Clone)]
struct Kept {
    record: KeptRecord,
    filing: Filing,
}

#[derive(Clone, Default)]
struct State {
    accounts: HashMap<AccountId, (Versioned<Account>, u64)>,
    cases: HashMap<CaseId, Versioned<Case>>,
    challenges: HashMap<ChallengeId, (Challenge, Use)>,
    proofs: HashMap<CaseId, HeldProof>,
    signatures: HashMap<SignatureDigest, CaseId>,
    records: HashMap<CaseId, Kept>,
    events: Vec<Event>,
    /// Name and head of the log; the name of a log that nobody keeps is zero.
    audit: AuditHead,
    lines: Vec<String>,
    wallets: Wallets,
    /// For keyed hashes; drawn when the first is asked for.
    ring: Option<KeyRing>,
    sweep: Option<Sweep>,
    validity: HashMap<AccountId, ValidityNote>,
    requests: HashMap<IdempotencyKey, Versioned<KeptRequest>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on keyed hashes are made with the lookup keys of this ring. Those that claims were taken under have to be in it.
    ///
    /// # Errors
    /// [`StoreError::Keys`] when one of them is not.
    pub fn use_keys(&self, ring: KeyRing) -> Result<(), StoreError> {
        self.state().use_keys(ring)
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

    fn open_cases(&self, account: &AccountId) -> Result<Vec<CaseId>, StoreError> {
        let state = self.state();
        let cases = state.cases.values().map(|case| &case.facts);
        let open = cases.filter(|case| case.account == *account && !case.state.is_terminal());
        let mut names: Vec<_> = open.map(|case| case.id.clone()).collect();
        names.sort();
        Ok(names)
    }

    fn held_proof(&self, case: &CaseId) -> Result<Option<HeldProof>, StoreError> {
        Ok(self.state().proofs.get(case).cloned())
    }

    fn confirmation_record(&self, case: &CaseId) -> Result<Option<ConfirmationRecord>, StoreError> {
        Ok(self.state().records.get(case).map(|kept| kept.record.record.clone()))
    }

    fn events(&self, account: &AccountId) -> Result<Vec<Event>, StoreError> {
        Ok(self.state().events.iter().filter(|event| event.account == *account).cloned().collect())
    }

    fn consume_challenge(&self, id: ChallengeId, case: &CaseId, at: UnixTime) -> Result<Consumption, StoreError> {
        let mut state = self.state();
        Ok(match state.challenges.get_mut(&id) {
            Some((challenge, _)) if challenge.case() != case.as_str() => Consumption::Unknown,
            Some((_, Use::Used)) => Consumption::AlreadyUsed,
            Some((_, Use::Void)) => Consumption::Expired,
            Some((challenge, Use::Unused)) if challenge.is_expired(at) => Consumption::Expired,
            Some((challenge, used)) => {
                *used = Use::Used;
                Consumption::Consumed(challenge.clone())
            }
            None => Consumption::Unknown,
        })
    }

    fn commit(&self, effects: &Effects) -> Result<(), StoreError> {
        self.state().commit(effects)
    }
}

impl Archive for MemoryStore {
    fn kept_record(&self, case: &CaseId) -> Result<Option<KeptRecord>, StoreError> {
        Ok(self.state().records.get(case).map(|kept| kept.record.clone()))
    }

    fn records_of(&self, account: &AccountId) -> Result<Vec<CaseId>, StoreError> {
        Ok(self.state().cases_where(|kept| kept.record.account == *account))
    }

    fn records_by_serial(&self, issuer: &str, serial: &str) -> Result<Vec<CaseId>, StoreError> {
        Ok(self.state().cases_where(|kept| {
            let certificate = &kept.record.certificate;
            certificate.issuer == issuer && certificate.serial.reveal() == serial
        }))
    }

    fn ended_by(&self, ended_by: UnixTime, limit: usize) -> Result<Vec<CaseId>, StoreError> {
        let state = self.state();
        let ended = |case: &CaseId| state.records.get(case).and_then(|kept| kept.record.relation_ended_at);
        let mut cases = state.cases_where(|kept| kept.relation_ended_at.is_some_and(|at| at <= ended_by));
        cases.sort_by_key(|case| (ended(case), case.clone()));
        cases.truncate(limit);
        Ok(cases)
    }

    fn signers_after(&self, after: Option<&AccountId>, limit: usize) -> Result<Vec<KeptSigner>, StoreError> {
        let state = self.state();
        let mut newest = std::collections::BTreeMap::new();
        for kept in state.records.values() {
            let record = &kept.record.record;
            if kept.record.relation_ended_at.is_some() || after.is_some_and(|after| record.account <= *after) {
                continue;
            }
            let order = |kept: &Kept| (kept.record.record.confirmed_at, kept.record.record.case.clone());
            let place = newest.entry(&record.account).or_insert(kept);
            if order(kept) > order(place) {
                *place = kept;
            }
        }
        let signer = |kept: &Kept| {
            let record = &kept.record.record;
            let beginning = kept.filing.beginning();
            KeptSigner::of(record.account.clone(), record.case.clone(), record.confirmed_at, beginning.reveal())
                .map_err(|_| StoreError::Corrupt { what: "kept_record" })
        };
        newest.into_values().take(limit).map(signer).collect()
    }

    fn bundle(&self, case: &CaseId) -> Result<Option<Personal<Vec<u8>>>, StoreError> {
        Ok(self.state().records.get(case).map(|kept| kept.filing.bundle()))
    }

    fn change(&self, change: &ArchiveChange, event: &Event) -> Result<(), StoreError> {
        let mut state = self.state();
        let there = state.accounts.contains_key(&event.account)
            && event.case.as_ref().is_none_or(|case| state.cases.contains_key(case));
        if !there {
            return Err(StoreError::Dangling { what: "account" });
        }
        match change {
            ArchiveChange::None => {}
            ArchiveChange::Amend { case, amendment } => {
                let kept = state.records.get_mut(case).ok_or(StoreError::Dangling { what: "record" })?;
                let next = u32::try_from(kept.record.amendments.len()).unwrap_or(u32::MAX).saturating_add(1);
                if amendment.number != next {
                    return Err(StoreError::Conflict);
                }
                kept.record.amendments.push(amendment.clone());
            }
            ArchiveChange::EndRelation { account, ended_at } => {
                if state.end_relation(account, *ended_at) == 0 {
                    return Err(StoreError::Dangling { what: "record" });
                }
            }
            ArchiveChange::Erase { case, relation_ended_at } => {
                let ended = state.records.get(case).and_then(|kept| kept.record.relation_ended_at);
                if ended != Some(*relation_ended_at) {
                    return Err(StoreError::Conflict);
                }
                state.records.remove(case);
                state.proofs.remove(case);
                state.challenges.retain(|_, (challenge, _)| challenge.case() != case.as_str());
                if let Some(row) = state.cases.get_mut(case) {
                    row.facts.declaration = Declaration::default();
                }
            }
        }
        state.tell(std::slice::from_ref(event))
    }

    fn audit_head(&self) -> Result<(AuditLogId, AuditHead), StoreError> {
        Ok((AuditLogId::default(), self.state().audit))
    }

    fn audit_lines(&self, after: u64, limit: usize) -> Result<Vec<String>, StoreError> {
        let after = usize::try_from(after).unwrap_or(usize::MAX);
        Ok(self.state().lines.iter().skip(after).take(limit).cloned().collect())
    }
}

impl State {
    /// Starts the years of a customer's records; how many there are.
    fn end_relation(&mut self, account: &AccountId, ended_at: UnixTime) -> usize {
        let records = self.records.values_mut().map(|kept| &mut kept.record);
        let his = records.filter(|kept| kept.record.account == *account);
        his.map(|kept| kept.relation_ended_at = kept.relation_ended_at.max(Some(ended_at))).count()
    }

    /// The cases of the records that are wanted, oldest first.
    fn cases_where(&self, wanted: impl Fn(&KeptRecord) -> bool) -> Vec<CaseId> {
        let mut found: Vec<_> = self.records.values().map(|kept| &kept.record).filter(|kept| wanted(kept)).collect();
        found.sort_by_key(|kept| (kept.record.confirmed_at, kept.record.case.clone()));
        found.into_iter().map(|kept| kept.record.case.clone()).collect()
    }

    fn commit(&mut self, effects: &Effects) -> Result<(), StoreError> {
        self.check(effects)?;
        let mut events = effects.events.clone();
        let mut filing = None;
        if let Some(record) = &effects.record {
            let (filed, event) =
                Filing::of(record).map_err(|_| StoreError::Corrupt { what: "a record to be written" })?;
            events.push(event);
            filing = Some(filed);
        }
        self.tell(&events)?;
        self.apply(effects, filing);
        Ok(())
    }

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

    /// Appends events, and a line of the audit log for each.
    fn tell(&mut self, events: &[Event]) -> Result<(), StoreError> {
        let mut log = AuditLog::new(AuditLogId::default(), self.audit);
        let lines: Option<Vec<_>> = events.iter().map(|event| log.append(event)).collect();
        self.lines.extend(lines.ok_or(StoreError::Corrupt { what: "an event to be written" })?);
        self.audit = log.head();
        self.events.extend(events.iter().cloned());
        Ok(())
    }

    fn apply(&mut self, effects: &Effects, filing: Option<Filing>) {
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
            let others = self.challenges.values_mut().filter(|(other, _)| other.case() == challenge.case());
            others.filter(|(_, used)| *used == Use::Unused).for_each(|(_, used)| *used = Use::Void);
            self.challenges.insert(challenge.id(), (challenge.clone(), Use::Unused));
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
        if let (Some(record), Some(filing)) = (&effects.record, filing) {
            let record = KeptRecord { record: record.clone(), amendments: Vec::new(), relation_ended_at: None };
            self.records.insert(record.record.case.clone(), Kept { record, filing });
        }
    }
}

fn unchanged<T>(write: &Versioned<T>, stored: Version) -> Result<(), StoreError> {
    if write.version == stored { Ok(()) } else { Err(StoreError::Conflict) }
}

fn written<T: Clone>(write: &Versioned<T>) -> Versioned<T> {
    Versioned { facts: write.facts.clone(), version: write.version.next() }
}
