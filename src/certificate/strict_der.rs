//! A reader of DER that refuses BER: minimal definite lengths, minimal integers, one form for every value (X.690 §10, §11).

use crate::time::UnixTime;

/// How deep elements may nest in one that is checked, whatever it is, before they are taken for an attack.
const MAXIMUM_DEPTH: usize = 16;

/// The bit of a tag that says that the content is elements.
const CONSTRUCTED: u8 = 0x20;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0A;
pub(crate) const UTF8_STRING: u8 = 0x0C;
pub(crate) const IA5_STRING: u8 = 0x16;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// The tag `[number]` of a context-specific element that wraps others.
pub(crate) const fn constructed(number: u8) -> u8 {
    0xA0 | number
}

/// The tag `[number]` of a context-specific element that holds a value.
pub(crate) const fn primitive(number: u8) -> u8 {
    0x80 | number
}

/// Why bytes are not DER, or not the DER that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DerError {
    /// The bytes end before the element does.
    #[error("cut short: {expected} bytes announced, {found} there")]
    Truncated {
        /// Bytes the element needs.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
    /// A length that is indefinite, not minimal, or larger than any document here.
    #[error("a length is not in DER form")]
    Length,
    /// Something follows where nothing may.
    #[error("{bytes} bytes too many")]
    TrailingData {
        /// How many.
        bytes: usize,
    },
    /// Another element than the one that belongs here.
    #[error("unexpected element (tag {found:#04x}, expected {expected:#04x})")]
    Tag {
        /// The tag that belongs here.
        expected: u8,
        /// The tag that is here.
        found: u8,
    },
    /// A value that DER does not allow, or that its type does not.
    #[error("a {0} is malformed")]
    Value(&'static str),
    /// Elements nest deeper than any document here.
    #[error("elements nest too deep")]
    TooDeep,
}

/// One element: its tag, its content, and all of its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) content: &'a [u8],
    pub(crate) whole: &'a [u8],
}

/// Tag, length of header and of content of the element at the start of `bytes`, whether or not the content is all there.
pub(crate) fn header(bytes: &[u8]) -> Result<(u8, usize, usize), DerError> {
    let cut = DerError::Truncated { expected: 2, found: bytes.len() };
    let (tag, first) = (*bytes.first().ok_or(cut)?, *bytes.get(1).ok_or(cut)?);
    if tag & 0x1F == 0x1F {
        return Err(DerError::Value("tag"));
    }
    if first < 0x80 {
        return Ok((tag, 2, usize::from(first)));
    }
    let octets = usize::from(first & 0x7F);
    if octets == 0 || octets > 4 {
        return Err(DerError::Length);
    }
    let digits = bytes.get(2..2 + octets).ok_or(DerError::Truncated { expected: 2 + octets, found: bytes.len() })?;
    let length = digits.iter().fold(0usize, |length, digit| length << 8 | usize::from(*digit));
    // X.690 §10.1: the shortest form, so no leading zero and no long form for what fits the short one.
    if digits.first() == Some(&0) || length < 0x80 {
        return Err(DerError::Length);
    }
    Ok((tag, 2 + octets, length))
}

