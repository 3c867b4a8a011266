//! Every node of the tree made to happen from facts alone.

use super::{CardFact, Diagnosis, Facts, Node, ReaderFact, ServiceFact, Severity, diagnose};
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
    ReaderFact {
        name: "Reader 00 00".to_owned(),
        card_present: true,
        mute: false,
        held_by_another: false,
        shared_with_another: false,
    }
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

fn facts(card: CardFact) -> Facts {
    Facts {
        now: at("2026-12-01T00:00:00Z"),
        at: at("2026-12-01T00:00:00Z"),
        service: ServiceFact::Running,
        readers: vec![reader()],
        card: Some(card),
    }
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

#[test]
fn what_stands_before_the_card_blocks_first() {
    let without = |service, readers: Vec<ReaderFact>| Facts {
        now: at("2026-12-01T00:00:00Z"),
        at: at("2026-12-01T00:00:00Z"),
        service,
        readers,
        card: None,
    };
    let with = |change: fn(&mut ReaderFact)| {
        let mut changed = reader();
        change(&mut changed);
        without(ServiceFact::Running, vec![changed])
    };
    for (facts, node, reason) in [
        (without(ServiceFact::Absent, vec![]), Node::E2, Reason::NoPcscService),
        (without(ServiceFact::NotPermitted, vec![]), Node::E3, Reason::NotPermitted),
        (without(ServiceFact::Running, vec![]), Node::R1, Reason::NoReader),
        (with(|reader| reader.card_present = false), Node::C1, Reason::NoCard),
        (with(|reader| reader.mute = true), Node::C2, Reason::TransportFailed),
        (with(|reader| reader.held_by_another = true), Node::C5, Reason::ReaderBusy),
        (facts(CardFact::HeldByAnother), Node::C5, Reason::ReaderBusy),
        (facts(CardFact::LinkBroken), Node::C2, Reason::TransportFailed),
        (facts(CardFact::NotSupported), Node::A1, Reason::NotASupportedCard),
    ] {
        assert_eq!(blocked_by(&facts), (node, reason));
        assert_eq!(diagnose(&facts).findings.len(), 1, "nothing is said beyond a blocker: {node}");
    }
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
