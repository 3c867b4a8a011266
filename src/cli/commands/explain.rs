//! `explain CODE`: the catalogue of reasons and the nodes of `doctor`'s tree, in words.

use serde_json::json;

use honnin::policy::{RuleNumber, rules_behind};
use honnin::reason::Reason;

use crate::cli::arguments::{ExplainArguments, ExplainedCode};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::messages::Messages;
use crate::cli::output::Report;

/// What a code means and what to do next.
pub(crate) fn explain(context: &Context, arguments: &ExplainArguments) -> Result<Report, CliError> {
    Ok(match arguments.code {
        ExplainedCode::Reason(reason) => reason_in_words(reason, &context.messages),
        ExplainedCode::DoctorNode(node) => node_in_words(node, &context.messages),
    })
}

fn reason_in_words(reason: Reason, messages: &Messages) -> Report {
    let rules = rules_behind(reason);
    let mut report = Report::new(json!({
        "code": reason, "kind": "reason", "class": reason.class().as_str(), "exit": reason.exit(),
        "http": reason.http_status(), "retryable": reason.retryable(), "retry": reason.retry(),
        "retry_after": reason.sends_retry_after(), "who_acts": reason.who_acts().collect::<Vec<_>>(),
        "counts_as_failure": reason.counts_as_failure(), "counted": reason.counted(), "rules": rules,
        "title": messages.title(reason), "detail": messages.detail(reason), "hint": messages.hint(reason),
    }));
    report.line(format!("{reason}: {}", messages.title(reason)));
    report.line("");
    report.line(messages.detail(reason));
    report.line(messages.text("explain-next", &[("hint", messages.hint(reason).into())]));
    report.line("");
    report.field(messages.text("explain-exit", &[]), reason.exit().to_string());
    if reason.http_status().is_some() {
        report.field("HTTP", messages.http(reason));
    }
    report.field(messages.text("explain-retry", &[]), messages.retry(reason));
    report.field(messages.text("explain-who-acts", &[]), messages.who_acts(reason));
    report.field(messages.text("explain-counted", &[]), messages.counted(reason));
    if !rules.is_empty() {
        let numbers: Vec<_> = rules.iter().map(RuleNumber::as_str).collect();
        report.field(messages.text("explain-rules", &[]), numbers.join(", "));
    }
    report
}

fn node_in_words(node: &str, messages: &Messages) -> Report {
    let cause = messages.text(&format!("doctor-{node}-cause"), &[]);
    let action = messages.text(&format!("doctor-{node}-action"), &[]);
    let mut report = Report::new(json!({ "code": node, "kind": "doctor_node", "detail": cause, "hint": action }));
    report.line(format!("{node}: {cause}"));
    report.line(messages.text("explain-next", &[("hint", action.into())]));
    report
}
