//! One suite for every store that is swept: what `honnin::recheck` promises (REV-06, REV-07, CERT-14, RSN-20).

use crate::holder::{anchors, grounds, list, prove};
use crate::stores::{AT, account_id, case_id};
use honnin::certificate::Certificate;
use honnin::customer::{Customers, thing_of};
use honnin::kyc::{AccountId, Answer, Declaration, EventKind, Outcome, Request, Store, Upgrade, Version};
use honnin::policy::Policy;
use honnin::recheck::{Issuers, Recheck, RecheckError, RecheckStore, Sweep};
use honnin::record::Archivist;
use honnin::secret::Personal;
use honnin::time::UnixTime;
use honnin::validation::{
    IndexedCrl, RevocationGap, RevocationIndex, RevocationQuery, RevocationSource, RevocationStatus, Threads,
};
use honnin::wallet::{
    Address, Attributes, CertificateState, Consent, Contact, Current, Facts, KeptWallet, KeyedHash, Past,
    RevocationCause, Template, Wallet, WalletCertificate, WalletVersions, WalletWrite,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

const LATER: UnixTime = AT.plus_seconds(3600);

/// A store that is everything.
pub(crate) trait Whole: Store + RecheckStore {}
impl<T: Store + RecheckStore> Whole for T {}

fn name(number: u8) -> AccountId {
    account_id(&format!("a-{number}"))
}

/// Account `a-N`, whose identity was confirmed at `AT`.
fn approve(store: &dyn Whole, number: u8) {
    let policy = Policy::jp_wellnet_mock().unwrap();
    // Of the upgrade alone: all of these are one person, who could have one account only.
    approve_with(Upgrade::new(store, &policy), number);
}

fn approve_with(engine: Upgrade<'_>, number: u8) {
    let case = case_id(&format!("case_{number}"));
    let declaration = Declaration { purpose: Some("送金".into()), occupation: Some("会社員".into()) };
    engine.create_account(name(number), AT).unwrap();
    engine.open_case(case.clone(), &name(number), declaration, AT).unwrap();
    let request = Request { purpose: "本人確認".into(), transaction: "申し込みます。".into() };
    let challenge = engine.issue_challenge(&case, &request, &mut rand_core::OsRng, AT).unwrap();
    let (anchors, lists) = (anchors(), list(AT, false));
    let answer = engine.submit(&case, &prove(&challenge), &grounds(&anchors, &lists), AT).unwrap();
    assert!(matches!(answer, Answer::Decided(decision) if matches!(decision.outcome, Outcome::Upgrade { .. })));
}

/// The same with a wallet.
fn customer(store: &dyn Whole, number: u8) {
    approve(store, number);
    let account = store.load_account(&name(number)).unwrap().unwrap();
    let address =
        |text: &str| Address { clear: Personal::new(text.to_owned()), hash: KeyedHash::from_bytes([number; 32]) };
    let contact = Contact { email: address("taro@example.jp"), phone: address("090-0000-0000") };
    let facts = Facts::new(contact, Attributes::typed(Personal::new("ミホン タロウ".to_owned()), AT), AT);
    let versions = WalletVersions { account: account.version, facts: Version::NEW, consent: Version::NEW };
    let wallet = Wallet { account: account.facts, facts, consent: Consent::default() };
    let kept = KeptWallet { wallet, versions };
    store.commit_wallet(&WalletWrite { kept, claims: vec![], events: vec![], notices: vec![] }).unwrap();
}

/// Today's list of the synthetic authority.
fn index(this_update: UnixTime, revoked: bool) -> RevocationIndex {
    let anchors = anchors();
    let mut index = RevocationIndex::new();
    for list in list(this_update, revoked) {
        let issuer = |one: &&Certificate| one.subject() == list.issuer();
        let issuer = anchors.for_purpose(None).map(|anchor| anchor.certificate()).find(issuer).unwrap().clone();
        index.add(IndexedCrl::new(list, &issuer, Threads::One).unwrap());
    }
    index
}

fn sweep(store: &dyn Whole, source: &dyn RevocationSource, at: UnixTime) -> Sweep {
    let policy = Policy::jp_wellnet_mock().unwrap();
    Recheck::new(store, &policy, Issuers::of(&anchors()), source).with_page(2).run(at, |_| true).unwrap()
}

fn wallet(store: &dyn Whole, number: u8) -> Wallet {
    store.load_wallet(&name(number)).unwrap().unwrap().wallet
}

/// What happened in the wallet, by type, with all its members.
fn happened(store: &dyn Whole, number: u8) -> Vec<serde_json::Value> {
    let events = store.events(&name(number)).unwrap();
    let told = events.into_iter().filter_map(|event| match event.kind {
        EventKind::WalletHappened { what } => Some(what),
        _ => None,
    });
    told.collect()
}

fn log(store: &dyn Whole) -> String {
    let mut log = Vec::new();
    Archivist::new(store).export_audit(&mut log, LATER).unwrap();
    String::from_utf8(log).unwrap()
}

fn unchanged_so_far_is_noted_and_no_more_rev_07(store: &dyn Whole) {
    (1..=5).for_each(|number| customer(store, number));
    let before: Vec<Wallet> = (1..=5).map(|number| wallet(store, number)).collect();
    let done = sweep(store, &index(AT, false), LATER);
    assert_eq!((done.report.accounts, done.report.unchanged), (5, 5));
    assert_eq!((done.started_at, done.finished_at), (LATER, Some(LATER)));
    for number in 1..=5 {
        let note = store.validity_note(&name(number)).unwrap().unwrap();
        assert_eq!((note.at, note.current), (LATER, Current::Unchanged));
    }
    // REV-07: it does not replace a re-verification.
    assert_eq!((1..=5).map(|number| wallet(store, number)).collect::<Vec<_>>(), before);
    assert_eq!(store.due_notices(LATER, 10).unwrap(), []);
}

fn a_revoked_certificate_makes_it_due_and_says_why_rev_06_cert_14(store: &dyn Whole) {
    customer(store, 1);
    let done = sweep(store, &index(AT, true), LATER);
    assert_eq!((done.report.revoked.get("data_changed"), done.report.due), (Some(&1), 1));
    let wallet = wallet(store, 1);
    let cause = RevocationCause::AffiliationChanged;
    assert_eq!(wallet.facts.certificates.jpki_signing, CertificateState::Revoked { cause });
    assert_eq!(wallet.facts.reverification.revoked_at, Some(LATER));
    let told = happened(store, 1);
    let [revoked, due] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((&revoked["type"], &revoked["cause"]), (&"certificate_revoked".into(), &"affiliation_changed".into()));
    assert_eq!((&due["type"], &due["revoked"]), (&"reverification_due".into(), &"affiliation_changed".into()));
    let queued = store.due_notices(LATER, 10).unwrap();
    assert_eq!(queued.len(), 1, "{queued:?}");
    assert!(matches!(queued[0].notice.template, Template::ReverificationDue { .. }), "REV-04");
    assert_eq!(store.validity_note(&name(1)).unwrap().unwrap().current, Current::Changed);
}

fn swept_twice_nothing_happens_twice(store: &dyn Whole) {
    (1..=3).for_each(|number| customer(store, number));
    approve(store, 4);
    let source = index(AT, true);
    let first = sweep(store, &source, LATER);
    assert_eq!((first.report.due, first.report.without_wallet), (3, 1));
    let (before, log_before) = ((1..=4).map(|number| happened(store, number)).collect::<Vec<_>>(), log(store));
    assert_eq!(before[3].len(), 1, "an account without a wallet has its event too: {before:?}");
    let second = sweep(store, &source, LATER.plus_seconds(60));
    assert_eq!(second.report, first.report);
    assert_eq!((1..=4).map(|number| happened(store, number)).collect::<Vec<_>>(), before);
    let entries = |log: &str| log.lines().count();
    assert_eq!(entries(&log(store)), entries(&log_before));
    assert_eq!(store.due_notices(LATER.plus_seconds(60), 10).unwrap().len(), 3);
}

/// Answers nothing but one thing.
struct Says(RevocationStatus);

impl RevocationSource for Says {
    fn status(&self, _: &RevocationQuery<'_>) -> RevocationStatus {
        self.0
    }
}

fn an_outage_changes_nothing_rsn_20(store: &dyn Whole) {
    (1..=3).for_each(|number| customer(store, number));
    sweep(store, &index(AT, false), LATER);
    let before: Vec<Wallet> = (1..=3).map(|number| wallet(store, number)).collect();
    let log_before = log(store);
    // Nothing at hand; nobody answers; a list that is too old, though it names the certificate's neighbours only.
    for (source, why) in [
        (&RevocationIndex::new() as &dyn RevocationSource, "no_source"),
        (&Says(RevocationStatus::Undetermined(RevocationGap::ResponderError)), "responder_error"),
        (&index(AT.plus_seconds(-9 * 86_400), false), "stale"),
    ] {
        let done = sweep(store, source, LATER.plus_seconds(60));
        assert_eq!(done.report.undetermined.get(why), Some(&3), "{:?}", done.report);
        assert_eq!(done.report.undetermined_in_all(), done.report.accounts);
    }
    assert_eq!((1..=3).map(|number| wallet(store, number)).collect::<Vec<_>>(), before);
    assert_eq!(log(store), log_before);
    // The note of the look that did find something stays.
    let note = store.validity_note(&name(1)).unwrap().unwrap();
    assert_eq!((note.at, note.current), (LATER, Current::Unchanged));
}

/// Ends the process at the `n`-th question, as far as a thread can.
struct DiesAt<'a>(&'a dyn RevocationSource, AtomicUsize);

