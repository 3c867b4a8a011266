//! What is where on the card (card.md §§2-7), as the judge of recordings needs it.
//!
//! Deliberately not the table of the card room: that one knows what our procedures select, this one what any program may
//! have selected, and it judges our own recordings too.

/// An application of the card, as far as a recording tells which is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// GlobalPlatform issuer security domain.
    IssuerSecurityDomain,
    /// 公的個人認証AP
    Jpki,
    /// 券面事項入力補助AP
    InputSupport,
    /// 券面事項確認AP
    Surface,
    /// 住基AP
    ResidentRegister,
    /// 共通カードAP
    CommonCard,
    /// マイナ免許証AP
    DrivingLicence,
    /// An application that is none of the known ones.
    Other,
    /// The recording does not tell which application is selected.
    Unknown,
}

/// Names of the applications (card.md §2).
const NAMES: &[(Place, &[u8])] = &[
    (Place::IssuerSecurityDomain, &[0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00]),
    (Place::Jpki, &[0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01]),
    (Place::InputSupport, &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08]),
    (Place::Surface, &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02]),
    (Place::ResidentRegister, &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x01]),
    (Place::CommonCard, &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00]),
    (Place::DrivingLicence, &[0xA0, 0x00, 0x00, 0x02, 0x31, 0x06, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
];

impl Place {
    /// The application with this name, and whether the name is whole. The card also takes the beginning of a name, and
    /// then which application it is depends on their order, which is not on record: a shortened name that fits one only.
    pub(super) fn named(name: &[u8]) -> (Self, bool) {
        if let Some((place, _)) = NAMES.iter().find(|(_, known)| *known == name) {
            return (*place, true);
        }
        let mut fitting = NAMES.iter().filter(|(_, known)| !name.is_empty() && known.starts_with(name));
        match (fitting.next(), fitting.next()) {
            (Some((place, _)), None) => (*place, false),
            (Some(_), Some(_)) => (Self::Unknown, false),
            (None, _) => (Self::Other, true),
        }
    }

    /// Its name, the same in every language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IssuerSecurityDomain => "issuer_security_domain",
            Self::Jpki => "jpki",
            Self::InputSupport => "input_support",
            Self::Surface => "surface",
            Self::ResidentRegister => "resident_register",
            Self::CommonCard => "common_card",
            Self::DrivingLicence => "driving_licence",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }
}

/// How what a file holds may be treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// May be written down.
    Open,
    /// May be written down up to this offset; behind it stands what tells cards or holders apart.
    OpenUpTo(usize),
    /// Of a synthetic person only.
    Personal,
    /// Never: the individual number, or what is as good as it.
    Number,
    /// A secret, which is compared and cannot be read.
    Secret,
    /// A key, which signs and cannot be read.
    Key,
}

/// A file of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) place: Place,
    pub(super) id: u16,
    /// Its name, the same in every language.
    pub(super) name: &'static str,
    pub(super) holds: Holds,
}

const fn file(place: Place, id: u16, name: &'static str, holds: Holds) -> File {
    File { place, id, name, holds }
}

