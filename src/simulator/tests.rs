//! The card's rules, command by command. The bytes are typed from card.md §10 and go past the client's encoders.
#![allow(clippy::disallowed_types, reason = "a key of the card under test")]

use super::*;
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::pkcs8::{EncodePrivateKey as _, LineEnding};
use sha2::{Digest as _, Sha256};
use std::sync::OnceLock;

mod kept;

const JPKI: &str = "00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01";
const TEXT: &str = "00 A4 04 0C 0A D3 92 10 00 31 00 01 01 04 08";
const COMMON: &str = "00 A4 04 0C 0A D3 92 10 00 31 00 01 01 01 00";
const ISD: &str = "00 A4 04 0C 07 A0 00 00 01 51 00 00";
const AUTH_PIN: &str = "00 20 00 98 04 31 32 33 34";
const WRONG_AUTH_PIN: &str = "00 20 00 98 04 39 39 39 39";
const SIGN_PASSWORD: &str = "00 20 00 9B 06 41 42 43 31 32 33";

/// A card.toml as a person would write it: file 000A has 600 bytes of which 516 are written.
fn toml() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let key = key().to_pkcs8_pem(LineEnding::LF).unwrap();
        let body: String =
            (0..512).map(|i| format!("{:02x}{}", i % 251, if i % 16 == 15 { "\n" } else { " " })).collect();
        format!(
            r#"
schema = "honnin-card/1"
label = "rules"
kind = "plastic"
atr = "3BE000FF8131FE4514"
persona = {{ synthetic = true }}
[[data_object]]
tag = "00F0"
content = "3133313031"
[[data_object]]
tag = "00F8"
content = "{large}"

[[application]]
name = "jpki"
aid = "D392F000260100000001"
[[application.file]]
id = "0001"
read = ["001B"]
content = "3082AABB"
size = 8
[[application.file]]
id = "0006"
read = "free"
content = "4A504B49"
[[application.file]]
id = "0009"
read = "never"
content = "00"
[[application.file]]
id = "000A"
read = "free"
content = """
30820200
{body}"""
size = 600
[[application.pin]]
id = "0018"
secret = "1234"
tries = 3
maximum = 3
change = "reference_data"
[[application.pin]]
id = "001B"
secret = "ABC123"
tries = 5
maximum = 5
[[application.key]]
id = "0017"
pin = "0018"
private_key = '''
{key}'''
[[application.key]]
id = "001A"
pin = "001B"
private_key = '''
{key}'''

[[application]]
name = "text"
aid = "D3921000310001010408"
[[application.file]]
id = "0001"
read = ["0011", "0014"]
content = "FF100C313233343536373839303138"
size = 17
[[application.file]]
id = "0002"
read = ["0011", "0015"]
content = "FF20"
[[application.pin]]
id = "0011"
secret = "5678"
tries = 3
maximum = 3
[[application.pin]]
id = "0012"
secret = ""
tries = 0
maximum = 0
[[application.pin]]
id = "0014"
secret = "123456789018"
tries = 10
maximum = 10
[[application.pin]]
id = "0015"
secret = "55021720352285"
tries = 10
maximum = 10

[[application]]
name = "common"
aid = "D3921000310001010100"
[[application.file]]
id = "0001"
read = "free"
records = ["011C30", "0202"]
[[application.pin]]
id = "001C"
secret = "9012"
tries = 3
maximum = 3
change = "key"
[[application.key]]
id = "0019"
internal_authenticate = true
private_key = '''
{key}'''
"#,
            large = "4D".repeat(575),
            key = &*key,
        )
    })
}

fn key() -> &'static RsaPrivateKey {
    static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
    KEY.get_or_init(|| RsaPrivateKey::new(&mut rand_core::OsRng, 2048).unwrap())
}

fn card() -> SimulatedCard {
    SimulatedCard::from_file(CardFile::parse(toml()).unwrap()).unwrap()
}

fn switched(set: impl FnOnce(&mut Switches)) -> SimulatedCard {
    let mut file = CardFile::parse(toml()).unwrap();
    set(&mut file.switches);
    SimulatedCard::from_file(file).unwrap()
}

