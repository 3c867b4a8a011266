//! Help in the person's language, and the few options that must be known before parsing can fail.

use std::ffi::OsString;
use std::mem::ManuallyDrop;

use clap::builder::{Resettable, StyledStr};
use clap::{ArgMatches, Args as _, CommandFactory as _};

use super::{Arguments, GlobalArguments};
use crate::cli::messages::{Language, Messages};

/// What is read from the raw arguments, so that even a usage error comes in the right language and form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BeforeParsing {
    /// `--lang`, where it is one that exists.
    pub(crate) language: Option<Language>,
    /// Whether `--json` stands anywhere before `--`.
    pub(crate) json: bool,
}

/// Looks for `--lang` and `--json` without parsing the rest.
pub(crate) fn before_parsing(arguments: &[OsString]) -> BeforeParsing {
    let mut found = BeforeParsing::default();
    let mut texts = arguments.iter().skip(1).map(|argument| argument.to_string_lossy()).take_while(|text| text != "--");
    while let Some(text) = texts.next() {
        if text == "--json" {
            found.json = true;
        } else if text == "--lang" {
            found.language = texts.next().and_then(|value| value.parse().ok());
        } else if let Some(value) = text.strip_prefix("--lang=") {
            found.language = value.parse().ok();
        }
    }
    found
}

/// What the command line says. Texts for people are put into the command tree only where it has some to show.
///
/// # Errors
/// Help, version, or what is wrong, in the language of `messages`.
pub(crate) fn parse(line: &[OsString], messages: &Messages) -> Result<ArgMatches, clap::Error> {
    match only_what_is_named(line).try_get_matches_from_mut(line) {
        Ok(matches) => Ok(matches),
        Err(_without_texts) => localised(messages).try_get_matches_from(line),
    }
}

/// The command tree with no command but the one that the line most likely names: clap gives every sibling a copy of every global
/// option, and a line that is right in this tree means the same in the whole one. Neither is dropped: taking a tree apart
/// takes as long as parsing with it.
fn only_what_is_named(line: &[OsString]) -> ManuallyDrop<clap::Command> {
    let whole = ManuallyDrop::new(Arguments::command());
    let named = line.iter().skip(1).find_map(|word| whole.find_subcommand(word));
    let tree = GlobalArguments::augment_args(clap::Command::new("honnin").disable_help_subcommand(true));
    ManuallyDrop::new(tree.subcommands(named.cloned()).subcommand_required(true))
}

/// The whole command tree with its texts in the language of `messages`.
pub(crate) fn localised(messages: &Messages) -> clap::Command {
    // clap keeps headings for ever; once per process that is what happens anyway.
    let heading: &'static str = messages.text("heading-global-options", &[]).leak();
    localise(Arguments::command(), "honnin", heading, messages)
}

fn localise(command: clap::Command, path: &str, heading: &'static str, messages: &Messages) -> clap::Command {
    let about = messages.find(&format!("command-{path}"));
    let command = command.about(or_reset(about)).long_about(None).mut_args(|argument| {
        let id = argument.get_id().as_str().replace('_', "-");
        let own = messages.find(&format!("option-{path}-{id}"));
        let help = own.or_else(|| messages.find(&format!("option-{id}")));
        let argument = if argument.is_global_set() { argument.help_heading(heading) } else { argument };
        argument.help(or_reset(help)).long_help(None)
    });
    command.mut_subcommands(|child| {
        let path = if path == "honnin" { child.get_name().to_owned() } else { format!("{path}-{}", child.get_name()) };
        localise(child, &path, heading, messages)
    })
}

/// A help text with the words that clap has in English only in the language of `messages`. Nothing in it is from outside.
pub(crate) fn help_in_words(text: String, messages: &Messages) -> String {
    if messages.language() == Language::En {
        return text;
    }
    let words = [
        ("Usage: ", "help-usage", ": "),
        ("\nCommands:\n", "help-commands", ":\n"),
        ("\nArguments:\n", "help-arguments", ":\n"),
        ("\nOptions:\n", "help-options", ":\n"),
        ("[default:", "help-default", ":"),
        ("[possible values:", "help-possible-values", ":"),
        ("  Print help\n", "help-help", "\n"),
        ("  Print version\n", "help-version", "\n"),
    ];
    words.into_iter().fold(text, |text, (english, key, end)| {
        let start = &english[..english.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(0)];
        text.replace(english, &format!("{start}{}{end}", messages.text(key, &[])))
    })
}

fn or_reset(text: Option<String>) -> Resettable<StyledStr> {
    text.map_or(Resettable::Reset, |text| Resettable::Value(text.into()))
}

/// Every text a command tree needs: key of a command, or the two keys of an option of which one must exist.
#[cfg(test)]
pub(crate) fn needed_texts(command: &clap::Command, path: &str) -> Vec<Vec<String>> {
    let mut needed = vec![vec![format!("command-{path}")]];
    for argument in command.get_arguments() {
        let id = argument.get_id().as_str().replace('_', "-");
        needed.push(vec![format!("option-{path}-{id}"), format!("option-{id}")]);
    }
    for child in command.get_subcommands() {
        let path = if path == "honnin" { child.get_name().to_owned() } else { format!("{path}-{}", child.get_name()) };
        needed.extend(needed_texts(child, &path));
    }
    needed
}
