//! Exit codes and JSON of `attributes read`, `surface read` and `pin status --all` (cli.md).

use super::process::{Ended, Holder, honnin, honnin_with_input};
use serde_json::json;

fn attributes(holder: &Holder, input: &str, more: &[&str]) -> Ended {
    let card = holder.card();
    let arguments = ["attributes", "read", "--json", "--pin-from", "stdin", "--card", &card];
    honnin_with_input(input, &[&arguments[..], more].concat())
}

fn surface(holder: &Holder, input: &str, more: &[&str]) -> Ended {
    let card = holder.card();
    let arguments = ["surface", "read", "--json", "--pin-from", "stdin", "--card", &card];
    honnin_with_input(input, &[&arguments[..], more].concat())
}

#[test]
fn attributes_have_the_shape_of_the_contract_and_take_five_exchanges() {
    let holder = Holder::new("adult");
    let ended = attributes(&holder, "5678\n", &[]);
    assert_eq!(ended.exit, 0, "{ended:?}");
    assert_eq!(
        ended.json(),
        json!({
            "schema": "honnin/1", "command": "attributes read", "ok": true, "exit": 0,
            "result": { "attributes": holder.facts()["attributes"], "with": "pin", "exchanges": 5 },
            "checks": [{ "id": "genuineness", "status": "not_run" }],
            "warnings": [{ "code": "simulated_card" }],
        })
    );
}

#[test]
fn every_persona_with_the_application_is_read_as_its_maker_says() {
    for persona in ["child", "longest-address", "substitute-characters", "foreign-resident"] {
        let holder = Holder::new(persona);
        let ended = attributes(&holder, "5678\n", &[]);
        assert_eq!(ended.exit, 0, "{persona}: {ended:?}");
        assert_eq!(ended.json()["result"]["attributes"], holder.facts()["attributes"], "{persona}");
    }
    let holder = Holder::new("adult");
    let ended = honnin_with_input("5678\n", &["attributes", "read", "--pin-from", "stdin", "--card", &holder.card()]);
    assert!(ended.text().contains("見本　太郎") && ended.text().contains("1980-02-17"), "{ended:?}");
}

#[test]
fn number_b_is_made_of_what_is_printed_on_the_card() {
    let holder = Holder::new("adult");
    for input in
        ["1980-02-17\n2030\n2285\n", "1980-02-17 2030 2285\n", "55021720302285\n", "１９８０/2/17\n2030\n2285\n"]
    {
        let ended = attributes(&holder, input, &["--with", "number-b"]);
        assert_eq!(ended.exit, 0, "{input:?}: {ended:?}");
        assert_eq!(ended.json()["result"]["attributes"], holder.facts()["attributes"]);
        assert_eq!(ended.json()["result"]["with"], "number_b");
    }
    for (input, part) in [
        ("1980-02-31\n2030\n2285\n", "birth_date"),
        ("1980-02-17\n30\n2285\n", "expiry_year"),
        ("1980-02-17\n2030\n228\n", "security_code"),
    ] {
        let ended = attributes(&holder, input, &["--with", "number-b"]);
        assert_eq!((ended.exit, ended.code().as_str()), (23, "pin_format_invalid"), "{input:?}");
        assert_eq!(ended.json()["result"]["part"], part);
    }
    let wrong = attributes(&holder, "1980-02-17\n2030\n2286\n", &["--with", "number-b"]);
    assert_eq!((wrong.exit, wrong.code().as_str()), (20, "pin_incorrect"));
    assert_eq!(
        (wrong.json()["result"]["remaining"].clone(), wrong.json()["result"]["pin"].clone()),
        (json!(9), json!("number_b"))
    );
}

#[test]
fn what_ends_attributes_read_early() {
    for (persona, input, exit, code) in [
        ("adult", "9999\n", 20, "pin_incorrect"),
        ("adult", "567\n", 23, "pin_format_invalid"),
        ("adult", "", 23, "secret_unavailable"),
        ("blocked", "5678\n", 21, "pin_locked"),
        ("face-authentication", "5678\n", 21, "pin_locked"),
        ("one-try-left", "5678\n", 22, "last_try_refused"),
        ("android", "5678\n", 14, "not_a_supported_card"),
        ("iphone", "5678\n", 14, "not_a_supported_card"),
        ("resident-card", "5678\n", 14, "not_a_supported_card"),
    ] {
        let ended = attributes(&Holder::new(persona), input, &[]);
        assert_eq!((ended.exit, ended.code().as_str()), (exit, code), "{persona} {input:?}: {ended:?}");
        assert!(!ended.everything().contains("見本"), "{persona}");
    }
}

