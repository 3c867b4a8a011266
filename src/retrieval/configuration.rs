//! What an operator writes down: which source serves which certificates, in TOML. Nothing is filled in that is not there.

use super::address::{AddressError, AddressRule};
use super::health::BreakerRule;
use super::source::{DocumentKind, Limits};
use crate::certificate::Name;
use crate::validation::{CertIdDigest, NonceRule, RevocationQuery};
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Most sources of one configuration.
const MAXIMUM_SOURCES: usize = 256;

/// Why a text is no configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// Not TOML, or a key that is missing or unknown.
    #[error("{message} (line {line})")]
    Shape {
        /// The first line it concerns, from 1.
        line: usize,
        /// What is wrong, in the words of the reader of TOML.
        message: String,
    },
    /// An address or a pattern of one.
    #[error("source {source_name}: {error}")]
    Address {
        /// The source.
        source_name: String,
        /// What is wrong with it.
        error: AddressError,
    },
    /// A value that cannot be.
    #[error("{place}: {expected}")]
    Value {
        /// Where.
        place: String,
        /// What belongs there.
        expected: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    #[serde(default)]
    breaker: BreakerTable,
    #[serde(default)]
    tls: TlsTable,
    #[serde(default)]
    source: Vec<SourceTable>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct BreakerTable {
    failures: Option<u32>,
    first_rest_seconds: Option<u32>,
    longest_rest_seconds: Option<u32>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct TlsTable {
    roots: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceTable {
    name: String,
    document: DocumentKind,
    address: Option<String>,
    #[serde(default)]
    points: BTreeMap<String, String>,
    #[serde(default)]
    issuers: Vec<String>,
    #[serde(default)]
    issuer_keys: Vec<String>,
    refresh_seconds: Option<u32>,
    total_seconds: Option<u32>,
    idle_seconds: Option<u32>,
    bytes: Option<u64>,
    redirects: Option<u32>,
    nonce: Option<NonceWord>,
    digest: Option<DigestWord>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum NonceWord {
    Require,
    AcceptAbsent,
    None,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum DigestWord {
    Sha1,
    Sha256,
}

/// One source: what it has, for whom, where, and how it is asked.
#[derive(Clone, Debug)]
pub struct SourceConfiguration {
    name: String,
    kind: DocumentKind,
    rule: AddressRule,
    issuers: HashSet<[u8; 32]>,
    issuer_keys: HashSet<Vec<u8>>,
    limits: Limits,
    refresh: u32,
    nonce: Option<NonceRule>,
    digest: CertIdDigest,
}

impl SourceConfiguration {
    /// Its name: what health and usage are told under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it has.
    pub fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// Where its documents are.
    pub fn rule(&self) -> &AddressRule {
        &self.rule
    }

    /// How long and how much.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// After how many seconds a kept list is asked about again.
    pub fn refresh_seconds(&self) -> u32 {
        self.refresh
    }

    /// The nonce of a question: `None` for none.
    pub fn nonce(&self) -> Option<NonceRule> {
        self.nonce
    }

    /// The digest that names the issuer in a question.
    pub fn digest(&self) -> CertIdDigest {
        self.digest
    }

    /// Whether it serves certificates of this issuer, by name and by key. Generations of one CA share the name.
    pub fn serves(&self, query: &RevocationQuery<'_>) -> bool {
        let key = query.issuer.extensions().subject_key_identifier.as_deref();
        (self.issuers.is_empty() || self.issuers.contains(&query.issuer.subject().comparison_key()))
            && (self.issuer_keys.is_empty() || key.is_some_and(|key| self.issuer_keys.contains(key)))
    }
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    sources: Vec<SourceConfiguration>,
    breaker: BreakerRule,
    tls_roots: Option<PathBuf>,
}

impl Configuration {
    /// Reads the text of a configuration file. `docs/revocation-sources.md` has an example with every key.
    ///
    /// # Errors
    /// [`ConfigurationError`]
    pub fn from_toml(text: &str) -> Result<Self, ConfigurationError> {
        let file: File = toml::from_str(text).map_err(|error| ConfigurationError::Shape {
            line: error
                .span()
                .and_then(|span| text.get(..span.start))
                .map_or(1, |before| before.lines().count().max(1)),
            message: error.message().to_owned(),
        })?;
        let value = |place: &str, expected| ConfigurationError::Value { place: place.to_owned(), expected };
        if file.format != 1 {
            return Err(value("format", "1 is the only format this program knows"));
        }
        if file.source.len() > MAXIMUM_SOURCES {
            return Err(value("source", "at most 256 sources"));
        }
        let default = BreakerRule::default();
        let breaker = BreakerRule {
            failures: file.breaker.failures.unwrap_or(default.failures).max(1),
            first_rest: file.breaker.first_rest_seconds.unwrap_or(default.first_rest),
            longest_rest: file.breaker.longest_rest_seconds.unwrap_or(default.longest_rest),
        };
        let mut names = HashSet::new();
        let mut sources = Vec::with_capacity(file.source.len());
        for table in file.source {
            if table.name.trim().is_empty() || !names.insert(table.name.clone()) {
                return Err(value("source.name", "every source has a name of its own"));
            }
            sources.push(source(table)?);
        }
        Ok(Self { sources, breaker, tls_roots: file.tls.roots })
    }

    /// The sources, in the order in which they are asked.
    pub fn sources(&self) -> &[SourceConfiguration] {
        &self.sources
    }

    /// When a source that fails is left alone.
    pub fn breaker(&self) -> BreakerRule {
        self.breaker
    }

    /// A PEM file with the certification authorities of TLS connections; `None` for those of the system.
    pub fn tls_roots(&self) -> Option<&Path> {
        self.tls_roots.as_deref()
    }
}

fn source(table: SourceTable) -> Result<SourceConfiguration, ConfigurationError> {
    let wrong = |place: &str, expected| ConfigurationError::Value {
        place: format!("source {}: {place}", table.name),
        expected,
    };
    let address = |error| ConfigurationError::Address { source_name: table.name.clone(), error };
    let mut rule = AddressRule::new();
    if let Some(pattern) = &table.address {
        rule = rule.with_pattern(pattern).map_err(address)?;
    }
    for (point, target) in &table.points {
        rule = rule.with_point(point, target).map_err(address)?;
    }
    if rule.is_empty() {
        return Err(wrong("address", "an address, or points with an address each"));
    }
    if table.document == DocumentKind::Ocsp && (rule.fixed().is_none() || !table.points.is_empty()) {
        return Err(wrong("address", "one address without placeholders for a responder"));
    }
    if table.document == DocumentKind::Crl && (table.nonce.is_some() || table.digest.is_some()) {
        return Err(wrong("nonce, digest", "these are for responders"));
    }
    let names = table.issuers.iter().map(|text| Name::from_text(text).map(|name| name.comparison_key()));
    let issuers = names.collect::<Result<_, _>>().map_err(|_| wrong("issuers", "names written C=JP, O=…, OU=…"))?;
    let keys = table.issuer_keys.iter().map(|text| hex::decode(text.replace([':', ' '], "")));
    let issuer_keys = keys.collect::<Result<_, _>>().map_err(|_| wrong("issuer_keys", "key identifiers in hex"))?;
    let mut limits = Limits::of(table.document);
    for (given, limit, place) in [
        (table.total_seconds, &mut limits.total, "total_seconds"),
        (table.idle_seconds, &mut limits.idle, "idle_seconds"),
    ] {
        if let Some(seconds) = given {
            if !(1..=86_400).contains(&seconds) {
                return Err(wrong(place, "1 to 86400"));
            }
            *limit = Duration::from_secs(seconds.into());
        }
    }
    limits.bytes = table.bytes.unwrap_or(limits.bytes);
    // DER of this program ends at 4 GiB (`strict_der::header`).
    if !(1..=u64::from(u32::MAX)).contains(&limits.bytes) {
        return Err(wrong("bytes", "1 to 4294967295"));
    }
    limits.redirects = table.redirects.unwrap_or(limits.redirects);
    if limits.redirects > 10 {
        return Err(wrong("redirects", "at most 10"));
    }
    let nonce = match table.nonce.unwrap_or(NonceWord::Require) {
        NonceWord::Require => Some(NonceRule::Require),
        NonceWord::AcceptAbsent => Some(NonceRule::AcceptAbsent),
        NonceWord::None => None,
    };
    let digest = match table.digest.unwrap_or(DigestWord::Sha1) {
        DigestWord::Sha1 => CertIdDigest::Sha1,
        DigestWord::Sha256 => CertIdDigest::Sha256,
    };
    let refresh = table.refresh_seconds.unwrap_or(3600);
    Ok(SourceConfiguration {
        kind: table.document,
        name: table.name,
        rule,
        issuers,
        issuer_keys,
        limits,
        refresh,
        nonce,
        digest,
    })
}
