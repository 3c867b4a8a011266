//! Every node of the tree made to happen from facts alone.

use super::{
    BlockFact, CardFact, Diagnosis, Facts, Node, OtherCard, Particulars, Platform, ReaderFact, Sandbox, ServiceFact,
    Severity, UsbFact, diagnose,
};
use crate::anchors::Generation;
use crate::card::{Application, CardKind, RetryCounter, TokenLabel};
use crate::holder::{CardStatus, CertificateStatus};
use crate::reason::Reason;
use crate::secret::SecretKind;
use crate::time::{UnixTime, Validity};

fn at(text: &str) -> UnixTime {
    text.parse().unwrap()
}

fn reader() -> ReaderFact {
    ReaderFact { name: "Reader 00 00".to_owned(), card_present: true, ..ReaderFact::default() }
}

fn card() -> CardStatus {
    CardStatus {
        label: TokenLabel::from_bytes(b"JPKIAPICCTOKEN2                 "),
        kind: CardKind::IndividualNumberCard,
        applications: vec![Application::Jpki],
        counters: vec![
            (SecretKind::UserAuthentication, RetryCounter::Remaining(3)),
            (SecretKind::DigitalSignature, RetryCounter::Remaining(5)),
        ],
        user_authentication: CertificateStatus {
            present: Some(true),
            validity: Some(Validity { not_before: at("2025-01-01T00:00:00Z"), not_after: at("2030-01-01T00:00:00Z") }),
            issuer_generation: Some(Generation::Third),
            unreadable: false,
        },
        digital_signature_present: Some(true),
    }
}

fn nothing() -> Facts {
    Facts::at(at("2026-12-01T00:00:00Z"), at("2026-12-01T00:00:00Z"))
}

fn facts(card: CardFact) -> Facts {
    Facts { readers: vec![reader()], card: Some(card), ..nothing() }
}

/// The facts of a reader that this changed, with no card opened.
fn slot(change: impl FnOnce(&mut ReaderFact)) -> Facts {
    let mut changed = reader();
    change(&mut changed);
    Facts { readers: vec![changed], ..nothing() }
}

/// The facts of a system where PC/SC shows no reader and USB shows this one.
fn on_usb(vendor: u16, product: u16, change: impl FnOnce(&mut Facts)) -> Facts {
    let device =
        UsbFact { vendor, product, name: None, ccid: vendor != 0x054C || product == 0x0DC8, kernel_driver: None };
    let mut facts = Facts { usb: vec![device], ..nothing() };
    facts.drivers.ccid = true;
    facts.drivers.ccid_version = "1.5.2".parse().ok();
    change(&mut facts);
    facts
}

fn block(length: u16, carried: bool) -> BlockFact {
    BlockFact { length, carried, microseconds: u64::from(length) * 100 }
}

fn nodes(diagnosis: &Diagnosis) -> Vec<Node> {
    diagnosis.findings.iter().map(|finding| finding.node).collect()
}

fn blocked_by(facts: &Facts) -> (Node, Reason) {
    let diagnosis = diagnose(facts);
    let blocker = diagnosis.blocker().expect("something blocks");
    (blocker.node, blocker.reason().unwrap())
}

#[test]
fn a_good_card_is_usable_and_its_counters_are_told() {
    let diagnosis = diagnose(&facts(CardFact::Read(card())));
    assert_eq!(diagnosis.blocker(), None);
    assert_eq!(nodes(&diagnosis), [Node::P1, Node::P1]);
}

