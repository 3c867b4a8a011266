//! Processes that die in the middle of what a customer does: an approval with all that follows, a charge, a migration, a stop, and
//! leaving. Each leaves all of it or nothing (MIG-06, OUT-02, LIFE-13, ACC-12).

use crate::customers::declared;
use crate::holder::{DAY, anchors, grounds, issued, list, prove};
use crate::processes::{
    Numbers, ask, hear, integrity, judge_by, killed, kind_changes, long, materials, open, request, say,
};
use crate::stores::{AT, account_id, case_id};
use honnin::anchors::AnchorSet;
use honnin::customer::{Application, CustomerStore, Customers};
use honnin::kyc::{
    Account, AccountId, Answer as Answered, CaseId, CaseState, EventKind, Identity, Kind, Life, Login, Outcome, Version,
};
use honnin::policy::Policy;
use honnin::secret::Personal;
use honnin::time::UnixTime;
use honnin::validation::Crl;
use honnin::wallet::{
    Address, Amount, Answer, Applicant, AttributeName, BankAccount, BankState, Channel, ClaimKind, Command, Consent,
    ConsentAnswer, Contact, Ending, Facts, Issued, Issuer, KeptWallet, MigrationRequest, Occupancy, Operation,
    PasswordCheck, Request, Taken, Template, Thing, TypedCode, Wallet, WalletVersions, WalletWrite,
};
use std::collections::BTreeMap;
use std::path::Path;

/// Journeys ask before each of these; one more question is the end.
const STEPS: [&str; 9] =
    ["registered", "case", "challenge", "approved", "charging", "charged", "migrated", "stopped", "withdrawn"];

const CODE: &str = "123456";

fn customer() -> AccountId {
    account_id("a-1")
}

fn legacy() -> AccountId {
    account_id("a-2")
}

fn case() -> CaseId {
    case_id("case_1")
}

/// Somebody else than the card's holder.
fn other_person() -> Thing {
    Thing::person("見本 次郎", "1980-05-05")
}

fn code(customers: &Customers<'_>) -> honnin::wallet::KeyedHash {
    let thing = Thing::one_time_password(&legacy(), Issuer::Wallet, Operation::Migration, CODE);
    customers.hash(&thing, []).unwrap()
}

/// A legacy account with a balance and two bank accounts, to whose phone a code was sent.
fn furnish(store: &dyn CustomerStore, policy: &Policy) {
    let account = Account::imported_legacy(legacy(), Identity::VerifiedSelfieLegacy, AT);
    let mut facts = Facts::bare(AT);
    facts.balances.money = Amount { yen: 4321, changed_at: AT };
    let customers = Customers::new(store, policy);
    let address = |clear: &str, thing: Thing| Address {
        clear: Personal::new(clear.to_owned()),
        hash: customers.hash(&thing, []).unwrap(),
    };
    let (email, phone) = ("jiro@example.jp", "09087654321");
    facts.contact =
        Some(Contact { email: address(email, Thing::email(email)), phone: address(phone, Thing::phone(phone)) });
    for number in ["0000001", "0000002"] {
        let id = customers.hash(&Thing::bank_account("0001", "001", "1", number), []).unwrap();
        facts.banks.accounts.push(BankAccount { id, state: BankState::Final { since: AT }, is_exact_topup: false });
    }
    let wallet = Wallet { account, facts, consent: Consent::default() };
    let versions = WalletVersions { account: Version::NEW, facts: Version::NEW, consent: Version::NEW };
    let kept = KeptWallet { wallet, versions };
    store.commit_wallet(&WalletWrite { kept, claims: vec![], events: vec![], notices: vec![] }).unwrap();
    let hash = code(&customers);
    let issue = Command::IssueOneTimePassword { operation: Operation::Migration, hash };
    let ruling = customers.ask(&legacy(), &Request::new(Channel::App, issue), AT).unwrap();
    assert_eq!(ruling.expect("an account").answer, Answer::Done);
}

/// What both processes do; every act may be done again.
struct Journey<'a> {
    store: &'a dyn CustomerStore,
    policy: &'a Policy,
    at: UnixTime,
}

