//! The link fails at every command of every procedure, in every way: the right error, nothing sent twice, and counters
//! exactly as the card's rules say.

use super::bench::{Fault, PROCEDURES, Procedure, Reader, TRIALS};
use honnin::holder::SittingError;
use honnin::reason::Reason;

/// How often the card was told each of the commands that must not be repeated.
fn told(reader: &Reader) -> [usize; 3] {
    let count = |fits: fn(&[u8]) -> bool| reader.log().iter().filter(|(command, _)| fits(command)).count();
    [
        count(|command| command.len() > 4 && command[1] == 0x20),
        count(|command| command[1] == 0x24),
        count(|command| command[0] == 0x80 && command[1] == 0x2A),
    ]
}

/// How many commands a run takes when nothing goes wrong, locking included.
fn length(run: impl Fn(&Reader) -> Result<(), SittingError>) -> usize {
    let reader = Reader::adult();
    let _ = run(&reader);
    reader.log().len()
}

fn maximum(procedure: &Procedure) -> u8 {
    let (application, pin, ..) = procedure.secret.unwrap();
    Reader::adult().tries(application, pin)
}

/// With a wrong secret every VERIFY the card executed costs one attempt, and nothing else does.
fn assert_counter_of_a_wrong_secret(procedure: &Procedure, reader: &Reader, what: &str) {
    let (application, pin, ..) = procedure.secret.unwrap();
    let [verifies, changes, signatures] = told(reader);
    assert!(verifies <= 1 && changes == 0 && signatures == 0, "{what}: {:?}", reader.commands());
    let spent = u8::try_from(verifies).unwrap();
    assert_eq!(reader.tries(application, pin), maximum(procedure) - spent, "{what}");
}

#[test]
fn the_card_is_lifted_before_or_after_each_command() {
    for procedure in PROCEDURES.iter().chain(TRIALS) {
        let length = length(|reader| procedure.right(reader));
        for at in 0..length {
            for fault in [Fault::RemovedBefore, Fault::RemovedAfter] {
                let what = format!("{}, {fault:?} {at} of {length}", procedure.name);
                let reader = Reader::adult().with_fault(at, fault.clone());
                let outcome = procedure.right(&reader);
                // The last command locks the card, when the work is done and its result is in hand.
                if at == length - 1 {
                    assert!(outcome.is_ok(), "{what}");
                } else {
                    assert_eq!(outcome.unwrap_err().reason(), Reason::CardLostContact, "{what}");
                }
                let executed = at + usize::from(matches!(fault, Fault::RemovedAfter));
                assert_eq!(reader.log().len(), executed, "{what}: nothing more is sent");
                assert!(told(&reader).iter().all(|times| *times <= 1), "{what}");
                for (application, pin, tries) in [("jpki", 0x18, 3), ("jpki", 0x1B, 5), ("input support", 0x11, 3)] {
                    assert_eq!(reader.tries(application, pin), tries, "{what}");
                }
            }
        }
    }
}

#[test]
fn a_wrong_secret_costs_one_attempt_wherever_the_link_breaks() {
    for procedure in PROCEDURES.iter().filter(|procedure| procedure.secret.is_some()) {
        let length = length(|reader| procedure.wrong(reader));
        for at in 0..length {
            for fault in [Fault::RemovedBefore, Fault::RemovedAfter, Fault::Reset, Fault::Broken] {
                let what = format!("{} with a wrong secret, {fault:?} {at} of {length}", procedure.name);
                let reader = Reader::adult().with_fault(at, fault);
                assert!(procedure.wrong(&reader).is_err(), "{what}");
                assert_counter_of_a_wrong_secret(procedure, &reader, &what);
            }
        }
        let reader = Reader::adult();
        assert_eq!(procedure.wrong(&reader).unwrap_err().reason(), Reason::PinIncorrect, "{}", procedure.name);
        assert_eq!(told(&reader), [1, 0, 0]);
    }
}

