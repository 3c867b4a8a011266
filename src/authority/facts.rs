//! `persona.json`: what a client must find on a persona's card.

use serde::Serialize;
use std::fmt;

use super::issue::{AuthorityError, IssuedCertificate};
use super::revocation::{RevocationReason, RevokedEntry};
use crate::time::{UnixTime, Validity};

/// What a client must find, as `persona.json` tells it. `Debug` tells the persona only.
#[derive(Clone, Serialize)]
pub struct PersonaFacts {
    /// `honnin-persona/1`
    pub schema: &'static str,
    /// Its name.
    pub persona: &'static str,
    /// Always true.
    pub synthetic: bool,
    /// The instant it was made for.
    pub at: UnixTime,
    /// Secrets, and attempts left on each.
    pub secrets: Secrets,
    /// The basic four attributes, as the card gives them.
    pub attributes: Attributes,
    /// The certificates; the signing certificate is absent for a child.
    pub certificates: Certificates,
    /// When both lists were made.
    pub this_update: UnixTime,
    /// Until when they hold.
    pub next_update: UnixTime,
}

/// The three secrets.
#[derive(Clone, Serialize)]
pub struct Secrets {
    /// 利用者証明用
    pub user_authentication: SecretFacts,
    /// 署名用; absent where there is no signing certificate.
    pub digital_signature: Option<SecretFacts>,
    /// 券面事項入力補助用
    pub input_support: SecretFacts,
}

/// One secret.
#[derive(Clone, Copy, Serialize)]
pub struct SecretFacts {
    /// As a person types it.
    pub value: &'static str,
    /// Attempts left.
    pub tries: u8,
}

/// The basic four attributes.
#[derive(Clone, Serialize)]
pub struct Attributes {
    /// 氏名
    pub name: String,
    /// 住所
    pub address: String,
    /// 生年月日, `YYYY-MM-DD`
    pub birth_date: String,
    /// 性別: `male` or `female`
    pub sex: &'static str,
}

/// Both certificates.
#[derive(Clone, Serialize)]
pub struct Certificates {
    /// 署名用
    pub digital_signature: Option<CertificateFacts>,
    /// 利用者証明用
    pub user_authentication: CertificateFacts,
}

/// One certificate.
#[derive(Clone, Serialize)]
pub struct CertificateFacts {
    /// Serial number in hex, without leading zeros.
    pub serial: String,
    /// First valid second.
    pub not_before: UnixTime,
    /// Last valid second.
    pub not_after: UnixTime,
    /// Since when it is on its list.
    pub revoked_at: Option<UnixTime>,
    /// Why.
    pub revocation_reason: Option<&'static str>,
}

impl PersonaFacts {
    /// The text of `persona.json`.
    ///
    /// # Errors
    /// [`AuthorityError::Encoding`] when JSON cannot hold it.
    pub fn to_json(&self) -> Result<String, AuthorityError> {
        let text = serde_json::to_string_pretty(self);
        text.map(|text| text + "\n").map_err(|_| AuthorityError::Encoding(der::ErrorKind::Failed.into()))
    }
}

impl CertificateFacts {
    pub(super) fn new(certificate: &IssuedCertificate, validity: Validity, entry: Option<RevokedEntry>) -> Self {
        Self {
            serial: format!("{:X}", certificate.serial),
            not_before: validity.not_before,
            not_after: validity.not_after,
            revoked_at: entry.map(|entry| entry.at),
            revocation_reason: entry.and_then(|entry| entry.reason).map(RevocationReason::word),
        }
    }
}

impl fmt::Debug for PersonaFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonaFacts({}, redacted)", self.persona)
    }
}

impl fmt::Debug for CertificateFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CertificateFacts(redacted)")
    }
}
