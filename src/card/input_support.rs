//! 券面事項入力補助AP: the basic four attributes, what vouches for them, and its counters (card.md §6).
//!
//! Deliberately absent: EF 0001, the individual number. It is neither named nor read here, and the digest of it in the
//! integrity record is dropped by whoever reads that record.

use super::application::{self, Application};
use super::counter::RetryCounter;
use super::dialogue::Dialogue;
use super::error::CardError;
use super::file::{self, Content};
use super::secret_file::{self, SecretFile};
use super::session::Caution;
use crate::apdu::{CommandApdu, StatusWord};
use crate::secret::{Secret, SecretKind};
use zeroize::Zeroizing;

const PIN: SecretFile = SecretFile { application: Application::InputSupport, short_identifier: 0x11 };
const NUMBER_B: SecretFile = SecretFile { application: Application::InputSupport, short_identifier: 0x15 };

/// The attributes may be read. Only [`unlock`] makes one.
#[derive(Debug)]
pub struct UnlockedAttributes(());

/// Selects the application and asks for the counter of its 4-digit PIN; `None` when the card does not have it.
///
/// # Errors
/// [`CardError::Refused`] when the card answers the selection with neither yes nor no.
pub async fn retry_counter(card: &Dialogue) -> Result<Option<RetryCounter>, CardError> {
    if application::enter(card, Application::InputSupport).await? {
        Ok(Some(secret_file::query(card, PIN).await.unwrap_or(RetryCounter::NotReported)))
    } else {
        Ok(None)
    }
}

/// Selects the application and asks for the counter of 照合番号B; `None` when the card does not have it.
///
/// # Errors
/// As [`retry_counter`].
pub async fn number_b_counter(card: &Dialogue) -> Result<Option<RetryCounter>, CardError> {
    if application::enter(card, Application::InputSupport).await? {
        Ok(Some(secret_file::query(card, NUMBER_B).await.unwrap_or(RetryCounter::NotReported)))
    } else {
        Ok(None)
    }
}

/// Selects the application, asks for the counter and presents the secret once: its PIN, or 照合番号B.
///
/// # Errors
/// [`CardError::ApplicationAbsent`] where phones end; then as [`jpki::unlock`](super::jpki::unlock).
pub async fn unlock(card: &Dialogue, secret: &Secret, caution: Caution) -> Result<UnlockedAttributes, CardError> {
    let file = match secret.kind() {
        SecretKind::InputSupport => PIN,
        SecretKind::NumberB => NUMBER_B,
        _ => return Err(CardError::AnotherSecretNeeded { kind: SecretKind::InputSupport }),
    };
    application::require(card, Application::InputSupport).await?;
    if secret_file::present(card, file, secret, caution).await? {
        Ok(UnlockedAttributes(()))
    } else {
        Err(CardError::SecretAbsent { kind: secret.kind() })
    }
}

/// EF 0002: the basic four attributes as the card has them, without filler. One exchange up to 256 bytes.
///
/// # Errors
/// [`CardError::FileAbsent`] when there is none.
pub async fn read_attributes(card: &Dialogue, _: &UnlockedAttributes) -> Result<Zeroizing<Vec<u8>>, CardError> {
    file::read_object(card, 0x02, Content::Personal).await?.ok_or(CardError::FileAbsent)
}

/// EF 0003: the integrity record. It holds a digest of the individual number, which is as good as the number itself, so it
/// is for the genuineness check and for nothing else. `None` where the secret that was presented does not open it.
///
/// # Errors
/// [`CardError::Refused`], [`CardError::UnexpectedAnswer`].
pub async fn read_integrity_record(
    card: &Dialogue,
    _: &UnlockedAttributes,
) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
    file::read_object(card, 0x03, Content::Secret).await
}

/// EF 0004: the card-verifiable certificate of the key that signed the integrity record. Free to read.
///
/// # Errors
/// As [`read_integrity_record`].
pub async fn read_certificate(card: &Dialogue) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
    file::read_object(card, 0x04, Content::Open).await
}

/// EF 0007: the public key of the card itself, signed like the integrity record. `None` where the secret that was presented
/// does not open it.
///
/// # Errors
/// As [`read_integrity_record`].
pub async fn read_signed_key(card: &Dialogue, _: &UnlockedAttributes) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
    match file::read_object(card, 0x07, Content::Personal).await {
        Err(CardError::Refused { status: StatusWord::SECURITY_STATUS, .. }) => Ok(None),
        other => other,
    }
}

/// Has the card sign a challenge with its own key (EF 0013, card.md §5.3): PKCS#1 v1.5 padding over `input` as it is, so give it
/// a DigestInfo. It is sent once. `None` when this card does not answer challenges.
///
/// # Errors
/// [`CardError::SignatureInput`] unless `input` has 1 to 245 bytes.
pub async fn answer_challenge(
    card: &Dialogue,
    _: &UnlockedAttributes,
    input: &[u8],
) -> Result<Option<Vec<u8>>, CardError> {
    if !(1..=245).contains(&input.len()) {
        return Err(CardError::SignatureInput { length: input.len() });
    }
    let command = CommandApdu::new(0x80, 0x2A, 0x00, 0x00).data(input).expecting(0).personal().never_repeated();
    let response = card.ask(command).await;
    Ok((response.status().is_ok() && !response.data().is_empty()).then(|| response.data().to_vec()))
}
