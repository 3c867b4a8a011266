//! Secrets in every role, and a search for them in everything that comes out.

use super::process::{Holder, honnin_in, honnin_with_input};

/// The secret as text and as the bytes of a command, in both cases of hex.
fn forms(secret: &str) -> [String; 3] {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    [secret.to_owned(), hex.to_uppercase(), hex]
}

#[test]
fn no_secret_right_or_wrong_reaches_output_recording_or_state() {
    for (key, secret) in [
        ("digital-signature", "ABC123"),
        ("digital-signature", "CANARY77"),
        ("user-authentication", "1234"),
        ("user-authentication", "8642"),
    ] {
        for format in [&["--json"][..], &["-vvv"], &["-vvv", "--lang", "ja"]] {
            let holder = Holder::new("adult");
            let (content, out, trace) = (holder.path("text"), holder.path("out"), holder.path("trace.jsonl"));
            std::fs::write(&content, "text").unwrap();
            let card = holder.card();
            let arguments = [
                "sign",
                &content,
                "--out",
                &out,
                "--key",
                key,
                "--pin-from",
                "stdin",
                "--record",
                &trace,
                "--card",
                &card,
            ];
            let ended = honnin_with_input(&format!("{secret}\n"), &[&arguments, format].concat());
            assert!(matches!(ended.exit, 0 | 20), "{ended:?}");
            let mut places = vec![ended.everything(), std::fs::read_to_string(&trace).unwrap()];
            places.extend(std::fs::read_to_string(holder.path("card.toml.state")));
            for place in &places {
                let searched = if secret.len() > 4 { place.clone() } else { without_long_hex(place) };
                for form in forms(secret) {
                    assert!(!searched.contains(&form), "{form} of {key} in {searched}");
                }
            }
        }
    }
}

/// Everything but long runs of hex digits, where four digits stand by chance: certificates, digests, signatures.
fn without_long_hex(place: &str) -> String {
    place.split_inclusive(|c: char| !c.is_ascii_hexdigit()).filter(|word| word.len() < 48).collect()
}

#[test]
fn no_way_of_giving_a_secret_leaks_it() {
    for secret in ["ABC123", "CANARY77"] {
        for source in ["file", "env", "pinentry"] {
            let holder = Holder::new("adult");
            let (out, trace, card, log) =
                (holder.path("out.der"), holder.path("trace.jsonl"), holder.card(), holder.path("log"));
            std::fs::write(holder.path("secret"), format!("{secret}\n")).unwrap();
            let from = match source {
                "file" => format!("file:{}", holder.path("secret")),
                "env" => "env:HONNIN_TEST_SECRET".to_owned(),
                other => other.to_owned(),
            };
            let arguments = [
                "certificate",
                "read",
                "digital-signature",
                "--out",
                &out,
                "--record",
                &trace,
                "--card",
                &card,
                "-vvv",
                "--pin-from",
                &from,
            ];
            let pinentry = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/pinentry/fake.sh");
            let ended = honnin_in(
                "",
                &arguments,
                &[
                    ("HONNIN_TEST_SECRET", secret),
                    ("PINENTRY_PROGRAM", pinentry),
                    ("FAKE_PINENTRY", "answer"),
                    ("FAKE_PINENTRY_ANSWER", secret),
                    ("FAKE_PINENTRY_LOG", &log),
                ],
            );
            assert!(matches!(ended.exit, 0 | 20), "{ended:?}");
            let places = [
                ended.everything(),
                std::fs::read_to_string(&trace).unwrap(),
                std::fs::read_to_string(&log).unwrap_or_default(),
            ];
            for form in forms(secret) {
                assert!(places.iter().all(|place| !place.contains(&form)), "{form} by {source}: {places:?}");
            }
        }
    }
}

#[test]
fn neither_the_old_nor_the_new_secret_of_a_change_nor_that_of_attributes_leaks() {
    for (arguments, typed, secrets) in [
        (&["pin", "change", "digital-signature"][..], "ABC123\nCANARY77\n", &["ABC123", "CANARY77"][..]),
        (&["pin", "change", "digital-signature"], "WRONG999\nCANARY77\n", &["WRONG999", "CANARY77"]),
        (&["pin", "change", "user-authentication"], "1234\n8642\n", &["1234", "8642"]),
        (&["attributes", "read"], "5678\n", &["5678"]),
        (&["attributes", "read"], "8642\n", &["8642"]),
        (&["pin", "change", "input-support"], "5678\n8642\n", &["5678", "8642"]),
        // 照合番号B: birth date in the era's years, year of expiry, security code.
        (&["attributes", "read", "--with", "number-b"], "1980-02-17\n2030\n2285\n", &["55021720302285"]),
        (&["surface", "read"], "1980-02-17\n2030\n2285\n", &["55021720302285"]),
        (&["surface", "read"], "1980-02-17\n2030\n9999\n", &["55021720309999"]),
    ] {
        for format in [&["--json"][..], &["-vvv", "--lang", "ja"]] {
            let holder = Holder::new("adult");
            let (trace, card) = (holder.path("trace.jsonl"), holder.card());
            let more = ["--pin-from", "stdin", "--record", &trace, "--card", &card];
            let ended = honnin_with_input(typed, &[arguments, &more, format].concat());
            assert!(matches!(ended.exit, 0 | 20), "{ended:?}");
            for place in [ended.everything(), std::fs::read_to_string(&trace).unwrap()] {
                for secret in secrets {
                    let searched = if secret.len() > 4 { place.clone() } else { without_long_hex(&place) };
                    for form in forms(secret) {
                        assert!(!searched.contains(&form), "{form} of {arguments:?} in {searched}");
                    }
                }
            }
        }
    }
}

#[test]
fn secrets_are_never_taken_from_an_argument() {
    let holder = Holder::new("adult");
    for arguments in [&["--pin", "1234"][..], &["--pin-from", "CANARY77"], &["--pin-from", "pass:CANARY77"]] {
        let ended = honnin_with_input("", &[&["pin", "status", "--card", &holder.card()], arguments].concat());
        assert_eq!(ended.exit, 2);
        assert!(!ended.everything().contains("CANARY77"), "{ended:?}");
    }
}
