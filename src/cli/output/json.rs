//! The JSON envelope: one object, the same shape for every answer.

use serde::Serialize;
use serde_json::Value;

use honnin::reason::Reason;
use honnin::verdict::{Check, Warning};

use super::report::{Problem, Report};
use super::safe::safe_json;
use crate::cli::messages::Messages;

#[derive(Serialize)]
struct Envelope<'a> {
    schema: &'static str,
    command: &'a str,
    ok: bool,
    exit: u8,
    result: &'a Value,
    checks: &'a [Check],
    warnings: Vec<Warning>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<ProblemDetails>,
}

/// RFC 9457, with the members of `cli.md`.
#[derive(Serialize)]
struct ProblemDetails {
    r#type: String,
    title: String,
    detail: String,
    code: Reason,
    exit: u8,
    retryable: bool,
    who_acts: Option<&'static str>,
    hint: String,
}

/// The envelope of `report` as one line, its end included.
pub(crate) fn envelope(command: &str, report: &Report, messages: &Messages) -> String {
    let outcome = report.outcome();
    let exit = outcome.as_ref().map_or(0, |(_, exit)| *exit);
    let nothing = Value::Object(serde_json::Map::new());
    let envelope = Envelope {
        schema: "honnin/1",
        command,
        ok: exit == 0,
        exit,
        result: if report.result.is_null() { &nothing } else { &report.result },
        checks: &report.checks(),
        warnings: report.all_warnings(),
        problem: outcome.map(|(problem, exit)| details(&problem, exit, messages)),
    };
    // Maps with string keys only: there is nothing in it that could fail to serialise.
    let mut text = safe_json(serde_json::to_string(&envelope).unwrap_or_default());
    text.push('\n');
    text
}

fn details(problem: &Problem, exit: u8, messages: &Messages) -> ProblemDetails {
    let Problem { reason, cause, hint } = problem;
    ProblemDetails {
        r#type: format!("urn:honnin:reason:{reason}"),
        title: messages.title(*reason),
        detail: cause.as_ref().map_or_else(|| messages.detail(*reason), |cause| cause.in_words(messages)),
        code: *reason,
        exit,
        retryable: reason.retryable(),
        who_acts: reason.who_acts().next(),
        hint: hint.as_ref().map_or_else(|| messages.hint(*reason), |hint| hint.in_words(messages)),
    }
}
