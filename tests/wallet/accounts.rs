//! Kinds, sessions, balances and their expiry: ACC-01 to ACC-17, GATE-01 to GATE-13, CH-07.

use crate::scene::{BANK, CARD, DAY, OPEN, PERSON, RIGHT, Scene, at, hash, kind_changes, noon, typed, verified_but};
use honnin::kyc::{Hold, Identity, Kind};
use honnin::policy::{ConvertOnUpgrade, Feature, LegalMethod};
use honnin::reason::Reason;
use honnin::wallet::{
    Answer, AttributeName, Bucket, CertificateState, Channel, Claim, ClaimChange, ClaimKind, Command, ConsentAnswer,
    Ending, Happened, Occupancy, Operation, PasswordCheck, RevocationCause, SignIn, Source, Template, Verified, Viewer,
    WalletCertificate, WalletView, features,
};

fn verified() -> Command {
    crate::scene::verified("case_1", PERSON, noon())
}

#[test]
fn a_session_is_a_snapshot_and_a_new_login_reads_again_acc_07_t_03() {
    let mut scene = Scene::certificate();
    scene.issue(0, honnin::wallet::ConsentAnswer::Refused);
    let sign_in = || Command::SignIn(SignIn::Certificate { device: hash(crate::scene::DEVICE) });
    let old = scene.does(sign_in()).session.unwrap();
    scene.does(verified());
    assert_eq!(old.kind, Kind::Cash, "issued before the upgrade");
    assert_eq!(scene.wallet.account.kind(), Kind::Money, "the store is the truth");
    assert_eq!(scene.does(sign_in()).session.unwrap().kind, Kind::Money);
    let view = WalletView::of(&scene.wallet, Viewer::Holder, &scene.policy, scene.at);
    assert_eq!(serde_json::to_value(view).unwrap()["kind"], "money", "ACC-06");
}

#[test]
fn a_legacy_account_with_selfie_is_money_and_pays_out_with_a_code_acc_03_gate_04_t_04() {
    let mut scene = Scene::legacy(Identity::VerifiedSelfieLegacy);
    assert_eq!(scene.wallet.account.kind(), Kind::Money);
    let bank = scene.bank(BANK);
    scene.does(Command::SetPayoutDestination { bank, code: None });
    scene.charge("c-1", 1000);
    let transfer = |code| Command::TransferToSelf { id: "t-1".into(), yen: 1000, code };
    assert_eq!(scene.refuses(transfer(None)), [Reason::OneTimePasswordRequired]);
    let code = scene.code(Operation::SelfTransfer);
    scene.does(transfer(code));
    assert_eq!(scene.wallet.facts.balances.money.yen, 0);
}

#[test]
fn a_legacy_account_without_selfie_registers_no_bank_account_gate_01_gate_11_t_05() {
    let mut scene = Scene::legacy(Identity::None);
    let register = Command::RegisterBank { bank: hash(BANK), occupancy: Occupancy::Free };
    assert_eq!(scene.refuses(register), [Reason::FeatureRequiresCertificateLogin]);
}

#[test]
fn a_cash_account_by_certificate_registers_and_does_not_pay_out_gate_01_gate_04_t_06() {
    let mut scene = Scene::certificate();
    scene.bank(BANK);
    let transfer = Command::TransferToSelf { id: "t-1".into(), yen: 0, code: typed(RIGHT) };
    assert_eq!(scene.refuses(transfer)[0], Reason::FeatureRequiresMoneyAccount);
}

