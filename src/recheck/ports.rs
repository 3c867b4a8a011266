//! What the sweep needs from a store beside records and wallets: where it stands, and what it noted.

use super::report::RecheckReport;
use crate::customer::CustomerStore;
use crate::kyc::{AccountId, Event, StoreError};
use crate::time::UnixTime;
use crate::wallet::Current;
use serde::{Deserialize, Serialize};

/// How far a sweep has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// When it began.
    pub started_at: UnixTime,
    /// The last account that is done.
    pub after: Option<AccountId>,
    /// When it was through.
    pub finished_at: Option<UnixTime>,
    /// What it found so far.
    pub report: RecheckReport,
}

impl Sweep {
    /// A sweep that has done nothing yet.
    pub fn begun(at: UnixTime) -> Self {
        Self { started_at: at, after: None, finished_at: None, report: RecheckReport::default() }
    }
}

/// The last look at a customer's kept certificate without the customer (REV-07).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidityNote {
    /// Whose.
    pub account: AccountId,
    /// When.
    pub at: UnixTime,
    /// What it found.
    pub current: Current,
}

/// Whoever keeps records and wallets, and sweeps over them. Every store passes the same test suite (`tests/kyc/recheck.rs`).
pub trait RecheckStore: CustomerStore {
    /// The last sweep, finished or not.
    ///
    /// # Errors
    /// [`StoreError`]
    fn sweep(&self) -> Result<Option<Sweep>, StoreError>;

    /// Puts `to` in the place of `from`, and with it the notes and events of the page between them; all of it or nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the last sweep is no longer `from`: somebody else sweeps.
    fn advance_sweep(
        &self,
        from: Option<&Sweep>,
        to: &Sweep,
        notes: &[ValidityNote],
        events: &[Event],
    ) -> Result<(), StoreError>;

    /// The last note about a customer.
    ///
    /// # Errors
    /// [`StoreError`]
    fn validity_note(&self, account: &AccountId) -> Result<Option<ValidityNote>, StoreError>;
}
