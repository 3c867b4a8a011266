//! `trace check`: the linter for card sessions.

use serde_json::json;

use honnin::reason::Reason;
use honnin::trace::{Defect, Rule, Severity, TraceError, check};

use crate::cli::arguments::TraceFileArguments;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::messages::Sentence;
use crate::cli::output::{Problem, Report};
use crate::cli::recordings::{open_recording, trace_error};

/// Holds a recording against the card's rules.
pub(crate) fn trace_check(context: &Context, arguments: &TraceFileArguments) -> Result<Report, CliError> {
    let (format, recording) = open_recording(&arguments.recording)?;
    if recording.exchanges() == 0 {
        // Nothing was judged, so nothing was found to be in order.
        let error = TraceError::Malformed { line: 1, defect: Defect::NoExchange };
        return Err(trace_error(&arguments.recording, error));
    }
    let findings = check(&recording);
    let text = |id: &str| context.text("trace-rule", &[("rule", id.to_owned().into())]);
    let listed: Vec<_> = findings
        .iter()
        .map(|finding| {
            json!({
                "rule": finding.rule.id(),
                "severity": finding.rule.severity().as_str(),
                "exchange": finding.exchange,
                "line": finding.line,
                "source": finding.rule.source(),
                "text": text(finding.rule.id()),
            })
        })
        .collect();
    let count = |severity| findings.iter().filter(|finding| finding.rule.severity() == severity).count();
    let (errors, warnings, notices) = (count(Severity::Error), count(Severity::Warning), count(Severity::Notice));
    let mut report = Report::new(json!({
        "format": format.as_str(),
        "exchanges": recording.exchanges(),
        "findings": listed,
        "errors": errors,
        "warnings": warnings,
        "notices": notices,
    }));
    for finding in &findings {
        let severity = context.text("trace-severity", &[("severity", finding.rule.severity().as_str().into())]);
        let place = context
            .text("trace-finding-place", &[("exchange", finding.exchange.into()), ("line", finding.line.into())]);
        report.line(format!("{severity} {place} {} [{}]", text(finding.rule.id()), finding.rule.id()));
    }
    report.line(context.text(
        "trace-checked",
        &[
            ("exchanges", recording.exchanges().into()),
            ("errors", errors.into()),
            ("warnings", warnings.into()),
            ("notices", notices.into()),
        ],
    ));
    if errors > 0 {
        let cause = Some(Sentence::Message("cause-card-rule", vec![("errors", errors.into())]));
        let only_masks = findings
            .iter()
            .filter(|finding| finding.rule.severity() == Severity::Error)
            .all(|finding| matches!(finding.rule, Rule::SecretNotMasked | Rule::PersonalDataNotMasked));
        let hint = only_masks.then(|| Sentence::Message("hint-run-redact", Vec::new()));
        report.problem = Some(Problem { reason: Reason::CardRuleBroken, cause, hint });
    }
    Ok(report)
}
