//! Accounts, cases and policy: who becomes what, by which rule, and exactly once.
//!
//! Facts in, a decision out ([`decide`]); keeping them is the store's work behind [`Store`]. Rule numbers (`ACC-02`, `RSN-24`)
//! are those of kyc.md. Deliberately not here: HTTP, SQL, DER, APDUs, and a clock; the caller names the instant.
//!
//! Balances, gates, consent, relinking and re-verification are the room above, `wallet`; what of an approval is theirs is
//! written by a [`Companion`]. Not here yet: the sweep that expires
//! cases nobody comes back to (they expire when they are next touched).

mod account;
mod case;
mod decision;
mod event;
mod identifier;
mod ports;
mod record;
mod upgrade;
mod view;

pub use account::{Account, Hold, Identity, Kind, Life, Login, Provenance};
pub use case::{Case, CaseState, Declaration, Dependency, NotForward};
pub use decision::{Decision, Outcome, decide};
pub use event::{Event, EventKind};
pub use identifier::{AccountId, ActorId, CaseId, NotAnIdentifier};
pub use ports::{
    Companion, Consumption, Effects, FailureEffect, Followed, HeldProof, ProofEffect, Store, StoreError, Version,
    Versioned,
};
pub use record::{AccountFacts, Attachment, ConfirmationRecord, Particulars};
pub use upgrade::{Answer, Request, Upgrade, UpgradeError, closing};
pub use view::{AccountView, CaseView, DeclarationView};
