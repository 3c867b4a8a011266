//! Which account a new certificate opens (LINK-01 to LINK-06). An account hangs on a person, never on a certificate's serial.

use super::personal::KeyedHash;
use super::step::{Refusal, Step};
use crate::kyc::AccountId;
use crate::reason::Reason;
use serde::{Deserialize, Serialize};

/// Updates of the card's data after which a person cannot be matched any more without consent (LINK-03). Not policy: the
/// issuer's service works so.
const UPDATES_TOO_MANY: u32 = 2;

/// What ties an account to a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The person's key, chosen by us (LINK-02); `None` while unlinked.
    pub person: Option<KeyedHash>,
    /// Whether consent was given when the present certificate was issued (LINK-03 i).
    pub consent_at_issue: bool,
    /// How often the card's data were updated since (LINK-03 ii, Q-12).
    pub updates_since_issue: u32,
    /// The romanised name given at issuing, hashed: re-issue compares it where there is no consent (CONS-05).
    pub romanised_name: Option<KeyedHash>,
}

/// The axis `link` of kyc.md §1, derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// A person is known and will be found again.
    Linked,
    /// No person is known.
    Unlinked,
    /// A person is known and will not be found again by a new certificate.
    RelinkAmbiguous,
}

impl Link {
    /// Where it stands.
    pub const fn state(&self) -> LinkState {
        match self.person {
            None => LinkState::Unlinked,
            Some(_) if self.is_lost() => LinkState::RelinkAmbiguous,
            Some(_) => LinkState::Linked,
        }
    }

    /// LINK-03, both conditions together.
    const fn is_lost(&self) -> bool {
        !self.consent_at_issue && self.updates_since_issue >= UPDATES_TOO_MANY
    }
}

/// What a first login with a new certificate comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relinking {
    /// The same account opens (LINK-01).
    SameAccount(AccountId),
    /// Nobody like this was ever here: register, or migrate. No error (CERT-11).
    NeverSeen(Refusal),
    /// Somebody was here who cannot be matched: support, and no plain registration form (LINK-03, LINK-05).
    Ambiguous(Refusal),
}

/// Finds the account of a person whose new certificate is shown for the first time.
///
/// `seen` is the account of the person behind the certificate, if the issuer's service could name one at all; `alike` says
/// whether mail address, phone, or kana name with birth date belong to somebody already (LINK-05).
pub fn relink(seen: Option<(&AccountId, &Link)>, alike: bool) -> Relinking {
    match seen {
        Some((account, link)) if !link.is_lost() => Relinking::SameAccount(account.clone()),
        Some(_) => Relinking::Ambiguous(Step::refusal(Reason::RelinkAmbiguous, "LINK-03")),
        None if alike => Relinking::Ambiguous(Step::refusal(Reason::RelinkAmbiguous, "LINK-05")),
        None => Relinking::NeverSeen(Step::refusal(Reason::RegistrationRequired, "CERT-11")),
    }
}