#[test]
fn cash_expires_two_years_after_its_last_change_acc_09_t_07() {
    let mut scene = Scene::certificate();
    scene.at = at("2024-11-22T12:00:00+09:00");
    scene.charge("c-1", 5000);
    let rules = &scene.policy.wallet.balance;
    let balances = scene.wallet.facts.balances.clone();
    for (now, left) in [
        ("2026-11-21T12:00:00+09:00", 5000),
        ("2026-11-22T11:59:59+09:00", 5000),
        ("2026-11-22T12:00:00+09:00", 0),
        ("2026-11-23T12:00:00+09:00", 0),
    ] {
        assert_eq!(balances.usable_cash(rules, at(now)), left, "{now}");
    }
    scene.at = at("2026-11-22T11:59:59+09:00");
    scene.charge("c-2", 1);
    assert_eq!(scene.wallet.facts.balances.cash.yen, 5001, "a yen starts the two years again");
    let end = scene.wallet.facts.balances.cash_expires_at(&scene.policy.wallet.balance);
    assert_eq!(end, Some(at("2028-11-22T11:59:59+09:00")));
    scene.at = at("2028-11-22T12:00:00+09:00");
    let ruling = scene.does(Command::ChargeWithCash { id: "c-3".into(), yen: 10 });
    assert_eq!(ruling.happened[0], Happened::BalanceExpired { bucket: Bucket::Cash, yen: 5001 });
    scene.does(Command::OperationEnded { id: "c-3".into(), ending: Ending::Done });
    assert_eq!(scene.wallet.facts.balances.cash.yen, 10, "what is gone is not revived");
}

#[test]
fn money_never_expires_acc_09_t_08() {
    let mut scene = Scene::money();
    scene.charge("c-1", 5000);
    scene.later(10 * 366 * DAY);
    let ruling = scene.ask(Command::Sweep);
    assert!(!ruling.happened.iter().any(|it| matches!(it, Happened::BalanceExpired { .. })));
    assert_eq!(scene.wallet.facts.balances.money.yen, 5000);
}

#[test]
fn the_kind_follows_by_itself_and_once_acc_02_acc_05_acc_15() {
    let mut scene = Scene::certificate();
    assert_eq!(scene.wallet.account.kind(), Kind::Cash);
    let first = scene.does(verified());
    assert_eq!(kind_changes(&first), 1);
    assert!(first.notices.iter().any(|notice| notice.template == Template::IdentityVerified));
    let second = scene.later(60).does(verified());
    assert_eq!((kind_changes(&second), second.answer, second.notices), (0, Answer::Unchanged, vec![]));
}

#[test]
fn a_legacy_account_is_not_verified_before_it_migrates_acc_08() {
    let mut scene = Scene::legacy(Identity::None);
    assert_eq!(scene.refuses(verified()), [Reason::FeatureRequiresCertificateLogin]);
    assert_eq!(scene.wallet.account.kind(), Kind::Cash);
}

#[test]
fn no_selfie_begins_and_one_of_before_is_kept_acc_04() {
    // Nothing that can be asked for or happens makes one: the random walks hold every command to it (ACC-04 there).
    let policy = Scene::certificate().policy;
    let kinds = policy.book.evidence_kinds.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert!(kinds.iter().any(|kind| kind == "selfie_legacy"), "{kinds:?}");
    assert!(LegalMethod::from_id("selfie_legacy").is_none(), "no method that a case could be opened for");
    assert!(Feature::ALL.iter().all(|feature| !feature.as_str().contains("selfie")), "nor a feature");
    let mut imported = Scene::legacy(Identity::VerifiedSelfieLegacy);
    imported.does(Command::Sweep);
    assert_eq!(
        (imported.wallet.account.identity, imported.wallet.account.kind()),
        (Identity::VerifiedSelfieLegacy, Kind::Money)
    );
}

#[test]
fn only_money_is_paid_out_and_cash_is_never_given_back_acc_10_ch_08() {
    let mut scene = Scene::certificate();
    scene.charge("c-1", 3000);
    scene.does(verified());
    let bank = scene.bank(BANK);
    scene.does(Command::SetPayoutDestination { bank, code: None });
    let code = scene.code(Operation::SelfTransfer);
    let transfer = Command::TransferToSelf { id: "t-1".into(), yen: 1, code };
    assert_eq!(scene.refuses(transfer), [Reason::BalanceInsufficient], "three thousand yen of cash pay nothing out");
}

