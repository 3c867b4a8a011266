//! What is known of one certificate's revocation at an instant, and how sources answer.
//!
//! The question is never "give me the list" but "what is known of this issuer key and serial number at t", so that single
//! lists, an index over all partitions, and responders can stand behind the same door.

use super::crl::Crl;
use super::crl_entry::RevocationReason;
use crate::certificate::{Certificate, DistributionPoint, Name, SerialNumber};
use crate::time::UnixTime;
use serde::Serialize;

/// The question.
#[derive(Clone, Copy, Debug)]
pub struct RevocationQuery<'a> {
    /// The issuer's certificate, from a path that is already verified: its name and its key count.
    pub issuer: &'a Certificate,
    /// The issuer's name as the certificate writes it: OCSP hashes these bytes.
    pub issuer_name: &'a Name,
    /// The certificate's serial number.
    pub serial: &'a SerialNumber,
    /// Where the certificate says its lists are.
    pub distribution_points: &'a [DistributionPoint],
    /// Whether the certificate is a CA's.
    pub is_ca: bool,
    /// The instant.
    pub at: UnixTime,
}

impl<'a> RevocationQuery<'a> {
    /// The question about `certificate`.
    pub fn of(certificate: &'a Certificate, issuer: &'a Certificate, at: UnixTime) -> Self {
        let extensions = certificate.extensions();
        Self {
            issuer,
            issuer_name: certificate.issuer(),
            serial: certificate.serial(),
            distribution_points: &extensions.crl_distribution_points,
            is_ca: extensions.basic_constraints.is_some_and(|constraints| constraints.ca),
            at,
        }
    }
}

/// Something that can answer. Pure: it looks at what it holds, it does not fetch.
pub trait RevocationSource {
    /// What is known.
    fn status(&self, query: &RevocationQuery<'_>) -> RevocationStatus;

    /// The one list that gives this answer, to be kept as evidence of it; `None` where there is no such list, and then nothing can
    /// be approved on it.
    fn answering_list(&self, _query: &RevocationQuery<'_>) -> Option<&Crl> {
        None
    }
}

/// How fresh an answer is and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Currency {
    /// `crl` or `ocsp`.
    pub source: &'static str,
    /// When the statement was made.
    pub this_update: UnixTime,
    /// Until when it holds.
    pub next_update: UnixTime,
}

/// The answer. "Not revoked" and "not checked" cannot be confused (certificates.md §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationStatus {
    /// Not revoked, says a current and authentic statement.
    Good(Currency),
    /// Revoked.
    Revoked {
        /// When.
        at: UnixTime,
        /// Why, if it was said.
        reason: Option<RevocationReason>,
        /// Who says so.
        currency: Currency,
    },
    /// Asked, and nobody could say.
    Undetermined(RevocationGap),
    /// Not asked.
    NotChecked,
}

/// Why nobody could say; of several, the one nearest to an answer is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RevocationGap {
    /// There was nothing to look into.
    NoSource,
    /// Another issuer's, or another key's of the same name.
    OtherIssuer,
    /// Another municipality's, or another kind of certificate's.
    OtherScope,
    /// The answer is about another certificate.
    OtherCertificate,
    /// The issuer's certificate does not allow it to sign lists.
    IssuerMayNotSign,
    /// The signer of the answer is not authorised by the issuer.
    SignerNotAuthorised,
    /// The signer of the answer is authorised by the issuer, and nobody could say whether he is revoked.
    SignerStatusUnknown,
    /// The signature uses an algorithm that is not accepted.
    AlgorithmNotAllowed,
    /// The signature does not match.
    SignatureInvalid,
    /// A part of it is malformed.
    Malformed,
    /// A version without the extensions that are needed.
    Version,
    /// A critical extension nobody knows.
    UnknownCriticalExtension,
    /// A list of changes only.
    Delta,
    /// A list that speaks for several issuers.
    Indirect,
    /// It covers some reasons only, so it cannot say "good".
    SomeReasonsOnly,
    /// It does not say until when it holds.
    NoNextUpdate,
    /// It was made after the instant that is judged.
    NotYetCurrent,
    /// It has expired.
    Stale,
    /// It answers another question: its nonce is not that of the request.
    NonceDiffers,
    /// The responder had no answer.
    ResponderError,
    /// The responder does not know the certificate.
    ResponderUnknown,
}

impl RevocationGap {
    /// The slug, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoSource => "no_source",
            Self::OtherIssuer => "other_issuer",
            Self::OtherScope => "other_scope",
            Self::OtherCertificate => "other_certificate",
            Self::IssuerMayNotSign => "issuer_may_not_sign",
            Self::SignerNotAuthorised => "signer_not_authorised",
            Self::SignerStatusUnknown => "signer_status_unknown",
            Self::AlgorithmNotAllowed => "algorithm_not_allowed",
            Self::SignatureInvalid => "signature_invalid",
            Self::Malformed => "malformed",
            Self::Version => "version",
            Self::UnknownCriticalExtension => "unknown_critical_extension",
            Self::Delta => "delta",
            Self::Indirect => "indirect",
            Self::SomeReasonsOnly => "some_reasons_only",
            Self::NoNextUpdate => "no_next_update",
            Self::NotYetCurrent => "not_yet_current",
            Self::Stale => "stale",
            Self::NonceDiffers => "nonce_differs",
            Self::ResponderError => "responder_error",
            Self::ResponderUnknown => "responder_unknown",
        }
    }

    /// Whether what was looked into has nothing to do with the certificate.
    pub fn is_absence(self) -> bool {
        matches!(self, Self::NoSource | Self::OtherIssuer | Self::OtherScope | Self::OtherCertificate)
    }
}

/// One answer out of several: revoked beats good, good beats a gap, and of the gaps the one nearest to an answer is told.
pub(super) fn combine(answers: impl Iterator<Item = RevocationStatus>) -> RevocationStatus {
    let rank = |status: &RevocationStatus| match status {
        RevocationStatus::NotChecked => 0,
        RevocationStatus::Undetermined(_) => 1,
        RevocationStatus::Good(_) => 2,
        RevocationStatus::Revoked { .. } => 3,
    };
    answers
        .max_by(|a, b| match (a, b) {
            (RevocationStatus::Undetermined(a), RevocationStatus::Undetermined(b)) => a.cmp(b),
            // The freshest of several good answers is the one worth telling.
            (RevocationStatus::Good(a), RevocationStatus::Good(b)) => a.this_update.cmp(&b.this_update),
            _ => rank(a).cmp(&rank(b)),
        })
        .unwrap_or(RevocationStatus::Undetermined(RevocationGap::NoSource))
}
