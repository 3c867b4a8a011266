//! `policy diff`: what two policies decide differently.

use std::path::Path;

use honnin::policy::{Difference, Question, compare, compare_settings, grid};
use honnin::reason::Reason;
use serde_json::json;

use super::{read_letters, read_policy, text};
use crate::cli::arguments::PolicyDiffArguments;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::output::Report;

/// How many rows of one subject a person is shown; JSON has them all.
const SHOWN: usize = 8;

/// Asks both policies the questions of a file, else those of a grid around their own bounds.
pub(crate) fn policy_diff(context: &Context, arguments: &PolicyDiffArguments) -> Result<Report, CliError> {
    let (a, b) = (read_policy(context, &arguments.a)?, read_policy(context, &arguments.b)?);
    let letters = read_letters(context, arguments.letters.as_deref())?;
    let questions = match &arguments.cases {
        Some(path) => cases(path)?,
        None => grid(&a, &b, &letters, context.instant()),
    };
    let differences = compare(&a, &b, &letters, &questions);
    let settings = compare_settings(&a, &b);
    let mut report = Report::new(json!({
        "settings": settings, "a": a.reference(), "b": b.reference(), "questions": questions.len(), "differences": differences,
    }));
    report.field("A", format!("{} {}", a.reference().id, a.reference().revision));
    report.field("B", format!("{} {}", b.reference().id, b.reference().revision));
    for setting in &settings {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        report.line(format!("{}  A {} / B {}", setting.place, value(&setting.a), value(&setting.b)));
    }
    report.line(context.text("policy-questions", &[("n", questions.len().into())]));
    if differences.is_empty() {
        report.line(context.text("policy-no-difference", &[]));
    }
    for group in differences.chunk_by(|one, next| one.subject == next.subject) {
        report.line(group.first().map(|first| subject(&first.subject, context)).unwrap_or_default());
        for difference in group.iter().take(SHOWN) {
            report.line(format!("  {}", row(difference, context)));
        }
        if let Some(more) = group.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            report.line(format!("  {}", context.text("policy-more", &[("n", more.into())])));
        }
    }
    Ok(report)
}

/// `feature pay` in the reader's words: what is asked about, and the file's own name for it.
fn subject(subject: &str, context: &Context) -> String {
    let (kind, name) = subject.split_once(' ').unwrap_or((subject, ""));
    format!("{} {name}", context.text(&format!("policy-subject-{kind}"), &[])).trim_end().to_owned()
}

/// An answer of a policy; the names of its own tiers are no words of ours.
fn answer(answer: &str, context: &Context) -> String {
    context.messages.find(&format!("policy-answer-{answer}")).unwrap_or_else(|| answer.to_owned())
}

fn row(difference: &Difference, context: &Context) -> String {
    let side = |word: &str, only: &std::collections::BTreeSet<String>| match only.is_empty() {
        true => answer(word, context),
        false => format!("{} ({})", answer(word, context), only.iter().cloned().collect::<Vec<_>>().join(", ")),
    };
    let count = context.text("policy-times", &[("n", difference.count.into())]);
    format!("A {} / B {}: {count}", side(&difference.a, &difference.only_a), side(&difference.b, &difference.only_b))
}

/// The questions of a file, one JSON object a line; empty lines are skipped.
fn cases(path: &Path) -> Result<Vec<Question>, CliError> {
    let text = text(path)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let questions = lines.map(|(at, line)| {
        serde_json::from_str(line).map_err(|error| {
            let number = at.saturating_add(1);
            let arguments = [
                ("file", path.display().to_string().into()),
                ("line", number.to_string().into()),
                ("words", error.to_string().into()),
            ];
            CliError::new(Reason::MalformedData).because("cause-policy-line", &arguments).with("line", number)
        })
    });
    questions.collect()
}
