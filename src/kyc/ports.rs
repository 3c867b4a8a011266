//! What the engine needs from whoever keeps things: one compare-and-set shape for every store.
//!
//! Facts are loaded at a version and effects are committed against it, all or nothing. Synchronous on purpose: a server
//! calls a store on blocking threads, behind a limit that is its load limit too.

use super::{Account, AccountId, Case, CaseId, ConfirmationRecord, Event};
use crate::evidence::SignatureDigest;
use crate::policy::RuleNumber;
use crate::proof::{Challenge, ChallengeId};
use crate::reason::Reason;
use crate::secret::Personal;
use crate::time::UnixTime;
use crate::vault::VaultError;

/// How often a row was written; the next write has to name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u64);

impl Version {
    /// The version of a row that does not exist yet.
    pub const NEW: Self = Self(0);

    /// The version with this number.
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The version after one more write.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// Facts with the version they were read at, or are to be written against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The facts.
    pub facts: T,
    /// The version read, or the version the row must still have when it is written.
    pub version: Version,
}

/// The proof of a case that is kept because the signature was verified and something else is missing (RSN-25).
///
/// Personal data: the certificate inside carries name and address. It leaves the case when the case ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldProof {
    /// The challenge it answers, consumed since.
    pub challenge: ChallengeId,
    /// When it was received.
    pub received_at: UnixTime,
    /// The CMS.
    pub proof: Personal<Vec<u8>>,
}

/// What becomes of the proof a case holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ProofEffect {
    /// Nothing.
    #[default]
    Unchanged,
    /// It is kept.
    Keep(HeldProof),
    /// It is forgotten.
    Drop,
}

/// What becomes of the account's run of failures (RSN-20: an outage never touches it).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailureEffect {
    /// Nothing.
    #[default]
    Unchanged,
    /// One more. Applied to what is stored, not to what was read: two failures at once are two.
    CountOne,
    /// The run is over.
    Reset,
}

/// Everything one step changes; a store applies all of it or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effects {
    /// The account the effects are about.
    pub account_id: AccountId,
    /// Facts of the account, against the version that was read.
    pub account: Option<Versioned<Account>>,
    /// Facts of the case, against the version that was read.
    pub case: Option<Versioned<Case>>,
    /// A challenge to be remembered, unused. Every other one of its case that is still unused becomes void: it is
    /// [`Consumption::Expired`] from then on.
    pub challenge: Option<Challenge>,
    /// What becomes of the held proof of `case`.
    pub proof: ProofEffect,
    /// A verified signature that from now on belongs to `case`.
    pub signature: Option<SignatureDigest>,
    /// The confirmation record of `case`.
    pub record: Option<ConfirmationRecord>,
    /// What becomes of the run of failures.
    pub failures: FailureEffect,
    /// What happened, in order.
    pub events: Vec<Event>,
}

impl Effects {
    /// Effects that change nothing.
    pub fn none(account_id: AccountId) -> Self {
        Self {
            account_id,
            account: None,
            case: None,
            challenge: None,
            proof: ProofEffect::Unchanged,
            signature: None,
            record: None,
            failures: FailureEffect::Unchanged,
            events: Vec::new(),
        }
    }
}

/// What consuming a challenge found. Exactly one caller ever gets [`Consumption::Consumed`] for a challenge (RSN-24).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consumption {
    /// It was fresh, and is used from now on, whatever becomes of the proof.
    Consumed(Challenge),
    /// Somebody was first.
    AlreadyUsed,
    /// Its time was over, or a later one of the same case took its place; it stays unused and unusable.
    Expired,
    /// It was never issued for this case.
    Unknown,
}

/// What came of telling a [`Companion`] of an approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Followed {
    /// The approval and everything that follows from it is written.
    Written,
    /// It must not be; nothing was written.
    Objected {
        /// Every reason, the decisive one first.
        reasons: Vec<Reason>,
        /// Rule numbers that decided.
        because: Vec<RuleNumber>,
    },
}

/// Whoever has a word in an approval and writes along with it, in the same transaction: the wallet's rules, which this room does
/// not know.
pub trait Companion: Send + Sync {
    /// Writes the effects of an approval with everything else that follows from it, or says why not.
    ///
    /// # Errors
    /// As [`Store::commit`].
    fn approve(&self, effects: &Effects) -> Result<Followed, StoreError>;
}

