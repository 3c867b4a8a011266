//! Any policy file: with a proof by certificate, or with counted channels only.

use super::{LegalMethod, LetterTable, Policy, PolicyError, PolicyReference, Refusal, RuleBook, RuleNumber, file};
use crate::reason::Reason;
use crate::time::UnixTime;

/// A policy without a proof by certificate: its head and its rule book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookPolicy {
    /// Name, revision and law.
    pub reference: PolicyReference,
    /// Whether synthetic evidence may raise an account (API-41).
    pub mock: bool,
    /// First second in force (CN-01).
    pub effective_from: UnixTime,
    /// First second no longer in force; `None` is open.
    pub effective_to: Option<UnixTime>,
    /// Tiers and what they open.
    pub book: RuleBook,
}

/// What a file turned out to be.
///
/// ```
/// use honnin::policy::PolicyFile;
/// assert_eq!(PolicyFile::cn_nonbank_2016().unwrap().reference().id, "cn_nonbank_2016");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyFile {
    /// `proof = "certificate"`
    Certificate(Box<Policy>),
    /// `proof = "none"`
    Book(Box<BookPolicy>),
}

impl PolicyFile {
    /// Reads any policy file.
    ///
    /// # Errors
    /// [`PolicyError`] with the place.
    pub fn parse(toml: &str) -> Result<Self, PolicyError> {
        file::parse(toml)
    }

    /// China's rules for payments by non-banks, as compiled in (kyc.md §13).
    ///
    /// # Errors
    /// [`PolicyError`] when the compiled-in file is broken, which a test excludes.
    pub fn cn_nonbank_2016() -> Result<Self, PolicyError> {
        Self::parse(include_str!("../../fixtures/policies/cn_nonbank_2016.toml"))
    }

    /// Name, revision and law.
    pub fn reference(&self) -> &PolicyReference {
        match self {
            Self::Certificate(policy) => &policy.reference,
            Self::Book(policy) => &policy.reference,
        }
    }

    /// Tiers and what they open.
    pub fn book(&self) -> &RuleBook {
        match self {
            Self::Certificate(policy) => &policy.book,
            Self::Book(policy) => &policy.book,
        }
    }

    /// The policy that upgrades by certificate, if it is one.
    pub fn certificate(&self) -> Option<&Policy> {
        match self {
            Self::Certificate(policy) => Some(policy),
            Self::Book(_) => None,
        }
    }

    /// Whether synthetic evidence may raise an account (API-41).
    pub fn is_mock(&self) -> bool {
        match self {
            Self::Certificate(policy) => policy.mock,
            Self::Book(policy) => policy.mock,
        }
    }

    /// First second in force, and first second no longer in force (CN-01).
    pub fn dates(&self) -> (UnixTime, Option<UnixTime>) {
        match self {
            Self::Certificate(policy) => (policy.effective_from, policy.effective_to),
            Self::Book(policy) => (policy.effective_from, policy.effective_to),
        }
    }

    /// Whether the policy is in force at this instant (CN-01).
    pub fn is_effective(&self, at: UnixTime) -> bool {
        let (from, to) = self.dates();
        at >= from && to.is_none_or(|end| at < end)
    }

    /// The legal methods the file speaks of: the one its proof confirms by, and evidence kinds that are named like one.
    pub fn legal_methods(&self) -> Vec<LegalMethod> {
        let named = self.book().evidence_kinds.keys().filter_map(|kind| LegalMethod::from_id(kind));
        let mut methods: Vec<_> =
            self.certificate().map(|policy| policy.evidence.value.method).into_iter().chain(named).collect();
        methods.sort_unstable();
        methods.dedup();
        methods
    }

    /// Why an identity cannot be confirmed by `method` from `at` on; `None` when it can (LAW-03, LAW-05).
    pub fn method_refusal(&self, method: LegalMethod, letters: &LetterTable, at: UnixTime) -> Option<Refusal> {
        let refused = |rule| {
            let rules = vec![RuleNumber::engine(rule)];
            Some(Refusal { rules, from: None, reason: Reason::MethodNotAccepted })
        };
        if let Some(refusal) = self.book().refusal(method.as_str(), at) {
            return Some(refusal.clone());
        }
        if !self.legal_methods().contains(&method) {
            return refused("LAW-05");
        }
        if letters.is_in_force(method, at) { None } else { refused("LAW-03") }
    }
}
