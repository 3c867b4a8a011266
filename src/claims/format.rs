//! Texts of a form: instants, dates, media types, Base64, addresses.

use crate::time::UnixTime;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A text is not of the form that stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}")]
pub struct NotOfTheForm {
    /// What was expected.
    pub expected: &'static str,
}

macro_rules! text_of_a_form {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text as it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotOfTheForm;

            fn try_from(text: String) -> Result<Self, NotOfTheForm> {
                let check: fn(&str) -> bool = $check;
                if check(&text) { Ok(Self(text)) } else { Err(NotOfTheForm { expected: $expected }) }
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    };
}

text_of_a_form! {
    /// An instant. Written with seconds and offset; read also in the specification's shorter form without seconds (API-10).
    ClaimInstant, "an instant such as 2026-11-22T12:00:05+09:00", |text| instant(text).is_some()
}
text_of_a_form! {
    /// A calendar date, `YYYY-MM-DD`.
    ClaimDate, "a date such as 2026-11-22", is_date
}
text_of_a_form! {
    /// A media type that is neither `multipart` nor `message` (API-09).
    MediaType, "a media type such as image/png", is_media_type
}
text_of_a_form! {
    /// Base64 with padding.
    Base64Text, "Base64 with padding", is_base64
}
text_of_a_form! {
    /// An absolute address.
    Uri, "an absolute URI", is_uri
}

impl ClaimInstant {
    /// The instant as it is written: Japan's wall clock, with seconds and offset (API-10).
    pub fn of(at: UnixTime) -> Self {
        Self(at.in_japan())
    }

    /// The instant. Parts of a second are dropped.
    pub fn instant(&self) -> Option<UnixTime> {
        instant(&self.0)
    }
}

fn instant(text: &str) -> Option<UnixTime> {
    let is_short = text.len() >= 17 && !matches!(text.as_bytes().get(16), Some(b':'));
    let whole = match (text.get(..16), text.get(16..)) {
        (Some(minutes), Some(offset)) if is_short => format!("{minutes}:00{offset}"),
        _ => text.to_owned(),
    };
    whole.parse().ok()
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && format!("{text}T00:00:00Z").parse::<UnixTime>().is_ok()
}

fn is_media_type(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    text.split_once('/').is_some_and(|(kind, sort)| is_word(kind) && is_word(sort))
        && !text.starts_with("multipart/")
        && !text.starts_with("message/")
}

fn is_base64(text: &str) -> bool {
    let data = text.trim_end_matches('=');
    let padding = text.len().saturating_sub(data.len());
    text.len().is_multiple_of(4)
        && padding <= 2
        && data.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/')
}

fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    // RFC 3986: what is none of these has to be percent-encoded.
    let is_character = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    is_scheme && rest.bytes().all(is_character)
}
