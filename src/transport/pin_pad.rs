//! A pad on the reader itself, on which a person types a secret that never comes to the computer: PC/SC part 10,
//! FEATURE_VERIFY_PIN_DIRECT, for the secrets of four digits.
//!
//! The bytes are those of the specification and of pcsc-lite's `reader.h`. They were tried with a fake reader only: no reader
//! with a pad was at hand.

use crate::apdu::{CommandApdu, ResponseApdu};
use crate::card::ChannelError;
use zeroize::Zeroizing;

/// A way to talk to the reader itself and not to the card: SCardControl.
pub trait Control {
    /// Sends `input` under this control code and gives the reader's answer.
    ///
    /// # Errors
    /// [`ChannelError`] when the reader does not know the code, or the link fails.
    fn control(&self, code: u32, input: &[u8]) -> Result<Zeroizing<Vec<u8>>, ChannelError>;
}

/// A tag of the answer to CM_IOCTL_GET_FEATURE_REQUEST: FEATURE_VERIFY_PIN_DIRECT.
const VERIFY_PIN_DIRECT: u8 = 0x06;

/// LANGID of Japanese (Japan), for readers with a display.
const JAPANESE: u16 = 0x0411;

/// The pad of a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinPad {
    verify: u32,
}

impl PinPad {
    /// Asks the reader for its features under `get_feature_request`, the control code 3400 of this system (`SCARD_CTL_CODE`).
    /// `None` for a reader without a pad; most of them do not even know the question.
    pub fn find(reader: &impl Control, get_feature_request: u32) -> Option<Self> {
        let answer = reader.control(get_feature_request, &[]).ok()?;
        feature(&answer, VERIFY_PIN_DIRECT).map(|verify| Self { verify })
    }

    /// Has the person type the data of `command`, which the reader then sends to the card. Its answer is the card's, or one of
    /// the reader's own: `6400` nobody typed, `6401` cancelled, `6403` a wrong number of digits, `6B80` not understood.
    ///
    /// # Errors
    /// [`ChannelError::NoPinPad`] for a command whose data do not come from the pad; [`ChannelError`] when the link fails: an
    /// attempt may be spent then.
    pub fn verify(&self, reader: &impl Control, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let digits = command.digits_typed_on_reader().ok_or(ChannelError::NoPinPad)?;
        let answer = reader.control(self.verify, &verify_structure(command.header(), digits))?;
        ResponseApdu::from_bytes(&answer).map_err(|_| ChannelError::NoStatusWord)
    }
}

/// The control code of a feature: a list of tag, length 4, and the code in big-endian order (part 10 §2.2).
fn feature(mut list: &[u8], wanted: u8) -> Option<u32> {
    while let [tag, length, rest @ ..] = list {
        let (value, after) = rest.split_at_checked(usize::from(*length))?;
        if *tag == wanted {
            return Some(u32::from_be_bytes(value.try_into().ok()?));
        }
        list = after;
    }
    None
}

