//! What nobody may find: serial, PIN and My Number nowhere; name, address and birth date only where the rules put them
//! (LAW-35, LAW-41, LAW-44, LAW-45). Searched are the files of a store with what SQLite leaves beside them, dumps, backups,
//! exports, and the views of `verified_claims`.

use crate::holder::{anchors, grounds, issued, list, prove, sign_bytes, signing_key};
use crate::sqlite_file::create;
use crate::stores::{AT, account_id, case_id};
use crate::wallets::new_wallet;
use honnin::claims::{Audience, Identity, Provider, verified_claims};
use honnin::kyc::{Answer, Declaration, Outcome, Request, Store, Upgrade, UpgradeError};
use honnin::policy::Policy;
use honnin::proof::Placement;
use honnin::record::{AmendedField, Archive, ArchiveError, Archivist};
use honnin::store::SqliteStore;
use honnin::wallet::WalletStore;
use std::path::Path;
use std::process::Command;

/// A number whose check digit fits (LAW-42), as somebody would type it by mistake.
const MY_NUMBER: &str = "123456789018";

/// What is looked for, under what name, in every form in which it could lie in a file.
pub(crate) struct Canaries(Vec<(&'static str, Vec<u8>)>);

impl Canaries {
    pub(crate) fn of_the_holder() -> Self {
        let facts = &issued().facts;
        let certificates = &facts.certificates;
        let mut it = Self(Vec::new());
        it.text("name", &facts.attributes.name);
        it.text("address", &facts.attributes.address);
        it.text("birthdate", &facts.attributes.birthdate);
        it.text("birthdate", &facts.attributes.birthdate.replace('-', ""));
        let both = [certificates.digital_signature.as_ref(), Some(&certificates.user_authentication)];
        for serial in both.into_iter().flatten().map(|it| &it.serial) {
            it.text("serial", serial);
            it.text("serial", &serial.to_uppercase());
            it.text("serial", &u128::from_str_radix(serial, 16).unwrap().to_string());
            it.bytes("serial", hex::decode(serial).unwrap());
        }
        it.text("pin", facts.secrets.digital_signature.unwrap());
        it.text("my number", MY_NUMBER);
        it.text("my number", "1234-5678-9018");
        it.text("my number", "1234 5678 9018");
        it
    }

    /// In UTF-8 and, as certificates have it, in UTF-16; a dump shows both in hexadecimal digits.
    fn text(&mut self, what: &'static str, text: &str) {
        self.bytes(what, text.as_bytes().to_vec());
        self.bytes(what, text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }

    fn bytes(&mut self, what: &'static str, bytes: Vec<u8>) {
        // Three bytes stand somewhere by chance.
        assert!(bytes.len() >= 4, "{what} is too short to be searched for");
        self.0.push((what, hex::encode(&bytes).into_bytes()));
        self.0.push((what, hex::encode_upper(&bytes).into_bytes()));
        self.0.push((what, bytes));
    }

    /// What stands in there, each once.
    pub(crate) fn found_in(&self, bytes: &[u8]) -> Vec<&'static str> {
        let has = |canary: &[u8]| bytes.windows(canary.len()).any(|window| window == canary);
        let mut found: Vec<_> = self.0.iter().filter(|(_, canary)| has(canary)).map(|(what, _)| *what).collect();
        found.dedup();
        found
    }

    /// Everything in a folder whose name begins so, but the keys; how many files that were.
    pub(crate) fn are_not_in(&self, folder: &Path, beginning: &str) -> usize {
        let mut searched = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if !name.starts_with(beginning) || name.ends_with(".keys") {
                continue;
            }
            // What SQLite makes and takes away while somebody looks.
            let Ok(bytes) = std::fs::read(&path) else { continue };
            assert_eq!(self.found_in(&bytes), Vec::<&str>::new(), "in {name}");
            searched += 1;
        }
        searched
    }
}

/// An upgrade with everything that somebody could leave behind on the way.
fn fill(store: &SqliteStore) {
    let (policy, anchors, lists) = (Policy::jp_wellnet_mock().unwrap(), anchors(), list(AT, false));
    let engine = Upgrade::new(store, &policy);
    let (account, case) = (account_id("a-1"), case_id("case_1"));
    let declaration =
        |purpose: &str| Declaration { purpose: Some(purpose.into()), occupation: Some("会社員".into()) };
    engine.create_account(account.clone(), AT).unwrap();
    let refused = engine.open_case(case.clone(), &account, declaration("番号 1234-5678-9018"), AT);
    assert!(matches!(refused, Err(UpgradeError::MyNumber { .. })), "{refused:?}");
    engine.open_case(case.clone(), &account, declaration("送金"), AT).unwrap();
    let request = |transaction: &str| Request { purpose: "本人確認".into(), transaction: transaction.into() };
    let issue = |request: &Request| engine.issue_challenge(&case, request, &mut rand_core::OsRng, AT);
    assert!(matches!(issue(&request(MY_NUMBER)), Err(UpgradeError::MyNumber { .. })));
    let challenge = issue(&request("申し込みます。")).unwrap();
    let submit = |proof: &[u8]| engine.submit(&case, proof, &grounds(&anchors, &lists), AT.plus_seconds(5)).unwrap();
    // T-29
    let upload = sign_bytes(&signing_key(), format!("個人番号 {MY_NUMBER}\n").as_bytes(), Placement::Attached);
    let refused =
        |answer: Answer| matches!(answer, Answer::Decided(it) if matches!(it.outcome, Outcome::Refuse { .. }));
    assert!(refused(submit(&upload)));
    // A proof that waits, and then counts.
    let answer = engine.submit(&case, &prove(&challenge), &grounds(&anchors, &[]), AT.plus_seconds(5)).unwrap();
    assert!(matches!(answer, Answer::Decided(it) if matches!(it.outcome, Outcome::Unavailable { .. })));
    assert!(store.held_proof(&case).unwrap().is_some());
    let answer = engine.recheck(&case, &grounds(&anchors, &lists), AT.plus_seconds(9)).unwrap();
    assert!(matches!(answer, Answer::Decided(it) if matches!(it.outcome, Outcome::Upgrade { .. })));
    let archivist = Archivist::new(store);
    let amend = |value: &str| archivist.amend(&case, AmendedField::Note, value, &"clerk-7".parse().unwrap(), AT);
    assert!(matches!(amend(&format!("番号{MY_NUMBER}")), Err(ArchiveError::MyNumber)));
    amend(&issued().facts.attributes.address).unwrap();
    store.commit_wallet(&new_wallet(2)).unwrap();
}

/// Every database in a folder as SQL text, where there is a program for that.
fn dumps(folder: &Path, beginning: &str) -> Vec<Vec<u8>> {
    if Command::new("sqlite3").arg("--version").output().is_err() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "sqlite3 is missing and CI must not skip");
        eprintln!("SKIPPED kyc::canary: dumps; there is no sqlite3 on this machine (Debian: apt-get install sqlite3)");
        return Vec::new();
    }
    let mut dumps = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_ours = path.file_name().unwrap().to_string_lossy().starts_with(beginning);
        if is_ours && std::fs::read(&path).unwrap().starts_with(b"SQLite format 3\0") {
            let output = Command::new("sqlite3").arg("-readonly").arg(&path).arg(".dump").output().unwrap();
            assert!(output.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
            dumps.push(output.stdout);
        }
    }
    assert!(!dumps.is_empty());
    dumps
}

