//! One suite for every store in which upgrade and wallet meet: what `honnin::customer` promises.

use crate::holder::{DAY, anchors_of, grounds, issued, list_of, other, prove_as};
use crate::stores::{AT, account_id, case_id};
use honnin::authority::Issued;
use honnin::certificate::Certificate;
use honnin::customer::{Application, CustomerStore, Customers};
use honnin::kyc::{
    AccountId, Answer as Answered, CaseId, CaseState, Declaration, EventKind, Identity, Kind, Life, Outcome,
    Request as Asked, StoreError, UpgradeError,
};
use honnin::policy::{ConvertOnUpgrade, Policy, ReverificationState};
use honnin::reason::Reason;
use honnin::record::{ArchiveError, Archivist, AuditVerifier};
use honnin::secret::Personal;
use honnin::store::MemoryStore;
use honnin::time::UnixTime;
use honnin::vault::{KeyPurpose, KeyRing, VaultError};
use honnin::wallet::{
    Answer, Applicant, AttributeName, CertificateState, Channel, ClaimKind, Command, Ending, Occupancy, Registration,
    Request, Source, Template, Thing, Wallet, WalletCertificate,
};
use rand_core::OsRng;

/// Days of grace of the compiled-in policy.
const GRACE: i64 = 90;

/// A back end over one store: what a caller of the library writes.
pub(crate) struct BackEnd<'a> {
    pub(crate) store: &'a dyn CustomerStore,
    pub(crate) policy: Policy,
}

fn name(number: u8) -> AccountId {
    account_id(&format!("a-{number}"))
}

fn application(number: u8, kana: &str) -> Application {
    let personal = |text: String| Personal::new(text);
    Application {
        email: personal(format!("Taro{number}@example.jp")),
        phone: personal(format!("+81 90-0000-{number:04}")),
        kana: personal(kana.to_owned()),
        birthdate: None,
        applicant: Applicant::BothConfirmed,
        has_card: true,
    }
}

pub(crate) fn declared() -> Declaration {
    Declaration { purpose: Some("送金".into()), occupation: Some("会社員".into()) }
}

impl<'a> BackEnd<'a> {
    pub(crate) fn new(store: &'a dyn CustomerStore) -> Self {
        Self { store, policy: Policy::jp_wellnet_mock().unwrap() }
    }

