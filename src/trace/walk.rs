//! Walking along a recording: what each command does, and to which file of which application.

use super::command::Command;
use super::pattern::Pattern;
use super::place::{File, Place, file_of};
use super::recording::Content;
use super::redaction::{Mark, sent};

/// What a command asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// SELECT by name.
    SelectApplication,
    /// SELECT of a file in the current application.
    SelectFile,
    /// Another SELECT: `00 A4 00 00` and its like.
    SelectOther,
    /// READ BINARY from this offset.
    ReadBinary {
        /// Offset of the first byte.
        offset: usize,
    },
    /// READ RECORD.
    ReadRecord,
    /// VERIFY without data: the counter, no attempt.
    QueryCounter,
    /// VERIFY with data: one attempt.
    Verify,
    /// CHANGE REFERENCE DATA, or CHANGE KEY of the JICSAP applications.
    ChangeSecret,
    /// COMPUTE DIGITAL SIGNATURE.
    Sign,
    /// INTERNAL AUTHENTICATE.
    InternalAuthenticate,
    /// GET DATA of this object.
    GetData(u16),
    /// GET CHALLENGE.
    GetChallenge,
    /// GET RESPONSE: the rest of the answer before.
    GetResponse,
    /// SET SESSION KEY.
    SetSessionKey,
    /// A command of the issuer (card.md §2.5).
    IssuerCommand,
    /// The iPhone's marker, which no card knows (card.md §9).
    PhoneMarker,
    /// A command to the reader, not to the card.
    ReaderCommand,
    /// Anything else.
    Other,
}

impl Operation {
    /// Its name, the same in every language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SelectApplication => "select_application",
            Self::SelectFile => "select_file",
            Self::SelectOther => "select_other",
            Self::ReadBinary { .. } => "read_binary",
            Self::ReadRecord => "read_record",
            Self::QueryCounter => "query_counter",
            Self::Verify => "verify",
            Self::ChangeSecret => "change_secret",
            Self::Sign => "sign",
            Self::InternalAuthenticate => "internal_authenticate",
            Self::GetData(_) => "get_data",
            Self::GetChallenge => "get_challenge",
            Self::GetResponse => "get_response",
            Self::SetSessionKey => "set_session_key",
            Self::IssuerCommand => "issuer_command",
            Self::PhoneMarker => "phone_marker",
            Self::ReaderCommand => "reader_command",
            Self::Other => "other",
        }
    }
}

/// What this command asks for, by itself.
pub fn operation_of(tx: &Pattern) -> Operation {
    let content = Content::LinkError { tx: tx.clone(), error: String::new() };
    Walk::new().step(&content).map_or(Operation::Other, |step| step.operation)
}

/// As much of a command as may be shown of any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What it asks for.
    pub operation: Operation,
    /// The name in a SELECT by name, or the identifier in a SELECT of a file.
    pub name: Option<Vec<u8>>,
    /// Le, 1 to 65 536; `None` where there is none, or it is blanked.
    pub expected: Option<usize>,
    /// What is to be signed, where that is a digest and no message.
    pub digest: Option<Vec<u8>>,
}

/// What may be shown of this command, whatever it is: of data only what a SELECT names, and a digest to be signed.
pub fn shown_of(tx: &Pattern) -> Shown {
    let content = Content::LinkError { tx: tx.clone(), error: String::new() };
    let step = Walk::new().step(&content);
    let operation = step.as_ref().map_or(Operation::Other, |step| step.operation);
    // What recordings keep of any person may be shown of any.
    let open_digest = step.is_some_and(|step| operation == Operation::Sign && sent(&step) == Mark::Open);
    let command = Command::of(tx);
    let selects = matches!(operation, Operation::SelectApplication | Operation::SelectFile);
    // No name is longer (ISO/IEC 7816-4 §8.2.1.2): what is may be anything.
    let name = command.as_ref().map(Command::bytes).filter(|name| selects && (1..=16).contains(&name.len()));
    // Lengths of what may be secret are not told either, nor what stands where Le would.
    let open = matches!(
        operation,
        Operation::SelectApplication
            | Operation::SelectFile
            | Operation::SelectOther
            | Operation::ReadBinary { .. }
            | Operation::ReadRecord
            | Operation::GetData(_)
            | Operation::GetChallenge
            | Operation::GetResponse
            | Operation::Sign
            | Operation::InternalAuthenticate
    );
    let expected = command.as_ref().and_then(|command| command.expected).filter(|_| open);
    let digest = command.as_ref().map(Command::bytes).filter(|digest| open_digest && !digest.is_empty());
    Shown { operation, name: name.map(<[u8]>::to_vec), expected, digest: digest.map(<[u8]>::to_vec) }
}

/// A command in its place.
#[derive(Clone)]
pub(super) struct Step {
    pub(super) command: Option<Command>,
    pub(super) operation: Operation,
    /// The application it went to; for a selection, the one that is selected.
    pub(super) place: Place,
    /// The file it is about.
    pub(super) id: Option<u16>,
    /// Whether the name in a selection was whole.
    pub(super) whole_name: bool,
}

impl Step {
    /// The file it is about, where it is on record.
    pub(super) fn file(&self) -> Option<&'static File> {
        file_of(self.place, self.id?)
    }
}

