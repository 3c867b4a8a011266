//! The link fails at commands of every procedure, through a real pcscd: the right exit code, a message that ends in what to
//! do, counters exactly as the card's rules say, and the card left locked — by the card's own log and state.
//!
//! `make test` walks a seeded sample, `HONNIN_TEST_LONG=1` every command.

use super::door::{Door, Fault, Told, commands, is_left_locked};
use super::people::{card, every, three, tries};
use super::procedures::{ALL, Ended, Procedure, ended, undisturbed};
use super::sampling::{enough, is_chosen, long};
use honnin::authority::Persona;
use honnin::card::Access;
use honnin::simulator::{Disturbance, Lie, SimulatedCard, Trouble};
use honnin::transport::pcsc::{Service, SlotState};
use std::time::{Duration, Instant};

struct Outcome {
    ended: Ended,
    card: SimulatedCard,
    told: Vec<Told>,
}

fn of(name: &str) -> &'static Procedure {
    ALL.iter().find(|procedure| procedure.name == name).unwrap()
}

/// Runs a procedure against the adult's card with one fault, and checks what holds after every fault.
fn with_fault(procedure: &Procedure, right: bool, at: usize, fault: Fault, what: &str) -> Outcome {
    with_card(procedure, right, Door::with(card(Persona::Adult), Some((at, fault))), what)
}

/// The same with the card in this door.
fn with_card(procedure: &Procedure, right: bool, door: Door, what: &str) -> Outcome {
    let dir = tempfile::tempdir().unwrap();
    let ended = procedure.run(dir.path(), right);
    let (card, told) = door.close();
    ended.assert_says_what_to_do(what);
    assert!(is_left_locked(&told), "{what}: {:?}", commands(&told));
    assert_nothing_twice(&told, what);
    Outcome { ended, card, told }
}

/// VERIFY with data, CHANGE and signatures are sent once at most.
fn assert_nothing_twice(told: &[Told], what: &str) {
    let sent = commands(told);
    let count = |fits: fn(&str) -> bool| sent.iter().filter(|command| fits(command)).count();
    assert!(count(|it| it.starts_with("0020") && it.len() > 8) <= 1, "{what}: {sent:?}");
    assert!(count(|it| it.starts_with("0024")) <= 1, "{what}: {sent:?}");
    assert!(count(|it| it.starts_with("802A")) <= 1, "{what}: {sent:?}");
}

/// Every counter as it was, or one attempt less of the one secret for each VERIFY the card compared and found wrong.
fn assert_counters(procedure: &Procedure, right: bool, outcome: &Outcome, what: &str) {
    let fresh = SimulatedCard::from_file(card(Persona::Adult)).unwrap();
    match procedure.secret.as_ref().filter(|_| !right) {
        None => assert_eq!(every(&outcome.card), every(&fresh), "{what}"),
        Some(secret) => {
            let sent = commands(&outcome.told);
            let compared = sent.iter().filter(|it| it.starts_with("0020") && it.len() > 8).count();
            let left = tries(&outcome.card, secret.application, secret.pin);
            let full = tries(&fresh, secret.application, secret.pin);
            assert_eq!(usize::from(left), usize::from(full) - compared, "{what}: {sent:?}");
            let sum = |card: &SimulatedCard| every(card).into_iter().map(usize::from).sum::<usize>();
            assert_eq!(sum(&outcome.card), sum(&fresh) - compared, "{what}: another counter moved");
        }
    }
}

#[test]
#[ignore = "run by faults_over_a_real_pcscd"]
fn a_card_that_is_lifted_costs_what_it_compared_and_no_more() {
    let mut cases = 0;
    for procedure in ALL {
        let sent = undisturbed(procedure);
        let last = sent.len() - 1;
        for at in 0..=last {
            for fault in [Fault::RemovedBefore, Fault::RemovedDuring, Fault::RemovedAfter] {
                let what = format!("{}, {fault:?} {at} of {last}", procedure.name);
                if !is_chosen(&what, 70) {
                    continue;
                }
                cases += 1;
                let outcome = with_fault(procedure, true, at, fault.clone(), &what);
                // The last command locks the card, when the work is done and its result is in hand.
                let done = at == last || (at + 1 == last && fault == Fault::RemovedAfter);
                let exit = outcome.ended.exit;
                if procedure.name == "doctor" && !done {
                    // What breaks while the link is tried out says nothing about the card.
                    assert!(matches!(exit, Some(0 | 16)), "{what}: {:?}", outcome.ended);
                } else if done {
                    assert_eq!(exit, Some(0), "{what}: {:?}", outcome.ended);
                } else {
                    let code = outcome.ended.code();
                    assert_eq!((exit, code), (Some(16), "card_lost_contact"), "{what}: {:?}", outcome.ended);
                }
                assert_counters(procedure, true, &outcome, &what);
            }
        }
    }
    enough(cases, 6);
}