    pub(crate) fn customers(&self) -> Customers<'_> {
        Customers::new(self.store, &self.policy)
    }

    /// Account `a-N` with addresses of its own.
    pub(crate) fn register(&self, number: u8) {
        let answer = self.customers().register(&name(number), &application(number, "ミホン タロウ"), AT).unwrap();
        assert!(matches!(answer, Registration::Open(_)), "{answer:?}");
    }

    pub(crate) fn try_submit(
        &self,
        person: &'static Issued,
        number: u8,
        case: &CaseId,
        at: UnixTime,
    ) -> Result<Outcome, UpgradeError> {
        let customers = self.customers();
        let engine = customers.upgrade();
        engine.open_case(case.clone(), &name(number), declared(), at)?;
        let request = Asked { purpose: "本人確認".into(), transaction: "申し込みます。".into() };
        let challenge = engine.issue_challenge(case, &request, &mut OsRng, at)?;
        let anchors = anchors_of(&[issued(), other()]);
        let lists = [list_of(issued(), at, false), list_of(other(), at, false)].concat();
        match engine.submit(case, &prove_as(person, &challenge), &grounds(&anchors, &lists), at)? {
            Answered::Decided(decision) => Ok(decision.outcome),
            Answered::AlreadyApproved => panic!("a new case"),
        }
    }

    fn submit(&self, person: &'static Issued, number: u8, case: &str, at: UnixTime) -> Outcome {
        self.try_submit(person, number, &case_id(case), at).unwrap()
    }

    fn approve(&self, person: &'static Issued, number: u8, case: &str, at: UnixTime) {
        let outcome = self.submit(person, number, case, at);
        assert!(matches!(outcome, Outcome::Upgrade { .. }), "{outcome:?}");
    }

    pub(crate) fn ask(&self, number: u8, channel: Channel, command: Command, at: UnixTime) -> Answer {
        self.customers().ask(&name(number), &Request::new(channel, command), at).unwrap().expect("an account").answer
    }

    fn charge(&self, number: u8, id: &str, yen: u64) {
        let command = Command::ChargeWithCash { id: id.into(), yen };
        assert_eq!(self.ask(number, Channel::App, command, AT), Answer::Done);
        let command = Command::OperationEnded { id: id.into(), ending: Ending::Done };
        assert_eq!(self.ask(number, Channel::System, command, AT), Answer::Done);
    }

    fn wallet(&self, number: u8) -> Wallet {
        self.store.load_wallet(&name(number)).unwrap().unwrap().wallet
    }

    fn person(&self, person: &Issued) -> Occupancy {
        let thing = Thing::person(&person.holder.name, &person.holder.birth_date.to_string());
        self.customers().find(ClaimKind::Person, &thing).unwrap().occupancy
    }

    /// Names of what happened, kinds of the wallet's room included, in order.
    fn happened(&self, number: u8) -> Vec<String> {
        let word = |event: honnin::kyc::Event| match event.kind {
            EventKind::WalletHappened { what } => what["type"].as_str().unwrap().to_owned(),
            kind => serde_json::to_value(kind).unwrap()["type"].as_str().unwrap().to_owned(),
        };
        self.store.events(&name(number)).unwrap().into_iter().map(word).collect()
    }

    fn told(&self) -> Vec<Template> {
        let queued = self.store.due_notices(AT.plus_seconds(9999 * DAY), 99).unwrap();
        queued.into_iter().map(|queued| queued.notice.template).collect()
    }

    fn log_is_whole(&self) {
        let mut log = Vec::new();
        Archivist::new(self.store).export_audit(&mut log, AT).unwrap();
        let mut verifier = AuditVerifier::new(None);
        log.split_inclusive(|byte| *byte == b'\n').for_each(|line| verifier.line(line));
        assert_eq!(verifier.finish().findings, []);
        let log = String::from_utf8(log).unwrap();
        for canary in ["見本", "taro", "example.jp", "ミホン", "90-0000"] {
            assert!(!log.contains(canary), "API-36: {canary}");
        }
    }
}

/// kyc.md §19.1: record, evidence, log, and all of the wallet's, at once (T-02, ACC-05, ACC-11, ATTR-01, LINK-02, REV-01).
fn an_approval_writes_all_that_follows_from_it(store: &dyn CustomerStore) {
    let mut scene = BackEnd::new(store);
    scene.policy.account.value = ConvertOnUpgrade::Convert;
    scene.register(1);
    scene.charge(1, "c-1", 300);
    let before = scene.wallet(1);
    assert_eq!((before.account.kind(), before.facts.balances.cash.yen), (Kind::Cash, 300));
    let at = AT.plus_seconds(60);
    scene.approve(issued(), 1, "case_1", at);
    let wallet = scene.wallet(1);
    assert_eq!((wallet.account.kind(), wallet.account.verified_at), (Kind::Money, Some(at)));
    assert_eq!((wallet.facts.balances.cash.yen, wallet.facts.balances.money.yen), (0, 300), "ACC-11");
    let der = &issued().digital_signature_certificate.as_ref().unwrap().der;
    let validity = Certificate::from_der(der).unwrap().validity();
    for attribute in [AttributeName::Name, AttributeName::Birthdate, AttributeName::Address] {
        let held = &wallet.facts.attributes.held[&attribute];
        assert_eq!((&held.source, held.as_of), (&Source::Certificate, validity.not_before), "ATTR-01");
    }
    let certificates = &wallet.facts.certificates;
    assert_eq!(certificates.jpki_signing, CertificateState::Valid { until: validity.not_after });
    assert!(certificates.present(WalletCertificate::JpkiSigning).is_some(), "LINK-02");
    assert_eq!(wallet.facts.reverification.confirmed_at, at, "REV-01");
    let due = wallet.facts.reverification.due_at(&scene.policy.book.reverification);
    assert_eq!(due, Some(at.plus_seconds(1095 * DAY)), "REV-06: ordinary risk");
    assert_eq!(scene.person(issued()), Occupancy::Held(name(1)), "ACC-12");
    assert_eq!(scene.told(), [Template::IdentityVerified]);
    let record = store.kept_record(&case_id("case_1")).unwrap().unwrap();
    assert_eq!((record.record.account, record.relation_ended_at), (name(1), None));
    assert!(store.bundle(&case_id("case_1")).unwrap().is_some());
    let happened = scene.happened(1);
    let times = |word: &str| happened.iter().filter(|it| *it == word).count();
    assert_eq!((times("account.kind_changed"), times("kind_changed")), (1, 0), "ACC-15: {happened:?}");
    for word in ["kyc.evidence.kept", "identity_verified", "certificate_vouched", "attributes_taken", "credited"] {
        assert!(times(word) >= 1, "{word}: {happened:?}");
    }
    scene.log_is_whole();
}

