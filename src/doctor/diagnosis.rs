//! The walk: top-down, stop at the first blocker, still list later remarks about the same card.

use super::facts::{CardFact, Facts, ReaderFact};
use super::finding::{Finding, Particulars, Severity};
use super::node::Node;
use super::surroundings;
use crate::card::{CardKind, RetryCounter};
use crate::holder::CardStatus;
use crate::reason::Reason;
use crate::secret::SecretKind;
use crate::time::{Position, UnixTime};

/// What the walk found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// In the order of the walk.
    pub findings: Vec<Finding>,
}

impl Diagnosis {
    /// The first thing that stands in the way.
    pub fn blocker(&self) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.severity == Severity::Blocker)
    }
}

/// When this version was released: a clock before it is wrong.
const RELEASED: UnixTime = UnixTime::from_seconds(1_795_305_600);

/// A clock this far after the release is wrong, or the program is far too old.
const YEARS_AFTER: i64 = 10 * 366 * 86_400;

/// So often a card that lies still does not come or go within three seconds (desktop.md §1, C3).
const FLAPPING: u32 = 2;

/// Walks the tree.
pub fn diagnose(facts: &Facts) -> Diagnosis {
    let mut findings = walk(facts);
    if facts.now < RELEASED || facts.now > RELEASED.plus_seconds(YEARS_AFTER) {
        findings.push(Finding { at: Some(facts.now), ..Finding::new(Node::K1, Severity::Warning) });
    }
    Diagnosis { findings }
}

fn walk(facts: &Facts) -> Vec<Finding> {
    let mut findings = surroundings::service(facts);
    // A card that was opened proves its reader; a simulated card has none.
    if findings.is_empty() && facts.card.is_none() {
        findings = surroundings::readers(facts);
    }
    if !findings.is_empty() {
        return findings;
    }
    match &facts.card {
        None => empty_handed(facts, &mut findings),
        Some(card) => {
            remarks_on_readers(facts, &mut findings);
            look(facts, card, &mut findings);
        }
    }
    findings
}

/// R6 and C1 to C5: there are readers, and no card was opened.
fn empty_handed(facts: &Facts, findings: &mut Vec<Finding>) {
    let usable = || facts.readers.iter().filter(|reader| !surroundings::is_virtual(&reader.name));
    let find = |wanted: fn(&ReaderFact) -> bool| usable().find(|reader| wanted(reader));
    let blocker = |node, reader: &ReaderFact| Finding::new(node, Severity::Blocker).in_reader(&reader.name);
    let found = if let Some(found) = surroundings::driver_of_macos(facts) {
        found
    } else if let Some(reader) = find(|reader| reader.changes >= FLAPPING) {
        blocker(Node::C3, reader)
    } else if let Some(reader) = find(|reader| reader.mute) {
        blocker(Node::C2, reader)
    } else if let Some(reader) = find(|reader| reader.held_by_another) {
        held(facts, blocker(Node::C5, reader))
    } else if let Some(reader) = usable().next() {
        blocker(Node::C1, reader)
    } else {
        return;
    };
    findings.push(found);
    remarks_on_readers(facts, findings);
}

/// C4 and C6: what is worth knowing of readers, whatever lies in them.
fn remarks_on_readers(facts: &Facts, findings: &mut Vec<Finding>) {
    let remark = |node, reader: &ReaderFact| Finding::new(node, Severity::Warning).in_reader(&reader.name);
    for reader in &facts.readers {
        let seen = matches!(facts.card, Some(CardFact::Read(_)));
        if !seen && surroundings::may_lack_type_b(reader) {
            findings.push(remark(Node::C4, reader));
        }
        if reader.shared_with_another && !reader.held_by_another {
            findings.push(remark(Node::C6, reader));
        }
    }
}

/// Who may be holding the card, where processes show.
fn held(facts: &Facts, finding: Finding) -> Finding {
    if facts.programs.is_empty() { finding } else { finding.about(Particulars::Programs(facts.programs.clone())) }
}

