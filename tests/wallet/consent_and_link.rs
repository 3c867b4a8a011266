//! Consent and finding the person again: CONS-01 to CONS-08, LINK-01 to LINK-06, CERT-11.

use crate::scene::{DAY, DEVICE, PERSON, Scene, at, hash, issued, noon};
use honnin::reason::Reason;
use honnin::wallet::{
    Answer, CertificateState, Channel, Command, Consent, ConsentAnswer, ConsentItem, ConsentState, LinkState, Medium,
    RegistrationFailure, Relinking, RevocationCause, SignIn, Template, WalletCertificate, relink,
};
use std::collections::BTreeSet;

fn granted(registered: bool) -> ConsentAnswer {
    let items = [ConsentItem::Name, ConsentItem::Address, ConsentItem::IssuanceNumber].into();
    ConsentAnswer::Granted { id: "consent-1".into(), items, registered }
}

fn update_card(scene: &mut Scene) {
    let certificate = WalletCertificate::JpkiSigning;
    let valid = CertificateState::Valid { until: scene.at.plus_seconds(DAY) };
    let revoked = CertificateState::Revoked { cause: RevocationCause::AffiliationChanged };
    scene.does(Command::CertificateObserved { certificate, serial: None, found: valid });
    scene.does(Command::CertificateObserved { certificate, serial: None, found: revoked });
}

#[test]
fn consent_and_updates_decide_whether_a_person_is_found_again_link_03_link_04_q_12_t_14() {
    for (consented, updates, same) in [
        (true, 0, true),
        (true, 1, true),
        (true, 2, true),
        (true, 9, true),
        (false, 0, true),
        (false, 1, true),
        (false, 2, false),
        (false, 3, false),
    ] {
        let mut scene = Scene::money();
        scene.issue(0, if consented { granted(true) } else { ConsentAnswer::Refused });
        for _ in 0..updates {
            update_card(&mut scene);
        }
        let link = &scene.wallet.facts.link;
        assert_eq!(link.updates_since_issue, updates);
        let account = &scene.wallet.account.id;
        match relink(Some((account, link)), false) {
            Relinking::SameAccount(found) => assert!(same && found == *account, "{consented} {updates}"),
            Relinking::Ambiguous(refusal) => {
                assert!(!same, "{consented} {updates}");
                assert_eq!(refusal.reason, Reason::RelinkAmbiguous);
                assert_eq!(refusal.reason.who_acts().collect::<Vec<_>>(), ["support"]);
            }
            other @ Relinking::NeverSeen(_) => panic!("{other:?}"),
        }
        assert_eq!(link.state(), if same { LinkState::Linked } else { LinkState::RelinkAmbiguous });
        let again = Command::CertificatesIssued {
            issued: issued(1, scene.at.plus_seconds(DAY)),
            consent: ConsentAnswer::Refused,
            romanised_name: hash(70),
        };
        if !same {
            let before = scene.wallet.facts.certificates.clone();
            assert_eq!(scene.refuses(again.clone()), [Reason::RelinkAmbiguous], "{consented} {updates}");
            assert_eq!(scene.wallet.facts.certificates, before, "no login comes of it");
            // Support has found out who it is.
            assert_eq!(scene.ask_by(Channel::Operator, again).answer, Answer::Done);
        } else {
            scene.does(again);
        }
        // LINK-01: issued again, the account signs in as before.
        let session = scene.does(Command::SignIn(SignIn::Certificate { device: hash(DEVICE) })).session.unwrap();
        assert_eq!(session.account, scene.wallet.account.id);
        assert_eq!(scene.wallet.facts.link.state(), LinkState::Linked, "counted from the new certificate on");
    }
}

#[test]
fn a_first_certificate_is_matched_with_nothing_link_03() {
    let mut scene = Scene::money();
    (0..3).for_each(|_| update_card(&mut scene));
    scene.issue(0, ConsentAnswer::Refused);
}

#[test]
fn never_seen_is_not_the_same_as_not_matchable_link_05_cert_11() {
    match relink(None, false) {
        Relinking::NeverSeen(refusal) => assert_eq!(refusal.reason, Reason::RegistrationRequired),
        other => panic!("{other:?}"),
    }
    assert!(matches!(relink(None, true), Relinking::Ambiguous(_)), "no plain form where a duplicate would come of it");
}

