//! The audit log: hash-chained lines (docs/audit-log.md). Writing one is a function of the line before; checking a log reads line
//! by line and names what does not fit.

mod check;
mod entry;
mod kept;

#[cfg(test)]
mod tests;

pub use check::{AuditFinding, AuditProblem, AuditReport, AuditVerifier};
pub use entry::{AuditHead, AuditLog, AuditLogId, MAXIMUM_LINE_BYTES, NotAHead};
pub use kept::KeptEvidence;
