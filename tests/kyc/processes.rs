//! Several processes on one database, and processes that die: no challenge is spent twice, no account is left in a state the
//! rules do not allow (RSN-24, ACC-15, OUT-02).
//!
//! The other process is this very test binary, started again with [`ROLE`] in its environment. It speaks in lines: it asks
//! before every durable step, and the parent answers or kills it.

use crate::at_rest::{is_whole, log_of, single_file_of_version_5};
use crate::canary::Canaries;
use crate::holder::{anchors, grounds, issued, list, prove};
use crate::sqlite_file::{PARTS, part};
use crate::stores::{AT, account_id, case_id, furnish};
use honnin::customer::Customers;
use honnin::kyc::{
    Account, AccountId, Answer, Case, CaseId, CaseState, ConfirmationRecord, Consumption, Declaration, Effects, Event,
    EventKind, HeldProof, Identity, Kind, Outcome, Request, Store, StoreError, Upgrade, Versioned,
};
use honnin::policy::Policy;
use honnin::proof::{Challenge, ChallengeId};
use honnin::reason::Reason;
use honnin::record::{Archive as _, AuditVerifier};
use honnin::store::{OpenMode, SCHEMA_VERSION, SqliteStore};
use honnin::time::UnixTime;
use honnin::validation::Crl;
use honnin::wallet::WalletStore as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// What a child is to be: a role, then the database file.
const ROLE: &str = "HONNIN_TEST_CHILD_ROLE";
const DATABASE: &str = "HONNIN_TEST_CHILD_DATABASE";
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn long() -> bool {
    std::env::var_os("HONNIN_TEST_LONG").is_some()
}

pub(crate) fn open(database: &Path) -> SqliteStore {
    SqliteStore::open(database, OpenMode::Create, PATIENCE).unwrap()
}

pub(crate) fn request() -> Request {
    Request {
        purpose: "本人確認".into(), transaction: "マネーアカウントへの変更を申し込みます。".into()
    }
}

fn declaration() -> Declaration {
    Declaration { purpose: Some("送金".into()), occupation: Some("会社員".into()) }
}

/// Numbers of a seed, the same in every run (SplitMix64).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

// --- The parent's side ---------------------------------------------------------------------------------------------------

/// A process of ours, asked and answered by lines.
struct Other {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Other {
    fn start(role: &str, database: &Path, materials: &Path) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "processes::the_other_process", "--ignored", "--nocapture", "--quiet"])
            .env(ROLE, role)
            .env(DATABASE, database)
            .env("HONNIN_TEST_CHILD_MATERIALS", materials)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let (to, from) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        Self { process, to, from }
    }

    /// The next line that begins with `@`; libtest's own lines do not. `None` when it has ended.
    fn line(&mut self) -> Option<String> {
        loop {
            let mut line = String::new();
            if self.from.read_line(&mut line).unwrap_or(0) == 0 {
                return None;
            }
            // libtest may have printed half a line of its own before.
            if let Some((_, ours)) = line.split_once('@') {
                return Some(ours.trim_end().to_owned());
            }
        }
    }

    fn answer(&mut self, line: &str) {
        // It may be dead already, which is what these tests are about.
        let _ = writeln!(self.to, "{line}");
        let _ = self.to.flush();
    }

    /// SIGKILL.
    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    fn end(mut self) {
        drop(self.to);
        assert!(self.process.wait().unwrap().success());
    }
}

/// What a child judges by, as files: it has no keys of its own.
pub(crate) fn materials(folder: &Path) {
    let issued = issued();
    std::fs::write(folder.join("digital-signature-ca.der"), issued.digital_signature_ca.certificate()).unwrap();
    std::fs::write(folder.join("digital-signature.crl"), list(AT, false)[0].der()).unwrap();
}

/// Runs a journey in another process and kills it at step `stop`: before the step is made, or `in_flight` so many
/// microseconds after it was begun. Returns what the other process had been told was done, and the proof it was given.
pub(crate) fn killed(
    role: &str,
    database: &Path,
    materials: &Path,
    stop: usize,
    in_flight: Option<u64>,
) -> (Vec<String>, Option<Vec<u8>>) {
    let mut other = Other::start(role, database, materials);
    let (mut done, mut proof, mut step) = (Vec::new(), None, 0);
    while let Some(line) = other.line() {
        match line.split_once(' ').unwrap_or((&line, "")) {
            ("step", _) if step == stop => {
                if let Some(microseconds) = in_flight {
                    other.answer("go");
                    std::thread::sleep(Duration::from_micros(microseconds));
                }
                other.kill();
                return (done, proof);
            }
            ("step", _) => {
                step += 1;
                other.answer("go");
            }
            ("sign", statement) => {
                let store = open(database);
                let id = store.load_case(&case_id("case_1")).unwrap().unwrap().facts.challenge.unwrap();
                let challenge = store.load_challenge(id).unwrap().unwrap();
                assert_eq!(hex::encode(challenge.statement().as_bytes()), statement);
                let bytes = prove(&challenge);
                other.answer(&hex::encode(&bytes));
                proof = Some(bytes);
            }
            ("done", what) => done.push(what.to_owned()),
            (word, rest) => panic!("{word} {rest}"),
        }
    }
    other.end();
    (done, proof)
}

