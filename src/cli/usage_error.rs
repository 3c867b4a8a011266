//! What is wrong with a command line, in the person's language. clap finds it and knows the words in English only.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use honnin::kyc::NotAnIdentifier;
use honnin::time::NotAnInstant;

use super::messages::{Argument, Messages};

/// A complaint of ours for clap to pass on: `key` of the message files, with `$value` where something may be repeated.
pub(crate) fn complaint(kind: ErrorKind, key: &str, value: Option<&str>) -> clap::Error {
    let mut error = clap::Error::new(kind);
    error.insert(ContextKind::Custom, ContextValue::String(key.to_owned()));
    if let Some(value) = value {
        error.insert(ContextKind::InvalidValue, ContextValue::String(value.to_owned()));
    }
    error
}

/// What is wrong: a line, and perhaps lines of a list after it. `None` where clap says what its own words are for.
pub(crate) fn in_words(error: &clap::Error, messages: &Messages) -> Option<String> {
    let facts = Facts { error, messages };
    if let Some(key) = facts.one(ContextKind::Custom) {
        return Some(facts.say(&key, &[("value", ContextKind::InvalidValue)]));
    }
    let value = ("value", ContextKind::InvalidValue);
    let argument = ("argument", ContextKind::InvalidArg);
    let command = ("command", ContextKind::InvalidSubcommand);
    Some(match error.kind() {
        ErrorKind::InvalidValue if facts.one(ContextKind::InvalidValue).is_none_or(|value| value.is_empty()) => {
            facts.say("usage-value-missing", &[argument])
                + &facts.list("usage-possible-values", ContextKind::ValidValue)
        }
        ErrorKind::InvalidValue => {
            facts.say("usage-invalid-value", &[value, argument])
                + &facts.list("usage-possible-values", ContextKind::ValidValue)
        }
        ErrorKind::ValueValidation => facts.refused_value([value, argument])?,
        ErrorKind::UnknownArgument => facts.say("usage-unknown-argument", &[argument]),
        ErrorKind::InvalidSubcommand => facts.say("usage-unknown-command", &[command]),
        ErrorKind::MissingSubcommand => {
            facts.say("usage-missing-command", &[command]) + &facts.list("usage-commands", ContextKind::ValidSubcommand)
        }
        ErrorKind::MissingRequiredArgument => {
            facts.say("usage-missing-argument", &[]) + &facts.lines(ContextKind::InvalidArg)
        }
        ErrorKind::ArgumentConflict => {
            let other = facts.all(ContextKind::PriorArg);
            if facts.all(ContextKind::InvalidArg) == other {
                facts.say("usage-twice", &[argument])
            } else {
                facts.say("usage-conflict", &[argument]) + &facts.lines(ContextKind::PriorArg)
            }
        }
        ErrorKind::NoEquals => facts.say("usage-no-equals", &[argument]),
        ErrorKind::TooManyValues => facts.say("usage-too-many-values", &[value, argument]),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => facts.say("usage-number-of-values", &[argument]),
        ErrorKind::InvalidUtf8 => facts.say("usage-not-utf8", &[]),
        _ => return None,
    })
}

/// How the command is used, as far as clap tells it; without its own heading.
pub(crate) fn usage(error: &clap::Error) -> Option<String> {
    match error.get(ContextKind::Usage)? {
        ContextValue::StyledStr(usage) => {
            let usage = usage.to_string();
            Some(usage.trim().trim_start_matches("Usage:").trim_start().to_owned())
        }
        _ => None,
    }
}

/// Whether somebody may have typed a PIN or a number there, where none belongs: letters and digits, of which one at least. An error
/// goes into logs, so it is not repeated.
fn may_be_a_secret(text: &str) -> bool {
    text.len() >= 4
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// What clap knows, and the language to say it in.
struct Facts<'a> {
    error: &'a clap::Error,
    messages: &'a Messages,
}