impl RevocationSource for DiesAt<'_> {
    fn status(&self, query: &RevocationQuery<'_>) -> RevocationStatus {
        assert_ne!(self.1.fetch_sub(1, Ordering::Relaxed), 1, "killed");
        self.0.status(query)
    }
}

fn a_killed_sweep_goes_on_where_it_stood(store: &dyn Whole) {
    (1..=5).for_each(|number| customer(store, number));
    let source = index(AT, true);
    // In the middle of the second page: the third account is told, the page is not written.
    let dying = DiesAt(&source, AtomicUsize::new(4));
    catch_unwind(AssertUnwindSafe(|| sweep(store, &dying, LATER))).unwrap_err();
    let kept = store.sweep().unwrap().unwrap();
    assert_eq!((kept.after, kept.finished_at, kept.report.accounts), (Some(name(2)), None, 2));
    assert_eq!(happened(store, 3).len(), 2);
    assert_eq!(happened(store, 4), [] as [serde_json::Value; 0]);
    let resumed = sweep(store, &source, LATER.plus_seconds(600));
    assert_eq!(resumed.started_at, LATER, "the same sweep");
    assert_eq!((resumed.report.accounts, resumed.report.due), (5, 5), "every account once");
    (1..=5).for_each(|number| assert_eq!(happened(store, number).len(), 2, "{number}"));
    assert_eq!(store.due_notices(LATER.plus_seconds(600), 10).unwrap().len(), 5);
    // One that was left for long is begun again.
    let policy = Policy::jp_wellnet_mock().unwrap();
    let recheck = Recheck::new(store, &policy, Issuers::of(&anchors()), &source).with_page(2);
    let stopped = recheck.run(LATER.plus_seconds(700), |_| false).unwrap();
    assert_eq!((stopped.report.accounts, stopped.finished_at), (2, None));
    let anew = recheck.run(LATER.plus_seconds(3 * 86_400), |_| false).unwrap();
    assert_eq!((anew.started_at, anew.report.accounts), (LATER.plus_seconds(3 * 86_400), 2));
}

