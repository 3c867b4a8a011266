//! `trace show`: what happened, command by command. No byte of an answer or of a secret is shown.

use serde_json::{Value, json};

use honnin::trace::{Operation, Place, Told, narrate};

use crate::cli::arguments::TraceFileArguments;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::output::{Report, safe};
use crate::cli::recordings::open_recording;

/// Tells a recording.
pub(crate) fn trace_show(context: &Context, arguments: &TraceFileArguments) -> Result<Report, CliError> {
    let (format, recording) = open_recording(&arguments.recording)?;
    let told = narrate(&recording);
    let header = &recording.header;
    let mut report = Report::new(json!({
        "format": format.as_str(),
        "persona": header.persona.as_str(),
        "atr": header.atr.as_ref().map(|atr| atr.to_ascii_lowercase()),
        "tool": header.tool,
        "note": header.note,
        "facts": header.facts,
        "exchanges": told.iter().map(|(line, told)| entry(context, *line, told)).collect::<Vec<_>>(),
    }));
    let mut field = |label: &str, value: Option<String>| {
        if let Some(value) = value {
            report.field(context.text(label, &[]), value);
        }
    };
    field("label-trace-tool", header.tool.clone());
    field("label-trace-atr", header.atr.clone());
    field("label-trace-persona", Some(context.text("trace-persona", &[("persona", header.persona.as_str().into())])));
    field("label-trace-note", header.note.clone());
    field("label-trace-facts", (!header.facts.is_empty()).then(|| header.facts.join(", ")));
    for (_, told) in &told {
        report.line(in_words(context, told));
    }
    Ok(report)
}

fn entry(context: &Context, line: usize, told: &Told) -> Value {
    match told {
        Told::Exchange { number, operation, place, file, name, length, status, t_us } => json!({
            "line": line,
            "number": number,
            "operation": operation.as_str(),
            "application": place.as_str(),
            "file": file.map(|id| format!("{id:04x}")),
            "file_name": name,
            "offset": offset(*operation),
            "length": length,
            "status": status.map(|status| format!("{status:04x}")),
            "meaning": status.map(|status| status_in_words(context, status)),
            "t_us": t_us,
        }),
        Told::LinkError { number, operation, place, file, name, error } => json!({
            "line": line,
            "number": number,
            "operation": operation.as_str(),
            "application": place.as_str(),
            "file": file.map(|id| format!("{id:04x}")),
            "file_name": name,
            "error": error,
        }),
        Told::Event { event } => json!({ "line": line, "event": event }),
        _ => json!({ "line": line }),
    }
}

fn in_words(context: &Context, told: &Told) -> String {
    let words = |number: &usize, operation: &Operation, place: &Place, file: &Option<u16>, name: &Option<&str>| {
        let what = context.text("trace-operation", &[("operation", operation.as_str().into())]);
        format!("{number:>3}  {what}{}", subject(context, *operation, *place, *file, *name))
    };
    match told {
        Told::Exchange { number, operation, place, file, name, length, status, .. } => {
            let answer = match (length, status) {
                (Some(0), Some(status)) => status_in_words(context, *status),
                (Some(length), Some(status)) => context.text(
                    "trace-answer-data",
                    &[("n", (*length).into()), ("status", status_in_words(context, *status).into())],
                ),
                (None, Some(status)) => {
                    context.text("trace-answer-blanked", &[("status", status_in_words(context, *status).into())])
                }
                (_, None) => context.text("trace-answer-unknown", &[]),
            };
            format!("{} → {answer}", words(number, operation, place, file, name))
        }
        Told::LinkError { number, operation, place, file, name, error } => {
            let error = context.text("trace-link-error", &[("error", error.clone().into())]);
            format!("{} → {error}", words(number, operation, place, file, name))
        }
        Told::Event { event } => {
            format!("     {}", context.text("trace-event", &[("event", safe(event).into_owned().into())]))
        }
        _ => String::new(),
    }
}

/// The application, the file, and where in it.
fn subject(context: &Context, operation: Operation, place: Place, file: Option<u16>, name: Option<&str>) -> String {
    let application = context.text("trace-place", &[("place", place.as_str().into())]);
    let named = match (name, file) {
        (Some(name), Some(id)) => {
            let name = context.text("trace-file", &[("file", name.to_owned().into())]);
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
        .map(|offset| context.text("trace-offset", &[("offset", offset.into())]))
        .unwrap_or_default();
    match part {
        Some(named) => format!(": {application}{}{named}{from}", context.text("list-separator", &[])),
        None => format!(": {application}{from}"),
    }
}

const fn offset(operation: Operation) -> Option<usize> {
    match operation {
        Operation::ReadBinary { offset } => Some(offset),
        _ => None,
    }
}

/// card.md §8
fn status_in_words(context: &Context, status: u16) -> String {
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
    let meaning = context.text("trace-status", &[("kind", kind.into()), ("n", n.into())]);
    format!("{status:04X} {meaning}")
}