/// Reads elements one after another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// What has not been read yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.0
    }

    /// The next element if it is a short one with this tag, as nearly all of them are; else nothing is read.
    #[inline]
    fn short(&mut self, tag: u8) -> Option<&'a [u8]> {
        let [found, length @ ..0x80, rest @ ..] = self.0 else { return None };
        let (content, rest) = rest.split_at_checked(usize::from(*length)).filter(|_| *found == tag)?;
        self.0 = rest;
        Some(content)
    }

    pub(crate) fn element(&mut self) -> Result<Element<'a>, DerError> {
        let (tag, start, length) = header(self.0)?;
        let end = start.checked_add(length).ok_or(DerError::Length)?;
        let truncated = DerError::Truncated { expected: end, found: self.0.len() };
        let (whole, rest) = self.0.split_at_checked(end).ok_or(truncated)?;
        self.0 = rest;
        Ok(Element { tag, content: whole.get(start..).unwrap_or_default(), whole })
    }

    /// The next element, of whatever type, once it is known to be DER through and through: for what nobody else takes apart.
    pub(crate) fn any(&mut self) -> Result<Element<'a>, DerError> {
        let element = self.element()?;
        check_value(element.tag, element.content)?;
        if element.tag & CONSTRUCTED != 0 {
            check(element.whole)?;
        }
        Ok(element)
    }

    /// The next element, which must have this tag.
    pub(crate) fn expect_element(&mut self, tag: u8) -> Result<Element<'a>, DerError> {
        match self.peek() {
            Some(found) if found != tag => Err(DerError::Tag { expected: tag, found }),
            _ => self.element(),
        }
    }

    /// Content of the next element, which must have this tag.
    #[inline]
    pub(crate) fn expect(&mut self, tag: u8) -> Result<&'a [u8], DerError> {
        match self.short(tag) {
            Some(content) => Ok(content),
            None => self.expect_element(tag).map(|element| element.content),
        }
    }

    /// Content of the next element if it has this tag.
    #[inline]
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<&'a [u8]>, DerError> {
        if self.peek() == Some(tag) { self.expect(tag).map(Some) } else { Ok(None) }
    }

    /// A reader of the content of the next element, which must have this tag.
    #[inline]
    pub(crate) fn nested(&mut self, tag: u8) -> Result<Self, DerError> {
        self.expect(tag).map(Self)
    }

    /// Nothing may be left.
    pub(crate) fn finish(&self) -> Result<(), DerError> {
        if self.0.is_empty() { Ok(()) } else { Err(DerError::TrailingData { bytes: self.0.len() }) }
    }
}

/// The content of the one element with this tag that `bytes` must be.
pub(crate) fn only(bytes: &[u8], tag: u8) -> Result<&[u8], DerError> {
    let mut reader = Reader::new(bytes);
    let content = reader.expect(tag)?;
    reader.finish()?;
    Ok(content)
}

/// Checks that `bytes` are DER elements through and through, as far as universal types tell.
pub(crate) fn check(bytes: &[u8]) -> Result<(), DerError> {
    // What is left to read of the elements around the one that is being read.
    let mut around: [&[u8]; MAXIMUM_DEPTH] = [&[]; MAXIMUM_DEPTH];
    let mut depth = 0_usize;
    let mut reader = Reader::new(bytes);
    loop {
        let Some(tag) = reader.peek() else {
            let Some(outside) = depth.checked_sub(1) else { return Ok(()) };
            depth = outside;
            reader = Reader::new(around.get(outside).copied().unwrap_or_default());
            continue;
        };
        // A tag of more octets is refused by `header`, as a long element is read by it.
        let short = if tag & 0x1F == 0x1F { None } else { reader.short(tag) };
        let content = match short {
            Some(content) => content,
            None => reader.element()?.content,
        };
        check_value(tag, content)?;
        if tag & CONSTRUCTED != 0 {
            *around.get_mut(depth).ok_or(DerError::TooDeep)? = reader.rest();
            depth += 1;
            reader = Reader::new(content);
        }
    }
}

#[inline]
fn check_value(tag: u8, content: &[u8]) -> Result<(), DerError> {
    match tag {
        BOOLEAN => boolean(content).map(drop),
        INTEGER | ENUMERATED => integer(content).map(drop),
        BIT_STRING => bit_string(content).map(drop),
        NULL if !content.is_empty() => Err(DerError::Value("NULL")),
        OBJECT_IDENTIFIER => object_identifier(content).map(drop),
        UTC_TIME | GENERALIZED_TIME => time(tag, content).map(drop),
        SEQUENCE | SET => Ok(()),
        // Of the universal types only SEQUENCE and SET are constructed, and they always are (X.690 §8.9, §10.2).
        0x10 | 0x11 | 0x20..=0x2F | 0x32..=0x3F => Err(DerError::Value("constructed string")),
        _ => Ok(()),
    }
}

