//! What the wallet's rules need from whoever keeps wallets.
//!
//! Account, facts, consent, claims, events and notices are written together or not at all, each part against the version it was
//! read at. The use cases over it are the `customer` room's.

use super::claim::{Claim, ClaimChange, ClaimKind, Found, Occupancy};
use super::decide::Ruling;
use super::facts::Wallet;
use super::happened::Happened;
use super::notice::{Delivery, Notice};
use super::personal::KeyedHash;
use super::thing::Thing;
use crate::kyc::{AccountId, CaseId, Event, EventKind, StoreError, Version};
use crate::time::UnixTime;

/// How often each part of a wallet was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalletVersions {
    /// The account's axes, which the upgrade writes too.
    pub account: Version,
    /// The wallet's facts.
    pub facts: Version,
    /// The consent.
    pub consent: Version,
}

/// A wallet with the versions it was read at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptWallet {
    /// The wallet.
    pub wallet: Wallet,
    /// Its versions.
    pub versions: WalletVersions,
}

/// Everything one ruling changes; a store applies all of it or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalletWrite {
    /// The wallet afterwards, with the versions it was read at.
    pub kept: KeptWallet,
    /// Unique things taken, released, burnt.
    pub claims: Vec<ClaimChange>,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// What goes into the outbox.
    pub notices: Vec<Notice>,
}

impl WalletWrite {
    /// What follows from a ruling on a wallet that was read at `versions`; `case` is the case it came from, if it did.
    pub fn of(ruling: &Ruling, versions: WalletVersions, case: Option<&CaseId>, at: UnixTime) -> Self {
        let account = &ruling.wallet.account.id;
        let event = |happened: &Happened| Event {
            at,
            account: account.clone(),
            case: case.cloned(),
            kind: match happened {
                Happened::KindChanged { from, to } => EventKind::AccountKindChanged {
                    from: *from,
                    to: *to,
                    because: ruling.because.iter().map(ToString::to_string).collect(),
                },
                other => EventKind::WalletHappened { what: serde_json::to_value(other).unwrap_or_default() },
            },
        };
        Self {
            kept: KeptWallet { wallet: ruling.wallet.clone(), versions },
            claims: ruling.claims.clone(),
            events: ruling.happened.iter().map(event).collect(),
            notices: ruling.notices.clone(),
        }
    }
}

/// The number of a notice in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoticeNumber(pub i64);

/// A notice that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedNotice {
    /// Its number.
    pub number: NoticeNumber,
    /// What is told.
    pub notice: Notice,
    /// Where it stands.
    pub delivery: Delivery,
}

/// Whoever keeps wallets. Every store passes the same test suite (`tests/kyc/wallets.rs`).
pub trait WalletStore: Send + Sync {
    /// The wallet of the account, if anything was written of it yet.
    ///
    /// # Errors
    /// [`StoreError`]
    fn load_wallet(&self, account: &AccountId) -> Result<Option<KeptWallet>, StoreError>;

    /// The keyed hashes of a thing: under today's lookup key first, then under every older one of the ring. What was hashed
    /// before a rotation keeps the hash it has, and is found by it (docs/customers.md, "Keyed hashes").
    ///
    /// # Errors
    /// [`StoreError::Keys`]
    fn hashes(&self, thing: &Thing) -> Result<Vec<KeyedHash>, StoreError>;

    /// Who has a unique thing.
    ///
    /// # Errors
    /// [`StoreError`]
    fn occupancy(&self, claim: &Claim) -> Result<Occupancy, StoreError>;

    /// Applies all of a write or none, and is durable when it returns. A new wallet is written against [`Version::NEW`].
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a part is no longer at the version it was read at, or somebody else has a claim by now.
    fn commit_wallet(&self, write: &WalletWrite) -> Result<(), StoreError>;

    /// Notices that may be sent at `at`, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    fn due_notices(&self, at: UnixTime, limit: usize) -> Result<Vec<QueuedNotice>, StoreError>;

    /// Notes what became of a notice. What was sent loses its address: nobody needs it any more.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when it does not wait (any more).
    fn settle_notice(&self, number: NoticeNumber, delivery: &Delivery) -> Result<(), StoreError>;

    /// Names of accounts with a wallet, in order, after `after`: a sweep goes through all of them by pages.
    ///
    /// # Errors
    /// [`StoreError`]
    fn wallets_after(&self, after: Option<&AccountId>, limit: usize) -> Result<Vec<AccountId>, StoreError>;
}

/// The unique thing as the store knows it: under the hash it was claimed under, whichever lookup key that was made with; under
/// today's where nobody has it.
///
/// # Errors
/// [`StoreError`]
pub fn find(store: &(impl WalletStore + ?Sized), kind: ClaimKind, thing: &Thing) -> Result<Found, StoreError> {
    let hashes = store.hashes(thing)?;
    for hash in &hashes {
        let occupancy = store.occupancy(&Claim { kind, hash: *hash })?;
        if occupancy != Occupancy::Free {
            return Ok(Found { hash: *hash, occupancy });
        }
    }
    Ok(Found { hash: todays(&hashes)?, occupancy: Occupancy::Free })
}

/// The hash that a wallet knows a thing by already, if it is one of `known`; today's otherwise. So a rotation of the lookup key
/// makes nothing look changed.
///
/// # Errors
/// [`StoreError`]
pub fn known_hash(
    store: &(impl WalletStore + ?Sized),
    thing: &Thing,
    known: impl IntoIterator<Item = KeyedHash>,
) -> Result<KeyedHash, StoreError> {
    let hashes = store.hashes(thing)?;
    known.into_iter().find(|known| hashes.contains(known)).map_or_else(|| todays(&hashes), Ok)
}

fn todays(hashes: &[KeyedHash]) -> Result<KeyedHash, StoreError> {
    hashes.first().copied().ok_or(StoreError::NoKeys)
}
