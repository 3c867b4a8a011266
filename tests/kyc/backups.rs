//! A copy of a database that is in use, made the way SQLite offers, with the key ring beside it (docs: the `store` room).

use crate::sqlite_file::{PARTS, create, part};
use crate::stores::{AT, account_id, case_id, furnish, record};
use crate::wallets::new_wallet;
use honnin::kyc::{Effects, Store, StoreError};
use honnin::record::{Archive, Archivist, AuditVerifier, Bundle};
use honnin::store::{DEFAULT_PATIENCE, OpenMode, SqliteStore};
use honnin::wallet::WalletStore as _;
use std::path::Path;

fn log_of(archive: &dyn Archive) -> String {
    let mut log = Vec::new();
    Archivist::new(archive).export_audit(&mut log, AT).unwrap();
    String::from_utf8(log).unwrap()
}

fn open(file: &Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(file, OpenMode::Existing, DEFAULT_PATIENCE)
}

fn ring_beside(file: &Path) -> std::path::PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".keys");
    name.into()
}

#[test]
fn a_backup_of_a_store_in_use_restores_to_what_was_then() {
    let folder = tempfile::tempdir().unwrap();
    let (file, backup) = (folder.path().join("accounts.db"), folder.path().join("backup.db"));
    let store = create(&file);
    furnish(&store, 1);
    let mut effects = Effects::none(account_id("a-1"));
    effects.record = Some(record());
    store.commit(&effects).unwrap();
    let then = log_of(&store);
    store.back_up(&backup).unwrap();
    furnish(&store, 2);

    // Without the ring it stays closed; another's ring does not open it.
    assert!(matches!(open(&backup), Err(StoreError::NoKeys | StoreError::Keys(_))));
    drop(create(&folder.path().join("other.db")));
    std::fs::copy(ring_beside(&folder.path().join("other.db")), ring_beside(&backup)).unwrap();
    assert!(matches!(open(&backup), Err(StoreError::NoKeys | StoreError::Keys(_))));

    std::fs::copy(ring_beside(&file), ring_beside(&backup)).unwrap();
    let restored = open(&backup).unwrap();
    assert_eq!(restored.kept_record(&case_id("case_1")).unwrap().unwrap().record, record());
    let bundle = restored.bundle(&case_id("case_1")).unwrap().unwrap();
    assert_eq!(*bundle.reveal(), Bundle::write(&record()).unwrap().0);
    assert_eq!(restored.load_account(&account_id("a-2")).unwrap(), None, "what came after is not in it");
    assert_eq!(log_of(&restored), then);
    // It goes on from there: versions, chain and claims hold.
    furnish(&restored, 3);
    let log = log_of(&restored);
    let mut verifier = AuditVerifier::new(None);
    log.split_inclusive('\n').for_each(|line| verifier.line(line.as_bytes()));
    assert_eq!(verifier.finish().problems, 0, "{log}");
    assert_eq!(restored.commit(&effects), Err(StoreError::Conflict), "one record a case, in a restored store too");
}

/// The files of a copy go back together: any one of them alone is of another moment, the main one too.
#[test]
fn a_single_file_put_back_from_an_older_copy_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (file, old) = (folder.path().join("accounts.db"), folder.path().join("old.db"));
    let store = create(&file);
    furnish(&store, 1);
    store.back_up(&old).unwrap();
    // Every class is written to: record, evidence and log; and consent.
    let mut effects = Effects::none(account_id("a-1"));
    effects.record = Some(record());
    store.commit(&effects).unwrap();
    store.commit_wallet(&new_wallet(2)).unwrap();
    drop(store);
    let newer: Vec<_> =
        [&[""], PARTS.as_slice()].concat().iter().map(|it| std::fs::read(part(&file, it)).unwrap()).collect();
    for (suffix, newer) in [&[""], PARTS.as_slice()].concat().into_iter().zip(&newer) {
        std::fs::copy(part(&old, suffix), part(&file, suffix)).unwrap();
        for mode in [OpenMode::Create, OpenMode::Existing, OpenMode::ReadOnly] {
            let refused = SqliteStore::open(&file, mode, DEFAULT_PATIENCE).err();
            let Some(StoreError::PartOfAnotherMoment { suffix: named }) = refused else {
                panic!("{suffix}: {refused:?}")
            };
            // Against an older main file every other one is of another moment; the first is named.
            assert_eq!(named, if suffix.is_empty() { PARTS[0] } else { suffix });
        }
        std::fs::write(part(&file, suffix), newer).unwrap();
        assert!(open(&file).is_ok(), "{suffix}");
    }
    // All five of the copy are a store again.
    for suffix in PARTS.iter().chain(&[""]) {
        std::fs::copy(part(&old, suffix), part(&file, suffix)).unwrap();
    }
    assert_eq!(open(&file).unwrap().confirmation_record(&case_id("case_1")), Ok(None));
}

