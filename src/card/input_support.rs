//! 券面事項入力補助AP: so far its presence and the counter of its PIN (card.md §6). Its EF 0001 is never named here.

use super::application::{self, Application};
use super::counter::RetryCounter;
use super::dialogue::Dialogue;
use super::error::CardError;
use super::jpki::query;

/// Selects the application and asks for the counter of its 4-digit PIN; `None` when the card does not have it.
///
/// # Errors
/// [`CardError::Refused`] when the card answers the selection with neither yes nor no.
pub async fn retry_counter(card: &Dialogue) -> Result<Option<RetryCounter>, CardError> {
    if application::enter(card, Application::InputSupport).await? {
        Ok(Some(query(card, 0x11).await?))
    } else {
        Ok(None)
    }
}