/// Why a store did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The facts changed since they were read; nothing was written. Read again and decide again.
    #[error("the facts changed meanwhile")]
    Conflict,
    /// The signature already counts for another case; nothing was written (RSN-24).
    #[error("this signature already counts for another case")]
    SignatureUsed,
    /// Something the effects refer to does not exist; nothing was written.
    #[error("the effects name something that does not exist: {what}")]
    Dangling {
        /// What is missing.
        what: &'static str,
    },
    /// Somebody else holds the database longer than we wait.
    #[error("the database is locked by another program")]
    Locked,
    /// The database cannot be written.
    #[error("the database is read-only")]
    ReadOnly,
    /// A program died in the middle of a write, and who only reads may not undo it.
    #[error("a write that was broken off has to be undone first, and the database cannot be written")]
    BrokenOff,
    /// There is no database there.
    #[error("there is no database at this place")]
    Missing,
    /// One of the files of a store that keeps its classes apart is not beside the others (LAW-45).
    #[error("a file of the database is missing: the one whose name ends with {suffix}")]
    MissingPart {
        /// How its name ends.
        suffix: &'static str,
    },
    /// One of the files beside belongs to another store, or to none.
    #[error("the file whose name ends with {suffix} is not one of this database")]
    ForeignPart {
        /// How its name ends.
        suffix: &'static str,
    },
    /// One of the files beside, or the main one, was put back from another copy than the rest.
    #[error("the file whose name ends with {suffix} is of another moment than the database")]
    PartOfAnotherMoment {
        /// How its name ends.
        suffix: &'static str,
    },
    /// The place cannot be opened.
    #[error("the database cannot be opened")]
    CannotOpen,
    /// The files beside have longer names than this one, which do not fit.
    #[error("the name of the database is too long for the files beside it")]
    NameTooLong,
    /// The file is something else, or belongs to another program.
    #[error("the file is not a database of this program")]
    NotOurs,
    /// The file was written by a newer program.
    #[error("the database has schema version {found}, this program knows versions up to {known}")]
    NewerSchema {
        /// The version in the file.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// What was read cannot be: the file was damaged or changed by hand.
    #[error("the database holds a value that cannot be: {what}")]
    Corrupt {
        /// Table and column.
        what: &'static str,
    },
    /// The key ring is missing, is none, or lacks the key that something was sealed under.
    #[error("the key ring does not open what is stored: {0}")]
    Keys(#[from] VaultError),
    /// The key ring cannot be read or made.
    #[error("the key ring cannot be read or made")]
    NoKeys,
    /// The disk is full or fails.
    #[error("the database cannot be read or written: {code}")]
    Broken {
        /// The database library's own name of the cause; carries no data.
        code: String,
    },
}

impl StoreError {
    /// The reason in the catalogue.
    pub const fn reason(&self) -> Reason {
        match self {
            Self::SignatureUsed => Reason::EvidenceAlreadyUsed,
            Self::Dangling { .. } => Reason::Internal,
            Self::Keys(error) => error.reason(),
            Self::NotOurs
            | Self::NewerSchema { .. }
            | Self::ForeignPart { .. }
            | Self::PartOfAnotherMoment { .. }
            | Self::Corrupt { .. } => Reason::MalformedData,
            Self::Conflict
            | Self::Locked
            | Self::ReadOnly
            | Self::BrokenOff
            | Self::Missing
            | Self::MissingPart { .. }
            | Self::CannotOpen
            | Self::NameTooLong
            | Self::NoKeys
            | Self::Broken { .. } => Reason::IoError,
        }
    }
}

/// Whoever keeps accounts, cases, challenges, records and events.
///
/// Every store passes the same test suite (`tests/kyc/stores.rs`).
pub trait Store: Send + Sync {
    /// The account, if there is one of this name.
    ///
    /// # Errors
    /// [`StoreError`]
    fn load_account(&self, id: &AccountId) -> Result<Option<Versioned<Account>>, StoreError>;

    /// How many failures in a row the account has.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Dangling`] without such an account.
    fn failures(&self, id: &AccountId) -> Result<u64, StoreError>;

    /// The case, if there is one of this name.
    ///
    /// # Errors
    /// [`StoreError`]
    fn load_case(&self, id: &CaseId) -> Result<Option<Versioned<Case>>, StoreError>;

    /// A challenge, used or not, to check a held proof again (RSN-25). Never a way to use one.
    ///
    /// # Errors
    /// [`StoreError`]
    fn load_challenge(&self, id: ChallengeId) -> Result<Option<Challenge>, StoreError>;

    /// The cases of the account that have not ended, in the order of their names.
    ///
    /// # Errors
    /// [`StoreError`]
    fn open_cases(&self, account: &AccountId) -> Result<Vec<CaseId>, StoreError>;

    /// The proof the case holds, if any.
    ///
    /// # Errors
    /// [`StoreError`]
    fn held_proof(&self, case: &CaseId) -> Result<Option<HeldProof>, StoreError>;

    /// The confirmation record of the case, if it was approved.
    ///
    /// # Errors
    /// [`StoreError`]
    fn confirmation_record(&self, case: &CaseId) -> Result<Option<ConfirmationRecord>, StoreError>;

    /// What happened to the account, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    fn events(&self, account: &AccountId) -> Result<Vec<Event>, StoreError>;

    /// Takes the challenge, once and for all, for this case (RSN-24): atomic across threads and processes, and durable
    /// before it returns.
    ///
    /// # Errors
    /// [`StoreError`]; whether the challenge was taken is then unknown, and asking again answers.
    fn consume_challenge(&self, id: ChallengeId, case: &CaseId, at: UnixTime) -> Result<Consumption, StoreError>;

    /// Applies all effects or none, and is durable when it returns.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a version is no longer the one that was read; [`StoreError::SignatureUsed`];
    /// [`StoreError`]
    fn commit(&self, effects: &Effects) -> Result<(), StoreError>;
}