#[test]
fn an_account_hangs_on_a_person_and_serials_are_history_link_02_link_06() {
    let mut scene = Scene::money();
    scene.issue(0, ConsentAnswer::Refused);
    scene.issue(1, ConsentAnswer::Refused);
    assert_eq!(scene.wallet.facts.link.person, Some(hash(PERSON)));
    let serials: BTreeSet<_> = scene.wallet.facts.certificates.history.iter().map(|past| past.serial).collect();
    assert_eq!(serials.len(), 5, "two of each, and the card's");
    assert!(!serials.contains(&hash(PERSON)));
}

#[test]
fn a_changed_name_needs_the_consent_of_before_cons_05_t_15() {
    let reissue = |number, name| Command::CertificatesIssued {
        issued: issued(number, noon().plus_seconds(9 * DAY)),
        consent: ConsentAnswer::Refused,
        romanised_name: hash(name),
    };
    let mut without = Scene::money();
    without.issue(0, ConsentAnswer::Refused);
    let refusal = without.refusal(reissue(1, 71));
    assert_eq!(refusal.reason, Reason::NameChangedWithoutConsent);
    assert_eq!(refusal.detail, ["enter_earlier_name"]);
    without.does(reissue(1, 70));
    let mut with = Scene::money();
    with.issue(0, granted(true));
    with.does(reissue(1, 71));
    assert_eq!(with.wallet.facts.link.romanised_name, Some(hash(71)));
}

#[test]
fn consent_whose_registration_failed_leaves_the_certificate_usable_cons_03_t_16() {
    let mut scene = Scene::certificate();
    scene.issue(0, granted(false));
    let (at, cause) = (scene.at, RegistrationFailure::Transport);
    assert_eq!(scene.wallet.consent.state, ConsentState::RegistrationFailed { at, cause });
    scene.does(Command::SignIn(SignIn::Certificate { device: hash(DEVICE) }));
    scene.issue(1, granted(true));
    assert!(scene.wallet.consent.is_in_force(scene.at), "tried again by re-issue");
    let mut never = Scene::certificate();
    never.issue(0, ConsentAnswer::Refused);
    never.does(Command::ConsentNotGiven);
    let cause = RegistrationFailure::NotConsented;
    assert_eq!(never.wallet.consent.state, ConsentState::RegistrationFailed { at, cause });
    never.does(Command::SignIn(SignIn::Certificate { device: hash(DEVICE) }));
}

#[test]
fn five_items_are_asked_about_where_issuing_begins_and_nowhere_else_cons_01() {
    let items: BTreeSet<_> = ConsentItem::ALL.into();
    let words: Vec<_> = items.iter().map(|item| serde_json::to_value(item).unwrap()).collect();
    assert_eq!(words, ["name", "address", "gender", "birthdate", "issuance_number"]);
    let mut scene = Scene::certificate();
    let id = || "consent-1".to_owned();
    scene.issue(0, ConsentAnswer::Granted { id: id(), items: items.clone(), registered: true });
    let may = |scene: &Scene, item| scene.wallet.consent.may_provide(item, true, scene.at);
    assert!(items.iter().all(|item| may(&scene, *item)));
    // It is given as of the issuing it came with, and a later one begins with the question again.
    assert!(matches!(scene.wallet.consent.state, ConsentState::Granted { at, .. } if at == scene.at));
    for left_out in ConsentItem::ALL {
        let mut scene = Scene::certificate();
        let items: BTreeSet<_> = ConsentItem::ALL.into_iter().filter(|item| *item != left_out).collect();
        scene.issue(0, ConsentAnswer::Granted { id: id(), items, registered: true });
        assert_eq!(ConsentItem::ALL.into_iter().filter(|item| !may(&scene, *item)).collect::<Vec<_>>(), [left_out]);
    }
    let mut begun = Scene::certificate();
    begun.does(Command::IssuanceIncomplete { certificate: WalletCertificate::MyAuth });
    assert_eq!(begun.wallet.consent.state, ConsentState::NotAsked, "no other step of issuing answers for the holder");
}

#[test]
fn refusing_consent_blocks_nothing_cons_02_cons_04() {
    let mut scene = Scene::certificate();
    scene.issue(0, ConsentAnswer::Refused);
    assert_eq!(scene.wallet.consent.state, ConsentState::Refused { at: scene.at });
    scene.does(Command::SignIn(SignIn::Certificate { device: hash(DEVICE) }));
    scene.bank(10);
    assert!(!scene.wallet.facts.link.consent_at_issue, "its one consequence is remembered (CONS-04)");
}

