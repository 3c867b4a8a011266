//! Revocation lists verified once and looked up often: (issuer key, serial number) → state at an instant.
//!
//! A list stays the bytes it came as. Beside it stands a sorted table of twelve bytes an entry (eight octets of the serial
//! number, and where the entry begins), and a starting point into it for every eight. What a row says is read from
//! the list itself, so eight octets never decide alone.

use super::crl::Crl;
use super::crl_check;
use super::crl_entry::{CrlEntry, RevocationReason};
use super::revocation::{RevocationGap as Gap, RevocationQuery, RevocationSource, RevocationStatus, combine};
use crate::certificate::strict_der::Reader;
use crate::certificate::{Certificate, GeneralName};
use crate::crypto;
use crate::time::UnixTime;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// How the work of verifying and indexing a list is spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Threads {
    /// One after the other.
    #[default]
    One,
    /// The signature's digest beside the walk over the entries.
    Two,
}

/// Key in two halves, then offset: an array, so that no padding costs a third of the memory.
type Row = [u32; 3];

/// One list, authentic and checked entry by entry, with its table.
pub struct IndexedCrl {
    list: Crl,
    issuer_spki: Box<[u8]>,
    table: Table,
}

impl IndexedCrl {
    /// Verifies `list` with the key of `issuer`, from a path that is already verified, and walks over every entry.
    ///
    /// # Errors
    /// Why the list cannot be used: not signed by this key, malformed, a critical extension nobody knows, a list of changes,
    /// or one that speaks for several issuers. Whether it is current is judged when it is asked.
    pub fn new(list: Crl, issuer: &Certificate, threads: Threads) -> Result<Self, Gap> {
        if list.is_delta() {
            return Err(Gap::Delta);
        }
        if list.issuing_distribution_point().is_some_and(|point| point.indirect) {
            return Err(Gap::Indirect);
        }
        let table = match threads {
            Threads::One => {
                crl_check::signed_by(&list, issuer)?;
                Table::of(list.entry_bytes())?
            }
            Threads::Two => std::thread::scope(|scope| {
                let signature = scope.spawn(|| crl_check::signed_by(&list, issuer));
                let table = Table::of(list.entry_bytes());
                // The signature first: what is wrong with a forged list does not matter.
                signature.join().unwrap_or(Err(Gap::SignatureInvalid)).and(table)
            })?,
        };
        Ok(Self { list, issuer_spki: issuer.spki_der().into(), table })
    }

    /// The list.
    pub fn list(&self) -> &Crl {
        &self.list
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.table.rows.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.table.rows.is_empty()
    }

    /// Bytes the table takes beyond the list itself.
    pub fn table_bytes(&self) -> usize {
        self.table.rows.capacity() * size_of::<Row>() + self.table.starts.capacity() * size_of::<u32>()
    }

    /// When and why the certificate with these content octets of a serial number was revoked, if the list names it.
    pub fn find(&self, serial: &[u8]) -> Option<(UnixTime, Option<RevocationReason>)> {
        self.table.find(self.list.entry_bytes(), serial).map(|entry| (entry.revoked_at, entry.reason))
    }
}

impl fmt::Debug for IndexedCrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IndexedCrl({:?}, {} entries)", self.list, self.len())
    }
}

impl RevocationSource for IndexedCrl {
    fn status(&self, query: &RevocationQuery<'_>) -> RevocationStatus {
        // By key, never by name: all generations of a CA share one.
        if *self.issuer_spki != *query.issuer.spki_der() {
            return RevocationStatus::Undetermined(Gap::OtherIssuer);
        }
        let found = || self.find(query.serial.expose_bytes());
        crl_check::verified_status(&self.list, query, found).unwrap_or_else(RevocationStatus::Undetermined)
    }
}

