//! A store in SQLite files (through rusqlite): embedded, durable, shared by threads and processes; a file for each class of
//! LAW-45 ([`parts`]).
//!
//! Every write is one transaction begun with BEGIN IMMEDIATE over all files, under rollback journals with `synchronous = FULL`:
//! what was acknowledged survives a crash, and two writers never see the same version. Nothing above this room leans on
//! SQLite's ways.

mod archive;
mod audit;
mod customer;
mod error;
mod facts;
mod group;
mod header;
mod idempotency;
mod parts;
mod plain;
mod recheck;
mod record;
mod rows;
mod schema;
mod sealed;
mod wallet;

pub use schema::SCHEMA_VERSION;

use super::{KeySource, OpenMode};
use crate::customer::CustomerWrite;
use crate::idempotency::{IdempotencyKey, KeptRequest};
use crate::kyc::{
    Account, AccountId, Case, CaseId, ConfirmationRecord, Consumption, Effects, Event, FailureEffect, HeldProof,
    ProofEffect, Store, StoreError, Versioned,
};
use crate::proof::{Challenge, ChallengeId};
use crate::recheck::{Sweep, ValidityNote};
use crate::record::ArchiveChange;
use crate::time::UnixTime;
use crate::vault::KeyPurpose;
use crate::wallet::{Delivery, NoticeNumber, WalletWrite};
use audit::Appending;
use error::translate;
use group::Writer;
use parts::Touched;
use record::Filed;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, TransactionBehavior, params};
use sealed::Sealer;
use std::path::{Path, PathBuf};
use std::sync::{Arc, MutexGuard};
use std::time::{Duration, Instant};

/// A store in SQLite files.
pub struct SqliteStore {
    file: PathBuf,
    patience: Duration,
    writer: Writer<Work, Done, Appending>,
    sealer: Arc<Sealer>,
    touched: Arc<Touched>,
}

/// One durable write.
enum Work {
    Commit { effects: Box<Effects>, filed: Option<Box<Filed>> },
    Consume { challenge: ChallengeId, case: CaseId, at: UnixTime },
    Change { change: Box<ArchiveChange>, event: Box<Event> },
    Wallet(Box<WalletWrite>),
    Customer { write: Box<CustomerWrite>, filed: Vec<Option<Filed>> },
    Settle { number: NoticeNumber, delivery: Delivery },
    KeepRequest { key: IdempotencyKey, write: Box<Versioned<KeptRequest>> },
    ForgetRequests { begun_by: UnixTime, limit: usize },
    Sweep { from: Option<Box<Sweep>>, to: Box<Sweep>, notes: Vec<ValidityNote>, events: Vec<Event> },
}

/// What came of it.
enum Done {
    Committed,
    Consumed(Taken),
    Forgotten(usize),
}

/// What became of a challenge.
enum Taken {
    /// It is used from now on. Its statement, sealed: whoever took it opens it, and no other writer waits for that.
    Now { statement: Vec<u8> },
    /// It is not.
    Not(Consumption),
}

/// Between two tries to prepare a file that others prepare too.
const LOCK_PAUSE: Duration = Duration::from_millis(5);

impl SqliteStore {
    /// Opens the file with the key ring beside it, as [`SqliteStore::open_with`] with [`KeySource::Beside`].
    ///
    /// # Errors
    /// As [`SqliteStore::open_with`].
    pub fn open(file: &Path, mode: OpenMode, patience: Duration) -> Result<Self, StoreError> {
        Self::open_with(file, mode, patience, &KeySource::Beside)
    }

