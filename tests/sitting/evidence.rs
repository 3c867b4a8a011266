//! `evidence verify` and `audit verify` over what the demo leaves behind; and a canary through everything it wrote.

use super::process::honnin;
use sha2::Digest as _;
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

/// A bundle whose parts somebody edited, every digest made anew: a file that agrees with itself (docs/evidence-bundle.md).
fn forged(bundle: &[u8], edit: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let parts = parts(bundle);
    let bytes = |name: &str| {
        let (_, from, to) = parts.iter().find(|(found, ..)| found == name).unwrap();
        bundle[*from..*to].to_vec()
    };
    let sha256 = |bytes: &[u8]| hex::encode(sha2::Sha256::digest(bytes));
    let mut manifest = String::from_utf8(bytes("manifest")).unwrap();
    let mut behind = Vec::new();
    for (name, from, to) in parts.iter().filter(|(name, ..)| !["header", "manifest"].contains(&name.as_str())) {
        let (old, new) = (bundle[*from..*to].to_vec(), edit(name, bundle[*from..*to].to_vec()));
        let entry = |part: &[u8]| format!("\"length\":{},\"sha256\":\"{}\"", part.len(), sha256(part));
        assert_eq!(manifest.matches(&entry(&old)).count(), 1, "{name} in {manifest}");
        manifest = manifest.replacen(&entry(&old), &entry(&new), 1);
        behind.extend(new);
    }
    let behind = [manifest.as_bytes(), &behind].concat();
    let header = String::from_utf8(bytes("header")).unwrap();
    let words: Vec<&str> = header.trim_end().split(' ').collect();
    let [magic, mark, _, _] = words[..] else { panic!("{header}") };
    [format!("{magic} {mark} {} {}\n", sha256(manifest.as_bytes()), sha256(&behind)).as_bytes(), &behind].concat()
}

/// One member of a part that is JSON, written anew.
fn with_member(part: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(part.to_vec()).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from} in {text}");
    text.replacen(from, to, 1).into_bytes()
}

struct Kept {
    folder: tempfile::TempDir,
}

impl Kept {
    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// `bundle` in a file of its own, held against `log` or against none.
    fn verify(&self, bundle: &[u8], log: Option<&str>) -> super::process::Ended {
        let (anchor, file) = (self.file("digital-signature-ca.der"), self.file("held.evidence"));
        std::fs::write(&file, bundle).unwrap();
        let options = ["evidence", "verify", &file, "--anchors", "none", "--anchor", &anchor, "--json"];
        honnin(&[&options[..], &log.map_or(vec![], |log| vec!["--audit", log])].concat())
    }
}

/// What no check of the bundle finds, because every digest in it was made anew, the log of the approval does.
#[test]
fn a_forged_bundle_is_told_by_the_log_of_the_approval() {
    let kept = Kept { folder: demo() };
    let whole = std::fs::read(kept.file("case.evidence")).unwrap();
    let log = kept.file("audit.jsonl");
    assert_eq!(forged(&whole, |_, part| part), whole, "the forger writes what the program writes");
    let of = |name: &str| {
        let (_, from, to) = parts(&whole).into_iter().find(|(found, ..)| found == name).unwrap();
        whole[from..to].to_vec()
    };
    let case: serde_json::Value = serde_json::from_slice(&of("case.json")).unwrap();
    let created = case["account_facts"]["created_at"].as_str().unwrap();
    let older = forged(&whole, |name, part| match name {
        "case.json" => {
            with_member(&part, &format!("\"created_at\":\"{created}\""), "\"created_at\":\"2020-01-01T00:00:00Z\"")
        }
        _ => part,
    });
    let text = [of("policy.toml"), b"\n# Nothing else.\n".to_vec()].concat();
    let another_policy = forged(&whole, |name, part| match name {
        "policy.toml" => text.clone(),
        "case.json" => {
            let digest = |text: &[u8]| format!("\"policy_sha256\":\"{}\"", hex::encode(sha2::Sha256::digest(text)));
            with_member(&part, &digest(&of("policy.toml")), &digest(&text))
        }
        _ => part,
    });
    for (forged, changed) in [(older, "bundle"), (another_policy, "policy.toml")] {
        assert_eq!(kept.verify(&forged, None).exit, 0, "{changed}: it agrees with itself");
        let ended = kept.verify(&forged, Some(&log));
        assert_eq!((ended.exit, ended.code().as_str()), (30, "malformed_data"), "{changed}: {ended:?}");
        assert_eq!(ended.json()["result"]["changed"], serde_json::json!([changed]));
    }
    // The log has to be that of today to be believed, so it is told which one was held against.
    let ended = kept.verify(&whole, Some(&log));
    assert_eq!(ended.exit, 0, "{ended:?}");
    let verified = honnin(&["audit", "verify", &log, "--json"]).json()["result"].clone();
    assert!(verified["entries"].as_u64().unwrap() > 3);
    let expected = serde_json::json!({ "entries": verified["entries"], "head": verified["head"] });
    assert_eq!(ended.json()["result"]["audit"], expected);
    let unasked = kept.verify(&whole, None).json();
    assert!(unasked["result"].as_object().unwrap().contains_key("audit") && unasked["result"]["audit"].is_null());
    let (anchor, bundle) = (kept.file("digital-signature-ca.der"), kept.file("case.evidence"));
    for (language, words) in [("en", "Audit log"), ("ja", "監査ログ")] {
        let options = ["evidence", "verify", &bundle, "--anchors", "none", "--anchor", &anchor, "--lang", language];
        let line = |told: String| told.lines().find(|line| line.starts_with(words)).map(ToOwned::to_owned);
        let told = line(honnin(&[&options[..], &["--audit", &log]].concat()).text()).expect(language);
        assert!(told.contains(verified["head"].as_str().unwrap()), "{told}");
        assert_eq!(line(honnin(&options).text()), None);
    }
}

/// A log that does not hold says nothing, and one that holds may be another store's: two answers.
#[test]
fn a_cut_log_is_told_from_one_that_does_not_know_the_case() {
    let (one, other) = (Kept { folder: demo() }, Kept { folder: demo() });
    let bundle = std::fs::read(one.file("case.evidence")).unwrap();
    let told = |log: &str| {
        let ended = one.verify(&bundle, Some(log));
        assert_eq!((ended.exit, ended.code().as_str()), (30, "malformed_data"), "{ended:?}");
        let json = ended.json();
        assert!(json["result"]["changed"].is_null(), "the bundle is not what is blamed: {json}");
        (json["problem"]["detail"].as_str().unwrap().to_owned(), json["problem"]["hint"].as_str().unwrap().to_owned())
    };
    let log = other.file("audit.jsonl");
    assert_eq!(honnin(&["audit", "verify", &log]).exit, 0, "it holds, and knows cases of its own alone");
    let strange = told(&log);
    assert!(strange.0.contains("has no entry about evidence of this case"), "{strange:?}");
    assert!(strange.1.contains("Name the log of the store"), "fetching the bundle again mends nothing: {strange:?}");
    let log = one.file("audit.jsonl");
    let lines = std::fs::read_to_string(&log).unwrap();
    assert!(lines.lines().any(|line| line.contains("kyc.evidence.kept")));
    // Cut behind the entry, so that it is still there, and before it.
    for keep in [lines.lines().count() - 1, 3] {
        std::fs::write(&log, lines.lines().take(keep).fold(String::new(), |log, line| log + line + "\n")).unwrap();
        let cut = told(&log);
        assert!(cut.0.contains("places do not fit"), "{keep}: {cut:?}");
        assert_ne!(cut.1, strange.1, "{keep}: another next step");
    }
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
