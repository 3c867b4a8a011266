//! Documents made to hurt: deep nesting, huge integers, names and extensions by the thousand. Each is answered, and soon
//! (issue 4, "Hostile sizes … stay linear and bounded"). Their bytes are put together here, by hand.

// The helpers of this target are test code too; clippy only knows functions marked #[test].
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::cast_possible_truncation
)]

use honnin::anchors::AnchorSet;
use honnin::certificate::{Certificate, Name, SerialNumber};
use honnin::retrieval::{AddressRule, Configuration};
use honnin::time::UnixTime;
use honnin::validation::{Crl, Materials, OcspResponse, Parameters, Profile, verify};
use std::time::{Duration, Instant};

/// Time that one answer may take here: a build without optimisation on a machine that others use too.
const SOON: Duration = Duration::from_secs(20);

fn soon<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let result = work();
    assert!(started.elapsed() < SOON, "{what}: {:?}", started.elapsed());
    result
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let digits = length.to_be_bytes();
    let digits = &digits[digits.iter().position(|digit| *digit != 0).unwrap_or(7)..];
    let header = match length {
        0..0x80 => vec![tag, u8::try_from(length).unwrap()],
        _ => [&[tag, 0x80 | u8::try_from(digits.len()).unwrap()], digits].concat(),
    };
    [header.as_slice(), content].concat()
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

fn oid(arcs: &[u8]) -> Vec<u8> {
    tlv(6, arcs)
}

/// ecdsa-with-SHA256
fn algorithm() -> Vec<u8> {
    sequence(&[oid(&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2])])
}

fn name(text: &str) -> Vec<u8> {
    sequence(&[tlv(0x31, &sequence(&[oid(&[0x55, 4, 3]), tlv(0x0C, text.as_bytes())]))])
}

fn extension(arcs: &[u8], value: &[u8]) -> Vec<u8> {
    sequence(&[oid(arcs), tlv(4, value)])
}

fn key() -> Vec<u8> {
    let curve = sequence(&[oid(&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1]), oid(&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7])]);
    sequence(&[curve, tlv(3, &[&[0, 4], &[7; 64][..]].concat())])
}

fn certificate_of(serial: &[u8], subject: Vec<u8>, key: Vec<u8>, extensions: &[Vec<u8>]) -> Vec<u8> {
    let dates = sequence(&[tlv(0x17, b"260101000000Z"), tlv(0x17, b"270101000000Z")]);
    let tbs = sequence(&[
        tlv(0xA0, &tlv(2, &[2])),
        tlv(2, serial),
        algorithm(),
        name("issuer"),
        dates,
        subject,
        key,
        tlv(0xA3, &sequence(extensions)),
    ]);
    sequence(&[tbs, algorithm(), tlv(3, &[0, 1])])
}

fn list_of(entries: Option<Vec<u8>>, extensions: &[Vec<u8>]) -> Vec<u8> {
    let mut tbs =
        vec![tlv(2, &[1]), algorithm(), name("issuer"), tlv(0x17, b"260101000000Z"), tlv(0x17, b"270101000000Z")];
    tbs.extend(entries.map(|entries| tlv(0x30, &entries)));
    tbs.push(tlv(0xA0, &sequence(extensions)));
    sequence(&[sequence(&tbs), algorithm(), tlv(3, &[0, 1])])
}

/// Elements within elements, so many deep.
fn nested(tag: u8, depth: usize) -> Vec<u8> {
    // Built from the inside, and turned around at the end: prepending would cost the square of it.
    let mut turned: Vec<u8> = Vec::new();
    for _ in 0..depth {
        let header = tlv(tag, &vec![0; turned.len()]);
        let header = &header[..header.len() - turned.len()];
        turned.extend(header.iter().rev());
        if turned.len() > 60_000 {
            break;
        }
    }
    turned.reverse();
    turned
}

