//! Upgrades and decisions per second, against what they cannot be faster than: their two signature checks, and the durable
//! commits of the same store on the same disk in the same run.
//!
//! `make bench`. Proofs are signed before the clock starts: that is the card's work, not the server's. One upgrade needs two
//! durable commits from the moment the proof arrives: the challenge is consumed (RSN-24), and the decision is written. The
//! store's own rate is told three ways: one small event a commit from one writer and from as many as submit, and the very
//! commits of these upgrades, recorded and made again without the engine: that is still writing and sealing each bundle.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a measurement")]

#[path = "../tests/kyc/holder.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod holder;

#[path = "../tests/kyc/watched.rs"]
mod watched;

/// The instant of the holder's module.
mod stores {
    pub(crate) const AT: honnin::time::UnixTime = honnin::time::UnixTime::from_seconds(1_795_316_400);
}

use holder::{anchors, grounds, issued, list, prove};
use honnin::certificate::Certificate;
use honnin::evidence::{Grounds, examine};
use honnin::kyc::{
    Account, AccountId, Answer, CaseId, Consumption, Declaration, Effects, Event, EventKind, Outcome, Request, Store,
    Upgrade, Version, Versioned, decide,
};
use honnin::policy::Policy;
use honnin::proof::{Challenge, ChallengeId};
use honnin::store::{MemoryStore, OpenMode, SqliteStore};
use honnin::time::UnixTime;
use honnin::validation::{IndexedCrl, Materials, RevocationIndex, RevocationSource, Threads};
use std::collections::HashMap;
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};
use stores::AT;
use watched::Watched;

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
    let recorded = Recorded::of(&policy, upgrades);

    let open = |name: &str, round: usize| {
        let file = folder.path().join(format!("{name}-{round}.db"));
        SqliteStore::open(&file, OpenMode::Create, Duration::from_secs(60)).unwrap()
    };
    let mut rounds: Vec<[f64; 5]> = (0..ROUNDS)
        .map(|round| {
            // Side by side within a round, so that a noisy machine disturbs all of them.
            let signatures = signature_checks();
            let alone = commits(&open("alone", round), 1, upgrades / 5);
            let group = commits(&open("group", round), THREADS, upgrades * 4);
            let same = recorded.replay(&open("same", round));
            [signatures, alone, group, same, whole(&open("upgrades", round), &policy, upgrades)]
        })
        .collect();
    let bound = |round: &[f64; 5], commits: usize| (round[0] * cores).min(round[commits] / DURABLE_COMMITS);
    rounds.sort_by(|a, b| (a[4] / bound(a, 3)).total_cmp(&(b[4] / bound(b, 3))));
    let round = rounds[ROUNDS / 2];
    let [signatures, alone, group, same, done] = round;
    println!(
        "\n{upgrades} upgrades from {THREADS} threads, SQLite, every commit durable; the median of {ROUNDS} rounds"
    );
    println!("  two signature checks, one core               {signatures:>10.0} /s   ({cores} cores)");
    println!("  commits of one small event, one writer       {alone:>10.0} /s");
    println!("  commits of one small event, {THREADS} writers       {group:>10.0} /s   (group commit)");
    println!("  the commits of these upgrades, {THREADS} writers    {same:>10.0} /s   (group commit, no engine)");
    println!("  upgrades (two durable commits each)          {done:>10.0} /s");
    println!("  of min(signatures x cores, commits / 2), where the commits are");
    for (name, commits) in [("these", 3), ("of one writer", 1), ("of one small event in a group", 2)] {
        println!("    {name:<42} {:>10.0} %", done / bound(&round, commits) * 100.0);
    }
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
fn commits(store: &SqliteStore, threads: usize, count: usize) -> f64 {
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

/// Proofs arrive, one a case, and are judged by an index over the lists, as a server has it.
fn whole(store: &dyn Store, policy: &Policy, count: usize) -> f64 {
    let anchors = anchors();
    let authority = Certificate::from_der(issued().digital_signature_ca.certificate()).unwrap();
    let mut index = RevocationIndex::new();
    for list in list(AT, false) {
        index.add(IndexedCrl::new(list, &authority, Threads::One).unwrap());
    }
    let sources: [&(dyn RevocationSource + Sync); 1] = [&index];
    let proofs: Vec<OnceLock<Vec<u8>>> = (0..count).map(|_| OnceLock::new()).collect();
    in_parallel(THREADS, count, |number| proofs[number].set(prove(&journey(store, policy, number))).unwrap());
    let engine = Upgrade::new(store, policy);
    in_parallel(THREADS, count, |number| {
        let sources = sources.map(|source| source as &dyn RevocationSource);
        let materials = Materials { sources: &sources, ..Materials::default() };
        let grounds = Grounds { materials, anchors: &anchors, taints: &[] };
        let answer = engine.submit(&case_id(number), proofs[number].get().unwrap(), &grounds, AT).unwrap();
        assert!(matches!(answer, Answer::Decided(decision) if matches!(decision.outcome, Outcome::Upgrade { .. })));
    })
}

/// What was written: before the proofs arrived, in order for each account, and for each proof.
struct Recorded {
    before: Vec<Vec<Effects>>,
    upgrades: Vec<(ChallengeId, UnixTime, Effects)>,
}

impl Recorded {
    /// Of so many upgrades in memory.
    fn of(policy: &Policy, count: usize) -> Self {
        let consumed: Mutex<HashMap<CaseId, (ChallengeId, UnixTime)>> = Mutex::default();
        let commits: Mutex<Vec<Effects>> = Mutex::default();
        let watched = Watched {
            store: &MemoryStore::new(),
            consumed: |id, case: &CaseId, at| {
                consumed.lock().unwrap().insert(case.clone(), (id, at));
            },
            committed: |effects: &Effects| commits.lock().unwrap().push(effects.clone()),
        };
        whole(&watched, policy, count);
        let consumed = consumed.into_inner().unwrap();
        let (approvals, before): (Vec<_>, Vec<_>) =
            commits.into_inner().unwrap().into_iter().partition(|effects| effects.record.is_some());
        let upgrade = |effects: Effects| {
            let (challenge, at) = consumed[&effects.case.as_ref().unwrap().facts.id];
            (challenge, at, effects)
        };
        let mut journeys: HashMap<AccountId, Vec<Effects>> = HashMap::new();
        for effects in before {
            journeys.entry(effects.account_id.clone()).or_default().push(effects);
        }
        Self { before: journeys.into_values().collect(), upgrades: approvals.into_iter().map(upgrade).collect() }
    }

    /// Durable commits per second, the two of each upgrade one after the other.
    fn replay(&self, store: &SqliteStore) -> f64 {
        let journey = |number: usize| self.before[number].iter().for_each(|effects| store.commit(effects).unwrap());
        in_parallel(THREADS, self.before.len(), journey);
        let pairs = in_parallel(THREADS, self.upgrades.len(), |number| {
            let (challenge, at, effects) = &self.upgrades[number];
            let case = &effects.case.as_ref().unwrap().facts.id;
            let found = store.consume_challenge(*challenge, case, *at).unwrap();
            assert!(matches!(found, Consumption::Consumed(_)));
            store.commit(effects).unwrap();
        });
        pairs * DURABLE_COMMITS
    }
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
