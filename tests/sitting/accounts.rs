//! `account features|stop|resume|withdraw` over the demo's store: a verified customer, from the operator's side (GATE-11, GATE-13, LIFE-03,
//! LIFE-10 to LIFE-15).

use super::process::{Ended, honnin};
use honnin::customer::Customers;
use honnin::policy::Policy;
use honnin::record::{Archive as _, retain_until};
use honnin::secret::Personal;
use honnin::store::{DEFAULT_PATIENCE, OpenMode, SqliteStore};
use honnin::time::UnixTime;
use honnin::wallet::{
    Address, Channel, Command, Contact, Ending, Issuer, Operation, Request, Thing, TypedCode, WalletStore as _,
    WalletWrite,
};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The demo's own customer, whom its first case approved, and the database.
fn demo() -> (tempfile::TempDir, PathBuf, String) {
    let folder = tempfile::tempdir().unwrap();
    let ended = honnin(&["demo", "--dir", folder.path().to_str().unwrap(), "--json"]);
    assert_eq!(ended.exit, 0, "{ended:?}");
    let file = folder.path().join("accounts.sqlite");
    let database = rusqlite::Connection::open(&file).unwrap();
    let sql = "SELECT id FROM account WHERE identity = 'verified_certificate'";
    let account = database.query_row(sql, [], |row| row.get(0)).unwrap();
    (folder, file, account)
}

struct Operator {
    store: String,
    account: String,
}

impl Operator {
    fn run(&self, verb: &str, options: &[&str]) -> Ended {
        honnin(&[&["account", verb, &self.account, "--store", &self.store, "--json"], options].concat())
    }
}

fn now() -> UnixTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    UnixTime::from_seconds(i64::try_from(since.as_secs()).unwrap())
}

/// What a run did, with the clock before and after it.
fn timed<T>(run: impl FnOnce() -> T) -> (UnixTime, T, UnixTime) {
    let before = now();
    let done = run();
    (before, done, now())
}

fn instant(json: &Value) -> UnixTime {
    json.as_str().unwrap_or_else(|| panic!("no instant: {json}")).parse().unwrap()
}

fn reasons(json: &Value) -> Vec<&str> {
    json["result"]["missing"].as_array().unwrap().iter().map(|it| it["reason"].as_str().unwrap()).collect()
}

fn hint(ended: &Ended) -> String {
    ended.json()["problem"]["hint"].as_str().unwrap_or_else(|| panic!("no hint: {ended:?}")).to_owned()
}

fn ask(file: &Path, account: &str, command: Command) {
    let store = SqliteStore::open(file, OpenMode::Existing, DEFAULT_PATIENCE).unwrap();
    let policy = Policy::jp_wellnet_mock().unwrap();
    // How an operation ended only the back end knows.
    let channel = if matches!(command, Command::OperationEnded { .. }) { Channel::System } else { Channel::Web };
    let request = Request::new(channel, command);
    let ruling = Customers::new(&store, &policy).ask(&account.parse().unwrap(), &request, now()).unwrap().unwrap();
    assert_eq!(ruling.answer.reasons(), [], "{request:?}");
}

/// Furnishes the demo's account with the addresses that a registered customer has: without a phone no code is issued (SEC-01).
fn reached_by_phone(file: &Path, account: &str) {
    let store = SqliteStore::open(file, OpenMode::Existing, DEFAULT_PATIENCE).unwrap();
    let policy = Policy::jp_wellnet_mock().unwrap();
    let customers = Customers::new(&store, &policy);
    let mut kept = customers.load(&account.parse().unwrap()).unwrap().unwrap();
    let address =
        |clear: &str, thing| Address { clear: Personal::new(clear.into()), hash: customers.hash(&thing, []).unwrap() };
    let (email, phone) = ("mihon@example.jp", "09012345678");
    let contact = Contact { email: address(email, Thing::email(email)), phone: address(phone, Thing::phone(phone)) };
    kept.wallet.facts.contact = Some(contact);
    store.commit_wallet(&WalletWrite { kept, claims: vec![], events: vec![], notices: vec![] }).unwrap();
}

