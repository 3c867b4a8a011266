//! What may be done with records and evidence: found, amended, ended, erased, exported. Each leaves an entry in the log.

use super::archive::{AmendedField, Amendment, Archive, ArchiveChange, KeptRecord};
use super::audit::{AuditHead, AuditLog};
use super::bundle::{Bundle, BundleError};
use super::retention::retain_until;
use super::text::{EXPORT_HEADING, record_text};
use crate::kyc::{AccountId, ActorId, CaseId, Event, EventKind, StoreError};
use crate::reason::Reason;
use crate::secret::Personal;
use crate::time::UnixTime;
use crate::vault::contains_my_number;
use std::io::{self, Write};

/// Longest value of an amendment, in bytes of UTF-8.
const MAXIMUM_VALUE_BYTES: usize = 1000;

/// How many lines of the log are read at once.
const LINES_AT_ONCE: usize = 1000;

/// Why something was not done with a record.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// There is no such record.
    #[error("there is no such record")]
    Unknown,
    /// The record must still be kept (LAW-20, LAW-25).
    #[error("the record must be kept{}", until.map(|until| format!(" until {until}")).unwrap_or_default())]
    MustBeKept {
        /// Until when; `None` while the relation lasts.
        until: Option<UnixTime>,
    },
    /// The end of the relation lies in the future, or before an end that was told already.
    #[error("a relation cannot end then")]
    RelationEnd,
    /// The value cannot stand in a record.
    #[error("one line of 1 to 1000 bytes of text expected")]
    Value,
    /// A My Number stands in the value (LAW-41); nothing was kept of it.
    #[error("no My Number may be sent")]
    MyNumber,
    /// What is kept is damaged.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The store did not do what it was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The export could not be written.
    #[error("the export could not be written")]
    Io(#[from] io::Error),
}

impl ArchiveError {
    /// The reason in the catalogue.
    pub const fn reason(&self) -> Reason {
        match self {
            Self::Unknown | Self::RelationEnd | Self::Value => Reason::InputMalformed,
            Self::MustBeKept { .. } => Reason::FlowOutOfOrder,
            Self::MyNumber => Reason::MyNumberPresent,
            Self::Bundle(error) => error.reason(),
            Self::Store(error) => error.reason(),
            Self::Io(_) => Reason::IoError,
        }
    }
}

/// What may be done with what is kept, over a store.
pub struct Archivist<'a> {
    archive: &'a dyn Archive,
}

impl<'a> Archivist<'a> {
    /// The use cases over this archive.
    pub fn new(archive: &'a dyn Archive) -> Self {
        Self { archive }
    }

    /// Every record of a customer, oldest first (LAW-24).
    ///
    /// # Errors
    /// [`ArchiveError::Store`]
    pub fn find(&self, customer: &AccountId) -> Result<Vec<KeptRecord>, ArchiveError> {
        let cases = self.archive.records_of(customer)?;
        // Erased between the two questions: then it is gone.
        cases.iter().filter_map(|case| self.archive.kept_record(case).transpose()).map(|kept| Ok(kept?)).collect()
    }

    /// Appends a change to a record; what was there stays (LAW-24). Returns the amendment's number.
    ///
    /// # Errors
    /// [`ArchiveError::Unknown`], [`ArchiveError::Value`], [`ArchiveError::MyNumber`]; [`ArchiveError::Store`] with
    /// [`StoreError::Conflict`] when somebody else appended meanwhile.
    pub fn amend(
        &self,
        case: &CaseId,
        field: AmendedField,
        value: &str,
        by: &ActorId,
        at: UnixTime,
    ) -> Result<u32, ArchiveError> {
        if value.trim().is_empty() || value.len() > MAXIMUM_VALUE_BYTES || value.chars().any(char::is_control) {
            return Err(ArchiveError::Value);
        }
        if contains_my_number(value) {
            return Err(ArchiveError::MyNumber);
        }
        let kept = self.kept(case)?;
        let number = u32::try_from(kept.amendments.len()).unwrap_or(u32::MAX).saturating_add(1);
        let value = Personal::new(value.to_owned());
        let amendment = Amendment { number, at, by: by.clone(), field, value };
        let change = ArchiveChange::Amend { case: case.clone(), amendment };
        self.archive.change(&change, &event(&kept, at, EventKind::RecordAmended { number, by: by.clone() }))?;
        Ok(number)
    }

    /// The relation to the customer ended: the clock of every record of his starts (LAW-20). Returns until when they are kept.
    ///
    /// # Errors
    /// [`ArchiveError::Unknown`] without any record; [`ArchiveError::RelationEnd`]; [`ArchiveError::Store`]
    pub fn end_relation(
        &self,
        customer: &AccountId,
        ended_at: UnixTime,
        at: UnixTime,
    ) -> Result<UnixTime, ArchiveError> {
        let kept = self.find(customer)?;
        if kept.is_empty() {
            return Err(ArchiveError::Unknown);
        }
        if ended_at > at || kept.iter().any(|kept| kept.relation_ended_at.is_some_and(|before| before > ended_at)) {
            return Err(ArchiveError::RelationEnd);
        }
        let retain_until = retain_until(ended_at);
        let kind = EventKind::RelationEnded { ended_at, retain_until };
        let event = Event { at, account: customer.clone(), case: None, kind };
        self.archive.change(&ArchiveChange::EndRelation { account: customer.clone(), ended_at }, &event)?;
        Ok(retain_until)
    }

