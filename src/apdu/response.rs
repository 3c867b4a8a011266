//! Response APDUs: data and status word.

use super::StatusWord;
use std::fmt;
use zeroize::Zeroizing;

/// A response: data, possibly none, and the status word. `Debug` shows lengths only; an answer may be personal.
#[derive(Clone, PartialEq, Eq)]
pub struct ResponseApdu {
    data: Zeroizing<Vec<u8>>,
    status: StatusWord,
}

/// Fewer than two bytes: no card answers so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a response of {length} bytes has no status word")]
pub struct MalformedResponse {
    /// How many bytes there were.
    pub length: usize,
}

impl ResponseApdu {
    /// Splits the bytes of a response.
    ///
    /// # Errors
    /// [`MalformedResponse`] below two bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, MalformedResponse> {
        match bytes {
            [data @ .., sw1, sw2] => Ok(Self {
                data: Zeroizing::new(data.to_vec()),
                status: StatusWord::new(u16::from_be_bytes([*sw1, *sw2])),
            }),
            _ => Err(MalformedResponse { length: bytes.len() }),
        }
    }

    /// A response of these parts.
    pub fn new(data: &[u8], status: StatusWord) -> Self {
        Self { data: Zeroizing::new(data.to_vec()), status }
    }

    /// The data before the status word.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The status word.
    pub fn status(&self) -> StatusWord {
        self.status
    }
}

impl fmt::Debug for ResponseApdu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResponseApdu({} bytes, {})", self.data.len(), self.status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_needs_a_status_word() {
        assert_eq!(ResponseApdu::from_bytes(&[]), Err(MalformedResponse { length: 0 }));
        assert_eq!(ResponseApdu::from_bytes(&[0x90]), Err(MalformedResponse { length: 1 }));
        let response = ResponseApdu::from_bytes(&[1, 2, 0x63, 0xC3]).unwrap();
        assert_eq!(response.data(), [1, 2]);
        assert_eq!(response.status().counter(), Some(3));
    }
}
