//! What the wallet knows of one account beside the axes of [`crate::kyc::Account`], and the documents it is kept in.
//!
//! The kind of the account is nowhere in here: it follows from the account's axes (kyc.md §1). Two documents, because consent
//! and the live account are two stores with two legal bases (CONS-07, LAW-45).

use super::attribute::Attributes;
use super::balance::Balances;
use super::bank::{BankAccount, BankAccounts, BankRequest, BankState};
use super::certificates::Certificates;
use super::channel::ChannelHolds;
use super::consent::Consent;
use super::contact::Contact;
use super::failures::Failures;
use super::kana;
use super::life::LifeFacts;
use super::link::Link;
use super::migration::Migration;
use super::one_time_password::OneTimePasswords;
use super::pending::History;
use super::personal::KeyedHash;
use super::reverification::Reverification;
use crate::kyc::Account;
use crate::policy::HeldEvidence;
use crate::secret::Personal;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The form of documents written today.
const FORMAT: u32 = 1;

/// One account as the rules see it: its axes, the wallet's facts and the consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wallet {
    /// The axes of kyc.md §1 that decide the kind.
    pub account: Account,
    /// Everything else of the live account.
    pub facts: Facts,
    /// Consent to latest user information, kept apart (CONS-07).
    pub consent: Consent,
}

/// The wallet's facts about one account: personal data, because contact and kana name are inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Where the holder is reached; nobody is, before registration and after leaving (LIFE-15).
    pub contact: Option<Contact>,
    /// Whether a password for the web edition is registered (GATE-09, CH-10).
    pub password_registered: bool,
    /// Balances and points.
    pub balances: Balances,
    /// Bank accounts and the pay-out destination.
    pub banks: BankAccounts,
    /// Certificates and the device they live on.
    pub certificates: Certificates,
    /// Ties to the person behind the certificates.
    pub link: Link,
    /// Where the attributes come from.
    pub attributes: Attributes,
    /// Evidence beside the account's own proof (LAW-12).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further_evidence: Vec<HeldEvidence>,
    /// Periodic re-verification.
    pub reverification: Reverification,
    /// Runs of wrong passwords.
    pub failures: Failures,
    /// One-time passwords that are out.
    pub one_time_passwords: OneTimePasswords,
    /// Charges, payments and self-transfers.
    pub history: History,
    /// Restrictions of single channels (TRI-06).
    pub channel_holds: ChannelHolds,
    /// Operator's stop and the end of the relation.
    pub life: LifeFacts,
    /// The migration, once done.
    pub migration: Option<Migration>,
}

/// A document cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// It was written by a newer program.
    #[error("the document has format {found}, this program knows formats up to {known}")]
    NewerFormat {
        /// Its format.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// It is not such a document; line and column, never the text (it holds personal data).
    #[error("not a document of this kind, at line {line}, column {column}")]
    Shape {
        /// Line.
        line: usize,
        /// Column.
        column: usize,
    },
}

#[derive(Deserialize)]
struct Head {
    format: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<T> {
    format: u32,
    body: T,
}

fn write<T: Serialize>(body: &T) -> Result<String, DocumentError> {
    serde_json::to_string(&Document { format: FORMAT, body }).map_err(|error| shape(&error))
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, DocumentError> {
    let head: Head = serde_json::from_str(text).map_err(|error| shape(&error))?;
    if head.format != FORMAT {
        return Err(DocumentError::NewerFormat { found: head.format, known: FORMAT });
    }
    let document: Document<T> = serde_json::from_str(text).map_err(|error| shape(&error))?;
    Ok(document.body)
}

fn shape(error: &serde_json::Error) -> DocumentError {
    DocumentError::Shape { line: error.line(), column: error.column() }
}

impl Facts {
    /// What the bank is asked with, while the holder is at the bank (BANK-01).
    pub fn bank_request(&self, bank: KeyedHash) -> Option<BankRequest> {
        let is_there = |account: &BankAccount| matches!(account.state, BankState::FinalInProgress { .. });
        self.banks.find(bank).filter(|account| is_there(account))?;
        let holder_name = Personal::new(kana::normalise(self.attributes.kana.value.reveal()));
        Some(BankRequest { bank, holder_name })
    }

    /// The facts of a new account: nothing registered, nothing owed.
    pub fn new(contact: Contact, attributes: Attributes, at: UnixTime) -> Self {
        Self { contact: Some(contact), attributes, ..Self::bare(at) }
    }

    /// The facts of an account of which nothing is known yet but that it is there, since `at`.
    pub fn bare(at: UnixTime) -> Self {
        Self {
            contact: None,
            password_registered: false,
            balances: Balances::empty(at),
            banks: BankAccounts::default(),
            certificates: Certificates::default(),
            link: Link::default(),
            attributes: Attributes::typed(Personal::new(String::new()), at),
            further_evidence: Vec::new(),
            reverification: Reverification::from(at),
            failures: Failures::default(),
            one_time_passwords: OneTimePasswords::default(),
            history: History::default(),
            channel_holds: ChannelHolds::default(),
            life: LifeFacts::default(),
            migration: None,
        }
    }

    /// The one document a store keeps per account, under compare-and-set; personal data inside, so it is kept encrypted.
    ///
    /// # Errors
    /// [`DocumentError::Shape`] when the facts cannot be written, which no value of these types does.
    pub fn to_document(&self) -> Result<String, DocumentError> {
        write(self)
    }

    /// Reads what [`Facts::to_document`] wrote.
    ///
    /// # Errors
    /// [`DocumentError`]
    pub fn from_document(text: &str) -> Result<Self, DocumentError> {
        read(text)
    }
}

impl Consent {
    /// The document of the consent store (CONS-07): no certificate, no name.
    ///
    /// # Errors
    /// [`DocumentError::Shape`] as in [`Facts::to_document`].
    pub fn to_document(&self) -> Result<String, DocumentError> {
        write(self)
    }

    /// Reads what [`Consent::to_document`] wrote.
    ///
    /// # Errors
    /// [`DocumentError`]
    pub fn from_document(text: &str) -> Result<Self, DocumentError> {
        read(text)
    }
}