#[test]
fn garbage_in_place_of_any_answer_is_an_answer_of_ours() {
    let garbage: [Vec<u8>; 9] = [
        vec![],
        vec![0x90],
        vec![0x6F, 0x00],
        vec![0x00, 0x00],
        vec![0xFF, 0xFF],
        vec![0x90, 0x00],
        vec![0x61, 0x10],
        vec![0x6C, 0x10],
        [vec![0xFF; 256], vec![0x90, 0x00]].concat(),
    ];
    for procedure in PROCEDURES {
        let length = length(|reader| procedure.right(reader));
        for at in 0..length {
            for answer in garbage.iter().cloned().map(Fault::Answer).chain([Fault::CutShort]) {
                let what = format!("{}, {answer:02X?} at {at} of {length}", procedure.name);
                let reader = Reader::adult().with_fault(at, answer);
                if let Err(error) = procedure.right(&reader) {
                    let reason = error.reason();
                    assert!(reason != Reason::Internal && reason != Reason::PinIncorrect, "{what}: {error}");
                    assert!([1, 3, 14, 16, 21, 22, 30].contains(&reason.exit()), "{what}: {error}");
                }
                let [verifies, changes, signatures] = told(&reader);
                assert!(verifies <= 1 && changes <= 1 && signatures <= 1, "{what}: {:?}", reader.commands());
                for (application, pin, tries) in [("jpki", 0x18, 3), ("jpki", 0x1B, 5), ("input support", 0x11, 3)] {
                    assert_eq!(reader.tries(application, pin), tries, "{what}");
                }
                assert_left_locked(&reader, &what);
            }
            if procedure.secret.is_some() {
                for answer in garbage.iter().cloned().map(Fault::Answer) {
                    let what = format!("{} with a wrong secret, {answer:02X?} at {at}", procedure.name);
                    let reader = Reader::adult().with_fault(at, answer);
                    let _ = procedure.wrong(&reader);
                    let [verifies, ..] = told(&reader);
                    assert!(verifies <= 1, "{what}: {:?}", reader.commands());
                }
            }
        }
    }
}

/// The last thing the card was told is to leave for the ISD, which ends what was verified (card.md §1.6).
fn assert_left_locked(reader: &Reader, what: &str) {
    let commands = reader.commands();
    assert_eq!(commands.last().map(String::as_str), Some("00A4040C07A0000001510000"), "{what}: {commands:?}");
}

#[test]
fn lengths_that_lie_are_not_believed() {
    // Each in place of the first block of EF 0002, which comes after SELECT, query and VERIFY.
    let attributes = PROCEDURES.iter().find(|procedure| procedure.name == "attributes by PIN").unwrap();
    for (answer, reason) in [
        ("FF2082FFFFDF2108", Reason::NotAnAnswerOfTheCard),
        ("FF2083FFFFFFDF21", Reason::NotAnAnswerOfTheCard),
        ("FF2080DF2100", Reason::NotAnAnswerOfTheCard),
        ("FF20", Reason::NotAnAnswerOfTheCard),
        ("3003020100", Reason::MalformedData),
        ("FF2003DF2210", Reason::MalformedData),
        ("FF2006DF2282FFFF41", Reason::MalformedData),
        ("FFFFFFFF", Reason::NotASupportedCard),
        ("", Reason::NotASupportedCard),
    ] {
        let bytes = [hex::decode(answer).unwrap(), vec![0x90, 0x00]].concat();
        let reader = Reader::adult().with_fault(3, Fault::Answer(bytes));
        assert_eq!(attributes.right(&reader).unwrap_err().reason(), reason, "{answer}");
        assert_left_locked(&reader, answer);
    }
}

#[test]
fn the_password_locks_at_five_the_pins_at_three_and_a_right_one_begins_anew_card_03() {
    for (name, maximum) in [
        ("signature with the signing key", 5_u8),
        ("signature with the authentication key", 3),
        ("attributes by PIN", 3),
    ] {
        let procedure = PROCEDURES.iter().find(|procedure| procedure.name == name).unwrap();
        let (application, pin, ..) = procedure.secret.unwrap();
        let reader = Reader::adult();
        assert_eq!(reader.tries(application, pin), maximum, "{name}");
        for wrong in 1..maximum {
            assert_eq!(procedure.wrong(&reader).unwrap_err().reason(), Reason::PinIncorrect, "{name}");
            assert_eq!(reader.tries(application, pin), maximum - wrong, "{name}: one entry, one try");
            assert_eq!(told(&reader)[0], usize::from(wrong), "{name}: never by itself a second time");
        }
        // The last is kept for whoever says so; a card that has none left is locked, and takes not even the right one.
        let locked = reader.with_tries(application, pin, 0);
        assert_eq!(procedure.right(&locked).unwrap_err().reason(), Reason::PinLocked, "{name}");
        assert_eq!(told(&locked)[0], 0, "{name}: asked before, so nothing is sent");
        let again = Reader::adult().with_tries(application, pin, 2);
        procedure.right(&again).unwrap();
        assert_eq!(again.tries(application, pin), maximum, "{name}: in a row means in a row");
    }
}

#[test]
fn two_wrong_secrets_in_a_row_are_two_attempts_and_the_last_is_kept() {
    let procedure = PROCEDURES.iter().find(|procedure| procedure.name == "attributes by PIN").unwrap();
    let reader = Reader::adult();
    for (tries, reason) in [(2, Reason::PinIncorrect), (1, Reason::PinIncorrect), (1, Reason::LastTryRefused)] {
        assert_eq!(procedure.wrong(&reader).unwrap_err().reason(), reason);
        assert_eq!(reader.tries("input support", 0x11), tries);
    }
    assert_eq!(told(&reader), [2, 0, 0]);
}
