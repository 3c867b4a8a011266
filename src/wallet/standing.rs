//! From an account's facts to what a policy's gates ask about, and the gate itself in front of an operation (GATE-01 to GATE-13).

use super::facts::Wallet;
use super::further_evidence;
use super::one_time_password::{self, Operation, TypedCode};
use super::personal::KeyedHash;
use super::step::{Refusal, Refusals, Step, Unmet};
use crate::kyc::{Hold, Identity, Life, Login};
use crate::policy::{Barrier, Condition, Fact, Feature, Policy, RuleNumber, Standing, StepUpOffer, Unmet as Missing};
use crate::reason::Reason;
use crate::time::UnixTime;

/// What a request brings along that the account's facts do not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// The bank account meant.
    pub bank: Option<KeyedHash>,
    /// The bank is within its service hours (GATE-02).
    pub bank_is_open: bool,
    /// Bank or wallet is in maintenance (GATE-02).
    pub maintenance: bool,
    /// The payee, by the operator's own name (GATE-05).
    pub payee: Option<String>,
    /// The amount.
    pub yen: u64,
    /// A one-time password was given for this very operation.
    pub code_given: bool,
}

/// Where the account stands towards `feature`, in the words of the policy.
pub fn standing(
    wallet: &Wallet,
    feature: Feature,
    circumstances: &Circumstances,
    policy: &Policy,
    at: UnixTime,
) -> Standing {
    let (account, facts, rules) = (&wallet.account, &wallet.facts, &policy.wallet);
    let bank = circumstances.bank.and_then(|id| facts.banks.find(id));
    let total = facts.balances.total(&rules.balance, at);
    let spendable = match feature {
        Feature::SelfTransfer => facts.balances.money.yen,
        _ => total.saturating_add(facts.balances.usable_points(at)),
    };
    let gated = |payee: &String| rules.payees.gated.contains(payee);
    let payee_is_gated = rules.payees.are_gated && circumstances.payee.as_ref().is_some_and(gated);
    let payout_is_set = facts.banks.payout.and_then(|payout| payout.bank).and_then(|id| facts.banks.find(id)).is_some();
    let keeps_destination =
        facts.banks.payout.is_some_and(|payout| payout.bank.is_some() && payout.bank == circumstances.bank);
    let mut standing = Standing::at_tier(tier(wallet, policy, at))
        .with_if(account.login == Login::Certificate, Fact::CertificateLogin)
        .with_if(account.identity == Identity::VerifiedSelfieLegacy, Fact::LegacySelfie)
        .with_if(account.identity == Identity::VerifiedCertificate, Fact::CertificateVerification)
        .with_if(bank.is_some_and(super::bank::BankAccount::is_final), Fact::BankAccountFinal)
        .with_if(bank.is_some_and(|bank| bank.is_exact_topup), Fact::BankAccountSelected)
        .with_if(
            circumstances.bank.is_none_or(|id| facts.banks.stuck_until(id, at).is_none()),
            Fact::BankRegistrationFree,
        )
        .with_if(circumstances.bank_is_open, Fact::WithinServiceHours)
        .with_if(!circumstances.maintenance, Fact::NoMaintenance)
        .with_if(payout_is_set, Fact::PayoutDestinationSet)
        .with_if(
            keeps_destination || facts.banks.payout_locked_until(&rules.bank, at).is_none(),
            Fact::PayoutDestinationFree,
        )
        .with_if(circumstances.code_given, Fact::OneTimePasswordGiven)
        .with_if(!facts.reverification.is_overdue(&policy.book.reverification, at), Fact::ReverificationInTime)
        .with_if(!payee_is_gated, Fact::PayeeNotListed)
        .with_if(spendable >= circumstances.yen, Fact::BalanceSufficient)
        .with_if(!facts.history.is_pending(), Fact::NothingPending)
        .with_if(facts.history.self_transfers_are_done(), Fact::SelfTransfersDone)
        .with_if(facts.password_registered || account.login == Login::PasswordLegacy, Fact::PasswordRegistered)
        .with_if(facts.banks.living().next().is_none(), Fact::NoLinkedInstruments);
    standing.barriers = barriers(wallet);
    standing.balance = total;
    standing
}

/// Name of the tier that the policy gives the account.
pub(super) fn tier(wallet: &Wallet, policy: &Policy, at: UnixTime) -> String {
    wallet.account.tier(policy, at).map(|tier| tier.name.to_string()).unwrap_or_default()
}

