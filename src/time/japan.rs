//! The calendar of Japan, UTC+9 without summer time: rules speak of years and of hours of the day, not of seconds.

use super::UnixTime;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp};

const DAY: i64 = 86_400;

fn japan() -> TimeZone {
    TimeZone::fixed(Offset::constant(9))
}

fn civil(at: UnixTime) -> Option<DateTime> {
    Timestamp::from_second(at.seconds()).ok().map(|instant| instant.to_zoned(japan()).datetime())
}

fn instant(civil: DateTime) -> Option<UnixTime> {
    let zoned = civil.to_zoned(japan()).ok()?;
    Some(UnixTime::from_seconds(zoned.timestamp().as_second()))
}

impl UnixTime {
    /// The same time of day in Japan `years` later; 29 February becomes 28 February where there is none. Outside the
    /// calendar, years of 366 days are counted, so that what is kept is kept too long rather than too short.
    ///
    /// ```
    /// use honnin::time::UnixTime;
    /// let at: UnixTime = "2024-02-29T23:30:00+09:00".parse().unwrap();
    /// assert_eq!(at.plus_years_in_japan(2).in_japan(), "2026-02-28T23:30:00+09:00");
    /// ```
    #[must_use]
    pub fn plus_years_in_japan(self, years: u16) -> Self {
        civil(self)
            .and_then(|it| it.checked_add(Span::new().years(i64::from(years))).ok())
            .and_then(instant)
            .unwrap_or_else(|| self.plus_seconds(i64::from(years).saturating_mul(366 * DAY)))
    }

    /// The same time of day in Japan `years` later, and never sooner: where there is no such day (29 February), the day after.
    ///
    /// ```
    /// use honnin::time::UnixTime;
    /// let at: UnixTime = "2028-02-29T12:00:00+09:00".parse().unwrap();
    /// assert_eq!(at.plus_full_years_in_japan(7).in_japan(), "2035-03-01T12:00:00+09:00");
    /// ```
    #[must_use]
    pub fn plus_full_years_in_japan(self, years: u16) -> Self {
        let later = self.plus_years_in_japan(years);
        let day = |at: Self| civil(at).map(|it| it.day());
        if day(later) == day(self) { later } else { later.plus_seconds(DAY) }
    }

    /// The same time of day in Japan `months` later, on the last day of the month where there is no such day.
    #[must_use]
    pub fn plus_months_in_japan(self, months: u16) -> Self {
        civil(self)
            .and_then(|it| it.checked_add(Span::new().months(i64::from(months))).ok())
            .and_then(instant)
            .unwrap_or_else(|| self.plus_seconds(i64::from(months).saturating_mul(31 * DAY)))
    }

    /// The first instant of the next day in Japan, moved by `seconds_of_day`.
    #[must_use]
    pub fn next_day_in_japan(self, seconds_of_day: u32) -> Self {
        let shifted = self.seconds().saturating_add(9 * 3600);
        let midnight = shifted.div_euclid(DAY).saturating_add(1).saturating_mul(DAY);
        Self::from_seconds(midnight).plus_seconds(-9 * 3600).plus_seconds(i64::from(seconds_of_day))
    }

    /// Seconds since midnight in Japan.
    pub fn second_of_day_in_japan(self) -> u32 {
        let second = self.seconds().saturating_add(9 * 3600).rem_euclid(DAY);
        u32::try_from(second).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> UnixTime {
        text.parse().unwrap()
    }

    #[test]
    fn years_are_those_of_the_calendar() {
        assert_eq!(at("2024-11-22T12:00:00+09:00").plus_years_in_japan(2), at("2026-11-22T12:00:00+09:00"));
        // 08:00 in Japan on 1 March is still 29 February in UTC.
        assert_eq!(at("2024-03-01T08:00:00+09:00").plus_years_in_japan(1), at("2025-03-01T08:00:00+09:00"));
        assert_eq!(at("2026-08-31T12:00:00+09:00").plus_months_in_japan(6), at("2027-02-28T12:00:00+09:00"));
        let far = UnixTime::from_seconds(i64::MAX - 5);
        assert_eq!(far.plus_years_in_japan(7), UnixTime::from_seconds(i64::MAX));
    }

    #[test]
    fn the_next_day_begins_at_midnight_in_japan() {
        assert_eq!(at("2026-11-22T23:50:00+09:00").next_day_in_japan(36_000), at("2026-11-23T10:00:00+09:00"));
        assert_eq!(at("2026-11-23T00:00:00+09:00").next_day_in_japan(0), at("2026-11-24T00:00:00+09:00"));
        assert_eq!(at("2026-11-22T23:50:00+09:00").second_of_day_in_japan(), 85_800);
        assert_eq!(UnixTime::from_seconds(-9 * 3600 - 1).second_of_day_in_japan(), 86_399);
    }
}
