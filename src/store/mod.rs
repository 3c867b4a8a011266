//! Keeping accounts, cases, challenges, records and events: the port [`crate::kyc::Store`] over memory and over SQLite.
//!
//! Deliberately no policy here, and no decision: a store compares versions and writes all or nothing. Personal data are kept
//! as little as the rules allow: the live account has none; name, birth date, address and serial stand in the confirmation
//! record only (LAW-23, LAW-44); what a running case holds is removed when it ends. In a file all of that is sealed, under
//! keys apart for each class of store (LAW-45); the ring comes from a `KeySource`. Every event becomes a line of the audit
//! log in the same transaction. [`MemoryStore`] keeps the same promises and forgets instead of sealing.

mod address;
#[cfg(feature = "sqlite")]
mod keys;
mod lookup;
mod memory;
#[cfg(feature = "sqlite")]
mod sqlite;

pub use address::{AddressError, DEFAULT_PATIENCE, OpenMode, StoreAddress, WholeStore};
#[cfg(feature = "sqlite")]
pub use keys::KeySource;
pub use memory::MemoryStore;
#[cfg(feature = "sqlite")]
pub use sqlite::{SCHEMA_VERSION, SqliteStore};
