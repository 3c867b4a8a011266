//! Fetching revocation information from real servers on loopback, most of them ill-behaved (issue 4; kyc.md RSN-20 to RSN-23,
//! LAW-31, LAW-32). The servers, the CA and the lists share no code with what is tested.
#![cfg(feature = "http")]
// The helpers of this target are test code too; clippy only knows functions marked #[test].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod behaviour;
mod keeping;
mod outages;
mod partitions;
mod program;
mod programs;
mod server;
mod standing;
mod world;
