//! Why something could not be sealed or opened.

use super::key::KeyPurpose;
use crate::reason::Reason;

/// Why something could not be sealed or opened. No variant carries data or key material.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// What was sealed was changed, lies at another place, or was sealed under another key.
    #[error("what was sealed was changed, or lies at another place")]
    Changed,
    /// The envelope is none of ours.
    #[error("not an envelope of this program")]
    NotAnEnvelope,
    /// The key ring lacks the key.
    #[error("the key ring has no key {id} for {}", purpose.as_str())]
    KeyMissing {
        /// For what.
        purpose: KeyPurpose,
        /// Which one; 0 where any would do.
        id: u32,
    },
    /// The text is not a key ring.
    #[error("line {line} of the key ring: {expected} expected")]
    NotAKeyRing {
        /// Counted from 1.
        line: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// The last key of a purpose cannot be taken out, or there are too many.
    #[error("the key ring cannot be changed so")]
    RingLimit,
    /// The random source failed.
    #[error("the random source failed")]
    Randomness,
}

impl VaultError {
    /// The reason in the catalogue.
    pub const fn reason(self) -> Reason {
        match self {
            Self::Changed | Self::NotAnEnvelope | Self::NotAKeyRing { .. } => Reason::MalformedData,
            Self::KeyMissing { .. } | Self::RingLimit => Reason::IoError,
            Self::Randomness => Reason::Internal,
        }
    }
}
