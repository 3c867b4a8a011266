//! What is issued, judged by openssl and by the simulated card; nothing of our own certificate reading is used.

use super::*;
use crate::simulator::{CardFile, SigningCertificate, SimulatedCard};
use crate::time::{UnixTime, Validity};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const JPKI: &str = "00A4040C0AD392F000260100000001";
const TEXT: &str = "00A4040C0AD3921000310001010408";

fn at() -> UnixTime {
    "2026-11-22T03:00:00Z".parse().unwrap()
}

fn adult() -> &'static Issued {
    static ADULT: OnceLock<Issued> = OnceLock::new();
    ADULT.get_or_init(|| create(Persona::Adult, at(), &mut rand_core::OsRng).unwrap())
}

fn tell(card: &mut SimulatedCard, command: &str) -> String {
    hex::encode_upper(card.transmit(&hex::decode(command).unwrap()).unwrap())
}

/// Says so by name when openssl is not there, so that nobody takes silence for success; in CI it must be there.
fn openssl_is_missing(test: &str) -> bool {
    let missing = Command::new("openssl").arg("version").output().is_err();
    if missing {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "openssl is needed for {test}");
        eprintln!("SKIPPED authority::tests::{test}: openssl is not installed");
    }
    missing
}

fn openssl(arguments: &[&str]) -> (bool, String) {
    let output = Command::new("openssl").args(arguments).output().unwrap();
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    (output.status.success(), text)
}

fn pem(dir: &Path, name: &str, kind: &str, der: &[u8]) -> String {
    let (binary, text) = (dir.join(format!("{name}.der")), dir.join(format!("{name}.pem")));
    std::fs::write(&binary, der).unwrap();
    let (binary, text) = (binary.to_str().unwrap().to_owned(), text.to_str().unwrap().to_owned());
    let (done, said) = openssl(&[kind, "-inform", "DER", "-in", &binary, "-out", &text]);
    assert!(done, "{said}");
    text
}

/// `openssl verify` with a list, at an instant.
fn openssl_verify(ca: &[u8], crl: &[u8], leaf: &[u8], at: UnixTime) -> (bool, String) {
    let dir = tempfile::tempdir().unwrap();
    let ca = pem(dir.path(), "ca", "x509", ca);
    let crl = pem(dir.path(), "crl", "crl", crl);
    let leaf = pem(dir.path(), "leaf", "x509", leaf);
    let at = at.seconds().to_string();
    openssl(&["verify", "-x509_strict", "-crl_check", "-attime", &at, "-CAfile", &ca, "-CRLfile", &crl, &leaf])
}

fn signing(issued: &Issued) -> &IssuedCertificate {
    issued.digital_signature_certificate.as_ref().unwrap()
}

#[test]
fn openssl_accepts_what_is_issued() {
    if openssl_is_missing("openssl_accepts_what_is_issued") {
        return;
    }
    let issued = adult();
    for (authority, crl, leaf) in [
        (&issued.digital_signature_ca, &issued.digital_signature_crl, &signing(issued).der),
        (&issued.user_authentication_ca, &issued.user_authentication_crl, &issued.user_authentication_certificate.der),
    ] {
        let (accepted, said) = openssl_verify(authority.certificate(), crl, leaf, at());
        assert!(accepted, "{said}");
        let (accepted, said) = openssl_verify(authority.certificate(), crl, leaf, at().plus_seconds(3 * 86_400));
        assert!(!accepted && said.contains("CRL has expired"), "{said}");
    }
    let (accepted, said) = openssl_verify(
        issued.user_authentication_ca.certificate(),
        &issued.user_authentication_crl,
        &signing(issued).der,
        at(),
    );
    assert!(!accepted, "the other authority did not issue it: {said}");
}

