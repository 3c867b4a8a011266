//! The sweep's cursor and notes.

use super::audit::Appending;
use super::error::translate;
use super::rows::{fact, instant, one, word};
use super::sealed::Sealer;
use super::{SqliteStore, Work, tell};
use crate::kyc::{AccountId, Event, StoreError};
use crate::recheck::{RecheckStore, Sweep, ValidityNote};
use rusqlite::{Connection, params};

const CORRUPT: StoreError = StoreError::Corrupt { what: "sweep" };

fn text(sweep: &Sweep) -> Result<String, StoreError> {
    serde_json::to_string(sweep).map_err(|_| CORRUPT)
}

/// Within a transaction.
pub(super) fn advance(
    connection: &Connection,
    sealer: &Sealer,
    log: &mut Appending,
    from: Option<&Sweep>,
    to: &Sweep,
    notes: &[ValidityNote],
    events: &[Event],
) -> Result<(), StoreError> {
    let to = text(to)?;
    let from = from.map(text).transpose()?;
    let taken = match from {
        None => connection
            .prepare_cached("INSERT INTO sweep (one, state) VALUES (1, ?1) ON CONFLICT DO NOTHING")
            .and_then(|mut statement| statement.execute([to])),
        Some(from) => connection
            .prepare_cached("UPDATE sweep SET state = ?1 WHERE one = 1 AND state = ?2")
            .and_then(|mut statement| statement.execute([to, from])),
    };
    if taken.map_err(translate)? != 1 {
        return Err(StoreError::Conflict);
    }
    let mut statement = connection
        .prepare_cached(
            "INSERT INTO validity_note (account_id, at, current) VALUES (?1, ?2, ?3)
             ON CONFLICT (account_id) DO UPDATE SET at = excluded.at, current = excluded.current",
        )
        .map_err(translate)?;
    for note in notes {
        statement
            .execute(params![note.account.as_str(), note.at.seconds(), word(&note.current)?])
            .map_err(translate)?;
    }
    tell(connection, sealer, log, events)
}

impl RecheckStore for SqliteStore {
    fn sweep(&self) -> Result<Option<Sweep>, StoreError> {
        let sql = "SELECT state FROM sweep WHERE one = ?1";
        let state: Option<String> = one(&self.connection(), sql, "1", |row| row.get(0))?;
        state.map(|state| serde_json::from_str(&state).map_err(|_| CORRUPT)).transpose()
    }

    fn advance_sweep(
        &self,
        from: Option<&Sweep>,
        to: &Sweep,
        notes: &[ValidityNote],
        events: &[Event],
    ) -> Result<(), StoreError> {
        let (from, to) = (from.cloned().map(Box::new), Box::new(to.clone()));
        self.writer.write(Work::Sweep { from, to, notes: notes.to_vec(), events: events.to_vec() }).map(drop)
    }

    fn validity_note(&self, account: &AccountId) -> Result<Option<ValidityNote>, StoreError> {
        let sql = "SELECT at, current FROM validity_note WHERE account_id = ?1";
        let row: Option<(i64, String)> =
            one(&self.connection(), sql, account.as_str(), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let note = |(at, current)| {
            let current = fact(current, "validity_note.current")?;
            Ok(ValidityNote { account: account.clone(), at: instant(at), current })
        };
        row.map(note).transpose()
    }
}
