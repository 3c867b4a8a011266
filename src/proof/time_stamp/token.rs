//! A time-stamp token: a CMS SignedData over a TSTInfo (RFC 3161 §2.4.2).

use super::structure::{TIME_STAMPING, TST_INFO, TstInfo};
use crate::certificate::Certificate;
use crate::crypto::DigestAlgorithm;
use crate::proof::algorithm;
use crate::proof::error::{Mismatch, ProofError};
use crate::proof::signed_statement::SignedStatement;
use crate::time::UnixTime;
use const_oid::ObjectIdentifier;

const WHAT: &str = "time-stamp token";

/// A token as it came: read, bounded, and not yet believed.
#[derive(Clone, Debug)]
pub struct TimeStampToken {
    der: Vec<u8>,
    signed: SignedStatement,
    algorithm: DigestAlgorithm,
    digest: Vec<u8>,
    nonce: Option<Vec<u8>>,
    generated_at: UnixTime,
    policy: ObjectIdentifier,
}

/// A token whose signature was verified. Whose key it was, is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedTimeStamp {
    /// The time the authority vouches for.
    pub generated_at: UnixTime,
    /// The authority's certificate, DER: meant for time-stamping and nothing else. Not validated.
    pub certificate: Vec<u8>,
    /// Further certificates that came along, DER.
    pub others: Vec<Vec<u8>>,
}

impl TimeStampToken {
    /// Reads a token: DER, one signer, content type id-ct-TSTInfo.
    ///
    /// # Errors
    /// [`ProofError::Malformed`]; [`ProofError::AlgorithmNotAllowed`] for a digest that is not of the SHA-2 family.
    pub fn parse(der: &[u8]) -> Result<Self, ProofError> {
        let malformed = ProofError::Malformed { what: WHAT };
        let signed = SignedStatement::parse(der)?;
        if signed.content_type != TST_INFO || signed.signers().len() != 1 {
            return Err(malformed);
        }
        let content = signed.content().ok_or(malformed)?.to_vec();
        let info = TstInfo::read(&content).map_err(|_| malformed)?;
        let algorithm = algorithm::digest_of(&info.message_imprint.hash_algorithm)?;
        Ok(Self {
            der: der.to_vec(),
            algorithm,
            digest: info.message_imprint.hashed_message.as_bytes().to_vec(),
            nonce: info.nonce.map(<[u8]>::to_vec),
            generated_at: UnixTime::from_seconds(info.generated_at.0),
            policy: info.policy,
            signed,
        })
    }

    /// The token, DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The time in the token. A claim until the token is verified.
    pub fn generated_at(&self) -> UnixTime {
        self.generated_at
    }

    /// The authority's policy, in dotted form.
    pub fn policy(&self) -> String {
        self.policy.to_string()
    }

    pub(super) fn digest(&self) -> (DigestAlgorithm, &[u8]) {
        (self.algorithm, &self.digest)
    }

    pub(super) fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    /// Verifies the token over `message`: its signature, that the signed attributes name the certificate (ESSCertIDv2), that
    /// the certificate is for time-stamping alone (RFC 3161 §2.3), and that the digest is that of the message.
    ///
    /// # Errors
    /// [`ProofError::Mismatch`]; [`ProofError::CertificatePurpose`]; [`ProofError`] as the signature's check tells it.
    pub fn verify(&self, message: &[u8]) -> Result<VerifiedTimeStamp, ProofError> {
        if self.algorithm.digest(message) != self.digest {
            return Err(ProofError::Mismatch(Mismatch::TimeStamp));
        }
        let verified = self.signed.verify(None)?;
        let signer = verified.signers().first().ok_or(ProofError::Malformed { what: WHAT })?;
        if !signer.names_certificate() {
            return Err(ProofError::Malformed { what: "signing certificate attribute" });
        }
        let certificate = Certificate::from_der(signer.certificate());
        let certificate = certificate.map_err(|_| ProofError::Malformed { what: "certificate" })?;
        // id-ce-extKeyUsage: critical, and one purpose.
        let extension = certificate.extensions().find(&const_oid::db::rfc5280::ID_CE_EXT_KEY_USAGE);
        let purposes = certificate.extensions().extended_key_usage.as_deref();
        let fits = extension.is_some_and(|extension| extension.critical)
            && matches!(purposes, Some([one]) if *one == TIME_STAMPING.into());
        if !fits {
            return Err(ProofError::CertificatePurpose);
        }
        Ok(VerifiedTimeStamp {
            generated_at: self.generated_at,
            certificate: signer.certificate().to_vec(),
            others: self.signed.certificates().filter(|der| *der != signer.certificate()).map(<[u8]>::to_vec).collect(),
        })
    }
}