/// Where the card stands between two commands.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    place: Place,
    current: Option<u16>,
    /// What an answer's rest belongs to.
    unfinished: Option<(Operation, Place, Option<u16>)>,
}

impl Walk {
    /// At the beginning of a recording, which may begin in the middle of a session.
    pub(super) const fn new() -> Self {
        Self { place: Place::Unknown, current: None, unfinished: None }
    }

    /// Takes one more line into account. `None` for an event.
    pub(super) fn step(&mut self, content: &Content) -> Option<Step> {
        let (tx, status) = match content {
            Content::Exchange(exchange) => (&exchange.tx, exchange.status()),
            Content::LinkError { tx, .. } => (tx, None),
            Content::Event(event) => {
                if matches!(event.as_str(), "reset" | "reconnect" | "removed" | "select_lost") {
                    *self = Self::new();
                }
                return None;
            }
        };
        let command = Command::of(tx);
        let mut step = self.place_of(command);
        if step.operation == Operation::GetResponse
            && let Some((operation, place, id)) = self.unfinished
        {
            (step.operation, step.place, step.id) = (operation, place, id);
            if let Operation::ReadBinary { .. } = operation {
                // Where in the file the rest begins is not in this command.
                step.operation = Operation::GetResponse;
            }
        }
        let waits = status.is_some_and(|status| matches!(status >> 8, 0x61 | 0x6C));
        self.unfinished = waits.then_some((step.operation, step.place, step.id));
        if status.is_some_and(|status| status == 0x9000 || matches!(status >> 8, 0x61 | 0x62)) {
            match step.operation {
                Operation::SelectApplication => (self.place, self.current) = (step.place, None),
                Operation::SelectFile | Operation::ReadBinary { .. } | Operation::ReadRecord => {
                    self.current = step.id;
                }
                _ => {}
            }
        }
        if matches!(content, Content::LinkError { .. }) && step.operation == Operation::SelectApplication {
            // Whether the card still heard it is not known.
            *self = Self::new();
        }
        Some(step)
    }

    fn place_of(&self, command: Option<Command>) -> Step {
        let mut step =
            Step { command: None, operation: Operation::Other, place: self.place, id: None, whole_name: true };
        let Some(command) = command else { return step };
        let (p1, p2) = (command.p1, command.p2);
        let short_identifier = |byte: u8| Some(u16::from(byte & 0x1F)).filter(|_| byte & 0x80 != 0);
        let referenced = || short_identifier(p2).filter(|id| *id != 0).or(self.current);
        // A secret is one in every class. The lower bits of a class name a channel or say that the message is secured; neither changes what is asked.
        let proprietary = command.class & 0x80 != 0;
        if command.class == 0xFF {
            step.operation = Operation::ReaderCommand;
        } else {
            match (proprietary, command.instruction) {
                (false, 0xA4) if p1 == 0x04 => {
                    (step.place, step.whole_name) = Place::named(command.bytes());
                    if command.has_data() && command.bytes().is_empty() {
                        step.place = Place::Unknown;
                    }
                    step.operation = Operation::SelectApplication;
                }
                (false, 0xA4) if p1 == 0x02 || (p1 == 0x00 && command.bytes().len() == 2) => {
                    step.operation = Operation::SelectFile;
                    step.id = match command.bytes() {
                        [high, low] => Some(u16::from_be_bytes([*high, *low])),
                        _ => None,
                    };
                }
                (false, 0xA4) => step.operation = Operation::SelectOther,
                (false, 0xB0) => {
                    let (id, offset) = match short_identifier(p1) {
                        Some(id) => (Some(id), usize::from(p2)),
                        None => (self.current, usize::from(u16::from_be_bytes([p1, p2]))),
                    };
                    step.id = id;
                    step.operation = Operation::ReadBinary { offset };
                }
                (false, 0xB2) => {
                    let id = u16::from(p2 >> 3);
                    step.id = if id == 0 { self.current } else { Some(id) };
                    step.operation = Operation::ReadRecord;
                }
                (_, 0x20 | 0x21) => {
                    step.id = referenced();
                    let asks = !command.has_data();
                    step.operation = if asks { Operation::QueryCounter } else { Operation::Verify };
                }
                (_, 0x24 | 0x25 | 0x2C | 0x2D) | (true, 0x32) => {
                    step.id = referenced();
                    step.operation = Operation::ChangeSecret;
                }
                (true, 0x2A) => {
                    // P2 00 is the default key of the card face applications (card.md §5.3).
                    step.id = if p2 == 0 { Some(0x13) } else { referenced() };
                    step.operation = Operation::Sign;
                }
                (false, 0x88) => {
                    step.id = referenced();
                    step.operation = Operation::InternalAuthenticate;
                }
                (false, 0xCA) => step.operation = Operation::GetData(u16::from_be_bytes([p1, p2])),
                (false, 0x84) => step.operation = Operation::GetChallenge,
                (false, 0xC0) => step.operation = Operation::GetResponse,
                (true, 0xAE) => step.operation = Operation::SetSessionKey,
                (true, 0xFC) => step.operation = Operation::PhoneMarker,
                (true, 0x50 | 0x52 | 0x54 | 0x8A | 0x0E | 0x0C | 0xE0 | 0xE4) => {
                    step.operation = Operation::IssuerCommand;
                }
                _ => {}
            }
        }
        step.command = Some(command);
        step
    }
}
