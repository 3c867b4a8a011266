//! What only a file can do: be old, be newer, be somebody else's, be locked, be read-only, be shared by processes.

use crate::stores::{AT, account_id, case_id, furnish};
use honnin::kyc::{Account, Consumption, Effects, Store, StoreError, Version, Versioned};
use honnin::proof::ChallengeId;
use honnin::store::{DEFAULT_PATIENCE, KeySource, OpenMode, SCHEMA_VERSION, SqliteStore};
use honnin::vault::{KeyPurpose, KeyRing};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::time::Duration;

const APPLICATION_ID: i64 = 0x686F_6E6E;

pub(crate) fn create(file: &Path) -> SqliteStore {
    SqliteStore::open(file, OpenMode::Create, DEFAULT_PATIENCE).unwrap()
}

/// The files of a store beside its main one.
pub(crate) const PARTS: [&str; 4] = ["-records", "-consent", "-audit", "-revocation"];

/// One of them.
pub(crate) fn part(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn refusal(file: &Path, mode: OpenMode) -> StoreError {
    SqliteStore::open(file, mode, Duration::from_millis(50)).err().expect("refused")
}

fn new_account(name: &str) -> Effects {
    let mut effects = Effects::none(account_id(name));
    let facts = Account::created_with_certificate(account_id(name), AT);
    effects.account = Some(Versioned { facts, version: Version::NEW });
    effects
}

fn pragma(file: &Path, name: &str) -> i64 {
    Connection::open(file).unwrap().pragma_query_value(None, name, |row| row.get(0)).unwrap()
}

#[test]
fn an_empty_file_is_version_0_and_migrates() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    std::fs::write(&file, b"").unwrap();
    assert_eq!(pragma(&file, "user_version"), 0);
    furnish(&SqliteStore::open(&file, OpenMode::Existing, DEFAULT_PATIENCE).unwrap(), 1);
    assert_eq!(pragma(&file, "user_version"), SCHEMA_VERSION);
    assert_eq!(pragma(&file, "application_id"), APPLICATION_ID);
    let reopened = SqliteStore::open(&file, OpenMode::Existing, DEFAULT_PATIENCE).unwrap();
    assert!(reopened.load_account(&account_id("a-1")).unwrap().is_some());
}

#[test]
fn a_file_of_version_1_keeps_its_accounts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let old = Connection::open(&file).unwrap();
    old.execute_batch(include_str!("../../src/store/sqlite/migrations/0001_accounts.sql")).unwrap();
    old.execute_batch(&format!("PRAGMA user_version = 1; PRAGMA application_id = {APPLICATION_ID}")).unwrap();
    old.execute("INSERT INTO account VALUES ('old', 3, 'certificate', 'in_progress', 'open', NULL, 7, NULL, 2)", [])
        .unwrap();
    drop(old);
    let store = SqliteStore::open(&file, OpenMode::Existing, DEFAULT_PATIENCE).unwrap();
    let account = store.load_account(&account_id("old")).unwrap().unwrap();
    assert_eq!(account.version.number(), 3);
    assert_eq!(store.failures(&account_id("old")), Ok(2));
    assert_eq!(store.confirmation_record(&case_id("none")), Ok(None), "the table of version 3 is there");
    assert_eq!(pragma(&file, "user_version"), SCHEMA_VERSION);
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    drop(create(&file));
    Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let expected = StoreError::NewerSchema { found: 99, known: SCHEMA_VERSION };
    assert_eq!(refusal(&file, OpenMode::Create), expected);
    assert!(expected.to_string().contains("99"), "{expected}");
    assert_eq!(pragma(&file, "user_version"), 99);
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("letter.txt");
    let letter = "this is no database at all, but long enough to have a header of a hundred bytes. ".repeat(9);
    std::fs::write(&text, &letter).unwrap();
    assert_eq!(refusal(&text, OpenMode::Create), StoreError::NotOurs);
    assert_eq!(std::fs::read_to_string(&text).unwrap(), letter);

    let other = folder.path().join("other.db");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE photo (id INTEGER)").unwrap();
    let before = std::fs::read(&other).unwrap();
    assert_eq!(refusal(&other, OpenMode::Create), StoreError::NotOurs);
    assert_eq!(std::fs::read(&other).unwrap(), before);

    assert_eq!(refusal(folder.path(), OpenMode::Create), StoreError::CannotOpen);
    assert_eq!(refusal(&folder.path().join("no/such/folder.db"), OpenMode::Create), StoreError::CannotOpen);
}

