//! The operator's rules as a data file (TOML), each table citing the rule numbers of kyc.md that it carries out.
//!
//! Deliberately without defaults: a missing, unknown or impossible value refuses the whole file and names the place, so
//! that a policy never means more or less than what is written in it (ACC-17).

mod file;

use crate::time::UnixTime;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A rule of kyc.md by its number, such as `ACC-02`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct RuleNumber(String);

impl RuleNumber {
    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A rule that holds whatever the policy file says.
    pub(crate) fn engine(number: &'static str) -> Self {
        Self(number.to_owned())
    }

    fn parse(text: &str) -> Option<Self> {
        let (letters, digits) = text.split_once('-')?;
        let fits = (2..=5).contains(&letters.len())
            && letters.bytes().all(|byte| byte.is_ascii_uppercase())
            && (1..=3).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| Self(text.to_owned()))
    }
}

impl fmt::Display for RuleNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which policy decided: kept with every case and record, so that an auditor can decide again years later.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PolicyReference {
    /// Its name.
    pub id: String,
    /// Its revision.
    pub revision: String,
    /// The revision of the law it was written for (LAW-02).
    pub law_revision_id: String,
}

/// Which certificate of the card may prove an identity (LAW-38).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AcceptedCertificate {
    /// 署名用電子証明書
    DigitalSignature,
}

/// What the operator is to the law (LAW-06, LAW-30, LAW-31).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerifierStatus {
    /// Nothing was declared: no case may be labelled `jpki_signature`.
    Undeclared,
    /// The operator is a signature verifier (署名検証者) itself.
    Certified,
    /// The operator delegates everything to a platform operator and is deemed a verifier.
    DelegatedToPlatform,
}

/// What happens to a cash balance when the account becomes `money` (ACC-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConvertOnUpgrade {
    /// It becomes money.
    Convert,
    /// Two balances are kept.
    KeepSeparate,
}

/// What undetermined revocation means. There is one answer, and the file has to say it (RSN-20, RSN-21).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UndeterminedRevocation {
    /// Neither yes nor no: the case stays open and is tried again.
    Unavailable,
}

/// One of the things a customer declares (LAW-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclarationItem {
    /// Purpose of the transaction.
    Purpose,
    /// Occupation.
    Occupation,
}

/// One of the identifying particulars (LAW-10); sex is not one (ATTR-07).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Particular {
    /// 氏名
    Name,
    /// 生年月日
    Birthdate,
    /// 住居
    Address,
}

/// Limits of one account kind, in yen (ACC-17). Not enforced yet: payments are not in this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Largest balance.
    pub balance_yen: u64,
    /// Largest single charge.
    pub charge_yen: u64,
    /// Largest single payment.
    pub payment_yen: u64,
}

/// One table of the file: what it says, and the rules it carries out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruled<T> {
    /// Rule numbers of kyc.md, as the file cites them.
    pub rules: Vec<RuleNumber>,
    /// What the table says.
    pub value: T,
}

/// `[evidence]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRules {
    /// Stable id of the legal method (LAW-01), never a kana letter.
    pub method: String,
    /// Certificates that may prove an identity.
    pub accepted_certificates: Vec<AcceptedCertificate>,
}

/// `[verifier]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    /// What the operator is.
    pub status: VerifierStatus,
    /// Who the signature verifier is; empty only while undeclared.
    pub name: String,
}

/// `[challenge]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChallengeRules {
    /// For whom the holder signs.
    pub audience: String,
    /// How long a challenge may be answered, in seconds.
    pub lifetime_seconds: i64,
}

/// `[revocation]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevocationRules {
    /// What an undetermined status means.
    pub undetermined: UndeterminedRevocation,
    /// After how many seconds trying again makes sense (RSN-22).
    pub retry_after_seconds: i64,
}

/// `[limits]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitsByKind {
    /// For `cash` accounts.
    pub cash: Limits,
    /// For `money` accounts.
    pub money: Limits,
}

