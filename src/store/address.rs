//! Where a store is, as `--store` says it.

use crate::kyc::{Store, StoreError};
use crate::recheck::RecheckStore;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// Everything a store keeps behind one door: accounts and cases, records, wallets, sweeps.
pub trait WholeStore: Store + RecheckStore {}
impl<T: Store + RecheckStore> WholeStore for T {}

/// How long a locked store is waited for, unless told otherwise.
pub const DEFAULT_PATIENCE: Duration = Duration::from_secs(5);

/// How a store is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// Create it if there is none.
    Create,
    /// It must be there.
    Existing,
    /// It must be there, and nothing is written.
    ReadOnly,
}

/// A place a store can be opened at.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreAddress {
    /// `sqlite:FILE`
    Sqlite(PathBuf),
}

/// The address cannot be used. The address itself is not repeated: it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// The kind of store is known, but this program was built without it.
    #[error("a {kind} store is not built in")]
    NotBuiltIn {
        /// Which kind.
        kind: &'static str,
    },
    /// No kind of store is named so.
    #[error("not a store address: sqlite:FILE expected")]
    Unknown,
}

impl FromStr for StoreAddress {
    type Err = AddressError;

    /// Reads `sqlite:FILE`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("sqlite", "")) | None => Err(AddressError::Unknown),
            Some(("sqlite", file)) if cfg!(feature = "sqlite") => Ok(Self::Sqlite(PathBuf::from(file))),
            Some(("sqlite", _)) => Err(AddressError::NotBuiltIn { kind: "SQLite" }),
            Some(("postgres" | "postgresql", _)) => Err(AddressError::NotBuiltIn { kind: "PostgreSQL" }),
            Some(_) => Err(AddressError::Unknown),
        }
    }
}

impl StoreAddress {
    /// Opens the store; one that is locked is waited for `patience` long, now and later.
    ///
    /// # Errors
    /// [`StoreError`], as the kind of store tells it.
    pub fn open(&self, mode: OpenMode, patience: Duration) -> Result<Box<dyn WholeStore>, StoreError> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(file) => Ok(Box::new(super::SqliteStore::open(file, mode, patience)?)),
            // Such an address cannot be read from text in this build, and a caller who makes one is told.
            #[cfg(not(feature = "sqlite"))]
            Self::Sqlite(_) => {
                let _ = (mode, patience);
                Err(StoreError::CannotOpen)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgres_is_known_and_not_built_in() {
        let error = "postgres://user:s3cret@host/db".parse::<StoreAddress>().unwrap_err();
        assert_eq!(error, AddressError::NotBuiltIn { kind: "PostgreSQL" });
        assert!(!error.to_string().contains("s3cret"));
    }

    #[test]
    fn other_words_are_no_address() {
        for text in ["", "sqlite", "sqlite:", "accounts.db", "mysql://x", "C:\\x"] {
            assert_eq!(text.parse::<StoreAddress>(), Err(AddressError::Unknown), "{text}");
        }
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn sqlite_takes_any_file_name() {
        for file in ["accounts.db", "/var/lib/a:b.db", "データ.db"] {
            assert_eq!(format!("sqlite:{file}").parse(), Ok(StoreAddress::Sqlite(PathBuf::from(file))));
        }
    }
}