/// The upgrade knows nothing of wallets, and an account may have been opened without one.
fn an_account_without_a_wallet_gets_one_when_it_is_approved(store: &dyn CustomerStore) {
    let scene = BackEnd::new(store);
    scene.customers().upgrade().create_account(name(1), AT).unwrap();
    assert_eq!(store.load_wallet(&name(1)), Ok(None));
    scene.approve(issued(), 1, "case_1", AT);
    assert_eq!(scene.wallet(1).account.kind(), Kind::Money);
    assert_eq!((scene.person(issued()), scene.told()), (Occupancy::Held(name(1)), vec![]), "nobody to write to");
}

fn a_second_account_of_one_person_is_refused_and_nothing_is_written_acc_12(store: &dyn CustomerStore) {
    let scene = BackEnd::new(store);
    (1..=2).for_each(|number| scene.register(number));
    scene.approve(issued(), 1, "case_1", AT);
    let before = scene.wallet(2).facts;
    let Outcome::Refuse { reasons, because } = scene.submit(issued(), 2, "case_2", AT) else { panic!("not refused") };
    assert_eq!(reasons, [Reason::DuplicateAccount]);
    assert_eq!(because.iter().map(ToString::to_string).collect::<Vec<_>>(), ["ACC-12"]);
    let (wallet, case) = (scene.wallet(2), store.load_case(&case_id("case_2")).unwrap().unwrap().facts);
    assert_eq!((wallet.account.kind(), wallet.account.identity, wallet.facts), (Kind::Cash, Identity::None, before));
    assert_eq!(case.state, CaseState::Rejected { reason: Reason::DuplicateAccount });
    assert_eq!(store.confirmation_record(&case_id("case_2")), Ok(None));
    assert_eq!(store.held_proof(&case_id("case_2")), Ok(None));
    // UNIQ-04: not a word about whose the other account is.
    let log: Vec<_> = store.events(&name(2)).unwrap().into_iter().map(|event| format!("{:?}", event.kind)).collect();
    assert!(!log.concat().contains("a-1"), "{log:?}");
    // Another person is another matter.
    scene.approve(other(), 2, "case_3", AT);
    assert_eq!(scene.person(other()), Occupancy::Held(name(2)));
    scene.log_is_whole();
}

fn of_two_accounts_of_one_person_approved_at_once_one_wins_acc_12(store: &dyn CustomerStore) {
    let scene = BackEnd::new(store);
    (1..=4).for_each(|number| scene.register(number));
    issued();
    let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let one = |number: u8| {
            let scene = &scene;
            scope.spawn(move || {
                loop {
                    // A conflict that does not end is told to the caller, who asks again.
                    let case = CaseId::random(&mut OsRng).unwrap();
                    match scene.try_submit(issued(), number, &case, AT) {
                        Err(UpgradeError::Store(StoreError::Conflict)) => {}
                        outcome => break outcome.unwrap(),
                    }
                }
            })
        };
        let threads: Vec<_> = (1..=4).map(one).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let approved = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Upgrade { .. })).count();
    assert_eq!(approved, 1, "{outcomes:?}");
    let money = (1..=4).filter(|number| scene.wallet(*number).account.kind() == Kind::Money).count();
    assert_eq!(money, 1);
}

