//! Reading a transparent file by its short identifier, in blocks of 256 bytes (card.md §10).

use super::dialogue::Dialogue;
use super::error::{CardError, Operation};
use crate::apdu::{CommandApdu, StatusWord, tlv};
use zeroize::Zeroizing;

/// A block: the most a short READ BINARY gives.
const BLOCK: usize = 256;

/// Nothing on this card is longer (surface EF 0002 is about 3 KB); an object that claims more is not read.
const LONGEST: usize = 16 * 1024;

/// Whether what is read is personal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Open,
    Personal,
}

impl Content {
    fn mark(self, command: CommandApdu) -> CommandApdu {
        if self == Self::Personal { command.personal() } else { command }
    }
}

/// The first `length` bytes (0 for 256) of the file with this short identifier, which becomes the current file.
///
/// `None` when the file is not there or may not be read now.
pub(super) async fn read_head(
    card: &Dialogue,
    short_identifier: u8,
    length: u8,
    content: Content,
) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
    let command = CommandApdu::new(0x00, 0xB0, 0x80 | short_identifier, 0x00).expecting(length);
    let response = card.ask(content.mark(command)).await;
    match response.status() {
        StatusWord::OK | StatusWord::END_OF_FILE => Ok(Some(Zeroizing::new(response.data().to_vec()))),
        StatusWord::NOT_FOUND | StatusWord::SECURITY_STATUS | StatusWord::PAST_THE_END => Ok(None),
        status => Err(CardError::Refused { operation: Operation::ReadFile, status }),
    }
}

/// The BER object at the start of a file, without the filler after it; `None` when the file is absent, locked or filler
/// only. No byte is read twice and none past the object.
pub(super) async fn read_object(
    card: &Dialogue,
    short_identifier: u8,
    content: Content,
) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
    let Some(mut object) = read_head(card, short_identifier, 0, content).await? else { return Ok(None) };
    if object.iter().all(|byte| matches!(byte, 0x00 | 0xFF)) {
        return Ok(None);
    }
    let length = tlv::object_length(&object).ok_or(CardError::UnexpectedAnswer { what: "a file without an object" })?;
    if length > LONGEST {
        return Err(CardError::UnexpectedAnswer { what: "an object longer than any file of the card" });
    }
    while object.len() < length {
        let (high, low) = offset(object.len())?;
        let wanted = (length - object.len()).min(BLOCK);
        // Le 0 stands for 256; a shorter last block is asked for exactly.
        let le = u8::try_from(wanted).unwrap_or(0);
        let response = card.ask(content.mark(CommandApdu::new(0x00, 0xB0, high, low).expecting(le))).await;
        match response.status() {
            StatusWord::OK | StatusWord::END_OF_FILE if !response.data().is_empty() => {
                object.extend_from_slice(response.data());
            }
            StatusWord::OK | StatusWord::END_OF_FILE | StatusWord::PAST_THE_END => {
                return Err(CardError::UnexpectedAnswer { what: "a file shorter than its object" });
            }
            status => return Err(CardError::Refused { operation: Operation::ReadFile, status }),
        }
    }
    object.truncate(length);
    Ok(Some(object))
}

/// P1 and P2 of a plain READ BINARY: 15 bits of offset.
fn offset(position: usize) -> Result<(u8, u8), CardError> {
    match u16::try_from(position).map(u16::to_be_bytes) {
        Ok([high @ 0..=0x7F, low]) => Ok((high, low)),
        _ => Err(CardError::UnexpectedAnswer { what: "an offset beyond 15 bits" }),
    }
}
