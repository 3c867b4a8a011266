//! Which bytes of which file were read, and how long the object in it is.

use super::place::Place;
use crate::apdu::tlv;
use std::collections::BTreeMap;

/// Most pieces of one file that are kept apart; a session has a dozen.
const MOST_PIECES: usize = 4096;

#[derive(Default)]
pub(super) struct Reads(BTreeMap<(Place, Option<u16>), File>);

#[derive(Default)]
struct File {
    pieces: Vec<(usize, usize)>,
    object: Option<usize>,
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
        let again = length > 0 && file.pieces.iter().any(|(from, to)| *from < end && offset < *to);
        if file.pieces.len() < MOST_PIECES {
            file.pieces.push((offset, end));
        }
        if let Some(data) = data.filter(|_| offset == 0) {
            file.object = tlv::object_length(data);
        }
        // A last block of 256 bytes that reaches behind the object is how short reads end; one that begins there is not.
        let behind_the_object = offset > 0 && length > 0 && file.object.is_some_and(|object| offset >= object);
        Seen { again, behind_the_object }
    }
}
