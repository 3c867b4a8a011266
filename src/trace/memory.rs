//! What a recording tells of the card behind it: enough to answer the same question in another form.
//!
//! Only what does not change in a session is remembered: which applications there are, what their files hold, how the
//! counters stand. A secret, a change and a signature are never answered from here.

use super::pattern::Pattern;
use super::place::Place;
use super::recording::{Content, Exchange, Recording};
use super::walk::{Operation, Step, Walk};
use std::collections::BTreeMap;

/// Most bytes of one file that are kept: 15 bits of offset reach no further, extended answers are no longer.
const LARGEST: usize = 0x1_0000;

/// Most files that are kept.
const MOST_FILES: usize = 4096;

#[derive(Default)]
struct Remembered {
    /// By offset; `None` is a byte that was read and blanked, or where nobody read.
    bytes: Vec<Option<u8>>,
    /// Whether a read was blanked, so that its length is not known either.
    masked: bool,
    /// The status word of a refused read, where none was answered.
    refused: Option<u16>,
    /// Where a short answer showed the end to be.
    end: Option<usize>,
}

/// What a recording tells of the card behind it, and where the card stands while questions are answered from it.
pub struct Memory {
    applications: BTreeMap<Vec<u8>, u16>,
    files: BTreeMap<(Place, u16), Remembered>,
    counters: BTreeMap<(Place, u16), u16>,
    walk: Walk,
}

impl Memory {
    /// Reads the whole recording once.
    pub fn of(recording: &Recording) -> Self {
        let mut memory = Self {
            applications: BTreeMap::new(),
            files: BTreeMap::new(),
            counters: BTreeMap::new(),
            walk: Walk::new(),
        };
        let mut walk = Walk::new();
        for entry in &recording.entries {
            let step = walk.step(&entry.content);
            if let (Content::Exchange(exchange), Some(step)) = (&entry.content, step) {
                memory.learn(&step, exchange);
            }
        }
        memory
    }

    fn learn(&mut self, step: &Step, exchange: &Exchange) {
        let (Some(status), Some(command)) = (exchange.status(), &step.command) else { return };
        match step.operation {
            Operation::SelectApplication if step.whole_name => {
                self.applications.entry(command.bytes().to_vec()).or_insert(status);
            }
            Operation::QueryCounter if status & 0xFFF0 == 0x63C0 || matches!(status, 0x6983 | 0x6984) => {
                if let Some(id) = step.id {
                    self.counters.entry((step.place, id)).or_insert(status);
                }
            }
            Operation::ReadBinary { offset } => {
                let Some(id) = step.id.filter(|_| self.files.len() < MOST_FILES) else { return };
                let file = self.files.entry((step.place, id)).or_default();
                match (status, exchange.data()) {
                    (0x9000 | 0x6282, Some(data)) if offset + data.len() <= LARGEST => {
                        if file.bytes.len() < offset + data.len() {
                            file.bytes.resize(offset + data.len(), None);
                        }
                        for (at, byte) in data.iter().enumerate() {
                            if let Some(place) = file.bytes.get_mut(offset + at) {
                                *place = Some(*byte);
                            }
                        }
                        if command.expected.is_some_and(|expected| data.len() < expected) {
                            file.end = Some(offset + data.len());
                        }
                    }
                    (0x9000 | 0x6282, None) => file.masked = true,
                    (0x6B00, _) => {}
                    _ => file.refused = Some(status),
                }
            }
            _ => {}
        }
    }

    /// Takes note of a command that was answered from elsewhere, so that the state stays right.
    pub fn heard(&mut self, command: &[u8], status: Option<u16>) {
        let Some(status) = status else { return };
        let exchange =
            Exchange { tx: Pattern::exact(command), rx: Pattern::exact(&status.to_be_bytes()), t_us: None, note: None };
        self.walk.step(&Content::Exchange(exchange));
    }

    /// The answer to this command, status word included: `None` where the recording does not tell one, `Some(None)`
    /// where it tells that there was one and blanks it.
    pub fn answer(&mut self, command: &[u8]) -> Option<Option<Vec<u8>>> {
        let probe = |status: u16| {
            Content::Exchange(Exchange {
                tx: Pattern::exact(command),
                rx: Pattern::exact(&status.to_be_bytes()),
                t_us: None,
                note: None,
            })
        };
        let step = self.walk.clone().step(&probe(0x9000))?;
        let asked = step.command.as_ref()?;
        let (data, status): (Vec<u8>, u16) = match step.operation {
            Operation::SelectApplication if step.place == Place::IssuerSecurityDomain => (Vec::new(), 0x9000),
            Operation::SelectApplication => (Vec::new(), *self.applications.get(asked.bytes())?),
            Operation::SelectFile => {
                let id = step.id?;
                let known = self.files.contains_key(&(step.place, id)) || self.counters.contains_key(&(step.place, id));
                known.then_some((Vec::new(), 0x9000))?
            }
            Operation::QueryCounter => (Vec::new(), *self.counters.get(&(step.place, step.id?))?),
            Operation::ReadBinary { offset } => {
                let file = self.files.get(&(step.place, step.id?))?;
                match read_of(file, offset, asked.expected?) {
                    Some(found) => found,
                    None if file.masked => return Some(None),
                    None => return None,
                }
            }
            _ => return None,
        };
        self.walk.step(&probe(status));
        Some(Some([data.as_slice(), &status.to_be_bytes()].concat()))
    }
}

fn read_of(file: &Remembered, offset: usize, length: usize) -> Option<(Vec<u8>, u16)> {
    if let Some(end) = file.end.filter(|end| offset >= *end && offset > 0) {
        let _ = end;
        return Some((Vec::new(), 0x6B00));
    }
    let until = file.end.map_or(offset + length, |end| end.min(offset + length));
    let known: Option<Vec<u8>> = file.bytes.get(offset..until).and_then(|bytes| bytes.iter().copied().collect());
    match (known, file.refused) {
        (Some(data), _) => Some((data, 0x9000)),
        (None, Some(status)) if file.bytes.is_empty() && !file.masked => Some((Vec::new(), status)),
        // Fewer bytes than asked for, as a card gives them at the end of a file: what follows is not known.
        (None, _) => {
            let rest = file.bytes.get(offset..)?;
            let data: Vec<u8> = rest.iter().copied().take_while(Option::is_some).flatten().take(length).collect();
            (!data.is_empty()).then_some((data, 0x9000))
        }
    }
}
