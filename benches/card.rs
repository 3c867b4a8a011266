//! `card status`, certificate read and signing over one pcscd and one simulated card: our program beside OpenSC's tools and
//! beside `myna-card`, each as a process of its own, in one run.
//!
//! `make bench-card`. Exchanges and bytes are counted by the card itself. The last column is what they would take over a
//! contactless link as card.md has it modelled: 14 ms an exchange, 94 µs a byte, 600 ms a signature; the virtual reader's own
//! wire takes next to nothing, so the wall clock shows the programs and not the link.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement"
)]

use honnin::authority::{Persona, create};
use honnin::card::{Access, Caution, CertificateFile, Key, Session, jpki};
use honnin::holder::look_over;
use honnin::secret::{Secret, SecretKind};
use honnin::simulator::{CardFile, QueryAnswer, SimulatedCard, vpcd};
use honnin::transport::pcsc::{PcscChannel, Service, SlotState};
use myna_card::ap::jpki::{JpkiAp, SignatureScheme};
use myna_card::ap::surface::SurfaceAp;
use myna_card::ap::text::TextAp;
use myna_card::{Card, Pin, Transmit};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const ROUNDS: usize = 41;

/// The first of the two virtual readers; the other one is empty.
const READER: &str = "Virtual PCD 00 00";

/// Milliseconds of two short exchanges over the modelled link.
const TWO_EXCHANGES: f64 = 30.0;

/// SHA-256's DigestInfo around 32 bytes.
const DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("--as") => {
            act(&arguments[2..].join(" "));
            ExitCode::SUCCESS
        }
        _ if std::env::var_os("VPCD_PORT").is_none() => beside_a_pcscd(),
        _ => {
            compare();
            ExitCode::SUCCESS
        }
    }
}

