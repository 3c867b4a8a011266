//! The port of whoever keeps records, evidence and the audit log: what is there, and the changes that are made to it.

use super::audit::{AuditHead, AuditLogId};
use super::filing::KeptSigner;
use super::retention::retain_until;
use crate::kyc::{AccountId, ActorId, CaseId, ConfirmationRecord, Event, StoreError};
use crate::secret::Personal;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

/// What of a record can be amended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmendedField {
    /// 氏名
    Name,
    /// 住居
    Address,
    /// 取引目的
    Purpose,
    /// 職業
    Occupation,
    /// Anything else worth noting.
    Note,
}

/// One later change of a record, appended with its date; the old content stays (LAW-24).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// Counted from 1 without gaps.
    pub number: u32,
    /// When it was made.
    pub at: UnixTime,
    /// Who made it.
    pub by: ActorId,
    /// What changed.
    pub field: AmendedField,
    /// What it is since.
    pub value: Personal<String>,
}

/// A record as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRecord {
    /// The record as it was made.
    pub record: ConfirmationRecord,
    /// What changed since, oldest first.
    pub amendments: Vec<Amendment>,
    /// When the relation to the customer ended, once it has.
    pub relation_ended_at: Option<UnixTime>,
}

impl KeptRecord {
    /// First instant at which it may be erased; `None` while the relation lasts (LAW-25).
    pub fn retain_until(&self) -> Option<UnixTime> {
        self.relation_ended_at.map(retain_until)
    }
}

/// A change of what is kept. A store makes it together with its event, or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArchiveChange {
    /// Nothing but the event: an export.
    None,
    /// Appends an amendment. Its number has to be the next one of this record.
    Amend {
        /// The record's case.
        case: CaseId,
        /// The amendment.
        amendment: Amendment,
    },
    /// Ends the relation to a customer for all his records, where it had not ended or ended earlier.
    EndRelation {
        /// The customer.
        account: AccountId,
        /// When it ended.
        ended_at: UnixTime,
    },
    /// Erases record, amendments and bundle; their key first. The relation must still have ended when it had ended as read.
    Erase {
        /// The record's case.
        case: CaseId,
        /// When the relation ended, as read.
        relation_ended_at: UnixTime,
    },
}

/// Whoever keeps records, evidence and the audit log. Every store passes the same test suite (`tests/kyc/archives.rs`).
pub trait Archive: Send + Sync {
    /// The record of a case, if there is one still.
    ///
    /// # Errors
    /// [`StoreError`]
    fn kept_record(&self, case: &CaseId) -> Result<Option<KeptRecord>, StoreError>;

    /// The cases of a customer that have a record, oldest first (LAW-24).
    ///
    /// # Errors
    /// [`StoreError`]
    fn records_of(&self, account: &AccountId) -> Result<Vec<CaseId>, StoreError>;

    /// The cases whose record is of this certificate, found without its serial standing anywhere in clear (LAW-35).
    ///
    /// # Errors
    /// [`StoreError`]
    fn records_by_serial(&self, issuer: &str, serial: &str) -> Result<Vec<CaseId>, StoreError>;

    /// At most `limit` cases whose relation had ended by `ended_by`, earliest first: candidates for erasure.
    ///
    /// # Errors
    /// [`StoreError`]
    fn ended_by(&self, ended_by: UnixTime, limit: usize) -> Result<Vec<CaseId>, StoreError>;

    /// Whose certificates signed, one for each customer whose relation has not ended: that of the newest record. In the order
    /// of the accounts' names, those after `after`, at most `limit`: a sweep goes through all of them by pages.
    ///
    /// # Errors
    /// [`StoreError`]
    fn signers_after(&self, after: Option<&AccountId>, limit: usize) -> Result<Vec<KeptSigner>, StoreError>;

    /// The evidence bundle of a case, as a file.
    ///
    /// # Errors
    /// [`StoreError`]
    fn bundle(&self, case: &CaseId) -> Result<Option<Personal<Vec<u8>>>, StoreError>;

    /// Makes a change together with its event.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when what is kept is no longer what was read; [`StoreError::Dangling`]; [`StoreError`]
    fn change(&self, change: &ArchiveChange, event: &Event) -> Result<(), StoreError>;

    /// Name and head of the audit log.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when its end is not where the store had put it; [`StoreError`]
    fn audit_head(&self) -> Result<(AuditLogId, AuditHead), StoreError>;

    /// At most `limit` lines of the audit log, without line ends, that follow entry number `after`.
    ///
    /// # Errors
    /// [`StoreError`]
    fn audit_lines(&self, after: u64, limit: usize) -> Result<Vec<String>, StoreError>;
}
