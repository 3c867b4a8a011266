//! What is kept of a request, and what becomes of the next one of the same key.

use super::request::Fingerprint;
use crate::secret::Personal;
use crate::time::UnixTime;

/// An answer as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status code (RFC 9110 §15).
    pub status: u16,
    /// Media type of the body.
    pub content_type: String,
    /// The body.
    pub body: Personal<Vec<u8>>,
}

/// A request that came, with its answer once there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRequest {
    /// What it asked.
    pub fingerprint: Fingerprint,
    /// When it came.
    pub begun_at: UnixTime,
    /// Until when whoever works on it is waited for; afterwards it counts as dead.
    pub running_until: UnixTime,
    /// Its answer.
    pub answer: Option<Answer>,
}

/// How long what is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How long a key is remembered, in seconds. API-31 demands a day at least; a shorter time counts as that.
    pub keep_seconds: i64,
    /// How long a request may be worked on, in seconds, before the next one of its key takes its place: longer than the longest
    /// honest one, because then both are at work.
    pub lease_seconds: i64,
}

const A_DAY: i64 = 86_400;

impl Default for Terms {
    /// A day, and two minutes.
    fn default() -> Self {
        Self { keep_seconds: A_DAY, lease_seconds: 120 }
    }
}

impl Terms {
    /// The last instant whose requests are forgotten at `now`.
    pub fn forgotten_at(&self, now: UnixTime) -> UnixTime {
        now.plus_seconds(self.keep_seconds.max(A_DAY).saturating_neg())
    }
}

/// What a request of some key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// The first, or one that takes the place of a dead or forgotten one: it is to be worked on.
    First,
    /// A repeat, to be answered with this.
    Again(&'a Answer),
    /// A repeat of one that is still worked on (409).
    InProgress,
    /// Another request under a key that is taken (422).
    Reused,
}

/// What a request that asks `fingerprint` is, with what is kept under its key (API-31).
pub fn judge(kept: Option<&KeptRequest>, fingerprint: Fingerprint, terms: Terms, now: UnixTime) -> Standing<'_> {
    match kept.filter(|kept| kept.begun_at > terms.forgotten_at(now)) {
        None => Standing::First,
        Some(kept) if kept.fingerprint != fingerprint => Standing::Reused,
        Some(KeptRequest { answer: Some(answer), .. }) => Standing::Again(answer),
        Some(kept) if now < kept.running_until => Standing::InProgress,
        Some(_) => Standing::First,
    }
}
