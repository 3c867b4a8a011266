//! What we write, read by the `cms` crate; what we refuse, built with it.

use super::signer::{PERSON, namesake_certificate, person, weak_certificate};
use crate::proof::{Mismatch, Placement, ProofError, SignedStatement, SigningRequest};
use crate::reason::Reason;
use crate::time::UnixTime;
use cms::cert::CertificateChoices;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{CertificateSet, SignedData, SignerInfo, SignerInfos};
use const_oid::ObjectIdentifier;
use der::asn1::{Any, OctetString, SetOfVec};
use der::{Decode as _, Encode as _};

const CONTENT: &[u8] = "現金口座をマネー口座に変更します。CONTENT-CANARY\n".as_bytes();

fn signed(placement: Placement) -> Vec<u8> {
    let at = Some(UnixTime::from_seconds(1_795_316_400));
    let request = SigningRequest::new(CONTENT, &person().certificate, placement, at).unwrap();
    request.attach(&person().sign(&request.digest_info())).unwrap()
}

fn open(der: &[u8]) -> SignedData {
    ContentInfo::from_der(der).unwrap().content.decode_as().unwrap()
}

fn close(data: &SignedData) -> Vec<u8> {
    let content = Any::encode_from(data).unwrap();
    ContentInfo { content_type: const_oid::db::rfc5911::ID_SIGNED_DATA, content }.to_der().unwrap()
}

/// The statement with its only signer changed.
fn with_signer(change: impl FnOnce(&mut SignerInfo)) -> Vec<u8> {
    let mut data = open(&signed(Placement::Attached));
    let mut signer = data.signer_infos.0.get(0).unwrap().clone();
    change(&mut signer);
    data.signer_infos = SignerInfos::try_from(vec![signer]).unwrap();
    close(&data)
}

fn refusal(der: &[u8]) -> ProofError {
    match SignedStatement::parse(der) {
        Ok(statement) => statement.verify(None).unwrap_err(),
        Err(error) => error,
    }
}

#[test]
fn what_is_signed_comes_back_verified() {
    let attached = SignedStatement::parse(&signed(Placement::Attached)).unwrap();
    assert_eq!(attached.content(), Some(CONTENT));
    let verified = attached.verify(None).unwrap();
    assert_eq!(verified.content(), CONTENT);
    assert_eq!(verified.signers().len(), 1);
    assert_eq!(verified.signers()[0].certificate(), person().certificate);
    assert_eq!(verified.signers()[0].signing_time(), Some(UnixTime::from_seconds(1_795_316_400)));
    assert_eq!(verified.signers()[0].signature().len(), 256);
    assert!(verified.signers()[0].names_certificate());
    assert_eq!(attached.certificates().collect::<Vec<_>>(), [person().certificate.as_slice()]);
    assert!(verified.statement().is_err(), "this content is no statement of ours");

    let detached = SignedStatement::parse(&signed(Placement::Detached)).unwrap();
    assert_eq!(detached.content(), None);
    assert_eq!(detached.verify(None).unwrap_err(), ProofError::ContentMissing);
    assert_eq!(detached.verify(Some(CONTENT)).unwrap().content(), CONTENT);
    assert_eq!(attached.verify(Some(CONTENT)).unwrap().content(), CONTENT);
    assert_eq!(attached.verify(Some(b"other")).unwrap_err(), ProofError::Mismatch(Mismatch::Content));
}

#[test]
fn the_card_gets_51_bytes() {
    let request = SigningRequest::new(CONTENT, &person().certificate, Placement::Attached, None).unwrap();
    let input = request.digest_info();
    assert_eq!(input.len(), 51);
    assert_eq!(hex::encode(&input[..19]), "3031300d060960864801650304020105000420");
    assert_eq!(input[19..], request.digest());
}

