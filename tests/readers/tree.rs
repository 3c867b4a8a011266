//! The nodes of `doctor`'s tree, made to happen beside a real pcscd (desktop.md §1). What Linux cannot be made to do is made
//! to happen from facts alone, in src/doctor/tests.rs.

use super::door::{Door, Fault, Habit, Told, commands, is_left_locked, wait_for};
use super::people::{card, every};
use honnin::authority::Persona;
use honnin::card::Access;
use honnin::simulator::CardFile;
use honnin::transport::pcsc::{Service, SlotState};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

/// `doctor` in a laid-out tree, so that nothing of this machine shows.
fn doctor_in(root: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_honnin"))
        .arg("doctor")
        .args(arguments)
        .env("HONNIN_PROBE_ROOT", root)
        .env("LANG", "C.UTF-8")
        .env_remove("LC_ALL")
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

pub(crate) struct Outcome {
    pub(crate) exit: Option<i32>,
    pub(crate) json: serde_json::Value,
}

impl Outcome {
    pub(crate) fn nodes(&self) -> Vec<&str> {
        let findings = self.json["result"]["findings"].as_array().unwrap();
        findings.iter().map(|finding| finding["node"].as_str().unwrap()).collect()
    }

    fn blocker(&self) -> Option<&str> {
        let findings = self.json["result"]["findings"].as_array().unwrap();
        findings
            .iter()
            .find(|finding| finding["severity"] == "blocker")
            .map(|finding| finding["node"].as_str().unwrap())
    }
}

pub(crate) fn doctor(root: &Path) -> Outcome {
    let output = doctor_in(root, &["--json"], &[]);
    let json = serde_json::from_slice(&output.stdout).unwrap();
    Outcome { exit: output.status.code(), json }
}

/// `doctor` with this card in the reader; the card must be as it was and locked, and no VERIFY with data was sent.
fn doctor_with(file: CardFile) -> Outcome {
    let root = tempfile::tempdir().unwrap();
    let before = honnin::simulator::SimulatedCard::from_file(file.clone()).unwrap();
    let door = Door::with(file, None);
    let told = doctor(root.path());
    let (after, log) = door.close();
    assert_asks_only(&log);
    assert_eq!(every(&before), every(&after));
    told
}

/// A VERIFY carries no data, and nothing else is sent than SELECT, READ BINARY and that.
fn assert_asks_only(told: &[Told]) {
    for command in commands(told) {
        let known = command.starts_with("00A4") || command.starts_with("00B0") || command.starts_with("0020");
        assert!(known, "{command}");
        assert!(!command.starts_with("0020") || command.len() == 8, "a VERIFY with data: {command}");
    }
    assert!(is_left_locked(told));
}

#[test]
#[ignore = "run by the_tree_over_a_real_pcscd"]
fn every_kind_of_card_makes_its_node() {
    use Persona::*;
    for (persona, blocker, exit, nodes) in [
        (Adult, None, 0, &["P1", "P1", "P1", "T1"][..]),
        (Child, None, 0, &["A3", "P1", "P1", "T1"]),
        (Expired, Some("A4"), 1, &["A4", "P1", "P1", "P1", "T1"]),
        (OneTryLeft, None, 0, &["P2", "P2", "P2", "T1"]),
        (Blocked, Some("P3"), 21, &["P3", "P3", "P3", "T1"]),
        (ResidentCard, Some("A2"), 14, &["A2"]),
        (Android, Some("A2"), 14, &["A2"]),
    ] {
        let told = doctor_with(card(persona));
        assert_eq!((told.exit, told.blocker()), (Some(exit), blocker), "{persona:?}: {}", told.json);
        // The resident card and phones may have a link to tell about or not.
        let nodes_told = told.nodes();
        assert_eq!(&nodes_told[..nodes.len().min(nodes_told.len())], nodes, "{persona:?}");
    }
}

#[test]
#[ignore = "run by the_tree_over_a_real_pcscd"]
fn a_counter_that_is_not_told_is_p4_and_small_reads_are_t1() {
    let mut file = card(Persona::Adult);
    file.switches.longest_read = Some(128);
    let told = doctor_with(file);
    assert_eq!(told.exit, Some(0), "{}", told.json);
    let link = told.json["result"]["findings"].as_array().unwrap().iter().find(|it| it["node"] == "T1").cloned();
    assert_eq!(link.unwrap()["length"], 128);
    let door = Door::with(card(Persona::Adult), Some((0, Fault::NoCounters)));
    let root = tempfile::tempdir().unwrap();
    let told = doctor(root.path());
    let (after, log) = door.close();
    assert_asks_only(&log);
    assert_eq!(every(&after), every(&honnin::simulator::SimulatedCard::from_file(card(Persona::Adult)).unwrap()));
    assert_eq!((told.exit, &told.nodes()[..2]), (Some(0), &["P4", "P4"][..]), "{}", told.json);
}

#[test]
#[ignore = "run by the_tree_over_a_real_pcscd"]
fn another_card_is_a1_with_a_guess_from_what_it_answers() {
    let mut file = card(Persona::Adult);
    file.applications.retain(|application| application.name != "jpki");
    let told = doctor_with(file.clone());
    assert_eq!((told.exit, told.blocker()), (Some(14), Some("A1")), "{}", told.json);
    file.applications.clear();
    assert_eq!(doctor_with(file.clone()).json["result"]["findings"][0]["guess"], serde_json::Value::Null);
    let mut licence = card(Persona::Adult).applications.remove(0);
    licence.aid = hex::decode("A0000002310600000000000000000000").unwrap();
    file.applications.push(licence);
    let told = doctor_with(file.clone());
    assert_eq!(told.json["result"]["findings"][0]["guess"], "driving_licence");
    // A FeliCa card as a reader for radio cards shows it (PC/SC part 3).
    file.applications.clear();
    file.atr = hex::decode("3B8F8001804F0CA0000003061100000000000079").unwrap();
    let door = Door::with(file, None);
    let root = tempfile::tempdir().unwrap();
    let told = doctor(root.path());
    drop(door);
    assert_eq!((told.exit, told.blocker()), (Some(14), Some("A1")), "{}", told.json);
    assert!(told.json["result"]["findings"].as_array().unwrap().iter().any(|it| it["guess"] == "felica"));
    assert!(told.nodes().contains(&"C4"), "{}", told.json);
}

#[test]
#[ignore = "run by the_tree_over_a_real_pcscd"]
fn an_empty_reader_is_c1_and_a_mute_card_is_c2() {
    let root = tempfile::tempdir().unwrap();
    wait_for(SlotState::Empty);
    let told = doctor(root.path());
    assert_eq!((told.exit, told.nodes()), (Some(13), vec!["C1"]), "{}", told.json);
    let door = Door::open(card(Persona::Adult), Habit::Mute, None);
    wait_for(SlotState::Mute);
    let told = doctor(root.path());
    drop(door);
    assert_eq!((told.exit, told.nodes()), (Some(16), vec!["C2"]), "{}", told.json);
}

#[test]
#[ignore = "run by the_tree_over_a_real_pcscd"]
fn a_card_that_comes_and_goes_is_c3() {
    let root = tempfile::tempdir().unwrap();
    let (there, away) = (Duration::from_millis(450), Duration::from_millis(500));
    let door = Door::open(card(Persona::Adult), Habit::Flapping(there, away), Some((3, Fault::RemovedBefore)));
    std::thread::sleep(Duration::from_millis(300));
    let told = doctor(root.path());
    drop(door);
    assert_eq!(told.exit, Some(16), "{}", told.json);
    assert_eq!(told.blocker(), Some("C3"), "{}", told.json);
}

#[test]
#[ignore = "run by the_tree_over_a_real_pcscd"]
fn a_held_card_is_c5_with_the_program_and_a_shared_one_c6() {
    let root = tempfile::tempdir().unwrap();
    let door = Door::with(card(Persona::Adult), None);
    let service = Service::connect().unwrap();
    let reader = service.readers().unwrap().into_iter().find(|reader| reader.slot == SlotState::Present).unwrap();
    let held = service.open(&reader, Access::Exclusive).unwrap();
    let output = doctor_in(root.path(), &["--json"], &[]);
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &told["result"]["findings"][0]["node"]), (Some(15), &"C5".into()), "{told}");
    // Of this machine itself: the program that holds it is this test.
    let output = Command::new(env!("CARGO_BIN_EXE_honnin")).args(["doctor", "--json"]).output().unwrap();
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let own = std::fs::read_to_string("/proc/self/comm").unwrap();
    let programs = told["result"]["findings"][0]["programs"].as_array().cloned().unwrap_or_default();
    assert!(programs.contains(&own.trim().into()), "{told}");
    drop(held);
    // Open to others, and without a transaction: opensc-tool waits for a card event in between.
    let context = pcsc::Context::establish(pcsc::Scope::User).unwrap();
    let name = context.list_readers_owned().unwrap().remove(0);
    let beside = context.connect(&name, pcsc::ShareMode::Shared, pcsc::Protocols::ANY).unwrap();
    let told = doctor(root.path());
    assert_eq!((told.exit, told.nodes()[0]), (Some(0), "C6"), "{}", told.json);
    drop(beside);
    let (_, log) = door.close();
    assert_asks_only(&log);
}

