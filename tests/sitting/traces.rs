//! `--record` and `--card replay:`: what a recording holds, what it can be used for, and what it hides.

use super::process::{Holder, honnin, honnin_with_input};

#[test]
fn a_recorded_run_replays_to_the_same_result_without_the_card() {
    let holder = Holder::new("adult");
    let trace = holder.path("trace.jsonl");
    let first = honnin(&["card", "status", "--json", "--card", &holder.card(), "--record", &trace]);
    let second = honnin(&["card", "status", "--json", "--card", &format!("replay:{trace}")]);
    assert_eq!(second.exit, 0, "{second:?}");
    assert_eq!(first.json()["result"], second.json()["result"]);
    assert_eq!(second.json()["warnings"][0]["code"], "recording");
}

#[test]
fn what_was_recorded_is_never_written_over_and_the_card_is_not_asked() {
    let holder = Holder::new("adult");
    let (trace, content, out) = (holder.path("trace.jsonl"), holder.path("text"), holder.path("out"));
    std::fs::write(&content, "text").unwrap();
    std::fs::write(&trace, "some other day's recording\n").unwrap();
    let remaining = || {
        let told = honnin(&["pin", "status", "--json", "--card", &holder.card()]).json();
        told["result"]["pins"][0]["remaining"].clone()
    };
    let before = remaining();
    let sign = ["sign", &content, "--out", &out, "--key", "user-authentication", "--pin-from", "stdin"];
    for (language, words) in [("en", "already exists"), ("ja", "すでにあります")] {
        let more = ["--lang", language, "--card", &holder.card(), "--record", &trace];
        // A wrong one, which a card that was asked would have counted.
        let ended = honnin_with_input("9999\n", &[&sign[..], &more].concat());
        assert_eq!(ended.exit, 31, "{ended:?}");
        assert!(ended.err.contains("[io_error]") && ended.err.contains(words), "{}", ended.err);
        let ended = honnin_with_input("9999\n", &[&sign[..], &more, &["--json"]].concat());
        assert_eq!(ended.code(), "io_error");
        // Nor is a person asked first, who would type for nothing.
        let ended = honnin(&[&sign[..6], &more].concat());
        assert_eq!(ended.exit, 31, "{ended:?}");
    }
    assert_eq!(std::fs::read_to_string(&trace).unwrap(), "some other day's recording\n");
    assert_eq!(remaining(), before);
    // One that is there and empty holds nothing (mktemp makes such), and neither does a device.
    std::fs::write(&trace, "").unwrap();
    for file in [&trace[..], "/dev/null"] {
        let ended = honnin(&["pin", "status", "--card", &holder.card(), "--record", file]);
        assert_eq!(ended.exit, 0, "{ended:?}");
    }
    assert!(std::fs::read_to_string(&trace).unwrap().lines().count() > 3);
}

#[test]
fn a_signature_replays_whatever_secret_is_typed_because_none_was_recorded() {
    let holder = Holder::new("adult");
    let (trace, content, out) = (holder.path("trace.jsonl"), holder.path("text"), holder.path("out"));
    std::fs::write(&content, "text").unwrap();
    let read = |card: &str, secret: &str, record: &[&str]| {
        let arguments = [
            "certificate",
            "read",
            "digital-signature",
            "--out",
            &out,
            "--pin-from",
            "stdin",
            "--json",
            "--card",
            card,
        ];
        honnin_with_input(secret, &[&arguments, record].concat())
    };
    assert_eq!(read(&holder.card(), "ABC123\n", &["--record", &trace]).exit, 0);
    let recorded = std::fs::read(&out).unwrap();
    std::fs::remove_file(&out).unwrap();
    let ended = read(&format!("replay:{trace}"), "OTHER999\n", &[]);
    assert_eq!(ended.exit, 0, "{ended:?}");
    assert_eq!(std::fs::read(&out).unwrap(), recorded);
    let text = std::fs::read_to_string(&trace).unwrap();
    assert!(text.contains(r#""tx":"0020009B********""#), "{text}");
}

#[test]
fn a_replay_that_would_need_masked_data_ends_undetermined() {
    let holder = Holder::new("adult");
    let trace = holder.path("trace.jsonl");
    let script = [
        r#"{"type":"header","version":1,"supports_extended_length":false,"persona":"unknown"}"#,
        r#"{"type":"exchange","tx":"00A4040C0AD392F000260100000001","rx":"9000"}"#,
        r#"{"type":"exchange","tx":"00B08A0000","rx":"********9000"}"#,
    ];
    std::fs::write(&trace, script.join("\n")).unwrap();
    let ended = honnin(&["certificate", "read", "user-authentication", "--json", "--card", &format!("replay:{trace}")]);
    assert_eq!((ended.exit, ended.code().as_str()), (3, "masked_data_needed"));
}

#[test]
fn a_command_that_was_not_recorded_is_named_beside_the_recorded_one() {
    let holder = Holder::new("adult");
    let trace = holder.path("trace.jsonl");
    honnin(&["pin", "status", "--card", &holder.card(), "--record", &trace]);
    let ended = honnin(&["card", "status", "--card", &format!("replay:{trace}")]);
    assert_eq!(ended.exit, 30);
    assert!(ended.err.contains("00200098") && ended.err.contains("00B08600"), "{}", ended.err);
}