fn of_two_sweeps_at_once_one_is_told(store: &dyn Whole) {
    (1..=3).for_each(|number| customer(store, number));
    let (source, policy) = (index(AT, false), Policy::jp_wellnet_mock().unwrap());
    let recheck = Recheck::new(store, &policy, Issuers::of(&anchors()), &source).with_page(1);
    let mut is_first = true;
    let outcome = recheck.run(LATER, |_| {
        if std::mem::take(&mut is_first) {
            recheck.run(LATER, |_| false).unwrap();
        }
        true
    });
    assert_eq!(outcome, Err(RecheckError::Concurrent));
}

fn another_certificate_by_now_is_left_alone_link_06(store: &dyn Whole) {
    customer(store, 1);
    let mut kept = store.load_wallet(&name(1)).unwrap().unwrap();
    // Valid for as long as the kept one, to the second; and yet another certificate.
    let kept_signer = &store.signers_after(None, 1).unwrap()[0];
    let until = Certificate::from_der(kept_signer.certificates[0].reveal()).unwrap().validity().not_after;
    let other = KeyedHash::from_bytes([77; 32]);
    let certificates = &mut kept.wallet.facts.certificates;
    certificates.jpki_signing = CertificateState::Valid { until };
    let certificate = WalletCertificate::JpkiSigning;
    certificates.history.push(Past { certificate, serial: other, from: LATER, superseded_at: None });
    store.commit_wallet(&WalletWrite { kept, claims: vec![], events: vec![], notices: vec![] }).unwrap();
    let done = sweep(store, &index(AT, true), LATER);
    assert_eq!((done.report.revoked_in_all(), done.report.replaced, done.report.due), (1, 1, 0));
    assert_eq!(wallet(store, 1).facts.certificates.jpki_signing, CertificateState::Valid { until });
}

