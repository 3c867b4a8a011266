//! The file's own shape, and the step from it to a [`Policy`].

use super::{
    AcceptedCertificate, ChallengeRules, ConvertOnUpgrade, DeclarationItem, EvidenceRules, Limits, LimitsByKind,
    Particular, Policy, PolicyError, PolicyReference, RevocationRules, RuleNumber, Ruled, UndeterminedRevocation,
    Verifier, VerifierStatus,
};
use crate::time::UnixTime;
use serde::Deserialize;

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
    evidence: EvidenceTable,
    verifier: VerifierTable,
    account: AccountTable,
    challenge: ChallengeTable,
    case: CaseTable,
    declaration: DeclarationTable,
    revocation: RevocationTable,
    attributes: AttributesTable,
    limits: LimitsTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EvidenceTable {
    rules: Vec<String>,
    method: String,
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
struct AttributesTable {
    rules: Vec<String>,
    required: Vec<Particular>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsTable {
    rules: Vec<String>,
    cash: Limits,
    money: Limits,
}

/// A year: nothing a policy waits for is longer.
const LONGEST_SECONDS: i64 = 366 * 86_400;

pub(super) fn parse(toml: &str) -> Result<Policy, PolicyError> {
    let file: File = toml::from_str(toml).map_err(|error| shape(toml, &error))?;
    if file.format != 1 {
        return Err(PolicyError::Value { place: "format", expected: "1 is the only format this program knows" });
    }
    let effective_from = instant(&file.effective_from, "effective_from")?;
    let effective_to = match file.effective_to.as_str() {
        "open" => None,
        text => Some(instant(text, "effective_to")?),
    };
    if effective_to.is_some_and(|end| end <= effective_from) {
        return Err(PolicyError::Value { place: "effective_to", expected: "an instant after effective_from, or open" });
    }
    let (evidence, verifier, challenge) = (file.evidence, file.verifier, file.challenge);
    if evidence.accepted_certificates.is_empty() {
        return Err(PolicyError::Value { place: "evidence.accepted_certificates", expected: "at least one" });
    }
    if verifier.status != VerifierStatus::Undeclared && verifier.name.trim().is_empty() {
        return Err(PolicyError::Value {
            place: "verifier.name",
            expected: "the name of the signature verifier, since its status is declared (LAW-06)",
        });
    }
    // LAW-10: the law names these three; a policy may not ask for less.
    if ![Particular::Name, Particular::Birthdate, Particular::Address]
        .iter()
        .all(|needed| file.attributes.required.contains(needed))
    {
        return Err(PolicyError::Value {
            place: "attributes.required",
            expected: "at least name, birthdate and address (LAW-10)",
        });
    }
    let case_lifetime = seconds(file.case.lifetime_seconds, LONGEST_SECONDS, "case.lifetime_seconds")?;
    Ok(Policy {
        reference: PolicyReference {
            id: line(file.id, "id")?,
            revision: line(file.revision, "revision")?,
            law_revision_id: line(file.law_revision_id, "law_revision_id")?,
        },
        mock: file.mock,
        effective_from,
        effective_to,
        evidence: Ruled {
            rules: rules(&evidence.rules, "evidence.rules")?,
            value: EvidenceRules {
                method: line(evidence.method, "evidence.method")?,
                accepted_certificates: evidence.accepted_certificates,
            },
        },
        verifier: Ruled {
            rules: rules(&verifier.rules, "verifier.rules")?,
            value: Verifier { status: verifier.status, name: verifier.name },
        },
        account: Ruled { rules: rules(&file.account.rules, "account.rules")?, value: file.account.convert_on_upgrade },
        challenge: Ruled {
            rules: rules(&challenge.rules, "challenge.rules")?,
            value: ChallengeRules {
                audience: line(challenge.audience, "challenge.audience")?,
                lifetime_seconds: seconds(
                    challenge.lifetime_seconds,
                    // A challenge that outlives its case could be answered when nobody listens.
                    case_lifetime,
                    "challenge.lifetime_seconds",
                )?,
            },
        },
        case_lifetime_seconds: Ruled { rules: rules(&file.case.rules, "case.rules")?, value: case_lifetime },
        declaration: Ruled {
            rules: rules(&file.declaration.rules, "declaration.rules")?,
            value: file.declaration.required,
        },
        revocation: Ruled {
            rules: rules(&file.revocation.rules, "revocation.rules")?,
            value: RevocationRules {
                undetermined: file.revocation.undetermined,
                retry_after_seconds: seconds(
                    file.revocation.retry_after_seconds,
                    LONGEST_SECONDS,
                    "revocation.retry_after_seconds",
                )?,
            },
        },
        particulars: Ruled {
            rules: rules(&file.attributes.rules, "attributes.rules")?,
            value: file.attributes.required,
        },
        limits: Ruled {
            rules: rules(&file.limits.rules, "limits.rules")?,
            value: LimitsByKind { cash: file.limits.cash, money: file.limits.money },
        },
    })
}

/// Line and message, without the excerpt that the parser would print: a wrong file may be a secret one.
fn shape(toml: &str, error: &toml::de::Error) -> PolicyError {
    let before = error.span().and_then(|span| toml.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count().saturating_add(1);
    PolicyError::Shape { line, problem: error.message().to_owned() }
}

fn instant(text: &str, place: &'static str) -> Result<UnixTime, PolicyError> {
    text.parse().map_err(|_| PolicyError::Value { place, expected: "an RFC 3339 instant" })
}

/// One line of printable text: it goes into the statement the holder reads, into records and into JSON.
fn line(text: String, place: &'static str) -> Result<String, PolicyError> {
    let fits = !text.trim().is_empty() && text.len() <= 200 && !text.chars().any(char::is_control);
    if fits { Ok(text) } else { Err(PolicyError::Value { place, expected: "one line of 1 to 200 bytes of text" }) }
}

fn seconds(value: i64, most: i64, place: &'static str) -> Result<i64, PolicyError> {
    if (1..=most).contains(&value) {
        Ok(value)
    } else {
        Err(PolicyError::Value {
            place,
            expected: "seconds, at least 1, at most a year; a challenge no longer than its case",
        })
    }
}

fn rules(texts: &[String], place: &'static str) -> Result<Vec<RuleNumber>, PolicyError> {
    let error = PolicyError::Value { place, expected: "at least one rule number of kyc.md, such as LAW-11" };
    let numbers: Option<Vec<_>> = texts.iter().map(|text| RuleNumber::parse(text)).collect();
    numbers.filter(|numbers| !numbers.is_empty()).ok_or(error)
}
