//! What the wallet's rules need from whoever keeps wallets, and the one use case over it: read, decide, write, once.
//!
//! Account, facts, consent, claims, events and notices are written together or not at all, each part against the version it was
//! read at. Two requests at once are decided one after the other: the later one is decided again.

use super::claim::{Claim, ClaimChange, Occupancy};
use super::command::Request;
use super::decide::{Answer, Ruling, decide};
use super::facts::Wallet;
use super::happened::Happened;
use super::notice::{Delivery, Notice};
use crate::kyc::{AccountId, Event, EventKind, StoreError, Version};
use crate::policy::Policy;
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
    /// What follows from a ruling on a wallet that was read at `versions`.
    pub fn of(ruling: &Ruling, versions: WalletVersions, at: UnixTime) -> Self {
        let account = &ruling.wallet.account.id;
        let event = |happened: &Happened| Event {
            at,
            account: account.clone(),
            case: None,
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
    /// The wallet of the account, if it has one: an account of the upgrade alone has none.
    ///
    /// # Errors
    /// [`StoreError`]
    fn load_wallet(&self, account: &AccountId) -> Result<Option<KeptWallet>, StoreError>;

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

/// How often a request is decided again because the facts changed under it.
const ATTEMPTS: usize = 16;

/// Decides a request on a kept wallet and writes what follows. `request` is asked again for every attempt, because it may hold
/// what the store knew of a claim. `None` without such a wallet.
///
/// # Errors
/// [`StoreError`]; [`StoreError::Conflict`] when the facts never stood still.
pub fn serve(
    store: &dyn WalletStore,
    policy: &Policy,
    account: &AccountId,
    at: UnixTime,
    mut request: impl FnMut() -> Result<Request, StoreError>,
) -> Result<Option<Ruling>, StoreError> {
    for attempt in 1.. {
        let Some(kept) = store.load_wallet(account)? else { return Ok(None) };
        let ruling = decide(&kept.wallet, request()?, policy, at);
        let nothing_to_write = ruling.wallet == kept.wallet && ruling.happened.is_empty() && ruling.notices.is_empty();
        if nothing_to_write && (ruling.answer == Answer::Unchanged || ruling.claims.is_empty()) {
            return Ok(Some(ruling));
        }
        match store.commit_wallet(&WalletWrite::of(&ruling, kept.versions, at)) {
            Err(StoreError::Conflict) if attempt < ATTEMPTS => {}
            outcome => return outcome.map(|()| Some(ruling)),
        }
    }
    Err(StoreError::Conflict)
}
