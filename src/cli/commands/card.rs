//! `card status` and `pin status`: what the card shows without a secret.

use serde_json::{Value, json};

use honnin::card::{self, Access, Application, CardKind, KnownSecret, RetryCounter};
use honnin::holder::{self, CardStatus};
use honnin::secret::SecretKind;
use honnin::time::{Position, UnixTime};
use honnin::verdict::Warning;

use super::card_details;
use crate::cli::arguments::PinStatusArguments;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::output::Report;
use crate::cli::sitting::{self, Opened, pin_word};

/// Label, kind, applications, counters and certificates of the card; with `-v` also what it tells about itself.
pub(crate) fn card_status(context: &Context) -> Result<Report, CliError> {
    let mut opened = sitting::open_with_atr(context, Access::Shared)?;
    let status = opened.session.run(async |dialogue| holder::look_over(dialogue).await)?;
    let details = match context.global.verbose {
        0 => None,
        _ => Some(opened.session.run(async |dialogue| holder::read_details(dialogue).await)?),
    };
    let closed = opened.close()?;
    let atr = closed.atr.as_ref().map(hex::encode);
    let mut result = json!({
        "card": { "label": status.label.as_str(), "kind": status.kind, "atr": atr },
        "applications": status.applications.iter().map(|application| application_word(*application)).collect::<Vec<_>>(),
        "pins": pins(&status.counters),
        "certificates": certificates(&status),
    });
    if let (Some(details), Value::Object(members)) = (&details, &mut result) {
        members.insert("details".to_owned(), card_details::json(details));
    }
    let mut report = Report::new(result);
    report.remark_on(&closed);
    report.warnings.extend(remarks(&status, context.instant()));
    if status.may_be_face_authentication_card() {
        report.warnings.push(Warning::new("possibly_face_authentication_card"));
    }
    describe(&mut report, &status, closed.reader.as_deref(), context);
    if let Some(details) = &details {
        card_details::describe(&mut report, details, context);
    }
    Ok(report)
}

/// The three counters, or every counter that is known.
pub(crate) fn pin_status(context: &Context, arguments: &PinStatusArguments) -> Result<Report, CliError> {
    if arguments.all {
        return every_counter(context);
    }
    let mut opened = sitting::open(context, Access::Shared)?;
    let counters = opened.session.run(async |dialogue| card::survey_pins(dialogue).await)?;
    let untold = counters.contains(&(SecretKind::DigitalSignature, RetryCounter::NotReported));
    let absent = untold && lacks_signing_certificate(&mut opened);
    let closed = opened.close()?;
    let mut report = Report::new(json!({ "pins": pins(&counters) }));
    report.remark_on(&closed);
    describe_pins(&mut report, &counters, absent, context);
    Ok(report)
}

/// Whether that is why no counter of its password is told. What cannot be found out is not said.
fn lacks_signing_certificate(opened: &mut Opened) -> bool {
    let found = opened.session.run(async |dialogue| card::survey(dialogue).await);
    found.is_ok_and(|found| found.digital_signature_present == Some(false))
}

fn every_counter(context: &Context) -> Result<Report, CliError> {
    let mut opened = sitting::open(context, Access::Shared)?;
    let counters = opened.session.run(async |dialogue| card::survey_every_counter(dialogue).await)?;
    let told = |(secret, counter): &(KnownSecret, RetryCounter)| {
        *secret == KnownSecret::DigitalSignature && *counter != RetryCounter::NotReported
    };
    let absent = !counters.iter().any(told) && lacks_signing_certificate(&mut opened);
    let closed = opened.close()?;
    let pins: Value = counters
        .iter()
        .map(|(secret, counter)| {
            let (state, remaining) = counter_words(*counter);
            let (word, kind) = known_secret(*secret);
            json!({ "pin": word, "state": state, "remaining": remaining, "maximum": kind.and_then(maximum) })
        })
        .collect();
    let mut report = Report::new(json!({ "pins": pins, "exchanges": closed.exchanges }));
    report.remark_on(&closed);
    let mut rows: Vec<_> = counters.into_iter().map(|(secret, counter)| (secret, Some(counter))).collect();
    if absent {
        rows.retain(|(secret, _)| *secret != KnownSecret::DigitalSignature);
        let place = rows.iter().take_while(|(secret, _)| *secret == KnownSecret::UserAuthentication).count();
        rows.insert(place, (KnownSecret::DigitalSignature, None));
    }
    for (secret, counter) in rows {
        let (word, kind) = known_secret(secret);
        let name = match kind {
            Some(kind) => context.messages.secret_name(kind),
            None => context.text("known-secret", &[("secret", word.into())]),
        };
        let words = counter.map_or_else(|| context.text("certificate-absent", &[]), |it| tries(Some(it), context));
        report.field(name, words);
    }
    Ok(report)
}

/// A secret as JSON names it, and its kind where it is one of the holder's three.
pub(crate) const fn known_secret(secret: KnownSecret) -> (&'static str, Option<SecretKind>) {
    match secret {
        KnownSecret::UserAuthentication => ("user_authentication", Some(SecretKind::UserAuthentication)),
        KnownSecret::DigitalSignature => ("digital_signature", Some(SecretKind::DigitalSignature)),
        KnownSecret::InputSupport => ("input_support", Some(SecretKind::InputSupport)),
        KnownSecret::InputSupportNumberA => ("input_support_number_a", None),
        KnownSecret::InputSupportNumberB => ("input_support_number_b", None),
        KnownSecret::SurfaceBirthDate => ("surface_birth_date", None),
        KnownSecret::SurfaceNumberB => ("surface_number_b", None),
        KnownSecret::SurfaceNumberA => ("surface_number_a", None),
        KnownSecret::ResidentRegister => ("resident_register", None),
        KnownSecret::CommonCard => ("common_card", None),
    }
}

