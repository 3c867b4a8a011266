//! `trace show`: what happened, command by command. No byte of an answer or of a secret is shown.

use serde_json::{Value, json};

use honnin::trace::{Told, narrate};

use crate::cli::arguments::TraceFileArguments;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::exchange_words;
use crate::cli::output::Report;
use crate::cli::trace_files::open_recording;

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
        report.line(exchange_words::in_words(&context.messages, told));
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
            "offset": exchange_words::offset(*operation),
            "length": length,
            "status": status.map(|status| format!("{status:04x}")),
            "meaning": status.map(|status| exchange_words::status_in_words(&context.messages, status)),
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
