//! What has to be written together when upgrade and wallet meet.

use crate::kyc::{Effects, Store, StoreError};
use crate::record::Archive;
use crate::time::UnixTime;
use crate::wallet::{WalletStore, WalletWrite};

/// Everything one step changes in upgrade, wallet and archive; a store applies all of it or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerWrite {
    /// Effects on cases, in order. The account itself is in the wallet's part, so none of them brings one.
    pub effects: Vec<Effects>,
    /// The account and the wallet afterwards, with the versions they were read at.
    pub wallet: WalletWrite,
    /// The relation to the customer ended: the years of every record of his that has not ended begin (LAW-20, LAW-25). A customer
    /// without a record is no mistake.
    pub relation_ended_at: Option<UnixTime>,
}

/// Whoever keeps all of a customer. Every store passes the same test suite (`tests/kyc/customers.rs`).
pub trait CustomerStore: Store + WalletStore + Archive {
    /// Applies all of a write or none, and is durable when it returns.
    ///
    /// # Errors
    /// As [`Store::commit`] and [`WalletStore::commit_wallet`].
    fn commit_customer(&self, write: &CustomerWrite) -> Result<(), StoreError>;
}
