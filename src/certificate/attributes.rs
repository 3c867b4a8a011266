//! The basic four attributes (基本4情報) in the subjectAltName of a 署名用電子証明書 (certificates.md §2.2).
//!
//! What does not fit its shape is reported and left out, never guessed. The address has no grammar here: abroad it follows
//! another one, and so may names in Latin letters.

use super::general_name::GeneralName;
use super::object_identifier::{Oid, known};
use super::strict_der::{self, UTF8_STRING};
use super::x509::Certificate;
use crate::secret::Personal;
use serde::Serialize;
use std::fmt;

/// Which attribute something is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeKind {
    /// 住所
    Address,
    /// Substitute flags of the address.
    AddressSubstitutes,
    /// 生年月日
    Birthdate,
    /// 氏名
    Name,
    /// Substitute flags of the name.
    NameSubstitutes,
    /// 性別
    Sex,
}

impl AttributeKind {
    /// By the last arc below `1.2.392.200149.8.5.5`.
    fn of(arc: u32) -> Option<Self> {
        match arc {
            1 => Some(Self::Name),
            2 => Some(Self::NameSubstitutes),
            3 => Some(Self::Sex),
            4 => Some(Self::Birthdate),
            5 => Some(Self::Address),
            6 => Some(Self::AddressSubstitutes),
            _ => None,
        }
    }
}

/// What is wrong with one attribute. Its value is then left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeProblem {
    /// Not in the certificate.
    Absent,
    /// There twice, differently.
    Contradictory,
    /// Not one flag per character: which character was replaced cannot be told.
    LengthDiffers,
    /// Not of the shape of its kind.
    Shape,
    /// Not a UTF8String.
    StringType,
}

/// One finding about the attributes: kind and problem, no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct AttributeFinding {
    /// About which attribute.
    pub attribute: AttributeKind,
    /// What is wrong.
    pub problem: AttributeProblem,
}

/// A text of the register and which of its characters are stand-ins (代替文字).
#[derive(Clone, PartialEq, Eq)]
pub struct RegisterText {
    text: Personal<String>,
    substitutes: Option<Vec<bool>>,
}

impl RegisterText {
    /// The text as the certificate has it.
    pub fn reveal(&self) -> &str {
        self.text.reveal()
    }

    /// One flag per character: `true` where the register has another character that a certificate cannot carry. Matching
    /// must take such a position as a wildcard. `None` when the flags cannot be read: then nothing can be said.
    pub fn substitutes(&self) -> Option<&[bool]> {
        self.substitutes.as_deref()
    }

    /// Whether any character is a stand-in.
    pub fn has_substitutes(&self) -> bool {
        self.substitutes.as_ref().is_some_and(|flags| flags.contains(&true))
    }
}

impl fmt::Debug for RegisterText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RegisterText(redacted)")
    }
}

/// A date of birth: known to the day, or not.
#[derive(Clone, PartialEq, Eq)]
pub enum Birthdate {
    /// Year of the Gregorian calendar, month, day.
    Known {
        /// Year.
        year: u16,
        /// Month, 1 to 12.
        month: u8,
        /// Day of the month.
        day: u8,
    },
    /// The register does not know it to the day; never an error, and never 1 January.
    Unknown,
}

impl Birthdate {
    /// `EYYYYMMDD`: era digit 0 to 5, year of the Gregorian calendar (not of the era), month, day.
    fn read(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 9 || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let number = |range| text.get(range).and_then(|part: &str| part.parse::<u16>().ok());
        let (era, year) = (number(0..1)?, number(1..5)?);
        let (month, day) = (u8::try_from(number(5..7)?).ok()?, u8::try_from(number(7..9)?).ok()?);
        if era > 5 || month > 12 || i64::from(day) > strict_der::days_of(i64::from(year), i64::from(month)) {
            return None;
        }
        // Era 0 is "unknown": a date whose era is not known is not known to the day either.
        Some(if era == 0 || year == 0 || month == 0 || day == 0 {
            Self::Unknown
        } else {
            Self::Known { year, month, day }
        })
    }