#[test]
fn the_structure_is_der_and_what_rfc_5652_asks_for() {
    let der = signed(Placement::Attached);
    let data = open(&der);
    assert_eq!(close(&data), der, "the crate sorts every SET OF; ours were in order");
    assert_eq!(data.version, CmsVersion::V1);
    let signer = data.signer_infos.0.get(0).unwrap();
    assert_eq!(signer.version, CmsVersion::V1);
    let attributes = signer.signed_attrs.as_ref().unwrap();
    let mut kinds: Vec<String> = attributes.iter().map(|attribute| attribute.oid.to_string()).collect();
    kinds.sort();
    let [content_type, message_digest, signing_time, signing_certificate] = kinds.as_slice() else { panic!() };
    assert_eq!(content_type, "1.2.840.113549.1.9.16.2.47");
    assert_eq!(
        [message_digest, signing_time, signing_certificate].map(|kind| &kind[19..]),
        ["3", "4", "5"].map(|it| it)
    );
    // RFC 5035: SEQUENCE { SEQUENCE OF { SEQUENCE { OCTET STRING } } }, SHA-256 not written.
    let binding = attributes.iter().find(|it| it.oid.to_string().ends_with(".16.2.47")).unwrap();
    let mut expected = vec![0x30, 0x26, 0x30, 0x24, 0x30, 0x22, 0x04, 0x20];
    expected.extend(<sha2::Sha256 as sha2::Digest>::digest(&person().certificate));
    assert_eq!(binding.values.get(0).unwrap().to_der().unwrap(), expected);
}

#[test]
fn a_signature_of_another_key_or_digest_is_not_attached() {
    let request = SigningRequest::new(CONTENT, &person().certificate, Placement::Attached, None).unwrap();
    let other = SigningRequest::new(b"other", &person().certificate, Placement::Attached, None).unwrap();
    let right = person().sign(&request.digest_info());
    for (what, signature) in [
        ("another content", person().sign(&other.digest_info())),
        ("nothing", Vec::new()),
        ("cut", right[..255].to_vec()),
        ("longer", [&right[..], &[0]].concat()),
        ("a bare hash", person().sign(&request.digest())),
    ] {
        assert_eq!(request.attach(&signature), Err(ProofError::Mismatch(Mismatch::Signature)), "{what}");
    }
    assert!(request.attach(&right).is_ok());
    assert_eq!(ProofError::Mismatch(Mismatch::Signature).reason(), Reason::SignatureInvalid);
}

#[test]
fn keys_and_certificates_are_judged_before_anybody_signs() {
    let request = |certificate: &[u8]| SigningRequest::new(CONTENT, certificate, Placement::Attached, None).map(|_| ());
    assert_eq!(request(&weak_certificate()), Err(ProofError::KeyTooWeak));
    for length in [0, 1, 100, person().certificate.len() - 1] {
        let error = request(&person().certificate[..length]).unwrap_err();
        assert_eq!(error.reason(), Reason::MalformedData);
    }
}

#[test]
fn a_signing_time_after_2049_is_written_as_generalized_time() {
    for (at, tag) in [("2049-12-31T23:59:59Z", 0x17), ("2050-01-01T00:00:00Z", 0x18)] {
        let at: UnixTime = at.parse().unwrap();
        let request = SigningRequest::new(CONTENT, &person().certificate, Placement::Attached, Some(at)).unwrap();
        let der = request.attach(&person().sign(&request.digest_info())).unwrap();
        let data = open(&der);
        let attributes = data.signer_infos.0.get(0).unwrap().signed_attrs.clone().unwrap();
        let time = attributes.iter().find(|it| it.oid.to_string() == "1.2.840.113549.1.9.5").unwrap();
        assert_eq!(time.values.get(0).unwrap().to_der().unwrap()[0], tag);
        assert_eq!(SignedStatement::parse(&der).unwrap().signers()[0].signing_time(), Some(at));
    }
    let before = Some(UnixTime::from_seconds(-1));
    assert!(SigningRequest::new(CONTENT, &person().certificate, Placement::Attached, before).is_err());
}

