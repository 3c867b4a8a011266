//! Asking everything at hand about the certificates of one path, and about those who signed the lists.

use super::crl::Crl;
use super::crl_check::{self, IssuerOnly, ListSigners};
use super::path::{FoundPath, Search};
use super::policy::PolicyParameters;
use super::revocation::{RevocationGap, RevocationQuery, RevocationStatus, combine};
use super::verify::{Materials, Parameters, RevocationRule};
use crate::anchors::Anchor;
use crate::certificate::{Certificate, GeneralName};
use crate::time::{Position, UnixTime};
use std::cell::{Cell, RefCell};

/// Most paths to signers of lists that one validation looks for: each may cost a hundred signatures.
const PATH_BUDGET: usize = 32;

/// How long a row of "the signer of this list is vouched for by the signer of that list" may become, the first certificate
/// included.
const MAXIMUM_DEPTH: usize = 5;

/// Most other keys of its issuer's name that a list is held against: each hashes the whole list.
const MAXIMUM_SIGNERS: usize = 8;

/// The questions of one validation.
pub(super) struct Inquiry<'a> {
    materials: &'a Materials<'a>,
    rule: RevocationRule,
    at: UnixTime,
    anchor: &'a Anchor,
    /// Certificates of the path; each is asked about anyway.
    path: Vec<&'a Certificate>,
    /// `None` where only the issuer itself may sign lists.
    maximum_intermediates: Option<usize>,
    /// Certificates whose status is being asked right now, the first one first.
    asking: RefCell<Vec<&'a Certificate>>,
    paths_left: Cell<usize>,
}

/// A path to a signer of lists is held to no policy: policies are about what certificates are used for.
static ANY_POLICY: PolicyParameters = PolicyParameters::any();

impl<'a> Inquiry<'a> {
    pub(super) fn new(
        found: &FoundPath<'a>,
        materials: &'a Materials<'a>,
        parameters: &Parameters<'_>,
        maximum_intermediates: usize,
    ) -> Self {
        Self {
            materials,
            rule: parameters.revocation,
            at: parameters.at,
            anchor: found.anchor,
            path: found.all().collect(),
            // A profile whose paths have no intermediates has no other signers of lists either.
            maximum_intermediates: Some(maximum_intermediates).filter(|most| *most > 0),
            asking: RefCell::default(),
            paths_left: Cell::new(PATH_BUDGET),
        }
    }

    /// The certificates of the path, leaf first.
    pub(super) fn path(&self) -> &[&'a Certificate] {
        &self.path
    }

    /// What is known of `certificate`, issued by `issuer`.
    pub(super) fn status(&self, certificate: &'a Certificate, issuer: &'a Certificate) -> RevocationStatus {
        let query = RevocationQuery::of(certificate, issuer, self.at);
        self.asking.borrow_mut().push(certificate);
        let lists = match self.maximum_intermediates {
            Some(_) => crl_check::status(self.materials.crls, &query, self),
            None => crl_check::status(self.materials.crls, &query, &IssuerOnly),
        };
        let responses = self
            .materials
            .ocsp
            .iter()
            .map(|response| response.status_with(&query, |delegate| self.delegate_status(delegate, issuer)));
        let others = self.materials.sources.iter().map(|source| source.status(&query));
        let status = combine(std::iter::once(lists).chain(responses).chain(others));
        self.asking.borrow_mut().pop();
        match (self.rule, status) {
            (RevocationRule::IfPresent, RevocationStatus::Undetermined(gap)) if gap.is_absence() => {
                RevocationStatus::NotChecked
            }
            (_, status) => status,
        }
    }

    /// What is known of a responder's delegate, who is certified by `issuer` (certificates.md §4.2). Its own answers do not
    /// count: nobody vouches for himself.
    fn delegate_status(&self, delegate: &'a Certificate, issuer: &'a Certificate) -> RevocationStatus {
        let asking = self.asking.borrow();
        let again = asking.iter().any(|one| one.spki_der() == delegate.spki_der());
        if again || asking.len() >= MAXIMUM_DEPTH {
            return RevocationGap::SignerStatusUnknown.into();
        }
        drop(asking);
        self.status(delegate, issuer)
    }

    /// §6.3.3 (f): a path for the signer, from the same anchor, none of it revoked.
    fn authorised(&self, signer: &'a Certificate, query: &RevocationQuery<'a>) -> Result<(), RevocationGap> {
        let refused = RevocationGap::SignerNotAuthorised;
        if signer == query.issuer {
            return Ok(());
        }
        // Nobody vouches for himself, or one who came by a key could clear it by his own list: unless the issuer wanted it so
        // and named him in the distribution point (PKITS 4.14.30).
        if self.asking.borrow().contains(&signer) {
            let wanted = GeneralName::Directory(signer.subject().clone());
            let named = query.distribution_points.iter().any(|point| point.crl_issuer.contains(&wanted));
            return if named { Ok(()) } else { Err(refused) };
        }
        // One of the path is asked about there.
        if self.path.contains(&signer) {
            return Ok(());
        }
        let paths_left = self.paths_left.get().checked_sub(1).ok_or(refused)?;
        if self.asking.borrow().len() >= MAXIMUM_DEPTH {
            return Err(refused);
        }
        self.paths_left.set(paths_left);
        let search = Search {
            anchors: vec![self.anchor],
            intermediates: self.materials.intermediates,
            at: self.at,
            maximum_intermediates: self.maximum_intermediates.unwrap_or_default(),
            anchor_may_be_target: true,
            policies: &ANY_POLICY,
            excluded: Vec::new(),
        };
        let found = search.find(signer).map_err(|_| refused)?;
        let chain: Vec<&'a Certificate> = found.all().collect();
        if chain.iter().any(|one| one.validity().position(self.at) != Position::Within) {
            return Err(refused);
        }
        let holds = chain.iter().zip(chain.iter().skip(1)).all(|(one, issuer)| {
            self.path.contains(one)
                || matches!(self.status(one, issuer), RevocationStatus::Good(_) | RevocationStatus::NotChecked)
        });
        if holds { Ok(()) } else { Err(refused) }
    }
}

impl<'a> ListSigners<'a> for Inquiry<'a> {
    fn signer_of(&self, list: &Crl, query: &RevocationQuery<'a>) -> Result<&'a Certificate, RevocationGap> {
        let mut gap = RevocationGap::OtherIssuer;
        let mut unauthorised = None;
        let others = self.path.iter().copied().chain(self.materials.intermediates);
        let named = others.filter(|one| one.subject() == list.issuer() && *one != query.issuer).take(MAXIMUM_SIGNERS);
        for signer in std::iter::once(query.issuer).chain(named) {
            match list.signed_by(signer) {
                Ok(()) => match self.authorised(signer, query) {
                    Ok(()) => return Ok(signer),
                    // Whose it is, is known: that other keys do not match is no news then.
                    Err(found) => unauthorised = Some(found),
                },
                Err(found) => gap = gap.max(found),
            }
        }
        Err(unauthorised.unwrap_or(gap))
    }

    fn reads_indirect_lists(&self) -> bool {
        true
    }
}
