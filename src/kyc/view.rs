//! What an operator or a holder may be shown of an account and a case: no personal data, the kind worked out (ACC-06).

use super::{Account, AccountId, Case, CaseId, CaseState, Hold, Identity, Kind, Life, Login, Provenance};
use crate::policy::PolicyReference;
use crate::time::UnixTime;
use serde::Serialize;

/// An account as JSON shows it. A snapshot: the store is the truth (ACC-07).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountView {
    /// Its name.
    pub id: AccountId,
    /// Its kind, as it follows from the facts.
    pub kind: Kind,
    /// How the holder signs in.
    pub login: Login,
    /// How far identity verification has come.
    pub identity: Identity,
    /// What keeps it from being used.
    pub holds: Vec<Hold>,
    /// Whether it still lives.
    pub life: Life,
    /// Where the particulars come from, and of which day they are (ATTR-01).
    pub particulars: Option<Provenance>,
    /// When it was opened.
    pub created_at: UnixTime,
    /// When identity verification completed.
    pub verified_at: Option<UnixTime>,
}

impl From<&Account> for AccountView {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id.clone(),
            kind: account.kind(),
            login: account.login,
            identity: account.identity,
            holds: account.holds.iter().copied().collect(),
            life: account.life,
            particulars: account.particulars,
            created_at: account.created_at,
            verified_at: account.verified_at,
        }
    }
}

/// Which parts of the declaration are there; what they say is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DeclarationView {
    /// Purpose of the transaction.
    pub purpose: bool,
    /// Occupation.
    pub occupation: bool,
}

/// A case as JSON shows it; `state`, `reason`, `dependency` and `retry_at` stand beside the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseView {
    /// Its name.
    pub id: CaseId,
    /// The account it is about.
    pub account: AccountId,
    /// The policy it was opened under.
    pub policy: PolicyReference,
    /// Where it stands.
    #[serde(flatten)]
    pub state: CaseState,
    /// What was declared.
    pub declared: DeclarationView,
    /// When it was opened.
    pub opened_at: UnixTime,
    /// First second at which it is no longer open.
    pub expires_at: UnixTime,
}

impl From<&Case> for CaseView {
    fn from(case: &Case) -> Self {
        let declared = DeclarationView {
            purpose: case.declaration.purpose.is_some(),
            occupation: case.declaration.occupation.is_some(),
        };
        Self {
            id: case.id.clone(),
            account: case.account.clone(),
            policy: case.policy.clone(),
            state: case.state,
            declared,
            opened_at: case.opened_at,
            expires_at: case.expires_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kyc::Declaration;
    use crate::policy::Policy;
    use crate::reason::Reason;

    #[test]
    fn views_show_the_kind_and_no_declaration() {
        let at = UnixTime::from_seconds(0);
        let account = Account::imported_legacy("a-1".parse().unwrap(), Identity::VerifiedSelfieLegacy, at);
        let json = serde_json::to_value(AccountView::from(&account)).unwrap();
        assert_eq!(json["kind"], "money");
        assert_eq!(json["identity"], "verified_selfie_legacy");
        let case = Case {
            id: "case_1".parse().unwrap(),
            account: account.id,
            policy: Policy::jp_wellnet().unwrap().reference,
            state: CaseState::Rejected { reason: Reason::CertificateRevoked },
            challenge: None,
            declaration: Declaration { purpose: Some("送金".into()), occupation: None },
            opened_at: at,
            expires_at: at,
        };
        let json = serde_json::to_value(CaseView::from(&case)).unwrap();
        assert_eq!((&json["state"], &json["reason"]), (&"rejected".into(), &"certificate_revoked".into()));
        assert_eq!((&json["declared"]["purpose"], &json["declared"]["occupation"]), (&true.into(), &false.into()));
        assert!(!json.to_string().contains("送金"));
    }
}
