//! What a provider says about itself (API-17), as members of its discovery document.

use super::view::{CERTIFICATE_STATUS, Provider};
use serde::{Deserialize, Serialize};

/// The members about identity assurance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderMetadata {
    /// Required.
    pub trust_frameworks_supported: Vec<String>,
    /// Required.
    pub claims_in_verified_claims_supported: Vec<String>,
    /// Types of evidence.
    pub evidence_supported: Vec<String>,
    /// Types of documents; required when evidence has `document`.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub documents_supported: Vec<String>,
    /// Check methods for documents.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub documents_check_methods_supported: Vec<String>,
    /// Types of records; required when evidence has `electronic_record`.
    pub electronic_records_supported: Vec<String>,
    /// Whether the `claims` parameter is understood.
    pub claims_parameter_supported: bool,
    /// `normal`, and no aggregated or distributed claims.
    pub claim_types_supported: Vec<String>,
    /// Of earlier drafts, for old clients only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub verified_claims_supported: Option<bool>,
}

impl ProviderMetadata {
    /// What is true of the views of this room. `for_old_clients` adds the member of earlier drafts.
    pub fn of(provider: &Provider, for_old_clients: bool) -> Self {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Self {
            trust_frameworks_supported: vec![provider.trust_framework.clone()],
            claims_in_verified_claims_supported: words(&[
                "name",
                "name#ja-Hani-JP",
                "name#ja-Kana-JP",
                "birthdate",
                "address",
                "gender",
            ]),
            evidence_supported: words(&["electronic_signature", "electronic_record"]),
            documents_supported: Vec::new(),
            documents_check_methods_supported: Vec::new(),
            electronic_records_supported: words(&[CERTIFICATE_STATUS]),
            claims_parameter_supported: true,
            claim_types_supported: words(&["normal"]),
            verified_claims_supported: for_old_clients.then_some(true),
        }
    }
}
