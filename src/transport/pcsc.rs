//! Real readers through PC/SC: libpcsclite on Linux and BSD, winscard on Windows, PCSC.framework on macOS.

use super::pin_pad::{Control, PinPad};
use crate::apdu::{CommandApdu, ResponseApdu};
use crate::card::{Access, Channel, ChannelError};
use crate::secret::Personal;
use pcsc::{Card, Context, Disposition, Error, Protocols, ReaderState, Scope, ShareMode, State};
use std::ffi::{CStr, CString};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use zeroize::Zeroize as _;

/// What a reader's slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotState {
    /// A card is there and can be reached.
    Present,
    /// No card is there.
    Empty,
    /// A card is there and does not answer to power.
    Mute,
    /// Another program holds the card for itself.
    Busy,
}

/// A reader by name, and what its slot holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    name: CString,
    /// What its slot holds.
    pub slot: SlotState,
    /// Whether another program has the card open too.
    pub in_use: bool,
    /// How often a card came or went since the service started, as far as it counts: 16 bits, then from 0 again.
    pub events: u16,
    /// The card's answer to reset; empty where there is none. Some readers put the card's number of the moment into it.
    pub atr: Personal<Vec<u8>>,
}

impl Reader {
    /// The name as the service tells it; not safe for a terminal.
    pub fn name(&self) -> String {
        self.name.to_string_lossy().into_owned()
    }
}

/// Whether a reader of this name is one that `wanted` names: a part of the name, in whatever case; without it any is.
pub fn is_meant(name: &str, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|part| name.to_lowercase().contains(&part.to_lowercase()))
}

/// The PC/SC service.
pub struct Service {
    context: Context,
}

/// How long one wait for a change lasts before the interrupt flag is looked at again.
const SLICE: Duration = Duration::from_millis(200);

/// How long a card may stay mute before that is the answer: a card that is being put down is mute for a moment.
const MUTE_PATIENCE: Duration = Duration::from_secs(2);

/// How long another program may keep its transaction before the card counts as held by it.
const SHARING_PATIENCE: Duration = Duration::from_secs(3);

/// How long the service may take to learn that a card was lifted.
const REMOVAL_PATIENCE: Duration = Duration::from_millis(1500);

impl Service {
    /// Connects to the service.
    ///
    /// # Errors
    /// [`ChannelError::NoService`], [`ChannelError::NotPermitted`].
    pub fn connect() -> Result<Self, ChannelError> {
        Context::establish(Scope::User).map(|context| Self { context }).map_err(channel_error)
    }

    /// The readers and what they hold. No reader is an empty list, not an error.
    ///
    /// # Errors
    /// [`ChannelError`] when the service fails.
    pub fn readers(&self) -> Result<Vec<Reader>, ChannelError> {
        let names = self.names()?;
        let mut states: Vec<_> = names.iter().map(|name| ReaderState::new(name.clone(), State::UNAWARE)).collect();
        if states.is_empty() {
            return Ok(Vec::new());
        }
        match self.context.get_status_change(Duration::ZERO, &mut states) {
            Ok(()) | Err(Error::Timeout) => {}
            Err(error) => return Err(channel_error(error)),
        }
        Ok(names.into_iter().zip(&states).map(|(name, state)| reader(name, state)).collect())
    }

