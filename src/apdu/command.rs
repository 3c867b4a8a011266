//! Command APDUs (ISO/IEC 7816-4 §5.2): in short form, which is all that this card needs, and in extended form where a long
//! answer is asked for (card.md §1.5).

use std::fmt;
use zeroize::Zeroizing;

/// What the data of a command is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// May be written down.
    Open,
    /// A holder's secret: never written down, not even its length.
    Secret,
}

/// What the answer to a command is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// May be written down.
    Open,
    /// Personal data or a restricted serial: written down only for a synthetic persona.
    Personal,
    /// As good as the individual number: never written down, whoever the persona is.
    Secret,
}

/// A command: header, data, expected length, and the marks that say how it may be treated.
///
/// `Debug` shows the header, and the length of the data unless that is secret.
///
/// ```
/// use honnin::apdu::CommandApdu;
/// let read = CommandApdu::new(0x00, 0xB0, 0x86, 0x00).expecting(32);
/// assert_eq!(read.wire().expose(), [0x00, 0xB0, 0x86, 0x00, 0x20]);
/// let verify = CommandApdu::new(0x00, 0x20, 0x00, 0x98).secret_data(b"1234");
/// assert_eq!(format!("{verify:?}"), "CommandApdu(00200098 redacted)");
/// ```
#[derive(Clone)]
pub struct CommandApdu {
    header: [u8; 4],
    data: Zeroizing<Vec<u8>>,
    expected: Option<Expected>,
    sent: Sent,
    received: Received,
    repeatable: bool,
    typed: Option<u8>,
}

/// Le as it stands in a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// One byte; 0 stands for 256.
    Short(u8),
    /// Two bytes, and every length of the command in extended form; 0 stands for 65536.
    Extended(u16),
}

impl CommandApdu {
    /// A command without data and without an expected length (case 1). It may be repeated until told otherwise.
    pub fn new(class: u8, instruction: u8, p1: u8, p2: u8) -> Self {
        Self {
            header: [class, instruction, p1, p2],
            data: Zeroizing::default(),
            expected: None,
            sent: Sent::Open,
            received: Received::Open,
            repeatable: true,
            typed: None,
        }
    }

    /// The same command with data that may be written down. Data beyond 255 bytes have no short form and are cut there;
    /// callers check their input first.
    #[must_use]
    pub fn data(mut self, data: &[u8]) -> Self {
        self.data = Zeroizing::new(data.iter().copied().take(255).collect());
        self
    }

    /// The same command with a holder's secret as its data. It is never repeated: an attempt is spent by sending it.
    #[must_use]
    pub fn secret_data(self, data: &[u8]) -> Self {
        let mut command = self.data(data).never_repeated();
        command.sent = Sent::Secret;
        command
    }

    /// The same command, whose data are `digits` digits that a person types on the reader's own pad: they never come here. Only a
    /// channel with a pad can carry it; its wire bytes are the bare header, which spends nothing.
    #[must_use]
    pub fn typed_on_reader(mut self, digits: u8) -> Self {
        self.typed = Some(digits);
        self.sent = Sent::Secret;
        self.never_repeated()
    }

    /// The same command asking for `length` bytes: 1 to 255, or 0 for 256 (Le in short form).
    #[must_use]
    pub fn expecting(mut self, length: u8) -> Self {
        self.expected = Some(Expected::Short(length));
        self
    }

    /// The same command asking for `length` bytes in extended form: 1 to 65535, or 0 for 65536. Not every card and not
    /// every reader takes it, so it is for reading only.
    #[must_use]
    pub fn expecting_extended(mut self, length: u16) -> Self {
        self.expected = Some(Expected::Extended(length));
        self
    }

    /// The same command, its answer marked as personal.
    #[must_use]
    pub fn personal(mut self) -> Self {
        self.received = Received::Personal;
        self
    }

    /// The same command, its answer marked like that of `other`: what is fetched for it is the same data.
    #[must_use]
    pub fn answered_like(mut self, other: &Self) -> Self {
        self.received = other.received;
        self
    }

    /// The same command, its answer marked as never to be written down.
    #[must_use]
    pub fn secret_answer(mut self) -> Self {
        self.received = Received::Secret;
        self
    }

    /// The same command, never to be sent a second time by a driver (VERIFY, CHANGE, signatures).
    #[must_use]
    pub fn never_repeated(mut self) -> Self {
        self.repeatable = false;
        self
    }

