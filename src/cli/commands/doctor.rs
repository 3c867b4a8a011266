//! `doctor`: collects the facts, has the library walk the tree, and says what to do next. Never asks for a secret.

use serde_json::{Map, Value, json};

use honnin::card::Access;
use honnin::doctor::{CardFact, Diagnosis, Facts, Finding, Node, ReaderFact, ServiceFact, Severity, diagnose};
use honnin::holder;
use honnin::reason::Reason;
use honnin::secret::SecretKind;
use honnin::time::UnixTime;
use honnin::verdict::Taint;

use crate::cli::arguments::CardSource;
use crate::cli::context::{Context, now};
use crate::cli::error::CliError;
use crate::cli::output::Report;
use crate::cli::sitting;

/// Finds what stands between the person and their card.
pub(crate) fn doctor(context: &Context) -> Result<Report, CliError> {
    let (service, readers) = match context.global.card {
        CardSource::Pcsc => pcsc_facts(),
        CardSource::Simulated(_) | CardSource::Replayed(_) => (ServiceFact::Running, Vec::new()),
    };
    let reachable = match context.global.card {
        CardSource::Pcsc => readers.iter().any(|reader: &ReaderFact| reader.card_present && !reader.held_by_another),
        CardSource::Simulated(_) | CardSource::Replayed(_) => true,
    };
    let (card, reader) = if reachable { look(context)? } else { (None, None) };
    let facts = Facts { now: now(), at: context.instant(), service, readers, card };
    Ok(report(&diagnose(&facts), reader, context))
}

/// The card as it shows itself; what the tree has no node for (a file that is no card) stays an error.
fn look(context: &Context) -> Result<(Option<CardFact>, Option<String>), CliError> {
    let looked = sitting::open(context, Access::Shared).and_then(|mut opened| {
        let status = opened.session.run(async |dialogue| holder::look_over(dialogue).await)?;
        Ok((status, opened.close()?.reader))
    });
    let fact = match looked {
        Ok((status, reader)) => return Ok((Some(CardFact::Read(status)), reader)),
        Err(error) => match error.reason() {
            Reason::NotASupportedCard => Some(CardFact::NotSupported),
            Reason::TransportFailed | Reason::CardLostContact | Reason::NotAnAnswerOfTheCard => {
                Some(CardFact::LinkBroken)
            }
            Reason::ReaderBusy => Some(CardFact::HeldByAnother),
            Reason::NoCard => None,
            _ => return Err(error),
        },
    };
    Ok((fact, None))
}

#[cfg(feature = "pcsc")]
fn pcsc_facts() -> (ServiceFact, Vec<ReaderFact>) {
    use honnin::card::ChannelError;
    use honnin::transport::pcsc::{Service, SlotState};

    match Service::connect().and_then(|service| service.readers()) {
        Ok(readers) => {
            let fact = |reader: &honnin::transport::pcsc::Reader| ReaderFact {
                name: reader.name(),
                card_present: matches!(reader.slot, SlotState::Present | SlotState::Busy),
                mute: reader.slot == SlotState::Mute,
                held_by_another: reader.slot == SlotState::Busy,
                shared_with_another: reader.in_use,
            };
            (ServiceFact::Running, readers.iter().map(fact).collect())
        }
        Err(ChannelError::NotPermitted) => (ServiceFact::NotPermitted, Vec::new()),
        Err(_) => (ServiceFact::Absent, Vec::new()),
    }
}

#[cfg(not(feature = "pcsc"))]
fn pcsc_facts() -> (ServiceFact, Vec<ReaderFact>) {
    (ServiceFact::Absent, Vec::new())
}

fn report(diagnosis: &Diagnosis, reader: Option<String>, context: &Context) -> Report {
    let findings: Vec<_> = diagnosis.findings.iter().map(|finding| json_of(finding, context)).collect();
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
        report.line(format!("{mark} {} {}", finding.node, cause(finding, context)));
        if finding.severity != Severity::Fact {
            report.line(format!("  {}", action(finding, context)));
        }
    }
    match diagnosis.blocker() {
        None => {
            let reader = reader.unwrap_or_else(|| context.text("doctor-without-reader", &[]));
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
            let hint = [("action", action(blocker, context).into()), ("node", blocker.node.id().into())];
            let error = CliError::new(reason).caused_by(cause(blocker, context)).hinting("doctor-explain", &hint);
            report.problem = Report::from(error).problem;
        }
    }
    report
}

/// What the node found this time, in one sentence.
fn cause(finding: &Finding, context: &Context) -> String {
    if let Some(kind) = finding.secret {
        let tries = super::card::tries(finding.counter, context);
        return context.text(
            "doctor-finding-secret",
            &[("name", context.messages.secret_name(kind).into()), ("tries", tries.into())],
        );
    }
    if finding.node == Node::A4 {
        let state = match finding.reason() {
            Some(Reason::CertificateExpired) => "expired",
            Some(Reason::MalformedData) => "unreadable",
            Some(_) => "not-yet-valid",
            None => "test",
        };
        let date: String = finding.at.map(UnixTime::in_japan).unwrap_or_default().chars().take(10).collect();
        return context.text("doctor-finding-certificate", &[("state", state.into()), ("date", date.into())]);
    }
    let cause = context.text(&format!("doctor-{}-cause", finding.node), &[]);
    match &finding.reader {
        Some(reader) => {
            context.text("doctor-finding-reader", &[("reader", reader.clone().into()), ("cause", cause.into())])
        }
        None => cause,
    }
}

/// What to do about it.
fn action(finding: &Finding, context: &Context) -> String {
    if finding.node == Node::A4 {
        match finding.reason() {
            None => return context.text("doctor-finding-test-action", &[]),
            Some(Reason::MalformedData) => return context.text("doctor-finding-unreadable-action", &[]),
            Some(_) => {}
        }
    }
    context.text(&format!("doctor-{}-action", finding.node), &[])
}

fn json_of(finding: &Finding, context: &Context) -> Value {
    let mut members = Map::new();
    members.insert("node".to_owned(), json!(finding.node.id()));
    members.insert("severity".to_owned(), json!(finding.severity));
    let mut add = |key: &str, value: Value| {
        if !value.is_null() {
            members.insert(key.to_owned(), value);
        }
    };
    add("reader", json!(finding.reader));
    add("pin", json!(finding.secret.map(sitting::pin_word)));
    if let Some(counter) = finding.counter {
        let (state, remaining) = super::card::counter_words(counter);
        add("state", json!(state));
        add("remaining", json!(remaining));
    }
    add("at", json!(finding.at));
    add("code", json!(finding.reason()));
    add("detail", json!(cause(finding, context)));
    Value::Object(members)
}
