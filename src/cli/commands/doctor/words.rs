//! A finding in words and as JSON.

use serde_json::{Map, Value, json};

use honnin::doctor::{CardFact, Facts, Finding, Node, OtherCard, Particulars};
use honnin::reason::Reason;
use honnin::time::UnixTime;

use crate::cli::context::Context;
use crate::cli::sitting;

/// What the node found this time, in one sentence.
pub(super) fn cause(finding: &Finding, context: &Context) -> String {
    if let Some(kind) = finding.secret {
        let tries = crate::cli::commands::tries(finding.counter, context);
        let key = if finding.node == Node::P2 { "doctor-finding-last-try" } else { "doctor-finding-secret" };
        let name = context.messages.secret_name(kind);
        return context.text(key, &[("name", name.into()), ("tries", tries.into())]);
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
    let cause = match (&finding.particulars, finding.node) {
        (Some(Particulars::Device { name, .. }), Node::R2) => {
            context.text("doctor-finding-taken", &[("name", name.clone().into())])
        }
        (Some(Particulars::Device { name, .. }), Node::R4) => {
            context.text("doctor-finding-model", &[("name", name.clone().into())])
        }
        (Some(Particulars::Device { name, .. }), node) => {
            let cause = context.text(&format!("doctor-{node}-cause"), &[]);
            context.text("doctor-finding-reader", &[("reader", name.clone().into()), ("cause", cause.into())])
        }
        (Some(Particulars::Programs(programs)), _) => {
            let programs = programs.join(&context.text("list-separator", &[]));
            context.text("doctor-finding-programs", &[("programs", programs.into())])
        }
        (Some(Particulars::Guess(guess)), _) => {
            let guess = context.text("card-guess", &[("guess", guess_word(*guess).into())]);
            context.text("doctor-finding-guess", &[("guess", guess.into())])
        }
        (Some(Particulars::Kind(kind)), _) => {
            let kind =
                context.text("card-kind", &[("kind", json!(kind).as_str().unwrap_or_default().to_owned().into())]);
            context.text("doctor-finding-kind", &[("kind", kind.into())])
        }
        (Some(Particulars::PossiblyFaceAuthentication), _) => {
            context.text("warning-possibly_face_authentication_card", &[])
        }
        (Some(Particulars::Link { length, milliseconds }), _) => {
            let key = if *length < 256 { "doctor-finding-small-reads" } else { "doctor-finding-link" };
            context.text(key, &[("n", (*length).into()), ("ms", (*milliseconds).into())])
        }
        (None, node) => context.text(&format!("doctor-{node}-cause"), &[]),
    };
    match &finding.reader {
        Some(reader) => {
            context.text("doctor-finding-reader", &[("reader", reader.clone().into()), ("cause", cause.into())])
        }
        None => cause,
    }
}

/// What to do about it.
pub(super) fn action(finding: &Finding, context: &Context) -> String {
    if finding.node == Node::A4 {
        match finding.reason() {
            None => return context.text("doctor-finding-test-action", &[]),
            Some(Reason::MalformedData) => return context.text("doctor-finding-unreadable-action", &[]),
            Some(_) => {}
        }
    }
    if matches!(finding.particulars, Some(Particulars::PossiblyFaceAuthentication)) {
        return context.text("doctor-finding-face-action", &[]);
    }
    if let Some(Particulars::Device { kernel_driver: Some(driver), .. }) = &finding.particulars
        && driver == "port100"
    {
        return context.text("doctor-finding-port100-action", &[]);
    }
    context.text(&format!("doctor-{}-action", finding.node), &[])
}

/// What polkit would have to be told (E3): both actions, for this user and this reader only.
pub(super) fn rule(facts: &Facts) -> String {
    let user = std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).unwrap_or_else(|_| "USER".to_owned());
    let refused = matches!(facts.card, Some(CardFact::NotPermitted));
    let reader = facts.readers.first().filter(|_| refused).map_or("READER", |reader| reader.name.as_str());
    // JSON's strings are JavaScript's.
    format!(
        "// /etc/polkit-1/rules.d/50-honnin.rules\n\
         polkit.addRule(function(action, subject) {{\n\
         \x20   if (subject.user == {user} && (action.id == \"org.debian.pcsc-lite.access_pcsc\" ||\n\
         \x20       (action.id == \"org.debian.pcsc-lite.access_card\" && action.lookup(\"reader\") == {reader}))) {{\n\
         \x20       return polkit.Result.YES;\n\
         \x20   }}\n\
         }});",
        user = json!(user),
        reader = json!(reader),
    )
}

fn guess_word(guess: OtherCard) -> &'static str {
    match guess {
        OtherCard::Felica => "felica",
        OtherCard::TypeA => "type_a",
        OtherCard::DrivingLicence => "driving_licence",
        OtherCard::ResidentRegister => "resident_register",
        _ => "unknown",
    }
}

/// The finding for machines.
pub(super) fn json_of(finding: &Finding, context: &Context) -> Value {
    let mut members = coded(finding);
    members.insert("at".to_owned(), json!(finding.at));
    members.insert("reader".to_owned(), json!(finding.reader));
    members.insert("detail".to_owned(), json!(cause(finding, context)));
    match &finding.particulars {
        Some(Particulars::Programs(programs)) => {
            members.insert("programs".to_owned(), json!(programs));
        }
        Some(Particulars::Kind(kind)) => {
            members.insert("kind".to_owned(), json!(kind));
        }
        _ => {}
    }
    members.retain(|_, value| !value.is_null());
    Value::Object(members)
}

/// What a finding tells in codes and numbers, nothing of which is about the holder but the tries left.
pub(super) fn coded(finding: &Finding) -> Map<String, Value> {
    let mut members = Map::new();
    let mut add = |key: &str, value: Value| {
        if !value.is_null() {
            members.insert(key.to_owned(), value);
        }
    };
    add("node", json!(finding.node.id()));
    add("severity", json!(finding.severity));
    add("pin", json!(finding.secret.map(sitting::pin_word)));
    if let Some(counter) = finding.counter {
        let (state, remaining) = crate::cli::commands::counter_words(counter);
        add("state", json!(state));
        add("remaining", json!(remaining));
    }
    add("code", json!(finding.reason()));
    match &finding.particulars {
        Some(Particulars::Device { name, kernel_driver }) => {
            add("device", json!(name));
            add("kernel_driver", json!(kernel_driver));
        }
        Some(Particulars::Guess(guess)) => add("guess", json!(guess)),
        Some(Particulars::Link { length, milliseconds }) => {
            add("length", json!(length));
            add("ms", json!(milliseconds));
        }
        Some(Particulars::Programs(_) | Particulars::Kind(_) | Particulars::PossiblyFaceAuthentication) | None => {}
    }
    members
}
