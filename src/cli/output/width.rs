//! How many columns a text takes, so that Japanese and English line up.

/// Columns of `text` on a terminal: East Asian wide characters take two, combining marks and variation selectors none.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// `text` filled up with spaces to `columns`.
pub(super) fn padded(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(columns(text))))
}

const fn columns_of(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36f}' | '\u{3099}'..='\u{309a}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => 0,
        // Unicode Standard Annex #11, the blocks that are W or F throughout.
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_narrow_and_none() {
        assert_eq!(columns("失効"), 4);
        assert_eq!(columns("ﾐﾎﾝ abc"), 7);
        assert_eq!(columns("辻\u{e0100}"), 2);
        assert_eq!(padded("期限", 6), "期限  ");
        assert_eq!(padded("revocation", 4), "revocation");
    }
}