/// A complete policy.
///
/// ```
/// use honnin::policy::Policy;
/// let policy = Policy::jp_wellnet().unwrap();
/// assert_eq!(policy.reference.id, "jp_wellnet");
/// assert!(Policy::parse("format = 1").is_err(), "nothing is taken for granted");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Name, revision and law.
    pub reference: PolicyReference,
    /// Whether tainted evidence may upgrade an account (API-41).
    pub mock: bool,
    /// First second in force (CN-01).
    pub effective_from: UnixTime,
    /// First second no longer in force; `None` is open.
    pub effective_to: Option<UnixTime>,
    /// Method and certificates.
    pub evidence: Ruled<EvidenceRules>,
    /// Who verifies.
    pub verifier: Ruled<Verifier>,
    /// What happens to balances.
    pub account: Ruled<ConvertOnUpgrade>,
    /// For whom and how long the holder signs.
    pub challenge: Ruled<ChallengeRules>,
    /// How long a case stays open, in seconds.
    pub case_lifetime_seconds: Ruled<i64>,
    /// What the customer has to declare.
    pub declaration: Ruled<Vec<DeclarationItem>>,
    /// What an outage means.
    pub revocation: Ruled<RevocationRules>,
    /// Which particulars are needed.
    pub particulars: Ruled<Vec<Particular>>,
    /// Limits by kind.
    pub limits: Ruled<LimitsByKind>,
}

