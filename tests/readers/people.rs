//! Cards of synthetic people, each made once.

use honnin::authority::{Persona, create};
use honnin::simulator::{CardFile, SimulatedCard};
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

/// The card of this persona.
pub(crate) fn card(persona: Persona) -> CardFile {
    issued(persona).0
}

/// The keys that vouch for its data, as `--card-verifiable-keys` takes them.
pub(crate) fn keys(persona: Persona) -> String {
    issued(persona).1
}

fn issued(persona: Persona) -> (CardFile, String) {
    static MADE: OnceLock<Mutex<HashMap<&'static str, (CardFile, String)>>> = OnceLock::new();
    let mut made = MADE.get_or_init(Mutex::default).lock().unwrap();
    let issued = made.entry(persona.name()).or_insert_with(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        let now = honnin::time::UnixTime::from_seconds(i64::try_from(now).unwrap());
        let issued = create(persona, now, &mut rand_core::OsRng).unwrap();
        (issued.card, issued.card_verifiable.authority_keys())
    });
    issued.clone()
}

/// Attempts left, read from the card's own data.
pub(crate) fn tries(card: &SimulatedCard, application: &str, pin: u16) -> u8 {
    let found = card.file().applications.iter().find(|it| it.name == application).unwrap();
    found.pins.iter().find(|it| it.id.0 == pin).unwrap().tries
}

/// Attempts left of the holder's three secrets.
pub(crate) fn three(card: &SimulatedCard) -> [u8; 3] {
    [tries(card, "jpki", 0x18), tries(card, "jpki", 0x1B), tries(card, "input support", 0x11)]
}

/// Attempts left of every secret on the card.
pub(crate) fn every(card: &SimulatedCard) -> Vec<u8> {
    card.file().applications.iter().flat_map(|it| it.pins.iter().map(|pin| pin.tries)).collect()
}
