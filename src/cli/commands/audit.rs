//! `audit verify`: the hash-chained log, line by line.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use serde_json::{Value, json};

use honnin::reason::Reason;
use honnin::record::{AuditFinding, AuditHead, AuditProblem, AuditReport, AuditVerifier, MAXIMUM_LINE_BYTES};

use crate::cli::arguments::AuditVerifyArguments;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::output::Report;

/// Most findings that are told to people: a file that is no log at all has one in every line.
const SHOWN: usize = 20;

/// Checks a log of any length, line by line; `each` sees every line too, which is not believed before the report is in.
pub(super) fn read(file: &Path, head: Option<AuditHead>, mut each: impl FnMut(&[u8])) -> Result<AuditReport, CliError> {
    let failed = |error| CliError::reading(file, &error);
    let mut log = BufReader::new(std::fs::File::open(file).map_err(failed)?);
    let mut verifier = AuditVerifier::new(head);
    // A line that is too long is handed on in pieces, each of which is then no line: found, and not held in memory.
    let limit = u64::try_from(MAXIMUM_LINE_BYTES).unwrap_or(u64::MAX).saturating_add(2);
    loop {
        let mut line = Vec::new();
        if log.by_ref().take(limit).read_until(b'\n', &mut line).map_err(failed)? == 0 {
            return Ok(verifier.finish());
        }
        verifier.line(&line);
        each(&line);
    }
}

/// The log does not hold.
pub(super) fn broken(file: &Path, report: &AuditReport) -> CliError {
    let words = [("file", file.display().to_string().into()), ("n", report.problems.into())];
    CliError::new(Reason::MalformedData).because("cause-audit", &words).hinting("hint-audit", &[])
}

/// What does not fit is named with its line.
pub(crate) fn audit_verify(context: &Context, arguments: &AuditVerifyArguments) -> Result<Report, CliError> {
    let report = read(&arguments.file, arguments.head, |_| {})?;
    let head = report.head.to_string();
    let findings: Vec<Value> = report.findings.iter().map(in_json).collect();
    let result = json!({ "lines": report.lines, "entries": report.head.entries, "head": head, "findings": findings });
    let mut answer = Report::new(result);
    answer.field(context.text("label-entries", &[]), report.head.entries.to_string());
    if report.problems == 0 {
        answer.field(context.text("label-head", &[]), head);
    }
    for finding in report.findings.iter().take(SHOWN) {
        answer.line(in_words(finding, context));
    }
    let more = report.problems.saturating_sub(u64::try_from(SHOWN).unwrap_or(u64::MAX));
    if more > 0 {
        answer.line(context.text("audit-more", &[("n", more.into())]));
    }
    if report.problems > 0 {
        answer.problem = Report::from(broken(&arguments.file, &report)).problem;
    } else {
        context.tell("hint-keep-head", &[]);
    }
    Ok(answer)
}

/// First and last missing entry, and the entry that is out of place, as far as the problem has them.
fn numbers(problem: &AuditProblem) -> (Option<u64>, Option<u64>, Option<u64>) {
    match problem {
        AuditProblem::Missing { first, last } => (Some(*first), Some(*last), None),
        AuditProblem::OutOfPlace { entry } | AuditProblem::BeforeHead { entries: entry } => (None, None, Some(*entry)),
        _ => (None, None, None),
    }
}

fn in_json(finding: &AuditFinding) -> Value {
    let (first, last, entry) = numbers(&finding.problem);
    let mut members = json!({ "line": finding.line, "problem": finding.problem.as_str() });
    for (name, number) in [("first", first), ("last", last), ("entry", entry)] {
        if let (Some(number), Some(members)) = (number, members.as_object_mut()) {
            members.insert(name.to_owned(), number.into());
        }
    }
    members
}

fn in_words(finding: &AuditFinding, context: &Context) -> String {
    let (first, last, entry) = numbers(&finding.problem);
    let number = |number: Option<u64>| number.unwrap_or_default().to_string().into();
    context.text(
        "audit-line",
        &[
            ("line", finding.line.to_string().into()),
            ("problem", finding.problem.as_str().into()),
            ("first", number(first)),
            ("last", number(last)),
            ("entry", number(entry)),
        ],
    )
}
