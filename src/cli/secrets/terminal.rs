//! The terminal, without echo. Not standard input: a secret is asked for even where input is a pipe.

use std::io::{self, Write};

use zeroize::Zeroizing;

use honnin::reason::Reason;

use super::{Prompt, Typed, or_cancelled};
use crate::cli::error::CliError;
use crate::cli::interrupt;
use crate::cli::output::safe;

/// Whether there is a terminal to ask on.
pub(super) fn is_there() -> bool {
    open().is_ok()
}

#[cfg(unix)]
fn open() -> io::Result<std::fs::File> {
    std::fs::OpenOptions::new().read(true).write(true).open("/dev/tty")
}

#[cfg(not(unix))]
fn open() -> io::Result<std::fs::File> {
    std::fs::OpenOptions::new().read(true).write(true).open("CONIN$")
}

/// Asks on the terminal.
pub(super) fn read(asked: &Prompt) -> Result<Typed, CliError> {
    let unavailable = |_| CliError::new(Reason::SecretUnavailable).because("cause-no-terminal", &[]);
    let terminal = open().map_err(unavailable)?;
    let mut prompt = String::new();
    for line in &asked.lines {
        prompt.push_str(&safe(line));
        prompt.push('\n');
    }
    prompt.push_str(&safe(&asked.label));
    prompt.push(' ');
    let typing = restored_afterwards(terminal);
    let typed = rpassword::prompt_password_with_config(prompt, rpassword::ConfigBuilder::new().build());
    drop(typing);
    match typed {
        Ok(text) => or_cancelled(Zeroizing::new(text.into_bytes())),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {
            // Ctrl-C: the signal was raised, and its handler is about to end the program.
            interrupt::wait_for_the_end();
            Err(CliError::new(Reason::Interrupted))
        }
        // Ctrl-D
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(CliError::new(Reason::Cancelled)),
        Err(error) => Err(unavailable(error)),
    }
}

/// Remembers how the terminal is now, for a signal that arrives while echo is off.
#[cfg(unix)]
fn restored_afterwards(mut terminal: std::fs::File) -> Option<interrupt::Typing> {
    use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
    let before = tcgetattr(&terminal).ok()?;
    Some(interrupt::typing(move |by_signal| {
        if by_signal {
            // The cursor still stands behind the prompt.
            let _ = terminal.write_all(b"\n");
        }
        let _ = tcsetattr(&terminal, OptionalActions::Now, &before);
    }))
}

#[cfg(not(unix))]
fn restored_afterwards(_: std::fs::File) -> Option<interrupt::Typing> {
    None
}
