//! The card's own data: BER-TLV, the attributes, the face, certificates behind filler.

use super::lies_in;
use honnin::apdu::{ResponseApdu, tlv};
use honnin::certificate::{announced_length, cut_filler};
use honnin::holder::{CardAttributes, CardFace};

pub fn hold(data: &[u8]) {
    if let Some(object) = tlv::first(data) {
        assert_eq!(tlv::object_length(data), Some(object.encoding.len()));
        assert!(data.starts_with(object.encoding) && object.encoding.ends_with(object.value));
        assert!(lies_in(object.value, data));
        assert!(object.encoding.len() - object.value.len() >= 2);
    }
    for tag in [0xDF22, 0xDF25, 0x5F37, 0x91, 0x30] {
        let (found, before) = (tlv::find(data, tag), tlv::before(data, tag));
        assert_eq!(found.is_some(), before.is_some());
        if let (Some(found), Some(before)) = (found, before) {
            assert_eq!(found.tag, tag);
            assert!(data[before.len()..].starts_with(found.encoding));
        }
    }
    if let Ok(attributes) = CardAttributes::from_file(data) {
        // Written anew as card.md §6.3 has it, it reads the same.
        let part =
            |tag: &[u8], value: &[u8]| [tag, &[0x82, (value.len() >> 8) as u8, value.len() as u8], value].concat();
        let day = attributes.birthdate.reveal().as_deref().map_or("00000000".to_owned(), |day| day.replace('-', ""));
        let sex = attributes.sex.reveal().to_string();
        let (name, address) = (attributes.name.reveal(), attributes.address.reveal());
        if name.len() + address.len() < 60_000 {
            let parts = [
                part(&[0xDF, 0x22], name.as_bytes()),
                part(&[0xDF, 0x23], address.as_bytes()),
                part(&[0xDF, 0x24], day.as_bytes()),
                part(&[0xDF, 0x25], sex.as_bytes()),
            ];
            assert_eq!(CardAttributes::from_file(&part(&[0xFF, 0x20], &parts.concat())), Ok(attributes.clone()));
        }
        assert!(name.len() < 12 || !format!("{attributes:?}").contains(name.as_str()));
    }
    if let Ok(face) = CardFace::from_file(data) {
        assert!(face.photo.reveal().starts_with(b"\0\0\0\x0cjP  "));
        assert!(!format!("{face:?}").contains("PNG"));
    }
    if let Ok(der) = cut_filler(data) {
        assert_eq!(announced_length(data), Ok(der.len()));
        assert!(data[der.len()..].iter().all(|byte| matches!(byte, 0 | 0xFF)));
    }
    if let Ok(response) = ResponseApdu::from_bytes(data) {
        assert_eq!(response.data().len() + 2, data.len());
    }
}
