//! One thing that goes wrong on the way to the card or back, as data: for recordings and tests of what a client makes of it.

use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;

use super::text_form::hexadecimal;

/// What goes wrong at one command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disturbance {
    /// The number of the command since the card came, from 1: at none it would never happen.
    pub at: NonZeroUsize,
    /// What goes wrong.
    pub what: Trouble,
}

/// What can go wrong on a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The card is lifted before the command reaches it.
    RemovedBefore,
    /// The card executes the command and is lifted before its answer is out.
    RemovedDuring,
    /// The card answers and is lifted then.
    RemovedAfter,
    /// Another program resets the card before the command reaches it. Only a card in this process can say so.
    ResetBefore,
    /// Another program holds the card. Only a card in this process can say so.
    HeldByAnother,
    /// The card executes the command and its answer is lost; the card stays, without power.
    AnswerLost,
    /// The card executes the command, and these bytes arrive in place of its answer.
    Answer(#[serde(with = "hexadecimal")] Vec<u8>),
    /// The second half of the answer's data does not arrive.
    CutShort,
    /// The length of the first object in the answer is written otherwise.
    Length(Lie),
}

/// How a length in BER-TLV is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lie {
    /// The largest number in the same form.
    TooLong,
    /// One, in the same form.
    TooShort,
    /// Without end: `80`.
    Indefinite,
    /// Four octets of length follow: `84`.
    Huge,
}

impl Trouble {
    /// The answer, status word included, as it arrives.
    pub(super) fn distort(&self, answer: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Answer(bytes) => bytes.clone(),
            Self::CutShort => {
                let data = answer.len().saturating_sub(2);
                let (kept, status) = (answer.get(..data / 2), answer.get(data..));
                [kept.unwrap_or_default(), status.unwrap_or_default()].concat()
            }
            Self::Length(lie) => lie.told_by(answer),
            _ => answer,
        }
    }
}

impl Lie {
    fn told_by(self, mut answer: Vec<u8>) -> Vec<u8> {
        let data = answer.len().saturating_sub(2);
        // ISO/IEC 8825-1 §8.1.2.4: five bits set say that the tag goes on, its last octet has the highest bit clear.
        let mut at = 1;
        if answer.first().is_some_and(|first| first & 0x1F == 0x1F) {
            while answer.get(at).is_some_and(|octet| octet & 0x80 != 0) {
                at += 1;
            }
            at += 1;
        }
        let Some(first) = answer.get(..data).and_then(|data| data.get(at)).copied() else { return answer };
        let more = if first > 0x80 { usize::from(first & 0x7F) } else { 0 };
        // The second is for an answer that happens to say the first already: a lie changes something.
        let lies: [&[u8]; 2] = match (self, more) {
            (Self::Indefinite, _) => [&[0x80], &[0x84]],
            (Self::Huge, _) => [&[0x84], &[0x85]],
            (Self::TooLong, 0) => [&[0x7F], &[0x81, 0xFF]],
            (Self::TooShort, 0) => [&[0x01], &[0x00]],
            (Self::TooLong, 1) => [&[0x81, 0xFF], &[0x82, 0xFF, 0xFF]],
            (Self::TooShort, 1) => [&[0x81, 0x01], &[0x81, 0x00]],
            (Self::TooLong, _) => [&[0x82, 0xFF, 0xFF], &[0x83, 0xFF, 0xFF]],
            (Self::TooShort, _) => [&[0x82, 0x00, 0x01], &[0x82, 0x00, 0x00]],
        };
        let told: Vec<u8> = answer.iter().take(data).skip(at).copied().collect();
        let octets = lies.into_iter().find(|lie| !told.starts_with(lie)).unwrap_or_default();
        for (place, octet) in answer.iter_mut().take(data).skip(at).zip(octets) {
            *place = *octet;
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_lie_in_their_own_form() {
        let told = |lie: Lie, answer: &str| hex::encode_upper(lie.told_by(hex::decode(answer).unwrap()));
        assert_eq!(told(Lie::TooLong, "30820632AAAA9000"), "3082FFFFAAAA9000");
        assert_eq!(told(Lie::TooShort, "30820632AAAA9000"), "30820001AAAA9000");
        assert_eq!(told(Lie::Indefinite, "30820632AAAA9000"), "30800632AAAA9000");
        assert_eq!(told(Lie::Huge, "FF2020DF219000"), "FF2084DF219000");
        assert_eq!(told(Lie::TooLong, "7F214AAA9000"), "7F217FAA9000");
        assert_eq!(told(Lie::TooLong, "DF8101209000"), "DF81017F9000");
        // Where chance, or the card itself, says what the lie would.
        assert_eq!(told(Lie::Huge, "3084AA9000"), "3085AA9000");
        assert_eq!(told(Lie::Indefinite, "3080AA9000"), "3084AA9000");
        assert_eq!(told(Lie::TooShort, "3001AA9000"), "3000AA9000");
        assert_eq!(told(Lie::TooLong, "307FAABB9000"), "3081FFBB9000");
        for unchanged in ["9000", "309000", "FF9000", "90", ""] {
            assert_eq!(told(Lie::Huge, unchanged), unchanged, "there is no length in it");
        }
    }

    #[test]
    fn a_command_that_never_comes_is_refused() {
        let read = |at: &str| toml::from_str::<Disturbance>(&format!("at = {at}\nwhat = \"cut_short\"\n"));
        assert_eq!(read("1").unwrap().at.get(), 1);
        assert!(read("0").unwrap_err().message().contains("nonzero"));
        assert!(read("-1").is_err());
    }

    #[test]
    fn what_arrives_is_what_was_said() {
        let answer = hex::decode("01020304059000").unwrap();
        assert_eq!(Trouble::CutShort.distort(answer.clone()), hex::decode("01029000").unwrap());
        assert_eq!(Trouble::Answer(vec![0x90]).distort(answer.clone()), [0x90]);
        assert_eq!(Trouble::RemovedAfter.distort(answer.clone()), answer);
    }
}
