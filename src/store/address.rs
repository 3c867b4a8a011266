//! Where a store is, as `--store` says it.

use std::path::PathBuf;
use std::str::FromStr;

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
