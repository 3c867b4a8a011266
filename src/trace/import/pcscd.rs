//! The log of `pcscd --apdu`: `NNNNNNNN APDU: 00 A4 …` and `NNNNNNNN SW: … 90 00`.

use super::{Builder, Lines, hex_bytes};
use crate::trace::error::{Defect, TraceError, malformed};
use crate::trace::recording::Recording;

const COMMAND: &str = "APDU: ";
const ANSWER: &str = "SW: ";
const ATR: &str = "Card ATR: ";

pub(super) fn is_it(line: &str) -> bool {
    part(line, COMMAND).is_some_and(|hex| hex_bytes(&hex).is_some())
}

pub(super) fn parse(lines: &Lines<'_>) -> Result<Recording, TraceError> {
    let mut builder = Builder::new("pcscd");
    for (number, line) in lines.filled() {
        let bytes = |hex: &str| hex_bytes(hex).ok_or(malformed(number, Defect::NotHex));
        if let Some(hex) = part(line, COMMAND) {
            builder.unanswered("broken");
            builder.command(number, &bytes(&hex)?)?;
        } else if let Some(hex) = part(line, ANSWER) {
            builder.answer(number, &bytes(&hex)?)?;
        } else if let Some(hex) = part(line, ATR) {
            builder.atr(&bytes(&hex)?);
        } else if line.contains("Card Removed From") {
            builder.unanswered("removed");
            builder.event(number, "removed");
        } else if line.contains("Card inserted into") && !builder.recording.entries.is_empty() {
            builder.event(number, "reconnect");
        }
    }
    Ok(builder.finish())
}

/// What follows `mark`, where only the time and the thread stand before it; coloured logs lose their colours.
fn part(line: &str, mark: &str) -> Option<String> {
    let at = line.find(mark)?;
    let before = plain(line.get(..at)?);
    let known = before.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '[' | ']' | ':' | '.'));
    known.then(|| plain(line.get(at + mark.len()..).unwrap_or_default()))
}

/// Text without the escape sequences that colour it.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            rest.by_ref().find(char::is_ascii_alphabetic);
        } else {
            out.push(c);
        }
    }
    out
}
