//! honnin (本人, "the person in question"): identity verification with Japan's My Number Card (個人番号カード).
//!
//! The library never touches the world by itself: procedures ask and answer, validation is a function of bytes and an
//! instant, and the rooms that do IO ([`transport`], `store`, the simulator's door) are plugged in by the caller.
//! `docs/design.md` has the map of the rooms and the reasons for it; `examples/` has the four programs to start from.

pub mod anchors;
pub mod apdu;
#[cfg(feature = "simulator")]
pub mod authority;
pub mod card;
pub mod certificate;
pub mod claims;
pub mod crypto;
pub mod customer;
pub mod doctor;
pub mod evidence;
pub mod holder;
pub mod idempotency;
pub mod kyc;
pub mod observation;
pub mod policy;
pub mod proof;
pub mod reason;
pub mod recheck;
pub mod record;
pub mod retrieval;
pub mod secret;
#[cfg(feature = "simulator")]
pub mod simulator;
pub mod store;
pub mod time;
pub mod trace;
pub mod transport;
pub mod validation;
pub mod vault;
pub mod verdict;
pub mod wallet;
