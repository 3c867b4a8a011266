//! Sealing and opening what lies in a column, under the store's key ring.

use crate::kyc::StoreError;
use crate::vault::{KeyPurpose, KeyRing, KeyedHash, Place, RecordKey};
use rand_core::OsRng;

/// The store's ring with its random source.
pub(super) struct Sealer {
    pub(super) ring: KeyRing,
}

/// The place of a row's column.
pub(super) const fn at<'a>(table: &'a str, column: &'a str, row: &'a str) -> Place<'a> {
    Place { table, column, row }
}

pub(super) const STATEMENT: &str = "challenge";
pub(super) const WRAPPED: &str = "record_key";

impl Sealer {
    pub(super) fn seal(&self, purpose: KeyPurpose, place: Place<'_>, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        Ok(self.ring.seal(purpose, place, plain, &mut OsRng)?)
    }

    /// What does not open was changed in the file, or the ring is another's.
    pub(super) fn open(&self, purpose: KeyPurpose, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        Ok(self.ring.open(purpose, place, sealed)?.to_vec())
    }

    /// The same, sealed under the current key; `None` when it is already.
    pub(super) fn renewed(
        &self,
        purpose: KeyPurpose,
        place: Place<'_>,
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, StoreError> {
        if !self.ring.is_stale(purpose, sealed)? {
            return Ok(None);
        }
        let plain = self.ring.open(purpose, place, sealed)?;
        self.seal(purpose, place, &plain).map(Some)
    }

    /// A fresh key for a record, and the same wrapped for its row.
    pub(super) fn new_record_key(&self, case: &str) -> Result<(RecordKey, Vec<u8>), StoreError> {
        let key = RecordKey::random(&mut OsRng)?;
        let wrapped = key.wrap(&self.ring, KeyPurpose::Record, at(WRAPPED, "wrapped", case), &mut OsRng)?;
        Ok((key, wrapped))
    }

    pub(super) fn record_key(&self, case: &str, wrapped: &[u8]) -> Result<RecordKey, StoreError> {
        Ok(RecordKey::unwrap(&self.ring, KeyPurpose::Record, at(WRAPPED, "wrapped", case), wrapped)?)
    }

    pub(super) fn serial_hash(&self, issuer: &str, serial: &str) -> Result<KeyedHash, StoreError> {
        Ok(self.ring.hash(SERIAL, &[issuer.as_bytes(), serial.as_bytes()])?)
    }

    pub(super) fn serial_hashes(&self, issuer: &str, serial: &str) -> Result<Vec<KeyedHash>, StoreError> {
        Ok(self.ring.hashes(SERIAL, &[issuer.as_bytes(), serial.as_bytes()])?)
    }
}

const SERIAL: &str = "certificate serial";