#[test]
fn genuine_by_a_known_key_only() {
    let holder = Holder::new("adult");
    let keys = holder.path("card-verifiable-keys.json");
    let unknown = attributes(&holder, "5678\n", &["--genuineness"]);
    assert_eq!((unknown.exit, unknown.code().as_str()), (3, "issuer_not_trusted"), "{unknown:?}");
    let check = |ended: &Ended, id: &str| {
        let checks = ended.json()["checks"].as_array().unwrap().clone();
        checks.into_iter().find(|check| check["id"] == id).unwrap_or_default()
    };
    assert_eq!(check(&unknown, "genuineness")["detail"], json!({ "why": "unknown_key", "ca": "9000033" }));
    // What was read is told all the same: undetermined is not failed.
    assert_eq!(unknown.json()["result"]["attributes"], holder.facts()["attributes"]);

    let known = attributes(&holder, "5678\n", &["--genuineness", "--card-verifiable-keys", &keys]);
    assert_eq!(known.exit, 0, "{known:?}");
    assert_eq!(check(&known, "genuineness")["status"], "passed");
    assert_eq!(known.json()["result"]["exchanges"], 10);
    assert!(known.json()["warnings"].as_array().unwrap().contains(&json!({ "code": "caller_anchor" })));

    let child = Holder::new("child");
    let other = child.path("card-verifiable-keys.json");
    let forged = attributes(&holder, "5678\n", &["--genuineness", "--card-verifiable-keys", &other]);
    assert_eq!((forged.exit, forged.code().as_str()), (1, "signature_invalid"), "the same name, another key");
    assert_eq!(check(&forged, "genuineness")["detail"]["why"], "certificate");

    std::fs::write(&keys, "{}").unwrap();
    let broken = attributes(&holder, "5678\n", &["--genuineness", "--card-verifiable-keys", &keys]);
    assert_eq!((broken.exit, broken.code().as_str()), (30, "malformed_data"));
}

#[test]
fn changed_data_are_not_genuine() {
    // 見本町 becomes 見木町 in EF 0002 and its picture changes by a bit, under the old signatures.
    let holder = Holder::new("adult");
    let keys = holder.path("card-verifiable-keys.json");
    let mut card = honnin::simulator::CardFile::read(std::path::Path::new(&holder.path("card.toml"))).unwrap();
    for (application, id) in [("input support", 0x0002), ("surface", 0x0002)] {
        let application = card.applications.iter_mut().find(|it| it.name == application).unwrap();
        let content = application.files.iter_mut().find(|it| it.id.0 == id).unwrap().content.as_mut().unwrap();
        let at = if application.name == "surface" { 1000 } else { 60 };
        content[at] ^= 1;
    }
    std::fs::write(holder.path("card.toml"), card.to_toml().unwrap()).unwrap();
    let ended = attributes(&holder, "5678\n", &["--genuineness", "--card-verifiable-keys", &keys]);
    assert!(
        matches!((ended.exit, ended.code().as_str()), (1, "signature_invalid") | (30, "malformed_data")),
        "{ended:?}"
    );
    let ended = surface(&holder, "55021720302285\n", &["--genuineness", "--card-verifiable-keys", &keys]);
    assert_eq!((ended.exit, ended.code().as_str()), (1, "signature_invalid"), "{ended:?}");
    assert_eq!(ended.json()["checks"][0]["id"], "signature");
    assert_eq!(ended.json()["checks"][1], json!({ "id": "genuineness", "status": "not_run" }));
}

