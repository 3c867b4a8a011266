//! Periodic re-verification: REV-01 to REV-07, GATE-05, T-28, TRI-07.

use crate::scene::{BANK, DAY, OPEN, PERSON, Scene, noon, verified, verified_but};
use honnin::kyc::{Identity, Kind};
use honnin::policy::{Policy, ReverificationState, Risk};
use honnin::reason::Reason;
use honnin::wallet::{
    CertificateState, Command, Current, Happened, Operation, RevocationCause, Template, Viewer, WalletCertificate,
    WalletView, features,
};

/// Days of the compiled-in policy, ours.
const INTERVAL: i64 = 1095;
const GRACE: i64 = 90;

/// Money, with a bank account, a thousand yen, and re-verification overdue.
fn overdue() -> Scene {
    let mut scene = Scene::money();
    scene.bank(BANK);
    scene.charge("c-0", 1000);
    scene.policy.wallet.payees.gated = vec!["証券".into()];
    scene.later((INTERVAL + GRACE) * DAY);
    scene
}

fn state(scene: &Scene) -> ReverificationState {
    scene.wallet.facts.reverification.state(&scene.policy.book.reverification, scene.at)
}

#[test]
fn an_overdue_account_is_restricted_until_it_is_done_rev_03_rev_05_gate_05_t_28() {
    let mut scene = overdue();
    assert!(matches!(state(&scene), ReverificationState::Overdue { .. }));
    let charge = |id: &str| Command::ChargeFromBank {
        id: id.into(),
        bank: crate::scene::hash(BANK),
        yen: 1,
        service: OPEN,
        code: None,
    };
    let pay = |scene: &mut Scene, id: &str, payee: &str| {
        let code = scene.code(Operation::Payment);
        Command::Pay { id: id.into(), payee: payee.into(), yen: 1, code }
    };
    assert_eq!(scene.refuses(charge("c-1")), [Reason::ReverificationOverdue]);
    let listed = pay(&mut scene, "p-1", "証券");
    assert_eq!(scene.refuses(listed), [Reason::ReverificationOverdue]);
    let other = pay(&mut scene, "p-2", "電力");
    scene.does(other);
    scene.does(verified("case_2", PERSON, noon()));
    scene.does(charge("c-2"));
    let listed = pay(&mut scene, "p-3", "証券");
    scene.does(listed);
    assert_eq!(scene.wallet.account.kind(), Kind::Money, "a restriction, never a kind (ACC-16)");
}

#[test]
fn a_policy_may_spare_certificate_accounts_rev_03_q_7_q_8() {
    let file = include_str!("../../fixtures/policies/jp_wellnet_mock.toml");
    let spared = file.replace("[\"reverification_in_time\"", "[\"certificate_login\", \"reverification_in_time\"");
    let charge = || Command::ChargeFromBank {
        id: "c-1".into(),
        bank: crate::scene::hash(BANK),
        yen: 1,
        service: OPEN,
        code: None,
    };
    let mut scene = overdue();
    scene.policy = Policy::parse(&spared).unwrap();
    scene.does(charge());
    let mut legacy = Scene::legacy(Identity::VerifiedSelfieLegacy);
    legacy.bank(BANK);
    legacy.policy = Policy::parse(&spared).unwrap();
    legacy.later((INTERVAL + GRACE) * DAY);
    assert_eq!(legacy.refuses(charge()), [Reason::ReverificationOverdue]);
}

#[test]
fn the_purpose_of_use_belongs_to_it_rev_01() {
    let mut scene = overdue();
    let silent = verified_but("case_2", noon(), |found| found.purpose_declared = false);
    assert_eq!(scene.refuses(silent), [Reason::DeclarationMissing]);
    scene.does(verified("case_2", PERSON, noon()));
}

