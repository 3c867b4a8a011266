//! Documents whose size is their attack: nesting, huge numbers, endless lists of small things. Each is read or refused in time that
//! grows with its length; what is quadratic in a hundred thousand parts would take minutes here.

// The helpers of this target are test code too; clippy only knows functions marked #[test].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use honnin::certificate::Certificate;
use honnin::proof::SignedStatement;
use honnin::transport::trace::Replay;
use honnin::validation::{Crl, OcspResponse};
use std::time::{Duration, Instant};

/// Far above what an unoptimised build on a busy machine needs for something linear, far below what anything else takes.
const LIMIT: Duration = Duration::from_secs(10);

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let header = match content.len() {
        0..0x80 => vec![tag, length[3]],
        0x80..0x1_0000 if content.len() < 0x100 => vec![tag, 0x81, length[3]],
        0x80..0x1_0000 => vec![tag, 0x82, length[2], length[3]],
        _ if length[0] == 0 => vec![tag, 0x83, length[1], length[2], length[3]],
        _ => [&[tag, 0x84], &length[..]].concat(),
    };
    [header, content.to_vec()].concat()
}

/// `number` with a header of its own: identifiers that all differ.
fn identifier(number: u32) -> Vec<u8> {
    let groups: [u32; 3] = [number >> 14 & 0x7F, number >> 7 & 0x7F, number & 0x7F];
    let [a, b, c] = groups.map(|group| u8::try_from(group).unwrap());
    element(6, &[0x2A, 0x81, a | 0x80, b | 0x80, c])
}

fn extension(number: u32) -> Vec<u8> {
    element(0x30, &[identifier(number), element(4, &[])].concat())
}

fn many(count: u32, one: impl Fn(u32) -> Vec<u8>) -> Vec<u8> {
    (0..count).flat_map(one).collect()
}

fn algorithm() -> Vec<u8> {
    element(0x30, &[6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2])
}

fn name(attributes: &[u8]) -> Vec<u8> {
    element(0x30, attributes)
}

fn attribute(number: u32) -> Vec<u8> {
    element(
        0x31,
        &element(0x30, &[&[6, 3, 0x55, 4, 11][..], &element(0x0C, &number.to_be_bytes().map(|it| it & 0x7F))].concat()),
    )
}

fn list(issuer: &[u8], entries: &[u8], extensions: &[u8]) -> Vec<u8> {
    let time = element(0x17, b"260101000000Z");
    let entries = if entries.is_empty() { Vec::new() } else { element(0x30, entries) };
    let extensions = if extensions.is_empty() { Vec::new() } else { element(0xA0, &element(0x30, extensions)) };
    let algorithm = algorithm();
    let fields = [&[2, 1, 1], algorithm.as_slice(), issuer, &time, &time, &entries, &extensions];
    element(0x30, &[element(0x30, &fields.concat()), algorithm.clone(), element(3, &[0, 1])].concat())
}

fn entry(extensions: &[u8]) -> Vec<u8> {
    let fields = [element(2, &[5]), element(0x17, b"260101000000Z"), element(0x30, extensions)];
    element(0x30, &fields.concat())
}

fn nested(depth: usize) -> Vec<u8> {
    // From the inside out would copy everything at every step: headers of four octets, written from the outside in.
    let mut bytes = Vec::new();
    for level in 0..depth {
        let inside = u32::try_from((depth - level - 1) * 5).unwrap().to_be_bytes();
        bytes.extend([0x30, 0x83, inside[1], inside[2], inside[3]]);
    }
    bytes
}

