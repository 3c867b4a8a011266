//! Beside a real pcscd. One after the other: there is one reader.

use super::world::{World, honnin, honnin_with_secret, json, pkcs11_module, run};
use honnin::card::Access;
use honnin::transport::pcsc::{Service, SlotState};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
#[ignore = "run by over_a_real_pcscd"]
fn opensc_reads_our_card() {
    let world = World::with_card("adult");
    assert!(run("opensc-tool", &["-n"]).contains("jpki"));
    let listed = run("pkcs15-tool", &["--list-certificates"]);
    for label in [
        "User Authentication Certificate",
        "Digital Signature Certificate",
        "User Authentication Certificate CA",
        "Digital Signature Certificate CA",
    ] {
        assert!(listed.contains(&format!("[{label}]")), "{listed}");
    }
    let facts: serde_json::Value = serde_json::from_slice(&std::fs::read(world.path("persona.json")).unwrap()).unwrap();
    let serial = facts["certificates"]["user_authentication"]["serial"].as_str().unwrap().to_uppercase();
    assert!(listed.contains(&format!("Encoded serial : 02 04 {serial}")), "{listed}");
}

#[test]
#[ignore = "run by over_a_real_pcscd"]
fn a_signature_through_pkcs11_verifies_with_openssl() {
    let world = World::with_card("adult");
    let (content, signature) = (world.file("text", "synthetic text\n"), world.path("signature"));
    let module = pkcs11_module();
    let arguments = [
        "--module",
        module.to_str().unwrap(),
        "--sign",
        "-m",
        "SHA256-RSA-PKCS",
        "--id",
        "1",
        "--login",
        "--pin",
        "1234",
    ];
    run("pkcs11-tool", &[&arguments[..], &["-i", &content, "-o", &signature]].concat());
    let (exit, _) = json(&["certificate", "read", "user-authentication", "--out", &world.path("leaf.der")]);
    assert_eq!(exit, Some(0));
    let (leaf, key) = (world.pem("leaf.der"), world.path("key.pem"));
    std::fs::write(&key, run("openssl", &["x509", "-in", &leaf, "-noout", "-pubkey"])).unwrap();
    assert!(
        run("openssl", &["dgst", "-sha256", "-verify", &key, "-signature", &signature, &content])
            .contains("Verified OK")
    );
}

#[test]
#[ignore = "run by over_a_real_pcscd"]
fn our_program_reads_and_signs() {
    let world = World::with_card("adult");
    let (exit, status) = json(&["card", "status"]);
    assert_eq!((exit, &status["result"]["card"]["kind"]), (Some(0), &"individual_number_card".into()));
    assert_eq!(status["warnings"].as_array().unwrap().len(), 0, "nobody can tell a simulated card in a real reader");
    let (exit, read) = json(&["certificate", "read", "user-authentication", "--out", &world.path("leaf.der")]);
    assert_eq!((exit, &read["result"]["exchanges"]), (Some(0), &9.into()));
    let (content, out) = (world.file("text", "synthetic text\n"), world.path("signed"));
    let (exit, signed) = honnin_with_secret("ABC123", &["sign", &content, "--out", &out]);
    assert_eq!((exit, &signed["result"]["exchanges"]), (Some(0), &12.into()), "{signed}");
    let ca = world.pem("digital-signature-ca.der");
    assert_eq!(
        run(
            "openssl",
            &["cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any", "-in", &out, "-CAfile", &ca]
        )
        .replace("CMS Verification successful\n", ""),
        "synthetic text\n"
    );
    let (exit, doctor) = json(&["doctor"]);
    assert_eq!((exit, &doctor["result"]["usable"]), (Some(0), &true.into()));
}

#[test]
#[ignore = "run by over_a_real_pcscd"]
fn attributes_are_read_and_a_pin_is_changed() {
    let world = World::with_card("adult");
    let facts: serde_json::Value = serde_json::from_slice(&std::fs::read(world.path("persona.json")).unwrap()).unwrap();
    let (exit, read) = honnin_with_secret("5678", &["attributes", "read"]);
    assert_eq!((exit, &read["result"]["attributes"]), (Some(0), &facts["attributes"]), "{read}");
    let secrets = world.file("secrets", "1234\n4321\n");
    let (exit, changed) = json(&["pin", "change", "user-authentication", "--pin-from", &format!("file:{secrets}")]);
    assert_eq!(exit, Some(0), "{changed}");
    let (content, out) = (world.file("text", "text"), world.path("signed"));
    let sign =
        |secret| honnin_with_secret(secret, &["sign", &content, "--out", &out, "--key", "user-authentication"]).0;
    assert_eq!((sign("1234"), sign("4321")), (Some(20), Some(0)));
}

