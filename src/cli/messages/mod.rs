//! Every sentence a person reads, from one Fluent file per language. The library speaks in types only.
//!
//! Deliberately not a place for JSON codes: those are never translated.

mod catalogue;
mod expectation;
mod language;

#[cfg(test)]
mod errors_page;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod traces_page;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

use honnin::reason::Reason;
use honnin::secret::SecretKind;

use catalogue::Catalogue;
pub(crate) use expectation::{complaint, expectation};
pub(crate) use language::Language;

/// A value that stands in a sentence: `("n", 3.into())`, `("file", name.into())`.
pub(crate) type Argument<'a> = (&'static str, FluentValue<'a>);

/// The sentences of one language.
#[derive(Clone, Copy)]
pub(crate) struct Messages {
    language: Language,
}

impl Messages {
    /// The sentences of `language`.
    pub(crate) const fn new(language: Language) -> Self {
        Self { language }
    }

    /// Which language this is.
    pub(crate) const fn language(&self) -> Language {
        self.language
    }

    /// The sentence `key`. A missing one shows its key; the tests see to it that none is missing.
    pub(crate) fn text(&self, key: &str, arguments: &[Argument<'_>]) -> String {
        self.format(key, arguments).unwrap_or_else(|| key.to_owned())
    }

    /// The sentence `key`, if there is one.
    pub(crate) fn find(&self, key: &str) -> Option<String> {
        self.format(key, &[])
    }

    fn format(&self, key: &str, arguments: &[Argument<'_>]) -> Option<String> {
        let message = Catalogue::of(self.language).message(key)?;
        let mut bundle = FluentBundle::new(vec![self.language.identifier()]);
        // The marks would be invisible characters in the middle of paths and numbers that people copy.
        bundle.set_use_isolating(false);
        // A message that does not parse cleanly is a defect the tests find; what did parse still serves the person.
        let resource = FluentResource::try_new(message.to_owned()).unwrap_or_else(|(partial, _)| partial);
        let _nothing_to_clash_with = bundle.add_resource(resource);
        let pattern = bundle.get_message(key)?.value()?;
        let mut values = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments {
            values.set(*name, made_safe(value));
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
        // A forgotten argument shows as its name, which a person can still read.
        assert!(!cfg!(test) || errors.is_empty(), "{key}: {errors:?}");
        Some(text)
    }

    /// What a reason is called.
    pub(crate) fn title(&self, reason: Reason) -> String {
        self.text(&format!("reason-{reason}-title"), &[])
    }

    /// What happened, in general.
    pub(crate) fn detail(&self, reason: Reason) -> String {
        self.text(&format!("reason-{reason}-detail"), &[])
    }

    /// What to do next.
    pub(crate) fn hint(&self, reason: Reason) -> String {
        self.text(&format!("reason-{reason}-hint"), &[])
    }

    /// HTTP status of a reason, with the header that goes with it; `local` where the service never answers so.
    pub(crate) fn http(&self, reason: Reason) -> String {
        let Some(status) = reason.http_status() else { return self.text("explain-http-local", &[]) };
        if reason.sends_retry_after() { format!("{status} + Retry-After") } else { status.to_string() }
    }

    /// When trying again makes sense.
    pub(crate) fn retry(&self, reason: Reason) -> String {
        self.word("retry", reason.retry())
    }

    /// What counts it as a failure.
    pub(crate) fn counted(&self, reason: Reason) -> String {
        self.word("counted", reason.counted())
    }

    /// Who can act, most likely first.
    pub(crate) fn who_acts(&self, reason: Reason) -> String {
        let who: Vec<_> = reason.who_acts().map(|who| self.word("who", who)).collect();
        if who.is_empty() { self.text("who-nobody", &[]) } else { who.join(" / ") }
    }

    /// A word of the catalogue of reasons: `with --allow-last-try` is the message `retry-with-allow-last-try`.
    fn word(&self, group: &str, word: &str) -> String {
        let parts: Vec<_> =
            word.split(|it: char| !it.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
        self.text(&format!("{group}-{}", if parts.is_empty() { "none".to_owned() } else { parts.join("-") }), &[])
    }

    /// A secret by the name on the paper from the municipal counter (card.md §4.1).
    pub(crate) fn secret_name(&self, kind: SecretKind) -> String {
        let key = match kind {
            SecretKind::UserAuthentication => "pin-user-authentication",
            SecretKind::DigitalSignature => "pin-digital-signature",
            SecretKind::InputSupport => "pin-input-support",
            SecretKind::NumberB => "pin-number-b",
        };
        self.text(key, &[])
    }
}

/// A sentence that was decided on before its language was known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Sentence {
    /// A key of the message files and what stands in the sentence.
    Message(&'static str, Vec<Argument<'static>>),
    /// The same, where `$name` is a secret by the name on the paper.
    AboutSecret(&'static str, SecretKind, Vec<Argument<'static>>),
    /// Words from elsewhere: an operating system, a parser.
    Words(String),
}

impl Sentence {
    /// The sentence in the language of `messages`.
    pub(crate) fn in_words(&self, messages: &Messages) -> String {
        match self {
            Self::Message(key, arguments) => messages.text(key, arguments),
            Self::AboutSecret(key, kind, arguments) => {
                let name = [("name", messages.secret_name(*kind).into())];
                messages.text(key, &[arguments.as_slice(), &name].concat())
            }
            Self::Words(words) => crate::cli::output::safe(words).into_owned(),
        }
    }
}

/// Names of files and readers come from outside: what they carry must not steer a terminal.
fn made_safe<'a>(value: &FluentValue<'a>) -> FluentValue<'a> {
    match value {
        FluentValue::String(text) => FluentValue::String(crate::cli::output::safe(text).into_owned().into()),
        other => other.clone(),
    }
}
