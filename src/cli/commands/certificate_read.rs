//! `certificate read`: one certificate off the card, as it is there.

use serde_json::json;
use x509_cert::der::pem::{LineEnding, encode_string};

use honnin::card::{Access, CertificateFile, Key, jpki};
use honnin::certificate::Certificate;
use honnin::reason::Reason;

use crate::cli::arguments::{CertificateForm, CertificateName, CertificateReadArguments};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::files;
use crate::cli::output::Report;
use crate::cli::sitting;

/// Reads a certificate and writes it to `--out` or standard output. The signing certificate carries name and address:
/// it needs its password and goes to a file only.
pub(crate) fn certificate_read(context: &Context, arguments: &CertificateReadArguments) -> Result<Report, CliError> {
    match &arguments.out {
        Some(path) => files::check_writable(path)?,
        None if context.screen.stdout_is_terminal && arguments.form == CertificateForm::Der && !context.screen.json => {
            return Err(CliError::new(Reason::Usage).because("cause-der-to-terminal", &[]));
        }
        None => {}
    }
    let (which, word) = match arguments.certificate {
        CertificateName::UserAuthentication => (CertificateFile::UserAuthentication, "user_authentication"),
        CertificateName::UserAuthenticationCa => (CertificateFile::UserAuthenticationCa, "user_authentication_ca"),
        CertificateName::DigitalSignature => (CertificateFile::DigitalSignature, "digital_signature"),
        CertificateName::DigitalSignatureCa => (CertificateFile::DigitalSignatureCa, "digital_signature_ca"),
    };
    let (opened, certificate, warnings) = if which == CertificateFile::DigitalSignature {
        let purpose = [context.text("discloses-signing-certificate", &[])];
        let (mut opened, answer) = sitting::open_with_secret(context, Key::DigitalSignature, &purpose)?;
        let caution = opened.caution;
        let certificate = opened.session.run(async |card| {
            jpki::select(card).await?;
            jpki::unlock(card, Key::DigitalSignature, &answer.secret, caution).await?;
            jpki::read_certificate(card, which).await
        })?;
        (opened, certificate, answer.warnings)
    } else {
        let mut opened = sitting::open(context, Access::Shared)?;
        let certificate = opened.session.run(async |card| {
            jpki::select(card).await?;
            jpki::read_certificate(card, which).await
        })?;
        (opened, certificate, Vec::new())
    };
    let closed = opened.close()?;
    // What the card calls a certificate is one before it is written anywhere.
    Certificate::from_der(&certificate).map_err(|error| {
        CliError::new(error.reason()).because("cause-card-certificate", &[("words", error.to_string().into())])
    })?;
    let bytes = match arguments.form {
        CertificateForm::Der => certificate.to_vec(),
        CertificateForm::Pem => pem(&certificate)?,
    };
    let mut report = Report::new(json!({
        "certificate": word,
        "bytes": bytes.len(),
        "exchanges": closed.exchanges,
        "out": arguments.out.as_ref().map(|path| path.display().to_string()),
        "pem": if arguments.out.is_none() { String::from_utf8(pem(&certificate)?).ok() } else { None },
    }));
    report.warnings = warnings;
    report.remark_on(&closed);
    match &arguments.out {
        Some(path) => {
            match which {
                CertificateFile::DigitalSignature => files::write_whole(path, &bytes)?,
                _without_a_secret => files::write_repeatable(path, &bytes)?,
            }
            let file = path.display().to_string();
            report.line(context.text("written", &[("file", file.into()), ("bytes", bytes.len().into())]));
        }
        None => report.bytes = Some(bytes),
    }
    Ok(report)
}

fn pem(der: &[u8]) -> Result<Vec<u8>, CliError> {
    encode_string("CERTIFICATE", LineEnding::LF, der)
        .map(String::into_bytes)
        .map_err(|error| CliError::new(Reason::Internal).caused_by(error))
}
