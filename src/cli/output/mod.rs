//! One report per run, shown to a person or written as the JSON envelope of `cli.md`.
//!
//! Data go to standard output, all else to standard error. It deliberately holds no sentence of its own: those are in
//! the message files.

mod json;
mod people;
mod report;
mod safe;
mod screen;
mod width;

#[cfg(test)]
mod tests;

pub(crate) use json::envelope;
pub(crate) use people::{render, table};
pub(crate) use report::{Problem, Report};
pub(crate) use safe::safe;
pub(crate) use screen::{Screen, ignoring_closed_pipe};
