//! Revocation lists at scale: parse, check every entry, verify the signature and index, as a ratio to hashing the same bytes.
//!
//! `make bench`. Everything is measured in one run on one machine, in turn, the best of each; the 1000 probes that the generator
//! wrote beside each list are answered rightly first. `HONNIN_BENCH_ENTRIES=10000000` for another size than a million,
//! `HONNIN_BENCH_ROUNDS=2` for a quick look.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a measurement")]

use honnin::certificate::{Certificate, SerialNumber};
use honnin::validation::{Crl, IndexedCrl, Threads};
use honnin_benches::{Contender, best_of, rounds, tell};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const ROUNDS: usize = 7;

fn main() {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/tools");
    if !tools.join("crlgen").is_dir() {
        println!("SKIPPED crl: {} is missing", tools.join("crlgen").display());
        return;
    }
    let entries = std::env::var("HONNIN_BENCH_ENTRIES").map_or(1_000_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let generator = folder.path().join("crlgen");
    run(Command::new("gcc").args(["-O2", "-o"]).arg(&generator).arg(tools.join("crlgen/crlgen.c")).arg("-lcrypto"));
    let issuer = issuer(folder.path(), &tools.join("keys/sign-ca-g2.pem"));
    for (name, arguments) in [
        ("ascending 4-octet serials", ["seq", "4", "yes"]),
        ("ascending 16-octet counter", ["seq", "16", "yes"]),
        ("random 16-octet serials, ascending", ["rand", "16", "yes"]),
        ("random 16-octet serials, unordered", ["rand", "16", "no"]),
    ] {
        let [serials, octets, sort] = arguments;
        let file = folder.path().join("list.crl");
        run(Command::new(&generator)
            .args(["--entries", &format!("{entries}"), "--serials", serials, "--bytes", octets, "--sort", sort])
            .args(["--reasons", "mix", "--this", "2026-11-21T15:00:00Z", "--next", "2026-11-23T15:00:00Z"])
            .args(["--idp", "C=JP/O=JPKI-SYNTHETIC/OU=CRL Distribution Points/CN=Kiyose-shi CRLDP"])
            .arg("--issuer-key")
            .arg(tools.join("keys/sign-ca-g2.pem"))
            .arg("--issuer-cert")
            .arg(folder.path().join("issuer.der"))
            .arg("-o")
            .arg(&file));
        measure(name, entries, &file, &issuer);
    }
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A CA certificate for the synthetic key, made by OpenSSL.
fn issuer(folder: &Path, key: &Path) -> Certificate {
    let file = folder.join("issuer.der");
    run(Command::new("openssl")
        .args(["req", "-x509", "-new", "-sha256", "-days", "30", "-outform", "DER", "-key"])
        .arg(key)
        .args(["-subj", "/C=JP/O=JPKI-SYNTHETIC/OU=JPKI for digital signature"])
        .args(["-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out"])
        .arg(&file));
    Certificate::from_der(&std::fs::read(file).unwrap()).unwrap()
}

fn measure(name: &str, entries: usize, file: &PathBuf, issuer: &Certificate) {
    let der = std::fs::read(file).unwrap();
    println!("\n{name}: {entries} entries, {:.1} MB", der.len() as f64 / 1e6);
    let indexed = |threads| {
        let der = &der;
        Box::new(move || {
            let bytes = der.clone();
            let start = Instant::now();
            let list = IndexedCrl::new(Crl::from_owned_der(bytes).unwrap(), issuer, threads).unwrap();
            let time = start.elapsed();
            assert_eq!(list.len(), entries);
            time
        })
    };
    let one = probes(file).into_iter().find(|(_, revoked)| *revoked).unwrap().0;
    let mut ours: Vec<Contender<'_>> = vec![
        (
            "SHA-256 of the file (the floor)",
            Box::new(|| {
                let start = Instant::now();
                black_box(honnin::crypto::sha256(black_box(&der)));
                start.elapsed()
            }),
        ),
        ("honnin: parse, check every entry, verify, index, one thread", indexed(Threads::One)),
        ("honnin: the same, two threads", indexed(Threads::Two)),
        (
            "honnin: verify, one look-up without an index",
            Box::new(|| {
                let bytes = der.clone();
                let start = Instant::now();
                let list = Crl::from_owned_der(bytes).unwrap();
                list.verify_signature(issuer.spki_der()).unwrap();
                assert!(list.scan(&one).unwrap().found.is_some());
                start.elapsed()
            }),
        ),
    ];
    let best = best_of(rounds(ROUNDS), &mut ours);
    tell(&ours, &best, ("ms", 1e3));
    drop(ours);
    peers(&der, entries, issuer, best[0]);

    let list = IndexedCrl::new(Crl::from_owned_der(der).unwrap(), issuer, Threads::One).unwrap();
    println!("  the table: {:.1} bytes an entry", list.table_bytes() as f64 / entries as f64);
    look_ups(&list, &probes(file));
}

/// Others at the same list, as far as they go: each parses, has the file hashed or the signature verified, and can answer.
fn peers(der: &[u8], entries: usize, issuer: &Certificate, floor: Duration) {
    let key = openssl::pkey::PKey::public_key_from_der(issuer.spki_der()).unwrap();
    let mut peers: Vec<Contender<'_>> = vec![
        (
            "rustls-webpki: owned list, hash",
            Box::new(|| {
                let start = Instant::now();
                black_box(webpki::OwnedCertRevocationList::from_der(der).unwrap());
                black_box(honnin::crypto::sha256(der));
                start.elapsed()
            }),
        ),
        (
            "OpenSSL: parse, verify, one look-up (which sorts)",
            Box::new(|| {
                let start = Instant::now();
                let list = openssl::x509::X509Crl::from_der(der).unwrap();
                assert!(list.verify(&key).unwrap());
                let none = openssl::bn::BigNum::from_u32(1).unwrap().to_asn1_integer().unwrap();
                assert!(matches!(list.get_by_serial(&none), openssl::x509::CrlStatus::NotRevoked));
                let time = start.elapsed();
                drop(list);
                time
            }),
        ),
        (
            "x509-parser: parse, hash, no index",
            Box::new(|| {
                let start = Instant::now();
                let (_, list) = x509_parser::parse_x509_crl(der).unwrap();
                black_box(honnin::crypto::sha256(list.tbs_cert_list.as_ref()));
                assert_eq!(list.iter_revoked_certificates().count(), entries);
                start.elapsed()
            }),
        ),
    ];
    // Beyond a few million entries they take ten seconds and gigabytes: once is enough.
    let best = best_of(if entries > 2_000_000 { 1 } else { 2 }, &mut peers);
    for ((name, _), time) in peers.iter().zip(best) {
        let ratio = time.as_secs_f64() / floor.as_secs_f64();
        println!("  {name:<58} {:>9.2} ms  {ratio:>6.2}x", time.as_secs_f64() * 1e3);
    }
}

