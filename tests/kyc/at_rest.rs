//! What lies in the file: sealed, under keys that can change and be thrown away (LAW-25, LAW-35, LAW-45).

use crate::archives::Whole;
use crate::sqlite_file::{PARTS, create, part};
use crate::stores::{AT, account_id, case_id, furnish, record};
use honnin::anchors::AnchorSet;
use honnin::kyc::{ConfirmationRecord, Consumption, Effects, HeldProof, ProofEffect, Store, StoreError, Version};
use honnin::proof::ChallengeId;
use honnin::record::{Archive, Archivist, AuditVerifier, Bundle, BundleError, KeptEvidence};
use honnin::secret::Personal;
use honnin::store::{DEFAULT_PATIENCE, KeySource, OpenMode, SCHEMA_VERSION, SqliteStore};
use honnin::vault::{KeyPurpose, KeyRing, Place, RecordKey, VaultError};
use rand_core::OsRng;
use rusqlite::Connection;
use std::path::Path;
use std::time::Duration;

fn open_with(file: &Path, keys: &KeySource) -> Result<SqliteStore, StoreError> {
    SqliteStore::open_with(file, OpenMode::Create, DEFAULT_PATIENCE, keys)
}

/// A record, a waiting proof, a declaration.
fn fill(store: &dyn Whole) {
    furnish(store, 1);
    let mut effects = Effects::none(account_id("a-1"));
    let mut case = store.load_case(&case_id("case_1")).unwrap().unwrap();
    case.facts.declaration.purpose = Some("秘密の目的".into());
    effects.case = Some(case);
    effects.record = Some(record());
    let proof = Personal::new(b"PROOF-CANARY".to_vec());
    effects.proof =
        ProofEffect::Keep(HeldProof { challenge: ChallengeId::from_random([1; 16]), received_at: AT, proof });
    store.commit(&effects).unwrap();
}

pub(crate) fn is_whole(store: &dyn Whole) {
    assert_eq!(store.confirmation_record(&case_id("case_1")).unwrap(), Some(record()));
    assert_eq!(store.held_proof(&case_id("case_1")).unwrap().unwrap().proof.reveal(), b"PROOF-CANARY");
    let case = store.load_case(&case_id("case_1")).unwrap().unwrap().facts;
    assert_eq!(case.declaration.purpose.as_deref(), Some("秘密の目的"));
    assert!(store.load_challenge(ChallengeId::from_random([1; 16])).unwrap().is_some());
    assert!(store.audit_head().unwrap().1.entries > 0);
}

/// Everything in the folder but the keys.
fn bytes_of(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|it| it != "keys") {
            all.extend(std::fs::read(path).unwrap());
        }
    }
    all
}

fn has(bytes: &[u8], canary: &str) -> bool {
    bytes.windows(canary.len()).any(|window| window == canary.as_bytes())
}

#[test]
fn nothing_personal_is_in_clear() {
    let folder = tempfile::tempdir().unwrap();
    let store = create(&folder.path().join("accounts.db"));
    fill(&store);
    let bytes = bytes_of(folder.path());
    for canary in ["見本", "千代田", "1990-01-31", "送金", "秘密の目的", "PROOF-CANARY", "マネーアカウントへの変更"]
    {
        assert!(!has(&bytes, canary), "{canary}");
    }
    assert!(has(&bytes, "kyc.evidence.kept"), "the search finds what is there");
    is_whole(&store);
}

#[test]
fn the_ring_is_made_beside_the_file_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    drop(create(&file));
    let keys = folder.path().join("accounts.db.keys");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&keys).unwrap().permissions().mode() & 0o777, 0o600);
    }
    fill(&create(&file));
    let away = folder.path().join("away");
    std::fs::rename(&keys, &away).unwrap();
    assert_eq!(open_with(&file, &KeySource::Beside).err(), Some(StoreError::NoKeys), "no new ring for old data");
    assert!(!keys.exists());
    is_whole(&open_with(&file, &KeySource::File(away)).unwrap());
    let stranger = KeySource::Ring(KeyRing::random(&mut OsRng).unwrap());
    assert_eq!(open_with(&file, &stranger).err(), Some(StoreError::Keys(VaultError::Changed)));
}

