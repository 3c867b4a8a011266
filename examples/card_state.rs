//! Read a card's state: kind, tries left, which certificates exist. No secret, no try used.
//!
//!     cargo run --example card_state

#![allow(clippy::print_stdout, missing_docs, reason = "an example prints what it found")]

use honnin::card::{RetryCounter, Session};
use honnin::holder::look_over;
use honnin::simulator::{CardFile, SimulatedCard};
use honnin::transport::SimulatedChannel;

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    // With a reader: `transport::pcsc::Service::connect()?`, `wait_for_card(…)?`, `open(&reader, Access::Shared)?`.
    let file = CardFile::parse(include_str!("../fixtures/cards/one-try-left.toml"))?;
    let channel = SimulatedChannel::new(SimulatedCard::from_file(file)?);

    let mut session = Session::new(channel);
    let status = session.run(async |card| look_over(card).await)?;
    let exchanges = session.close()?;

    println!("{:?}, label {}, in {exchanges} exchanges", status.kind, status.label.as_str());
    for (secret, counter) in &status.counters {
        println!("{secret:?}: {counter:?}");
    }
    assert!(status.counters.iter().all(|(_, counter)| *counter == RetryCounter::Remaining(1)), "one try left on each");
    if let Some(validity) = status.user_authentication.validity {
        println!("authentication certificate until {}", validity.not_after.in_japan());
    }
    Ok(())
}
