//! Whether a time-stamp token vouches for the signature of a proof, and who stands behind it.

use crate::anchors::AnchorSet;
use crate::certificate::Certificate;
use crate::proof::{ProofError, SignedStatement, TimeStampToken};
use crate::time::UnixTime;
use crate::validation::{Materials, Parameters, Profile, RevocationRule, verify};

/// What a token over a proof's signature is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeStampStanding {
    /// The signature was there at this time, says an authority that the caller trusts.
    Trusted(UnixTime),
    /// The token verifies; no path leads from its authority to an anchor of the caller's.
    UnknownAuthority(UnixTime),
}

impl TimeStampStanding {
    /// The time in the token.
    pub const fn generated_at(self) -> UnixTime {
        match self {
            Self::Trusted(at) | Self::UnknownAuthority(at) => at,
        }
    }
}

/// Checks a token over the signature value of a proof: digest, signature, signing certificate and purpose (RFC 3161), then the
/// path of the authority's certificate as of the time in the token. Revocation of the authority is not asked: it would have to
/// be asked of lists that this program is not given.
///
/// # Errors
/// [`ProofError`] when the token is none, is over something else, or does not verify.
pub fn check_time_stamp(
    token: &[u8],
    proof: &SignedStatement,
    anchors: &AnchorSet,
) -> Result<TimeStampStanding, ProofError> {
    let signer = proof.signers().first().ok_or(ProofError::Malformed { what: "CMS without signers" })?;
    let verified = TimeStampToken::parse(token)?.verify(signer.signature())?;
    let at = verified.generated_at;
    let certificate =
        |der: &Vec<u8>| Certificate::from_der(der).map_err(|_| ProofError::Malformed { what: "certificate" });
    let leaf = certificate(&verified.certificate)?;
    let intermediates: Vec<Certificate> = verified.others.iter().filter_map(|der| certificate(der).ok()).collect();
    let materials = Materials { intermediates: &intermediates, ..Materials::default() };
    let parameters = Parameters::new(at, anchors).with_profile(Profile::Rfc5280).with_revocation(RevocationRule::Skip);
    Ok(match verify(&leaf, &materials, &parameters).path {
        Some(_) => TimeStampStanding::Trusted(at),
        None => TimeStampStanding::UnknownAuthority(at),
    })
}
