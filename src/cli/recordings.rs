//! Files of recorded card sessions: read within bounds, and in words where they are something else.

use std::path::Path;

use honnin::reason::Reason;
use honnin::trace::{Defect, Format, LARGEST_FILE, Recording, TraceError, read};

use super::error::CliError;
use super::files;

/// Reads a recording in any of the known formats, as it is: secrets in it are not blanked yet.
pub(crate) fn open_recording(path: &Path) -> Result<(Format, Recording), CliError> {
    let bytes = files::read_at_most(path, LARGEST_FILE)?
        .ok_or(TraceError::Malformed { line: 1, defect: Defect::FileTooLarge })
        .map_err(|error| trace_error(path, error))?;
    read(&bytes).map_err(|error| trace_error(path, error))
}

/// A recording that cannot be used, or could not be written.
pub(crate) fn trace_error(path: &Path, error: TraceError) -> CliError {
    let file = path.display().to_string();
    match error {
        TraceError::Io(error) => CliError::writing(path, &error),
        TraceError::Malformed { line, defect } => {
            let key = match defect {
                Defect::Empty | Defect::FileTooLarge | Defect::NotText | Defect::UnknownFormat | Defect::NoExchange => {
                    "cause-recording-file"
                }
                _ => "cause-recording-line",
            };
            let arguments = [("file", file.into()), ("line", line.into()), ("defect", defect.as_str().into())];
            CliError::new(Reason::MalformedData)
                .because(key, &arguments)
                .with("line", line)
                .with("defect", defect.as_str())
        }
        other => CliError::new(Reason::MalformedData).caused_by(other),
    }
}
