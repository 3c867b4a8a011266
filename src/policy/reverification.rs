//! Periodic re-verification: when it is due, and when it is overdue (REV-01 to REV-06).

use super::RuleNumber;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

const DAY: i64 = 86_400;

/// Risk class of a holder (REV-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// Lower than usual.
    Low,
    /// The usual one.
    Normal,
    /// Higher than usual (LAW-12).
    High,
}

impl Risk {
    /// The word of the policy file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}

/// `[reverification]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reverification {
    /// Rule numbers of kyc.md, as the file cites them.
    pub rules: Vec<RuleNumber>,
    /// Days from one verification to the next; `None` is never.
    pub interval_days: Intervals,
    /// Days from due to overdue.
    pub grace_days: u32,
    /// Whether a revoked signing certificate makes it due at once.
    pub due_when_revoked: bool,
}

/// `reverification.interval_days`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intervals {
    /// For [`Risk::Low`].
    pub low: Option<u32>,
    /// For [`Risk::Normal`].
    pub normal: Option<u32>,
    /// For [`Risk::High`].
    pub high: Option<u32>,
}

/// Where an account stands towards its next re-verification (kyc.md §1, `reverification`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ReverificationState {
    /// Nothing to do.
    NotDue,
    /// To be done.
    Due {
        /// Since when.
        since: UnixTime,
        /// First second at which it is overdue.
        deadline: UnixTime,
    },
    /// Not done in time: REV-03 restricts.
    Overdue {
        /// Since when.
        since: UnixTime,
    },
}

impl Reverification {
    /// When the next one is due, of an account verified last at `verified_at`, whose signing certificate is revoked since
    /// `revoked_at`; `None` is never. A revocation before the last verification was answered by it.
    pub fn due_at(&self, risk: Risk, verified_at: UnixTime, revoked_at: Option<UnixTime>) -> Option<UnixTime> {
        let days = match risk {
            Risk::Low => self.interval_days.low,
            Risk::Normal => self.interval_days.normal,
            Risk::High => self.interval_days.high,
        };
        let by_interval = days.map(|days| verified_at.plus_seconds(i64::from(days).saturating_mul(DAY)));
        let by_revocation = revoked_at.filter(|since| self.due_when_revoked && *since > verified_at);
        by_interval.into_iter().chain(by_revocation).min()
    }

    /// The state at `at` of the same.
    pub fn state(
        &self,
        risk: Risk,
        verified_at: UnixTime,
        revoked_at: Option<UnixTime>,
        at: UnixTime,
    ) -> ReverificationState {
        let due = self.due_at(risk, verified_at, revoked_at);
        let Some(since) = due.filter(|since| *since <= at) else { return ReverificationState::NotDue };
        let deadline = since.plus_seconds(i64::from(self.grace_days).saturating_mul(DAY));
        if at < deadline {
            ReverificationState::Due { since, deadline }
        } else {
            ReverificationState::Overdue { since: deadline }
        }
    }
}
