//! What happened, one entry per transition; free of personal data (API-36). Entries are appended and never changed.

use super::{AccountId, ActorId, CaseId, CaseState, Kind};
use crate::reason::Reason;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
#[non_exhaustive]
pub enum EventKind {
    /// An account was opened or imported.
    #[serde(rename = "account.created")]
    AccountCreated,
    /// The derived kind of the account changed (ACC-05).
    #[serde(rename = "account.kind_changed")]
    AccountKindChanged {
        /// What it was.
        from: Kind,
        /// What it is.
        to: Kind,
        /// Rule numbers that say so.
        because: Vec<String>,
    },
    /// A case was opened.
    #[serde(rename = "kyc.case.opened")]
    CaseOpened,
    /// A case went one step.
    #[serde(rename = "kyc.case.transitioned")]
    CaseTransitioned {
        /// Where it stood.
        from: CaseState,
        /// Where it stands.
        to: CaseState,
    },
    /// The customer declared something; what, is not said here.
    #[serde(rename = "kyc.case.declared")]
    CaseDeclared,
    /// The evidence of an approval was put away (LAW-22).
    #[serde(rename = "kyc.evidence.kept")]
    EvidenceKept {
        /// SHA-256 of the bundle (docs/evidence-bundle.md), lower-case hex.
        bundle: String,
        /// SHA-256 of the text of the policy that decided, lower-case hex; none where no policy was kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        policy: Option<String>,
    },
    /// Evidence left the vault in clear (JPKI Act 52).
    #[serde(rename = "kyc.evidence.exported")]
    EvidenceExported {
        /// SHA-256 of the bundle.
        bundle: String,
        /// Who asked for it.
        by: ActorId,
    },
    /// Confirmation records were exported for an inspector (LAW-24).
    #[serde(rename = "kyc.record.exported")]
    RecordExported {
        /// Who asked for it.
        by: ActorId,
    },
    /// A change was appended to a confirmation record; what it was is not said here (LAW-24).
    #[serde(rename = "kyc.record.amended")]
    RecordAmended {
        /// Counted from 1.
        number: u32,
        /// Who did it.
        by: ActorId,
    },
    /// The relation to the customer ended: the seven years of LAW-20 begin.
    #[serde(rename = "kyc.relation.ended")]
    RelationEnded {
        /// When it ended.
        ended_at: UnixTime,
        /// First instant at which the record may be erased.
        retain_until: UnixTime,
    },
    /// A confirmation record was erased after its term, its evidence with it (LAW-25).
    #[serde(rename = "kyc.record.erased")]
    RecordErased {
        /// First instant at which that was allowed.
        retain_until: UnixTime,
        /// Who did it.
        by: ActorId,
    },
    /// Something happened in the wallet, in that room's own words; free of personal data.
    #[serde(rename = "wallet.happened")]
    WalletHappened {
        /// What, as JSON with a `type`.
        what: serde_json::Value,
    },
    /// A submission was refused; the case may still be open.
    #[serde(rename = "kyc.submission.refused")]
    SubmissionRefused {
        /// Every reason, the decisive one first.
        reasons: Vec<Reason>,
    },
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: UnixTime,
    /// Which account.
    pub account: AccountId,
    /// Which case, where there is one.
    pub case: Option<CaseId>,
    /// What.
    pub kind: EventKind,
}
