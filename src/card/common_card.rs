//! 共通カードAP: one record about the card itself (card.md §2.3), free to read.

use super::application::{self, Application, refuses_form, select_file};
use super::dialogue::{Addressing, Dialogue};
use super::error::{CardError, Operation};
use crate::apdu::{CommandApdu, StatusWord};
use zeroize::Zeroizing;

/// EF 0001, a file of records.
const FILE: u8 = 0x01;

/// Record 1 of EF 0001: serial, municipality and expiry of the card, thirty bytes as the card has them. Two exchanges.
/// `None` where the application or the record is not there, as in phones.
///
/// # Errors
/// [`CardError::Refused`] when the card answers with neither yes nor no.
pub async fn read_record(card: &Dialogue) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
    if !application::enter(card, Application::CommonCard).await? {
        return Ok(None);
    }
    // "Record number in P1": of the named file, or of the current one (ISO/IEC 7816-4 table 49).
    let record = |file: u8| CommandApdu::new(0x00, 0xB2, 0x01, file << 3 | 0x04).expecting(0).personal();
    let by_name = match card.addressing() {
        Addressing::ShortIdentifier => Some(card.ask(record(FILE)).await).filter(|it| !refuses_form(it.status())),
        Addressing::Selection => None,
    };
    let response = match by_name {
        Some(response) => response,
        None if card.ask(select_file(FILE)).await.status().is_ok() => card.ask(record(0)).await,
        None => return Ok(None),
    };
    match response.status() {
        StatusWord::OK | StatusWord::END_OF_FILE => Ok(Some(Zeroizing::new(response.data().to_vec()))),
        StatusWord::NOT_FOUND | StatusWord::RECORD_NOT_FOUND | StatusWord::SECURITY_STATUS => Ok(None),
        status => Err(CardError::Refused { operation: Operation::ReadFile, status }),
    }
}
