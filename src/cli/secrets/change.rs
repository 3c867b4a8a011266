//! Asking for a secret and for what it shall become.

use honnin::reason::Reason;
use honnin::secret::{Secret, SecretKind};
use honnin::verdict::Warning;

use super::{Prompt, Question, cannot_be_right, checked, script, source, typed};
use crate::cli::context::Context;
use crate::cli::error::CliError;

/// A secret and its new value, both of the right form.
#[derive(Debug)]
pub(crate) struct Change {
    /// What the card holds now.
    pub(crate) old: Secret,
    /// What it shall hold.
    pub(crate) new: Secret,
    /// What the person should know about them.
    pub(crate) warnings: Vec<Warning>,
}

/// Asks for the old value, then twice for the new one. A source that a script names gives two lines: old, new.
///
/// # Errors
/// As [`ask`](super::ask); `pin_format_invalid` when the new value breaks a rule or was not typed twice alike. Nothing
/// was sent to the card.
pub(crate) fn ask_to_change(context: &Context, question: &Question<'_>) -> Result<Change, CliError> {
    let kind = question.kind;
    let mut warnings = Vec::new();
    let (old, new) = match script(context) {
        Some(from) => {
            let mut lines = source::lines(from, &mut warnings, |lines| lines.len() == 2)?.into_iter();
            let (Some(old), Some(new)) = (lines.next(), lines.next()) else {
                return Err(CliError::new(Reason::SecretUnavailable).because("cause-secret-lines", &[]));
            };
            (old, new)
        }
        None => {
            let old = typed(context, &Prompt::of(question, &context.messages), &mut warnings)?;
            // What cannot be right is said before more is typed.
            checked(kind, &old, Vec::new())?;
            let rule = match kind {
                SecretKind::DigitalSignature => context.text("rule-new-password", &[]),
                _ => context.text("rule-new-pin", &[]),
            };
            let label = |key| context.messages.text(key, &[("name", context.messages.secret_name(kind).into())]);
            let first = Prompt { lines: vec![rule], label: label("prompt-new-secret") };
            let again = Prompt { lines: Vec::new(), label: label("prompt-new-secret-again") };
            let new = typed(context, &first, &mut warnings)?;
            new_value(kind, &new, Vec::new())?;
            if typed(context, &again, &mut warnings)? != new {
                let differs = CliError::new(Reason::PinFormatInvalid).with("pin", serde_json::json!(kind));
                return Err(differs.because("cause-new-secret-differs", &[]));
            }
            (old, new)
        }
    };
    let old = checked(kind, &old, warnings)?;
    let (new, warnings) = new_value(kind, &new, old.warnings)?;
    Ok(Change { old: old.secret, new, warnings })
}

fn new_value(kind: SecretKind, typed: &[u8], mut warnings: Vec<Warning>) -> Result<(Secret, Vec<Warning>), CliError> {
    match Secret::to_be_set(kind, typed) {
        Ok((secret, adjusted)) => {
            let told = warnings.iter().any(|warning| warning.code == "password_upper_cased");
            if adjusted && !told {
                warnings.push(Warning::new("password_upper_cased"));
            }
            Ok((secret, warnings))
        }
        Err(error) => Err(cannot_be_right(kind, error).with("value", "new").warning(warnings)),
    }
}
