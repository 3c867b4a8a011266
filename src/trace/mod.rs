//! Recordings of card sessions as data: reading and writing them, blanking them, judging them, telling what they say.
//!
//! Pure functions of bytes. Deliberately not here: recording and replaying, which carry commands (`transport::trace`); and
//! sentences, which the front ends have. The format and the rules are in `docs/traces.md`.

mod check;
mod command;
mod error;
mod export;
mod import;
mod json_lines;
mod memory;
mod narration;
mod pattern;
mod place;
mod reads;
mod recording;
mod redaction;
mod rule;
mod walk;

pub use check::{Finding, check};
pub use error::{Defect, TraceError};
pub use export::{to_apdu4j, to_pcapng};
pub use import::{Format, LARGEST_FILE, read};
pub use json_lines::{content_line, header_line, to_bare_json_lines, to_json_lines};
pub use memory::Memory;
pub use narration::{Narration, Told, narrate};
pub use pattern::{BLANK, Pattern};
pub use place::Place;
pub use recording::{Content, Entry, Exchange, Header, Persona, Recording, Redaction, Run, VERSION};
pub use redaction::{reader_without_serial, redacted};
pub use rule::{Rule, Severity};
pub use walk::{Operation, Shown, operation_of, shown_of};