#[cfg(unix)]
#[test]
fn the_ring_may_come_from_a_command() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    fill(&create(&file));
    let keys = folder.path().join("accounts.db.keys");
    let command = |words: &[&str]| KeySource::Command(words.iter().map(Into::into).collect());
    is_whole(&open_with(&file, &command(&["cat", keys.to_str().unwrap()])).unwrap());
    for words in [&[][..], &["false"], &["/no/such/program"]] {
        assert_eq!(open_with(&file, &command(words)).err(), Some(StoreError::NoKeys), "{words:?}");
    }
    assert!(matches!(open_with(&file, &command(&["echo", "x"])).err(), Some(StoreError::Keys(_))));
}

#[test]
fn keys_rotate_and_old_ones_leave_the_ring() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let mut ring = KeyRing::random(&mut OsRng).unwrap();
    fill(&open_with(&file, &KeySource::Ring(ring.clone())).unwrap());
    for purpose in KeyPurpose::ALL {
        ring.rotate(purpose, &mut OsRng).unwrap();
    }
    let store = open_with(&file, &KeySource::Ring(ring.clone())).unwrap();
    is_whole(&store);
    assert_eq!(store.records_by_serial("C=JP, O=JPKI-TEST", "0a"), Ok(vec![case_id("case_1")]), "hashed before");
    let renewed = store.renew_keys().unwrap();
    assert_eq!(renewed, 7, "record key, policy, two revocation documents, statement, proof, declaration");
    assert_eq!(store.renew_keys(), Ok(0));
    drop(store);
    for purpose in [KeyPurpose::Account, KeyPurpose::Record, KeyPurpose::Audit, KeyPurpose::Revocation] {
        ring.retire(purpose, 1).unwrap();
    }
    is_whole(&open_with(&file, &KeySource::Ring(ring)).unwrap());
}

fn approve_again(store: &SqliteStore, name: &str, policy: &str) -> ConfirmationRecord {
    let mut case = store.load_case(&case_id("case_1")).unwrap().unwrap();
    case.facts.id = case_id(name);
    case.version = Version::NEW;
    let mut record = ConfirmationRecord { case: case_id(name), ..record() };
    record.attachment.policy = policy.to_owned();
    let mut effects = Effects::none(account_id("a-1"));
    effects.case = Some(case);
    effects.record = Some(record.clone());
    store.commit(&effects).unwrap();
    record
}

/// A program whose ring is behind leaves nothing under an old key that the records of others rest on, and costs nobody a challenge.
#[test]
fn a_program_with_an_older_ring_spoils_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let mut ring = KeyRing::random(&mut OsRng).unwrap();
    let behind = open_with(&file, &KeySource::Ring(ring.clone())).unwrap();
    fill(&behind);
    ring.rotate(KeyPurpose::Record, &mut OsRng).unwrap();
    let store = open_with(&file, &KeySource::Ring(ring.clone())).unwrap();
    store.renew_keys().unwrap();
    let theirs = approve_again(&behind, "case_8", "format = 3\n");
    let ours = approve_again(&store, "case_9", "format = 3\n");
    // It stays under the newer key, whoever comes after.
    approve_again(&behind, "case_10", "format = 3\n");

    assert_eq!(store.confirmation_record(&case_id("case_8")), Ok(Some(theirs)));

    ring.rotate(KeyPurpose::Account, &mut OsRng).unwrap();
    let store = open_with(&file, &KeySource::Ring(ring.clone())).unwrap();
    furnish(&store, 2);
    let (challenge, case) = (ChallengeId::from_random([2; 16]), case_id("case_2"));
    let refused = behind.consume_challenge(challenge, &case, AT);
    let lacking = VaultError::KeyMissing { purpose: KeyPurpose::Account, id: 2 };
    assert_eq!(refused.err(), Some(StoreError::Keys(lacking)));
    assert!(matches!(store.consume_challenge(challenge, &case, AT), Ok(Consumption::Consumed(_))));
    drop(behind);

    ring.retire(KeyPurpose::Record, 1).unwrap();
    drop(store);
    let store = open_with(&file, &KeySource::Ring(ring)).unwrap();
    assert_eq!(store.confirmation_record(&case_id("case_9")), Ok(Some(ours)));
    assert_eq!(store.confirmation_record(&case_id("case_1")), Ok(Some(record())));
}

