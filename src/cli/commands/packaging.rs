//! `completions SHELL` and `man`: what packagers install, made by the program itself.

use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, italic, roman};
use serde_json::json;

use crate::cli::arguments::{CompletionsArguments, localised};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::output::Report;

/// The completion script of one shell.
pub(crate) fn completions(context: &Context, arguments: &CompletionsArguments) -> Result<Report, CliError> {
    let mut command = localised(&context.messages);
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "honnin", &mut script);
    Ok(of_bytes(script))
}

/// The manual page, roff, with every command on it.
pub(crate) fn man(context: &Context) -> Result<Report, CliError> {
    let mut command = localised(&context.messages);
    command.build();
    let page = Man::new(command.clone());
    let mut roff = Vec::new();
    let head = page.render_title(&mut roff).and_then(|()| page.render_name_section(&mut roff));
    let head = head.and_then(|()| page.render_synopsis_section(&mut roff));
    head.and_then(|()| page.render_options_section(&mut roff)).map_err(|error| CliError::io(&error))?;
    let mut commands = Roff::new();
    commands.control("SH", ["COMMANDS"]);
    describe(&mut commands, &command, "honnin");
    commands.to_writer(&mut roff).map_err(|error| CliError::io(&error))?;
    Ok(of_bytes(roff))
}

/// Every leaf of the tree with its own options; those every command takes stand in the section before.
fn describe(roff: &mut Roff, command: &clap::Command, path: &str) {
    for child in command.get_subcommands() {
        let path = format!("{path} {}", child.get_name());
        if child.has_subcommands() {
            describe(roff, child, &path);
            continue;
        }
        let usage = child.clone().render_usage().to_string();
        roff.control("SS", [path.as_str()]);
        roff.text([roman(child.get_about().map(ToString::to_string).unwrap_or_default())]);
        roff.control("PP", []);
        roff.text([bold(usage.trim_start_matches("Usage: "))]);
        for argument in child.get_arguments().filter(|argument| !argument.is_global_set()) {
            let Some(help) = argument.get_help() else { continue };
            let name = match (argument.get_long(), argument.get_value_names()) {
                (Some("help"), _) => continue,
                (Some(long), _) => bold(format!("--{long}")),
                (None, Some([name, ..])) => italic(name.as_str()),
                (None, _) => italic(argument.get_id().as_str()),
            };
            roff.control("TP", []);
            roff.text([name]);
            roff.text([roman(help.to_string())]);
        }
    }
}

fn of_bytes(bytes: Vec<u8>) -> Report {
    let mut report = Report::new(json!({ "text": String::from_utf8_lossy(&bytes) }));
    report.bytes = Some(bytes);
    report
}
