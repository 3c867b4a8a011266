//! A My Number Card (個人番号カード) made of data: files, keys, PINs and counters read from a `card.toml`, and the rules
//! of card.md §§1.5-7 and §12.1 over them. [`vpcd`] is its door to a real pcscd.
//!
//! It deliberately uses nothing of ours, least of all the client's encoders and parsers: a mirror proves nothing. It
//! is for synthetic people only; the file says so itself and [`SimulatedCard::is_synthetic`] repeats it.
//!
//! What card.md leaves open is answered like this, and nothing should be concluded about real cards from it:
//! SELECT with `P2=00` answers `9000` without an FCI (nobody recorded one); a same-application SELECT and a warm reset
//! leave everything as it was; a wrong VERIFY takes back an earlier right one; a new PIN is taken whatever its form.
//!
//! The list of card.md §12.1 is complete. These of it are [`Switches`]: status word when blocked, extended form refused, first
//! command `6F00`, Le on an empty VERIFY, query when verified, lower-case compare, missing signing certificate, link drop in
//! VERIFY (counted or not), `61xx`, `6Cxx`; and six of ours: query tells blocked, short identifiers refused, long reads refused,
//! ATR object in applications only, removal after so many commands, a disturbance at one command. These are plain data of the file: the ATR, the value of EF
//! 0008, a face-authentication card (counters at zero), the label of EF 0006, missing applications (a phone's token), the type of
//! a key and its digest. Not there: secure messaging, `80 A2` and `80 AE`, the issuer's commands, a check of the form of a new PIN.

mod card;
mod command;
mod disturbance;
mod files;
mod keys;
mod model;
mod pins;
mod state;
mod text_form;
pub mod vpcd;

#[cfg(test)]
mod tests;

pub use card::{LinkError, SimulatedCard, SimulatorError};
pub use disturbance::{Disturbance, Lie, Trouble};
pub use model::{
    Access, Application, BlockedStatus, CardFile, Change, DataObject, Digest, ElementaryFile, FileId, KeyFile, Kind,
    LinkDrop, PersonaMark, PinFile, QueryAnswer, SigningCertificate, Switches,
};