#[test]
fn a_namesake_certificate_is_not_the_signers() {
    // Same key, issuer and serial: only signing-certificate-v2 tells them apart (certificates.md §4.4).
    let mut data = open(&signed(Placement::Attached));
    let namesake = x509_cert::Certificate::from_der(&namesake_certificate()).unwrap();
    let namesake = CertificateChoices::Certificate(namesake);
    let mut both = data.certificates.clone().unwrap().0.into_vec();
    both.push(namesake.clone());
    data.certificates = Some(CertificateSet::try_from(vec![namesake]).unwrap());
    assert_eq!(refusal(&close(&data)), ProofError::Mismatch(Mismatch::Certificate));
    data.certificates = Some(CertificateSet::try_from(both).unwrap());
    let statement = SignedStatement::parse(&close(&data)).unwrap();
    assert_eq!(statement.signers()[0].certificate().unwrap(), person().certificate);
    assert_eq!(statement.certificates().count(), 2);
    assert!(statement.verify(None).is_ok());
    data.certificates = None;
    assert_eq!(refusal(&close(&data)), ProofError::SignerCertificateMissing);
}

#[test]
fn attributes_do_not_become_content() {
    // The bytes that were signed are the attributes; without them in the SignerInfo they would be "content".
    let mut data = open(&signed(Placement::Attached));
    let mut signer = data.signer_infos.0.get(0).unwrap().clone();
    let attributes = signer.signed_attrs.take().unwrap().to_der().unwrap();
    let content = OctetString::new(attributes.clone()).unwrap();
    data.encap_content_info.econtent = Some(Any::encode_from(&content).unwrap());
    data.signer_infos = SignerInfos::try_from(vec![signer]).unwrap();
    assert_eq!(refusal(&close(&data)), ProofError::Mismatch(Mismatch::SignedAttributesAsContent));
    data.encap_content_info.econtent = None;
    let detached = SignedStatement::parse(&close(&data)).unwrap();
    let error = detached.verify(Some(&attributes)).unwrap_err();
    assert_eq!(error, ProofError::Mismatch(Mismatch::SignedAttributesAsContent));
}

#[test]
fn refused_algorithms_are_named_as_such() {
    for (digest, signature) in [
        ("1.3.14.3.2.26", "1.2.840.113549.1.1.5"),            // SHA-1
        ("1.2.840.113549.2.5", "1.2.840.113549.1.1.4"),       // MD5
        ("2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.5"),   // SHA-1 under the signature only
        ("2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.10"),  // RSASSA-PSS
        ("2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.3.2"), // DSA
    ] {
        let mut data = open(&with_signer(|signer| {
            signer.digest_alg.oid = ObjectIdentifier::new_unwrap(digest);
            signer.signature_algorithm.oid = ObjectIdentifier::new_unwrap(signature);
        }));
        let listed = data.signer_infos.0.get(0).unwrap().digest_alg.clone();
        data.digest_algorithms = SetOfVec::try_from(vec![listed]).unwrap();
        let error = refusal(&close(&data));
        assert_eq!(error, ProofError::AlgorithmNotAllowed, "{digest} {signature}");
        assert_eq!(error.reason(), Reason::AlgorithmNotAllowed);
        let statement = SignedStatement::parse(&close(&data)).unwrap();
        assert!(statement.signers()[0].algorithm().is_err(), "RSN-27: known before the signature is checked");
    }
}

#[test]
fn attributes_that_must_be_there_are_asked_for() {
    for missing in ["1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"] {
        let der = with_signer(|signer| {
            let attributes = signer.signed_attrs.take().unwrap().into_vec();
            let rest: Vec<_> = attributes.into_iter().filter(|it| it.oid.to_string() != missing).collect();
            signer.signed_attrs = Some(SetOfVec::try_from(rest).unwrap());
        });
        assert_eq!(refusal(&der).reason(), Reason::MalformedData, "{missing}");
    }
    let empty = with_signer(|signer| signer.signed_attrs = Some(SetOfVec::new()));
    assert_eq!(refusal(&empty).reason(), Reason::MalformedData);
    let twice = with_signer(|signer| {
        let mut attributes = signer.signed_attrs.take().unwrap().into_vec();
        let mut second = attributes.iter().find(|it| it.oid.to_string() == "1.2.840.113549.1.9.4").unwrap().clone();
        let other = OctetString::new(vec![0; 32]).unwrap();
        second.values = SetOfVec::try_from(vec![Any::encode_from(&other).unwrap()]).unwrap();
        attributes.push(second);
        signer.signed_attrs = Some(SetOfVec::try_from(attributes).unwrap());
    });
    assert_eq!(refusal(&twice).reason(), Reason::MalformedData);
}

