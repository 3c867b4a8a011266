//! `demo`: every step ends as the story says, the files are there, and others agree with them.

use super::process::honnin;
use std::process::Command;

#[test]
fn the_story_ends_as_told_and_its_files_hold() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().to_str().unwrap();
    let ended = honnin(&["demo", "--dir", dir, "--json"]);
    assert_eq!(ended.exit, 0, "{ended:?}");
    let json = ended.json();
    let steps: Vec<_> = json["result"]["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| (step["name"].as_str().unwrap().to_owned(), step["outcome"].as_str().unwrap().to_owned()))
        .collect();
    let expected = [
        ("holder", "done"),
        ("card", "done"),
        ("account", "done"),
        ("challenge", "done"),
        ("sign", "done"),
        ("upgrade", "upgraded"),
        ("replay", "refused"),
        ("revoked", "refused"),
        ("stale", "undetermined"),
    ];
    let steps: Vec<_> = steps.iter().map(|(name, outcome)| (name.as_str(), outcome.as_str())).collect();
    assert_eq!(steps, expected);
    assert_eq!(json["result"]["dir"], dir);

    // The proof is what openssl takes for one, over the statement that was shown.
    let file = |name: &str| format!("{dir}/{name}");
    let ca = file("ca.pem");
    let pem = Command::new("openssl")
        .args(["x509", "-inform", "DER", "-in", &file("digital-signature-ca.der"), "-out", &ca])
        .status();
    assert!(pem.unwrap().success());
    let judged = Command::new("openssl")
        .args([
            "cms",
            "-verify",
            "-binary",
            "-inform",
            "DER",
            "-purpose",
            "any",
            "-in",
            &file("proof.p7m"),
            "-CAfile",
            &ca,
        ])
        .output()
        .unwrap();
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    assert_eq!(judged.stdout, std::fs::read(file("statement.txt")).unwrap());

    // Our own program agrees, and says what the other two lists mean.
    let verify = |list: &str| {
        let anchor = file("digital-signature-ca.der");
        let (proof, list) = (file("proof.p7m"), file(list));
        honnin(&["verify", &proof, "--anchors", "none", "--anchor", &anchor, "--crl", &list, "--json"])
    };
    assert_eq!(verify("digital-signature.crl").exit, 0);
    let revoked = verify("revoked.crl");
    assert_eq!((revoked.exit, revoked.code().as_str()), (1, "certificate_revoked"));
    let checks = revoked.json()["checks"].as_array().unwrap().clone();
    let revocation = checks.iter().find(|check| check["id"] == "revocation").unwrap();
    assert_eq!(revocation["detail"]["reason"], "affiliation_changed");
    let stale = verify("stale.crl");
    assert_eq!((stale.exit, stale.code().as_str()), (3, "validity_unavailable"));
}

#[test]
fn a_person_reads_every_step_with_its_time_and_every_check_by_name() {
    for (language, words) in [
        ("en", ["3. The wallet opens an account  (", "certificate path     passed", "MONEY account", "Try next:"]),
        (
            "ja",
            ["3. ウォレットがアカウントを開きます  (", "証明書の経路  合格", "マネーアカウントです", "次に試すもの:"],
        ),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let ended = honnin(&["demo", "--dir", dir.path().to_str().unwrap(), "--lang", language]);
        assert_eq!((ended.exit, ended.err.as_str()), (0, ""), "{ended:?}");
        for word in words {
            assert!(ended.text().contains(word), "{word} in {}", ended.text());
        }
        assert!(!ended.text().contains("demo-step"), "a sentence is missing: {}", ended.text());
    }
}

#[test]
fn a_directory_that_cannot_be_written_is_said() {
    let ended = honnin(&["demo", "--dir", "/proc/nowhere/demo", "--json"]);
    assert_eq!((ended.exit, ended.code().as_str()), (31, "io_error"));
}

#[test]
fn a_database_that_cannot_be_used_is_said_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let database = dir.path().join("accounts.sqlite");
    std::fs::write(&database, "this is no database, it only has its name").unwrap();
    let ended = honnin(&["demo", "--dir", dir.path().to_str().unwrap(), "--json"]);
    assert_eq!((ended.exit, ended.code().as_str()), (30, "malformed_data"), "{ended:?}");
    assert_eq!(std::fs::read_to_string(&database).unwrap(), "this is no database, it only has its name");
}

#[test]
fn a_locked_database_is_waited_for_then_said_and_nothing_is_half_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_str().unwrap();
    assert_eq!(honnin(&["demo", "--dir", path, "--json"]).exit, 0);
    let other = rusqlite::Connection::open(dir.path().join("accounts.sqlite")).unwrap();
    let accounts = || other.query_row("SELECT count(*) FROM account", [], |row| row.get::<_, i64>(0)).unwrap();
    let before = accounts();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let ended = honnin(&["demo", "--dir", path, "--json"]);
    assert_eq!((ended.exit, ended.code().as_str()), (31, "io_error"), "{ended:?}");
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(accounts(), before);
}
