//! What every way of fetching has in common: one question, one answer, limits.

use super::address::Address;
use super::error::FetchError;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A revocation list.
    Crl,
    /// The answer of an OCSP responder.
    Ocsp,
}

impl DocumentKind {
    /// `crl` or `ocsp`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Crl => "crl",
            Self::Ocsp => "ocsp",
        }
    }
}

/// How long and how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// From the first name look-up to the last byte, redirects included.
    pub total: Duration,
    /// Without a single byte.
    pub idle: Duration,
    /// Largest document, in bytes.
    pub bytes: u64,
    /// Most redirects that are followed.
    pub redirects: u32,
}

impl Limits {
    /// The defaults for a kind of document: a list may be half a gibibyte, an answer 64 KiB.
    pub const fn of(kind: DocumentKind) -> Self {
        let (total, bytes) = match kind {
            DocumentKind::Crl => (300, 512 << 20),
            DocumentKind::Ocsp => (15, 64 << 10),
        };
        Self { total: Duration::from_secs(total), idle: Duration::from_secs(10), bytes, redirects: 3 }
    }
}

/// By what a source recognises that its document is still the one we have (RFC 9110 §8.8).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`, as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity_tag: Option<String>,
    /// `Last-Modified`, as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

/// One question to a source.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Where.
    pub address: &'a Address,
    /// What is expected there.
    pub kind: DocumentKind,
    /// The document to send: DER of an OCSP request.
    pub question: Option<&'a [u8]>,
    /// Of the document we have, if we have one.
    pub validators: Option<&'a Validators>,
    /// How long and how much.
    pub limits: Limits,
}

/// What a source answers.
#[derive(Clone, PartialEq, Eq)]
pub enum Answer {
    /// What we have is still what it has.
    Unchanged,
    /// A document, whole as far as the source tells.
    Document {
        /// Its bytes. Nothing was checked.
        bytes: Vec<u8>,
        /// By what to ask for it again.
        validators: Validators,
    },
}

/// A way to fetch documents: HTTP and files are here, LDAP would be another. It blocks, and it never takes longer or brings
/// more than the limits say.
///
/// A platform operator that answers in a form of its own is no such source: its adapter is a
/// [`RevocationSource`](crate::validation::RevocationSource), which `validation::Materials` takes beside lists.
pub trait Source: Send + Sync {
    /// The schemes of addresses it understands, in lower case.
    fn schemes(&self) -> &[&'static str];

    /// Fetches one document.
    ///
    /// # Errors
    /// [`FetchError`]; nothing of a document that broke off is ever returned.
    fn fetch(&self, request: &Request<'_>) -> Result<Answer, FetchError>;
}