fn at() -> UnixTime {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

/// The whole judgement, whatever it is.
fn judged(der: &[u8]) {
    let Ok(certificate) = Certificate::from_der(der) else { return };
    let anchors = AnchorSet::none().with_certificate(certificate.clone(), None);
    for profile in Profile::ALL {
        let parameters = Parameters::new(at(), &anchors).with_profile(profile);
        let intermediates = vec![certificate.clone(); 200];
        let materials = Materials { intermediates: &intermediates, ..Materials::default() };
        verify(&certificate, &materials, &parameters);
    }
    let _ = (certificate.disclose(), format!("{certificate:?}"));
}

#[test]
fn deep_nesting_is_refused_without_going_there() {
    for tag in [0x30, 0x31, 0xA0, 0xA4, 0x24] {
        for depth in [30, 1000, 30_000] {
            let deep = nested(tag, depth);
            soon("alone", || {
                let _ = (
                    Certificate::from_der(&deep),
                    Crl::from_der(&deep),
                    OcspResponse::from_der(&deep),
                    Name::from_der(&deep),
                );
            });
            let known: [&[u8]; 6] = [
                &[0x55, 0x1D, 17],
                &[0x55, 0x1D, 30],
                &[0x55, 0x1D, 31],
                &[0x55, 0x1D, 32],
                &[0x55, 0x1D, 28],
                &[0x55, 0x1D, 99],
            ];
            for arcs in known {
                let extensions = [extension(arcs, &deep)];
                soon("certificate", || judged(&certificate_of(&[1], name("holder"), key(), &extensions)));
                soon("list", || Crl::from_der(&list_of(None, &extensions)).is_ok());
            }
            soon("subject", || judged(&certificate_of(&[1], deep.clone(), key(), &[])));
            soon("key", || judged(&certificate_of(&[1], name("holder"), deep.clone(), &[])));
        }
    }
    // A list has no length that would end it: a megabyte of opening brackets.
    soon("brackets", || assert!(Crl::from_der(&[0x30; 1 << 20]).is_err()));
}

#[test]
fn huge_integers_are_compared_and_never_computed_with() {
    let huge = [&[0x7F], &[0xFF; 60_000][..]].concat();
    soon("serial of a certificate", || judged(&certificate_of(&huge, name("holder"), key(), &[])));
    // RSA keys whose verification would take minutes: a long modulus, a long exponent, both.
    let rsa = |modulus: &[u8], exponent: &[u8]| {
        let parts = sequence(&[tlv(2, modulus), tlv(2, exponent)]);
        let id = sequence(&[oid(&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1]), tlv(5, &[])]);
        sequence(&[id, tlv(3, &[&[0], parts.as_slice()].concat())])
    };
    let modulus = [&[0, 0xC1], &[0xA7; 254][..], &[0x01]].concat();
    for key in [rsa(&huge, &[1, 0, 1]), rsa(&modulus, &modulus), rsa(&huge[..20_000], &huge[..20_000])] {
        soon("key", || judged(&certificate_of(&[1], name("issuer"), key, &[])));
    }
    // A serial number of a megabyte in a list, and a number of the list as long.
    let long = [&[0x7F], &[0xFF; 1 << 20][..]].concat();
    let entry = sequence(&[tlv(2, &long), tlv(0x17, b"260102000000Z")]);
    let list = list_of(Some(entry.repeat(8)), &[extension(&[0x55, 0x1D, 20], &tlv(2, &long))]);
    soon("list", || {
        let list = Crl::from_der(&list).unwrap();
        assert_eq!(list.entries().count(), 8);
        assert!(list.scan(&SerialNumber::from_hex("01").unwrap()).unwrap().found.is_none());
    });
    assert!(SerialNumber::from_hex(&"7F".repeat(100_000)).is_err());
}

#[test]
fn names_by_the_thousand_cost_no_square() {
    // As many alternative names as a certificate holds, under constraints that are as many.
    let dns = |n: usize| tlv(0x82, format!("h{n}.example").as_bytes());
    let names: Vec<u8> = (0..3000).flat_map(dns).collect();
    let bases: Vec<u8> = (0..3000).flat_map(|n| tlv(0x30, &dns(n))).collect();
    let constraints = tlv(0x30, &[tlv(0xA0, &bases), Vec::new()].concat());
    let extensions =
        [extension(&[0x55, 0x1D, 19], &tlv(0x30, &tlv(1, &[0xFF]))), extension(&[0x55, 0x1D, 30], &constraints)];
    let der = certificate_of(&[1], name("issuer"), key(), &extensions);
    assert!(Certificate::from_der(&der).is_ok());
    soon("constraints", || judged(&der));
    let der = certificate_of(&[1], name("holder"), key(), &[extension(&[0x55, 0x1D, 17], &tlv(0x30, &names))]);
    assert!(Certificate::from_der(&der).is_ok());
    soon("alternative names", || judged(&der));
    // Distribution points and policies, as many as fit.
    let point = |n: usize| tlv(0x30, &tlv(0xA0, &tlv(0xA0, &tlv(0x86, format!("http://h/{n}").as_bytes()))));
    let points: Vec<u8> = (0..2000).flat_map(point).collect();
    let der = certificate_of(&[1], name("holder"), key(), &[extension(&[0x55, 0x1D, 31], &tlv(0x30, &points))]);
    soon("distribution points", || judged(&der));
    let policy =
        |n: u16| sequence(&[oid(&[0x2A, 0x83, 0x08 | 0x80, 0x80 | (n >> 7) as u8 & 0x7F | 1, (n & 0x7F) as u8])]);
    let policies: Vec<u8> = (0..4000).flat_map(policy).collect();
    let der = certificate_of(&[1], name("holder"), key(), &[extension(&[0x55, 0x1D, 32], &tlv(0x30, &policies))]);
    soon("policies", || judged(&der));

    // A name as long as a certificate, of what is hard to normalise.
    for (what, text) in [
        ("marks", "a\u{315}\u{300}\u{5AE}\u{62B}".repeat(6000)),
        ("growth", "\u{FDFA}".repeat(20_000)),
        ("space", " ".repeat(60_000)),
    ] {
        let long = name(&text);
        soon(what, || assert!(Name::from_der(&long).unwrap() == Name::from_der(&long).unwrap()));
    }
    // Many attributes in one RDN, and many RDNs.
    let pair = sequence(&[oid(&[0x55, 4, 3]), tlv(0x0C, b"x")]);
    soon("attributes", || assert!(Name::from_der(&tlv(0x30, &tlv(0x31, &pair.repeat(100_000)))).is_err()));
    soon("RDNs", || assert!(Name::from_der(&tlv(0x30, &tlv(0x31, &pair).repeat(100_000))).is_err()));
}

