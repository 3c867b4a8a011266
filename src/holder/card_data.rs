//! The card face applications' files, read leniently: by tag, whatever the offsets say (card.md §§6.3, 7.2).

use crate::apdu::tlv::{self, Object};
use crate::reason::Reason;
use crate::secret::Personal;

/// A file of the card is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the card's data are not of their form: {what}")]
pub struct CardDataError {
    /// What is wrong, without data.
    pub what: &'static str,
}

impl CardDataError {
    /// The reason of the catalogue.
    pub fn reason(&self) -> Reason {
        Reason::MalformedData
    }
}

/// The outer object of a file, which must have this tag.
pub(super) fn outer<'a>(file: &'a [u8], tag: u32, what: &'static str) -> Result<Object<'a>, CardDataError> {
    tlv::first(file).filter(|object| object.tag == tag).ok_or(CardDataError { what })
}

/// The object with this tag in `value`.
pub(super) fn inner<'a>(value: &'a [u8], tag: u32, what: &'static str) -> Result<Object<'a>, CardDataError> {
    tlv::find(value, tag).ok_or(CardDataError { what })
}

/// The basic four attributes as the card's own data have them. No signature of JPKI stands behind these.
///
/// `Debug` tells nothing of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardAttributes {
    /// 氏名
    pub name: Personal<String>,
    /// 住所
    pub address: Personal<String>,
    /// 生年月日, `YYYY-MM-DD`; none where the register does not know it to the day.
    pub birthdate: Personal<Option<String>>,
    /// 性別: `1` male, `2` female, `9` not applicable, `0` unknown (JIS X 0303).
    pub sex: Personal<char>,
}

impl CardAttributes {
    /// Reads EF 0002 of the input support application.
    ///
    /// # Errors
    /// [`CardDataError`] when an attribute is missing or not of its form; which one, not what it says.
    pub fn from_file(file: &[u8]) -> Result<Self, CardDataError> {
        let value = outer(file, 0xFF20, "no FF20 in the attributes file")?.value;
        Ok(Self {
            name: text(value, 0xDF22, "name")?,
            address: text(value, 0xDF23, "address")?,
            birthdate: date(inner(value, 0xDF24, "birth date")?.value, "birth date")?,
            sex: sex(inner(value, 0xDF25, "sex")?.value)?,
        })
    }

    /// What the integrity record's DF32 is the digest of: everything behind the table of offsets (card.md §6.4).
    pub(super) fn digested(file: &[u8]) -> Result<&[u8], CardDataError> {
        let value = outer(file, 0xFF20, "no FF20 in the attributes file")?.value;
        let table = tlv::first(value).filter(|object| object.tag == 0xDF21).map_or(0, |object| object.encoding.len());
        value.get(table..).ok_or(CardDataError { what: "the attributes file" })
    }
}

fn text(value: &[u8], tag: u32, what: &'static str) -> Result<Personal<String>, CardDataError> {
    let bytes = inner(value, tag, what)?.value;
    let text = std::str::from_utf8(bytes).map_err(|_| CardDataError { what })?;
    Ok(Personal::new(text.to_owned()))
}

/// Eight digits; months and days of zero are what registers write for "not known".
pub(super) fn date(digits: &[u8], what: &'static str) -> Result<Personal<Option<String>>, CardDataError> {
    let text = std::str::from_utf8(digits).ok().filter(|text| text.len() == 8).ok_or(CardDataError { what })?;
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(CardDataError { what });
    }
    let (year, rest) = text.split_at(4);
    let (month, day) = rest.split_at(2);
    if [year, month, day].iter().any(|part| part.bytes().all(|byte| byte == b'0')) {
        return Ok(Personal::new(None));
    }
    let written = format!("{year}-{month}-{day}");
    match written.parse::<jiff::civil::Date>() {
        Ok(_) => Ok(Personal::new(Some(written))),
        Err(_) => Err(CardDataError { what }),
    }
}