    /// Opens the file and those beside it, and brings their schema up to date. A locked database is waited for `patience`
    /// long, now and later. Through a symbolic link the files beside are those beside the file itself; the key ring is beside the
    /// name as it was given.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::MissingPart`], [`StoreError::ForeignPart`],
    /// [`StoreError::PartOfAnotherMoment`], [`StoreError::CannotOpen`], [`StoreError::NameTooLong`] before anything is made,
    /// [`StoreError::NotOurs`] (another program's database, or no
    /// database at all: it is left alone), [`StoreError::NewerSchema`], [`StoreError::ReadOnly`] when the file cannot be
    /// written although it was to be, [`StoreError::BrokenOff`] when that would be needed to read
    /// it, [`StoreError::Locked`]; [`StoreError::NoKeys`] and [`StoreError::Keys`] when the ring
    /// is not there or is another's.
    pub fn open_with(file: &Path, mode: OpenMode, patience: Duration, keys: &KeySource) -> Result<Self, StoreError> {
        // `:memory:` and an empty name would be no files to SQLite; behind a folder they are names like any other.
        let named = &Path::new(".").join(file);
        header::require_name(named)?;
        if mode == OpenMode::Create
            && let Some(ring) = keys.longest_name(named)
        {
            header::require_name(&ring)?;
        }
        match (named.try_exists(), mode) {
            (Err(_), _) => return Err(StoreError::CannotOpen),
            (Ok(false), OpenMode::Existing | OpenMode::ReadOnly) => return Err(StoreError::Missing),
            (Ok(false), OpenMode::Create) => parts::begin(named)?,
            (Ok(true), _) => {}
        }
        let file = &parts::behind_links(named)?;
        let access = match mode {
            OpenMode::ReadOnly => OpenFlags::SQLITE_OPEN_READ_ONLY,
            OpenMode::Create | OpenMode::Existing => OpenFlags::SQLITE_OPEN_READ_WRITE,
        };
        let mut connection = connect(file, access, patience)?;
        // More statements than the sixteen that are kept by default make an upgrade; preparing one again costs as much as
        // running it.
        connection.set_prepared_statement_cache_capacity(96);
        // SQLite does not wait by itself where waiting could be for ever, as when an older file leaves its write-ahead log; the
        // steps of `prepare` may be begun again.
        let until = Instant::now() + patience;
        let mut was_undone = false;
        let sealer = loop {
            match schema::prepare(&mut connection, file, mode, |is_new| keys.load(named, is_new)) {
                Err(StoreError::Locked) if Instant::now() < until => std::thread::sleep(LOCK_PAUSE),
                // What a dead program left half done is undone by whoever reads first.
                Err(StoreError::BrokenOff) if !was_undone => {
                    parts::undo_what_was_broken_off(
                        &connect(file, OpenFlags::SQLITE_OPEN_READ_WRITE, patience)?,
                        file,
                    )?;
                    was_undone = true;
                }
                prepared => break prepared?,
            }
        };
        // Opens only under the ring it was sealed under, and with every key that claims were taken under.
        audit::head(&connection, &sealer)?;
        wallet::check_lookup_keys(&mut connection, &sealer)?;
        let (sealer, touched) = (Arc::new(sealer), Arc::new(Touched::watch(&mut connection)?));
        let (under, ending, seen) = (Arc::clone(&sealer), Arc::clone(&sealer), Arc::clone(&touched));
        let writer = Writer::new(
            connection,
            move |connection, log, work| make(connection, &under, log, work),
            move |connection, log: Appending| {
                log.close(connection, &ending)?;
                seen.stamp(connection)
            },
        );
        Ok(Self { file: file.clone(), patience, writer, sealer, touched })
    }

    /// Copies the store, as it is at one moment, to files named after `to`; it stays in use. None of them may be there. The key
    /// ring is not copied: it is kept elsewhere, and opens the copy. Nobody writes meanwhile. It takes no permission to write to the
    /// store. A program that is killed meanwhile leaves files that have to be removed before the next try.
    ///
    /// # Errors
    /// [`StoreError::CannotOpen`] when a file cannot be made or is there; [`StoreError::NameTooLong`]; [`StoreError`]. What was
    /// copied by then is removed again.
    pub fn back_up(&self, to: &Path) -> Result<(), StoreError> {
        let connection = self.connection();
        let mut gate = connect(&self.file, OpenFlags::SQLITE_OPEN_READ_WRITE, self.patience)?;
        parts::copy(&connection, &mut gate, &Path::new(".").join(to))
    }

    /// Seals everything that lies under older keys of the ring under the current ones, in one transaction; returns how many
    /// values that were. Afterwards the older keys may leave the ring, once no backup needs them.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn renew_keys(&self) -> Result<u64, StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(translate)?;
        let renewed = record::renew(&transaction, &self.sealer)?;
        audit::renew(&transaction, &self.sealer)?;
        self.touched.stamp(&transaction)?;
        transaction.commit().map_err(translate)?;
        Ok(renewed)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.writer.connection()
    }

    fn file(&self, effects: &Effects) -> Result<Option<Filed>, StoreError> {
        effects.record.as_ref().map(|record| record::file(&self.sealer, record)).transpose()
    }
}

