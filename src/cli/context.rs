//! What every command is given: the global options, the language, and where output goes.

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use honnin::reason::Reason;
use honnin::time::UnixTime;
use honnin::transport::trace::Replay;

use super::arguments::{CardSource, GlobalArguments};
use super::error::CliError;
use super::messages::{Argument, Messages};
use super::output::Screen;
use super::recording::Recording;
use super::tally::Unanswered;

/// The surroundings of one run.
pub(crate) struct Context {
    /// Options that stand before or after the command's name.
    pub(crate) global: GlobalArguments,
    /// Sentences in the person's language.
    pub(crate) messages: Messages,
    /// Standard output and standard error.
    pub(crate) screen: Screen,
    /// Whether what `--record` writes is whole so far.
    pub(crate) recording: Recording,
    /// Whether a secret was presented and not answered so far.
    pub(crate) unanswered: Unanswered,
    /// A recording that takes the place of the card, while `trace replay` runs a command.
    pub(crate) replay: Option<Replay>,
}

impl Context {
    /// A context of these options.
    pub(crate) fn new(global: GlobalArguments, messages: Messages, screen: Screen) -> Self {
        Self {
            global,
            messages,
            screen,
            recording: Recording::default(),
            unanswered: Unanswered::default(),
            replay: None,
        }
    }

    /// The same surroundings for a part of the run that waits for a card at most this long.
    pub(crate) fn waiting_at_most(&self, at_most: Duration) -> Self {
        let timeout = self.global.timeout.min(at_most);
        self.with(GlobalArguments { timeout, ..self.global.clone() })
    }

    /// The same surroundings for a part of the run that is recorded in any case.
    pub(crate) fn recorded_to(&self, path: &std::path::Path) -> Self {
        self.with(GlobalArguments { record: Some(path.to_owned()), ..self.global.clone() })
    }

    fn with(&self, global: GlobalArguments) -> Self {
        Self {
            global,
            messages: self.messages,
            screen: self.screen,
            recording: self.recording.clone(),
            unanswered: self.unanswered.clone(),
            replay: self.replay.clone(),
        }
    }

    /// The same surroundings with a recording in the place of the card.
    pub(crate) fn replaying(&self, file: PathBuf, replay: Replay) -> Self {
        Self {
            global: GlobalArguments { card: CardSource::Replayed(file), ..self.global.clone() },
            messages: self.messages,
            screen: self.screen,
            recording: self.recording.clone(),
            unanswered: self.unanswered.clone(),
            replay: Some(replay),
        }
    }

    /// The instant certificates are judged at: `--at`, else now.
    pub(crate) fn instant(&self) -> UnixTime {
        self.global.at.unwrap_or_else(now)
    }

    /// The instant of what a command writes into the history of an account: the clock's. `--at` is what certificates are judged
    /// at; a date of somebody's choice would begin the seven years of a record (LAW-20) and the lines of the audit log anywhere.
    ///
    /// # Errors
    /// Usage, when `--at` is given.
    pub(crate) fn instant_of_writing(&self) -> Result<UnixTime, CliError> {
        match self.global.at {
            None => Ok(now()),
            Some(_) => {
                Err(CliError::new(Reason::Usage).because("cause-at-dates-nothing", &[]).hinting("hint-without-at", &[]))
            }
        }
    }

    /// A sentence in the person's language.
    pub(crate) fn text(&self, key: &str, arguments: &[Argument<'_>]) -> String {
        self.messages.text(key, arguments)
    }

    /// Tells a person something while the command runs: standard error, silent with `--quiet`.
    pub(crate) fn tell(&self, key: &str, arguments: &[Argument<'_>]) {
        self.screen.tell(&self.messages.text(key, arguments));
    }

    /// Shows a line of the result before the command is done (a story told step by step): standard output, silent with
    /// `--json`, where the report at the end says it all.
    pub(crate) fn show(&self, line: &str) {
        self.screen.show(line);
    }
}

/// The time of day. The only clock of the command line.
pub(crate) fn now() -> UnixTime {
    let seconds = match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_secs()).map_or(i64::MIN, i64::wrapping_neg),
    };
    UnixTime::from_seconds(seconds)
}
