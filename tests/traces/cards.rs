//! The cards behind the corpus: one of each persona, made from a seed, so that anybody can make the same ones.

use super::corpus;
use honnin::authority::{self, Persona};
use honnin::simulator::CardFile;
use honnin::time::UnixTime;
use rsa::rand_core::{CryptoRng, RngCore};
use sha2::{Digest as _, Sha256};
use std::path::PathBuf;

/// When everything in the corpus happens.
pub(crate) const AT: &str = "2026-11-22T03:00:00Z";

pub(crate) fn at() -> UnixTime {
    AT.parse().unwrap()
}

/// SHA-256 of a seed and a counter: for keys that protect nobody.
struct Seeded {
    seed: String,
    counter: u64,
    left: Vec<u8>,
}

impl RngCore for Seeded {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_be_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_be_bytes(bytes)
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        for byte in out {
            if self.left.is_empty() {
                self.left = Sha256::digest(format!("{} {}", self.seed, self.counter)).to_vec();
                self.counter += 1;
            }
            *byte = self.left.pop().unwrap();
        }
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
        self.fill_bytes(out);
        Ok(())
    }
}

impl CryptoRng for Seeded {}

fn place(persona: &str, extension: &str) -> PathBuf {
    corpus().join("cards").join(format!("{persona}.{extension}"))
}

/// The card of this persona.
pub(crate) fn card(persona: &str) -> CardFile {
    let text = std::fs::read_to_string(place(persona, "toml")).unwrap();
    CardFile::parse(&text).unwrap()
}

/// What a client must find on it.
pub(crate) fn facts(persona: &str) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(place(persona, "json")).unwrap()).unwrap()
}

/// The keys that vouch for its data, as `--card-verifiable-keys` takes them.
pub(crate) fn keys(persona: &str) -> Vec<u8> {
    std::fs::read(place(persona, "keys.json")).unwrap()
}

/// Makes the cards that are missing. One takes seconds.
pub(crate) fn make_missing() {
    std::fs::create_dir_all(corpus().join("cards")).unwrap();
    for persona in Persona::ALL {
        let name = persona.name();
        if ["toml", "json", "keys.json"].iter().all(|extension| place(name, extension).exists()) {
            continue;
        }
        let mut rng = Seeded { seed: format!("honnin fixtures/traces {name}"), counter: 0, left: Vec::new() };
        let issued = authority::create(persona, at(), &mut rng).unwrap();
        std::fs::write(place(name, "toml"), issued.card.to_toml().unwrap()).unwrap();
        std::fs::write(place(name, "json"), issued.facts.to_json().unwrap()).unwrap();
        std::fs::write(place(name, "keys.json"), issued.card_verifiable.authority_keys()).unwrap();
    }
}

#[test]
fn every_persona_has_its_card_and_it_says_so() {
    for persona in Persona::ALL {
        let card = card(persona.name());
        assert!(card.persona.synthetic && card.persona.name.as_deref() == Some(persona.name()), "{persona}");
        assert_eq!(facts(persona.name())["persona"], persona.name());
    }
}