fn bytes(hex_with_spaces: &str) -> Vec<u8> {
    hex::decode(hex_with_spaces.replace(' ', "")).unwrap()
}

/// Sends a command given in hex; the answer comes back as hex.
fn tell(card: &mut SimulatedCard, command: &str) -> String {
    hex::encode_upper(card.transmit(&bytes(command)).unwrap())
}

#[track_caller]
fn expect(card: &mut SimulatedCard, exchanges: &[(&str, &str)]) {
    for (command, answer) in exchanges {
        assert_eq!(tell(card, command), answer.replace(' ', ""), "{command}");
    }
}

fn verifies(signature_and_status: &[u8], message: &[u8]) {
    let (signature, status) = signature_and_status.split_at(256);
    assert_eq!(status, [0x90, 0x00]);
    key().to_public_key().verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message), signature).unwrap();
}

#[test]
fn select_by_name() {
    let mut card = card();
    expect(
        &mut card,
        &[
            (JPKI, "9000"),
            ("00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 02", "6A82"),
            ("00 A4 04 0C 06 D3 92 10 00 31 00", "9000"), // a shortened name finds the first of that kind
            ("00 20 00 91", "63C3"),                      // which is the text application
            ("00 A4 04 00 0A D3 92 F0 00 26 01 00 00 00 01 00", "9000"), // the FCI is not known
            ("00 A4 04 0C", "6700"),
            ("00 A4 04 04 0A D3 92 F0 00 26 01 00 00 00 01", "6A86"),
            (ISD, "9000"),
        ],
    );
}

#[test]
fn select_without_a_name() {
    let mut card = card();
    expect(&mut card, &[("00 A4 00 00", "6A86"), ("00 A4 00 00 02 3F 00", "6A82"), ("00 A4 02 0C 02 2F 10", "6A82")]);
    expect(&mut card, &[("00 A4 02 0C 02 00 1E", "9000"), ("00 B0 00 00 00", "6981")]);
    expect(&mut card, &[(JPKI, "9000"), (AUTH_PIN, "9000"), ("00 A4 00 00", "9000"), ("00 A4 00 0C", "9000")]);
    expect(&mut card, &[("00 20 00 98", "9000")]); // still there, still verified
}

#[test]
fn select_a_file() {
    let mut card = card();
    expect(&mut card, &[(JPKI, "9000"), ("00 B0 00 00 00", "6986"), ("00 20 00 80", "6986")]);
    expect(&mut card, &[("00 A4 02 0C 02 00 06", "9000"), ("00 B0 00 00 00", "4A504B49 9000")]);
    expect(&mut card, &[("00 A4 02 0C 02 00 05", "6A82"), ("00 A4 02 0C 01 06", "6700")]);
    expect(&mut card, &[("00 A4 02 0C 02 00 18", "9000"), ("00 20 00 80", "63C3"), ("00 B0 00 00 00", "6981")]);
    // Another application has no current file.
    expect(&mut card, &[(TEXT, "9000"), ("00 B0 00 00 00", "6986")]);
}

#[test]
fn read_binary_to_the_end_of_the_file() {
    let mut card = card();
    expect(&mut card, &[(JPKI, "9000")]);
    let first = tell(&mut card, "00 B0 8A 00 00");
    assert_eq!(first.len(), 2 * (256 + 2));
    assert!(first.starts_with("308202000001"));
    assert_eq!(tell(&mut card, "00 B0 01 00 00").len(), 2 * (256 + 2));
    let last = tell(&mut card, "00 B0 02 00 00");
    assert_eq!(last.len(), 2 * (88 + 2), "min(Le, what is left)");
    assert_eq!(last, "06070809".to_owned() + &"FF".repeat(84) + "9000");
    expect(&mut card, &[("00 B0 02 57 00", "FF9000"), ("00 B0 02 58 00", "6B00"), ("00 B0 7F 00 00", "6B00")]);
    // By short identifier the offset has one byte: 255 here, where the pattern stands at its 251st and 252nd.
    expect(&mut card, &[("00 B0 00 00 04", "30820200 9000"), ("00 B0 8A FF 02", "0001 9000")]);
    expect(&mut card, &[("00 B0 00 00", "6700"), ("00 B0 8A 00 01 00", "6700"), ("00 B0 AA 00 00", "6A86")]);
    expect(&mut card, &[("00 B0 85 00 00", "6A82"), ("00 B0 80 00 00", "6A86")]);
}

