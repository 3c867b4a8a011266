//! What revocation lists say of one certificate: RFC 5280 §6.3.3 over all lists at hand.
//!
//! Lists by reason are added up, lists of changes are laid over their base, indirect lists are read for the issuer that is
//! asked about. A list that cannot be used says so with a [`RevocationGap`]; it never turns into "good".

use super::crl::Crl;
use super::crl_entry::RevocationReason;
use super::revocation::{Currency, RevocationGap as Gap, RevocationQuery, RevocationSource, RevocationStatus};
use crate::certificate::{Certificate, DistributionPoint, GeneralName, Name};
use crate::crypto::SignatureError;
use crate::time::UnixTime;
use std::borrow::Cow;

/// ReasonFlags 1 to 8 (RFC 5280 §5.2.5, all-reasons of §6.3.2 (a)); bit 0 is "unused".
const ALL_REASONS: u16 = 0x1FE;

/// Who may have signed a list, and whether one of them did.
pub(super) trait ListSigners<'a> {
    /// §6.3.3 (f), (g): the authorised signer whose key verifies the list.
    fn signer_of(&self, list: &Crl, query: &RevocationQuery<'a>) -> Result<&'a Certificate, Gap>;

    /// Whether lists that speak for several issuers are read at all.
    fn reads_indirect_lists(&self) -> bool;
}

/// Only the issuer itself, with the key of the path: how JPKI does it (certificates.md §4.1 point 9).
pub(super) struct IssuerOnly;

impl<'a> ListSigners<'a> for IssuerOnly {
    fn signer_of(&self, list: &Crl, query: &RevocationQuery<'a>) -> Result<&'a Certificate, Gap> {
        list.signed_by(query.issuer).map(|()| query.issuer)
    }

    fn reads_indirect_lists(&self) -> bool {
        false
    }
}

/// How much of a certificate's status a list tells: which reasons, and whether only what changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coverage {
    reasons: u16,
    changes_only: bool,
}

impl Coverage {
    /// Whether it covers everything that `other` covers.
    pub fn includes(self, other: Self) -> bool {
        other.reasons & !self.reasons == 0 && (other.changes_only || !self.changes_only)
    }
}

impl Crl {
    /// Whether `signer` may sign lists and signed this one. Name and key count: all generations of a JPKI CA share the name.
    ///
    /// # Errors
    /// [`Gap::OtherIssuer`] where name or key identifier are another's, [`Gap::IssuerMayNotSign`] where the key usage of `signer`
    /// lacks cRLSign (RFC 5280 §4.2.1.3), otherwise what is wrong with the signature.
    pub fn signed_by(&self, signer: &Certificate) -> Result<(), Gap> {
        if !self.may_be_by(signer) {
            return Err(Gap::OtherIssuer);
        }
        if signer.extensions().key_usage.is_some_and(|usage| !usage.crl_sign()) {
            return Err(Gap::IssuerMayNotSign);
        }
        self.verify_signature(signer.spki_der()).map_err(|error| match error {
            SignatureError::Mismatch => Gap::SignatureInvalid,
            _ => Gap::AlgorithmNotAllowed,
        })
    }

    /// RFC 5280 §6.3.3 (b), (d): how much it speaks of a certificate, by issuer, distribution point, kind and reasons. Says
    /// nothing about who signed it, nor when.
    ///
    /// # Errors
    /// The gap, where it does not speak of the certificate at all.
    pub fn coverage(&self, query: &RevocationQuery<'_>) -> Result<Coverage, Gap> {
        scope(self, query).map(|reasons| Coverage { reasons, changes_only: self.is_delta() })
    }
}

/// One list by itself.
impl RevocationSource for Crl {
    fn status(&self, query: &RevocationQuery<'_>) -> RevocationStatus {
        status(std::slice::from_ref(self), query, &IssuerOnly)
    }

    fn answering_list(&self, _: &RevocationQuery<'_>) -> Option<&Crl> {
        Some(self)
    }
}