/// Every scenario of desktop.md §1 by the node that must speak first, and the reason the program ends with.
fn scenarios() -> Vec<(&'static str, Facts, Node, Option<Reason>)> {
    let service = |service, change: fn(&mut Facts)| {
        let mut facts = Facts { service, ..nothing() };
        change(&mut facts);
        facts
    };
    let windows = |facts: &mut Facts| facts.system.platform = Platform::Windows;
    let read = |change: fn(&mut CardStatus)| {
        let mut card = card();
        change(&mut card);
        facts(CardFact::Read(card))
    };
    let linked = |blocks: &[BlockFact]| Facts { link: blocks.to_vec(), ..facts(CardFact::Read(card())) };
    use Reason::*;
    vec![
        ("no library", service(ServiceFact::LibraryMissing, |_| {}), Node::E1, Some(NoPcscService)),
        ("no service", service(ServiceFact::Absent, |_| {}), Node::E2, Some(NoPcscService)),
        ("no service on Windows", service(ServiceFact::Absent, windows), Node::E2w, Some(NoPcscService)),
        ("polkit says no", service(ServiceFact::NotPermitted, |_| {}), Node::E3, Some(NotPermitted)),
        ("polkit says no to cards", facts(CardFact::NotPermitted), Node::E3, Some(NotPermitted)),
        (
            "a sandbox with the socket of another version",
            service(ServiceFact::Absent, |facts| {
                facts.system.sandbox = Some(Sandbox::Container);
                facts.system.service_socket = true;
            }),
            Node::E4,
            Some(NoPcscService),
        ),
        (
            "WSL without a reader attached",
            {
                let mut facts = nothing();
                facts.system.wsl = true;
                facts
            },
            Node::E5,
            Some(NoReader),
        ),
        ("no reader at all", nothing(), Node::R1, Some(NoReader)),
        ("a reader that PC/SC has reason to know", on_usb(0x072F, 0x2200, |_| {}), Node::R1, Some(NoReader)),
        (
            "the kernel took it",
            on_usb(0x072F, 0x2200, |facts| facts.usb[0].kernel_driver = Some("pn533_usb".to_owned())),
            Node::R2,
            Some(NoReader),
        ),
        (
            "somebody took it, says the log",
            on_usb(0x072F, 0x2200, |facts| facts.drivers.interface_taken = true),
            Node::R2,
            Some(NoReader),
        ),
        (
            "no driver",
            on_usb(0x04E6, 0x5116, |facts| {
                facts.drivers.ccid = false;
                facts.drivers.ccid_version = None;
            }),
            Node::R3,
            Some(NoReader),
        ),
        (
            "an old driver",
            on_usb(0x054C, 0x0DC8, |facts| facts.drivers.ccid_version = "1.4.34".parse().ok()),
            Node::R3,
            Some(NoReader),
        ),
        ("RC-S380 on Linux", on_usb(0x054C, 0x06C3, |_| {}), Node::R4, Some(NoReader)),
        (
            "RC-S320 on macOS",
            on_usb(0x054C, 0x01BB, |facts| facts.system.platform = Platform::Macos(15)),
            Node::R4,
            Some(NoReader),
        ),
        ("RC-S380 on Windows", on_usb(0x054C, 0x06C1, windows), Node::R4w, Some(NoReader)),
        (
            "virtual readers",
            slot(|reader| reader.name = "Windows Hello for Business 1".into()),
            Node::R5,
            Some(NoReader),
        ),
        (
            "a mute card on macOS",
            {
                let mut facts = slot(|reader| reader.mute = true);
                facts.system.platform = Platform::Macos(14);
                facts
            },
            Node::R6,
            Some(TransportFailed),
        ),
        ("an empty reader", slot(|reader| reader.card_present = false), Node::C1, Some(NoCard)),
        ("a mute card", slot(|reader| reader.mute = true), Node::C2, Some(TransportFailed)),
        ("a broken link", facts(CardFact::LinkBroken), Node::C2, Some(TransportFailed)),
        ("a card that comes and goes", slot(|reader| reader.changes = 2), Node::C3, Some(CardLostContact)),
        ("a card that was lifted", facts(CardFact::Moved), Node::C3, Some(CardLostContact)),
        (
            "a FeliCa card",
            {
                let mut facts = facts(CardFact::NotSupported { guess: Some(OtherCard::Felica) });
                facts.readers[0].other_radio_seen = true;
                facts
            },
            Node::C4,
            None,
        ),
        ("a held card", slot(|reader| reader.held_by_another = true), Node::C5, Some(ReaderBusy)),
        ("a card taken in between", facts(CardFact::HeldByAnother), Node::C5, Some(ReaderBusy)),
        (
            "a shared card",
            {
                let mut facts = facts(CardFact::Read(card()));
                facts.readers[0].shared_with_another = true;
                facts
            },
            Node::C6,
            None,
        ),
        ("another card", facts(CardFact::NotSupported { guess: None }), Node::A1, Some(NotASupportedCard)),
        ("a phone", read(|card| card.kind = CardKind::AndroidPhone), Node::A2, Some(NotASupportedCard)),
        ("a child", read(|card| card.digital_signature_present = Some(false)), Node::A3, None),
        (
            "an expired certificate",
            read(|card| {
                card.user_authentication.validity.as_mut().unwrap().not_after = at("2026-11-01T00:00:00Z");
            }),
            Node::A4,
            Some(CertificateExpired),
        ),
        ("counters", read(|_| {}), Node::P1, None),
        ("the last try", read(|card| card.counters[0].1 = RetryCounter::Remaining(1)), Node::P2, None),
        (
            "both blocked",
            read(|card| card.counters.iter_mut().for_each(|counter| counter.1 = RetryCounter::Blocked)),
            Node::P3,
            Some(PinLocked),
        ),
        ("a silent counter", read(|card| card.counters[0].1 = RetryCounter::NotReported), Node::P4, None),
        (
            "the link",
            {
                let mut facts = linked(&[block(256, true), block(224, true), block(128, true)]);
                if let Some(CardFact::Read(card)) = &mut facts.card {
                    card.counters.clear();
                }
                facts
            },
            Node::T1,
            None,
        ),
        (
            "a wrong clock",
            {
                let mut facts = read(|card| card.counters.clear());
                facts.now = at("2001-01-01T00:00:00Z");
                facts
            },
            Node::K1,
            None,
        ),
    ]
}

