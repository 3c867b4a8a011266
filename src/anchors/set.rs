//! Sets of trust anchors, kept apart by purpose.

use super::generation::Generation;
use super::pinned;
use crate::certificate::{Certificate, Purpose};
use crate::verdict::Taint;

/// Where an anchor comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Given by the caller.
    Caller,
    /// Compiled in: a CA that issues to people.
    Production,
    /// Compiled in: the test hierarchy.
    Test,
}

/// A certificate whose key is trusted, for one purpose or, if the caller gave it so, for any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    certificate: Certificate,
    purpose: Option<Purpose>,
    origin: Origin,
    generation: Generation,
}

impl Anchor {
    pub(super) fn new(
        certificate: Certificate,
        purpose: Option<Purpose>,
        origin: Origin,
        generation: Generation,
    ) -> Self {
        Self { certificate, purpose, origin, generation }
    }

    /// The certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// What it may vouch for; `None` for anything.
    pub fn purpose(&self) -> Option<Purpose> {
        self.purpose
    }

    /// Where it comes from.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Its generation.
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// What a result that rests on it must carry.
    pub fn taint(&self) -> Option<Taint> {
        match self.origin {
            Origin::Caller => Some(Taint::CallerAnchor),
            Origin::Production => None,
            Origin::Test => Some(Taint::TestHierarchy),
        }
    }
}

/// Trust anchors. An anchor is chosen by its key, never by its name: all generations of a CA share one (certificates.md §1.2).
///
/// ```
/// use honnin::anchors::AnchorSet;
/// use honnin::certificate::Purpose;
/// assert_eq!(AnchorSet::jpki().for_purpose(Some(Purpose::DigitalSignature)).count(), 3);
/// assert_eq!(AnchorSet::none().for_purpose(None).count(), 0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnchorSet {
    anchors: Vec<Anchor>,
}

impl AnchorSet {
    /// The CAs that issue to people: three generations for each of the two purposes.
    pub fn jpki() -> Self {
        Self::pinned(Origin::Production)
    }

    /// The test hierarchy. Everything that rests on it is tainted.
    pub fn jpki_test() -> Self {
        Self::pinned(Origin::Test)
    }

    /// No anchor at all.
    pub fn none() -> Self {
        Self::default()
    }

    fn pinned(origin: Origin) -> Self {
        Self { anchors: pinned::all().iter().filter(|anchor| anchor.origin == origin).cloned().collect() }
    }

    /// The same set with an anchor of the caller's, for one purpose or, with `None`, for any. An anchor that is already in
    /// the set stays what it was.
    #[must_use]
    pub fn with_certificate(mut self, certificate: Certificate, purpose: Option<Purpose>) -> Self {
        if !self.anchors.iter().any(|anchor| anchor.certificate == certificate) {
            self.anchors.push(Anchor::new(certificate, purpose, Origin::Caller, Generation::Unknown));
        }
        self
    }

    /// The anchors that may vouch for `purpose`; all of them with `None`.
    pub fn for_purpose(&self, purpose: Option<Purpose>) -> impl Iterator<Item = &Anchor> {
        self.anchors.iter().filter(move |anchor| match (anchor.purpose, purpose) {
            (Some(own), Some(wanted)) => own == wanted,
            _ => true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_never_mix() {
        // certificates.md §1.6
        for set in [AnchorSet::jpki(), AnchorSet::jpki_test()] {
            for purpose in [Purpose::DigitalSignature, Purpose::UserAuthentication] {
                assert!(set.for_purpose(Some(purpose)).all(|anchor| anchor.purpose() == Some(purpose)));
            }
        }
        assert_eq!(AnchorSet::jpki().for_purpose(None).count(), 6);
        assert_eq!(AnchorSet::jpki_test().for_purpose(None).count(), 4);
    }

    #[test]
    fn the_test_hierarchy_comes_on_demand_only_and_taints() {
        assert!(AnchorSet::jpki().for_purpose(None).all(|anchor| anchor.taint().is_none()));
        assert!(AnchorSet::jpki_test().for_purpose(None).all(|anchor| anchor.taint() == Some(Taint::TestHierarchy)));
    }

    #[test]
    fn a_given_anchor_taints_unless_it_is_already_there() {
        let test = AnchorSet::jpki_test();
        let certificate = test.anchors[0].certificate.clone();
        let set = AnchorSet::jpki().with_certificate(certificate.clone(), None);
        assert_eq!(set.anchors.last().unwrap().taint(), Some(Taint::CallerAnchor));
        assert_eq!(test.clone().with_certificate(certificate, None), test);
    }
}
