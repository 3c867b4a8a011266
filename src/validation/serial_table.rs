//! Where the entries of a list are, by serial number.
//!
//! A list that ascends is its own table: where its entries are is noted in their order. Any other list gets a row of eight octets an
//! entry, sorted. Neither holds whole serial numbers: what a row says is read from the list.

use super::crl_entry::CrlEntry;
use super::revocation::RevocationGap as Gap;
use crate::certificate::strict_der::Reader;

/// How many rows share a starting point, where there is a row for each entry.
const BUCKET: usize = 2;

/// How many entries are looked at before it is first decided which octets make the key.
const SAMPLE: usize = 64;

/// Which octets of a longer serial number make the key, behind its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Octets {
    /// The first seven: right for random numbers, and in the order of the numbers.
    Leading,
    /// The last seven: for counters behind a long common beginning.
    Trailing,
}

impl Octets {
    fn key(self, serial: &[u8]) -> u64 {
        let part = match self {
            Self::Leading => serial.get(..7),
            Self::Trailing => serial.len().checked_sub(7).and_then(|start| serial.get(start..)),
        };
        let part = part.unwrap_or(serial);
        let value = part.iter().fold(0, |key, octet| key << 8 | u64::from(*octet)) << (8 * (7 - part.len()));
        (serial.len().min(0xFF) as u64) << 56 | value
    }

    /// The same of the entry at the start of `bytes`, whose serial number is `serial`.
    #[inline(always)]
    fn key_at(self, bytes: &[u8], serial: &[u8]) -> u64 {
        // Mostly the length of the number and seven octets of it stand behind three octets of headers.
        match (self, bytes) {
            (Self::Leading, [_, ..0x80, _, length @ ..0x80, a, b, c, d, e, f, g, ..]) => {
                let key = u64::from_be_bytes([*length, *a, *b, *c, *d, *e, *f, *g]);
                let beyond = 8 * 7_u32.saturating_sub(u32::from(*length));
                key >> beyond << beyond
            }
            _ => self.key(serial),
        }
    }
}

/// An entry of an ascending list: key in two halves, then offset; an array, so that no padding costs a third of the memory.
type Noted = [u32; 3];

const fn key_of([high, low, _]: Noted) -> u64 {
    (high as u64) << 32 | low as u64
}

enum Places {
    /// Of an ascending list, in its order.
    Noted(Vec<Noted>),
    /// Of any other list all, sorted: the upper half tells the key, `fine` bits of it cut off, the lower half the offset.
    Rows { rows: Vec<u64>, fine: u32 },
}

/// See the module.
pub(super) struct SerialTable {
    octets: Octets,
    places: Places,
    entries: usize,
    /// For every bucket of keys, the first place that belongs to it or to a later one; one more at the end.
    starts: Vec<u32>,
    lowest: u64,
    /// How many bits of a key, counted from the lowest, are the same bucket.
    shift: u32,
}

/// What one pass over all entries found.
struct Walk {
    entries: usize,
    /// Entries with the key of the one before.
    repeated: usize,
    ascending: bool,
    lowest: u64,
    highest: u64,
    noted: Vec<Noted>,
}

