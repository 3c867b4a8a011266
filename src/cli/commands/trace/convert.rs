//! `trace redact` and `trace convert`: a recording in another form, never with a secret in it.

use std::path::Path;

use serde_json::json;

use honnin::reason::Reason;
use honnin::trace::{
    Content, Exchange, Format, Recording, redacted, to_apdu4j, to_bare_json_lines, to_json_lines, to_pcapng,
};

use crate::cli::arguments::{PersonaWord, TraceConvertArguments, TraceForm, TraceRedactArguments};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::files;
use crate::cli::output::Report;
use crate::cli::recordings::open_recording;

/// Blanks secrets, and personal data unless the person is made up.
pub(crate) fn trace_redact(context: &Context, arguments: &TraceRedactArguments) -> Result<Report, CliError> {
    let (format, recording) = prepared(&arguments.recording, arguments.out.as_deref(), arguments.persona)?;
    let safe = redacted(&recording);
    let written = to_json_lines(&safe).into_bytes();
    deliver(
        context,
        Delivery { format, to: TraceForm::Jsonl, safe: &safe, before: &recording },
        written,
        arguments.out.as_deref(),
    )
}

/// Writes a recording in the form of another tool. Secrets are blanked on the way in, whatever the format was.
pub(crate) fn trace_convert(context: &Context, arguments: &TraceConvertArguments) -> Result<Report, CliError> {
    if arguments.bare && arguments.to != TraceForm::Jsonl {
        return Err(CliError::new(Reason::Usage).because("cause-bare-is-jsonl", &[]));
    }
    if arguments.to == TraceForm::Pcapng && arguments.out.is_none() && context.screen.stdout_is_terminal {
        return Err(CliError::new(Reason::Usage).because("cause-pcapng-to-terminal", &[]));
    }
    let (format, recording) = prepared(&arguments.recording, arguments.out.as_deref(), arguments.persona)?;
    let safe = redacted(&recording);
    let written = match arguments.to {
        TraceForm::Pcapng => to_pcapng(&safe),
        TraceForm::Apdu4j => to_apdu4j(&safe).into_bytes(),
        TraceForm::Jsonl if arguments.bare => to_bare_json_lines(&safe).into_bytes(),
        TraceForm::Jsonl => to_json_lines(&safe).into_bytes(),
    };
    deliver(
        context,
        Delivery { format, to: arguments.to, safe: &safe, before: &recording },
        written,
        arguments.out.as_deref(),
    )
}

fn prepared(file: &Path, out: Option<&Path>, persona: Option<PersonaWord>) -> Result<(Format, Recording), CliError> {
    if let Some(out) = out.filter(|out| files::are_one(file, out)) {
        let file = out.display().to_string();
        return Err(CliError::new(Reason::Usage).because("cause-out-is-input", &[("file", file.into())]));
    }
    let (format, mut recording) = open_recording(file)?;
    if let Some(persona) = persona {
        recording.header.persona = persona.persona();
    }
    Ok((format, recording))
}

struct Delivery<'a> {
    format: Format,
    to: TraceForm,
    safe: &'a Recording,
    before: &'a Recording,
}

fn deliver(
    context: &Context,
    delivery: Delivery<'_>,
    written: Vec<u8>,
    out: Option<&Path>,
) -> Result<Report, CliError> {
    let Delivery { format, to, safe, before } = delivery;
    let blanked = blanks(safe).saturating_sub(blanks(before));
    let mut result = json!({
        "format": format.as_str(),
        "to": match to { TraceForm::Pcapng => "pcapng", TraceForm::Apdu4j => "apdu4j", TraceForm::Jsonl => "jsonl" },
        "persona": safe.header.persona.as_str(),
        "exchanges": safe.exchanges(),
        "blanked": blanked,
        "bytes": written.len(),
        "out": out.map(|path| path.display().to_string()),
    });
    if out.is_none()
        && let Some(result) = result.as_object_mut()
    {
        match std::str::from_utf8(&written) {
            Ok(text) if to != TraceForm::Pcapng => result.insert("content".to_owned(), text.into()),
            _ => result.insert("content_hex".to_owned(), hex::encode(&written).into()),
        };
    }
    let mut report = Report::new(result);
    match out {
        Some(path) => {
            files::write_whole(path, &written)?;
            let file = path.display().to_string();
            report.line(context.text("written", &[("file", file.into()), ("bytes", written.len().into())]));
            report.line(
                context
                    .text("trace-blanked", &[("n", blanked.into()), ("persona", safe.header.persona.as_str().into())]),
            );
        }
        None => report.bytes = Some(written),
    }
    Ok(report)
}

/// How many commands and answers are blanked.
fn blanks(recording: &Recording) -> usize {
    let of = |content: &Content| match content {
        Content::Exchange(Exchange { tx, rx, .. }) => usize::from(tx.is_blanked()) + usize::from(rx.is_blanked()),
        Content::LinkError { tx, .. } => usize::from(tx.is_blanked()),
        Content::Event(_) => 0,
    };
    recording.entries.iter().map(|entry| of(&entry.content)).sum()
}
