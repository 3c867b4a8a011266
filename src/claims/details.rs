//! The parts evidence is made of: checks, documents, records, attestations, attachments (API-06, API-07, API-09).

use super::format::{Base64Text, ClaimDate, ClaimInstant, MediaType, Uri};
use super::verification::present;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

/// The words of the identifiers page for how a check was made, the older five last (API-11). No other is written by a view of ours;
/// one that is read is carried as it is, because the page may grow.
pub const CHECK_METHODS: [&str; 18] = [
    "vcrypt", "vdig", "data", "auth", "token", "bvr", "pvr", "pvp", "bvp", "kbv", "vpip", "vpiruv", "vri", "eid",
    "pipp", "sripp", "uripp", "onsite",
];

impl CheckDetails {
    /// Whether the word for how it was made is one of the identifiers page.
    pub fn has_known_method(&self) -> bool {
        CHECK_METHODS.contains(&self.check_method.as_str())
    }
}

/// One check that was made of a piece of evidence.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckDetails {
    /// How, in the words of the identifiers page (API-11), such as `data` or `vcrypt`.
    pub check_method: String,
    /// By whom.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// The name it is referred to by.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub check_id: Option<String>,
    /// When.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub time: Option<ClaimInstant>,
    /// Members the schema does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Who issued a document, or where a record stands.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issuer {
    /// Name.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Country in words.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Country as a code.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// Where its law holds.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<String>,
    /// Address in one text.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    /// Part of the address.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// Part of the address.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Part of the address.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Part of the address.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    /// Members the schema does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// What a document says of itself. The type of a My Number Card is `jp_individual_number_card`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentDetails {
    /// Kind of document.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its number.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
    /// Its serial number.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    /// When it was issued.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub date_of_issuance: Option<ClaimDate>,
    /// When it ends.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub date_of_expiry: Option<ClaimDate>,
    /// Who issued it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Issuer>,
    /// Members the schema does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A record somebody keeps.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Kind of record.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it was made.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<ClaimInstant>,
    /// When it ends.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub date_of_expiry: Option<ClaimDate>,
    /// Where it stands.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub source: Option<Issuer>,
    /// Members the schema does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// What somebody vouched for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    /// Kind of attestation.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its number.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub reference_number: Option<String>,
    /// When it was issued.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub date_of_issuance: Option<ClaimDate>,
    /// When it ends.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub date_of_expiry: Option<ClaimDate>,
    /// Who vouched.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub voucher: Option<Voucher>,
    /// Members the schema does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Who vouched.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voucher {
    /// Birth date.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<ClaimDate>,
    /// Occupation.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub occupation: Option<String>,
    /// Organisation.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Name and address.
    #[serde(flatten)]
    pub person: Issuer,
}

/// A digest of what is kept elsewhere.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Name of the algorithm.
    pub alg: String,
    /// The digest.
    pub value: Base64Text,
    /// Members the schema does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Something attached: in place, or elsewhere. Never both, and we attach nothing by default (API-09).
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Attachment {
    /// In place.
    Embedded(EmbeddedAttachment),
    /// Elsewhere.
    External(ExternalAttachment),
}

/// Attached in place.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbeddedAttachment {
    /// What it is.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub desc: Option<String>,
    /// Its media type.
    pub content_type: MediaType,
    /// Its bytes.
    pub content: Base64Text,
    /// Members the schema does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Kept elsewhere.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalAttachment {
    /// What it is.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub desc: Option<String>,
    /// Where.
    pub url: Uri,
    /// Its digest.
    pub digest: Digest,
    /// What opens it; may be said to be nothing.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub access_token: Option<Option<String>>,
    /// Until when it is there, in seconds since the epoch.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub exp: Option<Number>,
    /// Members the schema does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl<'de> Deserialize<'de> for Attachment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let embedded = serde_json::from_value(value.clone());
        let external = serde_json::from_value(value);
        match (embedded, external) {
            (Ok(embedded), Err(_)) => Ok(Self::Embedded(embedded)),
            (Err(_), Ok(external)) => Ok(Self::External(external)),
            (Ok(_), Ok(_)) => Err(serde::de::Error::custom("an attachment is embedded or external, not both")),
            (Err(_), Err(_)) => {
                Err(serde::de::Error::custom("an attachment has content_type and content, or url and digest"))
            }
        }
    }
}

macro_rules! tells_nothing {
    ($($name:ident)*) => {$(
        /// Tells nothing of a person.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )*};
}
pub(super) use tells_nothing;

tells_nothing!(CheckDetails Issuer DocumentDetails Record Attestation Voucher Digest Attachment EmbeddedAttachment ExternalAttachment);
