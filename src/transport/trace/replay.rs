//! A channel that answers from a recording: strictly in its order, or leniently from wherever the same was asked.

use super::recorder::error_of;
use crate::apdu::{CommandApdu, ResponseApdu};
use crate::card::{Access, Channel, ChannelError};
use crate::trace::{Content, Header, Memory, Operation, Pattern, Recording, Shown, TraceError, read, shown_of};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

/// How far a run may leave the recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strictness {
    /// Not at all: what was recorded next is asked next.
    #[default]
    Strict,
    /// As far as the recording has an answer: the same command elsewhere in it, or the same bytes of the same file.
    Lenient,
}

/// In which way a run and its recording differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DifferenceKind {
    /// Another command was asked than the recorded one, and no answer was found.
    Another,
    /// A recorded command was passed over.
    Skipped,
    /// The command was asked at another place than in the recording.
    Elsewhere,
    /// The command is not in the recording; its answer was put together from what is.
    PutTogether,
    /// The end of the run came before this recorded command.
    NotAsked,
}

impl DifferenceKind {
    /// Its name, the same in every language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Another => "another",
            Self::Skipped => "skipped",
            Self::Elsewhere => "elsewhere",
            Self::PutTogether => "put_together",
            Self::NotAsked => "not_asked",
        }
    }
}

/// A place where the run and the recording differ, with what may be shown of both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// In which way.
    pub kind: DifferenceKind,
    /// Line of the recording, from 1.
    pub line: usize,
    /// The recorded command; `None` at the end of the recording.
    pub recorded: Option<Side>,
    /// The command that was asked; `None` where nothing was.
    pub asked: Option<Side>,
}

/// One side of a difference: as much of a command as may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// CLA INS P1 P2 in hex.
    pub header: String,
    /// What it asks for.
    pub operation: Operation,
    /// The name in a SELECT by name, or the identifier in a SELECT of a file, in hex.
    pub name: Option<String>,
    /// Le, 1 to 65 536; `None` where there is none, or it is blanked.
    pub expected: Option<usize>,
    /// The digest to be signed, in hex.
    pub digest: Option<String>,
}

impl Side {
    fn of(tx: &Pattern) -> Self {
        let Shown { operation, name, expected, digest } = shown_of(tx);
        let (name, digest) = (name.map(hex::encode_upper), digest.map(hex::encode_upper));
        Self { header: tx.header(), operation, name, expected, digest }
    }

    /// As much of it as tells it from `other`: the header, and where both have the same, name, digest and Le behind it.
    pub fn beside(&self, other: Option<&Self>) -> String {
        let mut out = self.header.clone();
        if let Some(other) = other.filter(|other| other.header == self.header) {
            if let Some(name) = self.name.as_ref().filter(|_| self.name != other.name) {
                out.push_str(&format!(" {name}"));
            }
            if let Some(digest) = self.digest.as_ref().filter(|_| self.digest != other.digest) {
                out.push_str(&format!(" {digest}"));
            }
            if self.expected != other.expected {
                out.push_str(&self.expected.map_or(" Le -".to_owned(), |expected| format!(" Le {expected}")));
            }
        }
        out
    }
}

impl Difference {
    /// Whether nothing that may be shown tells the two commands apart: then it is their data.
    pub fn is_in_the_data(&self) -> bool {
        self.recorded.is_some() && self.recorded == self.asked
    }
}

struct Tape {
    header: Header,
    recording: Recording,
    lines: usize,
    strictness: Strictness,
    next: Cell<usize>,
    played: Cell<usize>,
    /// Entries that were asked out of their order.
    elsewhere: RefCell<BTreeSet<usize>>,
    differences: RefCell<Vec<Difference>>,
    memory: RefCell<Memory>,
}

/// A recording being played back. Clones share their place in it and what they noticed.
#[derive(Clone)]
pub struct Replay(Rc<Tape>);

impl Replay {
    /// Reads a whole recording, in any format that [`read`] knows, and plays it strictly.
    ///
    /// # Errors
    /// [`TraceError::Malformed`] with the line.
    pub fn parse(text: &str) -> Result<Self, TraceError> {
        Ok(Self::new(read(text.as_bytes())?.1, Strictness::Strict))
    }

    /// Plays this recording.
    pub fn new(recording: Recording, strictness: Strictness) -> Self {
        Self(Rc::new(Tape {
            header: recording.header.clone(),
            lines: recording.entries.last().map_or(1, |entry| entry.line),
            memory: RefCell::new(Memory::of(&recording)),
            recording,
            strictness,
            next: Cell::new(0),
            played: Cell::new(0),
            elsewhere: RefCell::default(),
            differences: RefCell::default(),
        }))
    }

    /// The first line.
    pub fn header(&self) -> &Header {
        &self.0.header
    }

    /// Commands that were not played yet.
    pub fn remaining(&self) -> usize {
        let entries = self.0.recording.entries.get(self.0.next.get()..).unwrap_or_default();
        entries.iter().filter(|entry| entry.content.tx().is_some()).count()
    }

    /// Commands that were answered.
    pub fn played(&self) -> usize {
        self.0.played.get()
    }

    /// Where the run and the recording differ so far. What was not asked yet counts, so look after the end of the run.
    pub fn differences(&self) -> Vec<Difference> {
        let mut all = self.0.differences.borrow().clone();
        if !self.stopped() {
            let next = self.0.next.get();
            for (index, entry) in self.0.recording.entries.iter().enumerate().skip(next) {
                if let Some(tx) = entry.content.tx().filter(|_| !self.0.elsewhere.borrow().contains(&index)) {
                    let recorded = Some(Side::of(tx));
                    all.push(Difference { kind: DifferenceKind::NotAsked, line: entry.line, recorded, asked: None });
                }
            }
        }
        all
    }

