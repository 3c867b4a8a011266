//! `evidence verify` and `audit verify` over what the demo leaves behind; and a canary through everything it wrote.

use super::process::honnin;
use std::path::Path;

fn demo() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let ended = honnin(&["demo", "--dir", folder.path().to_str().unwrap(), "--json"]);
    assert_eq!(ended.exit, 0, "{ended:?}");
    folder
}

#[test]
fn evidence_and_log_of_the_demo_hold_and_their_damage_is_named() {
    let folder = demo();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let anchor = file("digital-signature-ca.der");
    let verify =
        |bundle: &str| honnin(&["evidence", "verify", bundle, "--anchors", "none", "--anchor", &anchor, "--json"]);
    // The bundle is alone in another folder, as it would be with an auditor.
    let elsewhere = tempfile::tempdir().unwrap();
    let bundle = elsewhere.path().join("case.evidence").to_str().unwrap().to_owned();
    std::fs::copy(file("case.evidence"), &bundle).unwrap();
    let ended = verify(&bundle);
    assert_eq!(ended.exit, 0, "{ended:?}");
    let json = ended.json();
    assert!(json["checks"].as_array().unwrap().iter().all(|check| check["status"] == "passed"));
    assert!(json["warnings"].as_array().unwrap().iter().any(|it| it["code"] == "internal_only"), "JPKI Act 52");
    let digest = json["result"]["digest"].as_str().unwrap();
    let log = std::fs::read_to_string(file("audit.jsonl")).unwrap();
    assert!(log.contains(&format!("\"bundle\":\"{digest}\"")), "the log remembers which bundle it was");

    // As of then it holds for good; as of years later it says so beside.
    let later = honnin(&[
        "evidence",
        "verify",
        &bundle,
        "--anchors",
        "none",
        "--anchor",
        &anchor,
        "--at",
        "2045-01-01T00:00:00Z",
        "--json",
    ]);
    assert_eq!(later.exit, 0);
    let now = later.json()["result"]["now"]["checks"].clone();
    assert!(now.as_array().unwrap().iter().any(|check| check["code"] == "certificate_expired"), "{now}");
    // The anchors of this program are others.
    let ended = honnin(&["evidence", "verify", &bundle, "--json"]);
    assert_eq!((ended.exit, ended.code().as_str()), (1, "issuer_not_trusted"));

    // First byte, last byte and one between of every part, the frame's two lines included.
    let whole = std::fs::read(&bundle).unwrap();
    for (name, from, to) in parts(&whole) {
        for at in [from, (from + to) / 2, to - 1] {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            std::fs::write(&bundle, &bytes).unwrap();
            let ended = verify(&bundle);
            assert_eq!((ended.exit, ended.code().as_str()), (30, "malformed_data"), "byte {at}");
            assert_eq!(ended.json()["result"]["changed"], serde_json::json!([name]), "byte {at}");
        }
    }
    // Of another version of the form: that is told, and that nothing was changed.
    assert_eq!(whole[16], b'2');
    std::fs::write(&bundle, [&whole[..16], b"1", &whole[17..]].concat()).unwrap();
    let ended = verify(&bundle);
    assert_eq!((ended.exit, ended.code().as_str()), (30, "malformed_data"));
    assert_eq!(ended.json()["result"]["changed"], serde_json::json!([]));
    for (language, version, next) in
        [("en", "version 1;", "honnin that wrote it"), ("ja", "形式1の", "作成した版のhonnin")]
    {
        let ended = honnin(&["evidence", "verify", &bundle, "--lang", language]);
        let told = String::from_utf8(ended.out).unwrap() + &ended.err;
        assert!(told.contains(version) && told.contains(next), "{told}");
    }
    std::fs::write(&bundle, &whole).unwrap();

    let audit = |path: &str, more: &[&str]| honnin(&[&["audit", "verify", path, "--json"], more].concat());
    let whole = audit(&file("audit.jsonl"), &[]);
    assert_eq!(whole.exit, 0, "{whole:?}");
    let head = whole.json()["result"]["head"].as_str().unwrap().to_owned();
    assert_eq!(audit(&file("audit.jsonl"), &["--head", &head]).exit, 0);
    let mut lines: Vec<&str> = log.lines().collect();
    lines.remove(4);
    std::fs::write(&bundle, lines.join("\n") + "\n").unwrap();
    let ended = audit(&bundle, &[]);
    assert_eq!(ended.exit, 30);
    let expected = serde_json::json!([{ "line": 5, "problem": "missing", "first": 5, "last": 5 }]);
    assert_eq!(ended.json()["result"]["findings"], expected);
    assert_eq!(honnin(&["audit", "verify", &bundle, "--head", "x", "--json"]).exit, 2);
    // A file that is no log at all does not scroll by.
    std::fs::write(&bundle, "x\n".repeat(500)).unwrap();
    let ended = honnin(&["audit", "verify", &bundle]);
    assert_eq!(ended.exit, 30);
    let told = String::from_utf8(ended.out).unwrap();
    assert!(told.lines().count() < 25 && told.contains("481 more"), "{told}");
}

