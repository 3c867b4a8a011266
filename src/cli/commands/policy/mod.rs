//! `policy …`: the rules as data, which of them decided, and what two versions decide differently.

mod check;
mod diff;
mod explain;

pub(crate) use check::policy_check;
pub(crate) use diff::policy_diff;
pub(crate) use explain::policy_explain;

use std::path::Path;

use honnin::policy::{LetterTable, PolicyError, PolicyFile, RuleNumber, RuleSource};
use honnin::reason::Reason;
use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::files;
use crate::cli::messages::{Language, complaint, expectation};

/// A policy file of any kind.
pub(super) fn read_policy(context: &Context, path: &Path) -> Result<PolicyFile, CliError> {
    PolicyFile::parse(&text(path)?).map_err(|error| refused(context, path, &error))
}

/// The table of letters that was named, else the one that is compiled in.
fn read_letters(context: &Context, path: Option<&Path>) -> Result<LetterTable, CliError> {
    match path {
        Some(path) => LetterTable::parse(&text(path)?).map_err(|error| refused(context, path, &error)),
        None => LetterTable::compiled_in().map_err(|_| CliError::new(Reason::Internal)),
    }
}

fn text(path: &Path) -> Result<String, CliError> {
    String::from_utf8(files::read(path)?).map_err(|_| {
        let arguments = [("file", path.display().to_string().into())];
        CliError::new(Reason::MalformedData).because("cause-policy-not-text", &arguments)
    })
}

/// A file that was refused, with the place for people and for machines.
fn refused(context: &Context, path: &Path, error: &PolicyError) -> CliError {
    let language = context.messages.language();
    let file = path.display().to_string();
    let failure = CliError::new(Reason::MalformedData).with("file", file.clone());
    match error {
        PolicyError::Value { place, expected } => {
            let told = expectation(expected, language).into_owned();
            let arguments = [("file", file.into()), ("place", place.clone().into()), ("expected", told.into())];
            failure.because("cause-policy-place", &arguments).with("place", place.as_str()).with("expected", *expected)
        }
        PolicyError::Shape { line, problem } => {
            let words = problem.lines().collect::<Vec<_>>().join(" ");
            let told = complaint(&words, language).into_owned();
            let arguments = [("file", file.into()), ("line", line.to_string().into()), ("words", told.into())];
            failure.because("cause-policy-line", &arguments).with("line", *line).with("expected", words)
        }
        // A kind of refusal that is newer than this sentence.
        other => failure.caused_by(other),
    }
    .hinting("hint-policy", &[])
}

/// A rule with its source, as JSON.
fn rule_json(rule: &RuleNumber, context: &Context) -> Value {
    let source = rule.source();
    json!({
        "number": rule,
        "confidence": source.map(|source| source.confidence),
        "source": source.map(|source| source.source),
        "text": source.map(|source| in_words(source, context)),
    })
}

fn in_words(source: &RuleSource, context: &Context) -> &'static str {
    match context.messages.language() {
        Language::En => source.english,
        Language::Ja => source.japanese,
    }
}
