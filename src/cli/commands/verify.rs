//! `verify`: a CMS SignedData, its signature, and path and revocation of who signed.

use std::path::Path;

use serde_json::{Value, json};

use honnin::certificate::Certificate;
use honnin::proof::{ProofError, SignedStatement, Signer, VerifiedSigner};
use honnin::reason::Reason;
use honnin::time::UnixTime;
use honnin::validation::unreadable;
use honnin::verdict::{Check, CheckId, Conclusion, Verdict};

use super::validation::{Surroundings, at_signing_json, revocation_json};
use crate::cli::arguments::VerifyArguments;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::files;
use crate::cli::output::Report;

/// Verifies every signer of a signed file. With several, the first that does not hold decides.
pub(crate) fn verify(context: &Context, arguments: &VerifyArguments) -> Result<Report, CliError> {
    let bytes = files::read(&arguments.file)?;
    let content = arguments.content.as_ref().map(|path| files::read(path));
    let content = content.transpose()?;
    let statement = match SignedStatement::parse(&bytes) {
        Ok(statement) => statement,
        Err(error) => return Ok(refused(&arguments.file, error, &[Check::failed(CheckId::Format, error.reason())])),
    };
    let answers = match statement.verify_each(content.as_deref()) {
        Ok(answers) => answers,
        Err(ProofError::ContentMissing) => {
            return Err(CliError::new(Reason::Usage).because("cause-content-missing", &[]));
        }
        Err(error) => {
            let checks = [Check::passed(CheckId::Format), Check::failed(CheckId::Signature, error.reason())];
            return Ok(refused(&arguments.file, error, &checks));
        }
    };
    // What came along may stand in between; it is never an anchor.
    let along = statement.certificates().filter_map(|der| Certificate::from_der(der).ok());
    let surroundings = Surroundings::load(&arguments.validation)?.with_intermediates(along);

    let mut report = Report::new(Value::Null);
    let mut signers = Vec::new();
    let mut decisive: Option<Verdict> = None;
    for (signer, answer) in statement.signers().iter().zip(&answers) {
        let (verdict, members) = judge(signer, answer, &surroundings, context);
        let name = members["certificate"]["subject"].as_str().unwrap_or_default().to_owned();
        report.field(context.text("label-signer", &[]), name);
        if let Some(standing) = members["at_signing"]["standing"].as_str() {
            let at = signer.signing_time().map(UnixTime::in_japan).unwrap_or_default();
            let arguments = [("standing", standing.to_owned().into()), ("at", at.into())];
            report.field(context.text("label-at-signing", &[]), context.text("standing-at-signing", &arguments));
        }
        signers.push(members);
        decisive = Some(match decisive {
            Some(before) if rank(&before) >= rank(&verdict) => before,
            _ => verdict,
        });
    }
    report.result = json!({ "signers": signers, "at": context.instant(), "detached": statement.content().is_none() });
    report.verdict = decisive;
    surroundings.tell_of_sources(&mut report);
    super::validation::advise(&mut report);
    Ok(report)
}

/// The report on a file that got no further than these checks.
fn refused(file: &Path, error: ProofError, checks: &[Check]) -> Report {
    let key = if let ProofError::Mismatch(_) = error { "cause-content-mismatch" } else { "cause-cms" };
    let words = [("file", file.display().to_string().into()), ("words", error.to_string().into())];
    let mut report: Report = CliError::new(error.reason()).because(key, &words).into();
    let mut verdict = Verdict::new();
    for check in checks {
        verdict.record(check.clone());
    }
    report.verdict = Some(verdict);
    report
}

/// Nothing is known of a signer whose certificate is not there.
fn without_certificate(error: &ProofError) -> Verdict {
    let mut verdict = Verdict::new();
    verdict.record(Check::failed(CheckId::Format, error.reason()));
    for id in [CheckId::Path, CheckId::Purpose, CheckId::ValidityPeriod, CheckId::Profile, CheckId::Revocation] {
        verdict.record(Check::not_run(id));
    }
    verdict
}

/// No beats undetermined, undetermined beats yes.
fn rank(verdict: &Verdict) -> u8 {
    match verdict.conclusion() {
        Conclusion::Yes => 0,
        Conclusion::Undetermined(_) => 1,
        Conclusion::No(_) => 2,
    }
}

fn judge(
    signer: &Signer,
    answer: &Result<VerifiedSigner, ProofError>,
    surroundings: &Surroundings,
    context: &Context,
) -> (Verdict, Value) {
    let mut verdict = Verdict::new();
    let mut members = json!({ "signed_at": signer.signing_time() });
    match signer.certificate().map(Certificate::from_der) {
        Ok(Ok(certificate)) => {
            // Of a signature that does not match, what it says of its own time means nothing.
            let signed_at = signer.signing_time().filter(|_| answer.is_ok());
            let validation = match signed_at {
                Some(signed_at) => {
                    let both = surroundings.reverify(&certificate, context.instant(), signed_at);
                    members["at_signing"] = at_signing_json(&both);
                    both.now
                }
                None => surroundings.verify(&certificate, context.instant()),
            };
            members["certificate"] = json!(certificate.disclose());
            members["profile"] = json!(validation.profile.as_str());
            members["revocation"] = revocation_json(&validation.revocation);
            verdict.absorb(validation.verdict);
        }
        // A certificate that cannot be read is a failed check: without one nothing else is known of the signer.
        Ok(Err(error)) => verdict.absorb(unreadable(&error, surroundings.profile()).verdict),
        Err(error) => verdict.absorb(without_certificate(&error)),
    }
    verdict.record(match answer {
        Ok(_) => Check::passed(CheckId::Signature),
        Err(error) => Check::failed(CheckId::Signature, error.reason()),
    });
    if let Err(error @ (ProofError::AlgorithmNotAllowed | ProofError::KeyTooWeak)) = answer {
        verdict.record(Check::failed(CheckId::Algorithm, error.reason()));
    }
    members["checks"] = json!(verdict.checks());
    (verdict, members)
}