#[test]
fn nothing_personal_is_in_files_dumps_and_backups_law_35_law_41_law_45() {
    let canaries = Canaries::of_the_holder();
    // The search finds what is there: a proof carries all but PIN and My Number.
    let challenge = crate::stores::challenge(9, "case_9", "a-9");
    let found = canaries.found_in(&prove(&challenge));
    assert_eq!(found, ["name", "address", "birthdate", "serial"], "in the certificate");
    let folder = tempfile::tempdir().unwrap();
    let store = create(&folder.path().join("accounts.db"));
    fill(&store);
    // While it is open, with whatever SQLite keeps beside it; in the middle of a transaction there are journals.
    assert_eq!(canaries.are_not_in(folder.path(), "accounts.db"), 5);
    let other = rusqlite::Connection::open(folder.path().join("accounts.db")).unwrap();
    other
        .execute_batch("BEGIN IMMEDIATE; UPDATE account SET failures = 9; UPDATE kyc_case SET declaration = NULL")
        .unwrap();
    assert_eq!(canaries.are_not_in(folder.path(), "accounts.db"), 6, "the journal too");
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    let dumps = dumps(folder.path(), "accounts.db");
    for dump in &dumps {
        assert_eq!(canaries.found_in(dump), Vec::<&str>::new());
    }
    let of_all = dumps.concat();
    if !of_all.is_empty() {
        for table in ["account", "kept_record", "consent", "audit_line", "revocation_document", "event", "outbox"] {
            let created = format!("CREATE TABLE {table} ");
            assert!(of_all.windows(created.len()).any(|it| it == created.as_bytes()), "{table} was dumped");
        }
    }
    store.back_up(&folder.path().join("backup.db")).unwrap();
    assert_eq!(canaries.are_not_in(folder.path(), "backup.db"), 5);
    drop(store);
    assert_eq!(canaries.are_not_in(folder.path(), "accounts.db"), 5, "closed");
    // Reopened, and read: nothing of it is written back.
    let store = create(&folder.path().join("accounts.db"));
    assert!(store.confirmation_record(&case_id("case_1")).unwrap().is_some());
    canaries.are_not_in(folder.path(), "accounts.db");
}

