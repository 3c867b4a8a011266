//! The command line: arguments in, one report out, in two languages and as JSON.
//!
//! The only place of this package that writes to a terminal, and the only one that asks a person for a secret. It
//! deliberately decides nothing: every answer comes from the library as a typed value, and this room gives it words,
//! an exit code and a shape (`cli.md` is the contract).

mod arguments;
mod commands;
mod context;
mod demo;
mod error;
mod exchange_words;
mod files;
mod interrupt;
mod messages;
mod narrator;
mod output;
mod probe;
mod reader_memory;
mod recording;
mod run;
mod secrets;
mod sitting;
mod tally;
mod trace_files;
mod usage_error;

pub(crate) use run::main;