/// LAW-25: the record goes, and the policy, which is nobody's data, stays for those that come.
#[test]
fn a_policy_outlives_the_last_record_that_was_made_under_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let store = create(&file);
    fill(&store);
    let archivist = Archivist::new(&store);
    let until = archivist.end_relation(&account_id("a-1"), AT, AT).unwrap();
    archivist.erase(&case_id("case_1"), &"clerk-7".parse().unwrap(), until).unwrap();
    let again = approve_again(&store, "case_9", &record().attachment.policy);
    assert_eq!(store.confirmation_record(&case_id("case_9")), Ok(Some(again)));
}

/// LAW-45: the key of one class opens nothing of another.
#[test]
fn without_the_record_key_the_account_still_works() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let ring = KeyRing::random(&mut OsRng).unwrap();
    fill(&open_with(&file, &KeySource::Ring(ring.clone())).unwrap());
    let lines: Vec<String> =
        ring.expose_text().lines().filter(|line| !line.starts_with("record")).map(str::to_owned).collect();
    let fewer = KeyRing::parse(&(lines.join("\n") + "\n")).unwrap();
    let store = open_with(&file, &KeySource::Ring(fewer)).unwrap();
    assert!(store.load_case(&case_id("case_1")).unwrap().is_some());
    let missing = VaultError::KeyMissing { purpose: KeyPurpose::Record, id: 1 };
    assert_eq!(store.confirmation_record(&case_id("case_1")), Err(StoreError::Keys(missing)));
}

/// LAW-25: the key goes, and with it every copy that was left of the rows.
#[test]
fn an_erased_record_cannot_be_opened_from_what_was_left_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let store = create(&file);
    fill(&store);
    let row = |connection: &Connection| -> Vec<u8> {
        connection.query_row("SELECT document FROM kept_record", [], |row| row.get(0)).unwrap()
    };
    let records = Connection::open(part(&file, "-records")).unwrap();
    let revocation = Connection::open(part(&file, "-revocation")).unwrap();
    let left = row(&records);
    let archivist = Archivist::new(&store);
    let until = archivist.end_relation(&account_id("a-1"), AT, AT).unwrap();
    archivist.erase(&case_id("case_1"), &"clerk-7".parse().unwrap(), until).unwrap();
    for (file, table) in [
        (&records, "kept_record"),
        (&records, "record_key"),
        (&records, "record_amendment"),
        (&revocation, "evidence_revocation"),
        (&revocation, "revocation_document"),
    ] {
        let count = file.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0));
        assert_eq!(count, Ok(0), "{table}");
    }
    // Put back without its key, the row is nothing.
    let row =
        format!("INSERT INTO kept_record ({OLD_COLUMNS}) VALUES ('case_1', 'a-1', 0, NULL, 1, x'00', ?1, ?1, ?1)");
    records.execute(&row, [left]).unwrap();
    assert!(matches!(store.confirmation_record(&case_id("case_1")), Err(StoreError::Corrupt { .. })));
}

/// LAW-20, LAW-24 and the log hold against the file too, not only against our own code.
#[test]
fn records_and_lines_cannot_be_changed_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let store = create(&file);
    fill(&store);
    let (records, audit) = (part(&file, "-records"), part(&file, "-audit"));
    let (records, connection) = (Connection::open(records).unwrap(), Connection::open(audit).unwrap());
    for (file, sql) in [
        (&records, "UPDATE kept_record SET document = x'00'"),
        (&records, "DELETE FROM kept_record"),
        (&records, "UPDATE policy_text SET digest = x'00'"),
        (&records, "DELETE FROM policy_text"),
        (&connection, "UPDATE audit_line SET line = ''"),
        (&connection, "DELETE FROM audit_line"),
    ] {
        let error = file.execute(sql, []).unwrap_err().to_string();
        assert!(error.contains("never") || error.contains("kept"), "{sql}: {error}");
    }
    // Whoever takes the triggers away first is found by the sealed head.
    connection.execute_batch("DROP TRIGGER audit_line_is_never_removed").unwrap();
    connection.execute("DELETE FROM audit_line WHERE sequence = (SELECT max(sequence) FROM audit_line)", []).unwrap();
    assert_eq!(store.audit_head(), Err(StoreError::Corrupt { what: "the end of the audit log" }));
}