#[test]
fn an_existing_cash_balance_is_kept_or_converted_as_the_policy_says_acc_11_q_4() {
    let mut keep = Scene::certificate();
    keep.charge("c-1", 300);
    let mut convert = keep.clone();
    keep.does(verified());
    assert_eq!((keep.wallet.facts.balances.cash.yen, keep.wallet.facts.balances.money.yen), (300, 0));
    convert.policy.account.value = ConvertOnUpgrade::Convert;
    convert.does(verified());
    assert_eq!((convert.wallet.facts.balances.cash.yen, convert.wallet.facts.balances.money.yen), (0, 300));
}

#[test]
fn a_charge_under_way_at_the_upgrade_is_treated_as_the_balance_is_acc_11() {
    let ended = |id: &str, ending| Command::OperationEnded { id: id.into(), ending };
    for (value, expected) in [(ConvertOnUpgrade::KeepSeparate, (400, 70)), (ConvertOnUpgrade::Convert, (0, 470))] {
        let mut scene = Scene::certificate();
        scene.policy.account.value = value;
        scene.charge("c-1", 100);
        let code = scene.code(Operation::Payment);
        scene.does(Command::Pay { id: "p-1".into(), payee: "電力".into(), yen: 100, code });
        scene.does(Command::ChargeWithCash { id: "c-2".into(), yen: 300 });
        scene.does(verified());
        scene.does(Command::ChargeWithCash { id: "c-3".into(), yen: 70 });
        scene.does(ended("c-2", Ending::Done));
        scene.does(ended("c-3", Ending::Done));
        scene.does(ended("p-1", Ending::Failed));
        let balances = &scene.wallet.facts.balances;
        assert_eq!((balances.cash.yen, balances.money.yen), expected, "{value:?}");
    }
}

#[test]
fn one_person_is_verified_in_one_account_acc_12() {
    let mut scene = Scene::certificate();
    let other = Occupancy::Held("a-2".parse().unwrap());
    let refusal = scene.refusal(verified_but("case_1", noon(), |found| found.person.occupancy = other));
    assert_eq!((refusal.reason, refusal.detail.as_slice()), (Reason::DuplicateAccount, &["migrate_or_log_in"][..]));
    let ruling = scene.does(verified());
    let person = Claim { kind: ClaimKind::Person, hash: hash(PERSON) };
    assert_eq!(ruling.claims, [ClaimChange::Take(person)]);
    let somebody_else = |found: &mut Verified| {
        found.person.hash = hash(8);
        found.taken.hashes.insert(AttributeName::Birthdate, hash(88));
    };
    let somebody_else = verified_but("case_2", noon(), somebody_else);
    assert_eq!(scene.refuses(somebody_else), [Reason::DuplicateAccount], "an account has one person");
}

#[test]
fn a_changed_name_needs_the_consent_that_was_in_force_cons_05() {
    let mut scene = Scene::money();
    let married = |case: &str| {
        verified_but(case, noon(), |found| {
            found.person.hash = hash(8);
            found.taken.hashes.insert(AttributeName::Name, hash(87));
        })
    };
    assert_eq!(scene.refuses(married("case_2")), [Reason::NameChangedWithoutConsent]);
    let consent = ConsentAnswer::Granted { id: "c".into(), items: [].into(), registered: true };
    scene.issue(0, consent);
    let ruling = scene.does(married("case_3"));
    let person = |number| Claim { kind: ClaimKind::Person, hash: hash(number) };
    assert_eq!(ruling.claims, [ClaimChange::Release(person(PERSON)), ClaimChange::Take(person(8))]);
    assert!(ruling.happened.contains(&Happened::ReverificationDone { changed: true }));
    assert_eq!(scene.wallet.facts.link.person, Some(hash(8)));
}