impl Journey<'_> {
    fn customers(&self) -> Customers<'_> {
        Customers::new(self.store, self.policy)
    }

    fn act(&self, account: &AccountId, command: Command) -> Answer {
        let request = Request::new(Channel::Operator, command);
        self.customers().ask(account, &request, self.at).unwrap().expect("an account").answer
    }

    fn register(&self) {
        let personal = |text: &str| Personal::new(text.to_owned());
        let application = Application {
            email: personal("taro@example.jp"),
            phone: personal("09012345678"),
            kana: personal("ミホン タロウ"),
            birthdate: None,
            applicant: Applicant::BothConfirmed,
            has_card: true,
        };
        self.customers().register(&customer(), &application, self.at).unwrap();
    }

    fn open_case(&self) {
        self.customers().upgrade().open_case(case(), &customer(), declared(), self.at).unwrap();
    }

    fn charge(&self) -> Answer {
        self.act(&customer(), Command::ChargeWithCash { id: "c-1".into(), yen: 400 })
    }

    fn end_charge(&self) -> Answer {
        self.act(&customer(), Command::OperationEnded { id: "c-1".into(), ending: Ending::Done })
    }

    fn migrate(&self) -> Answer {
        let customers = self.customers();
        let hash = |thing: &Thing| customers.hash(thing, []).unwrap();
        let ruling = customers.serve(&legacy(), self.at, |_| {
            let request = MigrationRequest {
                key: "key-1".into(),
                password: PasswordCheck::Right,
                code: Some(TypedCode { issuer: Issuer::Wallet, hash: code(&customers) }),
                issued: Issued {
                    my_signing: hash(&Thing::certificate(b"my", b"", b"1")),
                    my_auth: hash(&Thing::certificate(b"my", b"", b"2")),
                    until: AT.plus_seconds(900 * DAY),
                    device: hash(&Thing::device(b"phone")),
                },
                taken: Taken {
                    from_latest_info: false,
                    as_of: AT.plus_seconds(-DAY),
                    hashes: BTreeMap::from([(
                        AttributeName::Name,
                        hash(&Thing::attribute(AttributeName::Name, "見本 次郎")),
                    )]),
                    kana: None,
                },
                person: customers.find(ClaimKind::Person, &other_person())?,
                consent: ConsentAnswer::Refused,
            };
            Ok(Request::new(Channel::App, Command::Migrate(Box::new(request))))
        });
        ruling.unwrap().expect("an account").answer
    }

    fn submit(&self, proof: &[u8], anchors: &AnchorSet, lists: &[Crl]) {
        let answer = self.customers().upgrade().submit(&case(), proof, &grounds(anchors, lists), self.at).unwrap();
        let Answered::Decided(decision) = answer else { panic!("approved before") };
        assert!(matches!(decision.outcome, Outcome::Upgrade { .. }), "{:?}", decision.outcome);
    }
}

/// The other process: one step after the other.
pub(crate) fn journey(database: &Path, materials: &Path) {
    let (store, policy) = (open(database), Policy::jp_wellnet_mock().unwrap());
    let (anchors, lists) = judge_by(materials);
    let journey = Journey { store: &store, policy: &policy, at: AT.plus_seconds(5) };
    let done = |answer: Answer| assert_eq!(answer, Answer::Done);
    let mut proof = None;
    for step in STEPS {
        ask();
        match step {
            "registered" => journey.register(),
            "case" => journey.open_case(),
            "challenge" => {
                let customers = journey.customers();
                let challenge =
                    customers.upgrade().issue_challenge(&case(), &request(), &mut rand_core::OsRng, AT).unwrap();
                say(&format!("sign {}", hex::encode(challenge.statement().as_bytes())));
                proof = Some(hex::decode(hear()).unwrap());
            }
            "approved" => journey.submit(proof.as_deref().unwrap(), &anchors, &lists),
            "charging" => done(journey.charge()),
            "charged" => done(journey.end_charge()),
            "migrated" => done(journey.migrate()),
            "stopped" => {
                done(journey.act(&customer(), Command::StopByOperator));
                done(journey.act(&customer(), Command::Release { call_made: true, photo_matched: true }));
            }
            _ => done(journey.act(&customer(), Command::Withdraw { code: None })),
        }
        say(&format!("done {step}"));
    }
    ask();
}

