//! A simulated card in this process as a channel.

use crate::apdu::{CommandApdu, ResponseApdu};
use crate::card::{Access, Channel, ChannelError};
use crate::simulator::{LinkError, SimulatedCard};

/// Carries commands to a card made of data. Dropping it takes the card's power, as leaving a reader would.
pub struct SimulatedChannel {
    card: SimulatedCard,
}

impl SimulatedChannel {
    /// A channel to this card.
    pub fn new(card: SimulatedCard) -> Self {
        Self { card }
    }

    /// The card behind it.
    pub fn card(&self) -> &SimulatedCard {
        &self.card
    }
}

impl Channel for SimulatedChannel {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let answer = self.card.transmit(command.wire().expose()).map_err(|error| match error {
            LinkError::Removed => ChannelError::Removed,
            LinkError::Reset => ChannelError::Reset,
            LinkError::Held => ChannelError::Busy,
            other => ChannelError::Broken { code: format!("{other:?}") },
        })?;
        ResponseApdu::from_bytes(&answer).map_err(|_| ChannelError::NoStatusWord)
    }

    /// The card lives in this process: nobody else can reach it.
    fn access(&self) -> Access {
        Access::Exclusive
    }

    /// After a reset by another program, which only a disturbance of the card's file can make up.
    fn reconnect(&mut self) -> Result<(), ChannelError> {
        if self.card.is_inserted() { Ok(()) } else { Err(ChannelError::Removed) }
    }
}

impl Drop for SimulatedChannel {
    fn drop(&mut self) {
        self.card.power_off();
    }
}