#[test]
fn the_face_is_read_and_its_pictures_go_to_files() {
    let holder = Holder::new("adult");
    let [photo, name, address] = ["photo.jp2", "name.png", "address.png"].map(|file| holder.path(file));
    let files = ["--photo", &photo, "--name", &name, "--address", &address];
    let ended = surface(&holder, "1980-02-17\n2030\n2285\n", &files);
    assert_eq!(ended.exit, 0, "{ended:?}");
    let json = ended.json();
    assert_eq!(json["result"]["surface"], json!({ "birthdate": "1980-02-17", "sex": "1", "expires": "2030-02-17" }));
    assert_eq!(json["checks"][0], json!({ "id": "signature", "status": "passed" }));
    assert_eq!(json["checks"][1]["status"], "not_run");
    let read = |path: &str| std::fs::read(path).unwrap();
    assert_eq!(read(&photo), include_bytes!("../../src/authority/data/photo.jp2"));
    assert!(read(&name).starts_with(b"\x89PNG") && read(&address).starts_with(b"\x89PNG"));
    assert_ne!(read(&name), read(&address));
    assert_eq!(json["result"]["pictures"]["photo"]["bytes"], read(&photo).len());
    // SELECT, query, VERIFY; the face in blocks of 256; EF 0004 in three; the ISD.
    let exchanges = json["result"]["exchanges"].as_u64().unwrap();
    let card = honnin::simulator::CardFile::read(std::path::Path::new(&holder.path("card.toml"))).unwrap();
    let surface_application = card.applications.iter().find(|it| it.name == "surface").unwrap();
    let file = surface_application.files.iter().find(|it| it.id.0 == 0x0002).unwrap();
    let blocks = u64::try_from(file.content.as_ref().unwrap().len().div_ceil(256)).unwrap();
    assert_eq!(exchanges, 3 + blocks + 3 + 1);

    let keys = holder.path("card-verifiable-keys.json");
    let ended = surface(&holder, "55021720302285\n", &["--genuineness", "--card-verifiable-keys", &keys]);
    assert_eq!((ended.exit, ended.json()["checks"][1]["status"].clone()), (0, json!("passed")));
    let ended = surface(&holder, "55021720302285\n", &["--genuineness"]);
    assert_eq!((ended.exit, ended.code().as_str()), (3, "issuer_not_trusted"));
}

#[test]
fn what_ends_surface_read_early() {
    let holder = Holder::new("adult");
    let wrong = surface(&holder, "1980-02-17\n2031\n2285\n", &[]);
    assert_eq!((wrong.exit, wrong.code().as_str()), (20, "pin_incorrect"));
    let phone = surface(&Holder::new("iphone"), "55021720302285\n", &[]);
    assert_eq!((phone.exit, phone.code().as_str()), (14, "not_a_supported_card"));
    let nowhere = surface(&holder, "55021720302285\n", &["--photo", "/nowhere/photo.jp2"]);
    assert_eq!((nowhere.exit, nowhere.code().as_str()), (31, "io_error"));
}

#[test]
fn every_counter_has_a_name_and_costs_nothing() {
    let holder = Holder::new("adult");
    let all = honnin(&["pin", "status", "--all", "--json", "--card", &holder.card()]);
    assert_eq!(all.exit, 0, "{all:?}");
    let pins = all.json()["result"]["pins"].as_array().unwrap().clone();
    let found: Vec<_> =
        pins.iter().map(|pin| (pin["pin"].as_str().unwrap(), pin["remaining"].as_u64().unwrap())).collect();
    assert_eq!(
        found,
        [
            ("user_authentication", 3),
            ("digital_signature", 5),
            ("input_support", 3),
            ("input_support_number_a", 10),
            ("input_support_number_b", 10),
            ("surface_birth_date", 10),
            ("surface_number_b", 10),
            ("surface_number_a", 10),
            ("resident_register", 3),
            ("common_card", 3),
        ]
    );
    assert_eq!((&pins[0]["maximum"], &pins[4]["maximum"]), (&json!(3), &json!(null)));
    assert_eq!(all.json()["result"]["exchanges"], 16);
    let phone = honnin(&["pin", "status", "--all", "--json", "--card", &Holder::new("android").card()]);
    assert_eq!(phone.json()["result"]["pins"].as_array().unwrap().len(), 2);
}

#[test]
fn other_kinds_of_card_are_named_for_what_they_are() {
    for (persona, kind) in [
        ("android", "android_phone"),
        ("iphone", "ios_phone"),
        ("resident-card", "resident_card"),
        ("face-authentication", "individual_number_card"),
    ] {
        let status = honnin(&["card", "status", "--json", "--card", &Holder::new(persona).card()]);
        assert_eq!(status.exit, 0, "{persona}: {status:?}");
        assert_eq!(status.json()["result"]["card"]["kind"], kind);
        let possibly = status.json()["warnings"].to_string().contains("possibly_face_authentication_card");
        assert_eq!(possibly, persona == "face-authentication", "{persona}");
    }
}

