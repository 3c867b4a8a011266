//! Evidence, of one of four types (API-04).

use super::details::{Attachment, Attestation, CheckDetails, DocumentDetails, Record, tells_nothing};
use super::format::ClaimInstant;
use super::verification::present;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A piece of evidence.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Evidence {
    /// A signature by a certificate that names the person.
    ElectronicSignature(ElectronicSignature),
    /// A document.
    Document(DocumentEvidence),
    /// A record somebody keeps.
    ElectronicRecord(ElectronicRecord),
    /// A person who vouches.
    Vouch(Vouch),
}

/// `electronic_signature` (API-05). It must carry the serial number, so it is for entitled verifiers and auditors only
/// (API-13, LAW-35).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElectronicSignature {
    /// Kind of signature; ours are [`super::JPKI_SIGNATURE`] and [`super::ACCREDITED_SIGNATURE`] (API-14).
    pub signature_type: String,
    /// Who issued the certificate.
    pub issuer: String,
    /// Serial number of the certificate.
    pub serial_number: String,
    /// When it was signed.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<ClaimInstant>,
    /// Claims that follow from it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub derived_claims: Option<Map<String, Value>>,
    /// What is attached.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<Attachment>>,
    /// Members the schema does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// `document` (API-06).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentEvidence {
    /// Checks that were made.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub check_details: Option<Vec<CheckDetails>>,
    /// What the document says of itself.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub document_details: Option<DocumentDetails>,
    /// Claims that follow from it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub derived_claims: Option<Map<String, Value>>,
    /// What is attached.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<Attachment>>,
    /// Members the schema does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// `electronic_record` (API-07).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElectronicRecord {
    /// Checks that were made.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub check_details: Option<Vec<CheckDetails>>,
    /// The record.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
    /// Claims that follow from it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub derived_claims: Option<Map<String, Value>>,
    /// What is attached.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<Attachment>>,
    /// Members the schema does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// `vouch` (API-07).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vouch {
    /// Checks that were made.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub check_details: Option<Vec<CheckDetails>>,
    /// What was vouched for.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub attestation: Option<Attestation>,
    /// Claims that follow from it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub derived_claims: Option<Map<String, Value>>,
    /// What is attached.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<Attachment>>,
    /// Members the schema does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

tells_nothing!(Evidence ElectronicSignature DocumentEvidence ElectronicRecord Vouch);

impl Evidence {
    /// The word of `type`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ElectronicSignature(_) => "electronic_signature",
            Self::Document(_) => "document",
            Self::ElectronicRecord(_) => "electronic_record",
            Self::Vouch(_) => "vouch",
        }
    }

    /// Claims that follow from it.
    pub const fn derived_claims(&self) -> Option<&Map<String, Value>> {
        match self {
            Self::ElectronicSignature(it) => it.derived_claims.as_ref(),
            Self::Document(it) => it.derived_claims.as_ref(),
            Self::ElectronicRecord(it) => it.derived_claims.as_ref(),
            Self::Vouch(it) => it.derived_claims.as_ref(),
        }
    }

    pub(super) fn derived_claims_mut(&mut self) -> &mut Option<Map<String, Value>> {
        match self {
            Self::ElectronicSignature(it) => &mut it.derived_claims,
            Self::Document(it) => &mut it.derived_claims,
            Self::ElectronicRecord(it) => &mut it.derived_claims,
            Self::Vouch(it) => &mut it.derived_claims,
        }
    }

    /// What is attached.
    pub const fn attachments(&self) -> Option<&Vec<Attachment>> {
        match self {
            Self::ElectronicSignature(it) => it.attachments.as_ref(),
            Self::Document(it) => it.attachments.as_ref(),
            Self::ElectronicRecord(it) => it.attachments.as_ref(),
            Self::Vouch(it) => it.attachments.as_ref(),
        }
    }

    /// Checks that were made of it; a signature has no place for them (API-15).
    pub const fn check_details(&self) -> Option<&Vec<CheckDetails>> {
        match self {
            Self::ElectronicSignature(_) => None,
            Self::Document(it) => it.check_details.as_ref(),
            Self::ElectronicRecord(it) => it.check_details.as_ref(),
            Self::Vouch(it) => it.check_details.as_ref(),
        }
    }
}