const V1: &str = include_str!("../../src/store/sqlite/migrations/0001_accounts.sql");
const V2: &str = include_str!("../../src/store/sqlite/migrations/0002_confirmation.sql");
const V3: &str = include_str!("../../src/store/sqlite/migrations/0003_at_rest.sql");
const V4: &str = include_str!("../../src/store/sqlite/migrations/0004_wallet.sql");
const V5: &str = include_str!("../../src/store/sqlite/migrations/0005_recheck.sql");

/// A database of version 2, where everything stood in clear: it is sealed on opening, and nothing in clear is left.
#[test]
fn a_file_of_version_2_is_sealed_and_its_events_are_chained() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let old = Connection::open(&file).unwrap();
    old.execute_batch(V1).unwrap();
    old.execute_batch(V2).unwrap();
    old.execute_batch("PRAGMA user_version = 2; PRAGMA application_id = 1752133230").unwrap();
    let statement = crate::stores::challenge(1, "case_1", "a-1").statement();
    old.execute_batch(
        "INSERT INTO account VALUES ('a-1', 3, 'certificate', 'verified_certificate', 'open', 5, 7, 9, 0);
         INSERT INTO kyc_case VALUES ('case_1', 2, 'a-1', 'p', 'r', 'l', 'approved', NULL, NULL, NULL, NULL, '送金', NULL, 1, 2);
         INSERT INTO kyc_case VALUES ('case_2', 2, 'a-1', 'p', 'r', 'l', 'created', NULL, NULL, NULL, NULL, '旅行', NULL, 1, 2);
         INSERT INTO event (at, account_id, case_id, type, detail)
             VALUES (7, 'a-1', NULL, 'account.created', '{\"type\":\"account.created\"}');
         INSERT INTO confirmation_record VALUES ('case_1', 'a-1', 'p', 'r', 'l', '[\"ACC-02\"]', 'jpki_signature', 'TEST',
             1, 2, '見本 太郎', '1990-01-31', '東京都千代田区', 'digital_signature', 'CN=TEST', '3', 1, 2, zeroblob(32), '0a',
             1, NULL, NULL, NULL, '送金', NULL, '[]', x'41', x'42');",
    )
    .unwrap();
    old.execute(
        "INSERT INTO challenge VALUES (?1, 'case_1', 99, ?2, NULL)",
        rusqlite::params!["01".repeat(16), statement.as_bytes()],
    )
    .unwrap();
    drop(old);
    let store = create(&file);
    let kept = store.kept_record(&case_id("case_1")).unwrap().unwrap();
    assert_eq!(kept.record.particulars.name.reveal(), "見本 太郎");
    assert_eq!(store.records_by_serial("CN=TEST", "0a"), Ok(vec![case_id("case_1")]));
    // No policy was kept then, and nothing says that one had been.
    let bundle = Bundle::read(store.bundle(&case_id("case_1")).unwrap().unwrap().reveal()).unwrap();
    assert_eq!((bundle.case().policy_sha256.as_ref(), bundle.attachment().policy.as_str()), (None, ""));
    let none = bundle.verify(&AnchorSet::none(), AT).unwrap_err();
    assert_eq!(none, BundleError::NoPolicy);
    let open = store.load_case(&case_id("case_2")).unwrap().unwrap().facts;
    assert_eq!(open.declaration.purpose.as_deref(), Some("旅行"));
    assert!(store.load_challenge(ChallengeId::from_random([1; 16])).unwrap().is_some());
    let log = log_of(&store);
    let kept: Vec<_> = log.split_inclusive(|byte| *byte == b'\n').filter_map(KeptEvidence::of_line).collect();
    assert_eq!(kept.iter().map(|it| &it.policy).collect::<Vec<_>>(), [&None]);
    let mut verifier = AuditVerifier::new(None);
    log.split_inclusive(|byte| *byte == b'\n').for_each(|line| verifier.line(line));
    let report = verifier.finish();
    assert_eq!((report.findings, report.head.entries), (vec![], 2), "account.created and kyc.evidence.kept");
    drop(store);
    let version: i64 =
        Connection::open(&file).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, SCHEMA_VERSION);
    let bytes = bytes_of(folder.path());
    for canary in ["見本", "千代田", "1990-01-31", "送金", "旅行"] {
        assert!(!has(&bytes, canary), "{canary}");
    }
}

