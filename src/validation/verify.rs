//! One function over path, anchors, revocation material and an instant.

use super::crl::Crl;
use super::inquiry::Inquiry;
use super::meaning::public_meaning;
use super::ocsp::OcspResponse;
use super::path::{FoundPath, PathFailure, Search};
use super::policy::PolicyParameters;
use super::profile::Profile;
use super::revocation::{RevocationGap, RevocationSource, RevocationStatus};
use super::{Validation, VerifiedPath};
use crate::anchors::AnchorSet;
use crate::certificate::{BasicAttributes, Birthdate, Certificate, CertificateError};
use crate::crypto::SignatureError;
use crate::reason::Reason;
use crate::time::{Position, UnixTime};
use crate::verdict::{Check, CheckId, Conclusion, Status, Taint, Verdict, Warning};
use std::str::FromStr;

/// Documents a validation may look into. None of them is trusted for being here.
#[derive(Clone, Copy, Default)]
pub struct Materials<'a> {
    /// Certificates that may stand between leaf and anchor.
    pub intermediates: &'a [Certificate],
    /// Revocation lists.
    pub crls: &'a [Crl],
    /// Answers of OCSP responders.
    pub ocsp: &'a [OcspResponse],
    /// Anything else that can answer: an index over many lists, say.
    pub sources: &'a [&'a dyn RevocationSource],
}

/// Whether revocation must be known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RevocationRule {
    /// It must: unknown is undetermined.
    #[default]
    Require,
    /// Material that speaks of the certificate counts; where there is none, nothing is asked.
    IfPresent,
    /// It is not asked.
    Skip,
}

/// No rule of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such rule (require, if-present, skip)")]
pub struct UnknownRevocationRule;

impl FromStr for RevocationRule {
    type Err = UnknownRevocationRule;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "require" => Ok(Self::Require),
            "if-present" => Ok(Self::IfPresent),
            "skip" => Ok(Self::Skip),
            _ => Err(UnknownRevocationRule),
        }
    }
}

/// Under which rules, with which anchors, and as of when.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Parameters<'a> {
    /// The instant that is judged. There is no clock in here.
    pub at: UnixTime,
    /// The anchors.
    pub anchors: &'a AnchorSet,
    /// The profile; `None` for the one that fits the certificate, else RFC 5280.
    pub profile: Option<Profile>,
    /// Whether revocation must be known.
    pub revocation: RevocationRule,
    /// Most certificates between leaf and anchor; a profile may allow fewer. `None` for the profile's own limit.
    pub maximum_intermediates: Option<usize>,
    /// Policy inputs of RFC 5280 §6.1.1. A JPKI profile asks for its own policy beside them.
    pub policies: PolicyParameters,
}

impl<'a> Parameters<'a> {
    /// The fitting profile, revocation required, any policy.
    pub fn new(at: UnixTime, anchors: &'a AnchorSet) -> Self {
        Self {
            at,
            anchors,
            profile: None,
            revocation: RevocationRule::Require,
            maximum_intermediates: None,
            policies: PolicyParameters::default(),
        }
    }

    /// The same under this profile.
    #[must_use]
    pub fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = Some(profile);
        self
    }

    /// The same with this rule for revocation.
    #[must_use]
    pub fn with_revocation(mut self, rule: RevocationRule) -> Self {
        self.revocation = rule;
        self
    }
}