    /// Waits until one of the readers whose name contains `wanted`, in whatever case, holds a card, and gives all that do.
    ///
    /// # Errors
    /// [`ChannelError::NoReader`] at once when no such reader is there; [`ChannelError::NoCard`] when the time is over;
    /// [`ChannelError::Mute`] when only a card without an answer is there.
    pub fn wait_for_card(
        &self,
        wanted: Option<&str>,
        timeout: Duration,
        interrupted: &AtomicBool,
    ) -> Result<Vec<Reader>, ChannelError> {
        let started = Instant::now();
        let mut mute_since: Option<Instant> = None;
        loop {
            let readers: Vec<_> =
                self.readers()?.into_iter().filter(|reader| is_meant(&reader.name(), wanted)).collect();
            if readers.is_empty() {
                return Err(ChannelError::NoReader);
            }
            let (with_card, without): (Vec<_>, Vec<_>) =
                readers.into_iter().partition(|reader| matches!(reader.slot, SlotState::Present | SlotState::Busy));
            if !with_card.is_empty() {
                return Ok(with_card);
            }
            if without.iter().any(|reader| reader.slot == SlotState::Mute) {
                if mute_since.get_or_insert_with(Instant::now).elapsed() >= MUTE_PATIENCE {
                    return Err(ChannelError::Mute);
                }
            } else {
                mute_since = None;
            }
            if started.elapsed() >= timeout || interrupted.load(Ordering::SeqCst) {
                return Err(ChannelError::NoCard);
            }
            self.wait_for_change(&without, SLICE.min(timeout.saturating_sub(started.elapsed())))?;
        }
    }

    /// Opens the card in the one reader that may be meant by its name, without asking first what its slot holds: that saves the
    /// service three answers where nothing has to be chosen or waited for. `None` where something has; then
    /// [`Service::wait_for_card`] finds out.
    ///
    /// # Errors
    /// Those of [`Service::open`].
    pub fn open_only(
        &self,
        may_be: impl Fn(&str) -> bool,
        access: Access,
    ) -> Result<Option<(String, PcscChannel)>, ChannelError> {
        let mut meant = self.names()?.into_iter().filter(|name| may_be(&name.to_string_lossy()));
        let (Some(name), None) = (meant.next(), meant.next()) else { return Ok(None) };
        match self.open_named(&name, access) {
            Ok(channel) => Ok(Some((name.to_string_lossy().into_owned(), channel))),
            Err(ChannelError::NoCard | ChannelError::Mute | ChannelError::Removed | ChannelError::NoReader) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Opens the card in this reader.
    ///
    /// # Errors
    /// [`ChannelError::Busy`] when somebody else holds it, or is there at all and exclusive access was asked for.
    pub fn open(&self, reader: &Reader, access: Access) -> Result<PcscChannel, ChannelError> {
        self.open_named(&reader.name, access)
    }

    fn open_named(&self, name: &CStr, access: Access) -> Result<PcscChannel, ChannelError> {
        let (context, name) = (self.context.clone(), name.to_owned());
        let (sender, receiver) = std::sync::mpsc::channel();
        // The service lets a connection wait for another program's transaction without a limit of time, so somebody else
        // has to do the waiting.
        std::thread::spawn(move || {
            // Nobody listens any more when the patience was over first; dropping the channel then gives the card back.
            let _ = sender.send(connect(&context, &name, access));
        });
        match receiver.recv_timeout(SHARING_PATIENCE) {
            Ok(opened) => opened.map_err(channel_error),
            Err(_) => Err(ChannelError::Busy),
        }
    }

    /// The names of the readers. Room for those of a desk, so that the service need not be asked for the length first.
    fn names(&self) -> Result<Vec<CString>, ChannelError> {
        let mut room = [0; 2048];
        let names = match self.context.list_readers(&mut room) {
            Ok(names) => Ok(names.map(CStr::to_owned).collect()),
            Err(Error::InsufficientBuffer) => self.context.list_readers_owned(),
            Err(error) => Err(error),
        };
        match names {
            Err(Error::NoReadersAvailable) => Ok(Vec::new()),
            names => names.map_err(channel_error),
        }
    }

    fn wait_for_change(&self, readers: &[Reader], at_most: Duration) -> Result<(), ChannelError> {
        let mut states: Vec<_> = readers
            .iter()
            .map(|reader| {
                let known = if reader.slot == SlotState::Mute { State::PRESENT | State::MUTE } else { State::EMPTY };
                ReaderState::new(reader.name.clone(), known)
            })
            .collect();
        match self.context.get_status_change(at_most, &mut states) {
            Ok(()) => {
                // A state that differs in a detail we did not name returns at once: never spin on it.
                std::thread::sleep(Duration::from_millis(20));
                Ok(())
            }
            Err(Error::Timeout) => Ok(()),
            Err(error) => Err(channel_error(error)),
        }
    }
}

fn connect(context: &Context, reader: &CStr, access: Access) -> Result<PcscChannel, Error> {
    let mode = match access {
        Access::Exclusive => ShareMode::Exclusive,
        Access::Shared => ShareMode::Shared,
    };
    let mut card = context.connect(reader, mode, Protocols::ANY)?;
    if access == Access::Shared {
        // Another program must not change the selected application between two of our commands. The guard borrows the
        // card and cannot be kept beside it; the disconnect ends the transaction.
        std::mem::forget(card.transaction()?);
    }
    let buffer = vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED];
    Ok(PcscChannel { card: Some(card), access, pin_pad: None, buffer })
}

fn reader(name: CString, told: &ReaderState) -> Reader {
    let state = told.event_state();
    let slot = if state.contains(State::MUTE) {
        SlotState::Mute
    } else if state.contains(State::EXCLUSIVE) {
        SlotState::Busy
    } else if state.contains(State::PRESENT) {
        SlotState::Present
    } else {
        SlotState::Empty
    };
    let events = u16::try_from(told.event_count()).unwrap_or_default();
    Reader { name, slot, in_use: state.contains(State::INUSE), events, atr: Personal::new(told.atr().to_vec()) }
}

/// A card in a reader. Dropped after exclusive use it is unpowered, which ends everything that was verified: a reset
/// would not (card.md §1.6).
pub struct PcscChannel {
    card: Option<Card>,
    access: Access,
    /// The reader's pad, once it was asked about.
    pin_pad: Option<Option<PinPad>>,
    /// For answers; all zeros between two exchanges. Always the large one: an answer that does not fit is lost after the card
    /// executed the command.
    buffer: Vec<u8>,
}

/// CM_IOCTL_GET_FEATURE_REQUEST (PC/SC part 10 §2.2).
const GET_FEATURE_REQUEST: u32 = 3400;

/// The reader of a card that is open: SCardControl.
struct ReaderItself<'a>(&'a Card);

