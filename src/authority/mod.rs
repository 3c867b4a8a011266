//! Synthetic certification authorities with JPKI's certificate profile, and synthetic holders with their cards.
//!
//! It issues what the rest is tried with: CA certificates, leaf certificates and revocation lists under
//! `O=JPKI-SYNTHETIC` with the policy identifiers of the test hierarchy (certificates.md §§1.3, 2.3, 6), and a
//! [`Persona`] with the data of its card. It deliberately uses neither `certificate` nor `validation`: what is issued
//! here is judged by them, and by openssl. It never carries JPKI's own names, and no key of it belongs to anybody.
//!
//! ```
//! use honnin::authority::{Persona, RevocationReason, RevokedEntry, create};
//! let at = "2026-11-22T03:00:00Z".parse()?;
//! let adult = create(Persona::Adult, at, &mut rand_core::OsRng)?;
//! let certificate = adult.digital_signature_certificate.as_ref().ok_or("an adult has one")?;
//! let moved = RevokedEntry { serial: certificate.serial, at, reason: Some(RevocationReason::AffiliationChanged) };
//! let scope = Some(&adult.holder.municipality);
//! let list = adult.digital_signature_ca.revocation_list(at, at.plus_seconds(86_400), &[moved], scope)?;
//! assert_eq!(list.first(), Some(&0x30));
//!
//! let mut card = honnin::simulator::SimulatedCard::from_file(adult.card)?;
//! assert_eq!(card.transmit(&[0x00, 0xA4, 0x00, 0x00])?, [0x6A, 0x86]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod card_verifiable;
mod extensions;
mod facts;
mod holder;
mod issue;
mod names;
mod persona;
mod persona_card;
mod picture;
mod revocation;

#[cfg(test)]
mod tests;

pub use card_verifiable::{CARD_VERIFIABLE_CA, CardVerifiableHierarchy};
pub use facts::{Attributes, CardFaceFacts, CertificateFacts, Certificates, PersonaFacts, Secrets};
pub use holder::{Holder, Municipality, Sex};
pub use issue::{Authority, AuthorityError, IssuedCertificate, Purpose};
pub use persona::{Issued, Persona, UnknownPersona, create, write};
pub use persona_card::{AUTHENTICATION_PIN, DEFAULT_ATR, INPUT_SUPPORT_PIN, SIGNING_PASSWORD};
pub use revocation::{RevocationReason, RevokedEntry};
