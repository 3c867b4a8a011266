//! The facts: readers and what comes and goes in them, the system around, and the card without a secret.

use std::time::Duration;

use honnin::card::{Access, CardError, ChannelError};
use honnin::doctor::{self, BlockFact, CardFact, Facts, OtherCard, ServiceFact};
use honnin::holder;
use honnin::reason::Reason;

use crate::cli::arguments::CardSource;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::probe::Probe;
use crate::cli::sitting::{self, Opened};
use crate::cli::tally::Exchange;

/// How long readers without a card are watched: a card that does not lie still comes and goes in that time (C3).
const WATCH: Duration = Duration::from_secs(3);

/// What was seen on the way, for the last line and for a support packet.
#[derive(Default)]
pub(super) struct Seen {
    /// Name of the reader, where there is one.
    pub(super) reader: Option<String>,
    /// Answer to reset, where one is known.
    pub(super) atr: Option<Vec<u8>>,
    /// What passed.
    pub(super) exchanges: Vec<Exchange>,
}

/// Service and readers.
pub(super) fn at_readers(context: &Context, facts: &mut Facts) {
    (facts.service, facts.readers) = readers(WATCH.min(context.global.timeout));
}

/// USB and drivers where PC/SC shows nothing a card could lie in; other programs where one is in the way.
pub(super) fn around(probe: &Probe, facts: &mut Facts) {
    if facts.service == ServiceFact::NotPermitted {
        facts.system.remote_session |= probe.session_is_elsewhere();
    }
    facts.usb = probe.usb();
    let unseen = facts.readers.is_empty() && !facts.usb.is_empty();
    facts.drivers = probe.drivers(unseen);
    if facts.readers.iter().any(|reader| reader.held_by_another || reader.shared_with_another) {
        facts.programs = probe.programs();
    }
}

/// The card as it shows itself; what the tree has no node for (a file that is no card) stays an error.
pub(super) fn at_the_card(context: &Context, probe: &Probe, facts: &mut Facts) -> Result<Seen, CliError> {
    let mut seen = Seen::default();
    let reachable = match context.global.card {
        CardSource::Pcsc => facts.readers.iter().any(|reader| reader.card_present && !reader.held_by_another),
        CardSource::Simulated(_) | CardSource::Replayed(_) => true,
    };
    if !reachable {
        return Ok(seen);
    }
    let mut opened = match sitting::open_in_short_form(&context.waiting_at_most(WATCH), Access::Shared) {
        Ok(opened) => opened,
        Err(error) => {
            facts.card = match error.reason() {
                Reason::NoCard => None,
                Reason::ReaderBusy => Some(CardFact::HeldByAnother),
                Reason::NotPermitted => Some(CardFact::NotPermitted),
                Reason::CardLostContact => Some(CardFact::Moved),
                Reason::TransportFailed => Some(CardFact::LinkBroken),
                _ => return Err(error),
            };
            if facts.card.is_none() {
                // It was there a moment ago.
                facts.card = Some(CardFact::Moved);
            }
            if matches!(facts.card, Some(CardFact::HeldByAnother)) && facts.programs.is_empty() {
                facts.programs = probe.programs();
            }
            return Ok(seen);
        }
    };
    seen.reader.clone_from(&opened.reader);
    seen.atr.clone_from(&opened.atr);
    let looked = opened.session.run(async |dialogue| holder::look_over(dialogue).await);
    facts.card = Some(match looked {
        Ok(status) => {
            facts.link = link(&mut opened);
            CardFact::Read(status)
        }
        Err(CardError::NotSupported) => CardFact::NotSupported { guess: guess(&mut opened) },
        Err(error) => broken(error)?,
    });
    let tally = opened.tally.clone();
    // A link that breaks only now takes nothing back of what was seen.
    let closed = opened.close();
    seen.exchanges = tally.exchanges();
    closed.map(|_| seen)
}

