//! The nodes of the tree by their ids in desktop.md §1.

use crate::reason::Reason;
use std::fmt;

macro_rules! nodes {
    ($($(#[$doc:meta])* $name:ident = $reason:expr;)*) => {
        /// A node of the tree, in the order of the walk.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[non_exhaustive]
        pub enum Node {
            $($(#[$doc])* $name,)*
        }

        impl Node {
            /// Every node, in the order of the walk.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The id, as JSON and `explain` name it.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }

            /// The reason with which the program ends when this node blocks; `None` for nodes that only remark.
            pub const fn reason(self) -> Option<Reason> {
                match self {
                    $(Self::$name => $reason,)*
                }
            }
        }
    };
}

nodes! {
    /// The smart-card library is missing.
    E1 = Some(Reason::NoPcscService);
    /// The PC/SC service does not run.
    E2 = Some(Reason::NoPcscService);
    /// Windows names no service, which it also does when no reader is plugged in.
    E2w = Some(Reason::NoPcscService);
    /// This session may not use cards.
    E3 = Some(Reason::NotPermitted);
    /// Inside a sandbox that the service outside does not fit.
    E4 = Some(Reason::NoPcscService);
    /// WSL without a USB reader attached.
    E5 = Some(Reason::NoReader);
    /// No reader.
    R1 = Some(Reason::NoReader);
    /// A driver of the system has the reader.
    R2 = Some(Reason::NoReader);
    /// The reader's driver is missing or old.
    R3 = Some(Reason::NoReader);
    /// This model has no PC/SC driver on this system.
    R4 = Some(Reason::NoReader);
    /// Windows without the driver of a Sony reader.
    R4w = Some(Reason::NoReader);
    /// Only readers that are no readers.
    R5 = Some(Reason::NoReader);
    /// The driver that macOS brings.
    R6 = Some(Reason::TransportFailed);
    /// Every reader is empty.
    C1 = Some(Reason::NoCard);
    /// The card does not answer to power.
    C2 = Some(Reason::TransportFailed);
    /// The card moved.
    C3 = Some(Reason::CardLostContact);
    /// A reader that may not know cards of Type B.
    C4 = None;
    /// Another program holds the card.
    C5 = Some(Reason::ReaderBusy);
    /// Another program has the card open too.
    C6 = None;
    /// Not a My Number Card.
    A1 = Some(Reason::NotASupportedCard);
    /// Another kind of token: 住基カード or a phone.
    A2 = Some(Reason::NotASupportedCard);
    /// No signing certificate.
    A3 = None;
    /// The authentication certificate is out of its period, or the card is a test card.
    A4 = Some(Reason::CertificateExpired);
    /// The counters, told.
    P1 = None;
    /// One attempt is left.
    P2 = None;
    /// A secret is blocked.
    P3 = Some(Reason::PinLocked);
    /// A counter could not be read.
    P4 = None;
    /// How the link carries reads of 256, 224 and 128 bytes.
    T1 = None;
    /// The computer's date is wrong.
    K1 = None;
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
