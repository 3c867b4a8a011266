//! The one who goes: for a question about one certificate, every source that serves it, until one has answered.

use super::address::Address;
use super::cache::{Cache, CacheEntry, CacheKey};
use super::configuration::{Configuration, SourceConfiguration};
use super::error::FetchError;
use super::file::FileSource;
use super::health::{Health, Usage};
use super::judge;
use super::ledger::{Dependency, Ledger};
use super::shelf::{MAXIMUM_LISTS, Place, Shelf};
use super::source::{Answer, DocumentKind, Request, Source, Validators};
use crate::certificate::Certificate;
use crate::time::UnixTime;
use crate::validation::{
    Crl, OcspNonce, OcspRequest, OcspResponse, RevocationQuery, RevocationSource as _, RevocationStatus, VerifiedPath,
};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Most distribution points whose kept lists are looked for.
const MAXIMUM_POINTS: usize = 16;

/// How one document was come by, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was fetched.
    Fetched,
    /// The source said that nothing has changed.
    Unchanged,
    /// It was kept, and it was not time to ask again.
    Kept,
    /// What came does not take the place of the one that was kept: the source failed, or its list covers less. Whether the kept
    /// one is still current, `validation` says.
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

    /// Why there is nothing, or the one that was kept.
    pub const fn error(self) -> Option<FetchError> {
        match self {
            Self::KeptDespite(error) | Self::Failed(error) => Some(error),
            Self::Fetched | Self::Unchanged | Self::Kept => None,
        }
    }

    /// What the source did wrong, if anything: a list of changes or of some reasons beside the one that is kept is as good as
    /// any.
    pub const fn failure(self) -> Option<FetchError> {
        match self {
            Self::KeptDespite(FetchError::Narrower) => None,
            _ => self.error(),
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

/// Asks the sources of a configuration.
pub struct Retriever {
    configuration: Configuration,
    access: Vec<Box<dyn Source>>,
    cache: Box<dyn Cache>,
    ledger: Mutex<Ledger>,
}

impl Retriever {
    /// With files as the only way to fetch; [`Self::with_source`] adds others. How the sources fared before is taken from
    /// the cache.
    pub fn new(configuration: Configuration, cache: Box<dyn Cache>) -> Self {
        let known = |name: &str| configuration.sources().iter().any(|source| source.name() == name);
        let memory = cache.load(&memory_key()).map(|entry| Ledger::remembered(&entry.bytes, known));
        let ledger = Mutex::new(memory.unwrap_or_default());
        Self { configuration, access: vec![Box::new(FileSource)], cache, ledger }
    }

    /// The same with one more way to fetch.
    #[must_use]
    pub fn with_source(mut self, source: Box<dyn Source>) -> Self {
        self.access.push(source);
        self
    }

    /// How every dependency fares that was ever asked (RSN-23): by the name of the source, then by the key identifier of the CA
    /// in hex.
    pub fn health(&self) -> BTreeMap<String, BTreeMap<String, Health>> {
        self.ledger().health()
    }

    /// What was asked of every source since this value was made, by name (LAW-32).
    pub fn usage(&self) -> BTreeMap<String, Usage> {
        self.ledger().usage()
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
            let told = match source.kind() {
                DocumentKind::Crl => self.lists(source, query, signers, now, &mut retrieved),
                DocumentKind::Ocsp => self.answer(source, query, now, &mut retrieved),
            };
            self.ledger().usage_of(source.name()).validity_checks_total += u64::from(told);
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
            let outcome = Outcome::Failed(FetchError::NoAddress);
            retrieved.attempts.push(self.attempt(source, &dependency(source, query, None), outcome));
        }
        let mut told = false;
        for address in addresses {
            let document = CacheKey::of(&[source.name(), address.as_str(), &issuer_key(query)]);
            let of = dependency(source, query, Some(document));
            let (lists, outcome) = self.list(source, &of, &address, query, signers, now);
            retrieved.attempts.push(self.attempt(source, &of, outcome));
            told |= lists.iter().any(|list| tells(list.status(query)));
            retrieved.crls.extend(lists);
            if told {
                break;
            }
        }
        told
    }

    /// The lists of one address: what came, and what was kept and says something beside it.
    fn list(
        &self,
        source: &SourceConfiguration,
        of: &Dependency,
        address: &Address,
        query: &RevocationQuery<'_>,
        signers: &[Certificate],
        now: UnixTime,
    ) -> (Vec<Crl>, Outcome) {
        let mut shelf = self.shelf(source, address, query, signers);
        if shelf.is_young(now, source.refresh_seconds()) {
            self.ledger().usage_of(source.name()).kept_total += 1;
            return (shelf.into_lists(), Outcome::Kept);
        }
        let request = Request {
            address,
            kind: DocumentKind::Crl,
            question: None,
            validators: shelf.validators(),
            limits: source.limits(),
        };
        let brought = self.ask(of, &request, now, |answer| match answer {
            Answer::Unchanged => Ok(None),
            Answer::Document { bytes, validators } => {
                let list = judge::read(bytes)?;
                let coverage = judge::fitting(&list, query, signers)?;
                Ok(Some((list, coverage, validators)))
            }
        });
        let outcome = match brought {
            Ok(Some((list, coverage, validators))) => {
                let point = point(&list, query);
                match shelf.add(list, coverage, validators, point, now) {
                    Place::Foremost => Outcome::Fetched,
                    Place::Beside => Outcome::KeptDespite(FetchError::Narrower),
                    Place::Older => Outcome::KeptDespite(FetchError::Older),
                }
            }
            Ok(None) if shelf.confirm(now) => {
                self.ledger().usage_of(source.name()).unchanged_total += 1;
                Outcome::Unchanged
            }
            // A source that says "unchanged" of what nobody has.
            Ok(None) => Outcome::Failed(FetchError::Protocol),
            Err(error) if shelf.is_empty() => Outcome::Failed(error),
            Err(error) => Outcome::KeptDespite(error),
        };
        (shelf.into_lists(), outcome)
    }

    /// The lists that are kept for an address and speak of the certificate. Lists are kept by the key of the issuer, whose
    /// generations share name and distribution points, and by their own point: what came for another municipality has a
    /// place of its own.
    fn shelf(
        &self,
        source: &SourceConfiguration,
        address: &Address,
        query: &RevocationQuery<'_>,
        signers: &[Certificate],
    ) -> Shelf<'_> {
        let mut points = query.points();
        points.sort_unstable();
        points.dedup();
        let places = points.into_iter().take(MAXIMUM_POINTS).flat_map(|point| {
            (0..MAXIMUM_LISTS).map(move |number| (point, list_key(source, address, query, point, number)))
        });
        Shelf::load(self.cache.as_ref(), places, |bytes| {
            let list = judge::read(bytes).ok()?;
            let coverage = judge::fitting(&list, query, signers).ok()?;
            Some((list, coverage))
        })
    }

    /// The answer of one responder. Whether it told the status.
    fn answer(
        &self,
        source: &SourceConfiguration,
        query: &RevocationQuery<'_>,
        now: UnixTime,
        retrieved: &mut Retrieved,
    ) -> bool {
        let of = dependency(source, query, None);
        let brought = self.response(source, &of, query, now);
        let outcome = brought.as_ref().map_or_else(|error| Outcome::Failed(*error), |_| Outcome::Fetched);
        retrieved.attempts.push(self.attempt(source, &of, outcome));
        let Ok(response) = brought else { return false };
        let told = tells(response.status(query));
        retrieved.ocsp.push(response);
        told
    }

    fn response(
        &self,
        source: &SourceConfiguration,
        of: &Dependency,
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
        self.ask(of, &request, now, |answer| {
            let Answer::Document { bytes, .. } = answer else { return Err(FetchError::Protocol) };
            let response = OcspResponse::from_der(&bytes).map_err(|_| FetchError::NotADocument)?;
            if response.is_error() {
                return Err(FetchError::ResponderError);
            }
            let ours = question.may_be_answered_by(&response, rule);
            if ours { Ok(response.in_answer_to(&question, rule)) } else { Err(FetchError::NonceDiffers) }
        })
    }

    /// One exchange with a source, through its breakers.
    fn ask<T>(
        &self,
        of: &Dependency,
        request: &Request<'_>,
        now: UnixTime,
        accept: impl FnOnce(Answer) -> Result<T, FetchError>,
    ) -> Result<T, FetchError> {
        let scheme = request.address.scheme();
        let access = self.access.iter().find(|access| access.schemes().contains(&scheme));
        let access = access.ok_or(FetchError::SchemeUnsupported)?;
        let rule = self.configuration.breaker();
        self.ledger().admit(of, now, rule)?;
        // Nothing is locked while the source is asked: another one may be asked meanwhile.
        let outcome = access.fetch(request).and_then(accept);
        self.ledger().note(of, outcome.as_ref().err().copied(), now, rule);
        outcome
    }

    fn attempt(&self, source: &SourceConfiguration, of: &Dependency, outcome: Outcome) -> Attempt {
        let retry_at = outcome.error().and_then(|_| self.ledger().resting_until(of));
        Attempt { source: source.name().to_owned(), kind: source.kind(), outcome, retry_at }
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, now: UnixTime) {
        if let Some(bytes) = self.ledger().to_remember() {
            let entry = CacheEntry { checked_at: now, validators: Validators::default(), bytes };
            let _ = self.cache.store(&memory_key(), &entry);
        }
    }
}

