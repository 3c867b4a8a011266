//! The two status bytes that end every response (ISO/IEC 7816-4 §5.6, card.md §8).

use std::fmt;

/// SW1-SW2 of a response.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct StatusWord(u16);

impl StatusWord {
    /// Done.
    pub const OK: Self = Self(0x9000);
    /// End of file reached before Le bytes.
    pub const END_OF_FILE: Self = Self(0x6282);
    /// A secret without a limit was wrong.
    pub const WRONG_UNLIMITED: Self = Self(0x6300);
    /// Lc or Le is wrong: for a read, often a reader's or card's way to refuse its length.
    pub const WRONG_LENGTH: Self = Self(0x6700);
    /// Security status not satisfied: the secret was not verified.
    pub const SECURITY_STATUS: Self = Self(0x6982);
    /// Authentication method blocked, as ISO says it.
    pub const BLOCKED: Self = Self(0x6983);
    /// Reference data blocked, as JICSAP says it.
    pub const REFERENCE_BLOCKED: Self = Self(0x6984);
    /// No application can be selected: what Java cards say for an unknown name.
    pub const APPLET_SELECTION_FAILED: Self = Self(0x6999);
    /// Function not supported.
    pub const FUNCTION_NOT_SUPPORTED: Self = Self(0x6A81);
    /// File or application not found.
    pub const NOT_FOUND: Self = Self(0x6A82);
    /// Record not found.
    pub const RECORD_NOT_FOUND: Self = Self(0x6A83);
    /// Data object not found.
    pub const DATA_NOT_FOUND: Self = Self(0x6A88);
    /// P1 or P2 is wrong.
    pub const WRONG_PARAMETERS: Self = Self(0x6A86);
    /// Offset past the end of the file.
    pub const PAST_THE_END: Self = Self(0x6B00);
    /// Instruction unknown.
    pub const INSTRUCTION_UNKNOWN: Self = Self(0x6D00);
    /// Class unknown.
    pub const CLASS_UNKNOWN: Self = Self(0x6E00);
    /// No precise diagnosis; some cards answer the first command after power-up so (card.md §1.6).
    pub const UNSPECIFIED: Self = Self(0x6F00);

    /// The status word with this value.
    pub const fn new(value: u16) -> Self {
        Self(value)
    }

    /// The value, SW1 in the high byte.
    pub const fn value(self) -> u16 {
        self.0
    }

    /// `9000`.
    pub fn is_ok(self) -> bool {
        self == Self::OK
    }

    /// `63Cx`: the counter the card tells.
    pub const fn counter(self) -> Option<u8> {
        if self.0 & 0xFFF0 == 0x63C0 { Some((self.0 & 0x0F) as u8) } else { None }
    }

    /// `61xx`: how many bytes wait (0 means 256 or more).
    pub const fn bytes_waiting(self) -> Option<u8> {
        if self.0 >> 8 == 0x61 { Some((self.0 & 0xFF) as u8) } else { None }
    }

    /// `6Cxx`: the Le the card wants (0 means 256).
    pub const fn corrected_length(self) -> Option<u8> {
        if self.0 >> 8 == 0x6C { Some((self.0 & 0xFF) as u8) } else { None }
    }
}

impl fmt::Display for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

impl fmt::Debug for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StatusWord({self})")
    }
}
