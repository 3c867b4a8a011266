//! Garbage where a card file or a recording is expected: a clear message, the right code, never a panic.

use super::process::{Holder, honnin, honnin_with_input};

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

/// A card that breaks the link at a VERIFY, whether it counted or not (card.md §4.2).
#[test]
fn a_pin_without_an_answer_may_have_cost_a_try_and_is_said_to() {
    for (drop, left) in [("counted", 2), ("not_counted", 3)] {
        let holder = Holder::new("adult");
        let path = holder.path("card.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let dropping = text.replace("[switches]\n", &format!("[switches]\nlink_drop_in_verify = \"{drop}\"\n"));
        assert_ne!(text, dropping);
        std::fs::write(&path, dropping).unwrap();
        let card = holder.card();
        let out = holder.path("out");
        let read = ["certificate", "read", "user-authentication", "--out", &out, "--card", &card, "--json"];
        assert!(!honnin(&read).json()["warnings"].to_string().contains("attempt_may_be_spent"), "no PIN was sent");
        let sign =
            ["sign", &path, "--key", "user-authentication", "--out", &out, "--pin-from", "stdin", "--card", &card];
        let ended = honnin_with_input("1234\n", &[&sign[..], &["--json"]].concat());
        assert_eq!((ended.exit, ended.code().as_str()), (16, "transport_failed"));
        assert!(ended.json()["warnings"].to_string().contains("attempt_may_be_spent"), "{ended:?}");
        assert_eq!(holder.remaining("user_authentication"), left);
    }
    let removed = Holder::new("adult");
    let path = removed.path("card.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("[switches]\n", "[switches]\nremoved_after = 2\n")).unwrap();
    let arguments = ["attributes", "read", "--pin-from", "stdin", "--card", &removed.card(), "--lang", "ja"];
    let ended = honnin_with_input("5678\n", &arguments);
    assert!(ended.exit == 16 && ended.err.contains("1回分減っている可能性があります"), "{ended:?}");
}

/// A card file whose certificate files are all filler, or an object's header with zeroes behind it.
fn spoilt(holder: &Holder, fill: &str) -> String {
    let mut toml: toml::Table = std::fs::read_to_string(holder.path("card.toml")).unwrap().parse().unwrap();
    let mut spoilt = 0;
    for application in toml["application"].as_array_mut().unwrap() {
        for file in application.get_mut("file").and_then(|files| files.as_array_mut()).into_iter().flatten() {
            let Some(content) = file.get_mut("content") else { continue };
            if content.as_str().is_some_and(|text| text.trim().len() > 1000) {
                *content = fill.into();
                spoilt += 1;
            }
        }
    }
    assert!(spoilt >= 4, "the four certificates of the card");
    let path = holder.path("spoilt.toml");
    std::fs::write(&path, toml.to_string()).unwrap();
    format!("sim:{path}")
}

#[test]
fn a_certificate_file_of_filler_or_zeroes_is_neither_usable_nor_written() {
    for (fill, read) in [
        ("FF".repeat(1600), (14, "certificate_not_issued")),
        (format!("308203E4{}", "00".repeat(1600)), (30, "malformed_data")),
    ] {
        let holder = Holder::new("adult");
        let card = spoilt(&holder, &fill);
        let out = holder.path("out.der");
        let ended = honnin(&["certificate", "read", "user-authentication", "--out", &out, "--json", "--card", &card]);
        assert_eq!((ended.exit, ended.code().as_str()), read);
        assert!(!std::path::Path::new(&out).exists());
        let doctor = honnin(&["doctor", "--json", "--card", &card]);
        assert_eq!((doctor.exit, doctor.code().as_str()), (30, "malformed_data"), "{doctor:?}");
        let status = honnin(&["card", "status", "--json", "--card", &card]);
        let codes = status.json()["warnings"].to_string();
        assert!(codes.contains("authentication_certificate_unreadable"), "{codes}");
    }
}

#[test]
fn the_file_that_is_signed_and_the_card_itself_are_never_overwritten() {
    let holder = Holder::new("adult");
    let (content, card) = (holder.path("text"), holder.card());
    std::fs::write(&content, "text").unwrap();
    let sign = ["sign", &content, "--out", &content, "--pin-from", "stdin", "--json", "--card", &card];
    let ended = honnin_with_input("ABC123\n", &sign);
    assert_eq!((ended.exit, ended.code().as_str()), (2, "usage"));
    assert_eq!(std::fs::read_to_string(&content).unwrap(), "text");
    let file = holder.path("card.toml");
    let before = std::fs::read(&file).unwrap();
    let ended = honnin(&["card", "status", "--json", "--card", &card, "--record", &file]);
    assert_eq!((ended.exit, ended.code().as_str()), (2, "usage"));
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[test]
fn no_message_suggests_to_spend_a_last_try() {
    for arguments in [&["pin", "status", "--al"][..], &["pin", "status", "--allow-last"], &["sign", "--allow"]] {
        let ended = honnin(arguments);
        assert_eq!(ended.exit, 2);
        assert!(!ended.err.contains("--allow-last-try"), "{}", ended.err);
    }
}