/// T-28: through a proof, like the first time.
fn a_reverification_is_a_case_and_unchanged_is_recorded_rev_02_rev_05(store: &dyn CustomerStore) {
    let scene = BackEnd::new(store);
    scene.register(1);
    // The synthetic certificate has to outlive the interval of the policy: high risk is looked at yearly (REV-06).
    scene.ask(1, Channel::Operator, Command::SetRisk(honnin::policy::Risk::High), AT);
    scene.approve(issued(), 1, "case_1", AT);
    let due = scene.wallet(1).facts.reverification.due_at(&scene.policy.book.reverification);
    assert_eq!(due, Some(AT.plus_seconds(365 * DAY)), "REV-06");
    let state = |at| scene.wallet(1).facts.reverification.state(&scene.policy.book.reverification, at);
    let at = AT.plus_seconds((365 + GRACE) * DAY);
    // LAW-13: confirmed once, and recognised since; until it is due nothing is asked again.
    assert_eq!(state(AT.plus_seconds(365 * DAY - 1)), ReverificationState::NotDue);
    assert!(matches!(state(at), ReverificationState::Overdue { .. }));
    let restricted = |at| {
        let features = honnin::wallet::features(&scene.wallet(1), &scene.policy, at);
        features.into_iter().any(|view| view.missing.iter().any(|it| it.reason == Reason::ReverificationOverdue))
    };
    assert!(restricted(at), "REV-03");
    let before = scene.wallet(1);
    scene.approve(issued(), 1, "case_2", at);
    assert!(!restricted(at), "REV-05");
    assert_eq!(state(at), ReverificationState::NotDue);
    let wallet = scene.wallet(1);
    assert_eq!((wallet.facts.reverification.confirmed_at, wallet.account.verified_at), (at, Some(at)), "REV-02");
    assert_eq!(wallet.facts.link, before.facts.link);
    assert_eq!(wallet.facts.certificates, before.facts.certificates, "the same certificate takes nobody's place");
    let events = store.events(&name(1)).unwrap();
    let done = |event: &honnin::kyc::Event| match &event.kind {
        EventKind::WalletHappened { what } => what["type"] == "reverification_done" && what["changed"] == false,
        _ => false,
    };
    let done: Vec<_> = events.iter().filter(|event| done(event)).collect();
    assert_eq!((done.len(), done[0].case.as_ref()), (1, Some(&case_id("case_2"))));
    assert_eq!(scene.happened(1).iter().filter(|it| *it == "account.kind_changed").count(), 1, "ACC-15");
    assert_eq!(scene.told(), [Template::IdentityVerified, Template::ReverificationDone]);
    assert_eq!(store.records_of(&name(1)).unwrap(), [case_id("case_1"), case_id("case_2")]);
}

fn somebody_else_does_not_reverify_an_account_acc_12(store: &dyn CustomerStore) {
    let scene = BackEnd::new(store);
    scene.register(1);
    scene.approve(issued(), 1, "case_1", AT);
    let before = scene.wallet(1).facts;
    let Outcome::Refuse { reasons, .. } = scene.submit(other(), 1, "case_2", AT.plus_seconds(60)) else {
        panic!("not refused")
    };
    // Both were born on one day, so that it may be a changed name: for which there is no consent (CONS-05).
    assert_eq!(reasons, [Reason::NameChangedWithoutConsent]);
    assert_eq!((scene.wallet(1).facts, scene.person(other())), (before, Occupancy::Free));
}

