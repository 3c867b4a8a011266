//! The card's applications as commands and procedures, the driver that runs them, and the channel they run over.
//!
//! A procedure is an `async fn` over a [`Dialogue`]: straight-line code that asks and answers, without IO and without a
//! runtime. One driver ([`Session`]) serves every channel: reader, simulated card, recording. Deliberately absent: which
//! wire carries the commands, what a certificate says, and the EF of the individual number (個人番号), which no procedure
//! here selects or reads.

mod application;
mod change;
mod channel;
pub mod common_card;
mod counter;
mod dialogue;
mod error;
mod every_counter;
mod file;
pub mod input_support;
pub mod issuer_domain;
pub mod jpki;
mod secret_file;
mod session;
pub mod surface;
mod survey;
mod token;

pub use application::Application;
pub use change::{ChangeProgress, change_secret};
pub use channel::{Access, Channel, ChannelError};
pub use counter::RetryCounter;
pub use dialogue::{Dialogue, ExtendedReads};
pub use error::{CardError, NotTyped, Operation};
pub use every_counter::{KnownSecret, survey_counters, survey_every_counter};
pub use jpki::{CertificateFile, Key, Unlocked};
pub use session::{Caution, Session};
pub use survey::{CardSurvey, CertificateHeads, FileHead, detect, survey, survey_pins};
pub use token::{CardKind, TokenLabel};
