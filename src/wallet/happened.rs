//! What happened to a wallet: entries for the audit log, free of personal data (API-36).

use super::attribute::AttributeName;
use super::bank::RefusalByBank;
use super::certificates::{RevocationCause, WalletCertificate};
use super::channel::Channel;
use super::consent::RegistrationFailure;
use super::failures::Secret;
use super::one_time_password::Operation;
use super::pending::{Direction, Ending, OperationId};
use crate::kyc::{Hold, Kind};
use crate::time::UnixTime;
use serde::Serialize;

/// Which part of what an account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// WELLNETキャッシュ
    Cash,
    /// WELLNETマネー
    Money,
    /// Points: no balance (CH-07).
    Points,
}

/// One thing that happened; `type` in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Happened {
    /// A bucket grew.
    Credited {
        /// Which.
        bucket: Bucket,
        /// By how much.
        yen: u64,
    },
    /// A bucket shrank.
    Debited {
        /// Which.
        bucket: Bucket,
        /// By how much.
        yen: u64,
    },
    /// A balance or points ran out of time (ACC-09, CH-07).
    BalanceExpired {
        /// Which.
        bucket: Bucket,
        /// How much.
        yen: u64,
    },
    /// A balance or points were given up by withdrawing (LIFE-13).
    Forfeited {
        /// Which.
        bucket: Bucket,
        /// How much.
        yen: u64,
    },
    /// The derived kind of the account changed (ACC-05).
    KindChanged {
        /// What it was.
        from: Kind,
        /// What it is.
        to: Kind,
    },
    /// A bank account was registered provisionally.
    BankRegistered,
    /// The holder went to the bank's page.
    BankRegistrationBegun,
    /// The bank's page was left without an end (BANK-05).
    BankRegistrationStuck {
        /// When it is free again.
        until: UnixTime,
    },
    /// The holder cancelled at the bank.
    BankRegistrationCancelled,
    /// The bank completed the registration (BANK-06).
    BankRegistrationCompleted {
        /// Whether it costs the fee (BANK-04).
        fee: bool,
    },
    /// The bank refused the registration.
    BankRegistrationRefused {
        /// Why.
        cause: RefusalByBank,
    },
    /// A bank account was deleted (CH-09).
    BankDeleted,
    /// The bank account for exact top-up was chosen or given up (GATE-03).
    ExactTopUpSelected,
    /// The pay-out destination was set (BANK-08).
    PayoutDestinationSet,
    /// Something with an outcome was begun.
    OperationBegun {
        /// Its name.
        id: OperationId,
        /// What.
        direction: Direction,
        /// How much.
        yen: u64,
        /// Whether nobody was present (GATE-08).
        unattended: bool,
    },
    /// It ended.
    OperationEnded {
        /// Its name.
        id: OperationId,
        /// How.
        ending: Ending,
    },
    /// A hold was set.
    HoldSet {
        /// Which.
        hold: Hold,
    },
    /// A hold was lifted.
    HoldLifted {
        /// Which.
        hold: Hold,
    },
    /// One channel was restricted (TRI-06).
    ChannelRestricted {
        /// Which.
        channel: Channel,
    },
    /// The restriction was lifted.
    ChannelReleased {
        /// Which.
        channel: Channel,
    },
    /// A secret was wrong (SEC-03).
    Failed {
        /// Which secret.
        secret: Secret,
        /// How many in a row.
        run: u32,
    },
    /// A one-time password was issued.
    OneTimePasswordIssued {
        /// For what.
        operation: Operation,
    },
    /// A one-time password was used up (SEC-01).
    OneTimePasswordUsed {
        /// For what.
        operation: Operation,
    },
    /// A password for the web edition was registered or changed (CH-10).
    PasswordSet,
    /// Certificates were issued; earlier ones are superseded (CERT-08, LINK-06).
    CertificatesIssued,
    /// The card's signing certificate vouched for the holder (LINK-02).
    CertificateVouched {
        /// Whether it took another's place (LINK-06).
        superseded: bool,
    },
    /// Issuing has not come to its end.
    IssuanceIncomplete,
    /// A certificate was revoked.
    CertificateRevoked {
        /// Which.
        certificate: WalletCertificate,
        /// Why.
        cause: RevocationCause,
    },
    /// A secret on the device was locked or unlocked (CERT-06).
    LocalSecretLocked {
        /// Which service cannot be used.
        certificate: WalletCertificate,
        /// Locked or free.
        locked: bool,
    },
    /// Another device took over (ACC-13).
    DeviceChanged,
    /// Consent was given.
    ConsentGranted,
    /// Consent was refused; nothing else changes (CONS-02).
    ConsentRefused,
    /// Consent could not be registered (CONS-03).
    ConsentRegistrationFailed {
        /// Which of the two causes.
        cause: RegistrationFailure,
    },
    /// Consent was withdrawn.
    ConsentWithdrawn,
    /// Consent ran out.
    ConsentExpired,
    /// The account was taken over into one that signs in by certificate (MIG-01).
    Migrated {
        /// Self-asserted attributes that differ from the certificate's (MIG-07).
        differing: Vec<AttributeName>,
    },
    /// Attributes were taken from a certificate.
    AttributesTaken {
        /// Those that differ from before.
        differing: Vec<AttributeName>,
    },
    /// Support changed an attribute, two people agreeing (ATTR-03).
    AttributeEdited {
        /// Which.
        attribute: AttributeName,
        /// The ticket.
        ticket: String,
    },
    /// Phone number or mail address changed (ATTR-06).
    ContactChanged {
        /// Whether it is the phone.
        phone: bool,
    },
    /// Re-verification became due (REV-04).
    ReverificationDue {
        /// Until when.
        deadline: UnixTime,
        /// Why the card's signing certificate was revoked, where that made it due early (REV-06).
        #[serde(skip_serializing_if = "Option::is_none")]
        revoked: Option<RevocationCause>,
    },
    /// Re-verification is overdue (REV-04).
    ReverificationOverdue,
    /// Re-verification was done; unchanged is an outcome (REV-02).
    ReverificationDone {
        /// Whether anything differed.
        changed: bool,
    },
    /// The validity of the stored certificate was looked up without the holder (REV-07).
    ValidityNoted,
    /// An identity verification completed.
    IdentityVerified,
    /// The holder left (LIFE-13).
    Withdrawn {
        /// Until when the record is kept (LAW-25).
        retain_until: UnixTime,
    },
    /// Documents for lifting an operator's stop were handed in (TRI-05).
    DocumentsReceived {
        /// When to look again.
        next_check: UnixTime,
    },
}
