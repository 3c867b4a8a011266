//! What passed between program and card, by header, status word and time: enough for sums, never the content.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Instant;

use honnin::apdu::{CommandApdu, ResponseApdu, Sent};
use honnin::card::{Access, Channel, ChannelError};

/// One command and its answer.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    /// CLA, INS, P1, P2.
    pub(crate) header: [u8; 4],
    /// Le, where the command has one.
    pub(crate) expected: Option<u8>,
    /// Whether it carried a secret.
    pub(crate) secret: bool,
    /// The status word, or nothing where the link failed.
    pub(crate) status: Option<u16>,
    /// How long it took.
    pub(crate) microseconds: u64,
}

/// Whether a secret was presented in this run and no answer came: the card may have counted the attempt (card.md §4.2).
#[derive(Clone, Debug, Default)]
pub(crate) struct Unanswered(Rc<Cell<bool>>);

impl Unanswered {
    /// Whether it was so.
    pub(crate) fn secret(&self) -> bool {
        self.0.get()
    }

    fn note(&self, command: &CommandApdu, error: &ChannelError) {
        const VERIFY: u8 = 0x20;
        let presents = command.sent() == Sent::Secret && command.header()[1] == VERIFY;
        // With the others nothing was sent.
        let on_the_way = matches!(
            error,
            ChannelError::Removed
                | ChannelError::Reset
                | ChannelError::Broken { .. }
                | ChannelError::NoStatusWord
                | ChannelError::NoService
                | ChannelError::NoReader
        );
        self.0.set(self.0.get() || (presents && on_the_way));
    }
}

/// The exchanges of a session so far, shared with whoever asks afterwards.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    exchanges: Rc<RefCell<Vec<Exchange>>>,
    unanswered: Unanswered,
}

impl Tally {
    /// A tally that tells the run as well when a secret stays without an answer.
    pub(crate) fn telling(unanswered: &Unanswered) -> Self {
        Self { unanswered: unanswered.clone(), ..Self::default() }
    }

    /// What passed so far.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.exchanges.borrow().clone()
    }

    /// `channel`, counted.
    pub(crate) fn of(&self, channel: Box<dyn Channel>) -> Box<dyn Channel> {
        Box::new(Counted { inner: channel, tally: self.clone() })
    }
}

struct Counted {
    inner: Box<dyn Channel>,
    tally: Tally,
}

impl Counted {
    /// Counts one exchange, however it is carried.
    fn counting(
        &mut self,
        command: &CommandApdu,
        carry: impl FnOnce(&mut dyn Channel) -> Result<ResponseApdu, ChannelError>,
    ) -> Result<ResponseApdu, ChannelError> {
        let started = Instant::now();
        let answer = carry(self.inner.as_mut());
        if let Err(error) = &answer {
            self.tally.unanswered.note(command, error);
        }
        self.tally.exchanges.borrow_mut().push(Exchange {
            header: command.header(),
            expected: command.expected(),
            secret: command.sent() == Sent::Secret,
            status: answer.as_ref().ok().map(|answer| answer.status().value()),
            microseconds: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        });
        answer
    }
}

impl Channel for Counted {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.counting(command, |inner| inner.transmit(command))
    }

    fn has_pin_pad(&mut self) -> bool {
        self.inner.has_pin_pad()
    }

    fn transmit_typed(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.counting(command, |inner| inner.transmit_typed(command))
    }

    fn access(&self) -> Access {
        self.inner.access()
    }

    fn reconnect(&mut self) -> Result<(), ChannelError> {
        self.inner.reconnect()
    }
}
