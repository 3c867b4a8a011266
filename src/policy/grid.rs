//! The questions two policies are compared by when nobody brings any: a grid of synthetic facts around every bound that
//! either file names. Finite and always in the same order.

use super::{
    Barrier, Bound, Condition, Direction, Fact, Factor, Feature, HeldEvidence, LegalMethod, LetterTable, Movement,
    Needs, PolicyFile, Question, Risk,
};
use crate::time::UnixTime;
use std::collections::BTreeSet;

const DAY: i64 = 86_400;

/// The grid for two policies, around the instant `at`.
pub fn grid(one: &PolicyFile, other: &PolicyFile, letters: &LetterTable, at: UnixTime) -> Vec<Question> {
    let both = [one, other];
    let mut questions = features(both);
    questions.extend(tiers(both, at));
    questions.extend(movements(both));
    questions.extend(methods(letters, at));
    questions.extend(kinds(both, at));
    questions.extend(reverification(both, at));
    questions
}

fn tier_names(both: [&PolicyFile; 2]) -> BTreeSet<String> {
    both.iter().flat_map(|policy| &policy.book().tiers).map(|tier| tier.name.to_string()).collect()
}

/// Everything so, nothing so, and everything but one.
fn fact_sets() -> Vec<BTreeSet<Fact>> {
    let all: BTreeSet<Fact> = Fact::ALL.iter().copied().collect();
    let mut sets = vec![all.clone(), BTreeSet::new()];
    sets.extend(Fact::ALL.iter().map(|fact| all.iter().copied().filter(|it| it != fact).collect()));
    sets
}

/// Everything but two: requirements have alternatives, mostly two.
fn pairs_missing() -> Vec<BTreeSet<Fact>> {
    let pairs =
        Fact::ALL.iter().enumerate().flat_map(|(at, one)| Fact::ALL.iter().skip(at + 1).map(move |two| (one, two)));
    pairs.map(|(one, two)| Fact::ALL.iter().copied().filter(|it| it != one && it != two).collect()).collect()
}

fn features(both: [&PolicyFile; 2]) -> Vec<Question> {
    let rules = both.iter().flat_map(|policy| policy.book().features.values());
    let conditions = rules.flat_map(|rule| &rule.requires).flat_map(|requirement| &requirement.any);
    let mut balances: BTreeSet<u64> = [0].into();
    for condition in conditions {
        if let Condition::BalanceAtMost(most) = condition {
            balances.extend([*most, most.saturating_add(1)]);
        }
    }
    let barriers = [Barrier::Withdrawn, Barrier::LockedByFailures, Barrier::StoppedByUser, Barrier::StoppedByOperator];
    let barriers: Vec<BTreeSet<Barrier>> =
        std::iter::once(BTreeSet::new()).chain(barriers.into_iter().map(|barrier| [barrier].into())).collect();
    let offered: BTreeSet<Feature> = both.iter().flat_map(|policy| policy.book().features.keys()).copied().collect();
    let mut questions = Vec::new();
    let (facts, pairs) = (fact_sets(), pairs_missing());
    for feature in offered {
        for tier in tier_names(both) {
            for facts in &pairs {
                questions.push(Question::Feature {
                    feature,
                    tier: tier.clone(),
                    barriers: BTreeSet::new(),
                    facts: facts.clone(),
                    balance: 0,
                });
            }
            for barriers in &barriers {
                for balance in &balances {
                    for facts in &facts {
                        questions.push(Question::Feature {
                            feature,
                            tier: tier.clone(),
                            barriers: barriers.clone(),
                            facts: facts.clone(),
                            balance: *balance,
                        });
                    }
                }
            }
        }
    }
    questions
}

/// One to so many channels as any tier counts and one more; fresh, revoked, and of every age at which a kind runs out.
fn tiers(both: [&PolicyFile; 2], at: UnixTime) -> Vec<Question> {
    let kinds: BTreeSet<&String> = both.iter().flat_map(|policy| policy.book().evidence_kinds.keys()).collect();
    let lifetimes = both.iter().flat_map(|policy| policy.book().evidence_kinds.values());
    let mut ages: BTreeSet<i64> = [0].into();
    for days in lifetimes.filter_map(|kind| kind.lifetime_days) {
        ages.extend([i64::from(days) * DAY - 1, i64::from(days) * DAY]);
    }
    let most = both.iter().flat_map(|policy| &policy.book().tiers).map(|tier| counted(&tier.needs)).max();
    let most = most.unwrap_or(0).min(20).saturating_add(1);
    let facts: Vec<BTreeSet<Fact>> = vec![
        BTreeSet::new(),
        [Fact::CertificateLogin].into(),
        [Fact::LegacySelfie].into(),
        Fact::ALL.iter().copied().collect(),
    ];
    let mut questions = Vec::new();
    for facts in facts {
        questions.push(Question::Tier { facts: facts.clone(), evidence: Vec::new(), at });
        for kind in &kinds {
            for count in 1..=most {
                for age in &ages {
                    for revoked in [None, Some(at)] {
                        let held = |number: u32| HeldEvidence {
                            kind: (*kind).clone(),
                            source: format!("source {number}"),
                            checked_at: at.plus_seconds(-age),
                            expires_at: None,
                            // One piece of them is revoked.
                            revoked_at: revoked.filter(|_| number == 1),
                        };
                        let evidence = (1..=count).map(held).collect();
                        questions.push(Question::Tier { facts: facts.clone(), evidence, at });
                    }
                }
            }
        }
    }
    questions
}

