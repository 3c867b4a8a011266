//! Path, revocation and profile of a certificate: RFC 5280 as a pure function of bytes and an instant.
//!
//! Deliberately no clock, no network, no card and no account: a caller names the day and brings the documents. The verdict is
//! a list of named checks; there is no boolean called `valid`. Odd but harmless is a warning, wrong is a failure, and what
//! could not be found out is undetermined, never "good".

mod crl;
mod crl_check;
mod crl_entry;
mod index;
mod inquiry;
mod meaning;
mod name_constraints;
mod ocsp;
mod ocsp_request;
mod path;
mod policy;
mod profile;
mod profile_table;
mod revocation;
mod serial_table;
mod verify;

use crate::anchors::Anchor;
use crate::certificate::{Certificate, Oid};
use crate::verdict::Verdict;
use std::fmt;

pub use crl::{Crl, CrlError, IssuingDistributionPoint};
pub use crl_check::Coverage;
pub use crl_entry::{CrlEntry, RevocationReason, Scan};
pub use index::{IndexedCrl, RevocationIndex, Threads};
pub use meaning::{AuditMeaning, PublicMeaning, Reverification, StandingAtSigning, public_meaning, reverify};
pub use ocsp::{OcspError, OcspResponse};
pub use ocsp_request::{CertIdDigest, NONCE_LENGTH, NonceLength, NonceRule, OcspNonce, OcspRequest};
pub use policy::PolicyParameters;
pub use profile::{Profile, UnknownProfile};
pub use profile_table::{Presence, ProfileLine};
pub use revocation::{Currency, RevocationGap, RevocationQuery, RevocationSource, RevocationStatus};
pub use verify::{Materials, Parameters, RevocationRule, UnknownRevocationRule, unreadable, verify};

/// What a validation found out.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Validation {
    /// Every check by name.
    pub verdict: Verdict,
    /// The path, when format, path, purpose, algorithm, validity period and profile all hold. What is known of revocation
    /// stands apart: whoever needs it asks for it too.
    pub path: Option<VerifiedPath>,
    /// What is known of revocation.
    pub revocation: RevocationStatus,
    /// The profile the certificate was held to.
    pub profile: Profile,
}

/// A path that was verified, from the end-entity certificate to the anchor. Only this room can make one.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedPath {
    certificates: Vec<Certificate>,
    anchor: Anchor,
    valid_policies: Vec<Oid>,
}

impl VerifiedPath {
    /// The certificate that was asked about.
    pub fn end_entity(&self) -> &Certificate {
        // A path has at least its anchor, and an anchor that was itself asked about is its own end entity.
        self.certificates.first().unwrap_or(self.anchor.certificate())
    }

    /// All certificates, the end entity first, the anchor last.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// The anchor it rests on.
    pub fn anchor(&self) -> &Anchor {
        &self.anchor
    }

    /// The policies it is valid for (user-constrained-policy-set, RFC 5280 §6.1.6): those of the caller where he named some,
    /// told as the anchor's side names them, or anyPolicy where nothing constrains them. Empty: no policy was required, and
    /// it is valid for none.
    pub fn valid_policies(&self) -> &[Oid] {
        &self.valid_policies
    }
}

impl fmt::Debug for VerifiedPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifiedPath({} certificates, {:?} anchor)", self.certificates.len(), self.anchor.origin())
    }
}