impl Walk {
    /// Checks every entry. With `sampling` it ends early where the keys turn out to be no good.
    // A document of DER is at most 4 GiB long (`strict_der::header`), so offsets and numbers of places fit 32 bits.
    #[allow(clippy::cast_possible_truncation, reason = "halves of a key, and offsets below 4 GiB")]
    fn over(bytes: &[u8], octets: Octets, sampling: bool) -> Result<Self, Gap> {
        let mut reader = Reader::new(bytes);
        let mut walk =
            Self { entries: 0, repeated: 0, ascending: true, lowest: u64::MAX, highest: 0, noted: Vec::new() };
        let mut last = 0;
        while !reader.is_empty() {
            let here = reader.rest();
            let entry = CrlEntry::read(&mut reader).map_err(|_| Gap::Malformed)?;
            if entry.unknown_critical {
                return Err(Gap::UnknownCriticalExtension);
            }
            if entry.certificate_issuer.is_some() {
                return Err(Gap::Indirect);
            }
            let key = octets.key_at(here, entry.serial);
            walk.ascending &= last <= key;
            walk.repeated += usize::from(last == key);
            walk.lowest = walk.lowest.min(key);
            walk.highest = walk.highest.max(key);
            last = key;
            if walk.ascending {
                if walk.entries == 0 {
                    // Entries of one list are about as long as each other.
                    let length = here.len() - reader.rest().len();
                    walk.noted.reserve_exact(bytes.len() / length.max(1) + 1);
                }
                let offset = bytes.len() - here.len();
                walk.noted.push([(key >> 32) as u32, key as u32, offset as u32]);
            }
            walk.entries += 1;
            if sampling && walk.entries == SAMPLE && walk.repeats() {
                break;
            }
        }
        Ok(walk)
    }

    /// Whether too many entries share a key.
    fn repeats(&self) -> bool {
        self.repeated > self.entries / 8
    }
}

impl SerialTable {
    /// One pass over the entries, each checked, and a short second one where they do not ascend.
    pub(super) fn of(bytes: &[u8]) -> Result<Self, Gap> {
        if u32::try_from(bytes.len()).is_err() {
            return Err(Gap::Malformed);
        }
        let mut octets = Octets::Leading;
        let mut walk = Walk::over(bytes, octets, true)?;
        if walk.repeats() {
            octets = Octets::Trailing;
            walk = Walk::over(bytes, octets, false)?;
        }
        let Walk { entries, lowest, highest, .. } = walk;
        let lowest = lowest.min(highest);
        let span = highest - lowest;
        if walk.ascending {
            walk.noted.shrink_to_fit();
            let noted = walk.noted;
            let buckets = Buckets::of(noted.len(), span);
            let starts = buckets.starts(noted.iter().map(|one| key_of(*one) - lowest));
            let (places, shift) = (Places::Noted(noted), buckets.shift);
            return Ok(Self { octets, places, entries, starts, lowest, shift });
        }
        drop(walk.noted);
        let fine = 32_u32.saturating_sub(span.leading_zeros());
        let mut rows = Vec::with_capacity(entries);
        let mut here = bytes;
        while let Some((serial, rest)) = CrlEntry::pass(here) {
            let key = octets.key_at(here, serial);
            rows.push((key - lowest) >> fine << 32 | (bytes.len() - here.len()) as u64);
            here = rest;
        }
        let buckets = Buckets::of(rows.len().div_ceil(BUCKET), span >> fine);
        let (rows, starts) = buckets.sorted(rows);
        let shift = buckets.shift + fine;
        Ok(Self { octets, places: Places::Rows { rows, fine }, entries, starts, lowest, shift })
    }

    /// How many entries the list has.
    pub(super) fn entries(&self) -> usize {
        self.entries
    }

    /// Bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        let places = match &self.places {
            Places::Noted(noted) => noted.capacity() * size_of::<Noted>(),
            Places::Rows { rows, .. } => rows.capacity() * size_of::<u64>(),
        };
        places + self.starts.capacity() * size_of::<u32>()
    }

    /// The first entry with this serial number, in the order of the list. `bytes` are those of [`SerialTable::of`].
    pub(super) fn find<'a>(&self, bytes: &'a [u8], serial: &[u8]) -> Option<CrlEntry<'a>> {
        let wanted = self.octets.key(serial);
        let above = wanted.checked_sub(self.lowest)?;
        let bucket = usize::try_from(above.checked_shr(self.shift).unwrap_or(0)).ok()?;
        let bucket = bucket.min(self.starts.len().checked_sub(2)?);
        let (start, end) = (*self.starts.get(bucket)? as usize, *self.starts.get(bucket + 1)? as usize);
        match &self.places {
            Places::Noted(noted) => {
                let noted = noted.get(start..end)?;
                let noted = noted.get(noted.partition_point(|one| key_of(*one) < wanted)..)?;
                let same = noted.iter().take_while(|one| key_of(**one) == wanted);
                entry_of(bytes, same.map(|[_, _, offset]| *offset), serial)
            }
            Places::Rows { rows, fine } => {
                let (rows, key) = (rows.get(start..end)?, above >> fine);
                let rows = rows.get(rows.partition_point(|row| row >> 32 < key)..)?;
                let same = rows.iter().take_while(|row| *row >> 32 == key);
                // The lower half, by its mask.
                entry_of(bytes, same.filter_map(|row| u32::try_from(row & 0xFFFF_FFFF).ok()), serial)
            }
        }
    }
}

