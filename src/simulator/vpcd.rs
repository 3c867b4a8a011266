//! The door to a real pcscd: the card's side of vsmartcard's virtual reader (dependencies.md §8).
//!
//! The card connects to the reader over TCP. A message is a 2-byte length and that many bytes; one byte is a control
//! code, anything longer a command. Only asked for, never by itself, does the card speak.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::card::{LinkError, SimulatedCard};

/// Where vpcd's first slot listens.
pub const DEFAULT_ADDRESS: &str = "127.0.0.1:35963";

/// How long one look at the socket lasts before `stop` is looked at again.
const PATIENCE: Duration = Duration::from_millis(100);

/// What happened to the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The card is in the virtual reader.
    Connected,
    /// It is not any more: pcscd went away, or the card was removed.
    Disconnected,
    /// Nobody listens there; told once, until a connection comes about.
    NobodyListens,
}

/// How long a card whose link dropped stays away: pcscd looks for it about every 0.4 s and must notice.
const ABSENCE: Duration = Duration::from_millis(600);

enum Ended {
    Stopped,
    /// The other side went away.
    Lost,
    /// The card's own link dropped.
    Dropped,
    Removed,
}

/// Is the card for the virtual reader at `address` until `stop` is set; connects again whenever pcscd comes back. A card
/// that was removed (see [`SimulatedCard::remove_after`]) stays away.
///
/// # Errors
/// Only when `address` is none. A reader that is not there is an [`Event`], as it may still come.
pub fn serve(
    card: &mut SimulatedCard,
    address: impl ToSocketAddrs,
    stop: &AtomicBool,
    mut on_event: impl FnMut(Event),
) -> std::io::Result<()> {
    let addresses: Vec<_> = address.to_socket_addrs()?.collect();
    let mut told = false;
    while !stop.load(Ordering::Relaxed) && card.is_inserted() {
        let stream = addresses.iter().find_map(|address| TcpStream::connect_timeout(address, PATIENCE).ok());
        let Some(stream) = stream else {
            if !std::mem::replace(&mut told, true) {
                on_event(Event::NobodyListens);
            }
            std::thread::sleep(PATIENCE);
            continue;
        };
        told = false;
        on_event(Event::Connected);
        card.power_off();
        let ended = converse(card, stream, stop);
        card.power_off();
        on_event(Event::Disconnected);
        match ended {
            Ended::Stopped | Ended::Removed => break,
            Ended::Lost => std::thread::sleep(PATIENCE),
            Ended::Dropped => std::thread::sleep(ABSENCE),
        }
    }
    while !stop.load(Ordering::Relaxed) {
        std::thread::sleep(PATIENCE);
    }
    Ok(())
}

fn converse(card: &mut SimulatedCard, mut stream: TcpStream, stop: &AtomicBool) -> Ended {
    let prepared = stream.set_nodelay(true).and_then(|()| stream.set_read_timeout(Some(PATIENCE)));
    if prepared.is_err() {
        return Ended::Lost;
    }
    loop {
        let message = match receive(&mut stream, stop) {
            Ok(message) => message,
            Err(ended) => return ended,
        };
        let answer = match *message {
            [] => continue,
            [code] => {
                match code {
                    0x00 => card.power_off(),
                    0x01 => card.power_on(),
                    0x02 => card.reset(),
                    _ => {}
                }
                if code != 0x04 {
                    continue;
                }
                card.atr().to_vec()
            }
            _ => match card.transmit(&message) {
                Ok(answer) => answer,
                Err(LinkError::Removed) => return Ended::Removed,
                Err(_) => return Ended::Dropped,
            },
        };
        // A card's longest answer is a file, and no file is longer than 15 bits.
        let Ok(length) = u16::try_from(answer.len()) else { return Ended::Lost };
        let frame = [&length.to_be_bytes()[..], &answer].concat();
        if stream.write_all(&frame).is_err() {
            return Ended::Lost;
        }
    }
}

fn receive(stream: &mut TcpStream, stop: &AtomicBool) -> Result<Vec<u8>, Ended> {
    let mut head = [0; 2];
    fill(stream, &mut head, stop)?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(head))];
    fill(stream, &mut message, stop)?;
    Ok(message)
}

fn fill(stream: &mut TcpStream, buffer: &mut [u8], stop: &AtomicBool) -> Result<(), Ended> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        if stop.load(Ordering::Relaxed) {
            return Err(Ended::Stopped);
        }
        let got = stream.read(rest);
        acknowledge_at_once(stream);
        match got {
            Ok(0) => return Err(Ended::Lost),
            Ok(count) => filled = filled.saturating_add(count),
            Err(error)
                if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted) => {}
            Err(_) => return Err(Ended::Lost),
        }
    }
    Ok(())
}

