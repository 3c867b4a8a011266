//! What a proof yields, once it was examined.

use super::documents::Documents;
use crate::secret::Personal;
use crate::time::{UnixTime, Validity};
use crate::verdict::{CheckId, Status, Taint, Verdict};
use std::fmt;

/// SHA-256 of a certificate's DER. Stands for the certificate where the serial may not (LAW-35).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({})", hex::encode(self.0))
    }
}

/// SHA-256 of a signature value: the same signature never counts twice (RSN-24).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SignatureDigest(pub [u8; 32]);

impl fmt::Debug for SignatureDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignatureDigest({})", hex::encode(self.0))
    }
}

/// Which of the card's certificates signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateKind {
    /// 署名用電子証明書
    DigitalSignature,
    /// 利用者証明用電子証明書
    UserAuthentication,
    /// Something else.
    Other,
}

/// What the signer's certificate is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Which of the card's certificates.
    pub kind: CertificateKind,
    /// The issuing authority's name.
    pub issuer: String,
    /// The issuing authority's generation, in the words of the contract (`"3"`, `"test-2024"`, `"unknown"`).
    pub issuer_generation: String,
    /// From when to when; the first day is the day the attributes are of (ATTR-01).
    pub validity: Validity,
    /// SHA-256 of its DER.
    pub fingerprint: Fingerprint,
    /// 発行の番号, lower-case hex: for the confirmation record and nothing else (LAW-35).
    pub serial: Personal<String>,
}

/// 基本4情報 as the certificate gives them: one string each, never split (ATTR-08).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attributes {
    /// 氏名
    pub name: Option<Personal<String>>,
    /// 生年月日, YYYY-MM-DD.
    pub birthdate: Option<Personal<String>>,
    /// 住所
    pub address: Option<Personal<String>>,
}

/// What was known about the certificate's validity, and from which source (LAW-08, LAW-33).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationFacts {
    /// When it was checked.
    pub checked_at: UnixTime,
    /// When the source was made.
    pub this_update: Option<UnixTime>,
    /// Until when it speaks (RSN-26).
    pub next_update: Option<UnixTime>,
    /// SHA-256 of the list or response.
    pub source: Option<[u8; 32]>,
}

/// The facts out of one proof. Only [`super::examine`] makes one, so that nothing unchecked can be decided on.
#[derive(Clone, Debug)]
pub struct Evidence {
    pub(super) verdict: Verdict,
    pub(super) certificate: Option<CertificateFacts>,
    pub(super) attributes: Option<Attributes>,
    pub(super) revocation: Option<RevocationFacts>,
    pub(super) documents: Option<Documents>,
    pub(super) signature: Option<SignatureDigest>,
    pub(super) signed_at: Option<UnixTime>,
    pub(super) examined_at: UnixTime,
}

impl Evidence {
    /// The named checks, cut at the first decisive one (RSN-27). The policy's own check is not made yet.
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// What the signer's certificate is, as far as it could be read.
    pub fn certificate(&self) -> Option<&CertificateFacts> {
        self.certificate.as_ref()
    }

    /// The attributes, only when every check up to them passed.
    pub fn attributes(&self) -> Option<&Attributes> {
        self.attributes.as_ref()
    }

    /// What was known about revocation, when that was asked.
    pub fn revocation(&self) -> Option<&RevocationFacts> {
        self.revocation.as_ref()
    }

    /// The documents the verdict rests on, once every check up to the revocation passed; `None` also where revocation was
    /// told by something that is no document and cannot be kept.
    pub fn documents(&self) -> Option<&Documents> {
        self.documents.as_ref()
    }

    /// SHA-256 of the signature value, once the signature was verified.
    pub fn signature(&self) -> Option<SignatureDigest> {
        self.signature
    }

    /// When the signer says he signed; a claim, not a time stamp.
    pub fn signed_at(&self) -> Option<UnixTime> {
        self.signed_at
    }

    /// The instant the checks speak of.
    pub fn examined_at(&self) -> UnixTime {
        self.examined_at
    }

    /// What makes the result unfit for a real person.
    pub fn taints(&self) -> &[Taint] {
        &self.verdict.taints
    }

    /// Whether this check passed.
    pub fn passed(&self, id: CheckId) -> bool {
        self.verdict.check(id).is_some_and(|check| check.status == Status::Passed)
    }
}

#[cfg(test)]
impl Evidence {
    /// Evidence with these facts, for tests of rooms that decide on it.
    pub(crate) fn synthetic(
        verdict: &Verdict,
        certificate: Option<CertificateFacts>,
        attributes: Option<Attributes>,
        at: UnixTime,
    ) -> Self {
        Self {
            verdict: super::order::settle(verdict),
            certificate,
            attributes,
            revocation: None,
            documents: None,
            signature: Some(SignatureDigest([7; 32])),
            signed_at: None,
            examined_at: at,
        }
    }
}
