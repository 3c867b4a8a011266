//! Asking for the holder's secrets: from a terminal, a pinentry program, or a source a script names.
//!
//! Never from an argument, never echoed, and checked for length and characters before a card could see it. What is asked
//! is shown first: which secret, in which reader, how many tries are left, what it will be used for. This room
//! deliberately sends nothing to a card and decides nothing about tries.

mod change;
mod number_b;
mod pinentry;
mod source;
mod terminal;

#[cfg(test)]
mod tests;

use std::io::IsTerminal as _;

use zeroize::Zeroizing;

use honnin::reason::Reason;
use honnin::secret::{Secret, SecretFormatError, SecretKind};
use honnin::verdict::Warning;

use super::arguments::PinFrom;
use super::context::Context;
use super::error::CliError;
use super::messages::Messages;
use super::sitting::pin_word;

pub(crate) use change::ask_to_change;
pub(crate) use number_b::ask_number_b;

/// Bytes as they came from a person or a source, wiped when dropped.
type Typed = Zeroizing<Vec<u8>>;

/// What a person is asked, and what they should know before they answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    /// Which secret.
    pub(crate) kind: SecretKind,
    /// The reader the card is in.
    pub(crate) reader: Option<&'a str>,
    /// How many tries the card has left; `None` where it does not tell.
    pub(crate) tries_left: Option<u32>,
    /// What the secret will be used for and what that discloses, in the person's language: one line each.
    pub(crate) purpose: &'a [String],
    /// Whether the reader has a pad of its own that this secret can be typed on.
    pub(crate) pin_pad: bool,
}

/// What a person sees before the cursor: lines that explain, and the last words.
struct Prompt {
    lines: Vec<String>,
    label: String,
}

impl Prompt {
    fn of(question: &Question<'_>, messages: &Messages) -> Self {
        Self { lines: explanation(question, messages), label: label(question, messages) }
    }
}

/// A secret of the right form.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The secret, as the card compares it.
    pub(crate) secret: Secret,
    /// What the person should know about it: upper-cased, a file that others can read.
    pub(crate) warnings: Vec<Warning>,
}

/// Whether a person answers. If not, the tries are not surveyed first and one attempt is all there is.
pub(crate) fn asks_a_person(context: &Context) -> bool {
    context.global.pin_from.as_ref().is_none_or(PinFrom::asks_a_person)
}

/// The source that a script named, where no person sits at its end.
fn script(context: &Context) -> Option<&PinFrom> {
    let by_hand = |from: &PinFrom| matches!(from, PinFrom::Stdin) && std::io::stdin().is_terminal();
    context.global.pin_from.as_ref().filter(|from| !from.asks_a_person() && !by_hand(from))
}

/// Obtains the secret from where `--pin-from` says; without it from the reader's own pad, else from the terminal, else from a
/// pinentry program.
///
/// # Errors
/// `pin_format_invalid` when it cannot be right, `secret_unavailable` when there is no way to ask, `cancelled` when the
/// person gave none. No attempt is spent by any of them.
pub(crate) fn ask(context: &Context, question: &Question<'_>) -> Result<Answer, CliError> {
    let mut warnings = Vec::new();
    // Before the keyboard (desktop.md §2): what is typed on the reader never comes to this computer.
    if question.pin_pad
        && context.global.pin_from.is_none()
        && let Some(secret) = Secret::typed_on_reader(question.kind)
    {
        for line in explanation(question, &context.messages) {
            context.screen.tell(&line);
        }
        context.tell("prompt-on-reader", &[("name", context.messages.secret_name(question.kind).into())]);
        return Ok(Answer { secret, warnings });
    }
    let typed = typed(context, &Prompt::of(question, &context.messages), &mut warnings)?;
    checked(question.kind, &typed, warnings)
}

/// What was typed, unchecked, from where `--pin-from` says.
fn typed(context: &Context, asked: &Prompt, warnings: &mut Vec<Warning>) -> Result<Typed, CliError> {
    match &context.global.pin_from {
        Some(PinFrom::Tty) => terminal::read(asked),
        Some(PinFrom::Pinentry) => pinentry::read(asked),
        Some(PinFrom::Environment(name)) => source::environment(name),
        Some(PinFrom::File(path)) => source::file(path, warnings),
        Some(PinFrom::Descriptor(number)) => source::descriptor(*number),
        // A person at a terminal is asked as one, whatever they called it: what they type is not shown.
        Some(PinFrom::Stdin) if std::io::stdin().is_terminal() => terminal::read(asked),
        Some(PinFrom::Stdin) => source::standard_input(),
        None if terminal::is_there() => terminal::read(asked),
        None => pinentry::read(asked),
    }
}

fn checked(kind: SecretKind, typed: &[u8], mut warnings: Vec<Warning>) -> Result<Answer, CliError> {
    match Secret::new(kind, typed) {
        Ok((secret, adjusted)) => {
            if adjusted {
                warnings.push(Warning::new("password_upper_cased"));
            }
            Ok(Answer { secret, warnings })
        }
        Err(error) => Err(cannot_be_right(kind, error).warning(warnings)),
    }
}

fn cannot_be_right(kind: SecretKind, error: SecretFormatError) -> CliError {
    let failure = CliError::new(Reason::PinFormatInvalid).with("pin", serde_json::json!(kind));
    match (error, kind) {
        (SecretFormatError::Length { expected }, _) => failure
            .with("expected_length", expected)
            .because("cause-secret-length", &[("expected", expected.replace('-', "–").into())]),
        (SecretFormatError::Mixture, _) => failure.because("cause-secret-mixture", &[]),
        (SecretFormatError::Characters { .. }, SecretKind::DigitalSignature) => {
            failure.because("cause-secret-letters", &[])
        }
        (SecretFormatError::Characters { .. }, _) => failure.because("cause-secret-digits", &[]),
    }
}

/// Everything a person should know before typing, one line each.
fn explanation(question: &Question<'_>, messages: &Messages) -> Vec<String> {
    let mut lines = question.purpose.to_vec();
    if let Some(reader) = question.reader {
        lines.push(messages.text("prompt-reader", &[("reader", reader.into())]));
    }
    // Number B is on no paper, but on the card itself.
    if question.kind != SecretKind::NumberB {
        // Empty where the language is the paper's: there the last words before the cursor are that name.
        let on_paper = messages.text("prompt-name-on-paper", &[("pin", pin_word(question.kind).into())]);
        lines.extend(Some(on_paper).filter(|line| !line.is_empty()));
    }
    lines.push(match question.tries_left {
        Some(tries) => messages.text("prompt-tries", &[("n", tries.into())]),
        None => messages.text("prompt-tries-unknown", &[]),
    });
    lines
}

/// The secret by name and form, as the last words before the cursor.
fn label(question: &Question<'_>, messages: &Messages) -> String {
    messages.text("prompt-secret", &[("name", messages.secret_name(question.kind).into())])
}

/// Nothing typed is "no, thank you".
fn or_cancelled(typed: Typed) -> Result<Typed, CliError> {
    if typed.is_empty() { Err(CliError::new(Reason::Cancelled)) } else { Ok(typed) }
}
