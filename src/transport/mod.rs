//! Ways to carry APDUs: a PC/SC reader, a simulated card in this process, a recording; and the recorder beside them.
//!
//! A transport reports what happened. It knows no status word, repeats nothing by itself, and asks for no secret.

#[cfg(feature = "pcsc")]
pub mod pcsc;
pub mod pin_pad;
#[cfg(feature = "simulator")]
mod simulated;
pub mod trace;

#[cfg(feature = "simulator")]
pub use simulated::SimulatedChannel;
