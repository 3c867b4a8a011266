//! Certification paths: building them with bounded work, and RFC 5280 §6.1 over each.

use super::VerifiedPath;
use super::name_constraints::ConstraintState;
use super::policy::{PolicyParameters, PolicyState};
use crate::anchors::Anchor;
use crate::certificate::{Certificate, Oid};
use crate::crypto::SignatureError;
use crate::reason::Reason;
use crate::time::{Position, UnixTime};

/// Most signatures one search checks: hostile intermediates must not make it long.
const SIGNATURE_BUDGET: usize = 100;

/// Most certificates between leaf and anchor, self-issued ones included.
const MAXIMUM_LENGTH: usize = 16;

/// What the search looks among, and under which rules.
pub(super) struct Search<'a> {
    pub(super) anchors: Vec<&'a Anchor>,
    pub(super) intermediates: &'a [Certificate],
    pub(super) at: UnixTime,
    /// Most certificates between leaf and anchor.
    pub(super) maximum_intermediates: usize,
    /// The target may be an anchor itself (plain RFC 5280 only).
    pub(super) anchor_may_be_target: bool,
    pub(super) policies: &'a PolicyParameters,
    /// Intermediates that are not to be used: known to be revoked, say.
    pub(super) excluded: Vec<&'a Certificate>,
}

/// A path whose signatures and constraints hold; its dates may still not.
pub(super) struct FoundPath<'a> {
    /// Leaf first; without the anchor.
    pub(super) certificates: Vec<&'a Certificate>,
    pub(super) anchor: &'a Anchor,
    /// user-constrained-policy-set
    pub(super) valid_policies: Vec<Oid>,
}

impl<'a> FoundPath<'a> {
    /// Leaf first, anchor last; an anchor that is the target stands once.
    pub(super) fn all(&self) -> impl Iterator<Item = &'a Certificate> + '_ {
        let anchor = self.anchor.certificate();
        let target_is_anchor = self.certificates.last().is_some_and(|last| *last == anchor);
        self.certificates.iter().copied().chain((!target_is_anchor).then_some(anchor))
    }

    pub(super) fn verified(&self) -> VerifiedPath {
        VerifiedPath {
            certificates: self.all().cloned().collect(),
            anchor: self.anchor.clone(),
            valid_policies: self.valid_policies.clone(),
        }
    }
}

/// Why there is no path. Ordered: of many failures the last in this order is the one worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PathFailure {
    NoIssuer,
    KeyIdentifierDiffers,
    NotACertificationAuthority,
    TooLong,
    WorkLimit,
    SignatureInvalid,
    KeyTooWeak,
    AlgorithmNotAllowed,
    UnknownCriticalExtension,
    PathLengthExceeded,
    NameConstraintViolated,
    PolicyNotAcceptable,
}

impl PathFailure {
    pub(super) fn reason(self) -> Reason {
        match self {
            Self::NoIssuer | Self::KeyIdentifierDiffers | Self::NotACertificationAuthority => Reason::IssuerNotTrusted,
            Self::TooLong | Self::WorkLimit | Self::UnknownCriticalExtension | Self::PathLengthExceeded => {
                Reason::PathNotFound
            }
            Self::SignatureInvalid => Reason::SignatureInvalid,
            Self::KeyTooWeak => Reason::KeyTooWeak,
            Self::AlgorithmNotAllowed => Reason::AlgorithmNotAllowed,
            Self::NameConstraintViolated => Reason::NameConstraintViolated,
            Self::PolicyNotAcceptable => Reason::PolicyNotAcceptable,
        }
    }

    pub(super) fn why(self) -> &'static str {
        match self {
            Self::NoIssuer => "no_issuer",
            Self::KeyIdentifierDiffers => "key_identifier_differs",
            Self::NotACertificationAuthority => "not_a_certification_authority",
            Self::TooLong => "too_long",
            Self::WorkLimit => "work_limit",
            Self::SignatureInvalid => "signature_invalid",
            Self::KeyTooWeak => "key_too_weak",
            Self::AlgorithmNotAllowed => "algorithm_not_allowed",
            Self::UnknownCriticalExtension => "unknown_critical_extension",
            Self::PathLengthExceeded => "path_length_exceeded",
            Self::NameConstraintViolated => "name_constraint_violated",
            Self::PolicyNotAcceptable => "policy_not_acceptable",
        }
    }
}

/// State of one search.
struct Walk<'s, 'a> {
    search: &'s Search<'a>,
    signatures: usize,
    failure: PathFailure,
    /// A path that only its dates speak against.
    untimely: Option<FoundPath<'a>>,
}

impl<'a> Search<'a> {
    /// The first path whose dates hold too, or else one that only its dates speak against.
    pub(super) fn find(&self, leaf: &'a Certificate) -> Result<FoundPath<'a>, PathFailure> {
        if !leaf.extensions().unknown_critical.is_empty() {
            return Err(PathFailure::UnknownCriticalExtension);
        }
        let mut walk =
            Walk { search: self, signatures: SIGNATURE_BUDGET, failure: PathFailure::NoIssuer, untimely: None };
        let target = self.anchors.iter().find(|anchor| anchor.certificate() == leaf);
        if let Some(anchor) = target.filter(|_| self.anchor_may_be_target) {
            return Ok(FoundPath { certificates: vec![leaf], anchor, valid_policies: Vec::new() });
        }
        match walk.extend(&mut vec![leaf]) {
            Some(found) => Ok(found),
            None => walk.untimely.ok_or(walk.failure),
        }
    }
}

impl<'a> Walk<'_, 'a> {
    fn failed(&mut self, failure: PathFailure) {
        self.failure = self.failure.max(failure);
    }