    /// Erases a record after its term, its evidence with it: refused before, done and logged after (LAW-25, T-32).
    ///
    /// # Errors
    /// [`ArchiveError::Unknown`], [`ArchiveError::MustBeKept`], [`ArchiveError::Store`]
    pub fn erase(&self, case: &CaseId, by: &ActorId, at: UnixTime) -> Result<(), ArchiveError> {
        let kept = self.kept(case)?;
        let Some(relation_ended_at) = kept.relation_ended_at else {
            return Err(ArchiveError::MustBeKept { until: None });
        };
        let retain_until = retain_until(relation_ended_at);
        if at < retain_until {
            return Err(ArchiveError::MustBeKept { until: Some(retain_until) });
        }
        let change = ArchiveChange::Erase { case: case.clone(), relation_ended_at };
        let kind = EventKind::RecordErased { retain_until, by: by.clone() };
        Ok(self.archive.change(&change, &event(&kept, at, kind))?)
    }

    /// Cases whose record may be erased at `at`, at most `limit` of them.
    ///
    /// # Errors
    /// [`ArchiveError::Store`]
    pub fn due_for_erasure(&self, at: UnixTime, limit: usize) -> Result<Vec<CaseId>, ArchiveError> {
        let mut due = Vec::new();
        for case in self.archive.ended_by(at, limit)? {
            let kept = self.archive.kept_record(&case)?;
            if kept.and_then(|kept| kept.retain_until()).is_some_and(|until| until <= at) {
                due.push(case);
            }
        }
        Ok(due)
    }

    /// The evidence of a case as a plain file, for internal use only (JPKI Act 52). The log keeps that it left the vault.
    ///
    /// # Errors
    /// [`ArchiveError::Unknown`], [`ArchiveError::Bundle`] when what is kept is damaged, [`ArchiveError::Store`]
    pub fn export_bundle(&self, case: &CaseId, by: &ActorId, at: UnixTime) -> Result<Personal<Vec<u8>>, ArchiveError> {
        let kept = self.kept(case)?;
        let file = self.archive.bundle(case)?.ok_or(ArchiveError::Unknown)?;
        let bundle = hex::encode(Bundle::read(file.reveal())?.digest());
        let kind = EventKind::EvidenceExported { bundle, by: by.clone() };
        self.archive.change(&ArchiveChange::None, &event(&kept, at, kind))?;
        Ok(file)
    }

    /// Every record of a customer as text that an inspector can read (LAW-24). The log keeps that it was made.
    ///
    /// # Errors
    /// [`ArchiveError::Unknown`], [`ArchiveError::Bundle`], [`ArchiveError::Store`]
    pub fn export_records(
        &self,
        customer: &AccountId,
        by: &ActorId,
        at: UnixTime,
    ) -> Result<Personal<String>, ArchiveError> {
        let records = self.find(customer)?;
        if records.is_empty() {
            return Err(ArchiveError::Unknown);
        }
        let mut text = EXPORT_HEADING.to_owned();
        for kept in &records {
            text.push_str(&record_text(kept)?);
        }
        let kind = EventKind::RecordExported { by: by.clone() };
        let event = Event { at, account: customer.clone(), case: None, kind };
        self.archive.change(&ArchiveChange::None, &event)?;
        Ok(Personal::new(text))
    }

    /// Writes the audit log as it stands, with its closing entry (docs/audit-log.md); returns the head to be kept elsewhere.
    ///
    /// # Errors
    /// [`ArchiveError::Io`], [`ArchiveError::Store`]
    pub fn export_audit(&self, out: &mut dyn Write, at: UnixTime) -> Result<AuditHead, ArchiveError> {
        let (id, head) = self.archive.audit_head()?;
        let mut after = 0;
        while after < head.entries {
            // What was appended since the head was read belongs to the next export.
            let left = usize::try_from(head.entries.saturating_sub(after)).unwrap_or(LINES_AT_ONCE);
            let lines = self.archive.audit_lines(after, LINES_AT_ONCE.min(left))?;
            if lines.is_empty() {
                return Err(StoreError::Corrupt { what: "audit lines" }.into());
            }
            for line in &lines {
                out.write_all(line.as_bytes())?;
                out.write_all(b"\n")?;
            }
            after = after.saturating_add(u64::try_from(lines.len()).unwrap_or(u64::MAX));
        }
        let closing = AuditLog::new(id, head).closing(at);
        let closing = closing.ok_or(StoreError::Corrupt { what: "audit head" })?;
        out.write_all(closing.as_bytes())?;
        out.write_all(b"\n")?;
        Ok(head)
    }

    fn kept(&self, case: &CaseId) -> Result<KeptRecord, ArchiveError> {
        self.archive.kept_record(case)?.ok_or(ArchiveError::Unknown)
    }
}

fn event(kept: &KeptRecord, at: UnixTime, kind: EventKind) -> Event {
    Event { at, account: kept.record.account.clone(), case: Some(kept.record.case.clone()), kind }
}
