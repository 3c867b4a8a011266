//! What a line of the log says about an evidence bundle.

use super::entry::{Line, TYPE};
use crate::kyc::{CaseId, EventKind};
use serde_json::Value;

/// What the log remembers of a bundle since the approval: the digests against which one is held that turns up years later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptEvidence {
    /// The case.
    pub case: CaseId,
    /// SHA-256 of the bundle, lower-case hex.
    pub bundle: String,
    /// SHA-256 of the policy's text, lower-case hex; `None` where no policy was kept.
    pub policy: Option<String>,
}

impl KeptEvidence {
    /// What this line says of a bundle; `None` when it speaks of something else. Whether the line is one of an unchanged log is
    /// [`super::AuditVerifier`]'s to say.
    pub fn of_line(line: &[u8]) -> Option<Self> {
        let line: Line = serde_json::from_slice(line).ok()?;
        let mut data = line.data;
        let case = data.get("case")?.as_str()?.parse().ok()?;
        data.insert("type".to_owned(), line.r#type.strip_prefix(TYPE)?.into());
        match serde_json::from_value(Value::Object(data)).ok()? {
            EventKind::EvidenceKept { bundle, policy } => Some(Self { case, bundle, policy }),
            _ => None,
        }
    }
}
