//! Why a bundle was not written or not believed.

use crate::reason::Reason;

/// Why a bundle was not written or not believed. Parts are named as docs/evidence-bundle.md names them; no content is repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// A byte was changed, added or taken away.
    #[error("{part} was changed")]
    Changed {
        /// The part, or `header`, `manifest`, `end`.
        part: String,
    },
    /// The bytes agree with their digests and still are not what has to stand there.
    #[error("{part}: {what} expected")]
    Malformed {
        /// The part.
        part: String,
        /// What has to stand there.
        what: &'static str,
    },
    /// A bundle of another version of the format.
    #[error("a bundle of version {found}; this program knows version {known}")]
    OtherVersion {
        /// The version of the bundle.
        found: u32,
        /// The version that is read.
        known: u32,
    },
    /// No policy was kept with this approval, so its checks cannot be made again.
    #[error("no policy was kept with it")]
    NoPolicy,
    /// The policy inside is none that is read today; what it is bound by agrees.
    #[error("the policy inside is not one that this program reads")]
    OtherPolicy,
    /// More than a bundle may hold.
    #[error("{part} is too large")]
    TooLarge {
        /// The part.
        part: String,
    },
}

impl BundleError {
    pub(in crate::record) fn malformed(part: &str, what: &'static str) -> Self {
        Self::Malformed { part: part.to_owned(), what }
    }

    /// The part it is about.
    pub fn part(&self) -> &str {
        match self {
            Self::Changed { part } | Self::Malformed { part, .. } | Self::TooLarge { part } => part,
            Self::OtherVersion { .. } => "header",
            Self::NoPolicy | Self::OtherPolicy => "policy.toml",
        }
    }

    /// The reason in the catalogue.
    pub const fn reason(&self) -> Reason {
        match self {
            Self::Changed { .. }
            | Self::Malformed { .. }
            | Self::OtherVersion { .. }
            | Self::NoPolicy
            | Self::OtherPolicy
            | Self::TooLarge { .. } => Reason::MalformedData,
        }
    }
}
