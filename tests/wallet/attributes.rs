//! Where attributes come from and how they are changed: ATTR-01 to ATTR-07, SEC-08 (matching and kana stand beside their code).

use crate::scene::{DAY, Scene, address, at, hash, noon};
use honnin::reason::Reason;
use honnin::secret::Personal;
use honnin::wallet::{
    AttributeName, ClaimChange, Command, Happened, Medium, Occupancy, Operation, PhoneProof, Source, Taken,
};
use std::collections::BTreeMap;

fn taken(as_of: &str, name: u8, kana: Option<&str>) -> Taken {
    let hashes = BTreeMap::from([(AttributeName::Name, hash(name)), (AttributeName::Gender, hash(60))]);
    let kana = kana.map(|it| Personal::new(it.to_owned()));
    Taken { from_latest_info: false, as_of: at(as_of), hashes, kana }
}

#[test]
fn an_attribute_is_as_of_its_certificates_issuance_attr_01() {
    let mut scene = Scene::certificate();
    scene.does(Command::TakeAttributes(taken("2026-06-01T00:00:00+09:00", 80, None)));
    let name = &scene.wallet.facts.attributes.held[&AttributeName::Name];
    assert_eq!((&name.source, name.as_of), (&Source::Certificate, at("2026-06-01T00:00:00+09:00")));
    // An older certificate brings nothing new.
    scene.does(Command::TakeAttributes(taken("2025-06-01T00:00:00+09:00", 81, None)));
    assert_eq!(scene.wallet.facts.attributes.held[&AttributeName::Name].hash, hash(80));
    let newer = scene.does(Command::TakeAttributes(taken("2026-07-01T00:00:00+09:00", 82, None)));
    assert!(newer.happened.contains(&Happened::AttributesTaken { differing: vec![AttributeName::Name] }));
}

#[test]
fn name_birthdate_and_address_are_edited_by_nobody_attr_02() {
    let mut scene = Scene::money();
    for attribute in [AttributeName::Name, AttributeName::Birthdate, AttributeName::Address, AttributeName::Gender] {
        let edit = Command::SupportEdit {
            attribute,
            value: Personal::new("ミホン".into()),
            ticket: "ticket-1".into(),
            edited_by: "a".into(),
            approved_by: "b".into(),
        };
        let refusal = scene.refusal(edit);
        assert_eq!((refusal.reason, refusal.rule.as_str()), (Reason::FlowOutOfOrder, "ATTR-02"));
    }
}

#[test]
fn kana_is_changed_by_support_with_a_ticket_and_four_eyes_attr_03() {
    let mut scene = Scene::money();
    let edit = |value: &str, ticket: &str, edited_by: &str, approved_by: &str| Command::SupportEdit {
        attribute: AttributeName::Kana,
        value: Personal::new(value.into()),
        ticket: ticket.into(),
        edited_by: edited_by.into(),
        approved_by: approved_by.into(),
    };
    assert_eq!(scene.wallet.facts.attributes.kana.source, Source::SelfAsserted);
    for (value, ticket, one, other) in [
        ("ミホン", "", "a", "b"),
        ("ミホン", "ticket-1", "a", "a"),
        ("ミホン", "ticket-1", "a", " a "),
        ("見本", "ticket-1", "a", "b"),
    ] {
        assert_eq!(scene.refuses(edit(value, ticket, one, other)), [Reason::InputMalformed]);
    }
    scene.does(edit("ミホン ジロウ", "ticket-1", "a", "b"));
    let kana = &scene.wallet.facts.attributes.kana;
    assert_eq!(kana.value.reveal(), "ミホン ジロウ");
    assert_eq!(kana.source, Source::SupportEdited { ticket: "ticket-1".into() });
}

#[test]
fn a_ticket_is_a_short_name_and_no_my_number_law_41() {
    let mut scene = Scene::money();
    let edit = |ticket: &str| Command::SupportEdit {
        attribute: AttributeName::Kana,
        value: Personal::new("ミホン ジロウ".into()),
        ticket: ticket.into(),
        edited_by: "a".into(),
        approved_by: "b".into(),
    };
    for malformed in ["見本太郎の件", "a b", "a\nb", " t-1", &"t".repeat(65)] {
        assert_eq!(scene.refuses(edit(malformed)), [Reason::InputMalformed], "{malformed:?}");
    }
    for number in ["123456789018", "T-1234-5678-9018"] {
        let ruling = scene.ask(edit(number));
        assert_eq!(ruling.answer.reasons(), [Reason::MyNumberPresent]);
        assert!(ruling.happened.is_empty());
    }
    assert_eq!(scene.wallet.facts.attributes.kana.source, Source::SelfAsserted);
    scene.does(edit(&"t".repeat(64)));
    let mail = address("x123456789018@example.jp", 31);
    let code = scene.code(Operation::EmailChange);
    let change = Command::ChangeEmail { new: mail, new_confirmed: true, occupancy: Occupancy::Free, code };
    assert_eq!(scene.refuses(change), [Reason::MyNumberPresent]);
}

