//! The report as a person reads it: what was found on standard output, remarks, error and hint on standard error.

use honnin::verdict::{Check, CheckId, Status, Warning};
use serde_json::{Map, Value};

use super::report::{Line, Report};
use super::safe::safe;
use super::screen::Screen;
use super::width::{columns, padded};
use crate::cli::messages::Messages;

/// What goes where.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// For standard output.
    pub(crate) out: Vec<u8>,
    /// For standard error.
    pub(crate) err: String,
}

/// `report` in words.
pub(crate) fn render(report: &Report, screen: &Screen, messages: &Messages) -> Rendered {
    let mut out = fields(&report.lines);
    let mut err = String::new();
    let checks_go_out = report.bytes.is_none();
    let colour = if checks_go_out { screen.colour_out } else { screen.colour_err };
    let checks = table(&report.checks(), colour, messages);
    if checks_go_out {
        out.push_str(&checks)
    } else {
        err.push_str(&checks)
    }
    if !screen.quiet {
        for warning in report.all_warnings() {
            let label = Paint::Yellow.on(screen.colour_err, &messages.text("label-warning", &[]));
            err.push_str(&format!("{label} {}\n", in_words(&warning, messages)));
        }
    }
    if let Some((problem, _)) = report.outcome() {
        let label = Paint::Red.on(screen.colour_err, &messages.text("label-error", &[]));
        err.push_str(&format!("{label} {} [{}]\n", messages.title(problem.reason), problem.reason));
        if let Some(cause) = problem.cause {
            err.push_str(&format!("  {}\n", safe(&cause.in_words(messages))));
        }
        let hint = problem.hint.map_or_else(|| messages.hint(problem.reason), |hint| hint.in_words(messages));
        let label = Paint::Cyan.on(screen.colour_err, &messages.text("label-hint", &[]));
        err.push_str(&format!("{label} {}\n", safe(&hint)));
    }
    let mut out = out.into_bytes();
    out.extend(report.bytes.iter().flatten());
    Rendered { out, err }
}

fn fields(lines: &[Line]) -> String {
    let mut out = String::new();
    let field = |line: &Line| matches!(line, Line::Field(..));
    for group in lines.chunk_by(|a, b| field(a) && field(b)) {
        let names = group.iter().map(|line| if let Line::Field(name, _) = line { columns(&safe(name)) } else { 0 });
        let width = names.max().unwrap_or(0);
        for line in group {
            match line {
                Line::Field(name, value) => {
                    out.push_str(format!("{}  {}", padded(&safe(name), width), safe(value)).trim_end());
                }
                Line::Text(text) => out.push_str(&safe(text)),
            }
            out.push('\n');
        }
    }
    out
}

/// One aligned line per check.
pub(crate) fn table(checks: &[Check], colour: bool, messages: &Messages) -> String {
    let id = |check: &Check| serde_json::to_value(check.id).ok().and_then(|id| id.as_str().map(str::to_owned));
    let name = |check: &Check| messages.text(&format!("check-{}", id(check).unwrap_or_default()), &[]);
    let rows: Vec<_> = checks
        .iter()
        .map(|check| {
            let status = messages.text(&format!("status-{}", check.status.as_str()), &[]);
            (name(check), status, remark(check, messages), check.status)
        })
        .collect();
    let first = rows.iter().map(|row| columns(&row.0)).max().unwrap_or(0);
    let second = rows.iter().map(|row| columns(&row.1)).max().unwrap_or(0);
    let mut out = String::new();
    for (name, word, remark, status) in rows {
        let paint = match status {
            Status::Passed => Paint::Green,
            Status::Failed(_) => Paint::Red,
            Status::Undetermined(_) | Status::NotRun => Paint::Yellow,
        };
        let gap = " ".repeat(second.saturating_sub(columns(&word)));
        let word = paint.on(colour, &word);
        out.push_str(format!("{}  {word}{gap}  {remark}", padded(&name, first)).trim_end());
        out.push('\n');
    }
    out
}

fn remark(check: &Check, messages: &Messages) -> String {
    let title = check.status.reason().map(|reason| messages.title(reason)).unwrap_or_default();
    let facts = if check.id == CheckId::Revocation {
        facts(&neutral(check.detail(), messages), messages)
    } else {
        facts(&check.detail(), messages)
    };
    match (title.is_empty(), facts.is_empty()) {
        (_, true) => title,
        (true, false) => facts,
        (false, false) => format!("{title} ({facts})"),
    }
}

/// RSN-29: why a certificate was revoked is for the log of an auditor; a person reads what anybody may know.
fn neutral(mut told: Map<String, Value>, messages: &Messages) -> Map<String, Value> {
    told.remove("reason");
    if let Some(Value::String(meaning)) = told.remove("meaning")
        && let Some(words) = messages.find(&format!("revocation-meaning-{meaning}"))
    {
        told.insert(messages.text("revocation-meaning", &[]), words.into());
    }
    told
}

/// Members of a detail with their names and, where a value is a code, its words.
fn facts(detail: &Map<String, Value>, messages: &Messages) -> String {
    let fact = |(key, value): (&String, &Value)| {
        let name = messages.find(&format!("detail-{key}")).unwrap_or_else(|| key.clone());
        let told = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let words = matches!(&key[..], "why" | "hierarchy").then(|| messages.find(&format!("{key}-{told}"))).flatten();
        format!("{name}: {}", safe(&words.unwrap_or(told)))
    };
    detail.iter().map(fact).collect::<Vec<_>>().join(", ")
}

fn in_words(warning: &Warning, messages: &Messages) -> String {
    let text = messages.find(&format!("warning-{}", warning.code)).unwrap_or_else(|| warning.code.to_owned());
    let facts = facts(&warning.detail, messages);
    if facts.is_empty() { text } else { format!("{text} ({facts})") }
}

/// The colours of a terminal. The same meaning stands in words beside each.
#[derive(Clone, Copy)]
enum Paint {
    Red,
    Green,
    Yellow,
    Cyan,
}

impl Paint {
    fn on(self, colour: bool, text: &str) -> String {
        let code = match self {
            Self::Red => "1;31",
            Self::Green => "32",
            Self::Yellow => "1;33",
            Self::Cyan => "36",
        };
        if colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