    /// Depth first from the leaf upwards; anchors before intermediates, so the shortest way wins.
    fn extend(&mut self, chain: &mut Vec<&'a Certificate>) -> Option<FoundPath<'a>> {
        let tip = *chain.last()?;
        for anchor in &self.search.anchors {
            if !self.issued(anchor.certificate(), tip) {
                continue;
            }
            let valid_policies = match process(chain, anchor, self.search.policies) {
                Ok(valid_policies) => valid_policies,
                Err(failure) => {
                    self.failed(failure);
                    continue;
                }
            };
            let timely =
                chain.iter().all(|one| within(one, self.search.at)) && within(anchor.certificate(), self.search.at);
            let found = FoundPath { certificates: chain.clone(), anchor, valid_policies };
            if timely {
                return Some(found);
            }
            self.untimely.get_or_insert(found);
        }
        // A profile without intermediates does not look at them at all.
        let intermediates = if self.search.maximum_intermediates == 0 { &[] } else { self.search.intermediates };
        for issuer in intermediates {
            // The same key under the same name again would be a loop.
            let again =
                chain.iter().any(|one| one.spki_der() == issuer.spki_der() && one.subject() == issuer.subject());
            if again || issuer.subject() != tip.issuer() || self.search.excluded.contains(&issuer) {
                continue;
            }
            // Self-issued certificates renew a key or a policy; they are no further authority (§6.1.4 (l)).
            let counted = chain.iter().skip(1).chain([&issuer]).filter(|one| !one.is_self_issued()).count();
            if counted > self.search.maximum_intermediates || chain.len() > MAXIMUM_LENGTH {
                self.failed(PathFailure::TooLong);
                continue;
            }
            if !self.issued(issuer, tip) {
                continue;
            }
            chain.push(issuer);
            let found = self.extend(chain);
            chain.pop();
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Whether `issuer` may have issued `subject`, and did: by name, by key identifier, by signature.
    fn issued(&mut self, issuer: &Certificate, subject: &Certificate) -> bool {
        if issuer.subject() != subject.issuer() {
            return false;
        }
        let named = subject.extensions().authority_key_identifier.as_ref();
        if named.is_some_and(|named| !named.may_mean(issuer)) {
            self.failed(PathFailure::KeyIdentifierDiffers);
            return false;
        }
        if let Err(failure) = may_sign_certificates(issuer) {
            self.failed(failure);
            return false;
        }
        let Some(left) = self.signatures.checked_sub(1) else {
            self.failed(PathFailure::WorkLimit);
            return false;
        };
        self.signatures = left;
        let failure = match subject.verify_signature(issuer) {
            Ok(()) => return true,
            Err(SignatureError::Mismatch) => PathFailure::SignatureInvalid,
            Err(SignatureError::KeyTooWeak) => PathFailure::KeyTooWeak,
            Err(SignatureError::AlgorithmNotAllowed | SignatureError::KeyMalformed) => PathFailure::AlgorithmNotAllowed,
        };
        self.failed(failure);
        false
    }
}

fn within(certificate: &Certificate, at: UnixTime) -> bool {
    certificate.validity().position(at) == Position::Within
}

/// RFC 5280 §6.1.4 (k), (n), (o), and §4.1.2.4: an issuer has a name; the anchor is held to the same (certificates.md §4.1 point 5).
fn may_sign_certificates(issuer: &Certificate) -> Result<(), PathFailure> {
    let extensions = issuer.extensions();
    if !extensions.unknown_critical.is_empty() {
        return Err(PathFailure::UnknownCriticalExtension);
    }
    let authority = extensions.basic_constraints.is_some_and(|constraints| constraints.ca)
        && extensions.key_usage.is_none_or(|usage| usage.key_cert_sign())
        && !issuer.subject().is_empty();
    if authority { Ok(()) } else { Err(PathFailure::NotACertificationAuthority) }
}

/// RFC 5280 §6.1.2 to §6.1.5, from the anchor down to the leaf. Signatures are already checked, dates are checked apart.
fn process(chain: &[&Certificate], anchor: &Anchor, policies: &PolicyParameters) -> Result<Vec<Oid>, PathFailure> {
    let mut policy = PolicyState::new(policies, chain.len());
    let mut constraints = ConstraintState::default();
    // The anchor's own constraints count as well: whoever trusts it trusts what it says of itself (RFC 5937 §3.2).
    let anchor_extensions = anchor.certificate().extensions();
    constraints.add(anchor_extensions.name_constraints.as_ref())?;
    let own_limit = anchor_extensions.basic_constraints.and_then(|own| own.path_length);
    let mut maximum_length = own_limit.unwrap_or(u32::MAX);
    for (position, certificate) in chain.iter().enumerate().rev() {
        let extensions = certificate.extensions();
        let is_target = position == 0;
        // §6.1.3 (b), (c)
        if is_target || !certificate.is_self_issued() {
            constraints.check(certificate)?;
        }
        // §6.1.3 (d) to (f)
        policy.certificate(certificate, is_target)?;
        if is_target {
            break;
        }
        // §6.1.4
        policy.prepare(certificate)?;
        constraints.add(extensions.name_constraints.as_ref())?;
        if !certificate.is_self_issued() {
            maximum_length = maximum_length.checked_sub(1).ok_or(PathFailure::PathLengthExceeded)?;
        }
        if let Some(limit) = extensions.basic_constraints.and_then(|own| own.path_length) {
            maximum_length = maximum_length.min(limit);
        }
    }
    policy.finish(chain.first().copied())
}
