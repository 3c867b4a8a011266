//! Names of accounts and cases: short, printable, free of personal data and safe in a file name, a URL and a log line.

use std::fmt;
use std::str::FromStr;

/// Longest identifier, in characters.
const MAXIMUM_LENGTH: usize = 64;

/// The text cannot be an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier: 1 to 64 of the characters A-Z a-z 0-9 . _ - expected, the first a letter or digit")]
pub struct NotAnIdentifier;

fn check(text: &str) -> Result<(), NotAnIdentifier> {
    let first = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    let rest = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    if first && rest && text.len() <= MAXIMUM_LENGTH { Ok(()) } else { Err(NotAnIdentifier) }
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotAnIdentifier;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                check(text)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

identifier! {
    /// Names an account; chosen by the operator. Never derived from a certificate's serial (kyc.md LINK-02) or a name.
    AccountId
}
identifier! {
    /// Names a person or a system at the operator, for the audit log: a staff number or a job's name, never a person's name.
    ActorId
}
identifier! {
    /// Names a case, and is what a broken connection comes back with (kyc.md OUT-02, CH-04).
    CaseId
}

impl CaseId {
    /// A fresh name: `case_` and 128 random bits in hex.
    ///
    /// # Errors
    /// The generator's own error.
    pub fn random(randomness: &mut impl rand_core::CryptoRngCore) -> Result<Self, rand_core::Error> {
        let mut bytes = [0; 16];
        randomness.try_fill_bytes(&mut bytes)?;
        Ok(Self(format!("case_{}", hex::encode(bytes))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_plain_names_are_identifiers() {
        for good in ["a", "A-1", "case_01J", "user.1", &"a".repeat(64)] {
            assert_eq!(good.parse::<AccountId>().unwrap().as_str(), good);
        }
        for bad in ["", "-a", ".hidden", "a b", "太郎", "a/b", "a\n", &"a".repeat(65)] {
            assert_eq!(bad.parse::<CaseId>(), Err(NotAnIdentifier), "{bad:?}");
        }
    }

    #[test]
    fn fresh_case_names_differ() {
        let mut randomness = rand_core::OsRng;
        let (one, other) = (CaseId::random(&mut randomness).unwrap(), CaseId::random(&mut randomness).unwrap());
        assert_ne!(one, other);
        assert!(one.as_str().parse::<CaseId>().is_ok());
    }
}
