//! What a holder typed against what a certificate says (ATTR-08, ATTR-09): match, mismatch, or a person looks. Nothing is ever
//! corrected, and nothing is split unless the holder confirms the split.

/// Old and new forms of one character; the certificate may carry either.
const VARIANTS: &[(char, char)] = &[
    ('髙', '高'),
    ('﨑', '崎'),
    ('邊', '辺'),
    ('邉', '辺'),
    ('濵', '浜'),
    ('濱', '浜'),
    ('澤', '沢'),
    ('廣', '広'),
    ('國', '国'),
    ('櫻', '桜'),
    ('德', '徳'),
    ('𠮷', '吉'),
    ('齋', '斎'),
    ('齊', '斉'),
    ('ヶ', 'ケ'),
    ('ｹ', 'ケ'),
];

const KANJI_DIGITS: &str = "〇一二三四五六七八九";

/// The result of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// The same, but for notation.
    Match,
    /// Different.
    Mismatch,
    /// Perhaps the same: a person looks.
    Review,
}

/// Compares names. `old_surname` is the 旧姓 the holder declared, if any: a name that matches with it is for a person to judge.
pub fn match_name(typed: &str, certified: &str, old_surname: Option<&str>) -> Matching {
    let (typed_parts, certified_parts) = (parts(typed), parts(certified));
    if plain_name(typed) == plain_name(certified) {
        return if typed_parts.is_empty() { Matching::Review } else { Matching::Match };
    }
    if let (Some(old), [_, given @ ..]) = (old_surname, &certified_parts[..])
        && typed_parts.concat() == format!("{}{}", parts(old).concat(), given.concat())
    {
        return Matching::Review;
    }
    Matching::Mismatch
}

/// Compares addresses after bringing 丁目, 番地, 番, 号 and digits into one form. One that goes further than the other (a
/// building, a room) is for a person to judge.
pub fn match_address(typed: &str, certified: &str) -> Matching {
    let (typed, certified) = (address(typed), address(certified));
    if typed.is_empty() || certified.is_empty() {
        return Matching::Review;
    }
    if typed == certified {
        return Matching::Match;
    }
    let (short, long) = if typed.len() < certified.len() { (&typed, &certified) } else { (&certified, &typed) };
    match long.strip_prefix(short.as_str()) {
        // `1-2` is no beginning of `1-23`.
        Some(rest) if !rest.starts_with(|it: char| it.is_ascii_digit()) => Matching::Review,
        _ => Matching::Mismatch,
    }
}

/// Whether a split of a one-string name may be used: the holder confirmed it, and the parts make up the whole (ATTR-08).
pub fn is_split_of(whole: &str, family: &str, given: &str, confirmed_by_holder: bool) -> bool {
    let bare = |text: &str| text.chars().filter(|it| !it.is_whitespace()).collect::<String>();
    confirmed_by_holder
        && !family.trim().is_empty()
        && !given.trim().is_empty()
        && bare(whole) == format!("{}{}", bare(family), bare(given))
}

/// A name in its plain form: no spaces, variants of a character as one. For comparing, never for showing.
pub(super) fn plain_name(text: &str) -> String {
    parts(text).concat()
}

fn parts(text: &str) -> Vec<String> {
    text.split_whitespace().map(|part| part.chars().map(plain).collect()).collect()
}

/// One character in its plain form: full-width Latin and digits narrow, variants of a character as one.
fn plain(character: char) -> char {
    let narrow = match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character).saturating_sub(0xfee0)).unwrap_or(character),
        other => other,
    };
    let narrow = narrow.to_ascii_uppercase();
    VARIANTS.iter().find(|(old, _)| *old == narrow).map_or(narrow, |(_, new)| *new)
}