/// No SQLITE_OPEN_URI: a file name is a file name.
fn connect(file: &Path, access: OpenFlags, patience: Duration) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(file, access | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(translate)?;
    connection.busy_timeout(patience).map_err(translate)?;
    Ok(connection)
}

impl Store for SqliteStore {
    fn load_account(&self, id: &AccountId) -> Result<Option<Versioned<Account>>, StoreError> {
        // One transaction: the account and its holds are of one moment.
        let mut connection = self.connection();
        let transaction = connection.transaction().map_err(translate)?;
        facts::account(&transaction, id)
    }

    fn failures(&self, id: &AccountId) -> Result<u64, StoreError> {
        let connection = self.connection();
        let found: Option<i64> = connection
            .prepare_cached("SELECT failures FROM account WHERE id = ?1")
            .and_then(|mut statement| statement.query_row([id.as_str()], |row| row.get(0)).optional())
            .map_err(translate)?;
        let found = found.ok_or(StoreError::Dangling { what: "account" })?;
        u64::try_from(found).map_err(|_| StoreError::Corrupt { what: "account.failures" })
    }

    fn load_case(&self, id: &CaseId) -> Result<Option<Versioned<Case>>, StoreError> {
        let row = facts::case(&self.connection(), id)?;
        // Nobody waits for the connection while this is opened.
        row.map(|row| row.open(&self.sealer, id)).transpose()
    }

    fn load_challenge(&self, id: ChallengeId) -> Result<Option<Challenge>, StoreError> {
        rows::challenge(&self.connection(), &self.sealer, id)
    }

    fn open_cases(&self, account: &AccountId) -> Result<Vec<CaseId>, StoreError> {
        rows::open_cases(&self.connection(), account)
    }

    fn held_proof(&self, case: &CaseId) -> Result<Option<HeldProof>, StoreError> {
        rows::held_proof(&self.connection(), &self.sealer, case)
    }

    fn confirmation_record(&self, case: &CaseId) -> Result<Option<ConfirmationRecord>, StoreError> {
        Ok(record::load(&self.connection(), &self.sealer, case)?.map(|kept| kept.record))
    }

    fn events(&self, account: &AccountId) -> Result<Vec<Event>, StoreError> {
        rows::events(&self.connection(), account)
    }

    fn consume_challenge(&self, id: ChallengeId, case: &CaseId, at: UnixTime) -> Result<Consumption, StoreError> {
        match self.writer.write(Work::Consume { challenge: id, case: case.clone(), at })? {
            Done::Consumed(Taken::Not(found)) => Ok(found),
            Done::Consumed(Taken::Now { statement }) => {
                rows::open_statement(&self.sealer, id, &statement).map(Consumption::Consumed)
            }
            _ => Err(StoreError::Broken { code: "WriterConfused".to_owned() }),
        }
    }

    fn commit(&self, effects: &Effects) -> Result<(), StoreError> {
        let filed = self.file(effects)?.map(Box::new);
        self.writer.write(Work::Commit { effects: Box::new(without_record(effects)), filed }).map(drop)
    }
}

/// Effects whose record is filed: nobody looks at it again, and it is by far the largest of them.
fn without_record(effects: &Effects) -> Effects {
    Effects {
        account_id: effects.account_id.clone(),
        account: effects.account.clone(),
        case: effects.case.clone(),
        challenge: effects.challenge.clone(),
        proof: effects.proof.clone(),
        signature: effects.signature,
        record: None,
        failures: effects.failures,
        events: effects.events.clone(),
    }
}

fn make(connection: &Connection, sealer: &Sealer, log: &mut Appending, work: &Work) -> Result<Done, StoreError> {
    match work {
        Work::Commit { effects, filed } => {
            apply(connection, sealer, log, effects, filed.as_deref()).map(|()| Done::Committed)
        }
        Work::Consume { challenge, case, at } => consume(connection, sealer, *challenge, case, *at).map(Done::Consumed),
        Work::Change { change, event } => {
            archive::change(connection, sealer, log, change, event).map(|()| Done::Committed)
        }
        Work::Customer { write, filed } => {
            customer::commit(connection, sealer, log, write, filed).map(|()| Done::Committed)
        }
        Work::Wallet(write) => wallet::commit(connection, sealer, log, write).map(|()| Done::Committed),
        Work::Sweep { from, to, notes, events } => {
            recheck::advance(connection, sealer, log, from.as_deref(), to, notes, events).map(|()| Done::Committed)
        }
        Work::Settle { number, delivery } => wallet::settle(connection, *number, delivery).map(|()| Done::Committed),
        Work::KeepRequest { key, write } => idempotency::keep(connection, sealer, key, write).map(|()| Done::Committed),
        Work::ForgetRequests { begun_by, limit } => {
            idempotency::forget(connection, *begun_by, *limit).map(Done::Forgotten)
        }
    }
}