#[test]
#[ignore = "run by faults_over_a_real_pcscd"]
fn a_wrong_secret_costs_one_attempt_wherever_the_card_is_lifted() {
    let mut cases = 0;
    for procedure in ALL.iter().filter(|procedure| procedure.secret.is_some()) {
        let sent = undisturbed(procedure);
        let verify = sent.iter().position(|it| it.starts_with("0020") && it.len() > 8).unwrap();
        for at in 0..=verify {
            for fault in [Fault::RemovedBefore, Fault::RemovedDuring, Fault::RemovedAfter] {
                let what = format!("{} with a wrong secret, {fault:?} {at}", procedure.name);
                // The VERIFY itself is where an attempt is at stake.
                if !is_chosen(&what, if at == verify { 8 } else { 60 }) {
                    continue;
                }
                cases += 1;
                let outcome = with_fault(procedure, false, at, fault.clone(), &what);
                let told_wrong = at == verify && fault == Fault::RemovedAfter;
                let exit = if told_wrong { 20 } else { 16 };
                assert_eq!(outcome.ended.exit, Some(exit), "{what}: {:?}", outcome.ended);
                assert_counters(procedure, false, &outcome, &what);
            }
        }
    }
    enough(cases, 4);
}

#[test]
#[ignore = "run by faults_over_a_real_pcscd"]
fn garbage_and_short_answers_are_answers_of_ours() {
    // Not an answer of no bytes at all: vpcd then waits for ever, as no driver of a reader does.
    let garbage: [Vec<u8>; 7] = [
        vec![0x90],
        vec![0x6F, 0x00],
        vec![0xFF, 0xFF],
        vec![0x90, 0x00],
        vec![0x61, 0x10],
        vec![0x6C, 0x10],
        [vec![0xFF; 256], vec![0x90, 0x00]].concat(),
    ];
    let mut cases = 0;
    for procedure in ALL {
        let sent = undisturbed(procedure);
        for at in 0..sent.len() {
            for fault in garbage.iter().cloned().map(Fault::Answer).chain([Fault::CutShort]) {
                let what = format!("{}, {fault:02X?} at {at}", procedure.name);
                if !is_chosen(&what, 150) {
                    continue;
                }
                cases += 1;
                let outcome = with_fault(procedure, true, at, fault, &what);
                let exit = outcome.ended.exit.unwrap();
                assert!([0, 1, 3, 14, 16, 20, 21, 22, 30].contains(&exit), "{what}: {:?}", outcome.ended);
                assert_counters(procedure, true, &outcome, &what);
            }
        }
    }
    enough(cases, 6);
}

/// In place of the first block of a file: after SELECT for the certificate; after SELECT, query and VERIFY for the others.
const BLOCKS: [(&str, usize, &[&str]); 3] = [
    ("authentication certificate", 1, &["3082FFFF3082", "3084FFFFFFFF", "308000", "30820010", "3003020100"]),
    ("attributes", 3, &["FF2082FFFFDF2108", "FF2083FFFFFFDF21", "FF2080DF2100", "FF20", "FF2006DF2282FFFF41"]),
    ("face", 3, &["FF2082FFFF", "FF208200", "FF2082000ADF2282FFFF41"]),
];

