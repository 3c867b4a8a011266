//! From arguments to exit code: language, parsing, the command, its report.

use std::ffi::OsString;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{ArgMatches, FromArgMatches};

use honnin::reason::Reason;
use honnin::verdict::Warning;

use super::arguments::{
    AccountCommand, Arguments, AttributesCommand, AuditCommand, BeforeParsing, CardCommand, CaseCommand,
    CertificateCommand, Command, EvidenceCommand, GlobalArguments, PinCommand, PolicyCommand, RevocationCommand,
    SimulatorCommand, SurfaceCommand, TraceCommand, TraceReplayArguments, before_parsing, help_in_words, localised,
    parse,
};
use super::commands;
use super::context::Context;
use super::demo::demo;
use super::error::CliError;
use super::interrupt;
use super::messages::{Language, Messages};
use super::output::{Report, Screen, envelope, ignoring_closed_pipe, render};
use super::usage_error;

/// Runs the program with the arguments and the environment of this process.
pub(crate) fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let early = before_parsing(&arguments);
    let language = early.language.unwrap_or_else(|| Language::of_environment(|name| std::env::var(name).ok()));
    let messages = Messages::new(language);
    // The payload of a panic may quote what was being worked on; the place is what a report of the bug needs.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(io::stderr().lock(), "honnin {}: panic at {place}", env!("CARGO_PKG_VERSION"));
    }));
    let exit = match parse(&arguments, &messages) {
        Ok(matches) => run(&matches, messages, &arguments, early),
        Err(error) => not_parsed(&error, &arguments, early, &messages),
    };
    ExitCode::from(exit)
}

/// The only place where a command's name meets its function.
fn dispatch(context: &Context, command: &Command) -> Result<Report, CliError> {
    match command {
        Command::Demo(arguments) => demo(context, arguments),
        Command::Doctor(arguments) => commands::doctor(context, arguments),
        Command::Readers(arguments) => commands::readers(context, arguments),
        Command::Card(CardCommand::Status) => commands::card_status(context),
        Command::Card(CardCommand::Confirm) => commands::card_confirm(context),
        Command::Pin(PinCommand::Status(arguments)) => commands::pin_status(context, arguments),
        Command::Pin(PinCommand::Change(arguments)) => commands::pin_change(context, arguments),
        Command::Attributes(AttributesCommand::Read(arguments)) => commands::attributes_read(context, arguments),
        Command::Surface(SurfaceCommand::Read(arguments)) => commands::surface_read(context, arguments),
        Command::Certificate(command) => match command {
            CertificateCommand::Verify(arguments) => commands::certificate_verify(context, arguments),
            CertificateCommand::Show(arguments) => commands::certificate_show(context, arguments),
            CertificateCommand::Read(arguments) => commands::certificate_read(context, arguments),
        },
        Command::Verify(arguments) => commands::verify(context, arguments),
        Command::Evidence(EvidenceCommand::Verify(arguments)) => commands::evidence_verify(context, arguments),
        Command::Audit(AuditCommand::Verify(arguments)) => commands::audit_verify(context, arguments),
        Command::Sign(arguments) => commands::sign(context, arguments),
        Command::Revocation(RevocationCommand::Info(arguments)) => commands::revocation_info(context, arguments),
        Command::Revocation(RevocationCommand::Check(arguments)) => commands::revocation_check(context, arguments),
        Command::Simulator(SimulatorCommand::New(arguments)) => commands::simulator_new(context, arguments),
        Command::Simulator(SimulatorCommand::Run(arguments)) => commands::simulator_run(context, arguments),
        Command::Trace(command) => match command {
            TraceCommand::Check(arguments) => commands::trace_check(context, arguments),
            TraceCommand::Show(arguments) => commands::trace_show(context, arguments),
            TraceCommand::Redact(arguments) => commands::trace_redact(context, arguments),
            TraceCommand::Convert(arguments) => commands::trace_convert(context, arguments),
            // Only the outermost command is a replay, and `run` has taken it apart.
            TraceCommand::Replay(_) => Err(Reason::Usage.into()),
        },
        Command::Policy(PolicyCommand::Check(arguments)) => commands::policy_check(context, arguments),
        Command::Policy(PolicyCommand::Explain(arguments)) => commands::policy_explain(context, arguments),
        Command::Policy(PolicyCommand::Diff(arguments)) => commands::policy_diff(context, arguments),
        Command::Account(AccountCommand::Create(arguments)) => commands::account_create(context, arguments),
        Command::Account(AccountCommand::Show(arguments)) => commands::account_show(context, arguments),
        Command::Account(AccountCommand::Features(arguments)) => commands::account_features(context, arguments),
        Command::Account(AccountCommand::Stop(arguments)) => commands::account_stop(context, arguments),
        Command::Account(AccountCommand::Resume(arguments)) => commands::account_resume(context, arguments),
        Command::Account(AccountCommand::Withdraw(arguments)) => commands::account_withdraw(context, arguments),
        Command::Case(CaseCommand::Show(arguments)) => commands::case_show(context, arguments),
        Command::Recheck(arguments) => commands::recheck(context, arguments),
        Command::Explain(arguments) => commands::explain(context, arguments),
        Command::Completions(arguments) => commands::completions(context, arguments),
        Command::Man => commands::man(context),
    }
}