/// A BOOLEAN: `00` or `FF` (X.690 §11.1).
#[inline]
pub(crate) fn boolean(content: &[u8]) -> Result<bool, DerError> {
    match content {
        [0x00] => Ok(false),
        [0xFF] => Ok(true),
        _ => Err(DerError::Value("BOOLEAN")),
    }
}

/// The content of an INTEGER, once it is known to be minimal (X.690 §8.3.2).
#[inline]
pub(crate) fn integer(content: &[u8]) -> Result<&[u8], DerError> {
    match content {
        [] | [0x00, 0x00..=0x7F, ..] | [0xFF, 0x80..=0xFF, ..] => Err(DerError::Value("INTEGER")),
        _ => Ok(content),
    }
}

/// A non-negative INTEGER that fits 32 bits; larger ones stop at the largest.
pub(crate) fn small_integer(content: &[u8]) -> Result<u32, DerError> {
    let content = integer(content)?;
    if content.first().is_some_and(|first| first & 0x80 != 0) {
        return Err(DerError::Value("non-negative INTEGER"));
    }
    if content.len() > 5 {
        return Ok(u32::MAX);
    }
    let value = content.iter().fold(0u64, |value, byte| value << 8 | u64::from(*byte));
    Ok(u32::try_from(value).unwrap_or(u32::MAX))
}

/// The bytes of a BIT STRING and how many of its last bits are unused; unused bits are zero (X.690 §11.2).
#[inline]
pub(crate) fn bit_string(content: &[u8]) -> Result<(&[u8], u8), DerError> {
    let (unused, bits) = content.split_first().ok_or(DerError::Value("BIT STRING"))?;
    let clean = match bits.last() {
        None => *unused == 0,
        Some(last) => *unused < 8 && last & !(0xFFu8 << unused) == 0,
    };
    if clean { Ok((bits, *unused)) } else { Err(DerError::Value("BIT STRING")) }
}

/// The content of a BIT STRING that holds whole octets, as keys and signatures do.
pub(crate) fn octets_of_bits(content: &[u8]) -> Result<&[u8], DerError> {
    match bit_string(content)? {
        (octets, 0) => Ok(octets),
        _ => Err(DerError::Value("BIT STRING of whole octets")),
    }
}

/// A BIT STRING of named bits as a number with bit 0 lowest; no trailing zero bits (X.690 §11.2.2), 16 bits at most.
pub(crate) fn named_bits(content: &[u8]) -> Result<u16, DerError> {
    let (bits, unused) = bit_string(content)?;
    if bits.last().is_some_and(|last| last >> unused & 1 == 0) {
        return Err(DerError::Value("BIT STRING of named bits"));
    }
    let bit = |number: usize| bits.get(number / 8).is_some_and(|byte| byte & (0x80 >> (number % 8)) != 0);
    Ok((0..16).filter(|number| bit(*number)).fold(0, |named, number| named | 1 << number))
}

/// The content of an OBJECT IDENTIFIER, once its arcs are known to be minimal and complete (X.690 §8.19).
#[inline]
pub(crate) fn object_identifier(content: &[u8]) -> Result<&[u8], DerError> {
    let complete = content.last().is_some_and(|last| last & 0x80 == 0);
    // An arc that begins with this octet is not minimal.
    let padded = content.contains(&0x80) && {
        let before = std::iter::once(&0).chain(content);
        before.zip(content).any(|(before, octet)| before & 0x80 == 0 && *octet == 0x80)
    };
    if complete && !padded { Ok(content) } else { Err(DerError::Value("OBJECT IDENTIFIER")) }
}