/// What a question about a certificate depends on.
fn dependency(source: &SourceConfiguration, query: &RevocationQuery<'_>, document: Option<CacheKey>) -> Dependency {
    let identifier = query.issuer.extensions().subject_key_identifier.as_ref();
    let issuer = identifier.map_or_else(|| issuer_key(query), hex::encode);
    Dependency { source: source.name().to_owned(), issuer, document }
}

fn issuer_key(query: &RevocationQuery<'_>) -> String {
    hex::encode(crate::crypto::sha256(query.issuer.spki_der()))
}

/// The point under which a list is kept: the first of the certificate's own that it has.
fn point(list: &Crl, query: &RevocationQuery<'_>) -> Option<[u8; 32]> {
    let own = list.points();
    query.points().into_iter().find(|point| own.contains(point)).flatten()
}

fn list_key(
    source: &SourceConfiguration,
    address: &Address,
    query: &RevocationQuery<'_>,
    point: Option<[u8; 32]>,
    number: usize,
) -> CacheKey {
    let point = point.map_or_else(|| "everything".to_owned(), hex::encode);
    CacheKey::of(&[source.name(), address.as_str(), &issuer_key(query), &point, &number.to_string()])
}

fn memory_key() -> CacheKey {
    CacheKey::of(&["health of the sources"])
}

fn tells(status: RevocationStatus) -> bool {
    matches!(status, RevocationStatus::Good(_) | RevocationStatus::Revoked { .. })
}