    /// `YYYY-MM-DD`, where it is known.
    pub fn reveal(&self) -> Option<String> {
        match self {
            Self::Known { year, month, day } => Some(format!("{year:04}-{month:02}-{day:02}")),
            Self::Unknown => None,
        }
    }
}

impl fmt::Debug for Birthdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Known { .. } => "Birthdate(redacted)",
            Self::Unknown => "Birthdate(unknown)",
        })
    }
}

/// The sex digit as the certificate has it. Unfamiliar digits are kept: sources disagree on 3 and 9.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Sex(u8);

impl Sex {
    /// The digit, as a character.
    pub fn digit(self) -> char {
        char::from(self.0)
    }

    /// `male`, `female`, `not_applicable` (JIS X 0303), or `unknown`.
    pub fn word(self) -> &'static str {
        match self.0 {
            b'1' => "male",
            b'2' => "female",
            b'9' => "not_applicable",
            _ => "unknown",
        }
    }
}

impl fmt::Debug for Sex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sex(redacted)")
    }
}

/// The basic four attributes with their flags, what did not fit, and identifiers of the arc that nobody here knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasicAttributes {
    /// 氏名
    pub name: Option<RegisterText>,
    /// 住所
    pub address: Option<RegisterText>,
    /// 生年月日
    pub birthdate: Option<Birthdate>,
    /// 性別
    pub sex: Option<Sex>,
    /// What is wrong, in the order of the attributes; empty when all four can be relied on.
    pub findings: Vec<AttributeFinding>,
    /// Further identifiers of the arc (furigana is expected), with their DER.
    pub unknown: Vec<(Oid, Personal<Vec<u8>>)>,
}

impl BasicAttributes {
    /// The attributes `certificate` carries; `None` when it carries none of that arc.
    pub fn of(certificate: &Certificate) -> Option<Self> {
        // As many as there are kinds.
        let mut raw: Vec<(AttributeKind, &[u8])> = Vec::with_capacity(6);
        let mut unknown = Vec::new();
        let mut findings = Vec::new();
        for name in &certificate.extensions().subject_alternative_names {
            let GeneralName::Other(oid, value) = name else { continue };
            let Some(arc) = oid.child_of(&known::JPKI_ATTRIBUTES) else { continue };
            let Some(attribute) = AttributeKind::of(arc) else {
                unknown.push((oid.clone(), Personal::new(value.clone())));
                continue;
            };
            match raw.iter().find(|(other, _)| *other == attribute) {
                Some((_, first)) if *first == value.as_slice() => {}
                Some(_) => findings.push(AttributeFinding { attribute, problem: AttributeProblem::Contradictory }),
                None => raw.push((attribute, value)),
            }
        }
        if raw.is_empty() && unknown.is_empty() {
            return None;
        }
        let mut reading = Reading { raw, findings };
        let name = reading.text(AttributeKind::Name, AttributeKind::NameSubstitutes);
        let sex = reading.shaped(AttributeKind::Sex, |text| match text.as_bytes() {
            [digit @ b'0'..=b'9'] => Some(Sex(*digit)),
            _ => None,
        });
        let birthdate = reading.shaped(AttributeKind::Birthdate, Birthdate::read);
        let address = reading.text(AttributeKind::Address, AttributeKind::AddressSubstitutes);
        Some(Self { name, address, birthdate, sex, findings: reading.findings, unknown })
    }

    /// The values in the form of `certificate show` and of JSON: the one place where they leave as text.
    pub fn disclose(&self) -> DisclosedAttributes {
        let flags = |text: &RegisterText| -> Option<String> {
            Some(text.substitutes()?.iter().map(|flag| if *flag { '1' } else { '0' }).collect())
        };
        DisclosedAttributes {
            name: self.name.as_ref().map(|text| text.reveal().to_owned()),
            name_substitutes: self.name.as_ref().and_then(flags),
            birthdate: self.birthdate.as_ref().and_then(Birthdate::reveal),
            sex: self.sex.map(|sex| sex.digit().to_string()),
            sex_word: self.sex.map(Sex::word),
            address: self.address.as_ref().map(|text| text.reveal().to_owned()),
            address_substitutes: self.address.as_ref().and_then(flags),
            findings: self.findings.clone(),
            unknown: self.unknown.iter().map(|(oid, _)| oid.clone()).collect(),
        }
    }
}