#[test]
fn read_binary_extended() {
    let mut card = card();
    expect(&mut card, &[(JPKI, "9000")]);
    let whole = tell(&mut card, "00 B0 8A 00 00 00 00");
    assert_eq!(whole.len(), 2 * (600 + 2));
    assert_eq!(tell(&mut card, "00 B0 00 00 00 01 01").len(), 2 * (257 + 2));
    let mut short = switched(|s| s.refuse_extended = true);
    expect(&mut short, &[(JPKI, "9000"), ("00 B0 8A 00 00 00 00", "6700"), ("00 B0 86 00 00", "4A504B499000")]);
}

#[test]
fn refusals_of_card_md_10() {
    let mut card = card();
    expect(&mut card, &[(JPKI, "9000"), ("00 B0 81 00 00", "6982"), ("00 B0 89 00 00", "6982")]);
    let sign =
        format!("80 2A 00 97 33 30 31 30 0D 06 09 60 86 48 01 65 03 04 02 01 05 00 04 20 {} 00", "AB ".repeat(32));
    expect(&mut card, &[(&sign, "6982"), ("00 20 00 98 00", "6700"), ("00 20 00 98", "63C3")]);
    expect(&mut card, &[(TEXT, "9000"), ("00 B0 81 00 00", "6982"), ("00 B0 82 00 00", "6982")]);
}

#[test]
fn unknown_commands() {
    let mut card = card();
    expect(&mut card, &[("00 44 00 00", "6D00"), ("80 A2 00 00", "6D00"), ("00 C0 00 00 00", "6D00")]);
    expect(&mut card, &[("01 A4 04 0C", "6881"), ("40 A4 04 0C", "6881"), ("0C B0 00 00 00", "6882")]);
    expect(&mut card, &[("90 00 00 00", "6E00"), ("FF CA 00 00 00", "6E00"), ("80 FC 00 00", "6700")]);
    // CLA, then INS, then P1P2, then length (card.md §12.1).
    expect(&mut card, &[("90 FF FF FF 09", "6E00"), ("00 FF FF FF 09", "6D00"), ("00 20 FF FF 09", "6A86")]);
    expect(&mut card, &[("", "6700"), ("00", "6700"), ("00 A4 04", "6700"), ("00 20 00 98 09 01", "6700")]);
}

#[test]
fn any_bytes_are_answered_with_a_status_word() {
    let mut card = card();
    let mut state: u32 = 1;
    for length in 0..3_000_usize {
        let mut command: Vec<u8> = (0..length % 40)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state.to_be_bytes()[0]
            })
            .collect();
        if let (Some(class), true) = (command.first_mut(), length % 3 > 0) {
            *class = if length % 3 == 1 { 0x00 } else { 0x80 };
        }
        assert!(card.transmit(&command).unwrap().len() >= 2);
    }
    assert_eq!(card.log().len(), 3_000);
}

#[test]
fn the_counter_query_costs_nothing() {
    let mut card = card();
    expect(&mut card, &[(JPKI, "9000")]);
    for _ in 0..5 {
        expect(&mut card, &[("00 20 00 98", "63C3"), ("00 20 00 9B", "63C5")]);
    }
    expect(&mut card, &[(TEXT, "9000"), ("00 20 00 91", "63C3"), ("00 20 00 95", "63CA"), ("00 20 00 92", "63C0")]);
    expect(
        &mut card,
        &[("00 20 00 96", "6A82"), ("00 20 00 81", "6981"), ("00 20 01 91", "6A86"), ("00 20 00 11", "6A86")],
    );
}