/// T-13, T-32: one commit for all that leaving means.
fn leaving_ends_everything_at_once_life_13_life_15_law_20_law_25(store: &dyn CustomerStore) {
    let scene = BackEnd::new(store);
    scene.register(1);
    scene.approve(issued(), 1, "case_1", AT);
    // A case that was left open, and what was declared in it.
    let open = case_id("case_2");
    scene.customers().upgrade().open_case(open.clone(), &name(1), declared(), AT).unwrap();
    scene.charge(1, "c-1", 500);
    let at = "2028-02-29T12:00:00+09:00".parse().unwrap();
    assert_eq!(scene.ask(1, Channel::Operator, Command::Withdraw { code: None }, at), Answer::Done);
    let wallet = scene.wallet(1);
    assert_eq!((wallet.account.life, wallet.account.particulars), (Life::Withdrawn, None));
    assert_eq!((wallet.facts.contact.as_ref(), wallet.facts.link.person), (None, None), "LIFE-15");
    let document = wallet.facts.to_document().unwrap();
    for canary in ["taro", "Taro", "0000", "ミホン"] {
        assert!(!document.contains(canary), "LIFE-15: {canary}");
    }
    let case = store.load_case(&open).unwrap().unwrap().facts;
    assert_eq!(case.state, CaseState::Rejected { reason: Reason::AccountWithdrawn });
    assert_eq!(case.declaration, Declaration::default());
    // The record stays for its years, from the day the relation ended.
    let until = "2035-03-01T12:00:00+09:00".parse().unwrap();
    let kept = store.kept_record(&case_id("case_1")).unwrap().unwrap();
    assert_eq!((kept.relation_ended_at, kept.retain_until()), (Some(at), Some(until)));
    assert_eq!(wallet.facts.life.retain_until, Some(until), "one term, whoever counts");
    let (archivist, clerk) = (Archivist::new(store), "clerk-7".parse().unwrap());
    let early = archivist.erase(&case_id("case_1"), &clerk, until.plus_seconds(-DAY));
    assert!(matches!(early, Err(ArchiveError::MustBeKept { until: Some(told) }) if told == until), "{early:?}");
    let happened = scene.happened(1);
    for word in ["withdrawn", "forfeited", "kyc.relation.ended", "kyc.case.transitioned"] {
        assert!(happened.iter().any(|it| it == word), "{word}: {happened:?}");
    }
    // UNIQ-03, ACC-12: the address is burnt, the person is free again.
    let answer = scene.customers().register(&name(2), &application(1, "ミホン"), at).unwrap();
    let Registration::Refused(refusals) = answer else { panic!("{answer:?}") };
    assert_eq!(refusals[0].reason, Reason::EmailBurnt);
    assert_eq!(scene.person(issued()), Occupancy::Free);
    // Terminal: nothing brings it back, and nothing is told twice.
    assert_eq!(scene.ask(1, Channel::Web, Command::Withdraw { code: None }, at).reasons(), [Reason::AccountWithdrawn]);
    let again = scene.try_submit(issued(), 1, &case_id("case_3"), at);
    assert_eq!(again, Err(UpgradeError::Obstacles(vec![Reason::AccountWithdrawn])));
    assert_eq!(scene.happened(1), happened);
    assert_eq!(scene.wallet(1), wallet);
    archivist.erase(&case_id("case_1"), &clerk, until).unwrap();
    scene.log_is_whole();
}

fn whoever_was_never_verified_leaves_no_record_life_13(store: &dyn CustomerStore) {
    let scene = BackEnd::new(store);
    scene.register(1);
    assert_eq!(scene.ask(1, Channel::Web, Command::Withdraw { code: None }, AT), Answer::Done);
    let happened = scene.happened(1);
    assert!(happened.contains(&"withdrawn".to_owned()) && !happened.contains(&"kyc.relation.ended".to_owned()));
}

fn a_refused_leave_ends_nothing_life_10(store: &dyn CustomerStore) {
    let scene = BackEnd::new(store);
    scene.register(1);
    scene.approve(issued(), 1, "case_1", AT);
    scene.charge(1, "c-1", 501);
    let refused = scene.ask(1, Channel::Web, Command::Withdraw { code: None }, AT);
    assert_eq!(refused.reasons(), [Reason::BalanceAboveWithdrawalLimit]);
    assert_eq!(store.kept_record(&case_id("case_1")).unwrap().unwrap().relation_ended_at, None);
    assert_eq!(scene.person(issued()), Occupancy::Held(name(1)));
}

fn a_taken_address_is_refused_and_a_stranger_learns_nothing_uniq_01_uniq_04(store: &dyn CustomerStore) {
    let scene = BackEnd::new(store);
    scene.register(1);
    let ask = |applicant| {
        let application = Application { applicant, ..application(1, "ミホン") };
        scene.customers().register(&name(2), &application, AT).unwrap()
    };
    let answer = ask(Applicant::PhoneConfirmed);
    let Registration::Refused(refusals) = answer else { panic!("{answer:?}") };
    let reasons: Vec<_> = refusals.iter().map(|refusal| refusal.reason).collect();
    assert_eq!(reasons, [Reason::EmailInUse, Reason::PhoneInUse]);
    assert_eq!(scene.told(), []);
    assert_eq!(ask(Applicant::Stranger), Registration::CodeOnItsWay { tell_owner: false });
    // With a phone of his own he asks about an address of somebody else's: the owner is told when the answer is out.
    let applied = Application {
        applicant: Applicant::PhoneConfirmed,
        phone: application(2, "ミホン").phone,
        ..application(1, "ミホン")
    };
    let answer = scene.customers().register(&name(2), &applied, AT);
    assert_eq!((answer, scene.told()), (Ok(Registration::CodeOnItsWay { tell_owner: true }), vec![]));
    scene.customers().tell_owner(&applied, AT).unwrap();
    assert_eq!(scene.told(), [Template::RegistrationAttempt], "the owner is told");
    scene.customers().tell_owner(&application(7, "ミホン"), AT).unwrap();
    assert_eq!(scene.told().len(), 1, "an address that is nobody's");
    assert_eq!(store.load_account(&name(2)), Ok(None));
    let taken = scene.customers().register(&name(1), &application(3, "ミホン"), AT);
    assert_eq!(taken, Err(StoreError::Conflict), "a name is used once");
}

