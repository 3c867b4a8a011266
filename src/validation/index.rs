//! Revocation lists verified once and looked up often: (issuer key, serial number) → state at an instant.
//!
//! A list stays the bytes it came as. Beside it stands a small table of where its entries are ([`SerialTable`]); what an entry
//! says is read from the list itself, so a few octets of a serial number never decide alone.

use super::crl::Crl;
use super::crl_check;
use super::crl_entry::RevocationReason;
use super::revocation::{RevocationGap as Gap, RevocationQuery, RevocationSource, RevocationStatus, combine};
use super::serial_table::SerialTable;
use crate::certificate::Certificate;
use crate::time::UnixTime;
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
                crl_check::signed_by(&list, issuer)?;
                SerialTable::of(list.entry_bytes())?
            }
            Threads::Two => std::thread::scope(|scope| {
                let signature = scope.spawn(|| crl_check::signed_by(&list, issuer));
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
}

/// Many lists behind one question: partitions, issuers, generations.
#[derive(Debug, Default)]
pub struct RevocationIndex {
    lists: Vec<IndexedCrl>,
}

impl RevocationIndex {
    /// Without any list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a list. An older one of the same scope may stay: revoked by any of them is revoked.
    pub fn add(&mut self, list: IndexedCrl) {
        self.lists.push(list);
    }

    /// The lists.
    pub fn lists(&self) -> &[IndexedCrl] {
        &self.lists
    }
}

impl RevocationSource for RevocationIndex {
    fn status(&self, query: &RevocationQuery<'_>) -> RevocationStatus {
        combine(self.lists.iter().map(|list| list.status(query)))
    }
}
