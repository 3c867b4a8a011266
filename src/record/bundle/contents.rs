//! What the parts of a bundle say, in the one way in which it is written.

use super::error::BundleError;
use super::format::Part;
use crate::crypto::sha256;
use crate::evidence::{AnchorName, Documents, Fingerprint, RevocationDocument, RevocationKind};
use crate::kyc::{AccountFacts, AccountId, Attachment, CaseId, ConfirmationRecord, Identity, Login};
use crate::policy::PolicyReference;
use crate::secret::Personal;
use crate::time::UnixTime;
use crate::verdict::Taint;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

const MAXIMUM_CERTIFICATES: usize = 32;
const MAXIMUM_REVOCATION_DOCUMENTS: usize = 64;
const MAXIMUM_TIME_STAMPS: usize = 8;

/// `case.json`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundledCase {
    /// The case.
    pub case: CaseId,
    /// The account.
    pub account: AccountId,
    /// Which policy decided.
    pub policy: PolicyReference,
    /// SHA-256 of the policy's text, lower-case hex: the revision alone would let a text be changed. None
    /// where no policy was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_sha256: Option<String>,
    /// Rule numbers that decided.
    pub because: Vec<String>,
    /// Stable id of the legal method (LAW-01).
    pub method: String,
    /// Who confirmed (LAW-06).
    pub verifier: String,
    /// When the proof was received.
    pub received_at: UnixTime,
    /// When it was confirmed.
    pub confirmed_at: UnixTime,
    anchor: Anchor,
    account_facts: Facts,
    /// Which parts of the declaration were there (LAW-11).
    pub declared: Declared,
    taints: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Anchor {
    sha256: String,
    generation: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    login: Login,
    identity: Identity,
    created_at: UnixTime,
}

/// Which parts of the declaration were there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// Purpose of the transaction.
    pub purpose: bool,
    /// Occupation.
    pub occupation: bool,
}

/// A check as it was recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedCheck {
    /// Its name.
    pub id: String,
    /// How it ended.
    pub status: String,
    /// Why, where it did not pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Facts for machines.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub detail: Map<String, Value>,
}

/// Everything in a bundle.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Contents {
    pub(super) case: BundledCase,
    pub(super) checks: Vec<RecordedCheck>,
    pub(super) checks_text: String,
    pub(super) attachment: Attachment,
}

/// The bytes of the parts that are not kept as bytes already.
pub(super) struct Texts {
    case: Vec<u8>,
}

impl Texts {
    pub(super) fn of(record: &ConfirmationRecord) -> Result<Self, BundleError> {
        let attachment = &record.attachment;
        let case = BundledCase {
            case: record.case.clone(),
            account: record.account.clone(),
            policy: record.policy.clone(),
            policy_sha256: policy_digest(&attachment.policy),
            because: record.because.clone(),
            method: record.method.clone(),
            verifier: record.verifier.clone(),
            received_at: record.received_at,
            confirmed_at: record.confirmed_at,
            anchor: Anchor {
                sha256: hex::encode(attachment.documents.anchor.fingerprint.0),
                generation: attachment.documents.anchor.generation.clone(),
            },
            account_facts: Facts {
                login: attachment.account.login,
                identity: attachment.account.identity,
                created_at: attachment.account.created_at,
            },
            declared: Declared { purpose: record.purpose.is_some(), occupation: record.occupation.is_some() },
            taints: attachment.taints.iter().map(|taint| word(*taint).to_owned()).collect(),
        };
        let case = serde_json::to_vec(&case).map_err(|_| BundleError::malformed("case.json", "JSON"))?;
        Ok(Self { case })
    }
}

/// What binds the policy's text: its SHA-256, lower-case hex. There is nothing to bind where no policy was kept: the digest of
/// no text would say that there had been one.
pub(in crate::record) fn policy_digest(policy: &str) -> Option<String> {
    (!policy.is_empty()).then(|| hex::encode(sha256(policy.as_bytes())))
}

