//! T-24: one changed byte of what was signed is found, and of what surrounds it, all that has a meaning.

use super::signer::person;
use crate::proof::{Mismatch, Placement, ProofError, SignedStatement, SigningRequest};
use crate::reason::Reason;
use crate::time::UnixTime;

const CONTENT: &[u8] = "現金口座をマネー口座に変更します。\n".as_bytes();

fn signed(placement: Placement) -> Vec<u8> {
    let at = Some(UnixTime::from_seconds(1_795_316_400));
    let request = SigningRequest::new(CONTENT, &person().certificate, placement, at).unwrap();
    request.attach(&person().sign(&request.digest_info())).unwrap()
}

#[test]
fn t_24_one_changed_byte_of_the_content_is_signature_invalid() {
    let detached = SignedStatement::parse(&signed(Placement::Detached)).unwrap();
    let attached = signed(Placement::Attached);
    let start = attached.windows(CONTENT.len()).position(|window| window == CONTENT).unwrap();
    for index in 0..CONTENT.len() {
        let mut content = CONTENT.to_vec();
        content[index] ^= 0x01;
        let error = detached.verify(Some(&content)).unwrap_err();
        assert_eq!(error, ProofError::Mismatch(Mismatch::MessageDigest));
        assert_eq!(error.reason(), Reason::SignatureInvalid);

        let mut bytes = attached.clone();
        bytes[start + index] ^= 0x01;
        let error = SignedStatement::parse(&bytes).unwrap().verify(None).unwrap_err();
        assert_eq!(error.reason(), Reason::SignatureInvalid, "byte {index} of the content");
    }
    for content in [&CONTENT[1..], &CONTENT[..CONTENT.len() - 1], b""] {
        assert_eq!(detached.verify(Some(content)).unwrap_err().reason(), Reason::SignatureInvalid);
    }
}

#[test]
fn t_24_a_changed_byte_of_our_form_is_refused_but_for_one_alias() {
    let der = signed(Placement::Attached);
    let original = SignedStatement::parse(&der).unwrap().verify(None).unwrap();
    // The exception, found by `make test-long`: the SignerInfo's signatureAlgorithm is not signed, and RFC 3370 §3.2 has two
    // names for it. sha256WithRSAEncryption (…01 0B) may become rsaEncryption (…01 01), which OpenSSL writes.
    let name = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B];
    let alias = der.windows(name.len()).rposition(|window| window == name).unwrap() + name.len() - 1;
    // `make test-long` tries every other value of every byte.
    let long = std::env::var_os("HONNIN_TEST_LONG").is_some();
    let masks: Vec<u8> = if long { (1..=255).collect() } else { vec![0x01, 0x02, 0x04, 0x0A, 0x20, 0x80, 0xFF] };
    let mut accepted = Vec::new();
    for (index, mask) in (0..der.len()).flat_map(|index| masks.iter().map(move |mask| (index, *mask))) {
        let mut bytes = der.clone();
        bytes[index] ^= mask;
        if let Ok(verified) = SignedStatement::parse(&bytes).and_then(|statement| statement.verify(None)) {
            accepted.push((index, bytes[index]));
            let (signer, before) = (&verified.signers()[0], &original.signers()[0]);
            assert_eq!(verified.content(), original.content());
            assert_eq!(signer.certificate(), before.certificate());
            assert_eq!((signer.algorithm(), signer.signing_time()), (before.algorithm(), before.signing_time()));
        }
    }
    assert_eq!(accepted, [(alias, 0x01)]);
}

#[test]
fn a_cut_statement_is_malformed_at_every_length() {
    let der = signed(Placement::Attached);
    for length in 0..der.len() {
        let error = SignedStatement::parse(&der[..length]).unwrap_err();
        assert_eq!(error.reason(), Reason::MalformedData, "cut at {length}");
    }
}

#[test]
fn hostile_lengths_are_refused_without_allocating() {
    for bytes in [
        &[0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF][..],
        &[0x30, 0x80, 0x00, 0x00],
        &[0x30, 0x88, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        &[0xFF; 64],
        &[0x30; 4096],
    ] {
        assert!(SignedStatement::parse(bytes).is_err());
    }
    // A SET of a million NULLs where digest algorithms are expected.
    let set = [&[0x31, 0x83, 0x1E, 0x84, 0x80][..], &[5, 0].repeat(1_000_000)].concat();
    let data = wrap(0x30, &[&[2, 1, 1][..], &set].concat());
    let oid = [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2];
    let info = wrap(0x30, &[&oid[..], &wrap(0xA0, &data)].concat());
    assert_eq!(SignedStatement::parse(&info).unwrap_err().reason(), Reason::MalformedData);
}

fn wrap(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = u32::try_from(value.len()).unwrap().to_be_bytes();
    [&[tag, 0x83][..], &length[1..], value].concat()
}
