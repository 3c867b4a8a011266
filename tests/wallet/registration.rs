//! Opening an account: ACC-12, ACC-14, UNIQ-01 to UNIQ-04, LINK-05.

use crate::scene::{Scene, address, contact, hash};
use honnin::reason::Reason;
use honnin::secret::Personal;
use honnin::wallet::{
    Applicant, Applied, ClaimChange, ClaimKind, Command, Contact, Known, Occupancy, Registration, registration,
};

fn held() -> Occupancy {
    Occupancy::Held("a-1".parse().unwrap())
}

fn apply(known: &Known, applicant: Applicant) -> Registration {
    typed(known, applicant, |_| ())
}

/// The same with something else typed.
fn typed(known: &Known, applicant: Applicant, change: impl FnOnce(&mut (Contact, String, bool))) -> Registration {
    let mut form = (contact(), "ミホン タロウ".to_owned(), true);
    change(&mut form);
    let (contact, kana, has_card) = form;
    let (kana, name_and_birthdate) = (Personal::new(kana), Some(hash(8)));
    registration(known, &Applied { applicant, has_card, contact: &contact, kana: &kana, name_and_birthdate })
}

fn reasons(registration: &Registration) -> Vec<Reason> {
    match registration {
        Registration::Refused(refusals) => refusals.iter().map(|refusal| refusal.reason).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn what_is_taken_is_refused_and_the_way_is_shown_uniq_01_uniq_02_link_05() {
    for (known, expected) in [
        (Known { email: held(), ..Known::default() }, vec![Reason::EmailInUse]),
        (Known { phone: held(), ..Known::default() }, vec![Reason::PhoneInUse]),
        (Known { name_and_birthdate: held(), ..Known::default() }, vec![Reason::RelinkAmbiguous]),
        (
            Known { email: held(), phone: held(), name_and_birthdate: held() },
            vec![Reason::EmailInUse, Reason::PhoneInUse, Reason::RelinkAmbiguous],
        ),
    ] {
        let answer = apply(&known, Applicant::BothConfirmed);
        assert_eq!(reasons(&answer), expected, "{known:?}");
        if let (Registration::Refused(refusals), true) = (&answer, expected[0] != Reason::RelinkAmbiguous) {
            let ways = refusals.iter().filter(|refusal| refusal.reason != Reason::RelinkAmbiguous);
            assert!(ways.into_iter().all(|refusal| refusal.detail == ["migrate_or_log_in"]));
        }
    }
}

#[test]
fn a_stranger_learns_nothing_uniq_04() {
    let free = apply(&Known::default(), Applicant::Stranger);
    let every = [
        Known { email: held(), ..Known::default() },
        Known { email: Occupancy::Burnt, ..Known::default() },
        Known { phone: held(), ..Known::default() },
        Known { name_and_birthdate: held(), ..Known::default() },
        Known { email: held(), phone: held(), name_and_birthdate: held() },
    ];
    // The same answer to everybody, and nobody's box is filled by whoever types an address: the owner is told once a phone
    // was shown to be the applicant's.
    assert_eq!(free, Registration::CodeOnItsWay { tell_owner: false });
    assert!(every.iter().all(|known| apply(known, Applicant::Stranger) == free));
}

#[test]
fn a_phone_of_ones_own_tells_nothing_of_anothers_mail_address_uniq_04() {
    // Whoever owns this phone asks about one mail address after another.
    for phone in [Occupancy::Free, Occupancy::Held("a-2".parse().unwrap())] {
        let seen = |email| match apply(
            &Known { email, phone: phone.clone(), ..Known::default() },
            Applicant::PhoneConfirmed,
        ) {
            Registration::CodeOnItsWay { .. } => None,
            Registration::Refused(refusals) => Some(refusals),
            other @ Registration::Open(_) => panic!("{other:?}"),
        };
        let free = seen(Occupancy::Free);
        assert_eq!([seen(held()), seen(Occupancy::Burnt)], [free.clone(), free], "{phone:?}");
    }
    let known = Known { email: held(), ..Known::default() };
    assert_eq!(apply(&known, Applicant::PhoneConfirmed), Registration::CodeOnItsWay { tell_owner: true });
    assert_eq!(
        apply(&Known::default(), Applicant::PhoneConfirmed),
        Registration::CodeOnItsWay { tell_owner: false },
        "nor by an account that opens"
    );
}

#[test]
fn the_registered_phone_tells_of_its_mail_address_uniq_01_uniq_02_uniq_04() {
    let known = Known { email: held(), phone: held(), ..Known::default() };
    assert_eq!(reasons(&apply(&known, Applicant::PhoneConfirmed)), [Reason::EmailInUse, Reason::PhoneInUse]);
}

#[test]
fn a_burnt_address_registers_never_again_uniq_03_t_13() {
    let mut scene = Scene::certificate();
    let withdrawn = scene.does(Command::Withdraw { code: None });
    let burnt = withdrawn.claims.iter().any(|change| {
        matches!(change, ClaimChange::Burn(claim) if claim.kind == ClaimKind::Email && claim.hash == contact().email.hash)
    });
    assert!(burnt);
    let known = Known { email: Occupancy::Burnt, ..Known::default() };
    assert_eq!(reasons(&apply(&known, Applicant::BothConfirmed)), [Reason::EmailBurnt]);
}

#[test]
fn without_a_card_there_is_no_way_acc_14() {
    let answer = typed(&Known::default(), Applicant::BothConfirmed, |(.., has_card)| *has_card = false);
    assert_eq!(reasons(&answer), [Reason::CertificateNotIssued]);
}

#[test]
fn what_is_free_is_taken_together_link_05() {
    let Registration::Open(claims) = apply(&Known::default(), Applicant::BothConfirmed) else { panic!() };
    let kinds: Vec<_> = claims
        .iter()
        .map(|change| match change {
            ClaimChange::Take(claim) => claim.kind,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(kinds, [ClaimKind::Email, ClaimKind::Phone, ClaimKind::NameAndBirthdate]);
}

#[test]
fn what_was_typed_wrongly_is_told_to_anybody_and_nothing_is_claimed_attr_04_attr_06_law_41() {
    type Change = fn(&mut (Contact, String, bool));
    let wrong: [(Change, Reason, &[&str]); 6] = [
        (|(contact, ..)| contact.email = address(" ", 1), Reason::InputMalformed, &["email"]),
        (|(contact, ..)| contact.email = address("123456789018@example.jp", 1), Reason::MyNumberPresent, &[]),
        (|(contact, ..)| contact.phone = address("", 2), Reason::InputMalformed, &["phone"]),
        (|(contact, ..)| contact.phone = address("０９０", 2), Reason::InputMalformed, &["phone"]),
        (|(_, kana, _)| *kana = String::new(), Reason::InputMalformed, &["kana"]),
        (|(_, kana, _)| *kana = "漢字 123456789018".into(), Reason::InputMalformed, &["kana"]),
    ];
    for applicant in [Applicant::Stranger, Applicant::PhoneConfirmed, Applicant::BothConfirmed] {
        for (change, reason, detail) in wrong {
            // Whether somebody is a customer makes no difference to it (UNIQ-04).
            for known in [Known::default(), Known { email: held(), phone: held(), name_and_birthdate: held() }] {
                let Registration::Refused(refusals) = typed(&known, applicant, change) else { panic!("{reason:?}") };
                let told: Vec<_> = refusals.iter().map(|it| (it.reason, it.detail.as_slice())).collect();
                assert_eq!(told, [(reason, detail)]);
            }
        }
    }
}