#[test]
fn a_missing_file_is_made_only_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    for mode in [OpenMode::Existing, OpenMode::ReadOnly] {
        assert_eq!(refusal(&file, mode), StoreError::Missing);
        assert!(!file.exists());
    }
    drop(create(&file));
    assert!(file.exists());
}

/// A name that SQLite takes for a database in memory would lose every account at the end of the process.
#[test]
fn an_odd_name_is_a_file_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sqlite_file::child_fills_oddly_named_files", "--ignored", "--quiet"])
        .env(CHILD_FILE, "unused")
        .current_dir(folder.path())
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    for name in ODD_NAMES {
        let file = folder.path().join(name);
        let store = SqliteStore::open(&file, OpenMode::Existing, DEFAULT_PATIENCE).unwrap();
        assert!(store.load_account(&account_id("a-1")).unwrap().is_some(), "{name}");
    }
}

const ODD_NAMES: [&str; 3] = [":memory:", "file:x?mode=memory", "アカウント.db"];

#[test]
#[ignore = "the other side of an_odd_name_is_a_file_like_any_other"]
fn child_fills_oddly_named_files() {
    if std::env::var_os(CHILD_FILE).is_some() {
        ODD_NAMES.into_iter().for_each(|name| furnish(&create(Path::new(name)), 1));
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let store = create(&file);
    furnish(&store, 1);
    let other = Connection::open(&file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; UPDATE account SET failures = 9").unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}: {mode:o}", entry.file_name());
        seen += 1;
    }
    assert_eq!(seen, 5 + 2, "the files, the keys and a journal");
}

#[test]
fn a_locked_database_is_told_and_nothing_is_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let store = SqliteStore::open(&file, OpenMode::Create, Duration::from_millis(50)).unwrap();
    furnish(&store, 1);
    let holder = Connection::open(&file).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(store.commit(&new_account("a-2")), Err(StoreError::Locked));
    let spent = store.consume_challenge(ChallengeId::from_random([1; 16]), &case_id("case_1"), AT);
    assert_eq!(spent, Err(StoreError::Locked));
    assert!(store.load_account(&account_id("a-1")).unwrap().is_some(), "reading goes on");
    holder.execute_batch("ROLLBACK").unwrap();
    assert_eq!(store.load_account(&account_id("a-2")), Ok(None));
    let spent = store.consume_challenge(ChallengeId::from_random([1; 16]), &case_id("case_1"), AT);
    assert!(matches!(spent, Ok(Consumption::Consumed(_))), "the lock cost nothing: {spent:?}");
    store.commit(&new_account("a-2")).unwrap();
}

#[test]
fn a_new_file_that_somebody_locks_is_not_migrated_by_halves() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let holder = Connection::open(&file).unwrap();
    holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_eq!(refusal(&file, OpenMode::Create), StoreError::Locked);
    holder.execute_batch("ROLLBACK").unwrap();
    drop(holder);
    assert_eq!(pragma(&file, "user_version"), 0);
    furnish(&create(&file), 1);
}

#[test]
fn a_store_opened_for_reading_refuses_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let writer = create(&file);
    furnish(&writer, 1);
    let reader = SqliteStore::open(&file, OpenMode::ReadOnly, DEFAULT_PATIENCE).unwrap();
    assert!(reader.load_account(&account_id("a-1")).unwrap().is_some());
    assert_eq!(reader.commit(&new_account("a-2")), Err(StoreError::ReadOnly));
    let spent = reader.consume_challenge(ChallengeId::from_random([1; 16]), &case_id("case_1"), AT);
    assert_eq!(spent, Err(StoreError::ReadOnly));
    assert_eq!(writer.load_account(&account_id("a-2")), Ok(None));
}

