//! Steps as they are told: a number, a title, what happened, how long it took.

use std::time::Instant;

use serde_json::{Value, json};

use honnin::verdict::Verdict;

use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::messages::Argument;
use crate::cli::output::table;

/// A story in the making.
pub(crate) struct Narrative<'a> {
    context: &'a Context,
    steps: Vec<Value>,
}

/// What one step has to say, and how it ended.
pub(crate) struct Step<'a> {
    context: &'a Context,
    lines: Vec<String>,
    outcome: &'static str,
}

impl<'a> Narrative<'a> {
    /// A story without steps yet.
    pub(crate) fn begin(context: &'a Context) -> Self {
        Self { context, steps: Vec::new() }
    }

    /// A sentence between the steps.
    pub(crate) fn heading(&self, key: &str, arguments: &[Argument<'_>]) {
        self.context.show(&self.context.text(key, arguments));
    }

    /// Does a step, then tells it with its time.
    pub(crate) fn step<T>(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&mut Step<'a>) -> Result<T, CliError>,
    ) -> Result<T, CliError> {
        let mut step = Step { context: self.context, lines: Vec::new(), outcome: "done" };
        let started = Instant::now();
        let result = work(&mut step)?;
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let number = self.steps.len() + 1;
        let title = self.context.text(&format!("demo-step-{name}"), &[]);
        self.context.show(&format!("\n{number}. {title}  ({ms} ms)"));
        for line in &step.lines {
            self.context.show(&format!("   {line}"));
        }
        self.steps.push(json!({ "name": name, "ms": ms, "outcome": step.outcome }));
        Ok(result)
    }

    /// The steps for machines.
    pub(crate) fn end(self) -> Vec<Value> {
        self.steps
    }
}

impl Step<'_> {
    /// One more sentence.
    pub(crate) fn says(&mut self, key: &str, arguments: &[Argument<'_>]) {
        self.lines.push(self.context.text(key, arguments));
    }

    /// Lines that stand as they are: the document the holder signs.
    pub(crate) fn quotes(&mut self, text: &str) {
        self.lines.extend(text.lines().map(|line| format!("│ {line}")));
    }

    /// Every check by name.
    pub(crate) fn shows(&mut self, verdict: &Verdict) {
        let checks = table(verdict.checks(), false, &self.context.messages);
        self.lines.extend(checks.lines().map(str::to_owned));
    }

    /// How it ended, in the words of the report: `done`, `upgraded`, `refused`, `undetermined`.
    pub(crate) fn ended(&mut self, outcome: &'static str) {
        self.outcome = outcome;
    }

    /// The surroundings.
    pub(crate) fn context(&self) -> &Context {
        self.context
    }
}
