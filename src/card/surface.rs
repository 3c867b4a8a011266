//! 券面事項確認AP: the face of the card as data (card.md §7), opened with 照合番号B.
//!
//! Deliberately absent: EF 0005, the picture of the individual number, and 照合番号A, which is that number.

use super::application::{self, Application};
use super::counter::RetryCounter;
use super::dialogue::Dialogue;
use super::error::CardError;
use super::file::{self, Content};
use super::secret_file::{self, SecretFile};
use super::session::Caution;
use crate::secret::{Secret, SecretKind};
use zeroize::Zeroizing;

const NUMBER_B: SecretFile = SecretFile { application: Application::Surface, short_identifier: 0x12 };

/// The face may be read. Only [`unlock`] makes one.
#[derive(Debug)]
pub struct UnlockedFace(());

/// Selects the application and asks for the counter of 照合番号B; `None` when the card does not have it.
///
/// # Errors
/// [`CardError::Refused`] when the card answers the selection with neither yes nor no.
pub async fn retry_counter(card: &Dialogue) -> Result<Option<RetryCounter>, CardError> {
    if application::enter(card, Application::Surface).await? {
        Ok(Some(secret_file::query(card, NUMBER_B).await.unwrap_or(RetryCounter::NotReported)))
    } else {
        Ok(None)
    }
}

/// Selects the application, asks for the counter and presents 照合番号B once.
///
/// # Errors
/// [`CardError::ApplicationAbsent`] where phones end; then as [`jpki::unlock`](super::jpki::unlock).
pub async fn unlock(card: &Dialogue, number_b: &Secret, caution: Caution) -> Result<UnlockedFace, CardError> {
    let kind = SecretKind::NumberB;
    if number_b.kind() != kind {
        return Err(CardError::AnotherSecretNeeded { kind });
    }
    application::require(card, Application::Surface).await?;
    if secret_file::present(card, NUMBER_B, number_b, caution).await? {
        Ok(UnlockedFace(()))
    } else {
        Err(CardError::SecretAbsent { kind })
    }
}

/// EF 0002: the face as the card has it, about three kilobytes, without filler.
///
/// # Errors
/// [`CardError::FileAbsent`] when there is none.
pub async fn read_face(card: &Dialogue, _: &UnlockedFace) -> Result<Zeroizing<Vec<u8>>, CardError> {
    file::read_object(card, 0x02, Content::Personal).await?.ok_or(CardError::FileAbsent)
}

/// EF 0004: the card-verifiable certificate of the key that signed the face. Free to read; `None` where there is none.
///
/// # Errors
/// [`CardError::Refused`], [`CardError::UnexpectedAnswer`].
pub async fn read_certificate(card: &Dialogue) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
    file::read_object(card, 0x04, Content::Open).await
}
