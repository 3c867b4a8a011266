//! The card as the reader sees it: power, reset, removal, and one command after another.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::command::{Command, Outcome, Stop};
use super::disturbance::Trouble;
use super::keys;
use super::model::{Access, Application, CardFile, ElementaryFile, FileId, LinkDrop, SigningCertificate, Switches};
use super::state::StateFile;

/// 公的個人認証AP (card.md §2), the application that the switch for the signing certificate is about.
const JPKI: [u8; 10] = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];

/// Why a card could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SimulatorError {
    /// A file could not be read.
    #[error("{} cannot be read", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file could not be written.
    #[error("{} cannot be written", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Another process has the card.
    #[error("{} is in use by another program", path.display())]
    InUse {
        /// Which file.
        path: PathBuf,
    },
    /// The text is not TOML of the expected shape.
    #[error("not the description of a simulated card (line {line})")]
    Syntax {
        /// Where it went wrong, from 1; 0 where the parser cannot say.
        line: usize,
    },
    /// The description is well-formed and no card can be like that.
    #[error("no card can be like this: {what}")]
    Content {
        /// What is wrong.
        what: &'static str,
    },
    /// The state beside the file belongs to another card.
    #[error("{} belongs to another card; remove it to start afresh", path.display())]
    StateMismatch {
        /// The state file.
        path: PathBuf,
    },
}

/// Why there is no answer at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// The card is not in the reader.
    #[error("the card was removed")]
    Removed,
    /// The link dropped in the middle of the exchange; the card is in the reader again, unpowered.
    #[error("the link to the card dropped")]
    Dropped,
    /// The card has no power.
    #[error("the card has no power")]
    Unpowered,
    /// Another program reset the card.
    #[error("another program reset the card")]
    Reset,
    /// Another program holds the card.
    #[error("another program holds the card")]
    Held,
}

/// A card with its counters, its security state and its power.
pub struct SimulatedCard {
    pub(super) file: CardFile,
    pub(super) keys: keys::Keys,
    pub(super) session: Session,
    state: Option<StateFile>,
    inserted: bool,
    powered: bool,
    fresh: bool,
    removed_after: Option<usize>,
    /// Commands that reached this card or were disturbed on their way.
    heard: usize,
    /// Held for as long as the card lives here.
    lock: Option<File>,
    log: Vec<(Vec<u8>, Vec<u8>)>,
}

/// How long somebody else may have the card before it counts as taken.
const PATIENCE: Duration = Duration::from_secs(3);

