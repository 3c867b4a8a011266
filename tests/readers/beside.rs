//! Beside a real pcscd: what others make of our card, and what is remembered of the reader. One after the other: there is
//! one reader.

use super::world::{World, honnin_with_secret, json, pkcs11_module, run};
use myna_card::ap::jpki::{JpkiAp, SignatureScheme};
use myna_card::ap::text::TextAp;
use myna_card::{Card, Error, Pin, Retries, TokenType, Transmit};
use rsa::pkcs8::DecodePublicKey as _;
use sha2::{Digest as _, Sha256};

/// `myna-card` with the link that its own PC/SC back end has: one exchange at a time through the service.
struct Link(pcsc::Card);

impl Transmit for Link {
    fn transmit(&mut self, command: &[u8]) -> myna_card::Result<Vec<u8>> {
        let mut buffer = vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED];
        self.0.transmit(command, &mut buffer).map(<[u8]>::to_vec).map_err(|_| Error::NoReader)
    }
}

fn another_client() -> Card<Link> {
    let context = pcsc::Context::establish(pcsc::Scope::User).unwrap();
    let reader = context.list_readers_owned().unwrap().remove(0);
    Card::new(Link(context.connect(&reader, pcsc::ShareMode::Exclusive, pcsc::Protocols::ANY).unwrap()))
}

#[test]
#[ignore = "run by beside_others_over_a_real_pcscd"]
fn myna_card_reads_and_signs() {
    let world = World::with_card("adult");
    let facts: serde_json::Value = serde_json::from_slice(&std::fs::read(world.path("persona.json")).unwrap()).unwrap();
    let mut card = another_client();
    let mut jpki = JpkiAp::select(&mut card).unwrap();
    assert_eq!(jpki.read_token_type().unwrap(), TokenType::Card);
    assert_eq!(jpki.sign_pin_retries().unwrap(), Retries::Remaining(5));
    std::fs::write(world.path("leaf.der"), jpki.read_auth_certificate_der().unwrap()).unwrap();
    jpki.verify_auth_pin(&Pin::numeric("1234").unwrap()).unwrap();
    let signature = jpki.sign_with_auth_key(SignatureScheme::Sha256DigestInfo, b"synthetic text").unwrap();
    let key = run("openssl", &["x509", "-in", &world.pem("leaf.der"), "-noout", "-pubkey"]);
    let key = rsa::RsaPublicKey::from_public_key_pem(&key).unwrap();
    key.verify(rsa::Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(b"synthetic text"), &signature).unwrap();
    let mut text = TextAp::select(&mut card).unwrap();
    text.verify_pin(&Pin::numeric("5678").unwrap()).unwrap();
    assert_eq!(text.read_attributes().unwrap().name, facts["attributes"]["name"].as_str().unwrap());
}

#[test]
#[ignore = "run by beside_others_over_a_real_pcscd"]
fn pkcs11_tool_finds_nothing_wrong() {
    let mut world = World::of("adult");
    // OpenSC asks for the counter while the secret is verified, and takes the measured answer 9000 (card.md §4.3) for a
    // failure; cards that go on telling the counter are the ones it can test.
    world.switch("query_when_verified = \"success\"", "query_when_verified = \"counter\"");
    world.insert();
    let module = pkcs11_module();
    for (slot, pin) in [("0", "1234"), ("1", "ABC123")] {
        let module = module.to_str().unwrap();
        let told = run("pkcs11-tool", &["--module", module, "--test", "--slot", slot, "--login", "--pin", pin]);
        assert!(told.contains("No errors"), "{told}");
        for signature in ["RSA-PKCS: OK", "SHA256-RSA-PKCS: OK", "all 4 signature functions seem to work"] {
            assert!(told.contains(signature), "{told}");
        }
    }
}

#[test]
#[ignore = "run by beside_others_over_a_real_pcscd"]
fn extended_reads_are_remembered_for_the_reader_and_forgotten_when_refused() {
    let mut world = World::with_card("adult");
    let memory = std::path::PathBuf::from(std::env::var_os("XDG_STATE_HOME").unwrap()).join("honnin/readers.toml");
    let _ = std::fs::remove_file(&memory);
    let exchanges = |more: &[&str], world: &World| {
        let out = world.path("leaf.der");
        let (exit, read) = json(&[&["certificate", "read", "user-authentication", "--out", &out], more].concat());
        assert_eq!(exit, Some(0), "{read}");
        read["result"]["exchanges"].as_u64().unwrap()
    };
    assert_eq!(exchanges(&[], &world), 9, "nobody asked");
    assert!(!memory.exists());
    assert_eq!(exchanges(&["--extended-reads", "try"], &world), 3);
    let written = std::fs::read_to_string(&memory).unwrap();
    assert!(written.contains("[reader.\"Virtual PCD 00 00\"]\nextended_reads = true\n"), "{written}");
    assert_eq!(exchanges(&[], &world), 3, "it worked before");
    let (content, out) = (world.file("text", "text"), world.path("signed"));
    let (exit, signed) = honnin_with_secret("ABC123", &["sign", &content, "--out", &out]);
    assert_eq!((exit, &signed["result"]["exchanges"]), (Some(0), &6.into()), "{signed}");
    assert_eq!(exchanges(&["--extended-reads", "never"], &world), 9);
    // Another card, or the same reader on a worse day.
    world.remove();
    world.wait_for("empty");
    world.switch("refuse_extended = false", "refuse_extended = true");
    world.insert();
    assert_eq!(exchanges(&[], &world), 10, "one refusal, and the short form after it");
    assert!(std::fs::read_to_string(&memory).unwrap().contains("extended_reads = false"));
    assert_eq!(exchanges(&[], &world), 9);
    // A damaged file is an empty one, and a folder in its place does no harm.
    std::fs::write(&memory, b"\xFF[[[").unwrap();
    assert_eq!(exchanges(&[], &world), 9);
    std::fs::remove_file(&memory).unwrap();
    std::fs::create_dir(&memory).unwrap();
    assert_eq!(exchanges(&["--extended-reads", "try"], &world), 10);
}
