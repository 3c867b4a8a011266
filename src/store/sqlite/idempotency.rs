//! Requests and their answers, sealed.

use super::error::translate;
use super::rows::instant;
use super::sealed::{Sealer, at};
use super::{Done, SqliteStore, Work, facts};
use crate::idempotency::{Answer, Fingerprint, IdempotencyKey, IdempotencyStore, KeptRequest};
use crate::kyc::{StoreError, Version, Versioned};
use crate::secret::Personal;
use crate::time::UnixTime;
use crate::vault::KeyPurpose;
use rusqlite::{Connection, OptionalExtension as _, params};

const TABLE: &str = "kept_request";
const CORRUPT: StoreError = StoreError::Corrupt { what: "kept_request" };

/// Within a transaction.
pub(super) fn keep(
    connection: &Connection,
    sealer: &Sealer,
    key: &IdempotencyKey,
    write: &Versioned<KeptRequest>,
) -> Result<(), StoreError> {
    let KeptRequest { fingerprint, begun_at, running_until, answer } = &write.facts;
    let row = hex::encode(key.as_bytes());
    let seal = |column, plain: &[u8]| sealer.seal(KeyPurpose::Account, at(TABLE, column, &row), plain);
    let body = answer.as_ref().map(|answer| seal("body", answer.body.reveal())).transpose()?;
    let sql = if write.version == Version::NEW {
        "INSERT INTO kept_request (key, version, begun_at, running_until, fingerprint, status, content_type, body)
         VALUES (?1, ?2 + 1, ?3, ?4, ?5, ?6, ?7, ?8)"
    } else {
        "UPDATE kept_request SET version = ?2 + 1, begun_at = ?3, running_until = ?4, fingerprint = ?5, status = ?6,
                                 content_type = ?7, body = ?8
         WHERE key = ?1 AND version = ?2"
    };
    let written = connection
        .prepare_cached(sql)
        .map_err(translate)?
        .execute(params![
            key.as_bytes(),
            facts::number(write.version)?,
            begun_at.seconds(),
            running_until.seconds(),
            seal("fingerprint", &fingerprint.0)?,
            answer.as_ref().map(|answer| answer.status),
            answer.as_ref().map(|answer| &answer.content_type),
            body,
        ])
        .map_err(translate)?;
    if written == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Within a transaction; how many there were.
pub(super) fn forget(connection: &Connection, begun_by: UnixTime, limit: usize) -> Result<usize, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "DELETE FROM kept_request
             WHERE key IN (SELECT key FROM kept_request WHERE begun_at <= ?1 ORDER BY begun_at LIMIT ?2)",
        )
        .and_then(|mut statement| statement.execute(params![begun_by.seconds(), limit]))
        .map_err(translate)
}

/// A request as it lies in the file.
struct Row {
    version: i64,
    begun_at: i64,
    running_until: i64,
    fingerprint: Vec<u8>,
    answer: (Option<u16>, Option<String>, Option<Vec<u8>>),
}

impl Row {
    fn open(self, sealer: &Sealer, key: &IdempotencyKey) -> Result<Versioned<KeptRequest>, StoreError> {
        let row = hex::encode(key.as_bytes());
        let open = |column, sealed: &[u8]| sealer.open(KeyPurpose::Account, at(TABLE, column, &row), sealed);
        let answer = match self.answer {
            (None, None, None) => None,
            (Some(status), Some(content_type), Some(body)) => {
                Some(Answer { status, content_type, body: Personal::new(open("body", &body)?) })
            }
            _ => return Err(CORRUPT),
        };
        let facts = KeptRequest {
            fingerprint: Fingerprint(open("fingerprint", &self.fingerprint)?.try_into().map_err(|_| CORRUPT)?),
            begun_at: instant(self.begun_at),
            running_until: instant(self.running_until),
            answer,
        };
        Ok(Versioned { facts, version: facts::version(self.version)? })
    }
}

impl IdempotencyStore for SqliteStore {
    fn kept_request(&self, key: &IdempotencyKey) -> Result<Option<Versioned<KeptRequest>>, StoreError> {
        let row = self
            .connection()
            .prepare_cached(
                "SELECT version, begun_at, running_until, fingerprint, status, content_type, body
                 FROM kept_request WHERE key = ?1",
            )
            .and_then(|mut statement| {
                let row = statement.query_row([key.as_bytes()], |row| {
                    Ok(Row {
                        version: row.get(0)?,
                        begun_at: row.get(1)?,
                        running_until: row.get(2)?,
                        fingerprint: row.get(3)?,
                        answer: (row.get(4)?, row.get(5)?, row.get(6)?),
                    })
                });
                row.optional()
            })
            .map_err(translate)?;
        row.map(|row| row.open(&self.sealer, key)).transpose()
    }

    fn keep_request(&self, key: &IdempotencyKey, write: &Versioned<KeptRequest>) -> Result<(), StoreError> {
        self.writer.write(Work::KeepRequest { key: *key, write: Box::new(write.clone()) }).map(drop)
    }

    fn forget_requests(&self, begun_by: UnixTime, limit: usize) -> Result<usize, StoreError> {
        match self.writer.write(Work::ForgetRequests { begun_by, limit })? {
            Done::Forgotten(count) => Ok(count),
            _ => Err(StoreError::Broken { code: "WriterConfused".to_owned() }),
        }
    }
}
