//! A case: one attempt of one account to have its identity verified, as the state machine of kyc.md §19.1.
//!
//! Forward only; a terminal state never changes. The steps between two resting points happen in one transaction, and each
//! is one event.

use super::{AccountId, CaseId};
use crate::policy::PolicyReference;
use crate::proof::ChallengeId;
use crate::reason::Reason;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

/// What may be down (RSN-23: dependencies fail and recover one by one).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dependency {
    /// Revocation information of the authority that issued the holder's certificate.
    RevocationInformation,
}

/// Where a case stands (kyc.md §19.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum CaseState {
    /// Opened; nothing was asked of the holder.
    Created,
    /// A challenge was handed out. A case whose proof was refused in a way that a new challenge can mend rests here.
    ChallengeIssued,
    /// A proof arrived in answer to an unused challenge.
    EvidenceReceived,
    /// The holder's signature matches.
    SignatureVerified,
    /// The certificate was not revoked.
    ValidityChecked,
    /// The particulars are there. A case that lacks a declaration rests here (LAW-11).
    AttributesMatched,
    /// A person at the operator decides.
    UnderReview,
    /// Terminal: verified.
    Approved,
    /// Terminal: refused.
    Rejected {
        /// The first decisive reason.
        reason: Reason,
    },
    /// Terminal: not finished in time.
    Expired,
    /// Something needed could not be reached after the signature was verified: the proof is kept, nothing is decided
    /// (RSN-20, RSN-25).
    Unavailable {
        /// What could not be reached.
        dependency: Dependency,
        /// When trying again makes sense (RSN-22).
        retry_at: UnixTime,
    },
}

impl CaseState {
    /// The word of the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::ChallengeIssued => "challenge_issued",
            Self::EvidenceReceived => "evidence_received",
            Self::SignatureVerified => "signature_verified",
            Self::ValidityChecked => "validity_checked",
            Self::AttributesMatched => "attributes_matched",
            Self::UnderReview => "under_review",
            Self::Approved => "approved",
            Self::Rejected { .. } => "rejected",
            Self::Expired => "expired",
            Self::Unavailable { .. } => "unavailable",
        }
    }

    /// How far along the line of kyc.md §19.1 it stands. A case that could not be checked hangs behind its signature, which
    /// is verified anew when the check is made again.
    pub(super) const fn place(self) -> u8 {
        match self {
            Self::Created => 0,
            Self::ChallengeIssued => 1,
            Self::EvidenceReceived | Self::Unavailable { .. } => 2,
            Self::SignatureVerified => 3,
            Self::ValidityChecked => 4,
            Self::AttributesMatched => 5,
            Self::UnderReview => 6,
            Self::Approved | Self::Rejected { .. } | Self::Expired => 7,
        }
    }

    /// Whether nothing can change this state any more.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Approved | Self::Rejected { .. } | Self::Expired)
    }

    /// Whether the machine of kyc.md §19.1 has this arrow.
    pub const fn may_become(self, next: Self) -> bool {
        use CaseState::{
            Approved, AttributesMatched, ChallengeIssued, Created, EvidenceReceived, Expired, Rejected,
            SignatureVerified, Unavailable, UnderReview, ValidityChecked,
        };
        match (self, next) {
            (from, Rejected { .. } | Expired) => !from.is_terminal(),
            (Created, ChallengeIssued)
            // Another challenge after one that was spent or ran out.
            | (ChallengeIssued, ChallengeIssued | EvidenceReceived)
            | (EvidenceReceived, SignatureVerified)
            | (SignatureVerified, ValidityChecked | Unavailable { .. })
            | (Unavailable { .. }, SignatureVerified)
            | (ValidityChecked, AttributesMatched)
            | (AttributesMatched, UnderReview | Approved)
            | (UnderReview, Approved) => true,
            _ => false,
        }
    }
}

