//! Synthetic certification authorities with JPKI's certificate profile, and synthetic holders with their cards.
//!
//! It issues what the rest is tried with: CA certificates, leaf certificates and revocation lists under
//! `O=JPKI-SYNTHETIC` with the policy identifiers of the test hierarchy (certificates.md §§1.3, 2.3, 6), and a
//! [`Persona`] with the data of its card. It deliberately uses neither `certificate` nor `validation`: what is issued
//! here is judged by them, and by openssl. It never carries JPKI's own names, and no key of it belongs to anybody.

mod extensions;
mod holder;
mod issue;
mod names;
mod persona;
mod persona_card;
mod revocation;

#[cfg(test)]
mod tests;

pub use holder::{Holder, Municipality, Sex};
pub use issue::{Authority, AuthorityError, IssuedCertificate, Purpose};
pub use persona::{CertificateFacts, Issued, Persona, PersonaFacts, UnknownPersona, create, write};
pub use persona_card::{AUTHENTICATION_PIN, DEFAULT_ATR, INPUT_SUPPORT_PIN, SIGNING_PASSWORD};
pub use revocation::{RevocationReason, RevokedEntry};
