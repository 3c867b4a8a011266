//! Real readers: a real pcscd with the virtual reader, our simulator in it, and others beside our own program.
//!
//! `over_a_real_pcscd` starts this same program again inside `scripts/with-pcscd` and has it run the tests of `inside`,
//! which are ignored everywhere else.
#![cfg(all(feature = "cli", feature = "pcsc"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod beside;
mod door;
mod dying;
mod faults;
mod inside;
mod killed;
mod people;
mod procedures;
mod readerless;
mod sampling;
mod service;
mod tree;
mod world;

use std::process::Command;

#[test]
fn over_a_real_pcscd() {
    run_inside("inside::");
}

#[test]
fn beside_others_over_a_real_pcscd() {
    run_inside("beside::");
}

#[test]
fn over_a_pcscd_that_dies() {
    run_inside("dying::");
}

#[test]
fn the_tree_over_a_real_pcscd() {
    run_inside("tree::");
}

#[test]
fn the_tree_over_a_pcscd_without_readers() {
    run_inside("readerless::");
}

#[test]
fn faults_over_a_real_pcscd() {
    in_shares("faults::");
}

#[test]
fn faults_over_a_pcscd_that_is_killed() {
    in_shares("killed::");
}

/// The long run in several processes, the sample in one.
fn in_shares(filter: &str) {
    if !sampling::long() {
        return run_inside(filter);
    }
    std::thread::scope(|scope| {
        for share in 0..sampling::SHARES {
            scope.spawn(move || run_inside_with(filter, &[(sampling::SHARE, share.to_string())]));
        }
    });
}

/// Runs the ignored tests of this program that `filter` names beside a pcscd of their own.
fn run_inside(filter: &str) {
    run_inside_with(filter, &[]);
}

/// The same with variables in its environment.
fn run_inside_with(filter: &str, variables: &[(&str, String)]) {
    let wrapper = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/with-pcscd");
    // What the developer's own readers can do is none of this test's business.
    let state = tempfile::tempdir().unwrap();
    let output = Command::new(wrapper)
        .env("XDG_STATE_HOME", state.path())
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .arg(std::env::current_exe().unwrap())
        .args(["--ignored", "--test-threads=1", filter])
        .output()
        .expect("scripts/with-pcscd starts");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.code() == Some(77) {
        assert!(std::env::var_os("CI").is_none(), "CI must be able to run a pcscd of its own");
        eprintln!("SKIPPED {filter} over a real pcscd: {err}");
        return;
    }
    assert!(output.status.success(), "a test inside failed:\n{out}\n{err}");
    assert!(out.contains("test result: ok. ") && !out.contains(" ok. 0 passed"), "no test ran inside:\n{out}");
}

#[test]
fn without_a_service_every_command_says_so() {
    // Outside the namespaces of this test no service runs, or none that listens: an empty socket folder makes sure of it.
    let nowhere = tempfile::tempdir().unwrap();
    for command in [&["readers"][..], &["card", "status"], &["pin", "status"], &["doctor"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_honnin"))
            .args(command)
            .args(["--json", "--timeout", "1"])
            .env("PCSCLITE_CSOCK_NAME", nowhere.path().join("pcscd.comm"))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(10), "{command:?}: {output:?}");
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(json["problem"]["code"], "no_pcsc_service");
    }
}
