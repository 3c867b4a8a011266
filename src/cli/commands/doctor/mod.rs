//! `doctor`: collects the facts, has the library walk the tree, and says what to do next. Never asks for a secret.

mod look;
mod packet;
mod words;

use serde_json::json;

use honnin::doctor::{Diagnosis, Facts, ServiceFact, Severity, diagnose};
use honnin::reason::Reason;
use honnin::secret::SecretKind;
use honnin::verdict::Taint;

use crate::cli::arguments::{CardSource, DoctorArguments};
use crate::cli::context::{Context, now};
use crate::cli::error::CliError;
use crate::cli::files;
use crate::cli::output::Report;
use crate::cli::probe::Probe;

/// Finds what stands between the person and their card.
pub(crate) fn doctor(context: &Context, arguments: &DoctorArguments) -> Result<Report, CliError> {
    if let Some(path) = &arguments.report {
        // Only what is new is written: a packet of an earlier run may be all there is of it.
        files::check_absent(path)?;
        files::check_writable(path)?;
    }
    let probe = Probe::of_this_machine();
    let mut facts = Facts::at(now(), context.instant());
    if context.global.card == CardSource::Pcsc {
        facts.system = probe.system();
        look::at_readers(context, &mut facts);
        look::around(&probe, &mut facts);
    }
    let seen = look::at_the_card(context, &probe, &mut facts)?;
    let diagnosis = diagnose(&facts);
    let mut report = report(&diagnosis, &facts, seen.reader.as_deref(), context);
    if let Some(path) = &arguments.report {
        let packet = packet::packet(&diagnosis, &facts, &seen, &probe, context);
        let text = format!("{:#}\n", packet);
        files::write_whole(path, text.as_bytes())?;
        let file = path.display().to_string();
        report.line(context.text("doctor-report-written", &[("file", file.into())]));
    }
    Ok(report)
}

fn report(diagnosis: &Diagnosis, facts: &Facts, reader: Option<&str>, context: &Context) -> Report {
    let findings: Vec<_> = diagnosis.findings.iter().map(|finding| words::json_of(finding, context)).collect();
    let mut report = Report::new(json!({ "usable": diagnosis.blocker().is_none(), "findings": findings }));
    report.taint(match context.global.card {
        CardSource::Pcsc => None,
        CardSource::Simulated(_) => Some(Taint::SimulatedCard),
        CardSource::Replayed(_) => Some(Taint::Recording),
    });
    for finding in &diagnosis.findings {
        let mark = match finding.severity {
            Severity::Fact => "✓",
            Severity::Warning => "!",
            Severity::Blocker => "✗",
        };
        report.line(format!("{mark} {} {}", finding.node, words::cause(finding, context)));
        if finding.severity != Severity::Fact {
            report.line(format!("  {}", words::action(finding, context)));
        }
    }
    let permitted = facts.service != ServiceFact::NotPermitted
        && !matches!(facts.card, Some(honnin::doctor::CardFact::NotPermitted));
    if !permitted {
        words::rule(facts).lines().for_each(|line| report.line(format!("  {line}")));
    }
    match diagnosis.blocker() {
        None => {
            let reader = reader.map_or_else(|| context.text("doctor-without-reader", &[]), str::to_owned);
            let signing = diagnosis.findings.iter().find(|found| found.secret == Some(SecretKind::DigitalSignature));
            // Without one there is no signing certificate, which another line says.
            let tries = signing.map_or_else(
                || context.text("certificate-absent", &[]),
                |found| super::card::tries(found.counter, context),
            );
            report.line(context.text("doctor-usable", &[("reader", reader.into()), ("tries", tries.into())]));
        }
        Some(blocker) => {
            let reason = blocker.reason().unwrap_or(Reason::Internal);
            let hint = [("action", words::action(blocker, context).into()), ("node", blocker.node.id().into())];
            let error =
                CliError::new(reason).caused_by(words::cause(blocker, context)).hinting("doctor-explain", &hint);
            report.problem = Report::from(error).problem;
        }
    }
    report
}
