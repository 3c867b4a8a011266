//! Keys by purpose and number, and the text they are kept in.

use super::error::VaultError;
use rand_core::CryptoRngCore;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use zeroize::Zeroizing;

/// Length of every key, in bytes.
pub(super) const KEY_BYTES: usize = 32;

/// Most keys of one purpose: older ones are taken out once nothing is sealed under them.
const MAXIMUM_KEYS: usize = 64;

const HEADER: &str = "honnin-keys/1";

/// What a key is for. The first five are the classes of store of LAW-45, none of which opens another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyPurpose {
    /// The live account: what a running case holds.
    Account,
    /// Confirmation record and evidence.
    Record,
    /// Consent.
    Consent,
    /// The audit log.
    Audit,
    /// Revocation information (JPKI Act 52).
    Revocation,
    /// Keyed hashes, which open nothing (LAW-35).
    Lookup,
}

impl KeyPurpose {
    /// Every purpose.
    pub const ALL: [Self; 6] =
        [Self::Account, Self::Record, Self::Consent, Self::Audit, Self::Revocation, Self::Lookup];

    /// The word in a key ring.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Record => "record",
            Self::Consent => "consent",
            Self::Audit => "audit",
            Self::Revocation => "revocation",
            Self::Lookup => "lookup",
        }
    }

    /// The byte in an envelope.
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Account => 1,
            Self::Record => 2,
            Self::Consent => 3,
            Self::Audit => 4,
            Self::Revocation => 5,
            Self::Lookup => 6,
        }
    }
}

/// Keys by purpose and number. The highest number of a purpose seals; lower ones still open what they sealed.
///
/// ```
/// use honnin::vault::{KeyPurpose, KeyRing, Place};
/// let mut ring = KeyRing::random(&mut rand_core::OsRng)?;
/// let place = Place { table: "note", column: "text", row: "1" };
/// let sealed = ring.seal(KeyPurpose::Account, place, "見本 太郎".as_bytes(), &mut rand_core::OsRng)?;
/// ring.rotate(KeyPurpose::Account, &mut rand_core::OsRng)?;
/// assert_eq!(*ring.open(KeyPurpose::Account, place, &sealed)?, "見本 太郎".as_bytes());
/// assert!(ring.is_stale(KeyPurpose::Account, &sealed)?, "sealed under an older key: seal it anew");
/// # Ok::<(), honnin::vault::VaultError>(())
/// ```
#[derive(Clone)]
pub struct KeyRing {
    keys: BTreeMap<(KeyPurpose, u32), Zeroizing<[u8; KEY_BYTES]>>,
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyRing({} keys, redacted)", self.keys.len())
    }
}

pub(super) fn random_key(randomness: &mut impl CryptoRngCore) -> Result<Zeroizing<[u8; KEY_BYTES]>, VaultError> {
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    randomness.try_fill_bytes(key.as_mut_slice()).map_err(|_| VaultError::Randomness)?;
    Ok(key)
}

impl KeyRing {
    /// A ring with one fresh key for each purpose.
    ///
    /// # Errors
    /// [`VaultError::Randomness`]
    pub fn random(randomness: &mut impl CryptoRngCore) -> Result<Self, VaultError> {
        let mut keys = BTreeMap::new();
        for purpose in KeyPurpose::ALL {
            keys.insert((purpose, 1), random_key(randomness)?);
        }
        Ok(Self { keys })
    }

    /// Reads a ring: the line `honnin-keys/1`, then one line `PURPOSE NUMBER KEY` each, the key in 64 lower-case hexadecimal
    /// digits. Purposes may be missing: a process that needs no records need not have their key.
    ///
    /// # Errors
    /// [`VaultError::NotAKeyRing`] with the line; no line is repeated.
    pub fn parse(text: &str) -> Result<Self, VaultError> {
        let refuse = |line, expected| VaultError::NotAKeyRing { line, expected };
        let mut lines = text.lines();
        if lines.next() != Some(HEADER) {
            return Err(refuse(1, HEADER));
        }
        let mut keys = BTreeMap::new();
        for (index, line) in lines.enumerate() {
            let number = index.saturating_add(2);
            let mut words = line.split(' ');
            let (Some(purpose), Some(id), Some(key), None) = (words.next(), words.next(), words.next(), words.next())
            else {
                return Err(refuse(number, "PURPOSE NUMBER KEY"));
            };
            let purpose = KeyPurpose::ALL.into_iter().find(|it| it.as_str() == purpose);
            let purpose = purpose.ok_or_else(|| refuse(number, "a purpose"))?;
            let id: u32 = id.parse().ok().filter(|it| *it > 0).ok_or_else(|| refuse(number, "a number from 1"))?;
            let mut bytes = Zeroizing::new([0; KEY_BYTES]);
            let is_lower = !key.bytes().any(|byte| byte.is_ascii_uppercase());
            if !is_lower || hex::decode_to_slice(key, bytes.as_mut_slice()).is_err() {
                return Err(refuse(number, "64 lower-case hexadecimal digits"));
            }
            if keys.insert((purpose, id), bytes).is_some() {
                return Err(refuse(number, "a number that is not taken"));
            }
            if keys.len() > MAXIMUM_KEYS.saturating_mul(KeyPurpose::ALL.len()) {
                return Err(refuse(number, "fewer keys"));
            }
        }
        Ok(Self { keys })
    }