/// Debian's vpcd writes length and payload apart and waits for the acknowledgement between them; without this, which the
/// kernel forgets after each read, every exchange takes 44 ms (dependencies.md §8).
#[cfg(target_os = "linux")]
fn acknowledge_at_once(stream: &TcpStream) {
    use std::os::linux::net::TcpStreamExt as _;
    // Slower without it, not wrong.
    let _ = stream.set_quickack(true);
}

#[cfg(not(target_os = "linux"))]
fn acknowledge_at_once(_: &TcpStream) {}

#[cfg(test)]
mod tests {
    use super::super::{CardFile, PersonaMark, SimulatedCard};
    use super::*;
    use std::net::{SocketAddr, TcpListener};
    use std::sync::{Arc, Mutex};
    use std::thread::JoinHandle;
    use std::time::Instant;

    const ATR: [u8; 9] = [0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14];
    const QUERY: [u8; 4] = [0x00, 0x20, 0x00, 0x98];

    struct Served {
        stop: Arc<AtomicBool>,
        events: Arc<Mutex<Vec<Event>>>,
        thread: JoinHandle<SimulatedCard>,
    }

    impl Served {
        fn start(mut card: SimulatedCard, address: SocketAddr) -> Self {
            let (stop, events) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
            let (stop_there, events_there) = (stop.clone(), events.clone());
            let thread = std::thread::spawn(move || {
                serve(&mut card, address, &stop_there, |event| events_there.lock().unwrap().push(event)).unwrap();
                card
            });
            Self { stop, events, thread }
        }

        fn end(self) -> (SimulatedCard, Vec<Event>) {
            self.stop.store(true, Ordering::Relaxed);
            let card = self.thread.join().unwrap();
            let events = self.events.lock().unwrap().clone();
            (card, events)
        }
    }

    fn card() -> SimulatedCard {
        let mark = PersonaMark { synthetic: true, name: None };
        SimulatedCard::from_file(CardFile::new("door", &ATR, mark)).unwrap()
    }

    /// Length and payload in two writes, as Debian's vpcd does.
    fn say(stream: &mut TcpStream, message: &[u8]) {
        stream.write_all(&u16::try_from(message.len()).unwrap().to_be_bytes()).unwrap();
        stream.write_all(message).unwrap();
    }

    fn hear(stream: &mut TcpStream) -> Vec<u8> {
        let mut head = [0; 2];
        stream.read_exact(&mut head).unwrap();
        let mut message = vec![0; usize::from(u16::from_be_bytes(head))];
        stream.read_exact(&mut message).unwrap();
        message
    }

    #[test]
    fn speaks_as_vpcd_expects_and_comes_back() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let served = Served::start(card(), listener.local_addr().unwrap());

        let (mut reader, _) = listener.accept().unwrap();
        say(&mut reader, &[0x04]);
        assert_eq!(hear(&mut reader), ATR);
        say(&mut reader, &[0x01]);
        say(&mut reader, &[0x02]);
        say(&mut reader, &QUERY);
        assert_eq!(hear(&mut reader), [0x6A, 0x82], "no application is selected");
        drop(reader);

        let (mut reader, _) = listener.accept().unwrap();
        say(&mut reader, &[0x04]);
        assert_eq!(hear(&mut reader), ATR);
        // Without power there is no answer, and the connection goes.
        say(&mut reader, &QUERY);
        assert_eq!(reader.read(&mut [0]).unwrap(), 0);

        let (reader, _) = listener.accept().unwrap();
        let (card, events) = served.end();
        drop(reader);
        assert_eq!(card.log().len(), 1);
        let both = [Event::Connected, Event::Disconnected];
        assert_eq!(events, [both, both, both].concat());
    }

    #[test]
    fn a_removed_card_stays_away() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut card = card();
        card.remove_after(1);
        let served = Served::start(card, listener.local_addr().unwrap());
        let (mut reader, _) = listener.accept().unwrap();
        say(&mut reader, &[0x01]);
        say(&mut reader, &QUERY);
        assert_eq!(hear(&mut reader), [0x6A, 0x82]);
        say(&mut reader, &QUERY);
        assert_eq!(reader.read(&mut [0]).unwrap(), 0);
        listener.set_nonblocking(true).unwrap();
        std::thread::sleep(3 * PATIENCE);
        assert!(listener.accept().is_err());
        let (card, events) = served.end();
        assert!(!card.is_inserted());
        assert_eq!(events, [Event::Connected, Event::Disconnected]);
    }

    #[test]
    fn tells_that_nobody_listens_and_ends_when_told() {
        // A port that was free a moment ago.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let served = Served::start(card(), address);
        std::thread::sleep(3 * PATIENCE);
        let began = Instant::now();
        let (_, events) = served.end();
        assert!(began.elapsed() < Duration::from_secs(2));
        assert_eq!(events, [Event::NobodyListens]);
    }
}
