//! `explain CODE`: the catalogue of reasons and the nodes of `doctor`'s tree, in words.

use serde_json::json;

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
    let mut report = Report::new(json!({
        "code": reason, "kind": "reason", "class": reason.class().as_str(), "exit": reason.exit(),
        "http": reason.http_status(), "retryable": reason.retryable(), "retry": reason.retry(),
        "who_acts": reason.who_acts().collect::<Vec<_>>(), "counts_as_failure": reason.counts_as_failure(),
        "title": messages.title(reason), "detail": messages.detail(reason), "hint": messages.hint(reason),
    }));
    report.line(format!("{reason}: {}", messages.title(reason)));
    report.line("");
    report.line(messages.detail(reason));
    report.line(messages.text("explain-next", &[("hint", messages.hint(reason).into())]));
    report.line("");
    report.field(messages.text("explain-exit", &[]), reason.exit().to_string());
    if let Some(status) = reason.http_status() {
        report.field("HTTP", status.to_string());
    }
    report.field(messages.text("explain-retry", &[]), retry_in_words(reason, messages));
    report
}

/// Under which condition another try makes sense, in the person's language.
fn retry_in_words(reason: Reason, messages: &Messages) -> String {
    let words: Vec<_> =
        reason.retry().split(|c: char| !c.is_ascii_alphanumeric()).filter(|it| !it.is_empty()).collect();
    messages.text("explain-retry-when", &[("when", words.join("-").into())])
}

fn node_in_words(node: &str, messages: &Messages) -> Report {
    let cause = messages.text(&format!("doctor-{node}-cause"), &[]);
    let action = messages.text(&format!("doctor-{node}-action"), &[]);
    let mut report = Report::new(json!({ "code": node, "kind": "doctor_node", "detail": cause, "hint": action }));
    report.line(format!("{node}: {cause}"));
    report.line(messages.text("explain-next", &[("hint", action.into())]));
    report
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::messages::Language;

    /// What is the same in every language: options, commands and names of things.
    const SAME: &[&str] = &[
        "HTTP",
        "NFC",
        "PC/SC",
        "USB",
        "Linux",
        "WSL",
        "Type",
        "FeliCa",
        "Web",
        "OS",
        "VPN",
        "Cookie",
        "Idempotency-Key",
        "pinentry",
    ];

    #[test]
    fn no_english_is_left_in_what_is_explained_in_japanese() {
        let messages = Messages::new(Language::Ja);
        let mut left = Vec::new();
        for reason in Reason::ALL {
            let retry = retry_in_words(*reason, &messages);
            assert_eq!(reason.retry() == "—", retry == "–", "{reason}: {retry}");
            for text in [retry, messages.title(*reason), messages.detail(*reason)] {
                let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || "-_./".contains(c)));
                let english =
                    words.filter(|word| word.len() > 1 && word.starts_with(|c: char| c.is_ascii_alphabetic()));
                left.extend(english.filter(|word| !SAME.contains(word)).map(|word| format!("{reason}: {word}")));
            }
        }
        assert!(left.is_empty(), "{left:?}");
    }
}
