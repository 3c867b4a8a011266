//! The certificates of J-LIS test cards: read, typed, verified to their own anchors, and read off a card's file in every way a
//! card can get it wrong.

// The helpers of this target are test code too; clippy only knows functions marked #[test].
#![allow(clippy::unwrap_used)]

use honnin::anchors::{AnchorSet, Generation};
use honnin::certificate::{
    Certificate, CertificateError, CertificateKind, Purpose, announced_length, cut_filler, head,
};
use honnin::reason::Reason;
use honnin::time::UnixTime;
use honnin::validation::{Materials, Parameters, Profile, RevocationRule, RevocationStatus, verify};
use honnin::verdict::{CheckId, Conclusion, Status, Taint};

const LEAF: &[u8] = include_bytes!("../fixtures/certificates/testcard/jpki-auth-cert.der");
const CA: &[u8] = include_bytes!("../fixtures/certificates/testcard/jpki-auth-ca-cert.der");
const CA_2019: &[u8] = include_bytes!("../fixtures/certificates/testcard/jpki-auth-ca-cert-2019.der");

fn certificate(der: &[u8]) -> Certificate {
    Certificate::from_der(der).unwrap()
}

fn at(text: &str) -> UnixTime {
    text.parse().unwrap()
}

#[test]
fn the_test_cards_certificate_has_the_measured_fields() {
    // certificates.md §6
    let leaf = certificate(LEAF);
    assert_eq!((leaf.der().len(), leaf.version()), (1590, 3));
    assert_eq!(leaf.kind(), CertificateKind::UserAuthentication);
    assert!(leaf.claims_test_hierarchy());
    assert_eq!(leaf.serial().expose_hex(), "227b13");
    assert_eq!(leaf.validity().not_before, at("2025-10-27T01:35:42Z"));
    assert_eq!(leaf.validity().not_after, at("2030-02-17T14:59:59Z"));
    assert_eq!(
        leaf.issuer().to_string(),
        "C=JP, O=JPKI-TEST, OU=JPKI for user authentication, OU=Japan Agency for Local Authority Information Systems"
    );
    let extensions = leaf.extensions();
    let usage = extensions.key_usage.unwrap();
    assert!(usage.digital_signature() && !usage.non_repudiation());
    assert_eq!(extensions.ocsp_uris, ["http://test-ocspauthnorm.jpki.go.jp"]);
    assert_eq!(extensions.policies.as_ref().unwrap()[0].cps_uris, ["http://www.jpki.go.jp/cps.html"]);
    assert!(extensions.unknown_critical.is_empty());
    let aki = extensions.authority_key_identifier.as_ref().unwrap();
    assert_eq!(aki.serial.as_ref(), Some(certificate(CA).serial()));
    assert_eq!(aki.key_identifier, certificate(CA).extensions().subject_key_identifier);
    assert_eq!(Generation::of_issuer(&leaf).as_str(), "test-2023");
    assert_eq!(certificate(CA).kind(), CertificateKind::CertificationAuthority);
}

#[test]
fn shown_fields_have_the_keys_of_the_command_line_page() {
    let json = serde_json::to_value(certificate(LEAF).disclose()).unwrap();
    for key in ["kind", "subject", "issuer", "serial", "not_before", "not_after", "public_key", "policies"] {
        assert!(!json[key].is_null(), "{key}");
    }
    assert_eq!(json["kind"], "user_authentication");
    assert_eq!(json["serial"], "227b13");
    assert_eq!(json["subject"], "C=JP, CN=997794E9AGCIEG13221003A");
    assert_eq!(json["not_after"], "2030-02-17T14:59:59Z");
    assert_eq!(json["policies"], serde_json::json!(["1.2.392.200149.8.5.1.0.30"]));
    assert_eq!(json["public_key"], serde_json::json!({"algorithm": "rsa", "bits": 2048}));
    assert!(json.get("attributes").is_none(), "an authentication certificate carries none");
}

#[test]
fn there_are_three_versions() {
    // RFC 5280 §4.1.2.1
    let place = LEAF.windows(5).position(|octets| octets == [0xA0, 3, 2, 1, 2]).unwrap() + 4;
    for written in 0..=u8::MAX {
        let mut der = LEAF.to_vec();
        der[place] = written;
        let read = Certificate::from_der(&der).map(|certificate| certificate.version());
        match written {
            0..=2 => assert_eq!(read, Ok(written + 1)),
            _ => assert!(matches!(read, Err(CertificateError::Der { part: "certificate", .. })), "{written}: {read:?}"),
        }
    }
}

