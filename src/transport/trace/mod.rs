//! Carrying a session into a recording, and out of one: the recorder beside a channel, and a channel that answers from what
//! was recorded.
//!
//! Secrets are blanked by the command's own mark, at a fixed width, so that not even a length is told; personal answers
//! are blanked too unless the persona is synthetic. Deliberately not here: what a recording is, and judging it against the
//! card's rules (`trace`).

mod recorder;
mod replay;

pub use recorder::{Recorder, link_error_word};
pub use replay::{Difference, DifferenceKind, Replay, Side, Strictness};