pub(crate) fn kind_changes(store: &dyn Store, account: &AccountId) -> usize {
    let events = store.events(account).unwrap();
    events.iter().filter(|event| matches!(event.kind, EventKind::AccountKindChanged { .. })).count()
}

/// What the rules allow whatever happened, and what was promised before the process died.
fn check(store: &dyn Store, done: &[String], what: &str) {
    let (account, case) = (account_id("a-1"), case_id("case_1"));
    let did = |step: &str| done.iter().any(|it| it == step);
    let stored = store.load_account(&account).unwrap();
    assert!(stored.is_some() || !did("account"), "{what}: an account that was promised is gone");
    let Some(stored) = stored.map(|it| it.facts) else { return };
    let state = store.load_case(&case).unwrap().map(|it| it.facts.state);
    assert!(state.is_some() || !did("case"), "{what}: a case that was promised is gone");
    let approved = state == Some(CaseState::Approved);
    assert!(approved || !did("approved"), "{what}: an approval that was promised is gone");
    assert_eq!(stored.kind() == Kind::Money, approved, "{what}: ACC-02");
    assert_eq!(stored.identity == Identity::VerifiedCertificate, approved, "{what}");
    assert_eq!(stored.identity == Identity::None, state.is_none(), "{what}: in progress with its case");
    assert_eq!(store.confirmation_record(&case).unwrap().is_some(), approved, "{what}: LAW-20");
    assert_eq!(kind_changes(store, &account), usize::from(approved), "{what}: ACC-15");
    assert_eq!(store.failures(&account).unwrap(), 0, "{what}: a crash is no failure (RSN-20)");
}

/// The customer comes back: whatever was not made is made, and the upgrade comes to its end once.
fn finish(store: &dyn Store, spent: Option<&[u8]>, what: &str) {
    let (account, case, policy) = (account_id("a-1"), case_id("case_1"), Policy::jp_wellnet_mock().unwrap());
    let (anchors, lists) = (anchors(), list(AT, false));
    let engine = Upgrade::new(store, &policy);
    let at = AT.plus_seconds(9);
    let submit = |proof: &[u8]| engine.submit(&case, proof, &grounds(&anchors, &lists), at).unwrap();
    let mut approvals = kind_changes(store, &account);
    if store.load_account(&account).unwrap().is_none() {
        engine.create_account(account.clone(), at).unwrap();
    }
    if store.load_case(&case).unwrap().is_none() {
        engine.open_case(case.clone(), &account, declaration(), at).unwrap();
    }
    if let Some(proof) = spent {
        // Either it was never spent and counts now, or it never counts again.
        match submit(proof) {
            Answer::Decided(decision) => match decision.outcome {
                Outcome::Upgrade { .. } => approvals += 1,
                Outcome::Refuse { reasons, .. } => assert_eq!(reasons, [Reason::ChallengeAlreadyUsed], "{what}"),
                other => panic!("{what}: {other:?}"),
            },
            Answer::AlreadyApproved => panic!("{what}: a spent challenge was looked at again"),
        }
    }
    if store.load_case(&case).unwrap().unwrap().facts.state != CaseState::Approved {
        let challenge = engine.issue_challenge(&case, &request(), &mut rand_core::OsRng, at).unwrap();
        match submit(&prove(&challenge)) {
            Answer::Decided(decision) if matches!(decision.outcome, Outcome::Upgrade { .. }) => approvals += 1,
            other => panic!("{what}: the customer is stuck: {other:?}"),
        }
    }
    assert_eq!(approvals, 1, "{what}");
    assert_eq!(kind_changes(store, &account), 1, "{what}");
    assert_eq!(store.load_account(&account).unwrap().unwrap().facts.kind(), Kind::Money, "{what}");
    assert!(store.confirmation_record(&case).unwrap().is_some(), "{what}");
}