#[test]
fn every_node_of_the_tree_is_made_to_happen() {
    let mut seen: Vec<Node> = Vec::new();
    for (what, facts, node, reason) in scenarios() {
        let diagnosis = diagnose(&facts);
        let first = diagnosis.findings.first().unwrap_or_else(|| panic!("{what}: nothing was said"));
        assert_eq!(first.node, node, "{what}: {:?}", diagnosis.findings);
        assert_eq!(first.reason(), reason, "{what}");
        assert!(
            diagnosis.findings.iter().filter(|finding| finding.severity == Severity::Blocker).count() <= 3,
            "{what}: {:?}",
            diagnosis.findings
        );
        seen.push(node);
    }
    for node in Node::ALL {
        assert!(seen.contains(node), "{node} never spoke first");
    }
}

#[test]
fn after_the_first_blocker_only_remarks_follow_where_the_card_was_not_reached() {
    for (what, facts, ..) in scenarios() {
        if matches!(facts.card, Some(CardFact::Read(_))) {
            continue;
        }
        let diagnosis = diagnose(&facts);
        let blockers = diagnosis.findings.iter().filter(|finding| finding.severity == Severity::Blocker).count();
        assert_eq!(blockers, 1, "{what}: {:?}", diagnosis.findings);
    }
}

#[test]
fn usb_is_looked_at_only_where_no_reader_could_hold_a_card() {
    // desktop.md §1: "R-nodes look at USB only when PC/SC shows no usable reader".
    let mut facts = on_usb(0x054C, 0x06C3, |_| {});
    facts.readers = vec![ReaderFact { card_present: false, ..reader() }];
    assert_eq!(nodes(&diagnose(&facts)), [Node::C1]);
    facts.readers[0].name = "Yubico YubiKey OTP+FIDO+CCID 0".to_owned();
    assert_eq!(nodes(&diagnose(&facts)), [Node::R4], "a real reader that cannot work beats the virtual ones");
    // What is no reader is none, whoever made it.
    facts.usb[0] =
        UsbFact { vendor: 0x054C, product: 0x0001, name: Some("Camera".into()), ccid: false, kernel_driver: None };
    assert_eq!(nodes(&diagnose(&facts)), [Node::R5]);
    facts.usb[0].name = Some("RC-S330".into());
    assert_eq!(nodes(&diagnose(&facts)), [Node::R4], "families that desktop.md names are known by their name");
}

