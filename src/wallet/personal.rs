//! What is personal in the facts: text that is written into the document and printed nowhere, and keyed hashes for look-up.

use crate::secret::Personal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A keyed hash (HMAC-SHA-256 or alike) of something personal: mail address, phone number, bank account, device, serial.
///
/// Made by whoever holds the key; the rules only compare (LAW-35, LAW-44). Written in hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyedHash([u8; 32]);

impl KeyedHash {
    /// The hash with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for KeyedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyedHash(redacted)")
    }
}

impl Serialize for KeyedHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for KeyedHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(&text, &mut bytes).map_err(|_| serde::de::Error::custom("64 hex digits expected"))?;
        Ok(Self(bytes))
    }
}

/// `#[serde(with = "personal::text")]`: personal text inside a document that is itself kept as personal.
pub(super) mod text {
    use super::{Deserialize, Deserializer, Personal, Serializer};

    pub(in crate::wallet) fn serialize<S: Serializer>(
        value: &Personal<String>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(value.reveal())
    }

    pub(in crate::wallet) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Personal<String>, D::Error> {
        String::deserialize(deserializer).map(Personal::new)
    }
}
