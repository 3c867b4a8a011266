//! `evidence verify`: a bundle, as of its own time and as of now, with nothing but the file and the reader's anchors.

use std::path::Path;

use serde_json::json;

use honnin::reason::Reason;
use honnin::record::{AuditHead, Bundle, BundleError, KeptEvidence, TimeStampStanding};
use honnin::verdict::{Check, CheckId, Conclusion, Verdict, Warning};

use super::audit;
use super::validation::anchors;
use crate::cli::arguments::{AnchorSet, EvidenceVerifyArguments};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::files;
use crate::cli::output::Report;

/// Verifies a bundle. The answer is the verdict as of then; what holds now is told beside it.
pub(crate) fn evidence_verify(context: &Context, arguments: &EvidenceVerifyArguments) -> Result<Report, CliError> {
    let authorities = anchors(AnchorSet::None, &arguments.time_stamp_anchors)?;
    let anchors = anchors(arguments.anchors, &arguments.own_anchors)?;
    let bytes = files::read(&arguments.bundle)?;
    let bundle = match Bundle::read(&bytes) {
        Ok(bundle) => bundle,
        Err(error) => return Ok(refused(&arguments.bundle, &error)),
    };
    let verification = match bundle.verify_trusting(&anchors, &authorities, context.instant()) {
        Ok(verification) => verification,
        Err(error) => return Ok(refused(&arguments.bundle, &error)),
    };
    let audit = match &arguments.audit {
        None => None,
        Some(log) => match held_against(&bundle, log)? {
            Ok(head) => Some(head),
            Err(error) => return Ok(refused(&arguments.bundle, &error)),
        },
    };
    let case = bundle.case();
    let digest = hex::encode(bundle.digest());
    let trust = |conclusion: Conclusion| if conclusion == Conclusion::Yes { "trusted" } else { "unknown" };
    let stamp = |standing: &TimeStampStanding| {
        let TimeStampStanding { generated_at, then, now } = *standing;
        json!({ "at": generated_at, "authority": trust(then), "authority_now": trust(now) })
    };
    let time_stamps: Vec<_> = verification.time_stamps.iter().map(stamp).collect();
    let mut report = Report::new(json!({
        "digest": digest,
        "case": case.case,
        "account": case.account,
        "policy": case.policy,
        "method": case.method,
        "verifier": case.verifier,
        "received_at": case.received_at,
        "confirmed_at": case.confirmed_at,
        "because": case.because,
        "audit": audit.map(|head| json!({ "entries": head.entries, "head": head.to_string() })),
        "changed": [],
        "differing": verification.differing,
        "revocation_part": verification.revocation_part,
        "time_stamps": time_stamps,
        "now": { "at": verification.now_at, "checks": verification.now.checks() },
    }));
    let policy = format!("{}/{} ({})", case.policy.id, case.policy.revision, case.policy.law_revision_id);
    for (label, value) in [
        ("label-bundle-digest", digest),
        ("label-case", case.case.to_string()),
        ("label-account", case.account.to_string()),
        ("label-method", case.method.clone()),
        ("label-decided-by", policy),
        ("label-confirmed-at", case.confirmed_at.in_japan()),
        ("label-now", in_words(&verification.now, context)),
        ("label-then", context.text("label-then-value", &[])),
    ] {
        report.field(context.text(label, &[]), value);
    }
    if let Some(head) = &audit {
        let words = [("head", head.to_string().into())];
        report.field(context.text("label-audit", &[]), context.text("audit-has-the-digests", &words));
    }
    for standing in &verification.time_stamps {
        let key = match (standing.then, standing.now) {
            (Conclusion::Yes, Conclusion::Yes) => "time-stamp-trusted",
            (Conclusion::Yes, _) => "time-stamp-trusted-then",
            _ => "time-stamp-unknown",
        };
        let words = context.text(key, &[("at", standing.generated_at.in_japan().into())]);
        report.field(context.text("label-time-stamp", &[]), words);
    }
    report.warnings.push(Warning::new("internal_only"));
    if !verification.differing.is_empty() {
        report.warnings.push(Warning::new("checks_differ").with("checks", json!(verification.differing)));
    }
    report.verdict = Some(verification.then);
    Ok(report)
}

