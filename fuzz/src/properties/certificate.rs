//! Certificates: DER, PEM, with filler behind, and only their beginning.

use super::{element, is_safe, lies_in};
use honnin::anchors::AnchorSet;
use honnin::certificate::{BasicAttributes, Certificate, MAXIMUM_LENGTH, head};
use honnin::validation::{Materials, Parameters, Profile, RevocationRule, verify};
use honnin::verdict::Conclusion;
use std::sync::LazyLock;

/// A certificate of a test card, good under the test anchors: the one document here that may be believed.
static GENUINE: &[u8] = include_bytes!("../../../fixtures/certificates/testcard/jpki-auth-cert.der");

static ANCHORS: LazyLock<AnchorSet> = LazyLock::new(AnchorSet::jpki_test);

pub fn hold(data: &[u8]) {
    let beginning = head(&data[..data.len().min(256)]);
    let _ = Certificate::from_der_or_pem(data);
    let Ok(certificate) = Certificate::from_der(data) else { return };

    assert!(data.len() <= MAXIMUM_LENGTH);
    assert_eq!(certificate.der(), data);
    for part in [certificate.tbs(), certificate.signature(), certificate.spki_der(), certificate.public_key_bits()] {
        assert!(lies_in(part, certificate.der()));
    }
    // A reader that shares no code with ours finds the same.
    assert_eq!(certificate.second_reading(), Ok(()));
    // What was read is all there is: written again from its parts it is the same.
    let algorithm = {
        let after = certificate.tbs().as_ptr_range().end as usize - certificate.der().as_ptr() as usize;
        let rest = &data[after..];
        &rest[..2 + usize::from(rest[1])]
    };
    let signature = element(3, &[&[0], certificate.signature()].concat());
    if algorithm[1] < 0x80 {
        assert_eq!(element(0x30, &[certificate.tbs(), algorithm, &signature].concat()), data);
    }

    assert_eq!(
        Certificate::from_der_or_pem(certificate.to_pem().as_bytes()).as_deref(),
        Ok(&[certificate.clone()][..])
    );
    let file = [data, &[0xFF; 7][..], &[0; 3]].concat();
    assert_eq!(Certificate::from_elementary_file(&file).as_ref(), Ok(&certificate));
    // What a status display shows is what the whole certificate says.
    if let Ok(beginning) = beginning {
        assert_eq!(beginning.length, data.len());
        assert_eq!(beginning.serial, *certificate.serial());
        assert!(beginning.validity.is_none_or(|validity| validity == certificate.validity()));
    }
    if let Ok(other) = <x509_cert::Certificate as x509_cert::der::Decode>::from_der(data) {
        assert_eq!(other.tbs_certificate.serial_number.as_bytes(), certificate.serial().expose_bytes());
        let length = |oid: &str| {
            other.tbs_certificate.extensions.iter().flatten().filter(|e| e.extn_id.to_string() == oid).count()
        };
        assert_eq!(usize::from(certificate.extensions().key_usage.is_some()), length("2.5.29.15"));
    }

    assert!(is_safe(&certificate.subject().to_string()) && is_safe(&certificate.issuer().to_string()));
    assert!(certificate.subject() == certificate.subject() && certificate.issuer() == certificate.issuer());
    // The holder's own texts are data, and leave as they are: who prints them makes them safe (src/cli/output/safe.rs).
    let mut shown = certificate.disclose();
    shown.attributes = None;
    assert!(is_safe(&serde_json::to_string(&shown).expect("a report")));
    if let Some(attributes) = BasicAttributes::of(&certificate) {
        assert!(!format!("{attributes:?}").contains('\u{1b}'));
    }
    let debugged = format!("{certificate:?}");
    assert!(debugged.ends_with("redacted)"), "{debugged}");

    // Nobody but the issuer makes a certificate that holds.
    let at = "2026-11-22T03:00:00Z".parse().expect("an instant");
    for profile in [Profile::Rfc5280, Profile::JpkiDigitalSignature, Profile::JpkiUserAuthentication] {
        let parameters = Parameters::new(at, &ANCHORS).with_profile(profile).with_revocation(RevocationRule::Skip);
        let validation = verify(&certificate, &Materials::default(), &parameters);
        let genuine = data == GENUINE || ANCHORS.for_purpose(None).any(|anchor| anchor.certificate() == &certificate);
        assert!(genuine || validation.verdict.conclusion() != Conclusion::Yes, "{profile}: believed");
        assert!(genuine || validation.path.is_none(), "{profile}: a path");
    }
}
