//! Stop, resume, the operator's stop, leaving, a lost phone: LIFE-01 to LIFE-15, T-10 to T-13.

use crate::scene::{BANK, DAY, DEVICE, Scene, at, contact, hash, noon, typed};
use honnin::kyc::{Hold, Identity, Life};
use honnin::policy::{Feature, HeldEvidence};
use honnin::reason::Reason;
use honnin::wallet::{
    Bucket, CertificateState, Channel, ClaimChange, Command, ConsentAnswer, Counterpart, Document, Ending, Happened,
    Medium, Operation, PasswordCheck, RevocationCause, SignIn, Template, WalletCertificate, document_obstacles,
    features, release_conditions,
};

const DOCUMENT: Document = Document {
    expires_at: None,
    issued_at: noon_const(),
    shows_photo: true,
    shows_particulars: true,
    shows_my_number: false,
    supplement_issued_at: None,
};

const fn noon_const() -> honnin::time::UnixTime {
    honnin::time::UnixTime::from_seconds(1_795_316_400)
}

#[test]
fn the_holder_stops_and_resumes_with_a_code_life_01_life_02() {
    let mut scene = Scene::legacy(Identity::None);
    assert_eq!(noon(), noon_const());
    let code = scene.code(Operation::Stop);
    scene.does(Command::Stop { code });
    assert_eq!(scene.wallet.account.holds, [Hold::StoppedByUser].into());
    let sign_in = || Command::SignIn(SignIn::Password(PasswordCheck::Right));
    assert_eq!(scene.refuses(sign_in()), [Reason::AccountStoppedByUser], "not in the app");
    assert!(scene.ask_by(Channel::Web, sign_in()).session.is_some(), "on the web, to resume");
    assert_eq!(scene.refuses(Command::Resume { code: None }), [Reason::OneTimePasswordRequired]);
    let code = scene.code(Operation::Resume);
    scene.does(Command::Resume { code });
    assert!(scene.wallet.account.holds.is_empty());
    assert_eq!(scene.refuses(Command::Resume { code }), [Reason::FlowOutOfOrder]);
}

#[test]
fn a_locked_account_is_unlocked_before_it_is_stopped_life_01() {
    let mut scene = Scene::legacy(Identity::None);
    scene.hold(Hold::LockedByFailures);
    let code = scene.code(Operation::Stop);
    assert_eq!(scene.refuses(Command::Stop { code }), [Reason::AccountLocked]);
}

#[test]
fn resuming_lifts_ones_own_stop_and_no_other_life_02_life_03() {
    let mut scene = Scene::legacy(Identity::None);
    scene.hold(Hold::StoppedByOperator);
    let code = scene.code(Operation::Resume);
    assert_eq!(scene.refuses(Command::Resume { code }), [Reason::FlowOutOfOrder]);
    scene.hold(Hold::StoppedByUser);
    scene.does(Command::Resume { code });
    assert_eq!(scene.wallet.account.holds, [Hold::StoppedByOperator].into());
}

#[test]
fn the_operators_stop_is_told_and_lifted_by_a_call_or_by_photo_and_call_life_03() {
    let release = |call_made, photo_matched| Command::Release { call_made, photo_matched };
    let mut without = Scene::money();
    let stopped = without.does(Command::StopByOperator);
    let [told] = &stopped.notices[..] else { panic!("{:?}", stopped.notices) };
    assert_eq!((told.medium, &told.template), (Medium::Mail, &Template::StoppedByOperator));
    assert_eq!(told.address.reveal(), "taro@example.jp");
    assert_eq!(without.refuses(release(false, false)), [Reason::UnderReview]);
    without.does(release(true, false));
    let mut with = Scene::money();
    with.bank(BANK);
    with.does(Command::StopByOperator);
    assert!(release_conditions(&with.wallet).photo_with_document);
    assert_eq!(with.refuses(release(true, true)), [Reason::UnderReview], "no document came");
    with.does(Command::SubmitDocument(Document { expires_at: Some(noon().plus_seconds(DAY)), ..DOCUMENT }));
    assert_eq!(with.refuses(release(true, false)), [Reason::UnderReview]);
    with.does(release(true, true));
    assert!(with.wallet.account.holds.is_empty());
}

