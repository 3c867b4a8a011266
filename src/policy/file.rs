//! The file's own shape, and the step from it to a [`Policy`].

use super::account_kind;
use super::book_file::{
    CommonTables, EvidenceKindTable, MatchingTable, RefusalTable, ReverificationTable, StepUpTable, TierTable,
    rule_book,
};
use super::features_file::FeatureTable;
use super::law_revision;
use super::limits_file::LimitsTable;
use super::safeguards;
use super::{
    AcceptedCertificate, BookPolicy, ChallengeRules, ConvertOnUpgrade, DeclarationItem, EvidenceRules, Feature,
    LegalMethod, Particular, Policy, PolicyError, PolicyFile, PolicyReference, RevocationRules, RuleNumber, Ruled,
    TimeStampNeed, TimeStampRules, UndeterminedRevocation, Verifier, VerifierStatus, WalletRules,
};
use crate::time::UnixTime;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    id: String,
    revision: String,
    mock: bool,
    law_revision_id: String,
    effective_from: String,
    effective_to: String,
    proof: Proof,
    evidence_kinds: BTreeMap<String, EvidenceKindTable>,
    refusals: BTreeMap<String, RefusalTable>,
    tiers: Vec<TierTable>,
    features: BTreeMap<Feature, FeatureTable>,
    limits: LimitsTable,
    step_up: StepUpTable,
    reverification: ReverificationTable,
    matching: MatchingTable,
    // These ten are all there or none is, as `proof` says.
    evidence: Option<EvidenceTable>,
    verifier: Option<VerifierTable>,
    account: Option<AccountTable>,
    challenge: Option<ChallengeTable>,
    case: Option<CaseTable>,
    declaration: Option<DeclarationTable>,
    revocation: Option<RevocationTable>,
    time_stamp: Option<TimeStampTable>,
    attributes: Option<AttributesTable>,
    wallet: Option<WalletRules>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Proof {
    Certificate,
    None,
}

