//! Files that hold card sessions, told apart by their content and read within bounds.

mod apdu4j;
mod arrows;
mod hexdump;
mod opensc;
mod pcscd;
mod spy;
mod tshark;

use super::error::{Defect, TraceError, malformed};
use super::json_lines;
use super::pattern::Pattern;
use super::recording::{Content, Entry, Exchange, Header, Persona, Recording};

/// No session of a card is longer; a larger file is something else.
pub const LARGEST_FILE: usize = 64 << 20;
const MOST_LINES: usize = 1_000_000;
/// A file that is one JSON value takes many times its size while it is read.
const LARGEST_JSON: usize = 16 << 20;
/// Twice what the longest extended command takes in hex, with room for names around it.
const LONGEST_LINE: usize = 512 << 10;

/// A format in which card sessions are written down (desktop.md §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// JSON lines, ours or the bare published ones.
    JsonLines,
    /// apdu4j and GlobalPlatformPro: `# ATR:`, then command and response lines in turn.
    Apdu4j,
    /// The log of `pcscd --apdu`.
    PcscdLog,
    /// `OPENSC_DEBUG`.
    OpenScLog,
    /// The raw log of libpcscspy.
    PcscSpy,
    /// `> 00 A4 …` and `< 90 00`, in either direction.
    Arrows,
    /// `tshark -T json` of a USB CCID capture.
    TsharkJson,
}

impl Format {
    /// Its name, the same in every language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::JsonLines => "jsonl",
            Self::Apdu4j => "apdu4j",
            Self::PcscdLog => "pcscd_log",
            Self::OpenScLog => "opensc_log",
            Self::PcscSpy => "pcsc_spy",
            Self::Arrows => "arrows",
            Self::TsharkJson => "tshark_json",
        }
    }
}

/// Reads a file of any known format, as it is: nothing is blanked yet, so hand it to
/// [`redacted`](super::redacted) before anybody sees it.
///
/// # Errors
/// [`TraceError::Malformed`] with the line and what is wrong with it.
///
/// ```
/// use honnin::trace::{Format, read, redacted, to_json_lines};
/// let (format, recording) = read(b"# ATR: 3B00\n0020009804313233 34\n9000\n")?;
/// assert_eq!(format, Format::Apdu4j);
/// assert!(to_json_lines(&redacted(&recording)).contains(r#""tx":"00200098********""#));
/// # Ok::<(), honnin::trace::TraceError>(())
/// ```
pub fn read(bytes: &[u8]) -> Result<(Format, Recording), TraceError> {
    if bytes.len() > LARGEST_FILE {
        return Err(malformed(1, Defect::FileTooLarge));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(malformed(1, Defect::Empty));
    }
    // A log may quote a reader's name in another encoding; a zero byte or a file of nothing else is no text.
    let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes));
    if bytes.contains(&0) || text.chars().take(4096).filter(|c| *c == char::REPLACEMENT_CHARACTER).count() > 64 {
        return Err(malformed(1, Defect::NotText));
    }
    let text = zeroize::Zeroizing::new(text.into_owned());
    if tshark::is_it(&text) {
        if text.len() > LARGEST_JSON {
            return Err(malformed(1, Defect::FileTooLarge));
        }
        return tshark::parse(&text).and_then(|recording| whole(Format::TsharkJson, recording));
    }
    let lines = Lines::new(&text)?;
    let first = lines.filled().next().map_or("", |(_, line)| line.trim_start());
    if first.starts_with('{') {
        return Ok((Format::JsonLines, json_lines::parse(&lines)?));
    }
    let has = |is_it: fn(&str) -> bool| lines.filled().any(|(_, line)| is_it(line));
    let (format, recording) = if has(opensc::is_it) {
        (Format::OpenScLog, opensc::parse(&lines)?)
    } else if has(spy::is_it) {
        (Format::PcscSpy, spy::parse(&lines)?)
    } else if has(pcscd::is_it) {
        (Format::PcscdLog, pcscd::parse(&lines)?)
    } else if has(arrows::is_it) {
        (Format::Arrows, arrows::parse(&lines)?)
    } else if lines.filled().all(|(_, line)| apdu4j::is_it(line)) {
        (Format::Apdu4j, apdu4j::parse(&lines)?)
    } else {
        let dump = lines.filled().any(|(_, line)| line.starts_with("# ATR:") || line.starts_with("# PROTOCOL:"));
        let at = if dump { lines.filled().find(|(_, line)| !apdu4j::is_it(line)) } else { None };
        return match at {
            Some((number, _)) => Err(malformed(number, Defect::NotHex)),
            None => Err(malformed(1, Defect::UnknownFormat)),
        };
    };
    whole(format, recording)
}

