//! apdu4j: comments, then command and response lines in turn.

use super::{answer_bytes, command_bytes};
use crate::trace::recording::{Content, Recording};

/// The recording as a dump of apdu4j, ready for its replay.
///
/// The format knows no event and no command without an answer: those become comments. So do blanks: `# MASKED:` names the
/// parts of the next pair that eight asterisks stand for.
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
                let masked: Vec<_> = [("command", &exchange.tx), ("response", &exchange.rx)]
                    .into_iter()
                    .filter_map(|(name, part)| part.is_blanked().then_some(name))
                    .collect();
                if !masked.is_empty() {
                    out.push_str(&format!("# MASKED: {}\n", masked.join(" ")));
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