/// Many lists behind one question: partitions, issuers, generations. JPKI has about 1,900 partitions for each CA and
/// generation (certificates.md §3.3), so the right one is found by the name of the distribution point, not by asking all.
#[derive(Debug, Default)]
pub struct RevocationIndex {
    lists: Vec<IndexedCrl>,
    /// By issuer key and name of the distribution point; without a name, lists of everything the issuer issued.
    places: HashMap<Place, Vec<usize>>,
    /// Digests of the issuers' keys.
    issuers: HashSet<[u8; 32]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Place {
    issuer_key: [u8; 32],
    point: Option<[u8; 32]>,
}

/// A digest that two names share exactly when they are equal.
fn point_key(name: &GeneralName) -> [u8; 32] {
    let tagged = |tag: &[u8], value: &[u8]| crypto::sha256(&[tag, value].concat());
    match name {
        GeneralName::Directory(name) => name.comparison_key(),
        GeneralName::Dns(text) => tagged(b"dns:", text.as_bytes()),
        GeneralName::IpAddress(octets) => tagged(b"ip:", octets),
        GeneralName::Other(kind, value) => tagged(b"other:", &[kind.as_bytes(), b":", value].concat()),
        GeneralName::RegisteredId(id) => tagged(b"id:", id.as_bytes()),
        GeneralName::Rfc822(text) => tagged(b"rfc822:", text.as_bytes()),
        GeneralName::Uri(text) => tagged(b"uri:", text.as_bytes()),
        GeneralName::Unsupported(tag, value) => tagged(&[b'x', *tag, b':'], value),
    }
}

impl RevocationIndex {
    /// Without any list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a list. An older one of the same scope may stay: revoked by any of them is revoked.
    pub fn add(&mut self, list: IndexedCrl) {
        let issuer_key = crypto::sha256(&list.issuer_spki);
        let number = self.lists.len();
        let name = list.list.issuing_distribution_point().and_then(|point| point.name.as_ref());
        // What cannot be read as a name is at no place, and answers nobody.
        let names = name.map(|name| name.resolve(list.list.issuer()).unwrap_or_default());
        let points = match names {
            None => vec![None],
            Some(names) => names.iter().map(|name| Some(point_key(name))).collect(),
        };
        for point in points {
            self.places.entry(Place { issuer_key, point }).or_default().push(number);
        }
        self.issuers.insert(issuer_key);
        self.lists.push(list);
    }

    /// The lists.
    pub fn lists(&self) -> &[IndexedCrl] {
        &self.lists
    }

    /// The lists that may speak of a certificate: found in a time that does not depend on how many there are.
    pub fn lists_for<'i>(&'i self, query: &RevocationQuery<'_>) -> impl Iterator<Item = &'i IndexedCrl> + use<'i> {
        let issuer_key = crypto::sha256(query.issuer.spki_der());
        let mut points = vec![None];
        for point in query.distribution_points {
            let names = crl_check::names_of(point, query.issuer.subject()).unwrap_or_default();
            points.extend(names.iter().map(|name| Some(point_key(name))));
        }
        if query.distribution_points.is_empty() {
            points.push(Some(query.issuer.subject().comparison_key()));
        }
        let mut numbers: Vec<usize> = Vec::new();
        for point in points {
            numbers.extend(self.places.get(&Place { issuer_key, point }).into_iter().flatten());
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().filter_map(|number| self.lists.get(number))
    }
}

impl RevocationSource for RevocationIndex {
    fn status(&self, query: &RevocationQuery<'_>) -> RevocationStatus {
        let mut lists = self.lists_for(query).peekable();
        if lists.peek().is_some() {
            return combine(lists.map(|list| list.status(query)));
        }
        // None speaks of it; what the lists there are lack is worth telling.
        RevocationStatus::Undetermined(if self.issuers.contains(&crypto::sha256(query.issuer.spki_der())) {
            Gap::OtherScope
        } else if self.lists.is_empty() {
            Gap::NoSource
        } else {
            Gap::OtherIssuer
        })
    }
}

/// Which eight octets of a longer serial number make the key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Octets {
    /// The first: right for random numbers, and the order of a list that ascends.
    Leading,
    /// The last: for counters behind a long common beginning.
    Trailing,
}

impl Octets {
    fn key(self, serial: &[u8]) -> u64 {
        let part = match self {
            Self::Leading => serial.first_chunk(),
            Self::Trailing => serial.last_chunk(),
        };
        part.map_or_else(
            || serial.iter().fold(0, |key, octet| key << 8 | u64::from(*octet)),
            |octets| u64::from_be_bytes(*octets),
        )
    }
}

/// Rows by key, then by offset.
struct Table {
    octets: Octets,
    rows: Vec<Row>,
    /// For every bucket of keys, the first row that belongs to it or to a later one; one more at the end.
    starts: Vec<u32>,
    lowest: u64,
    shift: u32,
}

// A document of DER is at most 4 GiB long (`strict_der::header`), so offsets and numbers of rows fit 32 bits.
#[allow(clippy::cast_possible_truncation, reason = "halves of a key, and offsets below 4 GiB")]
const fn row(key: u64, offset: usize) -> Row {
    [(key >> 32) as u32, key as u32, offset as u32]
}

const fn key([high, low, _]: Row) -> u64 {
    (high as u64) << 32 | low as u64
}

/// How many entries are looked at before it is first decided which octets make the key.
const SAMPLE: usize = 64;

/// The same rows with other keys.
fn rekey(rows: &mut [Row], bytes: &[u8], octets: Octets) -> Result<(), Gap> {
    for one in rows {
        let offset = one[2] as usize;
        let entry = bytes.get(offset..).and_then(CrlEntry::serial_of).ok_or(Gap::Malformed)?;
        *one = row(octets.key(entry), offset);
    }
    Ok(())
}