#[test]
fn openssl_finds_the_serial_on_a_list_made_later() {
    if openssl_is_missing("openssl_finds_the_serial_on_a_list_made_later") {
        return;
    }
    let issued = adult();
    let entry = RevokedEntry {
        serial: signing(issued).serial,
        at: at().plus_seconds(-60),
        reason: Some(RevocationReason::AffiliationChanged),
    };
    let authority = &issued.digital_signature_ca;
    let scope = Some(&issued.holder.municipality);
    let list = authority.revocation_list(at(), at().plus_seconds(86_400), &[entry], scope).unwrap();
    let (accepted, said) = openssl_verify(authority.certificate(), &list, &signing(issued).der, at());
    assert!(!accepted && said.contains("certificate revoked"), "{said}");
    // The neighbour's list does not cover this certificate.
    let elsewhere = Municipality { name: "Minato-ku".into(), ..Municipality::chiyoda() };
    let list = authority.revocation_list(at(), at().plus_seconds(86_400), &[], Some(&elsewhere)).unwrap();
    let (accepted, said) = openssl_verify(authority.certificate(), &list, &signing(issued).der, at());
    assert!(!accepted && said.contains("different CRL scope"), "{said}");
}

#[test]
fn openssl_reads_the_profile_of_certificates_md_6() {
    if openssl_is_missing("openssl_reads_the_profile_of_certificates_md_6") {
        return;
    }
    let issued = adult();
    let dir = tempfile::tempdir().unwrap();
    let text = |name: &str, der: &[u8]| {
        let file = pem(dir.path(), name, "x509", der);
        openssl(&["x509", "-in", &file, "-noout", "-text", "-nameopt", "utf8,sep_comma_plus_space"]).1
    };
    let in_order = |text: &str, parts: &[&str]| {
        let mut rest = text;
        for part in parts {
            let at = rest.find(part).unwrap_or_else(|| panic!("no {part:?} at its place in\n{text}"));
            rest = &rest[at + part.len()..];
        }
    };
    in_order(
        &text("signing", &signing(issued).der),
        &[
            "Version: 3",
            "sha256WithRSAEncryption",
            "C=JP, O=JPKI-SYNTHETIC, OU=JPKI for digital signature, OU=Japan Agency for Local Authority",
            "Not Before: Nov 22 03:00:00 2025 GMT",
            "Not After : Feb 17 14:59:59 2030 GMT",
            "Subject: C=JP, L=Tokyo-to, L=Chiyoda-ku, CN=20251122090000TEST",
            "Key Usage: critical",
            "Digital Signature, Non Repudiation",
            "Subject Alternative Name: \n",
            "8.5.5.1::見本　太郎",
            "8.5.5.4::319800217",
            "8.5.5.3::1",
            "8.5.5.5::東京都千代田区見本町１－２－３",
            "8.5.5.2::00000,",
            "8.5.5.6::000000000000000\n",
            "Certificate Policies: critical",
            "1.2.392.200149.8.5.1.0.20",
            "Issuer Alternative Name: \n",
            "CRL Distribution Points: \n",
            "OU = CRL Distribution Points, OU = Tokyo-to, CN = Chiyoda-ku CRLDP",
            "Authority Key Identifier: \n",
            "DirName:",
            "serial:",
            "Subject Key Identifier: \n",
        ],
    );
    let authentication = text("authentication", &issued.user_authentication_certificate.der);
    in_order(
        &authentication,
        &[
            "OU=JPKI for user authentication",
            "Subject: C=JP, CN=TEST",
            "Key Usage: critical",
            "Digital Signature\n",
            "Extended Key Usage: \n",
            "TLS Web Client Authentication",
            "Certificate Policies: critical",
            "1.2.392.200149.8.5.1.0.30",
            "Issuer Alternative Name: \n",
            "CRL Distribution Points: \n",
            "Authority Information Access: \n",
            "OCSP - URI:http://ocsp.invalid/",
            "Authority Key Identifier: \n",
            "Subject Key Identifier: \n",
        ],
    );
    assert!(!authentication.contains("Subject Alternative Name"), "{authentication}");
    let ca = text("ca", issued.digital_signature_ca.certificate());
    in_order(
        &ca,
        &[
            "Not After : Nov 20 14:59:59 2034 GMT",
            "Key Usage: critical",
            "Certificate Sign, CRL Sign",
            "Subject Alternative Name: \n",
            "Basic Constraints: critical",
            "CA:TRUE\n",
            "CRL Distribution Points: \n",
            "Subject Key Identifier: \n",
        ],
    );
    for absent in ["Authority Key Identifier", "Certificate Policies", "Authority Information Access"] {
        assert!(!ca.contains(absent), "{ca}");
    }
}

