//! Where an account stands, in the words a policy can ask about. Whoever keeps accounts fills it in; nothing here reads one.

use crate::reason::Reason;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// What keeps an account from being used, whatever it asks for (GATE-12). The order is the one they are told in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Barrier {
    /// The holder left (LIFE-13).
    Withdrawn,
    /// Too many failures (SEC-03).
    LockedByFailures,
    /// The holder asked for it (LIFE-01).
    StoppedByUser,
    /// The operator did it (LIFE-03).
    StoppedByOperator,
}

impl Barrier {
    /// The reason a feature is refused with.
    pub const fn reason(self) -> Reason {
        match self {
            Self::Withdrawn => Reason::AccountWithdrawn,
            Self::LockedByFailures => Reason::AccountLocked,
            Self::StoppedByUser => Reason::AccountStoppedByUser,
            Self::StoppedByOperator => Reason::AccountStoppedByOperator,
        }
    }
}

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        /// Something that is so, or is not known to be so: a fact nobody states does not hold, and closes the gate.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Fact {
            $($(#[$doc])* #[serde(rename = $word)] $name,)*
        }

        impl Fact {
            /// Every fact of the vocabulary.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word of the policy file and of JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The fact of this name.
            pub(super) fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|fact| fact.as_str() == word)
            }
        }
    };
}

facts! {
    /// The holder signs in by certificate (`login == certificate`).
    CertificateLogin = "certificate_login";
    /// The identity was verified by selfie before that way was closed (ACC-03, ACC-04).
    LegacySelfie = "legacy_selfie";
    /// Identity verification by certificate has completed (ACC-02).
    CertificateVerification = "certificate_verification";
    /// The bank account meant is finally registered (BANK-06).
    BankAccountFinal = "bank_account_final";
    /// The bank account meant is the one selected for exact top-up (GATE-03).
    BankAccountSelected = "bank_account_selected";
    /// No registration at a bank is stuck (BANK-05).
    BankRegistrationFree = "bank_registration_free";
    /// The bank is within its service hours (GATE-02).
    WithinServiceHours = "within_service_hours";
    /// Neither bank nor wallet is in maintenance (GATE-02).
    NoMaintenance = "no_maintenance";
    /// A pay-out destination is set (GATE-04).
    PayoutDestinationSet = "payout_destination_set";
    /// The pay-out destination may be changed: none was set, or its lock is over (BANK-08).
    PayoutDestinationFree = "payout_destination_free";
    /// The right one-time password was given for this very operation (SEC-01).
    OneTimePasswordGiven = "one_time_password_given";
    /// Re-verification is not overdue (REV-03).
    ReverificationInTime = "reverification_in_time";
    /// The payee is not among those closed to overdue accounts (GATE-05).
    PayeeNotListed = "payee_not_listed";
    /// The balance covers the amount (GATE-07).
    BalanceSufficient = "balance_sufficient";
    /// No payment is in process and no charge awaits payment (LIFE-11).
    NothingPending = "nothing_pending";
    /// Every self-transfer's history says 完了 (LIFE-12).
    SelfTransfersDone = "self_transfers_done";
    /// A password for the web edition is registered (GATE-09).
    PasswordRegistered = "password_registered";
    /// No automatic payment or other mandate is left (CN-15).
    NoMandates = "no_mandates";
    /// No bank account or card is linked (CN-15).
    NoLinkedInstruments = "no_linked_instruments";
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where an account stands towards one feature, now.
///
/// ```
/// use honnin::policy::{Fact, Feature, Gate, Policy, Standing};
/// let policy = Policy::jp_wellnet().unwrap();
/// let standing = Standing::at_tier("cash").with(Fact::CertificateLogin);
/// let Gate::Deny(unmet) = policy.gate(Feature::SelfTransfer, &standing) else { panic!() };
/// assert_eq!(unmet[0].reason.code(), "feature_requires_money_account");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Name of the tier the account has; one the policy does not know is below all others.
    pub tier: String,
    /// What keeps the account from being used.
    pub barriers: BTreeSet<Barrier>,
    /// What is so.
    pub facts: BTreeSet<Fact>,
    /// The balance that `balance_at_most` speaks of, in the policy's smallest unit of money. Points are none (CH-07).
    pub balance: u64,
}

impl Standing {
    /// An account of this tier, without barriers, facts or balance.
    pub fn at_tier(tier: impl Into<String>) -> Self {
        Self { tier: tier.into(), ..Self::default() }
    }

    /// The same, and this is so.
    #[must_use]
    pub fn with(mut self, fact: Fact) -> Self {
        self.facts.insert(fact);
        self
    }

    /// The same, and this is so if `holds`.
    #[must_use]
    pub fn with_if(self, holds: bool, fact: Fact) -> Self {
        if holds { self.with(fact) } else { self }
    }
}
