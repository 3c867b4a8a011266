//! Preparing strings for comparison: RFC 4518, as RFC 5280 §7.1 asks for attribute values of names.
//!
//! Deliberately left out: unassigned code points of Unicode 3.2 (§2.4, Table A.1) are not refused, because names in scripts
//! that Unicode has gained since would then equal nothing.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A string as it is compared without regard to case (RFC 4518 §2); `None` for one that has a character which no comparison
/// may rest on (§2.4): it then equals nothing but the same bytes.
pub(super) fn prepared(text: &str) -> Option<String> {
    if text.is_ascii() {
        // Most names, and all of JPKI's that are compared: nothing to normalise, and mostly no space to spare.
        let spare = text.starts_with(' ') || text.ends_with(' ') || text.contains("  ");
        if !spare && !text.bytes().any(|byte| byte.is_ascii_control()) {
            return Some(text.to_ascii_lowercase());
        }
        return Some(spaces_made_one(text.chars().filter_map(mapped).map(|c| c.to_ascii_lowercase())));
    }
    // §2.2 with the folding of RFC 3454 Table B.2, which is made for strings that are normalised afterwards (§2.3): a second
    // round folds what only normalisation brought to light (℡ is TEL, and then tel).
    let mapped: String = text.chars().filter_map(mapped).flat_map(folded).nfkc().collect();
    let normal: String = mapped.chars().flat_map(folded).nfkc().collect();
    if normal.chars().any(is_prohibited) {
        return None;
    }
    Some(spaces_made_one(normal.chars()))
}

/// §2.2: some characters are spaces, some are nothing.
fn mapped(c: char) -> Option<char> {
    match c {
        '\u{9}'..='\u{D}' | '\u{85}' => Some(' '),
        // Zs, Zl, Zp
        '\u{20}'
        | '\u{A0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200A}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202F}'
        | '\u{205F}'
        | '\u{3000}' => Some(' '),
        '\u{AD}'
        | '\u{34F}'
        | '\u{1806}'
        | '\u{180B}'..='\u{180E}'
        | '\u{200B}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FFFC}' => None,
        '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{9F}' => None,
        '\u{6DD}'
        | '\u{70F}'
        | '\u{200C}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2063}'
        | '\u{206A}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0001}'
        | '\u{E0020}'..='\u{E007F}' => None,
        c => Some(c),
    }
}

/// Table B.2: as the upper-case form is written in lower case, so that ß is ss and a final sigma a sigma. The dotless i is
/// its own letter there.
fn folded(c: char) -> impl Iterator<Item = char> {
    let keep = c == 'ı';
    let changed = (!keep).then(|| c.to_uppercase().flat_map(char::to_lowercase));
    changed.into_iter().flatten().chain(keep.then_some(c))
}

/// §2.4: private use, what is no character, the replacement character, and what changes the display (Table C.8).
fn is_prohibited(c: char) -> bool {
    matches!(
        c,
        '\u{E000}'..='\u{F8FF}'
            | '\u{F0000}'..='\u{FFFFD}'
            | '\u{100000}'..='\u{10FFFD}'
            | '\u{FDD0}'..='\u{FDEF}'
            | '\u{FFFD}'
            | '\u{340}'
            | '\u{341}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{206A}'..='\u{206F}'
    ) || u32::from(c) & 0xFFFE == 0xFFFE
}

/// §2.6.1: outer space does not count, a run of spaces is one. A space that carries a mark is no space.
fn spaces_made_one(characters: impl Iterator<Item = char>) -> String {
    let mut made = String::new();
    let mut pending = false;
    let mut characters = characters.peekable();
    while let Some(c) = characters.next() {
        if c == ' ' && !characters.peek().is_some_and(|next| is_combining_mark(*next)) {
            pending = !made.is_empty();
            continue;
        }
        if std::mem::take(&mut pending) {
            made.push(' ');
        }
        made.push(c);
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        prepared(a).is_some_and(|a| prepared(b) == Some(a))
    }

    #[test]
    fn what_differs_in_form_only_is_the_same() {
        for (a, b) in [
            ("Kiyose-shi CRLDP", "  kiyose-SHI \t\n crldp "),
            ("Ａｂｃ１２", "abc12"),
            ("見本\u{3000}太郎", "見本 太郎"),
            ("ｶﾞｷﾞ", "ガギ"),
            ("か\u{3099}", "が"),
            ("ﬁle", "file"),
            ("Straße", "STRASSE"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("℡", "tel"),
            ("Å", "\u{212B}"),
            ("é", "e\u{301}"),
            ("a\u{AD}b\u{200B}c\u{FEFF}", "abc"),
            ("漢\u{FE00}", "漢"),
            ("İ", "i\u{307}"),
            ("a\u{2028}b", "a b"),
            ("a\u{0}b", "ab"),
            ("㍿", "株式会社"),
            ("", "   "),
        ] {
            assert!(same(a, b), "{a:?} {b:?}: {:?} {:?}", prepared(a), prepared(b));
        }
    }

    #[test]
    fn what_differs_otherwise_stays_apart() {
        for (a, b) in [
            ("Kiyose", "Kiyose-shi"),
            ("a b", "ab"),
            ("か", "が"),
            ("カ", "か"),
            ("ı", "i"),
            ("高", "髙"),
            ("e\u{301}", "e"),
            ("a \u{301}b", "a b"),
        ] {
            assert!(!same(a, b), "{a:?} {b:?}");
        }
        // §2.4
        for undefined in ["gaiji \u{E000}", "\u{FFFD}", "\u{FDD0}x", "\u{10FFFF}", "\u{F0001}"] {
            assert_eq!(prepared(undefined), None, "{undefined:?}");
        }
    }

    #[test]
    fn preparing_twice_changes_nothing() {
        // All of them with HONNIN_TEST_LONG=1, else a sample.
        let step = if std::env::var_os("HONNIN_TEST_LONG").is_some() { 1 } else { 53 };
        for c in (0..=0x10_FFFF).step_by(step).filter_map(char::from_u32) {
            let text = format!("x{c}y");
            if let Some(once) = prepared(&text) {
                assert_eq!(prepared(&once).as_deref(), Some(once.as_str()), "U+{:04X}", u32::from(c));
            }
        }
    }
}
