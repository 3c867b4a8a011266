//! `card.toml`: what a card is made of. Only the shape and its sanity; the rules over it are in the other files.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::Path;

use super::card::SimulatorError;
use super::text_form::{hexadecimal, hexadecimal_list, hexadecimal_option, secret_text};

/// The value of `schema` in a file that this version reads.
const SCHEMA: &str = "honnin-card/1";

/// READ BINARY reaches 15 bits of offset (card.md §1.5), so no file is longer.
const LARGEST_FILE: usize = 0x7FFF;

/// A card as data, the content of a `card.toml`.
///
/// `Debug` tells the label and the sizes only.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardFile {
    /// `honnin-card/1`.
    pub schema: String,
    /// For people; the card never tells it.
    pub label: String,
    /// What the data imitates; for people and front ends, no rule depends on it.
    pub kind: Kind,
    /// Answer to reset, in hex.
    #[serde(with = "hexadecimal")]
    pub atr: Vec<u8>,
    /// Who is on the card.
    pub persona: PersonaMark,
    /// Ways in which cards differ, or may differ.
    #[serde(default)]
    pub switches: Switches,
    /// Data objects of the issuer security domain, for GET DATA (card.md §2.2).
    #[serde(default, rename = "data_object", skip_serializing_if = "Vec::is_empty")]
    pub data_objects: Vec<DataObject>,
    /// The applications, in the order in which a shortened AID finds them.
    #[serde(default, rename = "application", skip_serializing_if = "Vec::is_empty")]
    pub applications: Vec<Application>,
}

/// What the data imitates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The plastic card.
    Plastic,
    /// The token of a phone: no 券面 applications, another label in EF 0006 (card.md §9).
    Phone,
}

/// Who is on the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonaMark {
    /// True when nobody of flesh is described.
    pub synthetic: bool,
    /// The persona it was made as, such as `adult`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A data object of the issuer security domain.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataObject {
    /// P1 and P2 of GET DATA.
    pub tag: FileId,
    /// What it answers, in hex.
    #[serde(with = "hexadecimal")]
    pub content: Vec<u8>,
}

/// An application (dedicated file) of the card.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// For people.
    pub name: String,
    /// Its application identifier, 5 to 16 bytes in hex.
    #[serde(with = "hexadecimal")]
    pub aid: Vec<u8>,
    /// Elementary files that can be read.
    #[serde(default, rename = "file", skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<ElementaryFile>,
    /// PINs.
    #[serde(default, rename = "pin", skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<PinFile>,
    /// Private keys.
    #[serde(default, rename = "key", skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<KeyFile>,
}

/// The identifier of an elementary file, or the tag of a data object: four hex digits in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u16);

/// What must be verified before a file can be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Access {
    /// `"free"` or `"never"`.
    Word(AccessWord),
    /// Any one of these PINs of the same application: `["0011", "0014"]`.
    AnyOf(Vec<FileId>),
}

/// An access rule without a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessWord {
    /// Everybody reads.
    Free,
    /// Nobody reads.
    Never,
}

impl Access {
    /// Everybody reads.
    pub const FREE: Self = Self::Word(AccessWord::Free);
    /// Nobody reads.
    pub const NEVER: Self = Self::Word(AccessWord::Never);
}

/// A file that can be read: transparent (`content`) or of records (`records`), never both.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElementaryFile {
    /// Its identifier; `0001` to `001E` are also reached by short identifier.
    pub id: FileId,
    /// What must be verified first.
    pub read: Access,
    /// Physical length of a transparent file; the rest behind `content` reads as `FF`. Absent: the content's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<usize>,
    /// Content of a transparent file, in hex.
    #[serde(default, with = "hexadecimal_option", skip_serializing_if = "Option::is_none")]
    pub content: Option<Vec<u8>>,
    /// Records of a record file, each in hex; the first is record 1.
    #[serde(default, with = "hexadecimal_list", skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<Vec<u8>>,
}

impl ElementaryFile {
    /// A transparent file of `size` bytes that begins with `content`.
    pub fn transparent(id: u16, read: Access, content: Vec<u8>, size: usize) -> Self {
        Self { id: FileId(id), read, size: Some(size), content: Some(content), records: Vec::new() }
    }

    /// A file of records.
    pub fn of_records(id: u16, read: Access, records: Vec<Vec<u8>>) -> Self {
        Self { id: FileId(id), read, size: None, content: None, records }
    }

    /// Physical length of a transparent file in bytes.
    pub(super) fn physical_size(&self) -> usize {
        let written = self.content.as_ref().map_or(0, Vec::len);
        self.size.map_or(written, |size| size.max(written))
    }
}

