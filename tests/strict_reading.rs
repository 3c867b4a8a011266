//! What is read as a certificate is DER through and through, also where nobody takes a field apart: parameters of algorithms,
//! values in names, policy qualifiers, other names (certificates.md §4.1 point 1). The judge is written here, by X.690 alone.

// The helpers of this target are test code too; clippy only knows functions marked #[test].
#![allow(clippy::unwrap_used)]
#![cfg(feature = "simulator")]

use honnin::authority::{Persona, create};
use honnin::certificate::Certificate;
use honnin::time::UnixTime;

/// Whether all of `bytes` are DER elements, their content too where it is elements.
fn is_der(mut bytes: &[u8]) -> bool {
    while let [tag, first, rest @ ..] = bytes {
        // Tags of more octets stand in no certificate.
        if tag & 0x1F == 0x1F {
            return false;
        }
        let octets = if *first < 0x80 { 0 } else { usize::from(first - 0x80) };
        if octets > 3 || rest.len() < octets || *first == 0x80 {
            return false;
        }
        let (digits, rest) = rest.split_at(octets);
        let length = digits.iter().fold(0, |length, digit| length * 256 + usize::from(*digit));
        let length = if octets == 0 { usize::from(*first) } else { length };
        // X.690 §10.1: in as few octets as possible.
        let least = [0, 0x80, 0x100, 0x1_0000][octets];
        if length < least || rest.len() < length {
            return false;
        }
        let (content, rest) = rest.split_at(length);
        let good = match tag {
            0x01 => matches!(content, [0x00 | 0xFF]),
            0x02 | 0x0A => match content {
                [] => false,
                [_] => true,
                [first, second, ..] => !matches!((first, second >> 7), (0, 0) | (0xFF, 1)),
            },
            0x03 => match content {
                [0] => true,
                [unused @ 0..=7, .., last] => last.trailing_zeros() >= u32::from(*unused),
                _ => false,
            },
            0x05 => content.is_empty(),
            0x06 => {
                let arcs: Vec<&[u8]> = content.split_inclusive(|octet| octet & 0x80 == 0).collect();
                let whole = content.last().is_some_and(|last| last & 0x80 == 0);
                whole && arcs.iter().all(|arc| arc.first() != Some(&0x80))
            }
            // Nothing but SEQUENCE and SET is constructed, of what has a tag of its own.
            0x10 | 0x11 | 0x20..=0x2F | 0x32..=0x3F => false,
            tag => tag & 0x20 == 0 || is_der(content),
        };
        if !good {
            return false;
        }
        bytes = rest;
    }
    bytes.is_empty()
}

#[test]
fn the_judge_knows_der_from_ber() {
    for good in [&[0x30, 3, 2, 1, 0xFF][..], &[3, 1, 0], &[3, 2, 1, 0xFE], &[6, 2, 0x2A, 0], &[0xA0, 2, 5, 0]] {
        assert!(is_der(good), "{good:02x?}");
    }
    for bad in [
        &[0x30, 0x80, 0, 0][..],
        &[4, 0x81, 1, 0],
        &[1, 1, 1],
        &[2, 2, 0, 1],
        &[3, 2, 1, 1],
        &[5, 1, 0],
        &[6, 2, 0x80, 1],
        &[6, 1, 0x80],
        &[0x2C, 3, 0x0C, 1, 0x41],
        &[0xA0, 3, 1, 1, 1],
        &[0x30, 2, 2],
    ] {
        assert!(!is_der(bad), "{bad:02x?}");
    }
}

#[test]
fn nothing_is_read_that_is_not_der_throughout() {
    let at: UnixTime = "2026-11-22T03:00:00Z".parse().unwrap();
    let mut adult = create(Persona::Adult, at, &mut rand_core::OsRng).unwrap();
    let key = Certificate::from_der(adult.digital_signature_ca.certificate()).unwrap();
    let validity = key.validity();
    let good = adult.digital_signature_ca.issue(&adult.holder, key.spki_der(), validity).unwrap().der;
    let known: Vec<_> =
        Certificate::from_der(&good).unwrap().extensions().all.iter().map(|one| one.oid.clone()).collect();
    assert_eq!(known.len(), 7);

    // Every octet with each of its bits turned, and every octet as a tag that has a rule.
    let bits = (0..8).map(|bit| (1_u8 << bit, None));
    let tags = [0x01, 0x03, 0x06, 0x30].map(|tag| (0, Some(tag)));
    let changes: Vec<(u8, Option<u8>)> = bits.chain(tags).collect();
    let (mut read, mut refused) = (0, 0);
    for (place, (turned, tag)) in (0..good.len()).flat_map(|place| changes.iter().map(move |change| (place, change))) {
        let mut changed = good.clone();
        changed[place] = tag.unwrap_or(changed[place]) ^ turned;
        let Ok(certificate) = Certificate::from_der(&changed) else {
            refused += usize::from(!is_der(&changed));
            continue;
        };
        read += 1;
        assert!(is_der(&changed), "octet {place}: {:#04x}", changed[place]);
        // What is in an extension that nobody here knows is nobody's business.
        for extension in certificate.extensions().all.iter().filter(|one| known.contains(&one.oid)) {
            assert!(is_der(extension.value()), "octet {place}: {:#04x} in {}", changed[place], extension.oid);
        }
    }
    assert!(read > good.len() && refused > good.len() / 2, "{read} read, {refused} refused");
}
