//! Mail and SMS to the holder as data: a template's name and masked fields. Wording and sending are at the edge (CH-01, REV-04).
//!
//! A notice is put into the outbox in the transaction that makes it true, and a courier takes it from there later. What a
//! notice says may be read by whoever holds the phone, so no name, no full address and no code is in it; the code of a
//! one-time password is joined by the edge that drew it and is never kept.

use super::facts::Wallet;
use super::personal;
use super::ports::QueuedNotice;
use crate::kyc::AccountId;
use crate::policy::Senders;
use crate::secret::Personal;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a notice travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// Mail to the registered address.
    Mail,
    /// SMS to the registered phone.
    Sms,
}

/// What is told; the text in the holder's language belongs to the courier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "template", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Template {
    /// Several wrong passwords in a row (SEC-03); once per run (SEC-04).
    FailureWarning {
        /// How many.
        run: u32,
    },
    /// The account was locked after failures (SEC-03).
    AccountLocked,
    /// The account works again after a lock (SEC-05).
    AccountUnlocked,
    /// The holder stopped the account (LIFE-01).
    StoppedByUser,
    /// The holder resumed it (LIFE-02).
    Resumed,
    /// The operator stopped it (LIFE-03).
    StoppedByOperator,
    /// The operator lifted the stop.
    ReleasedByOperator,
    /// The holder left; queued mail may still come (LIFE-13).
    Withdrawn,
    /// A one-time password; the edge joins the code (SEC-01).
    OneTimePassword {
        /// Until when it can be used.
        expires_at: UnixTime,
    },
    /// The bank completed the registration (BANK-06).
    BankRegistrationCompleted,
    /// The bank refused the registration.
    BankRegistrationRefused,
    /// A charge, payment or transfer ran without anybody present (GATE-08).
    UnattendedOperation {
        /// How much.
        yen: u64,
    },
    /// The identity was verified (ACC-05).
    IdentityVerified,
    /// Re-verification is due (REV-04).
    ReverificationDue {
        /// Until when.
        deadline: UnixTime,
    },
    /// Re-verification is overdue (REV-04).
    ReverificationOverdue,
    /// Re-verification is done.
    ReverificationDone,
    /// The account was taken over (MIG-01).
    Migrated,
    /// The phone number was changed; sent to the mail address.
    PhoneChanged,
    /// The mail address was changed; sent to the phone.
    EmailChanged,
    /// The yearly reminder of a consent (CONS-06).
    ConsentReminder,
    /// The consent ends soon and can be renewed (CONS-06).
    ConsentRenewal {
        /// When it ends.
        expires_at: UnixTime,
    },
    /// Somebody tried to register with this address: sent to its owner instead of an answer to the stranger (UNIQ-04).
    RegistrationAttempt,
}

/// One notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// For whom.
    pub account: AccountId,
    /// How.
    pub medium: Medium,
    /// The address in clear, for the courier alone: the account may be gone when the notice goes out (LIFE-13).
    #[serde(with = "personal::text")]
    pub address: Personal<String>,
    /// What.
    #[serde(flatten)]
    pub template: Template,
    /// Fields of the text that are masked already: `to` is the address as others may see it (CH-06).
    pub fields: BTreeMap<String, String>,
    /// When it was due.
    pub at: UnixTime,
}

impl Notice {
    /// `None` where nobody can be reached.
    pub(super) fn mail(wallet: &Wallet, template: Template, at: UnixTime) -> Option<Self> {
        let contact = wallet.facts.contact.as_ref()?;
        Some(Self::new(wallet, Medium::Mail, template, contact.email.clear.clone(), contact.masked_email(), at))
    }

    /// `None` where nobody can be reached.
    pub(super) fn sms(wallet: &Wallet, template: Template, at: UnixTime) -> Option<Self> {
        let contact = wallet.facts.contact.as_ref()?;
        Some(Self::new(wallet, Medium::Sms, template, contact.phone.clear.clone(), contact.masked_phone(), at))
    }

    fn new(
        wallet: &Wallet,
        medium: Medium,
        template: Template,
        address: Personal<String>,
        masked: String,
        at: UnixTime,
    ) -> Self {
        let fields = BTreeMap::from([("to".to_owned(), masked)]);
        Self { account: wallet.account.id.clone(), medium, address, template, fields, at }
    }

    /// The senders a holder may expect this notice from (CH-01).
    pub fn senders<'a>(&self, senders: &'a Senders) -> &'a [String] {
        match self.medium {
            Medium::Mail => &senders.mail,
            Medium::Sms => &senders.sms,
        }
    }
}

/// Where a queued notice stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Delivery {
    /// Not sent yet, or to be tried again.
    Queued {
        /// Tries so far.
        tries: u32,
        /// Not before this instant (RSN-22).
        not_before: UnixTime,
    },
    /// Handed to the carrier. Terminal: a notice is never sent twice on purpose.
    Sent {
        /// When.
        at: UnixTime,
    },
}

/// A carrier could not be reached; mail and SMS fail and recover one by one (RSN-23).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the carrier could not be reached")]
pub struct CarrierUnavailable;

/// Whoever sends. Nothing in the library does.
pub trait Courier {
    /// Hands one notice to the carrier.
    ///
    /// # Errors
    /// [`CarrierUnavailable`]; the notice stays queued.
    fn send(&self, notice: &Notice) -> Result<(), CarrierUnavailable>;
}

/// First pause after a carrier failed, and the longest.
const PAUSE_SECONDS: (i64, i64) = (60, 3600);

/// Tries to hand over what is due, oldest first, and returns how many went; where each stands then is in its `delivery`, for the
/// store to note. After a failure of one medium nothing more is tried on that medium this time (RSN-22), the other goes on
/// (RSN-23).
pub fn deliver(due: &mut [QueuedNotice], courier: &dyn Courier, at: UnixTime) -> usize {
    let mut down = Vec::new();
    let mut sent = 0;
    for QueuedNotice { notice, delivery, .. } in due {
        let Delivery::Queued { tries, not_before } = *delivery else { continue };
        if at < not_before || down.contains(&notice.medium) {
            continue;
        }
        if courier.send(notice).is_ok() {
            *delivery = Delivery::Sent { at };
            sent += 1;
        } else {
            down.push(notice.medium);
            let pause = PAUSE_SECONDS.0.saturating_mul(1 << tries.min(6)).min(PAUSE_SECONDS.1);
            *delivery = Delivery::Queued { tries: tries.saturating_add(1), not_before: at.plus_seconds(pause) };
        }
    }
    sent
}