/// Name, first byte and end of header, manifest and each part.
fn parts(file: &[u8]) -> Vec<(String, usize, usize)> {
    let ends: Vec<usize> = (0..file.len()).filter(|at| file[*at] == b'\n').take(2).map(|at| at + 1).collect();
    let (header, mut at) = (ends[0], ends[1]);
    let mut found = vec![("header".to_owned(), 0, header), ("manifest".to_owned(), header, at)];
    let manifest: serde_json::Value = serde_json::from_slice(&file[header..at]).unwrap();
    for part in manifest["parts"].as_array().unwrap() {
        let end = at + usize::try_from(part["length"].as_u64().unwrap()).unwrap();
        found.push((part["name"].as_str().unwrap().to_owned(), at, end));
        at = end;
    }
    assert!(at == file.len() && found.len() >= 9, "{found:?}");
    found
}

/// Another approval has other digests; the log that was exported with a bundle tells.
#[test]
fn a_bundle_is_held_against_the_log_it_was_kept_with() {
    let (one, other) = (demo(), demo());
    let file = |folder: &tempfile::TempDir, name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let verify = |bundle: &tempfile::TempDir, log: &str| {
        let anchor = file(bundle, "digital-signature-ca.der");
        let bundle = file(bundle, "case.evidence");
        honnin(&["evidence", "verify", &bundle, "--anchors", "none", "--anchor", &anchor, "--audit", log, "--json"])
    };
    let log = file(&one, "audit.jsonl");
    assert_eq!(verify(&one, &log).exit, 0);
    // The same case number, kept by another store.
    let ended = verify(&one, &file(&other, "audit.jsonl"));
    assert_eq!(ended.exit, 30, "{ended:?}");
    let cut = std::fs::read_to_string(&log).unwrap();
    let cut = cut.lines().take(3).collect::<Vec<_>>().join("\n") + "\n";
    std::fs::write(&log, cut).unwrap();
    let ended = verify(&one, &log);
    assert_eq!((ended.exit, ended.code().as_str()), (30, "malformed_data"), "a log that does not hold says nothing");
    assert!(ended.json()["problem"]["detail"].as_str().unwrap().contains("audit.jsonl"), "{ended:?}");
}

/// LAW-35, LAW-41, LAW-44: serial, PIN, My Number, name and address are nowhere in database, log and keys.
#[test]
fn what_the_wallet_keeps_has_no_personal_data_in_clear() {
    let folder = demo();
    let persona: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("persona.json")).unwrap()).unwrap();
    let mut canaries: Vec<Vec<u8>> = Vec::new();
    let mut add = |text: &str| {
        canaries.push(text.as_bytes().to_vec());
        canaries.push(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    };
    for name in ["name", "address", "birthdate"] {
        add(persona["attributes"][name].as_str().unwrap());
    }
    let serial = persona["certificates"]["digital_signature"]["serial"].as_str().unwrap();
    add(serial);
    add(&serial.to_uppercase());
    add(&serial.to_lowercase());
    add("ABC123");
    canaries.push(hex_bytes(serial));
    // The proof carries all of it: the search finds them there.
    let proof = std::fs::read(folder.path().join("proof.p7m")).unwrap();
    let has = |bytes: &[u8], canary: &[u8]| bytes.windows(canary.len()).any(|window| window == canary);
    assert!(has(&proof, persona["attributes"]["address"].as_str().unwrap().as_bytes()));
    assert!(has(&proof, &hex_bytes(serial)));
    let mut searched = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !(name.starts_with("accounts.sqlite") || name == "audit.jsonl") {
            continue;
        }
        searched += 1;
        let bytes = without_my_numbers(&path);
        for canary in &canaries {
            assert!(!has(&bytes, canary), "{:?} in {name}", String::from_utf8_lossy(canary));
        }
    }
    assert!(searched >= 3, "database, keys and log");
    // What an operator's commands say over the same store, however talkative.
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (store, log) = (format!("sqlite:{}", file("accounts.sqlite")), std::fs::read(file("audit.jsonl")).unwrap());
    let lines = log.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let lines: Vec<serde_json::Value> = lines.map(|line| serde_json::from_slice(line).unwrap()).collect();
    let named = |member: &str| lines.iter().find_map(|line| line["data"][member].as_str()).unwrap();
    let (account, case) = (named("account"), named("case"));
    let commands: [&[&str]; 4] = [
        &["account", "show", account],
        &["case", "show", case],
        &["policy", "explain", case],
        &["recheck", "--crl", &file("digital-signature.crl"), "--anchor", &file("digital-signature-ca.der")],
    ];
    for command in commands {
        for format in [&["--json"][..], &["-vvv"]] {
            let ended = honnin(&[command, &["--store", &store], format].concat());
            assert_eq!(ended.exit, 0, "{command:?}: {ended:?}");
            for canary in &canaries {
                assert!(!has(ended.everything().as_bytes(), canary), "{command:?}: {ended:?}");
            }
        }
    }
    // What leaves the vault on purpose has them, and is marked.
    let evidence = std::fs::read(folder.path().join("case.evidence")).unwrap();
    assert!(has(&evidence, "内部限り".as_bytes()) && has(&evidence, &hex_bytes(serial)));
}

fn hex_bytes(serial: &str) -> Vec<u8> {
    let serial = serial.trim_start_matches('0');
    let even = format!("{}{serial}", if serial.len() % 2 == 1 { "0" } else { "" });
    (0..even.len()).step_by(2).map(|at| u8::from_str_radix(&even[at..at + 2], 16).unwrap()).collect()
}

/// The bytes of a file, once no line of it that is text holds twelve digits by themselves.
fn without_my_numbers(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).unwrap();
    for run in bytes.split(|byte| !byte.is_ascii_alphanumeric()) {
        assert!(run.len() != 12 || !run.iter().all(u8::is_ascii_digit), "twelve digits in {}", path.display());
    }
    bytes
}