#[test]
#[ignore = "run by faults_over_a_real_pcscd"]
fn lengths_that_lie_are_not_believed() {
    let mut cases = 0;
    for (name, at, answers) in BLOCKS {
        for answer in answers {
            let what = format!("{name}: {answer}");
            if !is_chosen(&what, 6) {
                continue;
            }
            cases += 1;
            let bytes = [hex::decode(answer).unwrap(), vec![0x90, 0x00]].concat();
            let outcome = with_fault(of(name), true, at, Fault::Answer(bytes), &what);
            assert!(matches!(outcome.ended.exit, Some(1 | 14 | 30)), "{what}: {:?}", outcome.ended);
            assert_counters(of(name), true, &outcome, &what);
        }
    }
    // The length of the first object in every answer of every procedure.
    for procedure in ALL {
        for at in 0..undisturbed(procedure).len() {
            for lie in [Lie::TooLong, Lie::TooShort, Lie::Indefinite, Lie::Huge] {
                let what = format!("{}, {lie:?} at {at}", procedure.name);
                if !is_chosen(&what, 150) {
                    continue;
                }
                cases += 1;
                let mut file = card(Persona::Adult);
                file.switches.disturbance =
                    Some(Disturbance { at: (at + 1).try_into().unwrap(), what: Trouble::Length(lie) });
                let outcome = with_card(procedure, true, Door::with(file, None), &what);
                let exit = outcome.ended.exit.unwrap();
                assert!([0, 1, 3, 14, 30].contains(&exit), "{what}: {:?}", outcome.ended);
                assert_counters(procedure, true, &outcome, &what);
            }
        }
    }
    enough(cases, 4);
}

#[test]
#[ignore = "run by faults_over_a_real_pcscd"]
fn a_first_answer_of_6f00_is_not_the_end() {
    let mut cases = 0;
    for procedure in ALL.iter().filter(|procedure| is_chosen(&format!("6F00 {}", procedure.name), 5)) {
        cases += 1;
        let mut file = card(Persona::Adult);
        file.switches.first_command_6f00 = true;
        let outcome = with_card(procedure, true, Door::with(file, None), procedure.name);
        assert_eq!(outcome.ended.exit, Some(0), "{}: {:?}", procedure.name, outcome.ended);
        assert_counters(procedure, true, &outcome, procedure.name);
    }
    enough(cases, 1);
}

#[test]
#[ignore = "run by faults_over_a_real_pcscd"]
fn a_slow_card_is_waited_for() {
    // card.md §1.4: a client allows ten seconds and more for one command.
    let mut cases = 0;
    let patience = if long() { Duration::from_secs(10) } else { Duration::from_millis(2500) };
    for procedure in ALL {
        let sent = undisturbed(procedure);
        let counts = sent.iter().position(|it| it.starts_with("802A") || it.starts_with("0024"));
        let mut places = vec![0, counts.unwrap_or(sent.len() / 2), sent.len() - 1];
        places.dedup();
        for at in places {
            let what = format!("{}, slow at {at}", procedure.name);
            if !is_chosen(&what, 25) {
                continue;
            }
            cases += 1;
            let started = Instant::now();
            let outcome = with_fault(procedure, true, at, Fault::Slow(patience), &what);
            assert_eq!(outcome.ended.exit, Some(0), "{what}: {:?}", outcome.ended);
            assert!(started.elapsed() >= patience);
            assert_counters(procedure, true, &outcome, &what);
        }
    }
    enough(cases, 1);
}

#[test]
#[ignore = "run by faults_over_a_real_pcscd"]
fn a_card_that_another_holds_is_left_alone_by_every_procedure() {
    let mut cases = 0;
    for procedure in ALL {
        for access in [Access::Exclusive, Access::Shared] {
            let what = format!("{}, held {access:?}", procedure.name);
            if !is_chosen(&what, 8) {
                continue;
            }
            cases += 1;
            let door = Door::with(card(Persona::Adult), None);
            let service = Service::connect().unwrap();
            let there = service.readers().unwrap().into_iter().find(|reader| reader.slot == SlotState::Present);
            // Shared, and in a transaction.
            let held = service.open(&there.unwrap(), access).unwrap();
            let dir = tempfile::tempdir().unwrap();
            let ended = procedure.run(dir.path(), true);
            drop(held);
            let (card, told) = door.close();
            assert_eq!((ended.exit, ended.code()), (Some(15), "reader_busy"), "{what}: {ended:?}");
            ended.assert_says_what_to_do(&what);
            assert_eq!(commands(&told), [""; 0], "{what}: nothing reached the card");
            assert_counters(procedure, true, &Outcome { ended, card, told }, &what);
        }
    }
    enough(cases, 3);
}

