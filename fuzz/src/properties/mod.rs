//! One module per parser: what holds for any bytes whatever. A broken promise is a panic, which is what a fuzzer looks for.

pub mod card;
pub mod card_data;
#[cfg(feature = "simulator")]
pub mod card_file;
pub mod certificate;
pub mod crl;
pub mod crl_index;
pub mod ocsp;
pub mod policy;
pub mod signed_statement;
pub mod statement;
pub mod trace;

/// Every target by its name: the folder of its corpus is called the same.
pub const ALL: &[(&str, fn(&[u8]))] = &[
    ("card", card::hold),
    ("card_data", card_data::hold),
    #[cfg(feature = "simulator")]
    ("card_file", card_file::hold),
    ("certificate", certificate::hold),
    ("crl", crl::hold),
    ("crl_index", crl_index::hold),
    ("ocsp", ocsp::hold),
    ("policy", policy::hold),
    ("signed_statement", signed_statement::hold),
    ("statement", statement::hold),
    ("trace", trace::hold),
];

/// Whether `part` is a slice of `whole`, not a copy.
pub(crate) fn lies_in(part: &[u8], whole: &[u8]) -> bool {
    let (part, whole) = (part.as_ptr_range(), whole.as_ptr_range());
    whole.start <= part.start && part.end <= whole.end
}

/// A DER element of this tag around `content`: an encoder that shares nothing with what is tried.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut bytes = vec![tag];
    if length < 0x80 {
        bytes.push(length as u8);
    } else {
        let digits = length.to_be_bytes();
        let digits = &digits[digits.iter().take_while(|digit| **digit == 0).count()..];
        bytes.push(0x80 | digits.len() as u8);
        bytes.extend_from_slice(digits);
    }
    bytes.extend_from_slice(content);
    bytes
}

/// No text that is shown may move a cursor or turn around.
pub(crate) fn is_safe(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
}