fn address(text: &str) -> String {
    let characters: Vec<char> = text.chars().filter(|it| !it.is_whitespace()).map(plain).collect();
    let mut out = String::new();
    let mut rest: &[char] = &characters;
    while let Some(character) = rest.first() {
        let unit = ["丁目", "番地の", "番地", "番", "号", "の"]
            .into_iter()
            .find(|unit| out.ends_with(|it: char| it.is_ascii_digit()) && starts_with(rest, unit));
        if let Some(unit) = unit {
            out.push('-');
            rest = rest.get(unit.chars().count()..).unwrap_or_default();
            continue;
        }
        let run = rest.iter().take_while(|it| KANJI_DIGITS.contains(**it) || **it == '十').count();
        let after = rest.get(run..).unwrap_or_default();
        // Kanji numerals count as digits before a unit only: 三重県 keeps its 三.
        if run > 0 && ["丁目", "番地", "番", "号"].iter().any(|unit| starts_with(after, unit)) {
            out.push_str(&number(rest.get(..run).unwrap_or_default()));
            rest = after;
            continue;
        }
        out.push(if matches!(character, '‐' | '−' | '―' | '－') { '-' } else { *character });
        rest = rest.get(1..).unwrap_or_default();
    }
    while out.contains("--") {
        out = out.replace("--", "-");
    }
    out.trim_end_matches('-').to_owned()
}

fn starts_with(characters: &[char], text: &str) -> bool {
    text.chars().enumerate().all(|(at, it)| characters.get(at) == Some(&it))
}

/// 二十三 → 23, 二三 → 23, 十 → 10.
fn number(kanji: &[char]) -> String {
    let digit = |it: &char| KANJI_DIGITS.chars().position(|digit| digit == *it).unwrap_or(0);
    match kanji.iter().position(|it| *it == '十') {
        None => kanji.iter().map(|it| digit(it).to_string()).collect(),
        Some(ten) => {
            let tens = if ten == 0 { 1 } else { kanji.iter().take(ten).fold(0, |sum, it| sum * 10 + digit(it)) };
            let ones = kanji.iter().skip(ten + 1).fold(0, |sum, it| sum * 10 + digit(it));
            (tens * 10 + ones).to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notation_makes_no_difference_and_nothing_is_corrected_attr_09() {
        for (typed, certified, expected) in [
            ("見本 太郎", "見本　太郎", Matching::Match),
            ("髙橋花子", "高橋 花子", Matching::Match),
            ("ＴＥＳＴ　ＴＡＲＯ", "Test Taro", Matching::Match),
            ("見本 太朗", "見本 太郎", Matching::Mismatch),
            ("太郎 見本", "見本 太郎", Matching::Mismatch),
            ("", "", Matching::Review),
        ] {
            assert_eq!(match_name(typed, certified, None), expected, "{typed} {certified}");
        }
        assert_eq!(match_name("旧川 花子", "見本 花子", Some("旧川")), Matching::Review);
        assert_eq!(match_name("旧川 花代", "見本 花子", Some("旧川")), Matching::Mismatch);
    }

    #[test]
    fn addresses_are_compared_in_one_notation_attr_09() {
        for (typed, certified, expected) in [
            ("東京都千代田区見本町１丁目２番３号", "東京都千代田区見本町一丁目２－３", Matching::Match),
            ("見本町1-2-3", "見本町一丁目２番地の３", Matching::Match),
            ("見本町二十三番地", "見本町23", Matching::Match),
            ("三重県見本市1番", "三重県見本市1", Matching::Match),
            ("見本町1-2-3 見本荘101", "見本町1-2-3", Matching::Review),
            ("見本町1-2", "見本町1-23", Matching::Mismatch),
            ("見本町1-2-3", "見本町1-2-4", Matching::Mismatch),
        ] {
            assert_eq!(match_address(typed, certified), expected, "{typed} {certified}");
        }
    }

    #[test]
    fn a_name_is_split_only_as_the_holder_confirms_attr_08() {
        assert!(is_split_of("見本　太郎", "見本", "太郎", true));
        assert!(!is_split_of("見本　太郎", "見本", "太郎", false));
        assert!(!is_split_of("見本太郎", "見", "太郎", true));
        assert!(!is_split_of("見本太郎", "見本太郎", "", true));
    }
}