fn files(database: &Path) -> Vec<PathBuf> {
    std::iter::once(database.to_owned()).chain(PARTS.iter().map(|suffix| part(database, suffix))).collect()
}

pub(crate) fn integrity(database: &Path) -> String {
    let check = |file: PathBuf| -> String {
        let connection = rusqlite::Connection::open(file).unwrap();
        connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap()
    };
    let mut found: Vec<String> = files(database).into_iter().map(check).collect();
    found.dedup();
    found.join(", ")
}

/// That the files are of one moment: the log has a line for every event, and its chain holds.
fn is_of_one_moment(store: &SqliteStore, what: &str) {
    let mut verifier = AuditVerifier::new(None);
    log_of(store).split_inclusive(|byte| *byte == b'\n').for_each(|line| verifier.line(line));
    let report = verifier.finish();
    let events = store.events(&account_id("a-1")).unwrap().len() as u64;
    assert_eq!((report.problems, report.head.entries), (0, events), "{what}");
    let record = store.confirmation_record(&case_id("case_1")).unwrap();
    assert_eq!(record.is_some(), store.bundle(&case_id("case_1")).unwrap().is_some(), "{what}");
}

/// Steps at which an upgrade writes: account, case, challenge, consumption, decision. One more is the end.
const STEPS: usize = 5;

#[test]
fn a_process_killed_at_any_step_leaves_what_the_rules_allow_rsn_24() {
    let folder = tempfile::tempdir().unwrap();
    materials(folder.path());
    let mut numbers = Numbers(20_261_123);
    let mut ended = [0_usize; STEPS + 1];
    let canaries = Canaries::of_the_holder();
    for round in 0..if long() { 1000 } else { 24 } {
        let stop = round % (STEPS + 1);
        // Even rounds die before the step, odd ones within it or soon after.
        let in_flight = (round / (STEPS + 1) % 2 == 1).then(|| numbers.below(4000));
        let what = format!("round {round}: step {stop}, in flight {in_flight:?}");
        let database = folder.path().join(format!("{round}.db"));
        let (done, proof) = killed("upgrade", &database, folder.path(), stop, in_flight);
        ended[done.len()] += 1;
        // Whatever a killed process leaves behind: half-written files, logs, journals.
        canaries.are_not_in(folder.path(), &format!("{round}.db"));
        let store = open(&database);
        is_of_one_moment(&store, &what);
        check(&store, &done, &what);
        finish(&store, proof.as_deref(), &what);
        drop(store);
        assert_eq!(integrity(&database), "ok", "{what}");
        files(&database).iter().for_each(|file| std::fs::remove_file(file).unwrap());
    }
    // That the kills were spread over the whole journey, and some journeys came to their end.
    assert!(ended[0] > 0 && ended[1] > 0 && ended[2] > 0 && ended[3] > 0 && ended[4] > 0, "{ended:?}");
}

/// A store of version 5 is taken apart in one transaction over five files; whoever is killed in it leaves the old store or the new one.
#[test]
fn a_process_killed_while_it_takes_a_store_apart_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let template = folder.path().join("template.db");
    let (old, log) = single_file_of_version_5(folder.path(), &template);
    drop(old);
    let mut numbers = Numbers(45);
    let mut moved = 0;
    let rounds = if long() { 300 } else { 12 };
    for round in 0..rounds {
        let database = folder.path().join(format!("{round}.db"));
        for suffix in ["", ".keys"] {
            std::fs::copy(part(&template, suffix), part(&database, suffix)).unwrap();
        }
        let mut other = Other::start("open", &database, folder.path());
        assert_eq!(other.line().as_deref(), Some("ready"));
        other.answer("go");
        let wait = Duration::from_micros(numbers.below(40_000));
        std::thread::sleep(wait);
        other.kill();
        let version: i64 = rusqlite::Connection::open(&database)
            .unwrap()
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap();
        assert!(version == 5 || version == SCHEMA_VERSION, "{version}");
        moved += usize::from(version == SCHEMA_VERSION);
        let store = open(&database);
        is_whole(&store);
        assert_eq!(log_of(&store), log, "round {round}: killed after {wait:?} at version {version}");
        drop(store);
        assert_eq!(integrity(&database), "ok");
    }
    eprintln!("{moved} of {rounds} had been taken apart when they were killed");
}

