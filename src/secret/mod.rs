//! What must never be seen: the holder's secrets, redacted in every form and wiped when dropped.
//!
//! A secret has no `Display`, its `Debug` prints the kind and nothing else, and the only way to its bytes is
//! [`Secret::expose`], so that one text search finds every reader.

use std::fmt;
use zeroize::Zeroizing;

/// Which of the holder's secrets this is, with the names the paper at the municipal counter uses (card.md §4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretKind {
    /// 利用者証明用電子証明書の暗証番号: 4 digits.
    UserAuthentication,
    /// 署名用電子証明書の暗証番号: 6 to 16 letters and digits.
    DigitalSignature,
    /// 券面事項入力補助用の暗証番号: 4 digits.
    InputSupport,
    /// 照合番号B: 14 digits, made of what is printed on the front of the card.
    NumberB,
}

/// Why a typed secret cannot be right, found before anything is sent to the card (kyc.md CARD-01, CARD-02).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretFormatError {
    /// The length cannot be right.
    #[error("wrong length: {expected} characters expected")]
    Length {
        /// The lengths that can be right, as people write them: `4`, `6-16`.
        expected: &'static str,
    },
    /// A character cannot be right.
    #[error("{allowed} expected")]
    Characters {
        /// What may stand in this secret.
        allowed: &'static str,
    },
    /// A new signing password needs at least one letter and at least one digit (card.md §4.1).
    #[error("at least one letter and at least one digit expected")]
    Mixture,
}

/// A secret of the holder, checked for length and characters, in the form the card compares.
///
/// ```
/// use honnin::secret::{Secret, SecretKind};
/// let (secret, adjusted) = Secret::new(SecretKind::DigitalSignature, b"abc123").unwrap();
/// assert!(adjusted, "the card knows upper-case letters only, and the caller is told");
/// assert_eq!(format!("{secret:?}"), "Secret(DigitalSignature, redacted)");
/// assert!(Secret::new(SecretKind::UserAuthentication, b"12345").is_err());
/// ```
pub struct Secret {
    kind: SecretKind,
    bytes: Zeroizing<Vec<u8>>,
    on_reader: bool,
}

impl Secret {
    /// Checks what a person typed and puts it into the form the card compares: the signing password is upper-cased, and
    /// the returned flag says whether that changed anything, so that it can be told.
    ///
    /// # Errors
    /// [`SecretFormatError`] when length or characters cannot be right: nothing is sent, no attempt is spent.
    pub fn new(kind: SecretKind, typed: &[u8]) -> Result<(Self, bool), SecretFormatError> {
        let (lengths, expected) = match kind {
            SecretKind::DigitalSignature => (6..=16, "6-16"),
            SecretKind::UserAuthentication | SecretKind::InputSupport => (4..=4, "4"),
            SecretKind::NumberB => (14..=14, "14"),
        };
        let (fits, allowed): (fn(&u8) -> bool, _) = match kind {
            SecretKind::DigitalSignature => (u8::is_ascii_alphanumeric, "letters A-Z and digits 0-9"),
            _ => (u8::is_ascii_digit, "digits 0-9"),
        };
        if !lengths.contains(&typed.len()) {
            return Err(SecretFormatError::Length { expected });
        }
        if !typed.iter().all(fits) {
            return Err(SecretFormatError::Characters { allowed });
        }
        let bytes = Zeroizing::new(typed.to_ascii_uppercase());
        let adjusted = bytes.as_slice() != typed;
        Ok((Self { kind, bytes, on_reader: false }, adjusted))
    }

    /// Checks a secret that is to be set: as [`Secret::new`], and the rules that hold when setting one (card.md §4.5).
    /// Whether the card itself would refuse a bad one is not known, so it is never asked.
    ///
    /// # Errors
    /// [`SecretFormatError`], with [`SecretFormatError::Mixture`] for a signing password without a letter or without a digit.
    pub fn to_be_set(kind: SecretKind, typed: &[u8]) -> Result<(Self, bool), SecretFormatError> {
        let (secret, adjusted) = Self::new(kind, typed)?;
        let has = |fits: fn(&u8) -> bool| secret.bytes.iter().any(fits);
        if kind == SecretKind::DigitalSignature && !(has(u8::is_ascii_alphabetic) && has(u8::is_ascii_digit)) {
            return Err(SecretFormatError::Mixture);
        }
        Ok((secret, adjusted))
    }

    /// A secret that the person will type on the reader's own pad: this program never has it. Only for the secrets of four
    /// digits, `None` for the others.
    pub fn typed_on_reader(kind: SecretKind) -> Option<Self> {
        let digits = matches!(kind, SecretKind::UserAuthentication | SecretKind::InputSupport);
        digits.then(|| Self { kind, bytes: Zeroizing::default(), on_reader: true })
    }

    /// How many digits are to be typed on the reader's own pad; `None` where the bytes are here.
    pub fn digits_typed_on_reader(&self) -> Option<u8> {
        self.on_reader.then_some(4)
    }

    /// Which secret this is.
    pub fn kind(&self) -> SecretKind {
        self.kind
    }

    /// The bytes the card compares; none for a secret that is typed on the reader. For the encoder of VERIFY and for nothing
    /// else.
    pub fn expose(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({:?}, redacted)", self.kind)
    }
}

/// Personal data that may be handed on but not printed by accident: `Debug` tells its size only.
#[derive(Clone, PartialEq, Eq)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    /// Marks `value` as personal.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for a place that is meant to show or store it.
    pub const fn reveal(&self) -> &T {
        &self.0
    }

    /// The value itself.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_is_checked_before_the_card_sees_it() {
        use SecretKind::{DigitalSignature, InputSupport, UserAuthentication};
        for (kind, typed) in [
            (UserAuthentication, &b"123"[..]),
            (UserAuthentication, b"12a4"),
            (UserAuthentication, "１２３４".as_bytes()),
            (InputSupport, b""),
            (DigitalSignature, b"ABC12"),
            (DigitalSignature, b"ABCDEFGH123456789"),
            (DigitalSignature, b"ABC 123"),
        ] {
            assert!(Secret::new(kind, typed).is_err(), "{kind:?} {typed:?}");
        }
    }

    #[test]
    fn a_password_of_letters_only_is_sent() {
        // CARD-02: one letter and one digit are asked for when setting, not when verifying.
        assert!(Secret::new(SecretKind::DigitalSignature, b"ABCDEF").is_ok());
    }

    #[test]
    fn a_new_password_needs_a_letter_and_a_digit() {
        // card.md §4.5: checked before anything is sent.
        use SecretKind::{DigitalSignature, UserAuthentication};
        for typed in [&b"ABCDEF"[..], b"123456"] {
            assert_eq!(Secret::to_be_set(DigitalSignature, typed).err(), Some(SecretFormatError::Mixture));
        }
        let (secret, adjusted) = Secret::to_be_set(DigitalSignature, b"new456").unwrap();
        assert_eq!((secret.expose(), adjusted), (&b"NEW456"[..], true));
        assert!(Secret::to_be_set(UserAuthentication, b"1111").is_ok());
        assert!(Secret::to_be_set(UserAuthentication, b"111").is_err());
    }

    #[test]
    fn debug_tells_nothing() {
        let (secret, adjusted) = Secret::new(SecretKind::UserAuthentication, b"8642").unwrap();
        assert!(!adjusted);
        assert!(!format!("{secret:?} {:?}", Personal::new("見本")).contains("8642"));
        assert!(!format!("{:?}", Personal::new("見本")).contains("見本"));
    }
}