/// Runs this program again beside a pcscd of its own.
fn beside_a_pcscd() -> ExitCode {
    let wrapper = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/with-pcscd");
    let status = Command::new(wrapper).arg(std::env::current_exe().unwrap()).status().unwrap();
    match status.code() {
        Some(77) => {
            eprintln!("SKIPPED bench card: no pcscd can be run here");
            ExitCode::SUCCESS
        }
        Some(0) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// The small programs that are measured: one library each, one sitting each.
fn act(what: &str) {
    match what {
        "myna-card status" => {
            // The facts that `honnin card status` tells: kind, tries, what is there, validity and CA of the certificate.
            let mut card = Card::new(Link::open());
            let mut jpki = JpkiAp::select(&mut card).unwrap();
            jpki.read_token_type().unwrap();
            jpki.read_certificate_availability().unwrap();
            jpki.auth_pin_retries().unwrap();
            jpki.sign_pin_retries().unwrap();
            jpki.read_auth_certificate_der().unwrap();
            jpki.read_auth_ca_certificate_der().unwrap();
            TextAp::select(&mut card).unwrap().retries(0x11).unwrap();
            SurfaceAp::select(&mut card).unwrap();
        }
        "myna-card certificate" => {
            let mut card = Card::new(Link::open());
            JpkiAp::select(&mut card).unwrap().read_auth_certificate_der().unwrap();
        }
        "myna-card sign" => sign_with_myna_card(false),
        "myna-card certificate and sign" => sign_with_myna_card(true),
        "honnin status" => look_with_honnin(session()),
        "honnin certificate" => read_with_honnin(session()),
        "honnin certificate, extended" => read_with_honnin(session().reading_extended(|_| {})),
        "honnin sign" => sign_with_honnin(session(), false),
        "honnin certificate and sign" => sign_with_honnin(session(), true),
        "honnin certificate and sign, extended" => sign_with_honnin(session().reading_extended(|_| {}), true),
        other => panic!("{other} is none of them"),
    }
}

/// Our library on the card that is there, exclusively, as a program of one sitting uses it.
fn session() -> Session<PcscChannel> {
    let service = Service::connect().unwrap();
    let opened = service.open_only(|name| name == READER, Access::Exclusive).unwrap();
    Session::new(opened.expect("a card is in it").1)
}

fn look_with_honnin(mut session: Session<PcscChannel>) {
    let status = session.run(async |card| look_over(card).await).unwrap();
    assert_eq!(status.digital_signature_present, Some(true));
    session.close().unwrap();
}

fn read_with_honnin(mut session: Session<PcscChannel>) {
    let der = session.run(async |card| {
        jpki::select(card).await?;
        jpki::read_certificate(card, CertificateFile::UserAuthentication).await
    });
    assert!(der.unwrap().len() > 1000);
    session.close().unwrap();
}

fn sign_with_honnin(mut session: Session<PcscChannel>, with_certificate: bool) {
    let (secret, _) = Secret::new(SecretKind::UserAuthentication, b"1234").unwrap();
    let signed = session.run(async |card| {
        jpki::select(card).await?;
        if with_certificate {
            jpki::read_certificate(card, CertificateFile::UserAuthentication).await?;
        }
        let unlocked = jpki::unlock(card, Key::UserAuthentication, &secret, Caution::default()).await?;
        jpki::sign(card, &unlocked, &[&DIGEST_INFO[..], &[0x5A; 32]].concat()).await
    });
    assert_eq!(signed.unwrap().len(), 256);
    session.close().unwrap();
}

fn sign_with_myna_card(with_certificate: bool) {
    let mut card = Card::new(Link::open());
    let mut jpki = JpkiAp::select(&mut card).unwrap();
    if with_certificate {
        jpki.read_auth_certificate_der().unwrap();
    }
    jpki.verify_auth_pin(&Pin::numeric("1234").unwrap()).unwrap();
    let input = [&DIGEST_INFO[..], &[0x5A; 32]].concat();
    assert_eq!(jpki.sign_with_auth_key(SignatureScheme::Verbatim, &input).unwrap().len(), 256);
}

/// What `myna-card`'s own PC/SC back end does: exclusive, unpowered at the end.
struct Link(Option<pcsc::Card>);

impl Link {
    fn open() -> Self {
        let context = pcsc::Context::establish(pcsc::Scope::User).unwrap();
        let reader = context.list_readers_owned().unwrap().remove(0);
        Self(Some(context.connect(&reader, pcsc::ShareMode::Exclusive, pcsc::Protocols::ANY).unwrap()))
    }
}

impl Transmit for Link {
    fn transmit(&mut self, command: &[u8]) -> myna_card::Result<Vec<u8>> {
        let mut buffer = vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED];
        let card = self.0.as_ref().ok_or(myna_card::Error::NoReader)?;
        card.transmit(command, &mut buffer).map(<[u8]>::to_vec).map_err(|_| myna_card::Error::NoReader)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        if let Some(card) = self.0.take() {
            let _ = card.disconnect(pcsc::Disposition::UnpowerCard);
        }
    }
}

/// What is measured: a task, who does it, and how.
struct Contestant {
    task: &'static str,
    who: &'static str,
    /// Programs run one after the other, each with its arguments.
    steps: Vec<Vec<String>>,
    /// What was done with this reader some other day.
    before: Option<Vec<String>>,
    /// What it remembers from run to run, and from no other contestant.
    state: tempfile::TempDir,
}

impl Contestant {
    /// Whether it is one of ours. Ours come first in every task, the whole program before the library.
    fn is_ours(&self) -> bool {
        self.who.starts_with("honnin")
    }

    /// One run; `None` where a program is not there.
    fn run(&self, steps: &[Vec<String>]) -> Option<Duration> {
        let started = Instant::now();
        for step in steps {
            let output = Command::new(&step[0])
                .args(&step[1..])
                .env("BENCH_SECRET", "1234")
                .env("XDG_STATE_HOME", self.state.path())
                .stdin(Stdio::null())
                .output()
                .ok()?;
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{} {}: {said}", self.task, self.who);
        }
        Some(started.elapsed())
    }
}

/// What one run takes of the link.
struct Counted {
    exchanges: usize,
    bytes: usize,
    signatures: usize,
}

impl Counted {
    /// card.md: 14 ms an exchange, 94 µs a byte, 600 ms a signature.
    fn modelled(&self) -> f64 {
        let number = |value: usize| f64::from(u32::try_from(value).unwrap());
        14.0 * number(self.exchanges) + 0.094 * number(self.bytes) + 600.0 * number(self.signatures)
    }
}

/// What a row does, since not every one does the same.
const LEGEND: &str = "
Wall clock: the median of rounds in which every contestant of a task had its turn, from the start of a process to its end.
The virtual reader has two slots. Ours are told which one is meant, as a machine with one reader has it; the others take the
first, or look for a card.
* honnin card status, certificate read, sign: the whole program. It takes its arguments, listens for signals, leaves the
  card locked, checks what it read, words its report and writes files whole or not at all. `sign` makes a CMS SignedData
  and waits until it is on the disk. (second sitting): the same, after one run with --extended-reads try that worked.
* honnin, the library and myna-card: one sitting each in a program that does nothing else. Ours asks for the counter before a
  secret and locks the card after it; neither writes anything, and the signature is bare.
* OpenSC's tools: as one calls them. What they sign or read is written, nothing is locked.";

fn compare() {
    let at = "2026-11-22T03:00:00Z".parse().unwrap();
    let mut card = create(Persona::Adult, at, &mut rand_core::OsRng).unwrap().card;
    // OpenSC leaves the key unlocked and then takes the counter's measured answer, 9000, for another card.
    card.switches.query_when_verified = QueryAnswer::Counter;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("content"), "synthetic text\n").unwrap();
    std::fs::write(path("digest"), [0x5A; 32]).unwrap();
    println!("{:<34} {:<42} {:>9} {:>7} {:>8} {:>12}", "task", "who", "exchanges", "bytes", "wall ms", "modelled ms");
    for contestants in contestants(folder.path()).chunk_by(|a, b| a.task == b.task) {
        compare_at(contestants, &card);
    }
    println!("{LEGEND}");
}