/// The head of the log that remembers this very bundle since the approval, or what of the bundle is not what it remembers: whoever
/// makes all digests of a bundle anew cannot make those.
fn held_against(bundle: &Bundle, log: &Path) -> Result<Result<AuditHead, BundleError>, CliError> {
    let mut kept = None;
    let report = audit::read(log, None, |line| {
        kept = KeptEvidence::of_line(line).filter(|it| it.case == bundle.case().case).or(kept.take());
    })?;
    if report.problems > 0 {
        return Err(audit::broken(log, &report));
    }
    let Some(kept) = kept else {
        let words = [("file", log.display().to_string().into())];
        let missing = CliError::new(Reason::MalformedData).because("cause-bundle-not-in-log", &words);
        return Err(missing.hinting("hint-log-of-the-store", &[]));
    };
    let changed = |part: &str| Err(BundleError::Changed { part: part.to_owned() });
    Ok(if kept.policy != bundle.case().policy_sha256 {
        changed("policy.toml")
    } else if kept.bundle != hex::encode(bundle.digest()) {
        changed("bundle")
    } else {
        Ok(report.head)
    })
}

fn in_words(verdict: &Verdict, context: &Context) -> String {
    let told = |key: &str, reason: Reason| {
        let title = context.messages.title(reason);
        context.text(key, &[("title", title.into()), ("code", reason.code().into())])
    };
    match verdict.conclusion() {
        Conclusion::Yes => context.text("now-yes", &[]),
        Conclusion::No(reason) => told("now-no", reason),
        Conclusion::Undetermined(reason) => told("now-undetermined", reason),
    }
}

/// The bundle is not what was written, or is of another time than this program: which part, and nothing beyond.
fn refused(file: &Path, error: &BundleError) -> Report {
    let (key, hint) = match error {
        BundleError::Changed { .. } => ("cause-bundle-changed", "hint-bundle-changed"),
        BundleError::OtherVersion { .. } => ("cause-bundle-version", "hint-bundle-version"),
        BundleError::NoPolicy => ("cause-bundle-no-policy", "hint-bundle-no-policy"),
        BundleError::OtherPolicy => ("cause-bundle-policy", "hint-bundle-version"),
        _ => ("cause-bundle-malformed", "hint-bundle-changed"),
    };
    let part = error.part().to_owned();
    let mut words = vec![
        ("file", file.display().to_string().into()),
        ("part", part.clone().into()),
        ("words", error.to_string().into()),
    ];
    let mut changed = vec![part.clone()];
    match *error {
        BundleError::OtherVersion { found, known } => {
            changed.clear();
            words.extend([("found", found.into()), ("known", known.into())]);
        }
        BundleError::NoPolicy | BundleError::OtherPolicy => changed.clear(),
        _ => {}
    }
    let failure = CliError::new(error.reason()).because(key, &words[..]).hinting(hint, &[]);
    let mut report: Report = failure.with("changed", json!(changed)).into();
    let mut verdict = Verdict::new();
    verdict.record(Check::failed(CheckId::Format, error.reason()).with("part", part));
    report.verdict = Some(verdict);
    report
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::messages::{Language, Messages};

    /// Only what was changed is said to have been changed; another program's policy is told as that.
    #[test]
    fn a_refused_bundle_is_told_what_it_is() {
        let changed = BundleError::Changed { part: "proof.p7m".to_owned() };
        for (error, en, ja) in [
            (BundleError::OtherVersion { found: 1, known: 2 }, "version 1;", "形式1"),
            (BundleError::OtherPolicy, "is whole", "変更はありません"),
            (BundleError::NoPolicy, "no policy was kept", "方針が保管されていません"),
            (changed.clone(), "was changed", "変更されています"),
        ] {
            let report = refused(Path::new("a.evidence"), &error);
            let failure = report.problem.as_ref().unwrap();
            for (language, expected) in [(Language::En, en), (Language::Ja, ja)] {
                let messages = Messages::new(language);
                let told = failure.cause.as_ref().unwrap().in_words(&messages);
                assert!(told.contains(expected), "{told}");
                let hint = failure.hint.as_ref().unwrap().in_words(&messages);
                let again = if language == Language::En { "Fetch the bundle again" } else { "取り直し" };
                assert_eq!(hint.contains(again), error == changed, "{hint}");
            }
        }
    }
}
