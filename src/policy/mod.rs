//! The operator's rules as a data file (TOML), each table citing the rule numbers of kyc.md that it carries out.
//!
//! Deliberately without defaults: a missing, unknown or impossible value refuses the whole file and names the place, so
//! that a policy never means more or less than what is written in it (ACC-17).

mod account_kind;
mod any_policy;
mod book;
mod book_file;
mod comparison;
mod condition;
mod feature;
mod features_file;
mod file;
mod gate;
mod grid;
mod holding;
mod law_revision;
mod legal_method;
mod limits;
mod limits_file;
mod name_matching;
mod needs;
mod question;
mod reason_rules;
mod reverification;
mod rule_number;
mod safeguards;
mod settings;
mod standing;
mod step_up;
mod tier;
mod wallet;

pub use account_kind::Proven;
pub use any_policy::{BookPolicy, PolicyFile};
pub use book::{Allowance, Refusal, RuleBook};
pub use comparison::{Difference, SettingDifference, compare, compare_settings};
pub use condition::Condition;
pub use feature::Feature;
pub use gate::{FeatureRule, Gate, Requirement, Unmet};
pub use grid::grid;
pub use holding::{EvidenceKind, HeldEvidence, Holdings};
pub use legal_method::{LegalMethod, Letter, LetterTable, MethodChange};
pub use limits::{Bound, DayByFactors, Direction, Exceeded, Factor, Limits, Movement, TierLimits};
pub use name_matching::{NameMatch, NameRule};
pub use needs::Needs;
pub use question::{Question, Ruling};
pub use reason_rules::rules_behind;
pub use reverification::{Intervals, Reverification, ReverificationState, Risk};
pub use rule_number::{Confidence, NotARule, RuleNumber, RuleSource};
pub use safeguards::{FACE_AUTHENTICATION_CARD, PHONE_CARD};
pub use standing::{Barrier, Fact, Standing};
pub use step_up::{StepUp, StepUpOffer, StepUpOnUse};
pub use tier::{Tier, TierName};
pub use wallet::{
    AttributeNumbers, BalanceNumbers, BankNumbers, CardNumbers, ConsentNumbers, FailureCounters, FailureNumbers,
    MigrationNumbers, OneTimePasswordNumbers, OperatorStopNumbers, PayeeNumbers, PendingNumbers, RECORD_YEARS,
    RetentionNumbers, Senders, SessionNumbers, WalletRules,
};

use crate::time::UnixTime;
use serde::{Deserialize, Serialize};

/// Which policy decided: kept with every case and record, so that an auditor can decide again years later.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PolicyReference {
    /// Its name.
    pub id: String,
    /// Its revision.
    pub revision: String,
    /// The revision of the law it was written for (LAW-02); e-Gov's id of it where a certificate proves.
    pub law_revision_id: String,
}

/// Which certificate of the card may prove an identity (LAW-38).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AcceptedCertificate {
    /// 署名用電子証明書
    DigitalSignature,
}

impl AcceptedCertificate {
    /// The legal method that a confirmation by it is (LAW-05, LAW-06).
    pub const fn method(self) -> LegalMethod {
        match self {
            Self::DigitalSignature => LegalMethod::JpkiSignature,
        }
    }
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
    pub method: LegalMethod,
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

/// Whether nothing is approved without a time stamp (RFC 3161).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeStampNeed {
    /// Nothing is; without an authority nothing is approved at all.
    Always,
    /// Where an authority is configured, nothing is approved without its token.
    WhereConfigured,
    /// A token is kept where one can be had.
    Optional,
}

/// `[time_stamp]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeStampRules {
    /// Whether there has to be one.
    pub need: TimeStampNeed,
    /// By how many seconds its time and the engine's clock may differ (API-40).
    pub skew_seconds: i64,
    /// Policies of authorities that are accepted, in dotted form; none names them all.
    pub accepted_policies: Vec<String>,
}

/// A complete policy that upgrades accounts by a certificate.
///
/// ```
/// use honnin::policy::Policy;
/// let policy = Policy::jp_wellnet().unwrap();
/// assert_eq!(policy.reference.id, "jp_wellnet");
/// assert!(Policy::parse("format = 2").is_err(), "nothing is taken for granted");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The file as it was read: it goes into the evidence of what was decided by it.
    pub text: String,
    /// Name, revision and law.
    pub reference: PolicyReference,
    /// Whether tainted evidence may upgrade an account (API-41).
    pub mock: bool,
    /// First second in force (CN-01).
    pub effective_from: UnixTime,
    /// First second no longer in force; `None` is open.
    pub effective_to: Option<UnixTime>,
    /// Tiers and what they open.
    pub book: RuleBook,
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
    /// What a time stamp has to be.
    pub time_stamp: Ruled<TimeStampRules>,
    /// Which particulars are needed.
    pub particulars: Ruled<Vec<Particular>>,
    /// The wallet's own rules.
    pub wallet: WalletRules,
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
        place: String,
        /// What may stand there.
        expected: &'static str,
    },
}

impl PolicyError {
    fn value(place: impl Into<String>, expected: &'static str) -> Self {
        Self::Value { place: place.into(), expected }
    }
}

impl Policy {
    /// Reads the file of a policy that upgrades by a certificate; [`PolicyFile::parse`] reads any.
    ///
    /// # Errors
    /// [`PolicyError`] with the place.
    pub fn parse(toml: &str) -> Result<Self, PolicyError> {
        match file::parse(toml)? {
            PolicyFile::Certificate(policy) => Ok(*policy),
            PolicyFile::Book(_) => Err(PolicyError::value("proof", "certificate; nobody is upgraded without one")),
        }
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

    /// Whether `feature` is open to an account that stands so; every unmet condition is named, in order (GATE-13).
    pub fn gate(&self, feature: Feature, standing: &Standing) -> Gate {
        self.book.gate(feature, standing)
    }

    /// The rule by which no identity can be confirmed by the policy's method at `at`; `None` when one can. A method is what the
    /// certificate makes it (LAW-05), and ends when the law ends it (LAW-03).
    pub fn method_refusal(&self, at: UnixTime) -> Option<RuleNumber> {
        let EvidenceRules { method, accepted_certificates } = &self.evidence.value;
        if !accepted_certificates.iter().all(|certificate| certificate.method() == *method) {
            return Some(RuleNumber::engine("LAW-05"));
        }
        (!method.is_in_force(at)).then(|| RuleNumber::engine("LAW-03"))
    }

    /// Whether the policy is in force at this instant (CN-01).
    pub fn is_effective(&self, at: UnixTime) -> bool {
        at >= self.effective_from && self.effective_to.is_none_or(|end| at < end)
    }
}

#[cfg(test)]
mod tests;
