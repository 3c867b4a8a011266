//! What a node says when it speaks.

use super::node::Node;
use super::other_card::OtherCard;
use crate::card::{CardKind, RetryCounter};
use crate::reason::Reason;
use crate::secret::SecretKind;
use crate::time::UnixTime;

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

/// What a finding is about beside reader and secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Particulars {
    /// A USB device by name, and the kernel's driver that has it.
    Device {
        /// Maker and model where they are known, else what it calls itself, else its USB identifiers.
        name: String,
        /// The driver.
        kernel_driver: Option<String>,
    },
    /// Other programs by name.
    Programs(Vec<String>),
    /// What the card may be.
    Guess(OtherCard),
    /// What the token says that it is.
    Kind(CardKind),
    /// It may be a 顔認証マイナンバーカード, which has no PIN to type (kyc.md CARD-05).
    PossiblyFaceAuthentication,
    /// How long the longest read took that came.
    Link {
        /// Its length in bytes.
        length: u16,
        /// Its time in milliseconds.
        milliseconds: u64,
    },
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
    /// What else it is about.
    pub particulars: Option<Particulars>,
    /// The reason, where it differs from the node's own (a certificate not valid yet).
    pub(super) reason: Option<Reason>,
}

impl Finding {
    pub(super) fn new(node: Node, severity: Severity) -> Self {
        let (reader, secret, counter, at, particulars, reason) = (None, None, None, None, None, None);
        Self { node, severity, reader, secret, counter, at, particulars, reason }
    }

    pub(super) fn in_reader(self, name: &str) -> Self {
        Self { reader: Some(name.to_owned()), ..self }
    }

    pub(super) fn about(self, particulars: Particulars) -> Self {
        Self { particulars: Some(particulars), ..self }
    }

    /// With which reason the program ends because of this finding.
    pub fn reason(&self) -> Option<Reason> {
        if self.severity == Severity::Blocker { self.reason.or(self.node.reason()) } else { None }
    }
}
