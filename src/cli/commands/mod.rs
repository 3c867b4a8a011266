//! One file per command: a function from the context and the command's arguments to a report.

mod explain;
mod packaging;

pub(crate) use explain::explain;
pub(crate) use packaging::{completions, man};