#[test]
#[ignore = "run by over_a_real_pcscd"]
fn after_use_the_key_is_locked_for_everybody_else() {
    let world = World::with_card("adult");
    let (content, out) = (world.file("text", "text"), world.path("signed"));
    for secret in ["1234", "0000"] {
        honnin_with_secret(secret, &["sign", &content, "--out", &out, "--key", "user-authentication"]);
        assert_locked(secret);
    }
}

#[test]
#[ignore = "run by over_a_real_pcscd"]
fn no_card_is_waited_for_and_then_said() {
    let world = World::of("adult");
    world.wait_for("empty");
    let started = Instant::now();
    let (exit, status) = json(&["card", "status", "--timeout", "1"]);
    assert_eq!((exit, &status["problem"]["code"]), (Some(13), &"no_card".into()));
    assert!(started.elapsed() >= Duration::from_secs(1));
    let (exit, doctor) = json(&["doctor"]);
    assert_eq!((exit, &doctor["result"]["findings"][0]["node"]), (Some(13), &"C1".into()));
    let (exit, other) = json(&["card", "status", "--reader", "no such reader"]);
    assert_eq!((exit, &other["problem"]["code"]), (Some(12), &"no_reader".into()));
}

#[test]
#[ignore = "run by over_a_real_pcscd"]
fn a_card_that_comes_while_we_wait_is_taken() {
    let mut world = World::of("adult");
    world.wait_for("empty");
    let waiting = Command::new(env!("CARGO_BIN_EXE_honnin"))
        .args(["card", "status", "--json", "--timeout", "20"])
        .stdout(Stdio::piped())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    world.insert();
    let output = waiting.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
#[ignore = "run by over_a_real_pcscd"]
fn the_only_reader_is_opened_at_once_and_waited_for_where_it_is_empty() {
    let mut world = World::of("adult");
    world.wait_for("empty");
    let (exit, nobody) = json(&["card", "status", "--reader", "00 00", "--timeout", "0"]);
    assert_eq!((exit, &nobody["problem"]["code"]), (Some(13), &"no_card".into()), "{nobody}");
    let waiting = Command::new(env!("CARGO_BIN_EXE_honnin"))
        .args(["card", "status", "--json", "--reader", "00 00", "--timeout", "20"])
        .stdout(Stdio::piped())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    world.insert();
    let waited: serde_json::Value = serde_json::from_slice(&waiting.wait_with_output().unwrap().stdout).unwrap();
    let (exit, chosen) = json(&["card", "status"]);
    assert_eq!(exit, Some(0), "{chosen}");
    let (exit, only) = json(&["card", "status", "--reader", "00 00"]);
    assert_eq!(exit, Some(0), "{only}");
    // The answer to reset is asked for on one way and on the other.
    assert!(chosen["result"]["card"]["atr"].as_str().is_some_and(|atr| atr.len() > 4), "{chosen}");
    assert_eq!((&only["result"], &waited["result"]), (&chosen["result"], &chosen["result"]));
    let (exit, other) = json(&["card", "status", "--reader", "00 01", "--timeout", "0"]);
    assert_eq!((exit, &other["problem"]["code"]), (Some(13), &"no_card".into()), "{other}");
    let (exit, none) = json(&["card", "status", "--reader", "ACS"]);
    assert_eq!((exit, &none["problem"]["code"]), (Some(12), &"no_reader".into()), "{none}");
}

#[test]
#[ignore = "run by over_a_real_pcscd"]
fn somebody_else_holding_the_card_is_busy_and_costs_nothing() {
    let world = World::with_card("adult");
    let (content, out) = (world.file("text", "text"), world.path("signed"));
    let service = Service::connect().unwrap();
    let reader = service.readers().unwrap().into_iter().find(|reader| reader.slot == SlotState::Present).unwrap();
    // With the reader named there is one only, which is opened without a look at its state.
    let sign = ["sign", &content, "--out", &out, "--key", "user-authentication"];
    let the_only = ["--reader", "00 00"];
    for access in [Access::Exclusive, Access::Shared] {
        let held = service.open(&reader, access).unwrap();
        for more in [&[][..], &the_only] {
            let (exit, answer) = honnin_with_secret("1234", &[&sign, more].concat());
            assert_eq!((exit, &answer["problem"]["code"]), (Some(15), &"reader_busy".into()), "{access:?}: {answer}");
        }
        let (exit, doctor) = json(&["doctor"]);
        assert_eq!((exit, &doctor["problem"]["code"]), (Some(15), &"reader_busy".into()), "{access:?}: {doctor}");
        drop(held);
    }
    let (_, pins) = json(&["pin", "status"]);
    assert_eq!(pins["result"]["pins"][0]["remaining"], 3);
}

#[test]
#[ignore = "run by over_a_real_pcscd"]
fn a_card_pulled_in_the_middle_is_lost_contact_and_its_counters_are_whole() {
    let mut world = World::of("adult");
    let text = std::fs::read_to_string(world.path("card.toml")).unwrap();
    // The card goes after its fifth command, in the middle of the certificate.
    assert!(text.contains("[switches]"), "the fixture format has a table of switches");
    std::fs::write(world.path("card.toml"), text.replace("[switches]", "[switches]\nremoved_after = 5")).unwrap();
    world.insert();
    let (exit, answer) =
        json(&["certificate", "read", "user-authentication", "--out", &world.path("leaf.der"), "--timeout", "2"]);
    assert_eq!((exit, &answer["problem"]["code"]), (Some(16), &"card_lost_contact".into()), "{answer}");
    assert!(!std::path::Path::new(&world.path("leaf.der")).exists(), "half a certificate is none");
}

#[test]
#[ignore = "run by over_a_real_pcscd"]
fn a_slow_service_is_still_a_service() {
    let world = World::with_card("adult");
    let pid = std::env::var("WITH_PCSCD_PID").expect("scripts/with-pcscd tells the daemon's process");
    // Stopped, not killed: the tests after this one need it again.
    run("kill", &["-STOP", &pid]);
    let child = Command::new(env!("CARGO_BIN_EXE_honnin"))
        .args(["card", "status", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(500));
    run("kill", &["-CONT", &pid]);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "a service that was slow is still a service: {output:?}");
    drop(world);
}

#[test]
#[ignore = "run by over_a_real_pcscd"]
fn a_wrong_secret_is_sent_once_and_the_last_try_is_kept() {
    let world = World::with_card("one-try-left");
    let (content, out) = (world.file("text", "text"), world.path("signed"));
    let (exit, answer) = honnin_with_secret("WRONG000", &["sign", &content, "--out", &out]);
    assert_eq!((exit, &answer["problem"]["code"]), (Some(22), &"last_try_refused".into()));
    let (_, pins) = json(&["pin", "status"]);
    assert_eq!(pins["result"]["pins"][1]["remaining"], 1);
    let (exit, answer) = honnin_with_secret("WRONG000", &["sign", &content, "--out", &out, "--allow-last-try"]);
    assert_eq!((exit, &answer["problem"]["code"]), (Some(21), &"pin_locked".into()));
    let (_, pins) = json(&["pin", "status"]);
    assert_eq!(
        (&pins["result"]["pins"][1]["state"], &pins["result"]["pins"][0]["remaining"]),
        (&"blocked".into(), &1.into())
    );
    let spoken = honnin(&["pin", "status"]);
    assert!(String::from_utf8_lossy(&spoken.stdout).contains("LOCKED"));
}

#[test]
#[ignore = "run by over_a_real_pcscd"]
fn ctrl_c_during_a_session_leaves_the_card_locked() {
    let world = World::with_card("adult");
    let (content, out) = (world.file("text", "text"), world.path("signed"));
    let mut caught_inside = 0;
    for delay in (0..60).map(|step| step % 20) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_honnin"))
            .args([
                "sign",
                &content,
                "--out",
                &out,
                "--key",
                "user-authentication",
                "--pin-from",
                "env:SECRET",
                "--quiet",
            ])
            .env("SECRET", "1234")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        run("kill", &["-INT", &child.id().to_string()]);
        let code = child.wait().unwrap().code();
        // Before the handler stands, the signal ends the process by itself (no code); at the end it comes too late.
        assert!(matches!(code, Some(0 | 130) | None), "{code:?}");
        caught_inside += usize::from(code == Some(130));
        assert_locked(&format!("after {delay} ms"));
    }
    let (_, pins) = json(&["pin", "status"]);
    assert_eq!(pins["result"]["pins"][0]["remaining"], 3, "an interrupted run costs no try");
    assert!(caught_inside > 0, "no signal ever met a session");
}

/// Another program asks the authentication key to sign without a secret: 6982 says that it is locked.
fn assert_locked(when: &str) {
    let sign = format!("802A009733{}{}00", "3031300D060960864801650304020105000420", "00".repeat(32));
    let answers = run("opensc-tool", &["-s", "00A4040C0AD392F000260100000001", "-s", &sign]);
    assert!(answers.contains("SW1=0x69, SW2=0x82"), "{when}: {answers}");
}