/// What a failure in the middle says of the card.
fn broken(error: CardError) -> Result<CardFact, CliError> {
    Ok(match &error {
        CardError::Channel(ChannelError::Removed | ChannelError::NoCard) => CardFact::Moved,
        // SCARD_E_NOT_TRANSACTED (desktop.md §1, C3)
        CardError::Channel(ChannelError::Broken { code }) if code == "NotTransacted" => CardFact::Moved,
        CardError::Channel(ChannelError::Busy) => CardFact::HeldByAnother,
        CardError::Channel(ChannelError::NotPermitted) => CardFact::NotPermitted,
        _ => match error.reason() {
            Reason::TransportFailed | Reason::NotAnAnswerOfTheCard => CardFact::LinkBroken,
            _ => return Err(error.into()),
        },
    })
}

/// T1. Whatever goes wrong here says nothing about the card: then the link is not told about.
fn link(opened: &mut Opened) -> Vec<BlockFact> {
    let before = opened.tally.exchanges().len();
    let tried = opened.session.run(async |dialogue| doctor::try_blocks(dialogue).await).unwrap_or_default();
    let exchanges = opened.tally.exchanges();
    let reads: Vec<_> = exchanges.iter().skip(before).filter(|exchange| exchange.header[1] == 0xB0).collect();
    let time = |length: u16| {
        let expected = u8::try_from(length).unwrap_or(0);
        let read = reads.iter().rev().find(|exchange| exchange.expected == Some(expected));
        read.map_or(0, |exchange| exchange.microseconds)
    };
    tried.into_iter().map(|(length, carried)| BlockFact { length, carried, microseconds: time(length) }).collect()
}

/// What another card may be: by its ATR, else by what it answers.
fn guess(opened: &mut Opened) -> Option<OtherCard> {
    let by_radio = opened.atr.as_deref().and_then(doctor::radio_of);
    by_radio.or_else(|| opened.session.run(async |dialogue| doctor::guess(dialogue).await).ok().flatten())
}

/// The service and its readers, watched for a while where no card lies in any.
#[cfg(feature = "pcsc")]
fn readers(watch: Duration) -> (ServiceFact, Vec<doctor::ReaderFact>) {
    use honnin::transport::pcsc::Service;

    let failed = |error| match error {
        ChannelError::NotPermitted => (ServiceFact::NotPermitted, Vec::new()),
        _ => (ServiceFact::Absent, Vec::new()),
    };
    match Service::connect() {
        Ok(service) => match watched(&service, watch) {
            Ok(readers) => (ServiceFact::Running, readers),
            Err(error) => failed(error),
        },
        Err(error) => failed(error),
    }
}

#[cfg(feature = "pcsc")]
fn watched(
    service: &honnin::transport::pcsc::Service,
    watch: Duration,
) -> Result<Vec<doctor::ReaderFact>, ChannelError> {
    use honnin::transport::pcsc::{Reader, SlotState};
    use std::collections::BTreeMap;
    use std::time::Instant;

    /// Between two looks; the service itself looks less often.
    const SLICE: Duration = Duration::from_millis(50);

    let started = Instant::now();
    let mut first: BTreeMap<String, u16> = BTreeMap::new();
    let mut other_radio: BTreeMap<String, bool> = BTreeMap::new();
    loop {
        let readers = service.readers()?;
        for reader in &readers {
            first.entry(reader.name()).or_insert(reader.events);
            if doctor::radio_of(reader.atr.reveal()).is_some() {
                other_radio.insert(reader.name(), true);
            }
        }
        let there = |reader: &Reader| matches!(reader.slot, SlotState::Present | SlotState::Busy);
        if readers.is_empty() || readers.iter().any(there) || started.elapsed() >= watch {
            let fact = |reader: &Reader| doctor::ReaderFact {
                name: reader.name(),
                card_present: there(reader),
                mute: reader.slot == SlotState::Mute,
                held_by_another: reader.slot == SlotState::Busy,
                shared_with_another: reader.in_use,
                changes: first.get(&reader.name()).map_or(0, |first| reader.events.wrapping_sub(*first)).into(),
                other_radio_seen: other_radio.contains_key(&reader.name()),
            };
            return Ok(readers.iter().map(fact).collect());
        }
        std::thread::sleep(SLICE);
    }
}

#[cfg(not(feature = "pcsc"))]
fn readers(_: Duration) -> (ServiceFact, Vec<doctor::ReaderFact>) {
    (ServiceFact::LibraryMissing, Vec::new())
}
