//! Reading a transparent file in blocks of 256 bytes, by its short identifier (card.md §10).
//!
//! Where that form is refused, SELECT EF and plain offsets take its place; where the length is, 224 and then 128 bytes do.
//! Where extended reads were asked for, a whole file comes in one exchange, and what that does not give is read as ever.

use super::application::{refuses_form, select_file};
use super::dialogue::{Addressing, Dialogue, ExtendedReads};
use super::error::{CardError, Operation};
use crate::apdu::{CommandApdu, ResponseApdu, StatusWord, tlv};
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
    Secret,
}

impl Content {
    fn mark(self, command: CommandApdu) -> CommandApdu {
        match self {
            Self::Open => command,
            Self::Personal => command.personal(),
            Self::Secret => command.secret_answer(),
        }
    }
}

/// The first `length` bytes (0 for 256) of the file with this short identifier, which becomes the current file. Fewer where
/// the file is shorter or the reader refuses that many.
///
/// `None` when the file is not there. A file that asks for its secret first is refused with 6982.
pub(super) async fn read_head(
    card: &Dialogue,
    short_identifier: u8,
    length: u8,
    content: Content,
) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
    let wanted = if length == 0 { BLOCK } else { usize::from(length) };
    let mut response = read_first(card, short_identifier, wanted, content).await?;
    if refuses_form(response.status()) && card.addressing() == Addressing::ShortIdentifier {
        let refused = response.status();
        match card.ask(select_file(short_identifier)).await.status() {
            StatusWord::OK => {}
            StatusWord::NOT_FOUND => return Ok(None),
            _ if refused == StatusWord::PAST_THE_END => return Ok(None),
            _ => return Err(CardError::Refused { operation: Operation::ReadFile, status: refused }),
        }
        response = read_block(card, [0, 0], wanted, content).await;
        if !refuses_form(response.status()) {
            card.address_by(Addressing::Selection);
        }
    }
    match response.status() {
        StatusWord::OK | StatusWord::END_OF_FILE => Ok(Some(Zeroizing::new(response.data().to_vec()))),
        StatusWord::NOT_FOUND | StatusWord::PAST_THE_END => Ok(None),
        status => Err(CardError::Refused { operation: Operation::ReadFile, status }),
    }
}

/// The same where a file that asks for its secret first is as good as none.
pub(super) async fn read_free_head(
    card: &Dialogue,
    short_identifier: u8,
    length: u8,
    content: Content,
) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
    match read_head(card, short_identifier, length, content).await {
        Err(CardError::Refused { status: StatusWord::SECURITY_STATUS, .. }) => Ok(None),
        other => other,
    }
}

/// The BER object at the start of a file, without the filler after it; `None` when the file is absent or filler only. No
/// byte is read twice and none past the object.
pub(super) async fn read_object(
    card: &Dialogue,
    short_identifier: u8,
    content: Content,
) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
    let whole = read_whole(card, short_identifier, content).await;
    let head = match whole {
        Some(whole) => Some(whole),
        None => read_head(card, short_identifier, 0, content).await?,
    };
    let Some(mut object) = head else { return Ok(None) };
    if object.iter().all(|byte| matches!(byte, 0x00 | 0xFF)) {
        return Ok(None);
    }
    let length = tlv::object_length(&object).ok_or(CardError::UnexpectedAnswer { what: "a file without an object" })?;
    if length > LONGEST {
        return Err(CardError::UnexpectedAnswer { what: "an object longer than any file of the card" });
    }
    while object.len() < length {
        let wanted = (length - object.len()).min(BLOCK);
        let response = read_block(card, offset(object.len())?, wanted, content).await;
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

/// The file from its beginning in one extended READ BINARY, where that was asked for. `None` for whatever is not data:
/// the short form then finds out what is the matter.
async fn read_whole(card: &Dialogue, short_identifier: u8, content: Content) -> Option<Zeroizing<Vec<u8>>> {
    if !matches!(card.extended_reads(), ExtendedReads::ToBeTried | ExtendedReads::Worked) {
        return None;
    }
    let [p1, p2] = match card.addressing() {
        Addressing::ShortIdentifier => [0x80 | short_identifier, 0],
        Addressing::Selection => {
            if !card.ask(select_file(short_identifier)).await.status().is_ok() {
                return None;
            }
            [0, 0]
        }
    };
    let response = card.ask(content.mark(CommandApdu::new(0x00, 0xB0, p1, p2).expecting_extended(0))).await;
    match response.status() {
        StatusWord::OK | StatusWord::END_OF_FILE if !response.data().is_empty() => {
            let data = Zeroizing::new(response.data().to_vec());
            let whole = tlv::object_length(&data).is_none_or(|length| length <= data.len());
            match (whole, data.len() > BLOCK) {
                (true, true) => card.read_extended(ExtendedReads::Worked),
                // A short file proves nothing.
                (true, false) => {}
                // Somebody between card and us has a smaller buffer.
                (false, _) => card.read_extended(ExtendedReads::Refused),
            }
            Some(data)
        }
        // Not about the length: locked, absent, or without short identifiers.
        StatusWord::SECURITY_STATUS | StatusWord::NOT_FOUND | StatusWord::WRONG_PARAMETERS => None,
        _ => {
            card.read_extended(ExtendedReads::Refused);
            None
        }
    }
}

/// READ BINARY of the file's beginning, in the form this card is known to take.
async fn read_first(
    card: &Dialogue,
    short_identifier: u8,
    wanted: usize,
    content: Content,
) -> Result<ResponseApdu, CardError> {
    match card.addressing() {
        Addressing::ShortIdentifier => Ok(read_block(card, [0x80 | short_identifier, 0], wanted, content).await),
        Addressing::Selection => {
            let selected = card.ask(select_file(short_identifier)).await;
            if !selected.status().is_ok() {
                return Ok(selected);
            }
            Ok(read_block(card, [0, 0], wanted, content).await)
        }
    }
}

/// READ BINARY with steps down while the length is refused: each step is taken once in a run.
async fn read_block(card: &Dialogue, [p1, p2]: [u8; 2], wanted: usize, content: Content) -> ResponseApdu {
    loop {
        let length = card.block(wanted);
        let response = card.ask(content.mark(CommandApdu::new(0x00, 0xB0, p1, p2).expecting(length))).await;
        if response.status() != StatusWord::WRONG_LENGTH || !card.step_down(length) {
            return response;
        }
    }
}

/// P1 and P2 of a plain READ BINARY: 15 bits of offset.
fn offset(position: usize) -> Result<[u8; 2], CardError> {
    match u16::try_from(position).map(u16::to_be_bytes) {
        Ok(bytes @ [0..=0x7F, _]) => Ok(bytes),
        _ => Err(CardError::UnexpectedAnswer { what: "an offset beyond 15 bits" }),
    }
}