    fn stopped(&self) -> bool {
        self.0.differences.borrow().last().is_some_and(|last| last.kind == DifferenceKind::Another)
    }

    fn note(&self, kind: DifferenceKind, line: usize, recorded: Option<&Pattern>, asked: Option<&CommandApdu>) {
        if self.stopped() {
            // What follows the first parting of the ways is another story.
            return;
        }
        let asked = asked.map(|command| Side::of(&Pattern::exact(command.wire().expose())));
        self.0.differences.borrow_mut().push(Difference { kind, line, recorded: recorded.map(Side::of), asked });
    }

    /// The answer of the entry at `index`.
    fn answer(&self, index: usize) -> Result<ResponseApdu, ChannelError> {
        let Some(entry) = self.0.recording.entries.get(index) else { return Err(ChannelError::NoStatusWord) };
        match &entry.content {
            Content::Exchange(exchange) => {
                let bytes = exchange.rx.bytes().ok_or(ChannelError::MaskedData { line: entry.line })?;
                ResponseApdu::from_bytes(bytes).map_err(|_| ChannelError::NoStatusWord)
            }
            Content::LinkError { error, .. } | Content::Event(error) => Err(error_of(error)),
        }
    }

    /// Goes on behind the entry at `index` and gives its answer.
    fn play(&self, index: usize, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.0.next.set(index + 1);
        self.0.played.set(self.0.played.get() + 1);
        let answer = self.answer(index);
        self.0.memory.borrow_mut().heard(command.wire().expose(), answer.as_ref().ok().map(|it| it.status().value()));
        answer
    }

    fn leniently(&self, command: &CommandApdu) -> Option<Result<ResponseApdu, ChannelError>> {
        let wire = command.wire();
        let asked_at = |index: usize| {
            let entry = self.0.recording.entries.get(index);
            entry.and_then(|entry| entry.content.tx()).is_some_and(|tx| tx.matches(wire.expose()))
        };
        let (next, end) = (self.0.next.get(), self.0.recording.entries.len());
        let line = self.0.recording.entries.get(next).map_or(self.0.lines + 1, |entry| entry.line);
        let recorded = self.0.recording.entries.get(next).and_then(|entry| entry.content.tx());
        // The state of the card decides first: the same bytes of the same file, whatever form asked for them.
        if let Some(known) = self.0.memory.borrow_mut().answer(wire.expose()) {
            let kind = match (next..end).find(|index| asked_at(*index)) {
                Some(index) => {
                    self.0.elsewhere.borrow_mut().insert(index);
                    DifferenceKind::Elsewhere
                }
                None => DifferenceKind::PutTogether,
            };
            self.note(kind, line, recorded, Some(command));
            self.0.played.set(self.0.played.get() + 1);
            return Some(match known {
                Some(bytes) => ResponseApdu::from_bytes(&bytes).map_err(|_| ChannelError::NoStatusWord),
                None => Err(ChannelError::MaskedData { line }),
            });
        }
        let index = (next..end).find(|index| asked_at(*index))?;
        for entry in self.0.recording.entries.get(next..index).unwrap_or_default() {
            if let Some(tx) = entry.content.tx() {
                self.note(DifferenceKind::Skipped, entry.line, Some(tx), None);
            }
        }
        Some(self.play(index, command))
    }
}

/// Events that the next command would have met as an error.
fn ends_the_link(event: &str) -> bool {
    matches!(event, "removed" | "reset")
}

impl Channel for Replay {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let mut index = self.0.next.get();
        loop {
            match self.0.recording.entries.get(index).map(|entry| &entry.content) {
                // A removal that the log shows by itself; a command that met it is a line of its own.
                Some(Content::Event(event)) if !ends_the_link(event) => index += 1,
                Some(Content::Event(_)) => return self.play(index, command),
                Some(content)
                    if self.0.elsewhere.borrow().contains(&index)
                        && !content.tx().is_some_and(|tx| tx.matches(command.wire().expose())) =>
                {
                    index += 1;
                }
                _ => break,
            }
        }
        self.0.next.set(index);
        let entry = self.0.recording.entries.get(index);
        let recorded = entry.and_then(|entry| entry.content.tx());
        if recorded.is_some_and(|tx| tx.matches(command.wire().expose())) {
            return self.play(index, command);
        }
        if self.0.strictness == Strictness::Lenient
            && let Some(answer) = self.leniently(command)
        {
            return answer;
        }
        let line = entry.map_or(self.0.lines + 1, |entry| entry.line);
        self.note(DifferenceKind::Another, line, recorded, Some(command));
        let recorded = recorded.map(Side::of);
        let asked = Side::of(&Pattern::exact(command.wire().expose()));
        Err(ChannelError::NotRecorded {
            line,
            asked: asked.beside(recorded.as_ref()),
            recorded: recorded.map_or_else(|| "the end".to_owned(), |recorded| recorded.beside(Some(&asked))),
        })
    }

    /// Nobody else can reach a recording.
    fn access(&self) -> Access {
        Access::Exclusive
    }

    /// Possible where the recorded session went on as well.
    fn reconnect(&mut self) -> Result<(), ChannelError> {
        if self.remaining() == 0 { Err(ChannelError::Reset) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests;