impl Facts<'_> {
    fn all(&self, kind: ContextKind) -> Vec<String> {
        let mut told = match self.error.get(kind) {
            Some(ContextValue::String(one)) => vec![one.clone()],
            Some(ContextValue::Strings(several)) => several.clone(),
            _ => Vec::new(),
        };
        let was_typed =
            matches!(kind, ContextKind::InvalidValue | ContextKind::InvalidArg | ContextKind::InvalidSubcommand);
        for text in told.iter_mut().filter(|text| was_typed && may_be_a_secret(text)) {
            *text = "****".to_owned();
        }
        told
    }

    fn one(&self, kind: ContextKind) -> Option<String> {
        self.all(kind).into_iter().next()
    }

    fn say(&self, key: &str, about: &[(&'static str, ContextKind)]) -> String {
        let about: Vec<Argument<'_>> =
            about.iter().map(|(name, kind)| (*name, self.one(*kind).unwrap_or_default().into())).collect();
        self.messages.text(key, &about)
    }

    /// A line with what there would be to choose from, where there is.
    fn list(&self, key: &str, kind: ContextKind) -> String {
        let choice = self.all(kind);
        if choice.is_empty() {
            return String::new();
        }
        format!("\n  {}", self.messages.text(key, &[("list", choice.join(", ").into())]))
    }

    fn lines(&self, kind: ContextKind) -> String {
        self.all(kind).iter().map(|line| format!("\n  {}", super::output::safe(line))).collect()
    }

    /// A value that a parser of ours refused: its error is a key of the message files, or a type that has a sentence.
    fn refused_value(&self, about: [(&'static str, ContextKind); 2]) -> Option<String> {
        let source = std::error::Error::source(self.error)?;
        if source.is::<NotAnIdentifier>() {
            return Some(self.say("cause-not-an-identifier", &about[..1]));
        }
        let key = if source.is::<NotAnInstant>() { "expected-instant".to_owned() } else { source.to_string() };
        let why = self.messages.find(&key).unwrap_or(key);
        let about: Vec<Argument<'_>> =
            about.into_iter().map(|(name, kind)| (name, self.one(kind).unwrap_or_default().into())).collect();
        Some(self.messages.text("usage-refused-value", &[about, vec![("why", why.into())]].concat()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::ffi::OsString;

    use super::*;
    use crate::cli::arguments::{help_in_words, localised, parse};
    use crate::cli::messages::Language;

    fn error(line: &str, messages: &Messages) -> clap::Error {
        let line: Vec<OsString> = format!("honnin {line}").split(' ').map(Into::into).collect();
        parse(&line, messages).expect_err("a wrong line")
    }

    /// Words of three letters and more that are neither typed by the person nor names of the program's own.
    fn english(told: &str) -> Vec<&str> {
        let names =
            ["pcsc", "sim", "FILE", "replay", "RFC", "HOST", "PORT", "UTF", "tty", "pinentry", "env", "VAR", "file"];
        let names = [&names[..], &["PATH", "stdin", "sqlite", "docs", "errors", "SQLite", "PostgreSQL"]].concat();
        let quoted = |c| matches!(c, '「' | '」');
        let outside = told.split(quoted).step_by(2).flat_map(|part| part.split(|c: char| !c.is_ascii_alphabetic()));
        outside.filter(|word| word.len() > 2 && !names.contains(word)).collect()
    }

    #[test]
    fn every_kind_of_usage_error_is_told_in_japanese() {
        let ja = Messages::new(Language::Ja);
        let mut kinds = BTreeSet::new();
        for line in [
            "enrol",
            "man --wrong",
            "--reader card",
            "explain",
            "sign f",
            "explain no_such_code",
            "man --json --json",
            "man --json=yes",
            "man --at yesterday",
            "man --card usb",
            "man --timeout soon",
            "man --pin-from 8642",
            "man --store mysql:x",
            "man --store postgres://x",
            "man --reader",
            "simulator run card.toml --vpcd=nowhere",
            "certificate verify f --policy x",
            "account show /",
            "surface read --challenge",
        ] {
            let error = error(line, &ja);
            kinds.insert(format!("{:?}", error.kind()));
            let told = in_words(&error, &ja).unwrap_or_else(|| panic!("{line}: {error}"));
            let first = told.lines().next().unwrap();
            assert!(english(first).is_empty() && !first.is_ascii(), "{line}: {told}");
            assert!(!told.contains("8642") && !told.contains("mysql"), "{told}");
        }
        for line in ["man --lang fr", "simulator new --persona nobody --out x"] {
            let told = in_words(&error(line, &ja), &ja).unwrap();
            assert!(told.contains("に「") && told.contains("\n  [指定できる値: "), "{told}");
        }
        assert!(kinds.len() >= 7, "{kinds:?}");
    }

    #[test]
    fn a_secret_typed_where_none_belongs_is_not_repeated() {
        for language in [Language::En, Language::Ja] {
            let messages = Messages::new(language);
            for secret in ["1234", "ABC123", "abc123def456", "123456789018"] {
                for line in
                    ["pin change authentication SECRET 5678", "pin change SECRET", "sign f --out g SECRET", "SECRET"]
                {
                    let error = error(&line.replace("SECRET", secret), &messages);
                    let told = in_words(&error, &messages).unwrap();
                    assert!(!told.contains(secret) && told.contains("****"), "{line}: {told}");
                }
            }
        }
    }

    #[test]
    fn what_was_typed_steers_no_terminal() {
        for language in [Language::En, Language::Ja] {
            let messages = Messages::new(language);
            for line in ["explain no\u{1b}[2J", "no\u{1b}[2J", "man --no\u{1b}[2J", "man --at no\u{1b}[2J"] {
                let told = in_words(&error(line, &messages), &messages).unwrap();
                assert!(!told.contains('\u{1b}') && told.contains("no\\u{1b}[2J"), "{told}");
            }
        }
    }

    #[test]
    fn no_heading_of_help_is_left_in_english() {
        fn paths(command: &clap::Command, path: &[String], all: &mut Vec<Vec<String>>) {
            all.push(path.to_vec());
            for below in command.get_subcommands() {
                paths(below, &[path, &[below.get_name().to_owned()]].concat(), all);
            }
        }
        let ja = Messages::new(Language::Ja);
        let mut all = Vec::new();
        paths(&localised(&ja), &[], &mut all);
        assert!(all.len() > 40, "{}", all.len());
        for path in all {
            let line: Vec<OsString> = std::iter::once("honnin")
                .chain(path.iter().map(String::as_str))
                .chain(["--help"])
                .map(Into::into)
                .collect();
            let error = parse(&line, &ja).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::DisplayHelp);
            let help = help_in_words(error.render().to_string(), &ja);
            for english in ["Usage:", "Commands:", "Arguments:", "Options:", "[default", "[possible", "Print "] {
                assert!(!help.contains(english), "{path:?}: {english}\n{help}");
            }
            assert!(help.contains("使い方: honnin"), "{help}");
        }
    }

    /// Nobody else reads the English words, but a program may: they are clap's own.
    #[test]
    fn in_english_it_is_what_clap_says() {
        let en = Messages::new(Language::En);
        for line in [
            "enrol",
            "man --wrong",
            "sign f",
            "man --lang fr",
            "man --json=yes",
            "surface read --challenge",
            "man --reader",
        ] {
            let error = error(line, &en);
            let said = error.render().to_string();
            let own = in_words(&error, &en).unwrap();
            assert!(said.starts_with(&format!("error: {own}\n")), "{own}\n--- {said}");
            assert!(usage(&error).is_none_or(|usage| said.contains(&format!("Usage: {usage}"))), "{said}");
        }
    }
}