/// What leaves the vault, and to whom: an auditor sees the serial, a relying party does not, and nobody a PIN or a My Number.
#[test]
fn exports_and_claims_show_what_the_rules_put_there_and_no_more_api_13() {
    let canaries = Canaries::of_the_holder();
    let folder = tempfile::tempdir().unwrap();
    let store = create(&folder.path().join("accounts.db"));
    fill(&store);
    let (archivist, clerk) = (Archivist::new(&store), "clerk-7".parse().unwrap());
    let mut log = Vec::new();
    archivist.export_audit(&mut log, AT).unwrap();
    assert_eq!(canaries.found_in(&log), Vec::<&str>::new(), "API-36");
    let events: Vec<_> = store.events(&account_id("a-1")).unwrap();
    assert_eq!(canaries.found_in(format!("{events:?}").as_bytes()), Vec::<&str>::new());
    // 規則20: the record has the particulars and what identifies the certificate.
    let records = archivist.export_records(&account_id("a-1"), &clerk, AT).unwrap().into_inner();
    assert_eq!(canaries.found_in(records.as_bytes()), ["name", "address", "birthdate", "serial"]);
    let bundle = archivist.export_bundle(&case_id("case_1"), &clerk, AT).unwrap().into_inner();
    assert_eq!(canaries.found_in(&bundle), ["name", "address", "birthdate", "serial"], "in the certificate");
    let record = store.kept_record(&case_id("case_1")).unwrap().unwrap().record;
    assert_eq!(canaries.found_in(format!("{record:?}").as_bytes()), Vec::<&str>::new(), "Debug tells nothing");
    let provider = Provider {
        trust_framework: "jp_aml".into(),
        assurance_level: None,
        validity_source: "https://validity.example".into(),
    };
    let view = |audience| {
        let claims = verified_claims(&Identity::from(&record), &provider, audience);
        let text = serde_json::to_vec(&claims).unwrap();
        // As a token carries it, decoded again.
        let decoded: serde_json::Value = serde_json::from_slice(&text).unwrap();
        canaries.found_in(decoded.to_string().as_bytes())
    };
    assert_eq!(view(Audience::RelyingParty), ["name", "address", "birthdate"]);
    assert_eq!(view(Audience::Auditor), ["name", "address", "birthdate", "serial"]);
}