#[test]
fn a_consent_lasts_ten_years_from_the_next_day_survives_reissue_and_is_reminded_of_cons_06() {
    let mut scene = Scene::certificate();
    scene.issue(0, granted(true));
    let end = at("2036-11-23T00:00:00+09:00");
    assert!(matches!(scene.wallet.consent.state, ConsentState::Granted { expires_at, .. } if expires_at == end));
    scene.issue(1, ConsentAnswer::Refused);
    assert!(scene.wallet.consent.is_in_force(scene.at), "survives re-issue");
    let told = |scene: &mut Scene, template: fn(&Template) -> bool| {
        scene
            .ask(Command::Sweep)
            .notices
            .iter()
            .filter(|it| it.medium == Medium::Mail && template(&it.template))
            .count()
    };
    let reminder: fn(&Template) -> bool = |it| matches!(it, Template::ConsentReminder);
    let renewal: fn(&Template) -> bool = |it| matches!(it, Template::ConsentRenewal { .. });
    scene.at = at("2027-11-22T11:59:59+09:00");
    assert_eq!(told(&mut scene, reminder), 0);
    scene.at = at("2027-11-22T12:00:00+09:00");
    assert_eq!(told(&mut scene, reminder), 1);
    assert_eq!(told(&mut scene, reminder), 0, "once a year");
    scene.at = end.plus_seconds(-90 * DAY - 1);
    assert_eq!(told(&mut scene, renewal), 0, "more than ninety days");
    scene.at = end.plus_seconds(-90 * DAY);
    assert_eq!(told(&mut scene, renewal), 1);
    assert_eq!(told(&mut scene, renewal), 0);
    scene.at = end.plus_seconds(-1);
    scene.does(Command::Sweep);
    assert!(scene.wallet.consent.is_in_force(scene.at), "to the last second");
    scene.at = end;
    scene.does(Command::Sweep);
    assert_eq!(scene.wallet.consent.state, ConsentState::Expired { at: end });
}

#[test]
fn nothing_is_provided_without_a_living_certificate_or_after_withdrawal_cons_06() {
    let mut scene = Scene::certificate();
    scene.issue(0, granted(true));
    let consent = |scene: &Scene, lives| scene.wallet.consent.may_provide(ConsentItem::Name, lives, scene.at);
    assert!(consent(&scene, true) && !consent(&scene, false));
    scene.does(Command::WithdrawConsent);
    assert!(!consent(&scene, true));
    assert_eq!(scene.refuses(Command::WithdrawConsent), [Reason::FlowOutOfOrder]);
}

#[test]
fn consent_and_account_are_two_documents_cons_07() {
    let mut scene = Scene::certificate();
    scene.issue(0, granted(true));
    let (facts, consent) = (scene.wallet.facts.to_document().unwrap(), scene.wallet.consent.to_document().unwrap());
    assert!(!facts.contains("consent-1") && consent.contains("consent-1"));
    assert!(!consent.contains("ミホン") && !consent.contains("serial"));
    assert_eq!(Consent::from_document(&consent).unwrap(), scene.wallet.consent);
}

#[test]
fn consent_is_item_by_item_and_service_by_service_cons_08() {
    let mut scene = Scene::certificate();
    scene.issue(0, granted(true));
    let may = |scene: &Scene, item| scene.wallet.consent.may_pass_on(item, "points", true, scene.at);
    assert!(!scene.wallet.consent.may_provide(ConsentItem::Birthdate, true, scene.at), "not consented to");
    assert!(!may(&scene, ConsentItem::Name), "passing on needs its own consent");
    let pass = |items: BTreeSet<_>| Command::PassOn { service: "points".into(), items };
    assert_eq!(scene.refuses(pass([ConsentItem::Birthdate].into())), [Reason::FlowOutOfOrder]);
    assert_eq!(scene.refuses(pass([ConsentItem::IssuanceNumber].into())), [Reason::FlowOutOfOrder], "LAW-35, LAW-37");
    scene.does(pass([ConsentItem::Name].into()));
    assert!(may(&scene, ConsentItem::Name) && !may(&scene, ConsentItem::Address));
    let without = scene.wallet.consent.may_pass_on(ConsentItem::Name, "points", false, scene.at);
    assert!(!without, "nothing is passed on while no certificate lives (CONS-06)");
}
