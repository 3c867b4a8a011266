//! A recorded command taken apart: header, data, expected length, in short and extended form (ISO/IEC 7816-4 §5.2).

use super::pattern::Pattern;

/// What a recorded command says. Made for commands of any program, well-formed or not.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) class: u8,
    pub(super) instruction: u8,
    pub(super) p1: u8,
    pub(super) p2: u8,
    pub(super) data: Data,
    /// Le: 1 to 65 536. `None` also where it is behind a blank.
    pub(super) expected: Option<usize>,
    pub(super) form: Form,
}

/// The data field.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Data {
    None,
    Bytes(zeroize::Zeroizing<Vec<u8>>),
    Masked,
}

/// How lengths are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Short,
    Extended,
    /// The lengths do not fit together.
    Malformed,
    /// Behind a blank.
    Masked,
}

impl Command {
    /// `None` below four bytes.
    pub(super) fn of(tx: &Pattern) -> Option<Self> {
        let [class, instruction, p1, p2, rest @ ..] = tx.before() else { return None };
        let (data, expected, form) = match tx.bytes() {
            Some(_) => body(rest),
            None => (Data::Masked, None, Form::Masked),
        };
        Some(Self { class: *class, instruction: *instruction, p1: *p1, p2: *p2, data, expected, form })
    }

    /// The data, where they are known; nothing and masked are both empty.
    pub(super) fn bytes(&self) -> &[u8] {
        match &self.data {
            Data::Bytes(bytes) => bytes,
            Data::None | Data::Masked => &[],
        }
    }

    /// Whether there is data, known or masked.
    pub(super) fn has_data(&self) -> bool {
        self.data != Data::None
    }
}

fn body(rest: &[u8]) -> (Data, Option<usize>, Form) {
    let some = |bytes: &[u8]| Data::Bytes(zeroize::Zeroizing::new(bytes.to_vec()));
    let short = |le: u8| Some(if le == 0 { 256 } else { usize::from(le) });
    let long = |high: u8, low: u8| match u16::from_be_bytes([high, low]) {
        0 => Some(65_536),
        le => Some(usize::from(le)),
    };
    match rest {
        [] => (Data::None, None, Form::Short),
        [le] => (Data::None, short(*le), Form::Short),
        [0, high, low] => (Data::None, long(*high, *low), Form::Extended),
        [0, high, low, rest @ ..] => {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            match (rest.get(..length), rest.get(length..)) {
                (Some(data), Some([])) if length > 0 => (some(data), None, Form::Extended),
                (Some(data), Some([high, low])) if length > 0 => (some(data), long(*high, *low), Form::Extended),
                _ => (some(rest), None, Form::Malformed),
            }
        }
        [length, rest @ ..] => {
            let length = usize::from(*length);
            match (rest.get(..length), rest.get(length..)) {
                (Some(data), Some([])) if length > 0 => (some(data), None, Form::Short),
                (Some(data), Some([le])) if length > 0 => (some(data), short(*le), Form::Short),
                _ => (some(rest), None, Form::Malformed),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken_apart(hex: &str) -> (usize, Option<usize>, Form) {
        let command = Command::of(&Pattern::parse(hex).unwrap()).unwrap();
        (command.bytes().len(), command.expected, command.form)
    }

    #[test]
    fn every_case_of_iso_7816() {
        assert_eq!(taken_apart("00200098"), (0, None, Form::Short));
        assert_eq!(taken_apart("00B08A0000"), (0, Some(256), Form::Short));
        assert_eq!(taken_apart("002000980431323334"), (4, None, Form::Short));
        assert_eq!(taken_apart("802A00970201FF00"), (2, Some(256), Form::Short));
        assert_eq!(taken_apart("00B08A00000000"), (0, Some(65_536), Form::Extended));
        assert_eq!(taken_apart("00B0000400061F"), (0, Some(0x061F), Form::Extended));
        assert_eq!(taken_apart("80AE000000000201FF"), (2, None, Form::Extended));
        assert_eq!(taken_apart("80AE000000000201FF0000"), (2, Some(65_536), Form::Extended));
    }

    #[test]
    fn lengths_that_do_not_fit_and_blanks() {
        for hex in ["0020009805313233", "0020009804313233343536", "00200098000005313233"] {
            assert_eq!(taken_apart(hex).2, Form::Malformed, "{hex}");
        }
        let command = Command::of(&Pattern::parse("00200098********").unwrap()).unwrap();
        assert!(command.data == Data::Masked && command.has_data() && command.form == Form::Masked);
        assert!(Command::of(&Pattern::exact(&[0, 0x20])).is_none());
    }
}
