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
    /// 住基AP: only its counter is looked at.
    ResidentRegister,
    /// 共通カードAP: its record and its counter.
    CommonCard,
}

impl Application {
    /// The full application identifier. Shorter names match too, so the full one is always sent.
    pub const fn aid(self) -> &'static [u8] {
        match self {
            Self::IssuerSecurityDomain => &[0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00],
            Self::Jpki => &[0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01],
            Self::InputSupport => &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08],
            Self::Surface => &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02],
            Self::ResidentRegister => &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x01],
            Self::CommonCard => &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00],
        }
    }
}

/// SELECT by name without FCI (P2 = 0C): what every client sends, and the only form whose answer is known.
pub(super) fn select(application: Application) -> CommandApdu {
    CommandApdu::new(0x00, 0xA4, 0x04, 0x0C).data(application.aid())
}

/// Whether this command selects an application, so that nothing before it matters.
pub(super) fn is_selection(command: &CommandApdu) -> bool {
    command.header() == [0x00, 0xA4, 0x04, 0x0C]
}

/// SELECT EF in the current application without FCI.
pub(super) fn select_file(short_identifier: u8) -> CommandApdu {
    CommandApdu::new(0x00, 0xA4, 0x02, 0x0C).data(&[0x00, short_identifier])
}

/// Whether this answer refuses the form of a command rather than the command: then the older form is worth a try.
pub(super) fn refuses_form(status: StatusWord) -> bool {
    matches!(status.value(), 0x6700 | 0x6A81 | 0x6A86 | 0x6B00 | 0x6D00)
}

/// Selects an application; `false` when the card says that it does not have it: a My Number Card in the word `6A82`,
/// other cards in others. Every further status is a refusal, because an application that is there may give it too.
pub(super) async fn enter(card: &Dialogue, application: Application) -> Result<bool, CardError> {
    match card.ask(select(application)).await.status() {
        StatusWord::OK => Ok(true),
        StatusWord::NOT_FOUND
        | StatusWord::FUNCTION_NOT_SUPPORTED
        | StatusWord::APPLET_SELECTION_FAILED
        | StatusWord::INSTRUCTION_UNKNOWN
        | StatusWord::CLASS_UNKNOWN => Ok(false),
        status => Err(CardError::Refused { operation: Operation::SelectApplication, status }),
    }
}

/// Selects an application that this work needs.
///
/// # Errors
/// [`CardError::NotSupported`] without the JPKI application, [`CardError::ApplicationAbsent`] without another.
pub(super) async fn require(card: &Dialogue, application: Application) -> Result<(), CardError> {
    match (enter(card, application).await?, application) {
        (true, _) => Ok(()),
        (false, Application::Jpki) => Err(CardError::NotSupported),
        (false, application) => Err(CardError::ApplicationAbsent { application }),
    }
}
