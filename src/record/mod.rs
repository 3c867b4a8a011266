//! What is kept of an approval for years, and how it is proved later: evidence bundles, confirmation records, the audit log.
//!
//! Formats that others will read are specified in docs/evidence-bundle.md, docs/confirmation-record.md and docs/audit-log.md.
//! [`Bundle`] writes and verifies evidence; [`AuditLog`] is the chain of what happened; [`Archive`] is the port of whoever keeps
//! records and evidence, and [`Archivist`] what may be done with them.
//!
//! Deliberately not here: encryption and rows (the `vault` and `store` rooms), the decision (the `kyc` room), a clock.

mod archive;
mod archivist;
mod audit;
mod bundle;
mod document;
mod filing;
mod retention;
mod text;

pub use archive::{AmendedField, Amendment, Archive, ArchiveChange, KeptRecord};
pub use archivist::{ArchiveError, Archivist};
pub use audit::{
    AuditFinding, AuditHead, AuditLog, AuditLogId, AuditProblem, AuditReport, AuditVerifier, KeptEvidence,
    MAXIMUM_LINE_BYTES, NotAHead,
};
pub use bundle::{
    Bundle, BundleError, BundledCase, Declared, MAXIMUM_BUNDLE_BYTES, RecordedCheck, TimeStampStanding, Verification,
};
pub use document::{read_document, write_document};
pub use filing::{Filing, KeptSigner};
pub use retention::retain_until;
