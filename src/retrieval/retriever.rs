//! The one who goes: for a question about one certificate, every source that serves it, until one has answered.

use super::address::Address;
use super::cache::{Cache, CacheEntry, CacheKey};
use super::configuration::{Configuration, SourceConfiguration};
use super::error::FetchError;
use super::file::FileSource;
use super::health::{Health, Usage};
use super::judge;
use super::source::{Answer, DocumentKind, Request, Source};
use crate::certificate::Certificate;
use crate::time::UnixTime;
use crate::validation::{
    Crl, OcspNonce, OcspRequest, OcspResponse, RevocationQuery, RevocationSource as _, RevocationStatus, VerifiedPath,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How one document was come by, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was fetched.
    Fetched,
    /// The source said that nothing has changed.
    Unchanged,
    /// It was kept, and it was not time to ask again.
    Kept,
    /// The source failed, so the one that was kept has to do. Whether it is still current, `validation` says.
    KeptDespite(FetchError),
    /// There is none.
    Failed(FetchError),
}

impl Outcome {
    /// The slug, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fetched => "fetched",
            Self::Unchanged => "unchanged",
            Self::Kept => "kept",
            Self::KeptDespite(_) => "kept_despite",
            Self::Failed(_) => "failed",
        }
    }

    /// What went wrong, if something did.
    pub const fn error(self) -> Option<FetchError> {
        match self {
            Self::KeptDespite(error) | Self::Failed(error) => Some(error),
            Self::Fetched | Self::Unchanged | Self::Kept => None,
        }
    }
}

/// One document that was wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The name of the source.
    pub source: String,
    /// What was wanted.
    pub kind: DocumentKind,
    /// What became of it.
    pub outcome: Outcome,
    /// When the source may be asked again, where it rests.
    pub retry_at: Option<UnixTime>,
}

/// What was brought, for `validation::Materials`.
#[derive(Clone, Debug, Default)]
pub struct Retrieved {
    /// Lists.
    pub crls: Vec<Crl>,
    /// Answers of responders.
    pub ocsp: Vec<OcspResponse>,
    /// How each document was come by.
    pub attempts: Vec<Attempt>,
}

impl Retrieved {
    /// The earliest instant at which asking again makes sense, where a source rests (RSN-22).
    pub fn retry_at(&self) -> Option<UnixTime> {
        self.attempts.iter().filter_map(|attempt| attempt.retry_at).min()
    }

    /// Adds what was brought for another certificate.
    pub fn absorb(&mut self, other: Self) {
        let new = other.crls.into_iter().filter(|list| !self.crls.iter().any(|known| known.der() == list.der()));
        let new: Vec<Crl> = new.collect();
        self.crls.extend(new);
        self.ocsp.extend(other.ocsp);
        self.attempts.extend(other.attempts);
    }
}

#[derive(Default)]
struct Dependency {
    health: Health,
    usage: Usage,
}

/// Asks the sources of a configuration.
pub struct Retriever {
    configuration: Configuration,
    access: Vec<Box<dyn Source>>,
    cache: Box<dyn Cache>,
    dependencies: Mutex<BTreeMap<String, Dependency>>,
}

/// What is remembered of all sources between two programs.
#[derive(Default, Serialize, Deserialize)]
struct Memory {
    health: BTreeMap<String, Health>,
}

impl Retriever {
    /// With files as the only way to fetch; [`Self::with_source`] adds others. How the sources fared before is taken from
    /// the cache.
    pub fn new(configuration: Configuration, cache: Box<dyn Cache>) -> Self {
        let memory = cache.load(&memory_key()).and_then(|entry| serde_json::from_slice::<Memory>(&entry.bytes).ok());
        let before = memory.unwrap_or_default().health.into_iter();
        let known = before.filter(|(name, _)| configuration.sources().iter().any(|source| source.name() == name));
        let dependencies = known.map(|(name, health)| (name, Dependency { health, ..Dependency::default() })).collect();
        Self { configuration, access: vec![Box::new(FileSource)], cache, dependencies: Mutex::new(dependencies) }
    }

    /// The same with one more way to fetch.
    #[must_use]
    pub fn with_source(mut self, source: Box<dyn Source>) -> Self {
        self.access.push(source);
        self
    }

    /// How every source fares that was ever asked, by name (RSN-23).
    pub fn health(&self) -> BTreeMap<String, Health> {
        self.dependencies().iter().map(|(name, one)| (name.clone(), one.health.clone())).collect()
    }

    /// What was asked of every source since this value was made, by name (LAW-32).
    pub fn usage(&self) -> BTreeMap<String, Usage> {
        self.dependencies().iter().map(|(name, one)| (name.clone(), one.usage)).collect()
    }

