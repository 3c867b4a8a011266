//! The archive's side of the store: records, evidence and the audit log.

use super::audit::Appending;
use super::error::translate;
use super::sealed::Sealer;
use super::{SqliteStore, Work, audit, record, rows, tell};
use crate::kyc::{AccountId, CaseId, Event, StoreError};
use crate::record::{Archive, ArchiveChange, AuditHead, AuditLogId, KeptRecord, KeptSigner};
use crate::secret::Personal;
use crate::time::UnixTime;
use rusqlite::{Connection, Params, params};

impl SqliteStore {
    fn cases(&self, sql: &str, values: impl Params) -> Result<Vec<CaseId>, StoreError> {
        let connection = self.connection();
        let names: Vec<String> = connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_map(values, |row| row.get(0))?.collect())
            .map_err(translate)?;
        names.into_iter().map(rows::case_id).collect()
    }
}

impl Archive for SqliteStore {
    fn kept_record(&self, case: &CaseId) -> Result<Option<KeptRecord>, StoreError> {
        // One transaction: record, amendments and key are of one moment.
        let mut connection = self.connection();
        let transaction = connection.transaction().map_err(translate)?;
        record::load(&transaction, &self.sealer, case)
    }

    fn records_of(&self, account: &AccountId) -> Result<Vec<CaseId>, StoreError> {
        let sql = "SELECT case_id FROM kept_record WHERE account_id = ?1 ORDER BY confirmed_at, case_id";
        self.cases(sql, [account.as_str()])
    }

    fn records_by_serial(&self, issuer: &str, serial: &str) -> Result<Vec<CaseId>, StoreError> {
        let sql = "SELECT case_id FROM kept_record WHERE serial_key = ?1 AND serial_hash = ?2
                   ORDER BY confirmed_at, case_id";
        let mut found = Vec::new();
        for hash in self.sealer.serial_hashes(issuer, serial)? {
            found.extend(self.cases(sql, params![hash.key, hash.value])?);
        }
        Ok(found)
    }

    fn ended_by(&self, ended_by: UnixTime, limit: usize) -> Result<Vec<CaseId>, StoreError> {
        let sql = "SELECT case_id FROM kept_record WHERE relation_ended_at <= ?1
                   ORDER BY relation_ended_at, case_id LIMIT ?2";
        self.cases(sql, params![ended_by.seconds(), i64::try_from(limit).unwrap_or(i64::MAX)])
    }

    fn signers_after(&self, after: Option<&AccountId>, limit: usize) -> Result<Vec<KeptSigner>, StoreError> {
        record::signers(&self.connection(), &self.sealer, after, limit)
    }

    fn bundle(&self, case: &CaseId) -> Result<Option<Personal<Vec<u8>>>, StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction().map_err(translate)?;
        record::bundle(&transaction, &self.sealer, case)
    }

    fn change(&self, change: &ArchiveChange, event: &Event) -> Result<(), StoreError> {
        let work = Work::Change { change: Box::new(change.clone()), event: Box::new(event.clone()) };
        self.writer.write(work).map(drop)
    }

    fn audit_head(&self) -> Result<(AuditLogId, AuditHead), StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction().map_err(translate)?;
        audit::checked_head(&transaction, &self.sealer)
    }

    fn audit_lines(&self, after: u64, limit: usize) -> Result<Vec<String>, StoreError> {
        audit::lines(&self.connection(), after, limit)
    }
}

/// Starts the years of a customer's records; how many there are.
pub(super) fn end_relation(
    connection: &Connection,
    account: &AccountId,
    ended_at: UnixTime,
) -> Result<usize, StoreError> {
    connection
        .prepare_cached(
            "UPDATE kept_record SET relation_ended_at = max(coalesce(relation_ended_at, ?2), ?2)
             WHERE account_id = ?1",
        )
        .and_then(|mut statement| statement.execute(params![account.as_str(), ended_at.seconds()]))
        .map_err(translate)
}

/// Within a transaction.
pub(super) fn change(
    connection: &Connection,
    sealer: &Sealer,
    log: &mut Appending,
    change: &ArchiveChange,
    event: &Event,
) -> Result<(), StoreError> {
    match change {
        ArchiveChange::None => {}
        ArchiveChange::Amend { case, amendment } => record::amend(connection, sealer, case, amendment)?,
        ArchiveChange::EndRelation { account, ended_at } => {
            if end_relation(connection, account, *ended_at)? == 0 {
                return Err(StoreError::Dangling { what: "record" });
            }
        }
        ArchiveChange::Erase { case, relation_ended_at } => record::erase(connection, case, *relation_ended_at)?,
    }
    tell(connection, sealer, log, std::slice::from_ref(event))
}
