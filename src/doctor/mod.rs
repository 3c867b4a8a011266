//! The first-run tree of desktop.md §1 as pure nodes over facts: what stands between a person and their card.
//!
//! Deliberately no IO: a front end collects the [`Facts`], so every node can be made to happen in a test. It never asks
//! for a secret. This first form has the nodes of service, reader, card, application, certificates and counters; the
//! nodes about drivers, sandboxes and other systems (E1, E4, E5, R2-R6, C3, C4, T1) are not built yet and never reported.

mod diagnosis;
mod facts;
mod node;
#[cfg(test)]
mod tests;

pub use diagnosis::{Diagnosis, Finding, Severity, diagnose};
pub use facts::{CardFact, Facts, ReaderFact, ServiceFact};
pub use node::Node;
