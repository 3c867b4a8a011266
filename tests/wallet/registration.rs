//! Opening an account: ACC-12, ACC-14, UNIQ-01 to UNIQ-04, LINK-05.

use crate::scene::{Scene, contact, hash};
use honnin::reason::Reason;
use honnin::wallet::{Applicant, ClaimChange, ClaimKind, Command, Known, Occupancy, Registration, registration};

fn held() -> Occupancy {
    Occupancy::Held("a-1".parse().unwrap())
}

fn apply(known: &Known, applicant: Applicant) -> Registration {
    registration(known, applicant, true, &contact(), Some(hash(9)), Some(hash(8)))
}

fn reasons(registration: &Registration) -> Vec<Reason> {
    match registration {
        Registration::Refused(refusals) => refusals.iter().map(|refusal| refusal.reason).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn what_is_taken_is_refused_and_the_way_is_shown_uniq_01_uniq_02_acc_12() {
    for (known, expected) in [
        (Known { email: held(), ..Known::default() }, vec![Reason::EmailInUse]),
        (Known { phone: held(), ..Known::default() }, vec![Reason::PhoneInUse]),
        (Known { person: held(), ..Known::default() }, vec![Reason::DuplicateAccount]),
        (Known { name_and_birthdate: held(), ..Known::default() }, vec![Reason::RelinkAmbiguous]),
        (
            Known { email: held(), phone: held(), person: held(), name_and_birthdate: held() },
            vec![Reason::EmailInUse, Reason::PhoneInUse, Reason::DuplicateAccount],
        ),
    ] {
        let answer = apply(&known, Applicant::BothConfirmed);
        assert_eq!(reasons(&answer), expected, "{known:?}");
        if let (Registration::Refused(refusals), true) = (&answer, expected[0] != Reason::RelinkAmbiguous) {
            assert!(refusals.iter().all(|refusal| refusal.detail == ["migrate_or_log_in"]));
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
        Known { person: held(), ..Known::default() },
        Known { email: held(), phone: held(), person: held(), name_and_birthdate: held() },
    ];
    // What the stranger sees is the variant; whether the owner is told is nobody's to see.
    let seen = |registration: &Registration| matches!(registration, Registration::CodeOnItsWay { .. });
    assert!(seen(&free) && every.iter().all(|known| seen(&apply(known, Applicant::Stranger))));
    assert_eq!(free, Registration::CodeOnItsWay { tell_owner: false });
    assert_eq!(apply(&every[0], Applicant::Stranger), Registration::CodeOnItsWay { tell_owner: true });
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
    let answer = registration(&Known::default(), Applicant::BothConfirmed, false, &contact(), None, None);
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
    assert_eq!(kinds, [ClaimKind::Email, ClaimKind::Phone, ClaimKind::Person, ClaimKind::NameAndBirthdate]);
}
