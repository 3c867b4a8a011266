//! The first-run tree of desktop.md §1 as pure nodes over facts: what stands between a person and their card.
//!
//! Deliberately no IO: a front end collects the [`Facts`], so every node can be made to happen in a test. It never asks
//! for a secret. Two short procedures belong to it, because nobody else needs them: what another card may be
//! ([`guess`]), and how the link carries reads of several lengths ([`try_blocks`]); both send SELECT and READ BINARY only.

mod diagnosis;
mod facts;
mod finding;
mod link;
mod model;
mod node;
mod other_card;
mod surroundings;
#[cfg(test)]
mod tests;

pub use diagnosis::{Diagnosis, diagnose};
pub use facts::{
    BlockFact, CardFact, DriverFacts, Facts, Platform, ReaderFact, Sandbox, ServiceFact, SystemFacts, UsbFact,
};
pub use finding::{Finding, Particulars, Severity};
pub use link::{BLOCKS, try_blocks};
pub use model::{DriverVersion, Interface, NotAVersion, ReaderModel};
pub use node::Node;
pub use other_card::{OtherCard, guess, is_shareable, radio_of};
