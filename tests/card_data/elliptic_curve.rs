//! A card with P-384 keys (card.md §9): read, signed with, and verified by us and by OpenSSL. Key type and digest are data of
//! the card's file; the interface of the card to come is not public, so the commands are today's.

use super::process::{Holder, honnin, honnin_with_input};
use honnin::authority::{Persona, create};
use honnin::simulator::{Digest, SimulatedCard, SimulatorError};
use std::process::Command;

fn sign(holder: &Holder, key: &str, secret: &str, out: &str) -> serde_json::Value {
    let content = holder.path("content");
    std::fs::write(&content, "synthetic text\n").unwrap();
    let card = holder.card();
    let ended = honnin_with_input(
        secret,
        &["sign", &content, "--out", out, "--key", key, "--pin-from", "stdin", "--json", "--card", &card],
    );
    assert_eq!(ended.exit, 0, "{ended:?}");
    ended.json()
}

#[test]
fn both_keys_sign_and_the_profiles_accept_them() {
    let holder = Holder::new("elliptic-curve");
    let ended = honnin(&["card", "status", "--json", "--card", &holder.card()]);
    assert_eq!(ended.exit, 0, "{ended:?}");
    for (key, secret, ca, list, profile) in [
        (
            "digital-signature",
            "ABC123\n",
            "digital-signature-ca.der",
            "digital-signature.crl",
            "jpki-digital-signature",
        ),
        (
            "user-authentication",
            "1234\n",
            "user-authentication-ca.der",
            "user-authentication.crl",
            "jpki-user-authentication",
        ),
    ] {
        let (signed, ca, list) = (holder.path(key), holder.path(ca), holder.path(list));
        let exchanges = sign(&holder, key, secret, &signed)["result"]["exchanges"].as_u64().unwrap();
        assert!(exchanges <= 12, "{key}: {exchanges}");
        let judged = ["--anchors", "none", "--anchor", &ca, "--crl", &list, "--profile", profile, "--json"];
        let ended = honnin(&[&["verify", &signed][..], &judged].concat());
        assert_eq!(ended.exit, 0, "{key}: {ended:?}");
        let algorithm = ended.json()["result"]["signers"][0]["certificate"]["public_key"].clone();
        assert_eq!(algorithm, serde_json::json!({ "algorithm": "ec_p384", "bits": 384 }), "{key}");
        openssl_agrees(&signed, &ca);
        // One bit of the signature, which stands at the end.
        let mut bytes = std::fs::read(&signed).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(&signed, bytes).unwrap();
        let ended = honnin(&[&["verify", &signed][..], &judged].concat());
        assert_eq!((ended.exit, ended.code().as_str()), (1, "signature_invalid"), "{key}");
    }
}

fn openssl_agrees(signed: &str, ca: &str) {
    let pem = format!("{ca}.pem");
    let converted = Command::new("openssl").args(["x509", "-inform", "DER", "-in", ca, "-out", &pem]).status();
    if converted.is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI has openssl");
        eprintln!("SKIPPED openssl cms: openssl is not installed");
        return;
    }
    let verify = ["cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any", "-in", signed, "-CAfile", &pem];
    let output = Command::new("openssl").args(verify).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stdout, b"synthetic text\n");
}

#[test]
fn the_key_takes_a_digest_of_its_length_and_nothing_else() {
    let mut file = create(Persona::EllipticCurve, super::bench::at(), &mut rand_core::OsRng).unwrap().card;
    let mut card = SimulatedCard::from_file(file.clone()).unwrap();
    let mut tell = |command: &str| hex::encode_upper(card.transmit(&hex::decode(command).unwrap()).unwrap());
    tell("00A4040C0AD392F000260100000001");
    assert_eq!(tell(&format!("802A009730{}00", "11".repeat(48))), "6982", "the PIN first");
    assert_eq!(tell("002000980431323334"), "9000");
    let answer = tell(&format!("802A009730{}00", "11".repeat(48)));
    assert!(
        answer.starts_with("30") && answer.ends_with("9000") && (90..=106).contains(&(answer.len() / 2)),
        "{answer}"
    );
    assert_eq!(tell(&format!("802A009733{}00", "11".repeat(51))), "6985");
    assert_eq!(tell(&format!("802A029720{}00", "11".repeat(32))), "6A86", "the schemes of RSA");
    // Key type and digest are data of the file, and have to fit each other.
    let jpki = file.applications.iter_mut().find(|it| it.name == "jpki").unwrap();
    assert!(jpki.keys.iter().all(|key| key.digest == Digest::Sha384));
    let text = file.to_toml().unwrap();
    assert_eq!(text.matches("digest = \"sha-384\"").count(), 2);
    let support = file.applications.iter_mut().find(|it| it.name == "input support").unwrap();
    support.keys[0].digest = Digest::Sha384;
    assert!(matches!(
        SimulatedCard::from_file(file),
        Err(SimulatorError::Content { what: "an RSA key signs SHA-256" })
    ));
}