#[test]
fn wrong_pins_block_at_zero() {
    let mut card = card();
    expect(&mut card, &[(JPKI, "9000"), (WRONG_AUTH_PIN, "63C2"), (WRONG_AUTH_PIN, "63C1")]);
    expect(&mut card, &[(AUTH_PIN, "9000"), (ISD, "9000"), (JPKI, "9000"), ("00 20 00 98", "63C3")]);
    // A wrong length counts like any wrong value; nothing and too much do not.
    expect(&mut card, &[("00 20 00 98 03 31 32 33", "63C2"), ("00 20 00 98 05 31 32 33 34 35", "63C1")]);
    expect(&mut card, &[(&format!("00 20 00 98 11 {}", "31".repeat(17)), "6700"), ("00 20 00 98", "63C1")]);
    expect(
        &mut card,
        &[(WRONG_AUTH_PIN, "63C0"), (WRONG_AUTH_PIN, "6984"), (AUTH_PIN, "6984"), ("00 20 00 98", "63C0")],
    );
    // The other PIN is not touched.
    expect(&mut card, &[("00 20 00 9B", "63C5"), (SIGN_PASSWORD, "9000")]);
}

#[test]
fn verify_by_selected_file() {
    let mut card = card();
    expect(&mut card, &[(JPKI, "9000"), ("00 A4 02 0C 02 00 18", "9000"), ("00 20 00 80", "63C3")]);
    expect(&mut card, &[("00 20 00 80 04 31 32 33 35", "63C2"), ("00 20 00 80 04 31 32 33 34", "9000")]);
    expect(&mut card, &[("00 20 00 80", "9000"), ("00 A4 02 0C 02 00 17", "9000"), ("00 20 00 80", "6981")]);
}

#[test]
fn the_password_is_compared_byte_by_byte() {
    let mut strict = card();
    expect(&mut strict, &[(JPKI, "9000"), ("00 20 00 9B 06 61 62 63 31 32 33", "63C4")]);
    let mut lenient = switched(|s| s.fold_case = true);
    expect(&mut lenient, &[(JPKI, "9000"), ("00 20 00 9B 06 61 62 63 31 32 33", "9000")]);
}

#[test]
fn a_verified_pin_opens_its_files_and_no_others() {
    let mut card = card();
    expect(&mut card, &[(JPKI, "9000"), (AUTH_PIN, "9000"), ("00 B0 81 00 00", "6982")]);
    expect(&mut card, &[(SIGN_PASSWORD, "9000"), ("00 B0 81 00 00", "3082AABB FFFFFFFF 9000")]);
    let number_b = format!("00 20 00 95 0E {}", hex::encode("55021720352285"));
    expect(
        &mut card,
        &[(TEXT, "9000"), (&number_b, "9000"), ("00 B0 82 00 00", "FF20 9000"), ("00 B0 81 00 00", "6982")],
    );
    expect(&mut card, &[("00 20 00 91 04 35 36 37 38", "9000")]);
    expect(&mut card, &[("00 B0 81 00 00", "FF100C313233343536373839303138 FFFF 9000")]);
}

#[test]
fn leaving_the_application_locks() {
    let mut card = card();
    for away in [TEXT, ISD] {
        expect(&mut card, &[(JPKI, "9000"), (AUTH_PIN, "9000"), ("00 20 00 98", "9000")]);
        expect(&mut card, &[(JPKI, "9000"), ("00 20 00 98", "9000")]); // the same one again changes nothing
        expect(&mut card, &[(away, "9000"), (JPKI, "9000"), ("00 20 00 98", "63C3")]);
    }
}

#[test]
fn reset_keeps_and_power_off_clears() {
    let mut card = card();
    expect(&mut card, &[(JPKI, "9000"), (AUTH_PIN, "9000")]);
    card.reset();
    expect(&mut card, &[("00 20 00 98", "9000")]);
    card.power_off();
    assert_eq!(card.transmit(&[0, 0x20, 0, 0x98]), Err(LinkError::Unpowered));
    card.power_on();
    expect(&mut card, &[("00 20 00 98", "6A82"), (JPKI, "9000"), ("00 20 00 98", "63C3")]);
    card.power_on();
    expect(&mut card, &[("00 20 00 98", "63C3")]);
}

