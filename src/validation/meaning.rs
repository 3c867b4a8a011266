//! What a revocation means: for the public in neutral words, for an auditor exactly (kyc.md RSN-29), and with regard to the
//! instant of a signature.

use super::crl_entry::RevocationReason;
use super::revocation::{RevocationGap, RevocationStatus};
use super::verify::{Materials, Parameters, verify};
use super::{Validation, VerifiedPath};
use crate::certificate::{Certificate, Purpose};
use crate::time::UnixTime;
use serde::Serialize;

/// What may be told to anybody. Death, loss of residence, loss of the card and suspicion look the same from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicMeaning {
    /// Recorded data changed: moving house is the everyday case (certificates.md §3.4).
    DataChanged,
    /// It is no longer in force. Nothing more is for the public.
    NoLongerInForce,
    /// A newer certificate took its place.
    Renewed,
}

impl PublicMeaning {
    /// The slug, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DataChanged => "data_changed",
            Self::NoLongerInForce => "no_longer_in_force",
            Self::Renewed => "renewed",
        }
    }
}

/// What it means to the operator. For the audit log and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AuditMeaning {
    /// The key of the authority, or of one beside it, was exposed.
    AuthorityCompromised,
    /// Recorded data changed: address, name, birth date or sex.
    DataChanged,
    /// The holder's key was exposed, or the card was lost.
    KeyExposed,
    /// No longer needed: returned, given up, or the holder left the register, by death or otherwise.
    NoLongerNeeded,
    /// The list gives no reason; destroyed before delivery is one (certificates.md §3.4).
    NotSaid,
    /// A newer certificate took its place.
    Renewed,
    /// Put on hold, which JPKI never lifts.
    Suspended,
    /// A right was withdrawn.
    Withdrawn,
}

impl AuditMeaning {
    /// The slug.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorityCompromised => "authority_compromised",
            Self::DataChanged => "data_changed",
            Self::KeyExposed => "key_exposed",
            Self::NoLongerNeeded => "no_longer_needed",
            Self::NotSaid => "not_said",
            Self::Renewed => "renewed",
            Self::Suspended => "suspended",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl RevocationReason {
    /// What may be told to anybody. A list without a reason means [`PublicMeaning::NoLongerInForce`].
    pub const fn public_meaning(self) -> PublicMeaning {
        match self {
            Self::AffiliationChanged => PublicMeaning::DataChanged,
            Self::Superseded => PublicMeaning::Renewed,
            _ => PublicMeaning::NoLongerInForce,
        }
    }

    /// What it means to the operator, by the codes that the CPS names (certificates.md §3.4).
    pub const fn audit_meaning(self) -> AuditMeaning {
        match self {
            Self::AffiliationChanged => AuditMeaning::DataChanged,
            Self::Superseded => AuditMeaning::Renewed,
            Self::KeyCompromise => AuditMeaning::KeyExposed,
            Self::CessationOfOperation => AuditMeaning::NoLongerNeeded,
            Self::CertificateHold => AuditMeaning::Suspended,
            Self::PrivilegeWithdrawn => AuditMeaning::Withdrawn,
            Self::CaCompromise | Self::AaCompromise => AuditMeaning::AuthorityCompromised,
            Self::Unspecified | Self::RemoveFromCrl => AuditMeaning::NotSaid,
        }
    }

    /// Whether a certificate for `purpose` is expected to be revoked for this reason in the ordinary course of an honest
    /// holder's life. The signing certificate ends with every move; the authentication certificate does not (CERT-14).
    pub const fn is_everyday(self, purpose: Purpose) -> bool {
        match self {
            Self::AffiliationChanged => matches!(purpose, Purpose::DigitalSignature),
            Self::Superseded => true,
            _ => false,
        }
    }
}

/// What may be told to anybody about a revocation with this reason.
pub fn public_meaning(reason: Option<RevocationReason>) -> PublicMeaning {
    reason.map_or(PublicMeaning::NoLongerInForce, RevocationReason::public_meaning)
}

/// How a certificate stood at the instant of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandingAtSigning {
    /// It was not revoked then, and it is not revoked now as far as is known.
    Good,
    /// It was revoked before, or at that very second.
    RevokedBefore {
        /// When.
        at: UnixTime,
        /// Why, if it was said.
        reason: Option<RevocationReason>,
    },
    /// It was revoked later: the signature was made in time.
    RevokedAfter {
        /// When.
        at: UnixTime,
        /// Why, if it was said.
        reason: Option<RevocationReason>,
    },
    /// Nobody could say.
    Undetermined(RevocationGap),
    /// Not asked.
    NotChecked,
}

