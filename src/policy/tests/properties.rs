//! Random walks over the engine: what holds for every set of facts, not for chosen ones. The generator has a fixed seed.

use crate::policy::{Barrier, Fact, Feature, HeldEvidence, Holdings, Policy, PolicyFile, Standing};
use crate::time::UnixTime;

const AT: UnixTime = UnixTime::from_seconds(1_795_316_400); // 2026-11-22T03:00:00Z
const DAY: i64 = 86_400;
const ROUNDS: usize = 500;

/// xorshift64*, enough for choosing.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % bound
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }

    fn holdings(&mut self, kinds: &[&str]) -> Holdings {
        let facts = Fact::ALL.iter().copied().filter(|_| self.below(2) == 0).collect();
        let count = self.below(7);
        Holdings { facts, evidence: (0..count).map(|_| self.evidence(kinds)).collect() }
    }

    fn evidence(&mut self, kinds: &[&str]) -> HeldEvidence {
        let mut perhaps = |least: i64| {
            let days = i64::try_from(self.below(2_000)).unwrap();
            (self.below(3) == 0).then(|| AT.plus_seconds((days + least) * DAY))
        };
        let (expires_at, revoked_at) = (perhaps(-500), perhaps(-500));
        let days = i64::try_from(self.below(3_000)).unwrap();
        HeldEvidence {
            kind: self.one_of(kinds).to_owned(),
            source: format!("source {}", self.below(6)),
            checked_at: AT.plus_seconds(-days * DAY),
            expires_at,
            revoked_at,
        }
    }
}

#[test]
fn more_evidence_or_facts_never_lower_a_tier_cn_17_acc_16() {
    let mut dice = Dice(20_160_701);
    for policy in
        [PolicyFile::cn_nonbank_2016().unwrap(), PolicyFile::parse(&Policy::jp_wellnet().unwrap().text).unwrap()]
    {
        let book = policy.book();
        let kinds: Vec<&str> = book.evidence_kinds.keys().map(String::as_str).collect();
        let rank = |holdings: &Holdings| book.rank(book.tier(holdings, AT).unwrap().name.as_str()).unwrap();
        for _ in 0..ROUNDS {
            let before = dice.holdings(&kinds);
            let mut more = before.clone();
            more.evidence.push(dice.evidence(&kinds));
            more.facts.insert(dice.one_of(Fact::ALL));
            assert!(rank(&more) >= rank(&before), "{before:?} {more:?}");
            // Only its own end takes something away: without one, time passes unnoticed but for the kinds' lifetimes.
            let mut revoked = more.clone();
            for held in &mut revoked.evidence {
                held.revoked_at = Some(AT);
            }
            assert!(rank(&revoked) <= rank(&more), "a revocation never raises a tier: {more:?}");
            let mut turned = more.clone();
            turned.evidence.reverse();
            assert_eq!(rank(&turned), rank(&more), "the order of the evidence says nothing");
        }
    }
}

#[test]
fn a_gate_is_pure_monotone_and_keeps_its_order_gate_13() {
    let mut dice = Dice(20_261_122);
    let policy = Policy::jp_wellnet().unwrap();
    let barriers = [Barrier::Withdrawn, Barrier::LockedByFailures, Barrier::StoppedByUser, Barrier::StoppedByOperator];
    for _ in 0..ROUNDS {
        let mut standing = Standing::at_tier(dice.one_of(&["cash", "money"]));
        standing.facts = Fact::ALL.iter().copied().filter(|_| dice.below(2) == 0).collect();
        standing.barriers = barriers.into_iter().filter(|_| dice.below(3) == 0).collect();
        standing.balance = dice.below(1_000);
        let more = standing.clone().with(dice.one_of(Fact::ALL));
        for feature in Feature::ALL {
            let gate = policy.gate(*feature, &standing);
            assert_eq!(gate, policy.gate(*feature, &standing), "{feature}: pure");
            assert_eq!(gate.is_open(), gate.unmet().is_empty(), "{feature}: a denial says why");
            // One more fact takes reasons away, adds none, and leaves the order of the rest.
            let after = policy.gate(*feature, &more);
            let mut left = gate.unmet().iter();
            assert!(after.unmet().iter().all(|unmet| left.any(|before| before == unmet)), "{feature}: {standing:?}");
        }
    }
}
