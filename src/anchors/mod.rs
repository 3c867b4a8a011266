//! Trust anchors (認証局証明書): the six of JPKI, the test hierarchy on demand, and those a caller adds.
//!
//! Data and their meaning only: purpose, origin, generation, taint. Choosing an anchor for a certificate and checking the
//! signature is `validation`. A CA certificate read off a card is never an anchor: it came from the same card as the leaf, so
//! it proves only that the card agrees with itself (certificates.md §1.6).

mod card_verifiable;
mod generation;
mod pinned;
mod set;

pub use card_verifiable::{CardVerifiableKey, CardVerifiableKeys, NotAKeyFile};
pub use generation::Generation;
pub use set::{Anchor, AnchorSet, Origin};