#[test]
fn what_is_large_is_read_or_refused_in_time_that_grows_with_it() {
    let issuer = name(&attribute(1));
    let certificate_extensions = |extensions: &[u8]| {
        let time = element(0x17, b"260101000000Z");
        let key = element(0x30, &[element(0x30, &[6, 3, 0x2A, 3, 4]), element(3, &[0, 1])].concat());
        let validity = element(0x30, &[time.clone(), time].concat());
        let extensions = element(0xA3, &element(0x30, extensions));
        let version = element(0xA0, &[2, 1, 2]);
        let fields = [&version[..], &[2, 1, 1], &algorithm(), &issuer, &validity, &issuer, &key, &extensions];
        element(0x30, &[element(0x30, &fields.concat()), algorithm(), element(3, &[0, 1])].concat())
    };
    let alternative_names = |names: &[u8]| {
        let value = element(4, &element(0x30, names));
        certificate_extensions(&element(0x30, &[&[6, 3, 0x55, 0x1D, 17][..], &value].concat()))
    };
    let policies = |policies: &[u8]| {
        let value = element(4, &element(0x30, policies));
        certificate_extensions(&element(0x30, &[&[6, 3, 0x55, 0x1D, 32][..], &value].concat()))
    };
    let documents: Vec<(&str, Vec<u8>)> = vec![
        ("a list of 100000 extensions", list(&issuer, &[], &many(100_000, extension))),
        ("an entry of 100000 extensions", list(&issuer, &entry(&many(100_000, extension)), &[])),
        ("a hundred thousand entries of two extensions", {
            list(&issuer, &many(100_000, |number| entry(&[extension(number), extension(number + 1)].concat())), &[])
        }),
        ("an issuer of 100000 attributes", list(&name(&many(100_000, attribute)), &[], &[])),
        ("one name of 100000 attributes", {
            let pairs = many(100_000, |number| attribute(number)[2..].to_vec());
            list(&name(&element(0x31, &pairs)), &[], &[])
        }),
        ("a serial number of a million octets", {
            let fields = [element(2, &vec![0x11; 1_000_000]), element(0x17, b"260101000000Z")].concat();
            list(&issuer, &element(0x30, &fields), &[])
        }),
        ("a certificate of 5000 extensions", certificate_extensions(&many(5000, extension))),
        ("a certificate of 6000 policies", policies(&many(6000, |number| element(0x30, &identifier(number))))),
        ("a certificate of 10000 names", alternative_names(&many(10_000, |_| element(0x82, b"a.b")))),
        ("nesting 12000 deep", nested(12_000)),
        ("nesting 1000000 deep", nested(1_000_000)),
        ("a million empty elements", element(0x30, &many(1_000_000, |_| vec![0x30, 0]))),
        ("zeros", vec![0; 4_000_000]),
    ];
    for (what, document) in &documents {
        let start = Instant::now();
        let _ = Certificate::from_der_or_pem(document);
        if let Ok(list) = Crl::from_der(document) {
            assert!(list.entries().count() <= 100_000);
        }
        let _ = OcspResponse::from_der(document);
        let _ = SignedStatement::parse(document);
        assert!(start.elapsed() < LIMIT, "{what}: {:?}", start.elapsed());
    }
    let pem = "-----BEGIN CERTIFICATE-----\n".repeat(100_000);
    let lines = "{\"type\":\"event\",\"event\":\"reset\"}\n".repeat(100_000);
    let header = "{\"type\":\"header\",\"version\":1,\"supports_extended_length\":false}\n";
    for (what, text) in [("beginnings of PEM", pem), ("events", format!("{header}{lines}"))] {
        let start = Instant::now();
        let _ = Certificate::from_der_or_pem(text.as_bytes());
        let _ = Crl::from_der_or_pem(text.as_bytes());
        let _ = Replay::parse(&text);
        assert!(start.elapsed() < LIMIT, "{what}: {:?}", start.elapsed());
    }
}

#[test]
fn limits_are_refusals_with_a_name() {
    let issuer = name(&attribute(1));
    let of = |extensions: u32| Crl::from_der(&list(&issuer, &[], &many(extensions, extension)));
    assert!(of(64).is_ok());
    assert!(of(65).unwrap_err().to_string().contains("too many"));
    let walked = |extensions: u32| {
        let der = list(&issuer, &entry(&many(extensions, extension)), &[]);
        let read = Crl::from_der(&der).unwrap();
        read.entries().next().unwrap().map(|_| ())
    };
    assert!(walked(64).is_ok() && walked(65).unwrap_err().to_string().contains("too many"));
    assert!(Crl::from_der(&list(&name(&many(65, attribute)), &[], &[])).is_err());
}