/// What `lists` together say. Revoked by any of them is revoked; good takes lists for all reasons.
pub(super) fn status<'a>(
    lists: &[Crl],
    query: &RevocationQuery<'a>,
    signers: &dyn ListSigners<'a>,
) -> RevocationStatus {
    let mut gap = Gap::NoSource;
    // Reasons that are covered, and since when and until when all of that holds.
    let mut covered: Option<(u16, Currency)> = None;
    let mut complete: Option<Currency> = None;
    for list in lists {
        match look_up(list, lists, query, signers) {
            Ok((RevocationStatus::Good(currency), ALL_REASONS)) => {
                let freshest = complete.is_none_or(|other| other.this_update < currency.this_update);
                complete = if freshest { Some(currency) } else { complete };
            }
            Ok((RevocationStatus::Good(currency), reasons)) => {
                gap = gap.max(Gap::SomeReasonsOnly);
                covered = Some(covered.map_or((reasons, currency), |(before, other)| {
                    let this_update = other.this_update.min(currency.this_update);
                    let next_update = other.next_update.min(currency.next_update);
                    (before | reasons, Currency { this_update, next_update, ..other })
                }));
            }
            Ok((status, _)) => return status,
            Err(found) => gap = gap.max(found),
        }
    }
    match (complete, covered) {
        (Some(currency), _) | (None, Some((ALL_REASONS, currency))) => RevocationStatus::Good(currency),
        _ => RevocationStatus::Undetermined(gap),
    }
}

/// §6.3.3 for one complete list, with the changes to it among `lists`: the status, and for which reasons.
fn look_up<'a>(
    list: &Crl,
    lists: &[Crl],
    query: &RevocationQuery<'a>,
    signers: &dyn ListSigners<'a>,
) -> Result<(RevocationStatus, u16), Gap> {
    let reasons = scope(list, query)?;
    let signer = signers.signer_of(list, query)?;
    // From here on the list is authentic.
    if list.is_delta() {
        return Err(Gap::Delta);
    }
    let next_update = current(list, query.at)?;
    if !signers.reads_indirect_lists() && list.issuing_distribution_point().is_some_and(|point| point.indirect) {
        return Err(Gap::Indirect);
    }
    let mut currency = Currency { source: "crl", this_update: list.this_update(), next_update };
    let mut found = entry(list, query)?;
    if let Some(delta) = changes_to(list, lists, signer, query.at) {
        // (i) to (k): what changed is said by the delta, everything else by its base.
        found = match entry(delta, query)? {
            Some((_, Some(RevocationReason::RemoveFromCrl))) => None,
            Some(changed) => Some(changed),
            None => found,
        };
        currency.this_update = delta.this_update();
        currency.next_update = delta.next_update().map_or(next_update, |next| next.min(next_update));
    }
    let status = match found {
        Some((at, reason)) => RevocationStatus::Revoked { at, reason, currency },
        None => RevocationStatus::Good(currency),
    };
    Ok((status, reasons))
}

/// §6.3.3 for a list that is already known to be authentic, complete and direct: `found` tells of its entry.
pub(super) fn verified_status(
    list: &Crl,
    query: &RevocationQuery<'_>,
    found: impl FnOnce() -> Option<(UnixTime, Option<RevocationReason>)>,
) -> Result<RevocationStatus, Gap> {
    let reasons = scope(list, query)?;
    let next_update = current(list, query.at)?;
    let currency = Currency { source: "crl", this_update: list.this_update(), next_update };
    match found() {
        Some((at, reason)) => Ok(RevocationStatus::Revoked { at, reason, currency }),
        None if reasons == ALL_REASONS => Ok(RevocationStatus::Good(currency)),
        None => Err(Gap::SomeReasonsOnly),
    }
}

/// Whether a list can be used at `at`; then its nextUpdate. A stale list is no list, also beneath a current delta: §6.3.3
/// assumes that both are current.
fn current(list: &Crl, at: UnixTime) -> Result<UnixTime, Gap> {
    if list.version() != 2 {
        return Err(Gap::Version);
    }
    if list.has_unknown_critical_extension() {
        return Err(Gap::UnknownCriticalExtension);
    }
    let next_update = list.next_update().ok_or(Gap::NoNextUpdate)?;
    if at < list.this_update() {
        return Err(Gap::NotYetCurrent);
    }
    if at >= next_update { Err(Gap::Stale) } else { Ok(next_update) }
}

