//! Keyed hashes: what may stand outside the evidence vault in place of a serial number (LAW-35).

use super::error::VaultError;
use super::key::{KeyPurpose, KeyRing};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::fmt;

/// HMAC-SHA-256 of a value, with the number of its key. Without the key nobody finds out which value it was, not even by
/// trying all of them; serial numbers are few enough to be tried.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyedHash {
    /// The number of the lookup key.
    pub key: u32,
    /// The hash.
    pub value: [u8; 32],
}

impl fmt::Debug for KeyedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyedHash({}:…)", self.key)
    }
}

impl KeyRing {
    /// The hash of `parts` under the current lookup key. `domain` says what they are, so that the same bytes elsewhere hash
    /// differently; lengths are hashed along, so that parts do not run into each other.
    ///
    /// # Errors
    /// [`VaultError::KeyMissing`]
    pub fn hash(&self, domain: &str, parts: &[&[u8]]) -> Result<KeyedHash, VaultError> {
        self.hash_with(self.current(KeyPurpose::Lookup)?, domain, parts)
    }

    /// The hashes under every lookup key there is, to find what was stored before a rotation.
    ///
    /// # Errors
    /// [`VaultError::KeyMissing`]
    pub fn hashes(&self, domain: &str, parts: &[&[u8]]) -> Result<Vec<KeyedHash>, VaultError> {
        self.numbers(KeyPurpose::Lookup).map(|key| self.hash_with(key, domain, parts)).collect()
    }

    fn hash_with(&self, key: u32, domain: &str, parts: &[&[u8]]) -> Result<KeyedHash, VaultError> {
        let missing = VaultError::KeyMissing { purpose: KeyPurpose::Lookup, id: key };
        let secret = self.key(KeyPurpose::Lookup, key)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(|_| missing)?;
        for part in std::iter::once(domain.as_bytes()).chain(parts.iter().copied()) {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        Ok(KeyedHash { key, value: mac.finalize().into_bytes().into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::OsRng;

    #[test]
    fn a_hash_depends_on_key_domain_and_cut_law_35() {
        let ring = KeyRing::random(&mut OsRng).unwrap();
        let hash = ring.hash("serial", &[b"issuer", b"01"]).unwrap();
        assert_eq!(ring.hash("serial", &[b"issuer", b"01"]), Ok(hash));
        assert_ne!(ring.hash("serial", &[b"issuer0", b"1"]), Ok(hash));
        assert_ne!(ring.hash("name", &[b"issuer", b"01"]), Ok(hash));
        assert_ne!(KeyRing::random(&mut OsRng).unwrap().hash("serial", &[b"issuer", b"01"]), Ok(hash));
    }

    #[test]
    fn it_is_hmac_sha_256_as_rfc_4231_has_it() {
        // The expected value was computed with Python's hmac module over the same length-prefixed bytes.
        let ring = KeyRing::parse(&format!("honnin-keys/1\nlookup 1 {}\n", "0b".repeat(32))).unwrap();
        let hash = ring.hash("d", &[b"ab"]).unwrap();
        assert_eq!(hex::encode(hash.value), "010fef1411b8d4afbd0feac60692121184982b00934f860b5c08f279fea819a0");
    }

    #[test]
    fn what_was_hashed_before_a_rotation_is_still_found() {
        let mut ring = KeyRing::random(&mut OsRng).unwrap();
        let old = ring.hash("serial", &[b"01"]).unwrap();
        ring.rotate(KeyPurpose::Lookup, &mut OsRng).unwrap();
        assert_ne!(ring.hash("serial", &[b"01"]).unwrap(), old);
        assert!(ring.hashes("serial", &[b"01"]).unwrap().contains(&old));
    }
}