/// The holder's own stop needs a password and a code of its own; both are given here as the web edition would.
fn stopped_by_the_holder(file: &Path, account: &str) {
    let store = SqliteStore::open(file, OpenMode::Existing, DEFAULT_PATIENCE).unwrap();
    let policy = Policy::jp_wellnet_mock().unwrap();
    let customers = Customers::new(&store, &policy);
    let id = account.parse().unwrap();
    for operation in [Operation::PasswordChange, Operation::Stop] {
        let hash = customers.hash(&Thing::one_time_password(&id, Issuer::Wallet, operation, "123456"), []).unwrap();
        ask(file, account, Command::IssueOneTimePassword { operation, hash });
        let code = Some(TypedCode { issuer: Issuer::Wallet, hash });
        ask(
            file,
            account,
            match operation {
                Operation::Stop => Command::Stop { code },
                _ => Command::SetPassword { email_confirmed: true, code },
            },
        );
    }
}

#[test]
fn every_closed_feature_names_all_its_conditions_gate_11_gate_13() {
    let (_folder, file, account) = demo();
    let operator = Operator { store: format!("sqlite:{}", file.display()), account };
    let json = operator.run("features", &[]).json();
    assert_eq!(json["result"]["account"]["kind"], "money");
    let features = json["result"]["features"].as_array().unwrap().clone();
    let of = |name: &str| features.iter().find(|it| it["feature"] == name).unwrap().clone();
    assert_eq!(of("register_bank_account")["open"], true, "GATE-01");
    let transfer = of("self_transfer");
    assert_eq!((&transfer["open"], transfer["missing"].as_array().unwrap().len()), (&false.into(), 1));
    assert_eq!(transfer["missing"][0]["reason"], "feature_requires_bank_account");
    assert_eq!(transfer["missing"][0]["rule"], "GATE-04");
    // Two conditions of one reason and rule are told apart, and nothing is told twice.
    let details: Vec<_> =
        of("exact_top_up")["missing"].as_array().unwrap().iter().map(|it| it["detail"].clone()).collect();
    assert_eq!(details, [serde_json::json!(["bank_account_final"]), serde_json::json!(["bank_account_selected"])]);
    for feature in &features {
        let missing = feature["missing"].as_array().unwrap();
        let alike = |one: &Value| missing.iter().filter(|it| *it == one).count();
        assert!(missing.iter().all(|one| alike(one) == 1), "{feature}");
    }
    assert!(features.iter().all(|it| it["open"].as_bool().unwrap() == it["missing"].as_array().unwrap().is_empty()));
}

#[test]
fn the_operator_lifts_the_operators_stop_and_no_other_life_03_sec_05() {
    let (_folder, file, account) = demo();
    reached_by_phone(&file, &account);
    stopped_by_the_holder(&file, &account);
    let operator = Operator { store: format!("sqlite:{}", file.display()), account };
    let refused = operator.run("resume", &["--call-made", "--photo-matched"]);
    assert_eq!(
        (refused.exit, refused.code().as_str()),
        (1, "account_stopped_by_user"),
        "LIFE-02: the holder's to resume"
    );
    assert!(hint(&refused).contains("The customer alone"), "{refused:?}");
    let stopped = operator.run("stop", &[]);
    assert_eq!((stopped.exit, &stopped.json()["result"]["changed"]), (0, &true.into()));
    assert_eq!(
        stopped.json()["result"]["account"]["holds"],
        serde_json::json!(["stopped_by_user", "stopped_by_operator"])
    );
    let leaving = operator.run("withdraw", &[]);
    assert_eq!((leaving.exit, leaving.code().as_str()), (1, reasons(&leaving.json())[0]), "GATE-12");
    let uncalled = operator.run("resume", &[]);
    assert_eq!((uncalled.exit, uncalled.code().as_str()), (3, "under_review"));
    assert_eq!(uncalled.json()["result"]["missing"][0]["detail"], serde_json::json!(["call"]));
    let lifted = operator.run("resume", &["--call-made"]);
    assert_eq!(lifted.exit, 0, "{lifted:?}");
    assert_eq!(lifted.json()["result"]["account"]["holds"], serde_json::json!(["stopped_by_user"]));
}

