//! Which bytes of which file were read, and how long the object in it is.

use super::place::Place;
use crate::apdu::tlv;
use std::collections::BTreeMap;

#[derive(Default)]
pub(super) struct Reads(BTreeMap<(Place, Option<u16>), File>);

#[derive(Default)]
struct File {
    /// Beginning and end of each piece; pieces that touch are one.
    pieces: BTreeMap<usize, usize>,
    object: Option<usize>,
}

impl File {
    /// Adds a piece; whether any byte of it was there already.
    fn add(&mut self, from: usize, to: usize) -> bool {
        let (mut from, mut to, mut again) = (from, to, false);
        // Pieces never overlap, so only those that begin before the end and reach the beginning matter.
        while let Some((start, end)) = self.pieces.range(..=to).next_back().map(|(start, end)| (*start, *end)) {
            if end < from {
                break;
            }
            again |= start < to && from < end;
            self.pieces.remove(&start);
            (from, to) = (from.min(start), to.max(end));
        }
        self.pieces.insert(from, to);
        again
    }
}

/// What is to be remarked on a read.
pub(super) struct Seen {
    pub(super) again: bool,
    pub(super) behind_the_object: bool,
}

impl Reads {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Takes note of a read that was answered.
    pub(super) fn read(
        &mut self,
        file: (Place, Option<u16>),
        offset: usize,
        length: usize,
        data: Option<&[u8]>,
    ) -> Seen {
        let file = self.0.entry(file).or_default();
        let end = offset.saturating_add(length);
        let again = length > 0 && file.add(offset, end);
        if let Some(data) = data.filter(|_| offset == 0) {
            file.object = tlv::object_length(data);
        }
        // A last block of 256 bytes that reaches behind the object is how short reads end; one that begins there is not.
        let behind_the_object = offset > 0 && length > 0 && file.object.is_some_and(|object| offset >= object);
        Seen { again, behind_the_object }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_join_and_overlaps_are_seen() {
        let mut file = File::default();
        for (from, to, again) in
            [(0, 256, false), (512, 768, false), (256, 512, false), (767, 800, true), (800, 801, false), (0, 1, true)]
        {
            assert_eq!(file.add(from, to), again, "{from}..{to}");
        }
        assert_eq!(file.pieces.into_iter().collect::<Vec<_>>(), [(0, 801)]);
    }
}
