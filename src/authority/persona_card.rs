//! The data of a persona's card: applications, files, PINs (card.md §§2.3, 2.4, 3, 4.1, 6, 7).

use super::card_verifiable::{self, CardVerifiableHierarchy};
use super::facts::CardFaceFacts;
use super::holder::Holder;
use super::issue::AuthorityError;
use super::persona::Persona;
use super::picture;
use crate::simulator::{
    Access, Application, CardFile, Change, DataObject, Digest, ElementaryFile, FileId, KeyFile, Kind, PersonaMark,
    PinFile, SigningCertificate,
};

/// The authentication PIN (利用者証明用) of every persona.
pub const AUTHENTICATION_PIN: &str = "1234";
/// The signing password (署名用) of every persona.
pub const SIGNING_PASSWORD: &str = "ABC123";
/// The input support PIN (券面事項入力補助用) of every persona.
pub const INPUT_SUPPORT_PIN: &str = "5678";
/// The ATR that OpenSC's driver looks for (card.md §1.2).
pub const DEFAULT_ATR: [u8; 9] = [0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14];

/// PINs of the resident register and common card applications; no client of ours sends them.
const REGISTER_PIN: &str = "9012";
/// Nobody's number, with a right check digit (card.md §6.2 works it out); in the simulator only.
const NUMBER: &str = "123456789018";
/// JPEG 2000 of nobody (data/README.md).
const PHOTO: &[u8] = include_bytes!("data/photo.jp2");
/// Serial number of the card in 共通カードAP, 15 digits; nobody's.
const CARD_SERIAL: &str = "900000000000017";
/// Its number in the issuer security domain.
const IDENTIFICATION_NUMBER: &str = "9000000000000025";
/// Printed on the front (card.md §4.1).
const SECURITY_CODE: &str = "2285";
/// Real lengths of certificate files are not recorded; this leaves filler behind every certificate (card.md §3.2).
const CERTIFICATE_FILE: usize = 2048;

const JPKI: &[u8] = &[0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];

/// `D3 92 10 00 31 00 01 01` and two bytes.
fn resident_card_aid(tail: [u8; 2]) -> Vec<u8> {
    [&[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01][..], &tail].concat()
}

pub(super) struct OnCard<'a> {
    pub(super) persona: Persona,
    pub(super) holder: &'a Holder,
    /// The card's last day.
    pub(super) expires: jiff::civil::Date,
    pub(super) signing_certificate: Option<&'a [u8]>,
    pub(super) signing_ca: &'a [u8],
    /// PKCS#8 PEM.
    pub(super) signing_key: Option<String>,
    pub(super) authentication_certificate: &'a [u8],
    pub(super) authentication_ca: &'a [u8],
    pub(super) authentication_key: String,
    pub(super) card_verifiable: &'a CardVerifiableHierarchy,
}

/// Attempts left on a secret whose maximum is `maximum`.
pub(super) const fn tries(persona: Persona, maximum: u8) -> u8 {
    match persona {
        Persona::Blocked | Persona::FaceAuthentication => 0,
        Persona::OneTryLeft => 1,
        _ => maximum,
    }
}

pub(super) fn build(parts: &OnCard<'_>) -> Result<CardFile, AuthorityError> {
    let name = parts.persona.name().to_owned();
    let mut card =
        CardFile::new(&format!("TEST {name}"), &DEFAULT_ATR, PersonaMark { synthetic: true, name: Some(name) });
    if parts.signing_certificate.is_none() {
        card.switches.signing_certificate = SigningCertificate::NotFound;
    }
    let expiry = parts.expires.strftime("%Y%m%d").to_string();
    let object = |tag, content: &[u8]| DataObject { tag: FileId(tag), content: content.to_vec() };
    let [upper, lower] = parts.card_verifiable.domain_certificates()?;
    let [root, signer] = CardVerifiableHierarchy::key_references();
    // 0066 is left out: what stands in it is not on record. Neither is the form of 0045, so this one is as good as any.
    card.data_objects = vec![
        object(0x0042, &root),
        object(0x0045, IDENTIFICATION_NUMBER.as_bytes()),
        object(0x00F0, parts.holder.municipality.code.as_bytes()),
        object(0x00F2, expiry.as_bytes()),
        object(0x00F7, &signer),
        object(0x00F8, &upper),
        object(0x7F21, &lower),
        object(0x5F51, DEFAULT_ATR.get(1..).unwrap_or_default()),
    ];
    if is_phone(parts.persona) {
        // Nothing of a phone's issuer security domain is on record.
        card.data_objects.clear();
    }
    card.applications = match parts.persona {
        Persona::Android | Persona::Iphone => vec![jpki(parts)],
        Persona::ResidentCard => vec![jpki(parts), resident_register()],
        _ => vec![
            jpki(parts),
            input_support(parts)?,
            surface(parts, &expiry)?,
            resident_register(),
            common(parts, &expiry),
        ],
    };
    if is_phone(parts.persona) {
        card.kind = Kind::Phone;
    }
    Ok(card)
}