#[test]
fn openssl_reads_the_list() {
    if openssl_is_missing("openssl_reads_the_list") {
        return;
    }
    let issued = adult();
    let dir = tempfile::tempdir().unwrap();
    let authority = &issued.user_authentication_ca;
    let reasons = [
        (Some(RevocationReason::Unspecified), "Unspecified"),
        (Some(RevocationReason::KeyCompromise), "Key Compromise"),
        (Some(RevocationReason::CaCompromise), "CA Compromise"),
        (Some(RevocationReason::AffiliationChanged), "Affiliation Changed"),
        (Some(RevocationReason::Superseded), "Superseded"),
        (Some(RevocationReason::CessationOfOperation), "Cessation Of Operation"),
        (Some(RevocationReason::CertificateHold), "Certificate Hold"),
        (None, ""),
    ];
    let entries: Vec<_> = (0xFE_u64..)
        .zip(reasons)
        .map(|(serial, (reason, _))| RevokedEntry { serial, at: at().plus_seconds(-86_400), reason })
        .collect();
    let list =
        authority.revocation_list(at(), at().plus_seconds(86_400), &entries, Some(&Municipality::chiyoda())).unwrap();
    let file = pem(dir.path(), "list", "crl", &list);
    let (_, text) = openssl(&["crl", "-in", &file, "-noout", "-text"]);
    for part in ["Version 2", "CRL Number", "1795316400", "Issuing Distribution Point: critical", "Chiyoda-ku CRLDP"] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    for (_, word) in reasons {
        assert!(text.contains(word), "no {word} in\n{text}");
    }
    assert!(text.contains("Serial Number: FE\n") && text.contains("Serial Number: 0100\n"), "{text}");
    let whole = authority.revocation_list(at(), at().plus_seconds(86_400), &[], None).unwrap();
    let file = pem(dir.path(), "whole", "crl", &whole);
    let (_, text) = openssl(&["crl", "-in", &file, "-noout", "-text"]);
    assert!(text.contains("No Revoked Certificates") && !text.contains("Issuing Distribution Point"), "{text}");
}

#[test]
fn certificates_have_the_lengths_of_real_ones() {
    // Exchanges are counted elsewhere: 7 short reads each, as 1590 and 1758 bytes need (card.md §11).
    let issued = adult();
    for der in [&signing(issued).der, &issued.user_authentication_certificate.der] {
        assert!((1537..=1792).contains(&der.len()), "{}", der.len());
        let length = u16::from_be_bytes([der[2], der[3]]);
        assert_eq!((der[0], der[1], usize::from(length) + 4), (0x30, 0x82, der.len()));
    }
}

#[test]
fn serials_can_be_chosen() {
    let issued = adult();
    let mut authority = issued.user_authentication_ca.clone();
    authority.start_serials_at(0x1EE607);
    let key = rsa::RsaPublicKey::new(rsa::BigUint::from_bytes_be(&[0xC5; 256]), 65_537_u32.into()).unwrap();
    let key = rsa::pkcs8::EncodePublicKey::to_public_key_der(&key).unwrap();
    let validity = Validity { not_before: at(), not_after: at().plus_seconds(60) };
    let first = authority.issue(&issued.holder, key.as_bytes(), validity).unwrap();
    let second = authority.issue(&issued.holder, key.as_bytes(), validity).unwrap();
    assert_eq!((first.serial, second.serial), (0x1EE607, 0x1EE608));
    assert!(first.der.windows(5).any(|part| part == [0x02, 0x03, 0x1E, 0xE6, 0x07]));
    assert!(authority.issue(&issued.holder, b"no key", validity).is_err());
    let before = UnixTime::from_seconds(-1);
    assert!(authority.revocation_list(before, at(), &[], None).is_err());
}

