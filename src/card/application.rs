//! The card's applications and their identifiers (card.md §2).

use super::dialogue::Dialogue;
use super::error::{CardError, Operation};
use crate::apdu::{CommandApdu, StatusWord};

/// An application of the card that this client selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Application {
    /// GlobalPlatform issuer security domain: selected at power-up, and the way to leave the others.
    IssuerSecurityDomain,
    /// 公的個人認証AP
    Jpki,
    /// 券面事項入力補助AP
    InputSupport,
    /// 券面事項確認AP
    Surface,
}

impl Application {
    /// The full application identifier. Shorter names match too, so the full one is always sent.
    pub const fn aid(self) -> &'static [u8] {
        match self {
            Self::IssuerSecurityDomain => &[0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00],
            Self::Jpki => &[0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01],
            Self::InputSupport => &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08],
            Self::Surface => &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02],
        }
    }
}

/// SELECT by name without FCI (P2 = 0C): what every client sends, and the only form whose answer is known.
pub(super) fn select(application: Application) -> CommandApdu {
    CommandApdu::new(0x00, 0xA4, 0x04, 0x0C).data(application.aid())
}

/// Selects an application; `false` when the card does not have it, in whatever words: `6A82` says a My Number Card,
/// `6A81`, `6D00` or `6E00` other cards (desktop.md §1, A1). An application that is there and locked is a refusal.
pub(super) async fn enter(card: &Dialogue, application: Application) -> Result<bool, CardError> {
    match card.ask(select(application)).await.status() {
        StatusWord::OK => Ok(true),
        status @ StatusWord::FILE_INVALIDATED => {
            Err(CardError::Refused { operation: Operation::SelectApplication, status })
        }
        _ => Ok(false),
    }
}
