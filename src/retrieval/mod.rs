//! Bringing revocation information from the sources an operator is entitled to, for `validation` to judge.
//!
//! A configuration says which source serves which certificates; a [`Retriever`] asks them within limits of size and time,
//! keeps lists, asks again only whether they changed, and lets a source that is down rest. What it brings is believed by
//! nobody: it goes to `validation::Materials` like any file.
//!
//! Deliberately no address is built in, and none that stands in a certificate is ever opened: J-LIS gives revocation
//! information to entitled verifiers only (kyc.md LAW-31). Such an address can be written into the configuration. There is
//! deliberately no clock either: the caller names the instant. Answers of OCSP responders are not kept, because they tell
//! whose certificate was asked about.

mod address;
mod cache;
mod configuration;
mod directory;
mod error;
mod file;
mod health;
#[cfg(feature = "http")]
mod http;
mod judge;
mod ledger;
mod retriever;
mod shelf;
mod source;
#[cfg(feature = "http")]
mod tls;

pub use address::{Address, AddressError, AddressRule};
pub use cache::{Cache, CacheEntry, CacheError, CacheKey, MemoryCache};
pub use configuration::{Configuration, ConfigurationError, SourceConfiguration};
pub use directory::DirectoryCache;
pub use error::{FetchError, RetryAfter};
pub use file::FileSource;
pub use health::{BreakerRule, Health, Usage};
#[cfg(feature = "http")]
pub use http::HttpSource;
pub use retriever::{Attempt, Outcome, Retrieved, Retriever};
pub use source::{Answer, DocumentKind, Limits, Request, Source, Validators};
#[cfg(feature = "http")]
pub use tls::{TlsError, TlsRoots};