/// The first of the entries at `offsets` that has this serial number.
fn entry_of<'a>(bytes: &'a [u8], offsets: impl Iterator<Item = u32>, serial: &[u8]) -> Option<CrlEntry<'a>> {
    let mut entries = offsets.filter_map(|offset| bytes.get(offset as usize..));
    let here = entries.find(|here| CrlEntry::pass(here).is_some_and(|(found, _)| found == serial))?;
    CrlEntry::read(&mut Reader::new(here)).ok()
}

/// Equal parts of the keys between the lowest and the highest, counted from the lowest.
#[derive(Clone, Copy)]
struct Buckets {
    /// How many bits of a key are the same bucket.
    shift: u32,
    /// The last bucket.
    last: usize,
}

impl Buckets {
    /// About `wanted` of them for keys up to `span`.
    fn of(wanted: usize, span: u64) -> Self {
        let shift = (64 - span.leading_zeros()).saturating_sub((wanted.max(1) as u64).ilog2());
        Self { shift, last: usize::try_from(span.checked_shr(shift).unwrap_or(0)).unwrap_or_default() }
    }

    fn of_key(self, key: u64) -> usize {
        usize::try_from(key.checked_shr(self.shift).unwrap_or(0)).unwrap_or(self.last).min(self.last)
    }

    /// For every bucket the first of `keys`, which ascend, that belongs to it or to a later one; one more at the end.
    fn starts(self, keys: impl Iterator<Item = u64>) -> Vec<u32> {
        let mut starts: Vec<u32> = Vec::with_capacity(self.last + 2);
        let mut number = 0_u32;
        for key in keys {
            let bucket = self.of_key(key);
            if starts.len() <= bucket {
                starts.resize(bucket + 1, number);
            }
            number += 1;
        }
        // The last noted one may lie in a bucket before the last.
        starts.resize(self.last + 2, number);
        starts
    }

