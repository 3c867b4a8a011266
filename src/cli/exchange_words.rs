//! Exchanges with the card in words: what each asked for and how the card answered, never a byte of either.

use honnin::trace::{Operation, Place, Told};

use super::messages::Messages;
use super::output::safe;

/// One exchange, link error or event as a line without its bytes.
pub(super) fn in_words(messages: &Messages, told: &Told) -> String {
    let words = |number: &usize, operation: &Operation, place: &Place, file: &Option<u16>, name: &Option<&str>| {
        let what = messages.text("trace-operation", &[("operation", operation.as_str().into())]);
        format!("{number:>3}  {what}{}", subject(messages, *operation, *place, *file, *name))
    };
    match told {
        Told::Exchange { number, operation, place, file, name, length, status, .. } => {
            let answer = match (length, status) {
                (Some(0), Some(status)) => status_in_words(messages, *status),
                (Some(length), Some(status)) => messages.text(
                    "trace-answer-data",
                    &[("n", (*length).into()), ("status", status_in_words(messages, *status).into())],
                ),
                (None, Some(status)) => {
                    messages.text("trace-answer-blanked", &[("status", status_in_words(messages, *status).into())])
                }
                (_, None) => messages.text("trace-answer-unknown", &[]),
            };
            format!("{} → {answer}", words(number, operation, place, file, name))
        }
        Told::LinkError { number, operation, place, file, name, error } => {
            let error = messages.text("trace-link-error", &[("error", error.clone().into())]);
            format!("{} → {error}", words(number, operation, place, file, name))
        }
        Told::Event { event } => {
            format!("     {}", messages.text("trace-event", &[("event", safe(event).into_owned().into())]))
        }
        _ => String::new(),
    }
}

/// The application, the file, and where in it.
fn subject(messages: &Messages, operation: Operation, place: Place, file: Option<u16>, name: Option<&str>) -> String {
    let application = messages.text("trace-place", &[("place", place.as_str().into())]);
    let named = match (name, file) {
        (Some(name), Some(id)) => {
            let name = messages.text("trace-file", &[("file", name.to_owned().into())]);
            Some(format!("{name} (EF {id:04X})"))
        }
        (None, Some(id)) => Some(format!("EF {id:04X}")),
        _ => None,
    };
    let part = match operation {
        Operation::SelectApplication => return format!(": {application}"),
        Operation::GetData(tag) => return format!(": {tag:04X}"),
        Operation::SelectFile
        | Operation::ReadBinary { .. }
        | Operation::ReadRecord
        | Operation::QueryCounter
        | Operation::Verify
        | Operation::ChangeSecret
        | Operation::Sign
        | Operation::InternalAuthenticate => named,
        _ => return String::new(),
    };
    let from = offset(operation)
        .filter(|offset| *offset > 0)
        .map(|offset| messages.text("trace-offset", &[("offset", offset.into())]))
        .unwrap_or_default();
    match part {
        Some(named) => format!(": {application}{}{named}{from}", messages.text("list-separator", &[])),
        None => format!(": {application}{from}"),
    }
}

/// Where in its file a read begins.
pub(super) const fn offset(operation: Operation) -> Option<usize> {
    match operation {
        Operation::ReadBinary { offset } => Some(offset),
        _ => None,
    }
}

/// A status word and what it means (card.md §8).
pub(super) fn status_in_words(messages: &Messages, status: u16) -> String {
    let (kind, n) = match status {
        0x9000 => ("done", 0),
        0x6281 | 0x6283 => ("locked", 0),
        0x6282 => ("end_of_file", 0),
        0x6300 => ("wrong_unlimited", 0),
        0x63C0 | 0x6983 | 0x6984 => ("blocked", 0),
        0x63C1..=0x63CF => ("tries", status & 0x0F),
        0x6100..=0x61FF => ("more", if status & 0xFF == 0 { 256 } else { status & 0xFF }),
        0x6C00..=0x6CFF => ("other_length", if status & 0xFF == 0 { 256 } else { status & 0xFF }),
        0x6400 | 0x6581 => ("card_error", 0),
        0x6700 => ("wrong_length", 0),
        0x6881 | 0x6882 => ("not_supported", 0),
        0x6981 => ("wrong_structure", 0),
        0x6982 => ("secret_needed", 0),
        0x6985 => ("conditions", 0),
        0x6986 => ("no_file_selected", 0),
        0x6987 | 0x6988 | 0x69FC | 0x66F1 => ("secure_messaging", 0),
        0x6A80 => ("wrong_data", 0),
        0x6A81 => ("not_supported", 0),
        0x6A82 => ("not_found", 0),
        0x6A83 => ("no_record", 0),
        0x6A86 => ("wrong_parameters", 0),
        0x6A88 => ("no_object", 0),
        0x6B00 => ("past_the_end", 0),
        0x6D00 => ("unknown_instruction", 0),
        0x6E00 => ("unknown_class", 0),
        0x6F00 => ("unspecified", 0),
        _ => ("other", 0),
    };
    let meaning = messages.text("trace-status", &[("kind", kind.into()), ("n", n.into())]);
    format!("{status:04X} {meaning}")
}
