//! The face of the card as its surface application has it: EF 0002 (card.md §7.2).

use super::card_data::{CardDataError, date, inner, outer, sex};
use crate::crypto::sha256;
use crate::secret::Personal;

/// DigestInfo of SHA-256 around an octet string of 96 bytes: three digests where one would stand.
const THREE_DIGESTS: [u8; 19] =
    [0x30, 0x71, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x60];

/// What is printed on the front. Name and address are pictures; the photo is JPEG 2000.
///
/// `Debug` tells nothing of the holder.
#[derive(Clone, Debug)]
pub struct CardFace {
    /// 生年月日, `YYYY-MM-DD`; none where the register does not know it to the day.
    pub birthdate: Personal<Option<String>>,
    /// 性別, as in [`CardAttributes`](super::CardAttributes).
    pub sex: Personal<char>,
    /// 氏名, a PNG file of one bit a pixel.
    pub name: Personal<Vec<u8>>,
    /// 住所, likewise.
    pub address: Personal<Vec<u8>>,
    /// 顔写真, a JPEG 2000 file (JP2), as the card has it.
    pub photo: Personal<Vec<u8>>,
    /// 有効期限, `YYYY-MM-DD`. It stands behind the signature, which does not cover it.
    pub expires: Personal<Option<String>>,
    signed: Vec<u8>,
    signature: Vec<u8>,
}

impl CardFace {
    /// Reads EF 0002 of the surface application.
    ///
    /// # Errors
    /// [`CardDataError`] when a part is missing or not of its form; which one, not what it says.
    pub fn from_file(file: &[u8]) -> Result<Self, CardDataError> {
        let value = outer(file, 0xFF20, "no FF20 in the face file")?.value;
        let part = |tag, what| inner(value, tag, what);
        let birth_date = part(0xDF22, "birth date")?;
        let sex_digit = part(0xDF23, "sex")?;
        let key = part(0xDF24, "key of the card")?;
        let name = part(0xDF25, "picture of the name")?;
        let address = part(0xDF26, "picture of the address")?;
        let photo = part(0xDF27, "photo")?;
        let groups = [&[birth_date, sex_digit, key][..], &[name, address], &[photo]];
        let digest = |group: &[crate::apdu::tlv::Object<'_>]| {
            sha256(&group.iter().flat_map(|object| object.encoding).copied().collect::<Vec<_>>())
        };
        let digests: Vec<u8> = groups.into_iter().flat_map(digest).collect();
        let picture = |bytes: &[u8], begins: &[u8], what| {
            let right = bytes.starts_with(begins);
            if right { Ok(Personal::new(bytes.to_vec())) } else { Err(CardDataError { what }) }
        };
        const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
        // The signature box of ISO/IEC 15444-1 §I.5.1.
        const JP2: &[u8] = b"\0\0\0\x0cjP  \r\n\x87\n";
        Ok(Self {
            birthdate: date(birth_date.value, "birth date")?,
            sex: sex(sex_digit.value)?,
            name: picture(name.value, PNG, "picture of the name")?,
            address: picture(address.value, PNG, "picture of the address")?,
            photo: picture(photo.value, JP2, "photo")?,
            expires: date(part(0xDF29, "expiry")?.value, "expiry")?,
            signed: [&THREE_DIGESTS[..], &digests].concat(),
            signature: part(0xDF28, "signature of the face")?.value.to_vec(),
        })
    }

    /// What stands behind the padding of the signature.
    pub(super) fn signed_content(&self) -> &[u8] {
        &self.signed
    }

    /// DF28
    pub(super) fn signature(&self) -> &[u8] {
        &self.signature
    }
}