#[test]
fn versions_follow_from_what_is_inside() {
    for version in [CmsVersion::V0, CmsVersion::V3, CmsVersion::V4, CmsVersion::V5] {
        let mut data = open(&signed(Placement::Attached));
        data.version = version;
        assert_eq!(refusal(&close(&data)).reason(), Reason::MalformedData, "{version:?}");
        assert_eq!(refusal(&with_signer(|it| it.version = version)).reason(), Reason::MalformedData, "{version:?}");
    }
}

#[test]
fn a_content_of_another_type_is_another_content() {
    let mut data = open(&signed(Placement::Attached));
    data.encap_content_info.econtent_type = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
    data.version = CmsVersion::V3;
    assert_eq!(refusal(&close(&data)), ProofError::Mismatch(Mismatch::ContentType));
}

#[test]
fn nothing_is_passed_over_in_silence() {
    // A second certificates field: a decoder that skips unknown context-specific fields would not see it.
    let data = open(&signed(Placement::Attached));
    let parts = [
        data.version.to_der().unwrap(),
        data.digest_algorithms.to_der().unwrap(),
        data.encap_content_info.to_der().unwrap(),
        vec![0xA0, 0x00, 0xA0, 0x02, 0x05, 0x00],
        data.signer_infos.to_der().unwrap(),
    ];
    let inner = Any::new(der::Tag::Sequence, parts.concat()).unwrap();
    let info = ContentInfo { content_type: const_oid::db::rfc5911::ID_SIGNED_DATA, content: inner };
    assert_eq!(
        SignedStatement::parse(&info.to_der().unwrap()).unwrap_err(),
        ProofError::Malformed { what: "CMS SignedData" }
    );
    let longer = [&signed(Placement::Attached)[..], &[0]].concat();
    assert!(SignedStatement::parse(&longer).is_err());
}

#[test]
fn the_number_of_signers_is_bounded() {
    let mut data = open(&signed(Placement::Attached));
    let signer = data.signer_infos.0.get(0).unwrap().clone();
    let many = |count: u8| {
        let signers = (0..count)
            .map(|index| SignerInfo { signature: OctetString::new(vec![index; 256]).unwrap(), ..signer.clone() });
        SignerInfos::try_from(signers.collect::<Vec<_>>()).unwrap()
    };
    data.signer_infos = many(16);
    let statement = SignedStatement::parse(&close(&data)).unwrap();
    assert!(statement.verify_each(None).unwrap().iter().all(Result::is_err));
    data.signer_infos = many(17);
    assert!(matches!(refusal(&close(&data)), ProofError::TooLarge { .. }));
    data.signer_infos = many(0);
    assert_eq!(refusal(&close(&data)).reason(), Reason::MalformedData);
}

#[test]
fn debug_shows_neither_content_nor_certificate() {
    let request = SigningRequest::new(CONTENT, &person().certificate, Placement::Attached, None).unwrap();
    let statement = SignedStatement::parse(&signed(Placement::Attached)).unwrap();
    let verified = statement.verify(None).unwrap();
    let shown = format!("{request:?} {statement:?} {verified:?} {:?} {:?}", statement.signers(), verified.signers());
    let lists = [PERSON.as_bytes(), b"CONTENT-CANARY", &[0x5E, 0x71, 0xA1, 0x00, 0x01], &person().certificate[..8]]
        .map(|bytes| format!("{bytes:?}").trim_matches(['[', ']']).to_owned());
    for secret in ["CANARY", "5e71a1", "5E71A1"].into_iter().chain(lists.iter().map(String::as_str)) {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
