//! Text from cards, certificates, readers and files, made harmless for a terminal. The only place that decides this.

use std::borrow::Cow;

/// `text` with everything escaped that could move the cursor, change colours, forge lines or reorder what is read:
/// control characters, line ends, bidirectional controls and invisible format characters become `\u{…}`.
pub(crate) fn safe(text: &str) -> Cow<'_, str> {
    if !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if steers(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    Cow::Owned(out)
}

const fn steers(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        // Language tags: invisible. The variation selectors U+E0100… are not: they choose the shape of a name's 漢字.
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn what_steers_a_terminal_is_escaped() {
        assert_eq!(safe("RC-S300\u{1b}[31m"), r"RC-S300\u{1b}[31m");
        assert_eq!(safe("a\nerror: forged"), r"a\u{a}error: forged");
        assert_eq!(safe("abc\u{202e}fdp.exe"), r"abc\u{202e}fdp.exe");
        assert_eq!(safe("\u{9b}2J\u{7f}\u{feff}"), r"\u{9b}2J\u{7f}\u{feff}");
    }

    #[test]
    fn names_stay_as_they_are() {
        for name in ["見本 太郎", "辻\u{e0100}", "ﾐﾎﾝ", "Zoë", "→"] {
            assert_eq!(safe(name), name);
        }
    }

    #[test]
    fn escaping_twice_changes_nothing() {
        let once = safe("\u{1b}\u{202e}").into_owned();
        assert_eq!(safe(&once), once);
    }
}