/// A writer dies with pages of its transaction in the files. Whoever comes next and only reads sees the store as it was before.
#[test]
fn who_only_reads_after_a_crash_sees_the_store_as_it_was() {
    for crashed in [&[""][..], &["-audit"], &["", "-records", "-audit"]] {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("crashed.db");
        furnish(&open(&database), 1);
        let log = log_of(&open(&database));
        let mut other = Other::start(&format!("half {}", crashed.join(" ")), &database, folder.path());
        assert_eq!(other.line().as_deref(), Some("ready"));
        other.kill();
        for suffix in crashed {
            let journal = part(&database, &format!("{suffix}-journal"));
            assert!(std::fs::metadata(&journal).unwrap().len() > 0, "{journal:?} is hot");
        }
        let store = SqliteStore::open(&database, OpenMode::ReadOnly, PATIENCE).unwrap();
        assert_eq!(log_of(&store), log, "{crashed:?}");
        assert_eq!(store.failures(&account_id("a-1")), Ok(0));
        assert_eq!(store.commit(&Effects::none(account_id("a-1"))), Err(StoreError::ReadOnly));
        assert_eq!(integrity(&database), "ok");
    }
}

#[test]
fn of_sixty_four_submitters_in_four_processes_one_wins_t_22() {
    let folder = tempfile::tempdir().unwrap();
    materials(folder.path());
    let database = folder.path().join("one.db");
    let store = open(&database);
    let policy = Policy::jp_wellnet_mock().unwrap();
    let engine = Upgrade::new(&store, &policy);
    engine.create_account(account_id("a-1"), AT).unwrap();
    engine.open_case(case_id("case_1"), &account_id("a-1"), declaration(), AT).unwrap();
    let challenge = engine.issue_challenge(&case_id("case_1"), &request(), &mut rand_core::OsRng, AT).unwrap();
    std::fs::write(folder.path().join("proof.der"), prove(&challenge)).unwrap();
    let mut others: Vec<_> = (0..4).map(|_| Other::start("submit", &database, folder.path())).collect();
    for other in &mut others {
        assert_eq!(other.line().as_deref(), Some("ready"));
    }
    for other in &mut others {
        other.answer("go");
    }
    let mut answers: Vec<String> = Vec::new();
    for mut other in others {
        while let Some(line) = other.line() {
            answers.push(line);
        }
        other.end();
    }
    answers.sort();
    assert_eq!(answers.len(), 64, "{answers:?}");
    assert_eq!(answers.iter().filter(|it| *it == "approved").count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|it| *it == "challenge_already_used").count(), 63, "{answers:?}");
    assert_eq!(kind_changes(&store, &account_id("a-1")), 1);
    assert_eq!(store.load_account(&account_id("a-1")).unwrap().unwrap().facts.kind(), Kind::Money);
    let wallet = store.load_wallet(&account_id("a-1")).unwrap().unwrap().wallet;
    assert_eq!(wallet.facts.reverification.case, Some(case_id("case_1")), "all that follows, once");
}

// --- The other process ---------------------------------------------------------------------------------------------------

#[test]
#[ignore = "the other process of the tests of this file; they start it"]
fn the_other_process() {
    let role = std::env::var(ROLE).expect("started by the tests of this file only");
    let database = std::env::var_os(DATABASE).unwrap();
    let materials = std::env::var_os("HONNIN_TEST_CHILD_MATERIALS").unwrap();
    let (database, materials) = (Path::new(&database), Path::new(&materials));
    match role.as_str() {
        "open" => {
            say("ready");
            assert_eq!(hear(), "go");
            drop(open(database));
            say("open");
            hear();
        }
        role if role.starts_with("half ") => {
            let half_written = half_write(database, role.split(' ').skip(1));
            say("ready");
            hear();
            drop(half_written);
        }
        "upgrade" => upgrade(database, materials),
        "submit" => submit(database, materials),
        "customer" => crate::wallet_processes::journey(database, materials),
        _ => panic!("{role}"),
    }
}

/// Transactions that are not committed, of which pages stand in the files: with a cache of one page they have to.
fn half_write<'a>(database: &Path, suffixes: impl Iterator<Item = &'a str>) -> Vec<rusqlite::Connection> {
    let begin = |suffix| {
        let connection = rusqlite::Connection::open(part(database, suffix)).unwrap();
        connection
            .execute_batch(
                "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE;
                 UPDATE store_file SET store = zeroblob(100000);
                 CREATE TABLE half (it BLOB); INSERT INTO half VALUES (zeroblob(100000)), (zeroblob(100000));",
            )
            .unwrap();
        connection
    };
    suffixes.map(begin).collect()
}

pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "@{line}").unwrap();
    out.flush().unwrap();
}

