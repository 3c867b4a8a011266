//! The sweep's state in memory.

use super::MemoryStore;
use crate::kyc::{AccountId, Event, StoreError};
use crate::recheck::{RecheckStore, Sweep, ValidityNote};

impl RecheckStore for MemoryStore {
    fn sweep(&self) -> Result<Option<Sweep>, StoreError> {
        Ok(self.state().sweep.clone())
    }

    fn advance_sweep(
        &self,
        from: Option<&Sweep>,
        to: &Sweep,
        notes: &[ValidityNote],
        events: &[Event],
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.sweep.as_ref() != from {
            return Err(StoreError::Conflict);
        }
        let there = |account: &AccountId| state.accounts.contains_key(account);
        let named = notes.iter().map(|note| &note.account).chain(events.iter().map(|event| &event.account));
        if !named.into_iter().all(there) {
            return Err(StoreError::Dangling { what: "account" });
        }
        state.tell(events)?;
        state.sweep = Some(to.clone());
        state.validity.extend(notes.iter().map(|note| (note.account.clone(), note.clone())));
        Ok(())
    }

    fn validity_note(&self, account: &AccountId) -> Result<Option<ValidityNote>, StoreError> {
        Ok(self.state().validity.get(account).cloned())
    }
}