/// A PIN and its counter.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinFile {
    /// Its key file.
    pub id: FileId,
    /// The secret, compared byte by byte.
    #[serde(with = "secret_text")]
    pub secret: Vec<u8>,
    /// Attempts left, at most 15 (one hex digit of `63Cx`); 0 is blocked.
    pub tries: u8,
    /// What a right VERIFY sets the counter to.
    pub maximum: u8,
    /// Which command changes it.
    #[serde(default)]
    pub change: Change,
}

/// Which command changes a PIN (card.md §4.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// CHANGE REFERENCE DATA, `00 24 01 80`.
    ReferenceData,
    /// CHANGE KEY, `80 32 00 80`.
    Key,
    /// None that a holder may send.
    #[default]
    Never,
}

/// A private key.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    /// Its key file.
    pub id: FileId,
    /// The PIN of the same application that must be verified; none for a key of the card itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<FileId>,
    /// True when the key answers INTERNAL AUTHENTICATE (common card application, key 0019) and nothing else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub internal_authenticate: bool,
    /// What it signs: of an RSA key always SHA-256, of a P-384 key the digest whose length its input must have.
    #[serde(default, skip_serializing_if = "Digest::is_default")]
    pub digest: Digest,
    /// RSA-2048 or P-384, PKCS#8, as PEM or in hex.
    pub private_key: String,
}

/// A digest that a key signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Digest {
    /// SHA-256, today's cards
    #[default]
    #[serde(rename = "sha-256")]
    Sha256,
    /// SHA-384
    #[serde(rename = "sha-384")]
    Sha384,
}

impl Digest {
    /// Its length in bytes.
    pub(super) const fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
        }
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Ways in which cards differ, or may differ (card.md §12.1). The default is the card as measured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// Status word of a VERIFY when the counter already stands at zero.
    pub blocked: BlockedStatus,
    /// The counter query of a blocked PIN answers that status word instead of `63C0`.
    pub query_tells_blocked: bool,
    /// What the counter query answers while the PIN is verified.
    pub query_when_verified: QueryAnswer,
    /// The 5-byte empty VERIFY (`00 20 00 98 00`) is taken as a query instead of refused with `6700`.
    pub accept_le_on_empty_verify: bool,
    /// PINs are compared without regard to case.
    pub fold_case: bool,
    /// Extended lengths are refused with `6700`.
    pub refuse_extended: bool,
    /// The first command after power-on is answered `6F00` and nothing else happens.
    pub first_command_6f00: bool,
    /// Every answer with data is announced by `61xx` and fetched with GET RESPONSE.
    pub answer_61xx: bool,
    /// A Le that does not fit is answered `6Cxx`.
    pub answer_6cxx: bool,
    /// Every form that names a file by its short identifier is refused with `6A86`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub refuse_short_identifiers: bool,
    /// A READ BINARY that asks for more bytes than this is refused with `6700`, as some readers do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longest_read: Option<usize>,
    /// Data object `5F51`, the ATR of the contacts, is told in applications only and not in the issuer security domain.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub contact_atr_in_applications_only: bool,
    /// What became of the signing certificate.
    pub signing_certificate: SigningCertificate,
    /// The link drops during a VERIFY that carries a PIN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_drop_in_verify: Option<LinkDrop>,
    /// The card is pulled out when the command after this many arrives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_after: Option<usize>,
    /// Something goes wrong at one command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disturbance: Option<super::disturbance::Disturbance>,
}

/// Status word of a VERIFY when the counter already stands at zero (card.md §4.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum BlockedStatus {
    /// ISO/IEC 7816-4: authentication method blocked.
    #[serde(rename = "6983")]
    Sw6983,
    /// JICSAP: the key file is blocked.
    #[default]
    #[serde(rename = "6984")]
    Sw6984,
}

/// What the counter query answers while the PIN is verified (card.md §4.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryAnswer {
    /// `9000`, the count is not reported.
    #[default]
    Success,
    /// `63Cx` as ever.
    Counter,
}

/// What became of the signing certificate (card.md §9: the real card's answer is not known, so there are three).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SigningCertificate {
    /// It is as the files say.
    #[default]
    Present,
    /// EF 0001, key 001A and PIN 001B do not exist: `6A82`.
    NotFound,
    /// EF 0001 always answers `6982` and PIN 001B is blocked.
    NotReadable,
    /// EF 0001 holds `FF` only and opens as usual.
    Filler,
}

/// Whether the attempt was counted when the link dropped during VERIFY (card.md §4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkDrop {
    /// The card had counted the attempt.
    Counted,
    /// The command never reached the card.
    NotCounted,
}