const MOVED: [(&str, &[&str]); 4] = [
    ("-records", &["record_key", "kept_record", "record_amendment"]),
    ("-consent", &["consent"]),
    ("-audit", &["audit_log", "audit_line"]),
    ("-revocation", &["revocation_document", "evidence_revocation"]),
];

/// Those of a record before version 9.
const OLD_COLUMNS: &str = "case_id, account_id, confirmed_at, relation_ended_at, serial_key, serial_hash, document,
                           bundle_head, bundle_tail";

/// Bundles as they were before version 9: the policy and what is behind it stand in the head.
fn put_policies_back(connection: &Connection, to: &str, from: &str, keys: &Path) {
    let ring = KeyRing::parse(&std::fs::read_to_string(keys).unwrap()).unwrap();
    fn place<'a>(table: &'a str, column: &'a str, row: &'a str) -> Place<'a> {
        Place { table, column, row }
    }
    let sql = format!(
        "SELECT case_id, wrapped, bundle_head, bundle_middle, digest, sealed FROM {from}.kept_record
         JOIN {from}.record_key USING (case_id) JOIN {from}.policy_text ON digest = policy"
    );
    let mut statement = connection.prepare(&sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut heads = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let case: String = row.get(0).unwrap();
        let blob = |column| row.get::<_, Vec<u8>>(column).unwrap();
        let wrapped = place("record_key", "wrapped", &case);
        let key = RecordKey::unwrap(&ring, KeyPurpose::Record, wrapped, &blob(1)).unwrap();
        let digest = hex::encode(blob(4));
        let policy = ring.open(KeyPurpose::Record, place("policy_text", "sealed", &digest), &blob(5)).unwrap();
        let here = place("kept_record", "bundle_head", &case);
        let head = key.open(here, &blob(2)).unwrap();
        let middle = key.open(place("kept_record", "bundle_middle", &case), &blob(3)).unwrap();
        let whole = [&head[..], &policy, &middle].concat();
        heads.push((case.clone(), key.seal(here, &whole, &mut OsRng).unwrap()));
    }
    assert!(!heads.is_empty());
    connection.execute_batch(&format!("DROP TRIGGER {to}.kept_record_is_never_changed")).unwrap();
    for (case, head) in heads {
        let sql = format!("UPDATE {to}.kept_record SET bundle_head = ?2 WHERE case_id = ?1");
        assert_eq!(connection.execute(&sql, rusqlite::params![case, head]).unwrap(), 1);
    }
}