/// The files on record (card.md §§2.3, 3.1, 4.1, 6.1, 7.1). The token information ends in a serial number at offset 80; the
/// information of the surface application begins with its version, and a municipality follows behind offset 12 (§7.3).
pub(super) const FILES: &[File] = &[
    file(Place::Jpki, 0x01, "signing_certificate", Holds::Personal),
    file(Place::Jpki, 0x02, "signing_ca_certificate", Holds::Open),
    file(Place::Jpki, 0x06, "token_information", Holds::OpenUpTo(80)),
    file(Place::Jpki, 0x08, "certificate_availability", Holds::Open),
    file(Place::Jpki, 0x0A, "authentication_certificate", Holds::Personal),
    file(Place::Jpki, 0x0B, "authentication_ca_certificate", Holds::Open),
    file(Place::Jpki, 0x16, "terminal_ca_key", Holds::Key),
    file(Place::Jpki, 0x17, "authentication_key", Holds::Key),
    file(Place::Jpki, 0x18, "authentication_pin", Holds::Secret),
    file(Place::Jpki, 0x1A, "signing_key", Holds::Key),
    file(Place::Jpki, 0x1B, "signing_password", Holds::Secret),
    file(Place::InputSupport, 0x01, "individual_number", Holds::Number),
    file(Place::InputSupport, 0x02, "basic_four_attributes", Holds::Personal),
    file(Place::InputSupport, 0x03, "integrity_record", Holds::Number),
    file(Place::InputSupport, 0x04, "card_verifiable_certificate", Holds::Open),
    file(Place::InputSupport, 0x05, "application_information", Holds::Open),
    file(Place::InputSupport, 0x06, "session_key", Holds::Open),
    file(Place::InputSupport, 0x07, "application_key", Holds::Personal),
    file(Place::InputSupport, 0x11, "input_support_pin", Holds::Secret),
    file(Place::InputSupport, 0x12, "blocked_reference", Holds::Secret),
    file(Place::InputSupport, 0x13, "application_signing_key", Holds::Key),
    file(Place::InputSupport, 0x14, "number_a", Holds::Secret),
    file(Place::InputSupport, 0x15, "number_b", Holds::Secret),
    file(Place::Surface, 0x01, "birth_date_record", Holds::Personal),
    file(Place::Surface, 0x02, "surface_record", Holds::Personal),
    file(Place::Surface, 0x03, "application_information", Holds::OpenUpTo(12)),
    file(Place::Surface, 0x04, "card_verifiable_certificate", Holds::Open),
    file(Place::Surface, 0x05, "number_image", Holds::Number),
    file(Place::Surface, 0x11, "birth_date", Holds::Secret),
    file(Place::Surface, 0x12, "number_b", Holds::Secret),
    file(Place::Surface, 0x13, "number_a", Holds::Secret),
    file(Place::ResidentRegister, 0x1C, "resident_register_pin", Holds::Secret),
    file(Place::CommonCard, 0x01, "card_record", Holds::Personal),
    file(Place::CommonCard, 0x19, "common_card_key", Holds::Key),
    file(Place::CommonCard, 0x1C, "common_card_pin", Holds::Secret),
    file(Place::DrivingLicence, 0x06, "driving_licence_pin", Holds::Secret),
    file(Place::DrivingLicence, 0x1A, "pin_setting", Holds::Open),
    file(Place::DrivingLicence, 0x1B, "licence_data", Holds::Personal),
];

/// The file with this identifier in this application, where it is on record.
pub(super) fn file_of(place: Place, id: u16) -> Option<&'static File> {
    FILES.iter().find(|file| file.place == place && file.id == id)
}

/// Data objects of the issuer security domain that are the same for many cards (card.md §2.2); the others are personal.
pub(super) const OPEN_DATA_OBJECTS: &[u16] = &[0x0042, 0x0066, 0x00F7, 0x00F8, 0x7F21, CONTACT_ATR];

/// The ATR of the contacts. Some cards tell it in their other applications only; it means the same in each of them.
pub(super) const CONTACT_ATR: u16 = 0x5F51;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_whole_shortened_and_strange() {
        // card.md §2: "Prefix (shorter) names are matched too".
        assert_eq!(Place::named(NAMES[1].1), (Place::Jpki, true));
        assert_eq!(Place::named(&[0xD3, 0x92, 0xF0]), (Place::Jpki, false));
        assert_eq!(Place::named(&[0xD3, 0x92, 0x10, 0x00, 0x31]), (Place::Unknown, false));
        assert_eq!(Place::named(&[0xD2, 0x76]), (Place::Other, true));
        assert_eq!(Place::named(&[]), (Place::Other, true));
    }

    #[test]
    fn no_file_stands_twice_and_what_is_the_number_is_said_to_be() {
        for (index, file) in FILES.iter().enumerate() {
            assert!(!FILES[index + 1..].iter().any(|it| (it.place, it.id) == (file.place, file.id)), "{file:?}");
        }
        for (place, id) in [(Place::InputSupport, 0x01), (Place::InputSupport, 0x03), (Place::Surface, 0x05)] {
            assert_eq!(file_of(place, id).map(|file| file.holds), Some(Holds::Number));
        }
    }
}
