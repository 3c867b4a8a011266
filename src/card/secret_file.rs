//! A secret's file on the card: asking for its counter, presenting the secret once, setting it anew (card.md §4).

use super::application::{self, Application, refuses_form, select_file};
use super::counter::RetryCounter;
use super::dialogue::{Addressing, Dialogue};
use super::error::{CardError, NotTyped, Operation};
use super::session::Caution;
use crate::apdu::{CommandApdu, StatusWord};
use crate::secret::Secret;

/// Where a secret stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SecretFile {
    pub(super) application: Application,
    pub(super) short_identifier: u8,
}

impl SecretFile {
    /// VERIFY, addressed as this card takes it.
    fn verify(self, addressing: Addressing) -> CommandApdu {
        let reference = match addressing {
            Addressing::ShortIdentifier => 0x80 | self.short_identifier,
            Addressing::Selection => 0x80,
        };
        CommandApdu::new(0x00, 0x20, 0x00, reference)
    }
}

/// VERIFY without data and without Le: exactly four bytes, a fifth gives 6700 (card.md §4.3). Costs no attempt. The
/// application must be selected. `None` where the card has no such file.
pub(super) async fn query(card: &Dialogue, file: SecretFile) -> Option<RetryCounter> {
    if card.addressing() == Addressing::ShortIdentifier {
        let status = card.ask(file.verify(Addressing::ShortIdentifier)).await.status();
        if !refuses_form(status) {
            return (status != StatusWord::NOT_FOUND).then(|| RetryCounter::from_status(status));
        }
    }
    match card.ask(select_file(file.short_identifier)).await.status() {
        StatusWord::OK => {}
        StatusWord::NOT_FOUND => return None,
        _ => return Some(RetryCounter::NotReported),
    }
    let counter = RetryCounter::from_status(card.ask(file.verify(Addressing::Selection)).await.status());
    if counter != RetryCounter::NotReported {
        card.address_by(Addressing::Selection);
    }
    Some(counter)
}

/// Asks for the counter, then presents the secret once. The application must be selected. False, with nothing spent, where
/// the card has no such secret.
///
/// # Errors
/// [`CardError::LastTryRefused`], [`CardError::TriesUnknownRefused`] and [`CardError::SecretBlocked`] before anything is
/// spent; [`CardError::SecretIncorrect`] or [`CardError::SecretBlockedNow`] after the card compared;
/// [`CardError::ExclusiveAccessNeeded`] over a shared channel.
pub(super) async fn present(
    card: &Dialogue,
    file: SecretFile,
    secret: &Secret,
    caution: Caution,
) -> Result<bool, CardError> {
    let kind = secret.kind();
    let Some(mut counter) = query(card, file).await else { return Ok(false) };
    if counter == RetryCounter::Verified {
        // Somebody left it verified, which hides the count. Leaving and coming back ends that, at no cost.
        application::enter(card, Application::IssuerSecurityDomain).await?;
        application::require(card, file.application).await?;
        counter = query(card, file).await.unwrap_or(RetryCounter::NotReported);
    }
    if let (Some(shown), RetryCounter::Remaining(left)) = (caution.shown_tries, counter)
        && shown != left
    {
        return Err(CardError::AnotherCard);
    }
    match counter {
        RetryCounter::Blocked => return Err(CardError::SecretBlocked { kind }),
        RetryCounter::Remaining(1) if !caution.allow_last_try => return Err(CardError::LastTryRefused { kind }),
        RetryCounter::NotReported | RetryCounter::Verified if !caution.allow_unknown_tries => {
            return Err(CardError::TriesUnknownRefused { kind });
        }
        _ => {}
    }
    let verify = file.verify(card.addressing());
    let typed = secret.digits_typed_on_reader();
    let verify = match typed {
        Some(digits) => verify.typed_on_reader(digits),
        None => verify.secret_data(secret.expose()),
    };
    let status = card.ask(verify).await.status();
    if let (Some(why), Some(_)) = (not_typed(status), typed) {
        return Err(CardError::NotTyped { kind, why });
    }
    match RetryCounter::from_status(status) {
        RetryCounter::Verified => Ok(true),
        RetryCounter::Remaining(left) => Err(CardError::SecretIncorrect { kind, remaining: Some(left) }),
        RetryCounter::Unlimited => Err(CardError::SecretIncorrect { kind, remaining: None }),
        RetryCounter::Blocked => Err(CardError::SecretBlockedNow { kind }),
        RetryCounter::NotReported => Err(CardError::Refused { operation: Operation::Verify, status }),
    }
}

/// What a reader with a pad says when it has nothing to send (PC/SC part 10 §2.5).
fn not_typed(status: StatusWord) -> Option<NotTyped> {
    match status.value() {
        0x6400 => Some(NotTyped::TimedOut),
        0x6401 => Some(NotTyped::Cancelled),
        0x6403 => Some(NotTyped::WrongLength),
        0x6B80 => Some(NotTyped::NotUnderstood),
        _ => None,
    }
}

/// CHANGE REFERENCE DATA of the selected secret file (card.md §4.5).
pub(super) async fn change(card: &Dialogue, new: &Secret) -> Result<(), CardError> {
    match card.ask(CommandApdu::new(0x00, 0x24, 0x01, 0x80).secret_data(new.expose())).await.status() {
        StatusWord::OK => Ok(()),
        status => Err(CardError::Refused { operation: Operation::ChangeSecret, status }),
    }
}
