//! The periodic sweep over many accounts: rows per second against the store's own scan rate in the same run, and the memory it
//! takes.
//!
//! `make bench`. The store is furnished before the clock starts: every account has a confirmation record with its evidence, made
//! from one approval. A scan reads and opens the same rows and does nothing with them. `HONNIN_BENCH_ACCOUNTS` sets how many.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a measurement")]

#[path = "../tests/kyc/holder.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod holder;

/// The instant of the holder's module.
mod stores {
    pub(crate) const AT: honnin::time::UnixTime = honnin::time::UnixTime::from_seconds(1_795_316_400);
}

use holder::{anchors, grounds, list, prove};
use honnin::kyc::{
    Account, AccountId, Answer, Case, CaseId, CaseState, ConfirmationRecord, Declaration, Effects, Request, Store,
    Upgrade, Version, Versioned,
};
use honnin::policy::Policy;
use honnin::recheck::{DEFAULT_PAGE, Issuers, Recheck};
use honnin::record::Archive as _;
use honnin::store::{MemoryStore, OpenMode, SqliteStore};
use honnin::validation::{IndexedCrl, RevocationIndex, Threads};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use stores::AT;

/// Many, so that many share a commit while the store is furnished.
const THREADS: usize = 512;
const ROUNDS: usize = 3;

fn main() {
    let accounts = std::env::var("HONNIN_BENCH_ACCOUNTS").map_or(200_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let policy = Policy::jp_wellnet_mock().unwrap();
    let file = folder.path().join("accounts.db");
    let start = Instant::now();
    furnish(&SqliteStore::open(&file, OpenMode::Create, Duration::from_secs(60)).unwrap(), &policy, accounts);
    println!("{accounts} accounts furnished in {:.0} s", start.elapsed().as_secs_f64());

    let store = SqliteStore::open(&file, OpenMode::Existing, Duration::from_secs(60)).unwrap();
    let anchors = anchors();
    let mut index = RevocationIndex::new();
    for list in list(AT, false) {
        let mut issuers = anchors.for_purpose(None).map(|anchor| anchor.certificate());
        let issuer = issuers.find(|issuer| list.verify_signature(issuer.spki_der()).is_ok()).unwrap().clone();
        index.add(IndexedCrl::new(list, &issuer, Threads::One).unwrap());
    }
    let mut rounds: Vec<[f64; 3]> = (0..ROUNDS)
        .map(|round| {
            // Side by side within a round, so that a noisy machine disturbs both.
            let scanned = scan(&store, accounts);
            forget_peak();
            let before = kilobytes("VmRSS");
            let at = AT.plus_seconds(i64::try_from(round).unwrap());
            let start = Instant::now();
            let recheck = Recheck::new(&store, &policy, Issuers::of(&anchors), &index);
            let done = recheck.run(at, |_| true).unwrap();
            let swept = per_second(accounts, start.elapsed());
            assert_eq!(done.report.unchanged, u64::try_from(accounts).unwrap(), "{:?}", done.report);
            let more = kilobytes("VmHWM").saturating_sub(before);
            [scanned, swept, f64::from(u32::try_from(more).unwrap()) / 1024.0]
        })
        .collect();
    rounds.sort_by(|a, b| (a[1] / a[0]).total_cmp(&(b[1] / b[0])));
    let [scanned, swept, more] = rounds[ROUNDS / 2];
    println!("\nrecheck of {accounts} accounts, SQLite, pages of {DEFAULT_PAGE}; the median of {ROUNDS} rounds");
    println!("  the store's own scan           {scanned:>10.0} rows/s");
    println!("  recheck                        {swept:>10.0} rows/s   ({:.0} % of it)", swept / scanned * 100.0);
    println!("  memory beyond what was there   {more:>10.1} MiB");
    println!("  peak of the process            {:>10.1} MiB", kilobytes("VmHWM") as f64 / 1024.0);
}

fn per_second(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

/// A line of /proc/self/status, in KiB; 0 where there is none.
fn kilobytes(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.and_then(|line| line.split_whitespace().next()).and_then(|word| word.parse().ok()).unwrap_or_default()
}

/// From here on the peak counts anew (proc(5), clear_refs).
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Reads and opens every row by the same pages.
fn scan(store: &SqliteStore, accounts: usize) -> f64 {
    let start = Instant::now();
    let (mut seen, mut after): (usize, Option<AccountId>) = (0, None);
    loop {
        let page = store.signers_after(after.as_ref(), DEFAULT_PAGE).unwrap();
        let Some(last) = page.last() else { break };
        seen += page.len();
        after = Some(last.account.clone());
    }
    assert_eq!(seen, accounts);
    per_second(seen, start.elapsed())
}

/// One approval's record, whose like every account gets.
fn approved(policy: &Policy) -> (Case, ConfirmationRecord) {
    let store = MemoryStore::new();
    let engine = Upgrade::new(&store, policy);
    let (account, case): (AccountId, CaseId) = ("a-0".parse().unwrap(), "case_0".parse().unwrap());
    let declaration = Declaration { purpose: Some("送金".into()), occupation: Some("会社員".into()) };
    engine.create_account(account.clone(), AT).unwrap();
    engine.open_case(case.clone(), &account, declaration, AT).unwrap();
    let request = Request { purpose: "本人確認".into(), transaction: "申し込みます。".into() };
    let challenge = engine.issue_challenge(&case, &request, &mut rand_core::OsRng, AT).unwrap();
    let (anchors, lists) = (anchors(), list(AT, false));
    let answer = engine.submit(&case, &prove(&challenge), &grounds(&anchors, &lists), AT).unwrap();
    assert!(matches!(answer, Answer::Decided(_)));
    (store.load_case(&case).unwrap().unwrap().facts, store.confirmation_record(&case).unwrap().expect("approved"))
}

fn furnish(store: &SqliteStore, policy: &Policy, accounts: usize) {
    let (case, record) = approved(policy);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= accounts {
                        break;
                    }
                    let account: AccountId = format!("a-{number}").parse().unwrap();
                    let id: CaseId = format!("case_{number}").parse().unwrap();
                    let mut effects = Effects::none(account.clone());
                    let facts = Account::created_with_certificate(account.clone(), AT);
                    effects.account = Some(Versioned { facts, version: Version::NEW });
                    let facts = Case {
                        id: id.clone(),
                        account: account.clone(),
                        state: CaseState::Approved,
                        challenge: None,
                        ..case.clone()
                    };
                    effects.case = Some(Versioned { facts, version: Version::NEW });
                    effects.record = Some(ConfirmationRecord { case: id, account, ..record.clone() });
                    store.commit(&effects).unwrap();
                }
            });
        }
    });
}
