//! One sitting of a holder: look the card over, give the secret, sign. The only room that sees both card and certificates.
//!
//! Deliberately no IO (the driver has that) and no storing. Whether a certificate can be trusted is not asked here either.

mod card_data;
mod details;
mod face;
mod genuineness;
mod number_b;
#[cfg(feature = "photo")]
mod photo;
mod reading;
mod signing;
mod status;

pub use card_data::{CardAttributes, CardDataError};
pub use details::{CardDetails, CommonRecord, read_details};
pub use face::CardFace;
pub use genuineness::Vouching;
pub use number_b::{Era, EraDate, NumberBError, number_b};
pub use reading::{ReadAttributes, ReadFace, read_attributes, read_attributes_of_this_card, read_face};
pub use signing::{SignedContent, SittingError, sign};
pub use status::{CardStatus, CertificateStatus, look_over};
