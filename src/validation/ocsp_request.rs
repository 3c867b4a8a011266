//! Questions to OCSP responders (RFC 6960 §4.1, RFC 9654), as documents: made here, carried by somebody else.

use super::ocsp::OcspResponse;
use super::revocation::RevocationQuery;
use crate::certificate::strict_der::{INTEGER, NULL, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, constructed};
use crate::certificate::{Certificate, SerialNumber, known};
use crate::crypto;
use std::fmt;

/// The digest that names the issuer in the question. SHA-1 names, it vouches for nothing: what is signed is signed with
/// SHA-2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CertIdDigest {
    /// What every responder understands (RFC 5019 §2.1.1).
    #[default]
    Sha1,
    /// SHA-256
    Sha256,
}

/// Octets of a nonce that is made here, as RFC 9654 §2.1 recommends.
pub const NONCE_LENGTH: usize = 32;

/// A number used once, so that an old answer cannot be passed off as a new one (RFC 9654).
#[derive(Clone, PartialEq, Eq)]
pub struct OcspNonce(Box<[u8]>);

/// A nonce is 1 to 128 octets long (RFC 9654 §2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a nonce of {octets} octets (1 to 128 are allowed)")]
pub struct NonceLength {
    /// Its length.
    pub octets: usize,
}

impl OcspNonce {
    /// These octets, which somebody drew at random.
    ///
    /// # Errors
    /// [`NonceLength`] when there are none, or more than 128.
    pub fn from_bytes(octets: &[u8]) -> Result<Self, NonceLength> {
        match octets.len() {
            1..=128 => Ok(Self(octets.into())),
            octets => Err(NonceLength { octets }),
        }
    }

    /// Draws [`NONCE_LENGTH`] octets.
    ///
    /// # Errors
    /// When the source of randomness fails.
    pub fn random(randomness: &mut impl rand_core::CryptoRngCore) -> Result<Self, rand_core::Error> {
        let mut octets = [0; NONCE_LENGTH];
        randomness.try_fill_bytes(&mut octets)?;
        Ok(Self(octets.into()))
    }

    /// The octets.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for OcspNonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OcspNonce({} octets)", self.0.len())
    }
}

/// What an answer without the nonce of the question is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NonceRule {
    /// Nothing.
    #[default]
    Require,
    /// As much as its dates say: the responder prepares its answers beforehand (RFC 5019 §4). Another nonce than that of the
    /// question is never accepted.
    AcceptAbsent,
}

/// A question about one certificate.
///
/// ```
/// use honnin::certificate::Certificate;
/// use honnin::validation::{CertIdDigest, OcspRequest};
/// # let leaf = Certificate::from_der(include_bytes!("../../fixtures/certificates/testcard/jpki-auth-cert.der"))?;
/// # let issuer = Certificate::from_der(include_bytes!("../../fixtures/certificates/testcard/jpki-auth-ca-cert.der"))?;
/// let request = OcspRequest::new(&leaf, &issuer, CertIdDigest::Sha1, None);
/// // POST request.der() as application/ocsp-request to one of leaf.extensions().ocsp_uris.
/// # assert!(!request.der().is_empty());
/// # Ok::<(), honnin::certificate::CertificateError>(())
/// ```
#[derive(Clone)]
pub struct OcspRequest {
    der: Vec<u8>,
    nonce: Option<OcspNonce>,
}

impl OcspRequest {
    /// Asks about `certificate`, issued by the key of `issuer`. Not signed: JPKI's responder knows its callers otherwise, and
    /// a responder need not ask for it (RFC 6960 §4.1.2).
    pub fn new(
        certificate: &Certificate,
        issuer: &Certificate,
        digest: CertIdDigest,
        nonce: Option<OcspNonce>,
    ) -> Self {
        Self::ask(certificate.issuer().der(), issuer, certificate.serial(), digest, nonce)
    }

    /// The same for what a validation wants to know.
    pub fn about(query: &RevocationQuery<'_>, digest: CertIdDigest, nonce: Option<OcspNonce>) -> Self {
        Self::ask(query.issuer_name.der(), query.issuer, query.serial, digest, nonce)
    }