const fn is_phone(persona: Persona) -> bool {
    matches!(persona, Persona::Android | Persona::Iphone)
}

/// What a person can read off the card and type.
pub(super) fn facts(holder: &Holder, expires: jiff::civil::Date) -> CardFaceFacts {
    CardFaceFacts { expires: expires.to_string(), security_code: SECURITY_CODE, number_b: number_b(holder, expires) }
}

/// 公的個人認証AP
fn jpki(parts: &OnCard<'_>) -> Application {
    let certificate = |id, read, der: &[u8]| ElementaryFile::transparent(id, read, der.to_vec(), CERTIFICATE_FILE);
    let free = || Access::FREE;
    // A phone shows its authentication certificate after the PIN only (card.md §3.1).
    let authentication = if is_phone(parts.persona) { Access::AnyOf(vec![FileId(0x0018)]) } else { Access::FREE };
    let signing = parts.signing_certificate;
    // Byte 0 tells of the signing certificate; what stands there without one is not known, only that it is not 8F.
    let available = [if signing.is_some() { 0x8F } else { 0x00 }, 0x8F, 0x00];
    let digest = if parts.persona == Persona::EllipticCurve { Digest::Sha384 } else { Digest::Sha256 };
    let own = |id, pin, key: &str| KeyFile {
        id: FileId(id),
        pin: Some(FileId(pin)),
        internal_authenticate: false,
        digest,
        private_key: key.to_owned(),
    };
    let mut keys = vec![own(0x0017, 0x0018, &parts.authentication_key)];
    keys.extend(parts.signing_key.as_deref().map(|key| own(0x001A, 0x001B, key)));
    Application {
        name: "jpki".into(),
        aid: JPKI.to_vec(),
        files: vec![
            certificate(0x0001, Access::AnyOf(vec![FileId(0x001B)]), signing.unwrap_or_default()),
            certificate(0x0002, free(), parts.signing_ca),
            ElementaryFile::transparent(0x0006, free(), token_information(label(parts.persona)), 160),
            ElementaryFile::transparent(0x0008, free(), available.to_vec(), 3),
            certificate(0x000A, authentication, parts.authentication_certificate),
            certificate(0x000B, free(), parts.authentication_ca),
        ],
        pins: vec![
            pin(parts, 0x0018, AUTHENTICATION_PIN, 3, Change::ReferenceData),
            pin(parts, 0x001B, SIGNING_PASSWORD, 5, Change::ReferenceData),
        ],
        keys,
    }
}

/// The four labels of card.md §3.3.
const fn label(persona: Persona) -> &'static str {
    match persona {
        Persona::Android => "JPKIAPGPSETOKEN",
        Persona::Iphone => "JPKIAPIOSTOKEN",
        Persona::ResidentCard => "JPKIAPICCTOKEN",
        _ => "JPKIAPICCTOKEN2",
    }
}

