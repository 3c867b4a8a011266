//! Keeping accounts, cases, challenges, records and events: the port [`crate::kyc::Store`] over memory and over SQLite.
//!
//! Deliberately no policy here, and no decision: a store compares versions and writes all or nothing. Personal data are kept
//! as little as the rules allow: the live account has none; name, birth date, address and serial stand in the confirmation
//! record only (LAW-23, LAW-44); a proof that waits for revocation information is removed when its case ends. Nothing is
//! encrypted at rest yet: until it is, the file's permissions (owner only) are the only guard.

mod address;
mod memory;
#[cfg(feature = "sqlite")]
mod sqlite;

pub use address::{AddressError, DEFAULT_PATIENCE, OpenMode, StoreAddress};
pub use memory::MemoryStore;
#[cfg(feature = "sqlite")]
pub use sqlite::{SCHEMA_VERSION, SqliteStore};
