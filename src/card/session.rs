//! The driver: runs procedures over a channel, knows what may be repeated, and leaves the card locked.

use super::application::{self, Application};
use super::channel::{Access, Channel, ChannelError};
use super::dialogue::Dialogue;
use super::error::CardError;
use crate::apdu::{CommandApdu, ResponseApdu, Sent, StatusWord};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// How much of a holder's luck may be spent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caution {
    /// Spend the last attempt.
    pub allow_last_try: bool,
    /// Go on when the card does not tell its counter.
    pub allow_unknown_tries: bool,
}

/// One sitting with a card.
///
/// Dropping it, also on an error or a panic, selects the ISD so that no application stays unlocked; unpowering the card
/// is the channel's part.
pub struct Session<C: Channel> {
    channel: C,
    interrupted: Option<Box<dyn Fn() -> bool>>,
    exchanges: usize,
    used: bool,
}

/// More rounds of GET RESPONSE than any file of the card could need.
const RESPONSE_ROUNDS: usize = 64;

impl<C: Channel> Session<C> {
    /// A session over this channel.
    pub fn new(channel: C) -> Self {
        Self { channel, interrupted: None, exchanges: 0, used: false }
    }

    /// The same session, which sends no further command once `interrupted` says so. Locking the card is still done.
    #[must_use]
    pub fn stopped_by(mut self, interrupted: impl Fn() -> bool + 'static) -> Self {
        self.interrupted = Some(Box::new(interrupted));
        self
    }

    /// Runs one procedure to its end.
    ///
    /// # Errors
    /// What the procedure says, or [`CardError::Channel`] when the link fails. Afterwards drop the session: the card is
    /// then left locked as far as it can still be reached.
    ///
    /// ```no_run
    /// # fn f(channel: impl honnin::card::Channel) -> Result<(), honnin::card::CardError> {
    /// use honnin::card::{Session, survey};
    /// let mut session = Session::new(channel);
    /// let found = session.run(async |card| survey(card).await)?;
    /// # Ok(()) }
    /// ```
    pub fn run<T, E: From<CardError>>(
        &mut self,
        procedure: impl AsyncFnOnce(&Dialogue) -> Result<T, E>,
    ) -> Result<T, E> {
        let dialogue = Dialogue::default();
        let mut running = pin!(procedure(&dialogue));
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(outcome) = running.as_mut().poll(&mut context) {
                return outcome;
            }
            let command = dialogue.take_command().ok_or(CardError::Stalled)?;
            dialogue.answer(self.exchange(&command)?);
        }
    }

    /// Exchanges on the wire so far, GET RESPONSE and repetitions included.
    pub fn exchanges(&self) -> usize {
        self.exchanges
    }

    /// Leaves the card locked and tells how many exchanges the session took, that one included.
    ///
    /// # Errors
    /// [`CardError::Channel`] when the card could not be reached any more, which dropping would swallow.
    pub fn close(mut self) -> Result<usize, CardError> {
        self.lock()?;
        Ok(self.exchanges)
    }

    fn lock(&mut self) -> Result<(), CardError> {
        if std::mem::take(&mut self.used) {
            // Selecting another application is what ends a verified secret; a reset does not (card.md §1.6).
            self.transmit(&application::select(Application::IssuerSecurityDomain))?;
        }
        Ok(())
    }

    fn exchange(&mut self, command: &CommandApdu) -> Result<ResponseApdu, CardError> {
        if self.interrupted.as_ref().is_some_and(|interrupted| interrupted()) {
            return Err(CardError::Interrupted);
        }
        if command.sent() == Sent::Secret && self.channel.access() != Access::Exclusive {
            return Err(CardError::ExclusiveAccessNeeded);
        }
        let first = !self.used;
        self.used = true;
        let mut response = self.transmit(command)?;
        if first && response.status() == StatusWord::UNSPECIFIED && command.is_repeatable() {
            // card.md §1.6: on record as the answer to the first command after power-up.
            response = self.transmit(command)?;
        }
        if let (Some(length), true) = (response.status().corrected_length(), command.is_repeatable()) {
            response = self.transmit(&command.clone().expecting(length))?;
        }
        self.collect(command, response)
    }

    /// ISO/IEC 7816-4 §5.3.4: `61xx` says that more of the answer waits. Bounded, because a card is not trusted.
    fn collect(&mut self, command: &CommandApdu, mut response: ResponseApdu) -> Result<ResponseApdu, CardError> {
        let mut data = zeroize::Zeroizing::new(Vec::new());
        for _ in 0..RESPONSE_ROUNDS {
            let Some(waiting) = response.status().bytes_waiting() else {
                if data.is_empty() {
                    return Ok(response);
                }
                data.extend_from_slice(response.data());
                return Ok(ResponseApdu::new(&data, response.status()));
            };
            data.extend_from_slice(response.data());
            let mut more = CommandApdu::new(0x00, 0xC0, 0x00, 0x00).expecting(waiting).never_repeated();
            if command.received() == crate::apdu::Received::Personal {
                more = more.personal();
            }
            response = self.transmit(&more)?;
        }
        Err(CardError::UnexpectedAnswer { what: "an answer without end" })
    }

    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.exchanges += 1;
        self.channel.transmit(command)
    }
}

impl<C: Channel> Drop for Session<C> {
    fn drop(&mut self) {
        // The error has no receiver here, and the channel unpowers the card in any case.
        let _ = self.lock();
    }
}