/// What the customer declares (LAW-11). Kept with the case and then in the confirmation record; never in an event.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Declaration {
    /// Purpose of the transaction.
    pub purpose: Option<String>,
    /// Occupation.
    pub occupation: Option<String>,
}

impl std::fmt::Debug for Declaration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Declaration")
            .field("purpose", &self.purpose.is_some())
            .field("occupation", &self.occupation.is_some())
            .finish()
    }
}

/// The arrow is not one of kyc.md §19.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a case cannot go from {} to {}", from.as_str(), to.as_str())]
pub struct NotForward {
    /// Where the case stands.
    pub from: CaseState,
    /// Where it was to go.
    pub to: CaseState,
}

/// The facts of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its name.
    pub id: CaseId,
    /// The account it is about.
    pub account: AccountId,
    /// The policy it was opened under.
    pub policy: PolicyReference,
    /// Where it stands.
    pub state: CaseState,
    /// The challenge handed out last.
    pub challenge: Option<ChallengeId>,
    /// What the customer declared so far.
    pub declaration: Declaration,
    /// When it was opened.
    pub opened_at: UnixTime,
    /// First second at which it is no longer open.
    pub expires_at: UnixTime,
}

impl Case {
    /// Goes one step along the machine.
    ///
    /// # Errors
    /// [`NotForward`] when there is no such arrow; the case is unchanged then.
    pub fn advance(&mut self, to: CaseState) -> Result<(), NotForward> {
        if !self.state.may_become(to) {
            return Err(NotForward { from: self.state, to });
        }
        self.state = to;
        Ok(())
    }

    /// Whether its time is over although it never ended. A case that waits for a person is not the holder's to hurry
    /// (TRI-05 speaks of days and weeks).
    pub fn is_overdue(&self, at: UnixTime) -> bool {
        !self.state.is_terminal() && self.state != CaseState::UnderReview && at >= self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_state() -> [CaseState; 11] {
        let (reason, dependency) = (Reason::CertificateRevoked, Dependency::RevocationInformation);
        [
            CaseState::Created,
            CaseState::ChallengeIssued,
            CaseState::EvidenceReceived,
            CaseState::SignatureVerified,
            CaseState::ValidityChecked,
            CaseState::AttributesMatched,
            CaseState::UnderReview,
            CaseState::Approved,
            CaseState::Rejected { reason },
            CaseState::Expired,
            CaseState::Unavailable { dependency, retry_at: UnixTime::from_seconds(1) },
        ]
    }

    #[test]
    fn terminal_states_never_change() {
        for terminal in every_state().into_iter().filter(|state| state.is_terminal()) {
            for next in every_state() {
                assert!(!terminal.may_become(next), "{terminal:?} -> {next:?}");
            }
        }
    }

    #[test]
    fn the_line_of_19_1_is_forward_only() {
        let line = &every_state()[..8];
        for (i, from) in line.iter().enumerate() {
            for (j, to) in line.iter().enumerate() {
                let skips_review = i == 5 && j == 7;
                let another_challenge = i == 1 && j == 1;
                assert_eq!(from.may_become(*to), j == i + 1 || skips_review || another_challenge, "{from:?} -> {to:?}");
            }
        }
    }

    #[test]
    fn unavailable_hangs_on_signature_verified_only_rsn_25() {
        let unavailable = every_state()[10];
        for state in every_state() {
            assert_eq!(state.may_become(unavailable), state == CaseState::SignatureVerified, "{state:?}");
        }
        assert!(unavailable.may_become(CaseState::SignatureVerified));
        assert!(unavailable.may_become(CaseState::Expired));
        assert!(!unavailable.may_become(CaseState::Approved));
        assert!(!unavailable.is_terminal());
    }

    #[test]
    fn a_declaration_does_not_print_itself() {
        let declaration = Declaration { purpose: Some("給与受取".into()), occupation: Some("会社員".into()) };
        let printed = format!("{declaration:?}");
        assert!(!printed.contains("給与") && !printed.contains("会社員"), "{printed}");
    }
}
