//! Command bytes taken apart (ISO/IEC 7816-4 §5.1), by hand and apart from the client's encoder.

/// Why a command does not end in data and `9000`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// Answered with exactly these bytes, status word included.
    Answer(Vec<u8>),
    /// Answered with this status word alone.
    Status(u16),
    /// The link dropped before the answer.
    Dropped,
}

impl From<u16> for Stop {
    fn from(status: u16) -> Self {
        Self::Status(status)
    }
}

/// Data of an answer with `9000`, or why there is none.
pub(super) type Outcome = Result<Vec<u8>, Stop>;

/// A command whose first four bytes are there; whether the rest makes sense is told later, in the card's order of checks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Command<'a> {
    pub(super) class: u8,
    pub(super) instruction: u8,
    pub(super) p1: u8,
    pub(super) p2: u8,
    body: Option<Body<'a>>,
}

/// What follows the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Body<'a> {
    /// Command data, possibly none.
    pub(super) data: &'a [u8],
    /// Le in bytes: 1 to 65536.
    pub(super) expected: Option<usize>,
    /// Extended form was used for either length.
    pub(super) extended: bool,
}

impl<'a> Command<'a> {
    /// `None` when not even the header is there.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (&[class, instruction, p1, p2], rest) = bytes.split_first_chunk::<4>()?;
        Some(Self { class, instruction, p1, p2, body: Body::parse(rest) })
    }

    /// What follows the header, or `6700` when its lengths do not add up.
    pub(super) fn body(&self) -> Result<Body<'a>, Stop> {
        self.body.ok_or(Stop::Status(0x6700))
    }

    /// The body of a command that takes no data and needs a Le: that Le in bytes.
    pub(super) fn expected_only(&self) -> Result<usize, Stop> {
        let body = self.body()?;
        match body.expected {
            Some(expected) if body.data.is_empty() => Ok(expected),
            _ => Err(Stop::Status(0x6700)),
        }
    }

    /// True when a length stands in extended form.
    pub(super) fn is_extended(&self) -> bool {
        self.body.is_some_and(|body| body.extended)
    }
}

impl<'a> Body<'a> {
    fn parse(rest: &'a [u8]) -> Option<Self> {
        let short = |byte: u8| if byte == 0 { 256 } else { usize::from(byte) };
        let long = |high: u8, low: u8| match u16::from_be_bytes([high, low]) {
            0 => 65_536,
            value => usize::from(value),
        };
        match *rest {
            [] => Some(Self { data: &[], expected: None, extended: false }),
            [le] => Some(Self { data: &[], expected: Some(short(le)), extended: false }),
            [0, high, low] => Some(Self { data: &[], expected: Some(long(high, low)), extended: true }),
            [0, high, low, ref tail @ ..] => {
                let length = usize::from(u16::from_be_bytes([high, low]));
                let (data, le) = tail.split_at_checked(length)?;
                let expected = match *le {
                    [] => None,
                    [high, low] => Some(long(high, low)),
                    _ => return None,
                };
                (length > 0).then_some(Self { data, expected, extended: true })
            }
            [length, ref tail @ ..] => {
                let (data, le) = tail.split_at_checked(usize::from(length))?;
                let expected = match *le {
                    [] => None,
                    [le] => Some(short(le)),
                    _ => return None,
                };
                (length > 0).then_some(Self { data, expected, extended: false })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(rest: &[u8]) -> Option<(&[u8], Option<usize>, bool)> {
        let bytes: &'static [u8] = Box::leak([&[0, 0xB0, 0, 0][..], rest].concat().into_boxed_slice());
        Command::parse(bytes).unwrap().body.map(|b| (b.data, b.expected, b.extended))
    }

    #[test]
    fn the_seven_forms_of_iso_7816_4() {
        assert_eq!(body(&[]), Some((&[][..], None, false)));
        assert_eq!(body(&[0]), Some((&[][..], Some(256), false)));
        assert_eq!(body(&[7]), Some((&[][..], Some(7), false)));
        assert_eq!(body(&[2, 8, 9]), Some((&[8, 9][..], None, false)));
        assert_eq!(body(&[2, 8, 9, 0]), Some((&[8, 9][..], Some(256), false)));
        assert_eq!(body(&[0, 0, 0]), Some((&[][..], Some(65_536), true)));
        assert_eq!(body(&[0, 0, 1, 8]), Some((&[8][..], None, true)));
        assert_eq!(body(&[0, 0, 1, 8, 1, 0]), Some((&[8][..], Some(256), true)));
    }

    #[test]
    fn lengths_that_do_not_add_up() {
        for rest in [&[2, 8][..], &[1, 8, 9, 9], &[0, 0], &[0, 0, 0, 1], &[0, 0, 2, 1], &[0, 0, 1, 1, 1]] {
            assert_eq!(body(rest), None, "{rest:?}");
        }
        for bytes in [&[][..], &[0], &[0, 1, 2]] {
            assert!(Command::parse(bytes).is_none());
        }
    }
}
