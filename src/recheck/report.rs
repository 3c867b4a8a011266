//! How many of what a sweep found.

use super::finding::Finding;
use crate::validation::{AuditMeaning, RevocationReason};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Counts by reason; free of personal data. An account is counted once, however often a sweep was killed and resumed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecheckReport {
    /// Accounts with a kept certificate that were looked at.
    pub accounts: u64,
    /// Not revoked: unchanged so far.
    pub unchanged: u64,
    /// Past the end of their validity.
    pub expired: u64,
    /// Revoked, by what the published reason means to an operator ([`AuditMeaning`]).
    pub revoked: BTreeMap<String, u64>,
    /// Revoked, and re-verification is due early or overdue because of it.
    pub due: u64,
    /// Revoked, but the wallet knows of another certificate by now.
    pub replaced: u64,
    /// Revoked, and the account has no wallet in which anything could be due: told in an event only.
    pub without_wallet: u64,
    /// Nobody could say, by what was missing ([`crate::validation::RevocationGap`]); nothing was changed.
    pub undetermined: BTreeMap<String, u64>,
    /// What is kept could not be read.
    pub unreadable: u64,
}

fn one_more(count: &mut u64) {
    *count = count.saturating_add(1);
}

impl RecheckReport {
    /// How many are revoked, whatever the reason.
    pub fn revoked_in_all(&self) -> u64 {
        self.revoked.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// How many nobody could say anything about.
    pub fn undetermined_in_all(&self) -> u64 {
        self.undetermined.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Counts one account.
    pub(super) fn count(&mut self, finding: Finding) {
        one_more(&mut self.accounts);
        match finding {
            Finding::Unchanged => one_more(&mut self.unchanged),
            Finding::Expired => one_more(&mut self.expired),
            Finding::Unreadable => one_more(&mut self.unreadable),
            Finding::Revoked { reason } => {
                let meaning = reason.map_or(AuditMeaning::NotSaid, RevocationReason::audit_meaning);
                one_more(self.revoked.entry(meaning.as_str().to_owned()).or_default());
            }
            Finding::Undetermined(gap) => one_more(self.undetermined.entry(gap.as_str().to_owned()).or_default()),
        }
    }

    pub(super) fn count_due(&mut self) {
        one_more(&mut self.due);
    }

    pub(super) fn count_replaced(&mut self) {
        one_more(&mut self.replaced);
    }

    pub(super) fn count_without_wallet(&mut self) {
        one_more(&mut self.without_wallet);
    }
}
