//! `-vv` and `-vvv`: the exchanges with the card on standard error, as their marks allow.

use honnin::apdu::{CommandApdu, Received, ResponseApdu, Sent};
use honnin::card::{Access, Channel, ChannelError};

use super::output::Screen;

/// From this many `-v` on, headers, lengths and status words are told.
const HEADERS: u8 = 2;

/// From this many on, the bodies too of commands and answers that are neither secret nor personal.
const BODIES: u8 = 3;

/// A channel that tells what passes through it.
struct Narrator {
    inner: Box<dyn Channel>,
    screen: Screen,
    bodies: bool,
}

/// `channel`, telling as much as was asked for.
pub(crate) fn narrated(channel: Box<dyn Channel>, verbosity: u8, screen: Screen) -> Box<dyn Channel> {
    if verbosity >= HEADERS {
        Box::new(Narrator { inner: channel, screen, bodies: verbosity >= BODIES })
    } else {
        channel
    }
}

impl Channel for Narrator {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let answer = self.inner.transmit(command);
        self.narrate(command, &answer);
        answer
    }

    fn access(&self) -> Access {
        self.inner.access()
    }

    fn reconnect(&mut self) -> Result<(), ChannelError> {
        self.inner.reconnect()
    }

    fn has_pin_pad(&mut self) -> bool {
        self.inner.has_pin_pad()
    }

    fn transmit_typed(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let answer = self.inner.transmit_typed(command);
        self.narrate(command, &answer);
        answer
    }
}

impl Narrator {
    fn narrate(&self, command: &CommandApdu, answer: &Result<ResponseApdu, ChannelError>) {
        let sent = match command.sent() {
            Sent::Open if self.bodies => hex::encode_upper(command.wire().expose()),
            Sent::Open | Sent::Secret => format!("{command:?}"),
        };
        let received = match answer {
            Ok(response) if self.bodies && command.received() == Received::Open => {
                format!("{}{}", hex::encode_upper(response.data()), response.status())
            }
            Ok(response) => format!("{response:?}"),
            Err(error) => error.to_string(),
        };
        self.screen.tell(&format!("> {sent}\n< {received}"));
    }
}