/// The entry of the certificate, if there is one.
fn entry(list: &Crl, query: &RevocationQuery<'_>) -> Result<Option<(UnixTime, Option<RevocationReason>)>, Gap> {
    let scan = list.scan_of(query.issuer.subject(), query.serial).map_err(|_| Gap::Malformed)?;
    if scan.unknown_critical {
        return Err(Gap::UnknownCriticalExtension);
    }
    let indirect = list.issuing_distribution_point().is_some_and(|point| point.indirect);
    if scan.names_issuers && !indirect {
        return Err(Gap::Indirect);
    }
    Ok(scan.found)
}

/// (c), (h): the newest list of changes that fits `base`: same issuer, key and scope, starting at it or before, going beyond it.
fn changes_to<'l>(base: &Crl, lists: &'l [Crl], signer: &Certificate, at: UnixTime) -> Option<&'l Crl> {
    let base_number = ordered(base.number()?);
    let fits = |delta: &&Crl| {
        delta.base_number().is_some_and(|from| ordered(from) <= base_number)
            && delta.number().is_some_and(|number| ordered(number) > base_number)
            && delta.issuer() == base.issuer()
            && delta.authority_key_identifier() == base.authority_key_identifier()
            && delta.issuing_distribution_point() == base.issuing_distribution_point()
            && current(delta, at).is_ok()
            && delta.signed_by(signer).is_ok()
    };
    lists.iter().filter(fits).max_by_key(|delta| delta.number().map(ordered))
}

/// A number without leading zeros, ordered by value.
fn ordered(number: &[u8]) -> (usize, &[u8]) {
    (number.len(), number)
}

/// (b), (d): for which reasons the list speaks of this certificate. Names are compared as names, never as text.
fn scope(list: &Crl, query: &RevocationQuery<'_>) -> Result<u16, Gap> {
    let by_issuer = list.issuer() == query.issuer.subject();
    let point = list.issuing_distribution_point();
    let indirect = point.is_some_and(|point| point.indirect);
    if !by_issuer && !indirect {
        return Err(Gap::OtherIssuer);
    }
    if let Some(point) = point
        && (point.only_attribute_certificates
            || (point.only_user_certificates && query.is_ca)
            || (point.only_ca_certificates && !query.is_ca))
    {
        return Err(Gap::OtherScope);
    }
    let own_reasons = point.and_then(|point| point.only_some_reasons).unwrap_or(ALL_REASONS);
    let name = point.and_then(|point| point.name.as_ref());
    let issued = name.map(|name| name.resolve(list.issuer())).transpose().map_err(|_| Gap::Malformed)?;
    // A list of the issuer without a name speaks of every certificate it issued.
    let mut reasons = if by_issuer && issued.is_none() { own_reasons } else { 0 };
    for point in query.distribution_points {
        let delegated = !point.crl_issuer.is_empty();
        let by_this_issuer = if delegated { indirect && names(&point.crl_issuer, list.issuer()) } else { by_issuer };
        let here = match &issued {
            Some(issued) => names_of(point, query.issuer.subject())?.iter().any(|name| issued.contains(name)),
            None => true,
        };
        if by_this_issuer && here {
            reasons |= own_reasons & point.reasons.unwrap_or(ALL_REASONS);
        }
    }
    // A certificate without distribution points is treated as if it named its issuer.
    if by_issuer && query.distribution_points.is_empty() && issued.is_some_and(|issued| names(&issued, list.issuer())) {
        reasons |= own_reasons;
    }
    match reasons & ALL_REASONS {
        0 => Err(Gap::OtherScope),
        reasons => Ok(reasons),
    }
}

fn names(names: &[GeneralName], name: &Name) -> bool {
    names.iter().any(|one| matches!(one, GeneralName::Directory(one) if one == name))
}

/// The names of a distribution point. A relative one is below the issuer of the list, who is the certificate's unless the
/// point names another (RFC 5280 §4.2.1.13).
pub(super) fn names_of<'p>(point: &'p DistributionPoint, issuer: &Name) -> Result<Cow<'p, [GeneralName]>, Gap> {
    let Some(name) = &point.name else { return Ok(Cow::Borrowed(&point.crl_issuer)) };
    let base = match point.crl_issuer.as_slice() {
        [GeneralName::Directory(other)] => other,
        _ => issuer,
    };
    name.resolve(base).map_err(|_| Gap::Malformed)
}
