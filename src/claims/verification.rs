//! `verified_claims` itself: a verification and the claims it stands for (API-01 to API-03), with the rules no shape tells.

use super::evidence::Evidence;
use super::format::ClaimInstant;
use super::known;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use std::fmt;

/// Why something is no `verified_claims`. Values are not repeated: they may be a person's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct ClaimsError {
    /// Where, as a JSON Pointer.
    pub place: String,
    /// What is wrong.
    pub problem: String,
}

impl ClaimsError {
    pub(super) fn new(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { place: place.into(), problem: problem.into() }
    }
}

/// One object, or an array of them (API-01).
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    /// One.
    One(Box<T>),
    /// An array.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// Every object, in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        match self {
            Self::One(one) => std::slice::from_ref(one.as_ref()).iter(),
            Self::Many(many) => many.iter(),
        }
    }

    /// As few brackets as there can be; nothing for none.
    pub fn of(mut many: Vec<T>) -> Option<Self> {
        match (many.pop(), many.is_empty()) {
            (None, _) => None,
            (Some(one), true) => Some(Self::One(Box::new(one))),
            (Some(last), false) => {
                many.push(last);
                Some(Self::Many(many))
            }
        }
    }
}

/// A verification and its claims. No other member is allowed (API-01).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerifiedClaims {
    /// How the claims were verified.
    pub verification: Verification,
    /// The claims; may be empty.
    pub claims: Map<String, Value>,
}

/// How claims were verified.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Under which rules: `jp_aml` for the AML law of Japan (API-02).
    pub trust_framework: String,
    /// Level, in the framework's words.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub assurance_level: Option<String>,
    /// Policy and procedure.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub assurance_process: Option<AssuranceProcess>,
    /// When.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub time: Option<ClaimInstant>,
    /// What to name in a dispute or an audit.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub verification_process: Option<String>,
    /// Evidence.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Vec<Evidence>>,
    /// Members the schema does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// By which policy and procedure the level was reached.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssuranceProcess {
    /// Policy and revision (API-14).
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// Stable id of the legal method (API-14, LAW-01).
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub procedure: Option<String>,
    /// Which evidence served what.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub assurance_details: Option<Vec<AssuranceDetails>>,
    /// Members the schema does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Which evidence served what.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssuranceDetails {
    /// What it served.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub assurance_type: Option<String>,
    /// How well.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub assurance_classification: Option<String>,
    /// Which checks.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub evidence_ref: Option<Vec<EvidenceReference>>,
    /// Members the schema does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A check by its name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceReference {
    /// Its `check_id`.
    pub check_id: String,
    /// What is to be said of it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub evidence_metadata: Option<EvidenceMetadata>,
    /// Members the schema does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// What is to be said of a check.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceMetadata {
    /// How well it served.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub evidence_classification: Option<String>,
    /// Members the schema does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

super::details::tells_nothing!(Verification AssuranceProcess AssuranceDetails EvidenceReference EvidenceMetadata);

/// Names of claims only, never their values.
impl fmt::Debug for VerifiedClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedClaims")
            .field("trust_framework", &self.verification.trust_framework)
            .field("claims", &self.claims.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl<T: fmt::Debug> fmt::Debug for OneOrMany<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// A member that may be missing but, where it stands, is not null: the schema has no null where it has a type.
pub(super) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl VerifiedClaims {
    /// Reads one object and checks what its shape does not tell; `place` is where it stands.
    pub(super) fn read(value: &Value, place: &str) -> Result<Self, ClaimsError> {
        let read: Self =
            Self::deserialize(value).map_err(|error| ClaimsError::new(place, without_values(&error.to_string())))?;
        read.check(place)?;
        Ok(read)
    }

    /// What the shape does not tell: lists with at least one item, known claims of their form, and derived claims among the
    /// claims (API-03, API-08).
    ///
    /// # Errors
    /// [`ClaimsError`] with the place below `place`, a JSON Pointer.
    pub fn check(&self, place: &str) -> Result<(), ClaimsError> {
        known::check(&self.claims, &format!("{place}/claims"))?;
        let place = format!("{place}/verification");
        let details = self.verification.assurance_process.as_ref().and_then(|it| it.assurance_details.as_ref());
        not_empty(details, || format!("{place}/assurance_process/assurance_details"))?;
        not_empty(self.verification.evidence.as_ref(), || format!("{place}/evidence"))?;
        for (at, evidence) in self.verification.evidence.iter().flatten().enumerate() {
            let place = format!("{place}/evidence/{at}");
            not_empty(evidence.check_details(), || format!("{place}/check_details"))?;
            not_empty(evidence.attachments(), || format!("{place}/attachments"))?;
            let Some(derived) = evidence.derived_claims() else { continue };
            let place = format!("{place}/derived_claims");
            known::check(derived, &place)?;
            if derived.is_empty() {
                return Err(ClaimsError::new(place, "at least one claim (API-08)"));
            }
            if derived.keys().any(|name| !self.claims.contains_key(name)) {
                return Err(ClaimsError::new(place, "only claims that stand in claims too (API-08)"));
            }
        }
        Ok(())
    }
}

fn not_empty<T>(list: Option<&Vec<T>>, place: impl Fn() -> String) -> Result<(), ClaimsError> {
    match list {
        Some(list) if list.is_empty() => Err(ClaimsError::new(place(), "at least one item")),
        _ => Ok(()),
    }
}

/// serde quotes what it found where it complains of a type, a value or a variant.
pub(super) fn without_values(message: &str) -> String {
    match message.split_once(", expected ") {
        Some((found, expected)) if found.starts_with("invalid") || found.starts_with("unknown variant") => {
            format!("expected {expected}")
        }
        _ => message.to_owned(),
    }
}
