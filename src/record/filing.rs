//! What a store puts away when a case is approved: document, bundle, and the event that says so.

use super::bundle::{self, Bundle, BundleError};
use super::document::{read_document, write_document};
use crate::evidence::{Fingerprint, RevocationDocument};
use crate::kyc::{AccountId, Attachment, CaseId, ConfirmationRecord, Event, EventKind};
use crate::secret::Personal;
use crate::time::UnixTime;

/// A record and its bundle as they are put away. Policy and revocation documents are the same for many cases, so a store may keep
/// each of them once: the bundle is `bundle_head`, `policy`, `bundle_middle`, the documents in their order, `bundle_tail`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// The document (docs/confirmation-record.md).
    pub document: Personal<Vec<u8>>,
    /// The bundle up to its policy.
    pub bundle_head: Personal<Vec<u8>>,
    /// The policy's text; empty where none was kept.
    pub policy: String,
    /// The bundle between its policy and its revocation documents.
    pub bundle_middle: Personal<Vec<u8>>,
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
        // From behind, in the order of the parts; what is kept once is cut out and dropped.
        let mut cut = |length: usize| bundle.split_off(bundle.len().saturating_sub(length));
        let Attachment { policy, statement, proof, documents, time_stamps, .. } = &record.attachment;
        let bundle_tail = cut(time_stamps.iter().map(Vec::len).sum());
        cut(documents.revocation.iter().map(|document| document.der.len()).sum());
        let certificates: usize = documents.certificates.iter().map(|one| one.reveal().len()).sum();
        let bundle_middle =
            cut(certificates.saturating_add(proof.reveal().len()).saturating_add(statement.reveal().len()));
        cut(policy.len());
        let event = Event {
            at: record.confirmed_at,
            account: record.account.clone(),
            case: Some(record.case.clone()),
            kind: EventKind::EvidenceKept { bundle: hex::encode(digest), policy: bundle::policy_digest(policy) },
        };
        let filing = Self {
            document: Personal::new(write_document(record)?),
            bundle_head: Personal::new(bundle),
            policy: policy.clone(),
            bundle_middle: Personal::new(bundle_middle),
            revocation: documents.revocation.clone(),
            bundle_tail: Personal::new(bundle_tail),
        };
        Ok((filing, event))
    }

    /// The bundle as a file.
    pub fn bundle(&self) -> Personal<Vec<u8>> {
        let mut file = self.beginning().into_inner();
        self.revocation.iter().for_each(|document| file.extend_from_slice(&document.der));
        file.extend_from_slice(self.bundle_tail.reveal());
        Personal::new(file)
    }

    /// The bundle up to its revocation documents: whose certificate signed, and what was signed.
    pub fn beginning(&self) -> Personal<Vec<u8>> {
        let pieces = [self.bundle_head.reveal(), self.policy.as_bytes(), self.bundle_middle.reveal()];
        Personal::new(pieces.concat())
    }

    /// The record.
    ///
    /// # Errors
    /// [`BundleError`] when what was put away was changed.
    pub fn record(&self) -> Result<ConfirmationRecord, BundleError> {
        read_document(self.document.reveal(), &Bundle::read(self.bundle().reveal())?)
    }
}

/// Whose certificate signed, as it is kept: what a look at today's revocation state needs, and no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptSigner {
    /// The customer.
    pub account: AccountId,
    /// The case of his newest record.
    pub case: CaseId,
    /// When that was confirmed.
    pub confirmed_at: UnixTime,
    /// The signer's certificate first, then those between it and the anchor and others that came along; DER.
    pub certificates: Vec<Personal<Vec<u8>>>,
    /// The anchor of the path, which a bundle never brings.
    pub anchor: Fingerprint,
}

impl KeptSigner {
    /// Out of the beginning of a bundle ([`Filing::beginning`]); the lists that were kept with it are not needed.
    ///
    /// # Errors
    /// [`BundleError`] when what was put away was changed.
    pub fn of(account: AccountId, case: CaseId, confirmed_at: UnixTime, beginning: &[u8]) -> Result<Self, BundleError> {
        let (certificates, anchor) = bundle::signer(beginning)?;
        Ok(Self { account, case, confirmed_at, certificates, anchor })
    }
}