#[test]
#[ignore = "run by the_tree_over_a_real_pcscd"]
fn the_report_holds_no_canary_of_the_card() {
    let root = tempfile::tempdir().unwrap();
    let file = card(Persona::Adult);
    let door = Door::with(file.clone(), None);
    let report = root.path().join("report.json");
    let output = doctor_in(root.path(), &["--report", report.to_str().unwrap()], &[("USER", "CANARY-OF-THE-USER")]);
    drop(door);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = std::fs::read_to_string(&report).unwrap();
    let packet: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(packet["readers"][0]["name"], "Virtual PCD 00 00");
    assert!(packet["exchanges"]["count"].as_u64().unwrap() > 10 && packet["exchanges"]["secrets_sent"] == 0, "{text}");
    assert!(!text.contains("CANARY"), "{text}");
}

/// A service of another make: it speaks the first two messages of the protocol and says no.
fn refusing(socket: &Path, refusal: u32) {
    let listener = std::os::unix::net::UnixListener::bind(socket).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            loop {
                // Each message: its size and its command, then a structure that comes back filled in.
                let mut head = [0; 8];
                if stream.read_exact(&mut head).is_err() {
                    break;
                }
                let size = u32::from_ne_bytes(head[..4].try_into().unwrap());
                let command = u32::from_ne_bytes(head[4..].try_into().unwrap());
                let mut body = vec![0; usize::try_from(size).unwrap()];
                if stream.read_exact(&mut body).is_err() || body.len() < 4 {
                    break;
                }
                // 0x11 is CMD_VERSION; the refusal comes with what is asked after it, or with it.
                let word = if command == 0x11 && refusal != NO_SERVICE { 0 } else { refusal };
                let at = body.len() - 4;
                body[at..].copy_from_slice(&word.to_ne_bytes());
                if stream.write_all(&body).is_err() {
                    break;
                }
            }
        }
    });
}

