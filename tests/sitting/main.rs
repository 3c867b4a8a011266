//! The program with a simulated card: arguments, standard output, standard error and status of every card command.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod accounts;
mod bad_input;
mod canary;
mod confirm;
mod contract;
mod demo;
mod evidence;
mod policy;
mod process;
mod prompts;
mod traces;
mod verify;
