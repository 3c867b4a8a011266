//! The card face applications, the change of secrets and what can go wrong: the library against the simulated card in this
//! process, and the program as people run it.
#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "the helpers of tests are tests"
)]

mod another_client;
mod bench;
mod challenge;
mod commands;
mod details;
mod elliptic_curve;
mod exchanges;
mod exchanges_page;
mod extended;
mod faults;
mod individual_number;
mod pin_change;
mod pin_pad;
#[allow(dead_code, reason = "shared with tests/sitting, which uses all of it")]
#[path = "../sitting/process.rs"]
mod process;
