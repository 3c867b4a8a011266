//! What is kept between questions: lists that were found authentic, and how the sources fared.

use super::source::Validators;
use crate::crypto;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// What an entry is found by: a digest, so that names of municipalities are no names of files.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CacheKey([u8; 32]);

impl CacheKey {
    /// The key of these parts together.
    pub fn of(parts: &[&str]) -> Self {
        let mut bytes = Vec::new();
        for part in parts {
            bytes.extend((part.len() as u64).to_be_bytes());
            bytes.extend(part.as_bytes());
        }
        Self(crypto::sha256(&bytes))
    }

    /// In hex.
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }
}

impl fmt::Debug for CacheKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CacheKey(redacted)")
    }
}

/// A document that is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct CacheEntry {
    /// When its source last said that this is what it has.
    pub checked_at: UnixTime,
    /// By what to ask for it again.
    pub validators: Validators,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for CacheEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CacheEntry({} bytes, checked at {})", self.bytes.len(), self.checked_at)
    }
}

/// What stands beside the bytes of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) checked_at: i64,
    #[serde(default)]
    pub(super) validators: Validators,
    /// SHA-256 of the bytes, in hex.
    pub(super) sha256: String,
}

/// An entry could not be written. Nothing is lost by it but time.
#[derive(Debug, thiserror::Error)]
#[error("the cache cannot be written: {0}")]
pub struct CacheError(#[from] pub std::io::Error);

/// A place that keeps documents. It may forget any of them at any time; what it gives back is what was put in, or nothing.
pub trait Cache: Send + Sync {
    /// The entry, if it is there and whole.
    fn load(&self, key: &CacheKey) -> Option<CacheEntry>;

    /// Keeps an entry, whole or not at all.
    ///
    /// # Errors
    /// [`CacheError`]
    fn store(&self, key: &CacheKey, entry: &CacheEntry) -> Result<(), CacheError>;

    /// Notes that the source still has what is kept.
    ///
    /// # Errors
    /// [`CacheError`]
    fn confirm(&self, key: &CacheKey, checked_at: UnixTime) -> Result<(), CacheError>;
}

/// A cache that ends with the process, bounded by the bytes it holds.
#[derive(Debug)]
pub struct MemoryCache {
    limit: usize,
    entries: Mutex<HashMap<CacheKey, CacheEntry>>,
}

impl MemoryCache {
    /// At most `limit` bytes of documents; the ones not confirmed for longest go first.
    pub fn new(limit: usize) -> Self {
        Self { limit, entries: Mutex::default() }
    }
}

impl Default for MemoryCache {
    /// One gibibyte.
    fn default() -> Self {
        Self::new(1 << 30)
    }
}

impl Cache for MemoryCache {
    fn load(&self, key: &CacheKey) -> Option<CacheEntry> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn store(&self, key: &CacheKey, entry: &CacheEntry) -> Result<(), CacheError> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.remove(key);
        if entry.bytes.len() > self.limit {
            return Ok(());
        }
        let mut held: usize = entries.values().map(|entry| entry.bytes.len()).sum();
        while held + entry.bytes.len() > self.limit {
            let oldest = entries.iter().min_by_key(|(_, entry)| entry.checked_at).map(|(key, _)| *key);
            let Some(gone) = oldest.and_then(|key| entries.remove(&key)) else { break };
            held -= gone.bytes.len();
        }
        entries.insert(*key, entry.clone());
        Ok(())
    }

    fn confirm(&self, key: &CacheKey, checked_at: UnixTime) -> Result<(), CacheError> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries.get_mut(key) {
            entry.checked_at = checked_at;
        }
        Ok(())
    }
}
