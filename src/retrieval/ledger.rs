//! Who is asked and who rests: a breaker for every dependency, and one for every document that came bad (kyc.md RSN-23).
//!
//! A dependency is what one source has of one CA: its lists, its responder. An outage of the source speaks against all of that;
//! a document that is none, or too large, only against itself.

use super::cache::CacheKey;
use super::error::{FetchError, Reach};
use super::health::{BreakerRule, Health, Usage};
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most bad documents that are remembered at a time.
const MAXIMUM_DOCUMENTS: usize = 4096;

/// What one question depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dependency {
    /// The name of the source.
    pub(super) source: String,
    /// The key identifier of the CA, in hex.
    pub(super) issuer: String,
    /// The document, where there are several; a digest, because its address may name a municipality.
    pub(super) document: Option<CacheKey>,
}

/// Health by source and CA.
type BySource = BTreeMap<String, BTreeMap<String, Health>>;

/// How everything fares, and what was asked.
#[derive(Default)]
pub(super) struct Ledger {
    health: BySource,
    documents: BTreeMap<String, Health>,
    usage: BTreeMap<String, Usage>,
}

/// What is remembered between two programs.
#[derive(Default, Serialize, Deserialize)]
struct Memory {
    health: BySource,
    documents: BTreeMap<String, Health>,
}

impl Ledger {
    /// As it was remembered, for the sources that there still are.
    pub(super) fn remembered(bytes: &[u8], known: impl Fn(&str) -> bool) -> Self {
        let mut memory: Memory = serde_json::from_slice(bytes).unwrap_or_default();
        memory.health.retain(|source, _| known(source));
        Self { health: memory.health, documents: memory.documents, usage: BTreeMap::new() }
    }

    /// What to remember of it.
    pub(super) fn to_remember(&self) -> Option<Vec<u8>> {
        let memory = Memory { health: self.health.clone(), documents: self.documents.clone() };
        serde_json::to_vec(&memory).ok()
    }

    pub(super) fn health(&self) -> BySource {
        self.health.clone()
    }

    pub(super) fn usage(&self) -> BTreeMap<String, Usage> {
        self.usage.clone()
    }

    pub(super) fn usage_of(&mut self, source: &str) -> &mut Usage {
        self.usage.entry(source.to_owned()).or_default()
    }

    /// Until when the dependency, or its document, is left alone.
    pub(super) fn resting_until(&self, of: &Dependency) -> Option<UnixTime> {
        let whole = self.health.get(&of.source).and_then(|source| source.get(&of.issuer));
        let document = of.document.and_then(|key| self.documents.get(&key.to_hex()));
        whole.and_then(|health| health.resting_until).max(document.and_then(|health| health.resting_until))
    }

    /// Whether it may be asked now, and that it was. Where one of the two still rests, the other's probe is not spent.
    ///
    /// # Errors
    /// [`FetchError::Resting`]
    pub(super) fn admit(&mut self, of: &Dependency, now: UnixTime, rule: BreakerRule) -> Result<(), FetchError> {
        self.whole(of).may_be_asked(now, rule)?;
        if let Some(document) = of.document.and_then(|key| self.documents.get_mut(&key.to_hex())) {
            document.admit(now, rule)?;
        }
        self.whole(of).admit(now, rule)?;
        self.usage_of(&of.source).requests_total += 1;
        Ok(())
    }

    /// How the question came out.
    pub(super) fn note(&mut self, of: &Dependency, error: Option<FetchError>, now: UnixTime, rule: BreakerRule) {
        let reach = error.map(FetchError::reach);
        if error.is_some() {
            self.usage_of(&of.source).failures_total += 1;
        }
        match (error, reach, of.document) {
            // All that a responder says is one document after another: what is bad there is the responder.
            (Some(error), Some(Reach::Source), _) | (Some(error), Some(Reach::Document), None) => {
                self.whole(of).failed(error, now, rule);
            }
            (Some(error), Some(Reach::Document), Some(key)) => {
                // It is there, and one document is bad.
                self.whole(of).succeeded(now);
                if self.documents.len() >= MAXIMUM_DOCUMENTS {
                    self.documents.retain(|_, health| health.resting_until.is_some_and(|until| now < until));
                }
                if self.documents.len() < MAXIMUM_DOCUMENTS {
                    self.documents.entry(key.to_hex()).or_default().failed(error, now, rule);
                }
            }
            (_, _, key) => {
                self.whole(of).succeeded(now);
                if let Some(key) = key {
                    self.documents.remove(&key.to_hex());
                }
            }
        }
    }

    fn whole(&mut self, of: &Dependency) -> &mut Health {
        self.health.entry(of.source.clone()).or_default().entry(of.issuer.clone()).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probe_is_spent_on_a_question_that_goes_out_only() {
        // RSN-23
        let rule = BreakerRule { failures: 1, first_rest: 60, longest_rest: 600 };
        let at = |seconds: i64| UnixTime::from_seconds(1_800_000_000 + seconds);
        let of = |name: &str| Dependency {
            source: "lists".to_owned(),
            issuer: "0a".to_owned(),
            document: Some(CacheKey::of(&[name])),
        };
        let resting = |seconds: i64| Err(FetchError::Resting { until: at(seconds) });
        let (kiyose, chiyoda) = (of("Kiyose"), of("Chiyoda"));

        // Kiyose's list is bad and rests until 60; then the whole source is down and rests until 100.
        let mut ledger = Ledger::default();
        ledger.note(&kiyose, Some(FetchError::NotADocument), at(0), rule);
        ledger.note(&chiyoda, Some(FetchError::NoConnection), at(40), rule);
        assert_eq!(ledger.admit(&kiyose, at(90), rule), resting(100), "the source's rest");
        assert_eq!(ledger.admit(&kiyose, at(100), rule), Ok(()), "the probe of both");
        assert_eq!(ledger.admit(&kiyose, at(100), rule), resting(160), "and only one");

        // The other way about, of two questions at a time: the source's rest is over, the document's is not.
        let mut ledger = Ledger::default();
        ledger.note(&kiyose, Some(FetchError::NotADocument), at(40), rule);
        ledger.note(&chiyoda, Some(FetchError::NoConnection), at(0), rule);
        assert_eq!(ledger.admit(&kiyose, at(90), rule), resting(100), "the document's rest");
        assert_eq!(ledger.admit(&chiyoda, at(90), rule), Ok(()), "the source's probe was left for another document");
        assert_eq!(ledger.usage()["lists"].requests_total, 1);
    }
}