#[test]
fn leaving_is_refused_with_its_reasons_and_then_starts_the_years_life_10_life_11_law_25() {
    let (_folder, file, account) = demo();
    let operator = Operator { store: format!("sqlite:{}", file.display()), account: account.clone() };
    reached_by_phone(&file, &account);
    let charge = |id: &str, yen| Command::ChargeWithCash { id: id.into(), yen };
    let ended = |id: &str, ending| Command::OperationEnded { id: id.into(), ending };
    ask(&file, &account, charge("c-1", 501));
    ask(&file, &account, ended("c-1", Ending::Done));
    ask(&file, &account, charge("c-2", 100));
    let refused = operator.run("withdraw", &[]);
    let json = refused.json();
    assert_eq!((refused.exit, refused.code().as_str()), (1, reasons(&json)[0]));
    let mut told = reasons(&json);
    told.sort_unstable();
    assert_eq!(told, ["balance_above_withdrawal_limit", "transactions_pending"], "both, not the first alone");
    assert_eq!(json["result"]["account"]["life"], "open");
    ask(&file, &account, ended("c-2", Ending::Failed));
    let one_time = Thing::one_time_password(&account.parse().unwrap(), Issuer::Wallet, Operation::Payment, "123456");
    let store = SqliteStore::open(&file, OpenMode::Existing, DEFAULT_PATIENCE).unwrap();
    let policy = Policy::jp_wellnet_mock().unwrap();
    let hash = Customers::new(&store, &policy).hash(&one_time, []).unwrap();
    ask(&file, &account, Command::IssueOneTimePassword { operation: Operation::Payment, hash });
    let code = Some(TypedCode { issuer: Issuer::Wallet, hash });
    ask(&file, &account, Command::Pay { id: "p-1".into(), payee: "電力".into(), yen: 1, code });
    ask(&file, &account, ended("p-1", Ending::Done));
    let (before, left, after) = timed(|| operator.run("withdraw", &[]));
    let json = left.json();
    let until = instant(&json["result"]["retain_until"]);
    assert_eq!((left.exit, &json["result"]["account"]["life"]), (0, &"withdrawn".into()), "500 yen may be left behind");
    assert!(retain_until(before) <= until && until <= retain_until(after), "LAW-25: {until} of {before} to {after}");
    let cases = store.records_of(&account.parse().unwrap()).unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        assert_eq!(store.kept_record(&case).unwrap().unwrap().retain_until(), Some(until), "LAW-25");
    }
    let told = honnin(&["account", "withdraw", &account, "--store", &operator.store]).text();
    assert!(told.contains(&until.in_japan()), "{until}: {told}");
    let again = operator.run("withdraw", &[]);
    assert_eq!((again.exit, again.code().as_str()), (1, "account_withdrawn"));
    for verb in ["withdraw", "stop", "resume"] {
        let hint = hint(&operator.run(verb, &[]));
        assert!(hint.contains("honnin account create"), "{verb}: said to the operator, not to the customer: {hint}");
    }
    let shown = operator.run("features", &[]).json();
    assert!(
        shown["result"]["features"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["missing"][0]["reason"] == "account_withdrawn")
    );
}