fn times(store: &dyn CustomerStore, account: &AccountId, word: &str) -> usize {
    let events = store.events(account).unwrap();
    let is_it = |kind: &EventKind| match kind {
        EventKind::WalletHappened { what } => what["type"] == word,
        kind => serde_json::to_value(kind).unwrap()["type"] == word,
    };
    events.iter().filter(|event| is_it(&event.kind)).count()
}

fn told(store: &dyn CustomerStore, account: &AccountId, template: &Template) -> usize {
    let queued = store.due_notices(AT.plus_seconds(DAY), 99).unwrap();
    queued.iter().filter(|it| it.notice.account == *account && it.notice.template == *template).count()
}

/// All of a step or nothing of it, whatever step it died in; and what was promised is there.
fn check(store: &dyn CustomerStore, policy: &Policy, done: &[String], what: &str) {
    let did = |step: &str| done.iter().any(|it| it == step);
    let customers = Customers::new(store, policy);
    let person = Thing::person(&issued().holder.name, &issued().holder.birth_date.to_string());
    let person = customers.find(ClaimKind::Person, &person).unwrap().occupancy;
    let email = customers.find(ClaimKind::Email, &Thing::email("taro@example.jp")).unwrap().occupancy;
    match store.load_wallet(&customer()).unwrap() {
        None => {
            assert!(!did("registered"), "{what}: an account that was promised is gone");
            assert_eq!(email, Occupancy::Free, "{what}: UNIQ-01");
            assert_eq!(store.load_account(&customer()), Ok(None), "{what}");
        }
        Some(kept) => {
            let (account, facts) = (&kept.wallet.account, &kept.wallet.facts);
            let left = account.life == Life::Withdrawn;
            let held = |is: bool| if is { Occupancy::Held(customer()) } else { Occupancy::Free };
            assert_eq!(email, if left { Occupancy::Burnt } else { held(true) }, "{what}: UNIQ-03");
            // An approval is account, record, claim, certificate, date, events and notice; or nothing of them.
            let is_money = account.kind() == Kind::Money;
            let state = store.load_case(&case()).unwrap().map(|it| it.facts.state);
            let record = store.kept_record(&case()).unwrap();
            assert!(is_money || !did("approved"), "{what}: an approval that was promised is gone");
            assert_eq!(is_money, state == Some(CaseState::Approved), "{what}: ACC-02");
            assert_eq!(is_money, record.is_some(), "{what}: LAW-20");
            assert_eq!(is_money, facts.reverification.case == Some(case()), "{what}: REV-01");
            assert_eq!(is_money, !facts.certificates.history.is_empty(), "{what}: LINK-02");
            assert_eq!(person, held(is_money && !left), "{what}: ACC-12");
            assert_eq!(kind_changes_of(store), usize::from(is_money), "{what}: ACC-15");
            assert_eq!(times(store, &customer(), "identity_verified"), usize::from(is_money), "{what}");
            assert_eq!(told(store, &customer(), &Template::IdentityVerified), usize::from(is_money), "{what}");
            // A charge that ended is in the balance, once.
            let ended = facts.history.find("c-1").is_some_and(|it| it.ending == Some(Ending::Done));
            assert!(ended || !did("charged"), "{what}");
            assert_eq!(times(store, &customer(), "credited"), usize::from(ended), "{what}: OUT-02");
            let yen = facts.balances.cash.yen + facts.balances.money.yen;
            assert_eq!(yen, if ended && !left { 400 } else { 0 }, "{what}");
            // Leaving is the end of the relation, of the claims and of what is personal.
            assert!(left || !did("withdrawn"), "{what}: a leave that was promised is gone");
            assert_eq!(left, facts.contact.is_none(), "{what}: LIFE-15");
            assert_eq!(times(store, &customer(), "withdrawn"), usize::from(left), "{what}: LIFE-13");
            assert_eq!(times(store, &customer(), "kyc.relation.ended"), usize::from(left), "{what}: LAW-25");
            assert_eq!(record.and_then(|it| it.relation_ended_at).is_some(), left, "{what}: LAW-20");
        }
    }
    // A migration moves all or nothing, and never money or banks (MIG-01, MIG-06).
    let kept = store.load_wallet(&legacy()).unwrap().unwrap();
    let (account, facts) = (&kept.wallet.account, &kept.wallet.facts);
    let moved = facts.migration.is_some();
    assert!(moved || !did("migrated"), "{what}: a migration that was promised is gone");
    assert_eq!(moved, account.login == Login::Certificate, "{what}: MIG-06");
    assert_eq!(moved, facts.certificates.device.is_some(), "{what}");
    let other = customers.find(ClaimKind::Person, &other_person()).unwrap().occupancy;
    assert_eq!(other, if moved { Occupancy::Held(legacy()) } else { Occupancy::Free }, "{what}: ACC-12");
    assert_eq!(times(store, &legacy(), "migrated"), usize::from(moved), "{what}");
    assert_eq!(times(store, &legacy(), "one_time_password_used"), usize::from(moved), "{what}: SEC-01");
    assert_eq!((facts.balances.money.yen, facts.banks.living().count()), (4321, 2), "{what}: MIG-01");
    assert_eq!(account.kind(), Kind::Money, "{what}: ACC-03, ACC-16");
}

