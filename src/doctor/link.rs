//! T1: how the link carries reads of several lengths.

use crate::apdu::{CommandApdu, StatusWord};
use crate::card::{CardError, Dialogue, jpki};

/// The lengths that are tried, in this order (desktop.md §1, T1).
pub const BLOCKS: [u16; 3] = [256, 224, 128];

/// Reads that many first bytes of the authentication certificate's file in one command each, after SELECT, and tells which
/// came. Empty where the file asks for a PIN first or is not there, as in phones: then nothing can be told.
///
/// # Errors
/// [`CardError::NotSupported`] without the JPKI application.
pub async fn try_blocks(card: &Dialogue) -> Result<Vec<(u16, bool)>, CardError> {
    jpki::select(card).await?;
    let mut carried = Vec::new();
    // By short identifier, or on the selected file where a card refuses that form.
    let mut p1 = 0x8A;
    for length in BLOCKS {
        let mut answer = card.ask(read(p1, length)).await;
        if p1 != 0 && !matches!(answer.status(), StatusWord::OK | StatusWord::WRONG_LENGTH) {
            let selection = CommandApdu::new(0x00, 0xA4, 0x02, 0x0C).data(&[0x00, 0x0A]);
            if !card.ask(selection).await.status().is_ok() {
                return Ok(Vec::new());
            }
            p1 = 0;
            answer = card.ask(read(p1, length)).await;
        }
        match answer.status() {
            StatusWord::SECURITY_STATUS | StatusWord::NOT_FOUND => return Ok(Vec::new()),
            status => carried.push((length, status == StatusWord::OK && answer.data().len() == usize::from(length))),
        }
    }
    Ok(carried)
}

/// READ BINARY of the file's beginning. 256 is written as 0; what comes carries a restricted serial.
fn read(p1: u8, length: u16) -> CommandApdu {
    CommandApdu::new(0x00, 0xB0, p1, 0x00).expecting(u8::try_from(length).unwrap_or(0)).personal()
}