impl Table {
    /// One pass over the entries, each checked.
    fn of(bytes: &[u8]) -> Result<Self, Gap> {
        if u32::try_from(bytes.len()).is_err() {
            return Err(Gap::Malformed);
        }
        let mut reader = Reader::new(bytes);
        let mut rows: Vec<Row> = Vec::new();
        let mut octets = Octets::Leading;
        let (mut last, mut sorted, mut repeated) = (0, true, 0_usize);
        while !reader.is_empty() {
            let offset = bytes.len() - reader.rest().len();
            let entry = CrlEntry::read(&mut reader).map_err(|_| Gap::Malformed)?;
            if entry.unknown_critical {
                return Err(Gap::UnknownCriticalExtension);
            }
            if entry.certificate_issuer.is_some() {
                return Err(Gap::Indirect);
            }
            if rows.is_empty() {
                // Entries of one list are about as long as each other.
                let length = bytes.len() - reader.rest().len();
                rows.reserve_exact(bytes.len() / length.max(1) + 1);
            }
            let key = octets.key(entry.serial);
            sorted &= last <= key;
            repeated += usize::from(last == key);
            last = key;
            rows.push(row(key, offset));
            // The beginning of a list tells how its numbers are made; the whole of it is judged again at the end.
            if rows.len() == SAMPLE && repeated > SAMPLE / 8 {
                octets = Octets::Trailing;
                rekey(&mut rows, bytes, octets)?;
                sorted = rows.is_sorted();
                repeated = 0;
                last = rows.last().copied().map_or(0, self::key);
            }
        }
        if octets == Octets::Leading && repeated > rows.len() / 8 {
            octets = Octets::Trailing;
            rekey(&mut rows, bytes, octets)?;
            sorted = rows.is_sorted();
        }
        if !sorted {
            rows.sort_unstable();
        }
        rows.shrink_to_fit();
        Ok(Self::with_starts(octets, rows))
    }

    fn with_starts(octets: Octets, rows: Vec<Row>) -> Self {
        let lowest = rows.first().copied().map_or(0, key);
        let span = rows.last().copied().map_or(0, key) - lowest;
        let buckets = (rows.len() / 8).max(1) as u64;
        let mut shift = 0;
        while span >> shift >= buckets {
            shift += 1;
        }
        let mut starts: Vec<u32> = Vec::with_capacity(usize::try_from(span >> shift).unwrap_or_default() + 2);
        let mut number = 0_u32;
        for row in &rows {
            let bucket = usize::try_from((key(*row) - lowest) >> shift).unwrap_or(usize::MAX);
            while starts.len() <= bucket {
                starts.push(number);
            }
            number += 1;
        }
        starts.push(number);
        Self { octets, rows, starts, lowest, shift }
    }

    /// The first entry with this serial number, in the order of the list.
    fn find<'a>(&self, bytes: &'a [u8], serial: &[u8]) -> Option<CrlEntry<'a>> {
        let wanted = self.octets.key(serial);
        let bucket = usize::try_from(wanted.checked_sub(self.lowest)? >> self.shift).ok()?;
        let (start, end) = (*self.starts.get(bucket)?, *self.starts.get(bucket + 1)?);
        let rows = self.rows.get(start as usize..end as usize)?;
        let first = rows.partition_point(|row| key(*row) < wanted);
        let candidates = rows.get(first..)?.iter().take_while(|row| key(**row) == wanted);
        let mut entries = candidates
            .filter_map(|[_, _, offset]| CrlEntry::read(&mut Reader::new(bytes.get(*offset as usize..)?)).ok());
        entries.find(|entry| entry.serial == serial)
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

    fn table(serials: &[Vec<u8>]) -> (Vec<u8>, Table) {
        let bytes: Vec<u8> = serials.iter().flat_map(|serial| entry(serial)).collect();
        let table = Table::of(&bytes).unwrap();
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
        for serials in [counted(0x0100_0000, 4), counted(0x0100_0000, 16), counted(0x0100_0000, 20), scattered, mixed] {
            let (bytes, table) = table(&serials);
            for serial in &serials {
                assert_eq!(table.find(&bytes, serial).unwrap().serial, serial);
                let mut beside = serial.clone();
                *beside.last_mut().unwrap() ^= 0x40;
                assert_eq!(table.find(&bytes, &beside).is_some(), serials.contains(&beside));
            }
            let used = table.rows.len() * 12 + table.starts.len() * 4;
            assert!(used < 20 * serials.len(), "{used} bytes for {} entries", serials.len());
        }
    }

    #[test]
    fn small_tables_work_too() {
        let (bytes, empty) = table(&[]);
        assert!(empty.find(&bytes, &[1]).is_none());
        let (bytes, one) = table(&[vec![5]]);
        assert!(one.find(&bytes, &[5]).is_some());
        assert!(one.find(&bytes, &[4]).is_none() && one.find(&bytes, &[6]).is_none());
        // The same eight octets in front, another length, and the same number twice: the first entry counts.
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
        assert!(matches!(Table::of(&bytes), Err(Gap::Malformed)));
    }
}
