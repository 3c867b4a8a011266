//! Facts out of a proof: what was checked, in which order, and what the certificate says about its holder.
//!
//! [`Evidence`] is what the decision is made from. Deliberately not here: a decision (the `kyc` room), keeping anything
//! (the `store` room), fetching revocation lists, and a second look at what an earlier check refused: after the first
//! decisive answer later checks are `not_run` (RSN-27).

mod documents;
mod examination;
mod facts;
mod order;
mod time_stamp;

pub use documents::{AnchorName, Documents, RevocationDocument, RevocationKind};
pub use examination::{Grounds, examine, read};
pub use facts::{
    Attributes, CertificateFacts, CertificateKind, Evidence, Fingerprint, RevocationFacts, SignatureDigest,
};
pub use order::ORDER;
pub use time_stamp::{TimeStamp, TimeStampFault, TimeStampSource, TimeStampTerms};