/// A UTCTime or GeneralizedTime in the one form RFC 5280 §4.1.2.5 allows: seconds, `Z`, no fraction.
#[inline]
pub(crate) fn time(tag: u8, content: &[u8]) -> Result<UnixTime, DerError> {
    match (tag, content) {
        (UTC_TIME, content) => utc_time(content).ok_or(DerError::Value("time")),
        (GENERALIZED_TIME, [c, d, y, z, rest @ .., b'Z']) => moment(pair(*c, *d)? * 100 + pair(*y, *z)?, rest),
        _ => Err(DerError::Value("time")),
    }
}

/// The content of a UTCTime, `YYMMDDhhmmssZ`, all digits at once: a list has millions of them.
// Into its callers: one that only wants to know whether it is a time then need not compute which.
#[inline(always)]
pub(crate) fn utc_time(content: &[u8]) -> Option<UnixTime> {
    const DIGITS: u64 = 0x3030_3030_3030_3030;
    const HIGH: u64 = 0xF0F0_F0F0_F0F0_F0F0;
    const TOP: u64 = 0x8000_8000_8000_8000;
    let [.., b'Z'] = content.get(..13)? else { return None };
    let (date, time) = (content.get(..8)?.try_into().ok()?, content.get(4..12)?.try_into().ok()?);
    let (date, time) = (u64::from_le_bytes(date), u64::from_le_bytes(time));
    // `0` to `9` have 3 as their upper half, also with six added; what has so before has no carry.
    let digits = |it: u64| it & HIGH == DIGITS && it.wrapping_add(0x0606_0606_0606_0606) & HIGH == DIGITS;
    if content.len() != 13 || !digits(date) || !digits(time) {
        return None;
    }
    // Four numbers of two digits, each in its 16 bits, the first lowest.
    let numbers = |it: u64| (it & 0x000F_000F_000F_000F) * 10 + ((it >> 8) & 0x000F_000F_000F_000F);
    let (date, time) = (numbers(date), numbers(time));
    // Year, month, day, hour; then day again, hour, minute, second. None above its limit, no month and no day below one.
    let at_most = |limits: u64, it: u64| (limits | TOP).wrapping_sub(it) & TOP == TOP;
    let bounded = at_most(0x0017_001F_000C_0063, date) && at_most(0x003B_003B_0017_001F, time);
    if !bounded || date.wrapping_add(0x0000_7FFF_7FFF_0000) & 0x0000_8000_8000_0000 != 0x0000_8000_8000_0000 {
        return None;
    }
    let lane = |it: u64, number: u32| i64::from(it.to_le_bytes()[(2 * number as usize) & 7]);
    let (year, month, day) = (lane(date, 0), lane(date, 1), lane(date, 2));
    // RFC 5280 §4.1.2.5.1: 50 to 99 are of the twentieth century.
    let year = if year < 50 { 2000 + year } else { 1900 + year };
    if day > 28 && day > days_of(year, month) {
        return None;
    }
    let seconds = lane(time, 1) * 3600 + lane(time, 2) * 60 + lane(time, 3);
    Some(UnixTime::from_seconds(days_since_epoch(year, month, day) * 86_400 + seconds))
}

/// Two decimal digits.
#[inline]
fn pair(tens: u8, ones: u8) -> Result<i64, DerError> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    if tens > 9 || ones > 9 { Err(DerError::Value("time")) } else { Ok(i64::from(tens) * 10 + i64::from(ones)) }
}

/// `MMDDhhmmss` of a year.
#[inline]
fn moment(year: i64, rest: &[u8]) -> Result<UnixTime, DerError> {
    let &[m, n, d, e, h, i, p, q, s, t] = rest else { return Err(DerError::Value("time")) };
    let (month, day, hour, minute, second) = (pair(m, n)?, pair(d, e)?, pair(h, i)?, pair(p, q)?, pair(s, t)?);
    if !(1..=12).contains(&month) || day < 1 || day > days_of(year, month) || hour > 23 || minute > 59 || second > 59 {
        return Err(DerError::Value("time"));
    }
    Ok(UnixTime::from_seconds(days_since_epoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second))
}