fn counted(needs: &Needs) -> u32 {
    match needs {
        Needs::All(branches) | Needs::Any(branches) => branches.iter().map(counted).max().unwrap_or(0),
        Needs::CountDistinct { count_distinct, .. } => *count_distinct,
        Needs::Fact(_) | Needs::Evidence(_) => 1,
    }
}

fn movements(both: [&PolicyFile; 2]) -> Vec<Question> {
    let limits = || both.iter().map(|policy| &policy.book().limits);
    let of_tiers = limits().flat_map(|limits| limits.tiers.values());
    let bounds = of_tiers
        .flat_map(|tier| [tier.balance, tier.single_charge, tier.single_payment, tier.day, tier.year, tier.lifetime])
        .chain(limits().flat_map(|limits| &limits.day_by_factors).map(|row| row.day));
    let mut amounts: BTreeSet<u64> = [1].into();
    for bound in bounds {
        if let Bound::AtMost(most) = bound {
            amounts.extend([most, most.saturating_add(1)]);
        }
    }
    let factors: [&[Factor]; 4] = [
        &[],
        &[Factor::Password],
        &[Factor::Password, Factor::OneTimePassword],
        &[Factor::Password, Factor::DigitalCertificate],
    ];
    let mut questions = Vec::new();
    for tier in tier_names(both) {
        for amount in &amounts {
            for direction in [Direction::Charge, Direction::Payment] {
                for factors in factors {
                    for agreed_day in [None, Some(*amount)] {
                        let Movement { balance, paid_today, paid_this_year, paid_in_life, .. } =
                            Movement::new(direction, *amount);
                        questions.push(Question::Movement {
                            tier: tier.clone(),
                            direction,
                            amount: *amount,
                            balance,
                            paid_today,
                            paid_this_year,
                            paid_in_life,
                            factors: factors.iter().copied().collect(),
                            agreed_day,
                        });
                    }
                }
            }
        }
    }
    questions
}

fn methods(letters: &LetterTable, at: UnixTime) -> Vec<Question> {
    let boundaries = letters.boundaries().iter().flat_map(|first| [first.plus_seconds(-1), *first]);
    let instants: BTreeSet<UnixTime> = boundaries.chain([at]).collect();
    let methods = LegalMethod::ALL.iter();
    methods.flat_map(|method| instants.iter().map(|at| Question::Method { method: *method, at: *at })).collect()
}

fn kinds(both: [&PolicyFile; 2], at: UnixTime) -> Vec<Question> {
    let refusals = || both.iter().flat_map(|policy| &policy.book().refusals);
    let names: BTreeSet<&String> = refusals().map(|(name, _)| name).collect();
    let from = refusals().filter_map(|(_, refusal)| refusal.from);
    let instants: BTreeSet<UnixTime> = from.flat_map(|from| [from.plus_seconds(-1), from]).chain([at]).collect();
    let ask = |name: &String| {
        let name = name.clone();
        instants.iter().map(move |at| Question::Kind { name: name.clone(), at: *at }).collect::<Vec<_>>()
    };
    names.into_iter().flat_map(ask).collect()
}

fn reverification(both: [&PolicyFile; 2], at: UnixTime) -> Vec<Question> {
    let mut days: BTreeSet<i64> = [0].into();
    for rules in both.iter().map(|policy| &policy.book().reverification) {
        let grace = i64::from(rules.grace_days);
        days.insert(grace);
        let intervals = [rules.interval_days.low, rules.interval_days.normal, rules.interval_days.high];
        for interval in intervals.into_iter().flatten().map(i64::from) {
            days.extend([interval, interval.saturating_add(grace)]);
        }
    }
    let mut questions = Vec::new();
    for risk in [Risk::Low, Risk::Normal, Risk::High] {
        for days in &days {
            for seconds in [days.saturating_mul(DAY) - 1, days.saturating_mul(DAY)] {
                let verified_at = at.plus_seconds(-seconds);
                for revoked_at in [None, Some(verified_at.plus_seconds(1))] {
                    questions.push(Question::Reverification { risk, verified_at, revoked_at, at });
                }
            }
        }
    }
    questions
}