/// All who do one task.
fn compare_at(contestants: &[Contestant], card: &CardFile) {
    let (mut there, mut missing) = (Vec::new(), Vec::new());
    for contestant in contestants {
        match count(contestant, card) {
            Some(counted) => there.push((contestant, counted)),
            None => missing.push(contestant),
        }
    }
    let times = race(&there.iter().map(|(contestant, _)| *contestant).collect::<Vec<_>>(), card);
    let ours = there.first().map_or(f64::INFINITY, |(_, counted)| counted.modelled());
    for ((contestant, counted), milliseconds) in there.iter().zip(times) {
        let (Contestant { task, who, .. }, Counted { exchanges, bytes, .. }) = (contestant, counted);
        let modelled = counted.modelled();
        println!("{task:<34} {who:<42} {exchanges:>9} {bytes:>7} {milliseconds:>8.1} {modelled:>12.0}");
        // Ours asks for the counter before a secret and locks the card after it, which others leave out: that much it may be behind.
        assert!(
            contestant.is_ours() || ours <= modelled + TWO_EXCHANGES,
            "{task}: {who} needs less of the link than we do"
        );
    }
    for Contestant { task, who, .. } in missing {
        println!("{task:<34} {who:<42} not installed");
    }
}

fn contestants(folder: &Path) -> Vec<Contestant> {
    let myself = std::env::current_exe().unwrap().display().to_string();
    let honnin = env!("CARGO_BIN_EXE_honnin").to_owned();
    let path = |name: &str| folder.join(name).display().to_string();
    let words = |program: &str, arguments: &[&str]| {
        std::iter::once(program).chain(arguments.iter().copied()).map(str::to_owned).collect::<Vec<_>>()
    };
    let ours = |arguments: &[&str]| words(&honnin, &[&["--reader", READER], arguments].concat());
    let row = |task, who, steps| Contestant { task, who, steps, before: None, state: tempfile::tempdir().unwrap() };
    let one = |task, who, step| row(task, who, vec![step]);
    // What worked on a reader one day is done the next without being asked for.
    let again = |task, who, step: Vec<String>| {
        let asked = words("--extended-reads", &["try"]);
        Contestant { before: Some([step.clone(), asked].concat()), ..one(task, who, step) }
    };
    let module = pkcs11_module().display().to_string();
    let (content, digest, out) = (path("content"), path("digest"), path("out"));
    let status = "status of the card";
    let certificate = "authentication certificate";
    let digest_task = "sign one digest";
    let file_task = "sign a file, with its certificate";
    let pkcs11 = words(
        "pkcs11-tool",
        &[
            "--module",
            &module,
            "--sign",
            "-m",
            "SHA256-RSA-PKCS",
            "--id",
            "1",
            "--login",
            "--pin",
            "1234",
            "-i",
            &content,
            "-o",
            &out,
        ],
    );
    let read = words("pkcs15-tool", &["--read-certificate", "1"]);
    let read_ours = ours(&["certificate", "read", "user-authentication", "--out", &out]);
    let sign_ours =
        ours(&["sign", &content, "--out", &out, "--key", "user-authentication", "--pin-from", "env:BENCH_SECRET"]);
    let bare = |what: &[&str]| words(&myself, &[&["--as"], what].concat());
    let crypt = words(
        "pkcs15-crypt",
        &[
            "--sign",
            "--key",
            "1",
            "--pkcs1",
            "--sha-256",
            "--pin",
            "1234",
            "--input",
            &digest,
            "--output",
            &out,
            "--raw",
        ],
    );
    vec![
        one(status, "honnin card status", ours(&["card", "status", "--json"])),
        one(status, "honnin, the library", bare(&["honnin", "status"])),
        again(status, "honnin card status (second sitting)", ours(&["card", "status", "--json"])),
        one(status, "myna-card, the same facts", bare(&["myna-card", "status"])),
        one(status, "pkcs15-tool --dump", words("pkcs15-tool", &["--dump"])),
        one(certificate, "honnin certificate read", read_ours.clone()),
        again(certificate, "honnin certificate read (second sitting)", read_ours),
        one(certificate, "honnin, the library", bare(&["honnin", "certificate"])),
        one(certificate, "honnin, the library, extended reads", bare(&["honnin", "certificate,", "extended"])),
        one(certificate, "myna-card", bare(&["myna-card", "certificate"])),
        one(certificate, "pkcs15-tool", read.clone()),
        one(digest_task, "honnin, the library", bare(&["honnin", "sign"])),
        one(digest_task, "myna-card", bare(&["myna-card", "sign"])),
        one(digest_task, "pkcs15-crypt", crypt),
        one(digest_task, "pkcs11-tool", pkcs11.clone()),
        one(file_task, "honnin sign", sign_ours.clone()),
        again(file_task, "honnin sign (second sitting)", sign_ours),
        one(file_task, "honnin, the library", bare(&["honnin", "certificate", "and", "sign"])),
        one(
            file_task,
            "honnin, the library, extended reads",
            bare(&["honnin", "certificate", "and", "sign,", "extended"]),
        ),
        one(file_task, "myna-card", bare(&["myna-card", "certificate", "and", "sign"])),
        row(file_task, "pkcs15-tool and pkcs11-tool", vec![read, pkcs11]),
    ]
}