#[test]
fn the_adult_card_answers_with_its_own_data() {
    let issued = adult();
    let mut card = SimulatedCard::from_file(issued.card.clone()).unwrap();
    assert!(card.is_synthetic());
    assert_eq!(card.atr(), DEFAULT_ATR);
    for (command, answer) in [
        (JPKI, "9000"),
        ("0020009B", "63C5"),
        ("00B0880000", "8F8F009000"),
        ("0020009B06414243313233", "9000"),
        (TEXT, "9000"),
        ("002000910435363738", "9000"),
        // The worked example of card.md §6.3.
        (
            "00B082005F",
            "FF205CDF2108000E00200050005B\
             DF220FE8A68BE69CACE38080E5A4AAE9838E\
             DF232DE69DB1E4BAACE983BDE58D83E4BBA3E794B0E58CBAE8A68BE69CACE794BAEFBC91EFBC8DEFBC92EFBC8DEFBC93\
             DF24083139383030323137DF2501319000",
        ),
        ("00200094", "63CA"),
        ("00200095", "63CA"),
        ("00200092", "63C0"),
        ("00A4040C0AD3921000310001010402", "9000"),
        ("00200091", "63CA"),
        ("00200092", "63CA"),
        ("00200093", "63CA"),
        // 照合番号B of card.md §4.1, for a card that ends in 2030.
        (&format!("002000920E{}", hex::encode("55021720302285")), "9000"),
        ("00A4040C0AD3921000310001010100", "9000"),
        ("00B2010C00", &format!("011C{}9000", hex::encode("9000000000000171310120300217").to_uppercase())),
    ] {
        assert_eq!(tell(&mut card, command), answer, "{command}");
    }
    assert_eq!(tell(&mut card, JPKI), "9000");
    let token = tell(&mut card, "00B08600A0");
    assert_eq!(token.len(), 2 * (160 + 2));
    assert!(token.starts_with(&hex::encode_upper("JPKIAPICCTOKEN2                 000000000000000000000000000")));
    for (command, der) in [
        ("00B08200000000", issued.digital_signature_ca.certificate()),
        ("00B08A00000000", &*issued.user_authentication_certificate.der),
        ("00B08B00000000", issued.user_authentication_ca.certificate()),
    ] {
        let answer = card.transmit(&hex::decode(command).unwrap()).unwrap();
        assert_eq!(answer.len(), 2048 + 2);
        assert_eq!(&answer[..der.len()], der);
        assert!(answer[der.len()..2048].iter().all(|byte| *byte == 0xFF));
    }
}

#[test]
fn the_card_signs_with_the_certified_key() {
    if openssl_is_missing("the_card_signs_with_the_certified_key") {
        return;
    }
    let issued = adult();
    let mut card = SimulatedCard::from_file(issued.card.clone()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("message"), b"abc").unwrap();
    let hash = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"; // FIPS 180-2 appendix B.1
    assert_eq!(tell(&mut card, JPKI), "9000");
    assert_eq!(tell(&mut card, "002000980431323334"), "9000");
    assert_eq!(tell(&mut card, "0020009B06414243313233"), "9000");
    for (key, der) in [("97", &issued.user_authentication_certificate.der), ("9A", &signing(issued).der)] {
        let command = format!("802A00{key}333031300D060960864801650304020105000420{hash}00");
        let answer = card.transmit(&hex::decode(command).unwrap()).unwrap();
        std::fs::write(path("signature"), &answer[..256]).unwrap();
        let certificate = pem(dir.path(), key, "x509", der);
        let (_, public) = openssl(&["x509", "-in", &certificate, "-noout", "-pubkey"]);
        std::fs::write(path("public"), public).unwrap();
        let (good, said) = openssl(&[
            "dgst",
            "-sha256",
            "-verify",
            &path("public"),
            "-signature",
            &path("signature"),
            &path("message"),
        ]);
        assert!(good, "{said}");
    }
}

