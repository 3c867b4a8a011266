//! Signing with a key on the card: secret, certificate, signature, CMS, in one run.

use super::card_data::CardDataError;
use crate::card::{CardError, Caution, Dialogue, Key, jpki};
use crate::proof::{Placement, ProofError, SigningRequest};
use crate::reason::Reason;
use crate::secret::{Personal, Secret};
use crate::time::UnixTime;

/// Why a sitting ended without a signature.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SittingError {
    /// The card, or the link to it.
    #[error(transparent)]
    Card(#[from] CardError),
    /// The certificate cannot sign, or the signature does not fit it.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// A file of the card face applications is not of its form.
    #[error(transparent)]
    CardData(#[from] CardDataError),
}

impl SittingError {
    /// The reason of the catalogue.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Card(error) => error.reason(),
            Self::Proof(error) => error.reason(),
            Self::CardData(error) => error.reason(),
        }
    }
}

/// What a sitting gave.
#[derive(Clone, Debug)]
pub struct SignedContent {
    /// CMS SignedData, DER. Carries the holder's certificate.
    pub cms: Personal<Vec<u8>>,
    /// The holder's certificate, DER.
    pub certificate: Personal<Vec<u8>>,
}

/// Unlocks `key`, reads its certificate, has the card sign `content` and wraps all of it as CMS SignedData.
///
/// Twelve exchanges at most for a certificate of up to 1792 bytes, leaving the card included. The signature is checked
/// against the certificate before anybody sees it. `at` becomes signingTime, the signer's own word.
///
/// # Errors
/// [`SittingError::Card`] as [`jpki::unlock`], [`jpki::read_certificate`] and [`jpki::sign`]; [`SittingError::Proof`].
pub async fn sign(
    card: &Dialogue,
    key: Key,
    secret: &Secret,
    caution: Caution,
    content: &[u8],
    placement: Placement,
    at: UnixTime,
) -> Result<SignedContent, SittingError> {
    jpki::select(card).await?;
    let unlocked = jpki::unlock(card, key, secret, caution).await?;
    let certificate = jpki::read_certificate(card, key.certificate()).await?;
    let request = SigningRequest::new(content, &certificate, placement, Some(at))?;
    let signature = jpki::sign(card, &unlocked, &request.card_input()).await?;
    Ok(SignedContent {
        cms: Personal::new(request.attach(&signature)?),
        certificate: Personal::new(certificate.to_vec()),
    })
}