/// Takes the card's file for this process alone, or says that another one has it.
fn take(path: &Path) -> Result<File, SimulatorError> {
    let failed = |source| SimulatorError::Read { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    let until = Instant::now() + PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::sleep(Duration::from_millis(10)),
            Err(TryLockError::WouldBlock) => return Err(SimulatorError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
    }
}

/// What power-off clears.
#[derive(Default)]
pub(super) struct Session {
    /// Position of the selected application; none while the issuer security domain is selected.
    pub(super) application: Option<usize>,
    /// The current elementary file.
    pub(super) file: Option<FileId>,
    /// PINs verified in the selected application.
    pub(super) verified: BTreeSet<FileId>,
    /// Data announced by `61xx` and not fetched yet.
    pub(super) pending: Vec<u8>,
}

impl SimulatedCard {
    /// The card in `path`, with the counters and changed secrets of `path` + `.state` if that file is there. Every later
    /// change goes there before it is answered, so that killing the process gives no attempt back. A card is in one place
    /// at a time: while one process has it, another waits a moment and then is told so.
    ///
    /// # Errors
    /// [`SimulatorError`] when either file cannot be read or is not what it should be; [`SimulatorError::InUse`].
    pub fn load(path: &Path) -> Result<Self, SimulatorError> {
        let lock = take(path)?;
        let mut card = Self::from_file(CardFile::read(path)?)?;
        card.lock = Some(lock);
        let state = StateFile::beside(path, &card.file);
        state.apply(&mut card.file)?;
        card.state = Some(state);
        Ok(card)
    }

    /// The card in memory: what happens to it is forgotten with it.
    ///
    /// # Errors
    /// [`SimulatorError::Content`] when no card can be like this.
    pub fn from_file(file: CardFile) -> Result<Self, SimulatorError> {
        file.check()?;
        let mut file = file;
        apply_signing_certificate(&mut file);
        let keys = keys::prepare(&file)?;
        let removed_after = file.switches.removed_after;
        Ok(Self {
            file,
            keys,
            session: Session::default(),
            state: None,
            inserted: true,
            powered: true,
            fresh: true,
            removed_after,
            heard: 0,
            lock: None,
            log: Vec::new(),
        })
    }

    /// Answers one command, status word included. Any bytes are taken.
    ///
    /// A new card is in the reader and powered.
    ///
    /// # Errors
    /// [`LinkError`] when there is no answer: card removed, link dropped, no power.
    pub fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkError> {
        if self.inserted && self.removed_after == Some(0) {
            self.remove();
        }
        if !self.inserted {
            return Err(LinkError::Removed);
        }
        if !self.powered {
            return Err(LinkError::Unpowered);
        }
        self.removed_after = self.removed_after.map(|left| left.saturating_sub(1));
        self.heard += 1;
        let trouble = self.file.switches.disturbance.as_ref().filter(|disturbance| disturbance.at.get() == self.heard);
        let Some(trouble) = trouble.map(|disturbance| disturbance.what.clone()) else { return self.answer(command) };
        match trouble {
            Trouble::RemovedBefore => {
                self.remove();
                return Err(LinkError::Removed);
            }
            Trouble::ResetBefore => {
                self.reset();
                return Err(LinkError::Reset);
            }
            Trouble::HeldByAnother => return Err(LinkError::Held),
            _ => {}
        }
        let answer = self.answer(command)?;
        match trouble {
            Trouble::RemovedDuring => {
                self.remove();
                Err(LinkError::Removed)
            }
            Trouble::AnswerLost => {
                self.power_off();
                Err(LinkError::Dropped)
            }
            Trouble::RemovedAfter => {
                self.remove();
                Ok(answer)
            }
            other => Ok(other.distort(answer)),
        }
    }

    /// Executes a command that arrived, and answers it.
    fn answer(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkError> {
        let answer = match self.execute(command) {
            Ok(data) => Ok(self.finish(data)),
            Err(Stop::Answer(bytes)) => Ok(bytes),
            Err(Stop::Status(status)) => Ok(status.to_be_bytes().to_vec()),
            Err(Stop::Dropped) => {
                self.power_off();
                Err(LinkError::Dropped)
            }
        };
        self.log.push((command.to_vec(), answer.clone().unwrap_or_default()));
        answer
    }

    /// Puts power on the card, if it is there and has none.
    pub fn power_on(&mut self) {
        if self.inserted && !self.powered {
            self.powered = true;
            self.fresh = true;
        }
    }

    /// Takes the power away: everything but the counters is forgotten (card.md §1.6).
    pub fn power_off(&mut self) {
        self.powered = false;
        self.session = Session::default();
    }

    /// A warm reset: a verified PIN stays verified (card.md §1.6, measured), and so does the selected application.
    pub fn reset(&mut self) {
        self.session.pending.clear();
    }

    /// Takes the card out of the reader.
    pub fn remove(&mut self) {
        self.power_off();
        self.inserted = false;
    }

    /// Puts the card back, unpowered.
    pub fn insert(&mut self) {
        self.inserted = true;
        self.removed_after = None;
    }

    /// True while the card is in the reader.
    pub fn is_inserted(&self) -> bool {
        self.inserted
    }

    /// Lets the card be pulled out when the command after the next `commands` arrives.
    pub fn remove_after(&mut self, commands: usize) {
        self.removed_after = Some(commands);
    }

    /// Answer to reset.
    pub fn atr(&self) -> &[u8] {
        &self.file.atr
    }

    /// True when the file says that nobody of flesh is described.
    pub fn is_synthetic(&self) -> bool {
        self.file.persona.synthetic
    }

    /// The card as it stands: counters and secrets are today's.
    pub fn file(&self) -> &CardFile {
        &self.file
    }

    /// The switches, to turn one in the middle of a test. The switch for the signing certificate only works on a file.
    pub fn switches_mut(&mut self) -> &mut Switches {
        &mut self.file.switches
    }

    /// Commands and answers since the start, an empty answer for a dropped link. Kept in memory only; it holds the
    /// PINs that were sent.
    pub fn log(&self) -> &[(Vec<u8>, Vec<u8>)] {
        &self.log
    }

    /// Forgets the exchanges so far.
    pub fn clear_log(&mut self) {
        self.log.clear();
    }

    fn execute(&mut self, bytes: &[u8]) -> Outcome {
        let command = Command::parse(bytes).ok_or(Stop::Status(0x6700))?;
        if std::mem::take(&mut self.fresh) && self.file.switches.first_command_6f00 {
            return Err(0x6F00.into());
        }
        let pending = std::mem::take(&mut self.session.pending);
        match command.class {
            0x00 | 0x80 => {}
            // ISO/IEC 7816-4 §5.4.1: channels 1 to 3, then 4 to 19; secure messaging; neither is there.
            0x01..=0x03 | 0x40..=0x7F => return Err(0x6881.into()),
            0x04..=0x0F => return Err(0x6882.into()),
            _ => return Err(0x6E00.into()),
        }
        if command.is_extended() && self.file.switches.refuse_extended {
            return Err(0x6700.into());
        }
        match (command.class, command.instruction) {
            (0x00, 0x20) => self.verify(&command),
            (0x00, 0x24) => self.change_reference_data(&command),
            (0x00, 0x84) => keys::get_challenge(&command),
            (0x00, 0x88) => self.internal_authenticate(&command),
            (0x00, 0xA4) => self.select(&command),
            (0x00, 0xB0) => self.read_binary(&command),
            (0x00, 0xB2) => self.read_record(&command),
            (0x00, 0xC0) if self.file.switches.answer_61xx => self.get_response(&command, pending),
            (0x00, 0xCA) => self.get_data(&command),
            (0x80, 0x2A) => self.compute_digital_signature(&command),
            (0x80, 0x32) => self.change_key(&command),
            // The phone profile's marker command, which a card refuses like this (card.md §9).
            (0x80, 0xFC) => Err(0x6700.into()),
            _ => Err(0x6D00.into()),
        }
    }

    fn finish(&mut self, mut data: Vec<u8>) -> Vec<u8> {
        if self.file.switches.answer_61xx && !data.is_empty() {
            let announced = more(data.len());
            self.session.pending = data;
            return announced.to_vec();
        }
        data.extend_from_slice(&[0x90, 0x00]);
        data
    }

    fn get_response(&mut self, command: &Command<'_>, mut pending: Vec<u8>) -> Outcome {
        if (command.p1, command.p2) != (0, 0) {
            return Err(0x6A86.into());
        }
        let expected = command.expected_only()?;
        if pending.is_empty() {
            return Err(0x6985.into());
        }
        let rest = pending.split_off(expected.min(pending.len()));
        // The status is either 9000 or the next 61xx, so it is put together here and bypasses `finish`.
        let status = if rest.is_empty() { [0x90, 0x00] } else { more(rest.len()) };
        self.session.pending = rest;
        pending.extend_from_slice(&status);
        Err(Stop::Answer(pending))
    }

    pub(super) fn current_application(&self) -> Option<&Application> {
        self.session.application.and_then(|at| self.file.applications.get(at))
    }

    /// Writes the counters down, if they are kept in a file. A card that cannot keep them answers `6581`.
    pub(super) fn keep(&self) -> Result<(), Stop> {
        match &self.state {
            Some(state) => state.save(&self.file).map_err(|_| Stop::Status(0x6581)),
            None => Ok(()),
        }
    }

    pub(super) fn drops_link(&self) -> Option<LinkDrop> {
        self.file.switches.link_drop_in_verify
    }
}

/// `61xx`, where `00` announces 256 bytes or more.
fn more(length: usize) -> [u8; 2] {
    [0x61, u8::try_from(length).unwrap_or(0)]
}

fn apply_signing_certificate(file: &mut CardFile) {
    const CERTIFICATE: FileId = FileId(0x0001);
    const KEY: FileId = FileId(0x001A);
    const PIN: FileId = FileId(0x001B);
    let choice = file.switches.signing_certificate;
    let Some(jpki) = file.application_mut(&JPKI) else { return };
    if choice == SigningCertificate::Present {
        return;
    }
    let size = jpki.files.iter().find(|file| file.id == CERTIFICATE).map_or(2048, ElementaryFile::physical_size);
    jpki.files.retain(|file| file.id != CERTIFICATE);
    jpki.keys.retain(|key| key.id != KEY);
    let read = match choice {
        SigningCertificate::NotReadable => {
            jpki.pins.iter_mut().filter(|pin| pin.id == PIN).for_each(|pin| pin.tries = 0);
            Access::NEVER
        }
        SigningCertificate::Filler if jpki.pins.iter().any(|pin| pin.id == PIN) => Access::AnyOf(vec![PIN]),
        _ => {
            jpki.pins.retain(|pin| pin.id != PIN);
            return;
        }
    };
    jpki.files.push(ElementaryFile::transparent(CERTIFICATE.0, read, Vec::new(), size));
}

impl fmt::Debug for SimulatedCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SimulatedCard({}, {} exchanges)", self.file.label, self.log.len())
    }
}
