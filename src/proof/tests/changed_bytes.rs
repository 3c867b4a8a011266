//! T-24: one changed byte, anywhere, is found.

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
fn t_24_no_byte_of_our_form_may_change_at_all() {
    let der = signed(Placement::Attached);
    for (index, mask) in (0..der.len()).flat_map(|index| [0x01, 0x02, 0x04, 0x20, 0x80, 0xFF].map(|mask| (index, mask)))
    {
        let mut bytes = der.clone();
        bytes[index] ^= mask;
        let answer = SignedStatement::parse(&bytes).and_then(|statement| statement.verify(None));
        assert!(answer.is_err(), "byte {index} ^ {mask:#04x} was accepted");
    }
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