#[test]
fn personas_are_what_their_names_say() {
    for persona in Persona::ALL {
        assert_eq!(persona.to_string().parse(), Ok(persona));
    }
    assert_eq!("adults".parse::<Persona>(), Err(UnknownPersona));

    let make = |persona| create(persona, at(), &mut rand_core::OsRng).unwrap();
    let child = make(Persona::Child);
    assert_eq!(child.card.switches.signing_certificate, SigningCertificate::NotFound);
    assert!(child.digital_signature_certificate.is_none() && child.facts.certificates.digital_signature.is_none());
    let mut card = SimulatedCard::from_file(child.card).unwrap();
    for (command, answer) in [
        (JPKI, "9000"),
        ("00B0880000", "008F009000"),
        ("00B0810000", "6A82"),
        ("0020009B", "6A82"),
        ("00200098", "63C3"),
    ] {
        assert_eq!(tell(&mut card, command), answer, "{command}");
    }

    let expired = make(Persona::Expired);
    let dates = &expired.facts.certificates.user_authentication;
    assert_eq!(dates.not_after.to_string(), "2025-02-17T14:59:59Z");
    assert!(dates.not_before < dates.not_after && dates.not_after < at());

    let revoked = make(Persona::Revoked);
    let facts = revoked.facts.certificates.digital_signature.as_ref().unwrap();
    assert_eq!(facts.revocation_reason, Some("affiliation_changed"));
    assert_eq!(facts.serial, format!("{:08x}", signing(&revoked).serial));
    if !openssl_is_missing("personas_are_what_their_names_say") {
        for (authority, crl, leaf) in [
            (&revoked.digital_signature_ca, &revoked.digital_signature_crl, &signing(&revoked).der),
            (
                &revoked.user_authentication_ca,
                &revoked.user_authentication_crl,
                &revoked.user_authentication_certificate.der,
            ),
        ] {
            let (accepted, said) = openssl_verify(authority.certificate(), crl, leaf, at());
            assert!(!accepted && said.contains("certificate revoked"), "{said}");
        }
    }

    for (persona, auth, sign, text) in
        [(Persona::Blocked, "63C0", "63C0", "63C0"), (Persona::OneTryLeft, "63C1", "63C1", "63C1")]
    {
        let mut card = SimulatedCard::from_file(make(persona).card).unwrap();
        for (command, answer) in
            [(JPKI, "9000"), ("00200098", auth), ("0020009B", sign), (TEXT, "9000"), ("00200091", text)]
        {
            assert_eq!(tell(&mut card, command), answer, "{persona} {command}");
        }
    }
}

#[test]
fn written_to_a_folder_as_cli_md_names_it() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("new");
    write(adult(), &dir).unwrap();
    std::fs::write(dir.join("card.toml.state"), "from another card").unwrap();
    write(adult(), &dir).unwrap();
    let mut names: Vec<_> =
        std::fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(
        names,
        [
            "card-verifiable-keys.json",
            "card.toml",
            "digital-signature-ca.der",
            "digital-signature.crl",
            "persona.json",
            "user-authentication-ca.der",
            "user-authentication.crl"
        ]
    );
    let facts: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(dir.join("persona.json")).unwrap()).unwrap();
    assert_eq!(facts["secrets"]["digital_signature"], "ABC123");
    assert_eq!(facts["tries"]["input_support"], 3);
    assert_eq!(facts["attributes"]["birthdate"], "1980-02-17");
    assert_eq!(facts["certificates"]["user_authentication"]["not_after"], "2030-02-17T14:59:59Z");
    assert_eq!(facts["certificates"]["user_authentication"]["revoked_at"], serde_json::Value::Null);
    let mut card = SimulatedCard::load(&dir.join("card.toml")).unwrap();
    assert_eq!(tell(&mut card, JPKI), "9000");
    let error = write(adult(), Path::new("/proc/nowhere")).unwrap_err();
    assert!(matches!(error, AuthorityError::Write { .. }), "{error}");
}

