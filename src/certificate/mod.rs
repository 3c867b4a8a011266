//! 電子証明書: from DER to typed certificates, the kinds a My Number Card carries, and the basic four attributes.
//!
//! Deliberately no trust: what a certificate says here is a claim. Whether it holds, `validation` decides; which keys may
//! vouch for it, `anchors`. Personal data and serial numbers never appear in `Debug`; the `disclose` methods are the one way
//! to their text.

mod attributes;
mod disclosure;
mod encoding;
mod error;
mod extension;
mod general_name;
mod kind;
mod name;
mod name_preparation;
mod name_text;
mod object_identifier;
mod octets;
mod serial;
pub(crate) mod strict_der;
mod x509;

pub use attributes::{
    AttributeFinding, AttributeKind, AttributeProblem, BasicAttributes, Birthdate, DisclosedAttributes, RegisterText,
    Sex,
};
pub use disclosure::{DisclosedCertificate, DisclosedKey};
pub(crate) use encoding::pem_blocks;
pub use encoding::{CertificateHead, announced_length, cut_filler, head};
pub use error::CertificateError;
pub use extension::{
    AuthorityKeyIdentifier, BasicConstraints, Extension, Extensions, KeyUsage, NameConstraints, PolicyConstraints,
    PolicyInformation,
};
pub use general_name::{DistributionPoint, DistributionPointName, GeneralName};
pub use kind::{CertificateKind, Purpose};
pub use name::Name;
pub(crate) use object_identifier::known;
pub use object_identifier::{NotAnObjectIdentifier, Oid};
pub use serial::{NotASerialNumber, SerialNumber};
pub use strict_der::DerError;
pub use x509::{Certificate, MAXIMUM_LENGTH};