struct Reading<'a> {
    raw: Vec<(AttributeKind, &'a [u8])>,
    findings: Vec<AttributeFinding>,
}

impl<'a> Reading<'a> {
    fn found(&mut self, attribute: AttributeKind, problem: AttributeProblem) {
        self.findings.push(AttributeFinding { attribute, problem });
    }

    fn string(&mut self, attribute: AttributeKind) -> Option<&'a str> {
        if self.findings.iter().any(|f| f.attribute == attribute && f.problem == AttributeProblem::Contradictory) {
            return None;
        }
        let Some((_, value)) = self.raw.iter().find(|(other, _)| *other == attribute) else {
            self.found(attribute, AttributeProblem::Absent);
            return None;
        };
        let text = strict_der::only(value, UTF8_STRING).ok().and_then(|text| std::str::from_utf8(text).ok());
        if text.is_none() {
            self.found(attribute, AttributeProblem::StringType);
        }
        text
    }

    fn shaped<T>(&mut self, attribute: AttributeKind, read: fn(&str) -> Option<T>) -> Option<T> {
        let value = read(self.string(attribute)?);
        if value.is_none() {
            self.found(attribute, AttributeProblem::Shape);
        }
        value
    }

    fn text(&mut self, attribute: AttributeKind, flags: AttributeKind) -> Option<RegisterText> {
        let text = self.string(attribute);
        let flags_text = self.string(flags);
        let text = text?;
        let substitutes = flags_text.and_then(|flags_text| {
            if !flags_text.bytes().all(|flag| matches!(flag, b'0' | b'1')) {
                self.found(flags, AttributeProblem::Shape);
                return None;
            }
            // Characters, not UTF-16 units: one beyond the BMP counts once.
            if flags_text.len() != text.chars().count() {
                self.found(flags, AttributeProblem::LengthDiffers);
                return None;
            }
            Some(flags_text.bytes().map(|flag| flag == b'1').collect())
        });
        if text.is_empty() {
            self.found(attribute, AttributeProblem::Shape);
            return None;
        }
        Some(RegisterText { text: Personal::new(text.to_owned()), substitutes })
    }
}

/// The attributes as text, for showing to their holder or storing under the operator's rules. Its `Debug` is redacted.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct DisclosedAttributes {
    /// 氏名
    pub name: Option<String>,
    /// One `0` or `1` per character of the name.
    pub name_substitutes: Option<String>,
    /// `YYYY-MM-DD`; null when not known to the day.
    pub birthdate: Option<String>,
    /// The digit as the certificate has it.
    pub sex: Option<String>,
    /// What the digit means.
    pub sex_word: Option<&'static str>,
    /// 住所
    pub address: Option<String>,
    /// One `0` or `1` per character of the address.
    pub address_substitutes: Option<String>,
    /// What did not fit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<AttributeFinding>,
    /// Identifiers of the arc that nobody here knows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Oid>,
}

impl fmt::Debug for DisclosedAttributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DisclosedAttributes(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birthdate_is_known_to_the_day_or_unknown() {
        let read = |text: &str| Birthdate::read(text).map(|date| date.reveal());
        assert_eq!(read("319800217"), Some(Some("1980-02-17".to_owned())));
        assert_eq!(read("520200229"), Some(Some("2020-02-29".to_owned())));
        for unknown in ["319800200", "319800000", "300000000", "019800217", "000000000"] {
            assert_eq!(read(unknown), Some(None), "{unknown}");
        }
        for misfit in
            ["19800217", "3198002170", "319801317", "319800230", "619800217", "3198002 7", "３１９８００２１７"]
        {
            assert_eq!(read(misfit), None, "{misfit}");
        }
    }

    #[test]
    fn debug_tells_no_value() {
        let text =
            RegisterText { text: Personal::new("見本　太郎".to_owned()), substitutes: Some(vec![false; 5]) };
        let birthdate = Birthdate::read("319800217").unwrap();
        let shown = format!("{text:?} {birthdate:?} {:?}", Sex(b'2'));
        assert!(!shown.contains("見本") && !shown.contains("1980") && !shown.contains('2'), "{shown}");
    }
}
