//! Our own views of a verified identity: with evidence for auditors, without for relying parties (API-12 to API-15).

use super::details::{CheckDetails, Record};
use super::evidence::{ElectronicRecord, ElectronicSignature, Evidence};
use super::format::ClaimInstant;
use super::verification::{AssuranceDetails, AssuranceProcess, EvidenceReference, Verification, VerifiedClaims};
use crate::kyc::ConfirmationRecord;
use crate::secret::Personal;
use crate::time::UnixTime;
use serde_json::{Map, Value, json};

/// `signature_type` of a JPKI signing certificate; no value is registered for Japan (API-14).
pub const JPKI_SIGNATURE: &str = "jp_jpki_signing";
/// `signature_type` of a certificate of an accredited business (API-14, LAW-05).
pub const ACCREDITED_SIGNATURE: &str = "jp_accredited_ca";
/// `record.type` of what was learnt about revocation (API-15).
pub const CERTIFICATE_STATUS: &str = "x_jp_certificate_status";
/// `check_id` of that check.
pub const STATUS_CHECK: &str = "chk-1";

/// Who may see what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// An entitled verifier or an auditor: evidence with the certificate's serial.
    Auditor,
    /// Anybody else: no evidence. A false or hashed serial would be worse than none (API-13).
    RelyingParty,
}

/// What the operator says of itself and of its rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// `jp_aml`, or `jp_mpiupa` for the law on mobile telephones (API-02).
    pub trust_framework: String,
    /// Level, if the operator states one: there is no registered scale for `jp_aml`.
    pub assurance_level: Option<String>,
    /// Who told whether the certificate was revoked.
    pub validity_source: String,
}

/// A verified identity, as it goes into a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The case, for disputes and audits.
    pub case: String,
    /// Policy id and revision.
    pub policy: String,
    /// Stable id of the legal method.
    pub method: String,
    /// When it was confirmed.
    pub confirmed_at: UnixTime,
    /// 氏名, in one text: it is not split (API-12, ATTR-08).
    pub name: Personal<String>,
    /// The name in kana, where there is one.
    pub name_kana: Option<Personal<String>>,
    /// 生年月日, YYYY-MM-DD.
    pub birthdate: Personal<String>,
    /// 住居, in one text.
    pub address: Personal<String>,
    /// 性別 in OpenID Connect's words; only where a purpose is configured (ATTR-07).
    pub gender: Option<Personal<String>>,
    /// Who issued the certificate.
    pub issuer: String,
    /// Its serial number (LAW-35).
    pub serial: Personal<String>,
    /// When it was signed, where that is known.
    pub signed_at: Option<UnixTime>,
    /// When it was learnt that the certificate was not revoked.
    pub status_checked_at: UnixTime,
}

impl From<&ConfirmationRecord> for Identity {
    /// What the record has: no kana, no sex, and no time of the signature itself.
    fn from(record: &ConfirmationRecord) -> Self {
        Self {
            case: record.case.as_str().to_owned(),
            policy: format!("{}/{}", record.policy.id, record.policy.revision),
            method: record.method.clone(),
            confirmed_at: record.confirmed_at,
            name: record.particulars.name.clone(),
            name_kana: None,
            birthdate: record.particulars.birthdate.clone(),
            address: record.particulars.address.clone(),
            gender: None,
            issuer: record.certificate.issuer.clone(),
            serial: record.certificate.serial.clone(),
            signed_at: None,
            status_checked_at: record.revocation.checked_at,
        }
    }
}

/// `verified_claims` for this audience.
pub fn verified_claims(identity: &Identity, provider: &Provider, audience: Audience) -> VerifiedClaims {
    // A reference to a check that is not shown would lead nowhere.
    let evidence = signature(identity)
        .filter(|_| audience == Audience::Auditor)
        .map(|signature| vec![signature, status(identity, provider)]);
    VerifiedClaims {
        verification: Verification {
            trust_framework: provider.trust_framework.clone(),
            assurance_level: provider.assurance_level.clone(),
            assurance_process: Some(AssuranceProcess {
                policy: Some(identity.policy.clone()),
                procedure: Some(identity.method.clone()),
                assurance_details: evidence.is_some().then(|| vec![status_was_validated()]),
                other: Map::new(),
            }),
            time: Some(ClaimInstant::of(identity.confirmed_at)),
            verification_process: Some(identity.case.clone()),
            evidence,
            other: Map::new(),
        },
        claims: claims(identity),
    }
}

fn status_was_validated() -> AssuranceDetails {
    AssuranceDetails {
        assurance_type: Some("evidence_validation".to_owned()),
        evidence_ref: Some(vec![EvidenceReference {
            check_id: STATUS_CHECK.to_owned(),
            evidence_metadata: None,
            other: Map::new(),
        }]),
        ..AssuranceDetails::default()
    }
}

/// `signature_type` of what a method confirms by; `None` for a method that has no word of ours (API-14).
fn signature_type(method: &str) -> Option<&'static str> {
    match method {
        "jpki_signature" => Some(JPKI_SIGNATURE),
        "accredited_ca_signature" => Some(ACCREDITED_SIGNATURE),
        _ => None,
    }
}

/// `None` where the method is no signature that we have a word for: nothing is passed off as another.
fn signature(identity: &Identity) -> Option<Evidence> {
    Some(Evidence::ElectronicSignature(ElectronicSignature {
        signature_type: signature_type(&identity.method)?.to_owned(),
        issuer: identity.issuer.clone(),
        serial_number: identity.serial.reveal().clone(),
        created_at: identity.signed_at.map(ClaimInstant::of),
        derived_claims: None,
        attachments: None,
        other: Map::new(),
    }))
}

fn status(identity: &Identity, provider: &Provider) -> Evidence {
    let at = ClaimInstant::of(identity.status_checked_at);
    Evidence::ElectronicRecord(ElectronicRecord {
        check_details: Some(vec![CheckDetails {
            check_method: "data".to_owned(),
            organization: Some(provider.validity_source.clone()),
            check_id: Some(STATUS_CHECK.to_owned()),
            time: Some(at.clone()),
            other: Map::new(),
        }]),
        record: Some(Record {
            kind: CERTIFICATE_STATUS.to_owned(),
            created_at: Some(at),
            date_of_expiry: None,
            source: None,
            other: Map::new(),
        }),
        ..ElectronicRecord::default()
    })
}

fn claims(identity: &Identity) -> Map<String, Value> {
    let text = |value: &Personal<String>| Value::String(value.reveal().clone());
    let mut claims = Map::new();
    claims.insert("name".to_owned(), text(&identity.name));
    if let Some(kana) = &identity.name_kana {
        claims.insert("name#ja-Hani-JP".to_owned(), text(&identity.name));
        claims.insert("name#ja-Kana-JP".to_owned(), text(kana));
    }
    claims.insert("birthdate".to_owned(), text(&identity.birthdate));
    claims.insert("address".to_owned(), json!({ "formatted": identity.address.reveal(), "country_code": "JPN" }));
    if let Some(gender) =
        identity.gender.as_ref().filter(|gender| ["male", "female"].contains(&gender.reveal().as_str()))
    {
        claims.insert("gender".to_owned(), text(gender));
    }
    claims
}
