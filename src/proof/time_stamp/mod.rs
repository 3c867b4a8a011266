//! Time stamps (RFC 3161): a request for one, the token that comes back, and the place it takes in a signature (CAdES B-T, B-LT).
//!
//! Bytes in, bytes out: who carries them to the authority is a [`TimeStampAuthority`] of the caller's. A verified token says
//! that the key in its certificate vouched for these bytes at that time; whose key it is, is the `validation` room's question.

mod attach;
mod request;
mod structure;
mod token;

pub use attach::{RevocationValues, with_revocation_values, with_time_stamp};
pub use request::{TimeStampAuthority, TimeStampRequest, TimeStampUnavailable};
pub use token::{TimeStampToken, VerifiedTimeStamp};
