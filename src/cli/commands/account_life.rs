//! `account features`, `account stop`, `account resume`, `account withdraw`: what an account may do, and the operator's hand on it.

use honnin::customer::Customers;
use honnin::kyc::{AccountId, AccountView};
use honnin::reason::Reason;
use honnin::store::OpenMode;
use honnin::wallet::{Answer, Channel, Command, Refusal, Request, features};
use serde_json::json;
use std::path::Path;

use super::account::describe;
use super::stores::{failed, open, policy, unknown};
use crate::cli::arguments::{AccountPolicyArguments, AccountResumeArguments};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::messages::Sentence;
use crate::cli::output::{Problem, Report};

/// Every feature of the policy, with all that keeps it closed (GATE-11, GATE-13). What the holder would bring along, a one-time
/// password for one, is taken as given.
pub(crate) fn account_features(context: &Context, arguments: &AccountPolicyArguments) -> Result<Report, CliError> {
    let (store, policy) = (open(context, OpenMode::ReadOnly)?, policy(context, arguments.policy.as_deref())?);
    let kept = Customers::new(store.as_ref(), &policy).load(&arguments.account).map_err(failed)?;
    let wallet = kept.ok_or_else(|| unknown(&arguments.account))?.wallet;
    let views = features(&wallet, &policy, context.instant());
    let view = AccountView::from(&wallet.account);
    let reference = &policy.reference;
    let mut report = Report::new(json!({
        "account": view,
        "policy": { "id": reference.id, "revision": reference.revision },
        "features": views,
    }));
    describe(&mut report, &view, context);
    for view in &views {
        let state = if view.open { "feature-open" } else { "feature-closed" };
        let name = context.text(&format!("feature-name-{}", view.feature.as_str()), &[]);
        report.field(name, context.text(state, &[]));
        list(&mut report, &view.missing, context);
    }
    Ok(report)
}

/// The operator's stop (LIFE-03): beside whatever else holds the account.
pub(crate) fn account_stop(context: &Context, arguments: &AccountPolicyArguments) -> Result<Report, CliError> {
    ask(context, &arguments.account, arguments.policy.as_deref(), Verb::Stop, Command::StopByOperator)
}

/// Lifts the operator's stop and no other hold, once what LIFE-03 asks for was done.
pub(crate) fn account_resume(context: &Context, arguments: &AccountResumeArguments) -> Result<Report, CliError> {
    let AccountResumeArguments { account, call_made, photo_matched, policy } = arguments;
    let command = Command::Release { call_made: *call_made, photo_matched: *photo_matched };
    ask(context, account, policy.as_deref(), Verb::Resume, command)
}

/// Ends the relation (LIFE-10 to LIFE-15).
pub(crate) fn account_withdraw(context: &Context, arguments: &AccountPolicyArguments) -> Result<Report, CliError> {
    ask(context, &arguments.account, arguments.policy.as_deref(), Verb::Withdraw, Command::Withdraw { code: None })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Stop,
    Resume,
    Withdraw,
}

fn ask(
    context: &Context,
    account: &AccountId,
    file: Option<&Path>,
    verb: Verb,
    command: Command,
) -> Result<Report, CliError> {
    let at = context.instant_of_writing()?;
    let (store, policy) = (open(context, OpenMode::Existing)?, policy(context, file)?);
    let request = Request::new(Channel::Operator, command);
    let customers = Customers::new(store.as_ref(), &policy);
    let ruling = customers.ask(account, &request, at).map_err(failed)?;
    let ruling = ruling.ok_or_else(|| unknown(account))?;
    let view = AccountView::from(&ruling.wallet.account);
    let missing: &[Refusal] = match &ruling.answer {
        Answer::Refused(refusals) => refusals,
        Answer::Done | Answer::Unchanged => &[],
    };
    let changed = ruling.answer == Answer::Done;
    // The years are those of a record: where nothing was ever confirmed there is none to keep.
    let retain_until = match ruling.wallet.facts.life.retain_until {
        Some(until) if !store.records_of(account).map_err(failed)?.is_empty() => Some(until),
        _ => None,
    };
    let mut report = Report::new(json!({
        "account": view,
        "changed": changed,
        "missing": missing,
        "retain_until": retain_until,
        "rules": ruling.because.iter().map(ToString::to_string).collect::<Vec<_>>(),
    }));
    describe(&mut report, &view, context);
    if let Some(until) = retain_until {
        report.field(context.text("label-retain-until", &[]), until.in_japan());
    }
    if ruling.answer == Answer::Unchanged {
        report.line(context.text("account-unchanged", &[]));
    }
    list(&mut report, missing, context);
    report.problem = missing.first().map(|first| {
        let (cause, hint) = to_the_operator(verb, first.reason);
        let message = |key| Sentence::Message(key, Vec::new());
        Problem { reason: first.reason, cause: cause.map(message), hint: hint.map(message) }
    });
    Ok(report)
}

/// What is the matter and what to do next, where the catalogue's own words are for the holder and not for whoever runs this.
const fn to_the_operator(verb: Verb, reason: Reason) -> (Option<&'static str>, Option<&'static str>) {
    match (verb, reason) {
        (Verb::Resume, Reason::UnderReview) => (Some("cause-account-release"), Some("hint-account-release")),
        (Verb::Resume, Reason::FlowOutOfOrder) => (Some("cause-account-not-stopped"), Some("hint-account-show")),
        // The policy's condition stands: what the holder alone receives, nobody types for them.
        (Verb::Withdraw, Reason::OneTimePasswordRequired) => {
            (Some("cause-account-asks-a-code"), Some("hint-account-asks-a-code"))
        }
        (_, Reason::AccountStoppedByOperator) => (Some("cause-account-stopped"), Some("hint-account-resume")),
        (_, Reason::AccountStoppedByUser | Reason::AccountLocked) => (None, Some("hint-account-holders-hold")),
        (_, Reason::AccountWithdrawn) => (None, Some("hint-account-closed")),
        _ => (None, None),
    }
}

/// What is missing, in order: the reason, what tells it from its like, when it ends by itself, and the rule.
fn list(report: &mut Report, missing: &[Refusal], context: &Context) {
    for refusal in missing {
        let mut words = vec![refusal.reason.to_string(), refusal.rule.to_string()];
        words.extend(refusal.detail.iter().map(|word| (*word).to_owned()));
        words.extend(refusal.until.map(|until| until.in_japan()));
        report.line(format!("  {} [{}]", context.messages.title(refusal.reason), words.join("; ")));
    }
}
