//! Dumps of apdu4j and GlobalPlatformPro: comments that begin with `#`, then command and response lines in turn.

use super::{Builder, Lines, hex_bytes};
use crate::trace::error::{Defect, TraceError, malformed};
use crate::trace::export::{answer_bytes, command_bytes};
use crate::trace::pattern::Pattern;
use crate::trace::recording::{Content, Entry, Exchange, Recording};

/// A line of this format, comments included.
pub(super) fn is_it(line: &str) -> bool {
    line.trim_start().starts_with('#') || hex_bytes(line).is_some() || Pattern::parse(line).is_some()
}

pub(super) fn parse(lines: &Lines<'_>) -> Result<Recording, TraceError> {
    let mut builder = Builder::new("apdu4j");
    let mut masked = Masked::default();
    let mut waiting: Option<(usize, Pattern)> = None;
    for (number, line) in lines.filled() {
        if let Some(comment) = line.trim_start().strip_prefix('#') {
            if let Some(atr) = comment.trim().strip_prefix("ATR:").and_then(hex_bytes) {
                builder.atr(&atr);
            }
            // `# UID:` is what a contactless card tells at activation: not taken over, it may be one person's.
            masked.read(comment.trim());
            continue;
        }
        let bytes = hex_bytes(line).ok_or(malformed(number, Defect::NotHex))?;
        match waiting.take() {
            None => {
                if bytes.len() < 4 {
                    return Err(malformed(number, Defect::ShortCommand));
                }
                let tx = masked.command.take().filter(|tx| command_bytes(tx) == bytes);
                let tx = tx.unwrap_or_else(|| Pattern::exact(&bytes));
                waiting = Some((number, tx));
            }
            Some((at, tx)) => {
                if bytes.len() < 2 {
                    return Err(malformed(number, Defect::ShortAnswer));
                }
                let rx = masked.response.take().filter(|rx| answer_bytes(rx) == bytes);
                let rx = rx.unwrap_or_else(|| Pattern::exact(&bytes));
                let exchange = Exchange { tx, rx, t_us: None, note: None };
                builder.recording.entries.push(Entry { line: at, content: Content::Exchange(exchange) });
                masked = Masked::default();
            }
        }
    }
    match waiting {
        Some((at, _)) => Err(malformed(at, Defect::NotPaired)),
        None => Ok(builder.finish()),
    }
}

/// Our own comments before a pair: what its bytes stand for. One that does not fit its line is not believed.
#[derive(Default)]
struct Masked {
    command: Option<Pattern>,
    response: Option<Pattern>,
}

impl Masked {
    fn read(&mut self, comment: &str) {
        let part = |name: &str| {
            let text = comment.strip_prefix("MASKED:")?.trim_start().strip_prefix(name)?;
            Pattern::parse(text).filter(Pattern::is_blanked)
        };
        self.command = part("command ").or(self.command.take());
        self.response = part("response ").or(self.response.take());
    }
}
