//! Reading the card face applications in one run: secret, data, and what vouches for them.

use super::card_data::CardAttributes;
use super::face::CardFace;
use super::genuineness::{self, Vouching};
use super::signing::SittingError;
use crate::anchors::CardVerifiableKeys;
use crate::card::{Caution, Dialogue, input_support, surface};
use crate::secret::Secret;

/// The basic four attributes, and whether they are genuine where that was asked.
#[derive(Clone, Debug)]
pub struct ReadAttributes {
    /// The attributes.
    pub attributes: CardAttributes,
    /// What vouches for them; `None` when it was not asked.
    pub vouching: Option<Vouching>,
}

/// Presents the input support PIN or 照合番号B and reads the basic four attributes: four exchanges, and one more for each
/// 256 bytes above the first.
///
/// With `keys` five more follow, for the record and the certificate that vouch for them.
///
/// # Errors
/// [`SittingError::Card`] as [`input_support::unlock`]; [`SittingError::CardData`] when the file is not of its form.
pub async fn read_attributes(
    card: &Dialogue,
    secret: &Secret,
    caution: Caution,
    keys: Option<&CardVerifiableKeys>,
) -> Result<ReadAttributes, SittingError> {
    let unlocked = input_support::unlock(card, secret, caution).await?;
    let file = input_support::read_attributes(card, &unlocked).await?;
    let attributes = CardAttributes::from_file(&file)?;
    let vouching = match keys {
        None => None,
        Some(keys) => {
            let record = input_support::read_integrity_record(card, &unlocked).await?;
            let certificate = input_support::read_certificate(card).await?;
            let (record, certificate) =
                (record.as_deref().map(Vec::as_slice), certificate.as_deref().map(Vec::as_slice));
            Some(genuineness::of_attributes(&file, record, certificate, keys))
        }
    };
    Ok(ReadAttributes { attributes, vouching })
}

/// The same with a challenge: the card signs it with its own key, for which the signer of the data vouches (card.md §5.3). So the
/// data are not only genuine, they are on the card that is here. Four exchanges more, and one signature.
///
/// The challenge has to be new each time; who asks keeps it.
///
/// # Errors
/// As [`read_attributes`].
pub async fn read_attributes_of_this_card(
    card: &Dialogue,
    secret: &Secret,
    caution: Caution,
    keys: &CardVerifiableKeys,
    challenge: &[u8],
) -> Result<ReadAttributes, SittingError> {
    let unlocked = input_support::unlock(card, secret, caution).await?;
    let file = input_support::read_attributes(card, &unlocked).await?;
    let attributes = CardAttributes::from_file(&file)?;
    let record = input_support::read_integrity_record(card, &unlocked).await?;
    let certificate = input_support::read_certificate(card).await?;
    let own_key = input_support::read_signed_key(card, &unlocked).await?;
    let answer = match &own_key {
        Some(_) => input_support::answer_challenge(card, &unlocked, &genuineness::digest_info(challenge)).await?,
        None => None,
    };
    let bytes = |file: &Option<zeroize::Zeroizing<Vec<u8>>>| file.as_ref().map(|file| file.to_vec());
    let (record, certificate, own_key) = (bytes(&record), bytes(&certificate), bytes(&own_key));
    let data = genuineness::of_attributes(&file, record.as_deref(), certificate.as_deref(), keys);
    let answer = genuineness::Answer { own_key: own_key.as_deref(), challenge, signature: answer.as_deref() };
    let vouching = data.and_of_this_card(&answer, certificate.as_deref());
    Ok(ReadAttributes { attributes, vouching: Some(vouching) })
}

/// The face of the card, and what vouches for it.
#[derive(Clone, Debug)]
pub struct ReadFace {
    /// The face.
    pub face: CardFace,
    /// Its signature, and the chain above it.
    pub vouching: Vouching,
}

/// Presents 照合番号B and reads the face with the certificate of its signer: six exchanges, and one for each 256 bytes of the
/// face.
///
/// # Errors
/// [`SittingError::Card`] as [`surface::unlock`]; [`SittingError::CardData`] when the file is not of its form.
pub async fn read_face(
    card: &Dialogue,
    number_b: &Secret,
    caution: Caution,
    keys: &CardVerifiableKeys,
) -> Result<ReadFace, SittingError> {
    let unlocked = surface::unlock(card, number_b, caution).await?;
    let file = surface::read_face(card, &unlocked).await?;
    let face = CardFace::from_file(&file)?;
    let certificate = surface::read_certificate(card).await?;
    let vouching = genuineness::of_face(&face, certificate.as_deref().map(Vec::as_slice), keys);
    Ok(ReadFace { face, vouching })
}