/// Permissions bind everybody but root; run as root this shows nothing, and says so.
#[cfg(unix)]
#[test]
fn a_file_without_write_permission_is_read_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    drop(create(&file));
    for suffix in [&[""], PARTS.as_slice()].concat() {
        let file_of_it = part(&file, suffix);
        std::fs::set_permissions(&file_of_it, std::fs::Permissions::from_mode(0o400)).unwrap();
        if std::fs::OpenOptions::new().write(true).open(&file_of_it).is_ok() {
            eprintln!("skipped: this user may write to files without write permission");
            return;
        }
        for mode in [OpenMode::Existing, OpenMode::Create] {
            assert_eq!(refusal(&file, mode), StoreError::ReadOnly, "{suffix}");
        }
        assert!(SqliteStore::open(&file, OpenMode::ReadOnly, DEFAULT_PATIENCE).is_ok(), "{suffix}");
        std::fs::set_permissions(&file_of_it, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

/// LAW-24 and the audit trail hold against the file too, not only against our own code.
#[test]
fn records_and_events_cannot_be_changed_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let store = create(&file);
    let mut effects = new_account("a-1");
    effects.events = vec![honnin::kyc::Event {
        at: AT,
        account: account_id("a-1"),
        case: None,
        kind: honnin::kyc::EventKind::AccountCreated,
    }];
    store.commit(&effects).unwrap();
    let connection = Connection::open(&file).unwrap();
    for sql in ["UPDATE event SET at = 0", "DELETE FROM event"] {
        let error = connection.execute(sql, []).unwrap_err().to_string();
        assert!(error.contains("appended"), "{sql}: {error}");
    }
}

#[test]
fn a_damaged_value_is_told_and_not_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let store = create(&file);
    furnish(&store, 1);
    let connection = Connection::open(&file).unwrap();
    connection.execute("UPDATE kyc_case SET state = 'rejected', reason = NULL", []).unwrap();
    connection.execute("UPDATE challenge SET statement = x'00'", []).unwrap();
    assert_eq!(store.load_case(&case_id("case_1")), Err(StoreError::Corrupt { what: "kyc_case.state" }));
    let id = ChallengeId::from_random([1; 16]);
    assert_eq!(store.load_challenge(id), Err(StoreError::Keys(honnin::vault::VaultError::NotAnEnvelope)));
}

const CHILD_FILE: &str = "HONNIN_TEST_STORE_FILE";

/// RSN-24, T-22 across processes: this test starts itself several times over on one file.
#[test]
fn one_of_several_processes_gets_the_challenge() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    furnish(&create(&file), 1);
    let child = || {
        std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "sqlite_file::child_consumes_a_challenge", "--ignored", "--nocapture", "--quiet"])
            .env(CHILD_FILE, &file)
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap()
    };
    let children: Vec<_> = (0..4).map(|_| child()).collect();
    let answers: Vec<String> = children
        .into_iter()
        .map(|child| String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap())
        .collect();
    let count = |word: &str| answers.iter().map(|answer| answer.matches(word).count()).sum::<usize>();
    assert_eq!((count("WON"), count("LOST")), (1, 4 * 8 - 1), "{answers:?}");
}

#[test]
#[ignore = "the other side of one_of_several_processes_gets_the_challenge"]
fn child_consumes_a_challenge() {
    let Some(file) = std::env::var_os(CHILD_FILE) else { return };
    for _ in 0..8 {
        // A store of its own each time: opening races too.
        let store = SqliteStore::open(Path::new(&file), OpenMode::Create, DEFAULT_PATIENCE).unwrap();
        match store.consume_challenge(ChallengeId::from_random([1; 16]), &case_id("case_1"), AT).unwrap() {
            Consumption::Consumed(_) => println!("WON"),
            Consumption::AlreadyUsed => println!("LOST"),
            other => println!("{other:?}"),
        }
    }
}

/// Several processes may find the file missing at once: one migrates, the others see it done.
#[test]
fn many_may_create_the_file_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    std::thread::scope(|scope| {
        for number in 1..=8 {
            let file = &file;
            scope.spawn(move || furnish(&create(file), number));
        }
    });
    let store = create(&file);
    for number in 1..=8 {
        assert!(store.load_account(&account_id(&format!("a-{number}"))).unwrap().is_some(), "{number}");
    }
}

/// LAW-45: a file for each class, and nothing of one class in another's.
#[test]
fn each_class_has_a_file_of_its_own_law_45() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    furnish(&create(&file), 1);
    let tables = |file: &Path| -> Vec<String> {
        let connection = Connection::open(file).unwrap();
        let mut statement = connection
            .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
            .unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    for (suffix, expected) in [
        ("-records", &["kept_record", "policy_text", "record_amendment", "record_key", "store_file"][..]),
        ("-consent", &["consent", "store_file"]),
        ("-audit", &["audit_line", "audit_log", "store_file"]),
        ("-revocation", &["evidence_revocation", "revocation_document", "store_file"]),
    ] {
        let file = part(&file, suffix);
        assert_eq!(tables(&file), expected);
        assert_eq!((pragma(&file, "user_version"), pragma(&file, "application_id")), (SCHEMA_VERSION, APPLICATION_ID));
    }
    let main = tables(&file);
    assert!(main.contains(&"account".to_owned()) && main.contains(&"wallet".to_owned()), "{main:?}");
    assert!(!main.iter().any(|it| ["consent", "kept_record", "audit_line"].contains(&it.as_str())), "{main:?}");
}

