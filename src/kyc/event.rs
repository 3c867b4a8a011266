//! What happened, one entry per transition; free of personal data (API-36). Entries are appended and never changed.

use super::{AccountId, CaseId, CaseState, Kind};
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
