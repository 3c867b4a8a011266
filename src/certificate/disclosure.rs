//! A certificate as the keys of the command-line page: the one place where its names and numbers leave as text.

use super::attributes::{BasicAttributes, DisclosedAttributes};
use super::kind::CertificateKind;
use super::object_identifier::Oid;
use super::x509::Certificate;
use crate::crypto::KeyKind;
use crate::time::UnixTime;
use serde::Serialize;
use std::fmt;

/// The public key in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DisclosedKey {
    /// `rsa`, `ec_p256`, `ec_p384`, or `unknown`.
    pub algorithm: &'static str,
    /// Length of the key in bits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bits: Option<usize>,
}

/// A certificate as `result.certificate` of `certificate show` and `certificate verify`. Its `Debug` is redacted.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct DisclosedCertificate {
    /// What it claims to be.
    pub kind: CertificateKind,
    /// Subject, as text.
    pub subject: String,
    /// Issuer, as text.
    pub issuer: String,
    /// Serial number in lower-case hexadecimal.
    pub serial: String,
    /// First valid second.
    pub not_before: UnixTime,
    /// Last valid second.
    pub not_after: UnixTime,
    /// The public key.
    pub public_key: DisclosedKey,
    /// Policies.
    pub policies: Vec<Oid>,
    /// SHA-256 of the certificate in lower-case hexadecimal.
    pub sha256: String,
    /// The basic four attributes, where it carries them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributes: Option<DisclosedAttributes>,
}

impl fmt::Debug for DisclosedCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DisclosedCertificate({:?}, redacted)", self.kind)
    }
}

impl Certificate {
    /// Names, numbers and attributes as text, for showing; never for logs.
    pub fn disclose(&self) -> DisclosedCertificate {
        let (algorithm, bits) = match self.key_kind() {
            Ok(KeyKind::Rsa { bits, .. }) => ("rsa", Some(bits)),
            Ok(KeyKind::P256) => ("ec_p256", Some(256)),
            Ok(KeyKind::P384) => ("ec_p384", Some(384)),
            Err(_) => ("unknown", None),
        };
        DisclosedCertificate {
            kind: self.kind(),
            subject: self.subject().to_string(),
            issuer: self.issuer().to_string(),
            serial: self.serial().expose_hex(),
            not_before: self.validity().not_before,
            not_after: self.validity().not_after,
            public_key: DisclosedKey { algorithm, bits },
            policies: self.policies().cloned().collect(),
            sha256: hex::encode(self.fingerprint()),
            attributes: BasicAttributes::of(self).map(|attributes| attributes.disclose()),
        }
    }
}