/// What one run takes of the link, by the log of a fresh card; `None` where a program is not there.
fn count(contestant: &Contestant, file: &CardFile) -> Option<Counted> {
    if let Some(before) = &contestant.before {
        let reader = InReader::insert(file);
        contestant.run(std::slice::from_ref(before))?;
        reader.remove();
    }
    let reader = InReader::insert(file);
    let runs = 2;
    let ran: Vec<_> = (0..runs).map(|_| contestant.run(&contestant.steps)).collect();
    let card = reader.remove();
    let log = card.log();
    ran.into_iter().collect::<Option<Vec<_>>>()?;
    assert_eq!(log.len() % runs, 0, "{} {}: every run takes the same", contestant.task, contestant.who);
    let bytes: usize = log.iter().map(|(command, answer)| command.len() + answer.len()).sum();
    let signatures = log.iter().filter(|(command, _)| command.starts_with(&[0x80, 0x2A])).count();
    Some(Counted { exchanges: log.len() / runs, bytes: bytes / runs, signatures: signatures / runs })
}

/// The median milliseconds of each. They take turns, so that what else the machine does meets all of them.
fn race(contestants: &[&Contestant], file: &CardFile) -> Vec<f64> {
    let reader = InReader::insert(file);
    let mut times = vec![Vec::new(); contestants.len()];
    for _ in 0..ROUNDS {
        for (contestant, times) in contestants.iter().zip(&mut times) {
            times.extend(contestant.run(&contestant.steps).map(|took| took.as_secs_f64() * 1000.0));
        }
    }
    reader.remove();
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    times.into_iter().map(median).collect()
}

/// The card in the virtual reader, served from a thread of this process, which has its log.
struct InReader {
    stop: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<SimulatedCard>,
}

impl InReader {
    fn insert(file: &CardFile) -> Self {
        let mut card = SimulatedCard::from_file(file.clone()).unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let there = Arc::clone(&stop);
        let address = format!("{}:{}", std::env::var("VPCD_HOST").unwrap(), std::env::var("VPCD_PORT").unwrap());
        let thread = std::thread::spawn(move || {
            vpcd::serve(&mut card, address, &there, |_| {}).unwrap();
            card
        });
        wait_for(SlotState::Present);
        Self { stop, thread }
    }

    fn remove(self) -> SimulatedCard {
        self.stop.store(true, Ordering::Relaxed);
        let card = self.thread.join().unwrap();
        wait_for(SlotState::Empty);
        card
    }
}

fn wait_for(state: SlotState) {
    let service = Service::connect().unwrap();
    let until = Instant::now() + Duration::from_secs(20);
    while service.readers().unwrap().first().map(|reader| reader.slot) != Some(state) {
        assert!(Instant::now() < until, "the reader never became {state:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn pkcs11_module() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").unwrap().filter_map(Result::ok).map(|entry| entry.path());
    folders.map(|folder| folder.join("opensc-pkcs11.so")).find(|path| path.exists()).unwrap_or_default()
}
