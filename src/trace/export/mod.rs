//! Recordings in the formats of other tools. What is blanked has no bytes there: eight asterisks stand for it, and a remark
//! says so.

mod apdu4j;
mod pcapng;

pub use apdu4j::to_apdu4j;
pub use pcapng::to_pcapng;

use super::pattern::Pattern;

/// What stands for blanked bytes where a format has no placeholder: `*` in ASCII, eight times.
const FILLER: [u8; 8] = [b'*'; 8];

/// A command as bytes; blanked data become a data field of fixed length.
pub(super) fn command_bytes(tx: &Pattern) -> Vec<u8> {
    match tx.bytes() {
        Some(bytes) => bytes.to_vec(),
        None => {
            let mut out = tx.before().get(..4).unwrap_or(tx.before()).to_vec();
            out.resize(4, 0);
            out.push(8);
            out.extend(FILLER);
            out
        }
    }
}

/// An answer as bytes.
pub(super) fn answer_bytes(rx: &Pattern) -> Vec<u8> {
    match rx.bytes() {
        Some(bytes) => bytes.to_vec(),
        None => [rx.before(), &FILLER, rx.after()].concat(),
    }
}