#[test]
fn the_certificate_that_vouched_is_known_and_another_takes_its_place_link_02_link_06_attr_01() {
    let mut scene = Scene::money();
    let facts = &scene.wallet.facts;
    assert_eq!(facts.certificates.present(WalletCertificate::JpkiSigning), Some(hash(CARD)));
    let name = &facts.attributes.held[&AttributeName::Name];
    assert_eq!((&name.source, name.as_of, name.hash), (&Source::Certificate, noon().plus_seconds(-DAY), hash(80)));
    // The same expiry, another certificate.
    let ruling = scene.later(60).does(verified_but("case_2", noon(), |found| found.certificate = hash(91)));
    assert!(ruling.happened.contains(&Happened::CertificateVouched { superseded: true }));
    let certificates = &scene.wallet.facts.certificates;
    assert_eq!(certificates.present(WalletCertificate::JpkiSigning), Some(hash(91)));
    let history: Vec<_> = certificates.history.iter().map(|past| (past.serial, past.superseded_at)).collect();
    assert_eq!(history, [(hash(CARD), Some(scene.at)), (hash(91), None)], "both stay");
    // What is said of the superseded one is not said of the present one.
    let certificate = WalletCertificate::JpkiSigning;
    let found = CertificateState::Revoked { cause: RevocationCause::AffiliationChanged };
    let observed = |serial| Command::CertificateObserved { certificate, serial: Some(hash(serial)), found };
    assert_eq!(scene.does(observed(CARD)).answer, Answer::Unchanged);
    assert_eq!(scene.does(observed(91)).answer, Answer::Done);
}

#[test]
fn nothing_downgrades_money_acc_16() {
    let mut scene = Scene::money();
    scene.later(20 * 366 * DAY).does(Command::Sweep);
    assert!(scene.wallet.facts.reverification.is_overdue(&scene.policy.book.reverification, scene.at));
    assert_eq!(scene.wallet.account.kind(), Kind::Money);
}

#[test]
fn points_are_no_balance_ch_07() {
    let mut scene = Scene::money();
    scene.charge("c-1", 500);
    scene.does(Command::GrantPoints { count: 300, expires_at: noon().plus_seconds(DAY) });
    let total = scene.wallet.facts.balances.total(&scene.policy.wallet.balance, scene.at);
    assert_eq!(total, 500, "not in the balance of the 500-yen check");
    let code = scene.code(Operation::Payment);
    scene.does(Command::Pay { id: "p-1".into(), payee: "電力".into(), yen: 400, code });
    let balances = scene.wallet.facts.balances.clone();
    assert_eq!((balances.points.count, balances.money.yen), (0, 400), "points go first, by themselves");
    scene.does(Command::GrantPoints { count: 7, expires_at: noon().plus_seconds(DAY) });
    scene.later(DAY);
    assert_eq!(scene.wallet.facts.balances.usable_points(scene.at), 0, "an expiry of their own");
    let ruling = scene.ask(Command::Sweep);
    assert!(ruling.happened.contains(&Happened::BalanceExpired { bucket: Bucket::Points, yen: 7 }));
}

#[test]
fn points_keep_the_expiry_they_had_ch_07() {
    let mut scene = Scene::money();
    scene.charge("c-1", 500);
    let grant = |count, days| Command::GrantPoints { count, expires_at: noon().plus_seconds(days * DAY) };
    scene.does(grant(30, 9));
    scene.does(grant(100, 2));
    scene.does(grant(5, 4));
    let code = scene.code(Operation::Payment);
    scene.does(Command::Pay { id: "p-1".into(), payee: "電力".into(), yen: 102, code });
    assert_eq!(scene.wallet.facts.balances.usable_points(noon().plus_seconds(4 * DAY)), 30, "the first to expire went");
    scene.later(2 * DAY);
    let ruling = scene.does(Command::OperationEnded { id: "p-1".into(), ending: Ending::Failed });
    assert!(ruling.happened.contains(&Happened::BalanceExpired { bucket: Bucket::Points, yen: 100 }), "over by now");
    let balances = scene.wallet.facts.balances.clone();
    for (days, left) in [(2, 35), (4, 30), (9, 0)] {
        assert_eq!(balances.usable_points(noon().plus_seconds(days * DAY)), left, "day {days}");
    }
}

