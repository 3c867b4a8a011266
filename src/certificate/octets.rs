//! A few octets, kept where they stand: certificates are full of them, and an allocation for each is felt.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

/// Octets that are not kept elsewhere: the identifiers and serial numbers of every certificate we know.
const IN_PLACE: usize = 22;

/// Octets of any number, few of them without an allocation.
#[derive(Clone)]
pub(super) enum Octets {
    /// In place; behind `length` all are zero.
    Few { length: u8, octets: [u8; IN_PLACE] },
    /// More of them.
    Many(Box<[u8]>),
}

impl Octets {
    pub(super) fn as_slice(&self) -> &[u8] {
        match self {
            Self::Few { length, octets } => octets.get(..usize::from(*length)).unwrap_or_default(),
            Self::Many(octets) => octets,
        }
    }
}

impl From<&[u8]> for Octets {
    fn from(slice: &[u8]) -> Self {
        let mut octets = [0; IN_PLACE];
        match (u8::try_from(slice.len()), octets.get_mut(..slice.len())) {
            (Ok(length), Some(start)) => {
                start.copy_from_slice(slice);
                Self::Few { length, octets }
            }
            _ => Self::Many(slice.into()),
        }
    }
}

/// A part of a document, which it shares instead of copying it.
#[derive(Clone)]
pub(crate) struct Part {
    whole: Arc<[u8]>,
    range: Range<usize>,
}

impl Part {
    /// `part` of `whole`; a copy of it where it lies somewhere else.
    pub(super) fn of(whole: &Arc<[u8]>, part: &[u8]) -> Self {
        match range_of(part, whole) {
            Some(range) => Self { whole: Arc::clone(whole), range },
            None => Self { whole: part.into(), range: 0..part.len() },
        }
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        self.whole.get(self.range.clone()).unwrap_or_default()
    }
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for Part {}

/// Where `part`, a slice of `whole`, lies in it.
pub(super) fn range_of(part: &[u8], whole: &[u8]) -> Option<Range<usize>> {
    let start = (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize)?;
    let end = start.checked_add(part.len())?;
    (end <= whole.len()).then_some(start..end)
}

impl PartialEq for Octets {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            // All of them at once, without asking how many there are first.
            (Self::Few { length: a, octets: left }, Self::Few { length: b, octets: right }) => a == b && left == right,
            _ => self.as_slice() == other.as_slice(),
        }
    }
}

impl Eq for Octets {}

impl Ord for Octets {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_slice().cmp(other.as_slice())
    }
}

impl PartialOrd for Octets {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Octets {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_slice().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_are_compared_as_slices_however_they_are_kept() {
        let all: Vec<Vec<u8>> =
            [0, 1, 21, 22, 23, 40].into_iter().flat_map(|length| [vec![0; length], vec![7; length]]).collect();
        for a in &all {
            assert_eq!(Octets::from(a.as_slice()).as_slice(), a);
            for b in &all {
                let (left, right) = (Octets::from(a.as_slice()), Octets::from(b.as_slice()));
                assert_eq!((left == right, left.cmp(&right)), (a == b, a.cmp(b)), "{a:?} {b:?}");
            }
        }
    }
}