    fn ask(
        name: &[u8],
        issuer: &Certificate,
        serial: &SerialNumber,
        digest: CertIdDigest,
        nonce: Option<OcspNonce>,
    ) -> Self {
        let key = issuer.public_key_bits();
        let (oid, name_hash, key_hash) = match digest {
            CertIdDigest::Sha1 => {
                (known::SHA1, crypto::sha1_identifier(name).to_vec(), crypto::sha1_identifier(key).to_vec())
            }
            CertIdDigest::Sha256 => (known::SHA256, crypto::sha256(name).to_vec(), crypto::sha256(key).to_vec()),
        };
        let algorithm = element(SEQUENCE, &[element(OBJECT_IDENTIFIER, &[oid.as_bytes()]), element(NULL, &[b""])]);
        let certificate_id = element(
            SEQUENCE,
            &[
                algorithm,
                element(OCTET_STRING, &[name_hash]),
                element(OCTET_STRING, &[key_hash]),
                element(INTEGER, &[serial.expose_bytes()]),
            ],
        );
        let mut tbs = vec![element(SEQUENCE, &[element(SEQUENCE, &[certificate_id])])];
        if let Some(nonce) = &nonce {
            let value = element(OCTET_STRING, &[nonce.as_bytes()]);
            let oid = element(OBJECT_IDENTIFIER, &[known::OCSP_NONCE.as_bytes()]);
            let extension = element(SEQUENCE, &[oid, element(OCTET_STRING, &[value])]);
            tbs.push(element(constructed(2), &[element(SEQUENCE, &[extension])]));
        }
        Self { der: element(SEQUENCE, &[element(SEQUENCE, &tbs)]), nonce }
    }

    /// The document to send.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The nonce it carries.
    pub fn nonce(&self) -> Option<&OcspNonce> {
        self.nonce.as_ref()
    }

    /// Whether a response may be an answer to this question, as far as nonces tell.
    pub fn may_be_answered_by(&self, response: &OcspResponse, rule: NonceRule) -> bool {
        match (&self.nonce, response.nonce()) {
            // A nonce nobody asked for says nothing.
            (None, _) => true,
            (Some(own), Some(theirs)) => own.as_bytes() == theirs,
            // An error is not signed and carries none.
            (Some(_), None) => rule == NonceRule::AcceptAbsent || response.is_error(),
        }
    }
}

/// Not the serial number.
impl fmt::Debug for OcspRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OcspRequest({} bytes, {:?})", self.der.len(), self.nonce)
    }
}

/// One DER element. Nothing here comes near 64 KiB: digests, a serial number out of a certificate, a nonce.
fn element<T: AsRef<[u8]>>(tag: u8, parts: &[T]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.as_ref().len()).sum();
    let octets = length.to_be_bytes();
    let significant = octets.iter().position(|octet| *octet != 0).unwrap_or(octets.len() - 1);
    let digits = octets.get(significant..).unwrap_or_default();
    let mut der = vec![tag];
    if length >= 0x80 {
        // At most eight octets of length.
        der.push(0x80 | u8::try_from(digits.len()).unwrap_or_default());
    }
    der.extend_from_slice(digits);
    for part in parts {
        der.extend_from_slice(part.as_ref());
    }
    der
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_have_the_length_of_rfc_9654() {
        assert_eq!(OcspNonce::from_bytes(&[]), Err(NonceLength { octets: 0 }));
        assert_eq!(OcspNonce::from_bytes(&[0; 129]), Err(NonceLength { octets: 129 }));
        assert!(OcspNonce::from_bytes(&[0; 128]).is_ok());
        let nonce = OcspNonce::random(&mut rand_core::OsRng).unwrap();
        assert_eq!(nonce.as_bytes().len(), 32);
        assert_ne!(nonce, OcspNonce::random(&mut rand_core::OsRng).unwrap());
    }

    #[test]
    fn lengths_are_minimal() {
        assert_eq!(element(4, &[[0; 0]]), [4, 0]);
        assert_eq!(element(4, &[vec![0; 127]])[..2], [4, 127]);
        assert_eq!(element(4, &[vec![0; 128]])[..3], [4, 0x81, 128]);
        assert_eq!(element(4, &[vec![0; 256]])[..4], [4, 0x82, 1, 0]);
    }
}
