//! What carries commands to a card and answers back.

use crate::apdu::{CommandApdu, ResponseApdu};

/// Who else may talk to the card while we do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nobody: what a verified secret needs, because the card keeps it unlocked for everybody who can reach it.
    Exclusive,
    /// Other programs may. Enough for what is free to read.
    Shared,
}

/// Why a command could not be carried. Nothing here is about the holder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChannelError {
    /// The PC/SC service does not run.
    #[error("the PC/SC service does not run")]
    NoService,
    /// This session may not use the reader.
    #[error("access to the reader is not permitted")]
    NotPermitted,
    /// There is no reader (or none of the asked name).
    #[error("there is no reader")]
    NoReader,
    /// There is no card, or none came in time.
    #[error("there is no card")]
    NoCard,
    /// A card is there and does not answer to power.
    #[error("the card does not answer to power")]
    Mute,
    /// Another program holds the card.
    #[error("another program holds the card")]
    Busy,
    /// The card left the reader.
    #[error("the card was removed")]
    Removed,
    /// Another program reset the card: what was selected and verified is gone.
    #[error("the card was reset by another program")]
    Reset,
    /// The link broke in another way.
    #[error("communication with the card broke ({code})")]
    Broken {
        /// The error's name in PC/SC or in the channel's own words.
        code: String,
    },
    /// The reader has no pad to type a secret on, or this way to it cannot use the pad. Nothing was sent.
    #[error("the reader has no PIN pad that can be used")]
    NoPinPad,
    /// The answer was too short to be one.
    #[error("the answer has no status word")]
    NoStatusWord,
    /// A recording was asked for data that it masks.
    #[error("line {line} of the recording masks the data that are needed here")]
    MaskedData {
        /// Line of the recording, from 1.
        line: usize,
    },
    /// A recording was asked for another command than the one recorded.
    #[error("line {line} of the recording has {recorded}, asked was {asked}")]
    NotRecorded {
        /// Line of the recording, from 1.
        line: usize,
        /// Header of the recorded command, or `the end`.
        recorded: String,
        /// Header of the command that was asked.
        asked: String,
    },
    /// The recording could not be written.
    #[error("the recording could not be written: {cause}")]
    RecordingFailed {
        /// The system's words.
        cause: String,
    },
}

/// A way to a card. It reports what happened and decides nothing: no retry, no meaning of a status word.
pub trait Channel {
    /// Carries one command and its answer.
    ///
    /// # Errors
    /// [`ChannelError`]. After an error the command may have reached the card: an attempt may be spent.
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError>;

    /// Who else may talk to the card.
    fn access(&self) -> Access;

    /// Takes the card up again after [`ChannelError::Reset`]. What was selected and verified is gone then.
    ///
    /// # Errors
    /// [`ChannelError`] when the card is gone too. The provided answer is that this channel cannot.
    fn reconnect(&mut self) -> Result<(), ChannelError> {
        Err(ChannelError::Reset)
    }

    /// Whether the reader has a pad of its own to type a secret on. The provided answer is no.
    fn has_pin_pad(&mut self) -> bool {
        false
    }

    /// Has the person type the data of `command` on the reader's own pad, and carries it
    /// ([`CommandApdu::typed_on_reader`]). The digits never come here.
    ///
    /// # Errors
    /// [`ChannelError::NoPinPad`], the provided answer, with nothing sent; else as [`Channel::transmit`].
    fn transmit_typed(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let _ = command;
        Err(ChannelError::NoPinPad)
    }
}

impl<C: Channel + ?Sized> Channel for Box<C> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        (**self).transmit(command)
    }

    fn access(&self) -> Access {
        (**self).access()
    }

    fn reconnect(&mut self) -> Result<(), ChannelError> {
        (**self).reconnect()
    }

    fn has_pin_pad(&mut self) -> bool {
        (**self).has_pin_pad()
    }

    fn transmit_typed(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        (**self).transmit_typed(command)
    }
}
