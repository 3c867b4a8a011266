//! `policy explain`: which rules decided a case, and where each of them comes from.

use honnin::kyc::{Case, CaseState, CaseView, EventKind, Store};
use honnin::policy::{RuleNumber, rules_behind};
use honnin::reason::Reason;
use honnin::store::OpenMode;
use serde_json::json;

use super::super::stores::{failed, open};
use super::{in_words, rule_json};
use crate::cli::arguments::PolicyExplainArguments;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::output::Report;

/// Names the rules behind where a case stands.
pub(crate) fn policy_explain(context: &Context, arguments: &PolicyExplainArguments) -> Result<Report, CliError> {
    let store = open(context, OpenMode::ReadOnly)?;
    let Some(case) = store.load_case(&arguments.case).map_err(failed)? else {
        let name = [("case", arguments.case.as_str().to_owned().into())];
        return Err(CliError::new(Reason::InputMalformed).because("cause-case-unknown", &name));
    };
    let case = case.facts;
    let reasons = reasons(store.as_ref(), &case).map_err(failed)?;
    let rules = rules(store.as_ref(), &case, &reasons).map_err(failed)?;
    let mut report = Report::new(json!({
        "case": CaseView::from(&case),
        "reasons": reasons,
        "rules": rules.iter().map(|rule| rule_json(rule, context)).collect::<Vec<_>>(),
    }));
    report.field(context.text("policy-case", &[]), case.id.as_str());
    report.field(context.text("policy-state", &[]), context.text(&format!("case-state-{}", case.state.as_str()), &[]));
    report.field(context.text("policy-name", &[]), format!("{} {}", case.policy.id, case.policy.revision));
    for reason in &reasons {
        report.field(context.text("policy-reason", &[]), format!("{} [{reason}]", context.messages.title(*reason)));
    }
    if rules.is_empty() {
        report.line(context.text("policy-nothing-decided", &[]));
    }
    for rule in &rules {
        let Some(source) = rule.source() else { continue };
        let origin = format!("[{}; {}]", source.confidence.as_str(), source.source);
        report.field(rule.as_str(), format!("{} {origin}", in_words(source, context)));
    }
    Ok(report)
}

/// The reasons the holder was last told, the decisive one first.
fn reasons(store: &dyn Store, case: &Case) -> Result<Vec<Reason>, honnin::kyc::StoreError> {
    Ok(match case.state {
        CaseState::Rejected { reason } => vec![reason],
        CaseState::Unavailable { .. } => vec![Reason::ValidityUnavailable],
        CaseState::UnderReview => vec![Reason::UnderReview],
        CaseState::Approved | CaseState::Created => Vec::new(),
        _ => {
            let events = store.events(&case.account)?;
            let of_case = events.into_iter().rev().filter(|event| event.case.as_ref() == Some(&case.id));
            let mut refused = of_case.filter_map(|event| match event.kind {
                EventKind::SubmissionRefused { reasons } => Some(reasons),
                _ => None,
            });
            refused.next().unwrap_or_default()
        }
    })
}

/// What the confirmation record says decided; without one, the rules behind the reasons.
fn rules(store: &dyn Store, case: &Case, reasons: &[Reason]) -> Result<Vec<RuleNumber>, honnin::kyc::StoreError> {
    let recorded = store.confirmation_record(&case.id)?.map(|record| record.because).unwrap_or_default();
    let mut rules: Vec<RuleNumber> = recorded.iter().filter_map(|number| number.parse().ok()).collect();
    if rules.is_empty() {
        for rule in reasons.iter().flat_map(|reason| rules_behind(*reason)) {
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
    }
    Ok(rules)
}
