//! A verdict is a list of named checks; whoever needs one word derives it in the open.
//!
//! There is deliberately no boolean called `valid`: passed, failed, undetermined and not run are four answers.

use crate::reason::Reason;
use crate::time::UnixTime;
use serde::Serialize;
use serde_json::{Map, Value};

/// A check by its name in the contract, in the order in which checks are reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckId {
    /// The bytes are of the form that was asked for.
    Format,
    /// The challenge is known, fresh and unused.
    Challenge,
    /// The statement was made for us.
    Audience,
    /// The holder's signature matches.
    Signature,
    /// A certification path leads to a trusted anchor.
    Path,
    /// The certificate is meant for this use.
    Purpose,
    /// Algorithms and keys are strong enough.
    Algorithm,
    /// Every certificate is within its validity period.
    ValidityPeriod,
    /// The certificate has the shape of its profile.
    Profile,
    /// The certificate is not revoked.
    Revocation,
    /// The basic four attributes can be read and matched.
    Attributes,
    /// The card's data are genuine.
    Genuineness,
    /// The operator's policy accepts the result.
    Policy,
}

/// How one check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Checked, and it holds.
    Passed,
    /// Checked, and it does not hold.
    Failed(Reason),
    /// Could not be checked: neither yes nor no.
    Undetermined(Reason),
    /// Was not tried.
    NotRun,
}

impl Status {
    /// The word of the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed(_) => "failed",
            Self::Undetermined(_) => "undetermined",
            Self::NotRun => "not_run",
        }
    }

    /// The reason, where there is one.
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::Failed(reason) | Self::Undetermined(reason) => Some(reason),
            Self::Passed | Self::NotRun => None,
        }
    }
}

/// One named check and how it ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Which check.
    pub id: CheckId,
    /// How it ended.
    pub status: Status,
    detail: Vec<(&'static str, Fact)>,
}

/// A fact beside a check. Put into JSON only when somebody looks: most checks pass, and nobody does.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// An instant, RFC 3339 in JSON.
    Instant(UnixTime),
    /// A slug.
    Word(&'static str),
    /// Anything else.
    Other(Value),
}

impl Fact {
    fn to_json(&self) -> Value {
        match self {
            Self::Instant(at) => at.to_string().into(),
            Self::Word(word) => (*word).into(),
            Self::Other(value) => value.clone(),
        }
    }
}

impl From<UnixTime> for Fact {
    fn from(at: UnixTime) -> Self {
        Self::Instant(at)
    }
}

impl From<&'static str> for Fact {
    fn from(word: &'static str) -> Self {
        Self::Word(word)
    }
}

impl From<String> for Fact {
    fn from(text: String) -> Self {
        Self::Other(text.into())
    }
}

impl From<Value> for Fact {
    fn from(value: Value) -> Self {
        Self::Other(value)
    }
}

impl Check {
    /// A check that passed.
    pub fn passed(id: CheckId) -> Self {
        Self::new(id, Status::Passed)
    }

    /// A check that failed.
    pub fn failed(id: CheckId, reason: Reason) -> Self {
        Self::new(id, Status::Failed(reason))
    }

    /// A check that could not be made.
    pub fn undetermined(id: CheckId, reason: Reason) -> Self {
        Self::new(id, Status::Undetermined(reason))
    }

    /// A check that was not tried.
    pub fn not_run(id: CheckId) -> Self {
        Self::new(id, Status::NotRun)
    }

    /// A check with this status and no detail.
    pub fn new(id: CheckId, status: Status) -> Self {
        Self { id, status, detail: Vec::new() }
    }

    /// Whether this check stands for something nobody may do without, and was not run.
    fn is_missing(&self) -> bool {
        use CheckId::{Algorithm, Audience, Challenge, Format, Path, Signature, ValidityPeriod};
        let needed = [Format, Challenge, Audience, Signature, Path, Algorithm, ValidityPeriod];
        self.status == Status::NotRun && needed.contains(&self.id)
    }

    /// The same check with one more fact.
    #[must_use]
    pub fn with(mut self, key: &'static str, fact: impl Into<Fact>) -> Self {
        self.detail.retain(|(known, _)| *known != key);
        self.detail.push((key, fact.into()));
        self
    }

    /// The same facts beside a check that was not tried.
    #[must_use]
    pub fn as_not_run(self) -> Self {
        Self { status: Status::NotRun, ..self }
    }

    /// Facts for machines (times, reason names, a `why` slug), never personal data.
    pub fn detail(&self) -> Map<String, Value> {
        self.detail.iter().map(|(key, fact)| ((*key).to_owned(), fact.to_json())).collect()
    }

    /// One of them.
    pub fn fact(&self, key: &str) -> Option<Value> {
        self.detail.iter().find(|(known, _)| *known == key).map(|(_, fact)| fact.to_json())
    }
}

impl Serialize for Check {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("status", self.status.as_str())?;
        if let Some(reason) = self.status.reason() {
            map.serialize_entry("code", &reason)?;
        }
        if !self.detail.is_empty() {
            map.serialize_entry("detail", &self.detail())?;
        }
        map.end()
    }
}

/// Something that makes a result unfit for a real person, however well the checks went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Taint {
    /// An anchor of the `O=JPKI-TEST` hierarchy was used.
    TestHierarchy,
    /// An anchor given by the caller was used.
    CallerAnchor,
    /// The card was simulated.
    SimulatedCard,
    /// The exchanges came from a recording.
    Recording,
}

