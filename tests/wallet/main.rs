//! The wallet's rules, one by one: scenarios of kyc.md §19.2 and every rule number of §§2–12 and 14 that the wallet keeps.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "the helpers of tests are tests")]

mod accounts;
mod attributes;
mod banks;
mod cards_and_certificates;
mod consent_and_link;
mod documents;
mod entrance;
mod life;
mod migration;
mod notices;
mod outcomes;
mod registration;
mod reverification;
mod scene;
mod secrets;
mod step_up;
mod triage;
mod walks;