#[test]
fn a_missing_file_of_a_store_is_told_and_never_made_anew() {
    for suffix in PARTS {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("accounts.db");
        furnish(&create(&file), 1);
        let away = folder.path().join("away");
        std::fs::rename(part(&file, suffix), &away).unwrap();
        for mode in [OpenMode::Create, OpenMode::Existing, OpenMode::ReadOnly] {
            let refused = refusal(&file, mode);
            assert_eq!(refused, StoreError::MissingPart { suffix });
            assert!(refused.to_string().contains(suffix));
            assert!(!part(&file, suffix).exists());
        }
        // That of another store does not stand in for it, nor does an empty one.
        let other = folder.path().join("other.db");
        drop(create(&other));
        std::fs::rename(part(&other, suffix), part(&file, suffix)).unwrap();
        assert_eq!(refusal(&file, OpenMode::Existing), StoreError::ForeignPart { suffix });
        std::fs::write(part(&file, suffix), b"").unwrap();
        assert_eq!(refusal(&file, OpenMode::Existing), StoreError::ForeignPart { suffix });
        std::fs::rename(&away, part(&file, suffix)).unwrap();
        assert!(create(&file).load_account(&account_id("a-1")).unwrap().is_some());
    }
}

/// The main file is gone, the others are not: no new store is begun over them.
#[test]
fn a_new_store_is_not_begun_beside_the_files_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    furnish(&create(&file), 1);
    let before = std::fs::read(part(&file, "-audit")).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(refusal(&file, OpenMode::Existing), StoreError::Missing);
    assert_eq!(refusal(&file, OpenMode::Create), StoreError::NotOurs);
    assert_eq!(std::fs::read(part(&file, "-audit")).unwrap(), before);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_store_leads_to_the_files_beside_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let (home, elsewhere) = (folder.path().join("home"), folder.path().join("elsewhere"));
    [&home, &elsewhere].into_iter().for_each(|it| std::fs::create_dir(it).unwrap());
    let (file, link, again) = (home.join("accounts.db"), elsewhere.join("link.db"), elsewhere.join("again.db"));
    std::os::unix::fs::symlink("../home/accounts.db", &link).unwrap();
    std::os::unix::fs::symlink("link.db", &again).unwrap();
    assert_eq!(refusal(&link, OpenMode::Create), StoreError::CannotOpen, "a link to nothing");
    std::fs::write(&file, b"").unwrap();
    // Begun through a link, used by name and through a link to the link; the key ring goes with the name.
    furnish(&create(&link), 1);
    for suffix in PARTS {
        assert!(part(&file, suffix).exists() && !part(&link, suffix).exists(), "{suffix}");
    }
    let ring = part(&link, ".keys");
    for name in [&file, &again] {
        assert_eq!(refusal(name, OpenMode::Existing), StoreError::NoKeys);
        std::fs::copy(&ring, part(name, ".keys")).unwrap();
        let store = SqliteStore::open(name, OpenMode::Existing, DEFAULT_PATIENCE).unwrap();
        assert!(store.load_account(&account_id("a-1")).unwrap().is_some());
        store.back_up(&part(name, ".copy")).unwrap();
        assert!(part(&part(name, ".copy"), "-audit").exists());
    }
}

/// Names and octets of everything in a folder.
fn contents(folder: &Path) -> std::collections::BTreeMap<std::ffi::OsString, Vec<u8>> {
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.unwrap();
        (entry.file_name(), std::fs::read(entry.path()).unwrap())
    };
    std::fs::read_dir(folder).unwrap().map(read).collect()
}

/// Another program's database under a write-ahead log that was not put away: to open it would be to change it.
fn foreign_database(file: &Path) {
    let other = file.with_extension("origin");
    let connection = Connection::open(&other).unwrap();
    connection
        .execute_batch("PRAGMA journal_mode = wal; CREATE TABLE photo (id INTEGER); INSERT INTO photo VALUES (7)")
        .unwrap();
    std::fs::copy(&other, file).unwrap();
    std::fs::copy(part(&other, "-wal"), part(file, "-wal")).unwrap();
    drop(connection);
    std::fs::remove_file(other).unwrap();
}

/// Where a file of a store is to be lies another program's: nothing in the folder changes, and nothing is made.
#[test]
fn another_program_s_file_beside_is_left_as_it_is_to_the_octet() {
    for suffix in PARTS {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        foreign_database(&part(&file, suffix));
        let before = contents(folder.path());
        assert_eq!(before.len(), 2, "the database and its log");
        assert_eq!(refusal(&file, OpenMode::Create), StoreError::NotOurs);
        assert_eq!(contents(folder.path()), before, "{suffix}: no main file yet");

        std::fs::write(&file, b"").unwrap();
        let before = contents(folder.path());
        assert_eq!(refusal(&file, OpenMode::Existing), StoreError::NotOurs);
        assert_eq!(contents(folder.path()), before, "{suffix}: an empty main file");

        let other = folder.path().join("other.db");
        drop(create(&other));
        std::fs::rename(&other, &file).unwrap();
        let before = contents(folder.path());
        for mode in [OpenMode::Create, OpenMode::ReadOnly] {
            assert_eq!(refusal(&file, mode), StoreError::ForeignPart { suffix });
            assert_eq!(contents(folder.path()), before, "{suffix}: the main file of a store");
        }
    }
}

