//! `trace replay`: any command of ours against a recording, and both sides where they differ.

use serde_json::{Value, json};

use honnin::reason::Reason;
use honnin::transport::trace::{Difference, DifferenceKind, Replay, Side, Strictness};

use crate::cli::arguments::{CardSource, Command, TraceReplayArguments};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::messages::Sentence;
use crate::cli::output::{Problem, Report};
use crate::cli::recordings::open_recording;

/// More differences than this are counted, not listed for people.
const SHOWN: usize = 20;

/// Runs `replayed` with the recording in the place of the card. Where nothing differs, the answer and the exit code are
/// those of the command.
pub(crate) fn trace_replay(
    context: Context,
    arguments: &TraceReplayArguments,
    name: &str,
    replayed: &Command,
    run: impl FnOnce(&Context, &Command) -> Result<Report, CliError>,
) -> Result<Report, CliError> {
    let (_, recording) = open_recording(&arguments.recording)?;
    let recorded = recording.exchanges();
    let strictness = if arguments.lenient { Strictness::Lenient } else { Strictness::Strict };
    let replay = Replay::new(recording, strictness);
    let mut context = context;
    context.global.card = CardSource::Replayed(arguments.recording.clone());
    context.replay = Some(replay.clone());
    let mut report = run(&context, replayed).unwrap_or_else(Report::from);
    let differences = replay.differences();
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
    if let (false, Some(found)) = (masked, decisive) {
        let cause = Some(Sentence::Message("cause-replay-differs", vec![("line", found.line.into())]));
        let hint = (!arguments.lenient).then(|| Sentence::Message("hint-replay-lenient", Vec::new()));
        report.problem = Some(Problem { reason: Reason::RecordingDiffers, cause, hint });
    }
    Ok(report)
}

fn difference(found: &Difference) -> Value {
    json!({
        "kind": found.kind.as_str(),
        "line": found.line,
        "recorded": found.recorded.as_ref().map(side),
        "asked": found.asked.as_ref().map(side),
    })
}

fn side(side: &Side) -> Value {
    json!({ "header": side.header.to_ascii_lowercase(), "operation": side.operation.as_str() })
}

fn in_words(context: &Context, found: &Difference) -> String {
    let end = || context.text("trace-the-end", &[]);
    let nothing = || context.text("trace-nothing", &[]);
    let shown = |side: &Side| {
        let operation = context.text("trace-operation", &[("operation", side.operation.as_str().into())]);
        context.text("trace-side", &[("header", side.header.clone().into()), ("operation", operation.into())])
    };
    context.text(
        "trace-difference",
        &[
            ("kind", found.kind.as_str().into()),
            ("line", found.line.into()),
            ("recorded", found.recorded.as_ref().map_or_else(end, shown).into()),
            ("asked", found.asked.as_ref().map_or_else(nothing, shown).into()),
        ],
    )
}
