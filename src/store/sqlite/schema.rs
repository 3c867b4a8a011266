//! The schema's version and the way up to it.

use super::error::translate;
use super::header::APPLICATION_ID;
use super::sealed::Sealer;
use super::{parts, plain};
use crate::kyc::StoreError;
use crate::store::OpenMode;
use crate::vault::KeyRing;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// Each file takes a database from the version of its place to the next; files are added, never changed.
const MIGRATIONS: [&str; 10] = [
    include_str!("migrations/0001_accounts.sql"),
    include_str!("migrations/0002_confirmation.sql"),
    include_str!("migrations/0003_at_rest.sql"),
    include_str!("migrations/0004_wallet.sql"),
    include_str!("migrations/0005_recheck.sql"),
    include_str!("migrations/0006_claim_keys.sql"),
    include_str!("migrations/0007_separate_files.sql"),
    include_str!("migrations/0008_stamps.sql"),
    include_str!("migrations/0009_policy_once.sql"),
    include_str!("migrations/0010_idempotency.sql"),
];

/// The schema version this program writes, kept in SQLite's `user_version`.
pub const SCHEMA_VERSION: i64 = 10;
const _: () = assert!(MIGRATIONS.len() == 10, "one version per migration");

/// The first version in which anything is sealed.
const SEALED_SINCE: i64 = 3;

/// The first version with a file for each class.
const SEPARATE_SINCE: i64 = 7;

/// Sets the connection up and migrates forward; touches nothing that is not ours. `keys` brings the ring, and is told whether
/// nothing was sealed yet.
pub(super) fn prepare(
    connection: &mut Connection,
    file: &Path,
    mode: OpenMode,
    keys: impl Fn(bool) -> Result<KeyRing, StoreError>,
) -> Result<Sealer, StoreError> {
    let found = version(connection)?;
    let writable = !connection.is_readonly("main").map_err(translate)?;
    if mode != OpenMode::ReadOnly && !writable {
        return Err(StoreError::ReadOnly);
    }
    connection.pragma_update(None, "foreign_keys", true).map_err(translate)?;
    if !writable && found != SCHEMA_VERSION {
        // An older schema would have to be migrated first.
        return Err(StoreError::ReadOnly);
    }
    // Before anything is made or set: what lies where the files beside are to be may be somebody's.
    if found < SEPARATE_SINCE && parts::has_any_of_ours(file)? && version(connection)? < SEPARATE_SINCE {
        return Err(StoreError::NotOurs);
    }
    parts::attach(connection, file, found < SEPARATE_SINCE)?;
    for schema in parts::schemas() {
        if mode != OpenMode::ReadOnly && connection.is_readonly(schema).map_err(translate)? {
            return Err(StoreError::ReadOnly);
        }
    }
    check(connection)?;
    if !writable {
        return Ok(Sealer { ring: keys(false)? });
    }
    for schema in parts::schemas() {
        let set = |name: &str, value: &str| connection.pragma_update(Some(schema), name, value).map_err(translate);
        // Not the write-ahead log: a commit has to be atomic over several files.
        let mode = connection.pragma_update_and_check(Some(schema), "journal_mode", "delete", |row| row.get(0));
        let mode: String = mode.map_err(translate)?;
        if mode != "delete" {
            return Err(StoreError::Locked);
        }
        set("synchronous", "full")?;
        // A proof that is dropped is overwritten with zeroes, not only forgotten.
        set("secure_delete", "on")?;
    }
    // Pages that were written before a transaction's end would lock their file out of turn.
    connection.pragma_update(None, "cache_spill", false).map_err(translate)?;
    let sealer = Sealer { ring: keys(found < SEALED_SINCE)? };
    if found != SCHEMA_VERSION {
        migrate(connection, &sealer)?;
        check(connection)?;
    }
    Ok(sealer)
}

/// The version of the main file; its three numbers are of one moment, as another process may be migrating just now.
fn version(connection: &mut Connection) -> Result<i64, StoreError> {
    let moment = connection.transaction().map_err(translate)?;
    recognise(&moment)
}

/// That the files belong together, or that those beside are still to be filled; in one transaction, as another process may be
/// migrating them.
fn check(connection: &mut Connection) -> Result<(), StoreError> {
    let moment = connection.transaction().map_err(translate)?;
    match recognise(&moment)? {
        version @ SEPARATE_SINCE.. => parts::check(&moment, version),
        _ if parts::are_empty(&moment)? => Ok(()),
        // Whatever lies where they are to be is somebody's.
        _ => Err(StoreError::NotOurs),
    }
}

/// The version of a database that is ours or empty.
fn recognise(connection: &Connection) -> Result<i64, StoreError> {
    const OURS: i64 = APPLICATION_ID as i64;
    let number =
        |name: &str| connection.pragma_query_value(Some("main"), name, |row| row.get::<_, i64>(0)).map_err(translate);
    let (version, application) = (number("user_version")?, number("application_id")?);
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM main.sqlite_master", [], |row| row.get(0)).map_err(translate)?;
    match (version, application, tables) {
        (0, 0, 0) => Ok(0),
        (1.., OURS, _) if version <= SCHEMA_VERSION => Ok(version),
        (1.., OURS, _) => Err(StoreError::NewerSchema { found: version, known: SCHEMA_VERSION }),
        _ => Err(StoreError::NotOurs),
    }
}

/// All outstanding steps in one transaction, so that a database is never between two versions.
fn migrate(connection: &mut Connection, sealer: &Sealer) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(translate)?;
    // Read again under the lock: another process may have done it meanwhile.
    let found = recognise(&transaction)?;
    let done = usize::try_from(found).map_err(|_| StoreError::Corrupt { what: "user_version" })?;
    if found < SEPARATE_SINCE && !parts::are_empty(&transaction)? {
        return Err(StoreError::NotOurs);
    }
    for step in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(step).map_err(translate)?;
    }
    if found < SEALED_SINCE {
        plain::seal_all(&transaction, sealer)?;
    }
    for schema in parts::schemas() {
        transaction.pragma_update(Some(schema), "application_id", APPLICATION_ID).map_err(translate)?;
        transaction.pragma_update(Some(schema), "user_version", SCHEMA_VERSION).map_err(translate)?;
    }
    transaction.commit().map_err(translate)
}
