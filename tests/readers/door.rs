//! A card in the virtual reader whose link does what a test says: lifted, mute, slow, or answering with other bytes.
//!
//! The card is our simulator; the door to vpcd is written again here (dependencies.md §8), because the program's own door
//! has no such habits.

use honnin::simulator::{CardFile, SimulatedCard};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::linux::net::TcpStreamExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use honnin::transport::pcsc::{Service, SlotState};

/// What happens at the command of a number, counted from 0.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fault {
    /// The card is lifted before the command reaches it.
    RemovedBefore,
    /// The card executes the command and is lifted before the answer is out.
    RemovedDuring,
    /// The card answers and is lifted then.
    RemovedAfter,
    /// The card executes the command, and these bytes arrive.
    Answer(Vec<u8>),
    /// Half of the answer's data is missing.
    CutShort,
    /// No counter is told, whatever the form of the question, from this command on.
    NoCounters,
    /// The answer takes this long.
    Slow(Duration),
    /// The service is killed before the command reaches the card, which keeps its power for a moment.
    ServiceKilled,
}

/// What the card was told, in order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Told {
    PowerOn,
    PowerOff,
    Reset,
    Command(Vec<u8>, Vec<u8>),
    /// The link is gone, and the power with it.
    Gone,
}

/// How the card behaves apart from single commands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Habit {
    /// As a card does.
    Still,
    /// It answers to power with nothing that is an ATR.
    Mute,
    /// It comes and goes, this long there and this long away.
    Flapping(Duration, Duration),
}

/// A card in the reader; dropping takes it out.
pub(crate) struct Door {
    stop: Arc<AtomicBool>,
    told: Arc<Mutex<Vec<Told>>>,
    thread: Option<JoinHandle<SimulatedCard>>,
}

fn address() -> String {
    let variable = |name| std::env::var(name).expect("scripts/with-pcscd tells where the reader listens");
    format!("{}:{}", variable("VPCD_HOST"), variable("VPCD_PORT"))
}

impl Door {
    /// Puts the card into the reader.
    pub(crate) fn open(file: CardFile, habit: Habit, fault: Option<(usize, Fault)>) -> Self {
        let mut card = SimulatedCard::from_file(file).unwrap();
        // The one before must be gone for the service too.
        wait_for(SlotState::Empty);
        let (stop, told) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let (stop_there, told_there) = (stop.clone(), told.clone());
        let thread = std::thread::spawn(move || {
            let (mut fault, mut count) = (fault, 0);
            while !stop_there.load(Ordering::SeqCst) {
                let Ok(stream) = TcpStream::connect(address()) else {
                    std::thread::sleep(Duration::from_millis(50));
                    continue;
                };
                let until = match habit {
                    Habit::Flapping(there, _) => Some(Instant::now() + there),
                    _ => None,
                };
                let (stop, told, mute) = (&*stop_there, &*told_there, habit == Habit::Mute);
                let greet = Some(Instant::now() + GREETING);
                let mut link = Link { stream, until, greet, stop, told, mute };
                let stays_away = link.serve(&mut card, &mut fault, &mut count);
                card.power_off();
                told_there.lock().unwrap().push(Told::Gone);
                drop(link);
                match habit {
                    _ if stays_away => break,
                    Habit::Flapping(_, away) => std::thread::sleep(away),
                    _ => std::thread::sleep(Duration::from_millis(100)),
                }
            }
            card
        });
        Self { stop, told, thread: Some(thread) }
    }

    /// The same, and waits until the service says that it is there. Now and then (about once in three hundred) the virtual
    /// reader does not take a card up: it is taken out and put in again, as a hand would do.
    pub(crate) fn with(file: CardFile, fault: Option<(usize, Fault)>) -> Self {
        for _ in 0..4 {
            let door = Self::open(file.clone(), Habit::Still, fault.clone());
            if becomes(SlotState::Present, Duration::from_secs(12)) {
                return door;
            }
        }
        panic!("the reader takes no card up");
    }