/// No more of anything than a reader takes.
pub(super) fn check_counts(attachment: &Attachment) -> Result<(), BundleError> {
    let documents = &attachment.documents;
    for (part, count, most) in [
        ("certificates", documents.certificates.len(), MAXIMUM_CERTIFICATES),
        ("revocation", documents.revocation.len(), MAXIMUM_REVOCATION_DOCUMENTS),
        ("time-stamps", attachment.time_stamps.len(), MAXIMUM_TIME_STAMPS),
    ] {
        if count > most {
            return Err(BundleError::TooLarge { part: part.to_owned() });
        }
    }
    Ok(())
}

/// The parts of a record's bundle, in their order.
pub(super) fn parts<'a>(record: &'a ConfirmationRecord, texts: &'a Texts) -> Vec<Part<'a>> {
    let part = |name: &str, bytes: &'a [u8]| Part { name: name.to_owned(), bytes };
    let Attachment { policy, statement, proof, documents, time_stamps, .. } = &record.attachment;
    let mut parts = vec![
        part("case.json", &texts.case),
        part("checks.json", record.checks.as_bytes()),
        part("policy.toml", policy.as_bytes()),
        part("statement.txt", statement.reveal()),
        part("proof.p7m", proof.reveal()),
    ];
    for (number, certificate) in (1..).zip(&documents.certificates) {
        parts.push(part(&format!("certificates/{number}.cer"), certificate.reveal()));
    }
    for (number, document) in (1..).zip(&documents.revocation) {
        parts.push(part(&revocation_name(number, document.kind), &document.der));
    }
    for (number, time_stamp) in (1..).zip(time_stamps) {
        parts.push(part(&format!("time-stamps/{number}.tsr"), time_stamp));
    }
    parts
}

fn revocation_name(number: usize, kind: RevocationKind) -> String {
    let ending = match kind {
        RevocationKind::Crl => "crl",
        RevocationKind::Ocsp => "ors",
    };
    format!("revocation/{number}.{ending}")
}

/// The certificates and the anchor's fingerprint out of the parts of a bundle's beginning.
pub(super) fn signer(parts: Vec<Part<'_>>) -> Result<super::Signer, BundleError> {
    let missing = || BundleError::malformed("manifest", "the parts in their order");
    let case = parts.iter().find(|part| part.name == "case.json").ok_or_else(missing)?;
    let case: BundledCase = canonical("case.json", case.bytes)?;
    let mut fingerprint = [0; 32];
    hex::decode_to_slice(&case.anchor.sha256, &mut fingerprint)
        .map_err(|_| BundleError::malformed("case.json", "a digest"))?;
    let certificates = parts.iter().filter(|part| part.name.starts_with("certificates/"));
    Ok((certificates.map(|part| Personal::new(part.bytes.to_vec())).collect(), Fingerprint(fingerprint)))
}

