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

/// Longest message: its length has two bytes.
const LONGEST: usize = u16::MAX as usize;

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

enum Ended {
    Stopped,
    Lost,
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
            // vpcd polls for the card every 0.4 s; coming back sooner would hide that it was away.
            Ended::Lost => std::thread::sleep(PATIENCE),
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
                Err(_) => return Ended::Lost,
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
    let mut message = vec![0; usize::from(u16::from_be_bytes(head)).min(LONGEST)];
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