/// LAW-20, LAW-25: `--at` is the instant certificates are judged at. What is written is dated by the clock.
#[test]
fn no_verb_that_writes_takes_a_date_of_somebodys_choice() {
    let (folder, file, account) = demo();
    let store = format!("sqlite:{}", file.display());
    let operator = Operator { store: store.clone(), account: account.clone() };
    let log = || -> i64 {
        let database = rusqlite::Connection::open(folder.path().join("accounts.sqlite-audit")).unwrap();
        database.query_row("SELECT count(*) FROM audit_line", [], |row| row.get(0)).unwrap()
    };
    let before = log();
    for at in ["2010-01-01T00:00:00Z", "2090-01-01T00:00:00Z"] {
        for (verb, more) in [("stop", &[][..]), ("resume", &["--call-made"]), ("withdraw", &[])] {
            let ended = operator.run(verb, &[more, &["--at", at]].concat());
            assert_eq!((ended.exit, ended.code().as_str()), (2, "usage"), "{verb} at {at}");
            assert!(ended.json()["problem"]["hint"].as_str().unwrap().contains("--at"), "{verb}: what to do next");
        }
    }
    assert_eq!(log(), before, "nothing was written");
    let shown = operator.run("show", &[]).json();
    assert_eq!(
        (&shown["result"]["account"]["life"], &shown["result"]["account"]["holds"]),
        (&"open".into(), &serde_json::json!([]))
    );
    // Nor is a store made for an account that is not opened.
    let new = folder.path().join("new.sqlite");
    let address = format!("sqlite:{}", new.display());
    let create = |more: &[&str]| honnin(&[&["account", "create", "n-1", "--store", &address, "--json"], more].concat());
    assert_eq!(create(&["--at", "2010-01-01T00:00:00Z"]).exit, 2);
    assert!(!new.exists());
    let (before, created, after) = timed(|| create(&[]));
    let at = instant(&created.json()["result"]["account"]["created_at"]);
    assert!(before <= at && at <= after, "{before} {at} {after}");
    // The same to people, in Japan's time.
    let told = honnin(&["account", "show", "n-1", "--store", &address]).text();
    assert!(told.contains(&at.in_japan()), "{at}: {told}");
    // What only looks may look at any instant.
    for verb in ["features", "show"] {
        assert_eq!(operator.run(verb, &["--at", "2028-01-01T00:00:00Z"]).exit, 0, "{verb}");
    }
}

/// What keeps an account open is told to whoever runs the command, with a command that mends it where there is one.
#[test]
fn a_stop_and_a_code_that_keep_an_account_open_are_told_to_the_operator_gate_10_life_03() {
    let (folder, file, account) = demo();
    let operator = Operator { store: format!("sqlite:{}", file.display()), account };
    assert_eq!(operator.run("stop", &[]).exit, 0);
    let refused = operator.run("withdraw", &[]);
    assert_eq!((refused.exit, refused.code().as_str()), (1, "account_stopped_by_operator"));
    assert_eq!(refused.json()["problem"]["detail"], "The operator has stopped this account.");
    assert!(hint(&refused).contains("honnin account resume"), "{refused:?}");
    assert_eq!(operator.run("resume", &["--call-made"]).exit, 0);
    // A policy that asks the holder for a code asks for something this command cannot take.
    let ours = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/policies/jp_wellnet_mock.toml"));
    let nothing_pending = "{ any = [\"nothing_pending\"], reason";
    let code =
        "{ any = [\"one_time_password_given\"], reason = \"one_time_password_required\", rules = [\"SEC-02\"] },\n";
    let text = ours.unwrap().replace(nothing_pending, &format!("{code}    {nothing_pending}"));
    let policy = folder.path().join("policy.toml");
    std::fs::write(&policy, &text).unwrap();
    let refused = operator.run("withdraw", &["--policy", policy.to_str().unwrap()]);
    assert_eq!((refused.exit, reasons(&refused.json())), (1, vec!["one_time_password_required"]), "{refused:?}");
    assert!(refused.json()["problem"]["detail"].as_str().unwrap().contains("this command takes none"), "{refused:?}");
    assert!(hint(&refused).contains("Have the customer close the account"), "{refused:?}");
    assert_eq!(operator.run("show", &[]).json()["result"]["account"]["life"], "open");
}
