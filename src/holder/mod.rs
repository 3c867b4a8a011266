//! One sitting of a holder: look the card over, give the secret, sign. The only room that sees both card and certificates.
//!
//! Deliberately no IO (the driver has that) and no storing. Whether a certificate can be trusted is not asked here either.

mod signing;
mod status;

pub use signing::{SignedContent, SittingError, sign};
pub use status::{CardStatus, CertificateStatus, look_over};