#[test]
fn debug_shows_neither_names_nor_numbers() {
    let leaf = certificate(LEAF);
    let anchors = AnchorSet::jpki_test();
    let parameters = Parameters::new(at("2026-11-22T03:00:00Z"), &anchors).with_revocation(RevocationRule::Skip);
    let validation = verify(&leaf, &Materials::default(), &parameters);
    let shown = format!("{leaf:?} {:?} {validation:?} {:?}", leaf.disclose(), leaf.extensions());
    for secret in ["997794E9AGCIEG", "227b13", "227B13", "34, 123, 19"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn it_verifies_to_its_test_anchor_and_the_result_is_tainted() {
    let leaf = certificate(LEAF);
    let anchors = AnchorSet::jpki_test();
    for profile in [None, Some(Profile::JpkiUserAuthentication), Some(Profile::Rfc5280)] {
        let mut parameters =
            Parameters::new(at("2026-11-22T03:00:00Z"), &anchors).with_revocation(RevocationRule::Skip);
        parameters.profile = profile;
        let validation = verify(&leaf, &Materials::default(), &parameters);
        assert_eq!(validation.verdict.conclusion(), Conclusion::Yes, "{:?}", validation.verdict.checks());
        assert_eq!(validation.verdict.taints, [Taint::TestHierarchy]);
        assert!(validation.verdict.warnings.is_empty(), "{:?}", validation.verdict.warnings);
        assert_eq!(validation.revocation, RevocationStatus::NotChecked);
        let path = validation.path.unwrap();
        assert_eq!(path.end_entity(), &leaf);
        assert_eq!(path.anchor().certificate(), &certificate(CA), "by key: the 2019 CA has the same name");
    }
}

#[test]
fn nothing_else_makes_it_trusted() {
    let leaf = certificate(LEAF);
    let judge = |anchors: &AnchorSet, intermediates: &[Certificate], profile| {
        let parameters = Parameters::new(at("2026-11-22T03:00:00Z"), anchors)
            .with_profile(profile)
            .with_revocation(RevocationRule::Skip);
        verify(&leaf, &Materials { intermediates, ..Materials::default() }, &parameters)
    };
    let failure = |validation: honnin::validation::Validation| {
        assert!(validation.path.is_none());
        match validation.verdict.conclusion() {
            Conclusion::No(reason) => reason,
            other => panic!("{other:?}"),
        }
    };
    let authentication = Profile::JpkiUserAuthentication;
    // A production build never trusts the test hierarchy, and a CA off the card is no anchor (certificates.md §1.4, §1.6).
    assert_eq!(failure(judge(&AnchorSet::jpki(), &[certificate(CA)], authentication)), Reason::IssuerNotTrusted);
    let only_2019 = AnchorSet::none().with_certificate(certificate(CA_2019), Some(Purpose::UserAuthentication));
    assert_eq!(failure(judge(&only_2019, &[certificate(CA)], authentication)), Reason::IssuerNotTrusted);
    // The right CA, trusted for the other purpose.
    let other_purpose = AnchorSet::none().with_certificate(certificate(CA), Some(Purpose::DigitalSignature));
    assert_eq!(failure(judge(&other_purpose, &[], authentication)), Reason::IssuerNotTrusted);
    assert_eq!(
        failure(judge(&AnchorSet::jpki_test(), &[], Profile::JpkiDigitalSignature)),
        Reason::IssuerNotTrusted,
        "an authentication certificate never satisfies a signature check"
    );
}

#[test]
fn required_revocation_without_material_is_undetermined() {
    let anchors = AnchorSet::jpki_test();
    let validation =
        verify(&certificate(LEAF), &Materials::default(), &Parameters::new(at("2026-11-22T03:00:00Z"), &anchors));
    assert_eq!(validation.verdict.conclusion(), Conclusion::Undetermined(Reason::ValidityUnavailable));
    assert!(matches!(validation.revocation, RevocationStatus::Undetermined(_)));
    assert!(validation.path.is_some(), "the path itself holds");
}

#[test]
fn every_check_that_can_run_does_after_one_failed() {
    // cli.md: all run and report even after one failed where that is safe.
    let anchors = AnchorSet::jpki_test();
    let validation =
        verify(&certificate(LEAF), &Materials::default(), &Parameters::new(at("2031-01-01T00:00:00Z"), &anchors));
    let status = |id| validation.verdict.check(id).unwrap().status;
    assert_eq!(status(CheckId::ValidityPeriod), Status::Failed(Reason::CertificateExpired));
    assert_eq!(status(CheckId::Path), Status::Passed);
    assert_eq!(status(CheckId::Revocation), Status::Undetermined(Reason::ValidityUnavailable));
    assert_eq!(validation.verdict.conclusion(), Conclusion::No(Reason::CertificateExpired));
    // No path: revocation would be read from what nobody vouches for.
    let none = AnchorSet::none();
    let validation =
        verify(&certificate(LEAF), &Materials::default(), &Parameters::new(at("2026-11-22T03:00:00Z"), &none));
    assert_eq!(validation.verdict.check(CheckId::Revocation).unwrap().status, Status::NotRun);
    assert_eq!(validation.verdict.check(CheckId::ValidityPeriod).unwrap().status, Status::Passed);
}

#[test]
fn a_card_file_is_der_and_then_filler() {
    let file = |filler: &[u8]| [LEAF, filler].concat();
    for filler in [&[][..], &[0xFF], &[0xFF; 458], &[0x00; 7]] {
        assert_eq!(Certificate::from_elementary_file(&file(filler)).unwrap().der(), LEAF);
    }
    for empty in [&[][..], &[0xFF; 2048], &[0x00; 16], &[0xFF]] {
        assert_eq!(cut_filler(empty), Err(CertificateError::Absent));
        assert_eq!(announced_length(empty), Err(CertificateError::Absent));
    }
    assert_eq!(cut_filler(&file(&[0xFF, 0x30, 0xFF])), Err(CertificateError::TrailingData { bytes: 3 }));
    for garbage in
        [&b"<html>"[..], &[0x6A, 0x82], &[0x31, 0x03, 1, 2, 3], &[0x30, 0x80, 0, 0], &[0x30, 0x84, 0xFF, 0, 0, 0]]
    {
        assert!(Certificate::from_elementary_file(garbage).is_err(), "{garbage:02x?}");
        assert!(announced_length(garbage).is_err(), "{garbage:02x?}");
    }
    assert_eq!(announced_length(&LEAF[..4]), Ok(LEAF.len()));
}

#[test]
fn a_certificate_cut_short_is_told_so_at_every_length() {
    assert_eq!(Certificate::from_der(&[]), Err(CertificateError::Absent));
    for end in 4..LEAF.len() {
        let expected = CertificateError::Truncated { expected: LEAF.len(), found: end };
        assert_eq!(Certificate::from_der(&LEAF[..end]), Err(expected.clone()), "{end}");
        // On the card the rest of the file is filler, or was not read.
        assert!(Certificate::from_elementary_file(&LEAF[..end]).is_err());
        let filled = [&LEAF[..end], &vec![0xFF; LEAF.len() - end]].concat();
        // Inside the last 256 bytes, the signature, only checking the signature can tell.
        assert!(Certificate::from_elementary_file(&filled).is_err() || end >= LEAF.len() - 256, "filled from {end}");
    }
    assert_eq!(Certificate::from_der(&[LEAF, &[0, 0]].concat()), Err(CertificateError::TrailingData { bytes: 2 }));
}

#[test]
fn a_flipped_byte_is_refused_or_fails_the_signature() {
    let anchors = AnchorSet::jpki_test();
    let parameters = Parameters::new(at("2026-11-22T03:00:00Z"), &anchors)
        .with_profile(Profile::JpkiUserAuthentication)
        .with_revocation(RevocationRule::Skip);
    for position in 0..LEAF.len() {
        for mask in [0x01, 0x80] {
            let mut damaged = LEAF.to_vec();
            damaged[position] ^= mask;
            let Ok(certificate) = Certificate::from_der(&damaged) else { continue };
            let validation = verify(&certificate, &Materials::default(), &parameters);
            assert!(validation.path.is_none(), "byte {position}");
            assert!(matches!(validation.verdict.conclusion(), Conclusion::No(_)), "byte {position}");
        }
    }
}

#[test]
fn the_first_bytes_tell_serial_and_validity() {
    let whole = certificate(LEAF);
    for length in [256, 300, LEAF.len()] {
        let head = head(&LEAF[..length]).unwrap();
        assert_eq!((&head.serial, head.validity, head.length), (whole.serial(), Some(whole.validity()), LEAF.len()));
    }
    for end in 0..256 {
        // Any cut: an error, or what was there, never something else.
        if let Ok(head) = head(&LEAF[..end]) {
            assert_eq!(&head.serial, whole.serial());
            assert!(head.validity.is_none_or(|validity| validity == whole.validity()), "{end}");
        }
    }
    assert_eq!(head(&[0xFF; 256]), Err(CertificateError::Absent));
    assert_eq!(Generation::of_ca_head(&head(&CA[..256]).unwrap()), Generation::Test2023);
    assert_eq!(Generation::of_ca_head(&head(&CA_2019[..32]).unwrap()), Generation::Test2019);
    assert_eq!(Generation::of_ca_head(&head(&LEAF[..256]).unwrap()), Generation::Unknown);
}

#[test]
fn a_pem_file_may_hold_several_and_other_things() {
    let (leaf, ca) = (certificate(LEAF), certificate(CA));
    let text = format!(
        "note: test card\n{}\n-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n{}",
        leaf.to_pem(),
        ca.to_pem()
    );
    assert_eq!(Certificate::from_der_or_pem(text.as_bytes()), Ok(vec![leaf.clone(), ca]));
    assert_eq!(Certificate::from_der_or_pem(text.replace('\n', "\r\n").as_bytes()).map(|all| all.len()), Ok(2));
    assert_eq!(Certificate::from_der_or_pem(LEAF), Ok(vec![leaf.clone()]));
    for bad in [
        "hello".to_owned(),
        "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n".to_owned(),
        leaf.to_pem().replace("-----END", "-----AND"),
        leaf.to_pem().replacen("MII", "***", 1),
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n".to_owned(),
    ] {
        let error = Certificate::from_der_or_pem(bad.as_bytes()).unwrap_err();
        assert_eq!(error.reason().exit(), 30, "{bad:.40}");
    }
}
