//! The walk: top-down, stop at the first blocker, still list later remarks about the same card.

use super::facts::{CardFact, Facts, ServiceFact};
use super::node::Node;
use crate::card::{CardKind, RetryCounter};
use crate::holder::CardStatus;
use crate::reason::Reason;
use crate::secret::SecretKind;
use crate::time::{Position, UnixTime};

/// How much a finding stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth telling.
    Fact,
    /// Something will not work, or soon.
    Warning,
    /// Nothing works until this is mended.
    Blocker,
}

/// One node that spoke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which node.
    pub node: Node,
    /// How much it stands in the way.
    pub severity: Severity,
    /// The reader it is about.
    pub reader: Option<String>,
    /// The secret it is about.
    pub secret: Option<SecretKind>,
    /// Its counter.
    pub counter: Option<RetryCounter>,
    /// The instant it is about.
    pub at: Option<UnixTime>,
    /// The reason, where it differs from the node's own (a certificate not valid yet).
    reason: Option<Reason>,
}

impl Finding {
    fn new(node: Node, severity: Severity) -> Self {
        Self { node, severity, reader: None, secret: None, counter: None, at: None, reason: None }
    }

    /// With which reason the program ends because of this finding.
    pub fn reason(&self) -> Option<Reason> {
        if self.severity == Severity::Blocker { self.reason.or(self.node.reason()) } else { None }
    }
}

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

/// Walks the tree.
pub fn diagnose(facts: &Facts) -> Diagnosis {
    let mut findings = Vec::new();
    walk(facts, &mut findings);
    if facts.now < RELEASED || facts.now > RELEASED.plus_seconds(YEARS_AFTER) {
        findings.push(Finding { at: Some(facts.now), ..Finding::new(Node::K1, Severity::Warning) });
    }
    Diagnosis { findings }
}

fn walk(facts: &Facts, findings: &mut Vec<Finding>) {
    let mut blocked = |node, reader: Option<&str>| {
        findings.push(Finding { reader: reader.map(str::to_owned), ..Finding::new(node, Severity::Blocker) });
    };
    match facts.service {
        ServiceFact::Running => {}
        ServiceFact::Absent => return blocked(Node::E2, None),
        ServiceFact::NotPermitted => return blocked(Node::E3, None),
    }
    // A card that was opened proves its reader; a simulated card has none.
    let Some(card) = &facts.card else {
        let Some(first) = facts.readers.first() else { return blocked(Node::R1, None) };
        let find = |wanted: fn(&super::ReaderFact) -> bool| facts.readers.iter().find(|reader| wanted(reader));
        return if let Some(reader) = find(|reader| reader.held_by_another) {
            blocked(Node::C5, Some(&reader.name))
        } else if let Some(reader) = find(|reader| reader.mute) {
            blocked(Node::C2, Some(&reader.name))
        } else {
            blocked(Node::C1, Some(&first.name))
        };
    };
    if let Some(reader) = facts.readers.iter().find(|reader| reader.shared_with_another) {
        findings.push(Finding { reader: Some(reader.name.clone()), ..Finding::new(Node::C6, Severity::Warning) });
    }
    match card {
        CardFact::HeldByAnother => findings.push(Finding::new(Node::C5, Severity::Blocker)),
        CardFact::LinkBroken => findings.push(Finding::new(Node::C2, Severity::Blocker)),
        CardFact::NotSupported => findings.push(Finding::new(Node::A1, Severity::Blocker)),
        CardFact::Read(status) => look_at_card(status, facts.at, findings),
    }
}

fn look_at_card(status: &CardStatus, at: UnixTime, findings: &mut Vec<Finding>) {
    if status.kind != CardKind::IndividualNumberCard {
        findings.push(Finding::new(Node::A2, Severity::Blocker));
        return;
    }
    if status.digital_signature_present == Some(false) {
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
    // One blocked secret leaves the other key usable; with both blocked the card can do nothing for its holder.
    let blocked = |kind| status.counters.contains(&(kind, RetryCounter::Blocked));
    let useless = blocked(SecretKind::UserAuthentication) && blocked(SecretKind::DigitalSignature);
    if status.user_authentication.is_unreadable() {
        let reason = Some(Reason::MalformedData);
        findings.push(Finding { reason, ..Finding::new(Node::A4, Severity::Blocker) });
    }
    for (kind, counter) in &status.counters {
        // Without a signing certificate there is no signing secret whose counter could be told.
        if *kind == SecretKind::DigitalSignature && status.digital_signature_present == Some(false) {
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