impl CardFile {
    /// A card without applications, for a builder to fill.
    pub fn new(label: &str, atr: &[u8], persona: PersonaMark) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            label: label.to_owned(),
            kind: Kind::Plastic,
            atr: atr.to_vec(),
            persona,
            switches: Switches::default(),
            data_objects: Vec::new(),
            applications: Vec::new(),
        }
    }

    /// Reads `path`, without the counters that may lie beside it.
    ///
    /// # Errors
    /// [`SimulatorError::Read`] when the file cannot be read, and those of [`CardFile::parse`].
    pub fn read(path: &Path) -> Result<Self, SimulatorError> {
        let bytes = std::fs::read(path).map_err(|source| SimulatorError::Read { path: path.to_owned(), source })?;
        // What is no text is no card either, and that is what the parser says of it.
        Self::parse(&String::from_utf8_lossy(&bytes))
    }

    /// Reads the text of a `card.toml`.
    ///
    /// # Errors
    /// [`SimulatorError::Syntax`] when it is not TOML of this shape, [`SimulatorError::Content`] when a card cannot be
    /// so. Neither repeats the text.
    pub fn parse(text: &str) -> Result<Self, SimulatorError> {
        let file: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| {
                text.bytes().take(span.start).filter(|byte| *byte == b'\n').count().saturating_add(1)
            });
            SimulatorError::Syntax { line }
        })?;
        file.check()?;
        Ok(file)
    }

    /// The text of a `card.toml`.
    ///
    /// # Errors
    /// [`SimulatorError::Content`] when TOML cannot hold it.
    pub fn to_toml(&self) -> Result<String, SimulatorError> {
        toml::to_string_pretty(self).map_err(|_| SimulatorError::Content { what: "no TOML form" })
    }

    /// The application with exactly this identifier.
    pub fn application(&self, aid: &[u8]) -> Option<&Application> {
        self.applications.iter().find(|application| application.aid == aid)
    }

    /// As [`CardFile::application`], to change it.
    pub fn application_mut(&mut self, aid: &[u8]) -> Option<&mut Application> {
        self.applications.iter_mut().find(|application| application.aid == aid)
    }

    pub(super) fn check(&self) -> Result<(), SimulatorError> {
        let refuse = |what| Err(SimulatorError::Content { what });
        if self.schema != SCHEMA {
            return refuse("schema is not honnin-card/1");
        }
        if !(2..=33).contains(&self.atr.len()) {
            return refuse("an ATR has 2 to 33 bytes");
        }
        for application in &self.applications {
            if !(5..=16).contains(&application.aid.len()) {
                return refuse("an AID has 5 to 16 bytes");
            }
            let mut seen = std::collections::BTreeSet::new();
            let ids = application.files.iter().map(|file| file.id);
            let ids = ids.chain(application.pins.iter().map(|pin| pin.id));
            if !ids.chain(application.keys.iter().map(|key| key.id)).all(|id| seen.insert(id)) {
                return refuse("two files of one application share an identifier");
            }
            let is_pin = |id: &FileId| application.pins.iter().any(|pin| pin.id == *id);
            for file in &application.files {
                if file.content.is_some() != file.records.is_empty() {
                    return refuse("a file has either content or records");
                }
                if file.physical_size() > LARGEST_FILE || file.records.iter().any(|record| record.len() > 254) {
                    return refuse("a file or record is too long");
                }
                if let Access::AnyOf(pins) = &file.read
                    && !pins.iter().all(is_pin)
                {
                    return refuse("an access rule names a PIN that is not there");
                }
            }
            if application.pins.iter().any(|pin| pin.tries > pin.maximum || pin.maximum > 15 || pin.secret.len() > 16) {
                return refuse("a PIN has at most 16 bytes and 15 tries, and not more tries than its maximum");
            }
            if application.keys.iter().any(|key| key.pin.is_some_and(|pin| !is_pin(&pin))) {
                return refuse("a key names a PIN that is not there");
            }
        }
        Ok(())
    }
}

impl fmt::Debug for CardFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardFile").field("label", &self.label).field("applications", &self.applications).finish()
    }
}

impl fmt::Debug for Application {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({} files, {} PINs, {} keys)", self.name, self.files.len(), self.pins.len(), self.keys.len())
    }
}

impl fmt::Debug for DataObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataObject({}, {} bytes)", self.tag, self.content.len())
    }
}

impl fmt::Debug for ElementaryFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ElementaryFile({}, {} bytes, {} records)", self.id, self.physical_size(), self.records.len())
    }
}

impl fmt::Debug for PinFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PinFile({}, {} of {}, redacted)", self.id, self.tries, self.maximum)
    }
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyFile({}, redacted)", self.id)
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

impl Serialize for FileId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FileId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let value = if digits { u16::from_str_radix(&text, 16).ok() } else { None };
        value.map(Self).ok_or_else(|| serde::de::Error::custom("four hex digits expected"))
    }
}
