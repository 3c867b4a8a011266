//! apdu4j: comments, then command and response lines in turn.

use super::{answer_bytes, command_bytes};
use crate::trace::recording::{Content, Recording};

/// The recording as a dump of apdu4j, ready for its replay.
///
/// The format knows no event and no command without an answer: those become comments. So do blanks: `# MASKED:` gives the
/// command or response of the next pair once more, as [`Pattern::to_text`](crate::trace::Pattern::to_text) has it; in the
/// pair itself eight asterisks stand for what is blanked.
pub fn to_apdu4j(recording: &Recording) -> String {
    let mut out = String::new();
    if let Some(atr) = &recording.header.atr {
        out.push_str(&format!("# ATR: {}\n", atr.to_ascii_uppercase()));
    }
    // Every card of this kind speaks T=1, or T=CL that the reader shows as T=1 (card.md §1.1).
    out.push_str("# PROTOCOL: T=1\n#\n");
    for entry in &recording.entries {
        match &entry.content {
            Content::Exchange(exchange) => {
                for (name, part) in [("command", &exchange.tx), ("response", &exchange.rx)] {
                    if part.is_blanked() {
                        out.push_str(&format!("# MASKED: {name} {}\n", part.to_text()));
                    }
                }
                out.push_str(&hex::encode_upper(command_bytes(&exchange.tx)));
                out.push('\n');
                out.push_str(&hex::encode_upper(answer_bytes(&exchange.rx)));
                out.push('\n');
            }
            Content::LinkError { tx, error } => {
                out.push_str(&format!("# NO ANSWER: {} {}\n", tx.header(), in_one_line(error)));
            }
            Content::Event(event) => out.push_str(&format!("# EVENT: {}\n", in_one_line(event))),
        }
    }
    out
}

fn in_one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
