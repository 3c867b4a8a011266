//! One-time passwords: six digits by SMS, for one operation, once, for a while (SEC-01, SEC-02, CERT-13).

use super::contact;
use super::failures::{self, Secret};
use super::happened::Happened;
use super::notice::Template;
use super::personal::KeyedHash;
use super::step::{Refusals, Step};
use crate::reason::Reason;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

/// What a one-time password is for (SEC-02). One for one operation opens no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// A new account.
    Registration,
    /// Taking over a legacy account (MIG-02).
    Migration,
    /// Paying by barcode or settlement number (GATE-07).
    Payment,
    /// Sending money to the holder's own bank account (GATE-04).
    SelfTransfer,
    /// Registering or changing the wallet's password (CH-10).
    PasswordChange,
    /// Another phone number; confirmed on the old one (ATTR-06).
    PhoneChange,
    /// Another mail address (ATTR-06).
    EmailChange,
    /// Charging from a bank account (GATE-02).
    BankCharge,
    /// Another pay-out destination (BANK-08).
    PayoutDestination,
    /// Deleting a bank account (CH-09).
    BankDeletion,
    /// Leaving (GATE-10).
    Withdrawal,
    /// The holder stops the account (LIFE-01).
    Stop,
    /// The holder resumes it (LIFE-02).
    Resume,
    /// Unlocking after failures (SEC-05).
    Unlock,
}

/// Who made a code: one issuer's code is never taken for another's (CERT-13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Issuer {
    /// The wallet, by SMS.
    Wallet,
    /// The issuer of the my certificates, by mail.
    CertificateIssuer,
}

/// A code as typed, hashed by the edge together with the account; with the issuer the screen asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypedCode {
    /// Whose code was asked for.
    pub issuer: Issuer,
    /// Keyed hash of what was typed.
    pub hash: KeyedHash,
}

impl TypedCode {
    /// Whether what a person typed can be a one-time password: six ASCII digits. Checked before anything is compared or
    /// counted, so that a slip is `input_malformed` and no failure (SEC-01, SEC-06).
    pub fn is_well_formed(typed: &str) -> bool {
        typed.len() == 6 && typed.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// One that is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issued {
    /// For what.
    pub operation: Operation,
    /// Keyed hash of the code.
    pub hash: KeyedHash,
    /// First second at which it is too old.
    pub expires_at: UnixTime,
    /// Wrong values so far; a code is void before it can be guessed.
    pub wrong: u32,
}

/// Those that are out: one per operation, the newest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OneTimePasswords(Vec<Issued>);

impl OneTimePasswords {
    /// The one for this operation.
    pub fn issued(&self, operation: Operation) -> Option<&Issued> {
        self.0.iter().find(|issued| issued.operation == operation)
    }

    fn forget(&mut self, operation: Operation) {
        self.0.retain(|issued| issued.operation != operation);
    }
}

/// A new one; an earlier one for the same operation is void. An account without a number to send it to has none.
pub(super) fn issue(step: &mut Step<'_>, operation: Operation, hash: KeyedHash) -> Refusals<()> {
    contact::require_registered(step)?;
    let expires_at = step.at.plus_seconds(step.policy.wallet.one_time_password.lifetime_seconds);
    let codes = &mut step.wallet.facts.one_time_passwords;
    codes.forget(operation);
    codes.0.push(Issued { operation, hash, expires_at, wrong: 0 });
    step.tell(Happened::OneTimePasswordIssued { operation });
    step.sms(Template::OneTimePassword { expires_at });
    step.cite(&["SEC-01"]);
    Ok(())
}

/// Compares the code and uses it up when it is right. Whether one is asked for is the gate's word (SEC-02, MIG-05).
pub(super) fn consume(step: &mut Step<'_>, operation: Operation, typed: Option<TypedCode>) -> Refusals<()> {
    let typed = typed.ok_or_else(|| Step::refusal(Reason::OneTimePasswordRequired, "SEC-02"))?;
    if typed.issuer != Issuer::Wallet {
        // Not a guess at our code: the wrong kind of code altogether (CERT-13).
        return Err(Step::refusal(Reason::OtpIncorrect, "CERT-13").because("other_issuer").into());
    }
    let (at, lock_at) = (step.at, step.policy.wallet.failures.lock_at);
    let codes = &mut step.wallet.facts.one_time_passwords;
    let Some(issued) = codes.0.iter_mut().find(|issued| issued.operation == operation) else {
        // Used, never sent, or void: single use (SEC-01).
        return Err(Step::refusal(Reason::OtpExpired, "SEC-01").into());
    };
    if at >= issued.expires_at {
        codes.forget(operation);
        return Err(Step::refusal(Reason::OtpExpired, "SEC-06").into());
    }
    if issued.hash != typed.hash {
        issued.wrong = issued.wrong.saturating_add(1);
        if issued.wrong >= lock_at {
            codes.forget(operation);
        }
        failures::count(step, Secret::OneTimePassword);
        return Err(Step::refusal(Reason::OtpIncorrect, "SEC-03").into());
    }
    codes.forget(operation);
    step.tell(Happened::OneTimePasswordUsed { operation });
    failures::reset(step, Secret::OneTimePassword);
    Ok(())
}
