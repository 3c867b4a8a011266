//! What a card that is no My Number Card may be: by its ATR, and by the few other applications that are on record.

use crate::apdu::{CommandApdu, StatusWord};
use crate::card::{Application, CardError, Dialogue};

/// A guess, never more than "probably".
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OtherCard {
    /// A FeliCa card: train tickets, company badges, electronic money.
    Felica,
    /// A storage card of Type A.
    TypeA,
    /// A card with the application of the driving licence.
    DrivingLicence,
    /// A card of the resident register without the JPKI application.
    ResidentRegister,
}

/// The kind of radio that made the reader invent this ATR (PC/SC part 3, 3.1.3.2.3): FeliCa and storage cards of Type A have
/// an identifier of their own in it.
pub fn radio_of(atr: &[u8]) -> Option<OtherCard> {
    // 3B 8F 80 01, 80 4F 0C, the RID of PC/SC, and the standard of the card.
    let standard = atr.strip_prefix(&[0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00, 0x03, 0x06])?;
    match standard.first()? {
        0x11 => Some(OtherCard::Felica),
        0x01..=0x03 => Some(OtherCard::TypeA),
        _ => None,
    }
}

/// Whether this ATR tells nothing of the one card it came from. What a reader makes up for a card by radio begins
/// `3B 8n 80 01` and may carry the card's number of the moment (desktop.md §3), unless it is one of those on record.
pub fn is_shareable(atr: &[u8]) -> bool {
    const ON_RECORD: [&[u8]; 4] = [
        &[0x3B, 0x88, 0x80, 0x01, 0x00, 0x00, 0x05, 0xE0, 0xB3, 0x81, 0xA1, 0x00, 0x7F],
        &[0x3B, 0x88, 0x80, 0x01, 0x00, 0x00, 0x41, 0xE0, 0xB3, 0x81, 0xA1, 0x00, 0x3B],
        &[0x3B, 0x88, 0x80, 0x01, 0x00, 0x4B, 0x51, 0xFF, 0x00, 0x81, 0xD1, 0x00, 0xBC],
        &[0x3B, 0x88, 0x80, 0x01, 0x00, 0x4B, 0x51, 0xFF, 0xB3, 0x81, 0xD1, 0x00, 0x0F],
    ];
    let by_radio = matches!(atr, [0x3B, count, 0x80, 0x01, ..] if count & 0xF0 == 0x80);
    // Without historical bytes there is no room for a number.
    !by_radio || ON_RECORD.contains(&atr) || atr.get(1) == Some(&0x80)
}

/// マイナ免許証 (card.md §2): the only identifier of another card's application that is on record, beside those of this one.
const DRIVING_LICENCE: [u8; 16] = [0xA0, 0x00, 0x00, 0x02, 0x31, 0x06, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// Asks a card without the JPKI application what else it has, in two SELECTs at most. Nothing is read.
///
/// # Errors
/// [`CardError::Channel`] through the driver.
pub async fn guess(card: &Dialogue) -> Result<Option<OtherCard>, CardError> {
    for (identifier, guess) in [
        (&DRIVING_LICENCE[..], OtherCard::DrivingLicence),
        (Application::ResidentRegister.aid(), OtherCard::ResidentRegister),
    ] {
        let command = CommandApdu::new(0x00, 0xA4, 0x04, 0x0C).data(identifier);
        if card.ask(command).await.status() == StatusWord::OK {
            return Ok(Some(guess));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        hex::decode(text).unwrap()
    }

    #[test]
    fn felica_and_type_a_are_told_by_what_the_reader_invents() {
        let atr = |standard: &str| bytes(&format!("3B8F8001804F0CA000000306{standard}00010000000068"));
        assert_eq!(radio_of(&atr("11")), Some(OtherCard::Felica));
        assert_eq!(radio_of(&atr("03")), Some(OtherCard::TypeA));
        assert_eq!(radio_of(&atr("07")), None);
        assert_eq!(radio_of(&bytes("3B888001000005E0B381A1007F")), None);
        assert_eq!(radio_of(&[]), None);
    }

    #[test]
    fn only_what_cannot_hold_a_number_of_the_card_is_shared() {
        // desktop.md §3: the nine real ATRs, and the short one of the ACR122U.
        for known in [
            "3BDA13FF8131FB468012392F31C173C601C03B",
            "3BC5FF8131FB458073C6010000",
            "3BF59100FF918171FE400042000100D1D6",
            "3BF59100FF918171FE4000420001B3A115",
            "3BE000FF8131FE4514",
            "3B888001000005E0B381A1007F",
            "3B888001000041E0B381A1003B",
            "3B888001004B51FF0081D100BC",
            "3B888001004B51FFB381D1000F",
            "3B80800101",
        ] {
            assert!(is_shareable(&bytes(known)), "{known}");
        }
        for unknown in ["3B8880017B1C9A30B381A10000", "3B8F8001804F0CA0000003060300010000000068"] {
            assert!(!is_shareable(&bytes(unknown)), "{unknown}");
        }
    }
}
