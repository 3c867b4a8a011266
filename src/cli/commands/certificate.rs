//! `certificate show`: the typed profile of a certificate in a file.

use std::path::Path;

use serde_json::json;

use honnin::certificate::{Certificate, CertificateError, DisclosedCertificate};
use honnin::validation::unreadable;
use honnin::verdict::Warning;

use super::validation::Surroundings;
use crate::cli::arguments::{CertificateShowArguments, CertificateVerifyArguments};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::files;
use crate::cli::output::Report;

/// Shows what the first certificate of a file says. Nothing is verified.
pub(crate) fn certificate_show(context: &Context, arguments: &CertificateShowArguments) -> Result<Report, CliError> {
    let (certificate, more) = leaf_and_more(&arguments.file)?;
    let disclosed = certificate.disclose();
    let mut report = Report::new(json!({ "certificate": disclosed }));
    describe(&mut report, &disclosed, context);
    if !more.is_empty() {
        report.warnings.push(Warning::new("more_certificates").with("count", more.len()));
    }
    Ok(report)
}

/// Path and revocation of a certificate, every check named.
pub(crate) fn certificate_verify(
    context: &Context,
    arguments: &CertificateVerifyArguments,
) -> Result<Report, CliError> {
    let surroundings = Surroundings::load(&arguments.validation)?;
    let bytes = files::read(&arguments.file)?;
    let (leaf, more) = match Certificate::from_der_or_pem(&bytes) {
        Ok(certificates) => first_of(certificates, &arguments.file)?,
        // A certificate that cannot be read is a failed check like any other, with the rest not run.
        Err(error) => {
            let mut report = Report::new(json!({}));
            report.verdict = Some(unreadable(&error, surroundings.profile()).verdict);
            return Ok(report);
        }
    };
    let validation = surroundings.verify(&leaf, context.instant());
    let disclosed = leaf.disclose();
    let mut report = Report::new(json!({
        "certificate": disclosed,
        "profile": validation.profile.as_str(),
        "at": context.instant(),
        "revocation": super::validation::revocation_json(&validation.revocation),
        "valid_policies": validation.path.as_ref().map(|path| {
            path.valid_policies().iter().map(ToString::to_string).collect::<Vec<_>>()
        }),
    }));
    report.field(context.text("label-subject", &[]), &disclosed.subject);
    report.field(context.text("label-profile", &[]), validation.profile.as_str());
    report.field(context.text("label-at", &[]), context.instant().in_japan());
    report.verdict = Some(validation.verdict);
    surroundings.tell_of_sources(&mut report);
    super::validation::advise(&mut report);
    if !more.is_empty() {
        report.warnings.push(Warning::new("more_certificates").with("count", more.len()));
    }
    Ok(report)
}

/// The first certificate of a file, and the others after it.
pub(crate) fn leaf_and_more(path: &Path) -> Result<(Certificate, Vec<Certificate>), CliError> {
    first_of(certificates_in(path)?, path)
}

fn first_of(mut certificates: Vec<Certificate>, path: &Path) -> Result<(Certificate, Vec<Certificate>), CliError> {
    let rest = certificates.split_off(1.min(certificates.len()));
    match certificates.pop() {
        Some(first) => Ok((first, rest)),
        None => Err(not_a_certificate(path, &CertificateError::Absent)),
    }
}

/// Every certificate of a file, DER or PEM.
pub(crate) fn certificates_in(path: &Path) -> Result<Vec<Certificate>, CliError> {
    let bytes = files::read(path)?;
    Certificate::from_der_or_pem(&bytes).map_err(|error| not_a_certificate(path, &error))
}

pub(crate) fn not_a_certificate(path: &Path, error: &CertificateError) -> CliError {
    let kind = match error {
        CertificateError::Absent => "absent",
        CertificateError::Truncated { .. } => "cut-short",
        _ => "other",
    };
    let file = path.display().to_string();
    let arguments = [("file", file.into()), ("kind", kind.into()), ("words", error.to_string().into())];
    CliError::new(error.reason()).because("cause-certificate", &arguments)
}

/// The certificate line by line, personal data included: it is the holder who asked.
pub(crate) fn describe(report: &mut Report, certificate: &DisclosedCertificate, context: &Context) {
    let text = |key: &str| context.text(key, &[]);
    let kind = json!(certificate.kind).as_str().unwrap_or_default().to_owned();
    report.field(text("label-kind"), context.text("certificate-kind", &[("kind", kind.into())]));
    report.field(text("label-subject"), &certificate.subject);
    report.field(text("label-issuer"), &certificate.issuer);
    report.field(text("label-serial"), &certificate.serial);
    report.field(text("label-not-before"), certificate.not_before.in_japan());
    report.field(text("label-not-after"), certificate.not_after.in_japan());
    let key = &certificate.public_key;
    report.field(text("label-public-key"), format!("{} {}", key.algorithm, key.bits.unwrap_or(0)));
    for policy in &certificate.policies {
        report.field(text("label-policy"), policy.to_string());
    }
    report.field("SHA-256", &certificate.sha256);
    if let Some(attributes) = &certificate.attributes {
        let unknown = || text("value-unknown");
        report.field(text("label-name"), attributes.name.clone().unwrap_or_else(unknown));
        report.field(text("label-birthdate"), attributes.birthdate.clone().unwrap_or_else(unknown));
        report.field(
            text("label-sex"),
            context.text("sex-word", &[("word", attributes.sex_word.unwrap_or("unknown").into())]),
        );
        report.field(text("label-address"), attributes.address.clone().unwrap_or_else(unknown));
    }
}
