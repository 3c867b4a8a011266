//! The envelope: one AEAD (XChaCha20-Poly1305) for everything.
//!
//! ```text
//! version 0x01 · purpose (1 byte) · key number (4 bytes, big-endian) · nonce (24 random bytes) · ciphertext and tag
//! ```
//!
//! Associated data are the text `honnin-vault/1`, the first six bytes of the envelope, and table, column and row with their
//! lengths: an envelope that was moved to another place does not open. A nonce of 192 random bits needs no counter.

use super::error::VaultError;
use super::key::{KEY_BYTES, KeyPurpose, KeyRing, random_key};
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use rand_core::CryptoRngCore;
use std::fmt;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
/// The first bytes of an envelope, which tell its purpose and its key.
pub const ENVELOPE_HEAD_BYTES: u8 = 6;
const HEAD_BYTES: usize = ENVELOPE_HEAD_BYTES as usize;
const NONCE_BYTES: usize = 24;
/// The purpose byte of what was sealed under a [`RecordKey`].
const OF_RECORD_KEY: u8 = 0;

/// Where something sealed lies. It opens nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The row's key.
    pub row: &'a str,
}

impl Place<'_> {
    fn associated_data(&self, head: [u8; HEAD_BYTES]) -> Vec<u8> {
        let mut data = b"honnin-vault/1".to_vec();
        data.extend_from_slice(&head);
        for part in [self.table, self.column, self.row] {
            data.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            data.extend_from_slice(part.as_bytes());
        }
        data
    }
}

fn head(purpose: u8, id: u32) -> [u8; HEAD_BYTES] {
    let [a, b, c, d] = id.to_be_bytes();
    [VERSION, purpose, a, b, c, d]
}

fn seal(
    key: &[u8; KEY_BYTES],
    head: [u8; HEAD_BYTES],
    place: Place<'_>,
    plain: &[u8],
    randomness: &mut impl CryptoRngCore,
) -> Result<Vec<u8>, VaultError> {
    let mut nonce = [0; NONCE_BYTES];
    randomness.try_fill_bytes(&mut nonce).map_err(|_| VaultError::Randomness)?;
    let payload = Payload { msg: plain, aad: &place.associated_data(head) };
    let cipher = XChaCha20Poly1305::new(key.into());
    // Only a message of hundreds of gigabytes is refused.
    let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| VaultError::NotAnEnvelope)?;
    Ok([&head[..], &nonce, &sealed].concat())
}

fn open(
    key: &[u8; KEY_BYTES],
    head: [u8; HEAD_BYTES],
    place: Place<'_>,
    rest: &[u8],
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(VaultError::NotAnEnvelope)?;
    let payload = Payload { msg: sealed, aad: &place.associated_data(head) };
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(&XNonce::from(*nonce), payload).map(Zeroizing::new).map_err(|_| VaultError::Changed)
}

/// Purpose byte and key number of an envelope, and what follows them.
fn split(envelope: &[u8]) -> Result<(u8, u32, &[u8]), VaultError> {
    let (head, rest) = envelope.split_first_chunk::<HEAD_BYTES>().ok_or(VaultError::NotAnEnvelope)?;
    match *head {
        [VERSION, purpose, a, b, c, d] => Ok((purpose, u32::from_be_bytes([a, b, c, d]), rest)),
        _ => Err(VaultError::NotAnEnvelope),
    }
}

impl KeyRing {
    /// Seals `plain` for this place under the current key of `purpose`.
    ///
    /// # Errors
    /// [`VaultError::KeyMissing`]; [`VaultError::Randomness`]
    pub fn seal(
        &self,
        purpose: KeyPurpose,
        place: Place<'_>,
        plain: &[u8],
        randomness: &mut impl CryptoRngCore,
    ) -> Result<Vec<u8>, VaultError> {
        let id = self.current(purpose)?;
        seal(self.key(purpose, id)?, head(purpose.code(), id), place, plain, randomness)
    }

    /// Opens what was sealed for this place and purpose.
    ///
    /// # Errors
    /// [`VaultError::Changed`], [`VaultError::NotAnEnvelope`], [`VaultError::KeyMissing`]
    pub fn open(
        &self,
        purpose: KeyPurpose,
        place: Place<'_>,
        envelope: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (code, id, rest) = split(envelope)?;
        if code != purpose.code() {
            return Err(VaultError::Changed);
        }
        open(self.key(purpose, id)?, head(code, id), place, rest)
    }

    /// Whether an envelope, of which the first [`ENVELOPE_HEAD_BYTES`] suffice, was sealed under an older key than the current
    /// one, so that it wants sealing anew. One under a newer key, which this ring does not have yet, does not.
    ///
    /// # Errors
    /// [`VaultError::NotAnEnvelope`]; [`VaultError::KeyMissing`]
    pub fn is_stale(&self, purpose: KeyPurpose, envelope: &[u8]) -> Result<bool, VaultError> {
        let (_, id, _) = split(envelope)?;
        Ok(id < self.current(purpose)?)
    }

    /// That the ring has the key of an envelope, which is not opened.
    ///
    /// # Errors
    /// [`VaultError::NotAnEnvelope`]; [`VaultError::Changed`] for another purpose's; [`VaultError::KeyMissing`]
    pub fn require_key(&self, purpose: KeyPurpose, envelope: &[u8]) -> Result<(), VaultError> {
        let (code, id, _) = split(envelope)?;
        if code == purpose.code() { self.key(purpose, id).map(drop) } else { Err(VaultError::Changed) }
    }
}

