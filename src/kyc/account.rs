//! An account as independent facts (kyc.md §1); its kind is derived from them and never stored as the only truth.

use super::AccountId;
use crate::policy::{Holdings, Policy, Proven, Tier};
use crate::reason::Reason;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How the holder signs in (kyc.md §1, `login`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Login {
    /// Historic: mail address and password.
    PasswordLegacy,
    /// With an electronic certificate.
    Certificate,
}

/// How far the identity verification has come (kyc.md §1, `identity`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// Nothing was verified.
    None,
    /// A case is open.
    InProgress,
    /// Verified with an electronic certificate.
    VerifiedCertificate,
    /// Verified by selfie before that way was closed; an imported state only (ACC-04).
    VerifiedSelfieLegacy,
}

/// What keeps an account from being used (kyc.md §1, `hold`): a set, because causes are independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// Too many failures (SEC-03).
    LockedByFailures,
    /// The holder asked for it (LIFE-01).
    StoppedByUser,
    /// The operator did it (LIFE-03).
    StoppedByOperator,
}

impl Hold {
    /// The reason an operation is refused with.
    pub const fn reason(self) -> Reason {
        match self {
            Self::LockedByFailures => Reason::AccountLocked,
            Self::StoppedByUser => Reason::AccountStoppedByUser,
            Self::StoppedByOperator => Reason::AccountStoppedByOperator,
        }
    }
}

/// Whether the account still lives (kyc.md §1, `life`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Life {
    /// In use.
    Open,
    /// The holder left.
    Withdrawn,
}

/// Where the identifying particulars of an account come from (kyc.md §1, attribute provenance; ATTR-01).
///
/// The values themselves are not in the live account: they stand in the confirmation record only (LAW-44, LAW-45).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "source")]
pub enum Provenance {
    /// From a signing certificate, as of its issuance.
    Certificate {
        /// The certificate's first day: what it says may be stale since (ATTR-01).
        issued_at: UnixTime,
    },
}

/// The kind of an account (ACC-01): exactly two, the names of the two tiers of a policy that upgrades by certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// WELLNETキャッシュアカウント
    Cash,
    /// WELLNETマネーアカウント
    Money,
}

impl Kind {
    /// The word of the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Money => "money",
        }
    }

    /// The kind that a tier of this name is.
    pub(crate) fn of_tier(tier: &Tier) -> Option<Self> {
        [Self::Cash, Self::Money].into_iter().find(|kind| kind.as_str() == tier.name.as_str())
    }
}

/// The facts of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub id: AccountId,
    /// How the holder signs in.
    pub login: Login,
    /// How far identity verification has come.
    pub identity: Identity,
    /// What keeps it from being used.
    pub holds: BTreeSet<Hold>,
    /// Whether it still lives.
    pub life: Life,
    /// Where the identifying particulars come from, once verified.
    pub particulars: Option<Provenance>,
    /// When it was opened.
    pub created_at: UnixTime,
    /// When identity verification completed.
    pub verified_at: Option<UnixTime>,
}

impl Account {
    /// An account created with an electronic certificate, not verified yet: it is `cash` (ACC-02).
    pub fn created_with_certificate(id: AccountId, at: UnixTime) -> Self {
        Self {
            id,
            login: Login::Certificate,
            identity: Identity::None,
            holds: BTreeSet::new(),
            life: Life::Open,
            particulars: None,
            created_at: at,
            verified_at: None,
        }
    }

    /// A historic account, created without a certificate and imported (ACC-03, ACC-08).
    pub fn imported_legacy(id: AccountId, identity: Identity, at: UnixTime) -> Self {
        Self { login: Login::PasswordLegacy, identity, ..Self::created_with_certificate(id, at) }
    }

    /// What the account shows to the tiers of a policy.
    pub fn holdings(&self, policy: &Policy) -> Holdings {
        let proven = match self.identity {
            Identity::None | Identity::InProgress => Proven::Not,
            Identity::VerifiedCertificate => Proven::ByCertificate,
            Identity::VerifiedSelfieLegacy => Proven::BySelfie,
        };
        policy.holdings(self.login == Login::Certificate, proven, self.verified_at.unwrap_or(self.created_at))
    }

    /// The tier the policy gives this account at `at`: what decides about features, limits and the upgrade.
    pub fn tier<'a>(&self, policy: &'a Policy, at: UnixTime) -> Option<&'a Tier> {
        policy.book.tier(&self.holdings(policy), at)
    }

    /// The name of the tier, as far as it can be told without a policy: `money` by ACC-02 or ACC-03, else `cash` (ACC-01). A
    /// policy whose tiers say otherwise is refused when it is read.
    pub const fn kind(&self) -> Kind {
        match (self.login, self.identity) {
            (Login::Certificate, Identity::VerifiedCertificate) | (_, Identity::VerifiedSelfieLegacy) => Kind::Money,
            _ => Kind::Cash,
        }
    }

    /// Why this account cannot be upgraded as it stands: every cause, in order (GATE-12, GATE-13, ACC-08).
    pub fn obstacles(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if self.life == Life::Withdrawn {
            reasons.push(Reason::AccountWithdrawn);
        }
        reasons.extend(self.holds.iter().map(|hold| hold.reason()));
        if self.login != Login::Certificate {
            reasons.push(Reason::FeatureRequiresCertificateLogin);
        }
        reasons
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(login: Login, identity: Identity) -> Account {
        let id = "a-1".parse().unwrap();
        Account { login, identity, ..Account::created_with_certificate(id, UnixTime::from_seconds(0)) }
    }

    #[test]
    fn kind_follows_from_login_and_identity_acc_02_acc_03() {
        use Identity::{InProgress, None, VerifiedCertificate, VerifiedSelfieLegacy};
        for (login, identity, kind) in [
            (Login::Certificate, None, Kind::Cash),
            (Login::Certificate, InProgress, Kind::Cash),
            (Login::Certificate, VerifiedCertificate, Kind::Money),
            (Login::Certificate, VerifiedSelfieLegacy, Kind::Money),
            (Login::PasswordLegacy, None, Kind::Cash),
            (Login::PasswordLegacy, InProgress, Kind::Cash),
            (Login::PasswordLegacy, VerifiedSelfieLegacy, Kind::Money),
            // ACC-02 needs both: verified with a certificate, but not a certificate account (ACC-08).
            (Login::PasswordLegacy, VerifiedCertificate, Kind::Cash),
        ] {
            assert_eq!(account(login, identity).kind(), kind, "{login:?} {identity:?}");
        }
    }

    #[test]
    fn every_obstacle_is_named_gate_13() {
        let mut account = account(Login::PasswordLegacy, Identity::None);
        account.life = Life::Withdrawn;
        account.holds = [Hold::StoppedByOperator, Hold::LockedByFailures].into();
        let expected = [
            Reason::AccountWithdrawn,
            Reason::AccountLocked,
            Reason::AccountStoppedByOperator,
            Reason::FeatureRequiresCertificateLogin,
        ];
        assert_eq!(account.obstacles(), expected);
    }
}
