//! Lists of `../shared/tools/crlgen` behind the index: every probe gets the state, date and reason that the generator wrote
//! down, from the index and from a plain scan alike.

// The helpers of this target are test code too; clippy only knows functions marked #[test].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use honnin::certificate::{Certificate, DistributionPoint, DistributionPointName, GeneralName, Name, SerialNumber};
use honnin::time::UnixTime;
use honnin::validation::{
    Crl, IndexedCrl, RevocationGap, RevocationIndex, RevocationQuery, RevocationSource as _, RevocationStatus, Threads,
};
use std::path::{Path, PathBuf};
use std::process::Command;

struct World {
    folder: tempfile::TempDir,
    keys: PathBuf,
}

fn run(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

impl World {
    fn new() -> Option<Self> {
        let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tools");
        let folder = tempfile::tempdir().unwrap();
        let mut compiler = Command::new("gcc");
        compiler.arg("-O2").arg("-o").arg(folder.path().join("crlgen")).arg(tools.join("crlgen/crlgen.c"));
        if !run(compiler.arg("-lcrypto")) {
            assert!(std::env::var_os("CI").is_none(), "crlgen, gcc or libcrypto is missing");
            eprintln!("SKIPPED crl_index: ../shared/tools/crlgen, gcc or libcrypto is missing");
            return None;
        }
        Some(Self { folder, keys: tools.join("keys") })
    }

    fn issuer(&self, key: &str) -> Certificate {
        let file = self.folder.path().join(format!("{key}.der"));
        assert!(run(Command::new("openssl")
            .args(["req", "-x509", "-new", "-sha256", "-days", "30", "-outform", "DER", "-key"])
            .arg(self.keys.join(format!("{key}.pem")))
            .args(["-subj", "/C=JP/O=JPKI-SYNTHETIC/OU=JPKI for digital signature", "-out"])
            .arg(&file)
            .args(["-addext", "keyUsage=critical,keyCertSign,cRLSign"])));
        Certificate::from_der(&std::fs::read(file).unwrap()).unwrap()
    }

    /// The bytes of a list, and its probes: serial number, date and reason if it is listed.
    fn list(&self, arguments: &str) -> (Vec<u8>, Vec<Probe>) {
        self.list_of(arguments, None)
    }

    /// The same for one distribution point, written `C=JP/CN=…`.
    fn list_of(&self, arguments: &str, point: Option<&str>) -> (Vec<u8>, Vec<Probe>) {
        let file = self.folder.path().join("list.crl");
        let mut generator = Command::new(self.folder.path().join("crlgen"));
        generator.args(["--this", "2026-11-21T15:00:00Z", "--next", "2026-11-23T15:00:00Z"]).args(arguments.split(' '));
        if let Some(point) = point {
            generator.args(["--idp", point]);
        }
        generator.arg("--issuer-key").arg(self.keys.join("sign-ca-g2.pem"));
        generator.arg("--issuer-cert").arg(self.folder.path().join("sign-ca-g2.der"));
        assert!(run(generator.arg("-o").arg(&file)), "crlgen {arguments}");
        let text = std::fs::read_to_string(format!("{}.probes.tsv", file.display())).unwrap();
        let rows = text.lines().filter(|line| !line.starts_with('#'));
        let probes = rows.map(|line| {
            let [serial, listed, reason, date]: [&str; 4] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
            let listed = (listed == "yes").then(|| {
                let reason = Some(reason).filter(|reason| *reason != "-").map(str::to_owned);
                (date.parse().unwrap(), reason)
            });
            (SerialNumber::from_hex(serial).unwrap(), listed)
        });
        (std::fs::read(&file).unwrap(), probes.collect())
    }
}

type Probe = (SerialNumber, Option<(UnixTime, Option<String>)>);

fn query<'a>(issuer: &'a Certificate, serial: &'a SerialNumber, at: &str) -> RevocationQuery<'a> {
    let at = at.parse().unwrap();
    RevocationQuery { issuer, issuer_name: issuer.subject(), serial, distribution_points: &[], is_ca: false, at }
}

const WITHIN: &str = "2026-11-22T03:00:00Z";

#[test]
fn every_probe_gets_its_state_date_and_reason() {
    let Some(world) = World::new() else { return };
    let issuer = world.issuer("sign-ca-g2");
    for arguments in [
        "--entries 20000 --serials seq --bytes 4 --reasons mix",
        "--entries 20000 --serials seq --bytes 20 --reasons none",
        "--entries 20000 --serials rand --bytes 16 --reasons mix",
        "--entries 20000 --serials rand --bytes 16 --reasons mix --sort no",
        "--entries 20000 --serials rand --bytes 9 --reasons 6 --sort no",
    ] {
        let (der, probes) = world.list(arguments);
        assert_eq!(probes.len(), 1000);
        let list = Crl::from_der(&der).unwrap();
        let mut indexes = Vec::new();
        for threads in [Threads::One, Threads::Two] {
            let indexed = IndexedCrl::new(Crl::from_owned_der(der.clone()).unwrap(), &issuer, threads).unwrap();
            assert_eq!(indexed.len(), 20_000);
            assert!(indexed.table_bytes() < 20 * indexed.len(), "{arguments}: {} bytes", indexed.table_bytes());
            let mut index = RevocationIndex::new();
            index.add(indexed);
            indexes.push(index);
        }
        for (number, (serial, expected)) in probes.iter().enumerate() {
            let check = |status: RevocationStatus| match (status, expected) {
                (RevocationStatus::Good(_), None) => {}
                (RevocationStatus::Revoked { at, reason, .. }, Some((date, word))) => {
                    assert_eq!((at, reason.map(|reason| reason.as_str().to_owned())), (*date, word.clone()));
                }
                other => panic!("{arguments}, probe {number}: {other:?}"),
            };
            let query = query(&issuer, serial, WITHIN);
            for index in &indexes {
                check(index.status(&query));
            }
            // A scan walks the whole list, so not for every probe.
            if number % 100 == 0 {
                check(list.status(&query));
            }
        }
    }
}

#[test]
fn an_index_keeps_keys_dates_and_forgeries_apart() {
    let Some(world) = World::new() else { return };
    let (issuer, older) = (world.issuer("sign-ca-g2"), world.issuer("sign-ca-g1"));
    let (der, probes) = world.list("--entries 1000 --serials seq --bytes 4 --reasons mix");
    let (serial, _) = probes.iter().find(|(_, listed)| listed.is_some()).unwrap();
    let read = |der: &[u8]| Crl::from_der(der).unwrap();
    let indexed = IndexedCrl::new(read(&der), &issuer, Threads::Two).unwrap();

    // Same name, other key: the older generation's certificate with this number is somebody else's.
    assert_eq!(issuer.subject(), older.subject());
    let told = |issuer, at| match indexed.status(&query(issuer, serial, at)) {
        RevocationStatus::Undetermined(gap) => gap,
        other => panic!("{other:?}"),
    };
    assert_eq!(told(&older, WITHIN), RevocationGap::OtherIssuer);
    assert_eq!(told(&issuer, "2026-11-21T14:59:59Z"), RevocationGap::NotYetCurrent);
    assert_eq!(told(&issuer, "2026-11-23T15:00:00Z"), RevocationGap::Stale);

    for threads in [Threads::One, Threads::Two] {
        let refused = |der: &[u8], issuer| IndexedCrl::new(read(der), issuer, threads).unwrap_err();
        let by_other = refused(&der, &older);
        assert!(matches!(by_other, RevocationGap::OtherIssuer | RevocationGap::SignatureInvalid), "{by_other:?}");
        // One serial number changed by one bit, deep in the list.
        let mut forged = der.clone();
        let place = forged.windows(4).rposition(|window| window == serial.expose_bytes()).unwrap();
        forged[place + 3] ^= 1;
        assert_eq!(refused(&forged, &issuer), RevocationGap::SignatureInvalid);
    }
    assert!(!format!("{indexed:?}").contains(&serial.expose_hex()));
}

#[test]
fn the_right_partition_is_found_among_all() {
    // certificates.md §3.3: about 1,900 lists for each CA and generation.
    let Some(world) = World::new() else { return };
    let issuer = world.issuer("sign-ca-g2");
    let towns = if std::env::var_os("HONNIN_TEST_LONG").is_some() { 1900 } else { 60 };
    let place = |n: usize| {
        format!("C=JP/O=JPKI-SYNTHETIC/OU=CRL Distribution Points/OU=Prefecture {}/CN=Town {n} CRLDP", n % 47)
    };
    let mut index = RevocationIndex::new();
    assert_eq!(
        undetermined(index.status(&query(&issuer, &SerialNumber::from_hex("01").unwrap(), WITHIN))),
        RevocationGap::NoSource
    );
    let mut probes = Vec::new();
    for n in 0..towns {
        // The same numbers everywhere, revoked in one town and not in the next: only the name tells.
        let arguments = format!("--entries 40 --serials seq --bytes 4 --reasons none --first {}", 0x0100_0000 + n);
        let (der, found) = world.list_of(&arguments, Some(&place(n)));
        probes.push(found);
        index.add(IndexedCrl::new(Crl::from_owned_der(der).unwrap(), &issuer, Threads::One).unwrap());
    }
    assert_eq!(index.lists().len(), towns);
    // Names, keys and digests stay out of a log, however they would be written there.
    assert_eq!(format!("{index:?}"), format!("RevocationIndex({towns} lists, 1 issuers)"));
    assert_eq!(format!("{index:#?}"), format!("{index:?}"));
    for n in (0..towns).step_by(7) {
        // As another encoder would write it: other case, other string types.
        let name = Name::from_text(&place(n).replace('/', ", ").to_uppercase()).unwrap();
        let points = [DistributionPoint {
            name: Some(DistributionPointName::Full(vec![GeneralName::Directory(name)])),
            reasons: None,
            crl_issuer: Vec::new(),
        }];
        for (serial, listed) in &probes[n] {
            let query = RevocationQuery { distribution_points: &points, ..query(&issuer, serial, WITHIN) };
            assert_eq!(index.lists_for(&query).count(), 1);
            match index.status(&query) {
                RevocationStatus::Revoked { .. } => assert!(listed.is_some()),
                RevocationStatus::Good(_) => assert!(listed.is_none()),
                other => panic!("{other:?}"),
            }
        }
    }
    // Without its name no list is asked, and none says "good".
    let serial = &probes[0][0].0;
    assert_eq!(undetermined(index.status(&query(&issuer, serial, WITHIN))), RevocationGap::OtherScope);
    let older = world.issuer("sign-ca-g1");
    assert_eq!(undetermined(index.status(&query(&older, serial, WITHIN))), RevocationGap::OtherIssuer);
}

fn undetermined(status: RevocationStatus) -> RevocationGap {
    match status {
        RevocationStatus::Undetermined(gap) => gap,
        other => panic!("{other:?}"),
    }
}