/// Several of our own processes at the same card.
fn together(procedures: &[&Procedure], what: &str) -> usize {
    let dirs: Vec<_> = procedures.iter().map(|_| tempfile::tempdir().unwrap()).collect();
    let door = Door::with(card(Persona::Adult), None);
    let children: Vec<_> = procedures.iter().zip(&dirs).map(|(it, dir)| it.start(dir.path(), true)).collect();
    let mut done = 0;
    for (procedure, child) in procedures.iter().zip(children) {
        let ended = ended(child);
        let what = format!("{} in {what}", procedure.name);
        ended.assert_says_what_to_do(&what);
        // Another has it, or reset it on leaving: both are told as what they are. After a change, the old secret is wrong.
        let changed = ended.exit == Some(20) && procedures.iter().any(|it| it.name.starts_with("change"));
        assert!(matches!(ended.exit, Some(0 | 15 | 16)) || changed, "{what}: {ended:?}");
        done += usize::from(ended.exit == Some(0));
    }
    let (card, told) = door.close();
    if !procedures.iter().any(|it| it.name.starts_with("change")) {
        assert_eq!(three(&card), [3, 5, 3], "{what}");
    }
    assert!(is_left_locked(&told), "{what}: {:?}", commands(&told));
    done
}

#[test]
#[ignore = "run by faults_over_a_real_pcscd"]
fn two_and_more_of_our_own_at_once_do_not_spend_each_others_tries() {
    let four = ["signature", "authentication signature", "card status", "attributes"].map(of);
    let rounds = if long() { 3 } else { 2 };
    let done: usize = (0..rounds).map(|round| together(&four, &format!("round {round}"))).sum();
    assert!(done >= rounds, "somebody is always served, {done} were");
    for (index, first) in ALL.iter().enumerate() {
        for second in &ALL[index..] {
            let what = format!("{} beside {}", first.name, second.name);
            if is_chosen(&what, 100) {
                together(&[first, second], &what);
            }
        }
    }
}

#[test]
#[ignore = "run by faults_over_a_real_pcscd"]
fn a_program_that_resets_the_card_is_outlived_and_costs_nothing() {
    let door = Door::with(card(Persona::Adult), None);
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let stopped = stop.clone();
    let resetting = std::thread::spawn(move || {
        let context = pcsc::Context::establish(pcsc::Scope::User).unwrap();
        let name = context.list_readers_owned().unwrap().remove(0);
        let mut resets = 0;
        while !stopped.load(std::sync::atomic::Ordering::SeqCst) {
            if let Ok(card) = context.connect(&name, pcsc::ShareMode::Shared, pcsc::Protocols::ANY) {
                resets += usize::from(card.disconnect(pcsc::Disposition::ResetCard).is_ok());
            }
            std::thread::sleep(Duration::from_millis(15));
        }
        resets
    });
    // A change would leave another secret to the procedures after it.
    let procedures = ALL.iter().filter(|procedure| !procedure.name.starts_with("change"));
    let rounds = if long() { 12 } else { 4 };
    let (mut done, mut runs) = (0, 0);
    for procedure in procedures.filter(|procedure| is_chosen(&format!("reset during {}", procedure.name), 5)) {
        for round in 0..rounds {
            let dir = tempfile::tempdir().unwrap();
            let ended = procedure.run(dir.path(), true);
            let what = format!("{} in round {round}", procedure.name);
            ended.assert_says_what_to_do(&what);
            assert!(matches!(ended.exit, Some(0 | 15 | 16)), "{what}: {ended:?}");
            done += usize::from(ended.exit == Some(0));
            runs += 1;
        }
    }
    stop.store(true, std::sync::atomic::Ordering::SeqCst);
    assert!(resetting.join().unwrap() > 0, "nothing was reset");
    let (card, told) = door.close();
    assert_eq!(three(&card), [3, 5, 3]);
    assert!(is_left_locked(&told));
    enough(runs, 1);
    assert!(done > 0 || runs == 0, "nothing ever came through");
}