#[test]
fn no_secret_and_no_person_in_narration_or_recording_marks() {
    let holder = Holder::new("adult");
    for (command, input) in [("attributes", "5678\n"), ("surface", "1980-02-17\n2030\n2285\n")] {
        let trace = holder.path(&format!("{command}.jsonl"));
        let arguments =
            [command, "read", "-vvv", "--json", "--pin-from", "stdin", "--card", &holder.card(), "--record", &trace];
        let ended = honnin_with_input(input, &arguments);
        assert_eq!(ended.exit, 0, "{ended:?}");
        assert!(!ended.err.contains("E8A68B"), "{}", ended.err);
        let written = std::fs::read_to_string(&trace).unwrap();
        for secret in ["5678", "55021720302285"].map(hex::encode) {
            let verify = written.lines().filter(|line| line.contains("\"tx\":\"0020")).collect::<String>();
            assert!(!verify.contains(&secret) && !ended.err.contains(&secret), "{command}");
        }
    }
}

/// desktop.md §2 Logging: `-v` events, `-vv` headers, lengths and status words, `-vvv` bodies of what is neither secret nor
/// personal; lines for people in all of them.
#[test]
fn verbosity_is_told_in_lines_for_people() {
    let holder = Holder::new("adult");
    let told = |more: &[&str]| {
        let card = holder.card();
        let arguments = ["attributes", "read", "--pin-from", "stdin", "--card", &card];
        let ended = honnin_with_input("5678\n", &[&arguments[..], more].concat());
        assert_eq!(ended.exit, 0, "{ended:?}");
        ended.err.lines().filter(|line| !line.starts_with("warning")).map(str::to_owned).collect::<Vec<_>>()
    };
    let events = [
        "  1  Select application: card face input support → 9000 done",
        "  2  Ask for tries left: card face input support, input support PIN (EF 0011) → 63C3 3 tries left",
        "  3  Present secret: card face input support, input support PIN (EF 0011) → 9000 done",
        "  4  Read: card face input support, basic four attributes (EF 0002) → 256 bytes, 9000 done",
        "  5  Select application: card's base application → 9000 done",
    ];
    assert_eq!(told(&[]), [""; 0]);
    assert_eq!(told(&["-v"]), events);
    let (headers, bodies) = (told(&["-vv"]), told(&["-vvv"]));
    for lines in [&headers, &bodies] {
        let without: Vec<_> = lines.iter().filter(|line| !line.starts_with("     ")).collect();
        assert_eq!(without, events.iter().collect::<Vec<_>>());
        assert_eq!(lines[7], "     > 00200091 and a secret (masked)");
    }
    assert_eq!(headers[1..3], ["     > 00A4040C and 11 bytes", "     < 9000"]);
    assert_eq!(headers[10..12], ["     > 00B08200 and 1 byte", "     < 9000, 256 bytes"]);
    assert_eq!(bodies[1..3], ["     > 00A4040C0AD3921000310001010408", "     < 9000"]);
    assert_eq!(bodies[10..12], ["     > 00B0820000", "     < 9000, 256 bytes (personal, masked)"]);
    let japanese = told(&["-vvv", "--lang", "ja"]);
    assert_eq!(japanese[7], "     > 00200091 と暗証番号(伏せ字)");
    assert!(!japanese.concat().contains("Apdu") && !bodies.concat().contains("Apdu"));
}

#[test]
#[cfg(feature = "photo")]
fn the_photo_is_png_where_the_file_is_named_so() {
    let holder = Holder::new("adult");
    let photo = holder.path("me.PNG");
    let ended = surface(&holder, "55021720302285\n", &["--photo", &photo]);
    assert_eq!(ended.exit, 0, "{ended:?}");
    let file = std::fs::read(&photo).unwrap();
    // A PNG of 96 × 120, as src/authority/data/README.md says of the picture.
    assert!(file.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x60\0\0\0\x78\x08\0"), "{:02X?}", &file[..32]);
    assert_eq!(
        ended.json()["result"]["pictures"]["photo"],
        json!({ "form": "png", "bytes": file.len(), "out": photo })
    );
}

#[test]
#[cfg(not(feature = "photo"))]
fn without_the_feature_png_is_refused_before_a_secret_is_asked_for() {
    let holder = Holder::new("adult");
    let ended = surface(&holder, "", &["--photo", &holder.path("me.png")]);
    assert_eq!((ended.exit, ended.code().as_str()), (2, "usage"), "{ended:?}");
}