    /// The ring as text, for the place it is kept at and for no other.
    pub fn expose_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(format!("{HEADER}\n"));
        for ((purpose, id), key) in &self.keys {
            let digits = Zeroizing::new(hex::encode(key.as_slice()));
            // Writing to a String does not fail.
            let _ = writeln!(text, "{} {id} {}", purpose.as_str(), digits.as_str());
        }
        text
    }

    /// The number of the key that seals for this purpose.
    ///
    /// # Errors
    /// [`VaultError::KeyMissing`]
    pub fn current(&self, purpose: KeyPurpose) -> Result<u32, VaultError> {
        self.numbers(purpose).max().ok_or(VaultError::KeyMissing { purpose, id: 0 })
    }

    /// Adds a fresh key, which seals from now on; returns its number.
    ///
    /// # Errors
    /// [`VaultError::Randomness`]; [`VaultError::RingLimit`]
    pub fn rotate(&mut self, purpose: KeyPurpose, randomness: &mut impl CryptoRngCore) -> Result<u32, VaultError> {
        let next = self.numbers(purpose).max().unwrap_or(0).checked_add(1).ok_or(VaultError::RingLimit)?;
        if self.numbers(purpose).count() >= MAXIMUM_KEYS {
            return Err(VaultError::RingLimit);
        }
        self.keys.insert((purpose, next), random_key(randomness)?);
        Ok(next)
    }

    /// Takes an old key out: what was sealed under it cannot be opened any more.
    ///
    /// # Errors
    /// [`VaultError::RingLimit`] for the key that seals; [`VaultError::KeyMissing`]
    pub fn retire(&mut self, purpose: KeyPurpose, id: u32) -> Result<(), VaultError> {
        if self.current(purpose)? == id {
            return Err(VaultError::RingLimit);
        }
        self.keys.remove(&(purpose, id)).map(drop).ok_or(VaultError::KeyMissing { purpose, id })
    }

    /// The numbers of a purpose, lowest first.
    pub fn numbers(&self, purpose: KeyPurpose) -> impl Iterator<Item = u32> {
        self.keys.keys().filter(move |(its, _)| *its == purpose).map(|(_, id)| *id)
    }

    pub(super) fn key(&self, purpose: KeyPurpose, id: u32) -> Result<&[u8; KEY_BYTES], VaultError> {
        self.keys.get(&(purpose, id)).map(|key| &**key).ok_or(VaultError::KeyMissing { purpose, id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::OsRng;

    #[test]
    fn a_ring_reads_back_and_tells_nothing() {
        let mut ring = KeyRing::random(&mut OsRng).unwrap();
        assert_eq!(ring.rotate(KeyPurpose::Record, &mut OsRng), Ok(2));
        let text = ring.expose_text();
        let again = KeyRing::parse(&text).unwrap();
        assert_eq!(*again.expose_text(), *text);
        assert_eq!(again.current(KeyPurpose::Record), Ok(2));
        assert_eq!(again.current(KeyPurpose::Account), Ok(1));
        let key = text.lines().nth(1).unwrap().split(' ').nth(2).unwrap();
        assert_eq!(key.len(), 64);
        assert!(!format!("{ring:?}").contains(key));
    }

    #[test]
    fn what_is_no_ring_is_refused_with_its_line() {
        let key = "ab".repeat(32);
        for (text, line) in [
            (String::new(), 1),
            ("honnin-keys/2\n".into(), 1),
            ("honnin-keys/1\nrecord 1\n".into(), 2),
            (format!("honnin-keys/1\nrecord 1 {key}\nrecord 1 {key}\n"), 3),
            (format!("honnin-keys/1\nrecord 0 {key}\n"), 2),
            (format!("honnin-keys/1\nrecords 1 {key}\n"), 2),
            (format!("honnin-keys/1\nrecord 1 {}\n", key.to_uppercase()), 2),
            (format!("honnin-keys/1\nrecord 1 {}\n", &key[2..]), 2),
        ] {
            let error = KeyRing::parse(&text).unwrap_err();
            assert!(matches!(error, VaultError::NotAKeyRing { line: found, .. } if found == line), "{text}: {error}");
            assert!(!error.to_string().contains(&key));
        }
    }

    #[test]
    fn a_retired_key_opens_nothing_and_the_current_one_stays() {
        let mut ring = KeyRing::random(&mut OsRng).unwrap();
        assert_eq!(ring.retire(KeyPurpose::Record, 1), Err(VaultError::RingLimit));
        ring.rotate(KeyPurpose::Record, &mut OsRng).unwrap();
        assert_eq!(ring.retire(KeyPurpose::Record, 1), Ok(()));
        let missing = VaultError::KeyMissing { purpose: KeyPurpose::Record, id: 1 };
        assert_eq!(ring.key(KeyPurpose::Record, 1).err(), Some(missing));
    }
}
