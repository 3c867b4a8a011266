//! Upgrades and decisions per second, against what they cannot be faster than: their two signature checks, and the durable
//! commits of the same store on the same disk in the same run.
//!
//! `make bench`. Proofs are signed before the clock starts: that is the card's work, not the server's. One upgrade needs two
//! durable commits from the moment the proof arrives: the challenge is consumed (RSN-24), and the decision is written.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a measurement")]

#[path = "../tests/kyc/holder.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod holder;

/// The instant of the holder's module.
mod stores {
    pub(crate) const AT: honnin::time::UnixTime = honnin::time::UnixTime::from_seconds(1_795_316_400);
}

use holder::{anchors, grounds, issued, list, prove};
use honnin::certificate::Certificate;
use honnin::evidence::examine;
use honnin::kyc::{
    Account, AccountId, Answer, CaseId, Declaration, Effects, Event, EventKind, Outcome, Request, Store, Upgrade,
    Version, Versioned, decide,
};
use honnin::policy::Policy;
use honnin::proof::Challenge;
use honnin::store::{MemoryStore, OpenMode, SqliteStore};
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use stores::AT;

/// Submitters at once: what a small server has in flight.
const THREADS: usize = 64;
const ROUNDS: usize = 3;
const DURABLE_COMMITS: f64 = 2.0;

