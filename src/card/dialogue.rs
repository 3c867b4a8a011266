//! The mailbox between a procedure and the driver: the procedure puts a command in and waits for the answer.

use crate::apdu::{CommandApdu, ResponseApdu};
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::Poll;

#[derive(Default)]
enum Slot {
    #[default]
    Empty,
    Asked(CommandApdu),
    Answered(ResponseApdu),
}

/// A procedure's side of the conversation with a card.
///
/// It is polled by [`Session::run`](super::Session::run) only; no runtime and no waker are involved. It also remembers which
/// forms this card, or its reader, refused, so that no refusal is provoked twice in one run.
#[derive(Default)]
pub struct Dialogue {
    slot: RefCell<Slot>,
    addressing: Cell<Addressing>,
    refused: Cell<Option<u8>>,
    extended: Cell<ExtendedReads>,
}

/// Whether files are read in extended form: a whole file in one exchange, where card and reader both take it (card.md
/// §1.5). Nothing needs it: whatever goes wrong with it, the short form follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExtendedReads {
    /// Not asked for.
    #[default]
    Off,
    /// To be tried at the next file that is longer than a block can be.
    ToBeTried,
    /// A file came in this form.
    Worked,
    /// Refused, by the card or by the reader: not tried again.
    Refused,
}

/// How a file is named in a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Addressing {
    /// By its short identifier, inside the command: one exchange less.
    #[default]
    ShortIdentifier,
    /// By SELECT EF before the command.
    Selection,
}

/// The most a READ BINARY asks for: what short form allows, then what readers with smaller buffers have been seen to take
/// (desktop.md T1). Le 0 stands for 256.
const BLOCKS: [u8; 3] = [0, 224, 128];

impl Dialogue {
    /// Asks the card and waits for its answer. There is no error here: a broken link ends the whole procedure.
    pub async fn ask(&self, command: CommandApdu) -> ResponseApdu {
        let mut command = Some(command);
        poll_fn(|_| {
            let mut slot = self.slot.borrow_mut();
            if let Some(command) = command.take() {
                *slot = Slot::Asked(command);
                return Poll::Pending;
            }
            match std::mem::take(&mut *slot) {
                Slot::Answered(answer) => Poll::Ready(answer),
                other => {
                    *slot = other;
                    Poll::Pending
                }
            }
        })
        .await
    }

    /// How files are named on this card.
    pub(super) fn addressing(&self) -> Addressing {
        self.addressing.get()
    }

    /// From now on files are named like this.
    pub(super) fn address_by(&self, addressing: Addressing) {
        self.addressing.set(addressing);
    }

    /// Le for a READ BINARY of `wanted` bytes, at most 256: exactly that, or the largest that was not refused yet.
    pub(super) fn block(&self, wanted: usize) -> u8 {
        let largest = match self.refused.get() {
            None => BLOCKS[0],
            Some(0) => BLOCKS[1],
            Some(_) => BLOCKS[2],
        };
        match u8::try_from(wanted) {
            Ok(wanted) if largest == 0 || wanted <= largest => wanted,
            _ => largest,
        }
    }

    /// Takes note that a READ BINARY with this Le was refused; false when there is no smaller one to try.
    pub(super) fn step_down(&self, refused: u8) -> bool {
        let smaller = refused == 0 || refused > BLOCKS[2];
        if smaller {
            self.refused.set(Some(if refused == 0 || refused > BLOCKS[1] { 0 } else { BLOCKS[1] }));
        }
        smaller
    }

    /// A dialogue that goes on with what an earlier one found out about extended reads.
    pub(super) fn reading(extended: ExtendedReads) -> Self {
        Self { extended: Cell::new(extended), ..Self::default() }
    }

    /// Whether files are read in extended form now.
    pub(super) fn extended_reads(&self) -> ExtendedReads {
        self.extended.get()
    }

    /// Takes note of what became of an extended read.
    pub(super) fn read_extended(&self, outcome: ExtendedReads) {
        self.extended.set(outcome);
    }

    pub(super) fn take_command(&self) -> Option<CommandApdu> {
        let mut slot = self.slot.borrow_mut();
        match std::mem::take(&mut *slot) {
            Slot::Asked(command) => Some(command),
            other => {
                *slot = other;
                None
            }
        }
    }

    pub(super) fn answer(&self, response: ResponseApdu) {
        *self.slot.borrow_mut() = Slot::Answered(response);
    }
}
