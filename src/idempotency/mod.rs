//! Requests that may come twice: the second gets the first one's answer (API-31, OUT-02).
//!
//! A caller names each request that changes something with an idempotency key. [`Request`] is that key with what was asked,
//! [`judge`] decides what becomes of a repeat, pure; [`Repeats`] keeps it in a store. The header is that of the Internet-Draft
//! `draft-ietf-httpapi-idempotency-key-header-07`.
//!
//! Deliberately not here: HTTP, who the caller is, and which answers are worth keeping.

mod kept;
mod repeats;
mod request;

pub use kept::{Answer, KeptRequest, Standing, Terms, judge};
pub use repeats::{Begun, IdempotencyStore, RepeatError, Repeats, Ticket};
pub use request::{Fingerprint, IdempotencyKey, Request};
