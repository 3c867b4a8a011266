//! Signing in, and the session that comes of it: a snapshot, of which the store alone is the truth (ACC-07, ACC-13, SEC-07).

use super::channel::Channel;
use super::failures::{self, Secret};
use super::migration;
use super::personal::KeyedHash;
use super::step::{Refusals, Step, all_met};
use crate::kyc::{AccountId, Hold, Kind, Login};
use crate::policy::SessionNumbers;
use crate::reason::Reason;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

/// What comparing a password came to; an outage is no failure (SEC-06, RSN-20).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordCheck {
    /// It was right.
    Right,
    /// It was wrong.
    Wrong,
    /// It could not be compared.
    Unavailable,
}

/// How somebody signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// With the my certificates, from this device.
    Certificate {
        /// The device.
        device: KeyedHash,
    },
    /// With mail address and password.
    Password(PasswordCheck),
}

/// A session as a token carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Whose.
    pub account: AccountId,
    /// The kind at the moment of signing in: a snapshot, shown until the next login, decided on never (ACC-07).
    pub kind: Kind,
    /// Which way.
    pub channel: Channel,
    /// The device, for logins by certificate (ACC-13).
    pub device: Option<KeyedHash>,
    /// Since when.
    pub started_at: UnixTime,
    /// Last use.
    pub used_at: UnixTime,
}

impl Session {
    /// Whether it lives: used lately (SEC-07), and no other device took the account over (ACC-13).
    pub fn is_alive(&self, device_now: Option<KeyedHash>, numbers: &SessionNumbers, at: UnixTime) -> bool {
        let is_fresh = at < self.used_at.plus_seconds(numbers.idle_seconds);
        is_fresh && (self.device.is_none() || self.device == device_now)
    }

    /// The same session, used at `at`.
    #[must_use]
    pub fn used(self, at: UnixTime) -> Self {
        Self { used_at: at, ..self }
    }
}

/// Signs in. A login reads the facts, so the session shows today's kind (ACC-07).
pub(super) fn sign_in(step: &mut Step<'_>, channel: Channel, means: SignIn) -> Refusals<Session> {
    let holds = &step.wallet.account.holds;
    // A stopped account is signed in to on the web, to resume it (LIFE-02); a locked one nowhere (SEC-05).
    let closing: Vec<_> = holds
        .iter()
        .filter(|hold| **hold == Hold::LockedByFailures || channel != Channel::Web)
        .map(|hold| Step::refusal(hold.reason(), "GATE-12"))
        .collect();
    all_met(closing)?;
    let device = match means {
        SignIn::Certificate { device } => {
            if step.wallet.account.login != Login::Certificate {
                return Err(Step::refusal(Reason::RegistrationRequired, "CERT-11").because("migrate").into());
            }
            all_met(step.wallet.facts.certificates.login_obstacles(device, step.at))?;
            step.cite(&["CERT-02", "CERT-03"]);
            Some(device)
        }
        SignIn::Password(check) => {
            password(step, channel, check)?;
            None
        }
    };
    step.cite(&["ACC-07"]);
    let account = &step.wallet.account;
    let (started_at, used_at) = (step.at, step.at);
    Ok(Session { account: account.id.clone(), kind: account.kind(), channel, device, started_at, used_at })
}

fn password(step: &mut Step<'_>, channel: Channel, check: PasswordCheck) -> Refusals<()> {
    migration::require_open(step)?;
    if step.wallet.account.login == Login::Certificate {
        // The app of a certificate account opens by certificate; the web edition by its password (GATE-09, CH-10).
        if channel != Channel::Web {
            return Err(Step::refusal(Reason::FeatureRequiresCertificateLogin, "CERT-02").into());
        }
        if !step.wallet.facts.password_registered {
            return Err(Step::refusal(Reason::FeatureRequiresPassword, "GATE-09").into());
        }
    }
    match check {
        PasswordCheck::Right => {
            failures::reset(step, Secret::Password);
            Ok(())
        }
        PasswordCheck::Wrong => {
            failures::count(step, Secret::Password);
            Err(Step::refusal(Reason::PasswordIncorrect, "SEC-03").into())
        }
        PasswordCheck::Unavailable => Err(Step::refusal(Reason::DependencyUnavailable, "SEC-06").into()),
    }
}
