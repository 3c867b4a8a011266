//! Exit codes and JSON of cli.md, one command after the other.

use super::process::{Holder, honnin, honnin_in, honnin_with_input};
use serde_json::json;
use std::process::Command;

#[test]
fn card_status_has_the_shape_of_the_contract_and_takes_eleven_exchanges() {
    let holder = Holder::new("adult");
    let trace = holder.path("trace.jsonl");
    let ended = honnin(&["card", "status", "--json", "--card", &holder.card(), "--record", &trace]);
    assert_eq!(
        (ended.exit, ended.err.as_str()),
        (0, "warning: The card is simulated: no real person stands behind it.\n")
    );
    let facts = holder.facts();
    let authentication = &facts["certificates"]["user_authentication"];
    assert_eq!(
        ended.json(),
        json!({
            "schema": "honnin/1", "command": "card status", "ok": true, "exit": 0,
            "result": {
                "card": { "label": "JPKIAPICCTOKEN2", "kind": "individual_number_card", "atr": "3be000ff8131fe4514" },
                "applications": ["jpki", "input_support", "surface"],
                "pins": [
                    { "pin": "user_authentication", "state": "remaining", "remaining": 3, "maximum": 3 },
                    { "pin": "digital_signature", "state": "remaining", "remaining": 5, "maximum": 5 },
                    { "pin": "input_support", "state": "remaining", "remaining": 3, "maximum": 3 },
                ],
                "certificates": {
                    "user_authentication": {
                        "present": true, "not_before": authentication["not_before"],
                        "not_after": authentication["not_after"], "issuer_generation": "unknown",
                    },
                    "digital_signature": { "present": true },
                },
            },
            "checks": [], "warnings": [{ "code": "simulated_card" }],
        })
    );
    assert_eq!(exchanges(&trace), 11, "at most 12, locking included");
}