impl Control for ReaderItself<'_> {
    fn control(&self, code: u32, input: &[u8]) -> Result<zeroize::Zeroizing<Vec<u8>>, ChannelError> {
        let mut buffer = zeroize::Zeroizing::new(vec![0; pcsc::MAX_BUFFER_SIZE]);
        let answer = self.0.control(code.into(), input, &mut buffer).map_err(channel_error)?;
        Ok(zeroize::Zeroizing::new(answer.to_vec()))
    }
}

impl PcscChannel {
    fn pin_pad(&mut self) -> Option<PinPad> {
        let card = self.card.as_ref()?;
        let code = u32::try_from(pcsc::ctl_code(GET_FEATURE_REQUEST.into())).ok()?;
        *self.pin_pad.get_or_insert_with(|| PinPad::find(&ReaderItself(card), code))
    }

    /// The answer to reset.
    ///
    /// # Errors
    /// [`ChannelError`] when the card is gone.
    pub fn atr(&self) -> Result<Vec<u8>, ChannelError> {
        let card = self.card.as_ref().ok_or(ChannelError::Removed)?;
        // Room for what there is, so that the service need not be asked for the lengths first.
        let (mut names, mut atr) = ([0; 1024], [0; pcsc::MAX_ATR_SIZE]);
        match card.status2(&mut names, &mut atr) {
            Ok(status) => Ok(status.atr().to_vec()),
            Err(Error::InsufficientBuffer) => card.status2_owned().map(|status| status.atr().to_vec()),
            Err(error) => Err(error),
        }
        .map_err(channel_error)
    }
}

