//! `policy check`: whether a file is a complete policy, what it rests on, and what the law will change under it.

use honnin::policy::{LegalMethod, Letter, LetterTable, MethodChange, PolicyFile, VerifierStatus};
use honnin::reason::Reason;
use honnin::time::UnixTime;
use honnin::verdict::{Check, CheckId, Verdict, Warning};
use serde_json::{Value, json};

use super::{read_letters, read_policy};
use crate::cli::arguments::PolicyCheckArguments;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::messages::Sentence;
use crate::cli::output::Report;

/// Reads a policy, names its methods with their letters, and lists which of them end or change later.
pub(crate) fn policy_check(context: &Context, arguments: &PolicyCheckArguments) -> Result<Report, CliError> {
    let policy = read_policy(context, &arguments.file)?;
    let letters = read_letters(context, arguments.letters.as_deref())?;
    let at = context.instant();
    let methods = policy.legal_methods();
    let changes = letters.changes_after(at, &methods);
    let refused: Vec<LegalMethod> =
        methods.iter().copied().filter(|method| policy.method_refusal(*method, &letters, at).is_some()).collect();
    let (from, to) = policy.dates();
    let method_rows: Vec<Value> = methods
        .iter()
        .map(|method| {
            let in_force = letters.is_in_force(*method, at);
            json!({ "method": method, "letter": letters.letter(*method, at).to_string(), "in_force": in_force })
        })
        .collect();
    let change_rows: Vec<Value> = changes.iter().map(change_json).collect();
    let reference = policy.reference();
    let book = policy.book();
    let mut report = Report::new(json!({
        "policy": {
            "id": reference.id, "revision": reference.revision, "law_revision_id": reference.law_revision_id,
            "mock": policy.is_mock(), "effective_from": from, "effective_to": to,
            "in_force": policy.is_effective(at),
        },
        "tiers": book.tiers.iter().map(|tier| &tier.name).collect::<Vec<_>>(),
        "features": book.features.keys().collect::<Vec<_>>(),
        "methods": method_rows,
        "changes": change_rows,
        "law_id": letters.law_id,
    }));
    report.field(context.text("policy-name", &[]), format!("{} {}", reference.id, reference.revision));
    let until = to.map_or_else(|| context.text("policy-open", &[]), UnixTime::in_japan);
    report.field(context.text("policy-dates", &[]), format!("{} – {until}", from.in_japan()));
    let tiers: Vec<_> = book.tiers.iter().map(|tier| tier.name.as_str()).collect();
    report.field(context.text("policy-tiers", &[]), tiers.join(" < "));
    report.field(context.text("policy-features", &[]), book.features.len().to_string());
    for method in &methods {
        report.field(
            context.text("policy-method", &[]),
            format!("{method} ({})", letter(&letters.letter(*method, at), context)),
        );
    }
    for method in &refused {
        let name = ("method", method.as_str().into());
        report.line(match ended_on(*method, &letters, at) {
            Some(end) => context.text("policy-method-ended", &[name, ("date", date(end).into())]),
            None => context.text("policy-method-refused", &[name]),
        });
    }
    for change in &changes {
        report.line(sentence(change, context));
    }
    if !methods.is_empty() {
        let ids = [("law", letters.law_id.clone().into()), ("revision", reference.law_revision_id.clone().into())];
        report.line(context.text("policy-recheck-law", &ids));
    }
    report.warnings = warnings(&policy, at);
    let mut verdict = Verdict::new();
    verdict.record(Check::passed(CheckId::Format));
    verdict.record(match refused.first() {
        Some(method) => Check::failed(CheckId::Policy, Reason::MethodNotAccepted).with("method", method.as_str()),
        None => Check::passed(CheckId::Policy),
    });
    // The reason speaks to a holder; who checks a policy is its operator.
    report.next = Some((Reason::MethodNotAccepted, Sentence::Message("hint-policy-method", Vec::new())));
    report.verdict = Some(verdict);
    Ok(report)
}

fn change_json(change: &MethodChange) -> Value {
    json!({
        "method": change.method, "from": change.from, "before": change.before.to_string(),
        "after": change.after.to_string(), "ends": change.ends(), "narrowed": change.narrowed,
    })
}

fn sentence(change: &MethodChange, context: &Context) -> String {
    let arguments = [
        ("method", change.method.as_str().into()),
        ("date", date(change.from).into()),
        ("before", letter(&change.before, context).into()),
        ("after", letter(&change.after, context).into()),
    ];
    let told = match change {
        change if change.ends() => context.text("policy-method-ends", &arguments),
        change if change.before == change.after => context.text("policy-method-narrowed", &arguments),
        _ => context.text("policy-method-letter", &arguments),
    };
    if change.narrowed && change.before != change.after {
        format!("{told} {}", context.text("policy-method-narrowed", &arguments))
    } else {
        told
    }
}

/// The day in Japan.
fn date(at: UnixTime) -> String {
    at.in_japan().split('T').next().unwrap_or_default().to_owned()
}

/// A kana as it is, a state in words.
fn letter(letter: &Letter, context: &Context) -> String {
    match letter {
        Letter::Kana(kana) => kana.to_string(),
        Letter::NotYet => context.text("policy-letter-not-yet", &[]),
        Letter::Abolished => context.text("policy-letter-abolished", &[]),
        Letter::Unsettled => context.text("policy-letter-unsettled", &[]),
    }
}

/// When the law ended a method that it does not know at `at`.
fn ended_on(method: LegalMethod, letters: &LetterTable, at: UnixTime) -> Option<UnixTime> {
    let mut ends = letters.boundaries().iter().copied().filter(|end| {
        *end <= at && letters.is_in_force(method, end.plus_seconds(-1)) && !letters.is_in_force(method, *end)
    });
    ends.next_back()
}

/// What is allowed and yet worth knowing before the file is used.
fn warnings(policy: &PolicyFile, at: UnixTime) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if !policy.is_effective(at) {
        warnings.push(Warning::new("policy_not_in_force"));
    }
    if policy.is_mock() {
        warnings.push(Warning::new("policy_is_mock"));
    }
    if policy.certificate().is_some_and(|policy| policy.verifier.value.status == VerifierStatus::Undeclared) {
        warnings.push(Warning::new("policy_verifier_undeclared"));
    }
    warnings
}