/// The one that the approval itself noted (LINK-02), however long it is valid.
fn the_certificate_that_vouched_is_recognised_link_02(store: &dyn Whole) {
    let policy = Policy::jp_wellnet_mock().unwrap();
    approve_with(Customers::new(store, &policy).upgrade(), 1);
    let present = wallet(store, 1).facts.certificates.present(WalletCertificate::JpkiSigning);
    let certificates = store.signers_after(None, 1).unwrap().remove(0).certificates;
    let kept = Certificate::from_der(certificates[0].reveal()).unwrap();
    assert_eq!(present, Some(store.hashes(&thing_of(&kept)).unwrap()[0]));
    let done = sweep(store, &index(AT, true), LATER);
    assert_eq!((done.report.replaced, done.report.due, done.report.without_wallet), (0, 1, 0));
    let cause = RevocationCause::AffiliationChanged;
    assert_eq!(wallet(store, 1).facts.certificates.jpki_signing, CertificateState::Revoked { cause });
}

fn whoever_left_is_not_asked_about_law_34(store: &dyn Whole) {
    customer(store, 1);
    customer(store, 2);
    Archivist::new(store).end_relation(&name(1), AT, LATER).unwrap();
    let names: Vec<_> = store.signers_after(None, 9).unwrap().into_iter().map(|signer| signer.account).collect();
    assert_eq!(names, [name(2)]);
    let signer = &store.signers_after(Some(&name(1)), 9).unwrap()[0];
    assert_eq!((signer.case.as_str(), signer.confirmed_at), ("case_2", AT));
    assert_eq!(store.signers_after(Some(&name(2)), 9).unwrap(), []);
}

suite!(
    a_killed_sweep_goes_on_where_it_stood,
    a_revoked_certificate_makes_it_due_and_says_why_rev_06_cert_14,
    an_outage_changes_nothing_rsn_20,
    another_certificate_by_now_is_left_alone_link_06,
    the_certificate_that_vouched_is_recognised_link_02,
    of_two_sweeps_at_once_one_is_told,
    swept_twice_nothing_happens_twice,
    unchanged_so_far_is_noted_and_no_more_rev_07,
    whoever_left_is_not_asked_about_law_34,
);
