//! The retry counter of a secret: asking for it costs nothing, and asking is not spending.

use crate::apdu::StatusWord;

/// What the card tells about the attempts left (card.md §4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryCounter {
    /// This many wrong attempts in a row still have room.
    Remaining(u8),
    /// No attempt is left.
    Blocked,
    /// Wrong attempts are not counted.
    Unlimited,
    /// The secret is verified in this session of the card, which hides the count.
    Verified,
    /// The card did not tell.
    NotReported,
}

impl RetryCounter {
    /// Reads the answer to a VERIFY without data.
    pub(super) fn from_status(status: StatusWord) -> Self {
        match status {
            StatusWord::OK => Self::Verified,
            StatusWord::WRONG_UNLIMITED => Self::Unlimited,
            // JICSAP cards say 6984, ISO ones 6983: both are on record.
            StatusWord::BLOCKED | StatusWord::REFERENCE_BLOCKED => Self::Blocked,
            other => match other.counter() {
                Some(0) => Self::Blocked,
                Some(left) => Self::Remaining(left),
                None => Self::NotReported,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_of_card_md_4_3() {
        use RetryCounter::*;
        for (status, counter) in [
            (0x63C3, Remaining(3)),
            (0x63CA, Remaining(10)),
            (0x63C0, Blocked),
            (0x6983, Blocked),
            (0x6984, Blocked),
            (0x6300, Unlimited),
            (0x9000, Verified),
            (0x6700, NotReported),
            (0x6A86, NotReported),
        ] {
            assert_eq!(RetryCounter::from_status(StatusWord::new(status)), counter, "{status:04X}");
        }
    }
}