    /// CLA INS P1 P2.
    pub fn header(&self) -> [u8; 4] {
        self.header
    }

    /// Le in short form, where an answer with data is expected: 1 to 255, or 0 for 256. `None` in extended form too.
    pub fn expected(&self) -> Option<u8> {
        match self.expected {
            Some(Expected::Short(length)) => Some(length),
            Some(Expected::Extended(_)) | None => None,
        }
    }

    /// Whether its lengths are in extended form.
    pub fn is_extended(&self) -> bool {
        matches!(self.expected, Some(Expected::Extended(_)))
    }

    /// How many digits a person types on the reader's own pad, where the data come from there.
    pub fn digits_typed_on_reader(&self) -> Option<u8> {
        self.typed
    }

    /// What the data is.
    pub fn sent(&self) -> Sent {
        self.sent
    }

    /// What the answer is.
    pub fn received(&self) -> Received {
        self.received
    }

    /// Whether a driver may send it again by itself.
    pub fn is_repeatable(&self) -> bool {
        self.repeatable
    }

    /// The bytes for the wire.
    pub fn wire(&self) -> Wire {
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.data.len() + 9));
        bytes.extend_from_slice(&self.header);
        if self.is_extended() {
            bytes.push(0);
        }
        if let Ok(length @ 1..) = u8::try_from(self.data.len()) {
            if self.is_extended() {
                bytes.push(0);
            }
            bytes.push(length);
            bytes.extend_from_slice(&self.data);
        }
        match self.expected {
            Some(Expected::Short(length)) => bytes.push(length),
            Some(Expected::Extended(length)) => bytes.extend_from_slice(&length.to_be_bytes()),
            None => {}
        }
        Wire { bytes, sent: self.sent }
    }
}

impl fmt::Debug for CommandApdu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.wire().fmt(f)?;
        Ok(())
    }
}

/// The encoded command. Redacts itself like the command it came from, and is wiped when dropped.
#[derive(Clone)]
pub struct Wire {
    bytes: Zeroizing<Vec<u8>>,
    sent: Sent,
}

impl Wire {
    /// The bytes, for the reader and for nothing else.
    pub fn expose(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = self.bytes.get(..4).unwrap_or_default();
        match self.sent {
            Sent::Secret => write!(f, "CommandApdu({} redacted)", hex::encode_upper(header)),
            Sent::Open => {
                write!(f, "CommandApdu({} +{})", hex::encode_upper(header), self.bytes.len().saturating_sub(4))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_cases_of_iso_7816() {
        let bytes = |command: CommandApdu| hex::encode_upper(command.wire().expose());
        let command = || CommandApdu::new(0x00, 0xA4, 0x02, 0x0C);
        assert_eq!(bytes(command()), "00A4020C");
        assert_eq!(bytes(command().expecting(0)), "00A4020C00");
        assert_eq!(bytes(command().data(&[0x00, 0x18])), "00A4020C020018");
        assert_eq!(bytes(command().data(&[0x00, 0x18]).expecting(0)), "00A4020C02001800");
        // Extended form: cases 2E and 4E. The length of the data then has three bytes too.
        assert_eq!(bytes(command().expecting_extended(0)), "00A4020C000000");
        assert_eq!(bytes(command().data(&[0x00, 0x18]).expecting_extended(300)), "00A4020C0000020018012C");
        let corrected = command().expecting_extended(0).expecting(9);
        assert_eq!((bytes(corrected.clone()), corrected.expected()), ("00A4020C09".to_owned(), Some(9)));
    }

    #[test]
    fn secrets_stay_out_of_every_debug() {
        let command = CommandApdu::new(0x00, 0x20, 0x00, 0x9B).secret_data(b"CANARY77");
        for text in [format!("{command:?}"), format!("{:?}", command.wire()), format!("{:?}", command.clone())] {
            assert!(!text.contains("CANARY77") && !text.contains(&hex::encode_upper("CANARY77")), "{text}");
            assert!(!text.contains('8'), "the length is not told either: {text}");
        }
        assert!(!command.is_repeatable());
        let typed = CommandApdu::new(0x00, 0x20, 0x00, 0x98).typed_on_reader(4);
        assert_eq!(
            (typed.sent(), typed.is_repeatable(), typed.digits_typed_on_reader()),
            (Sent::Secret, false, Some(4))
        );
        assert_eq!(typed.wire().expose(), [0x00, 0x20, 0x00, 0x98], "a query, should it ever be sent as it is");
    }
}
