//! The driver: runs procedures over a channel, knows what may be repeated, and leaves the card locked.

use super::application::{self, Application};
use super::channel::{Access, Channel, ChannelError};
use super::dialogue::{Dialogue, ExtendedReads};
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
    /// The tries left that a person was shown before typing: another count is another card.
    pub shown_tries: Option<u8>,
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
    unrepeatable_sent: bool,
    refused_length: Option<ChannelError>,
    extended: ExtendedReads,
    told_extended: Option<Box<dyn Fn(ExtendedReads)>>,
}

/// How often a procedure starts afresh because another program reset the card.
const RESTARTS: usize = 2;

/// Le above which a broken link may mean that the reader cannot carry so much.
const SURELY_CARRIED: u8 = 128;

/// More rounds of GET RESPONSE than any file of the card could need.
const RESPONSE_ROUNDS: usize = 64;

impl<C: Channel> Session<C> {
    /// A session over this channel.
    pub fn new(channel: C) -> Self {
        Self {
            channel,
            interrupted: None,
            exchanges: 0,
            used: false,
            unrepeatable_sent: false,
            refused_length: None,
            extended: ExtendedReads::Off,
            told_extended: None,
        }
    }

    /// The same session, which tries to read each file in one exchange of extended length, and reads as ever where that
    /// is refused. For readers that are known to carry it, or for a caller who asks. `told` hears what became of it, at
    /// once, so that it can be remembered for the reader even when the sitting then fails.
    #[must_use]
    pub fn reading_extended(mut self, told: impl Fn(ExtendedReads) + 'static) -> Self {
        self.extended = ExtendedReads::ToBeTried;
        self.told_extended = Some(Box::new(told));
        self
    }

    /// What became of extended reads so far.
    pub fn extended_reads(&self) -> ExtendedReads {
        self.extended
    }

    /// The same session, which sends no further command once `interrupted` says so. Locking the card is still done.
    #[must_use]
    pub fn stopped_by(mut self, interrupted: impl Fn() -> bool + 'static) -> Self {
        self.interrupted = Some(Box::new(interrupted));
        self
    }

    /// Runs one procedure to its end.
    ///
    /// When another program resets the card and nothing was sent that must not be repeated, a procedure that begins with
    /// SELECT is started afresh, twice at most. A VERIFY, a change of a secret or a signature is never sent twice.
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
        mut procedure: impl AsyncFnMut(&Dialogue) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut restarts = 0;
        loop {
            let dialogue = Dialogue::reading(self.extended);
            let mut running = pin!(procedure(&dialogue));
            let mut context = Context::from_waker(Waker::noop());
            let mut selects_first = None;
            let error = loop {
                let polled = running.as_mut().poll(&mut context);
                self.learn(dialogue.extended_reads());
                if let Poll::Ready(outcome) = polled {
                    return outcome;
                }
                let command = dialogue.take_command().ok_or(CardError::Stalled)?;
                selects_first.get_or_insert_with(|| application::is_selection(&command));
                match self.exchange(&command) {
                    Ok(response) => dialogue.answer(response),
                    Err(error) => break error,
                }
            };
            let reset = error == CardError::Channel(ChannelError::Reset);
            if !reset || self.unrepeatable_sent || selects_first != Some(true) || restarts == RESTARTS {
                return Err(error.into());
            }
            restarts += 1;
            self.channel.reconnect().map_err(CardError::from)?;
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

    fn learn(&mut self, extended: ExtendedReads) {
        if std::mem::replace(&mut self.extended, extended) != extended
            && let Some(told) = &self.told_extended
        {
            told(extended);
        }
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
        self.unrepeatable_sent |= !command.is_repeatable();
        let mut response = match self.transmit(command) {
            Err(ChannelError::Broken { .. }) if command.is_extended() && command.is_repeatable() => {
                // So do readers that know no extended length. The short form that follows says whether it was the link.
                self.learn(ExtendedReads::Refused);
                return Ok(ResponseApdu::new(&[], StatusWord::WRONG_LENGTH));
            }
            Err(error @ ChannelError::Broken { .. }) if reads_much(command) => {
                // A reader with a small buffer fails like this. The procedure may ask for less; if that fails as well,
                // it was the link.
                self.refused_length = Some(error);
                return Ok(ResponseApdu::new(&[], StatusWord::WRONG_LENGTH));
            }
            answer => answer?,
        };
        if let Some(error) = self.refused_length.take()
            && !matches!(response.status(), StatusWord::OK | StatusWord::END_OF_FILE)
        {
            return Err(error.into());
        }
        if first && response.status() == StatusWord::UNSPECIFIED && command.is_repeatable() {
            // card.md §1.6: on record as the answer to the first command after power-up.
            response = self.transmit(command)?;
        }
        // A command that asks for no data has no length to correct: with one, a query would not be a query any more.
        let asks = (command.expected().is_some() || command.is_extended()) && command.is_repeatable();
        if let (Some(length), true) = (response.status().corrected_length(), asks) {
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
            let more = CommandApdu::new(0x00, 0xC0, 0x00, 0x00).expecting(waiting).never_repeated();
            let more = more.answered_like(command);
            response = self.transmit(&more)?;
        }
        Err(CardError::UnexpectedAnswer { what: "an answer without end" })
    }

    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.exchanges += 1;
        match command.digits_typed_on_reader() {
            Some(_) => self.channel.transmit_typed(command),
            None => self.channel.transmit(command),
        }
    }
}

/// READ BINARY of more than any reader is known to refuse.
fn reads_much(command: &CommandApdu) -> bool {
    let [class, instruction, ..] = command.header();
    let much = command.expected().is_some_and(|length| length == 0 || length > SURELY_CARRIED);
    (class, instruction) == (0x00, 0xB0) && command.is_repeatable() && much
}

impl<C: Channel> Drop for Session<C> {
    fn drop(&mut self) {
        // The error has no receiver here, and the channel unpowers the card in any case.
        let _ = self.lock();
    }
}