/// Checks a certificate. Every check that can be made safely is made and reported, also after one failed; nothing beyond
/// names and dates is read where no path was verified.
///
/// ```
/// use honnin::anchors::AnchorSet;
/// use honnin::certificate::Certificate;
/// use honnin::validation::{Materials, Parameters, RevocationRule, verify};
/// use honnin::verdict::Conclusion;
///
/// let der = include_bytes!("../../fixtures/certificates/testcard/jpki-auth-cert.der");
/// let certificate = Certificate::from_der(der)?;
/// let anchors = AnchorSet::jpki_test();
/// let parameters = Parameters::new("2026-11-22T03:00:00Z".parse()?, &anchors).with_revocation(RevocationRule::Skip);
/// let validation = verify(&certificate, &Materials::default(), &parameters);
/// assert_eq!(validation.verdict.conclusion(), Conclusion::Yes);
/// assert!(validation.path.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify(leaf: &Certificate, materials: &Materials<'_>, parameters: &Parameters<'_>) -> Validation {
    let profile = parameters.profile.unwrap_or_else(|| Profile::fitting(leaf));
    let mut verdict = Verdict::new();
    verdict.record(profile.check_format(leaf));

    let mut search = Search {
        anchors: parameters.anchors.for_purpose(profile.purpose()).collect(),
        intermediates: materials.intermediates,
        at: parameters.at,
        maximum_intermediates: profile
            .maximum_intermediates()
            .min(parameters.maximum_intermediates.unwrap_or(usize::MAX)),
        anchor_may_be_target: profile == Profile::Rfc5280,
        policies: &parameters.policies,
        excluded: Vec::new(),
    };
    let (found, revocation) = choose(&mut search, leaf, materials, parameters);
    record_path_and_algorithm(&mut verdict, leaf, &found, profile);
    let origin = found.as_ref().ok().map(|found| found.anchor.origin());
    verdict.record(profile.check_purpose(leaf, origin));
    verdict.record(check_dates(leaf, found.as_ref().ok(), parameters.at));
    let (shape, warnings) = profile.check_shape(leaf);
    verdict.record(shape);
    verdict.warnings.extend(warnings);

    // Everything but revocation and attributes is now decided.
    let holds = verdict.conclusion() == Conclusion::Yes;
    verdict.record(revocation_check(&revocation));
    if let Ok(found) = &found {
        if let Some(taint) = found.anchor.taint() {
            verdict.taint(taint);
        }
        if leaf.claims_test_hierarchy() {
            verdict.taint(Taint::TestHierarchy);
        }
    }
    record_attributes(&mut verdict, leaf, found.is_ok(), &revocation, profile);
    let path = found.ok().filter(|_| holds).map(|found| found.verified());
    Validation { verdict, path, revocation, profile }
}

/// The verdict on bytes that are not a certificate: the format check failed, nothing else was run.
pub fn unreadable(error: &CertificateError, profile: Option<Profile>) -> Validation {
    let mut verdict = Verdict::new();
    verdict.record(Check::failed(CheckId::Format, error.reason()).with("why", error.to_string()));
    for id in [
        CheckId::Path,
        CheckId::Purpose,
        CheckId::Algorithm,
        CheckId::ValidityPeriod,
        CheckId::Profile,
        CheckId::Revocation,
    ] {
        verdict.record(Check::not_run(id));
    }
    let profile = profile.unwrap_or(Profile::Rfc5280);
    Validation { verdict, path: None, revocation: RevocationStatus::NotChecked, profile }
}

fn record_path_and_algorithm(
    verdict: &mut Verdict,
    leaf: &Certificate,
    found: &Result<FoundPath<'_>, PathFailure>,
    profile: Profile,
) {
    let failure = found.as_ref().err().copied();
    // Algorithms first: where one is refused, the path was not even tried.
    let refused = refused_algorithm(leaf, found, profile);
    verdict.record(match refused {
        Some((reason, why)) => Check::failed(CheckId::Algorithm, reason).with("why", why),
        None => Check::passed(CheckId::Algorithm),
    });
    verdict.record(match failure {
        None => Check::passed(CheckId::Path),
        Some(PathFailure::AlgorithmNotAllowed | PathFailure::KeyTooWeak) => Check::not_run(CheckId::Path),
        Some(failure) => Check::failed(CheckId::Path, failure.reason()).with("why", failure.why()),
    });
}