/// Reads what stands in the parts; every one has its place, and none may be missing or come twice.
pub(super) fn read(parts: Vec<Part<'_>>) -> Result<Contents, BundleError> {
    let mut parts = parts.into_iter().peekable();
    let mut next = |name: &str| match parts.next_if(|part| part.name == name) {
        Some(part) => Ok(part.bytes),
        None => Err(BundleError::malformed("manifest", "the parts in their order")),
    };
    let case_bytes = next("case.json")?;
    let checks_bytes = next("checks.json")?;
    let policy = text("policy.toml", next("policy.toml")?)?;
    let statement = next("statement.txt")?.to_vec();
    let proof = next("proof.p7m")?.to_vec();
    let mut certificates = Vec::new();
    while certificates.len() < MAXIMUM_CERTIFICATES {
        let name = format!("certificates/{}.cer", certificates.len().saturating_add(1));
        let Some(part) = parts.next_if(|part| part.name == name) else { break };
        certificates.push(Personal::new(part.bytes.to_vec()));
    }
    let mut revocation = Vec::new();
    while revocation.len() < MAXIMUM_REVOCATION_DOCUMENTS {
        let number = revocation.len().saturating_add(1);
        let found = [RevocationKind::Crl, RevocationKind::Ocsp].into_iter().find_map(|kind| {
            parts.next_if(|part| part.name == revocation_name(number, kind)).map(|part| (kind, part.bytes))
        });
        let Some((kind, der)) = found else { break };
        revocation.push(RevocationDocument { kind, der: der.to_vec() });
    }
    let mut time_stamps = Vec::new();
    while time_stamps.len() < MAXIMUM_TIME_STAMPS {
        let name = format!("time-stamps/{}.tsr", time_stamps.len().saturating_add(1));
        let Some(part) = parts.next_if(|part| part.name == name) else { break };
        time_stamps.push(part.bytes.to_vec());
    }
    if parts.next().is_some() {
        return Err(BundleError::malformed("manifest", "the parts in their order"));
    }
    let case: BundledCase = canonical("case.json", case_bytes)?;
    let checks: Vec<RecordedCheck> = canonical("checks.json", checks_bytes)?;
    let refuse = |what| BundleError::malformed("case.json", what);
    match (&case.policy_sha256, policy_digest(&policy)) {
        (bound, digest) if *bound == digest => {}
        (Some(_), _) => return Err(BundleError::Changed { part: "policy.toml".to_owned() }),
        (None, _) => return Err(refuse("the digest of the policy")),
    }
    let mut fingerprint = [0; 32];
    hex::decode_to_slice(&case.anchor.sha256, &mut fingerprint).map_err(|_| refuse("a digest"))?;
    if hex::encode(fingerprint) != case.anchor.sha256 {
        return Err(refuse("a digest in lower case"));
    }
    let anchor = AnchorName { fingerprint: Fingerprint(fingerprint), generation: case.anchor.generation.clone() };
    let taints: Option<Vec<Taint>> = case.taints.iter().map(|text| taint(text)).collect();
    let attachment = Attachment {
        policy,
        statement: Personal::new(statement),
        proof: Personal::new(proof),
        documents: Documents { anchor, certificates, revocation },
        time_stamps,
        account: AccountFacts {
            login: case.account_facts.login,
            identity: case.account_facts.identity,
            created_at: case.account_facts.created_at,
        },
        taints: taints.ok_or_else(|| refuse("known taints"))?,
    };
    let checks_text = text("checks.json", checks_bytes)?;
    Ok(Contents { case, checks, checks_text, attachment })
}

/// JSON that is written in the one way there is.
pub(in crate::record) fn canonical<T: Serialize + DeserializeOwned>(
    part: &str,
    bytes: &[u8],
) -> Result<T, BundleError> {
    let value: T = serde_json::from_slice(bytes).map_err(|_| BundleError::malformed(part, "its JSON"))?;
    match serde_json::to_vec(&value) {
        Ok(again) if again == bytes => Ok(value),
        _ => Err(BundleError::malformed(part, "canonical form")),
    }
}

fn text(part: &str, bytes: &[u8]) -> Result<String, BundleError> {
    String::from_utf8(bytes.to_vec()).map_err(|_| BundleError::malformed(part, "UTF-8"))
}

const TAINTS: [(Taint, &str); 4] = [
    (Taint::TestHierarchy, "test_hierarchy"),
    (Taint::CallerAnchor, "caller_anchor"),
    (Taint::SimulatedCard, "simulated_card"),
    (Taint::Recording, "recording"),
];

fn word(taint: Taint) -> &'static str {
    TAINTS.into_iter().find(|(it, _)| *it == taint).map_or("unknown", |(_, word)| word)
}

fn taint(text: &str) -> Option<Taint> {
    TAINTS.into_iter().find(|(_, word)| *word == text).map(|(taint, _)| taint)
}

/// The name of the part whose bytes have this digest, for telling which document a check rested on.
pub(super) fn revocation_part(documents: &Documents, source: Option<[u8; 32]>) -> Option<String> {
    let number = documents.revocation.iter().position(|document| Some(sha256(&document.der)) == source)?;
    documents.revocation.get(number).map(|document| revocation_name(number.saturating_add(1), document.kind))
}
