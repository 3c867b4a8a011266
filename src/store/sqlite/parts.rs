//! The files of a store: one for each class of LAW-45, beside each other and attached to one connection.
//!
//! A commit is atomic over all of them, also when the machine stops in its middle: SQLite ties the rollback journals of the files
//! together by one super-journal, and its removal is the commit. That holds for rollback journals and not for write-ahead logs
//! (SQLite, "ATTACH DATABASE" and "Atomic Commit", section 5). With `synchronous = FULL` the removal of a super-journal
//! is made durable, that of a single file's journal is not; every transaction here begins on all files, so there always is one.
//!
//! Locks are taken in one order, that of [`PARTS`] behind the main file; whoever reads several files reads them in it too.

use super::error::translate;
use super::header::{self, Found};
use crate::kyc::StoreError;
use rusqlite::hooks::Action;
use rusqlite::{Connection, params};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A file beside the main one, which keeps accounts, cases and wallets.
#[derive(Clone, Copy)]
pub(super) struct Part {
    /// What it is called in SQL.
    pub(super) schema: &'static str,
    /// What its name ends with, behind that of the main file.
    pub(super) suffix: &'static str,
}

/// Confirmation records and evidence; consent; the audit log; revocation material.
pub(super) const PARTS: [Part; 4] = [
    Part { schema: "records", suffix: "-records" },
    Part { schema: "consents", suffix: "-consent" },
    Part { schema: "audit", suffix: "-audit" },
    Part { schema: "revocation", suffix: "-revocation" },
];

/// The files in SQL, the main one first.
pub(super) fn schemas() -> impl Iterator<Item = &'static str> {
    std::iter::once("main").chain(PARTS.iter().map(|part| part.schema))
}

impl Part {
    /// Its file beside this main file.
    pub(super) fn beside(self, main: &Path) -> PathBuf {
        let mut name = main.as_os_str().to_owned();
        name.push(self.suffix);
        PathBuf::from(name)
    }

    /// The same new stamp in the main file and in this one. Random and not counted: two copies that went on apart never agree.
    fn stamp(self, connection: &Connection) -> Result<(), StoreError> {
        let Self { schema, .. } = self;
        for sql in [
            "UPDATE main.part_stamp SET stamp = randomblob(16) WHERE part = ?1",
            &format!("UPDATE {schema}.store_file SET stamp = (SELECT stamp FROM main.part_stamp WHERE part = ?1)"),
        ] {
            connection.prepare_cached(sql).and_then(|mut statement| statement.execute([schema])).map_err(translate)?;
        }
        Ok(())
    }
}

/// Makes an empty file that only its owner can read, before SQLite would make one that everybody can. One that is there stays.
pub(super) fn create(file: &Path) -> Result<(), StoreError> {
    match create_new(file) {
        // Another process was first, which is just as good.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::ReadOnlyFilesystem => Err(StoreError::ReadOnly),
        created => created.map_err(|_| StoreError::CannotOpen),
    }
}

