//! The last look before the wire: only what costs nothing passes.

use crate::apdu::{CommandApdu, ResponseApdu, Sent};
use crate::card::{Access, Application, Channel, ChannelError};

/// A channel that carries SELECT, READ BINARY, a VERIFY without data, GET CHALLENGE, two objects of GET DATA and
/// GET RESPONSE, and refuses everything else before it reaches the card. EF 0001 it lets be named in the JPKI application
/// only: elsewhere that is the individual number.
pub struct FreeOnly<C> {
    inner: C,
    in_jpki: bool,
}

impl<C: Channel> FreeOnly<C> {
    /// Nothing else reaches `inner` from now on.
    pub fn new(inner: C) -> Self {
        Self { inner, in_jpki: false }
    }
}

/// Data objects that are about the kind of card and not about the card (card.md §2.2): its recognition data and the ATR.
const DATA_OBJECTS: [[u8; 2]; 2] = [[0x00, 0x66], [0x5F, 0x51]];

/// Whether this command can cost nothing.
fn is_free(command: &CommandApdu, in_jpki: bool) -> bool {
    let [class, instruction, p1, p2] = command.header();
    let wire = command.wire();
    let wire = wire.expose();
    let first_file = match instruction {
        0xB0 => p1 == 0x81,
        0xA4 => p1 == 0x02 && wire.get(5..7) == Some(&[0x00, 0x01]),
        _ => false,
    };
    command.sent() == Sent::Open
        && class == 0x00
        && (in_jpki || !first_file)
        && match instruction {
            0xA4 | 0xB0 | 0xC0 => true,
            0x20 => wire.len() == 4,
            0x84 => (p1, p2) == (0, 0),
            0xCA => DATA_OBJECTS.contains(&[p1, p2]),
            _ => false,
        }
}

impl<C: Channel> Channel for FreeOnly<C> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        if !is_free(command, self.in_jpki) {
            return Err(ChannelError::Broken { code: "a command that is not free was stopped".to_owned() });
        }
        let answer = self.inner.transmit(command);
        if let [_, 0xA4, 0x04, _] = command.header() {
            let wire = command.wire();
            let named = wire.expose().get(5..).is_some_and(|rest| rest.starts_with(Application::Jpki.aid()));
            self.in_jpki = named && answer.as_ref().is_ok_and(|answer| answer.status().is_ok());
        }
        answer
    }

    fn access(&self) -> Access {
        self.inner.access()
    }

    fn reconnect(&mut self) -> Result<(), ChannelError> {
        self.inner.reconnect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_cost_something_is_stopped() {
        let command = |class, instruction, p1, p2| CommandApdu::new(class, instruction, p1, p2);
        for free in [
            command(0x00, 0xA4, 0x04, 0x0C).data(&[0xD3; 10]),
            command(0x00, 0xB0, 0x8A, 0x00).expecting(0),
            command(0x00, 0x20, 0x00, 0x98),
            command(0x00, 0x84, 0x00, 0x00).expecting(8),
            command(0x00, 0xCA, 0x00, 0x66).expecting(0),
        ] {
            assert!(is_free(&free, false), "{free:?}");
        }
        for costly in [
            command(0x00, 0x20, 0x00, 0x98).data(b"1234"),
            command(0x00, 0x20, 0x00, 0x98).secret_data(b"1234"),
            command(0x00, 0x20, 0x00, 0x98).expecting(0),
            command(0x00, 0x24, 0x01, 0x80).data(b"1234"),
            command(0x00, 0x2C, 0x00, 0x98),
            command(0x80, 0x2A, 0x00, 0x97).data(&[0; 51]),
            command(0x80, 0x32, 0x00, 0x80).data(b"1234"),
            command(0x80, 0xFC, 0x00, 0x00),
            command(0x00, 0x88, 0x00, 0x99).data(&[0; 16]),
            command(0x00, 0xCA, 0x00, 0x45).expecting(0),
            command(0x00, 0xD6, 0x00, 0x00).data(&[0]),
        ] {
            assert!(!is_free(&costly, true), "{costly:?}");
        }
        // EF 0001: a certificate that asks for its password, or the individual number.
        for file in [
            command(0x00, 0xB0, 0x81, 0x00).expecting(0),
            command(0x00, 0xA4, 0x02, 0x0C).data(&[0x00, 0x01]),
            command(0x00, 0xA4, 0x02, 0x04).data(&[0x00, 0x01]),
        ] {
            assert!(is_free(&file, true) && !is_free(&file, false), "{file:?}");
        }
    }
}