/// Two that went on from one copy are two stores, also where both have written equally much.
#[test]
fn files_of_two_stores_that_went_on_from_one_copy_do_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    let (file, other) = (folder.path().join("accounts.db"), folder.path().join("other.db"));
    let store = create(&file);
    furnish(&store, 1);
    store.back_up(&other).unwrap();
    std::fs::copy(ring_beside(&file), ring_beside(&other)).unwrap();
    let elsewhere = open(&other).unwrap();
    for store in [&store, &elsewhere] {
        let mut effects = Effects::none(account_id("a-1"));
        effects.record = Some(record());
        store.commit(&effects).unwrap();
    }
    drop((store, elsewhere));
    std::fs::copy(part(&other, "-audit"), part(&file, "-audit")).unwrap();
    assert_eq!(open(&file).err(), Some(StoreError::PartOfAnotherMoment { suffix: "-audit" }));
}

/// A copy that cannot be finished leaves nothing in the way of the next one, and takes nothing away that it did not make.
#[test]
fn a_copy_that_breaks_off_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let (file, to) = (folder.path().join("accounts.db"), folder.path().join("copy").join("backup.db"));
    let store = create(&file);
    furnish(&store, 1);
    std::fs::create_dir(folder.path().join("copy")).unwrap();
    let names = || -> Vec<_> {
        let entries = std::fs::read_dir(folder.path().join("copy")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    for (suffix, size) in [("", 0), ("-audit", 7)] {
        std::fs::write(part(&to, suffix), "x".repeat(size)).unwrap();
        assert_eq!(store.back_up(&to), Err(StoreError::CannotOpen));
        assert_eq!(names(), [format!("backup.db{suffix}")]);
        assert_eq!(std::fs::read(part(&to, suffix)).unwrap().len(), size);
        std::fs::remove_file(part(&to, suffix)).unwrap();
    }
    // Somebody reads a file of the store so that it cannot be copied: after four of five.
    let reader = rusqlite::Connection::open(part(&file, "-revocation")).unwrap();
    reader.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let hasty = SqliteStore::open(&file, OpenMode::ReadOnly, std::time::Duration::from_millis(50));
    assert_eq!(hasty.err(), Some(StoreError::Locked));
    reader.execute_batch("ROLLBACK").unwrap();
    let hasty = SqliteStore::open(&file, OpenMode::ReadOnly, std::time::Duration::from_millis(50)).unwrap();
    reader.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_eq!(hasty.back_up(&to), Err(StoreError::Locked));
    assert_eq!(names(), [""; 0]);
    reader.execute_batch("ROLLBACK").unwrap();
    hasty.back_up(&to).unwrap();
    assert_eq!(names().len(), 5);
    std::fs::copy(ring_beside(&file), ring_beside(&to)).unwrap();
    assert!(open(&to).unwrap().load_account(&account_id("a-1")).unwrap().is_some());
}

/// A copy takes no permission to write to the store (as root, who may always, this shows less).
#[cfg(unix)]
#[test]
fn who_may_only_read_makes_a_copy_too() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let (file, to) = (folder.path().join("accounts.db"), folder.path().join("backup.db"));
    furnish(&create(&file), 1);
    for suffix in PARTS.iter().chain(&[""]) {
        std::fs::set_permissions(part(&file, suffix), std::fs::Permissions::from_mode(0o400)).unwrap();
    }
    SqliteStore::open(&file, OpenMode::ReadOnly, DEFAULT_PATIENCE).unwrap().back_up(&to).unwrap();
    std::fs::copy(ring_beside(&file), ring_beside(&to)).unwrap();
    assert!(open(&to).unwrap().load_account(&account_id("a-1")).unwrap().is_some());
}
