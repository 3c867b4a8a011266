//! Instants and validity periods, in whole seconds. Deliberately not a clock: nothing here reads the time of day.

mod japan;

use std::fmt;
use std::str::FromStr;

/// Seconds since 1970-01-01T00:00:00Z, negative before it (PKITS 4.2.3 has a certificate of 1950).
///
/// Written and read as RFC 3339; always written in UTC with a `Z`.
///
/// ```
/// use honnin::time::UnixTime;
/// let at: UnixTime = "2026-11-22T12:00:05+09:00".parse().unwrap();
/// assert_eq!(at.to_string(), "2026-11-22T03:00:05Z");
/// assert_eq!(at.plus_seconds(60).to_string(), "2026-11-22T03:01:05Z");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(i64);

impl UnixTime {
    /// The instant this many seconds after the epoch.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since the epoch.
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// This instant moved by `seconds` (backwards when negative), stopping at the ends of the range.
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// This instant on the wall clock of Japan, `YYYY-MM-DDThh:mm:ss+09:00`, as people and the API read it (kyc.md API-10).
    pub fn in_japan(self) -> String {
        let shifted = Self(self.0.saturating_add(9 * 3600)).to_string();
        format!("{}+09:00", shifted.trim_end_matches('Z'))
    }
}

impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = usual_form(self.0) {
            return f.write_str(std::str::from_utf8(&text).unwrap_or_default());
        }
        match jiff::Timestamp::from_second(self.0) {
            Ok(instant) => write!(f, "{instant:.0}"),
            // Outside the years -9999…9999 there is no RFC 3339 form; the number is still the truth.
            Err(_) => write!(f, "@{}", self.0),
        }
    }
}

/// `YYYY-MM-DDThh:mm:ssZ`, for the years 0 to 9999. Every verdict tells instants, and a general printer takes ten times as long.
fn usual_form(seconds: i64) -> Option<[u8; 20]> {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Counted from 1 March of the year 0, so that the leap day comes last; 146,097 days are 400 years.
    let days = days.checked_add(719_468)?;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = (era * 400 + year + month / 10, (month + 2) % 12 + 1);
    if !(0..=9999).contains(&year) {
        return None;
    }
    let mut text = *b"0000-00-00T00:00:00Z";
    let mut put = |at: usize, number: i64| {
        for (place, digit) in [(at, number / 10), (at + 1, number % 10)] {
            if let (Some(place), Ok(digit)) = (text.get_mut(place), u8::try_from(digit)) {
                *place += digit;
            }
        }
    };
    for (at, number) in [(0, year / 100), (2, year % 100), (5, month), (8, day)] {
        put(at, number);
    }
    for (at, number) in [(11, second / 3600), (14, second / 60 % 60), (17, second % 60)] {
        put(at, number);
    }
    Some(text)
}

/// The text was not an RFC 3339 instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 instant (expected a form like 2026-11-22T12:00:05+09:00)")]
pub struct NotAnInstant;

impl FromStr for UnixTime {
    type Err = NotAnInstant;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // jiff reads more than RFC 3339 (bracketed zones, no seconds); the contract names RFC 3339 only.
        let strict = text.len() >= 20
            && text.as_bytes().get(10).is_some_and(|b| matches!(b, b'T' | b't'))
            && !text.contains('[');
        let instant: jiff::Timestamp =
            if strict { text.parse().map_err(|_| NotAnInstant)? } else { return Err(NotAnInstant) };
        Ok(Self(instant.as_second()))
    }
}

impl serde::Serialize for UnixTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for UnixTime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A certificate's validity period, both ends included (RFC 5280 §4.1.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Validity {
    /// First second at which the certificate is valid.
    pub not_before: UnixTime,
    /// Last second at which the certificate is valid.
    pub not_after: UnixTime,
}

/// Where an instant lies against a [`Validity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Before the first valid second.
    NotYetValid,
    /// Inside the period, ends included.
    Within,
    /// After the last valid second.
    Expired,
}

impl Validity {
    /// Where `at` lies against this period.
    pub fn position(&self, at: UnixTime) -> Position {
        if at < self.not_before {
            Position::NotYetValid
        } else if at > self.not_after {
            Position::Expired
        } else {
            Position::Within
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_only_rfc_3339() {
        assert_eq!("2026-11-22T03:00:00Z".parse::<UnixTime>().unwrap().seconds(), 1_795_316_400);
        for bad in [
            "",
            "2026-11-22",
            "2026-11-22 03:00:00Z",
            "2026-11-22T03:00:00",
            "yesterday",
            "2026-11-22T03:00:00[Asia/Tokyo]",
        ] {
            assert_eq!(bad.parse::<UnixTime>(), Err(NotAnInstant), "{bad}");
        }
    }

    #[test]
    fn instants_are_written_as_jiff_writes_them() {
        // Every day of the years 0 to 9999 in the long run, at another second each; in the short run a sample.
        let step = if std::env::var_os("HONNIN_TEST_LONG").is_some() { 1 } else { 97 };
        for day in (-719_528..2_932_897_i64).step_by(step) {
            for seconds in [day * 86_400, day * 86_400 + day.rem_euclid(86_400)] {
                let written = format!("{:.0}", jiff::Timestamp::from_second(seconds).unwrap());
                assert_eq!(UnixTime::from_seconds(seconds).to_string(), written);
            }
        }
        for beyond in [-719_529, 2_932_897] {
            assert_eq!(usual_form(beyond * 86_400), None);
        }
        assert_eq!(UnixTime::from_seconds(i64::MAX).to_string(), format!("@{}", i64::MAX));
    }

    #[test]
    fn both_ends_of_a_validity_are_valid() {
        let t = UnixTime::from_seconds;
        let validity = Validity { not_before: t(10), not_after: t(20) };
        assert_eq!(validity.position(t(9)), Position::NotYetValid);
        assert_eq!(validity.position(t(10)), Position::Within);
        assert_eq!(validity.position(t(20)), Position::Within);
        assert_eq!(validity.position(t(21)), Position::Expired);
    }

    #[test]
    fn japan_is_nine_hours_ahead() {
        assert_eq!("2026-11-22T03:00:05Z".parse::<UnixTime>().unwrap().in_japan(), "2026-11-22T12:00:05+09:00");
        assert_eq!("2026-12-31T15:00:00Z".parse::<UnixTime>().unwrap().in_japan(), "2027-01-01T00:00:00+09:00");
    }
}