/// In a store of version 8 each record has a copy of its policy; it is read as it is, and newer ones beside it share theirs.
#[test]
fn records_of_version_8_are_read_beside_those_whose_policy_is_kept_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let store = create(&file);
    fill(&store);
    drop(store);
    let records = Connection::open(part(&file, "-records")).unwrap();
    put_policies_back(&records, "main", "main", &part(&file, ".keys"));
    records
        .execute_batch(
            "DROP TABLE policy_text;
             ALTER TABLE kept_record DROP COLUMN policy; ALTER TABLE kept_record DROP COLUMN bundle_middle;
             CREATE TRIGGER kept_record_is_never_changed
                 BEFORE UPDATE OF case_id, account_id, confirmed_at, document, bundle_head, bundle_tail ON kept_record
                 BEGIN SELECT RAISE (ABORT, 'a confirmation record is never overwritten (LAW-24)'); END;",
        )
        .unwrap();
    drop(records);
    Connection::open(&file).unwrap().execute_batch("DROP TABLE kept_request").unwrap();
    for suffix in [""].into_iter().chain(MOVED.map(|(suffix, _)| suffix)) {
        Connection::open(part(&file, suffix)).unwrap().pragma_update(None, "user_version", 8).unwrap();
    }

    let store = open_with(&file, &KeySource::Beside).unwrap();
    is_whole(&store);
    let old = store.bundle(&case_id("case_1")).unwrap().unwrap();
    assert_eq!(*old.reveal(), Bundle::write(&record()).unwrap().0);
    assert_eq!(store.signers_after(None, 9).unwrap().len(), 1);
    let texts = || -> i64 {
        let records = Connection::open(part(&file, "-records")).unwrap();
        records.query_row("SELECT count(*) FROM policy_text", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(texts(), 0, "nobody copied it out of the old record");

    for name in ["case_8", "case_9"] {
        let record = approve_again(&store, name, &record().attachment.policy);
        let kept = store.bundle(&case_id(name)).unwrap().unwrap();
        assert_eq!(*kept.reveal(), Bundle::write(&record).unwrap().0, "{name}");
    }
    assert_eq!(texts(), 1, "one text for both");
}

/// A filled store as version 5 had it: one file under a write-ahead log, put together again from today's files; and its audit log.
/// The connection to it is still open.
pub(crate) fn single_file_of_version_5(folder: &Path, single: &Path) -> (Connection, Vec<u8>) {
    let file = folder.join("apart.db");
    let store = create(&file);
    fill(&store);
    let log = log_of(&store);
    drop(store);
    let old = Connection::open(single).unwrap();
    old.pragma_update(None, "journal_mode", "wal").unwrap();
    for step in [V1, V2, V3, V4, V5] {
        old.execute_batch(step).unwrap();
    }
    let stayed = ["account", "account_hold", "kyc_case", "challenge", "held_proof", "event", "used_signature"];
    for (suffix, tables) in [("", &stayed[..])].into_iter().chain(MOVED) {
        old.execute("ATTACH ?1 AS source", [part(&file, suffix).to_str().unwrap()]).unwrap();
        for table in tables {
            let columns = if *table == "kept_record" { OLD_COLUMNS } else { "*" };
            old.execute_batch(&format!("INSERT INTO main.{table} SELECT {columns} FROM source.{table}")).unwrap();
        }
        if suffix == "-records" {
            put_policies_back(&old, "main", "source", &part(&file, ".keys"));
        }
        old.execute_batch("DETACH source").unwrap();
    }
    old.execute_batch("PRAGMA user_version = 5; PRAGMA application_id = 1752133230").unwrap();
    std::fs::copy(part(&file, ".keys"), part(single, ".keys")).unwrap();
    (old, log)
}

pub(crate) fn log_of(store: &SqliteStore) -> Vec<u8> {
    let mut log = Vec::new();
    Archivist::new(store).export_audit(&mut log, AT).unwrap();
    log
}

/// A store of version 5 is one file under a write-ahead log: what is in it moves into the files beside it, whole.
#[test]
fn a_single_file_of_version_5_is_taken_apart() {
    let folder = tempfile::tempdir().unwrap();
    let single = folder.path().join("single.db");
    let (old, before) = single_file_of_version_5(folder.path(), &single);
    // Still open elsewhere: it cannot leave its write-ahead log yet.
    assert_eq!(SqliteStore::open(&single, OpenMode::Existing, Duration::ZERO).err(), Some(StoreError::Locked));
    drop(old);
    // Somebody else's files where ours are to be are left alone.
    let foreign = part(&single, "-records");
    std::fs::remove_file(&foreign).unwrap();
    Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE photo (id INTEGER)").unwrap();
    assert_eq!(open_with(&single, &KeySource::Beside).err(), Some(StoreError::NotOurs));
    std::fs::remove_file(&foreign).unwrap();

    let store = open_with(&single, &KeySource::Beside).unwrap();
    is_whole(&store);
    assert_eq!(log_of(&store), before);
    let bundle = store.bundle(&case_id("case_1")).unwrap().unwrap();
    assert_eq!(*bundle.reveal(), honnin::record::Bundle::write(&record()).unwrap().0);
    assert_eq!(store.records_by_serial("C=JP, O=JPKI-TEST", "0a"), Ok(vec![case_id("case_1")]));
    let main = Connection::open(&single).unwrap();
    for table in MOVED.iter().flat_map(|(_, tables)| *tables) {
        let is_there = main.prepare(&format!("SELECT * FROM main.{table}"));
        assert!(is_there.is_err(), "{table} has left the main file");
    }
    for suffix in PARTS {
        assert!(part(&single, suffix).metadata().unwrap().len() > 0, "{suffix}");
    }
    assert!(!part(&single, "-wal").exists());
    // It goes on from there.
    furnish(&store, 2);
    let log = log_of(&store);
    let mut verifier = AuditVerifier::new(None);
    log.split_inclusive(|byte| *byte == b'\n').for_each(|line| verifier.line(line));
    assert_eq!(verifier.finish().problems, 0);
}
