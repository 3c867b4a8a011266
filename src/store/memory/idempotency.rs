//! Requests in memory.

use super::MemoryStore;
use crate::idempotency::{IdempotencyKey, IdempotencyStore, KeptRequest};
use crate::kyc::{StoreError, Version, Versioned};
use crate::time::UnixTime;

impl IdempotencyStore for MemoryStore {
    fn kept_request(&self, key: &IdempotencyKey) -> Result<Option<Versioned<KeptRequest>>, StoreError> {
        Ok(self.state().requests.get(key).cloned())
    }

    fn keep_request(&self, key: &IdempotencyKey, write: &Versioned<KeptRequest>) -> Result<(), StoreError> {
        let requests = &mut self.state().requests;
        if requests.get(key).map_or(Version::NEW, |kept| kept.version) != write.version {
            return Err(StoreError::Conflict);
        }
        requests.insert(*key, Versioned { facts: write.facts.clone(), version: write.version.next() });
        Ok(())
    }

    fn forget_requests(&self, begun_by: UnixTime, limit: usize) -> Result<usize, StoreError> {
        let requests = &mut self.state().requests;
        let old = requests.iter().filter(|(_, kept)| kept.facts.begun_at <= begun_by);
        let old: Vec<IdempotencyKey> = old.map(|(key, _)| *key).take(limit).collect();
        old.iter().for_each(|key| drop(requests.remove(key)));
        Ok(old.len())
    }
}
