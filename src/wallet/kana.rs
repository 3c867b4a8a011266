//! Kana names as banks compare them: full and half width, long marks, voiced marks (ATTR-04).

/// Half-width katakana U+FF66…U+FF9D in full width.
const FULL_WIDTH: &str =
    "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";

/// A kana name in one form: full-width katakana, voiced marks joined, every long mark `ー`, one space between names.
///
/// ```
/// use honnin::wallet::normalise_kana;
/// assert_eq!(normalise_kana("ﾐﾎﾝ ﾀﾛｰ"), normalise_kana("ミホン　タロー"));
/// ```
pub fn normalise(text: &str) -> String {
    let mut out: Vec<char> = Vec::new();
    for character in text.trim().chars() {
        let character = match character {
            '\u{3000}' | ' ' | '\u{a0}' => ' ',
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' | '\u{30fc}' | '\u{ff70}' => 'ー',
            '\u{ff9e}' | '\u{3099}' | '\u{309b}' => '\u{3099}',
            '\u{ff9f}' | '\u{309a}' | '\u{309c}' => '\u{309a}',
            '\u{ff66}'..='\u{ff9d}' => {
                let index = u32::from(character).saturating_sub(0xff66);
                usize::try_from(index).ok().and_then(|index| FULL_WIDTH.chars().nth(index)).unwrap_or(character)
            }
            // ぁ…ゖ stand 0x60 before ァ…ヶ.
            '\u{3041}'..='\u{3096}' => char::from_u32(u32::from(character).saturating_add(0x60)).unwrap_or(character),
            other => other,
        };
        match character {
            ' ' if out.last() == Some(&' ') => {}
            mark @ ('\u{3099}' | '\u{309a}') => {
                let joined = out.last().and_then(|base| voiced(*base, mark == '\u{309a}'));
                match joined {
                    Some(joined) => {
                        out.pop();
                        out.push(joined);
                    }
                    None => out.push(mark),
                }
            }
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}

/// Whether two kana names are one.
pub fn is_same_name(one: &str, other: &str) -> bool {
    normalise(one) == normalise(other)
}

/// Whether this can be a kana name: katakana in any width, long marks, and spaces between.
pub fn is_kana_name(text: &str) -> bool {
    let name = normalise(text);
    !name.is_empty()
        && name.chars().count() <= 100
        && name.chars().all(|it| matches!(it, '\u{30a1}'..='\u{30fa}' | 'ー' | '・' | ' '))
}

/// The voiced (or half-voiced) letter.
fn voiced(base: char, half: bool) -> Option<char> {
    let shift = |by: u32| char::from_u32(u32::from(base).saturating_add(by));
    match (base, half) {
        ('ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ', true) => shift(2),
        ('ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ', false) => shift(1),
        (
            'カ' | 'キ' | 'ク' | 'ケ' | 'コ' | 'サ' | 'シ' | 'ス' | 'セ' | 'ソ' | 'タ' | 'チ' | 'ツ' | 'テ' | 'ト',
            false,
        ) => shift(1),
        ('ウ', false) => Some('ヴ'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_long_marks_and_voiced_marks_make_no_difference_attr_04() {
        for (one, other) in [
            ("ﾔﾏﾀﾞ ﾊﾅｺ", "ヤマダ　ハナコ"),
            ("ﾊﾟｰﾄﾞﾗ", "パードラ"),
            ("ジョ‐ジ", "ジョージ"),
            ("か\u{3099}く", "ガク"),
            ("ｳﾞｨｵﾗ", "ヴィオラ"),
            ("ヲンナ", "ｦﾝﾅ"),
            (" ミホン  タロウ ", "ミホン タロウ"),
        ] {
            assert!(is_same_name(one, other), "{} {}", normalise(one), normalise(other));
        }
        for (one, other) in [("ハナコ", "バナコ"), ("ヨウコ", "ヨーコ"), ("タロウ", "タロ")] {
            assert!(!is_same_name(one, other), "{one} {other}");
        }
    }

    #[test]
    fn only_kana_is_a_kana_name_attr_04() {
        for good in ["ミホン タロウ", "ﾐﾎﾝ", "みほん たろう", "アン・マリー"] {
            assert!(is_kana_name(good), "{good}");
        }
        for bad in ["", "  ", "見本 太郎", "TARO", "ミホン1", "\u{3099}"] {
            assert!(!is_kana_name(bad), "{bad}");
        }
    }
}