#[test]
fn charging_from_a_bank_needs_a_final_account_and_an_open_bank_gate_02() {
    let mut scene = Scene::certificate();
    let bank = hash(BANK);
    let charge = |service| Command::ChargeFromBank { id: "c-1".into(), bank, yen: 100, service, code: None };
    assert_eq!(scene.refuses(charge(OPEN)), [Reason::FeatureRequiresBankAccount]);
    scene.bank(BANK);
    let closed = honnin::wallet::BankService { is_open: false, maintenance: true };
    assert_eq!(scene.refuses(charge(closed)), [Reason::DependencyUnavailable, Reason::DependencyUnavailable]);
    scene.does(charge(OPEN));
    scene.does(Command::OperationEnded { id: "c-1".into(), ending: Ending::Done });
    assert_eq!(scene.wallet.facts.balances.cash.yen, 100);
}

#[test]
fn exact_top_up_charges_what_is_short_or_the_banks_minimum_gate_03_gate_08() {
    let mut scene = Scene::certificate();
    let (one, other) = (scene.bank(BANK), scene.bank(BANK + 1));
    let top_up = |id: &str, shortage, bank_minimum| Command::ExactTopUp {
        id: id.into(),
        shortage,
        bank_minimum,
        service: OPEN,
        unattended: true,
    };
    assert!(scene.refuses(top_up("c-1", 30, 100)).contains(&Reason::FeatureRequiresBankAccount), "none is selected");
    scene.does(Command::SelectExactTopUp { bank: Some(one) });
    scene.does(Command::SelectExactTopUp { bank: Some(other) });
    let selected: Vec<_> = scene.wallet.facts.banks.living().filter(|it| it.is_exact_topup).map(|it| it.id).collect();
    assert_eq!(selected, [other], "only one may be selected");
    for (id, shortage, minimum, charged) in [("c-1", 30, 100, 100), ("c-2", 130, 100, 130)] {
        scene.does(top_up(id, shortage, minimum));
        let entry = scene.wallet.facts.history.find(id).unwrap();
        assert_eq!((entry.yen, entry.unattended), (charged, true), "shown, so that it can be explained");
    }
    assert_eq!(scene.refuses(top_up("c-3", 0, 100)), [Reason::InputMalformed], "nothing is short, nothing is charged");
}

#[test]
fn charging_with_cash_has_no_identity_gate_gate_06() {
    let mut scene = Scene::legacy(Identity::None);
    scene.charge("c-1", 1000);
    assert_eq!(scene.wallet.facts.balances.cash.yen, 1000);
}

#[test]
fn paying_needs_balance_and_a_code_and_no_identity_gate_07() {
    let mut scene = Scene::legacy(Identity::None);
    let pay = |code| Command::Pay { id: "p-1".into(), payee: "電力".into(), yen: 700, code };
    assert_eq!(scene.refuses(pay(None)), [Reason::OneTimePasswordRequired, Reason::BalanceInsufficient]);
    scene.charge("c-1", 1000);
    let code = scene.code(Operation::Payment);
    scene.does(pay(code));
    assert_eq!(scene.wallet.facts.balances.cash.yen, 300);
}

#[test]
fn a_mandate_pays_without_anybody_and_says_so_gate_08() {
    let mut scene = Scene::certificate();
    scene.charge("c-1", 1000);
    let ruling = scene.does(Command::PayAutomatically { id: "p-1".into(), payee: "水道".into(), yen: 200 });
    assert!(ruling.happened.iter().any(|it| matches!(it, Happened::OperationBegun { unattended: true, .. })));
    assert_eq!(ruling.notices.len(), 1);
    let short = Command::PayAutomatically { id: "p-2".into(), payee: "水道".into(), yen: 2000 };
    assert_eq!(scene.refuses(short), [Reason::BalanceInsufficient]);
}

