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
    pub secrets: Secrets<&'static str>,
    /// Attempts left of each.
    pub tries: Secrets<u8>,
    /// The basic four attributes, as the card gives them.
    pub attributes: Attributes,
    /// What is printed on the card and makes 照合番号B; absent where the card face applications are not there.
    pub card_face: Option<CardFaceFacts>,
    /// The certificates; the signing certificate is absent for a child.
    pub certificates: Certificates,
    /// When both lists were made.
    pub this_update: UnixTime,
    /// Until when they hold.
    pub next_update: UnixTime,
}

/// One value for each of the three secrets.
#[derive(Clone, Copy, Serialize)]
pub struct Secrets<T> {
    /// 利用者証明用
    pub user_authentication: T,
    /// 署名用; absent where there is no signing certificate.
    pub digital_signature: Option<T>,
    /// 券面事項入力補助用; absent where its application is not there (phones, the card before this one).
    pub input_support: Option<T>,
}

/// The basic four attributes, with the keys of `certificate show`.
#[derive(Clone, Serialize)]
pub struct Attributes {
    /// 氏名
    pub name: String,
    /// 住所
    pub address: String,
    /// 生年月日, `YYYY-MM-DD`
    pub birthdate: String,
    /// 性別, the digit of the certificate: `1` male, `2` female
    pub sex: char,
}

/// What is printed on the card and makes 照合番号B (card.md §4.1).
#[derive(Clone, Serialize)]
pub struct CardFaceFacts {
    /// The card's last day, `YYYY-MM-DD`.
    pub expires: String,
    /// セキュリティコード, four digits
    pub security_code: &'static str,
    /// 照合番号B itself, fourteen digits
    pub number_b: String,
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
    /// Serial number in lower-case hex, whole bytes.
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

/// A serial number as its bytes in lower-case hex.
pub(super) fn serial_hex(serial: u64) -> String {
    let digits = format!("{serial:x}");
    if digits.len() % 2 == 0 { digits } else { format!("0{digits}") }
}

impl CertificateFacts {
    pub(super) fn new(certificate: &IssuedCertificate, validity: Validity, entry: Option<RevokedEntry>) -> Self {
        Self {
            serial: serial_hex(certificate.serial),
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

impl fmt::Debug for CardFaceFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardFaceFacts(redacted)")
    }
}

impl fmt::Debug for CertificateFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CertificateFacts(redacted)")
    }
}