fn run(matches: &ArgMatches, messages: Messages, arguments: &[OsString], early: BeforeParsing) -> u8 {
    let name = name_of(matches);
    let Ok(Arguments { global, command }) = Arguments::from_arg_matches(matches) else {
        return finish(&name, &CliError::new(Reason::Internal).into(), &Screen::new(false, false), &messages);
    };
    let (global, job) = match taken_apart(global, command, &messages) {
        Ok(job) => job,
        Err(error) => return not_parsed(&error, arguments, early, &messages),
    };
    let messages = global.lang.map_or(messages, Messages::new);
    let screen = Screen::new(global.json, global.quiet);
    let interrupted = name.clone();
    interrupt::listen(Box::new(move || {
        let _ = write(&interrupted, &CliError::new(Reason::Interrupted).into(), &screen, &messages);
    }));
    let context = Context::new(global, messages, screen);
    let mut report = guarded(|| match &job {
        Job::Plain(command) => dispatch(&context, command),
        Job::Replay { arguments, name, replayed } => {
            commands::trace_replay(&context, arguments, name, replayed, dispatch)
        }
    });
    if context.recording.broke_off() {
        report.warnings.push(Warning::new("recording_incomplete"));
    }
    if context.unanswered.secret() {
        report.warnings.push(Warning::new("attempt_may_be_spent"));
    }
    interrupt::take_output();
    finish(&name, &report, &context.screen, &context.messages)
}

/// What one run does.
enum Job {
    /// A command.
    Plain(Command),
    /// A command against a recording.
    Replay { arguments: TraceReplayArguments, name: String, replayed: Command },
}

/// `trace replay … -- COMMAND` holds a command line in itself; its options count beside those outside.
fn taken_apart(
    global: GlobalArguments,
    command: Command,
    messages: &Messages,
) -> Result<(GlobalArguments, Job), clap::Error> {
    let Command::Trace(TraceCommand::Replay(arguments)) = command else { return Ok((global, Job::Plain(command))) };
    let line = std::iter::once(&OsString::from("honnin")).chain(&arguments.replayed).cloned().collect::<Vec<_>>();
    let matches = parse(&line, messages)?;
    let inner = Arguments::from_arg_matches(&matches)?;
    if matches!(inner.command, Command::Trace(_)) {
        return Err(usage_error::complaint(ErrorKind::InvalidSubcommand, "usage-replay-of-a-trace", None));
    }
    if !talks_to_a_card(&inner.command) {
        let (key, name) = ("usage-replay-without-a-card", name_of(&matches));
        return Err(usage_error::complaint(ErrorKind::InvalidSubcommand, key, Some(&name)));
    }
    let job = Job::Replay { arguments, name: name_of(&matches), replayed: inner.command };
    Ok((global.with(inner.global), job))
}

/// Whether a recording could stand in for the card of this command.
const fn talks_to_a_card(command: &Command) -> bool {
    match command {
        Command::Card(_)
        | Command::Pin(_)
        | Command::Attributes(_)
        | Command::Surface(_)
        | Command::Certificate(CertificateCommand::Read(_))
        | Command::Sign(_)
        | Command::Doctor(_) => true,
        Command::Certificate(CertificateCommand::Show(_) | CertificateCommand::Verify(_))
        | Command::Demo(_)
        | Command::Readers(_)
        | Command::Verify(_)
        | Command::Revocation(_)
        | Command::Evidence(_)
        | Command::Audit(_)
        | Command::Trace(_)
        | Command::Simulator(_)
        | Command::Policy(_)
        | Command::Account(_)
        | Command::Case(_)
        | Command::Recheck(_)
        | Command::Explain(_)
        | Command::Completions(_)
        | Command::Man => false,
    }
}

/// The report of `command`. A panic is a defect of ours and says so; what it held has been dropped, the card locked.
fn guarded(command: impl FnOnce() -> Result<Report, CliError>) -> Report {
    match catch_unwind(AssertUnwindSafe(command)) {
        Ok(Ok(report)) => report,
        Ok(Err(error)) => error.into(),
        Err(_) => CliError::new(Reason::Internal).into(),
    }
}

