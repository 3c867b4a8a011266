//! Setting one of the holder's three secrets to a new value (card.md §4.5).

use super::application::{self, Application};
use super::channel::ChannelError;
use super::dialogue::{Addressing, Dialogue};
use super::error::CardError;
use super::secret_file::{self, SecretFile};
use super::session::Caution;
use crate::secret::{Secret, SecretKind};

/// How far a change went. What is lost with the link afterwards can be told by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeProgress {
    /// Nothing was set: the old value holds.
    NotSent,
    /// The new value was sent and not answered yet: old or new, nobody knows.
    Sent,
}

/// Selects the secret's application and file, presents `old` once and sets `new` once: five exchanges. Neither is ever
/// repeated. `progress` is told just before the new value is sent.
///
/// `new` should come from [`Secret::to_be_set`]: whether the card refuses a bad new value is not known.
///
/// # Errors
/// As [`jpki::unlock`](super::jpki::unlock) for the old value; [`CardError::AnotherSecretNeeded`] when the two are of
/// different kinds, or of a kind that holders do not set; [`CardError::Refused`] when the card does not take the new value.
pub async fn change_secret(
    card: &Dialogue,
    old: &Secret,
    new: &Secret,
    caution: Caution,
    mut progress: impl FnMut(ChangeProgress),
) -> Result<(), CardError> {
    let kind = old.kind();
    let file = match kind {
        SecretKind::UserAuthentication => SecretFile { application: Application::Jpki, short_identifier: 0x18 },
        SecretKind::DigitalSignature => SecretFile { application: Application::Jpki, short_identifier: 0x1B },
        SecretKind::InputSupport => SecretFile { application: Application::InputSupport, short_identifier: 0x11 },
        SecretKind::NumberB => return Err(CardError::AnotherSecretNeeded { kind }),
    };
    if new.kind() != kind {
        return Err(CardError::AnotherSecretNeeded { kind });
    }
    if new.digits_typed_on_reader().is_some() {
        // A pad could ask for it twice and compare; that request is not made here.
        return Err(ChannelError::NoPinPad.into());
    }
    progress(ChangeProgress::NotSent);
    application::require(card, file.application).await?;
    // The change works on the current file, and only SELECT EF is on record for making a secret's file current.
    card.address_by(Addressing::Selection);
    if !secret_file::present(card, file, old, caution).await? {
        return Err(CardError::SecretAbsent { kind });
    }
    progress(ChangeProgress::Sent);
    secret_file::change(card, new).await
}
