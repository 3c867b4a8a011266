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

/// JSON with the same characters written as `\u` and four digits: the same data, on a terminal as harmless as [`safe`] text. JSON
/// itself asks that of the characters below U+0020 only. Outside of its strings there are none of them.
pub(crate) fn safe_json(json: String) -> String {
    if !json.chars().any(steers) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if steers(c) {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out
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
    use super::{safe, safe_json};

    #[test]
    fn what_steers_a_terminal_is_escaped() {
        assert_eq!(safe("RC-S300\u{1b}[31m"), r"RC-S300\u{1b}[31m");
        assert_eq!(safe("a\nerror: forged"), r"a\u{a}error: forged");
        assert_eq!(safe("abc\u{202e}fdp.exe"), r"abc\u{202e}fdp.exe");
        assert_eq!(safe("\u{9b}2J\u{7f}\u{feff}"), r"\u{9b}2J\u{7f}\u{feff}");
    }

    #[test]
    fn json_says_the_same_and_steers_nothing() {
        let name = "見本\u{1b}[2J\u{9b}2J\u{7f}\u{202e}\u{e0041}\u{e0100}";
        let json = safe_json(serde_json::to_string(&[name]).unwrap());
        assert_eq!(json, "[\"見本\\u001b[2J\\u009b2J\\u007f\\u202e\\udb40\\udc41\u{e0100}\"]");
        assert_eq!(serde_json::from_str::<[String; 1]>(&json).unwrap(), [name]);
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
