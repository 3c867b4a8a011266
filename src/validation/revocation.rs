//! What is known of one certificate's revocation at an instant, and how sources answer.
//!
//! The question is never "give me the list" but "what is known of this issuer key and serial number at t", so that single
//! lists, an index over all partitions, and responders can stand behind the same door.

use super::crl::{Crl, RevocationReason};
use crate::certificate::{Certificate, DistributionPoint, GeneralName, SerialNumber};
use crate::crypto::SignatureError;
use crate::time::UnixTime;
use serde::Serialize;

/// The question.
#[derive(Clone, Copy, Debug)]
pub struct RevocationQuery<'a> {
    /// The issuer's certificate, from a path that is already verified: its name and its key count.
    pub issuer: &'a Certificate,
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
    /// The responder had no answer.
    ResponderError,
    /// The responder does not know the certificate.
    ResponderUnknown,
}

impl RevocationGap {
    /// The slug, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoSource => "no_source",
            Self::OtherIssuer => "other_issuer",
            Self::OtherScope => "other_scope",
            Self::OtherCertificate => "other_certificate",
            Self::IssuerMayNotSign => "issuer_may_not_sign",
            Self::SignerNotAuthorised => "signer_not_authorised",
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

/// RFC 5280 §6.3.3 for complete lists signed by the issuer's own key.
impl RevocationSource for Crl {
    fn status(&self, query: &RevocationQuery<'_>) -> RevocationStatus {
        match look_up(self, query) {
            Ok(status) => status,
            Err(gap) => RevocationStatus::Undetermined(gap),
        }
    }
}

fn look_up(list: &Crl, query: &RevocationQuery<'_>) -> Result<RevocationStatus, RevocationGap> {
    use RevocationGap as Gap;
    let issuer = query.issuer.extensions();
    // Name and key: all generations of a JPKI CA share the name (certificates.md §4.1 point 9).
    let other_key = match (list.authority_key_identifier(), issuer.subject_key_identifier.as_deref()) {
        (Some(named), Some(own)) => named != own,
        _ => false,
    };
    if list.issuer() != query.issuer.subject() || other_key {
        return Err(Gap::OtherIssuer);
    }
    let all_reasons = in_scope(list, query)?;
    if issuer.key_usage.is_some_and(|usage| !usage.crl_sign()) {
        return Err(Gap::IssuerMayNotSign);
    }
    list.verify_signature(query.issuer.spki_der()).map_err(|error| match error {
        SignatureError::Mismatch => Gap::SignatureInvalid,
        _ => Gap::AlgorithmNotAllowed,
    })?;
    // From here on the list is authentic.
    if list.version() != 2 {
        return Err(Gap::Version);
    }
    if list.has_unknown_critical_extension() {
        return Err(Gap::UnknownCriticalExtension);
    }
    if list.is_delta() {
        return Err(Gap::Delta);
    }
    let point = list.issuing_distribution_point();
    if point.is_some_and(|point| point.indirect) {
        return Err(Gap::Indirect);
    }
    let next_update = list.next_update().ok_or(Gap::NoNextUpdate)?;
    if query.at < list.this_update() {
        return Err(Gap::NotYetCurrent);
    }
    if query.at >= next_update {
        return Err(Gap::Stale);
    }
    let scan = list.scan(query.serial).map_err(|_| Gap::Malformed)?;
    if scan.unknown_critical {
        return Err(Gap::UnknownCriticalExtension);
    }
    let currency = Currency { source: "crl", this_update: list.this_update(), next_update };
    match scan.found {
        Some((at, reason)) => Ok(RevocationStatus::Revoked { at, reason, currency }),
        None if !all_reasons => Err(Gap::SomeReasonsOnly),
        None => Ok(RevocationStatus::Good(currency)),
    }
}

/// RFC 5280 §6.3.3 (b) (2): whether the list speaks of this certificate, and then whether of all reasons. Names are compared as
/// names, never as text.
fn in_scope(list: &Crl, query: &RevocationQuery<'_>) -> Result<bool, RevocationGap> {
    let point = list.issuing_distribution_point();
    if let Some(point) = point
        && (point.only_attribute_certificates
            || (point.only_user_certificates && query.is_ca)
            || (point.only_ca_certificates && !query.is_ca))
    {
        return Err(RevocationGap::OtherScope);
    }
    let all_reasons = point.is_none_or(|point| point.only_some_reasons.is_none());
    // A list without a name speaks of every certificate of its issuer.
    let Some(name) = point.and_then(|point| point.name.as_ref()) else { return Ok(all_reasons) };
    let issued = name.resolve(list.issuer()).map_err(|_| RevocationGap::Malformed)?;
    let issuer = query.issuer.subject();
    let matches = |named: &[GeneralName]| named.iter().any(|name| issued.contains(name));
    // §6.3.3: a certificate without distribution points is treated as if it named its issuer.
    if query.distribution_points.is_empty() && matches(&[GeneralName::Directory(issuer.clone())]) {
        return Ok(all_reasons);
    }
    let mut found = None;
    for own in query.distribution_points {
        let names = match &own.name {
            Some(name) => name.resolve(issuer).map_err(|_| RevocationGap::Malformed)?,
            None => own.crl_issuer.clone(),
        };
        // A point with another issuer is an indirect list's, which this one is not.
        let by_issuer =
            own.crl_issuer.is_empty() || own.crl_issuer.contains(&GeneralName::Directory(list.issuer().clone()));
        if by_issuer && matches(&names) {
            found = Some(found.unwrap_or(false) || own.reasons.is_none());
        }
    }
    found.map(|all| all && all_reasons).ok_or(RevocationGap::OtherScope)
}
