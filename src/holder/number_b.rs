//! 照合番号B made of what is printed on the front of the card: birth date, year of expiry, security code (card.md §4.1).
//!
//! The card wants the year of the era. People type the year they know; the conversion is made here and shown to them.

use crate::secret::{Secret, SecretKind};
use jiff::civil::{Date, date};
use std::fmt;
use zeroize::Zeroizing;

/// Why 照合番号B cannot be made of what was typed. Nothing was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NumberBError {
    /// Not a day of the calendar, or before the Meiji era.
    #[error("the birth date is no date (expected YYYY-MM-DD)")]
    BirthDate,
    /// Not a year that a card can end in.
    #[error("the year of expiry is none (expected four digits)")]
    ExpiryYear,
    /// Not four digits.
    #[error("the security code is none (expected four digits)")]
    SecurityCode,
}

/// An era of the Japanese calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Era {
    /// 明治
    Meiji,
    /// 大正
    Taisho,
    /// 昭和
    Showa,
    /// 平成
    Heisei,
    /// 令和
    Reiwa,
}

impl Era {
    /// The era's name as people write it.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Meiji => "明治",
            Self::Taisho => "大正",
            Self::Showa => "昭和",
            Self::Heisei => "平成",
            Self::Reiwa => "令和",
        }
    }
}

/// First days of the eras, the latest first. A day on which one era ended and the next began belongs to the next.
const ERAS: [(Era, Date); 5] = [
    (Era::Reiwa, date(2019, 5, 1)),
    (Era::Heisei, date(1989, 1, 8)),
    (Era::Showa, date(1926, 12, 25)),
    (Era::Taisho, date(1912, 7, 30)),
    (Era::Meiji, date(1868, 1, 25)),
];

/// A birth date with its year in the era. `Debug` tells nothing of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct EraDate {
    /// The era.
    pub era: Era,
    /// Year in the era, from 1.
    pub year: i16,
    /// Month.
    pub month: i8,
    /// Day of the month.
    pub day: i8,
}

impl EraDate {
    /// The era's date of a day, typed as `1980-02-17`, `1980/2/17` or `19800217`, in ASCII or full-width digits.
    ///
    /// # Errors
    /// [`NumberBError::BirthDate`].
    pub fn from_gregorian(typed: &str) -> Result<Self, NumberBError> {
        let wrong = NumberBError::BirthDate;
        let typed = ascii(typed);
        let parts: Vec<&str> = typed.split(['-', '/', '.']).collect();
        let (year, month, day) = match *parts.as_slice() {
            [year, month, day] => (year, month, day),
            [whole] if whole.len() == 8 && whole.is_ascii() => {
                let (year, rest) = whole.split_at(4);
                let (month, day) = rest.split_at(2);
                (year, month, day)
            }
            _ => return Err(wrong),
        };
        let number = |text: &str, longest: usize| {
            let digits = (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<i16>().ok().filter(|_| digits)
        };
        let small = |text| number(text, 2).and_then(|value| i8::try_from(value).ok());
        let year = number(year, 4).filter(|_| year.len() == 4);
        let (Some(year), Some(month), Some(day)) = (year, small(month), small(day)) else { return Err(wrong) };
        let day = Date::new(year, month, day).map_err(|_| wrong)?;
        let (era, first) = ERAS.into_iter().find(|(_, first)| day >= *first).ok_or(wrong)?;
        Ok(Self { era, year: day.year() - first.year() + 1, month: day.month(), day: day.day() })
    }

    /// Six digits: year of the era, month, day.
    fn digits(self) -> String {
        format!("{:02}{:02}{:02}", self.year, self.month, self.day)
    }
}

/// Builds 照合番号B: six digits of the era's birth date, four of the year of expiry, four of the security code.
///
/// # Errors
/// [`NumberBError`] naming the part that cannot be right.
pub fn number_b(birth_date: EraDate, expiry_year: &str, security_code: &str) -> Result<Secret, NumberBError> {
    let (expiry_year, security_code) = (Zeroizing::new(ascii(expiry_year)), Zeroizing::new(ascii(security_code)));
    let four_digits = |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    // The first cards came in 2016, for five years.
    if !four_digits(&expiry_year) || !("2020".."2100").contains(&expiry_year.as_str()) {
        return Err(NumberBError::ExpiryYear);
    }
    if !four_digits(&security_code) {
        return Err(NumberBError::SecurityCode);
    }
    let digits = Zeroizing::new(format!("{}{}{}", birth_date.digits(), *expiry_year, *security_code));
    let made = Secret::new(SecretKind::NumberB, digits.as_bytes());
    made.map(|(secret, _)| secret).map_err(|_| NumberBError::SecurityCode)
}

/// Full-width digits and signs as an input method leaves them, made plain; blanks at the ends removed.
fn ascii(typed: &str) -> String {
    let plain = |c: char| match c {
        '０'..='９' | '／' | '－' | '．' => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c),
        other => other,
    };
    typed.trim().chars().map(plain).collect()
}

impl fmt::Debug for EraDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EraDate(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn era(typed: &str) -> (Era, i16) {
        let found = EraDate::from_gregorian(typed).unwrap();
        (found.era, found.year)
    }

    #[test]
    fn the_example_of_card_md_4_1() {
        let birth = EraDate::from_gregorian("1980-02-17").unwrap();
        let secret = number_b(birth, "2035", "2285").unwrap();
        assert_eq!((secret.kind(), secret.expose()), (SecretKind::NumberB, &b"55021720352285"[..]));
        assert!(!format!("{birth:?} {secret:?}").contains("55"));
    }

    #[test]
    fn first_and_last_days_of_the_eras() {
        for (typed, expected) in [
            ("1912-07-29", (Era::Meiji, 45)),
            ("1912-07-30", (Era::Taisho, 1)),
            ("1926-12-24", (Era::Taisho, 15)),
            ("1926-12-25", (Era::Showa, 1)),
            ("1989-01-07", (Era::Showa, 64)),
            ("1989-01-08", (Era::Heisei, 1)),
            ("2019-04-30", (Era::Heisei, 31)),
            ("2019-05-01", (Era::Reiwa, 1)),
            ("1980/2/17", (Era::Showa, 55)),
            ("１９８０－０２－１７", (Era::Showa, 55)),
            ("20040229", (Era::Heisei, 16)),
        ] {
            assert_eq!(era(typed), expected, "{typed}");
        }
    }

    #[test]
    fn what_cannot_be_right_is_never_made() {
        for typed in ["", "1980", "1980-02-30", "80-02-17", "1867-01-01", "1980-2", "昭和55年", "1980-+2-17"] {
            assert_eq!(EraDate::from_gregorian(typed).err(), Some(NumberBError::BirthDate), "{typed}");
        }
        let birth = EraDate::from_gregorian("1980-02-17").unwrap();
        for year in ["", "35", "2019", "2100", "20350", "abcd"] {
            assert_eq!(number_b(birth, year, "2285").err(), Some(NumberBError::ExpiryYear), "{year}");
        }
        for code in ["", "228", "22855", "abcd"] {
            assert_eq!(number_b(birth, "2035", code).err(), Some(NumberBError::SecurityCode), "{code}");
        }
    }
}