#[test]
fn debug_tells_nobody() {
    let issued = adult();
    let text = format!("{issued:?}");
    for secret in
        ["見本", "ABC123", "1980", &format!("{:X}", signing(issued).serial), &signing(issued).serial.to_string()]
    {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

/// Selects, presents a secret and reads a file of at most 32 KB, in bytes typed here.
fn file_of(card: &mut SimulatedCard, select: &str, verify: &str, short_identifier: u8) -> Vec<u8> {
    assert_eq!(tell(card, select), "9000");
    assert_eq!(tell(card, verify), "9000");
    let mut file = card.transmit(&[0x00, 0xB0, 0x80 | short_identifier, 0, 0, 0, 0]).unwrap();
    assert_eq!(file.split_off(file.len() - 2), [0x90, 0x00]);
    file
}

const SURFACE: &str = "00A4040C0AD3921000310001010402";

#[test]
fn the_card_face_is_signed_as_on_the_test_card_of_card_md() {
    // card.md §§6.4, 7.2; the offsets were checked against a real test card's files.
    use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey};
    use sha2::{Digest as _, Sha256};
    let issued = adult();
    let key = |bytes: &[u8]| RsaPublicKey::new(BigUint::from_bytes_be(bytes), 65_537_u32.into()).unwrap();
    let holds = |key: &RsaPublicKey, bytes: &[u8], signature: &[u8]| {
        key.verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(bytes), signature).unwrap();
    };
    let keys: serde_json::Value = serde_json::from_str(&issued.card_verifiable.authority_keys()).unwrap();
    let ca = key(&hex::decode(keys["keys"][0]["modulus"].as_str().unwrap()).unwrap());
    let mut card = SimulatedCard::from_file(issued.card.clone()).unwrap();

    let pin = "002000910435363738";
    let number = file_of(&mut card, TEXT, pin, 0x01);
    let attributes = file_of(&mut card, TEXT, pin, 0x02);
    let record = file_of(&mut card, TEXT, pin, 0x03);
    let certificate = file_of(&mut card, TEXT, pin, 0x04);
    let lengths = [&number, &record, &certificate].map(Vec::len);
    assert_eq!(lengths, [17, 336, 568]);
    for (short_identifier, length) in [(0x05, 164), (0x06, 269), (0x07, 536), (0x08, 16)] {
        assert_eq!(file_of(&mut card, TEXT, pin, short_identifier).len(), length, "{short_identifier}");
    }
    assert!(certificate[10..].starts_with(b"9000033\x08\x05001\0\0\0\0"));
    holds(&ca, &certificate[10..307], &certificate[312..]);
    let signer = key(&certificate[51..307]);
    assert_eq!(record[8..40], Sha256::digest(&number)[..]);
    assert_eq!(record[43..75], Sha256::digest(&attributes[14..95])[..]);
    holds(&signer, &record[5..75], &record[80..]);

    let number_b = format!("002000920E{}", hex::encode("55021720302285"));
    let face = file_of(&mut card, SURFACE, &number_b, 0x02);
    let at: Vec<usize> = (0..9).map(|n| usize::from(u16::from_be_bytes([face[8 + 2 * n], face[9 + 2 * n]]))).collect();
    assert_eq!(at[..4], [0x1A, 0x25, 0x29, 0x137], "as far as lengths are fixed");
    assert_eq!(&face[at[6]..at[6] + 5], [0xDF, 0x28, 0x82, 0x01, 0x00]);
    let digest = |from: usize, to: usize| Sha256::digest(&face[at[from]..at[to]]).to_vec();
    let info = hex::decode("3071300d060960864801650304020105000460").unwrap();
    let info = [info, digest(0, 3), digest(3, 5), digest(5, 6)].concat();
    signer.verify(Pkcs1v15Sign::new_unprefixed(), &info, &face[at[6] + 5..at[7]]).unwrap();
    assert!(face[at[5] + 5..].starts_with(b"\0\0\0\x0cjP  "), "JPEG 2000");
    let birth_date = file_of(&mut card, SURFACE, "0020009106353530323137", 0x01);
    assert_eq!(birth_date.len(), 547);
    for (short_identifier, length) in [(0x03, 320), (0x04, 568), (0x06, 16)] {
        assert_eq!(file_of(&mut card, SURFACE, &number_b, short_identifier).len(), length, "{short_identifier}");
    }
    assert_eq!(tell(&mut card, "00B08500000000"), "6982", "the picture of the number opens with A only");
}