#[test]
fn a_wrong_pin_takes_the_right_one_back() {
    let mut card = card();
    expect(&mut card, &[(JPKI, "9000"), (AUTH_PIN, "9000"), (WRONG_AUTH_PIN, "63C2"), ("00 20 00 98", "63C2")]);
}

#[test]
fn sign_with_the_authentication_key() {
    let mut card = card();
    let hash = hex::encode(Sha256::digest(b"abc"));
    let info = format!("3031300D060960864801650304020105000420{hash}");
    expect(&mut card, &[(JPKI, "9000"), (AUTH_PIN, "9000")]);
    let by_short_identifier = card.transmit(&bytes(&format!("80 2A 00 97 33 {info} 00"))).unwrap();
    verifies(&by_short_identifier, b"abc");
    expect(&mut card, &[("00 A4 02 0C 02 00 17", "9000")]);
    let by_selection = card.transmit(&bytes(&format!("80 2A 00 80 33 {info} 00"))).unwrap();
    assert_eq!(by_selection, by_short_identifier);
    for p1_and_data in [format!("02 97 20 {hash}"), format!("03 97 03 {}", hex::encode("abc"))] {
        assert_eq!(card.transmit(&bytes(&format!("80 2A {p1_and_data} 00"))).unwrap(), by_selection);
    }
    // The other key has the other PIN.
    expect(&mut card, &[(&format!("80 2A 00 9A 33 {info} 00"), "6982"), (SIGN_PASSWORD, "9000")]);
    assert_eq!(card.transmit(&bytes(&format!("80 2A 00 9A 33 {info} 00"))).unwrap().len(), 258);
}

#[test]
fn signature_paddings() {
    let mut card = card();
    expect(&mut card, &[(JPKI, "9000"), (AUTH_PIN, "9000")]);
    let hash: [u8; 32] = Sha256::digest(b"abc").into();
    let public = key().to_public_key();
    // 245 bytes is the most; type 1 padding over the input as it is (card.md §5.1).
    for length in [1, 32, 245] {
        let data = "5A".repeat(length);
        let answer = card.transmit(&bytes(&format!("80 2A 00 97 {length:02X} {data} 00"))).unwrap();
        public.verify(Pkcs1v15Sign::new_unprefixed(), &vec![0x5A; length], &answer[..256]).unwrap();
    }
    expect(&mut card, &[(&format!("80 2A 00 97 F6 {} 00", "5A".repeat(246)), "6985")]);
    expect(&mut card, &[("80 2A 02 97 02 01 02 00", "6985"), ("80 2A 06 97 01 01 00", "6A86")]);
    expect(&mut card, &[("80 2A 00 97 01 01", "6700"), ("80 2A 00 97 01 01 80", "6700"), ("80 2A 00 97 00", "6700")]);
    expect(
        &mut card,
        &[("80 2A 00 98 01 01 00", "6981"), ("80 2A 00 99 01 01 00", "6A82"), ("80 2A 00 00 01 01 00", "6A82")],
    );
    let bare = card.transmit(&bytes(&format!("80 2A 01 97 03 {} 00", hex::encode("abc")))).unwrap();
    public.verify(Pkcs1v15Sign::new_unprefixed(), &hash, &bare[..256]).unwrap();
    for command in
        [format!("80 2A 04 97 20 {} 00", hex::encode(hash)), format!("80 2A 05 97 03 {} 00", hex::encode("abc"))]
    {
        let answer = card.transmit(&bytes(&command)).unwrap();
        public.verify(rsa::Pss::new::<Sha256>(), &hash, &answer[..256]).unwrap();
    }
}

