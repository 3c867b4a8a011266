//! What a store puts away when a case is approved: document, bundle, and the event that says so.

use super::bundle::{Bundle, BundleError};
use super::document::{read_document, write_document};
use crate::evidence::RevocationDocument;
use crate::kyc::{ConfirmationRecord, Event, EventKind};
use crate::secret::Personal;

/// A record and its bundle as they are put away. Revocation documents are the same for many cases, so a store may keep each of
/// them once: the bundle is `bundle_head`, the documents in their order, `bundle_tail`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// The document (docs/confirmation-record.md).
    pub document: Personal<Vec<u8>>,
    /// The bundle up to its revocation documents.
    pub bundle_head: Personal<Vec<u8>>,
    /// The revocation documents.
    pub revocation: Vec<RevocationDocument>,
    /// The bundle behind its revocation documents.
    pub bundle_tail: Personal<Vec<u8>>,
}

impl Filing {
    /// The filing of a record, and the event to be written with it.
    ///
    /// # Errors
    /// [`BundleError`] when the record cannot be put into its forms; it must not be approved then (LAW-22).
    pub fn of(record: &ConfirmationRecord) -> Result<(Self, Event), BundleError> {
        let (mut bundle, digest) = Bundle::write(record)?;
        let revocation = record.attachment.documents.revocation.clone();
        let tail: usize = record.attachment.time_stamps.iter().map(Vec::len).sum();
        let middle: usize = revocation.iter().map(|document| document.der.len()).sum();
        let tail = bundle.split_off(bundle.len().saturating_sub(tail));
        bundle.truncate(bundle.len().saturating_sub(middle));
        let event = Event {
            at: record.confirmed_at,
            account: record.account.clone(),
            case: Some(record.case.clone()),
            kind: EventKind::EvidenceKept { bundle: hex::encode(digest) },
        };
        let filing = Self {
            document: Personal::new(write_document(record)?),
            bundle_head: Personal::new(bundle),
            revocation,
            bundle_tail: Personal::new(tail),
        };
        Ok((filing, event))
    }

    /// The bundle as a file.
    pub fn bundle(&self) -> Personal<Vec<u8>> {
        let mut file = self.bundle_head.reveal().clone();
        self.revocation.iter().for_each(|document| file.extend_from_slice(&document.der));
        file.extend_from_slice(self.bundle_tail.reveal());
        Personal::new(file)
    }

    /// The record.
    ///
    /// # Errors
    /// [`BundleError`] when what was put away was changed.
    pub fn record(&self) -> Result<ConfirmationRecord, BundleError> {
        read_document(self.document.reveal(), &Bundle::read(self.bundle().reveal())?)
    }
}