    /// Rows in order, and where each bucket starts among them: every row goes straight to its bucket, and within a bucket
    /// there is little left to sort. Keys that all fall into one bucket are sorted as ever.
    fn sorted(self, rows: Vec<u64>) -> (Vec<u64>, Vec<u32>) {
        let mut starts = vec![0_u32; self.last + 2];
        for row in &rows {
            if let Some(count) = starts.get_mut(self.of_key(row >> 32) + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut sorted = vec![0_u64; rows.len()];
        for row in rows {
            if let Some(at) = next.get_mut(self.of_key(row >> 32)) {
                if let Some(place) = sorted.get_mut(*at as usize) {
                    *place = row;
                }
                *at += 1;
            }
        }
        for bounds in starts.windows(2) {
            if let [start, end] = *bounds
                && end - start > 1
                && let Some(bucket) = sorted.get_mut(start as usize..end as usize)
            {
                bucket.sort_unstable();
            }
        }
        (sorted, starts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A revokedCertificates entry with this serial number and no extensions.
    fn entry(serial: &[u8]) -> Vec<u8> {
        let time = b"\x17\x0d260101000000Z";
        let length = u8::try_from(serial.len()).unwrap();
        [&[0x30, length + 17, 2, length], serial, time].concat()
    }

    fn table(serials: &[Vec<u8>]) -> (Vec<u8>, SerialTable) {
        let bytes: Vec<u8> = serials.iter().flat_map(|serial| entry(serial)).collect();
        let table = SerialTable::of(&bytes).unwrap();
        (bytes, table)
    }

    #[test]
    fn every_serial_is_found_and_no_other() {
        let counted = |from: u32, octets: usize| -> Vec<Vec<u8>> {
            let long = |n: u32| [vec![0x11; octets - 4], n.to_be_bytes().to_vec()].concat();
            (0..5000).map(|n| long(from + 3 * n)).collect()
        };
        let scattered: Vec<Vec<u8>> = (1..5000_u64)
            .map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes())
            .map(|octets| [&[0x21], &octets[..], &octets[..]].concat())
            .collect();
        let mut mixed = counted(0x0100_0000, 4);
        mixed.extend(scattered.iter().take(100).cloned());
        mixed.push(vec![0x7F]);
        let mut ascending = scattered.clone();
        ascending.sort();
        let mut two_counters = counted(0x0100_0000, 16);
        two_counters.extend(counted(0x0100_0001, 17));
        let mut all =
            vec![counted(0x0100_0000, 4), counted(0x0100_0000, 16), counted(0x0100_0000, 20), scattered, mixed];
        all.extend([ascending, two_counters]);
        for serials in all {
            let (bytes, table) = table(&serials);
            let listed: std::collections::HashSet<_> = serials.iter().collect();
            for serial in &serials {
                assert_eq!(table.find(&bytes, serial).unwrap().serial, serial);
                let mut beside = serial.clone();
                *beside.last_mut().unwrap() ^= 0x40;
                assert_eq!(table.find(&bytes, &beside).is_some(), listed.contains(&beside));
            }
            let used = table.bytes();
            assert_eq!(table.entries(), serials.len());
            assert!(used < 16 * serials.len(), "{used} bytes for {} entries", serials.len());
        }
    }

    #[test]
    fn small_tables_work_too() {
        let (bytes, empty) = table(&[]);
        assert!(empty.find(&bytes, &[1]).is_none());
        let (bytes, one) = table(&[vec![5]]);
        assert!(one.find(&bytes, &[5]).is_some());
        assert!(one.find(&bytes, &[4]).is_none() && one.find(&bytes, &[6]).is_none());
        // Behind the last noted entry, between two, and many of the same number.
        let (bytes, few) = table(&(1..=7).map(|n| vec![3 * n]).collect::<Vec<_>>());
        assert!((1..=7).all(|n| few.find(&bytes, &[3 * n]).is_some() && few.find(&bytes, &[3 * n + 1]).is_none()));
        let (bytes, equal) = table(&[vec![vec![4]], vec![vec![5]; 20], vec![vec![6]]].concat());
        assert_eq!(equal.find(&bytes, &[5]).unwrap().serial.as_ptr(), bytes[4 + 20..].as_ptr());
        assert!(equal.find(&bytes, &[6]).is_some() && equal.find(&bytes, &[7]).is_none());
        // The same octets in front, another length, and the same number twice: the first entry counts.
        let long = [vec![1; 8], vec![2]].concat();
        let (bytes, alike) = table(&[long.clone(), vec![1; 8], long.clone()]);
        let first: *const u8 = alike.find(&bytes, &long).unwrap().serial.as_ptr();
        assert_eq!(first, bytes[4..].as_ptr());
        assert!(alike.find(&bytes, &[1; 8]).is_some() && alike.find(&bytes, &[1; 9]).is_none());
    }

    #[test]
    fn a_broken_entry_spoils_the_table() {
        let mut bytes = [entry(&[1]), entry(&[2])].concat();
        let last = bytes.len() - 1;
        bytes[last] = b'X';
        assert!(matches!(SerialTable::of(&bytes), Err(Gap::Malformed)));
    }
}