#[test]
fn personas_of_other_kinds_of_card() {
    let make = |persona| SimulatedCard::from_file(create(persona, at(), &mut rand_core::OsRng).unwrap().card).unwrap();
    let label = |text: &str| format!("{}9000", hex::encode_upper(text));
    for (persona, name, certificate, text_application) in [
        (Persona::Android, "JPKIAPGPSETOKEN ", "6982", "6A82"),
        (Persona::Iphone, "JPKIAPIOSTOKEN  ", "6982", "6A82"),
        (Persona::ResidentCard, "JPKIAPICCTOKEN  ", "30829000", "6A82"),
        (Persona::FaceAuthentication, "JPKIAPICCTOKEN2 ", "30829000", "9000"),
    ] {
        let mut card = make(persona);
        assert_eq!(tell(&mut card, JPKI), "9000");
        assert_eq!(tell(&mut card, "00B0860010"), label(name), "{persona}");
        assert_eq!(tell(&mut card, "00B08A0002"), certificate, "{persona}");
        assert_eq!(tell(&mut card, TEXT), text_application, "{persona}");
        if persona == Persona::FaceAuthentication {
            assert_eq!(tell(&mut card, "00200091"), "63C0");
            assert_eq!(tell(&mut card, JPKI), "9000");
            assert_eq!((tell(&mut card, "00200098"), tell(&mut card, "0020009B")), ("63C0".into(), "6A82".into()));
        }
    }
}

#[test]
fn personas_with_odd_names() {
    let make = |persona| create(persona, at(), &mut rand_core::OsRng).unwrap();
    let longest = make(Persona::LongestAddress);
    let mut card = SimulatedCard::from_file(longest.card).unwrap();
    let file = file_of(&mut card, TEXT, "002000910435363738", 0x02);
    assert!(file.len() > 256 && file.starts_with(&[0xFF, 0x20, 0x82]), "{} bytes", file.len());
    for (persona, flags) in [(Persona::SubstituteCharacters, "00010"), (Persona::ForeignResident, "000000000000000000")]
    {
        let issued = make(persona);
        let der = &signing(&issued).der;
        let has = |text: &str| der.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(has(&issued.holder.name) && has(flags), "{persona}");
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cards")
}

const KEPT: [Persona; 4] = [Persona::Adult, Persona::Child, Persona::Blocked, Persona::OneTryLeft];

#[test]
fn fixture_cards_open() {
    for persona in KEPT {
        let file = CardFile::read(&fixtures().join(format!("{persona}.toml"))).unwrap();
        assert_eq!(file.persona.name.as_deref(), Some(persona.name()));
        let mut card = SimulatedCard::from_file(file).unwrap();
        assert!(card.is_synthetic());
        assert_eq!(tell(&mut card, JPKI), "9000");
        let counter = match persona {
            Persona::Blocked => "63C0",
            Persona::OneTryLeft => "63C1",
            _ => "63C3",
        };
        assert_eq!(tell(&mut card, "00200098"), counter, "{persona}");
        assert!(tell(&mut card, "00B08A0004").starts_with("308206"), "{persona}");
        let facts = std::fs::read_to_string(fixtures().join(format!("{persona}.json"))).unwrap();
        let facts: serde_json::Value = serde_json::from_str(&facts).unwrap();
        assert_eq!(facts["persona"], persona.name());
    }
}

#[test]
#[ignore = "makes fixtures/cards anew, with new keys"]
fn remake_fixture_cards() {
    for persona in KEPT {
        let dir = tempfile::tempdir().unwrap();
        write(&create(persona, at(), &mut rand_core::OsRng).unwrap(), dir.path()).unwrap();
        for (from, to) in [
            ("card.toml", "toml"),
            ("persona.json", "json"),
            ("digital-signature-ca.der", "digital-signature-ca.der"),
            ("user-authentication-ca.der", "user-authentication-ca.der"),
        ] {
            std::fs::copy(dir.path().join(from), fixtures().join(format!("{persona}.{to}"))).unwrap();
        }
    }
}
