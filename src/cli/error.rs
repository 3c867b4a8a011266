//! Why a command ended without its result.

use std::io;
use std::path::Path;

use serde_json::{Map, Value};

use honnin::reason::Reason;
use honnin::secret::SecretKind;
use honnin::verdict::Warning;

use super::messages::{Argument, Sentence};

/// A command's failure: one reason of the catalogue, what this time was special about it, and facts for machines.
///
/// The exit code, the title and the hint follow from the reason. Facts become members of `result` in JSON; secrets,
/// personal data and serial numbers never belong here.
#[derive(Debug)]
pub(crate) struct CliError(Box<Failure>);

/// What a [`CliError`] holds, behind one pointer: results are passed around more often than they fail.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) reason: Reason,
    pub(crate) cause: Option<Sentence>,
    pub(crate) hint: Option<Sentence>,
    pub(crate) facts: Map<String, Value>,
    pub(crate) warnings: Vec<Warning>,
}

impl CliError {
    /// A failure of which nothing more is known.
    pub(crate) fn new(reason: Reason) -> Self {
        Self(Box::new(Failure { reason, cause: None, hint: None, facts: Map::new(), warnings: Vec::new() }))
    }

    /// The same failure, with a sentence of the message files that says what happened this time.
    #[must_use]
    pub(crate) fn because(mut self, key: &'static str, arguments: &[Argument<'static>]) -> Self {
        self.0.cause = Some(Sentence::Message(key, arguments.to_vec()));
        self
    }

    /// The same failure, with a sentence in which `$name` is a secret by the name on the paper.
    #[must_use]
    pub(crate) fn because_of_secret(
        mut self,
        key: &'static str,
        kind: SecretKind,
        arguments: &[Argument<'static>],
    ) -> Self {
        self.0.cause = Some(Sentence::AboutSecret(key, kind, arguments.to_vec()));
        self
    }

    /// The same failure, in the words of the error below it.
    #[must_use]
    pub(crate) fn caused_by(mut self, error: impl std::fmt::Display) -> Self {
        self.0.cause = Some(Sentence::Words(error.to_string()));
        self
    }

    /// The same failure with another next step than the reason's own.
    #[must_use]
    pub(crate) fn hinting(mut self, key: &'static str, arguments: &[Argument<'static>]) -> Self {
        self.0.hint = Some(Sentence::Message(key, arguments.to_vec()));
        self
    }

    /// The same circumstances under another reason.
    #[must_use]
    pub(crate) fn under(mut self, reason: Reason) -> Self {
        self.0.reason = reason;
        self
    }

    /// The same failure with a remark that was due before it happened.
    #[must_use]
    pub(crate) fn warning(mut self, warnings: Vec<Warning>) -> Self {
        self.0.warnings.extend(warnings);
        self
    }

    /// Why, by its code.
    pub(crate) const fn reason(&self) -> Reason {
        self.0.reason
    }

    /// All of it.
    pub(crate) fn into_failure(self) -> Failure {
        *self.0
    }

    /// The same failure with one more fact.
    #[must_use]
    pub(crate) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.facts.insert(key.to_owned(), value.into());
        self
    }

    /// A file that could not be read.
    pub(crate) fn reading(path: &Path, error: &io::Error) -> Self {
        Self::file("cause-file-unreadable", path, error)
    }

    /// A file that could not be written.
    pub(crate) fn writing(path: &Path, error: &io::Error) -> Self {
        Self::file("cause-file-unwritable", path, error)
    }

    fn file(key: &'static str, path: &Path, error: &io::Error) -> Self {
        let arguments = [("file", path.display().to_string().into()), ("kind", kind(error).into())];
        let arguments = [arguments.as_slice(), &[("words", error.to_string().into())]].concat();
        let failure = Self::new(Reason::IoError).because(key, &arguments);
        match error.kind() {
            io::ErrorKind::AlreadyExists => failure.hinting("hint-already-exists", &[]),
            _ => failure,
        }
    }

    /// A device or stream that failed and has no name of its own.
    pub(crate) fn io(error: &io::Error) -> Self {
        let arguments = [("kind", kind(error).into()), ("words", error.to_string().into())];
        Self::new(Reason::IoError).because("cause-io", &arguments)
    }
}

impl From<Reason> for CliError {
    fn from(reason: Reason) -> Self {
        Self::new(reason)
    }
}

/// The word the message files select a sentence by; `other` shows the system's own words.
fn kind(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "not-found",
        io::ErrorKind::PermissionDenied => "permission-denied",
        io::ErrorKind::AlreadyExists => "already-exists",
        io::ErrorKind::IsADirectory => "is-a-directory",
        io::ErrorKind::StorageFull => "storage-full",
        io::ErrorKind::ReadOnlyFilesystem => "read-only",
        io::ErrorKind::FileTooLarge => "too-large",
        _ => "other",
    }
}
