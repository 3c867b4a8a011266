//! Standard output and standard error: who writes what, in colour or not, and what a closed pipe means.

use std::io::{self, IsTerminal, Write};

use super::safe::safe;

/// Where this run writes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    /// Standard output carries one JSON object and nothing else.
    pub(crate) json: bool,
    /// Nothing on standard error but the error itself.
    pub(crate) quiet: bool,
    /// A person reads standard output directly.
    pub(crate) stdout_is_terminal: bool,
    /// Colours on standard output.
    pub(crate) colour_out: bool,
    /// Colours on standard error.
    pub(crate) colour_err: bool,
}

impl Screen {
    /// The screen of this process: colours only where a person looks and has not said no.
    pub(crate) fn new(json: bool, quiet: bool) -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let wanted = !set("NO_COLOR") && !dumb;
        Self {
            json,
            quiet,
            stdout_is_terminal: io::stdout().is_terminal(),
            colour_out: wanted && io::stdout().is_terminal(),
            colour_err: wanted && io::stderr().is_terminal(),
        }
    }

    /// A line on standard error, unless the run is quiet.
    pub(crate) fn tell(&self, text: &str) {
        if !self.quiet {
            // Where standard error is gone there is nobody to tell.
            let _ = writeln!(io::stderr().lock(), "{}", each_line_safe(text));
        }
    }

    /// Lines on standard error that even a quiet run has to say.
    pub(crate) fn complain(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{}", each_line_safe(text));
    }

    /// A line on standard output, unless it belongs to the JSON object.
    pub(crate) fn show(&self, text: &str) {
        if !self.json {
            // A closed pipe is not an error, and a full disk is found when the report is written.
            let _ = writeln!(io::stdout().lock(), "{}", each_line_safe(text));
        }
    }
}

fn each_line_safe(text: &str) -> String {
    text.split('\n').map(safe).collect::<Vec<_>>().join("\n")
}

/// `written`, except that a reader who has seen enough (`honnin man | head`) is no failure.
pub(crate) fn ignoring_closed_pipe(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