/// 160 bytes (card.md §3.3).
fn token_information(label: &str) -> Vec<u8> {
    let text = |value: &str, width: usize| format!("{value:<width$}").into_bytes();
    let number = |value: u32| value.to_be_bytes().to_vec();
    [
        text(label, 32),
        text("00000000000000000000000000000001", 32),
        text("E16R01NJ", 16),
        text("0000000000000000", 16),
        number(0x0000_040D),
        [1, 0, 1, 0].into_iter().flat_map(number).collect(),
        number(16),
        number(6),
        [u32::MAX; 4].into_iter().flat_map(number).collect(),
        text("03", 2),
        text("01", 2),
        text("9999999999999999", 16),
    ]
    .concat()
}

/// 券面事項入力補助AP (card.md §6)
fn input_support(parts: &OnCard<'_>) -> Result<Application, AuthorityError> {
    let signer = parts.card_verifiable;
    let number = [&[0xFF, 0x10, 0x0C][..], NUMBER.as_bytes(), &[0xFF, 0xFF]].concat();
    let objects = attribute_objects(parts.holder);
    let attributes = basic_attributes(&objects);
    let size = attributes.len().max(256);
    let integrity = signer.integrity_record(&number, &objects.concat())?;
    let either = |other| Access::AnyOf(vec![FileId(0x0011), FileId(other)]);
    let any = || Access::AnyOf([0x0011, 0x0014, 0x0015].map(FileId).to_vec());
    let file = |id, read, content: Vec<u8>| {
        let size = content.len();
        ElementaryFile::transparent(id, read, content, size)
    };
    Ok(Application {
        name: "input support".into(),
        aid: resident_card_aid([0x04, 0x08]),
        files: vec![
            file(0x0001, either(0x0014), number),
            ElementaryFile::transparent(0x0002, either(0x0015), attributes, size),
            // Whether B opens it is not settled (card.md §6.1).
            file(0x0003, any(), integrity),
            file(0x0004, Access::FREE, signer.certificate()?),
            file(0x0005, Access::FREE, card_verifiable::text_information()),
            file(0x0006, any(), tlv(&[0xA1], &signer.public_key())),
            file(0x0007, any(), signer.signed_public_key()?),
            file(0x0008, Access::FREE, vec![0xFF; 16]),
        ],
        pins: vec![
            pin(parts, 0x0011, INPUT_SUPPORT_PIN, 3, Change::ReferenceData),
            // Arrives blocked; what it is for is not known (card.md §4.1).
            PinFile { id: FileId(0x0012), secret: Vec::new(), tries: 0, maximum: 0, change: Change::Never },
            whole(0x0014, NUMBER),
            whole(0x0015, &number_b(parts.holder, parts.expires)),
        ],
        keys: vec![KeyFile {
            id: FileId(0x0013),
            pin: None,
            internal_authenticate: false,
            digest: Digest::Sha256,
            private_key: signer.card_key()?,
        }],
    })
}

/// DF22 to DF25 (card.md §6.3): name, address, date of birth, sex.
fn attribute_objects(holder: &Holder) -> Vec<Vec<u8>> {
    let birth_date = holder.birth_date.strftime("%Y%m%d").to_string();
    let sex = holder.sex.digit().to_string();
    let values = [(0x22, &*holder.name), (0x23, &*holder.address), (0x24, &*birth_date), (0x25, &*sex)];
    values.iter().map(|(tag, value)| tlv(&[0xDF, *tag], value.as_bytes())).collect()
}

/// EF 0002 (card.md §6.3): offsets first, then name, address, date of birth, sex.
fn basic_attributes(objects: &[Vec<u8>]) -> Vec<u8> {
    let length: usize = objects.iter().map(Vec::len).sum::<usize>() + 11;
    let mut at = length_field(length).len() + 2 + 11;
    let mut offsets = Vec::new();
    for object in objects {
        offsets.extend_from_slice(&u16::try_from(at).unwrap_or(u16::MAX).to_be_bytes());
        at += object.len();
    }
    tlv(&[0xFF, 0x20], &[tlv(&[0xDF, 0x21], &offsets), objects.concat()].concat())
}

pub(super) fn tlv(tag: &[u8], value: &[u8]) -> Vec<u8> {
    [tag, &length_field(value.len()), value].concat()
}