/// What keeps the account from being used.
pub(super) fn barriers(wallet: &Wallet) -> std::collections::BTreeSet<Barrier> {
    let withdrawn = (wallet.account.life == Life::Withdrawn).then_some(Barrier::Withdrawn);
    let holds = wallet.account.holds.iter().map(|hold| match hold {
        Hold::LockedByFailures => Barrier::LockedByFailures,
        Hold::StoppedByUser => Barrier::StoppedByUser,
        Hold::StoppedByOperator => Barrier::StoppedByOperator,
    });
    withdrawn.into_iter().chain(holds).collect()
}

/// Whether the feature is open under these circumstances; every unmet condition is named (GATE-13).
pub fn gate(
    wallet: &Wallet,
    feature: Feature,
    circumstances: &Circumstances,
    policy: &Policy,
    at: UnixTime,
) -> Vec<Refusal> {
    let standing = standing(wallet, feature, circumstances, policy, at);
    let until = |reason| match reason {
        Reason::PayoutDestinationLocked => wallet.facts.banks.payout_locked_until(&policy.wallet.bank, at),
        Reason::BankRegistrationStuck => circumstances.bank.and_then(|id| wallet.facts.banks.stuck_until(id, at)),
        _ => None,
    };
    let offer = policy.book.offer_for(feature, &standing).map(Box::new);
    let gate = policy.gate(feature, &standing);
    let missing = gate.unmet().iter().map(|unmet| Refusal {
        reason: unmet.reason,
        detail: Vec::new(),
        until: until(unmet.reason),
        offer: offer.clone().filter(|_| is_about_a_tier(unmet)),
        rule: first(&unmet.rules, "GATE-11"),
    });
    missing.chain(demands(wallet, feature, policy, at)).collect()
}

/// Further proof that the policy demands for this use of holders of this risk, and that is not there (CN-13, LAW-12).
fn demands(wallet: &Wallet, feature: Feature, policy: &Policy, at: UnixTime) -> Vec<Refusal> {
    let Some(tier) = wallet.account.tier(policy, at) else { return Vec::new() };
    let (risk, holdings) = (wallet.facts.reverification.risk, further_evidence::holdings(wallet, policy));
    let demands = policy.book.demands(feature, risk.as_str(), &holdings, at).into_iter();
    let refusals = demands.map(|demand| {
        let (needs, rules) = (demand.needs.clone(), demand.rules.clone());
        let rule = first(&rules, "CN-13");
        let offer = Some(Box::new(StepUpOffer { tier: tier.name.clone(), needs, rules }));
        Refusal { offer, rule, ..Step::refusal(Reason::StepUpRequired, "CN-13") }
    });
    refusals.collect()
}

fn first(rules: &[RuleNumber], otherwise: &'static str) -> RuleNumber {
    rules.first().cloned().unwrap_or_else(|| RuleNumber::engine(otherwise))
}

/// Whether a higher tier would meet it (CN-06).
fn is_about_a_tier(unmet: &Missing) -> bool {
    unmet.any.iter().any(|condition| matches!(condition, Condition::TierAtLeast(_)))
}

/// Passes the gate in front of an operation, and uses up the one-time password where the gate asks for one. The code is looked
/// at last: an operation that is refused anyway, by the gate or by what `further` brings, costs neither a code nor a try.
pub(super) fn pass(
    step: &mut Step<'_>,
    feature: Feature,
    mut circumstances: Circumstances,
    code: Option<(Operation, Option<TypedCode>)>,
    further: Vec<Refusal>,
) -> Refusals<()> {
    circumstances.code_given = matches!(code, Some((_, Some(_))));
    let mut refusals = gate(&step.wallet, feature, &circumstances, step.policy, step.at);
    refusals.extend(further);
    if !refusals.is_empty() {
        return Err(Unmet(refusals));
    }
    if let Some((operation, typed)) = code.filter(|_| circumstances.code_given) {
        circumstances.code_given = false;
        let is_asked = !gate(&step.wallet, feature, &circumstances, step.policy, step.at).is_empty();
        if is_asked {
            one_time_password::consume(step, operation, typed)?;
        }
    }
    let rules = step.policy.book.features.get(&feature).map(|rule| rule.rules.clone()).unwrap_or_default();
    for rule in rules {
        if !step.because.contains(&rule) {
            step.because.push(rule);
        }
    }
    Ok(())
}

/// For what is no feature of the policy: nothing may stand in the way.
pub(super) fn require_no_barrier(step: &Step<'_>) -> Refusals<()> {
    let refusals = barriers(&step.wallet).into_iter().map(|barrier| Step::refusal(barrier.reason(), "GATE-12"));
    super::step::all_met(refusals.collect())
}

/// For what a hold does not touch: the account has to live.
pub(super) fn require_open(step: &Step<'_>) -> Refusals<()> {
    if step.wallet.account.life == Life::Withdrawn {
        return Err(Step::refusal(Reason::AccountWithdrawn, "GATE-12").into());
    }
    Ok(())
}
