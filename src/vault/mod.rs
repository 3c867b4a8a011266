//! Personal data at rest: sealed with an AEAD, under keys that can be rotated and thrown away, bound to the place they lie at.
//!
//! A [`KeyRing`] holds the keys of each class of store apart (LAW-45). Short rows are sealed under it directly; a record that
//! will be erased one day gets a [`RecordKey`] of its own, which lies beside it wrapped under the ring, so that throwing that
//! one away makes every copy of the record unreadable. A certificate's serial stands outside as a [`KeyedHash`] only (LAW-35).
//! [`contains_my_number`] finds what nobody here may keep (LAW-41).
//!
//! Deliberately not here: where keys come from (a file or a command: the `store` room's edge), what is sealed, and a random
//! source; the caller brings one.

mod error;
mod key;
mod keyed_hash;
mod my_number;
mod seal;

pub use error::VaultError;
pub use key::{KeyPurpose, KeyRing};
pub use keyed_hash::KeyedHash;
pub use my_number::{check_digit, contains_my_number, contains_my_number_in};
pub use seal::{ENVELOPE_HEAD_BYTES, Place, RecordKey};