/// Something odd but harmless, worth telling.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Warning {
    /// Stable slug.
    pub code: &'static str,
    /// Facts for machines, never personal data.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub detail: Map<String, Value>,
}

impl Warning {
    /// A warning without detail.
    pub fn new(code: &'static str) -> Self {
        Self { code, detail: Map::new() }
    }

    /// The same warning with one more fact.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.detail.insert(key.to_owned(), value.into());
        self
    }
}

/// The one word somebody may need, derived from the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// Every check that was asked for passed.
    Yes,
    /// At least one check failed; this is the first of them.
    No(Reason),
    /// No check failed, and at least one could not be made.
    Undetermined(Reason),
}

/// Named checks in the order of the contract, with what taints them and what is worth a remark.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    checks: Vec<Check>,
    /// What makes the result unfit for a real person.
    pub taints: Vec<Taint>,
    /// What is odd but harmless.
    pub warnings: Vec<Warning>,
}

impl Verdict {
    /// An empty verdict.
    pub fn new() -> Self {
        // Room for the checks of one validation.
        Self { checks: Vec::with_capacity(8), ..Self::default() }
    }

    /// Puts a check in its place; a check of the same name is replaced.
    pub fn record(&mut self, check: Check) {
        match self.checks.binary_search_by_key(&check.id, |c| c.id) {
            Ok(at) => self.checks[at] = check,
            Err(at) => self.checks.insert(at, check),
        }
    }

    /// Adds a taint once.
    pub fn taint(&mut self, taint: Taint) {
        if !self.taints.contains(&taint) {
            self.taints.push(taint);
        }
    }

    /// Takes over checks, taints and warnings of `other`; its checks replace ours of the same name.
    pub fn absorb(&mut self, other: Verdict) {
        for check in other.checks {
            self.record(check);
        }
        for taint in other.taints {
            self.taint(taint);
        }
        self.warnings.extend(other.warnings);
    }

    /// The checks, in the order of the contract.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// The check with this name, if it was recorded.
    pub fn check(&self, id: CheckId) -> Option<&Check> {
        self.checks.iter().find(|check| check.id == id)
    }

    /// Yes, no or undetermined. A failed check beats an undetermined one; of several, the first in order decides.
    /// Nothing at all, or a check of identity and signature that was left out although nothing failed, is never a yes: only
    /// checks that a caller may do without decide nothing when they were not run.
    pub fn conclusion(&self) -> Conclusion {
        let first = |wanted: fn(Status) -> Option<Reason>| self.checks.iter().find_map(|check| wanted(check.status));
        let failed = first(|status| if let Status::Failed(reason) = status { Some(reason) } else { None });
        let open = first(|status| if let Status::Undetermined(reason) = status { Some(reason) } else { None });
        match (failed, open) {
            (Some(reason), _) => Conclusion::No(reason),
            (None, Some(reason)) => Conclusion::Undetermined(reason),
            (None, None) if self.checks.is_empty() || self.checks.iter().any(Check::is_missing) => {
                Conclusion::Undetermined(Reason::Internal)
            }
            (None, None) => Conclusion::Yes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_check_beats_an_undetermined_one() {
        let mut verdict = Verdict::new();
        verdict.record(Check::undetermined(CheckId::Path, Reason::ValidityUnavailable));
        assert_eq!(verdict.conclusion(), Conclusion::Undetermined(Reason::ValidityUnavailable));
        verdict.record(Check::failed(CheckId::Revocation, Reason::CertificateRevoked));
        assert_eq!(verdict.conclusion(), Conclusion::No(Reason::CertificateRevoked));
    }

    #[test]
    fn what_was_left_out_is_never_a_yes() {
        let open = Conclusion::Undetermined(Reason::Internal);
        assert_eq!(Verdict::new().conclusion(), open);
        for (id, conclusion) in
            [(CheckId::Path, open), (CheckId::Signature, open), (CheckId::Revocation, Conclusion::Yes)]
        {
            let mut verdict = Verdict::new();
            verdict.record(Check::passed(CheckId::Format));
            verdict.record(Check::not_run(id));
            assert_eq!(verdict.conclusion(), conclusion, "{id:?}");
        }
    }

    #[test]
    fn checks_stand_in_the_order_of_the_contract() {
        let mut verdict = Verdict::new();
        for id in [CheckId::Policy, CheckId::Format, CheckId::Revocation] {
            verdict.record(Check::passed(id));
        }
        let order: Vec<_> = verdict.checks().iter().map(|check| check.id).collect();
        assert_eq!(order, [CheckId::Format, CheckId::Revocation, CheckId::Policy]);
        assert_eq!(verdict.conclusion(), Conclusion::Yes);
    }

    #[test]
    fn json_has_the_keys_of_the_contract() {
        let check =
            Check::failed(CheckId::ValidityPeriod, Reason::CertificateExpired).with("at", "2026-01-01T00:00:00Z");
        let json = serde_json::to_string(&check).unwrap();
        assert_eq!(
            json,
            r#"{"id":"validity_period","status":"failed","code":"certificate_expired","detail":{"at":"2026-01-01T00:00:00Z"}}"#
        );
        assert_eq!(
            serde_json::to_string(&Check::not_run(CheckId::Attributes)).unwrap(),
            r#"{"id":"attributes","status":"not_run"}"#
        );
    }
}
