//! The mailbox between a procedure and the driver: the procedure puts a command in and waits for the answer.

use crate::apdu::{CommandApdu, ResponseApdu};
use std::cell::RefCell;
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
/// It is polled by [`Session::run`](super::Session::run) only; no runtime and no waker are involved.
#[derive(Default)]
pub struct Dialogue {
    slot: RefCell<Slot>,
}

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