impl StandingAtSigning {
    /// The slug, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::RevokedBefore { .. } => "revoked_before",
            Self::RevokedAfter { .. } => "revoked_after",
            Self::Undetermined(_) => "undetermined",
            Self::NotChecked => "not_checked",
        }
    }
}

/// One certificate judged twice: as of the instant of a signature, and as of now.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reverification {
    /// The instant of the signature. Who vouches for it is another question: a signer's own word is a claim.
    pub signed_at: UnixTime,
    /// As of then.
    pub then: Validation,
    /// As of now.
    pub now: Validation,
    /// How the certificate stood at signing, by what is known as of then and as of now.
    pub standing: StandingAtSigning,
}

/// Judges a certificate as of `signed_at` and as of the instant of `parameters` (style.md §6: no clock).
///
/// Lists of both days may be among the materials. A later list tells of the past too: a revocation says when it began, and
/// what JPKI has revoked stays revoked (certificates.md §3.4); of another authority a hold that was lifted in between leaves no
/// trace. Only of certificates that had expired by then a later list is
/// silent, because expired ones may leave it.
pub fn reverify(
    leaf: &Certificate,
    materials: &Materials<'_>,
    parameters: &Parameters<'_>,
    signed_at: UnixTime,
) -> Reverification {
    let now = verify(leaf, materials, parameters);
    let mut past = parameters.clone();
    past.at = signed_at;
    let then = verify(leaf, materials, &past);
    let standing = standing(leaf, &then, &now, signed_at, parameters.at);
    Reverification { signed_at, then, now, standing }
}

fn standing(
    leaf: &Certificate,
    then: &Validation,
    now: &Validation,
    signed_at: UnixTime,
    at: UnixTime,
) -> StandingAtSigning {
    let revoked = |revocation: &RevocationStatus| match *revocation {
        RevocationStatus::Revoked { at, reason, .. } => Some((at, reason)),
        _ => None,
    };
    // Of two statements the one that tells more: that of then names no later revocation.
    match revoked(&then.revocation).or_else(|| revoked(&now.revocation)) {
        Some((at, reason)) if at <= signed_at => return StandingAtSigning::RevokedBefore { at, reason },
        Some((at, reason)) => return StandingAtSigning::RevokedAfter { at, reason },
        None => {}
    }
    match (then.revocation, now.revocation) {
        (RevocationStatus::Good(_), _) => StandingAtSigning::Good,
        // A later list that could have named it, and does not. Before its own beginning a list says nothing.
        (_, RevocationStatus::Good(currency))
            if signed_at <= at
                && signed_at <= currency.this_update
                && currency.this_update <= leaf.validity().not_after =>
        {
            StandingAtSigning::Good
        }
        (RevocationStatus::Undetermined(gap), _) => StandingAtSigning::Undetermined(gap),
        _ => StandingAtSigning::NotChecked,
    }
}

impl Reverification {
    /// The path as of then, for whoever keeps evidence.
    pub fn path_then(&self) -> Option<&VerifiedPath> {
        self.then.path.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [RevocationReason; 10] = [
        RevocationReason::Unspecified,
        RevocationReason::KeyCompromise,
        RevocationReason::CaCompromise,
        RevocationReason::AffiliationChanged,
        RevocationReason::Superseded,
        RevocationReason::CessationOfOperation,
        RevocationReason::CertificateHold,
        RevocationReason::RemoveFromCrl,
        RevocationReason::PrivilegeWithdrawn,
        RevocationReason::AaCompromise,
    ];

    #[test]
    fn the_public_learns_of_moves_and_renewals_and_of_nothing_else() {
        // RSN-29
        assert_eq!(public_meaning(None), PublicMeaning::NoLongerInForce);
        for reason in ALL {
            let expected = match reason {
                RevocationReason::AffiliationChanged => PublicMeaning::DataChanged,
                RevocationReason::Superseded => PublicMeaning::Renewed,
                _ => PublicMeaning::NoLongerInForce,
            };
            assert_eq!(reason.public_meaning(), expected, "{}", reason.as_str());
        }
        // CERT-14: a move ends the signing certificate only.
        assert!(RevocationReason::AffiliationChanged.is_everyday(Purpose::DigitalSignature));
        assert!(!RevocationReason::AffiliationChanged.is_everyday(Purpose::UserAuthentication));
        assert_eq!(RevocationReason::KeyCompromise.audit_meaning(), AuditMeaning::KeyExposed);
        assert_eq!(RevocationReason::CertificateHold.audit_meaning(), AuditMeaning::Suspended);
    }
}