#[test]
fn unchanged_is_an_outcome_with_a_new_date_rev_02() {
    let mut scene = Scene::money();
    scene.later(INTERVAL * DAY - 1);
    assert_eq!(state(&scene), ReverificationState::NotDue);
    scene.later(1);
    assert!(matches!(state(&scene), ReverificationState::Due { .. }), "due although nothing changed");
    let ruling = scene.does(verified("case_2", PERSON, noon()));
    assert!(ruling.notices.iter().any(|notice| notice.template == Template::ReverificationDone));
    assert!(ruling.happened.contains(&Happened::ReverificationDone { changed: false }));
    assert_eq!(scene.wallet.facts.reverification.confirmed_at, scene.at);
    assert_eq!(state(&scene), ReverificationState::NotDue);
}

#[test]
fn due_and_overdue_are_told_once_each_rev_04() {
    let mut scene = Scene::money();
    let told = |scene: &mut Scene| {
        let ruling = scene.ask(Command::Sweep);
        ruling.notices.into_iter().map(|notice| notice.template).collect::<Vec<_>>()
    };
    assert_eq!(told(&mut scene), []);
    scene.at = noon().plus_seconds(INTERVAL * DAY);
    let deadline = noon().plus_seconds((INTERVAL + GRACE) * DAY);
    assert_eq!(told(&mut scene), [Template::ReverificationDue { deadline }]);
    assert_eq!(told(&mut scene), []);
    scene.at = deadline;
    assert_eq!(told(&mut scene), [Template::ReverificationOverdue]);
    assert_eq!(told(&mut scene), []);
}

#[test]
fn the_interval_follows_the_risk_and_a_revocation_makes_it_early_rev_06_law_12_q_9() {
    let mut scene = Scene::money();
    for (risk, days) in [(Risk::Low, INTERVAL), (Risk::Normal, INTERVAL), (Risk::High, 365)] {
        scene.does(Command::SetRisk(risk));
        scene.at = noon().plus_seconds(days * DAY - 1);
        assert_eq!(state(&scene), ReverificationState::NotDue, "{risk:?}");
        scene.at = noon().plus_seconds(days * DAY);
        assert!(matches!(state(&scene), ReverificationState::Due { .. }), "{risk:?}");
    }
    let mut scene = Scene::money();
    let found = CertificateState::Revoked { cause: RevocationCause::AffiliationChanged };
    let revoked = Command::CertificateObserved { certificate: WalletCertificate::JpkiSigning, serial: None, found };
    let mut patient = scene.clone();
    patient.policy.book.reverification.due_when_revoked = false;
    scene.later(1).does(revoked.clone());
    patient.later(1).does(revoked);
    assert!(matches!(state(&scene), ReverificationState::Due { .. }));
    assert_eq!(state(&patient), ReverificationState::NotDue);
}

#[test]
fn a_look_without_the_holder_replaces_nothing_rev_07() {
    let mut scene = Scene::money();
    scene.later(INTERVAL * DAY);
    for current in [Current::Unchanged, Current::Changed, Current::Unknown] {
        scene.does(Command::ValidityNoted { current });
        assert_eq!(scene.wallet.facts.reverification.noted.unwrap().current, current);
        assert!(matches!(state(&scene), ReverificationState::Due { .. }));
    }
}

#[test]
fn no_view_of_the_holder_shows_a_suspicion_law_26() {
    let mut scene = Scene::money();
    let shown = |scene: &Scene| {
        let view = WalletView::of(&scene.wallet, Viewer::Holder, &scene.policy, scene.at);
        let features = features(&scene.wallet, &scene.policy, scene.at);
        serde_json::to_string(&(view, features)).unwrap()
    };
    let before = shown(&scene);
    let ruling = scene.does(Command::SetRisk(Risk::High));
    assert_eq!((shown(&scene), ruling.notices, ruling.happened), (before, vec![], vec![]));
}

#[test]
fn network_signals_raise_risk_and_refute_no_identity_tri_07() {
    let mut scene = Scene::money();
    scene.does(Command::NetworkSignal);
    assert_eq!(scene.wallet.facts.reverification.risk, Risk::High);
    scene.does(Command::NetworkSignal);
    assert_eq!(scene.wallet.facts.reverification.risk, Risk::High);
    assert_eq!(
        (scene.wallet.account.identity, scene.wallet.account.kind()),
        (Identity::VerifiedCertificate, Kind::Money)
    );
    assert!(scene.wallet.account.holds.is_empty());
}
