//! The program with a simulated card: arguments, standard output, standard error and status of every card command.
#![cfg(feature = "cli")]

mod bad_input;
mod canary;
mod contract;
mod process;
mod traces;