fn main() {
    let upgrades = std::env::var("HONNIN_BENCH_UPGRADES").map_or(2000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let policy = Policy::jp_wellnet_mock().unwrap();
    let alone = signature_checks();
    let decided = decisions(&policy);
    println!(
        "decisions of the pure engine, one core        {decided:>10.0} /s   {:>6.1}x two signature checks",
        decided / alone
    );
    let cores = std::thread::available_parallelism().map_or(1.0, |cores| cores.get() as f64);
    let forgetful = whole(&MemoryStore::new(), &policy, upgrades);
    let percent = forgetful / (signature_checks().min(alone) * cores) * 100.0;
    println!(
        "upgrades without durability (memory)          {forgetful:>10.0} /s   {percent:>6.0} % of two signature checks x cores"
    );

    let mut rounds: Vec<[f64; 4]> = (0..ROUNDS)
        .map(|round| {
            // Side by side within a round, so that a noisy machine disturbs all of them.
            let signatures = signature_checks();
            let alone = commits(&folder.path().join(format!("alone-{round}.db")), 1, upgrades / 5);
            let group = commits(&folder.path().join(format!("group-{round}.db")), THREADS, upgrades * 4);
            let store = SqliteStore::open(
                &folder.path().join(format!("upgrades-{round}.db")),
                OpenMode::Create,
                Duration::from_secs(60),
            )
            .unwrap();
            [signatures, alone, group, whole(&store, &policy, upgrades)]
        })
        .collect();
    let bound = |round: &[f64; 4]| (round[0] * cores).min(round[2] / DURABLE_COMMITS);
    rounds.sort_by(|a, b| (a[3] / bound(a)).total_cmp(&(b[3] / bound(b))));
    let round = rounds[ROUNDS / 2];
    let [signatures, alone, group, done] = round;
    println!(
        "\n{upgrades} upgrades from {THREADS} threads, SQLite, every commit durable; the median of {ROUNDS} rounds"
    );
    println!("  two signature checks, one core              {signatures:>10.0} /s   ({cores} cores)");
    println!("  durable commits, one writer                 {alone:>10.0} /s");
    println!("  durable commits, {THREADS} writers (group commit)   {group:>10.0} /s");
    println!("  upgrades (two durable commits each)         {done:>10.0} /s");
    println!("  of commits of one writer / 2                {:>10.0} %", done / (alone / DURABLE_COMMITS) * 100.0);
    println!("  of min(signatures x cores, group / 2)       {:>10.0} %", done / bound(&round) * 100.0);
}

fn per_second(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

/// The pure engine on one core.
fn decisions(policy: &Policy) -> f64 {
    const COUNT: usize = 200_000;
    let store = MemoryStore::new();
    let challenge = journey(&store, policy, 0);
    let (anchors, lists) = (anchors(), list(AT, false));
    let signed = honnin::proof::SignedStatement::parse(&prove(&challenge)).unwrap();
    let evidence = examine(&signed, &challenge, &policy.challenge.value.audience, &grounds(&anchors, &lists), AT);
    let account = store.load_account(&account_id(0)).unwrap().unwrap().facts;
    let case = store.load_case(&case_id(0)).unwrap().unwrap().facts;
    assert!(matches!(decide(&account, &case, &evidence, policy, AT).outcome, Outcome::Upgrade { .. }));
    let start = Instant::now();
    for _ in 0..COUNT {
        black_box(decide(black_box(&account), &case, &evidence, policy, AT));
    }
    per_second(COUNT, start.elapsed())
}

/// Pairs of signature checks a second on one core: what no server can do an upgrade without.
fn signature_checks() -> f64 {
    const COUNT: usize = 2000;
    let leaf = Certificate::from_der(&issued().digital_signature_certificate.as_ref().unwrap().der).unwrap();
    let authority = Certificate::from_der(issued().digital_signature_ca.certificate()).unwrap();
    let start = Instant::now();
    for _ in 0..COUNT {
        leaf.verify_signature(&authority).unwrap();
        leaf.verify_signature(&authority).unwrap();
    }
    per_second(COUNT, start.elapsed())
}

/// The store's own rate: one small event a commit.
fn commits(file: &Path, threads: usize, count: usize) -> f64 {
    let store = SqliteStore::open(file, OpenMode::Create, Duration::from_secs(60)).unwrap();
    let mut effects = Effects::none(account_id(0));
    let account = Account::created_with_certificate(account_id(0), AT);
    effects.account = Some(Versioned { facts: account, version: Version::NEW });
    store.commit(&effects).unwrap();
    in_parallel(threads, count, |_| {
        let mut effects = Effects::none(account_id(0));
        effects.events = vec![Event { at: AT, account: account_id(0), case: None, kind: EventKind::AccountCreated }];
        store.commit(&effects).unwrap();
    })
}

/// Proofs arrive, one a case.
fn whole(store: &dyn Store, policy: &Policy, count: usize) -> f64 {
    let (anchors, lists) = (anchors(), list(AT, false));
    let proofs: Vec<Vec<u8>> = (0..count).map(|number| prove(&journey(store, policy, number))).collect();
    let engine = Upgrade::new(store, policy);
    in_parallel(THREADS, count, |number| {
        let answer = engine.submit(&case_id(number), &proofs[number], &grounds(&anchors, &lists), AT).unwrap();
        assert!(matches!(answer, Answer::Decided(decision) if matches!(decision.outcome, Outcome::Upgrade { .. })));
    })
}

fn in_parallel(threads: usize, count: usize, work: impl Fn(usize) + Sync) -> f64 {
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        break;
                    }
                    work(number);
                }
            });
        }
    });
    per_second(count, start.elapsed())
}

fn account_id(number: usize) -> AccountId {
    format!("a-{number}").parse().unwrap()
}

fn case_id(number: usize) -> CaseId {
    format!("case_{number}").parse().unwrap()
}

/// An account whose case waits for a proof.
fn journey(store: &dyn Store, policy: &Policy, number: usize) -> Challenge {
    let engine = Upgrade::new(store, policy);
    let declaration = Declaration { purpose: Some("送金".into()), occupation: Some("会社員".into()) };
    engine.create_account(account_id(number), AT).unwrap();
    engine.open_case(case_id(number), &account_id(number), declaration, AT).unwrap();
    let request = Request { purpose: "本人確認".into(), transaction: "申し込みます。".into() };
    engine.issue_challenge(&case_id(number), &request, &mut rand_core::OsRng, AT).unwrap()
}