/// certificates.md §4.1 point 3, for every signature and key of the path, or for the leaf alone where there is none.
fn refused_algorithm(
    leaf: &Certificate,
    found: &Result<FoundPath<'_>, PathFailure>,
    profile: Profile,
) -> Option<(Reason, &'static str)> {
    let key = |certificate: &Certificate| {
        let strong = |kind: crate::crypto::KeyKind| kind.require_strength().map(|()| kind);
        match certificate.key_kind().and_then(strong) {
            Ok(kind) if profile.accepts_key(kind) => None,
            Ok(_) => Some((Reason::KeyTooWeak, "public_exponent")),
            Err(SignatureError::KeyTooWeak) => Some((Reason::KeyTooWeak, "key_length")),
            Err(SignatureError::KeyMalformed) => Some((Reason::MalformedData, "public_key")),
            Err(SignatureError::AlgorithmNotAllowed | SignatureError::Mismatch) => {
                Some((Reason::AlgorithmNotAllowed, "public_key"))
            }
        }
    };
    if leaf.accepted_algorithm().is_none() {
        return Some((Reason::AlgorithmNotAllowed, "signature"));
    }
    match found {
        Ok(found) => found.all().find_map(key),
        Err(PathFailure::AlgorithmNotAllowed) => Some((Reason::AlgorithmNotAllowed, "issuer")),
        Err(PathFailure::KeyTooWeak) => Some((Reason::KeyTooWeak, "issuer")),
        Err(_) => key(leaf),
    }
}

/// Every certificate of the path, the anchor included (certificates.md §4.1 point 4); the leaf alone where there is none.
fn check_dates(leaf: &Certificate, found: Option<&FoundPath<'_>>, at: UnixTime) -> Check {
    let path = || found.map(FoundPath::all).into_iter().flatten().chain(found.is_none().then_some(leaf));
    for (position, certificate) in path().enumerate() {
        let validity = certificate.validity();
        let (reason, key, date) = match validity.position(at) {
            Position::Within => continue,
            Position::NotYetValid => (Reason::CertificateNotYetValid, "not_before", validity.not_before),
            Position::Expired => (Reason::CertificateExpired, "not_after", validity.not_after),
        };
        let which = match position {
            0 => "end_entity",
            p if p + 1 == path().count() => "anchor",
            _ => "intermediate",
        };
        return Check::failed(CheckId::ValidityPeriod, reason).with("certificate", which).with(key, date.to_string());
    }
    Check::passed(CheckId::ValidityPeriod)
}

/// Most other paths that are tried where an intermediate of the first one is revoked, or nobody can say.
const MAXIMUM_DETOURS: usize = 4;

/// The path, and what is known of its certificates: the first one, unless one of its intermediates is revoked or unknown and
/// another path leads around it.
fn choose<'a>(
    search: &mut Search<'a>,
    leaf: &'a Certificate,
    materials: &'a Materials<'a>,
    parameters: &Parameters<'_>,
) -> (Result<FoundPath<'a>, PathFailure>, RevocationStatus) {
    let first = match search.find(leaf) {
        Ok(first) => first,
        Err(failure) => return (Err(failure), RevocationStatus::NotChecked),
    };
    let (mut status, mut obstacle) = revocation_of(&first, materials, parameters, search.maximum_intermediates);
    let mut chosen = first;
    for _ in 0..MAXIMUM_DETOURS {
        let Some(avoided) =
            obstacle.filter(|_| check_dates(leaf, Some(&chosen), parameters.at).status == Status::Passed)
        else {
            break;
        };
        search.excluded.push(avoided);
        let Ok(other) = search.find(leaf) else { break };
        if check_dates(leaf, Some(&other), parameters.at).status != Status::Passed {
            break;
        }
        let (found, next) = revocation_of(&other, materials, parameters, search.maximum_intermediates);
        obstacle = next;
        if severity(&found) < severity(&status) {
            (chosen, status) = (other, found);
        }
    }
    (Ok(chosen), status)
}

/// Good and not asked are equally good; revoked is worst.
fn severity(status: &RevocationStatus) -> u8 {
    match status {
        RevocationStatus::Revoked { .. } => 2,
        RevocationStatus::Undetermined(_) => 1,
        RevocationStatus::Good(_) | RevocationStatus::NotChecked => 0,
    }
}