/// PIN_VERIFY_STRUCTURE (part 10 §2.5.2) for `digits` ASCII digits that are all of the data. Numbers of two and four bytes are in
/// the order of this machine.
fn verify_structure([class, instruction, p1, p2]: [u8; 4], digits: u8) -> Vec<u8> {
    let head = [
        0x00,          // bTimerOut: the reader's own
        0x00,          // bTimerOut2: likewise
        0x82,          // bmFormatString: units of bytes, position 0, left-justified, ASCII
        digits & 0x0F, // bmPINBlockString: no length inserted, a block of this many bytes
        0x00,          // bmPINLengthFormat: no length
    ];
    let extra_digits = u16::from_be_bytes([digits, digits]).to_ne_bytes(); // wPINMaxExtraDigit: least, most
    let entry = [
        0x02, // bEntryValidationCondition: the key that confirms, so that a slip can be corrected before it
        0x01, // bNumberMessage: one
    ];
    let language = JAPANESE.to_ne_bytes(); // wLangId
    let message = [0x00, 0x00, 0x00, 0x00]; // bMsgIndex; bTeoPrologue
    // The reader puts the digits into the place of the filler.
    let command = [&[class, instruction, p1, p2, digits][..], &vec![0xFF; usize::from(digits)]].concat();
    let length = u32::try_from(command.len()).unwrap_or(u32::MAX).to_ne_bytes(); // ulDataLength
    [&head[..], &extra_digits, &entry, &language, &message, &length, &command].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    /// Control code 3400 on Linux: pcsc-lite's SCARD_CTL_CODE.
    const GET_FEATURE_REQUEST: u32 = 0x4200_0D48;

    /// A reader that answers from a list, and keeps what it was told.
    struct Fake {
        features: Option<&'static str>,
        answer: &'static str,
        told: RefCell<Vec<(u32, String)>>,
    }

    impl Control for Fake {
        fn control(&self, code: u32, input: &[u8]) -> Result<Zeroizing<Vec<u8>>, ChannelError> {
            self.told.borrow_mut().push((code, hex::encode_upper(input)));
            let answer = if code == GET_FEATURE_REQUEST { self.features } else { Some(self.answer) };
            let answer = answer.ok_or(ChannelError::Broken { code: "NotTransacted".into() })?;
            Ok(Zeroizing::new(hex::decode(answer).unwrap()))
        }
    }

    fn fake(features: Option<&'static str>, answer: &'static str) -> Fake {
        Fake { features, answer, told: RefCell::default() }
    }

    #[test]
    fn features_are_found_by_their_tag() {
        // Tags 06, 07, 0A and 12 with codes as libccid gives them.
        let list = "060442330006070442330007 0A044233000A 120442330012".replace(' ', "");
        let list: &'static str = list.leak();
        assert_eq!(PinPad::find(&fake(Some(list), ""), GET_FEATURE_REQUEST), Some(PinPad { verify: 0x4233_0006 }));
        for without in [
            None,
            Some(""),
            Some("0A044233000A"),
            Some("06"),
            Some("0604"),
            Some("06044233"),
            Some("0602423 3"),
            Some("0700"),
        ] {
            let without = without.filter(|text| !text.contains(' '));
            assert_eq!(PinPad::find(&fake(without, ""), GET_FEATURE_REQUEST), None, "{without:?}");
        }
        assert_eq!(feature(&[0x06, 0x02, 0x42, 0x33], 0x06), None, "a code has four bytes");
        assert_eq!(feature(&[0x05, 0x00, 0x06, 0x04, 0, 0, 0, 7], 0x06), Some(7));
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn the_structure_byte_for_byte() {
        let reader = fake(Some("060442330006"), "9000");
        let pad = PinPad::find(&reader, GET_FEATURE_REQUEST).unwrap();
        let verify = CommandApdu::new(0x00, 0x20, 0x00, 0x98).typed_on_reader(4);
        assert!(pad.verify(&reader, &verify).unwrap().status().is_ok());
        let structure = concat!(
            "00",
            "00", // bTimerOut, bTimerOut2
            "82",
            "04",
            "00",   // bmFormatString, bmPINBlockString, bmPINLengthFormat
            "0404", // wPINMaxExtraDigit
            "02",
            "01",   // bEntryValidationCondition, bNumberMessage
            "1104", // wLangId 0411
            "00",
            "000000",             // bMsgIndex, bTeoPrologue
            "09000000",           // ulDataLength
            "0020009804FFFFFFFF", // abData
        );
        assert_eq!(*reader.told.borrow(), [(GET_FEATURE_REQUEST, String::new()), (0x4233_0006, structure.to_owned())]);
    }

    #[test]
    fn the_answer_is_the_cards_or_the_readers() {
        let verify = CommandApdu::new(0x00, 0x20, 0x00, 0x91).typed_on_reader(4);
        for answer in ["9000", "63C2", "6400", "6401", "6B80"] {
            let response = PinPad { verify: 1 }.verify(&fake(None, answer), &verify).unwrap();
            assert_eq!(response.status().to_string(), answer);
        }
        assert_eq!(PinPad { verify: 1 }.verify(&fake(None, "90"), &verify), Err(ChannelError::NoStatusWord));
        let reader = fake(None, "9000");
        let other = CommandApdu::new(0x00, 0x20, 0x00, 0x91).secret_data(b"1234");
        assert_eq!(PinPad { verify: 1 }.verify(&reader, &other), Err(ChannelError::NoPinPad));
        assert!(reader.told.borrow().is_empty(), "nothing was sent");
    }
}