fn look(facts: &Facts, card: &CardFact, findings: &mut Vec<Finding>) {
    let blocker = |node| Finding::new(node, Severity::Blocker);
    match card {
        CardFact::HeldByAnother => findings.push(held(facts, blocker(Node::C5))),
        CardFact::NotPermitted => findings.push(blocker(Node::E3)),
        CardFact::LinkBroken => findings.push(blocker(Node::C2)),
        CardFact::Moved => findings.push(blocker(Node::C3)),
        CardFact::NotSupported { guess } => {
            let finding = blocker(Node::A1);
            findings.push(guess.map_or(finding.clone(), |guess| finding.about(Particulars::Guess(guess))));
        }
        CardFact::Read(status) => {
            look_at_card(status, facts.at, findings);
            link(facts, findings);
        }
    }
}

/// T1, and R6 where the small reads are the fault of a driver.
fn link(facts: &Facts, findings: &mut Vec<Finding>) {
    let Some(best) = facts.link.iter().filter(|block| block.carried).max_by_key(|block| block.length) else { return };
    let longest = facts.link.iter().map(|block| block.length).max();
    if longest > Some(best.length) && surroundings::is_recent_macos(facts) {
        findings.push(Finding::new(Node::R6, Severity::Warning));
    }
    let particulars = Particulars::Link { length: best.length, milliseconds: best.microseconds.div_ceil(1000) };
    findings.push(Finding::new(Node::T1, Severity::Fact).about(particulars));
}

fn look_at_card(status: &CardStatus, at: UnixTime, findings: &mut Vec<Finding>) {
    if status.kind != CardKind::IndividualNumberCard {
        findings.push(Finding::new(Node::A2, Severity::Blocker).about(Particulars::Kind(status.kind)));
        return;
    }
    let unsigned = status.digital_signature_present == Some(false);
    if status.may_be_face_authentication_card() {
        let reason = Some(Reason::CardTypeNotAccepted);
        let finding = Finding { reason, ..Finding::new(Node::A2, Severity::Blocker) };
        findings.push(finding.about(Particulars::PossiblyFaceAuthentication));
    } else if unsigned {
        findings.push(Finding::new(Node::A3, Severity::Warning));
    }
    if let Some(validity) = status.user_authentication.validity {
        let (reason, edge) = match validity.position(at) {
            Position::Within => (None, validity.not_after),
            Position::Expired => (Some(Reason::CertificateExpired), validity.not_after),
            Position::NotYetValid => (Some(Reason::CertificateNotYetValid), validity.not_before),
        };
        let severity = if reason.is_some() { Severity::Blocker } else { Severity::Warning };
        if reason.is_some() || status.is_test_card() {
            findings.push(Finding { at: Some(edge), reason, ..Finding::new(Node::A4, severity) });
        }
    }
    if status.user_authentication.is_unreadable() {
        let reason = Some(Reason::MalformedData);
        findings.push(Finding { reason, ..Finding::new(Node::A4, Severity::Blocker) });
    }
    // One blocked secret leaves the other key usable, if there is one; else the card can do nothing for its holder.
    let blocked = |kind| status.counters.contains(&(kind, RetryCounter::Blocked));
    let useless = blocked(SecretKind::UserAuthentication) && (unsigned || blocked(SecretKind::DigitalSignature));
    for (kind, counter) in &status.counters {
        // Without a signing certificate there is no signing secret whose counter could be told.
        if *kind == SecretKind::DigitalSignature && unsigned {
            continue;
        }
        let (node, severity) = match counter {
            RetryCounter::Remaining(1) => (Node::P2, Severity::Warning),
            RetryCounter::Remaining(_) | RetryCounter::Unlimited => (Node::P1, Severity::Fact),
            RetryCounter::Blocked if useless => (Node::P3, Severity::Blocker),
            RetryCounter::Blocked => (Node::P3, Severity::Warning),
            RetryCounter::Verified | RetryCounter::NotReported => (Node::P4, Severity::Warning),
        };
        findings.push(Finding { secret: Some(*kind), counter: Some(*counter), ..Finding::new(node, severity) });
    }
}
