//! What people and callers type freely: bounded, and without a My Number in it (LAW-41 b). Refused before anything is kept or
//! told, so that the audit log, which is kept in the clear, holds no person's words.

use super::step::{Refusals, Step};
use crate::reason::Reason;
use crate::vault::contains_my_number;

/// Longest name of an operation, a ticket or an idempotency key, in bytes.
const NAME_LONGEST: usize = 64;

/// Longest payee or service, in characters.
const WORDS_LONGEST: usize = 128;

/// Refuses a text with a My Number in it; the text is neither kept nor repeated.
pub(super) fn require_no_my_number(text: &str) -> Refusals<()> {
    if contains_my_number(text) { Err(Step::refusal(Reason::MyNumberPresent, "LAW-41").into()) } else { Ok(()) }
}

/// A name that a machine gives: 1 to 64 of `A-Z a-z 0-9 . _ -`.
pub(super) fn require_name(text: &str, rule: &'static str) -> Refusals<()> {
    require_no_my_number(text)?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    if (1..=NAME_LONGEST).contains(&text.len()) && text.bytes().all(fits) {
        return Ok(());
    }
    Err(Step::refusal(Reason::InputMalformed, rule).into())
}

/// Words such as a payee's name: not blank, no control characters, at most 128 characters.
pub(super) fn require_words(text: &str, rule: &'static str) -> Refusals<()> {
    require_no_my_number(text)?;
    let is_bounded = text.chars().take(WORDS_LONGEST.saturating_add(1)).count() <= WORDS_LONGEST;
    if is_bounded && !text.trim().is_empty() && !text.chars().any(char::is_control) {
        return Ok(());
    }
    Err(Step::refusal(Reason::InputMalformed, rule).into())
}