pub(super) fn sex(value: &[u8]) -> Result<Personal<char>, CardDataError> {
    match value {
        [digit] if digit.is_ascii_digit() => Ok(Personal::new(char::from(*digit))),
        _ => Err(CardDataError { what: "sex" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// card.md §6.3, typed by hand.
    const EXAMPLE: &str = "FF205CDF2108000E00200050005B\
        DF220FE8A68BE69CACE38080E5A4AAE9838E\
        DF232DE69DB1E4BAACE983BDE58D83E4BBA3E794B0E58CBAE8A68BE69CACE794BAEFBC91EFBC8DEFBC92EFBC8DEFBC93\
        DF24083139383030323137DF250131FFFF";

    #[test]
    fn the_worked_example() {
        let read = CardAttributes::from_file(&hex::decode(EXAMPLE).unwrap()).unwrap();
        assert_eq!(read.name.reveal(), "見本　太郎");
        assert_eq!(read.address.reveal(), "東京都千代田区見本町１－２－３");
        assert_eq!(read.birthdate.reveal().as_deref(), Some("1980-02-17"));
        assert_eq!(*read.sex.reveal(), '1');
        assert!(!format!("{read:?}").contains("見本"));
    }

    #[test]
    fn the_file_of_a_test_card() {
        // fixtures/card-data/testcard: what a card wrote, not what we did.
        let file = include_bytes!("../../fixtures/card-data/testcard/text-0002.bin");
        let read = CardAttributes::from_file(file).unwrap();
        assert_eq!(read.name.reveal(), "黒桐　幹也");
        assert_eq!(read.address.reveal(), "東京都清瀬市観布子南１２－７－２０２");
        assert_eq!((read.birthdate.reveal().as_deref(), *read.sex.reveal()), (Some("1980-02-17"), '1'));
        // DF32 of the same card's integrity record begins with B9E0D094 (looked up in the package the file is from).
        let digest = crate::crypto::sha256(CardAttributes::digested(file).unwrap());
        assert_eq!(hex::encode_upper(&digest[..4]), "B9E0D094");
    }

    #[test]
    fn longer_lengths_and_two_bytes_more_are_no_error() {
        // card.md §6.3: cards from 2023 on; offsets are a hint, here they are wrong.
        let odd = "FF20820064DF21080000000000000000\
            DF228200 0FE8A68BE69CACE38080E5A4AAE9838E\
            DF23812DE69DB1E4BAACE983BDE58D83E4BBA3E794B0E58CBAE8A68BE69CACE794BAEFBC91EFBC8DEFBC92EFBC8DEFBC93\
            DF240831393830303231370000DF250131"
            .replace(' ', "");
        let mut bytes = hex::decode(odd).unwrap();
        bytes[4] = u8::try_from(bytes.len() - 5).unwrap();
        let plain = CardAttributes::from_file(&hex::decode(EXAMPLE).unwrap()).unwrap();
        assert_eq!(CardAttributes::from_file(&bytes), Ok(plain));
    }

    #[test]
    fn what_is_missing_is_named_and_not_shown() {
        let example = hex::decode(EXAMPLE).unwrap();
        for (from, to, what) in [
            ("DF220F", "DF260F", "name"),
            ("DF232D", "DF272D", "address"),
            ("DF240831", "DF240841", "birth date"),
            ("DF250131", "DF250141", "sex"),
            ("FF205C", "FF215C", "no FF20 in the attributes file"),
        ] {
            let changed = hex::decode(EXAMPLE.replace(from, to)).unwrap();
            assert_eq!(CardAttributes::from_file(&changed), Err(CardDataError { what }), "{from}");
        }
        for length in 0..95 {
            assert!(CardAttributes::from_file(&example[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn days_that_nobody_knows_and_days_that_are_none() {
        assert_eq!(date(b"19800000", "x").unwrap().reveal(), &None);
        assert_eq!(date(b"19800229", "x").unwrap().reveal().as_deref(), Some("1980-02-29"));
        for wrong in [&b"19810229"[..], b"1980021", b"1980-2-1", b""] {
            assert!(date(wrong, "x").is_err());
        }
    }
}
