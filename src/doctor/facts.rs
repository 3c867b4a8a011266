//! What a front end found out, without any judgement.

use crate::holder::CardStatus;
use crate::time::UnixTime;

/// Whether the PC/SC service can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceFact {
    /// It answers.
    Running,
    /// It does not run.
    Absent,
    /// It refuses this session.
    NotPermitted,
}

/// A reader and its slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderFact {
    /// Its name.
    pub name: String,
    /// Whether a card lies in it.
    pub card_present: bool,
    /// Whether that card does not answer to power.
    pub mute: bool,
    /// Whether another program holds it for itself.
    pub held_by_another: bool,
    /// Whether another program has it open too.
    pub shared_with_another: bool,
}

/// What came of looking at the card.
#[derive(Clone, Debug)]
pub enum CardFact {
    /// Another program let nobody else near it.
    HeldByAnother,
    /// It does not answer as a JPKI card.
    NotSupported,
    /// It was looked over.
    Read(CardStatus),
    /// The link broke on the way.
    LinkBroken,
}

/// Everything the tree looks at.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The system's idea of now.
    pub now: UnixTime,
    /// The instant certificates are judged at.
    pub at: UnixTime,
    /// The service; [`ServiceFact::Running`] where the card is simulated.
    pub service: ServiceFact,
    /// The readers, empty when the service is not there.
    pub readers: Vec<ReaderFact>,
    /// The card, when one could be opened.
    pub card: Option<CardFact>,
}