#[test]
fn documents_are_current_and_complete_and_show_no_my_number_life_04() {
    let numbers = honnin::policy::Policy::jp_wellnet().unwrap().wallet.operator_stop;
    let obstacles = |document: Document, now: &str| {
        let obstacles = document_obstacles(&document, &numbers, at(now));
        obstacles.into_iter().map(|it| (it.reason, it.detail.first().copied().unwrap_or(""))).collect::<Vec<_>>()
    };
    let malformed = |word| vec![(Reason::InputMalformed, word)];
    let dated = Document { expires_at: Some(at("2026-12-31T23:59:59+09:00")), ..DOCUMENT };
    assert!(obstacles(dated, "2026-12-31T23:59:59+09:00").is_empty());
    assert_eq!(obstacles(dated, "2027-01-01T00:00:00+09:00"), malformed("document_expired"));
    assert!(obstacles(DOCUMENT, "2027-05-22T12:00:00+09:00").is_empty(), "six months");
    assert_eq!(obstacles(DOCUMENT, "2027-05-22T12:00:01+09:00"), malformed("document_too_old"));
    let now = "2026-11-22T12:00:00+09:00";
    assert_eq!(obstacles(Document { shows_particulars: false, ..DOCUMENT }, now), malformed("particulars_missing"));
    let photoless = Document { shows_photo: false, ..DOCUMENT };
    assert_eq!(obstacles(photoless, now), malformed("supplement_missing"));
    let supplemented = |issued| Document { supplement_issued_at: Some(at(issued)), ..photoless };
    assert_eq!(obstacles(supplemented("2026-05-22T11:59:59+09:00"), now), malformed("supplement_too_old"));
    assert!(obstacles(supplemented("2026-05-22T12:00:00+09:00"), now).is_empty(), "six months");
    let good = Document { supplement_issued_at: Some(noon()), ..photoless };
    assert!(obstacles(good, now).is_empty());
    let number = obstacles(Document { shows_my_number: true, ..DOCUMENT }, now);
    assert_eq!(number, [(Reason::MyNumberPresent, "")]);
}

#[test]
fn an_unknown_transaction_is_shown_the_use_stopped_and_support_reached_life_06() {
    let mut scene = Scene::legacy(Identity::None);
    scene.charge("c-1", 1000);
    scene.does(Command::PayAutomatically { id: "p-1".into(), payee: "見本商店".into(), yen: 300 });
    let entry = scene.wallet.facts.history.find("p-1").unwrap();
    assert!(
        entry.unattended
            && matches!(&entry.counterpart, Some(Counterpart::Payee(payee)) if payee.reveal() == "見本商店")
    );
    let code = scene.code(Operation::Stop);
    scene.does(Command::Stop { code });
    let again = Command::PayAutomatically { id: "p-2".into(), payee: "見本商店".into(), yen: 300 };
    assert_eq!(scene.refuses(again), [Reason::AccountStoppedByUser], "at once");
    let contact =
        features(&scene.wallet, &scene.policy, scene.at).into_iter().find(|it| it.feature == Feature::Contact);
    assert!(contact.unwrap().open, "support is reached while it is stopped");
    assert!(scene.wallet.facts.history.find("p-1").is_some(), "and has what it needs");
}

#[test]
fn a_lost_phone_is_two_acts_and_neither_implies_the_other_life_05() {
    let mut scene = Scene::certificate();
    scene.wallet.facts.password_registered = true;
    scene.issue(0, ConsentAnswer::Refused);
    let mut other = scene.clone();
    let code = scene.code(Operation::Stop);
    scene.does(Command::Stop { code });
    assert!(matches!(scene.wallet.facts.certificates.my_auth, CertificateState::Valid { .. }), "still valid");
    let cause = RevocationCause::KeyCompromise;
    for certificate in [WalletCertificate::MyAuth, WalletCertificate::MySigning] {
        scene.does(Command::RevokeCertificate { certificate, cause });
        other.does(Command::RevokeCertificate { certificate, cause });
    }
    assert!(other.wallet.account.holds.is_empty(), "not stopped");
}

#[test]
fn five_hundred_yen_of_money_may_be_left_behind_gate_10_life_10_t_10() {
    for (yen, allowed) in [(500, true), (501, false)] {
        let mut scene = Scene::money();
        scene.charge("c-1", yen);
        scene.does(Command::GrantPoints { count: 9999, expires_at: noon().plus_seconds(DAY) });
        if allowed {
            scene.does(Command::Withdraw { code: None });
        } else {
            assert_eq!(scene.refuses(Command::Withdraw { code: None }), [Reason::BalanceAboveWithdrawalLimit]);
        }
    }
}

#[test]
fn cash_has_no_such_limit_and_is_forfeited_life_10_life_13_ch_07_t_11() {
    let mut scene = Scene::certificate();
    scene.charge("c-1", 5000);
    scene.does(Command::GrantPoints { count: 30, expires_at: noon().plus_seconds(DAY) });
    let ruling = scene.does(Command::Withdraw { code: None });
    assert!(ruling.happened.contains(&Happened::Forfeited { bucket: Bucket::Cash, yen: 5000 }));
    assert!(ruling.happened.contains(&Happened::Forfeited { bucket: Bucket::Points, yen: 30 }));
    assert_eq!(scene.wallet.facts.balances.total(&scene.policy.wallet.balance, scene.at), 0);
    assert_eq!(ruling.notices.len(), 1, "mail already queued may still arrive");
    assert_eq!(ruling.notices[0].address.reveal(), "taro@example.jp");
}

