//! 個人番号 (My Number) in text: to refuse it before it is stored, and for nothing else (LAW-40 to LAW-42).
//!
//! Found is a run of exactly twelve digits whose check digit fits: half-width or full-width, written together or in groups
//! that one and the same separator parts. A hexadecimal identifier that happens to hold such a run is none. About two of
//! eleven other numbers of twelve digits fit by chance and are refused too, which is the safe side. Digits in kanji or in a
//! picture are not found.

/// The check digit of the eleven digits before it (LAW-42): P₁ is the digit next to it.
///
/// ```
/// use honnin::vault::check_digit;
/// assert_eq!(check_digit([1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]), 8);
/// ```
pub fn check_digit(digits: [u8; 11]) -> u8 {
    let sum: u32 = digits
        .iter()
        .rev()
        .zip(1_u32..)
        .map(|(digit, n)| u32::from(*digit).saturating_mul(if n <= 6 { n + 1 } else { n - 5 }))
        .sum();
    match sum % 11 {
        0 | 1 => 0,
        r => u8::try_from(11 - r).unwrap_or(0),
    }
}

/// Longest run of one separator between two groups.
const MAXIMUM_SEPARATORS: usize = 2;

/// Shortest token of hexadecimal digits that is taken for an identifier.
const IDENTIFIER_LENGTH: usize = 16;

/// Whether a My Number stands in the text.
///
/// ```
/// use honnin::vault::contains_my_number;
/// assert!(contains_my_number("番号は１２３４-５６７８-９０１８です"));
/// assert!(!contains_my_number("1234-5678-9012"), "the check digit does not fit");
/// ```
pub fn contains_my_number(text: &str) -> bool {
    let characters: Vec<char> = text.chars().map(half_width).collect();
    (0..characters.len()).any(|start| {
        let begins = |at: usize| characters.get(at).is_some_and(char::is_ascii_digit);
        let before = start.checked_sub(1).is_some_and(begins);
        begins(start) && !before && number_at(&characters, start) && !is_in_identifier(&characters, start)
    })
}

/// The same for bytes that may be text, such as an upload. What is no UTF-8 parts what stands before it from what follows.
pub fn contains_my_number_in(bytes: &[u8]) -> bool {
    contains_my_number(&String::from_utf8_lossy(bytes))
}

/// Whether exactly twelve digits that fit begin here, all of them parted alike or not at all.
fn number_at(characters: &[char], start: usize) -> bool {
    let mut digits = Vec::with_capacity(12);
    let mut separator = None;
    let mut at = start;
    loop {
        match characters.get(at).copied() {
            Some(digit) if digit.is_ascii_digit() => {
                if digits.len() == 12 {
                    return false;
                }
                digits.extend(digit.to_digit(10).and_then(|digit| u8::try_from(digit).ok()));
                at = at.saturating_add(1);
            }
            other => {
                // A separator counts when another digit follows; what follows the last group does not matter.
                let run = other.filter(|it| is_separator(*it)).map_or(0, |it| {
                    characters.iter().skip(at).take(MAXIMUM_SEPARATORS).take_while(|next| **next == it).count()
                });
                let next = at.saturating_add(run);
                let goes_on = run > 0 && characters.get(next).is_some_and(char::is_ascii_digit);
                let alike = separator.is_none() || separator == other;
                if digits.len() == 12 && !(goes_on && separator.is_some() && alike) {
                    return fits(&digits);
                }
                if !goes_on || !alike {
                    return false;
                }
                separator = other;
                at = next;
            }
        }
    }
}

fn fits(digits: &[u8]) -> bool {
    matches!(digits.split_last_chunk::<1>(), Some((before, [last]))
        if <[u8; 11]>::try_from(before).is_ok_and(|before| check_digit(before) == *last))
}

/// A long token of lower-case hexadecimal digits with a letter in it: a digest, a challenge, a case number.
fn is_in_identifier(characters: &[char], start: usize) -> bool {
    let is_part = |it: &&char| it.is_ascii_alphanumeric();
    let before = characters.get(..start).unwrap_or_default().iter().rev().take_while(is_part);
    let after = characters.get(start..).unwrap_or_default().iter().take_while(is_part);
    let token: Vec<&char> = before.chain(after).collect();
    token.len() >= IDENTIFIER_LENGTH
        && token.iter().all(|it| matches!(it, '0'..='9' | 'a'..='f'))
        && token.iter().any(|it| it.is_ascii_lowercase())
}

fn half_width(character: char) -> char {
    match character {
        '\u{FF10}'..='\u{FF19}' => {
            let digit = u32::from(character).saturating_sub(0xFF10);
            char::from_digit(digit, 10).unwrap_or(character)
        }
        '\u{3000}' | '\u{00A0}' | '\t' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}' | '\u{30FC}' | '\u{FF70}' | '_' => '-',
        '\u{FF0E}' | '\u{30FB}' | '\u{FF65}' | '\u{00B7}' => '.',
        other => other,
    }
}

fn is_separator(character: char) -> bool {
    matches!(character, ' ' | '-' | '.' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_follows_the_formula_law_42() {
        // Worked out by hand with the formula of LAW-42.
        for (digits, expected) in [
            ([1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1], 8),
            ([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 9], 3),
            ([0; 11], 0),
            ([2, 0, 2, 6, 1, 1, 2, 2, 1, 2, 0], 9),
            ([1; 11], 8),
        ] {
            assert_eq!(check_digit(digits), expected, "{digits:?}");
        }
    }

    #[test]
    fn a_number_is_found_however_it_is_written_law_41() {
        for text in [
            "123456789018",
            "マイナンバー:123456789018です",
            "１２３４５６７８９０１８",
            "1234 5678 9018",
            "1234-5678-9018",
            "１２３４－５６７８－９０１８",
            "1234　5678　9018",
            "1234ー5678ー9018",
            "123・456・789・018",
            "No123456789018.",
            "1 2 3 4 5 6 7 8 9 0 1 8",
            "1234  5678  9018",
            "x\n123456789018\ny",
            "{\"occupation\":\"123456789018\"}",
            "aa 999 123456789018",
            "123456789018 2026",
            "1234-5678-9018 2026",
        ] {
            assert!(contains_my_number(text), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_left_alone() {
        for text in [
            "",
            "123456789012",
            "1234567890180",
            "0123456789018",
            "12345678901",
            "1234-5678-9012",
            "090-1234-5678",
            "2026-11-22 1234",
            "1234-5678 9018",
            "会社員",
            // A digest and a challenge may hold the run by chance.
            "ab123456789018cdef0123",
            "case_0f123456789018aabbccdd0123456789",
        ] {
            assert!(!contains_my_number(text), "{text}");
        }
    }

    #[test]
    fn an_upload_is_looked_into_as_it_is() {
        let upload = [&b"\xFF\xFE\x00"[..], b"id=123456789018", b"\x00\xFF"].concat();
        assert!(contains_my_number_in(&upload));
        assert!(!contains_my_number_in(b"\xFF\xFE\x00id=123456789012"));
    }
}
