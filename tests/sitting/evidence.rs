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

    let mut bytes = std::fs::read(&bundle).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&bundle, &bytes).unwrap();
    let ended = verify(&bundle);
    assert_eq!((ended.exit, ended.code().as_str()), (30, "malformed_data"));
    assert_eq!(ended.json()["result"]["changed"], serde_json::json!(["revocation/1.crl"]));

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
