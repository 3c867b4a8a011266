//! Dumps of apdu4j and GlobalPlatformPro: comments that begin with `#`, then command and response lines in turn.

use super::{Builder, Lines, hex_bytes};
use crate::trace::error::{Defect, TraceError, malformed};
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
                let tx = if masked.command {
                    Pattern::blanked(bytes.get(..4).unwrap_or_default(), &[])
                } else {
                    Pattern::exact(&bytes)
                };
                waiting = Some((number, tx));
            }
            Some((at, tx)) => {
                let Some(status) = bytes.len().checked_sub(2).and_then(|start| bytes.get(start..)) else {
                    return Err(malformed(number, Defect::ShortAnswer));
                };
                let rx = if masked.answer { Pattern::blanked(&[], status) } else { Pattern::exact(&bytes) };
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

/// Our own comment before a pair, part of which stands for bytes that were blanked.
#[derive(Default)]
struct Masked {
    command: bool,
    answer: bool,
}

impl Masked {
    fn read(&mut self, comment: &str) {
        if let Some(parts) = comment.strip_prefix("MASKED:") {
            self.command = parts.contains("command");
            self.answer = parts.contains("response");
        }
    }
}