/// The same for a file that must not be there.
pub(super) fn create_new(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

/// The main file itself where its name is a symbolic link: the other files lie beside it, not beside the link.
pub(super) fn behind_links(file: &Path) -> Result<PathBuf, StoreError> {
    match file.symlink_metadata() {
        Ok(found) if found.is_symlink() => file.canonicalize().map_err(|_| StoreError::CannotOpen),
        Ok(_) => Ok(file.to_owned()),
        Err(_) => Err(StoreError::CannotOpen),
    }
}

/// That the names of all files fit, their journals' too, before any of them is made: a store that has only some of them is none.
fn require_names(main: &Path) -> Result<(), StoreError> {
    PARTS.iter().try_for_each(|part| header::require_name(&header::journal(&part.beside(main))))
}

/// Makes an empty main file, unless something lies where the files beside are to be.
pub(super) fn begin(main: &Path) -> Result<(), StoreError> {
    require_names(main)?;
    for part in PARTS {
        // Another process that begins the same store makes the main file first.
        if header::look(&part.beside(main))? != Found::Nothing && !main.exists() {
            return Err(StoreError::NotOurs);
        }
    }
    create(main)
}

/// Whether one of the files beside was written by this program, and no write is under way.
pub(super) fn has_any_of_ours(main: &Path) -> Result<bool, StoreError> {
    for part in PARTS {
        if header::look(&part.beside(main))? == Found::Ours {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Attaches the files that are not attached yet. `may_create` says that the store does not have them yet; otherwise one that is
/// missing is told, and never made anew beside those that are there. Another program's file is not touched, and nothing made then.
pub(super) fn attach(connection: &Connection, main: &Path, may_create: bool) -> Result<(), StoreError> {
    if may_create {
        require_names(main)?;
    }
    for part in PARTS {
        match header::look(&part.beside(main))? {
            Found::Foreign if may_create => return Err(StoreError::NotOurs),
            Found::Foreign => return Err(StoreError::ForeignPart { suffix: part.suffix }),
            Found::Nothing | Found::Ours | Found::Unsettled => {}
        }
    }
    for part in PARTS {
        let file = part.beside(main);
        match file.try_exists() {
            Ok(true) => {}
            Ok(false) if may_create => create(&file)?,
            Ok(false) => return Err(StoreError::MissingPart { suffix: part.suffix }),
            Err(_) => return Err(StoreError::CannotOpen),
        }
        let is_attached: bool = connection
            .query_row("SELECT EXISTS (SELECT 1 FROM pragma_database_list WHERE name = ?1)", [part.schema], |row| {
                row.get(0)
            })
            .map_err(translate)?;
        if !is_attached {
            let name = file.to_str().ok_or(StoreError::CannotOpen)?;
            connection.execute(&format!("ATTACH ?1 AS {}", part.schema), [name]).map_err(translate)?;
        }
    }
    Ok(())
}

/// Reads once in every file, which undoes what a program left half written when it died: its journal is played back, and that takes
/// a connection that may write. [`StoreError::BrokenOff`] where this process may not.
pub(super) fn undo_what_was_broken_off(connection: &Connection, main: &Path) -> Result<(), StoreError> {
    let read = |schema: &str| {
        let sql = format!("SELECT count(*) FROM {schema}.sqlite_master");
        connection.query_row(&sql, [], |_| Ok(())).map_err(|error| match translate(error) {
            // The file may be written, its journal not.
            StoreError::CannotOpen => StoreError::BrokenOff,
            other => other,
        })
    };
    read("main")?;
    attach(connection, main, false)?;
    PARTS.iter().try_for_each(|part| read(part.schema))
}

/// Whether nothing was ever written into the files beside.
pub(super) fn are_empty(connection: &Connection) -> Result<bool, StoreError> {
    for part in PARTS {
        let sql = format!("SELECT count(*) FROM {}.sqlite_master", part.schema);
        let tables: i64 = connection.query_row(&sql, [], |row| row.get(0)).map_err(translate)?;
        if tables != 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// That the files are those of one store, of one version, and of one moment.
pub(super) fn check(connection: &Connection, version: i64) -> Result<(), StoreError> {
    for part in PARTS {
        let Part { schema, suffix } = part;
        let found = connection.pragma_query_value(Some(schema), "user_version", |row| row.get::<_, i64>(0));
        let holds = |sql: &str| {
            connection.query_row(&sql.replace("PART", schema), [], |row| row.get::<_, bool>(0)).map_err(translate)
        };
        const STORE: &str = "SELECT EXISTS (SELECT 1 FROM PART.store_file JOIN main.store_file USING (one, store))";
        if found.map_err(translate)? != version || !holds(STORE)? {
            return Err(StoreError::ForeignPart { suffix });
        }
        const MOMENT: &str =
            "SELECT EXISTS (SELECT 1 FROM PART.store_file JOIN main.part_stamp USING (stamp) WHERE part = 'PART')";
        if version >= STAMPED_SINCE && !holds(MOMENT)? {
            return Err(StoreError::PartOfAnotherMoment { suffix });
        }
    }
    Ok(())
}

/// The first version in which the files tell by a stamp that they are of one moment.
const STAMPED_SINCE: i64 = 8;

/// Which of the files beside a connection has written to, so that none is written without its stamp.
#[derive(Default)]
pub(super) struct Touched(Arc<[AtomicBool; PARTS.len()]>);

impl Touched {
    /// Watches the rows that this connection writes.
    pub(super) fn watch(connection: &mut Connection) -> Result<Self, StoreError> {
        let touched = Self::default();
        let seen = Arc::clone(&touched.0);
        let note = move |_: Action, schema: &str, _: &str, _: i64| {
            for (part, seen) in PARTS.iter().zip(seen.iter()) {
                if part.schema == schema {
                    seen.store(true, Ordering::Relaxed);
                }
            }
        };
        connection.update_hook(Some(note)).map_err(translate)?;
        Ok(touched)
    }

    /// At a transaction's end: a new stamp for every file beside that it wrote to. One that was rolled back before it came here
    /// leaves the next a stamp too many, which does no harm.
    pub(super) fn stamp(&self, connection: &Connection) -> Result<(), StoreError> {
        for (part, seen) in PARTS.iter().zip(self.0.iter()) {
            if seen.load(Ordering::Relaxed) {
                part.stamp(connection)?;
            }
        }
        // Stamping is writing, too.
        self.0.iter().for_each(|seen| seen.store(false, Ordering::Relaxed));
        Ok(())
    }
}

/// Copies every file, as they are at one moment, to a store of another name. Nobody commits meanwhile: every transaction begins with
/// a lock of the main file, and `gate` is a connection to that which has it; where it may only read, SQLite gives it a reader's
/// lock, and no commit ends while a reader has the main file. The main file comes last, so that a copy that broke
/// off is no store; what was made of it is taken away again.
pub(super) fn copy(connection: &Connection, gate: &mut Connection, to: &Path) -> Result<(), StoreError> {
    require_names(to)?;
    let closed = gate.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(translate)?;
    let beside = PARTS.into_iter().map(|part| (part.schema, part.beside(to)));
    let mut made = Vec::new();
    let copied = beside.chain([("main", to.to_owned())]).try_for_each(|(schema, file)| {
        create_new(&file).map_err(|_| StoreError::CannotOpen)?;
        let name = file.to_str().ok_or(StoreError::CannotOpen);
        made.push(file.clone());
        connection.execute(&format!("VACUUM {schema} INTO ?1"), params![name?]).map(drop).map_err(translate)
    });
    if copied.is_err() {
        // Else the next try would find them in its way. What cannot be removed stays, and the copy has failed anyhow.
        made.iter().for_each(|file| drop(std::fs::remove_file(file)));
    }
    copied.and(closed.rollback().map_err(translate))
}
