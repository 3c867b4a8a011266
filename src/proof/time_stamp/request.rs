//! Asking for a time stamp.

use super::structure::{MessageImprint, Request, Response};
use super::token::TimeStampToken;
use crate::crypto::{DigestAlgorithm, sha256};
use crate::proof::algorithm;
use crate::proof::error::{Mismatch, ProofError};
use crate::proof::structure::{read, write};
use der::asn1::{OctetStringRef, UintRef};

/// Length of a request's nonce.
const NONCE_BYTES: usize = 16;

/// Longest answer that is read.
const MAXIMUM_BYTES: usize = 256 * 1024;

/// The authority could not be reached, or did not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the time-stamp authority could not be reached")]
pub struct TimeStampUnavailable;

/// Whoever carries a request to a time-stamp authority (media type `application/timestamp-query`) and brings the answer back
/// (`application/timestamp-reply`).
pub trait TimeStampAuthority {
    /// The answer to a request, DER, believed by nobody yet.
    ///
    /// # Errors
    /// [`TimeStampUnavailable`]
    fn answer(&self, request: &[u8]) -> Result<Vec<u8>, TimeStampUnavailable>;
}

/// A request for a time stamp over some bytes. Only their digest leaves the house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeStampRequest {
    digest: [u8; 32],
    nonce: [u8; NONCE_BYTES],
}

impl TimeStampRequest {
    /// A request over `message`, with SHA-256, a nonce of the caller's randomness, and the authority's certificate wanted.
    pub fn new(message: &[u8], nonce: [u8; NONCE_BYTES]) -> Self {
        Self { digest: sha256(message), nonce }
    }

    /// TimeStampReq, DER.
    ///
    /// # Errors
    /// [`ProofError::Malformed`], which does not happen.
    pub fn to_der(&self) -> Result<Vec<u8>, ProofError> {
        const WHAT: &str = "time-stamp request";
        let malformed = |_| ProofError::Malformed { what: WHAT };
        let request = Request {
            version: 1,
            message_imprint: MessageImprint {
                hash_algorithm: algorithm::digest_identifier(DigestAlgorithm::Sha256),
                hashed_message: OctetStringRef::new(&self.digest).map_err(malformed)?,
            },
            policy: None,
            nonce: Some(UintRef::new(&self.nonce).map_err(malformed)?),
            certificate_wanted: true,
        };
        write(&request, WHAT)
    }

    /// The token out of the answer to this request: granted, over the same digest, with the same nonce. Its signature was not
    /// verified yet.
    ///
    /// # Errors
    /// [`ProofError::Malformed`] when it is no answer; [`ProofError::TimeStampRefused`]; [`ProofError::Mismatch`] when it answers
    /// another request; [`ProofError::TooLarge`]
    pub fn accept(&self, answer: &[u8]) -> Result<TimeStampToken, ProofError> {
        const WHAT: &str = "time-stamp response";
        if answer.len() > MAXIMUM_BYTES {
            return Err(ProofError::TooLarge { what: WHAT, limit: MAXIMUM_BYTES });
        }
        let response: Response<'_> = read(answer, WHAT)?;
        // granted and grantedWithMods, RFC 3161 §2.4.2
        let token = match (response.status.status, response.token) {
            (0 | 1, Some(token)) => token,
            (0 | 1, None) => return Err(ProofError::Malformed { what: WHAT }),
            (status, _) => return Err(ProofError::TimeStampRefused { status }),
        };
        let token = TimeStampToken::parse(&write(&token, WHAT)?)?;
        let significant: Vec<u8> = self.nonce.iter().copied().skip_while(|byte| *byte == 0).collect();
        let told = token.nonce().map(|nonce| nonce.iter().copied().skip_while(|byte| *byte == 0).collect::<Vec<_>>());
        if token.digest() == (DigestAlgorithm::Sha256, &self.digest[..]) && told == Some(significant) {
            Ok(token)
        } else {
            Err(ProofError::Mismatch(Mismatch::TimeStamp))
        }
    }
}
