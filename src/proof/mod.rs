//! What the holder signs and how it is checked.
//!
//! A [`Challenge`] is rendered as a [`Statement`], a document that a person reads and a machine derives again
//! (`docs/statement.md`). A [`SigningRequest`] gives the bytes for the card and takes back the signature; the result is a
//! CMS SignedData (RFC 5652), which [`SignedStatement`] reads and verifies.
//!
//! Deliberately not here: path, purpose, validity and revocation of the signer's certificate (the `validation` room), the
//! consumption of a challenge (a store's compare-and-set), fetching, and a clock. A verified signature says that the key in
//! this certificate signed these bytes, and nothing about whose key it is.

mod algorithm;
mod attributes;
mod challenge;
mod error;
mod signed_statement;
mod signer_certificate;
mod signing;
mod statement;
mod structure;
#[cfg(test)]
mod tests;
mod text;
mod time_stamp;
mod verification;

pub use challenge::{Challenge, ChallengeFields, ChallengeId, NONCE_BYTES, NotAChallengeId};
pub use error::{Mismatch, ProofError};
pub use signed_statement::{MAXIMUM_BYTES, MAXIMUM_SIGNERS, SignedStatement, Signer};
pub use signing::{Placement, SigningRequest};
pub use statement::{MAXIMUM_STATEMENT_BYTES, Statement};
pub use time_stamp::{
    RevocationValues, TimeStampAuthority, TimeStampRequest, TimeStampToken, TimeStampUnavailable, VerifiedTimeStamp,
    with_revocation_values, with_time_stamp,
};
pub use verification::{VerifiedSigner, VerifiedStatement};
