//! The programs of `examples/` run as they stand: they fix the public API.

#![allow(clippy::print_stdout, reason = "examples print; that is what they are for")]

#[cfg(feature = "simulator")]
#[path = "../examples/card_state.rs"]
mod card_state;
#[cfg(feature = "simulator")]
#[path = "../examples/check_proof.rs"]
mod check_proof;
#[path = "../examples/decide_upgrade.rs"]
mod decide_upgrade;
#[cfg(feature = "simulator")]
#[path = "../examples/verify_certificate.rs"]
mod verify_certificate;

#[cfg(feature = "simulator")]
#[test]
fn read_a_cards_state() {
    card_state::main().unwrap();
}

#[cfg(feature = "simulator")]
#[test]
fn verify_a_certificate_with_a_list() {
    verify_certificate::main().unwrap();
}

#[cfg(feature = "simulator")]
#[test]
fn check_a_proof_as_a_back_end_would() {
    check_proof::main().unwrap();
}

#[test]
fn decide_an_upgrade() {
    decide_upgrade::main().unwrap();
}