/// The key of one record. Kept wrapped under a ring; once that is gone, the record is (crypto-shredding, LAW-25).
pub struct RecordKey(Zeroizing<[u8; KEY_BYTES]>);

impl fmt::Debug for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordKey(redacted)")
    }
}

impl RecordKey {
    /// A fresh one.
    ///
    /// # Errors
    /// [`VaultError::Randomness`]
    pub fn random(randomness: &mut impl CryptoRngCore) -> Result<Self, VaultError> {
        random_key(randomness).map(Self)
    }

    /// Seals `plain` for this place.
    ///
    /// # Errors
    /// [`VaultError::Randomness`]
    pub fn seal(
        &self,
        place: Place<'_>,
        plain: &[u8],
        randomness: &mut impl CryptoRngCore,
    ) -> Result<Vec<u8>, VaultError> {
        seal(&self.0, head(OF_RECORD_KEY, 0), place, plain, randomness)
    }

    /// Opens what this key sealed for this place.
    ///
    /// # Errors
    /// [`VaultError::Changed`], [`VaultError::NotAnEnvelope`]
    pub fn open(&self, place: Place<'_>, envelope: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (OF_RECORD_KEY, 0, rest) = split(envelope)? else { return Err(VaultError::NotAnEnvelope) };
        open(&self.0, head(OF_RECORD_KEY, 0), place, rest)
    }

    /// The key, sealed for this place under the ring.
    ///
    /// # Errors
    /// As [`KeyRing::seal`].
    pub fn wrap(
        &self,
        ring: &KeyRing,
        purpose: KeyPurpose,
        place: Place<'_>,
        randomness: &mut impl CryptoRngCore,
    ) -> Result<Vec<u8>, VaultError> {
        ring.seal(purpose, place, self.0.as_slice(), randomness)
    }

    /// The key out of what [`RecordKey::wrap`] made.
    ///
    /// # Errors
    /// As [`KeyRing::open`].
    pub fn unwrap(ring: &KeyRing, purpose: KeyPurpose, place: Place<'_>, wrapped: &[u8]) -> Result<Self, VaultError> {
        let plain = ring.open(purpose, place, wrapped)?;
        let key: [u8; KEY_BYTES] = plain.as_slice().try_into().map_err(|_| VaultError::NotAnEnvelope)?;
        Ok(Self(Zeroizing::new(key)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::OsRng;

    const HERE: Place<'static> = Place { table: "held_proof", column: "proof", row: "case_1" };

    #[test]
    fn an_envelope_opens_at_its_place_only() {
        let ring = KeyRing::random(&mut OsRng).unwrap();
        let sealed = ring.seal(KeyPurpose::Account, HERE, b"plain", &mut OsRng).unwrap();
        assert_eq!(*ring.open(KeyPurpose::Account, HERE, &sealed).unwrap(), b"plain");
        for elsewhere in [
            Place { row: "case_2", ..HERE },
            Place { column: "case_id", ..HERE },
            Place { table: "challenge", ..HERE },
            // The same letters, cut elsewhere.
            Place { table: "held_proofp", column: "roof", row: "case_1" },
        ] {
            assert_eq!(ring.open(KeyPurpose::Account, elsewhere, &sealed), Err(VaultError::Changed), "{elsewhere:?}");
        }
        // LAW-45: the key of one class opens nothing of another.
        assert_eq!(ring.open(KeyPurpose::Record, HERE, &sealed), Err(VaultError::Changed));
        let other = KeyRing::random(&mut OsRng).unwrap();
        assert_eq!(other.open(KeyPurpose::Account, HERE, &sealed), Err(VaultError::Changed));
    }

    #[test]
    fn every_changed_byte_of_an_envelope_is_found() {
        let ring = KeyRing::random(&mut OsRng).unwrap();
        let sealed = ring.seal(KeyPurpose::Record, HERE, b"plain", &mut OsRng).unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(ring.open(KeyPurpose::Record, HERE, &changed).is_err(), "byte {at}");
            assert!(ring.open(KeyPurpose::Record, HERE, &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn the_same_plain_text_is_never_sealed_the_same_way() {
        let ring = KeyRing::random(&mut OsRng).unwrap();
        let seal = || ring.seal(KeyPurpose::Account, HERE, b"plain", &mut OsRng).unwrap();
        assert_ne!(seal(), seal());
    }

    #[test]
    fn without_its_key_a_record_is_gone_law_25() {
        let ring = KeyRing::random(&mut OsRng).unwrap();
        let place = Place { table: "record_key", column: "wrapped", row: "case_1" };
        let key = RecordKey::random(&mut OsRng).unwrap();
        let sealed = key.seal(HERE, b"plain", &mut OsRng).unwrap();
        let wrapped = key.wrap(&ring, KeyPurpose::Record, place, &mut OsRng).unwrap();
        drop(key);
        let key = RecordKey::unwrap(&ring, KeyPurpose::Record, place, &wrapped).unwrap();
        assert_eq!(*key.open(HERE, &sealed).unwrap(), b"plain");
        assert!(ring.open(KeyPurpose::Record, HERE, &sealed).is_err(), "the ring alone does not open it");
        assert!(RecordKey::random(&mut OsRng).unwrap().open(HERE, &sealed).is_err());
        assert_eq!(format!("{key:?}"), "RecordKey(redacted)");
    }
}