/// Revocation of every certificate below the anchor; the leaf's answer is the one that is told, unless one above it is
/// revoked or unknown: that one is the second answer.
fn revocation_of<'a>(
    found: &FoundPath<'a>,
    materials: &'a Materials<'a>,
    parameters: &Parameters<'_>,
    maximum_intermediates: usize,
) -> (RevocationStatus, Option<&'a Certificate>) {
    if parameters.revocation == RevocationRule::Skip {
        return (RevocationStatus::NotChecked, None);
    }
    let inquiry = Inquiry::new(found, materials, parameters, maximum_intermediates);
    let path = inquiry.path();
    let mut issuers = path.iter().copied().skip(1);
    let leaf_issuer = issuers.next().or(path.first().copied());
    let mut answers: Vec<(RevocationStatus, &'a Certificate)> = Vec::with_capacity(path.len());
    if let (Some(leaf), Some(issuer)) = (path.first().copied(), leaf_issuer) {
        answers.push((inquiry.status(leaf, issuer), leaf));
    }
    for (certificate, issuer) in path.iter().copied().skip(1).zip(issuers) {
        answers.push((inquiry.status(certificate, issuer), certificate));
    }
    // Of equals the first: the leaf's.
    let worst = answers.iter().rev().max_by_key(|(status, _)| severity(status)).copied();
    let (status, certificate) = match worst {
        Some((status, certificate)) => (status, Some(certificate)),
        None => (RevocationStatus::NotChecked, None),
    };
    let above = certificate.filter(|one| severity(&status) > 0 && path.first() != Some(one));
    (status, above)
}

fn revocation_check(status: &RevocationStatus) -> Check {
    match status {
        RevocationStatus::Good(currency) => Check::passed(CheckId::Revocation)
            .with("source", currency.source)
            .with("this_update", currency.this_update)
            .with("next_update", currency.next_update),
        RevocationStatus::Revoked { at, reason, currency } => {
            let check = Check::failed(CheckId::Revocation, Reason::CertificateRevoked)
                .with("at", *at)
                .with("meaning", public_meaning(*reason).as_str())
                .with("source", currency.source);
            match reason {
                Some(reason) => check.with("reason", reason.as_str()),
                None => check,
            }
        }
        RevocationStatus::Undetermined(gap) => {
            Check::undetermined(CheckId::Revocation, Reason::ValidityUnavailable).with("why", gap.as_str())
        }
        RevocationStatus::NotChecked => Check::not_run(CheckId::Revocation),
    }
}

/// The basic four attributes, where the certificate carries them or its profile asks for them. Of a revoked certificate they
/// are not judged: "recorded data changed" is the usual cause.
fn record_attributes(
    verdict: &mut Verdict,
    leaf: &Certificate,
    verified: bool,
    revocation: &RevocationStatus,
    profile: Profile,
) {
    let attributes = BasicAttributes::of(leaf);
    if attributes.is_none() && profile != Profile::JpkiDigitalSignature {
        return;
    }
    if !verified || matches!(revocation, RevocationStatus::Revoked { .. }) {
        verdict.record(Check::not_run(CheckId::Attributes));
        return;
    }
    let Some(attributes) = attributes else {
        verdict.record(Check::failed(CheckId::Attributes, Reason::MalformedData).with("why", "absent"));
        return;
    };
    for (oid, _) in &attributes.unknown {
        verdict.warnings.push(Warning::new("attribute_unknown").with("oid", oid.to_string()));
    }
    for (text, attribute) in [(&attributes.name, "name"), (&attributes.address, "address")] {
        if text.as_ref().is_some_and(|text| text.has_substitutes()) {
            verdict.warnings.push(Warning::new("attribute_has_substitutes").with("attribute", attribute));
        }
    }
    if attributes.birthdate == Some(Birthdate::Unknown) {
        verdict.warnings.push(Warning::new("birthdate_not_known_to_the_day"));
    }
    let status = if attributes.findings.is_empty() { Status::Passed } else { Status::Failed(Reason::MalformedData) };
    let mut check = Check::new(CheckId::Attributes, status);
    if !attributes.findings.is_empty()
        && let Ok(findings) = serde_json::to_value(&attributes.findings)
    {
        check = check.with("findings", findings);
    }
    verdict.record(check);
}

/// A gap, for callers that hold no material at all.
impl From<RevocationGap> for RevocationStatus {
    fn from(gap: RevocationGap) -> Self {
        Self::Undetermined(gap)
    }
}

impl VerifiedPath {
    /// The basic four attributes of the end-entity certificate, where it carries them.
    pub fn attributes(&self) -> Option<BasicAttributes> {
        BasicAttributes::of(self.end_entity())
    }
}