    /// Brings what there is to say about every certificate of `path` below its anchor. `signers` are certificates that may
    /// have signed a list in the place of its issuer.
    pub fn retrieve_for(&self, path: &VerifiedPath, signers: &[Certificate], at: UnixTime, now: UnixTime) -> Retrieved {
        let mut retrieved = Retrieved::default();
        let issuers = path.certificates().iter().skip(1);
        for (certificate, issuer) in path.certificates().iter().zip(issuers) {
            retrieved.absorb(self.retrieve(&RevocationQuery::of(certificate, issuer, at), signers, now));
        }
        retrieved
    }

    /// Brings what there is to say about one certificate: sources in their order, until one of them has told its status.
    pub fn retrieve(&self, query: &RevocationQuery<'_>, signers: &[Certificate], now: UnixTime) -> Retrieved {
        let mut retrieved = Retrieved::default();
        for source in self.configuration.sources().iter().filter(|source| source.serves(query)) {
            let attempts_before = retrieved.attempts.len();
            let told = match source.kind() {
                DocumentKind::Crl => self.lists(source, query, signers, now, &mut retrieved),
                DocumentKind::Ocsp => self.answer(source, query, now, &mut retrieved),
            };
            let mut dependencies = self.dependencies();
            let dependency = dependencies.entry(source.name().to_owned()).or_default();
            dependency.usage.validity_checks_total += u64::from(told);
            for attempt in retrieved.attempts.iter_mut().skip(attempts_before) {
                attempt.retry_at = attempt.outcome.error().and(dependency.health.resting_until);
            }
            if told {
                break;
            }
        }
        if retrieved.attempts.iter().any(|attempt| attempt.outcome != Outcome::Kept) {
            self.remember(now);
        }
        retrieved
    }

    /// Every list of one source that the certificate points to. Whether they told its status.
    fn lists(
        &self,
        source: &SourceConfiguration,
        query: &RevocationQuery<'_>,
        signers: &[Certificate],
        now: UnixTime,
        retrieved: &mut Retrieved,
    ) -> bool {
        let addresses = source.rule().addresses(query);
        if addresses.is_empty() {
            retrieved.attempts.push(attempt(source, Outcome::Failed(FetchError::NoAddress)));
        }
        let mut told = false;
        for address in addresses {
            let (list, outcome) = self.list(source, &address, query, signers, now);
            retrieved.attempts.push(attempt(source, outcome));
            if let Some(list) = list {
                told |= tells(list.status(query));
                retrieved.crls.push(list);
            }
            if told {
                break;
            }
        }
        told
    }

    fn list(
        &self,
        source: &SourceConfiguration,
        address: &Address,
        query: &RevocationQuery<'_>,
        signers: &[Certificate],
        now: UnixTime,
    ) -> (Option<Crl>, Outcome) {
        // Generations of a CA share name and distribution points: what is kept is kept by key.
        let issuer = hex::encode(crate::crypto::sha256(query.issuer.spki_der()));
        let key = CacheKey::of(&[source.name(), address.as_str(), &issuer]);
        let kept = self.cache.load(&key).and_then(|entry| {
            let (checked_at, validators) = (entry.checked_at, entry.validators);
            let list = judge::read(entry.bytes).ok()?;
            judge::authentic(&list, query, signers).ok().map(|()| (list, checked_at, validators))
        });
        if let Some((list, checked_at, _)) = &kept {
            let age = now.seconds().saturating_sub(checked_at.seconds());
            let young = (0..i64::from(source.refresh_seconds())).contains(&age);
            if young && list.next_update().is_some_and(|next| now < next) {
                self.count(source, |usage| usage.kept_total += 1);
                return (kept.map(|(list, ..)| list), Outcome::Kept);
            }
        }
        let request = Request {
            address,
            kind: DocumentKind::Crl,
            question: None,
            validators: kept.as_ref().map(|(_, _, validators)| validators),
            limits: source.limits(),
        };
        let brought = self.ask(source, &request, now, |answer| match answer {
            Answer::Unchanged => Ok(None),
            Answer::Document { bytes, validators } => {
                let list = judge::read(bytes)?;
                judge::authentic(&list, query, signers)?;
                Ok(Some((list, validators)))
            }
        });
        match (brought, kept) {
            (Ok(Some((list, _))), Some((kept, ..))) if list.this_update() < kept.this_update() => {
                // Somebody plays an old list back, or an old mirror answers.
                (Some(kept), Outcome::KeptDespite(FetchError::Older))
            }
            (Ok(Some((list, validators))), _) => {
                // A cache that cannot be written costs time only.
                let _ = self.cache.store(&key, &CacheEntry { checked_at: now, validators, bytes: list.der().to_vec() });
                (Some(list), Outcome::Fetched)
            }
            (Ok(None), Some((list, ..))) => {
                let _ = self.cache.confirm(&key, now);
                self.count(source, |usage| usage.unchanged_total += 1);
                (Some(list), Outcome::Unchanged)
            }
            // A source that says "unchanged" of what nobody has.
            (Ok(None), None) => (None, Outcome::Failed(FetchError::Protocol)),
            (Err(error), Some((list, ..))) => (Some(list), Outcome::KeptDespite(error)),
            (Err(error), None) => (None, Outcome::Failed(error)),
        }
    }

