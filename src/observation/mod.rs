//! What a card shows without any secret, held against the reference page card.md fact by fact.
//!
//! For the first real card, and for every one of a kind that nobody has looked at: [`observe`] asks only what costs
//! nothing, and [`FreeOnly`] sees to it below, command by command, before anything reaches a reader. Deliberately not here:
//! secrets, the individual number and whatever is personal without being needed for a fact; how to open a reader; words.

mod fact;
mod free;
mod observing;
#[cfg(test)]
mod tests;

pub use fact::{Fact, Observation, Outcome};
pub use free::FreeOnly;
pub use observing::observe;
