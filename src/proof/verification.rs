//! Whether the keys named in a statement signed its content.

use super::attributes::looks_like_attributes;
use super::error::{Mismatch, ProofError};
use super::signed_statement::{SignedStatement, Signer};
use super::statement::Statement;
use crate::crypto::{self, SignatureAlgorithm};
use crate::secret::Personal;
use crate::time::UnixTime;

/// A statement every signature of which was verified. There is no other way to make one than
/// [`SignedStatement::verify`].
#[derive(Clone, Debug)]
pub struct VerifiedStatement {
    content: Personal<Vec<u8>>,
    signers: Vec<VerifiedSigner>,
}

/// A signer whose signature was verified.
#[derive(Clone, Debug)]
pub struct VerifiedSigner {
    certificate: Personal<Vec<u8>>,
    algorithm: SignatureAlgorithm,
    signature: Personal<Vec<u8>>,
    signing_time: Option<UnixTime>,
    names_certificate: bool,
}

impl SignedStatement {
    /// Verifies every signer. `detached` is the content of a detached signature; beside an attached content it has to be the
    /// same.
    ///
    /// # Errors
    /// The first signer's error, or [`ProofError::ContentMissing`].
    pub fn verify(&self, detached: Option<&[u8]>) -> Result<VerifiedStatement, ProofError> {
        let content = self.signed_content(detached)?;
        let signers = self.verify_each(detached)?.into_iter().collect::<Result<_, _>>()?;
        Ok(VerifiedStatement { content: Personal::new(content.to_vec()), signers })
    }

    /// Verifies every signer and answers for each, in the order of [`SignedStatement::signers`].
    ///
    /// # Errors
    /// [`ProofError::ContentMissing`], or [`ProofError::Mismatch`] when two contents were given.
    pub fn verify_each(&self, detached: Option<&[u8]>) -> Result<Vec<Result<VerifiedSigner, ProofError>>, ProofError> {
        let content = self.signed_content(detached)?;
        Ok(self.signers().iter().map(|signer| self.verify_signer(signer, content)).collect())
    }

    fn signed_content<'a>(&'a self, detached: Option<&'a [u8]>) -> Result<&'a [u8], ProofError> {
        match (self.content(), detached) {
            (None, None) => Err(ProofError::ContentMissing),
            (Some(content), None) | (None, Some(content)) => Ok(content),
            (Some(content), Some(given)) if content == given => Ok(content),
            (Some(_), Some(_)) => Err(ProofError::Mismatch(Mismatch::Content)),
        }
    }

    fn verify_signer(&self, signer: &Signer, content: &[u8]) -> Result<VerifiedSigner, ProofError> {
        let algorithm = signer.algorithm()?;
        let key = signer.certificate.as_ref().map_err(|error| *error)?;
        let message = match &signer.attributes {
            Some(attributes) => {
                if attributes.content_type != self.content_type {
                    return Err(ProofError::Mismatch(Mismatch::ContentType));
                }
                if algorithm.digest.digest(content) != *attributes.message_digest.reveal() {
                    return Err(ProofError::Mismatch(Mismatch::MessageDigest));
                }
                attributes.message.reveal().as_slice()
            }
            None if looks_like_attributes(content) => {
                return Err(ProofError::Mismatch(Mismatch::SignedAttributesAsContent));
            }
            None => content,
        };
        crypto::verify(key.public_key.reveal(), algorithm, message, signer.signature.reveal())?;
        Ok(VerifiedSigner {
            certificate: key.certificate.clone(),
            algorithm,
            signature: signer.signature.clone(),
            signing_time: signer.signing_time(),
            names_certificate: signer.attributes.as_ref().is_some_and(|attributes| attributes.names_certificate),
        })
    }
}

impl VerifiedStatement {
    /// The content that was signed.
    pub fn content(&self) -> &[u8] {
        self.content.reveal()
    }

    /// The signers, at least one.
    pub fn signers(&self) -> &[VerifiedSigner] {
        &self.signers
    }

    /// The statement that was signed, where the content is one of ours.
    ///
    /// # Errors
    /// As [`Statement::parse`].
    pub fn statement(&self) -> Result<Statement, ProofError> {
        Statement::parse(self.content())
    }
}

impl VerifiedSigner {
    /// The certificate, DER, whose key signed. Not validated.
    pub fn certificate(&self) -> &[u8] {
        self.certificate.reveal()
    }

    /// The algorithm of the signature.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The signature value: one never counts for two cases (RSN-24). An RSA signature has no second form; an ECDSA one has,
    /// so a store of used ones must not be the only guard.
    pub fn signature(&self) -> &[u8] {
        self.signature.reveal()
    }

    /// When the signer says he signed; no proof of time.
    pub fn signing_time(&self) -> Option<UnixTime> {
        self.signing_time
    }

    /// Whether the signed attributes name the certificate (signing-certificate-v2), as CAdES B-B asks.
    pub fn names_certificate(&self) -> bool {
        self.names_certificate
    }
}
