//! `recheck`: every kept signing certificate against today's lists.

use std::time::{Duration, Instant};

use honnin::anchors::AnchorSet;
use honnin::reason::Reason;
use honnin::recheck::{Issuers, Recheck, RecheckError};
use honnin::store::OpenMode;
use honnin::validation::{IndexedCrl, RevocationGap, RevocationIndex, Threads};
use honnin::verdict::{Check, CheckId, Verdict, Warning};
use serde_json::json;

use super::stores::{open, policy};
use super::validation::{anchors, crls_in};
use crate::cli::arguments::RecheckArguments;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::output::Report;

/// How often a person is told how far it has come.
const TOLD_EVERY: Duration = Duration::from_secs(1);

/// Sweeps, and reports by reason. An interrupted sweep goes on where it stood when the command is run again.
pub(crate) fn recheck(context: &Context, arguments: &RecheckArguments) -> Result<Report, CliError> {
    let store = open(context, OpenMode::Existing)?;
    let anchors = anchors(arguments.issuers.anchors, &arguments.issuers.own_anchors)?;
    let policy = policy(context, arguments.policy.as_deref())?;
    let mut warnings = Vec::new();
    let index = index(arguments, &anchors, &mut warnings)?;
    let recheck = Recheck::new(store.as_ref(), &policy, Issuers::of(&anchors), &index);
    let mut told = Instant::now();
    let sweep = recheck.run(context.instant(), |sweep| {
        if told.elapsed() >= TOLD_EVERY {
            told = Instant::now();
            context.tell("recheck-progress", &[("n", sweep.report.accounts.into())]);
        }
        true
    });
    let sweep = sweep.map_err(|error| match error {
        RecheckError::Concurrent => CliError::new(error.reason()).because("cause-recheck-concurrent", &[]),
        other => CliError::new(other.reason()).caused_by(other),
    })?;
    let found = &sweep.report;
    let reference = &policy.reference;
    let mut report = Report::new(json!({
        "started_at": sweep.started_at,
        "finished_at": sweep.finished_at,
        "policy": { "id": reference.id, "revision": reference.revision },
        "found": found,
    }));
    let mut count = |label: &str, count: u64| report.field(context.text(label, &[]), count.to_string());
    count("recheck-accounts", found.accounts);
    count("recheck-unchanged", found.unchanged);
    count("recheck-revoked", found.revoked_in_all());
    count("recheck-due", found.due);
    if found.without_wallet > 0 {
        count("recheck-without-wallet", found.without_wallet);
    }
    count("recheck-expired", found.expired);
    count("recheck-undetermined", found.undetermined_in_all());
    for (reason, n) in &found.revoked {
        report.line(context.text("recheck-by-reason", &[("reason", reason.clone().into()), ("n", (*n).into())]));
    }
    for (gap, n) in &found.undetermined {
        report.line(context.text("recheck-by-gap", &[("gap", gap.clone().into()), ("n", (*n).into())]));
    }
    report.warnings = warnings;
    // Revoked certificates are what a sweep looks for; only what stayed open is no full answer.
    if !found.undetermined.is_empty() || found.unreadable > 0 {
        let mut verdict = Verdict::new();
        verdict.record(Check::undetermined(CheckId::Revocation, Reason::ValidityUnavailable));
        report.verdict = Some(verdict);
    }
    Ok(report)
}

/// The lists, each under the anchor that signed it. One that cannot be used is told and answers nobody.
fn index(
    arguments: &RecheckArguments,
    anchors: &AnchorSet,
    warnings: &mut Vec<Warning>,
) -> Result<RevocationIndex, CliError> {
    let mut index = RevocationIndex::new();
    for file in &arguments.crls {
        for list in crls_in(file)? {
            let mut gap = RevocationGap::OtherIssuer;
            let mut issuers = anchors.for_purpose(None).map(|anchor| anchor.certificate());
            let found = issuers.find(|issuer| list.signed_by(issuer).map_err(|found| gap = gap.max(found)).is_ok());
            let indexed = match found {
                Some(issuer) => IndexedCrl::new(list, issuer, Threads::Two),
                None => Err(gap),
            };
            match indexed {
                Ok(list) => index.add(list),
                Err(gap) => warnings.push(
                    Warning::new("list_not_used").with("file", file.display().to_string()).with("why", gap.as_str()),
                ),
            }
        }
    }
    Ok(index)
}
