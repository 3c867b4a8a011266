//! Garbage where a card file or a recording is expected: a clear message, the right code, never a panic.

use super::process::{Holder, honnin};

#[test]
fn garbage_instead_of_a_card_or_a_recording() {
    let holder = Holder::new("adult");
    let toml = std::fs::read_to_string(holder.path("card.toml")).unwrap();
    let cut = &toml[..toml.len() / 2];
    let files = [
        ("empty", Vec::new()),
        ("noise", b"\x00\x7f not TOML = [".to_vec()),
        ("bytes", vec![0xFF; 3000]),
        ("cut", cut.as_bytes().to_vec()),
        ("json", b"{}".to_vec()),
    ];
    for (name, content) in &files {
        std::fs::write(holder.path(name), content).unwrap();
        for kind in ["sim", "replay"] {
            let card = format!("{kind}:{}", holder.path(name));
            let ended = honnin(&["card", "status", "--json", "--card", &card]);
            assert_eq!((ended.exit, ended.code().as_str()), (30, "malformed_data"), "{kind} {name}: {ended:?}");
            let spoken = honnin(&["card", "status", "--card", &card]);
            assert!(spoken.err.contains("hint: "), "{}", spoken.err);
        }
    }
    for kind in ["sim", "replay"] {
        let ended = honnin(&["card", "status", "--json", "--card", &format!("{kind}:{}", holder.path("absent"))]);
        assert_eq!((ended.exit, ended.code().as_str()), (31, "io_error"));
    }
}

#[test]
fn what_cannot_be_written_is_said_and_nothing_is_left_half() {
    let holder = Holder::new("adult");
    let nowhere = holder.path("no/such/directory/file");
    let card = holder.card();
    let read = honnin(&["certificate", "read", "user-authentication", "--json", "--out", &nowhere, "--card", &card]);
    assert_eq!((read.exit, read.code().as_str()), (31, "io_error"));
    let recorded = honnin(&["card", "status", "--json", "--record", &nowhere, "--card", &card]);
    assert_eq!((recorded.exit, recorded.code().as_str()), (31, "io_error"));
    let made = honnin(&["simulator", "new", "--persona", "nobody", "--out", holder.dir().to_str().unwrap(), "--json"]);
    assert_eq!((made.exit, made.code().as_str()), (2, "usage"));
}

#[test]
fn another_card_is_named_as_such() {
    let holder = Holder::new("adult");
    let trace = holder.path("licence.jsonl");
    let script = [
        r#"{"type":"header","version":1,"supports_extended_length":false}"#,
        r#"{"type":"exchange","tx":"00A4040C0AD392F000260100000001","rx":"6A82"}"#,
        r#"{"type":"exchange","tx":"00A4040C07A0000001510000","rx":"6A82"}"#,
    ];
    std::fs::write(&trace, script.join("\n")).unwrap();
    let ended = honnin(&["card", "status", "--json", "--card", &format!("replay:{trace}")]);
    assert_eq!((ended.exit, ended.code().as_str()), (14, "not_a_supported_card"));
    let doctor = honnin(&["doctor", "--json", "--card", &format!("replay:{trace}")]);
    assert_eq!((doctor.exit, &doctor.json()["result"]["findings"][0]["node"]), (14, &serde_json::json!("A1")));
}

#[test]
fn a_card_pulled_in_the_middle_of_a_file_is_communication_lost() {
    let holder = Holder::new("adult");
    let trace = holder.path("pulled.jsonl");
    let script = [
        r#"{"type":"header","version":1,"supports_extended_length":false}"#.to_owned(),
        r#"{"type":"exchange","tx":"00A4040C0AD392F000260100000001","rx":"9000"}"#.to_owned(),
        format!(r#"{{"type":"exchange","tx":"00B08A0000","rx":"30820632{}9000"}}"#, "00".repeat(252)),
        r#"{"type":"error","tx":"00B0010000","error":"removed"}"#.to_owned(),
    ];
    std::fs::write(&trace, script.join("\n")).unwrap();
    let ended = honnin(&["certificate", "read", "user-authentication", "--json", "--card", &format!("replay:{trace}")]);
    assert_eq!((ended.exit, ended.code().as_str()), (16, "card_lost_contact"));
}