    /// The answer of one responder. Whether it told the status.
    fn answer(
        &self,
        source: &SourceConfiguration,
        query: &RevocationQuery<'_>,
        now: UnixTime,
        retrieved: &mut Retrieved,
    ) -> bool {
        let brought = self.response(source, query, now);
        let outcome = brought.as_ref().map_or_else(|error| Outcome::Failed(*error), |_| Outcome::Fetched);
        retrieved.attempts.push(attempt(source, outcome));
        let Ok(response) = brought else { return false };
        let told = tells(response.status(query));
        retrieved.ocsp.push(response);
        told
    }

    fn response(
        &self,
        source: &SourceConfiguration,
        query: &RevocationQuery<'_>,
        now: UnixTime,
    ) -> Result<OcspResponse, FetchError> {
        let address = source.rule().fixed().ok_or(FetchError::NoAddress)?;
        let nonce = source.nonce().map(|_| OcspNonce::random(&mut rand_core::OsRng));
        let nonce = nonce.transpose().map_err(|_| FetchError::Randomness)?;
        let question = OcspRequest::about(query, source.digest(), nonce);
        let request = Request {
            address,
            kind: DocumentKind::Ocsp,
            question: Some(question.der()),
            validators: None,
            limits: source.limits(),
        };
        let rule = source.nonce().unwrap_or_default();
        self.ask(source, &request, now, |answer| {
            let Answer::Document { bytes, .. } = answer else { return Err(FetchError::Protocol) };
            let response = OcspResponse::from_der(&bytes).map_err(|_| FetchError::NotADocument)?;
            if response.is_error() {
                return Err(FetchError::ResponderError);
            }
            let ours = question.may_be_answered_by(&response, rule);
            if ours { Ok(response.in_answer_to(&question, rule)) } else { Err(FetchError::NonceDiffers) }
        })
    }

    /// One exchange with a source, through its breaker.
    fn ask<T>(
        &self,
        source: &SourceConfiguration,
        request: &Request<'_>,
        now: UnixTime,
        accept: impl FnOnce(Answer) -> Result<T, FetchError>,
    ) -> Result<T, FetchError> {
        let scheme = request.address.scheme();
        let access = self.access.iter().find(|access| access.schemes().contains(&scheme));
        let access = access.ok_or(FetchError::SchemeUnsupported)?;
        let rule = self.configuration.breaker();
        {
            let mut dependencies = self.dependencies();
            let dependency = dependencies.entry(source.name().to_owned()).or_default();
            dependency.health.admit(now, rule)?;
            dependency.usage.requests_total += 1;
        }
        // Nothing is locked while the source is asked: another one may be asked meanwhile.
        let outcome = access.fetch(request).and_then(accept);
        let mut dependencies = self.dependencies();
        let dependency = dependencies.entry(source.name().to_owned()).or_default();
        match &outcome {
            Err(error) => {
                dependency.usage.failures_total += 1;
                if error.is_outage() {
                    dependency.health.failed(*error, now, rule);
                } else {
                    // It is there, and one document is not.
                    dependency.health.succeeded(now);
                }
            }
            Ok(_) => dependency.health.succeeded(now),
        }
        outcome
    }

    fn count(&self, source: &SourceConfiguration, add: impl FnOnce(&mut Usage)) {
        add(&mut self.dependencies().entry(source.name().to_owned()).or_default().usage);
    }

    fn dependencies(&self) -> MutexGuard<'_, BTreeMap<String, Dependency>> {
        self.dependencies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, now: UnixTime) {
        if let Ok(bytes) = serde_json::to_vec(&Memory { health: self.health() }) {
            let entry = CacheEntry { checked_at: now, validators: super::Validators::default(), bytes };
            let _ = self.cache.store(&memory_key(), &entry);
        }
    }
}

fn memory_key() -> CacheKey {
    CacheKey::of(&["health of the sources"])
}

fn attempt(source: &SourceConfiguration, outcome: Outcome) -> Attempt {
    Attempt { source: source.name().to_owned(), kind: source.kind(), outcome, retry_at: None }
}

fn tells(status: RevocationStatus) -> bool {
    matches!(status, RevocationStatus::Good(_) | RevocationStatus::Revoked { .. })
}
