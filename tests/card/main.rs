//! What the card room promises: the bytes of card.md §10, what is sent before what, and what is never sent.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the helpers of a test target are test code"
)]

mod sequences;
