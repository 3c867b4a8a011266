//! The evidence bundle: one file that proves one approval (docs/evidence-bundle.md).

mod contents;
mod error;
mod format;
mod verify;

pub use contents::{BundledCase, Declared, RecordedCheck};
pub use error::BundleError;
pub use format::MAXIMUM_BUNDLE_BYTES;
pub use verify::{TimeStampStanding, Verification};

pub(in crate::record) use contents::{canonical, policy_digest};

use crate::evidence::Fingerprint;
use crate::kyc::{Attachment, ConfirmationRecord};
use crate::secret::Personal;
use contents::{Contents, Texts};
use format::Read;

/// A bundle whose bytes agree with its digests. Nothing in it was verified yet: [`Bundle::verify`] does.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundle {
    contents: Contents,
    digest: [u8; 32],
}

impl Bundle {
    /// The bundle of a record as a file, and the digest of the bundle. The same record gives the same bytes.
    ///
    /// # Errors
    /// [`BundleError::TooLarge`]; [`BundleError::Malformed`] when the record holds what a bundle cannot.
    pub fn write(record: &ConfirmationRecord) -> Result<(Vec<u8>, [u8; 32]), BundleError> {
        contents::check_counts(&record.attachment)?;
        let texts = Texts::of(record)?;
        format::write(&contents::parts(record, &texts))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`BundleError`], with the part that was changed; [`BundleError::OtherVersion`].
    pub fn read(file: &[u8]) -> Result<Self, BundleError> {
        let Read { parts, digest } = format::read(file)?;
        Ok(Self { contents: contents::read(parts)?, digest })
    }

    /// SHA-256 over everything behind the header: what the audit log remembers.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// What the bundle says of its case.
    pub fn case(&self) -> &BundledCase {
        &self.contents.case
    }

    /// The checks as they were recorded.
    pub fn checks(&self) -> &[RecordedCheck] {
        &self.contents.checks
    }

    /// The checks as they were recorded, as text.
    pub fn checks_text(&self) -> &str {
        &self.contents.checks_text
    }

    /// The electronic records.
    pub fn attachment(&self) -> &Attachment {
        &self.contents.attachment
    }
}

/// Certificates, the signer's first, and the fingerprint of the anchor they rest on.
pub(in crate::record) type Signer = (Vec<Personal<Vec<u8>>>, Fingerprint);

/// The certificates and the anchor's fingerprint, out of the beginning of a bundle up to its revocation
/// documents. Each part is held against its digest.
pub(in crate::record) fn signer(beginning: &[u8]) -> Result<Signer, BundleError> {
    contents::signer(format::read_beginning(beginning)?)
}
