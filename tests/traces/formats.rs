//! One session in the formats of other programs: each is known by its content, imports to the same, and never with its PIN.

use super::{corpus, recordings, sample};
use honnin::trace::{read, to_apdu4j};
use std::path::Path;
use std::process::Command;

/// Runs `trace …`; exit code, standard output, standard error.
fn trace(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_honnin")).arg("trace").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The lines of the exchanges.
fn exchanges(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.contains(r#""type":"exchange""#)).collect()
}

const FILES: [(&str, &str); 7] = [
    ("opensc.log", "opensc_log"),
    ("pcscd.log", "pcscd_log"),
    ("apdu4j.dump", "apdu4j"),
    ("pcsc-spy.log", "pcsc_spy"),
    ("arrows.txt", "arrows"),
    ("arrows-reversed.txt", "arrows"),
    ("tshark.json", "tshark_json"),
];

#[test]
fn every_format_says_the_same_and_loses_its_secret_on_the_way_in() {
    let label = format!("4A504B494150494343544F4B454E32{}", "20".repeat(17));
    let expected = [
        r#"{"type":"exchange","tx":"00A4040C0AD392F000260100000001","rx":"9000"}"#.to_owned(),
        r#"{"type":"exchange","tx":"00A4020C020018","rx":"9000"}"#.to_owned(),
        r#"{"type":"exchange","tx":"00200080********","rx":"9000"}"#.to_owned(),
        format!(r#"{{"type":"exchange","tx":"00B0860020","rx":"{label}9000"}}"#),
        r#"{"type":"exchange","tx":"00A4040C07A0000001510000","rx":"9000"}"#.to_owned(),
    ];
    for (file, format) in FILES {
        let path = corpus().join("formats").join(file);
        let path = path.to_str().unwrap();
        let (exit, told, _) = trace(&["convert", path, "--to", "jsonl", "--bare"]);
        let (found, told) = (exchanges(&told), told.as_str());
        assert_eq!(exit, 0, "{file}: {told}");
        // OpenSC selects the application once more by itself before anything is asked.
        assert!(found.ends_with(&expected.each_ref().map(String::as_str)), "{file}: {told}");
        assert!(found.len() <= expected.len() + 1, "{file}: {told}");
        for command in [&["redact", path][..], &["show", path], &["convert", path, "--to", "apdu4j"], &["check", path]]
        {
            let (_, out, err) = trace(command);
            assert!(!out.contains("31323334") && !out.contains("1234") && !err.contains("1234"), "{command:?}: {out}");
        }
        let (exit, out, _) = trace(&["check", path, "--json"]);
        let json: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!((exit, &json["result"]["format"]), (1, &format.into()), "{file}");
        let rules: Vec<_> =
            json["result"]["findings"].as_array().unwrap().iter().map(|found| found["rule"].clone()).collect();
        assert!(rules.contains(&"secret_not_masked".into()), "{file}: the file itself has the PIN: {rules:?}");
        assert!(rules.contains(&"verify_without_counter_query".into()), "{file}: {rules:?}");
    }
}

#[test]
fn a_capture_of_tshark_itself_has_no_pin_either() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("session.pcapng");
    for (file, _) in FILES {
        let path = corpus().join("formats").join(file);
        let (exit, ..) = trace(&["convert", path.to_str().unwrap(), "--to", "pcapng", "--out", out.to_str().unwrap()]);
        assert_eq!(exit, 0);
        let bytes = std::fs::read(&out).unwrap();
        assert!(!bytes.windows(4).any(|window| window == b"1234"), "{file}");
    }
}

#[test]
fn redaction_changes_nothing_the_second_time_and_apdu4j_comes_back_as_it_went() {
    let directory = tempfile::tempdir().unwrap();
    let place = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    for path in sample(recordings(""), 23) {
        let (once, twice) = (place("once.jsonl"), place("twice.jsonl"));
        assert_eq!(trace(&["redact", path.to_str().unwrap(), "--out", &once, "--persona", "unknown"]).0, 0);
        assert_eq!(trace(&["redact", &once, "--out", &twice]).0, 0);
        assert_eq!(std::fs::read(&once).unwrap(), std::fs::read(&twice).unwrap(), "{}", path.display());
        let (exit, told, _) = trace(&["check", &once, "--json"]);
        assert!(!told.contains("not_masked"), "{exit} {told}");

        let (_, recording) = read(&std::fs::read(&path).unwrap()).unwrap();
        let dump = place("session.dump");
        std::fs::write(&dump, to_apdu4j(&recording)).unwrap();
        let (_, back, _) = trace(&["convert", &dump, "--to", "jsonl", "--persona", "synthetic", "--bare"]);
        let (_, direct, _) = trace(&["convert", path.to_str().unwrap(), "--to", "jsonl", "--bare"]);
        assert_eq!(exchanges(&back), exchanges(&direct), "{}", path.display());
    }
}

#[test]
fn a_replay_that_needs_what_is_blanked_ends_undetermined() {
    let directory = tempfile::tempdir().unwrap();
    let blanked = directory.path().join("blanked.jsonl").to_str().unwrap().to_owned();
    let source = corpus().join("adult/attributes.jsonl");
    assert_eq!(trace(&["redact", source.to_str().unwrap(), "--out", &blanked, "--persona", "unknown"]).0, 0);
    assert!(!std::fs::read_to_string(&blanked).unwrap().contains("DF22"));
    for lenient in [&["--lenient"][..], &[]] {
        let output = Command::new(env!("CARGO_BIN_EXE_honnin"))
            .args(["trace", "replay", &blanked])
            .args(lenient)
            .args(["--json", "--pin-from", "env:SECRET", "--", "attributes", "read"])
            .env("SECRET", "0000")
            .output()
            .unwrap();
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(3), "{json}");
        assert_eq!(json["problem"]["code"], "masked_data_needed");
    }
}

#[test]
fn leniently_our_client_reads_from_somebody_elses_recording() {
    // OpenSC reads the certificate in its own pieces; what those tell of the card answers ours.
    let directory = tempfile::tempdir().unwrap();
    let read_from = |recording: &str, lenient: &[&str]| {
        let out = directory.path().join("certificate.der");
        let _ = std::fs::remove_file(&out);
        let output = Command::new(env!("CARGO_BIN_EXE_honnin"))
            .args(["trace", "replay", corpus().join(recording).to_str().unwrap()])
            .args(lenient)
            .args(["--json", "--", "certificate", "read", "user-authentication", "--out", out.to_str().unwrap()])
            .output()
            .unwrap();
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), json, std::fs::read(Path::new(&out)).ok())
    };
    let (exit, _, own) = read_from("adult/certificate-user-authentication.jsonl", &[]);
    assert_eq!(exit, Some(0));
    let (exit, json, theirs) = read_from("opensc/certificate-user-authentication.jsonl", &["--lenient"]);
    assert_eq!((exit, &theirs), (Some(0), &own), "{json}");
    assert!(!json["result"]["differences"].as_array().unwrap().is_empty());
    let (exit, json, _) = read_from("opensc/certificate-user-authentication.jsonl", &[]);
    assert_eq!((exit, &json["problem"]["code"]), (Some(1), &"recording_differs".into()));
    let first = &json["result"]["differences"][0];
    assert!(
        first["recorded"]["header"].is_string() && first["asked"]["header"] == "00b08a00",
        "both sides are shown: {first}"
    );
}
