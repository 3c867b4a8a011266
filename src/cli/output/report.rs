//! What a command hands back.

use serde_json::Value;

use honnin::reason::Reason;
use honnin::verdict::{Check, CheckId, Conclusion, Taint, Verdict, Warning};

use crate::cli::error::{CliError, Failure};
use crate::cli::messages::Sentence;
use crate::cli::sitting::Closed;

/// One line for people. Values from outside need no care: they are made safe when written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Line {
    /// A name and its value; neighbours line up.
    Field(String, String),
    /// A line as it stands.
    Text(String),
}

/// The result of a command, in both forms: `result` for machines, `lines` or `bytes` for people.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// `result` of the envelope.
    pub(crate) result: Value,
    /// What a person reads on standard output.
    pub(crate) lines: Vec<Line>,
    /// What goes to standard output as it is (DER, a man page); the checks then go to standard error.
    pub(crate) bytes: Option<Vec<u8>>,
    /// The named checks, where the command judges something.
    pub(crate) verdict: Option<Verdict>,
    /// Checks of the command that this run does without: told as not run. In a verdict they would be missed.
    pub(crate) not_asked: Vec<CheckId>,
    /// What is odd but harmless, beside what the verdict carries.
    pub(crate) warnings: Vec<Warning>,
    /// Another next step than the reason's own, should the checks end in this reason.
    pub(crate) next: Option<(Reason, Sentence)>,
    /// A reason that is in no check: `doctor`'s blocker, or a failure.
    pub(crate) problem: Option<Problem>,
}

/// Why `ok` is false.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) reason: Reason,
    pub(crate) cause: Option<Sentence>,
    pub(crate) hint: Option<Sentence>,
}

impl Report {
    /// A report with this `result` and nothing to tell yet.
    pub(crate) fn new(result: Value) -> Self {
        Self { result, ..Self::default() }
    }

    /// Adds a name and its value.
    pub(crate) fn field(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.lines.push(Line::Field(name.into(), value.into()));
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, text: impl Into<String>) {
        self.lines.push(Line::Text(text.into()));
    }

    /// Adds what there is to remark about the card the result came from.
    pub(crate) fn remark_on(&mut self, closed: &Closed) {
        self.taint(closed.taint);
        self.warnings.extend(closed.warning.clone());
    }

    /// Adds the remark that the result is unfit for a real person, where it is.
    pub(crate) fn taint(&mut self, taint: Option<Taint>) {
        self.warnings.extend(taint.map(tainted));
    }

    /// The reason behind `ok: false` and the exit code, if any: a problem that was named beats the checks.
    pub(crate) fn outcome(&self) -> Option<(Problem, u8)> {
        if let Some(problem) = &self.problem {
            return Some((problem.clone(), problem.reason.exit()));
        }
        let (reason, exit) = match self.verdict.as_ref()?.conclusion() {
            Conclusion::Yes => return None,
            // A check that failed is never "undetermined", whatever its reason usually means elsewhere.
            Conclusion::No(reason) if reason.exit() == UNDETERMINED => (reason, 1),
            Conclusion::No(reason) => (reason, reason.exit()),
            Conclusion::Undetermined(reason) => (reason, UNDETERMINED),
        };
        let hint = self.next.as_ref().filter(|(about, _)| *about == reason).map(|(_, hint)| hint.clone());
        Some((Problem { reason, cause: None, hint }, exit))
    }

    /// The checks, in the order of the contract.
    pub(crate) fn checks(&self) -> Vec<Check> {
        let mut all = self.verdict.clone().unwrap_or_default();
        for id in &self.not_asked {
            if all.check(*id).is_none() {
                all.record(Check::not_run(*id));
            }
        }
        all.checks().to_vec()
    }

    /// All warnings; what taints a verdict is one of them.
    pub(crate) fn all_warnings(&self) -> Vec<Warning> {
        let verdict = self.verdict.iter();
        let taints = verdict.clone().flat_map(|verdict| &verdict.taints).map(|taint| tainted(*taint));
        let found = verdict.flat_map(|verdict| &verdict.warnings).chain(&self.warnings).cloned();
        taints.chain(found).collect()
    }
}

fn tainted(taint: Taint) -> Warning {
    Warning::new(match taint {
        Taint::TestHierarchy => "test_hierarchy",
        Taint::CallerAnchor => "caller_anchor",
        Taint::SimulatedCard => "simulated_card",
        Taint::Recording => "recording",
    })
}

/// "a required check could not be made" (cli.md, exit codes)
const UNDETERMINED: u8 = 3;

impl From<CliError> for Report {
    fn from(error: CliError) -> Self {
        let Failure { reason, cause, hint, facts, warnings } = error.into_failure();
        Self {
            result: Value::Object(facts),
            warnings,
            problem: Some(Problem { reason, cause, hint }),
            ..Self::default()
        }
    }
}