pub(crate) fn hear() -> String {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

/// Asks before everything durable.
struct Asking(SqliteStore);

impl Asking {
    fn ask(&self) {
        ask();
    }
}

/// Asks the parent, who answers or kills.
pub(crate) fn ask() {
    say("step");
    assert_eq!(hear(), "go");
}

impl Store for Asking {
    fn load_account(&self, id: &AccountId) -> Result<Option<Versioned<Account>>, StoreError> {
        self.0.load_account(id)
    }

    fn failures(&self, id: &AccountId) -> Result<u64, StoreError> {
        self.0.failures(id)
    }

    fn load_case(&self, id: &CaseId) -> Result<Option<Versioned<Case>>, StoreError> {
        self.0.load_case(id)
    }

    fn load_challenge(&self, id: ChallengeId) -> Result<Option<Challenge>, StoreError> {
        self.0.load_challenge(id)
    }

    fn open_cases(&self, account: &AccountId) -> Result<Vec<CaseId>, StoreError> {
        self.0.open_cases(account)
    }

    fn held_proof(&self, case: &CaseId) -> Result<Option<HeldProof>, StoreError> {
        self.0.held_proof(case)
    }

    fn confirmation_record(&self, case: &CaseId) -> Result<Option<ConfirmationRecord>, StoreError> {
        self.0.confirmation_record(case)
    }

    fn events(&self, account: &AccountId) -> Result<Vec<Event>, StoreError> {
        self.0.events(account)
    }

    fn consume_challenge(&self, id: ChallengeId, case: &CaseId, at: UnixTime) -> Result<Consumption, StoreError> {
        self.ask();
        self.0.consume_challenge(id, case, at)
    }

    fn commit(&self, effects: &Effects) -> Result<(), StoreError> {
        self.ask();
        self.0.commit(effects)
    }
}

pub(crate) fn judge_by(materials: &Path) -> (honnin::anchors::AnchorSet, Vec<Crl>) {
    let anchor = std::fs::read(materials.join("digital-signature-ca.der")).unwrap();
    let anchor = honnin::certificate::Certificate::from_der(&anchor).unwrap();
    let list = std::fs::read(materials.join("digital-signature.crl")).unwrap();
    (honnin::anchors::AnchorSet::none().with_certificate(anchor, None), vec![Crl::from_der(&list).unwrap()])
}

/// The whole journey, one step after the other.
fn upgrade(database: &Path, materials: &Path) {
    let (anchors, lists) = judge_by(materials);
    let store = Asking(open(database));
    let policy = Policy::jp_wellnet_mock().unwrap();
    let engine = Upgrade::new(&store, &policy);
    let (account, case) = (account_id("a-1"), case_id("case_1"));
    engine.create_account(account.clone(), AT).unwrap();
    say("done account");
    engine.open_case(case.clone(), &account, declaration(), AT).unwrap();
    say("done case");
    let challenge = engine.issue_challenge(&case, &request(), &mut rand_core::OsRng, AT).unwrap();
    say("done challenge");
    say(&format!("sign {}", hex::encode(challenge.statement().as_bytes())));
    let proof = hex::decode(hear()).unwrap();
    let answer = engine.submit(&case, &proof, &grounds(&anchors, &lists), AT.plus_seconds(5)).unwrap();
    assert!(matches!(answer, Answer::Decided(decision) if matches!(decision.outcome, Outcome::Upgrade { .. })));
    say("done approved");
    store.ask();
}

/// Sixteen threads with a connection each, all at once.
fn submit(database: &Path, materials: &Path) {
    let (anchors, lists) = judge_by(materials);
    let proof = std::fs::read(materials.join("proof.der")).unwrap();
    let policy = Policy::jp_wellnet_mock().unwrap();
    let stores: Vec<_> = (0..16).map(|_| open(database)).collect();
    say("ready");
    assert_eq!(hear(), "go");
    std::thread::scope(|scope| {
        for store in &stores {
            scope.spawn(|| {
                let customers = Customers::new(store, &policy);
                let at = AT.plus_seconds(5);
                match customers.upgrade().submit(&case_id("case_1"), &proof, &grounds(&anchors, &lists), at).unwrap() {
                    Answer::Decided(decision) => match decision.outcome {
                        Outcome::Upgrade { .. } => say("approved"),
                        Outcome::Refuse { reasons, .. } => say(reasons[0].code()),
                        other => say(&format!("{other:?}")),
                    },
                    Answer::AlreadyApproved => say("already approved"),
                }
            });
        }
    });
}