/// SCARD_E_NO_SERVICE: what a service answers to a client of another version.
const NO_SERVICE: u32 = 0x8010_001D;

/// SCARD_W_SECURITY_VIOLATION: what polkit's no becomes.
const SECURITY_VIOLATION: u32 = 0x8010_006A;

#[test]
fn a_service_that_says_no_is_e3_and_one_of_another_version_in_a_sandbox_e4() {
    let root = tempfile::tempdir().unwrap();
    let refusals = [("no.comm", SECURITY_VIOLATION), ("other.comm", NO_SERVICE)];
    for (socket, refusal) in refusals {
        refusing(&root.path().join(socket), refusal);
    }
    let run = |socket: &str, more: &[&str]| {
        let socket = root.path().join(socket);
        let variables = [("PCSCLITE_CSOCK_NAME", socket.to_str().unwrap()), ("USER", "mihon")];
        doctor_in(root.path(), more, &variables)
    };
    let output = run("no.comm", &["--json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &json["result"]["findings"][0]["node"]), (Some(11), &"E3".into()), "{json}");
    let text = String::from_utf8(run("no.comm", &[]).stdout).unwrap();
    assert!(text.contains("access_pcsc") && text.contains("subject.user == \"mihon\""), "{text}");
    let output = run("other.comm", &["--json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &json["result"]["findings"][0]["node"]), (Some(10), &"E2".into()), "{json}");
    std::fs::write(root.path().join(".dockerenv"), "").unwrap();
    let output = run("other.comm", &["--json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &json["result"]["findings"][0]["node"]), (Some(10), &"E4".into()), "{json}");
}
