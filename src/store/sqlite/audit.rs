//! The audit log's rows: lines in clear, the head of the chain sealed.

use super::error::translate;
use super::sealed::{Sealer, at};
use crate::kyc::{Event, StoreError};
use crate::record::{AuditHead, AuditLog, AuditLogId};
use crate::vault::KeyPurpose;
use rand_core::{OsRng, RngCore as _};
use rusqlite::{Connection, OptionalExtension as _, params};

const CORRUPT: StoreError = StoreError::Corrupt { what: "audit_log" };

/// Begins the log of a new database.
pub(super) fn begin(connection: &Connection, sealer: &Sealer) -> Result<(), StoreError> {
    let mut name = [0; 16];
    OsRng.try_fill_bytes(&mut name).map_err(|_| crate::vault::VaultError::Randomness)?;
    let head = sealed(sealer, AuditHead::default())?;
    connection
        .execute("INSERT INTO audit_log (id, name, head) VALUES (1, ?1, ?2)", params![name, head])
        .map(drop)
        .map_err(translate)
}

fn sealed(sealer: &Sealer, head: AuditHead) -> Result<Vec<u8>, StoreError> {
    sealer.seal(KeyPurpose::Audit, at("audit_log", "head", "1"), head.to_string().as_bytes())
}

/// The log's name and head, as they were sealed; the ring is known to be the right one when this opens.
pub(super) fn head(connection: &Connection, sealer: &Sealer) -> Result<(AuditLogId, AuditHead), StoreError> {
    let (name, head): ([u8; 16], Vec<u8>) = connection
        .prepare_cached("SELECT name, head FROM audit_log WHERE id = 1")
        .and_then(|mut statement| statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional())
        .map_err(translate)?
        .ok_or(CORRUPT)?;
    let head = sealer.open(KeyPurpose::Audit, at("audit_log", "head", "1"), &head)?;
    let head = std::str::from_utf8(&head).ok().and_then(|text| text.parse().ok()).ok_or(CORRUPT)?;
    Ok((AuditLogId(name), head))
}

/// The log within one transaction: its head is opened before the first line and sealed once, behind the last.
#[derive(Clone, Default)]
pub(super) struct Appending(Option<AuditLog>);

impl Appending {
    /// Appends a line for each event, in the transaction of what happened.
    pub(super) fn append(
        &mut self,
        connection: &Connection,
        sealer: &Sealer,
        events: &[Event],
    ) -> Result<(), StoreError> {
        for event in events {
            let mut log = match self.0 {
                Some(log) => log,
                None => head(connection, sealer).map(|(id, found)| AuditLog::new(id, found))?,
            };
            let line = log.append(event).ok_or(StoreError::Corrupt { what: "an event to be written" })?;
            let sequence = i64::try_from(log.head().entries).map_err(|_| CORRUPT)?;
            connection
                .prepare_cached("INSERT INTO audit_line (sequence, line) VALUES (?1, ?2)")
                .and_then(|mut statement| statement.execute(params![sequence, line]))
                .map_err(translate)?;
            self.0 = Some(log);
        }
        Ok(())
    }

    /// Seals the head; a transaction without this has lines behind the end of the log.
    pub(super) fn close(self, connection: &Connection, sealer: &Sealer) -> Result<(), StoreError> {
        let Some(log) = self.0 else { return Ok(()) };
        let head = sealed(sealer, log.head())?;
        connection
            .prepare_cached("UPDATE audit_log SET head = ?1 WHERE id = 1")
            .and_then(|mut statement| statement.execute([head]))
            .map(drop)
            .map_err(translate)
    }
}

/// The head, after a look whether the last line is where it says.
pub(super) fn checked_head(connection: &Connection, sealer: &Sealer) -> Result<(AuditLogId, AuditHead), StoreError> {
    let (id, head) = head(connection, sealer)?;
    let last: Option<(i64, String)> = connection
        .prepare_cached("SELECT sequence, line FROM audit_line ORDER BY sequence DESC LIMIT 1")
        .and_then(|mut statement| statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional())
        .map_err(translate)?;
    let fits = match last {
        None => head == AuditHead::default(),
        Some((sequence, line)) => {
            u64::try_from(sequence) == Ok(head.entries) && line.contains(&hex::encode(head.digest))
        }
    };
    if fits { Ok((id, head)) } else { Err(StoreError::Corrupt { what: "the end of the audit log" }) }
}

pub(super) fn lines(connection: &Connection, after: u64, limit: usize) -> Result<Vec<String>, StoreError> {
    let (after, limit) = (i64::try_from(after).unwrap_or(i64::MAX), i64::try_from(limit).unwrap_or(i64::MAX));
    connection
        .prepare_cached("SELECT line FROM audit_line WHERE sequence > ?1 ORDER BY sequence LIMIT ?2")
        .and_then(|mut statement| statement.query_map([after, limit], |row| row.get(0))?.collect())
        .map_err(translate)
}

/// The head sealed under the current key, where it was not.
pub(super) fn renew(connection: &Connection, sealer: &Sealer) -> Result<(), StoreError> {
    let (_, found) = head(connection, sealer)?;
    let sealed = sealed(sealer, found)?;
    connection.execute("UPDATE audit_log SET head = ?1 WHERE id = 1", [sealed]).map(drop).map_err(translate)
}