/// Days of a month in the Gregorian calendar.
pub(crate) fn days_of(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[inline]
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    // Years counted from March, so that the leap day comes last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_ber() {
        for (why, bytes) in [
            ("indefinite length", &[0x30, 0x80, 0x00, 0x00][..]),
            ("long form for a short length", &[0x04, 0x81, 0x01, 0xAA]),
            ("leading zero in a length", &[0x04, 0x82, 0x00, 0x80]),
            ("boolean 01", &[0x01, 0x01, 0x01]),
            ("integer with a needless zero", &[0x02, 0x02, 0x00, 0x01]),
            ("integer with a needless FF", &[0x02, 0x02, 0xFF, 0x80]),
            ("empty integer", &[0x02, 0x00]),
            ("unused bits set", &[0x03, 0x02, 0x01, 0x01]),
            ("nine unused bits", &[0x03, 0x02, 0x09, 0x00]),
            ("constructed octet string", &[0x24, 0x03, 0x04, 0x01, 0x00]),
            ("primitive sequence", &[0x10, 0x00]),
            ("unfinished arc", &[0x06, 0x01, 0x80]),
            ("cut short", &[0x30, 0x03, 0x02, 0x01]),
        ] {
            assert!(check(bytes).is_err(), "{why}");
        }
        assert_eq!(check(&[0x30, 0x06, 0x02, 0x01, 0xFF, 0x01, 0x01, 0x00]), Ok(()));
    }

    #[test]
    fn nesting_is_bounded() {
        let mut bytes = vec![0x30, 0x00];
        for _ in 0..60 {
            bytes.splice(0..0, [0x30, u8::try_from(bytes.len()).unwrap()]);
        }
        assert_eq!(check(&bytes), Err(DerError::TooDeep));
    }

    #[test]
    fn times_are_those_of_the_calendar() {
        let at = |text: &str| text.parse::<UnixTime>().unwrap();
        assert_eq!(time(UTC_TIME, b"251027013542Z"), Ok(at("2025-10-27T01:35:42Z")));
        assert_eq!(time(UTC_TIME, b"500101000000Z"), Ok(at("1950-01-01T00:00:00Z")));
        assert_eq!(time(UTC_TIME, b"491231235959Z"), Ok(at("2049-12-31T23:59:59Z")));
        assert_eq!(time(GENERALIZED_TIME, b"20000229120000Z"), Ok(at("2000-02-29T12:00:00Z")));
        assert_eq!(time(GENERALIZED_TIME, b"00010101000000Z"), Ok(at("0001-01-01T00:00:00Z")));
        for bad in [&b"2510270135Z"[..], b"250229013542Z", b"251327013542Z", b"251027243542Z", b"2510270135420"] {
            assert!(time(UTC_TIME, bad).is_err(), "{bad:?}");
        }
        assert!(time(GENERALIZED_TIME, b"20251027013542.5Z").is_err());
    }

    #[test]
    fn every_digit_of_a_time_counts() {
        // What `moment` says of the same digits behind a century of four digits, for every octet in every place.
        for good in [b"260228235959Z", b"240229000000Z", b"991231010203Z", b"000430112233Z"] {
            for place in 0..13 {
                for octet in 0..=255 {
                    let mut changed = *good;
                    changed[place] = octet;
                    let century: &[u8] = if changed[0] < b'5' { b"20" } else { b"19" };
                    let long = [century, &changed].concat();
                    let (short, long) = (time(UTC_TIME, &changed), time(GENERALIZED_TIME, &long));
                    assert_eq!(short, long, "{place} {octet}");
                }
            }
        }
    }

    #[test]
    fn named_bits_count_from_the_left() {
        assert_eq!(named_bits(&[0x06, 0xC0]), Ok(0b11));
        assert_eq!(named_bits(&[0x07, 0x00, 0x80]), Ok(1 << 8));
        assert_eq!(named_bits(&[0x00]), Ok(0));
        assert!(named_bits(&[0x05, 0xC0]).is_err(), "trailing zero bit");
    }
}
