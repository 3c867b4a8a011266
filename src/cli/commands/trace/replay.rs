//! `trace replay`: any command of ours against a recording, and both sides where they differ.

use serde_json::{Value, json};

use honnin::reason::Reason;
use honnin::transport::trace::{Difference, DifferenceKind, Replay, Side, Strictness};
use honnin::verdict::Warning;

use crate::cli::arguments::{Command, TraceReplayArguments};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::messages::Sentence;
use crate::cli::output::{Problem, Report};
use crate::cli::trace_files::open_recording;

/// More differences than this are counted, not listed for people.
const SHOWN: usize = 20;

/// Runs `replayed` with the recording in the place of the card. Where nothing differs, the answer and the exit code are
/// those of the command.
pub(crate) fn trace_replay(
    context: &Context,
    arguments: &TraceReplayArguments,
    name: &str,
    replayed: &Command,
    run: impl FnOnce(&Context, &Command) -> Result<Report, CliError>,
) -> Result<Report, CliError> {
    let (_, recording) = open_recording(&arguments.recording)?;
    let recorded = recording.exchanges();
    let strictness = if arguments.lenient { Strictness::Lenient } else { Strictness::Strict };
    let replay = Replay::new(recording, strictness);
    let context = context.replaying(arguments.recording.clone(), replay.clone());
    let mut report = run(&context, replayed).unwrap_or_else(Report::from);
    let own = report.outcome().is_some_and(|(problem, _)| is_of_the_command(problem.reason, &replay.differences()));
    let mut differences = replay.differences();
    if own {
        // A run that broke off by itself asked less: that tells nothing about the recording.
        differences.retain(|found| found.kind != DifferenceKind::NotAsked);
    }
    let inner = std::mem::take(&mut report.result);
    report.result = json!({
        "command": name,
        "result": if inner.is_null() { json!({}) } else { inner },
        "strict": !arguments.lenient,
        "recorded": recorded,
        "played": replay.played(),
        "differences": differences.iter().map(difference).collect::<Vec<_>>(),
    });
    report.line(context.text("trace-replayed", &[("played", replay.played().into()), ("recorded", recorded.into())]));
    for found in differences.iter().take(SHOWN) {
        report.line(in_words(&context, found));
    }
    if let Some(more) = differences.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        report.line(context.text("trace-more-differences", &[("n", more.into())]));
    }
    let masked = report.outcome().is_some_and(|(problem, _)| problem.reason == Reason::MaskedDataNeeded);
    let broke = differences.iter().find(|found| found.kind == DifferenceKind::Another);
    let decisive = if arguments.lenient { broke } else { broke.or(differences.first()) };
    if own {
        if decisive.is_some() {
            report.warnings.push(Warning::new("recording_differs"));
        }
    } else if let (false, Some(found)) = (masked, decisive) {
        let cause = Some(Sentence::Message("cause-replay-differs", vec![("line", found.line.into())]));
        let hint = (!arguments.lenient).then(|| Sentence::Message("hint-replay-lenient", Vec::new()));
        report.problem = Some(Problem { reason: Reason::RecordingDiffers, cause, hint });
    }
    Ok(report)
}

/// Whether a command ended so for a reason of its own, and not for what it heard from the recording: a file, a network, a
/// secret that could not be had, a command line. What it was asked to read may be damaged in either; where the recording
/// had another command, it is the recording.
fn is_of_the_command(reason: Reason, differences: &[Difference]) -> bool {
    let broke = differences.iter().any(|found| found.kind == DifferenceKind::Another);
    match reason {
        Reason::MalformedData => !broke,
        Reason::NotAnAnswerOfTheCard => false,
        _ => matches!(reason.exit(), 2 | 23 | 30 | 31 | 32 | 70 | 130),
    }
}

fn difference(found: &Difference) -> Value {
    json!({
        "kind": found.kind.as_str(),
        "line": found.line,
        "recorded": found.recorded.as_ref().map(side),
        "asked": found.asked.as_ref().map(side),
        "in_the_data": found.is_in_the_data(),
    })
}

fn side(side: &Side) -> Value {
    json!({
        "header": side.header.to_ascii_lowercase(),
        "operation": side.operation.as_str(),
        "name": side.name.as_ref().map(|name| name.to_ascii_lowercase()),
        "le": side.expected,
        "digest": side.digest.as_ref().map(|digest| digest.to_ascii_lowercase()),
    })
}

fn in_words(context: &Context, found: &Difference) -> String {
    let end = || context.text("trace-the-end", &[]);
    let nothing = || context.text("trace-nothing", &[]);
    let shown = |side: &Side, other: Option<&Side>| {
        let operation = context.text("trace-operation", &[("operation", side.operation.as_str().into())]);
        context.text("trace-side", &[("header", side.beside(other).into()), ("operation", operation.into())])
    };
    let (recorded, asked) = (found.recorded.as_ref(), found.asked.as_ref());
    let mut told = context.text(
        "trace-difference",
        &[
            ("kind", found.kind.as_str().into()),
            ("line", found.line.into()),
            ("recorded", recorded.map_or_else(end, |side| shown(side, asked)).into()),
            ("asked", asked.map_or_else(nothing, |side| shown(side, recorded)).into()),
        ],
    );
    if found.is_in_the_data() {
        told.push_str(&context.text("trace-in-the-data", &[]));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(kind: DifferenceKind) -> Difference {
        Difference { kind, line: 2, recorded: None, asked: None }
    }

    #[test]
    fn a_command_that_fails_by_itself_keeps_its_reason() {
        let (not_asked, another) = ([found(DifferenceKind::NotAsked)], [found(DifferenceKind::Another)]);
        for reason in [Reason::IoError, Reason::SecretUnavailable, Reason::PinFormatInvalid, Reason::Usage] {
            assert!(is_of_the_command(reason, &not_asked) && is_of_the_command(reason, &another), "{reason}");
        }
        assert!(is_of_the_command(Reason::MalformedData, &not_asked));
        assert!(!is_of_the_command(Reason::MalformedData, &another), "so the recording's other command is told");
        for reason in [Reason::PinIncorrect, Reason::CardLostContact, Reason::NotAnAnswerOfTheCard] {
            assert!(!is_of_the_command(reason, &not_asked), "{reason} is an answer out of the recording");
        }
    }
}
