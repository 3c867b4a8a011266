//! A store that somebody looks at, shared with the bench.

use honnin::kyc::{
    Account, AccountId, Case, CaseId, ConfirmationRecord, Consumption, Effects, Event, HeldProof, Store, StoreError,
    Versioned,
};
use honnin::proof::{Challenge, ChallengeId};
use honnin::time::UnixTime;

/// Tells when a challenge was taken and when effects were committed.
pub(crate) struct Watched<'a, C, E> {
    pub(crate) store: &'a dyn Store,
    pub(crate) consumed: C,
    pub(crate) committed: E,
}

impl<C, E> Store for Watched<'_, C, E>
where
    C: Fn(ChallengeId, &CaseId, UnixTime) + Send + Sync,
    E: Fn(&Effects) + Send + Sync,
{
    fn load_account(&self, id: &AccountId) -> Result<Option<Versioned<Account>>, StoreError> {
        self.store.load_account(id)
    }

    fn failures(&self, id: &AccountId) -> Result<u64, StoreError> {
        self.store.failures(id)
    }

    fn load_case(&self, id: &CaseId) -> Result<Option<Versioned<Case>>, StoreError> {
        self.store.load_case(id)
    }

    fn load_challenge(&self, id: ChallengeId) -> Result<Option<Challenge>, StoreError> {
        self.store.load_challenge(id)
    }

    fn open_cases(&self, account: &AccountId) -> Result<Vec<CaseId>, StoreError> {
        self.store.open_cases(account)
    }

    fn held_proof(&self, case: &CaseId) -> Result<Option<HeldProof>, StoreError> {
        self.store.held_proof(case)
    }

    fn confirmation_record(&self, case: &CaseId) -> Result<Option<ConfirmationRecord>, StoreError> {
        self.store.confirmation_record(case)
    }

    fn events(&self, account: &AccountId) -> Result<Vec<Event>, StoreError> {
        self.store.events(account)
    }

    fn consume_challenge(&self, id: ChallengeId, case: &CaseId, at: UnixTime) -> Result<Consumption, StoreError> {
        let consumption = self.store.consume_challenge(id, case, at)?;
        (self.consumed)(id, case, at);
        Ok(consumption)
    }

    fn commit(&self, effects: &Effects) -> Result<(), StoreError> {
        self.store.commit(effects)?;
        (self.committed)(effects);
        Ok(())
    }
}