#[test]
fn a_reader_of_acs_is_served_by_its_own_driver_too() {
    let without_libccid = |facts: &mut Facts| {
        facts.drivers.ccid = false;
        facts.drivers.ccid_version = None;
        facts.drivers.acs = true;
    };
    assert_eq!(nodes(&diagnose(&on_usb(0x072F, 0x223B, without_libccid))), [Node::R1]);
    assert_eq!(nodes(&diagnose(&on_usb(0x04E6, 0x5116, without_libccid))), [Node::R3]);
}

#[test]
fn a_model_that_the_kernel_took_and_that_could_not_work_is_told_both() {
    let facts = on_usb(0x054C, 0x06C3, |facts| facts.usb[0].kernel_driver = Some("port100".to_owned()));
    let diagnosis = diagnose(&facts);
    assert_eq!(nodes(&diagnosis), [Node::R2, Node::R4]);
    let Some(Particulars::Device { name, kernel_driver }) = &diagnosis.findings[0].particulars else { panic!() };
    assert_eq!((name.as_str(), kernel_driver.as_deref()), ("Sony RC-S380", Some("port100")));
    assert_eq!(diagnosis.findings[1].severity, Severity::Warning);
}

#[test]
fn a_sandbox_and_wsl_are_remarked_beside_a_missing_service() {
    let mut facts = Facts { service: ServiceFact::Absent, ..nothing() };
    facts.system.sandbox = Some(Sandbox::Flatpak);
    facts.system.wsl = true;
    assert_eq!(nodes(&diagnose(&facts)), [Node::E2, Node::E4, Node::E5]);
    facts.usb.push(UsbFact { vendor: 0x072F, product: 0x2200, name: None, ccid: true, kernel_driver: None });
    assert_eq!(nodes(&diagnose(&facts)), [Node::E2, Node::E4], "a reader is attached");
}

#[test]
fn a_reader_that_needs_small_reads_is_handled_and_on_macos_its_driver_is_named() {
    let mut facts = facts(CardFact::Read(card()));
    facts.link = vec![block(256, false), block(224, false), block(128, true)];
    let told = diagnose(&facts);
    let last = told.findings.last().unwrap();
    assert_eq!(last.particulars, Some(Particulars::Link { length: 128, milliseconds: 13 }));
    assert_eq!((last.node, told.blocker()), (Node::T1, None));
    facts.system.platform = Platform::Macos(14);
    assert!(nodes(&diagnose(&facts)).contains(&Node::R6));
    facts.system.platform = Platform::Macos(13);
    assert!(!nodes(&diagnose(&facts)).contains(&Node::R6));
}

#[test]
fn whoever_may_hold_the_card_is_named() {
    let mut facts = slot(|reader| reader.held_by_another = true);
    facts.programs = vec!["scdaemon".to_owned()];
    let told = diagnose(&facts);
    assert_eq!(told.findings[0].particulars, Some(Particulars::Programs(vec!["scdaemon".to_owned()])));
}

#[test]
fn a_reader_for_felica_only_is_doubted_only_where_the_card_was_not_read() {
    let mut facts = slot(|reader| {
        reader.name = "SONY RC-S320 0".to_owned();
        reader.card_present = false;
    });
    assert_eq!(nodes(&diagnose(&facts)), [Node::C1, Node::C4]);
    facts.readers[0].other_radio_seen = true;
    facts.card = Some(CardFact::Read(card()));
    assert!(!nodes(&diagnose(&facts)).contains(&Node::C4));
}

#[test]
fn another_kind_of_token_is_named_and_looked_at_no_further() {
    for kind in [CardKind::ResidentCard, CardKind::AndroidPhone, CardKind::IosPhone, CardKind::Unknown] {
        let facts = facts(CardFact::Read(CardStatus { kind, ..card() }));
        assert_eq!(blocked_by(&facts), (Node::A2, Reason::NotASupportedCard));
    }
}

