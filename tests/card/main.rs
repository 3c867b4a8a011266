//! What the card room promises: the bytes of card.md §10, what is sent before what, and what is never sent.

mod sequences;