/// Why a policy file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// Not TOML, or a key is missing, unknown or of the wrong type.
    #[error("line {line}: {problem}")]
    Shape {
        /// Where: the line, or the first line of the table that lacks a key.
        line: usize,
        /// What, with the key's name.
        problem: String,
    },
    /// A value is impossible.
    #[error("{place}: {expected}")]
    Value {
        /// The key, with its table.
        place: &'static str,
        /// What may stand there.
        expected: &'static str,
    },
}

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// [`PolicyError`] with the place.
    pub fn parse(toml: &str) -> Result<Self, PolicyError> {
        file::parse(toml)
    }

    /// The wallet's policy as compiled in. It approves nobody until the operator declares the verifier (LAW-06).
    ///
    /// # Errors
    /// [`PolicyError`] when the compiled-in file is broken, which a test excludes.
    pub fn jp_wellnet() -> Result<Self, PolicyError> {
        Self::parse(include_str!("../../fixtures/policies/jp_wellnet.toml"))
    }

    /// The same for demonstration and tests: synthetic hierarchies may upgrade an account.
    ///
    /// # Errors
    /// [`PolicyError`] when the compiled-in file is broken, which a test excludes.
    pub fn jp_wellnet_mock() -> Result<Self, PolicyError> {
        Self::parse(include_str!("../../fixtures/policies/jp_wellnet_mock.toml"))
    }

    /// Whether the policy is in force at this instant (CN-01).
    pub fn is_effective(&self, at: UnixTime) -> bool {
        at >= self.effective_from && self.effective_to.is_none_or(|end| at < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JP_WELLNET: &str = include_str!("../../fixtures/policies/jp_wellnet.toml");
    const MOCK: &str = include_str!("../../fixtures/policies/jp_wellnet_mock.toml");

    fn changed(from: &str, to: &str) -> Result<Policy, PolicyError> {
        assert!(JP_WELLNET.contains(from), "{from}");
        Policy::parse(&JP_WELLNET.replacen(from, to, 1))
    }

    #[test]
    fn the_two_files_differ_in_mock_and_verifier_only() {
        let real = Policy::jp_wellnet().unwrap();
        let mock = Policy::jp_wellnet_mock().unwrap();
        assert!(!real.mock && mock.mock);
        assert_eq!(real.verifier.value.status, VerifierStatus::Undeclared);
        let differing: Vec<_> =
            JP_WELLNET.lines().zip(MOCK.lines()).skip(1).filter(|(a, b)| a != b).map(|(a, _)| a).collect();
        assert_eq!(differing, ["id = \"jp_wellnet\"", "mock = false", "status = \"undeclared\"", "name = \"\""]);
        assert_eq!(JP_WELLNET.lines().count(), MOCK.lines().count());
    }

    #[test]
    fn every_missing_line_is_refused_with_its_place_acc_17() {
        for line in JP_WELLNET.lines().filter(|line| line.contains(" = ")) {
            let key = line.split(" = ").next().unwrap();
            let error = Policy::parse(&JP_WELLNET.replacen(line, "", 1)).expect_err(line).to_string();
            assert!(error.contains(key), "{line}: {error}");
        }
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_place() {
        let error = changed("mock = false", "mock = false\nmokc = true").unwrap_err().to_string();
        assert!(error.contains("mokc") && error.contains("line 10"), "{error}");
        let error = changed("balance_yen = 100000", "balance_yen = 100000\nbalance = 1").unwrap_err().to_string();
        assert!(error.contains("balance"), "{error}");
    }

    #[test]
    fn impossible_values_are_refused_with_their_place() {
        for (from, to, place) in [
            ("format = 1", "format = 2", "format"),
            ("id = \"jp_wellnet\"", "id = \"\"", "id"),
            ("law_revision_id = \"420M60000F5A001\"", "law_revision_id = \"\"", "law_revision_id"),
            ("effective_to = \"open\"", "effective_to = \"2020-01-01T00:00:00Z\"", "effective_to"),
            ("effective_to = \"open\"", "effective_to = \"never\"", "effective_to"),
            ("rules = [\"LAW-11\"]", "rules = [\"LAW 11\"]", "declaration.rules"),
            ("rules = [\"LAW-11\"]", "rules = []", "declaration.rules"),
            ("status = \"undeclared\"", "status = \"certified\"", "verifier.name"),
            ("lifetime_seconds = 600", "lifetime_seconds = 0", "challenge.lifetime_seconds"),
            ("lifetime_seconds = 600", "lifetime_seconds = 90000", "challenge.lifetime_seconds"),
            ("lifetime_seconds = 86400", "lifetime_seconds = -1", "case.lifetime_seconds"),
            ("retry_after_seconds = 900", "retry_after_seconds = 0", "revocation.retry_after_seconds"),
            ("audience = \"https://wallet.example/kyc\"", "audience = \"a\\nb\"", "challenge.audience"),
            (
                "accepted_certificates = [\"digital_signature\"]",
                "accepted_certificates = []",
                "evidence.accepted_certificates",
            ),
            ("required = [\"name\", \"birthdate\", \"address\"]", "required = [\"name\"]", "attributes.required"),
        ] {
            let error = changed(from, to).expect_err(to);
            assert!(
                matches!(&error, PolicyError::Value { place: at, .. } if *at == place),
                "{to}: expected {place}, got {error:?}"
            );
        }
    }

    #[test]
    fn revocation_cannot_be_switched_off_rsn_21() {
        for value in ["accept", "skip", "valid"] {
            let error = changed("undetermined = \"unavailable\"", &format!("undetermined = \"{value}\"")).unwrap_err();
            assert!(error.to_string().contains(value), "{error}");
        }
    }

    #[test]
    fn dates_bound_a_policy_cn_01() {
        let policy = changed("effective_to = \"open\"", "effective_to = \"2027-04-01T00:00:00+09:00\"").unwrap();
        for (at, effective) in [
            ("2026-04-14T23:59:59+09:00", false),
            ("2026-04-15T00:00:00+09:00", true),
            ("2027-03-31T23:59:59+09:00", true),
            ("2027-04-01T00:00:00+09:00", false),
        ] {
            assert_eq!(policy.is_effective(at.parse().unwrap()), effective, "{at}");
        }
    }
}