    /// Takes the card out: the card with its counters, and what it was told.
    pub(crate) fn close(mut self) -> (SimulatedCard, Vec<Told>) {
        self.stop.store(true, Ordering::SeqCst);
        let card = self.thread.take().unwrap().join().unwrap();
        let told = self.told.lock().unwrap().clone();
        (card, told)
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Waits until the first reader's slot is this.
pub(crate) fn wait_for(state: SlotState) {
    assert!(becomes(state, Duration::from_secs(30)), "the reader never became {state:?}");
}

/// Whether the first reader's slot is this within the time.
fn becomes(state: SlotState, within: Duration) -> bool {
    let until = Instant::now() + within;
    loop {
        let readers = Service::connect().and_then(|service| service.readers());
        if readers.is_ok_and(|readers| readers.first().is_some_and(|reader| reader.slot == state)) {
            return true;
        }
        if Instant::now() > until {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The service looks for a card several times a second: a link of which it says nothing for so long was never taken up.
const GREETING: Duration = Duration::from_secs(4);

struct Link<'a> {
    stream: TcpStream,
    until: Option<Instant>,
    /// Until when the first message must have come.
    greet: Option<Instant>,
    stop: &'a AtomicBool,
    told: &'a Mutex<Vec<Told>>,
    mute: bool,
}

impl Link<'_> {
    /// True when the card was lifted by a fault and stays away.
    fn serve(&mut self, card: &mut SimulatedCard, fault: &mut Option<(usize, Fault)>, count: &mut usize) -> bool {
        self.stream.set_nodelay(true).unwrap();
        self.stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        loop {
            let Some(message) = self.receive() else { return false };
            match message.as_slice() {
                [0x00] => {
                    card.power_off();
                    self.tell(Told::PowerOff);
                }
                [0x01] => {
                    card.power_on();
                    self.tell(Told::PowerOn);
                }
                [0x02] => {
                    card.reset();
                    self.tell(Told::Reset);
                }
                [0x04] if self.mute => {
                    // Longer than any ATR: the reader sees a card, and cannot power it.
                    if !self.answer(&[0x3B; 40]) {
                        return false;
                    }
                }
                [0x04] => {
                    if !self.answer(card.atr()) {
                        return false;
                    }
                }
                command => {
                    let lasting = |fault: &Fault| *fault == Fault::NoCounters;
                    let now = fault.take_if(|(at, fault)| *at == *count && !lasting(fault)).map(|(_, fault)| fault);
                    let silent = fault.as_ref().is_some_and(|(at, fault)| lasting(fault) && *at <= *count);
                    *count += 1;
                    if now == Some(Fault::RemovedBefore) {
                        return true;
                    }
                    if now == Some(Fault::ServiceKilled) {
                        super::service::kill();
                        return false;
                    }
                    let Ok(mut bytes) = card.transmit(command) else { return false };
                    self.tell(Told::Command(command.to_vec(), bytes.clone()));
                    if silent && command.len() == 4 && command[1] == 0x20 {
                        bytes = vec![0x67, 0x00];
                    }
                    match &now {
                        Some(Fault::RemovedDuring) => return true,
                        Some(Fault::Answer(other)) => bytes.clone_from(other),
                        Some(Fault::CutShort) if bytes.len() > 2 => {
                            bytes.drain(bytes.len() / 2..bytes.len() - 2);
                        }
                        Some(Fault::Slow(time)) => std::thread::sleep(*time),
                        _ => {}
                    }
                    if !self.answer(&bytes) {
                        return false;
                    }
                    if now == Some(Fault::RemovedAfter) {
                        // The answer must be out before the link goes.
                        std::thread::sleep(Duration::from_millis(5));
                        return true;
                    }
                }
            }
        }
    }

    fn tell(&self, told: Told) {
        self.told.lock().unwrap().push(told);
    }

    fn answer(&mut self, bytes: &[u8]) -> bool {
        let head = u16::try_from(bytes.len()).unwrap().to_be_bytes();
        self.stream.write_all(&[&head[..], bytes].concat()).is_ok()
    }

    fn receive(&mut self) -> Option<Vec<u8>> {
        let mut head = [0; 2];
        self.fill(&mut head)?;
        let mut message = vec![0; usize::from(u16::from_be_bytes(head))];
        self.fill(&mut message)?;
        Some(message)
    }

    fn fill(&mut self, buffer: &mut [u8]) -> Option<()> {
        let mut filled = 0;
        while filled < buffer.len() {
            let over = |instant: Option<Instant>| instant.is_some_and(|instant| Instant::now() > instant);
            if self.stop.load(Ordering::SeqCst) || over(self.until) || over(self.greet) {
                return None;
            }
            let got = self.stream.read(&mut buffer[filled..]);
            // Debian's vpcd waits for the acknowledgement between length and payload.
            let _ = self.stream.set_quickack(true);
            match got {
                Ok(0) => return None,
                Ok(bytes) => (filled, self.greet) = (filled + bytes, None),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(_) => return None,
            }
        }
        Some(())
    }
}

/// Whether no secret is verified at the end: after the last right VERIFY the card was left for the ISD, lost its power or
/// left the reader (card.md §1.6).
pub(crate) fn is_left_locked(told: &[Told]) -> bool {
    let verified = |it: &Told| {
        matches!(it, Told::Command(command, answer)
            if command.len() > 4 && command[1] == 0x20 && answer == &[0x90, 0x00])
    };
    let leaves = |it: &Told| match it {
        Told::Command(command, answer) => {
            hex::encode_upper(command) == "00A4040C07A0000001510000" && answer == &[0x90, 0x00]
        }
        Told::PowerOff | Told::Gone => true,
        _ => false,
    };
    match told.iter().rposition(verified) {
        None => true,
        Some(at) => told[at..].iter().any(leaves),
    }
}

/// The commands among what the card was told.
pub(crate) fn commands(told: &[Told]) -> Vec<String> {
    told.iter()
        .filter_map(|it| match it {
            Told::Command(command, _) => Some(hex::encode_upper(command)),
            _ => None,
        })
        .collect()
}
