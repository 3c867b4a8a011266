//! The periodic sweep: every customer's kept signing certificate against today's revocation state (REV-06, REV-07, CERT-14).
//!
//! [`judge`] is pure: kept certificate, revocation source and instant in, a finding out. [`Recheck`] goes through a store by
//! pages, tells what changed to the wallet's own rules, and keeps a cursor, so that a sweep that was killed goes on where it
//! stood and nothing is done twice. What could not be found out changes nothing (RSN-20).
//!
//! Deliberately not here: fetching lists, a clock, and the rule that a revoked certificate makes re-verification due, which is
//! the wallet's. "Unchanged so far" is a note, and takes no re-verification's place (REV-07).

mod finding;
mod ports;
mod report;
mod sweep;

pub use finding::{Finding, Issuers, judge};
pub use ports::{RecheckStore, Sweep, ValidityNote};
pub use report::RecheckReport;
pub use sweep::{DEFAULT_PAGE, Recheck, RecheckError};
