//! `pin change`: a secret that the holder knows gets a new value.

use std::cell::Cell;

use serde_json::json;

use honnin::card::{self, CardError, ChangeProgress, Key};
use honnin::secret::SecretKind;

use crate::cli::arguments::PinChangeArguments;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::output::Report;
use crate::cli::secrets;
use crate::cli::sitting::{self, Needed, pin_word};

/// Presents the old value once and sets the new one once. Neither is ever sent again.
pub(crate) fn pin_change(context: &Context, arguments: &PinChangeArguments) -> Result<Report, CliError> {
    let kind = arguments.pin.kind();
    let needed = match kind {
        SecretKind::UserAuthentication => Needed::Key(Key::UserAuthentication),
        SecretKind::DigitalSignature => Needed::Key(Key::DigitalSignature),
        SecretKind::InputSupport | SecretKind::NumberB => Needed::InputSupport,
    };
    let purpose = [context.text("purpose-change", &[])];
    let (mut opened, change) = sitting::open_after(context, needed, kind, &purpose, secrets::ask_to_change)?;
    let caution = opened.caution;
    let sent = Cell::new(ChangeProgress::NotSent);
    let outcome = opened.session.run(async |card| {
        card::change_secret(card, &change.old, &change.new, caution, |progress| sent.set(progress)).await
    });
    if let Err(error) = outcome {
        // Only an answer of the card settles which value holds now.
        let unsettled =
            sent.get() == ChangeProgress::Sent && !matches!(error, CardError::Refused { .. } | CardError::Interrupted);
        let failure = CliError::from(error);
        return Err(if unsettled {
            failure.with("changed", serde_json::Value::Null).because_of_secret("cause-change-unknown", kind, &[])
        } else {
            failure.with("changed", false)
        });
    }
    let closed = opened.close()?;
    let mut report = Report::new(json!({ "pin": pin_word(kind), "changed": true, "exchanges": closed.exchanges }));
    report.warnings = change.warnings;
    report.remark_on(&closed);
    report.line(context.text("pin-changed", &[("name", context.messages.secret_name(kind).into())]));
    Ok(report)
}
