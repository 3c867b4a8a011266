//! A recording as data: header, exchanges, link errors and events, each with the line it came from.

use super::pattern::Pattern;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

/// The only version of the format.
pub const VERSION: u32 = 1;

/// Whether the holder of the recorded card is a real person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Persona {
    /// Nobody knows: treated as a real person.
    #[default]
    Unknown,
    /// A made-up person.
    Synthetic,
}

impl Persona {
    /// Its name in the format.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Synthetic => "synthetic",
        }
    }
}

/// What is blanked in a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Redaction {
    /// Secrets: of a synthetic person nothing else needs to be.
    Secrets,
    /// Secrets and personal data.
    SecretsAndPersonal,
}

/// First line of a recording (docs/traces.md). What is not known is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the format; 1.
    pub version: u32,
    /// Whether the reader is known to carry extended APDUs.
    pub supports_extended_length: bool,
    /// ATR, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub atr: Option<String>,
    /// Name of the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reader: Option<String>,
    /// What kind of card it is, in the recorder's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_profile: Option<String>,
    /// What wrote the recording, or what was recorded where another program's log was imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// When it was recorded. A replayed signature takes its signing time from here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<UnixTime>,
    /// What is blanked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redaction: Option<Redaction>,
    /// Whether the holder is made up.
    #[serde(default)]
    pub persona: Persona,
    /// For people: what this recording shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The facts it is evidence for, as sections of a reference.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
    /// The run of this program that was recorded, so that it can be repeated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Run>,
    /// The rules of the linter that the session breaks on purpose, by id, in order of the exchanges.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<String>,
}

/// A run of this program: what to type again, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The command line after the program's name, without `--card` and `--record`.
    pub arguments: Vec<String>,
    /// Exit code.
    pub exit: u8,
    /// The reason's code, where it did not end with yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl Header {
    /// A header with the ATR and the persona, all else left open.
    pub fn new(atr: Option<&[u8]>, persona: Persona) -> Self {
        Self {
            version: VERSION,
            supports_extended_length: false,
            atr: atr.map(hex::encode_upper),
            reader: None,
            card_profile: None,
            tool: None,
            recorded_at: None,
            redaction: None,
            persona,
            note: None,
            facts: Vec::new(),
            run: None,
            findings: Vec::new(),
        }
    }

    /// The same for what this program records: with its name, and blanked as the persona asks.
    #[must_use]
    pub fn of_this_program(mut self, at: UnixTime) -> Self {
        self.tool = Some(format!("honnin {}", env!("CARGO_PKG_VERSION")));
        self.recorded_at = Some(at);
        self.redaction = Some(self.redaction_due());
        self
    }

    /// What has to be blanked for this persona.
    pub const fn redaction_due(&self) -> Redaction {
        match self.persona {
            Persona::Synthetic => Redaction::Secrets,
            Persona::Unknown => Redaction::SecretsAndPersonal,
        }
    }
}

/// A command and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The command's bytes.
    pub tx: Pattern,
    /// The answer's bytes, status word included.
    pub rx: Pattern,
    /// How long it took, in microseconds.
    pub t_us: Option<u64>,
    /// For people.
    pub note: Option<String>,
}

impl Exchange {
    /// SW1-SW2, where the answer has one that is known.
    pub fn status(&self) -> Option<u16> {
        let known = if self.rx.is_blanked() { self.rx.after() } else { self.rx.before() };
        let [.., sw1, sw2] = known else { return None };
        Some(u16::from_be_bytes([*sw1, *sw2]))
    }

    /// The answer's data, where nothing of it is blanked.
    pub fn data(&self) -> Option<&[u8]> {
        let bytes = self.rx.bytes()?;
        bytes.get(..bytes.len().checked_sub(2)?)
    }
}

/// What one line of a recording says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A command and its answer.
    Exchange(Exchange),
    /// A command that the link did not answer, and the name of what happened to the link.
    LinkError {
        /// The command's bytes.
        tx: Pattern,
        /// Name of the error: `removed`, `reset`, `busy`, …
        error: String,
    },
    /// What happened between two commands: `reset`, `reconnect`, `removed`, `select_lost`, or another word.
    Event(String),
}

impl Content {
    /// The command, where there is one.
    pub const fn tx(&self) -> Option<&Pattern> {
        match self {
            Self::Exchange(Exchange { tx, .. }) | Self::LinkError { tx, .. } => Some(tx),
            Self::Event(_) => None,
        }
    }
}

/// A line of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The line of the file it came from, from 1.
    pub line: usize,
    /// What it says.
    pub content: Content,
}

/// A whole recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The first line.
    pub header: Header,
    /// Everything after it, in its order.
    pub entries: Vec<Entry>,
}

impl Recording {
    /// How many commands it holds, answered or not.
    pub fn exchanges(&self) -> usize {
        self.entries.iter().filter(|entry| entry.content.tx().is_some()).count()
    }
}