// --- Claims and the rotation of the lookup key -----------------------------------------------------------------------------

/// Somebody with an address, a person behind a proof, and an address that is burnt.
fn before_a_rotation(store: &dyn CustomerStore) {
    let scene = BackEnd::new(store);
    (1..=2).for_each(|number| scene.register(number));
    scene.register(9);
    scene.approve(issued(), 1, "case_1", AT);
    assert_eq!(scene.ask(9, Channel::Web, Command::Withdraw { code: None }, AT), Answer::Done);
}

/// LAW-35, ACC-12, UNIQ-01, UNIQ-03: what was taken before still refuses a second taker, and nothing looks changed.
fn after_a_rotation(store: &dyn CustomerStore) {
    let scene = BackEnd::new(store);
    let at = AT.plus_seconds(DAY);
    let reason = |number: u8| match scene.customers().register(&name(5), &application(number, "ミホン"), at).unwrap()
    {
        Registration::Refused(refusals) => refusals[0].reason,
        answer => panic!("{answer:?}"),
    };
    assert_eq!(reason(1), Reason::EmailInUse);
    assert_eq!(reason(9), Reason::EmailBurnt);
    let Outcome::Refuse { reasons, .. } = scene.submit(issued(), 2, "case_2", at) else { panic!("not refused") };
    assert_eq!(reasons, [Reason::DuplicateAccount]);
    // The account itself is the same: unchanged, the same certificate, the same person.
    let before = scene.wallet(1);
    scene.approve(issued(), 1, "case_3", at);
    let after = scene.wallet(1);
    assert_eq!(after.facts.link, before.facts.link);
    assert_eq!(after.facts.certificates, before.facts.certificates);
    assert_eq!(after.facts.attributes, before.facts.attributes);
    // What is taken from now on is of the new key, and gone with whoever leaves.
    scene.register(6);
    assert_eq!(reason(6), Reason::EmailInUse);
    assert_eq!(scene.ask(1, Channel::Web, Command::Withdraw { code: None }, at), Answer::Done);
    assert_eq!((reason(1), scene.person(issued())), (Reason::EmailBurnt, Occupancy::Free));
}

fn without_old_lookup_keys(ring: &KeyRing) -> KeyRing {
    let mut ring = ring.clone();
    let old: Vec<_> = ring.numbers(KeyPurpose::Lookup).collect();
    old[..old.len() - 1].iter().for_each(|number| ring.retire(KeyPurpose::Lookup, *number).unwrap());
    ring
}

const MISSING: StoreError = StoreError::Keys(VaultError::KeyMissing { purpose: KeyPurpose::Lookup, id: 1 });

#[test]
fn claims_in_memory_survive_a_rotation_law_35_acc_12_uniq_03() {
    let store = MemoryStore::new();
    let mut ring = KeyRing::random(&mut OsRng).unwrap();
    store.use_keys(ring.clone()).unwrap();
    before_a_rotation(&store);
    ring.rotate(KeyPurpose::Lookup, &mut OsRng).unwrap();
    assert_eq!(store.use_keys(without_old_lookup_keys(&ring)), Err(MISSING), "claims of the old key would be lost");
    store.use_keys(ring).unwrap();
    after_a_rotation(&store);
}