fn exchanges(trace: &str) -> usize {
    std::fs::read_to_string(trace).unwrap().lines().filter(|line| line.contains(r#""type":"exchange""#)).count()
}

#[test]
fn pin_status_tells_each_counter_whatever_the_others_are() {
    let blocked = Holder::new("blocked");
    let json = honnin(&["pin", "status", "--json", "--card", &blocked.card()]).json();
    assert_eq!(json["ok"], true);
    for pin in json["result"]["pins"].as_array().unwrap() {
        assert_eq!((&pin["state"], &pin["remaining"]), (&json!("blocked"), &json!(0)));
    }
    let last = Holder::new("one-try-left");
    for pin in ["user_authentication", "digital_signature", "input_support"] {
        assert_eq!(last.remaining(pin), 1);
    }
}

#[test]
fn the_authentication_certificate_takes_nine_exchanges_and_is_the_one_that_was_issued() {
    let holder = Holder::new("adult");
    let out = holder.path("certificate.der");
    let ended =
        honnin(&["certificate", "read", "user-authentication", "--json", "--out", &out, "--card", &holder.card()]);
    assert_eq!(ended.exit, 0, "{ended:?}");
    assert_eq!(ended.json()["result"]["exchanges"], 9);
    let shown = honnin(&["certificate", "show", "--json", &out]).json();
    let facts = &holder.facts()["certificates"]["user_authentication"];
    let certificate = &shown["result"]["certificate"];
    assert_eq!(certificate["kind"], "user_authentication");
    for key in ["serial", "not_before", "not_after"] {
        assert_eq!(certificate[key], facts[key], "{key}");
    }
    assert!(certificate.get("attributes").is_none());
}

#[test]
fn both_ca_certificates_are_read_as_der_and_as_pem() {
    let holder = Holder::new("adult");
    for (name, file) in
        [("user-authentication-ca", "user-authentication-ca.der"), ("digital-signature-ca", "digital-signature-ca.der")]
    {
        let der = honnin(&["certificate", "read", name, "--card", &holder.card()]);
        assert_eq!((der.exit, &der.out), (0, &std::fs::read(holder.path(file)).unwrap()));
        let pem = honnin(&["certificate", "read", name, "--form", "pem", "--card", &holder.card()]);
        assert!(
            pem.text().starts_with("-----BEGIN CERTIFICATE-----\n")
                && pem.text().ends_with("-----END CERTIFICATE-----\n")
        );
    }
}

#[test]
fn the_signing_certificate_needs_a_file_and_its_password() {
    let holder = Holder::new("adult");
    let card = holder.card();
    let without = honnin(&["certificate", "read", "digital-signature", "--card", &card, "--json"]);
    assert_eq!((without.exit, without.code().as_str()), (2, "usage"));
    let out = holder.path("signing.der");
    let with = honnin_with_input(
        "abc123\n",
        &["certificate", "read", "digital-signature", "--out", &out, "--card", &card, "--pin-from", "stdin", "--json"],
    );
    assert_eq!(with.exit, 0, "{with:?}");
    let warnings = with.json()["warnings"].clone();
    assert!(warnings.as_array().unwrap().contains(&json!({ "code": "password_upper_cased" })), "{warnings}");
    let shown = honnin(&["certificate", "show", "--json", &out]).json();
    let attributes = &shown["result"]["certificate"]["attributes"];
    let expected = &holder.facts()["attributes"];
    for key in ["name", "address", "birthdate", "sex"] {
        assert_eq!(attributes[key], expected[key], "{key}");
    }
}

#[test]
fn sign_takes_twelve_exchanges_and_openssl_accepts_it_attached_and_detached() {
    let holder = Holder::new("adult");
    let (content, out) = (holder.path("agreement.txt"), holder.path("agreement.p7m"));
    std::fs::write(&content, "同意します。\n").unwrap();
    let ca = pem_of(&holder.path("digital-signature-ca.der"));
    for detached in [false, true] {
        let mut arguments = vec!["sign", &content, "--out", &out, "--pin-from", "stdin", "--json", "--card"];
        let card = holder.card();
        arguments.push(&card);
        arguments.extend(detached.then_some("--detached"));
        let ended = honnin_with_input("ABC123\n", &arguments);
        assert_eq!(ended.exit, 0, "{ended:?}");
        assert_eq!(ended.json()["result"]["exchanges"], 12);
        let mut openssl = Command::new("openssl");
        openssl.args(["cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any", "-in", &out, "-CAfile", &ca]);
        if detached {
            openssl.args(["-content", &content]);
        }
        let judged = openssl.output().expect("openssl is installed");
        assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
        assert_eq!(String::from_utf8(judged.stdout).unwrap(), "同意します。\n");
    }
}

fn pem_of(der: &str) -> String {
    let pem = format!("{der}.pem");
    let done = Command::new("openssl").args(["x509", "-inform", "DER", "-in", der, "-out", &pem]).status();
    assert!(done.expect("openssl is installed").success());
    pem
}

#[test]
fn a_wrong_secret_costs_one_try_and_the_last_one_is_not_spent_unless_told() {
    let holder = Holder::new("adult");
    let (content, out, card) = (holder.path("text"), holder.path("out"), holder.card());
    std::fs::write(&content, "text").unwrap();
    let sign = |typed: &str, more: &[&str]| {
        let arguments = [
            "sign",
            &content,
            "--out",
            &out,
            "--key",
            "user-authentication",
            "--pin-from",
            "stdin",
            "--json",
            "--card",
            &card,
        ];
        honnin_with_input(typed, &[&arguments, more].concat())
    };
    for (left, exit, code) in [(2, 20, "pin_incorrect"), (1, 20, "pin_incorrect"), (1, 22, "last_try_refused")] {
        let ended = sign("0000\n", &[]);
        assert_eq!((ended.exit, ended.code().as_str()), (exit, code));
        assert_eq!(holder.remaining("user_authentication"), left);
    }
    let spent = sign("0000\n", &["--allow-last-try"]);
    assert_eq!((spent.exit, spent.code().as_str()), (21, "pin_locked"));
    assert!(spent.err.contains("that was the last try: it is locked now"), "{}", spent.err);
    let right_but_late = sign("1234\n", &["--allow-last-try"]);
    assert_eq!((right_but_late.exit, right_but_late.code().as_str()), (21, "pin_locked"));
    assert_eq!(holder.remaining("digital_signature"), 5, "the other secret is untouched");
    assert!(!std::path::Path::new(&out).exists(), "nothing was written");
}

#[test]
fn what_cannot_be_right_is_refused_before_the_card_sees_it() {
    let holder = Holder::new("adult");
    let (content, out, card) = (holder.path("text"), holder.path("out"), holder.card());
    std::fs::write(&content, "text").unwrap();
    for (key, typed, code) in [
        ("user-authentication", "12345\n", "pin_format_invalid"),
        ("user-authentication", "１２３４\n", "pin_format_invalid"),
        ("digital-signature", "ABC12\n", "pin_format_invalid"),
        ("digital-signature", "", "secret_unavailable"),
    ] {
        let ended = honnin_with_input(
            typed,
            &["sign", &content, "--out", &out, "--key", key, "--pin-from", "stdin", "--json", "--card", &card],
        );
        assert_eq!((ended.exit, ended.code().as_str()), (23, code), "{typed:?}");
    }
    assert_eq!(holder.remaining("user_authentication"), 3);
    assert_eq!(holder.remaining("digital_signature"), 5);
}

#[test]
fn a_child_has_no_signing_certificate() {
    // CERT-16, card.md §9
    let child = Holder::new("child");
    let json = honnin(&["card", "status", "--json", "--card", &child.card()]).json();
    assert_eq!(json["result"]["certificates"]["digital_signature"]["present"], false);
    let (content, out) = (child.path("text"), child.path("out"));
    std::fs::write(&content, "text").unwrap();
    let ended = honnin_with_input(
        "ABC123\n",
        &["sign", &content, "--out", &out, "--pin-from", "stdin", "--json", "--card", &child.card()],
    );
    assert_eq!((ended.exit, ended.code().as_str()), (14, "signing_certificate_absent"), "{ended:?}");
}

#[test]
fn doctor_finds_the_card_usable_and_says_what_is_not() {
    let adult = honnin(&["doctor", "--json", "--card", &Holder::new("adult").card()]);
    assert_eq!((adult.exit, &adult.json()["result"]["usable"]), (0, &json!(true)));
    for (persona, exit, node, code) in
        [("expired", 1, "A4", "certificate_expired"), ("blocked", 21, "P3", "pin_locked")]
    {
        let ended = honnin(&["doctor", "--json", "--card", &Holder::new(persona).card()]);
        assert_eq!((ended.exit, ended.code().as_str()), (exit, code), "{persona}");
        let json = ended.json();
        let blockers: Vec<_> =
            json["result"]["findings"].as_array().unwrap().iter().filter(|f| f["severity"] == "blocker").collect();
        assert_eq!(blockers[0]["node"], node);
    }
}

#[test]
fn people_read_the_same_in_both_languages() {
    let holder = Holder::new("one-try-left");
    let english = honnin(&["doctor", "--card", &holder.card(), "--lang", "en"]);
    assert!(
        english.text().contains("! P2 PIN of the user authentication certificate (4 digits): 1 try left"),
        "{english:?}"
    );
    let japanese = honnin(&["doctor", "--card", &holder.card(), "--lang", "ja"]);
    assert!(japanese.text().contains("! P2 利用者証明用電子証明書の暗証番号（数字4桁）: 残り1回"), "{japanese:?}");
    assert!(japanese.text().ends_with("OK — マイナンバーカードを使えます（模擬カードまたは記録、署名用: 残り1回）\n"));
}

/// Signs with a secret from the fake pinentry, which stands for a person: the first half of the sitting runs.
fn asked_in_person(holder: &Holder, key: &str, answer: &str) -> (super::process::Ended, String) {
    let (content, out, log) = (holder.path("text"), holder.path("out"), holder.path("pinentry.log"));
    std::fs::write(&content, "text").unwrap();
    let pinentry = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/pinentry/fake.sh");
    let card = holder.card();
    let arguments =
        ["sign", &content, "--out", &out, "--key", key, "--pin-from", "pinentry", "--json", "--card", &card];
    let variables = [
        ("PINENTRY_PROGRAM", pinentry),
        ("FAKE_PINENTRY", "answer"),
        ("FAKE_PINENTRY_ANSWER", answer),
        ("FAKE_PINENTRY_LOG", log.as_str()),
    ];
    let ended = honnin_in("", &arguments, &variables);
    (ended, std::fs::read_to_string(&log).unwrap_or_default())
}

#[test]
fn a_person_is_told_the_tries_and_what_is_disclosed_before_typing() {
    let holder = Holder::new("adult");
    let (ended, told) = asked_in_person(&holder, "digital-signature", "ABC123");
    assert_eq!((ended.exit, &ended.json()["result"]["exchanges"]), (0, &json!(12)), "{ended:?}");
    for words in [
        "Tries left: 5",
        "name, address, date of birth and sex",
        "SHA-256 982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1",
    ] {
        assert!(told.contains(words), "{words} in {told}");
    }
}

#[test]
fn nobody_is_asked_for_a_secret_that_cannot_be_used() {
    for (persona, key, exit, code) in [
        ("one-try-left", "digital-signature", 22, "last_try_refused"),
        ("blocked", "user-authentication", 21, "pin_locked"),
        ("child", "digital-signature", 14, "signing_certificate_absent"),
    ] {
        let holder = Holder::new(persona);
        let (ended, told) = asked_in_person(&holder, key, "1234");
        assert_eq!((ended.exit, ended.code().as_str()), (exit, code), "{persona}");
        assert!(!told.contains("GETPIN"), "{persona} was asked: {told}");
    }
}

#[test]
fn wrong_secrets_sent_at_once_by_several_programs_are_all_counted() {
    let holder = Holder::new("adult");
    let ends: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..4)
            .map(|number| {
                let (card, out) = (holder.card(), holder.path(&format!("out{number}")));
                scope.spawn(move || {
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
                        &card,
                    ];
                    honnin_with_input("WRONG1\n", &arguments).exit
                })
            })
            .collect();
        running.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert_eq!(ends, [20; 4]);
    assert_eq!(holder.remaining("digital_signature"), 1);
}