#[test]
fn a_kana_name_in_the_certificate_goes_before_the_typed_one_attr_05() {
    let mut scene = Scene::money();
    scene.does(Command::TakeAttributes(taken("2026-05-25T23:59:59+09:00", 80, Some("ﾐﾎﾝ ｼﾞﾛｳ"))));
    assert_eq!(scene.wallet.facts.attributes.kana.source, Source::SelfAsserted, "before the day it counts");
    scene.does(Command::TakeAttributes(taken("2026-05-26T00:00:00+09:00", 80, Some("ﾐﾎﾝ ﾀﾛｳ"))));
    let kana = &scene.wallet.facts.attributes.kana;
    assert_eq!((&kana.source, kana.differed_from_typed), (&Source::Certificate, false), "the same name in half width");
    let mut other = Scene::money();
    let ruling = other.does(Command::TakeAttributes(taken("2026-05-26T00:00:00+09:00", 80, Some("ミホン ジロウ"))));
    assert!(other.wallet.facts.attributes.kana.differed_from_typed, "the difference is recorded");
    assert!(ruling.happened.contains(&Happened::AttributesTaken { differing: vec![AttributeName::Kana] }));
}

#[test]
fn phone_and_mail_are_the_holders_to_change_attr_06_ch_02() {
    let mut scene = Scene::money();
    let phone = |proof| Command::ChangePhone { new: address("080-0000-7777", 30), occupancy: Occupancy::Free, proof };
    assert_eq!(
        scene.refuses(phone(PhoneProof::CodeToOldNumber { code: None, new_confirmed: true })),
        [Reason::OneTimePasswordRequired]
    );
    let code = scene.code(Operation::PhoneChange);
    let changed = scene.does(phone(PhoneProof::CodeToOldNumber { code, new_confirmed: true }));
    assert!(
        matches!(changed.claims[..], [ClaimChange::Release(old), ClaimChange::Take(new)] if old.hash == hash(2) && new.hash == hash(30))
    );
    let code = scene.code(Operation::EmailChange);
    let mail =
        |occupancy| Command::ChangeEmail { new: address("new@example.jp", 31), new_confirmed: true, occupancy, code };
    assert_eq!(scene.refuses(mail(Occupancy::Held("a-2".parse().unwrap()))), [Reason::EmailInUse]);
    assert_eq!(scene.refuses(mail(Occupancy::Burnt)), [Reason::EmailBurnt]);
    let changed = scene.does(mail(Occupancy::Free));
    assert_eq!(changed.notices[0].medium, Medium::Sms, "the old box may be dead (CH-02)");
    assert_eq!(scene.wallet.facts.contact.as_ref().unwrap().email.hash, hash(31));
}

#[test]
fn a_customer_learns_of_nobody_elses_addresses_uniq_04() {
    let mut scene = Scene::money();
    let held = || Occupancy::Held("a-2".parse().unwrap());
    let (mail_code, phone_code) = (scene.code(Operation::EmailChange), scene.code(Operation::PhoneChange));
    let mail = |occupancy, new_confirmed| Command::ChangeEmail {
        new: address("other@example.jp", 31),
        new_confirmed,
        occupancy,
        code: mail_code,
    };
    let phone = |occupancy, new_confirmed| Command::ChangePhone {
        new: address("080-0000-7777", 30),
        occupancy,
        proof: PhoneProof::CodeToOldNumber { code: phone_code, new_confirmed },
    };
    for ask in [&mail as &dyn Fn(Occupancy, bool) -> Command, &phone] {
        let free = scene.clone().ask(ask(Occupancy::Free, false)).answer;
        assert_eq!(free.reasons(), [Reason::FlowOutOfOrder], "not shown to be one's own");
        for occupancy in [held(), Occupancy::Burnt] {
            assert_eq!(scene.clone().ask(ask(occupancy, false)).answer, free);
        }
    }
    assert_eq!(scene.refuses(mail(held(), true)), [Reason::EmailInUse]);
    assert_eq!(scene.refuses(phone(held(), true)), [Reason::PhoneInUse]);
    scene.does(mail(Occupancy::Free, true));
    scene.does(phone(Occupancy::Free, true));
}

#[test]
fn gender_is_taken_only_for_a_purpose_attr_07() {
    let mut scene = Scene::money();
    scene.does(Command::TakeAttributes(taken("2026-06-01T00:00:00+09:00", 80, None)));
    assert!(!scene.wallet.facts.attributes.held.contains_key(&AttributeName::Gender));
    scene.policy.wallet.attributes.gender_purpose = "医療費通知".into();
    scene.later(DAY).does(Command::TakeAttributes(taken("2026-06-02T00:00:00+09:00", 80, None)));
    assert!(scene.wallet.facts.attributes.held.contains_key(&AttributeName::Gender));
    assert!(noon() < scene.at);
}
