//! Recorded bytes, of which one run may be blanked.

use std::fmt;
use zeroize::Zeroizing;

/// What stands for bytes that were blanked: any number of any bytes. Its width is fixed, so that no length is told.
pub const BLANK: &str = "********";

/// Recorded bytes, of which one run may be blanked. `Debug` tells the sizes only: what was read from a file may be a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Pattern {
    before: Zeroizing<Vec<u8>>,
    /// What follows the blank; `None` where nothing is blanked.
    after: Option<Zeroizing<Vec<u8>>>,
}

impl Pattern {
    /// These very bytes.
    pub fn exact(bytes: &[u8]) -> Self {
        Self { before: Zeroizing::new(bytes.to_vec()), after: None }
    }

    /// Bytes with a blank between them.
    pub fn blanked(before: &[u8], after: &[u8]) -> Self {
        Self { before: Zeroizing::new(before.to_vec()), after: Some(Zeroizing::new(after.to_vec())) }
    }

    /// Reads hex with at most one run of asterisks; white space between is allowed. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let compact = Zeroizing::new(text.chars().filter(|c| !c.is_whitespace()).collect::<String>());
        match compact.find('*') {
            None => Some(Self { before: Zeroizing::new(hex::decode(compact.as_bytes()).ok()?), after: None }),
            Some(start) => {
                let end = compact.rfind('*')? + 1;
                if compact.get(start..end)?.bytes().any(|byte| byte != b'*') {
                    return None;
                }
                Some(Self {
                    before: Zeroizing::new(hex::decode(compact.get(..start)?).ok()?),
                    after: Some(Zeroizing::new(hex::decode(compact.get(end..)?).ok()?)),
                })
            }
        }
    }

    /// Whether these bytes could be the recorded ones.
    pub fn matches(&self, bytes: &[u8]) -> bool {
        match &self.after {
            None => bytes == self.before.as_slice(),
            Some(after) => {
                bytes.len() >= self.before.len() + after.len()
                    && bytes.starts_with(&self.before)
                    && bytes.ends_with(after)
            }
        }
    }

    /// The bytes, where nothing is blanked.
    pub fn bytes(&self) -> Option<&[u8]> {
        self.after.is_none().then_some(self.before.as_slice())
    }

    /// Whether a run of bytes is blanked.
    pub const fn is_blanked(&self) -> bool {
        self.after.is_some()
    }

    /// What is known before the blank: everything where nothing is blanked.
    pub fn before(&self) -> &[u8] {
        &self.before
    }

    /// What is known after the blank: nothing where nothing is blanked.
    pub fn after(&self) -> &[u8] {
        self.after.as_deref().map_or(&[], Vec::as_slice)
    }

    /// The first four bytes in hex: what may be shown of a command.
    pub fn header(&self) -> String {
        hex::encode_upper(self.before.get(..4).unwrap_or(&self.before))
    }

    /// Upper-case hex with [`BLANK`] in the place of what was blanked.
    pub fn to_text(&self) -> String {
        let before = hex::encode_upper(self.before.as_slice());
        match &self.after {
            None => before,
            Some(after) => format!("{before}{BLANK}{}", hex::encode_upper(after.as_slice())),
        }
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.after {
            None => write!(f, "Pattern({} bytes)", self.before.len()),
            Some(after) => write!(f, "Pattern({} bytes, blank, {} bytes)", self.before.len(), after.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_matches_any_bytes_of_any_length() {
        let pattern = Pattern::parse("0020009B ********").unwrap();
        assert!(pattern.matches(b"\x00\x20\x00\x9B\x06ABC123"));
        assert!(pattern.matches(b"\x00\x20\x00\x9B"));
        assert!(!pattern.matches(b"\x00\x20\x00\x98\x041234"));
        assert_eq!(pattern.bytes(), None);
        let answer = Pattern::parse("********9000").unwrap();
        assert!(answer.matches(&[1, 2, 3, 0x90, 0x00]) && !answer.matches(&[0x69, 0x82]));
        assert!(!answer.matches(&[0x00]), "the known bytes may not overlap");
        assert!(
            Pattern::parse("00**11**22").is_none() && Pattern::parse("0G").is_none() && Pattern::parse("123").is_none()
        );
    }

    #[test]
    fn the_text_has_one_width_for_every_length_and_debug_tells_no_byte() {
        let pattern = Pattern::parse("0020 0080 04 **** ").unwrap();
        assert_eq!(pattern.to_text(), "0020008004********");
        assert_eq!(Pattern::parse(&pattern.to_text()), Some(pattern));
        let secret = Pattern::exact(b"\x00\x20\x00\x80\x041234");
        assert_eq!(format!("{secret:?}"), "Pattern(9 bytes)");
    }
}