#[test]
fn a_card_lifted_after_its_work_takes_nothing_back() {
    for (after, arguments, typed) in [
        (11, &["sign", "TEXT", "--out", "OUT"][..], "ABC123\n"),
        (5, &["pin", "change", "user-authentication"], "1234\n4321\n"),
    ] {
        let holder = Holder::new("adult");
        let (text, out, card) = (holder.path("text"), holder.path("out"), holder.card());
        std::fs::write(&text, "text").unwrap();
        let toml = std::fs::read_to_string(holder.path("card.toml")).unwrap();
        let lifted = toml.replace("[switches]", &format!("[switches]\nremoved_after = {after}"));
        std::fs::write(holder.path("card.toml"), lifted).unwrap();
        let named = |word: &&str| match *word {
            "TEXT" => text.clone(),
            "OUT" => out.clone(),
            other => other.to_owned(),
        };
        let arguments: Vec<_> = arguments.iter().map(named).collect();
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let ended =
            honnin_with_input(typed, &[&arguments[..], &["--pin-from", "stdin", "--json", "--card", &card]].concat());
        assert_eq!(ended.exit, 0, "{ended:?}");
        assert!(ended.json()["warnings"].to_string().contains("card_not_reached_for_locking"), "{ended:?}");
        assert_eq!(std::path::Path::new(&out).exists(), arguments[0] == "sign");
    }
}
