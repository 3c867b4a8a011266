//! A synthetic holder: the basic four attributes (基本4情報) and the municipality that issues for them.

use std::fmt;

use crate::time::UnixTime;

/// A municipality as certificates name it: it has its own distribution point (certificates.md §3.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Municipality {
    /// Prefecture in Latin letters, such as `Tokyo-to`.
    pub prefecture: String,
    /// Municipality in Latin letters, such as `Chiyoda-ku`.
    pub name: String,
    /// Its code, five digits.
    pub code: String,
}

impl Municipality {
    /// 東京都千代田区, 13101.
    pub fn chiyoda() -> Self {
        Self { prefecture: "Tokyo-to".into(), name: "Chiyoda-ku".into(), code: "13101".into() }
    }
}

/// Sex as the resident register has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// 男, `1`
    Male,
    /// 女, `2`
    Female,
}

impl Sex {
    /// The digit on card and certificate.
    pub const fn digit(self) -> char {
        match self {
            Self::Male => '1',
            Self::Female => '2',
        }
    }

    /// The English word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }
}

/// A synthetic person. `Debug` tells the municipality only.
#[derive(Clone, PartialEq, Eq)]
pub struct Holder {
    /// Family and given name with U+3000 between them.
    pub name: String,
    /// From the prefecture on, digits and hyphens full-width.
    pub address: String,
    /// Characters of the name, counted from 0, that stand in for others a certificate cannot carry (代替文字).
    pub name_substitutes: Vec<usize>,
    /// The same for the address.
    pub address_substitutes: Vec<usize>,
    /// Date of birth.
    pub birth_date: jiff::civil::Date,
    /// Sex.
    pub sex: Sex,
    /// Where the person is registered.
    pub municipality: Municipality,
}

impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Holder(redacted, {})", self.municipality.name)
    }
}

impl Holder {
    /// Date of birth as the certificate has it: era digit and the Gregorian date (certificates.md §2.2 `.4`).
    pub(super) fn certificate_birth_date(&self) -> String {
        let (era, _) = era(self.birth_date);
        format!("{era}{}", self.birth_date.strftime("%Y%m%d"))
    }

    /// Date of birth with the year of its era, six digits: what the surface application asks for (card.md §4.1).
    pub(super) fn era_birth_date(&self) -> String {
        let (_, first) = era(self.birth_date);
        format!("{:02}{}", self.birth_date.year() - first + 1, self.birth_date.strftime("%m%d"))
    }

    /// The `count`th birthday after the day `at` falls on in Japan, and that day's last second there.
    pub(super) fn birthday_after(&self, at: UnixTime, count: i16) -> Option<(jiff::civil::Date, UnixTime)> {
        let today = day_in_japan(at)?;
        let this_year = in_year(self.birth_date, today.year());
        let first = if this_year > today { today.year() } else { today.year() + 1 };
        let day = in_year(self.birth_date, first.checked_add(count)?.checked_sub(1)?);
        Some((day, end_in_japan(day)?))
    }
}

/// The day on which `at` falls in Japan.
pub(super) fn day_in_japan(at: UnixTime) -> Option<jiff::civil::Date> {
    let instant = jiff::Timestamp::from_second(at.seconds()).ok()?;
    Some(jiff::tz::Offset::constant(9).to_datetime(instant).date())
}

/// The last second of `day` in Japan, when certificates end (certificates.md §1.3).
pub(super) fn end_in_japan(day: jiff::civil::Date) -> Option<UnixTime> {
    let instant = jiff::tz::Offset::constant(9).to_timestamp(day.at(23, 59, 59, 0)).ok()?;
    Some(UnixTime::from_seconds(instant.as_second()))
}

/// 29 February has its birthday on the 28th in other years here; the register's own rule is not needed.
fn in_year(day: jiff::civil::Date, year: i16) -> jiff::civil::Date {
    let moved = |day_of_month| jiff::civil::Date::new(year, day.month(), day_of_month);
    moved(day.day()).or_else(|_| moved(28)).unwrap_or(day)
}

/// The era's digit in certificates and its first Gregorian year.
fn era(day: jiff::civil::Date) -> (u8, i16) {
    let starts = [
        (5, jiff::civil::date(2019, 5, 1)),
        (4, jiff::civil::date(1989, 1, 8)),
        (3, jiff::civil::date(1926, 12, 25)),
        (2, jiff::civil::date(1912, 7, 30)),
    ];
    starts.iter().find(|(_, start)| day >= *start).map_or((1, 1868), |(digit, start)| (*digit, start.year()))
}