#[test]
fn certificates_are_judged_by_the_clock() {
    let with = |not_before, not_after| {
        let mut card = card();
        card.user_authentication.validity = Some(Validity { not_before: at(not_before), not_after: at(not_after) });
        facts(CardFact::Read(card))
    };
    let expired = with("2020-01-01T00:00:00Z", "2026-11-30T23:59:59Z");
    assert_eq!(blocked_by(&expired), (Node::A4, Reason::CertificateExpired));
    let early = with("2026-12-01T00:00:01Z", "2030-01-01T00:00:00Z");
    assert_eq!(blocked_by(&early), (Node::A4, Reason::CertificateNotYetValid));
    let last_second = with("2020-01-01T00:00:00Z", "2026-12-01T00:00:00Z");
    assert_eq!(diagnose(&last_second).blocker(), None);
}

#[test]
fn a_test_card_and_a_missing_signing_certificate_are_remarks() {
    let mut card = card();
    card.user_authentication.issuer_generation = Some(Generation::Test2023);
    card.digital_signature_present = Some(false);
    let diagnosis = diagnose(&facts(CardFact::Read(card)));
    assert_eq!(diagnosis.blocker(), None);
    assert_eq!(nodes(&diagnosis)[..2], [Node::A3, Node::A4]);
}

#[test]
fn one_locked_secret_hides_no_other_and_two_leave_nothing() {
    let with = |authentication, signing| {
        let mut card = card();
        card.counters = vec![(SecretKind::UserAuthentication, authentication), (SecretKind::DigitalSignature, signing)];
        facts(CardFact::Read(card))
    };
    use RetryCounter::{Blocked, NotReported, Remaining, Verified};
    let one = diagnose(&with(Blocked, Remaining(1)));
    assert_eq!((one.blocker(), nodes(&one)), (None, vec![Node::P3, Node::P2]));
    assert_eq!(blocked_by(&with(Blocked, Blocked)), (Node::P3, Reason::PinLocked));
    assert_eq!(nodes(&diagnose(&with(Verified, NotReported))), [Node::P4, Node::P4]);
}

#[test]
fn a_shared_card_and_a_wrong_clock_are_warnings_beside_the_rest() {
    let mut facts = facts(CardFact::Read(card()));
    facts.readers[0].shared_with_another = true;
    facts.now = at("2001-01-01T00:00:00Z");
    let diagnosis = diagnose(&facts);
    assert_eq!(nodes(&diagnosis).first(), Some(&Node::C6));
    assert_eq!(nodes(&diagnosis).last(), Some(&Node::K1));
    let remarks = diagnosis.findings.iter().filter(|finding| matches!(finding.node, Node::C6 | Node::K1));
    assert!(remarks.into_iter().all(|finding| finding.severity == Severity::Warning));
}

#[test]
fn card_05_a_card_without_a_usable_secret_is_not_usable_and_may_be_a_face_authentication_card() {
    use RetryCounter::{Blocked, NotReported, Remaining};
    let with = |authentication, input| {
        let counters = vec![
            (SecretKind::UserAuthentication, authentication),
            (SecretKind::DigitalSignature, NotReported),
            (SecretKind::InputSupport, input),
        ];
        facts(CardFact::Read(CardStatus { counters, digital_signature_present: Some(false), ..card() }))
    };
    let face = with(Blocked, Blocked);
    assert_eq!(blocked_by(&face), (Node::A2, Reason::CardTypeNotAccepted));
    assert_eq!(diagnose(&face).findings[0].particulars, Some(Particulars::PossiblyFaceAuthentication));
    assert_eq!(nodes(&diagnose(&face)), [Node::A2, Node::P3, Node::P3]);
    // A child's card with one PIN blocked has no other key either.
    assert_eq!(blocked_by(&with(Blocked, Remaining(3))), (Node::P3, Reason::PinLocked));
    assert_eq!(diagnose(&with(Remaining(3), Blocked)).blocker(), None);
}