#[test]
fn internal_authenticate_in_the_common_application() {
    let mut card = card();
    expect(&mut card, &[(JPKI, "9000"), ("00 88 00 97 01 61 00", "6982")]);
    expect(&mut card, &[(COMMON, "9000"), ("80 2A 00 99 01 61 00", "6985")]);
    verifies(&card.transmit(&bytes("00 88 00 99 03 61 62 63 00")).unwrap(), b"abc");
}

#[test]
fn records() {
    let mut card = card();
    expect(&mut card, &[(COMMON, "9000"), ("00 A4 02 0C 02 00 01", "9000"), ("00 B0 00 00 00", "6981")]);
    expect(
        &mut card,
        &[("00 B2 01 04 00", "011C30 9000"), ("00 B2 02 0C 00", "0202 9000"), ("00 B2 01 0C 01", "01 9000")],
    );
    expect(&mut card, &[("00 B2 03 04 00", "6A83"), ("00 B2 00 04 00", "6A83"), ("00 B2 01 05 00", "6A86")]);
    expect(&mut card, &[(JPKI, "9000"), ("00 B2 01 34 00", "6981")]);
}

#[test]
fn challenge() {
    let mut card = card();
    let first = tell(&mut card, "00 84 00 00 08");
    assert_eq!(first.len(), 2 * (8 + 2));
    assert_ne!(first, tell(&mut card, "00 84 00 00 08"));
    assert_eq!(tell(&mut card, "00 84 00 00 00").len(), 2 * (256 + 2));
    expect(&mut card, &[("00 84 00 00 00 00 08", "6985"), ("00 84 00 01 08", "6A86"), ("00 84 00 00", "6700")]);
}

#[test]
fn data_objects_of_the_issuer_security_domain() {
    let mut card = card();
    expect(&mut card, &[("00 CA 00 F0 00", "3133313031 9000"), ("00 CA 00 42 00", "6A88"), ("00 CA 00 F8 00", "6700")]);
    assert_eq!(tell(&mut card, "00 CA 00 F8 00 00 00").len(), 2 * (575 + 2));
    expect(&mut card, &[(JPKI, "9000"), ("00 CA 00 F0 00", "6A88")]);
}

#[test]
fn changing_a_secret() {
    let mut card = card();
    let change = "00 24 01 80 04 34 33 32 31";
    expect(&mut card, &[(JPKI, "9000"), (change, "6986"), ("00 A4 02 0C 02 00 18", "9000"), (change, "6982")]);
    expect(
        &mut card,
        &[("00 20 00 80 04 31 32 33 34", "9000"), ("00 24 00 80 04 34 33 32 31", "6A86"), (change, "9000")],
    );
    expect(&mut card, &[(ISD, "9000"), (JPKI, "9000"), (AUTH_PIN, "63C2"), ("00 20 00 98 04 34 33 32 31", "9000")]);
    // 001B of this card is not the holder's to change; 001C of the common application wants its own command.
    expect(&mut card, &[(SIGN_PASSWORD, "9000"), ("00 24 01 80 06 41 42 43 31 32 34", "6985")]);
    let change_key = "80 32 00 80 04 31 31 31 31";
    expect(
        &mut card,
        &[(COMMON, "9000"), ("00 20 00 9C 04 39 30 31 32", "9000"), (change, "6985"), (change_key, "9000")],
    );
    expect(&mut card, &[("00 20 00 9C 04 31 31 31 31", "9000")]);
}

#[test]
fn switches_for_pins() {
    let mut other_word = switched(|s| {
        s.blocked = BlockedStatus::Sw6983;
        s.query_tells_blocked = true;
        s.query_when_verified = QueryAnswer::Counter;
        s.accept_le_on_empty_verify = true;
    });
    expect(
        &mut other_word,
        &[(JPKI, "9000"), (SIGN_PASSWORD, "9000"), ("00 20 00 9B", "63C5"), ("00 20 00 98 00", "63C3")],
    );
    expect(&mut other_word, &[(WRONG_AUTH_PIN, "63C2"), (WRONG_AUTH_PIN, "63C1"), (WRONG_AUTH_PIN, "63C0")]);
    expect(&mut other_word, &[(AUTH_PIN, "6983"), ("00 20 00 98", "6983")]);
}