#[test]
fn extensions_by_the_thousand_are_refused() {
    let unknown = |n: u32| {
        let digits = [0x2A, 0x83, 0x80 | (n >> 14 & 0x7F) as u8 | 1, 0x80 | (n >> 7 & 0x7F) as u8, (n & 0x7F) as u8];
        extension(&digits, &[5, 0])
    };
    let many: Vec<Vec<u8>> = (0..100_000).map(unknown).collect();
    soon("list", || assert!(Crl::from_der(&list_of(None, &many)).is_err()));
    let entry = sequence(&[tlv(2, &[1]), tlv(0x17, b"260102000000Z"), sequence(&many)]);
    soon("entry", || {
        let list = Crl::from_der(&list_of(Some(entry), &[]))
            .or_else(|_| Crl::from_der(&list_of(Some(Vec::new()), &[extension(&[0x55, 0x1D, 20], &[2, 1, 1])])));
        assert!(list.is_err() || list.unwrap().entries().all(|entry| entry.is_err()));
    });
    // A distribution point of a million names.
    let names = tlv(0x86, b"http://h/").repeat(1_000_000);
    let point = tlv(0x30, &tlv(0xA0, &tlv(0xA0, &names)));
    soon("names", || assert!(Crl::from_der(&list_of(None, &[extension(&[0x55, 0x1D, 28], &point)])).is_err()));
    // Every entry of an indirect list names its issuer in another way.
    let issuer = |n: usize| tlv(0x30, &tlv(0xA4, &name(&format!("issuer {n}"))));
    let entry = |n: usize| {
        let extensions = sequence(&[extension(&[0x55, 0x1D, 29], &issuer(n))]);
        sequence(&[tlv(2, &[1]), tlv(0x17, b"260102000000Z"), extensions])
    };
    let entries: Vec<u8> = (0..20_000).flat_map(entry).collect();
    let list = list_of(Some(entries), &[extension(&[0x55, 0x1D, 20], &[2, 1, 1])]);
    soon("issuers", || {
        let scan = Crl::from_der(&list).unwrap().scan(&SerialNumber::from_hex("02").unwrap()).unwrap();
        assert!(scan.names_issuers && scan.found.is_none());
    });
}

#[test]
fn answers_of_many_parts_are_refused() {
    let single = sequence(&[tlv(2, &[1])]);
    let data =
        sequence(&[tlv(0xA1, &name("responder")), tlv(0x18, b"20260101000000Z"), tlv(0x30, &single.repeat(200_000))]);
    let basic = sequence(&[data, algorithm(), tlv(3, &[0, 1])]);
    let wrapped = tlv(0xA0, &sequence(&[oid(&[0x2B, 6, 1, 5, 5, 7, 0x30, 1, 1]), tlv(4, &basic)]));
    let response = sequence(&[tlv(10, &[0]), wrapped]);
    soon("answers", || assert!(OcspResponse::from_der(&response).is_err()));
}

#[test]
fn configurations_are_bounded_too() {
    soon("sources", || {
        let source = |n: usize| format!("[[source]]\nname = \"{n}\"\ndocument = \"crl\"\naddress = \"file:///x\"\n");
        let text: String = (0..5000).map(source).collect();
        assert!(Configuration::from_toml(&format!("format = 1\n{text}")).is_err());
    });
    soon("pattern", || {
        assert!(AddressRule::new().with_pattern(&format!("https://h/{}", "{CN}".repeat(100_000))).is_ok())
    });
    soon("name", || assert!(Name::from_text(&"CN=x,".repeat(100_000)).is_err()));
}
