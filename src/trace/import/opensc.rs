//! `OPENSC_DEBUG`: `Outgoing APDU (n bytes):` and `Incoming APDU (n bytes):` with dumps below them.
//!
//! Those two are what went through the reader; the other buffers in such a log (`Sending:`, secrets among them) are not read.

use super::{Builder, Lines, hexdump};
use crate::trace::error::{Defect, TraceError, malformed};
use crate::trace::recording::Recording;

const OUTGOING: &str = "Outgoing APDU (";
const INCOMING: &str = "Incoming APDU (";
const ATR: &str = "ATR (";

/// Longest buffer that is believed: an extended command.
const LONGEST: usize = 65_600;

pub(super) fn is_it(line: &str) -> bool {
    line.contains(OUTGOING) || line.contains(INCOMING)
}

#[derive(Clone, Copy, PartialEq)]
enum Buffer {
    Outgoing,
    Incoming,
    Atr,
}

pub(super) fn parse(lines: &Lines<'_>) -> Result<Recording, TraceError> {
    let mut builder = Builder::new("OpenSC");
    let mut open: Option<(Buffer, usize, usize, Vec<u8>)> = None;
    for (number, text) in lines.all() {
        if let Some((buffer, start, length, mut bytes)) = open.take() {
            match hexdump::line(text, length - bytes.len()) {
                Some(more) => {
                    bytes.extend(more);
                    if bytes.len() < length {
                        open = Some((buffer, start, length, bytes));
                    } else {
                        close(&mut builder, buffer, start, &bytes)?;
                    }
                    continue;
                }
                // Talk between the announcement and the dump: an ATR may be announced and not dumped.
                None if buffer == Buffer::Atr => {}
                None => return Err(malformed(number, Defect::NotHex)),
            }
        }
        for (mark, buffer) in [(OUTGOING, Buffer::Outgoing), (INCOMING, Buffer::Incoming), (ATR, Buffer::Atr)] {
            if let Some(length) = announced(text, mark)
                && text.trim_end().ends_with("bytes):")
            {
                if length == 0 || length > LONGEST {
                    return Err(malformed(number, Defect::BadField));
                }
                open = Some((buffer, number, length, Vec::new()));
            }
        }
        if text.contains("SCardTransmit/Control failed") || text.contains("unable to transmit") {
            builder.unanswered("broken");
        }
    }
    if let Some((buffer, start, ..)) = open
        && buffer != Buffer::Atr
    {
        return Err(malformed(start, Defect::NotPaired));
    }
    Ok(builder.finish())
}

fn close(builder: &mut Builder, buffer: Buffer, start: usize, bytes: &[u8]) -> Result<(), TraceError> {
    match buffer {
        Buffer::Atr => {
            builder.atr(bytes);
            Ok(())
        }
        Buffer::Outgoing => {
            // A log of several programs, or a transmission that failed: what was not answered stays so.
            builder.unanswered("broken");
            builder.command(start, bytes)
        }
        Buffer::Incoming => builder.answer(start, bytes),
    }
}

/// The length that stands after `mark`.
fn announced(text: &str, mark: &str) -> Option<usize> {
    let rest = text.get(text.find(mark)? + mark.len()..)?;
    rest.get(..rest.find(' ')?)?.parse().ok()
}
