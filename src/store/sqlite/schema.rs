//! The schema's version and the way up to it.

use super::error::translate;
use super::plain;
use super::sealed::Sealer;
use crate::kyc::StoreError;
use crate::store::OpenMode;
use crate::vault::KeyRing;
use rusqlite::{Connection, TransactionBehavior};

/// Each file takes a database from the version of its place to the next; files are added, never changed.
const MIGRATIONS: [&str; 6] = [
    include_str!("migrations/0001_accounts.sql"),
    include_str!("migrations/0002_confirmation.sql"),
    include_str!("migrations/0003_at_rest.sql"),
    include_str!("migrations/0004_wallet.sql"),
    include_str!("migrations/0005_recheck.sql"),
    include_str!("migrations/0006_claim_keys.sql"),
];

/// The schema version this program writes, kept in SQLite's `user_version`.
pub const SCHEMA_VERSION: i64 = 6;
const _: () = assert!(MIGRATIONS.len() == 6, "one version per migration");

/// SQLite's `application_id`: "honn". Tells our files from other programs' databases.
const APPLICATION_ID: i64 = 0x686F_6E6E;

/// The first version in which anything is sealed.
const SEALED_SINCE: i64 = 3;

/// Sets the connection up and migrates forward; touches nothing that is not ours. `keys` brings the ring, and is told whether
/// nothing was sealed yet.
pub(super) fn prepare(
    connection: &mut Connection,
    mode: OpenMode,
    keys: impl Fn(bool) -> Result<KeyRing, StoreError>,
) -> Result<Sealer, StoreError> {
    // In one transaction, so that the three values are of one moment: another process may be migrating just now.
    let moment = connection.transaction().map_err(translate)?;
    let found = recognise(&moment)?;
    drop(moment);
    let writable = !connection.is_readonly("main").map_err(translate)?;
    if mode != OpenMode::ReadOnly && !writable {
        return Err(StoreError::ReadOnly);
    }
    connection.pragma_update(None, "foreign_keys", true).map_err(translate)?;
    if !writable {
        // An older schema would have to be migrated first.
        return if found == SCHEMA_VERSION { Ok(Sealer { ring: keys(false)? }) } else { Err(StoreError::ReadOnly) };
    }
    connection.pragma_update(None, "journal_mode", "wal").map_err(translate)?;
    connection.pragma_update(None, "synchronous", "full").map_err(translate)?;
    // A proof that is dropped is overwritten with zeroes, not only forgotten; older pages of the write-ahead log go with
    // its next checkpoint.
    connection.pragma_update(None, "secure_delete", true).map_err(translate)?;
    let sealer = Sealer { ring: keys(found < SEALED_SINCE)? };
    if found != SCHEMA_VERSION {
        migrate(connection, &sealer)?;
        // What was in clear before is not to linger in the write-ahead log; another reader may keep it for a while.
        let _ = connection.pragma_query(None, "wal_checkpoint(TRUNCATE)", |_| Ok(()));
    }
    Ok(sealer)
}

/// The version of a database that is ours or empty.
fn recognise(connection: &Connection) -> Result<i64, StoreError> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(translate);
    let (version, application) = (number("user_version")?, number("application_id")?);
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0)).map_err(translate)?;
    match (version, application, tables) {
        (0, 0, 0) => Ok(0),
        (1.., APPLICATION_ID, _) if version <= SCHEMA_VERSION => Ok(version),
        (1.., APPLICATION_ID, _) => Err(StoreError::NewerSchema { found: version, known: SCHEMA_VERSION }),
        _ => Err(StoreError::NotOurs),
    }
}

/// All outstanding steps in one transaction, so that a database is never between two versions.
fn migrate(connection: &mut Connection, sealer: &Sealer) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(translate)?;
    // Read again under the lock: another process may have done it meanwhile.
    let found = recognise(&transaction)?;
    let done = usize::try_from(found).map_err(|_| StoreError::Corrupt { what: "user_version" })?;
    for step in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(step).map_err(translate)?;
    }
    if found < SEALED_SINCE {
        plain::seal_all(&transaction, sealer)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(translate)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION).map_err(translate)?;
    transaction.commit().map_err(translate)
}
