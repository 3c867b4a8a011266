//! The wallet's rules, case by case: scenarios of kyc.md §19.2 and the promises every store makes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "the helpers of tests are tests, and say what was skipped"
)]

#[macro_use]
mod suite;

mod archives;
#[cfg(feature = "sqlite")]
mod at_rest;
#[cfg(feature = "sqlite")]
mod backups;
#[cfg(feature = "simulator")]
mod bundles;
#[cfg(all(feature = "simulator", feature = "sqlite"))]
mod canary;
#[cfg(feature = "simulator")]
mod customers;
#[cfg(feature = "simulator")]
mod holder;
#[cfg(feature = "simulator")]
mod joined_walks;
#[cfg(feature = "simulator")]
mod overtaken;
#[cfg(all(feature = "simulator", feature = "sqlite"))]
mod processes;
#[cfg(feature = "simulator")]
mod recheck;
mod repeats;
#[cfg(feature = "sqlite")]
mod sqlite_file;
mod stores;
#[cfg(feature = "simulator")]
mod time_stamps;
#[cfg(feature = "simulator")]
mod upgrade;
#[cfg(all(feature = "simulator", feature = "sqlite"))]
mod wallet_processes;
mod wallets;
#[cfg(feature = "simulator")]
mod watched;
