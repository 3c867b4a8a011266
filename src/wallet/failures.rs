//! Wrong passwords in a row: the third is told by mail, the fifth locks, a right one ends the run (SEC-03, SEC-04, SEC-06).

use super::happened::Happened;
use super::notice::Template;
use super::step::Step;
use crate::kyc::Hold;
use crate::policy::{FailureCounters, FailureNumbers};
use serde::{Deserialize, Serialize};

/// Which secret was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secret {
    /// The login password.
    Password,
    /// A one-time password.
    OneTimePassword,
}

/// Runs of failures; which of them count together is the policy's word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failures {
    /// Wrong login passwords.
    pub password: u32,
    /// Wrong one-time passwords.
    pub one_time_password: u32,
}

impl Failures {
    /// The length of the run that `secret` belongs to.
    pub fn run(&self, secret: Secret, numbers: &FailureNumbers) -> u32 {
        match (numbers.counters, secret) {
            (FailureCounters::Joint, _) => self.password.saturating_add(self.one_time_password),
            (FailureCounters::Separate, Secret::Password) => self.password,
            (FailureCounters::Separate, Secret::OneTimePassword) => self.one_time_password,
        }
    }
}

/// One more wrong value. Outages, expired passwords and cancelled entries never come here (SEC-06, RSN-20).
pub(super) fn count(step: &mut Step<'_>, secret: Secret) {
    let numbers = &step.policy.wallet.failures;
    let failures = &mut step.wallet.facts.failures;
    let counter = match secret {
        Secret::Password => &mut failures.password,
        Secret::OneTimePassword => &mut failures.one_time_password,
    };
    *counter = counter.saturating_add(1);
    let run = failures.run(secret, numbers);
    step.tell(Happened::Failed { secret, run });
    step.cite(&["SEC-03"]);
    if run == numbers.warn_at {
        // At exactly this one, not again at the next (SEC-04).
        step.mail(Template::FailureWarning { run });
        step.cite(&["SEC-04"]);
    }
    if run >= numbers.lock_at && step.wallet.account.holds.insert(Hold::LockedByFailures) {
        step.tell(Happened::HoldSet { hold: Hold::LockedByFailures });
        step.mail(Template::AccountLocked);
    }
}

/// A right value ends the run.
pub(super) fn reset(step: &mut Step<'_>, secret: Secret) {
    let failures = &mut step.wallet.facts.failures;
    match (step.policy.wallet.failures.counters, secret) {
        (FailureCounters::Joint, _) => *failures = Failures::default(),
        (FailureCounters::Separate, Secret::Password) => failures.password = 0,
        (FailureCounters::Separate, Secret::OneTimePassword) => failures.one_time_password = 0,
    }
}
