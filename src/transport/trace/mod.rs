//! Recordings of card sessions: JSON lines, a superset of the published open format (desktop.md §2).
//!
//! Secrets are blanked by the command's own mark, at a fixed width, so that not even a length is told; personal answers
//! are blanked too unless the persona is synthetic. Deliberately not here: judging a recording against the card's rules.

mod format;
mod recorder;
mod replay;

pub use format::{Header, Persona, TraceError};
pub use recorder::Recorder;
pub use replay::Replay;