/// What a person would otherwise find out only when something is refused.
fn remarks(status: &CardStatus, at: UnixTime) -> Option<Warning> {
    let certificate = &status.user_authentication;
    match certificate.validity.map(|validity| validity.position(at)) {
        Some(Position::Expired) => Some(Warning::new("authentication_certificate_expired")),
        Some(Position::NotYetValid) => Some(Warning::new("authentication_certificate_not_yet_valid")),
        None if certificate.is_unreadable() => Some(Warning::new("authentication_certificate_unreadable")),
        Some(Position::Within) | None => None,
    }
}

fn describe(report: &mut Report, status: &CardStatus, reader: Option<&str>, context: &Context) {
    let text = |key: &str| context.text(key, &[]);
    if let Some(reader) = reader {
        report.field(text("label-reader"), reader);
    }
    let kind = context.text("card-kind", &[("kind", kind_word(status.kind).into())]);
    report.field(text("label-card"), format!("{kind} ({})", status.label.as_str()));
    let applications: Vec<_> = status
        .applications
        .iter()
        .map(|application| context.text("application", &[("application", application_word(*application).into())]))
        .collect();
    report.field(text("label-applications"), applications.join(&text("list-separator")));
    describe_pins(report, &status.counters, status.digital_signature_present == Some(false), context);
    let present = |present: Option<bool>| match present {
        Some(true) => text("certificate-present"),
        Some(false) => text("certificate-absent"),
        None => text("certificate-unknown"),
    };
    let authentication = &status.user_authentication;
    let mut words = present(authentication.present);
    if let (Some(validity), Some(generation)) = (authentication.validity, authentication.issuer_generation) {
        let until = validity.not_after.in_japan();
        let generation = generation.as_str();
        words = context.text("certificate-until", &[("until", until.into()), ("generation", generation.into())]);
    }
    report.field(text("label-user-authentication-certificate"), words);
    report.field(text("label-digital-signature-certificate"), present(status.digital_signature_present));
}

/// The counters; where no signing certificate is (`absent`), no counter of its password can be missed.
fn describe_pins(report: &mut Report, counters: &[(SecretKind, RetryCounter)], absent: bool, context: &Context) {
    for (kind, counter) in counters {
        let words = match kind {
            SecretKind::DigitalSignature if absent => context.text("certificate-absent", &[]),
            _ => tries(Some(*counter), context),
        };
        report.field(context.messages.secret_name(*kind), words);
    }
}

/// A counter in words.
pub(crate) fn tries(counter: Option<RetryCounter>, context: &Context) -> String {
    let (state, remaining) = counter_words(counter.unwrap_or(RetryCounter::NotReported));
    context.text("tries", &[("state", state.into()), ("n", remaining.unwrap_or(0).into())])
}

/// The array `pins` of the contract.
pub(crate) fn pins(counters: &[(SecretKind, RetryCounter)]) -> Value {
    counters
        .iter()
        .map(|(kind, counter)| {
            let (state, remaining) = counter_words(*counter);
            json!({ "pin": pin_word(*kind), "state": state, "remaining": remaining, "maximum": maximum(*kind) })
        })
        .collect()
}

fn certificates(status: &CardStatus) -> Value {
    let authentication = &status.user_authentication;
    let mut user_authentication = json!({ "present": authentication.present });
    if let (Some(validity), Value::Object(members)) = (authentication.validity, &mut user_authentication) {
        members.insert("not_before".to_owned(), json!(validity.not_before));
        members.insert("not_after".to_owned(), json!(validity.not_after));
    }
    if let (Some(generation), Value::Object(members)) = (authentication.issuer_generation, &mut user_authentication) {
        members.insert("issuer_generation".to_owned(), json!(generation.as_str()));
    }
    json!({
        "user_authentication": user_authentication,
        "digital_signature": { "present": status.digital_signature_present },
    })
}

/// A counter as JSON names it.
pub(crate) fn counter_words(counter: RetryCounter) -> (&'static str, Option<u8>) {
    match counter {
        RetryCounter::Remaining(left) => ("remaining", Some(left)),
        RetryCounter::Blocked => ("blocked", Some(0)),
        RetryCounter::Verified => ("verified", None),
        RetryCounter::Unlimited => ("unlimited", None),
        RetryCounter::NotReported => ("unknown", None),
    }
}

/// The documented number of tries (card.md §4.1). Shown, and deciding nothing.
const fn maximum(kind: SecretKind) -> Option<u8> {
    match kind {
        SecretKind::DigitalSignature => Some(5),
        SecretKind::UserAuthentication | SecretKind::InputSupport => Some(3),
        SecretKind::NumberB => None,
    }
}

const fn application_word(application: Application) -> &'static str {
    match application {
        Application::IssuerSecurityDomain => "issuer_security_domain",
        Application::Jpki => "jpki",
        Application::InputSupport => "input_support",
        Application::Surface => "surface",
        Application::ResidentRegister => "resident_register",
        Application::CommonCard => "common_card",
    }
}

const fn kind_word(kind: CardKind) -> &'static str {
    match kind {
        CardKind::IndividualNumberCard => "individual_number_card",
        CardKind::ResidentCard => "resident_card",
        CardKind::AndroidPhone => "android_phone",
        CardKind::IosPhone => "ios_phone",
        CardKind::Unknown => "unknown",
    }
}
