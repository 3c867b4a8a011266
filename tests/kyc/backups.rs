//! A copy of a database that is in use, made the way SQLite offers, with the key ring beside it (docs: the `store` room).

use crate::sqlite_file::create;
use crate::stores::{AT, account_id, case_id, furnish, record};
use honnin::kyc::{Effects, Store, StoreError};
use honnin::record::{Archive, Archivist, AuditVerifier, Bundle};
use honnin::store::{DEFAULT_PATIENCE, OpenMode, SqliteStore};
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