/// `certificate verify`: the words of the command line, as JSON names the command.
fn name_of(matches: &ArgMatches) -> String {
    let mut names = Vec::new();
    let mut level = matches;
    while let Some((name, below)) = level.subcommand() {
        names.push(name);
        level = below;
    }
    names.join(" ")
}

/// Help and version are answers; everything else is a usage error.
fn not_parsed(error: &clap::Error, arguments: &[OsString], early: BeforeParsing, messages: &Messages) -> u8 {
    let text = help_in_words(error.render().to_string(), messages);
    let screen = Screen::new(early.json, false);
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return match ignoring_closed_pipe(io::stdout().lock().write_all(text.as_bytes())) {
            Ok(()) => 0,
            Err(error) => not_written(&error, &screen, messages),
        };
    }
    let what = usage_error::in_words(error, messages).unwrap_or_else(|| text.trim_end().to_owned());
    let report = CliError::new(Reason::Usage).caused_by(what.split_whitespace().collect::<Vec<_>>().join(" ")).into();
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        screen.complain(&what);
    } else {
        let (label, hint) = (messages.text("label-error", &[]), messages.text("label-hint", &[]));
        let (first, more) =
            what.split_once('\n').map_or((&what[..], String::new()), |(first, more)| (first, format!("\n{more}")));
        let heading = messages.text("help-usage", &[]);
        let usage = usage_error::usage(error).map_or_else(String::new, |usage| format!("\n\n{heading}: {usage}\n"));
        let next = messages.hint(Reason::Usage);
        screen.complain(&format!("{label} {first} [{}]{more}{usage}\n{hint} {next}", Reason::Usage));
    }
    if early.json {
        let envelope = envelope(&name_as_far_as_known(arguments, messages), &report, messages);
        let _ = io::stdout().lock().write_all(envelope.as_bytes());
    }
    Reason::Usage.exit()
}

/// The command a wrong command line was about, as far as its words name one.
fn name_as_far_as_known(arguments: &[OsString], messages: &Messages) -> String {
    let mut names = Vec::new();
    let mut level = localised(messages);
    for word in arguments.iter().skip(1).filter_map(|word| word.to_str()).take_while(|word| *word != "--") {
        let Some(below) = level.find_subcommand(word) else { continue };
        names.push(below.get_name().to_owned());
        level = below.clone();
    }
    names.join(" ")
}

fn finish(name: &str, report: &Report, screen: &Screen, messages: &Messages) -> u8 {
    let exit = report.outcome().map_or(0, |(_, exit)| exit);
    match write(name, report, screen, messages) {
        Ok(()) => exit,
        // The report is lost, so the exit code is all there is: a "no" must not turn into a mere disk problem.
        Err(error) => match (exit, not_written(&error, screen, messages)) {
            (0, failure) => failure,
            (exit, _) => exit,
        },
    }
}

fn not_written(error: &io::Error, screen: &Screen, messages: &Messages) -> u8 {
    let failure = render(&CliError::io(error).into(), screen, messages);
    let _ = io::stderr().lock().write_all(failure.err.as_bytes());
    Reason::IoError.exit()
}

fn write(name: &str, report: &Report, screen: &Screen, messages: &Messages) -> io::Result<()> {
    let rendered = render(report, screen, messages);
    let json = screen.json.then(|| envelope(name, report, messages));
    let out = json.as_ref().map_or(rendered.out.as_slice(), String::as_bytes);
    let written = if out.is_empty() {
        // Not even the lock: the farewell of a signal must not wait for a run that is stuck in a full pipe.
        Ok(())
    } else {
        let mut stdout = io::stdout().lock();
        ignoring_closed_pipe(stdout.write_all(out).and_then(|()| stdout.flush()))
    };
    let _ = io::stderr().lock().write_all(rendered.err.as_bytes());
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_bug_of_ours_and_keeps_its_words_to_itself() {
        let report = guarded(|| panic!("CANARY77"));
        assert_eq!(report.outcome().map(|(problem, exit)| (problem.reason, exit)), Some((Reason::Internal, 70)));
        let envelope = envelope("sign", &report, &Messages::new(Language::En));
        assert!(!envelope.contains("CANARY77"), "{envelope}");
    }

    #[test]
    fn commands_are_named_by_their_words() {
        let matches = localised(&Messages::new(Language::En)).try_get_matches_from(["honnin", "explain", "usage"]);
        assert_eq!(name_of(&matches.unwrap()), "explain");
        let line = ["honnin", "--lang", "ja", "completions", "--wrong"].map(OsString::from);
        assert_eq!(name_as_far_as_known(&line, &Messages::new(Language::En)), "completions");
        assert_eq!(name_as_far_as_known(&line[..1], &Messages::new(Language::En)), "");
    }
}
