//! Which text may stand in a statement: what a person reads must be what a machine compares.

use super::error::ProofError;

/// Longest single-line field, in bytes of UTF-8.
pub(super) const MAXIMUM_FIELD_BYTES: usize = 256;
/// Longest line of the transaction text, in bytes of UTF-8.
pub(super) const MAXIMUM_LINE_BYTES: usize = 512;
/// Most lines of the transaction text.
pub(super) const MAXIMUM_LINES: usize = 64;

/// A non-empty line without space at its ends.
pub(super) fn check_field(field: &'static str, text: &str) -> Result<(), ProofError> {
    let refuse = |expected| Err(ProofError::Field { field, expected });
    if text.is_empty() {
        return refuse("text");
    }
    if text.len() > MAXIMUM_FIELD_BYTES {
        return refuse("at most 256 bytes of UTF-8");
    }
    if text.trim() != text {
        return refuse("no space at either end");
    }
    check_characters(field, text)
}

/// Several lines, separated by LF, of which the first and the last are not empty.
pub(super) fn check_lines(field: &'static str, text: &str) -> Result<(), ProofError> {
    let refuse = |expected| Err(ProofError::Field { field, expected });
    let lines: Vec<&str> = text.split('\n').take(MAXIMUM_LINES.saturating_add(1)).collect();
    if lines.len() > MAXIMUM_LINES {
        return refuse("at most 64 lines");
    }
    if lines.first().is_none_or(|line| line.is_empty()) || lines.last().is_none_or(|line| line.is_empty()) {
        return refuse("text in the first and in the last line");
    }
    for line in lines {
        if line.len() > MAXIMUM_LINE_BYTES {
            return refuse("at most 512 bytes of UTF-8 a line");
        }
        if line.trim_end() != line {
            return refuse("no space at the end of a line");
        }
        check_characters(field, line)?;
    }
    Ok(())
}

fn check_characters(field: &'static str, text: &str) -> Result<(), ProofError> {
    if text.chars().any(is_refused) {
        return Err(ProofError::Field { field, expected: "no control, invisible or direction-changing characters" });
    }
    Ok(())
}

/// Characters that a reader cannot see, or that move what he sees (Unicode UAX #9, UTS #36).
///
/// Variation selectors are deliberately allowed: names on the card's face need them to choose a glyph of a kanji.
fn is_refused(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}' // soft hyphen
            | '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' // invisible, bidi
            | '\u{2028}' | '\u{2029}' // line and paragraph separators: a second way to break a line
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' // byte-order mark, interlinear annotation
            | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' // Hangul fillers: letters that show nothing
            | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' // private use: every font shows another glyph
            | '\u{E0000}'..='\u{E007F}' // tags
            | '\u{FFFE}' | '\u{FFFF}') // no characters
}
