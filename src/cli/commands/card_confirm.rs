//! `card confirm`: which facts of card.md a card confirms. For the first real card, and for every kind that nobody has seen.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use honnin::card::{self, KnownSecret, RetryCounter};
use honnin::doctor::is_shareable;
use honnin::observation::{self, Observation, Outcome};
use honnin::reason::Reason;

use super::card::{counter_words, known_secret, tries};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::output::Report;
use crate::cli::sitting;

/// Where the recording goes unless `--record` says otherwise.
const RECORDING: &str = "honnin-card.jsonl";

/// Looks at everything that is free, counts the tries before and after, and records the exchanges, masked.
pub(crate) fn card_confirm(context: &Context) -> Result<Report, CliError> {
    let path = context.global.record.clone().unwrap_or_else(|| PathBuf::from(RECORDING));
    let context = context.recorded_to(&path);
    let mut opened = sitting::open_for_what_is_free(&context)?;
    let atr = opened.atr.clone();
    let before = opened.session.run(async |dialogue| card::survey_every_counter(dialogue).await)?;
    let mut observations = opened.session.run(async |dialogue| observation::observe(dialogue, atr.as_deref()).await)?;
    let after = opened.session.run(async |dialogue| card::survey_every_counter(dialogue).await)?;
    let tally = opened.tally.clone();
    let closed = opened.close()?;
    let exchanges = tally.exchanges();
    observations.push(Observation::of_statuses(exchanges.iter().filter_map(|exchange| exchange.status)));
    let spent = exchanges.iter().any(|exchange| exchange.secret) || fell(&before, &after);

    let mut report = Report::new(json!({
        "atr": atr.as_deref().filter(|atr| is_shareable(atr)).map(hex::encode),
        "counters": { "before": counters(&before), "after": counters(&after), "unchanged": before == after },
        "secrets_sent": exchanges.iter().filter(|exchange| exchange.secret).count(),
        "facts": observations.iter().map(json_of).collect::<Vec<_>>(),
        "recording": path.display().to_string(),
        "exchanges": closed.exchanges,
    }));
    report.remark_on(&closed);
    tell(&mut report, &observations, &before, &context);
    report.line("");
    let unchanged = match (before == after, spent) {
        (true, false) => "yes",
        (_, true) => "no",
        (false, false) => "unclear",
    };
    report.line(context.text("confirm-counters", &[("unchanged", unchanged.into())]));
    report.line(context.text("confirm-recorded", &[("file", path.display().to_string().into())]));
    if spent {
        // The guard below the session and the card itself would both have to be wrong.
        report.problem = Report::from(CliError::new(Reason::Internal).because("cause-counters-changed", &[])).problem;
    } else if before != after {
        let unclear = CliError::new(Reason::NotAnAnswerOfTheCard).because("cause-counters-unclear", &[]);
        report.problem = Report::from(unclear).problem;
    } else if context.recording.broke_off() {
        report.problem = Report::from(broken_off(&path)).problem;
    }
    Ok(report)
}

/// The recording is what this command is for, so without it nothing was done.
fn broken_off(path: &Path) -> CliError {
    CliError::writing(path, &std::io::ErrorKind::StorageFull.into())
}

/// Whether any counter stands lower than before. One that was not told both times says neither yes nor no.
fn fell(before: &[(KnownSecret, RetryCounter)], after: &[(KnownSecret, RetryCounter)]) -> bool {
    let left = |counter| match counter {
        RetryCounter::Remaining(left) => Some(left),
        RetryCounter::Blocked => Some(0),
        _ => None,
    };
    before.iter().any(|(secret, counter)| {
        let now = after.iter().find(|(found, _)| found == secret).and_then(|(_, counter)| left(*counter));
        left(*counter).zip(now).is_some_and(|(before, now)| now < before)
    })
}

fn tell(
    report: &mut Report,
    observations: &[Observation],
    counters: &[(KnownSecret, RetryCounter)],
    context: &Context,
) {
    for observation in observations {
        let (mark, word) = match observation.outcome {
            Outcome::Confirmed => ("✓", "confirmed"),
            Outcome::Contradicted => ("✗", "contradicted"),
            Outcome::Absent => ("–", "absent"),
            Outcome::NotSeen => ("–", "not-seen"),
            Outcome::NotTried => ("–", "not-tried"),
        };
        let fact = context.text(&format!("fact-{}", observation.fact.id()), &[]);
        let word = context.text("confirm-outcome", &[("outcome", word.into())]);
        let saw = observation.saw.as_deref().filter(|_| observation.outcome != Outcome::Confirmed);
        let saw = saw.map(|saw| format!(" [{saw}]")).unwrap_or_default();
        report.field(
            format!("{mark} {} {}", observation.fact.section(), observation.fact.id()),
            format!("{word}{saw}: {fact}"),
        );
    }
    report.line("");
    for (secret, counter) in counters {
        let (word, kind) = known_secret(*secret);
        let name = match kind {
            Some(kind) => context.messages.secret_name(kind),
            None => context.text("known-secret", &[("secret", word.into())]),
        };
        report.field(name, tries(Some(*counter), context));
    }
}

fn json_of(observation: &Observation) -> Value {
    json!({
        "fact": observation.fact.id(), "section": observation.fact.section(), "outcome": observation.outcome,
        "saw": observation.saw,
    })
}

fn counters(counters: &[(KnownSecret, RetryCounter)]) -> Value {
    counters
        .iter()
        .map(|(secret, counter)| {
            let (state, remaining) = counter_words(*counter);
            json!({ "pin": known_secret(*secret).0, "state": state, "remaining": remaining })
        })
        .collect()
}
