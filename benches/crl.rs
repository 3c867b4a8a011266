//! Revocation lists at scale: parse, check every entry, verify the signature and index, as a ratio to hashing the same bytes.
//!
//! `make bench`. Everything is measured in one run on one machine, the median of five, and the look-ups against the 1000 probes
//! that the generator wrote beside each list, whose answers are checked. `HONNIN_BENCH_ENTRIES` for another size.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a measurement")]

use honnin::certificate::Certificate;
use honnin::certificate::SerialNumber;
use honnin::validation::{Crl, IndexedCrl, Threads};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;

fn main() {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tools");
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

fn median(work: impl FnMut() -> Duration) -> Duration {
    median_of(ROUNDS, work)
}

fn median_of(rounds: usize, mut work: impl FnMut() -> Duration) -> Duration {
    let mut times: Vec<Duration> = (0..rounds).map(|_| work()).collect();
    times.sort();
    times[rounds / 2]
}

fn measure(name: &str, entries: usize, file: &PathBuf, issuer: &Certificate) {
    let der = std::fs::read(file).unwrap();
    println!("\n{name}: {entries} entries, {:.1} MB", der.len() as f64 / 1e6);
    let floor = median(|| {
        let start = Instant::now();
        black_box(honnin::crypto::sha256(black_box(&der)));
        start.elapsed()
    });
    let told = |what: &str, time: Duration| {
        println!(
            "  {what:<44} {:>9.1} ms  {:>6.2}x",
            time.as_secs_f64() * 1e3,
            time.as_secs_f64() / floor.as_secs_f64()
        );
    };
    told("SHA-256 of the file (the floor)", floor);
    for threads in [Threads::One, Threads::Two] {
        let time = median(|| {
            let bytes = der.clone();
            let start = Instant::now();
            let list = IndexedCrl::new(Crl::from_owned_der(bytes).unwrap(), issuer, threads).unwrap();
            let time = start.elapsed();
            assert_eq!(list.len(), entries);
            time
        });
        told(&format!("honnin: parse, check, verify, index ({threads:?})"), time);
    }
    let one = probes(file).into_iter().find(|(_, revoked)| *revoked).unwrap().0;
    let scanned = median(|| {
        let bytes = der.clone();
        let start = Instant::now();
        let list = Crl::from_owned_der(bytes).unwrap();
        list.verify_signature(issuer.spki_der()).unwrap();
        assert!(list.scan(&one).unwrap().found.is_some());
        start.elapsed()
    });
    told("honnin: verify, one look-up without an index", scanned);
    // Beyond a few million entries the other parser takes ten seconds and gigabytes: once is enough.
    let rounds = if entries > 2_000_000 { 1 } else { ROUNDS };
    let other = median_of(rounds, || {
        let start = Instant::now();
        let (_, list) = x509_parser::parse_x509_crl(&der).unwrap();
        black_box(honnin::crypto::sha256(list.tbs_cert_list.as_ref()));
        assert_eq!(list.iter_revoked_certificates().count(), entries);
        start.elapsed()
    });
    told("x509-parser: parse and hash, no index", other);

    let list = IndexedCrl::new(Crl::from_owned_der(der).unwrap(), issuer, Threads::One).unwrap();
    println!("  the table: {:.1} bytes an entry", list.table_bytes() as f64 / entries as f64);
    look_ups(&list, &probes(file));
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
    let each = |time: Duration| time.as_secs_f64() * 1e9 / wanted.len() as f64;
    let sorted = median(|| {
        let start = Instant::now();
        for one in &wanted {
            black_box(table.binary_search(black_box(&one.number)).is_ok());
        }
        start.elapsed()
    });
    let ours = median(|| {
        let start = Instant::now();
        for one in &wanted {
            black_box(list.find(black_box(&one.octets[..one.length])));
        }
        start.elapsed()
    });
    println!(
        "  a look-up with date and reason: {:.0} ns; in a sorted table: {:.0} ns; {:.2}x",
        each(ours),
        each(sorted),
        ours.as_secs_f64() / sorted.as_secs_f64()
    );
}
