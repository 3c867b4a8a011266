//! Keyed hashes under a ring with several lookup keys (docs/customers.md, "Keyed hashes").

use crate::kyc::StoreError;
use crate::vault::{KeyPurpose, KeyRing, VaultError};
use crate::wallet::{KeyedHash, Thing};

/// The hashes of a thing, today's first.
pub(super) fn hashes(ring: &KeyRing, thing: &Thing) -> Result<Vec<KeyedHash>, StoreError> {
    let hashes = ring.hashes(thing.domain(), &thing.parts())?;
    // Numbers ascend, and the highest is the current one.
    Ok(hashes.into_iter().rev().map(|hash| KeyedHash::from_bytes(hash.value)).collect())
}

/// A claim whose key is gone would be found by nobody, and whoever asked next would get it.
pub(super) fn require_lookup_keys(ring: &KeyRing, needed: impl IntoIterator<Item = u32>) -> Result<(), StoreError> {
    let has = |id: &u32| ring.numbers(KeyPurpose::Lookup).any(|number| number == *id);
    match needed.into_iter().find(|id| !has(id)) {
        Some(id) => Err(VaultError::KeyMissing { purpose: KeyPurpose::Lookup, id }.into()),
        None => Ok(()),
    }
}