#[test]
fn switch_first_command() {
    let mut card = switched(|s| s.first_command_6f00 = true);
    expect(&mut card, &[(JPKI, "6F00"), (JPKI, "9000")]);
    card.power_off();
    card.power_on();
    expect(&mut card, &[(AUTH_PIN, "6F00"), (JPKI, "9000"), ("00 20 00 98", "63C3")]);
}

#[test]
fn switch_signing_certificate() {
    for (choice, read, counter) in [
        (SigningCertificate::NotFound, "6A82", "6A82"),
        (SigningCertificate::NotReadable, "6982", "63C0"),
        (SigningCertificate::Filler, "6982", "63C5"),
    ] {
        let mut card = switched(|s| s.signing_certificate = choice);
        expect(&mut card, &[(JPKI, "9000"), ("00 20 00 9B", counter), ("00 B0 81 00 00", read)]);
        expect(&mut card, &[("80 2A 00 9A 01 01 00", "6A82"), (AUTH_PIN, "9000")]);
    }
    let mut filler = switched(|s| s.signing_certificate = SigningCertificate::Filler);
    expect(&mut filler, &[(JPKI, "9000"), (SIGN_PASSWORD, "9000"), ("00 B0 81 00 00", "FFFFFFFFFFFFFFFF 9000")]);
}

#[test]
fn switch_61xx() {
    let mut card = switched(|s| s.answer_61xx = true);
    expect(&mut card, &[(JPKI, "9000"), ("00 B0 86 00 00", "6104"), ("00 C0 00 00 04", "4A504B49 9000")]);
    expect(
        &mut card,
        &[("00 C0 00 00 04", "6985"), ("00 B0 86 00 00", "6104"), ("00 20 00 98", "63C3"), ("00 C0 00 00 04", "6985")],
    );
    expect(&mut card, &[("00 B0 8A 00 00", "6100")]);
    assert_eq!(tell(&mut card, "00 C0 00 00 00").len(), 2 * (256 + 2));
    expect(&mut card, &[("00 B0 8A 00 00 01 02", "6100")]);
    assert!(tell(&mut card, "00 C0 00 00 00").ends_with("6102"));
    assert_eq!(tell(&mut card, "00 C0 00 00 02").len(), 2 * (2 + 2));
}

#[test]
fn switch_6cxx() {
    let mut card = switched(|s| s.answer_6cxx = true);
    expect(&mut card, &[(JPKI, "9000"), ("00 B0 86 00 00", "6C04"), ("00 B0 86 00 04", "4A504B49 9000")]);
    expect(&mut card, &[("00 B0 86 00 02", "4A50 9000"), (AUTH_PIN, "9000"), ("80 2A 00 97 01 01 80", "6C00")]);
}

#[test]
fn switches_for_forms_that_are_refused() {
    let mut card = switched(|switches| switches.refuse_short_identifiers = true);
    expect(&mut card, &[(JPKI, "90 00"), ("00 B0 8A 00 02", "6A 86"), ("00 20 00 98", "6A 86")]);
    expect(&mut card, &[("00 A4 02 0C 02 00 18", "90 00"), ("00 20 00 80", "63 C3")]);
    let mut card = switched(|switches| switches.longest_read = Some(224));
    expect(&mut card, &[(JPKI, "90 00"), ("00 B0 8A 00 00", "67 00"), ("00 B0 8A 00 E1", "67 00")]);
    assert_eq!(tell(&mut card, "00 B0 8A 00 E0").len(), tell(&mut card, "00 B0 00 00 E0").len());
}

#[test]
fn the_link_drops_in_verify() {
    for (drop, left) in [(LinkDrop::Counted, "63C2"), (LinkDrop::NotCounted, "63C3")] {
        let mut card = switched(|s| s.link_drop_in_verify = Some(drop));
        expect(&mut card, &[(JPKI, "9000"), ("00 20 00 98", "63C3")]);
        assert_eq!(card.transmit(&bytes(AUTH_PIN)), Err(LinkError::Dropped));
        assert_eq!(card.transmit(&bytes(JPKI)), Err(LinkError::Unpowered));
        card.power_on();
        expect(&mut card, &[(JPKI, "9000"), ("00 20 00 98", left)]);
        assert_eq!(card.log().len(), 5);
    }
}