#[cfg(feature = "sqlite")]
#[test]
fn claims_in_a_file_survive_a_rotation_and_restarts_law_35_acc_12_uniq_03() {
    use honnin::store::{DEFAULT_PATIENCE, KeySource, OpenMode, SqliteStore};
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let open = |ring: &KeyRing| {
        SqliteStore::open_with(&file, OpenMode::Create, DEFAULT_PATIENCE, &KeySource::Ring(ring.clone()))
    };
    let mut ring = KeyRing::random(&mut OsRng).unwrap();
    before_a_rotation(&open(&ring).unwrap());
    let (old, late) = (ring.clone(), open(&ring).unwrap());
    ring.rotate(KeyPurpose::Lookup, &mut OsRng).unwrap();
    assert_eq!(open(&without_old_lookup_keys(&ring)).err(), Some(MISSING));
    drop(open(&ring).unwrap());
    // A process that still runs with the ring of before could take under the old key what is taken under the new one.
    let taken =
        Customers::new(&late, &Policy::jp_wellnet_mock().unwrap()).register(&name(7), &application(7, "ミ"), AT);
    let newest = VaultError::KeyMissing { purpose: KeyPurpose::Lookup, id: 2 };
    assert_eq!(taken, Err(StoreError::Keys(newest)));
    assert_eq!(open(&old).err(), Some(StoreError::Keys(newest)));
    let store = open(&ring).unwrap();
    // Everything else is sealed anew; keyed hashes stay what they are.
    store.renew_keys().unwrap();
    after_a_rotation(&store);
    drop(store);
    // Twice, and the oldest key is still needed: a burnt address is burnt for ever.
    ring.rotate(KeyPurpose::Lookup, &mut OsRng).unwrap();
    let again = open(&ring).unwrap();
    let scene = BackEnd::new(&again);
    let answer = scene.customers().register(&name(8), &application(9, "ミホン"), AT).unwrap();
    assert!(matches!(answer, Registration::Refused(refusals) if refusals[0].reason == Reason::EmailBurnt));
}

/// LAW-35, LAW-44, LAW-45: what a whole life of a customer leaves in the file, its write-ahead log and beside them.
#[cfg(feature = "sqlite")]
#[test]
fn nothing_personal_of_a_customer_is_in_clear_at_rest_law_44_law_45() {
    let folder = tempfile::tempdir().unwrap();
    let store = crate::sqlite_file::create(&folder.path().join("accounts.db"));
    let scene = BackEnd::new(&store);
    scene.register(1);
    scene.approve(issued(), 1, "case_1", AT);
    scene.approve(issued(), 1, "case_2", AT.plus_seconds(60));
    assert_eq!(scene.ask(1, Channel::Web, Command::Withdraw { code: None }, AT.plus_seconds(120)), Answer::Done);
    let holder = &issued().holder;
    let certificate = issued().digital_signature_certificate.as_ref().unwrap();
    let serial = Certificate::from_der(&certificate.der).unwrap().serial().expose_hex();
    let birthdate = holder.birth_date.to_string();
    let canaries = [
        holder.name.as_bytes(),
        holder.address.as_bytes(),
        birthdate.as_bytes(),
        serial.as_bytes(),
        "ミホン".as_bytes(),
        b"Taro1",
        b"taro1@",
        b"0000-0001",
        b"09000000001",
        &certificate.der[40..80],
    ];
    let mut seen = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let has = |canary: &[u8]| bytes.windows(canary.len()).any(|window| window == canary);
        for canary in canaries {
            assert!(!has(canary), "{}: {}", path.display(), String::from_utf8_lossy(canary));
        }
        seen += usize::from(has(b"wallet.happened"));
    }
    assert!(seen > 0, "the search finds what is there");
}

suite!(
    a_refused_leave_ends_nothing_life_10,
    a_reverification_is_a_case_and_unchanged_is_recorded_rev_02_rev_05,
    a_second_account_of_one_person_is_refused_and_nothing_is_written_acc_12,
    a_taken_address_is_refused_and_a_stranger_learns_nothing_uniq_01_uniq_04,
    an_account_without_a_wallet_gets_one_when_it_is_approved,
    an_approval_writes_all_that_follows_from_it,
    leaving_ends_everything_at_once_life_13_life_15_law_20_law_25,
    of_two_accounts_of_one_person_approved_at_once_one_wins_acc_12,
    somebody_else_does_not_reverify_an_account_acc_12,
    whoever_was_never_verified_leaves_no_record_life_13,
);