#[test]
fn the_web_edition_of_a_certificate_account_needs_a_password_gate_09_ch_10() {
    let mut scene = Scene::certificate();
    let code = scene.code(Operation::Stop);
    assert_eq!(scene.refuses(Command::Stop { code }), [Reason::FeatureRequiresPassword]);
    let sign_in = Command::SignIn(SignIn::Password(PasswordCheck::Right));
    assert_eq!(scene.ask_by(Channel::Web, sign_in.clone()).answer.reasons(), [Reason::FeatureRequiresPassword]);
    let code = scene.code(Operation::PasswordChange);
    let set = |email_confirmed, code| Command::SetPassword { email_confirmed, code };
    assert_eq!(scene.refuses(set(false, code)), [Reason::FlowOutOfOrder], "mail and SMS, both");
    assert_eq!(scene.refuses(set(true, None)), [Reason::OneTimePasswordRequired]);
    scene.does(set(true, code));
    assert!(scene.ask_by(Channel::Web, sign_in).session.is_some());
    let code = scene.code(Operation::Stop);
    scene.does(Command::Stop { code });
    assert!(scene.wallet.account.holds.contains(&Hold::StoppedByUser));
}

#[test]
fn a_hold_closes_all_but_recovery_and_every_unmet_condition_is_named_gate_12_gate_13() {
    for hold in [Hold::LockedByFailures, Hold::StoppedByUser, Hold::StoppedByOperator] {
        let mut scene = Scene::money();
        scene.wallet.facts.password_registered = true;
        scene.hold(hold);
        let open: Vec<_> = features(&scene.wallet, &scene.policy, scene.at)
            .into_iter()
            .filter(|view| view.open)
            .map(|view| view.feature)
            .collect();
        assert_eq!(open, [Feature::Unlock, Feature::Resume, Feature::RevokeCertificate, Feature::Contact], "{hold:?}");
        let transfer = Command::TransferToSelf { id: "t-1".into(), yen: 1, code: None };
        let reasons = scene.refuses(transfer);
        assert_eq!(
            reasons,
            [
                hold.reason(),
                Reason::FeatureRequiresBankAccount,
                Reason::OneTimePasswordRequired,
                Reason::BalanceInsufficient
            ]
        );
    }
}

#[test]
fn limits_bound_every_charge_and_payment_acc_17_q_1() {
    let mut scene = Scene::certificate();
    let charge = |id: &str, yen| Command::ChargeWithCash { id: id.into(), yen };
    let refusal = scene.refusal(charge("c-1", 50_001));
    assert_eq!((refusal.reason, refusal.detail.as_slice()), (Reason::LimitExceeded, &["single_charge"][..]));
    scene.charge("c-1", 50_000);
    scene.does(charge("c-2", 49_999));
    let refusal = scene.refusal(charge("c-3", 2));
    assert_eq!(refusal.detail, ["balance"], "what is on its way in counts");
    scene.does(charge("c-3", 1));
    scene.does(Command::OperationEnded { id: "c-2".into(), ending: Ending::Failed });
    scene.charge("c-4", 30_000);
    let code = scene.code(Operation::Payment);
    let pay = |yen, code| Command::Pay { id: "p-1".into(), payee: "電力".into(), yen, code };
    assert_eq!(scene.refuses(pay(50_001, code)), [Reason::LimitExceeded]);
    scene.does(pay(50_000, code));
    let mut money = Scene::money();
    money.charge("c-1", 500_000);
    assert_eq!(money.wallet.facts.balances.money.yen, 500_000, "bounds of the kind");
}

#[test]
fn a_missing_limit_or_number_is_no_unlimited_acc_17() {
    let file = include_str!("../../fixtures/policies/jp_wellnet.toml");
    let lines = || file.lines().skip_while(|line| *line != "[wallet.balance]");
    let mut refused = 0;
    for line in lines().filter(|line| line.contains(" = ")) {
        let error = honnin::policy::Policy::parse(&file.replacen(line, "", 1)).expect_err(line).to_string();
        assert!(error.contains(line.split(" = ").next().unwrap()), "{line}: {error}");
        refused += 1;
    }
    assert!(refused > 40, "{refused}");
}