fn consume(
    connection: &Connection,
    sealer: &Sealer,
    id: ChallengeId,
    case: &CaseId,
    at: UnixTime,
) -> Result<Taken, StoreError> {
    let name = id.to_string();
    let taken: Option<Vec<u8>> = connection
        .prepare_cached(
            "UPDATE challenge SET consumed_at = ?3
             WHERE id = ?1 AND case_id = ?2 AND consumed_at IS NULL AND superseded = 0 AND expires_at >= ?3
             RETURNING statement",
        )
        .and_then(|mut statement| {
            statement.query_row(params![name, case.as_str(), at.seconds()], |row| row.get(0)).optional()
        })
        .map_err(translate)?;
    if let Some(statement) = taken {
        // A ring that is behind must not cost the holder his challenge.
        sealer.ring.require_key(KeyPurpose::Account, &statement)?;
        return Ok(Taken::Now { statement });
    }
    let used: Option<bool> = connection
        .prepare_cached("SELECT consumed_at IS NOT NULL FROM challenge WHERE id = ?1 AND case_id = ?2")
        .and_then(|mut statement| statement.query_row([name.as_str(), case.as_str()], |row| row.get(0)).optional())
        .map_err(translate)?;
    Ok(Taken::Not(match used {
        Some(true) => Consumption::AlreadyUsed,
        Some(false) => Consumption::Expired,
        None => Consumption::Unknown,
    }))
}

/// `filed` is the record of the effects.
fn apply(
    transaction: &Connection,
    sealer: &Sealer,
    log: &mut Appending,
    effects: &Effects,
    filed: Option<&Filed>,
) -> Result<(), StoreError> {
    if let Some(write) = &effects.account {
        facts::write_account(transaction, write)?;
    }
    // Also finds out whether the account is there.
    let failures = match effects.failures {
        FailureEffect::Unchanged => "UPDATE account SET failures = failures WHERE id = ?1",
        FailureEffect::CountOne => "UPDATE account SET failures = failures + 1 WHERE id = ?1",
        FailureEffect::Reset => "UPDATE account SET failures = 0 WHERE id = ?1",
    };
    let touched = transaction
        .prepare_cached(failures)
        .and_then(|mut statement| statement.execute([effects.account_id.as_str()]))
        .map_err(translate)?;
    if touched != 1 {
        return Err(StoreError::Dangling { what: "account" });
    }
    if let Some(write) = &effects.case {
        facts::write_case(transaction, sealer, write)?;
    }
    if let Some(challenge) = &effects.challenge {
        rows::insert_challenge(transaction, sealer, challenge)?;
    }
    let case = || match &effects.case {
        Some(write) => Ok(&write.facts.id),
        None => Err(StoreError::Dangling { what: "case" }),
    };
    match &effects.proof {
        ProofEffect::Unchanged => {}
        ProofEffect::Keep(proof) => rows::keep_proof(transaction, sealer, case()?, proof)?,
        ProofEffect::Drop => rows::drop_proof(transaction, case()?)?,
    }
    if let Some(digest) = effects.signature {
        rows::claim_signature(transaction, digest, case()?)?;
    }
    tell(transaction, sealer, log, &effects.events)?;
    match filed {
        Some(filed) => {
            tell(transaction, sealer, log, std::slice::from_ref(record::insert(transaction, sealer, filed)?))
        }
        None => Ok(()),
    }
}

/// Appends events, and a line of the audit log for each. Only within a group of the writer, whose end closes the log.
fn tell(transaction: &Connection, sealer: &Sealer, log: &mut Appending, events: &[Event]) -> Result<(), StoreError> {
    events.iter().try_for_each(|event| rows::insert_event(transaction, event))?;
    log.append(transaction, sealer, events)
}