/// A log without one command is another program's log, or of another kind.
fn whole(format: Format, recording: Recording) -> Result<(Format, Recording), TraceError> {
    if recording.entries.is_empty() { Err(malformed(1, Defect::NoExchange)) } else { Ok((format, recording)) }
}

/// The lines of a file, each within bounds.
pub(super) struct Lines<'a>(Vec<&'a str>);

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Result<Self, TraceError> {
        let mut lines = Vec::new();
        for line in text.lines() {
            lines.push(line);
            if line.len() > LONGEST_LINE {
                return Err(malformed(lines.len(), Defect::LineTooLong));
            }
            if lines.len() > MOST_LINES {
                return Err(malformed(lines.len(), Defect::TooManyLines));
            }
        }
        Ok(Self(lines))
    }

    /// The lines that hold something, each with its number from 1.
    pub(super) fn filled(&self) -> impl Iterator<Item = (usize, &'a str)> {
        self.0.iter().enumerate().map(|(index, line)| (index + 1, *line)).filter(|(_, line)| !line.trim().is_empty())
    }

    /// All lines, each with its number from 1.
    fn all(&self) -> impl Iterator<Item = (usize, &'a str)> {
        self.0.iter().enumerate().map(|(index, line)| (index + 1, *line))
    }
}

/// A recording that is put together from another program's log.
struct Builder {
    recording: Recording,
    waiting: Option<(usize, Pattern)>,
}

impl Builder {
    fn new(tool: &str) -> Self {
        let mut header = Header::new(None, Persona::Unknown);
        header.tool = Some(tool.to_owned());
        Self { recording: Recording { header, entries: Vec::new() }, waiting: None }
    }

    /// The card's ATR: of several the last, which is the card that was talked to.
    fn atr(&mut self, atr: &[u8]) {
        if !atr.is_empty() && atr.len() <= 33 {
            self.recording.header.atr = Some(hex::encode_upper(atr));
        }
    }

    fn command(&mut self, line: usize, bytes: &[u8]) -> Result<(), TraceError> {
        if bytes.len() < 4 {
            return Err(malformed(line, Defect::ShortCommand));
        }
        self.recording.header.supports_extended_length |= bytes.len() > 261;
        if let Some((before, _)) = self.waiting.replace((line, Pattern::exact(bytes))) {
            return Err(malformed(before, Defect::NotPaired));
        }
        Ok(())
    }

    /// Takes back a command that the log shows without an answer.
    fn unanswered(&mut self, error: &str) {
        if let Some((line, tx)) = self.waiting.take() {
            let content = Content::LinkError { tx, error: error.to_owned() };
            self.recording.entries.push(Entry { line, content });
        }
    }

    fn answer(&mut self, line: usize, bytes: &[u8]) -> Result<(), TraceError> {
        let (at, tx) = self.waiting.take().ok_or(malformed(line, Defect::NotPaired))?;
        if bytes.len() < 2 {
            return Err(malformed(line, Defect::ShortAnswer));
        }
        let exchange = Exchange { tx, rx: Pattern::exact(bytes), t_us: None, note: None };
        self.recording.entries.push(Entry { line: at, content: Content::Exchange(exchange) });
        Ok(())
    }

    fn event(&mut self, line: usize, event: &str) {
        self.recording.entries.push(Entry { line, content: Content::Event(event.to_owned()) });
    }

    /// The recording; a last command without an answer is one that the link did not carry.
    fn finish(mut self) -> Recording {
        self.unanswered("broken");
        self.recording
    }
}

/// Hex with spaces or colons between the bytes; `None` for anything else, or for nothing.
fn hex_bytes(text: &str) -> Option<Vec<u8>> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
    if compact.is_empty() { None } else { hex::decode(compact).ok() }
}

#[cfg(test)]
mod tests;