struct CertificateTables {
    evidence: EvidenceTable,
    verifier: VerifierTable,
    account: AccountTable,
    challenge: ChallengeTable,
    case: CaseTable,
    declaration: DeclarationTable,
    revocation: RevocationTable,
    time_stamp: TimeStampTable,
    attributes: AttributesTable,
    wallet: WalletRules,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EvidenceTable {
    rules: Vec<String>,
    method: LegalMethod,
    accepted_certificates: Vec<AcceptedCertificate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerifierTable {
    rules: Vec<String>,
    status: VerifierStatus,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountTable {
    rules: Vec<String>,
    convert_on_upgrade: ConvertOnUpgrade,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChallengeTable {
    rules: Vec<String>,
    audience: String,
    lifetime_seconds: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseTable {
    rules: Vec<String>,
    lifetime_seconds: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclarationTable {
    rules: Vec<String>,
    required: Vec<DeclarationItem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RevocationTable {
    rules: Vec<String>,
    undetermined: UndeterminedRevocation,
    retry_after_seconds: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TimeStampTable {
    rules: Vec<String>,
    need: TimeStampNeed,
    skew_seconds: i64,
    accepted_policies: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AttributesTable {
    rules: Vec<String>,
    required: Vec<Particular>,
}

/// Clocks that differ by more than an hour are wrong, not askew.
const LARGEST_SKEW_SECONDS: i64 = 3600;

/// A year: nothing a policy waits for is longer.
const LONGEST_SECONDS: i64 = 366 * 86_400;

pub(super) fn parse(toml: &str) -> Result<PolicyFile, PolicyError> {
    let file: File = toml::from_str(toml).map_err(|error| shape(toml, &error))?;
    if file.format != 2 {
        return Err(PolicyError::value("format", "2, the only format this program knows"));
    }
    let effective_from = instant(&file.effective_from, "effective_from")?;
    let effective_to = match file.effective_to.as_str() {
        "open" => None,
        text => Some(instant(text, "effective_to")?),
    };
    if effective_to.is_some_and(|end| end <= effective_from) {
        return Err(PolicyError::value("effective_to", "an instant after effective_from, or open"));
    }
    let certificate = CertificateTables::read(
        file.proof,
        (file.evidence, file.verifier, file.account, file.challenge),
        (file.case, file.declaration, file.revocation, file.time_stamp, file.attributes, file.wallet),
    )?;
    let plain = BookPolicy {
        reference: PolicyReference {
            id: line(file.id, "id")?,
            revision: line(file.revision, "revision")?,
            law_revision_id: line(file.law_revision_id, "law_revision_id")?,
        },
        mock: file.mock,
        effective_from,
        effective_to,
        book: rule_book(CommonTables {
            by_certificate: file.proof == Proof::Certificate,
            evidence_kinds: file.evidence_kinds,
            refusals: file.refusals,
            tiers: file.tiers,
            features: file.features,
            limits: file.limits,
            step_up: file.step_up,
            reverification: file.reverification,
            matching: file.matching,
        })?,
    };
    Ok(match certificate {
        Some(tables) => PolicyFile::Certificate(Box::new(tables.policy(toml, plain)?)),
        None => PolicyFile::Book(Box::new(plain)),
    })
}

type FirstHalf = (Option<EvidenceTable>, Option<VerifierTable>, Option<AccountTable>, Option<ChallengeTable>);
type SecondHalf = (
    Option<CaseTable>,
    Option<DeclarationTable>,
    Option<RevocationTable>,
    Option<TimeStampTable>,
    Option<AttributesTable>,
    Option<WalletRules>,
);

impl CertificateTables {
    /// All ten or none, as `proof` says.
    fn read(proof: Proof, first: FirstHalf, second: SecondHalf) -> Result<Option<Self>, PolicyError> {
        let there = [
            ("evidence", first.0.is_some()),
            ("verifier", first.1.is_some()),
            ("account", first.2.is_some()),
            ("challenge", first.3.is_some()),
            ("case", second.0.is_some()),
            ("declaration", second.1.is_some()),
            ("revocation", second.2.is_some()),
            ("time_stamp", second.3.is_some()),
            ("attributes", second.4.is_some()),
            ("wallet", second.5.is_some()),
        ];
        if let Some((name, _)) = there.iter().find(|(_, is_there)| *is_there != (proof == Proof::Certificate)) {
            let expected = match proof {
                Proof::Certificate => "a table of this name, because proof = \"certificate\"",
                Proof::None => "no table of this name, because proof = \"none\"",
            };
            return Err(PolicyError::value(*name, expected));
        }
        Ok(match (first, second) {
            (
                (Some(evidence), Some(verifier), Some(account), Some(challenge)),
                (Some(case), Some(declaration), Some(revocation), Some(time_stamp), Some(attributes), Some(wallet)),
            ) => Some(Self {
                evidence,
                verifier,
                account,
                challenge,
                case,
                declaration,
                revocation,
                time_stamp,
                attributes,
                wallet,
            }),
            _ => None,
        })
    }

    fn policy(self, toml: &str, plain: BookPolicy) -> Result<Policy, PolicyError> {
        let (evidence, verifier, challenge) = (self.evidence, self.verifier, self.challenge);
        let in_force_from = law_revision::in_force_from(&plain.reference.law_revision_id).ok_or_else(|| {
            PolicyError::value(
                "law_revision_id",
                "e-Gov's id of an amended law: law, day in force and amending law, parted by _, in their order of time (LAW-02)",
            )
        })?;
        if plain.effective_from < in_force_from {
            return Err(PolicyError::value("effective_from", "no instant before the day of law_revision_id (LAW-02)"));
        }
        if evidence.accepted_certificates.is_empty() {
            return Err(PolicyError::value("evidence.accepted_certificates", "at least one"));
        }
        if evidence.accepted_certificates.iter().any(|certificate| certificate.method() != evidence.method) {
            return Err(PolicyError::value(
                "evidence.method",
                "the method of every accepted certificate: jpki_signature for digital_signature (LAW-05, LAW-06)",
            ));
        }
        if verifier.status != VerifierStatus::Undeclared && verifier.name.trim().is_empty() {
            return Err(PolicyError::value(
                "verifier.name",
                "the name of the signature verifier, since its status is declared (LAW-06)",
            ));
        }
        // LAW-10: the law names these three; a policy may not ask for less.
        if ![Particular::Name, Particular::Birthdate, Particular::Address]
            .iter()
            .all(|needed| self.attributes.required.contains(needed))
        {
            return Err(PolicyError::value("attributes.required", "at least name, birthdate and address (LAW-10)"));
        }
        // LAW-11: without either a verified identity completes nothing.
        if ![DeclarationItem::Purpose, DeclarationItem::Occupation]
            .iter()
            .all(|needed| self.declaration.required.contains(needed))
        {
            return Err(PolicyError::value("declaration.required", "purpose and occupation (LAW-11)"));
        }
        let case_lifetime = seconds(self.case.lifetime_seconds, LONGEST_SECONDS, "case.lifetime_seconds")?;
        // A challenge that outlives its case could be answered when nobody listens.
        let challenge_lifetime = seconds(challenge.lifetime_seconds, case_lifetime, "challenge.lifetime_seconds")?;
        let retry_after =
            seconds(self.revocation.retry_after_seconds, LONGEST_SECONDS, "revocation.retry_after_seconds")?;
        let time_stamp = time_stamp(self.time_stamp)?;
        safeguards::check_features(&plain.book)?;
        account_kind::check(&plain.book, evidence.method, plain.effective_from)?;
        self.wallet.check()?;
        Ok(Policy {
            wallet: self.wallet,
            text: toml.to_owned(),
            reference: plain.reference,
            mock: plain.mock,
            effective_from: plain.effective_from,
            effective_to: plain.effective_to,
            book: plain.book,
            evidence: Ruled {
                rules: rules(&evidence.rules, "evidence.rules")?,
                value: EvidenceRules { method: evidence.method, accepted_certificates: evidence.accepted_certificates },
            },
            verifier: Ruled {
                rules: rules(&verifier.rules, "verifier.rules")?,
                value: Verifier { status: verifier.status, name: verifier.name },
            },
            account: Ruled {
                rules: rules(&self.account.rules, "account.rules")?,
                value: self.account.convert_on_upgrade,
            },
            challenge: Ruled {
                rules: rules(&challenge.rules, "challenge.rules")?,
                value: ChallengeRules {
                    audience: line(challenge.audience, "challenge.audience")?,
                    lifetime_seconds: challenge_lifetime,
                },
            },
            case_lifetime_seconds: Ruled { rules: rules(&self.case.rules, "case.rules")?, value: case_lifetime },
            declaration: Ruled {
                rules: rules(&self.declaration.rules, "declaration.rules")?,
                value: self.declaration.required,
            },
            revocation: Ruled {
                rules: rules(&self.revocation.rules, "revocation.rules")?,
                value: RevocationRules { undetermined: self.revocation.undetermined, retry_after_seconds: retry_after },
            },
            time_stamp,
            particulars: Ruled {
                rules: rules(&self.attributes.rules, "attributes.rules")?,
                value: self.attributes.required,
            },
        })
    }
}

fn time_stamp(table: TimeStampTable) -> Result<Ruled<TimeStampRules>, PolicyError> {
    if !(0..=LARGEST_SKEW_SECONDS).contains(&table.skew_seconds) {
        return Err(PolicyError::value("time_stamp.skew_seconds", "seconds, 0 to 3600"));
    }
    if !table.accepted_policies.iter().all(|text| is_object_identifier(text)) {
        return Err(PolicyError::value("time_stamp.accepted_policies", "object identifiers, such as 1.2.392.1"));
    }
    Ok(Ruled {
        rules: rules(&table.rules, "time_stamp.rules")?,
        value: TimeStampRules {
            need: table.need,
            skew_seconds: table.skew_seconds,
            accepted_policies: table.accepted_policies,
        },
    })
}

/// Numbers in dotted form: the first is 0 to 2, the second below 40 unless the first is 2 (X.660 §7.6, X.690 §8.19.4).
fn is_object_identifier(text: &str) -> bool {
    let canonical = |number: &str| number.parse::<u64>().ok().filter(|it| it.to_string() == number);
    let numbers: Option<Vec<u64>> = text.split('.').map(canonical).collect();
    matches!(numbers.as_deref(), Some([0 | 1, 0..=39, ..] | [2, _, ..]))
}

/// Line and message, without the excerpt that the parser would print: a wrong file may be a secret one.
pub(super) fn shape(toml: &str, error: &toml::de::Error) -> PolicyError {
    let before = error.span().and_then(|span| toml.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count().saturating_add(1);
    PolicyError::Shape { line, problem: error.message().to_owned() }
}

pub(super) fn instant(text: &str, place: &str) -> Result<UnixTime, PolicyError> {
    text.parse().map_err(|_| PolicyError::value(place, "an RFC 3339 instant"))
}

/// One line of printable text: it goes into the statement the holder reads, into records and into JSON.
fn line(text: String, place: &'static str) -> Result<String, PolicyError> {
    let fits = !text.trim().is_empty() && text.len() <= 200 && !text.chars().any(char::is_control);
    if fits { Ok(text) } else { Err(PolicyError::value(place, "one line of 1 to 200 bytes of text")) }
}

fn seconds(value: i64, most: i64, place: &'static str) -> Result<i64, PolicyError> {
    if (1..=most).contains(&value) {
        Ok(value)
    } else {
        Err(PolicyError::value(place, "seconds, at least 1, at most a year; a challenge no longer than its case"))
    }
}

pub(super) fn rules(texts: &[String], place: &str) -> Result<Vec<RuleNumber>, PolicyError> {
    let numbers: Option<Vec<_>> = texts.iter().map(|text| RuleNumber::parse(text)).collect();
    let numbers = numbers.filter(|numbers| !numbers.is_empty());
    numbers.ok_or_else(|| PolicyError::value(place, "at least one rule number of kyc.md, such as LAW-11"))
}
