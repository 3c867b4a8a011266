//! Revocation lists verified once and looked up often: (issuer key, serial number) → state at an instant.
//!
//! A list stays the bytes it came as. Beside it stands a small table of where its entries are ([`SerialTable`]); what an entry
//! says is read from the list itself, so a few octets of a serial number never decide alone.

use super::crl::Crl;
use super::crl_check;
use super::crl_entry::RevocationReason;
use super::revocation::{RevocationGap as Gap, RevocationQuery, RevocationSource, RevocationStatus, combine};
use super::serial_table::SerialTable;
use crate::certificate::{Certificate, GeneralName};
use crate::crypto;
use crate::time::UnixTime;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
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

/// One list, authentic and checked entry by entry, with its table.
pub struct IndexedCrl {
    list: Crl,
    issuer_spki: Box<[u8]>,
    table: SerialTable,
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
                list.signed_by(issuer)?;
                SerialTable::of(list.entry_bytes())?
            }
            Threads::Two => std::thread::scope(|scope| {
                let signature = scope.spawn(|| list.signed_by(issuer));
                let table = SerialTable::of(list.entry_bytes());
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
        self.table.entries()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.table.entries() == 0
    }

    /// Bytes the table takes beyond the list itself.
    pub fn table_bytes(&self) -> usize {
        self.table.bytes()
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

    fn answering_list(&self, _: &RevocationQuery<'_>) -> Option<&Crl> {
        Some(&self.list)
    }
}

/// Many lists behind one question: partitions, issuers, generations. JPKI has about 1,900 partitions for each CA and
/// generation (certificates.md §3.3), so the right one is found by the name of the distribution point, not by asking all.
#[derive(Default)]
pub struct RevocationIndex {
    lists: Vec<IndexedCrl>,
    /// By the issuer's key, as SubjectPublicKeyInfo: a few of them, which differ early.
    issuers: BTreeMap<Box<[u8]>, Partitions>,
}

/// Where the lists are tells the municipalities of the people who are asked about.
impl fmt::Debug for RevocationIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RevocationIndex({} lists, {} issuers)", self.lists.len(), self.issuers.len())
    }
}

/// The lists of one issuer key, by their numbers.
#[derive(Default)]
struct Partitions {
    /// Those without a name: of everything the issuer issued.
    whole: Vec<usize>,
    /// By the name of the distribution point.
    places: HashMap<[u8; 32], Vec<usize>>,
    /// The keys of `places` by the names as lists write them: certificates mostly write the same bytes, and then nobody has
    /// to prepare a name for comparison.
    spellings: HashMap<Box<[u8]>, [u8; 32]>,
}

impl Partitions {
    fn add(&mut self, list: &IndexedCrl, number: usize) {
        let Some(names) = list.list.places() else {
            self.whole.push(number);
            return;
        };
        for name in names.iter() {
            let place = point_key(name);
            self.places.entry(place).or_default().push(number);
            if let GeneralName::Directory(name) = name
                && !name.der().is_empty()
            {
                self.spellings.insert(name.der().into(), place);
            }
        }
    }

    fn at(&self, name: &GeneralName) -> &[usize] {
        let spelt = match name {
            GeneralName::Directory(name) => self.spellings.get(name.der()).copied(),
            _ => None,
        };
        self.places.get(&spelt.unwrap_or_else(|| point_key(name))).map_or(&[], Vec::as_slice)
    }
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

impl Crl {
    /// Digests of the names of its issuing distribution point; `None` where it has no name and speaks of everything its issuer
    /// issued. What cannot be read as a name is at no place, and answers nobody.
    pub fn points(&self) -> Vec<Option<[u8; 32]>> {
        self.places().map_or_else(|| vec![None], |names| names.iter().map(|name| Some(point_key(name))).collect())
    }

    /// The names of its issuing distribution point, if it has one.
    fn places(&self) -> Option<Cow<'_, [GeneralName]>> {
        let name = self.issuing_distribution_point()?.name.as_ref()?;
        Some(name.resolve(self.issuer()).unwrap_or_default())
    }
}

impl RevocationQuery<'_> {
    /// The [`Crl::points`] that a list about the certificate may have.
    pub fn points(&self) -> Vec<Option<[u8; 32]>> {
        let mut points = vec![None];
        self.each_place(|name| points.push(Some(point_key(name))));
        points
    }

    /// The names that a list about the certificate may have: those of its distribution points, and its issuer's where it has
    /// none. Lent one by one, because a look-up has no time for copies.
    fn each_place(&self, mut each: impl FnMut(&GeneralName)) {
        for point in self.distribution_points {
            crl_check::names_of(point, self.issuer.subject()).unwrap_or_default().iter().for_each(&mut each);
        }
        if self.distribution_points.is_empty() {
            each(&GeneralName::Directory(self.issuer.subject().clone()));
        }
    }
}

impl RevocationIndex {
    /// Without any list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a list. An older one of the same scope may stay: revoked by any of them is revoked.
    pub fn add(&mut self, list: IndexedCrl) {
        self.issuers.entry(list.issuer_spki.clone()).or_default().add(&list, self.lists.len());
        self.lists.push(list);
    }

    /// The lists.
    pub fn lists(&self) -> &[IndexedCrl] {
        &self.lists
    }

    /// The lists that may speak of a certificate: found in a time that does not depend on how many there are.
    pub fn lists_for<'i>(&'i self, query: &RevocationQuery<'_>) -> impl Iterator<Item = &'i IndexedCrl> + use<'i> {
        let mut numbers: Vec<usize> = Vec::new();
        if let Some(partitions) = self.issuers.get(query.issuer.spki_der()) {
            numbers.extend(&partitions.whole);
            query.each_place(|name| numbers.extend(partitions.at(name)));
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
        RevocationStatus::Undetermined(if self.issuers.contains_key(query.issuer.spki_der()) {
            Gap::OtherScope
        } else if self.lists.is_empty() {
            Gap::NoSource
        } else {
            Gap::OtherIssuer
        })
    }

    fn answering_list(&self, query: &RevocationQuery<'_>) -> Option<&Crl> {
        let answer = self.status(query);
        self.lists_for(query).find(|list| list.status(query) == answer).map(IndexedCrl::list)
    }
}
