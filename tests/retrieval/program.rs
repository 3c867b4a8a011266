//! The command line over the same servers: `--revocation-sources`, `revocation info`, `revocation check`.
#![cfg(feature = "cli")]

use crate::server::{Server, list, response};
use crate::world::{World, openssl};
use serde_json::Value;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

struct Ran {
    exit: i32,
    json: Value,
    /// Everything that was written, for what must not be in it.
    all: String,
}

fn honnin(folder: &Path, arguments: &str, input: impl AsRef<[u8]>) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_honnin"))
        .args(["--json", "--lang", "en"])
        .args(arguments.split(' '))
        .current_dir(folder)
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_ref()).unwrap();
    let output = child.wait_with_output().unwrap();
    let all = [output.stdout.as_slice(), &output.stderr].concat();
    Ran {
        exit: output.status.code().unwrap(),
        json: serde_json::from_slice(&output.stdout).unwrap(),
        all: String::from_utf8(all).unwrap(),
    }
}

/// What a person reads on both streams.
fn in_words(folder: &Path, language: &str, arguments: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_honnin"));
    command.args(["--lang", language]).args(arguments.split(' ')).current_dir(folder);
    let output = command.env("XDG_CACHE_HOME", folder.join("cache")).output().unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

const VERIFY: &str =
    "certificate verify good.pem --anchors none --anchor ca.pem --profile rfc5280 --revocation-sources sources.toml";

#[test]
fn a_certificate_is_verified_with_what_the_sources_bring() {
    let Some(world) = World::new() else { return };
    let body = list(&world.list("ca", 1, None));
    let server = Server::new(move |_, before, stream| {
        let busy = response("503 Busy", &[("Retry-After", "600")], b"");
        let _ = stream.write_all(if before == 0 { &body } else { &busy });
    });
    let configuration = |address: &str| {
        let text = format!("format = 1\n[[source]]\nname = \"lists\"\ndocument = \"crl\"\naddress = \"{address}\"\n");
        std::fs::write(world.folder().join("sources.toml"), text).unwrap();
    };
    configuration(&server.url("/{CN}"));
    for outcome in ["fetched", "kept"] {
        let ran = honnin(world.folder(), VERIFY, "");
        assert_eq!(ran.exit, 0, "{}", ran.all);
        let retrieval = &ran.json["result"]["retrieval"];
        assert_eq!(retrieval["attempts"][0]["outcome"], outcome);
        assert_eq!(retrieval["usage"]["lists"]["validity_checks_total"], 1, "LAW-32");
        assert_eq!(ran.json["result"]["revocation"]["source"], "crl");
    }
    assert!(world.folder().join("cache/honnin/revocation").is_dir());
    let revoked = honnin(world.folder(), &VERIFY.replace("good", "revoked"), "");
    assert_eq!((revoked.exit, &revoked.json["problem"]["code"]), (1, &"certificate_revoked".into()));
    assert_eq!(revoked.json["checks"].as_array().unwrap().last().unwrap()["detail"]["meaning"], "data_changed");
    // A file that answers makes the question superfluous.
    let before = server.count();
    assert_eq!(honnin(world.folder(), &format!("{VERIFY} --crl ca.crl"), "").exit, 0);
    assert_eq!(honnin(world.folder(), &format!("{VERIFY} --revocation skip"), "").exit, 0);
    assert_eq!(server.count(), before);

    // Down, with nothing kept: undetermined, and the next program leaves it alone.
    let other = format!("{VERIFY} --revocation-cache elsewhere");
    for (why, requests) in [("status", before + 1), ("resting", before + 1)] {
        let ran = honnin(world.folder(), &other, "");
        assert_eq!((ran.exit, &ran.json["problem"]["code"]), (3, &"validity_unavailable".into()), "{}", ran.all);
        assert_eq!(ran.json["result"]["retrieval"]["attempts"][0]["why"], why);
        assert!(ran.json["result"]["retrieval"]["attempts"][0]["retry_at"].is_string(), "RSN-22");
        assert_eq!(ran.json["warnings"][1]["code"], "revocation_source_failed", "{}", ran.all);
        assert_eq!(server.count(), requests);
        assert!(!ran.all.contains("Kiyose"), "{}", ran.all);
    }
    // LAW-31: without a configuration nothing is fetched, whatever the certificate says.
    let (command, _) = VERIFY.split_once(" --revocation-sources").unwrap();
    let ran = honnin(world.folder(), command, "");
    assert_eq!((ran.exit, ran.json["result"].get("retrieval")), (3, None));
}

#[test]
fn a_list_of_changes_is_no_failure_of_its_source() {
    let Some(world) = World::new() else { return };
    let complete = list(&world.list("ca", 2, None));
    let changes = list(&world.list_of("changes", "ca", 3, None));
    let older = list(&world.list("ca", 1, Some(("20260101000000Z", "20491231000000Z"))));
    let server = Server::new(move |_, before, stream| {
        let _ = stream.write_all([&complete, &changes, &older][before.min(2)]);
    });
    let text = format!(
        "format = 1\n[[source]]\nname = \"lists\"\ndocument = \"crl\"\nrefresh_seconds = 0\naddress = \"{}\"\n",
        server.url("/{CN}")
    );
    std::fs::write(world.folder().join("sources.toml"), text).unwrap();
    // A list that is older than the kept one is something that its source does wrong.
    for (outcome, why, failed) in
        [("fetched", None, false), ("kept_despite", Some("narrower"), false), ("kept_despite", Some("older"), true)]
    {
        let ran = honnin(world.folder(), VERIFY, "");
        assert_eq!(ran.exit, 0, "{}", ran.all);
        let attempt = &ran.json["result"]["retrieval"]["attempts"][0];
        assert_eq!((attempt["outcome"].as_str(), attempt["why"].as_str()), (Some(outcome), why), "{}", ran.all);
        let told = ran.json["warnings"].as_array().unwrap().iter().any(|one| one["code"] == "revocation_source_failed");
        assert_eq!(told, failed, "{why:?}: {}", ran.all);
    }
}

#[test]
fn single_lists_are_looked_into() {
    let Some(world) = World::new() else { return };
    world.list("ca", 7, None);
    let issuer = "--anchors none --anchor ca.pem";
    let info = honnin(world.folder(), &format!("revocation info ca.crl {issuer}"), "");
    let crl = &info.json["result"]["crl"];
    assert_eq!((info.exit, &crl["entries"], &crl["signature"]), (0, &1.into(), &"valid".into()), "{}", info.all);
    assert_eq!((&crl["reasons"]["affiliation_changed"], &crl["number"]), (&1.into(), &"07".into()));
    assert_eq!(crl["distribution_point"][0], "C=JP, O=TEST, OU=Tokyo-to, CN=Kiyose-shi CRLDP");
    for (serial, files, exit, status) in [
        ("11", "ca.crl", 0, "not_listed"),
        ("12", "ca.crl", 1, "revoked"),
        ("0x12", "ca.crl.pem", 1, "revoked"),
        ("00:12", "ca.crl", 1, "revoked"),
    ] {
        for (option, input) in [(serial, ""), ("-", serial)] {
            let ran = honnin(world.folder(), &format!("revocation check --serial {option} {files} {issuer}"), input);
            assert_eq!((ran.exit, &ran.json["result"]["lists"][0]["status"]), (exit, &status.into()), "{}", ran.all);
            assert_eq!(ran.json["result"]["lists"][0]["signature"], "valid");
        }
    }
    // Past its end a list still knows who is on it, and no longer who is not.
    for (serial, exit) in [("11", 3), ("12", 1)] {
        let late = format!("revocation check --serial {serial} ca.crl {issuer} --at 2049-01-01T00:00:00Z");
        assert_eq!(honnin(world.folder(), &late, "").exit, exit);
    }
    // Somebody else's list under the same name, and a list with a byte changed.
    world.list("other", 8, None);
    // Its key identifier is another, so nobody here is known to have signed it: with an anchor that is not enough, without one
    // the question is what stands in the file.
    for (serial, trust, exit, status) in [
        ("11", issuer, 3, "unusable"),
        ("12", issuer, 3, "unusable"),
        ("11", "--anchors none", 0, "not_listed"),
        ("12", "--anchors none", 1, "revoked"),
        ("11", "--anchors jpki", 0, "not_listed"),
        // Another set than the standing one names anchors as well as a file does.
        ("11", "--anchors jpki-test", 3, "unusable"),
        ("12", "--anchors jpki-test", 3, "unusable"),
    ] {
        let ran = honnin(world.folder(), &format!("revocation check --serial {serial} other.crl {trust}"), "");
        let found = &ran.json["result"]["lists"][0];
        assert_eq!((ran.exit, &found["status"]), (exit, &status.into()), "{serial} {trust}: {}", ran.all);
        assert_eq!(found["signature"], "not_checked");
        assert_eq!(ran.json["warnings"][0]["code"], "revocation_list_not_verified");
        assert_eq!(found.get("why").is_some_and(|why| why == "not_verified"), exit == 3);
        assert_eq!(signature_check(&ran), "not_run", "{serial} {trust}: {}", ran.all);
    }
    // Beside a list that counts it takes nothing away.
    let both = honnin(world.folder(), &format!("revocation check --serial 11 other.crl ca.crl {issuer}"), "");
    assert_eq!(both.exit, 0, "{}", both.all);
    let mut bytes = std::fs::read(world.folder().join("ca.crl")).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(world.folder().join("changed.crl"), bytes).unwrap();
    let changed = honnin(world.folder(), &format!("revocation check --serial 11 changed.crl {issuer}"), "");
    assert_eq!((changed.exit, &changed.json["problem"]["code"]), (1, &"signature_invalid".into()), "{}", changed.all);
    let none = honnin(world.folder(), &format!("revocation check --serial SECRET77 ca.crl {issuer}"), "");
    assert!(none.exit == 2 && !none.all.contains("SECRET77"), "{}", none.all);
}

#[test]
fn a_list_that_leaves_something_out_clears_nobody() {
    let Some(world) = World::new() else { return };
    for (section, why) in [
        ("list", None),
        ("elsewhere", None),
        ("holders", None),
        ("some_reasons", Some("some_reasons_only")),
        ("authorities", Some("only_ca_certificates")),
        ("attributes", Some("only_attribute_certificates")),
        ("indirect", Some("indirect")),
        ("changes", Some("delta")),
    ] {
        world.list_of(section, "ca", 5, None);
        for trust in ["--anchors none --anchor ca.pem", "--anchors none"] {
            let ask =
                |serial| honnin(world.folder(), &format!("revocation check --serial {serial} ca.crl {trust}"), "");
            let absent = ask("11");
            let found = &absent.json["result"]["lists"][0];
            match why {
                None => assert_eq!((absent.exit, &found["status"]), (0, &"not_listed".into()), "{section}"),
                Some(why) => {
                    assert_eq!((absent.exit, &found["status"]), (3, &"unusable".into()), "{section}: {}", absent.all);
                    assert_eq!(found["why"], why, "{section}");
                    assert_eq!(absent.json["problem"]["code"], "validity_unavailable");
                }
            }
            // Whom it names, it names.
            assert_eq!(ask("12").exit, 1, "{section}");
        }
    }
}

/// How the check of signatures ended; there is one in every run.
fn signature_check(ran: &Ran) -> String {
    let checks = ran.json["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["id"] == "signature").unwrap();
    check["status"].as_str().unwrap().to_owned()
}

#[test]
fn an_issuer_whose_key_may_not_sign_lists_signs_none() {
    // RFC 5280 §4.2.1.3: cRLSign. The same name and key as the CA's, in a certificate for certificates only.
    let Some(world) = World::new() else { return };
    openssl(
        world.folder(),
        "req -x509 -key ca.key -out narrow.pem -days 30 -subj /C=JP/O=TEST/CN=lists \
         -addext keyUsage=critical,keyCertSign",
    );
    world.list("ca", 7, None);
    for (anchors, exit, status, why, check) in [
        ("--anchor narrow.pem", 3, "unusable", Some("issuer_may_not_sign"), "not_run"),
        ("--anchor narrow.pem --anchor ca.pem", 0, "not_listed", None, "passed"),
        ("--anchor ca.pem --anchor narrow.pem", 0, "not_listed", None, "passed"),
    ] {
        let asked = format!("revocation check --serial 11 ca.crl --anchors none {anchors}");
        let ran = honnin(world.folder(), &asked, "");
        let found = &ran.json["result"]["lists"][0];
        assert_eq!((ran.exit, found["status"].as_str()), (exit, Some(status)), "{anchors}: {}", ran.all);
        assert_eq!((found["why"].as_str(), signature_check(&ran)), (why, check.to_owned()), "{anchors}: {}", ran.all);
        let info = honnin(world.folder(), &format!("revocation info ca.crl --anchors none {anchors}"), "");
        let signature = if why.is_some() { "not_checked" } else { "valid" };
        assert_eq!(info.json["result"]["crl"]["signature"], signature, "{anchors}: {}", info.all);
        assert_eq!(signature_check(&info), check, "{anchors}: {}", info.all);
    }
    // `certificate verify` says the same of it.
    let verify = "certificate verify good.pem --anchors none --profile rfc5280 --crl ca.crl --anchor narrow.pem";
    let verified = honnin(world.folder(), verify, "");
    assert_eq!(verified.exit, 3, "{}", verified.all);
    assert_eq!(verified.json["result"]["revocation"]["why"], "issuer_may_not_sign", "{}", verified.all);
    let asked = "revocation check --serial 11 ca.crl --anchors none --anchor narrow.pem";
    for (language, words) in [("ja", "失効リストの署名を認めていません"), ("en", "does not allow signing lists")]
    {
        let all = in_words(world.folder(), language, asked);
        assert!(all.contains(words) && all.contains("--anchor"), "{language}: {all}");
    }
}

#[test]
fn a_complete_list_takes_nobody_back() {
    // RFC 5280 §5.3.1: removeFromCRL may stand in lists of changes only.
    let Some(world) = World::new() else { return };
    world.revoke_good_at("2026-08-01T00:00:00Z".parse().unwrap(), "removeFromCRL");
    for (section, exit, status) in [("list", 1, "revoked"), ("changes", 3, "unusable")] {
        world.list_of(section, "ca", 5, None);
        let ran = honnin(world.folder(), "revocation check --serial 11 ca.crl --anchors none --anchor ca.pem", "");
        let found = &ran.json["result"]["lists"][0];
        assert_eq!((ran.exit, &found["status"]), (exit, &status.into()), "{section}: {}", ran.all);
        // `certificate verify` says the same of it.
        let verify = "certificate verify good.pem --anchors none --profile rfc5280 --crl ca.crl --anchor ca.pem";
        assert_eq!(honnin(world.folder(), verify, "").exit, exit, "{section}");
    }
}

#[test]
fn what_is_no_text_is_no_serial_number() {
    let Some(world) = World::new() else { return };
    world.list("ca", 7, None);
    for input in [b"\xFF\xFE\x31".as_slice(), b"11\xE3\x81", "１１".as_bytes(), b"", &[b'1'; 4096]] {
        let ran = honnin(world.folder(), "revocation check --serial - ca.crl --anchors none", input);
        assert_eq!((ran.exit, &ran.json["problem"]["code"]), (2, &"usage".into()), "{}", ran.all);
        assert!(ran.json["problem"]["hint"].as_str().unwrap().contains("hexadecimal"), "{}", ran.all);
    }
}

#[test]
fn what_a_list_leaves_out_is_said_in_words_and_so_is_what_helps() {
    let Some(world) = World::new() else { return };
    let past = Some(("20260101000000Z", "20260201000000Z"));
    let make = |file: &str, section: &str, ca: &str, dates| {
        std::fs::write(world.folder().join(file), world.list_of(section, ca, 5, dates)).unwrap();
    };
    for section in ["some_reasons", "authorities", "attributes", "indirect", "changes"] {
        make(section, section, "ca", None);
    }
    make("stale", "list", "ca", past);
    make("away-stale", "elsewhere", "ca", past);
    make("kiyose", "list", "ca", None);
    make("unsigned", "list", "other", None);
    let complete = ("完全で最新のリスト", "complete and current list");
    let newer = ("最新のリストを入手", "Get the current list");
    let issuer = ("発行元の証明書を --anchor で", "certificate of the list's issuer with --anchor");
    for (files, why, words, help) in [
        ("some_reasons", "some_reasons_only", ("一部の失効理由", "some reasons"), complete),
        ("authorities", "only_ca_certificates", ("認証局の証明書だけ", "authorities only"), complete),
        ("attributes", "only_attribute_certificates", ("属性証明書だけ", "attribute certificates only"), complete),
        ("indirect", "indirect", ("複数の発行元", "several issuers"), complete),
        ("changes", "delta", ("差分だけ", "changes against another"), complete),
        ("stale", "stale", ("期限を過ぎて", "no longer current"), newer),
        ("unsigned", "not_verified", ("署名者が", "nobody who was named"), issuer),
        // Several causes, and one beside a list that answers.
        ("stale changes", "delta", ("差分だけ", "changes against another"), complete),
        ("changes stale", "stale", ("期限を過ぎて", "no longer current"), complete),
        ("kiyose away-stale", "stale", ("期限を過ぎて", "no longer current"), newer),
        ("unsigned stale", "not_verified", ("署名者が", "nobody who was named"), issuer),
    ] {
        let ask = format!("revocation check --serial 11 {files} --anchors none --anchor ca.pem");
        for (language, words, help) in [("ja", words.0, help.0), ("en", words.1, help.1)] {
            let all = in_words(world.folder(), language, &ask);
            assert!(all.contains(words) && all.contains(help), "{files}, {language}: {all}");
            // The line of a check tells its details as they stand in JSON; the line of a list does not.
            assert!(
                !all.replace('（', "(").replace('）', ")").contains(&format!("({why})")),
                "{files}, {language}: {all}"
            );
        }
    }
}

#[test]
fn what_one_list_leaves_open_only_another_of_the_same_partition_answers() {
    // Kiyose and Higashimurayama: whose list the number would stand on, nobody says.
    let Some(world) = World::new() else { return };
    let past = Some(("20260101000000Z", "20260201000000Z"));
    let make = |file: &str, section: &str, ca: &str, dates| {
        std::fs::write(world.folder().join(file), world.list_of(section, ca, 5, dates)).unwrap();
    };
    make("kiyose", "list", "ca", None);
    make("kiyose-stale", "list", "ca", past);
    make("kiyose-some-reasons", "some_reasons", "ca", None);
    make("kiyose-changes", "changes", "ca", None);
    make("kiyose-of-other", "list", "other", None);
    make("away", "elsewhere", "ca", None);
    make("away-stale", "elsewhere", "ca", past);
    make("away-of-other", "elsewhere", "other", None);
    let issuer = "--anchors none --anchor ca.pem";
    for (files, trust, why) in [
        ("away-stale kiyose", issuer, Some("stale")),
        ("kiyose away-stale", issuer, Some("stale")),
        ("kiyose away-stale", "--anchors none", Some("stale")),
        ("kiyose-some-reasons away", issuer, Some("some_reasons_only")),
        ("away kiyose-changes", issuer, Some("delta")),
        ("kiyose away-of-other", issuer, Some("not_verified")),
        // A list of another key answers for nobody, though it is of the same name and place.
        ("kiyose-of-other kiyose-stale", "--anchors none", Some("stale")),
        ("kiyose-of-other kiyose-stale kiyose", "--anchors none", None),
        ("kiyose-stale kiyose", issuer, None),
        ("kiyose-some-reasons kiyose-changes kiyose", issuer, None),
        ("kiyose kiyose-of-other", issuer, None),
        ("kiyose away", issuer, None),
        ("kiyose-stale kiyose away away-stale", issuer, None),
    ] {
        let ask = |serial| honnin(world.folder(), &format!("revocation check --serial {serial} {files} {trust}"), "");
        let ran = ask("11");
        assert_eq!(ran.exit, if why.is_some() { 3 } else { 0 }, "{files}: {}", ran.all);
        let check = ran.json["checks"].as_array().unwrap().iter().find(|check| check["id"] == "revocation").unwrap();
        assert_eq!(check["detail"]["why"].as_str(), why, "{files}: {}", ran.all);
        if let Some(why) = why {
            assert_eq!(ran.json["problem"]["code"], "validity_unavailable");
            assert_eq!(
                ran.json["problem"]["hint"].as_str().unwrap().contains("Get the current list"),
                why == "stale",
                "{files}"
            );
        }
        // Whom any of them names, it names.
        assert_eq!(ask("12").exit, 1, "{files}");
    }
}

#[test]
fn a_large_list_is_read_in_one_pass() {
    let Some(world) = World::new() else { return };
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tools");
    let (generator, keys) = (world.folder().join("crlgen"), tools.join("keys"));
    let built = Command::new("gcc")
        .arg("-O2")
        .arg("-o")
        .arg(&generator)
        .arg(tools.join("crlgen/crlgen.c"))
        .arg("-lcrypto")
        .output();
    if !built.is_ok_and(|output| output.status.success()) {
        assert!(std::env::var_os("CI").is_none(), "crlgen, gcc or libcrypto is missing");
        eprintln!("SKIPPED retrieval::program::a_large_list: ../shared/tools/crlgen, gcc or libcrypto is missing");
        return;
    }
    let entries = if std::env::var_os("HONNIN_TEST_LONG").is_some() { "1000000" } else { "50000" };
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-new",
            "-sha256",
            "-days",
            "30",
            "-subj",
            "/C=JP/O=TEST/CN=large",
            "-out",
            "large.pem",
            "-key",
        ])
        .arg(keys.join("sign-ca-g2.pem"))
        .args(["-addext", "keyUsage=critical,keyCertSign,cRLSign"])
        .current_dir(world.folder())
        .output()
        .unwrap();
    assert!(made.status.success());
    crate::world::openssl(world.folder(), "x509 -in large.pem -outform DER -out large.der");
    let made = Command::new(&generator)
        .args(["--entries", entries, "--serials", "seq", "--bytes", "4", "--reasons", "mix", "-o", "large.crl"])
        .args([
            "--this",
            "2026-11-21T15:00:00Z",
            "--next",
            "2026-11-23T15:00:00Z",
            "--issuer-cert",
            "large.der",
            "--issuer-key",
        ])
        .arg(keys.join("sign-ca-g2.pem"))
        .current_dir(world.folder())
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let issuer = "--anchors none --anchor large.pem --at 2026-11-22T03:00:00Z";
    let info = honnin(world.folder(), &format!("revocation info large.crl {issuer}"), "");
    let crl = &info.json["result"]["crl"];
    assert_eq!((crl["entries"].to_string().as_str(), &crl["signature"]), (entries, &"valid".into()), "{}", info.all);
    let counted: u64 = crl["reasons"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(counted.to_string(), entries);
    let probes = std::fs::read_to_string(world.folder().join("large.crl.probes.tsv")).unwrap();
    let rows: Vec<&str> = probes.lines().filter(|line| !line.starts_with('#')).collect();
    for row in rows.iter().step_by(rows.len() / 10) {
        let [serial, listed, reason, date]: [&str; 4] = row.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let ran = honnin(world.folder(), &format!("revocation check --serial - large.crl {issuer}"), serial);
        let found = &ran.json["result"]["lists"][0];
        assert_eq!(ran.exit, i32::from(listed == "yes"), "{row}: {}", ran.all);
        if listed == "yes" {
            assert_eq!(found["at"], date);
            assert_eq!(found["reason"].as_str().unwrap_or("-"), reason);
        }
    }
}

#[test]
fn a_signed_file_is_judged_as_of_now_and_as_of_its_own_time() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &str| honnin(folder.path(), arguments, "ABC123");
    std::fs::write(folder.path().join("text"), "agreed").unwrap();
    for (persona, exit, standing) in [("adult", 0, "good"), ("revoked", 1, "revoked_before")] {
        assert_eq!(run(&format!("simulator new --persona {persona} --out {persona}")).exit, 0);
        let signed = run(&format!("--card sim:{persona}/card.toml --pin-from stdin sign text --out {persona}.p7m"));
        assert_eq!(signed.exit, 0, "{}", signed.all);
        let verify = format!(
            "verify {persona}.p7m --anchors none --anchor {persona}/digital-signature-ca.der --crl {persona}/digital-signature.crl"
        );
        let ran = run(&verify);
        let signer = &ran.json["result"]["signers"][0];
        assert_eq!((ran.exit, &signer["at_signing"]["standing"]), (exit, &standing.into()), "{}", ran.all);
        assert_eq!(
            (&signer["at_signing"]["instant"], &signer["at_signing"]["claimed_by"]),
            (&signer["signed_at"], &"signer".into())
        );
        // A year later the list is stale: now is open, and then is what it was.
        let later = run(&format!("{verify} --at 2027-06-01T00:00:00Z"));
        let signer = &later.json["result"]["signers"][0];
        assert_eq!((later.exit, &signer["at_signing"]["standing"]), (3, &standing.into()), "{}", later.all);
    }
}
