//! Things of which there is one in the whole wallet, and who has them: mail address, phone number, person, bank account.
//!
//! The rules see what the store knew when it was asked; the store takes a claim in the transaction that commits the rest and
//! refuses it when somebody was first. Both are needed: the first gives the right answer, the second the guarantee.

use super::personal::KeyedHash;
use crate::kyc::AccountId;
use serde::{Deserialize, Serialize};

/// What is unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// A bank account (BANK-03).
    BankAccount,
    /// A mail address (UNIQ-01, UNIQ-03).
    Email,
    /// The person behind the certificates (ACC-12, LINK-02).
    Person,
    /// A phone number (UNIQ-02).
    Phone,
    /// Kana name and birth date together (LINK-05): finds a person who cannot be matched otherwise.
    NameAndBirthdate,
}

/// A unique thing by its keyed hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Claim {
    /// What it is.
    pub kind: ClaimKind,
    /// Which one.
    pub hash: KeyedHash,
}

/// A unique thing as the store knew it when it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its keyed hash: the one it was claimed under, or today's where nobody has it.
    pub hash: KeyedHash,
    /// Who has it.
    pub occupancy: Occupancy,
}

/// What becomes of a claim; a store applies it with the facts, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimChange {
    /// The account has it from now on; refused when another has it or it is burnt.
    Take(Claim),
    /// The account has it no longer.
    Release(Claim),
    /// Nobody can have it any more (UNIQ-03).
    Burn(Claim),
}

/// What the store knows about a claim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Occupancy {
    /// Nobody has it.
    #[default]
    Free,
    /// This account has it.
    Held(AccountId),
    /// It belonged to a withdrawn account and is closed for ever (UNIQ-03).
    Burnt,
}

impl Occupancy {
    /// Whether somebody other than `account` has it.
    pub fn is_held_by_another(&self, account: &AccountId) -> bool {
        matches!(self, Self::Held(holder) if holder != account)
    }
}
