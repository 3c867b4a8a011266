//! ISO/IEC 7816-4 vocabulary: command and response APDUs, status words, BER-TLV lengths, and their bytes.
//!
//! Deliberately knows no AID and no application, and does no IO. A command carries two marks, what it sends and what it
//! gets; the card room sets them, and whoever writes exchanges down obeys them.

mod command;
mod response;
mod status_word;
pub mod tlv;

pub use command::{CommandApdu, Received, Sent, Wire};
pub use response::{MalformedResponse, ResponseApdu};
pub use status_word::StatusWord;
