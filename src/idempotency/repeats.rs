//! Requests and answers in a store.

use super::kept::{Answer, KeptRequest, Standing, Terms, judge};
use super::request::{Fingerprint, IdempotencyKey, Request};
use crate::kyc::{StoreError, Version, Versioned};
use crate::reason::Reason;
use crate::time::UnixTime;

/// Whoever keeps requests.
pub trait IdempotencyStore: Send + Sync {
    /// What is kept under a key.
    ///
    /// # Errors
    /// [`StoreError`]
    fn kept_request(&self, key: &IdempotencyKey) -> Result<Option<Versioned<KeptRequest>>, StoreError>;

    /// Keeps it against the version that was read, [`Version::NEW`] where there was none; durable when it returns.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else wrote meanwhile; [`StoreError`]
    fn keep_request(&self, key: &IdempotencyKey, write: &Versioned<KeptRequest>) -> Result<(), StoreError>;

    /// Forgets at most `limit` requests that came by `begun_by`; how many those were.
    ///
    /// # Errors
    /// [`StoreError`]
    fn forget_requests(&self, begun_by: UnixTime, limit: usize) -> Result<usize, StoreError>;
}

/// Why a request is not worked on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RepeatError {
    /// The first request of this key is still worked on.
    #[error("a request with the same idempotency key is still being worked on")]
    InProgress,
    /// The key came before with another request.
    #[error("the idempotency key came before with another request")]
    Reused,
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RepeatError {
    /// The reason in the catalogue, which has the HTTP status.
    pub const fn reason(&self) -> Reason {
        match self {
            Self::InProgress => Reason::IdempotencyKeyInProgress,
            Self::Reused => Reason::IdempotencyKeyReused,
            Self::Store(error) => error.reason(),
        }
    }
}

/// The right to work on a request, and to answer it once.
#[derive(Debug)]
#[must_use = "the request counts as being worked on until it is answered or given up"]
pub struct Ticket {
    key: IdempotencyKey,
    fingerprint: Fingerprint,
    begun_at: UnixTime,
    version: Version,
}

/// What a request turned out to be.
#[derive(Debug)]
pub enum Begun {
    /// It is to be worked on.
    First(Ticket),
    /// It was answered before: this is the answer.
    Again(Answer),
}

/// Requests that may come twice, over a store. See `docs/idempotency.md`.
pub struct Repeats<'a> {
    store: &'a dyn IdempotencyStore,
    terms: Terms,
}

impl<'a> Repeats<'a> {
    /// Over this store, under these terms.
    pub fn new(store: &'a dyn IdempotencyStore, terms: Terms) -> Self {
        Self { store, terms }
    }

    /// Takes a request. Of many that come at once, one is the first.
    ///
    /// # Errors
    /// [`RepeatError`]
    pub fn begin(&self, request: &Request, now: UnixTime) -> Result<Begun, RepeatError> {
        let Request { key, fingerprint } = *request;
        loop {
            let kept = self.store.kept_request(&key)?;
            match judge(kept.as_ref().map(|kept| &kept.facts), fingerprint, self.terms, now) {
                Standing::First => {}
                Standing::Again(answer) => return Ok(Begun::Again(answer.clone())),
                Standing::InProgress => return Err(RepeatError::InProgress),
                Standing::Reused => return Err(RepeatError::Reused),
            }
            let version = kept.map_or(Version::NEW, |kept| kept.version);
            let running_until = now.plus_seconds(self.terms.lease_seconds);
            let facts = KeptRequest { fingerprint, begun_at: now, running_until, answer: None };
            match self.store.keep_request(&key, &Versioned { facts, version }) {
                Ok(()) => return Ok(Begun::First(Ticket { key, fingerprint, begun_at: now, version: version.next() })),
                // Somebody was quicker, and then there is something to be judged.
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Keeps the answer for those who ask again.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it took longer than the lease and somebody else works on it; [`StoreError`]
    pub fn finish(&self, ticket: Ticket, answer: Answer) -> Result<(), StoreError> {
        self.end(ticket, Some(answer))
    }

    /// Gives a request up that could not be answered for good, because of an outage say: the next one is worked on at once.
    ///
    /// # Errors
    /// As [`Repeats::finish`].
    pub fn give_up(&self, ticket: Ticket) -> Result<(), StoreError> {
        self.end(ticket, None)
    }

    /// Forgets at most `limit` of those whose time is over; how many those were.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn forget(&self, now: UnixTime, limit: usize) -> Result<usize, StoreError> {
        self.store.forget_requests(self.terms.forgotten_at(now), limit)
    }

    /// Nobody works on it any more, so nobody is waited for.
    fn end(&self, ticket: Ticket, answer: Option<Answer>) -> Result<(), StoreError> {
        let Ticket { key, fingerprint, begun_at, version } = ticket;
        let facts = KeptRequest { fingerprint, begun_at, running_until: begun_at, answer };
        self.store.keep_request(&key, &Versioned { facts, version })
    }
}