/// BER length; two bytes are enough for a file.
fn length_field(length: usize) -> Vec<u8> {
    match (u8::try_from(length), u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes()) {
        (Ok(short @ 0..=0x7F), _) => vec![short],
        (Ok(one), _) => vec![0x81, one],
        (Err(_), [high, low]) => vec![0x82, high, low],
    }
}

/// 券面事項確認AP (card.md §7). Where its key stands is not on record, so it has none to challenge.
fn surface(parts: &OnCard<'_>, expiry: &str) -> Result<Application, AuthorityError> {
    let signer = parts.card_verifiable;
    let holder = parts.holder;
    let birth_date = holder.birth_date.strftime("%Y%m%d").to_string();
    let face = signer.face(&[
        birth_date.as_bytes(),
        holder.sex.digit().to_string().as_bytes(),
        &picture::of_text(&holder.name),
        &picture::of_text(&holder.address),
        PHOTO,
        expiry.as_bytes(),
        &picture::of_text(SECURITY_CODE),
    ])?;
    let a_or_b = || Access::AnyOf(vec![FileId(0x0012), FileId(0x0013)]);
    let file = |id, read, content: Vec<u8>| {
        let size = content.len();
        ElementaryFile::transparent(id, read, content, size)
    };
    Ok(Application {
        name: "surface".into(),
        aid: resident_card_aid([0x04, 0x02]),
        files: vec![
            file(0x0001, Access::AnyOf(vec![FileId(0x0011)]), signer.birth_date_record(&birth_date)?),
            // Real lengths are not recorded; a little filler stands behind the object.
            ElementaryFile { size: Some(4096.max(face.len())), ..file(0x0002, a_or_b(), face) },
            file(0x0003, Access::FREE, card_verifiable::surface_information(&holder.municipality.code)),
            file(0x0004, Access::FREE, signer.certificate()?),
            file(0x0005, Access::AnyOf(vec![FileId(0x0013)]), signer.number_image_record(&picture::of_text("000000"))?),
            file(0x0006, a_or_b(), vec![0xFF; 16]),
        ],
        pins: vec![
            whole(0x0011, &holder.era_birth_date()),
            whole(0x0012, &number_b(holder, parts.expires)),
            whole(0x0013, NUMBER),
        ],
        keys: Vec::new(),
    })
}

/// 住基AP: a counter only.
fn resident_register() -> Application {
    Application {
        name: "resident register".into(),
        aid: resident_card_aid([0x04, 0x01]),
        files: Vec::new(),
        pins: vec![register_pin()],
        keys: Vec::new(),
    }
}

/// 共通カードAP: `01 1C`, card serial (15), municipality (5), expiry (8).
fn common(parts: &OnCard<'_>, expiry: &str) -> Application {
    let record = format!("{CARD_SERIAL}{}{expiry}", parts.holder.municipality.code);
    let record = [&[0x01, 0x1C][..], record.as_bytes()].concat();
    Application {
        name: "common card".into(),
        aid: resident_card_aid([0x01, 0x00]),
        files: vec![ElementaryFile::of_records(0x0001, Access::FREE, vec![record])],
        pins: vec![register_pin()],
        keys: Vec::new(),
    }
}

/// 照合番号B: birth date of the era, year of expiry, security code (card.md §4.1).
fn number_b(holder: &Holder, expires: jiff::civil::Date) -> String {
    format!("{}{:04}{SECURITY_CODE}", holder.era_birth_date(), expires.year())
}

fn pin(parts: &OnCard<'_>, id: u16, secret: &str, maximum: u8, change: Change) -> PinFile {
    let tries = tries(parts.persona, maximum);
    PinFile { id: FileId(id), secret: secret.as_bytes().to_vec(), tries, maximum, change }
}

/// A PIN printed on the card, ten attempts, never the subject of a persona.
fn whole(id: u16, secret: &str) -> PinFile {
    PinFile { id: FileId(id), secret: secret.as_bytes().to_vec(), tries: 10, maximum: 10, change: Change::Never }
}

fn register_pin() -> PinFile {
    let secret = REGISTER_PIN.as_bytes().to_vec();
    PinFile { id: FileId(0x001C), secret, tries: 3, maximum: 3, change: Change::Key }
}