impl Channel for PcscChannel {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let card = self.card.as_ref().ok_or(ChannelError::Removed)?;
        let sent = card.transmit(command.wire().expose(), &mut self.buffer).map(<[u8]>::len);
        let answer = sent.map(|length| ResponseApdu::from_bytes(&self.buffer[..length]));
        // Of 64 KiB only as much as was written to; a failure does not say how much that is.
        self.buffer[..sent.unwrap_or(pcsc::MAX_BUFFER_SIZE_EXTENDED)].zeroize();
        match answer {
            Ok(answer) => answer.map_err(|_| gone_or(card, ChannelError::NoStatusWord)),
            Err(error @ (Error::NotTransacted | Error::CommError | Error::InternalError)) => {
                Err(gone_or(card, channel_error(error)))
            }
            Err(error) => Err(channel_error(error)),
        }
    }

    fn access(&self) -> Access {
        self.access
    }

    fn has_pin_pad(&mut self) -> bool {
        self.pin_pad().is_some()
    }

    fn transmit_typed(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let pad = self.pin_pad().ok_or(ChannelError::NoPinPad)?;
        let card = self.card.as_ref().ok_or(ChannelError::Removed)?;
        pad.verify(&ReaderItself(card), command).map_err(|error| match error {
            ChannelError::NoStatusWord | ChannelError::Broken { .. } => gone_or(card, error),
            error => error,
        })
    }

    fn reconnect(&mut self) -> Result<(), ChannelError> {
        let card = self.card.as_mut().ok_or(ChannelError::Removed)?;
        let mode = match self.access {
            Access::Exclusive => ShareMode::Exclusive,
            Access::Shared => ShareMode::Shared,
        };
        card.reconnect(mode, Protocols::ANY, Disposition::LeaveCard).map_err(channel_error)?;
        if self.access == Access::Shared {
            // The transaction of before ended with the reset.
            std::mem::forget(card.transaction().map_err(channel_error)?);
        }
        Ok(())
    }
}

impl Drop for PcscChannel {
    fn drop(&mut self) {
        if let Some(card) = self.card.take() {
            let disposition = match self.access {
                Access::Exclusive => Disposition::UnpowerCard,
                // Others may be in the middle of something, and nothing was unlocked by us.
                Access::Shared => Disposition::LeaveCard,
            };
            // On failure the crate hands the card back and its own drop resets it; nothing better is left to do.
            let _ = card.disconnect(disposition);
        }
    }
}

/// What a driver calls a failed transaction, or answers nothing to, is most often a card that was lifted. The service
/// polls its readers, so it may learn of that some time after the driver.
fn gone_or(card: &Card, otherwise: ChannelError) -> ChannelError {
    let until = Instant::now() + REMOVAL_PATIENCE;
    loop {
        match card.status2_owned() {
            Err(Error::RemovedCard | Error::NoSmartcard | Error::ReaderUnavailable) => return ChannelError::Removed,
            Ok(_) if Instant::now() < until => std::thread::sleep(Duration::from_millis(50)),
            _ => return otherwise,
        }
    }
}

fn channel_error(error: Error) -> ChannelError {
    match error {
        Error::NoService | Error::ServiceStopped => ChannelError::NoService,
        Error::SecurityViolation => ChannelError::NotPermitted,
        Error::NoReadersAvailable | Error::UnknownReader | Error::ReaderUnavailable => ChannelError::NoReader,
        Error::NoSmartcard | Error::Timeout => ChannelError::NoCard,
        Error::UnresponsiveCard | Error::UnpoweredCard | Error::UnsupportedCard => ChannelError::Mute,
        Error::SharingViolation => ChannelError::Busy,
        Error::RemovedCard => ChannelError::Removed,
        Error::ResetCard => ChannelError::Reset,
        other => ChannelError::Broken { code: format!("{other:?}") },
    }
}