/// Serial numbers and whether the list names them, as the generator wrote them.
fn probes(file: &Path) -> Vec<(SerialNumber, bool)> {
    let text = std::fs::read_to_string(format!("{}.probes.tsv", file.display())).unwrap();
    let rows = text.lines().filter(|line| !line.starts_with('#') && !line.starts_with("serial"));
    rows.map(|line| {
        let mut fields = line.split('\t');
        let serial = SerialNumber::from_hex(fields.next().unwrap()).unwrap();
        (serial, matches!(fields.next().unwrap(), "1" | "yes" | "true" | "revoked"))
    })
    .collect()
}

/// A serial number for both tables, without a pointer to follow.
struct Wanted {
    octets: [u8; 20],
    length: usize,
    number: u128,
}

fn look_ups(list: &IndexedCrl, probes: &[(SerialNumber, bool)]) {
    assert_eq!(probes.iter().filter(|(_, revoked)| *revoked).count(), 500, "half of the probes are listed");
    for (serial, revoked) in probes {
        assert_eq!(list.find(serial.expose_bytes()).is_some(), *revoked, "a probe is answered wrongly");
    }
    // The yardstick: a sorted table of whole numbers and nothing else, so it cannot say when or why.
    let number = |serial: &[u8]| serial.iter().fold(0_u128, |number, octet| number << 8 | u128::from(*octet));
    let mut table: Vec<u128> = list.list().entries().map(|entry| number(entry.unwrap().serial)).collect();
    table.sort_unstable();
    // Enough of them, in no order, that neither table stays in the cache: every eighth entry and the number above it.
    let listed = list.list().entries().step_by(8).map(|entry| entry.unwrap().serial.to_vec());
    let mut wanted: Vec<Wanted> = listed
        .flat_map(|serial| {
            let mut above = serial.clone();
            *above.last_mut().unwrap() ^= 1;
            [serial, above]
        })
        .map(|serial| {
            let mut octets = [0; 20];
            octets[..serial.len()].copy_from_slice(&serial);
            Wanted { octets, length: serial.len(), number: number(&serial) }
        })
        .collect();
    wanted.sort_unstable_by_key(|one| honnin::crypto::sha256(&one.octets));
    let mut both: Vec<Contender<'_>> = vec![
        (
            "a look-up in a sorted table of numbers",
            Box::new(|| {
                let start = Instant::now();
                for one in &wanted {
                    black_box(table.binary_search(black_box(&one.number)).is_ok());
                }
                start.elapsed()
            }),
        ),
        (
            "honnin: a look-up, with date and reason",
            Box::new(|| {
                let start = Instant::now();
                for one in &wanted {
                    black_box(list.find(black_box(&one.octets[..one.length])));
                }
                start.elapsed()
            }),
        ),
    ];
    let best = best_of(rounds(ROUNDS), &mut both);
    tell(&both, &best, ("ns", 1e9 / wanted.len() as f64));
}