fn kind_changes_of(store: &dyn CustomerStore) -> usize {
    kind_changes(store, &customer())
}

/// The customers come back: what was not made is made, what was is found.
fn finish(store: &dyn CustomerStore, policy: &Policy, what: &str) {
    let journey = Journey { store, policy, at: AT.plus_seconds(9) };
    let settled = |answer: Answer| assert!(!matches!(answer, Answer::Refused(_)), "{what}: {answer:?}");
    if store.load_account(&customer()).unwrap().is_none() {
        journey.register();
    }
    let life = || store.load_account(&customer()).unwrap().unwrap().facts.life;
    if life() == Life::Open {
        if store.load_case(&case()).unwrap().is_none() {
            journey.open_case();
        }
        // The operator's hand may have been on it.
        let _ = journey.act(&customer(), Command::Release { call_made: true, photo_matched: true });
        if store.load_case(&case()).unwrap().unwrap().facts.state != CaseState::Approved {
            let customers = journey.customers();
            let challenge =
                customers.upgrade().issue_challenge(&case(), &request(), &mut rand_core::OsRng, journey.at).unwrap();
            journey.submit(&prove(&challenge), &anchors(), &list(AT, false));
        }
        settled(journey.charge());
        settled(journey.end_charge());
        assert_eq!(journey.act(&customer(), Command::Withdraw { code: None }), Answer::Done, "{what}");
    }
    settled(journey.migrate());
    let promised: Vec<_> = STEPS.map(str::to_owned).into();
    check(store, policy, &promised, &format!("{what}, finished"));
}

#[test]
fn a_customer_s_process_killed_at_any_step_leaves_all_or_nothing_mig_06_out_02_acc_12_life_13() {
    let folder = tempfile::tempdir().unwrap();
    materials(folder.path());
    let policy = Policy::jp_wellnet_mock().unwrap();
    let mut numbers = Numbers(20_261_128);
    let mut ended = [0_usize; STEPS.len() + 1];
    for round in 0..if long() { 1000 } else { 20 } {
        let stop = round % (STEPS.len() + 1);
        // Even rounds die before the step, odd ones within it or soon after.
        let in_flight = (round / (STEPS.len() + 1) % 2 == 1).then(|| numbers.below(4000));
        let what = format!("round {round}: step {stop}, in flight {in_flight:?}");
        let database = folder.path().join(format!("{round}.db"));
        furnish(&open(&database), &policy);
        let (done, _) = killed("customer", &database, folder.path(), stop, in_flight);
        ended[done.len()] += 1;
        let store = open(&database);
        check(&store, &policy, &done, &what);
        finish(&store, &policy, &what);
        drop(store);
        assert_eq!(integrity(&database), "ok", "{what}");
        std::fs::remove_file(&database).unwrap();
        std::fs::remove_file(folder.path().join(format!("{round}.db.keys"))).unwrap();
    }
    assert!(ended.iter().filter(|times| **times > 0).count() >= STEPS.len(), "spread over the journey: {ended:?}");
}
