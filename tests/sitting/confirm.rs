//! `card confirm` and `doctor --report`: what a person may send to us, searched for everything that is theirs; and recordings
//! that cannot be written to the end.

use super::process::{Holder, honnin, honnin_with_input};
use serde_json::Value;
use std::io::Write as _;
use std::time::{Duration, Instant};

/// Makes the holder a real person, as far as a recording knows.
fn of_flesh(holder: &Holder) {
    let path = holder.path("card.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("synthetic = true"));
    std::fs::write(&path, text.replace("synthetic = true", "synthetic = false")).unwrap();
}

/// Every word of the holder's facts that could be theirs: names, addresses, dates, serials, secrets; in text and in hex.
fn canaries(holder: &Holder) -> Vec<String> {
    fn walk(value: &Value, words: &mut Vec<String>) {
        match value {
            Value::String(word) => words.push(word.clone()),
            Value::Array(list) => list.iter().for_each(|it| walk(it, words)),
            Value::Object(members) => {
                members.iter().filter(|(key, _)| *key != "persona").for_each(|(_, it)| walk(it, words))
            }
            _ => {}
        }
    }
    let mut words = Vec::new();
    walk(&holder.facts(), &mut words);
    // The token's number (card.md §3.3).
    words.push("0000000020500003".to_owned());
    let mut forms = Vec::new();
    for word in words.into_iter().filter(|word| word.len() > 4) {
        forms.push(hex::encode_upper(&word));
        // Serials are hex already, and stand as bytes.
        forms.push(word.to_uppercase());
        forms.push(word.replace('-', "").get(..10).unwrap_or_default().to_owned());
    }
    forms.retain(|form| form.len() > 5);
    forms
}

fn assert_none(canaries: &[String], place: &str, what: &str) {
    let place = place.to_uppercase();
    for canary in canaries {
        assert!(!place.contains(&canary.to_uppercase()), "{canary} in {what}: {place}");
    }
}

#[test]
fn a_card_is_confirmed_and_nothing_of_its_holder_is_recorded() {
    let holder = Holder::new("adult");
    of_flesh(&holder);
    let canaries = canaries(&holder);
    assert!(canaries.len() > 10, "{canaries:?}");
    let trace = holder.path("trace.jsonl");
    let ended = honnin(&["card", "confirm", "--json", "--card", &holder.card(), "--record", &trace]);
    assert_eq!(ended.exit, 0, "{ended:?}");
    let json = ended.json();
    let result = &json["result"];
    assert_eq!((&result["counters"]["unchanged"], &result["secrets_sent"]), (&true.into(), &0.into()));
    assert_eq!(result["counters"]["before"], result["counters"]["after"]);
    assert_eq!(result["counters"]["before"].as_array().unwrap().len(), 10);
    let facts = result["facts"].as_array().unwrap();
    let of = |outcome: &str| facts.iter().filter(|fact| fact["outcome"] == outcome).count();
    // What the simulated card does not know (card.md §2, §12.2), and what confirming does not ask.
    for (outcome, expected) in [
        ("not_seen", &["select-with-fci"][..]),
        ("not_tried", &["extended-read", "contact-atr-in-application"]),
        ("absent", &["card-recognition-data"]),
    ] {
        let found: Vec<_> = facts.iter().filter(|fact| fact["outcome"] == outcome).map(|fact| &fact["fact"]).collect();
        assert_eq!(found, expected, "{outcome}: {facts:?}");
    }
    assert_eq!(of("confirmed") + 4, facts.len(), "{facts:?}");
    let recorded = std::fs::read_to_string(&trace).unwrap();
    assert!(recorded.lines().count() > 50 && recorded.contains(r#""persona":"unknown""#));
    for (place, what) in [(&recorded, "the recording"), (&ended.everything(), "the output")] {
        assert_none(&canaries, place, what);
    }
    for line in recorded.lines().skip(1) {
        let line: Value = serde_json::from_str(line).unwrap();
        let tx = line["tx"].as_str().unwrap();
        assert!(!tx.starts_with("0020") || tx.len() == 8, "a VERIFY with data: {tx}");
    }
    // What stands there is kept.
    let again = honnin(&["card", "confirm", "--json", "--card", &holder.card(), "--record", &trace]);
    assert_eq!((again.exit, again.code().as_str()), (31, "io_error"));
    assert_eq!(std::fs::read_to_string(&trace).unwrap(), recorded);
}

/// card.md §1.2: some cards tell the ATR of the contacts in an application only, which says nothing good of the issuer's domain.
#[test]
fn an_atr_that_stands_in_an_application_confirms_nothing_of_the_issuers_domain() {
    let holder = Holder::new("adult");
    let path = holder.path("card.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches("[switches]\n").count(), 1);
    let switched = text.replace("[switches]\n", "[switches]\ncontact_atr_in_applications_only = true\n");
    std::fs::write(&path, switched).unwrap();
    let confirm = |more: &[&str]| {
        let trace = holder.path(&format!("trace{}.jsonl", more.len()));
        let ended = honnin(&[&["card", "confirm", "--card", &holder.card(), "--record", &trace], more].concat());
        assert_eq!(ended.exit, 0, "{ended:?}");
        ended
    };
    let json = confirm(&["--json"]).json();
    let facts = json["result"]["facts"].as_array().unwrap();
    let of = |name: &str| facts.iter().find(|fact| fact["fact"] == name).unwrap()["outcome"].clone();
    assert_eq!((of("contact-atr"), of("contact-atr-in-application")), ("absent".into(), "confirmed".into()));
    let text = confirm(&[]).text();
    let line = |name: &str| text.lines().find(|line| line.contains(&format!(" {name} "))).unwrap().to_owned();
    assert!(line("contact-atr").contains("not on this card [6A88"), "{text}");
    assert!(line("contact-atr-in-application").contains("confirmed"), "{text}");
}

#[test]
fn every_persona_is_confirmed_and_loses_nothing() {
    for (persona, exit) in
        [("child", 0), ("expired", 0), ("blocked", 0), ("one-try-left", 0), ("android", 0), ("resident-card", 0)]
    {
        let holder = Holder::new(persona);
        let state = std::fs::read(holder.path("card.toml.state")).ok();
        let trace = holder.path("trace.jsonl");
        let ended = honnin(&["card", "confirm", "--json", "--card", &holder.card(), "--record", &trace]);
        assert_eq!(ended.exit, exit, "{persona}: {ended:?}");
        assert_eq!(ended.json()["result"]["counters"]["unchanged"], true, "{persona}");
        assert_eq!(std::fs::read(holder.path("card.toml.state")).ok(), state, "{persona}");
        assert!(std::fs::read_to_string(&trace).unwrap().lines().count() > 20, "{persona}");
    }
}

#[test]
fn a_report_of_doctor_holds_nothing_of_the_holder_nor_of_the_machine_s_people() {
    for persona in ["adult", "expired"] {
        let holder = Holder::new(persona);
        of_flesh(&holder);
        let (report, trace) = (holder.path("CANARY-OF-A-PATH.json"), holder.path("trace.jsonl"));
        let arguments = ["doctor", "--report", &report, "--card", &holder.card(), "--record", &trace];
        let ended = honnin_with_input("", &arguments);
        assert!(matches!(ended.exit, 0 | 1), "{ended:?}");
        let text = std::fs::read_to_string(&report).unwrap();
        assert_none(&canaries(&holder), &text, "the report");
        assert!(!text.contains("CANARY") && !text.contains(holder.dir().to_str().unwrap()), "{text}");
        let packet: Value = serde_json::from_str(&text).unwrap();
        assert!(packet["time"].as_str().unwrap().ends_with('Z'), "TRI-04: time in UTC");
        assert_eq!((&packet["schema"], &packet["exit"]), (&"honnin-report/1".into(), &ended.exit.into()));
        assert_eq!(packet["card"]["atr"], "3be000ff8131fe4514");
        assert_eq!(packet["exchanges"]["secrets_sent"], 0);
        for line in std::fs::read_to_string(&trace).unwrap().lines().skip(1) {
            let line: Value = serde_json::from_str(line).unwrap();
            let tx = line["tx"].as_str().unwrap();
            assert!(!tx.starts_with("0020") || tx.len() == 8, "doctor sends no VERIFY with data: {tx}");
        }
    }
}

#[test]
fn an_atr_that_may_hold_a_number_of_the_card_is_withheld() {
    let holder = Holder::new("adult");
    of_flesh(&holder);
    let path = holder.path("card.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    // What a reader by radio makes up, with a PUPI in it.
    let atr = "3b8880017b1c9a30b381a1003c";
    std::fs::write(
        &path,
        text.to_lowercase()
            .contains("3be000ff8131fe4514")
            .then(|| text.replace("3BE000FF8131FE4514", atr).replace("3be000ff8131fe4514", atr))
            .expect("the ATR is in the file"),
    )
    .unwrap();
    let (report, trace) = (holder.path("report.json"), holder.path("trace.jsonl"));
    let ended = honnin(&["doctor", "--report", &report, "--record", &trace, "--card", &holder.card()]);
    assert_eq!(ended.exit, 0, "{ended:?}");
    for file in [report, trace] {
        let text = std::fs::read_to_string(file).unwrap().to_lowercase();
        assert!(!text.contains("7b1c9a30"), "{text}");
    }
}

/// A pipe with room for the recording's first line and little more, whose reader leaves once that line is there: what a full
/// disk is to a recording. The writer waits for room until then, so nothing hangs on who is faster.
fn pipe_that_breaks(path: &str) -> std::thread::JoinHandle<()> {
    const CAPACITY: usize = 65_536;
    const ROOM: usize = 400;
    let made = std::process::Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
    // Open for both, so that neither side waits for the other to come.
    let mut pipe = std::fs::File::options().read(true).write(true).open(path).unwrap();
    pipe.write_all(&[b' '; CAPACITY - ROOM]).unwrap();
    std::thread::spawn(move || {
        let until = Instant::now() + Duration::from_secs(60);
        while rustix::io::ioctl_fionread(&pipe).unwrap() <= (CAPACITY - ROOM) as u64 {
            assert!(Instant::now() < until, "nothing was recorded");
            std::thread::sleep(Duration::from_millis(1));
        }
    })
}

#[test]
fn a_recording_that_breaks_off_takes_nothing_back_of_what_the_card_did() {
    let holder = Holder::new("adult");
    let (content, out, pipe) = (holder.path("text"), holder.path("signed"), holder.path("pipe"));
    std::fs::write(&content, "text").unwrap();
    let reader = pipe_that_breaks(&pipe);
    let ended = honnin_with_input(
        "1234\n",
        &[
            "sign",
            &content,
            "--out",
            &out,
            "--key",
            "user-authentication",
            "--pin-from",
            "stdin",
            "--json",
            "--card",
            &holder.card(),
            "--record",
            &pipe,
        ],
    );
    reader.join().unwrap();
    assert_eq!(ended.exit, 0, "the card signed, and the signature is there: {ended:?}");
    assert!(std::fs::metadata(&out).unwrap().len() > 256);
    let json = ended.json();
    let warnings: Vec<_> = json["warnings"].as_array().unwrap().iter().map(|it| it["code"].clone()).collect();
    assert!(warnings.contains(&"recording_incomplete".into()), "{warnings:?}");
}

#[test]
fn a_wrong_secret_stays_the_answer_when_the_recording_breaks_off() {
    let holder = Holder::new("adult");
    let pipe = holder.path("pipe");
    let reader = pipe_that_breaks(&pipe);
    let ended = honnin_with_input(
        "9999\n",
        &["attributes", "read", "--pin-from", "stdin", "--json", "--card", &holder.card(), "--record", &pipe],
    );
    reader.join().unwrap();
    assert_eq!((ended.exit, ended.code().as_str()), (20, "pin_incorrect"), "{ended:?}");
    assert_eq!(holder.remaining("input_support"), 2);
    let json = ended.json();
    assert!(json["warnings"].as_array().unwrap().iter().any(|it| it["code"] == "recording_incomplete"), "{json}");
}

#[test]
fn a_recording_that_cannot_begin_ends_the_run_before_the_card_is_asked() {
    let holder = Holder::new("adult");
    let arguments =
        ["attributes", "read", "--pin-from", "stdin", "--json", "--card", &holder.card(), "--record", "/dev/full"];
    let ended = honnin_with_input("9999\n", &arguments);
    assert_eq!((ended.exit, ended.code().as_str()), (31, "io_error"), "{ended:?}");
    assert_eq!(holder.remaining("input_support"), 3, "no attempt was spent");
}
