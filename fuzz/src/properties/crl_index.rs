//! The index over a list: entries from the fuzzer under a frame and a signature of ours, so that the table is reached.

use super::element;
use honnin::certificate::Certificate;
use honnin::validation::{Crl, IndexedCrl, Threads};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::EncodePublicKey as _;
use std::collections::HashMap;
use std::sync::LazyLock;

/// ecdsa-with-SHA256
const ALGORITHM: &[u8] = &[0x30, 10, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2];

/// A throw-away key, and a certificate that is signed with it.
static AUTHORITY: LazyLock<(SigningKey, Certificate)> = LazyLock::new(|| {
    let key = SigningKey::from_slice(&[0x11; 32]).expect("a key");
    let validity = element(0x30, &[element(0x17, b"200101000000Z"), element(0x17, b"491231235959Z")].concat());
    let spki = key.verifying_key().to_public_key_der().expect("a key").into_vec();
    let tbs = element(0x30, &[&[2, 1, 1], ALGORITHM, &name(), &validity, &name(), &spki].concat());
    let der = signed(&key, &tbs);
    (key, Certificate::from_der(&der).expect("a certificate"))
});

fn name() -> Vec<u8> {
    let attribute = [&[6, 3, 0x55, 4, 10][..], &element(0x0C, b"TEST")].concat();
    element(0x30, &element(0x31, &element(0x30, &attribute)))
}

fn signed(key: &SigningKey, tbs: &[u8]) -> Vec<u8> {
    let signature: DerSignature = key.sign(tbs);
    let signature = element(3, &[&[0], signature.as_bytes()].concat());
    element(0x30, &[tbs, ALGORITHM, &signature].concat())
}

pub fn hold(data: &[u8]) {
    let (key, issuer) = &*AUTHORITY;
    let times = [element(0x17, b"260101000000Z"), element(0x17, b"270101000000Z")].concat();
    let entries = if data.is_empty() { Vec::new() } else { element(0x30, data) };
    let tbs = element(0x30, &[&[2, 1, 1], ALGORITHM, &name(), &times, &entries].concat());
    let list = Crl::from_owned_der(signed(key, &tbs)).expect("the frame is ours");
    list.verify_signature(issuer.spki_der()).expect("the signature is ours");

    // A plain table beside it: the first entry of a number counts.
    let mut expected = HashMap::new();
    let mut usable = true;
    let mut count = 0;
    for entry in list.entries() {
        match entry {
            Ok(entry) if !entry.unknown_critical && entry.certificate_issuer.is_none() => {
                expected.entry(entry.serial.to_vec()).or_insert((entry.revoked_at, entry.reason));
                count += 1;
            }
            _ => usable = false,
        }
    }
    for threads in [Threads::One, Threads::Two] {
        // Starting a thread for every input would only make fewer inputs.
        if threads == Threads::Two && data.len() % 16 != 0 {
            continue;
        }
        let Ok(index) = IndexedCrl::new(list.clone(), issuer, threads) else {
            assert!(!usable, "a list that can be read was refused");
            continue;
        };
        assert!(usable, "a list that cannot be read was indexed");
        assert_eq!(index.len(), count);
        assert!(index.table_bytes() <= 20 * count + 64, "{} bytes for {count} entries", index.table_bytes());
        for (serial, found) in &expected {
            assert_eq!(index.find(serial), Some(*found));
            for change in [1, 0x80] {
                let mut beside = serial.clone();
                if let Some(last) = beside.last_mut() {
                    *last ^= change;
                }
                assert_eq!(index.find(&beside), expected.get(&beside).copied());
            }
            let longer = [serial.as_slice(), &[0]].concat();
            assert_eq!(index.find(&longer), expected.get(&longer).copied());
        }
        assert_eq!(index.find(&[]), None);
    }
}
