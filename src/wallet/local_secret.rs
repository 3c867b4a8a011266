//! The secrets of the my certificates: chosen on the phone at issuance, no PINs of the card, and types of their own so that
//! neither can stand in the other's place (CERT-05).

use std::fmt;
use zeroize::Zeroizing;

/// A secret cannot be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{expected} expected")]
pub struct LocalSecretFormat {
    /// What it has to look like.
    pub expected: &'static str,
}

macro_rules! local_secret {
    ($(#[$doc:meta])* $name:ident, $lengths:expr, $fits:expr, $expected:literal) => {
        $(#[$doc])*
        pub struct $name(Zeroizing<Vec<u8>>);

        impl $name {
            /// Checks length and characters.
            ///
            /// # Errors
            /// [`LocalSecretFormat`]
            pub fn new(typed: &[u8]) -> Result<Self, LocalSecretFormat> {
                let fits: fn(&u8) -> bool = $fits;
                if ($lengths).contains(&typed.len()) && typed.iter().all(fits) {
                    Ok(Self(Zeroizing::new(typed.to_vec())))
                } else {
                    Err(LocalSecretFormat { expected: $expected })
                }
            }

            /// The bytes, for the issuer's interface and nothing else.
            pub fn expose(&self) -> &[u8] {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    };
}

local_secret! {
    /// my認証のPINコード: four digits.
    MyAuthPin, 4..=4_usize, u8::is_ascii_digit, "4 digits"
}
local_secret! {
    /// my電子証明書のパスワード: 6 to 16 letters and digits.
    MySigningPassword, 6..=16_usize, u8::is_ascii_alphanumeric, "6 to 16 letters and digits"
}

/// Whether a fingerprint or face opens the my認証 PIN (CERT-05).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BiometricShortcut {
    /// Never set, or lost when the phone's own biometrics changed: set again only while setting the PIN.
    #[default]
    NotRegistered,
    /// Set, and switched on or off at will.
    Registered {
        /// Whether it is used.
        on: bool,
    },
}

impl BiometricShortcut {
    /// Setting it is part of setting the PIN, and of nothing else.
    #[must_use]
    pub const fn while_setting_pin(self, wanted: bool) -> Self {
        if wanted { Self::Registered { on: true } } else { self }
    }

    /// Switches it; one that was never registered stays so.
    #[must_use]
    pub const fn switched(self, on: bool) -> Self {
        match self {
            Self::NotRegistered => Self::NotRegistered,
            Self::Registered { .. } => Self::Registered { on },
        }
    }

    /// The phone's own biometrics changed.
    #[must_use]
    pub const fn after_change_of_biometrics(self) -> Self {
        Self::NotRegistered
    }
}