#[test]
fn nobody_leaves_while_something_is_pending_life_11_t_12() {
    let mut scene = Scene::certificate();
    scene.does(Command::ChargeWithCash { id: "c-1".into(), yen: 100 });
    assert_eq!(scene.refuses(Command::Withdraw { code: None }), [Reason::TransactionsPending]);
    scene.does(Command::OperationEnded { id: "c-1".into(), ending: Ending::Failed });
    scene.clone().does(Command::Withdraw { code: None });
    // A payment in process as well.
    scene.charge("c-2", 100);
    let code = scene.code(Operation::Payment);
    scene.does(Command::Pay { id: "p-1".into(), payee: "電力".into(), yen: 60, code });
    assert_eq!(scene.refuses(Command::Withdraw { code: None }), [Reason::TransactionsPending]);
    scene.does(Command::OperationEnded { id: "p-1".into(), ending: Ending::Done });
    scene.does(Command::Withdraw { code: None });
}

#[test]
fn a_self_transfer_has_to_be_done_before_leaving_life_12() {
    let mut scene = Scene::money();
    let bank = scene.bank(BANK);
    scene.does(Command::SetPayoutDestination { bank, code: None });
    scene.charge("c-1", 800);
    let transfer = |scene: &mut Scene, id: &str| {
        let code = scene.code(Operation::SelfTransfer);
        scene.does(Command::TransferToSelf { id: id.into(), yen: 400, code });
    };
    transfer(&mut scene, "t-1");
    assert!(scene.refuses(Command::Withdraw { code: None }).contains(&Reason::TransactionsPending));
    scene.does(Command::OperationEnded { id: "t-1".into(), ending: Ending::Failed });
    assert!(scene.refuses(Command::Withdraw { code: None }).contains(&Reason::TransactionsPending), "失敗 is not 完了");
    transfer(&mut scene, "t-2");
    scene.does(Command::OperationEnded { id: "t-2".into(), ending: Ending::Done });
    scene.does(Command::Withdraw { code: None });
}

#[test]
fn leaving_revokes_no_certificate_and_burns_the_address_life_13_life_14_uniq_03_t_13() {
    let mut scene = Scene::certificate();
    scene.issue(0, ConsentAnswer::Refused);
    scene.bank(BANK);
    let ruling = scene.does(Command::Withdraw { code: None });
    let email = contact().email.hash;
    assert!(ruling.claims.iter().any(|it| matches!(it, ClaimChange::Burn(claim) if claim.hash == email)));
    assert!(ruling.claims.iter().any(|it| matches!(it, ClaimChange::Release(claim) if claim.hash == hash(BANK))));
    assert!(matches!(scene.wallet.facts.certificates.my_auth, CertificateState::Valid { .. }));
    let sign_in = Command::SignIn(SignIn::Certificate { device: hash(DEVICE) });
    assert_eq!(scene.refuses(sign_in), [Reason::AccountWithdrawn]);
    let cause = RevocationCause::HolderRequest;
    scene.does(Command::RevokeCertificate { certificate: WalletCertificate::MyAuth, cause });
}

#[test]
fn what_is_personal_leaves_and_the_record_stays_its_years_life_15_law_20_law_25() {
    let mut scene = Scene::money();
    scene.charge("c-1", 100);
    let code = scene.code(Operation::Payment);
    scene.does(Command::Pay { id: "p-1".into(), payee: "見本医院".into(), yen: 60, code });
    scene.does(Command::OperationEnded { id: "p-1".into(), ending: Ending::Done });
    let checked_at = scene.at;
    scene.does(Command::AddEvidence(HeldEvidence {
        kind: "accredited_ca_signature".into(),
        source: "見本認証".into(),
        checked_at,
        expires_at: None,
        revoked_at: None,
    }));
    let personal = ["taro@example.jp", "090-0000-1234", "ミホン", "見本医院", "見本認証"];
    let before = scene.wallet.facts.to_document().unwrap();
    assert!(personal.iter().all(|text| before.contains(text)));
    scene.does(Command::Withdraw { code: None });
    let document = scene.wallet.facts.to_document().unwrap();
    for personal in personal {
        assert!(!document.contains(personal), "{personal}");
    }
    assert_eq!(scene.wallet.facts.history.find("p-1").unwrap().yen, 60, "that something was paid stays");
    assert_eq!(scene.wallet.facts.life.retain_until, Some(at("2033-11-22T12:00:00+09:00")));
}

#[test]
fn withdrawn_is_withdrawn_life_13() {
    let mut scene = Scene::legacy(Identity::None);
    scene.does(Command::Withdraw { code: None });
    for command in [
        Command::ChargeWithCash { id: "c-1".into(), yen: 1 },
        Command::Unlock { email_confirmed: true, code: typed(50) },
        Command::Resume { code: typed(50) },
        Command::StopByOperator,
        Command::Withdraw { code: None },
        Command::SignIn(SignIn::Password(PasswordCheck::Right)),
    ] {
        assert_eq!(scene.refuses(command), [Reason::AccountWithdrawn]);
    }
    assert_eq!(scene.wallet.account.life, Life::Withdrawn);
}
