//! Data objects of the issuer security domain (card.md §2.2): about the card, free to read. Cards differ in which they have.

use super::application::{self, Application};
use super::dialogue::{Dialogue, ExtendedReads};
use super::error::{CardError, Operation};
use crate::apdu::{CommandApdu, StatusWord};
use zeroize::Zeroizing;

/// A data object that GET DATA answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DataObject {
    /// `0042`: the issuer's key reference, 16 bytes
    IssuerKey,
    /// `0045`: the card's identification number
    IdentificationNumber,
    /// `0066`: card recognition data of GlobalPlatform
    RecognitionData,
    /// `00F0`: the municipality's code, 5 digits
    Municipality,
    /// `00F2`: the card's last day, 8 digits
    Expiry,
    /// `00F7`: the key reference of the intermediate key
    IntermediateKey,
    /// `00F8`: the root's card-verifiable certificate about the intermediate key, 575 bytes
    UpperCertificate,
    /// `7F21`: the intermediate's certificate about the key below it; absent on some cards
    LowerCertificate,
    /// `5F51`: the ATR of the contacts, without its first byte
    ContactAtr,
}

impl DataObject {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::IssuerKey,
        Self::IdentificationNumber,
        Self::RecognitionData,
        Self::Municipality,
        Self::Expiry,
        Self::IntermediateKey,
        Self::UpperCertificate,
        Self::LowerCertificate,
        Self::ContactAtr,
    ];

    /// Its tag: P1 and P2 of GET DATA.
    pub const fn tag(self) -> [u8; 2] {
        match self {
            Self::IssuerKey => [0x00, 0x42],
            Self::IdentificationNumber => [0x00, 0x45],
            Self::RecognitionData => [0x00, 0x66],
            Self::Municipality => [0x00, 0xF0],
            Self::Expiry => [0x00, 0xF2],
            Self::IntermediateKey => [0x00, 0xF7],
            Self::UpperCertificate => [0x00, 0xF8],
            Self::LowerCertificate => [0x7F, 0x21],
            Self::ContactAtr => [0x5F, 0x51],
        }
    }

    /// What tells cards or holders apart is marked; a card's last day is a birthday of its holder.
    const fn is_personal(self) -> bool {
        matches!(self, Self::IdentificationNumber | Self::Municipality | Self::Expiry)
    }

    fn command(self) -> CommandApdu {
        let [p1, p2] = self.tag();
        let command = CommandApdu::new(0x00, 0xCA, p1, p2).expecting(0);
        if self.is_personal() { command.personal() } else { command }
    }
}

/// What became of asking for a data object.
#[derive(Clone, PartialEq, Eq)]
pub enum DataObjectAnswer {
    /// The card has it, and this is what it says.
    Content(Zeroizing<Vec<u8>>),
    /// The card has it, and it is longer than a short answer; extended length was not to be used.
    TooLong,
    /// The card does not have it, or not here.
    Absent,
}

/// Selects the issuer security domain. Whatever was verified ends by it.
///
/// # Errors
/// [`CardError::ApplicationAbsent`], [`CardError::Refused`].
pub async fn select(card: &Dialogue) -> Result<(), CardError> {
    application::require(card, Application::IssuerSecurityDomain).await
}

/// Asks the selected application for a data object: the issuer security domain has them all, and some cards tell
/// [`DataObject::ContactAtr`] in their other applications only. One exchange; one more for an object that is longer than 256
/// bytes, where extended reads are on.
///
/// # Errors
/// [`CardError::Channel`] through the driver; [`CardError::Refused`] for a status that is no answer to this.
pub async fn get(card: &Dialogue, object: DataObject) -> Result<DataObjectAnswer, CardError> {
    let mut response = card.ask(object.command()).await;
    if response.status() == StatusWord::WRONG_LENGTH {
        if !matches!(card.extended_reads(), ExtendedReads::ToBeTried | ExtendedReads::Worked) {
            return Ok(DataObjectAnswer::TooLong);
        }
        response = card.ask(object.command().expecting_extended(0)).await;
    }
    match response.status() {
        StatusWord::OK => Ok(DataObjectAnswer::Content(Zeroizing::new(response.data().to_vec()))),
        StatusWord::WRONG_LENGTH => Ok(DataObjectAnswer::TooLong),
        StatusWord::DATA_NOT_FOUND
        | StatusWord::NOT_FOUND
        | StatusWord::WRONG_PARAMETERS
        | StatusWord::FUNCTION_NOT_SUPPORTED
        | StatusWord::SECURITY_STATUS
        | StatusWord::INSTRUCTION_UNKNOWN
        | StatusWord::CLASS_UNKNOWN => Ok(DataObjectAnswer::Absent),
        status => Err(CardError::Refused { operation: Operation::ReadFile, status }),
    }
}

impl std::fmt::Debug for DataObjectAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Content(bytes) => write!(f, "Content({} bytes, redacted)", bytes.len()),
            Self::TooLong => f.write_str("TooLong"),
            Self::Absent => f.write_str("Absent"),
        }
    }
}