#[test]
fn a_card_can_be_pulled_out() {
    let mut card = switched(|s| s.removed_after = Some(2));
    expect(&mut card, &[(JPKI, "9000"), (AUTH_PIN, "9000")]);
    assert_eq!(card.transmit(&bytes("00 20 00 98")), Err(LinkError::Removed));
    card.power_on();
    assert_eq!(card.transmit(&bytes("00 20 00 98")), Err(LinkError::Removed));
    assert!(!card.is_inserted());
    card.insert();
    card.power_on();
    expect(&mut card, &[(JPKI, "9000"), ("00 20 00 98", "63C3"), ("00 20 00 98", "63C3")]);
    card.remove_after(0);
    assert_eq!(card.transmit(&bytes("00 20 00 98")), Err(LinkError::Removed));
}

#[test]
fn files_that_describe_no_card() {
    let good = toml();
    let cases = [
        ("schema = \"honnin-card/1\"", "schema = \"other/1\"", "schema is not honnin-card/1"),
        ("tries = 3\nmaximum = 3\nchange = \"reference_data\"", "tries = 4\nmaximum = 3", "a PIN has at most"),
        ("pin = \"0018\"\nprivate_key", "pin = \"0019\"\nprivate_key", "a key names a PIN that is not there"),
        ("read = [\"001B\"]", "read = [\"001C\"]", "an access rule names a PIN that is not there"),
        ("records = [\"011C30\", \"0202\"]", "", "a file has either content or records"),
        ("size = 600", "size = 40000", "a file or record is too long"),
        ("id = \"0009\"", "id = \"0018\"", "two files of one application share an identifier"),
        ("aid = \"D392F000260100000001\"", "aid = \"D392\"", "an AID has 5 to 16 bytes"),
        ("atr = \"3BE000FF8131FE4514\"", "atr = \"\"", "an ATR has 2 to 33 bytes"),
    ];
    for (from, to, expected) in cases {
        assert!(good.contains(from), "{from}");
        let error = CardFile::parse(&good.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    for (from, to) in
        [("kind = \"plastic\"", "kind = \"wood\""), ("label", "lable"), ("\"001B\"", "\"1B\""), ("4A504B49", "4A5")]
    {
        let error = CardFile::parse(&good.replacen(from, to, 1)).unwrap_err();
        assert!(matches!(error, SimulatorError::Syntax { line } if line > 0), "{error}");
    }
    let mut file = CardFile::parse(good).unwrap();
    file.applications[0].keys[0].private_key = "00".into();
    assert!(SimulatedCard::from_file(file).is_err());
    assert!(matches!(
        SimulatedCard::load(std::path::Path::new("/nowhere/card.toml")),
        Err(SimulatorError::Read { .. })
    ));
}

#[test]
fn written_and_read_again_it_is_the_same_card() {
    let first = CardFile::parse(toml()).unwrap();
    let again = CardFile::parse(&first.to_toml().unwrap()).unwrap();
    assert_eq!(first.to_toml().unwrap(), again.to_toml().unwrap());
    let mut card = SimulatedCard::from_file(again).unwrap();
    assert!(card.is_synthetic());
    assert_eq!(card.atr(), bytes("3BE000FF8131FE4514"));
    expect(&mut card, &[(JPKI, "9000"), ("00 B0 8A 00 04", "30820200 9000")]);
}

#[test]
fn debug_tells_no_secret() {
    let mut card = card();
    expect(&mut card, &[(JPKI, "9000"), (AUTH_PIN, "9000")]);
    let text = format!("{card:?} {:?} {:?}", card.file(), card.file().applications[0].pins);
    for secret in ["1234", "31323334", "ABC123", "PRIVATE"] {
        assert!(!text.contains(secret), "{text}");
    }
}
