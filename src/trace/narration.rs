//! What each command of a recording was about, as types: for a front end to put into words.
//!
//! Nothing here can hold a byte of a secret or of an answer.

use super::place::Place;
use super::recording::{Content, Recording};
use super::walk::{Operation, Walk};

/// What happened at one line of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Told {
    /// A command and its answer.
    Exchange {
        /// Number of the command, from 1.
        number: usize,
        /// What it asked for.
        operation: Operation,
        /// The application it went to, or that it selected.
        place: Place,
        /// Identifier of the file it is about.
        file: Option<u16>,
        /// Name of that file, where it is on record; the same in every language.
        name: Option<&'static str>,
        /// Bytes of the answer before the status word; `None` where they are blanked.
        length: Option<usize>,
        /// SW1-SW2.
        status: Option<u16>,
        /// How long it took, in microseconds.
        t_us: Option<u64>,
    },
    /// A command that the link did not answer.
    LinkError {
        /// Number of the command, from 1.
        number: usize,
        /// What it asked for.
        operation: Operation,
        /// The application it went to.
        place: Place,
        /// Identifier of the file it is about.
        file: Option<u16>,
        /// Name of that file, where it is on record.
        name: Option<&'static str>,
        /// Name of the error.
        error: String,
    },
    /// Something that happened between two commands.
    Event {
        /// Its name.
        event: String,
    },
}

/// Tells a session while it goes on.
#[derive(Clone, Debug)]
pub struct Narration {
    walk: Walk,
    number: usize,
}

impl Default for Narration {
    fn default() -> Self {
        Self { walk: Walk::new(), number: 0 }
    }
}

impl Narration {
    /// What the next line of the session says.
    pub fn tell(&mut self, content: &Content) -> Told {
        let step = self.walk.step(content);
        self.number += usize::from(step.is_some());
        match (content, step) {
            (Content::Exchange(exchange), Some(step)) => Told::Exchange {
                number: self.number,
                operation: step.operation,
                place: step.place,
                file: step.id,
                name: step.file().map(|file| file.name),
                length: exchange.data().map(<[u8]>::len),
                status: exchange.status(),
                t_us: exchange.t_us,
            },
            (Content::LinkError { error, .. }, Some(step)) => Told::LinkError {
                number: self.number,
                operation: step.operation,
                place: step.place,
                file: step.id,
                name: step.file().map(|file| file.name),
                error: error.clone(),
            },
            (Content::Event(event), _) => Told::Event { event: event.clone() },
            (_, None) => Told::Event { event: String::new() },
        }
    }
}

/// What happened, line by line.
pub fn narrate(recording: &Recording) -> Vec<(usize, Told)> {
    let mut narration = Narration::default();
    recording.entries.iter().map(|entry| (entry.line, narration.tell(&entry.content))).collect()
}
