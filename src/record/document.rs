//! The confirmation record as a document (docs/confirmation-record.md): one way to write it, and a form for inspectors.

use super::bundle::{Bundle, BundleError, RecordedCheck, canonical, policy_digest};
use crate::evidence::{CertificateFacts, CertificateKind, Fingerprint, RevocationFacts};
use crate::kyc::{AccountId, CaseId, ConfirmationRecord, Particulars};
use crate::policy::PolicyReference;
use crate::secret::Personal;
use crate::time::{UnixTime, Validity};
use serde::{Deserialize, Serialize};

const FORMAT: &str = "honnin-confirmation-record/2";
const TRANSACTION: &str = "account_upgrade";
const NAME: &str = "record.json";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    format: String,
    case: CaseId,
    customer: AccountId,
    name: String,
    birthdate: String,
    address: String,
    method: String,
    policy: PolicyReference,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    policy_sha256: Option<String>,
    because: Vec<String>,
    verifier: String,
    received_at: UnixTime,
    confirmed_at: UnixTime,
    made_by: String,
    transaction: String,
    certificate: CertificateItem,
    revocation: RevocationItem,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    occupation: Option<String>,
    checks: Vec<RecordedCheck>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CertificateItem {
    kind: CertificateKind,
    issuer: String,
    issuer_generation: String,
    not_before: UnixTime,
    not_after: UnixTime,
    sha256: String,
    serial: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RevocationItem {
    checked_at: UnixTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    this_update: Option<UnixTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next_update: Option<UnixTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
}

/// The document of a record.
///
/// # Errors
/// [`BundleError::Malformed`] when the record holds checks that are none.
pub fn write_document(record: &ConfirmationRecord) -> Result<Vec<u8>, BundleError> {
    let (certificate, revocation) = (&record.certificate, &record.revocation);
    let document = Document {
        format: FORMAT.to_owned(),
        case: record.case.clone(),
        customer: record.account.clone(),
        name: record.particulars.name.reveal().clone(),
        birthdate: record.particulars.birthdate.reveal().clone(),
        address: record.particulars.address.reveal().clone(),
        method: record.method.clone(),
        policy: record.policy.clone(),
        policy_sha256: policy_digest(&record.attachment.policy),
        because: record.because.clone(),
        verifier: record.verifier.clone(),
        received_at: record.received_at,
        confirmed_at: record.confirmed_at,
        made_by: concat!("honnin/", env!("CARGO_PKG_VERSION")).to_owned(),
        transaction: TRANSACTION.to_owned(),
        certificate: CertificateItem {
            kind: certificate.kind,
            issuer: certificate.issuer.clone(),
            issuer_generation: certificate.issuer_generation.clone(),
            not_before: certificate.validity.not_before,
            not_after: certificate.validity.not_after,
            sha256: hex::encode(certificate.fingerprint.0),
            serial: certificate.serial.reveal().clone(),
        },
        revocation: RevocationItem {
            checked_at: revocation.checked_at,
            this_update: revocation.this_update,
            next_update: revocation.next_update,
            source: revocation.source.map(hex::encode),
        },
        purpose: record.purpose.as_ref().map(|text| text.reveal().clone()),
        occupation: record.occupation.as_ref().map(|text| text.reveal().clone()),
        checks: canonical("checks.json", record.checks.as_bytes())?,
    };
    serde_json::to_vec(&document).map_err(|_| BundleError::malformed(NAME, "JSON"))
}

/// The record out of its document and its bundle.
///
/// # Errors
/// [`BundleError::Malformed`] when the document is of no version that is known or not in its one form, or when the two are not of
/// one case; [`BundleError::Changed`] when the bundle has another policy.
pub fn read_document(document: &[u8], bundle: &Bundle) -> Result<ConfirmationRecord, BundleError> {
    let refuse = |what| BundleError::malformed(NAME, what);
    let document: Document = canonical(NAME, document)?;
    if document.format != FORMAT || document.transaction != TRANSACTION {
        return Err(refuse("a record of version 2"));
    }
    if document.policy_sha256 != bundle.case().policy_sha256 {
        return Err(BundleError::Changed { part: "policy.toml".to_owned() });
    }
    let checks = serde_json::to_string(&document.checks).map_err(|_| refuse("checks"))?;
    if document.case != bundle.case().case || checks != bundle.checks_text() {
        return Err(refuse("the record of the same case"));
    }
    let digest = |text: &str| {
        let mut digest = [0; 32];
        hex::decode_to_slice(text, &mut digest).map_err(|_| refuse("a digest")).map(|()| digest)
    };
    let source = document.revocation.source.as_deref().map(digest).transpose()?;
    Ok(ConfirmationRecord {
        case: document.case,
        account: document.customer,
        policy: document.policy,
        because: document.because,
        method: document.method,
        verifier: document.verifier,
        received_at: document.received_at,
        confirmed_at: document.confirmed_at,
        particulars: Particulars {
            name: Personal::new(document.name),
            birthdate: Personal::new(document.birthdate),
            address: Personal::new(document.address),
        },
        certificate: CertificateFacts {
            kind: document.certificate.kind,
            issuer: document.certificate.issuer,
            issuer_generation: document.certificate.issuer_generation,
            validity: Validity {
                not_before: document.certificate.not_before,
                not_after: document.certificate.not_after,
            },
            fingerprint: Fingerprint(digest(&document.certificate.sha256)?),
            serial: Personal::new(document.certificate.serial),
        },
        revocation: RevocationFacts {
            checked_at: document.revocation.checked_at,
            this_update: document.revocation.this_update,
            next_update: document.revocation.next_update,
            source,
        },
        purpose: document.purpose.map(Personal::new),
        occupation: document.occupation.map(Personal::new),
        checks,
        attachment: bundle.attachment().clone(),
    })
}
