//! How a dependency fares: its breaker (kyc.md RSN-23), and what was asked of a source (LAW-32).

use super::error::FetchError;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

/// Longest that a source may send us away for, in seconds: a day. What it says beyond that is a mistake.
const LONGEST_WISH: i64 = 86_400;

/// When a source that fails is left alone, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerRule {
    /// So many failures in a row, and it rests.
    pub failures: u32,
    /// The first rest, in seconds; each further failure doubles it.
    pub first_rest: u32,
    /// The longest rest, in seconds.
    pub longest_rest: u32,
}

impl Default for BreakerRule {
    fn default() -> Self {
        Self { failures: 3, first_rest: 30, longest_rest: 3600 }
    }
}

/// The health of one dependency. Carries nothing about whose certificates were asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Failures since it last answered.
    pub failures_in_a_row: u32,
    /// It is not asked before this instant.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub resting_until: Option<UnixTime>,
    /// When it last answered.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last_success: Option<UnixTime>,
    /// When it last failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last_failure: Option<UnixTime>,
    /// How it last failed: the slug of a [`FetchError`].
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last_error: Option<String>,
}

impl Health {
    /// Whether it may be asked now. After a rest one question goes through as a probe; the others wait for its outcome.
    ///
    /// # Errors
    /// [`FetchError::Resting`] with the instant to come back at.
    pub fn admit(&mut self, now: UnixTime, rule: BreakerRule) -> Result<(), FetchError> {
        self.may_be_asked(now, rule)?;
        if self.resting_until.is_some() {
            self.resting_until = Some(now.plus_seconds(rule.first_rest.into()));
        }
        Ok(())
    }

    /// The answer of [`Self::admit`], with no probe spent on it.
    pub(super) fn may_be_asked(&self, now: UnixTime, rule: BreakerRule) -> Result<(), FetchError> {
        // A rest that ends later than any that can be ordered comes from a clock that was wrong.
        let latest = now.plus_seconds(LONGEST_WISH.max(rule.longest_rest.into()));
        match self.resting_until {
            Some(until) if now < until && until <= latest => Err(FetchError::Resting { until }),
            _ => Ok(()),
        }
    }

    /// It answered.
    pub fn succeeded(&mut self, now: UnixTime) {
        self.failures_in_a_row = 0;
        self.resting_until = None;
        self.last_success = Some(now);
    }

    /// It failed. What it wishes for itself (`Retry-After`) holds from the first failure on.
    pub fn failed(&mut self, error: FetchError, now: UnixTime, rule: BreakerRule) {
        self.failures_in_a_row = self.failures_in_a_row.saturating_add(1);
        self.last_failure = Some(now);
        self.last_error = Some(error.as_str().to_owned());
        let wished = error.retry_after().map(|retry| retry.instant(now).min(now.plus_seconds(LONGEST_WISH)));
        let own = self.failures_in_a_row.checked_sub(rule.failures).map(|beyond| {
            let doubled = u64::from(rule.first_rest) << beyond.min(31);
            now.plus_seconds(i64::try_from(doubled.min(rule.longest_rest.into())).unwrap_or(LONGEST_WISH))
        });
        self.resting_until = wished.max(own).filter(|until| *until > now);
    }
}

/// What was asked of one source since the program began. Fees are per check (kyc.md LAW-32).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Usage {
    /// Certificates whose status it told.
    pub validity_checks_total: u64,
    /// Requests that went out.
    pub requests_total: u64,
    /// Of those, answers that nothing had changed.
    pub unchanged_total: u64,
    /// Requests that failed.
    pub failures_total: u64,
    /// Times a kept document was used without asking.
    pub kept_total: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retrieval::RetryAfter;

    const RULE: BreakerRule = BreakerRule { failures: 2, first_rest: 30, longest_rest: 100 };

    fn at(seconds: i64) -> UnixTime {
        UnixTime::from_seconds(1_800_000_000 + seconds)
    }

    #[test]
    fn a_source_that_fails_rests_longer_each_time() {
        // RSN-22, RSN-23
        let mut health = Health::default();
        health.failed(FetchError::NoConnection, at(0), RULE);
        assert_eq!(health.admit(at(0), RULE), Ok(()), "one failure is none");
        let mut now = 0;
        for rest in [30, 60, 100, 100] {
            health.failed(FetchError::NoConnection, at(now), RULE);
            assert_eq!(health.admit(at(now + rest - 1), RULE), Err(FetchError::Resting { until: at(now + rest) }));
            now += rest;
            assert_eq!(health.admit(at(now), RULE), Ok(()), "the probe");
            assert!(health.admit(at(now), RULE).is_err(), "and only one");
        }
        health.succeeded(at(now));
        assert_eq!((health.admit(at(now), RULE), health.failures_in_a_row), (Ok(()), 0));
    }

    #[test]
    fn retry_after_is_obeyed_within_reason() {
        // RSN-22
        let unavailable = |seconds| FetchError::Status { status: 503, retry_after: Some(RetryAfter::Seconds(seconds)) };
        let mut health = Health::default();
        health.failed(unavailable(50), at(0), RULE);
        assert_eq!(health.resting_until, Some(at(50)));
        health.succeeded(at(50));
        health.failed(unavailable(u32::MAX), at(60), RULE);
        assert_eq!(health.resting_until, Some(at(60 + 86_400)));
        // The clock was set back by a year: that rest counts no more.
        assert_eq!(health.admit(at(-31_536_000), RULE), Ok(()));
    }
}