/// Files of a store whose main one is gone: beside an empty file of its name nothing is made either.
#[test]
fn nothing_is_made_beside_what_is_left_of_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    drop(create(&file));
    for gone in ["", "-records", ".keys"] {
        std::fs::remove_file(part(&file, gone)).unwrap();
    }
    let before = contents(folder.path());
    assert_eq!(refusal(&file, OpenMode::Create), StoreError::NotOurs);
    assert_eq!(contents(folder.path()), before);
    std::fs::write(&file, b"").unwrap();
    let before = contents(folder.path());
    assert_eq!(refusal(&file, OpenMode::Create), StoreError::NotOurs);
    assert_eq!(contents(folder.path()), before);
}

/// The files beside have longer names than the main one, their journals and a new key ring longer ones still: where one does not
/// fit, none is made.
#[test]
fn a_name_too_long_for_the_files_beside_makes_nothing() {
    let long = |length: usize| "n".repeat(length);
    let ring = KeySource::Ring(KeyRing::random(&mut rand_core::OsRng).unwrap());
    let open =
        |file: &Path, keys: &KeySource| SqliteStore::open_with(file, OpenMode::Create, Duration::from_millis(50), keys);
    // 255 bytes less `.keys.0123456789abcdef.new`; less `-revocation-journal`.
    for (keys, longest) in [(&KeySource::Beside, 229), (&ring, 236)] {
        let folder = tempfile::tempdir().unwrap();
        for length in [longest + 1, 246, 250, 255, 256] {
            let refused = open(&folder.path().join(long(length)), keys).err();
            assert_eq!(refused, Some(StoreError::NameTooLong), "{length}");
            assert_eq!(contents(folder.path()).len(), 0, "{length}");
        }
        let file = folder.path().join(long(longest));
        furnish(&open(&file, keys).unwrap(), 1);
        // An empty file is a store to be, and a copy a store.
        let empty = folder.path().join("m".repeat(longest + 1));
        std::fs::write(&empty, "").unwrap();
        assert_eq!(open(&empty, keys).err(), Some(StoreError::NameTooLong));
        std::fs::remove_file(&empty).unwrap();
        let store = open(&file, keys).unwrap();
        let before = contents(folder.path()).len();
        assert_eq!(store.back_up(&folder.path().join("b".repeat(237))), Err(StoreError::NameTooLong));
        assert_eq!(contents(folder.path()).len(), before);
        store.back_up(&folder.path().join("b".repeat(236))).unwrap();
        #[cfg(unix)]
        {
            let link = folder.path().join("link");
            let behind = folder.path().join("t".repeat(longest + 1));
            std::fs::write(&behind, "").unwrap();
            std::os::unix::fs::symlink(&behind, &link).unwrap();
            // The ring lies beside the link, and fits; the other files beside what it leads to.
            let opened = open(&link, keys).err();
            assert_eq!(opened, (longest == 236).then_some(StoreError::NameTooLong));
        }
    }
}

/// Every write begins on all files, the note of a new lookup key too: only so its commit is as durable as the others.
#[test]
fn a_new_lookup_key_is_noted_under_the_locks_of_all_files() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let mut ring = KeyRing::random(&mut rand_core::OsRng).unwrap();
    let open = |ring: &KeyRing| {
        let keys = KeySource::Ring(ring.clone());
        SqliteStore::open_with(&file, OpenMode::Create, Duration::from_millis(50), &keys)
    };
    drop(open(&ring).unwrap());
    for suffix in PARTS {
        let other = Connection::open(part(&file, suffix)).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        assert!(open(&ring).is_ok(), "{suffix}: nothing to write");
        let before = ring.clone();
        ring.rotate(KeyPurpose::Lookup, &mut rand_core::OsRng).unwrap();
        assert_eq!(open(&ring).err(), Some(StoreError::Locked), "{suffix}");
        assert!(open(&before).is_ok(), "{suffix}: not noted");
        other.execute_batch("ROLLBACK").unwrap();
        drop(open(&ring).unwrap());
        assert!(open(&before).is_err(), "{suffix}: noted");
    }
}
