//! What can be asked of a wallet, or happen to it.

use super::attribute::{AttributeName, Taken};
use super::bank::RefusalByBank;
use super::certificates::{CertificateState, Issued, RevocationCause, WalletCertificate};
use super::channel::Channel;
use super::claim::Occupancy;
use super::consent::{ConsentAnswer, ConsentItem};
use super::contact::Address;
use super::contact_change::PhoneProof;
use super::life::Document;
use super::migration::MigrationRequest;
use super::one_time_password::{Operation, TypedCode};
use super::pending::{Ending, OperationId};
use super::personal::KeyedHash;
use super::reverification::Current;
use super::session::SignIn;
use super::verification::Verified;
use crate::policy::{HeldEvidence, Risk};
use crate::secret::Personal;
use std::collections::BTreeSet;

/// A bank's readiness, as its interface tells it (GATE-02).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankService {
    /// Within service hours.
    pub is_open: bool,
    /// Bank or wallet in maintenance.
    pub maintenance: bool,
}

/// A request or an event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    // Money.
    /// Charge from a bank account (GATE-02).
    ChargeFromBank {
        /// Its name.
        id: OperationId,
        /// Which bank account.
        bank: KeyedHash,
        /// How much.
        yen: u64,
        /// The bank's readiness.
        service: BankService,
        /// The one-time password, where the policy asks for one.
        code: Option<TypedCode>,
    },
    /// Charge exactly what is short, or the bank's minimum (GATE-03, GATE-08).
    ExactTopUp {
        /// Its name.
        id: OperationId,
        /// How much is short.
        shortage: u64,
        /// The least the bank moves.
        bank_minimum: u64,
        /// The bank's readiness.
        service: BankService,
        /// Nobody is present.
        unattended: bool,
    },
    /// Charge at a convenience store, by net bank or at an ATM (GATE-06).
    ChargeWithCash {
        /// Its name.
        id: OperationId,
        /// How much.
        yen: u64,
    },
    /// Pay a payee (GATE-05, GATE-07).
    Pay {
        /// Its name.
        id: OperationId,
        /// Whom.
        payee: String,
        /// How much.
        yen: u64,
        /// The one-time password.
        code: Option<TypedCode>,
    },
    /// Pay by mandate, with nobody present (GATE-08).
    PayAutomatically {
        /// Its name.
        id: OperationId,
        /// Whom.
        payee: String,
        /// How much.
        yen: u64,
    },
    /// Send money to the holder's own bank account (GATE-04).
    TransferToSelf {
        /// Its name.
        id: OperationId,
        /// How much.
        yen: u64,
        /// The one-time password.
        code: Option<TypedCode>,
    },
    /// A charge, payment or transfer ended (BANK-09, OUT-01).
    OperationEnded {
        /// Its name.
        id: OperationId,
        /// How.
        ending: Ending,
    },
    /// Points were given.
    GrantPoints {
        /// How many.
        count: u64,
        /// When these points expire; others keep their own expiry (CH-07).
        expires_at: crate::time::UnixTime,
    },

    // Bank accounts.
    /// 仮登録
    RegisterBank {
        /// Which bank account.
        bank: KeyedHash,
        /// What the store knows of it (BANK-03).
        occupancy: Occupancy,
    },
    /// Go to the bank's page.
    BeginFinalRegistration {
        /// Which.
        bank: KeyedHash,
    },
    /// The bank's page was closed without an end (BANK-05).
    BankPageClosed {
        /// Which.
        bank: KeyedHash,
    },
    /// The holder cancelled on the bank's page.
    BankPageCancelled {
        /// Which.
        bank: KeyedHash,
    },
    /// The bank completed the registration (BANK-06).
    BankCompleted {
        /// Which.
        bank: KeyedHash,
    },
    /// The bank refused it (BANK-07, ATTR-04).
    BankRefused {
        /// Which.
        bank: KeyedHash,
        /// Why.
        cause: RefusalByBank,
    },
    /// Delete a bank account (CH-09).
    DeleteBank {
        /// Which.
        bank: KeyedHash,
        /// The one-time password, where the policy asks for one.
        code: Option<TypedCode>,
    },
    /// Choose the one for exact top-up (GATE-03).
    SelectExactTopUp {
        /// Which; none switches it off.
        bank: Option<KeyedHash>,
    },
    /// Set the pay-out destination (BANK-08).
    SetPayoutDestination {
        /// Which.
        bank: KeyedHash,
        /// The one-time password, where the policy asks for one.
        code: Option<TypedCode>,
    },

    // Certificates, consent, person.
    /// Both my certificates were issued, again or for the first time (CERT-04, CERT-08).
    CertificatesIssued {
        /// What issuing brought.
        issued: Issued,
        /// What was answered about consent (CONS-01).
        consent: ConsentAnswer,
        /// The romanised name, hashed (CONS-05).
        romanised_name: KeyedHash,
    },
    /// Only one of the two was issued (CERT-03).
    IssuanceIncomplete {
        /// The one that is not finished.
        certificate: WalletCertificate,
    },
    /// The app was removed or the phone replaced (CERT-04).
    DeviceLost,
    /// The holder revokes a certificate (CERT-09, LIFE-05).
    RevokeCertificate {
        /// Which.
        certificate: WalletCertificate,
        /// Why.
        cause: RevocationCause,
    },
    /// A look-up found a card certificate so (CERT-14).
    CertificateObserved {
        /// Which.
        certificate: WalletCertificate,
        /// Which one, by the hash of its serial, where that is known; of another than the present one nothing is taken over.
        serial: Option<KeyedHash>,
        /// How.
        found: CertificateState,
    },
    /// A secret on the device was locked or unlocked (CERT-06).
    LocalSecret {
        /// Of which certificate.
        certificate: WalletCertificate,
        /// Locked or free.
        locked: bool,
    },
    /// The issuer said that registering the consent failed, and none was given (CONS-03 a).
    ConsentNotGiven,
    /// The holder withdraws the consent (CONS-06).
    WithdrawConsent,
    /// The holder lets a linked service have items (CONS-08).
    PassOn {
        /// Which service.
        service: String,
        /// Which items.
        items: BTreeSet<ConsentItem>,
    },
    /// Somebody tried to register with this account's mail address: its owner is told, the stranger is not (UNIQ-04).
    RegistrationAttempted,
    /// Take a legacy account over (MIG-01).
    Migrate(Box<MigrationRequest>),
    /// Attributes from a newer certificate or the latest-information service (ATTR-02).
    TakeAttributes(Taken),
    /// Support changes an attribute (ATTR-03).
    SupportEdit {
        /// Which.
        attribute: AttributeName,
        /// To what.
        value: Personal<String>,
        /// The ticket: 1 to 64 of `A-Z a-z 0-9 . _ -`, no My Number in it, because it is told to the audit log.
        ticket: String,
        /// Who does it.
        edited_by: String,
        /// Who agrees.
        approved_by: String,
    },
    /// The identity was verified by a case of `kyc`: the first time (ACC-05), or again (REV-02); the same case a second time
    /// changes nothing (ACC-15). Decided on the account as it was before, in the transaction that approves the case: the change
    /// of kind and of balances (ACC-11) is worked out here.
    IdentityVerified(Box<Verified>),

    // Re-verification.
    /// The stored certificate was looked up without the holder (REV-07).
    ValidityNoted {
        /// What was found.
        current: Current,
    },
    /// Another class of risk (REV-06).
    SetRisk(Risk),
    /// Evidence that the operator checked, beside the account's own proof (LAW-12).
    AddEvidence(HeldEvidence),
    /// VPN, another country, another network (TRI-07).
    NetworkSignal,

    // Secrets, locks, life.
    /// A one-time password was drawn (SEC-01).
    IssueOneTimePassword {
        /// For what.
        operation: Operation,
        /// Its keyed hash.
        hash: KeyedHash,
    },
    /// Sign in.
    SignIn(SignIn),
    /// Register or change the password (CH-10).
    SetPassword {
        /// The link sent by mail was followed.
        email_confirmed: bool,
        /// The one-time password.
        code: Option<TypedCode>,
    },
    /// Unlock by a new password (SEC-05).
    Unlock {
        /// The link sent by mail was followed.
        email_confirmed: bool,
        /// The one-time password.
        code: Option<TypedCode>,
    },
    /// Another phone number (ATTR-06).
    ChangePhone {
        /// The new one.
        new: Address,
        /// What the store knows of it.
        occupancy: Occupancy,
        /// How it is confirmed.
        proof: PhoneProof,
    },
    /// Another mail address (ATTR-06).
    ChangeEmail {
        /// The new one.
        new: Address,
        /// The link sent to it was followed. Before, nothing is told of whether somebody else has it (UNIQ-04).
        new_confirmed: bool,
        /// What the store knows of it.
        occupancy: Occupancy,
        /// The one-time password, where the policy asks for one.
        code: Option<TypedCode>,
    },
    /// Stop the account (LIFE-01).
    Stop {
        /// The one-time password.
        code: Option<TypedCode>,
    },
    /// Resume it (LIFE-02).
    Resume {
        /// The one-time password.
        code: Option<TypedCode>,
    },
    /// The operator stops it (LIFE-03).
    StopByOperator,
    /// Documents to lift that (LIFE-04).
    SubmitDocument(Document),
    /// The operator lifts it (LIFE-03).
    Release {
        /// The call was made.
        call_made: bool,
        /// The photo with the document is of the person.
        photo_matched: bool,
    },
    /// Close or open one channel (TRI-06).
    RestrictChannel {
        /// Which.
        channel: Channel,
        /// Closed or open.
        closed: bool,
    },
    /// Leave (LIFE-10 to LIFE-15).
    Withdraw {
        /// The one-time password, where the policy asks for one.
        code: Option<TypedCode>,
    },
    /// Look what time has done: expiry, due dates, reminders.
    Sweep,
}

/// A command with the way it came (TRI-06).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Which way.
    pub channel: Channel,
    /// What.
    pub command: Command,
}

impl Request {
    /// `command` by way of `channel`.
    pub const fn new(channel: Channel, command: Command) -> Self {
        Self { channel, command }
    }
}
